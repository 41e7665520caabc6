"""`invite` and `revoke` at the server itself: whoever may open its folder decides which computers are in."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from app.cli.console import Console
from app.cli.data_folder import default_folder
from app.cli.verbs import Verb
from app.core.errors import NotFound
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from app.journal.workplace import Workplace


@contextmanager
def _practice(arguments: Namespace) -> Iterator[Workplace]:
    """The server's only practice, or the one named; the server may run meanwhile."""
    from app.access.authority import StaffAuthority
    from app.archives.server_folder import practices_of
    from app.devices.settings import SERVER_ADDRESS
    from app.journal.queries import SYSTEM
    from app.journal.workplace import open_workplace
    from sync.server.certificates import ensure_certificates, fingerprint
    from sync.server.enrolment import note_whereabouts, reachable_address
    from sync.server.settings import read_settings

    folder = arguments.data or default_folder()
    found = [path for path in practices_of(folder) if arguments.practice in {"", path.name}]
    if len(found) != 1:
        raise NotFound(N_("practice"), arguments.practice or str(folder))
    settings = read_settings(folder)
    address = reachable_address(settings.host, settings.port, settings.name)
    with open_workplace(found[0], authority=StaffAuthority()) as workplace:
        if not workplace.runner.setting(SYSTEM, SERVER_ADDRESS):  # the server itself says so whenever it starts
            note_whereabouts(workplace.runner, address, fingerprint(ensure_certificates(folder)))
        yield workplace


def _invite_arguments(parser: ArgumentParser) -> None:
    from app.devices.commands import INVITATION_MINUTES

    parser.add_argument("name", metavar="NAME", help=_(N_("the name of the computer that is to join")))
    parser.add_argument("--minutes", type=int, default=INVITATION_MINUTES, help=_(N_("how long the code is good for")))
    _add_practice(parser)


def _add_practice(parser: ArgumentParser) -> None:
    parser.add_argument("--practice", default="", metavar="ID", help=_(N_("which practice, where there are several")))


def _invite(arguments: Namespace, console: Console) -> int:
    from app.devices.commands import invite_device
    from app.journal.queries import SYSTEM

    with _practice(arguments) as workplace:
        code = workplace.runner.run(SYSTEM, invite_device, arguments.name, arguments.minutes)
    console.emit({"name": arguments.name, "code": code, "minutes": arguments.minutes}, lambda: _shown(code, arguments))
    return 0


def _shown(code: str, arguments: Namespace) -> str:
    import io

    import segno

    drawn = io.StringIO()
    segno.make_qr(code, error="m").terminal(out=drawn, compact=True)
    told = _(N_("Good once, for {minutes} minutes:"), minutes=arguments.minutes)
    return "\n".join((told, "", code, "", drawn.getvalue().rstrip()))


def _revoke_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("workstation", metavar="WORKSTATION", help=_(N_("the name or the identifier of the computer")))
    parser.add_argument("--reason", default="", help=_(N_("why; it is kept")))
    _add_practice(parser)


def _revoke(arguments: Namespace, console: Console) -> int:
    from app.devices.commands import revoke_device
    from app.devices.queries import workstations
    from app.journal.queries import SYSTEM

    with _practice(arguments) as workplace:
        runner, wanted = workplace.runner, arguments.workstation
        inside = [line for line in runner.ask(SYSTEM, workstations) if line.revoked_at is None]
        named = [line for line in inside if wanted in {line.workstation_id, line.name}]
        if len(named) != 1:
            raise NotFound(N_("workstation"), wanted)
        runner.run(SYSTEM, revoke_device, named[0].workstation_id, arguments.reason)
    payload: dict[str, Any] = {"device": named[0].workstation_id, "name": named[0].name}
    console.emit(payload, lambda: _(N_("{name} is shut out."), name=named[0].name))
    return 0


VERBS: Final = (
    Verb("invite", N_("Make a code by which one computer joins the practice of this server."), _invite_arguments,
         _invite),
    Verb("revoke", N_("Shut a computer out of the practice of this server."), _revoke_arguments, _revoke),
)  # fmt: skip
