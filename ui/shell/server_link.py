"""How this workstation stands towards its server, for everything on screen: told in the main thread, said in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from app.core.clock import Clock
from app.core.i18n import N_, _
from sync.client.status import FAULT, Link, StatusBoard, SyncStatus
from ui.shell.formats import counted, hour

MUST: Final = {
    "reenrol": N_("The server does not let this workstation in. It has to be enrolled again."),
    "revoked": N_("This workstation was shut out of the practice. What it wrote was handed over."),
    "upgrade": N_("The server no longer understands this version. Update Archwire on this workstation."),
    FAULT: N_(
        "This computer cannot keep what the server sends: is its disk full, or its folder read-only? It tries again by"
        " itself, and nothing is lost."
    ),
    "bootstrap": N_("This workstation must begin again from a copy of the server’s data."),
}
CLOCK_WRONG: Final = N_("The clock of this computer is wrong. Set it; until then the server’s is used.")


class ServerLink(QObject):
    """Lives in the main thread; the synchronisation tells it from a thread of its own."""

    changed = Signal(object)
    _came = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.status = SyncStatus()
        self._retry: Callable[[], None] = lambda: None
        self.set_up: Callable[[], None] | None = None
        """Makes this computer the practice's server; blocks. None where there is a server already."""
        self._came.connect(self._take)

    def follow(self, board: StatusBoard, retry: Callable[[], None]) -> Callable[[], None]:
        """Show what this board says from now on; `retry` is what “try now” does. Returns what stops it."""
        self._retry = retry
        stop = board.subscribe(self._came.emit)
        self._came.emit(board.status)
        return stop

    def retry_now(self) -> None:
        """The person asks to try again at once."""
        self._retry()

    @Slot(object)
    def _take(self, status: SyncStatus) -> None:
        self.status = status
        self.changed.emit(status)


@dataclass(frozen=True, slots=True)
class Said:
    """A status in words: the pill's, the line's, its severity and shape."""

    severity: str
    icon: str
    short: str
    line: str


def said(status: SyncStatus, clock: Clock) -> Said:
    """What the pill and the line at the foot say. What people must decide comes before all else."""
    if status.link is Link.NONE:
        line = _(N_("This workstation only: no server is set up. Everything is saved here."))
        return Said("info", "desktop", _(N_("This workstation alone")), line)
    if status.link is Link.STOPPED:
        line = _(MUST.get(status.must, MUST["reenrol"]))
        since = _(N_("Stopped since {hour}"), hour=hour(status.since, clock)) if status.since else _(N_("Stopped"))
        return Said("danger", "cloud-warning", since, line)
    made = _offline(status, clock) if status.link is Link.OFFLINE else _joined(status, clock)
    if status.is_clock_wrong:
        made = Said("warn", made.icon, made.short, f"{made.line} {_(CLOCK_WRONG)}")
    if not status.attention:
        return made
    count = counted(N_("{n} needs attention"), N_("{n} need attention"), status.attention)
    return Said("danger", "git-merge", count, f"{count}. {made.line}")


def _offline(status: SyncStatus, clock: Clock) -> Said:
    if status.since is None:
        return Said("warn", "cloud-slash", _(N_("Offline")), _(N_("Offline. Everything is saved on this workstation.")))
    since = hour(status.since, clock)
    line = _(N_("Offline since {hour}. Everything is saved on this workstation."), hour=since)
    short = _(N_("Offline since {hour}"), hour=since)
    if status.to_send:
        line += f" {_waiting(status.to_send)}."
    return Said("warn", "cloud-slash", short, line)


def _joined(status: SyncStatus, clock: Clock) -> Said:
    if status.link is Link.CONNECTING or status.last_contact is None:
        line = _(N_("Looking for the server. Everything is saved on this workstation."))
        return Said("info", "cloud-arrow-up", _(N_("Connecting")), line)
    if status.to_send:
        return Said("info", "cloud-arrow-up", _(N_("Sending")), f"{_waiting(status.to_send)}.")
    if status.to_receive:
        count = counted(N_("{n} change to receive"), N_("{n} changes to receive"), status.to_receive)
        return Said("info", "cloud-arrow-down", _(N_("Receiving")), f"{count}.")
    line = _(N_("In step with the server since {hour}."), hour=hour(status.since or status.last_contact, clock))
    return Said("ok", "cloud-check", _(N_("In step")), line)


def _waiting(count: int) -> str:
    return counted(N_("{n} operation waits to be sent"), N_("{n} operations wait to be sent"), count)
