"""The verbs of the DICOM network. What they need is imported when one runs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any, Final

from app.cli.console import Console
from app.cli.session import add_actor, named_actor, opened
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


def _archives_arguments(parser: ArgumentParser) -> None:
    add_actor(parser)
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    what.add_parser("probe", help=_(N_("try what each archive can do")))
    finding = what.add_parser("find", help=_(N_("look for studies in all archives")))
    finding.add_argument("--patient-name", default="", metavar="NAME", help=_(N_("a name, with wildcards")))
    finding.add_argument("--patient-number", default="", metavar="NUMBER", help=_(N_("a file number")))
    finding.add_argument("--days", default="", metavar="YYYYMMDD-YYYYMMDD", help=_(N_("a day, or days")))
    finding.add_argument("--seconds", type=float, default=10.0, help=_(N_("how long to wait for each archive")))
    moving = what.add_parser("move", help=_(N_("bring a study from one archive to another")))
    moving.add_argument("study", metavar="UID", help=_(N_("its Study Instance UID")))
    moving.add_argument("--from", dest="source", metavar="NAME", required=True, help=_(N_("the archive that has it")))
    moving.add_argument("--to", metavar="NAME", required=True, help=_(N_("the archive that is to have it")))


def _archives(arguments: Namespace, console: Console) -> int:
    """Exit 0 when every archive answered and everything is where it should be, 6 otherwise."""
    from sync.dicom.logs import silence_libraries

    silence_libraries()
    from sync.dicom import archive_verbs

    verbs = {"probe": archive_verbs.probed, "find": archive_verbs.found, "move": archive_verbs.moved}
    with opened(arguments, console) as workplace:
        return verbs[arguments.what](workplace, named_actor(workplace, arguments), arguments, console)


ARCHIVES_HELP: Final = N_("Try archives, look for studies in all of them, move between them.")
VERBS: Final = (
    Verb("gateway", N_("Serve imaging devices over the DICOM network."), _gateway_arguments, _gateway),
    Verb("archives", ARCHIVES_HELP, _archives_arguments, _archives),
)
