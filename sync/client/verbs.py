"""The verb of the workstation's side: bring this folder in step with its server now."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any, Final

from app.cli.absent import Absent
from app.cli.console import Console
from app.cli.plain import plain
from app.cli.session import folder_of, opened
from app.cli.verbs import Verb
from app.core.errors import ClinicError, Unreachable
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from sync.client.once import Outcome

WAIT_SECONDS: Final = 120.0


class ShutOut(ClinicError):
    """The server does not let this workstation in."""

    exit_code = 4


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--wait", action="store_true", help=_(N_("wait for a server that does not answer yet")))
    parser.add_argument(
        "--timeout", type=float, default=WAIT_SECONDS, metavar="SECONDS", help=_(N_("how long to try, at most"))
    )


def _sync(arguments: Namespace, console: Console) -> int:
    """Exit 0 when nothing waits any more, 4 when shut out, 6 when the server does not answer, 3 otherwise."""
    from sync.client.connection import device_key, read_connection
    from sync.client.files_service import FilesService
    from sync.client.once import synchronise
    from sync.client.wiping import WorkstationRevoked, wipe
    from sync.protocol.messages import Must

    with opened(arguments, console) as workplace:
        connection = read_connection(workplace.folder)
        if connection is None:
            raise Absent(N_("This workstation has no server."))
        key = device_key(workplace.folder)
        outcome = synchronise(
            workplace.runner, connection, key, arguments.timeout, patient=bool(arguments.wait)
        )  # fmt: skip
        files = FilesService(workplace.runner, connection, key).send_all() if outcome.done else 0
    if outcome.must == Must.REVOKED:
        wipe(folder_of(arguments))
        raise WorkstationRevoked()
    payload: dict[str, Any] = plain(outcome) | {"files_waiting": files}
    if not outcome.done:
        raise _failure(outcome)
    said = _(
        N_("In step with the server: {sent} sent, {received} received."), sent=outcome.sent, received=outcome.received
    )
    if outcome.attention:
        said += " " + _(N_("{count} need attention."), count=outcome.attention)
    console.emit(payload, said)
    return 0


def _failure(outcome: Outcome) -> ClinicError:
    if outcome.must == "reenrol":
        return ShutOut(N_("The server does not let this workstation in. It has to be enrolled again."))
    if outcome.must == "upgrade":
        return ClinicError(N_("The server no longer understands this version. Update Archwire on this workstation."))
    if outcome.must == "bootstrap":
        return ClinicError(N_("This workstation must begin again from a copy of the server’s data."))
    return Unreachable(
        N_("The server does not answer. {count} operations wait; nothing is lost."), count=outcome.waiting
    )


VERBS: Final = (Verb("sync", N_("Bring this folder in step with its server now."), _arguments, _sync),)
