"""How this workstation stands towards its server, for whoever shows it. The only door of `sync` for screens."""

from __future__ import annotations

import enum
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

CLOCK_WARNING_MILLIS: Final = 60_000
"""A computer's clock that is further from the server's than this should be set."""
FAULT: Final = "fault"
"""What the server says cannot be kept here; it is tried again by itself."""
_log = logging.getLogger("archwire.sync")


class Link(enum.StrEnum):
    """How the line to the server is."""

    NONE = "none"
    """No server is set up: everything is on this workstation, and that is all there is."""
    CONNECTING = "connecting"
    LIVE = "live"
    OFFLINE = "offline"
    STOPPED = "stopped"
    """A person or a snapshot is needed: `SyncStatus.must` says what for."""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """One moment. `since` is since when the link is so; `to_send` counts own operations that no answer has come for.

    `to_receive` counts sequences of the server that are not applied here; `attention` what people must decide: refused
    operations and open conflicts. `must` is a word of the protocol (`reenrol`, `bootstrap`, `upgrade`, `repush`), or
    `FAULT`.
    `clock_ahead_millis` is how far this computer's clock runs ahead of the server's (negative: behind).
    """

    link: Link = Link.NONE
    since: datetime | None = None
    to_send: int = 0
    to_receive: int = 0
    last_contact: datetime | None = None
    attention: int = 0
    must: str = ""
    server: str = ""
    clock_ahead_millis: int = 0

    @property
    def is_clock_wrong(self) -> bool:
        """Whether the person should set this computer's clock."""
        return abs(self.clock_ahead_millis) > CLOCK_WARNING_MILLIS

    @property
    def is_done(self) -> bool:
        """Whether nothing waits in either direction."""
        return self.link is Link.LIVE and not self.to_send and not self.to_receive


@dataclass(slots=True)
class StatusBoard:
    """The status of now; listeners are told each change of it, on the thread that made it."""

    _status: SyncStatus = field(default_factory=SyncStatus)
    _listeners: list[Callable[[SyncStatus], None]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def status(self) -> SyncStatus:
        """The status of now."""
        return self._status

    def subscribe(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Be told each change; returns what stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def publish(self, status: SyncStatus) -> None:
        """Say how it is now; nothing happens when that is how it was."""
        if status == self._status:
            return
        with self._changed:
            self._status = status
            self._changed.notify_all()
        for listener in tuple(self._listeners):
            try:
                listener(status)
            except Exception as error:  # a screen that fails must not stop the synchronisation
                _log.error("a listener failed: %s", type(error).__name__)

    def wait(self, until: Callable[[SyncStatus], bool], seconds: float) -> bool:
        """Wait until the status is so; False when it was not within `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: until(self._status), seconds)
