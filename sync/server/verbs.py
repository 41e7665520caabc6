"""The verbs of the server: run it, and set one up."""

from __future__ import annotations

import platform
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from app.cli.absent import Absent
from app.cli.console import Console
from app.cli.session import opened
from app.cli.verbs import Verb
from app.core.i18n import N_, _


def _server_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", help=_(N_("the address to listen on; all of them unless given")))
    parser.add_argument("--port", type=int, help=_(N_("the port to listen on; 0 for any that is free")))
    parser.add_argument("--with-parent", action="store_true", help=_(N_("end when the standard input ends")))
    parser.add_argument("--quiet", action="store_true", help=_(N_("log only what is out of the ordinary")))
    parser.add_argument("--no-announcement", action="store_true", help=_(N_("do not announce it on the network")))
    apart = _(N_("leave the DICOM gateway to a process of its own"))
    parser.add_argument("--no-gateway", action="store_true", help=apart)
    parser.add_argument("--openapi", action="store_true", help=_(N_("only print the description of the routes")))


def _server(arguments: Namespace, console: Console) -> int:
    """Serve until the process is told to stop; the first line says where, once it listens."""
    from app.archives.server_folder import SETTINGS_FILE
    from app.cli.data_folder import default_folder
    from sync.server.http.openapi import description
    from sync.server.process import serve
    from sync.server.settings import read_settings

    if arguments.openapi:
        console.emit(description())
        return 0
    folder: Path = arguments.data or default_folder()
    if not (folder / SETTINGS_FILE).exists():
        raise Absent(N_("There is no server in the folder {path}. “host” sets one up."), path=str(folder))
    settings = read_settings(folder)
    settings.host = arguments.host or settings.host
    settings.port = settings.port if arguments.port is None else arguments.port
    settings.gateway = settings.gateway and not arguments.no_gateway
    settings.announced = settings.announced and not arguments.no_announcement

    def listening(port: int) -> None:
        said = _(N_("The server listens on port {port}."), port=port)
        print(f'{{"port": {port}}}' if console.as_json else said, file=console.out, flush=True)

    serve(folder, settings, listening, with_parent=arguments.with_parent, quiet=arguments.quiet)
    return 0


def _host_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--server", type=Path, help=_(N_("its folder; within the workstation’s own unless given")))
    parser.add_argument("--port", type=int, default=0, help=_(N_("the port it will listen on")))


def _host(arguments: Namespace, console: Console) -> int:
    from sync.server.certificates import fingerprint
    from sync.server.founding import found_server

    with opened(arguments, console) as workplace:
        name = platform.node().split(".")[0]
        made = found_server(workplace, name, arguments.server, arguments.port)
    payload = {
        "folder": str(made.folder), "practice": made.practice, "port": made.port,
        "fingerprint": fingerprint(made.authority),
    }  # fmt: skip
    console.emit(payload, _(N_("The server of this practice stands in {folder}."), folder=str(made.folder)))
    return 0


VERBS: Final = (
    Verb("server", N_("Run the practice’s server."), _server_arguments, _server),
    Verb("host", N_("Set up the practice’s server on this computer."), _host_arguments, _host),
)
