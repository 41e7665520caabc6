"""What two workstations wrote apart and people must decide: found on the server, in the transaction that takes it in.

A detector accepts the write and opens a conflict; it never drops or moves anything. Slices declare theirs::

    @detector("double_booking", of=(Appointment,))
    def overlapping(read: Reading, arrived: Arrived) -> Iterable[Finding]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from app.core.ids import derived_id
from app.journal.model import Conflict, ConflictState
from app.journal.queries import Reading
from app.journal.records import REGISTRY, Merge, Record
from app.journal.transaction import Transaction


class Arrived(msgspec.Struct, frozen=True):
    """One change of an operation from elsewhere: what its author saw and wrote, and what stood here before it.

    `here` has the columns that it writes; `before` and `here` differ where somebody else wrote in between. Values are
    as stored.
    """

    operation: str
    device: str
    actor: str | None
    hlc: int
    table: str
    key: str
    kind: str
    subject: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    here: Mapping[str, Any] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A conflict that should be open. `parties` make its id: the same two writes are one conflict, found twice."""

    kind: str
    table: str
    row_id: str
    subject: str | None
    parties: tuple[str, ...]
    details: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The conflict's id, equal wherever it is found."""
        return finding_id(self.kind, self.parties)


def finding_id(kind: str, parties: Iterable[str]) -> str:
    """The id of the conflict of these parties, in whichever order they are named."""
    return derived_id("conflict", kind, *sorted(parties))


Detect: TypeAlias = Callable[[Reading, Arrived], Iterable[Finding]]
DETECTORS: dict[str, tuple[frozenset[str], Detect]] = {}
SENSITIVE = "concurrent_edit"


def detector(name: str, *, of: tuple[type[Record], ...]) -> Callable[[Detect], Detect]:
    """Declare a detector over the changes of these records."""

    def register(detect: Detect) -> Detect:
        if name in DETECTORS:
            raise ValueError(f"detector {name} is declared twice")
        DETECTORS[name] = (frozenset(record.__tablename__ for record in of), detect)
        return detect

    return register


def watched_tables() -> frozenset[str]:
    """The tables of which a slice's detector looks at changes; for one of these it may read projections."""
    return frozenset().union(*(tables for tables, _detect in DETECTORS.values()))


def detect_all(read: Reading, arrived: Arrived) -> list[Finding]:
    """What every detector of this change's table finds, the concurrent edit of a sensitive field included."""
    found = list(_concurrent_edit(arrived))
    for tables, detect in DETECTORS.values():
        if arrived.table in tables:
            found += detect(read, arrived)
    return found


def _concurrent_edit(arrived: Arrived) -> Iterable[Finding]:
    """Two people changed one sensitive field, neither knowing of the other; the later clock stands meanwhile."""
    row = REGISTRY.get(arrived.table)
    if row is None or row.merge is not Merge.FIELD or arrived.kind != "upd":
        return
    for name in row.sensitive:
        if name not in arrived.after or name not in arrived.here:
            continue
        base, mine, theirs = arrived.before.get(name), arrived.after[name], arrived.here[name]
        if theirs not in (base, mine):
            parties = (arrived.table, arrived.key, name, arrived.operation)
            details = {
                "column": name, "base": base, "mine": mine, "theirs": theirs, "operation": arrived.operation,
                "device": arrived.device, "actor": arrived.actor,
            }  # fmt: skip
            yield Finding(SENSITIVE, arrived.table, arrived.key, arrived.subject, parties, details)


def open_conflicts(tx: Transaction, findings: Iterable[Finding]) -> int:
    """Write down what was found and is not known yet, or was settled and is there again; returns how many."""
    opened = 0
    for finding in findings:
        known = tx.find(Conflict, finding.id)
        if known is None:
            tx.add(
                Conflict(
                    id=finding.id, kind=finding.kind, table_name=finding.table, row_id=finding.row_id,
                    subject=finding.subject, details=dict(finding.details), state=ConflictState.OPEN,
                    opened_at=tx.now,
                )
            )  # fmt: skip
        elif known.state is ConflictState.RESOLVED and finding.kind != SENSITIVE:
            known.state, known.opened_at = ConflictState.OPEN, tx.now
            known.resolution = known.resolved_by = known.resolved_at = None
        else:
            continue
        opened += 1
    return opened
