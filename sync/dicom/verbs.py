"""The verbs of the DICOM network. What they need is imported when one runs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any, Final

from app.cli.console import Console
from app.cli.session import opened
from app.cli.verbs import Verb
from app.core.i18n import N_, _


def _gateway_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", help=_(N_("the address to listen on, instead of the setting")))
    parser.add_argument("--port", type=int, help=_(N_("the port to listen on; 0 for any that is free")))
    parser.add_argument("--tls-port", type=int, help=_(N_("the port with TLS; 0 for any that is free")))
    parser.add_argument("--quiet", action="store_true", help=_(N_("log only what is out of the ordinary")))


def _gateway(arguments: Namespace, console: Console) -> int:
    """Serve devices until the process is told to stop; the first line says where, once it listens."""
    from sync.dicom.logs import silence_libraries, write_logs

    silence_libraries()
    write_logs(quiet=arguments.quiet)
    from sync.dicom.process import Chosen, serve

    def listening(doors: list[Any]) -> None:
        ports = {("tls_port" if door.tls else "port"): door.port for door in doors}
        title = doors[0].settings.ae_title if doors else ""
        said = _(N_("{title} listens on port {port}."), title=title, port=next(iter(ports.values()), 0))
        text = "{" + ", ".join(f'"{name}": {port}' for name, port in ports.items()) + "}"
        print(text if console.as_json else said, file=console.out, flush=True)

    with opened(arguments, console) as workplace:
        serve(workplace, Chosen(arguments.host, arguments.port, arguments.tls_port), listening)
    return 0


VERBS: Final = (Verb("gateway", N_("Serve imaging devices over the DICOM network."), _gateway_arguments, _gateway),)
