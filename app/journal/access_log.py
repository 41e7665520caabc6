"""Who looked: reads of a chart, refusals, sign-ins. Append-only, with a hash chain of its own, written in batches."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.journal.chain import GENESIS, access_link

LONGEST_WAIT: Final = 1.0
"""Seconds that an entry waits at most."""


@dataclass(frozen=True, slots=True)
class Access:
    """One entry. `kind` is open, export, print, wall, refused, sign_in…; `detail` never holds patient data."""

    at: int
    actor: str | None
    session: str | None
    kind: str
    subject: str | None = None
    detail: str | None = None


@dataclass(slots=True)
class WaitingAccesses:
    """Entries that nobody waits for: noted from any thread, written together by the writer."""

    _entries: list[Access] = field(default_factory=list)
    _since: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, entry: Access) -> None:
        """Keep an entry until it is written."""
        with self._lock:
            if not self._entries:
                self._since = time.monotonic()
            self._entries.append(entry)

    @property
    def overdue(self) -> bool:
        """Whether one has waited too long while the writer had other work."""
        return bool(self._entries) and time.monotonic() - self._since > LONGEST_WAIT

    def take(self) -> list[Access]:
        """All of them, to be written now; `give_back` when that fails."""
        with self._lock:
            taken, self._entries = self._entries, []
        return taken

    def give_back(self, entries: list[Access]) -> None:
        """They could not be written: they stand before what was noted meanwhile."""
        with self._lock:
            self._entries = entries + self._entries


def append(run: Any, device: str, entries: Sequence[Access]) -> None:
    """Write entries at the end of the chain, inside an open write transaction."""
    row = run.execute("SELECT n, hash FROM access_log ORDER BY n DESC LIMIT 1").fetchone()
    n, previous = row or (0, GENESIS)
    rows = []
    for entry in entries:
        n += 1
        fields = (n, entry.at, device, entry.actor, entry.session, entry.kind, entry.subject, entry.detail)
        previous = access_link(previous, fields)
        rows.append((*fields, previous))
    run.executemany("INSERT INTO access_log VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def first_bad_entry(run: Any) -> int | None:
    """The number of the first entry that does not follow from the one before; None when all do."""
    previous = GENESIS
    query = "SELECT n, at, device, actor, session, kind, subject, detail, hash FROM access_log ORDER BY n"
    for expected, (*fields, found) in enumerate(run.execute(query), start=1):
        previous = access_link(previous, fields)
        if fields[0] != expected or previous != found:
            return expected
    return None
