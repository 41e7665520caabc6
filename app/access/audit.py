"""Reading the journal as an audit trail, and the access log: newest first, by pages that stay put while work goes on.

Health information Act (R-22.1): who saw, used or changed a person's information, when, and what they did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from app.access.authority import names_of
from app.access.permissions import READ_SENSITIVE_CHANGES
from app.access.shown import shown_value
from app.core.clock import HLC_COUNTER_BITS, Clock, from_millis, hlc_instant, to_millis
from app.core.errors import NotFound
from app.core.i18n import N_
from app.journal.commands import COMMANDS
from app.journal.queries import Reading
from app.journal.records import REGISTRY
from app.journal.undo import is_undone

PAGE: Final = 100
PAGE_MAXIMUM: Final = 500
MASKED: Final = "•••"

OPERATION_LABELS: Final[dict[str, str]] = {
    "raw_write": N_("Write outside the application"),
    "undo": N_("Undo"),
    "erase_subject": N_("Erase a person’s data"),
}
"""Operations that are no command."""
ORIGIN_LABELS: Final[dict[str, str]] = {
    "here": N_("This workstation"),
    "remote": N_("Another workstation"),
    "raw": N_("Outside the application"),
    "erasure": N_("Erasure"),
}
ACCESS_LABELS: Final[dict[str, str]] = {
    "sign_in": N_("Signed in"),
    "sign_in_failed": N_("Sign-in failed"),
    "sign_out": N_("Signed out"),
    "backup": N_("Backed up"),
    "lock": N_("Screen locked"),
    "unlock": N_("Screen unlocked"),
    "unlock_failed": N_("Unlocking failed"),
    "pin_failed": N_("Wrong PIN"),
    "pin_set": N_("PIN set"),
    "pin_removed": N_("PIN removed"),
    "confirm": N_("Identity confirmed"),
    "confirm_failed": N_("Identity not confirmed"),
    "delay_lifted": N_("Sign-in delay lifted"),
    "refused": N_("Refused"),
    "open": N_("Opened"),
    "print": N_("Printed"),
    "export": N_("Exported"),
    "search": N_("Searched elsewhere"),
    "wall": N_("Shown on the wall"),
    "erased": N_("Erased"),
    "setting_changed": N_("Workstation setting changed"),
    "raw_write": N_("Written outside the application"),
    "capture_repaired": N_("Capture repaired"),
    "discarded": N_("Discarded"),
}


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which operations. `actor` is a staff id, `command` a name; days are the clinic's, both ends included."""

    from_day: date | None = None
    to_day: date | None = None
    actor: str = ""
    command: str = ""
    subject: str = ""
    table: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One operation. `label` is a msgid; `n` is its place in this workstation's journal, the key of the next page."""

    n: int
    operation_id: str
    at: datetime
    command: str
    label: str
    actor_id: str
    actor_name: str
    session: str
    device: str
    origin: str
    group_id: str
    reason: str
    undoes: str
    is_undone: bool
    inserted: int
    updated: int
    deleted: int
    erased: int
    tables: tuple[str, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Lines, newest first; `next_before` continues, None when there is no more."""

    lines: tuple[AuditLine, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column before and after, as people read it; None where there was no value."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One row that an operation wrote. `is_readable` is False once the person's data has been erased."""

    table: str
    row_id: str
    subject: str
    kind: str
    is_readable: bool
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class OperationDetail:
    """One operation with what it was given and all that it changed."""

    line: AuditLine
    arguments: tuple[tuple[str, str], ...]
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Which entries of the access log; empty means all."""

    from_day: date | None = None
    to_day: date | None = None
    actor: str = ""
    kind: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One entry of the access log. `label` is a msgid."""

    n: int
    at: datetime
    kind: str
    label: str
    actor_id: str
    actor_name: str
    session: str
    device: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Entries, newest first; `next_before` continues, None when there is no more."""

    lines: tuple[AccessLine, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One person's dealings with one patient's information."""

    actor_id: str
    actor_name: str
    reads: int
    changes: int
    first_at: datetime
    last_at: datetime


def millis_of_days(clock: Clock, first: date | None, last: date | None) -> tuple[int | None, int | None]:
    """The half-open span of milliseconds of whole clinic days."""

    def start(day: date) -> int:
        return to_millis(datetime.combine(day, time(), clock.zone))

    return (start(first) if first else None, start(last + timedelta(days=1)) if last else None)


def read_audit(read: Reading, chosen: AuditFilter, before: int | None = None, limit: int = PAGE) -> AuditPage:
    """A page of operations."""
    size = max(1, min(limit, PAGE_MAXIMUM))
    where, values = _audit_conditions(read, chosen, before)
    found = read.sql(
        "SELECT n, id, hlc, command, actor, session, device, origin, grp, reason, undoes FROM operation o"
        f" WHERE {' AND '.join(where)} ORDER BY n DESC LIMIT :size",
        size=size + 1,
        **values,
    )
    page = found[:size]
    return AuditPage(_audit_lines(read, page), page[-1].n if len(found) > size else None)


def _audit_conditions(read: Reading, chosen: AuditFilter, before: int | None) -> tuple[list[str], dict[str, Any]]:
    start, end = millis_of_days(read.clock, chosen.from_day, chosen.to_day)
    change = "EXISTS(SELECT 1 FROM change c WHERE c.operation = o.n AND {})"
    # A subject has few changes among many: their operations are looked up once, not one operation at a time.
    about = "o.n IN (SELECT operation FROM change WHERE subject = :subject)"
    options: list[tuple[str, str, Any]] = [
        ("o.n < :before", "before", before),
        ("o.hlc >= :start", "start", None if start is None else start << HLC_COUNTER_BITS),
        ("o.hlc < :end", "end", None if end is None else end << HLC_COUNTER_BITS),
        ("o.actor = :who", "who", chosen.actor or None),
        ("o.command = :action", "action", chosen.command or None),
        ("o.origin = :origin", "origin", chosen.origin or None),
        (change.format("c.tbl = :table"), "table", chosen.table or None),
        (about, "subject", chosen.subject or None),
    ]
    used = [(clause, name, value) for clause, name, value in options if value is not None]
    return ["o.hash IS NOT NULL", *(item[0] for item in used)], {name: value for _clause, name, value in used}


def _audit_lines(read: Reading, page: Sequence[Any]) -> tuple[AuditLine, ...]:
    names = names_of(read, (row.actor for row in page if row.actor))
    written = _written(read, [row.n for row in page])
    return tuple(
        AuditLine(
            row.n, row.id, hlc_instant(row.hlc), row.command, _operation_label(row.command), row.actor or "",
            names.get(row.actor, ""), row.session or "", row.device, row.origin, row.grp or "", row.reason or "",
            row.undoes or "", is_undone(read.connection.connection.driver_connection, row.id),
            written[row.n].kinds["ins"], written[row.n].kinds["upd"], written[row.n].kinds["del"],
            written[row.n].kinds["era"], tuple(sorted(written[row.n].tables)), tuple(sorted(written[row.n].subjects)),
        )
        for row in page
    )  # fmt: skip


def _operation_label(command: str) -> str:
    return COMMANDS[command].label if command in COMMANDS else OPERATION_LABELS.get(command, command)


class _Written:
    """What one operation wrote, counted."""

    def __init__(self) -> None:
        self.kinds: dict[str, int] = defaultdict(int)
        self.tables: set[str] = set()
        self.subjects: set[str] = set()


def _written(read: Reading, numbers: Sequence[int]) -> dict[int, _Written]:
    found: dict[int, _Written] = {n: _Written() for n in numbers}
    if not numbers:
        return found
    # The numbers are the database's own integers.
    rows = read.sql(
        "SELECT operation, tbl, kind, subject, count(*) AS times FROM change"
        f" WHERE operation IN ({','.join(map(str, numbers))}) GROUP BY operation, tbl, kind, subject"
    )
    for row in rows:
        entry = found[row.operation]
        entry.kinds[row.kind] += row.times
        entry.tables.add(row.tbl)
        entry.subjects |= {row.subject} if row.subject else set()
    return found


def read_operation(read: Reading, operation_id: str) -> OperationDetail:
    """One operation, before and after; sensitive columns only for who may see them."""
    found = read.sql(
        "SELECT n, id, hlc, command, actor, session, device, origin, grp, reason, undoes, arguments FROM operation"
        " WHERE id = :id AND hash IS NOT NULL",
        id=operation_id,
    )
    if not found:
        raise NotFound(N_("operation"), operation_id)
    row = found[0]
    changes = read.sql("SELECT tbl, pk, subject, kind, delta FROM change WHERE operation = :n ORDER BY n", n=row.n)
    given = msgspec.json.decode(row.arguments) if row.arguments else {}
    return OperationDetail(
        _audit_lines(read, [row])[0],
        tuple((name, value if isinstance(value, str) else msgspec.json.encode(value).decode())
              for name, value in given.items()),
        tuple(_change_line(read, change) for change in changes),
    )  # fmt: skip


def _change_line(read: Reading, change: Any) -> ChangeLine:
    delta = msgspec.json.decode(change.delta) if change.delta else {}
    hidden: Iterable[str] = ()
    if change.tbl in REGISTRY and not read.may(READ_SENSITIVE_CHANGES):
        hidden = REGISTRY[change.tbl].sensitive
    fields = tuple(
        FieldChange(name, *(_shown(read, change.tbl, name, value, name in hidden) for value in pair))
        for name, pair in sorted(delta.items())
    )
    return ChangeLine(change.tbl, change.pk, change.subject or "", change.kind, change.delta is not None, fields)


def _shown(read: Reading, table: str, column: str, value: Any, hidden: bool) -> str | None:
    if value is None:
        return None
    return MASKED if hidden else shown_value(read.clock, table, column, value)


def read_access(read: Reading, chosen: AccessFilter, before: int | None = None, limit: int = PAGE) -> AccessPage:
    """A page of the access log."""
    size = max(1, min(limit, PAGE_MAXIMUM))
    start, end = millis_of_days(read.clock, chosen.from_day, chosen.to_day)
    options: list[tuple[str, str, Any]] = [
        ("n < :before", "before", before),
        ("at >= :start", "start", start),
        ("at < :end", "end", end),
        ("actor = :who", "who", chosen.actor or None),
        ("kind = :kind", "kind", chosen.kind or None),
        ("subject = :subject", "subject", chosen.subject or None),
    ]
    used = [(clause, name, value) for clause, name, value in options if value is not None]
    where = " AND ".join(["n > 0", *(item[0] for item in used)])
    found = read.sql(
        "SELECT n, at, device, actor, session, kind, subject, detail FROM access_log"
        f" WHERE {where} ORDER BY n DESC LIMIT :size",
        size=size + 1,
        **{name: value for _clause, name, value in used},
    )
    page = found[:size]
    names = names_of(read, (row.actor for row in page if row.actor))
    lines = tuple(
        AccessLine(
            row.n, from_millis(row.at), row.kind, ACCESS_LABELS.get(row.kind, row.kind), row.actor or "",
            names.get(row.actor, ""), row.session or "", row.device, row.subject or "", row.detail or "",
        )
        for row in page
    )  # fmt: skip
    return AccessPage(lines, page[-1].n if len(found) > size else None)


def read_who_saw(read: Reading, subject: str) -> tuple[Seen, ...]:
    """Everybody who read or changed one patient's information, the latest first; refusals are not reads."""
    found = read.sql(
        "SELECT actor, sum(reads) AS reads, sum(changes) AS changes, min(at) AS first_at, max(at) AS last_at FROM ("
        " SELECT actor, 1 AS reads, 0 AS changes, at FROM access_log WHERE subject = :subject AND kind <> 'refused'"
        " UNION ALL SELECT actor, 0, 1, hlc >> :bits FROM operation"
        " WHERE hash IS NOT NULL AND n IN (SELECT operation FROM change WHERE subject = :subject))"
        " GROUP BY actor ORDER BY last_at DESC",
        subject=subject,
        bits=HLC_COUNTER_BITS,
    )
    names = names_of(read, (row.actor for row in found if row.actor))
    return tuple(
        Seen(
            row.actor or "", names.get(row.actor, ""), row.reads, row.changes, from_millis(row.first_at),
            from_millis(row.last_at),
        )
        for row in found
    )  # fmt: skip
