"""Who looked: reads of a chart, refusals, sign-ins. Append-only, with a hash chain of its own, written in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.journal.chain import GENESIS, access_link


@dataclass(frozen=True, slots=True)
class Access:
    """One entry. `kind` is open, export, print, wall, refused, sign_in…; `detail` never holds patient data."""

    at: int
    actor: str | None
    session: str | None
    kind: str
    subject: str | None = None
    detail: str | None = None


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
