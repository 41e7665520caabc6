"""Verification without a write lock: triggers, chain, anchors, replay of every change, projections, files.

Sealed operations do not change, so that the chain is read in short transactions by ranges of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import msgspec
from sqlcipher3.dbapi2 import DatabaseError

from app.journal import access_log
from app.journal.anchors import Anchor, holds_access, holds_operation
from app.journal.capture import PRUNING, check_capture, expected_triggers
from app.journal.chain import GENESIS, argument_commitment, change_commitment, link_fields
from app.journal.changes import change_set
from app.journal.copies import FILE_COLUMN
from app.journal.erasure import ERASE_COMMAND, subject_erased
from app.journal.operations import fetch, own_devices, read_head, unadopted
from app.journal.projections import PROJECTIONS
from app.journal.queries import Reading
from app.journal.records import REGISTRY, Registered

RANGE: Final = 200
"""Operations that are read at once: each holds up to 400 changes, of about a kilobyte in memory."""
_OPERATIONS: Final = (
    "SELECT n, id, origin, device, number, command, actor, session, hlc, schema, undoes, grp, arguments, reason, salt,"
    " commitments, hash FROM operation WHERE n > ? AND n <= ? ORDER BY n"
)
_CHANGES: Final = (
    "SELECT operation, tbl, pk, subject, kind, delta, salt, n FROM change WHERE operation > ? AND operation <= ?"
    " ORDER BY operation, n"
)

_GUARDED: Final = re.compile(r"\bON (\w+)")
"""The table in the text of one of our triggers."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: what kind, where (a table, or an operation's number), and what."""

    kind: str
    where: str
    detail: str


@dataclass(slots=True)
class Report:
    """What verification saw. `sound` is true when there is no problem; unadopted writes are not one."""

    problems: list[Problem] = field(default_factory=list)
    operations: int = 0
    changes: int = 0
    raw_operations: int = 0
    unadopted: int = 0
    erased: int = 0
    rows: int = 0
    accesses: int = 0
    anchored: bool = False

    @property
    def sound(self) -> bool:
        """Whether everything is as it was written."""
        return not self.problems

    def add(self, kind: str, where: object, detail: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(kind, str(where), detail))


@dataclass(slots=True)
class _Erasures:
    """Which subjects were erased by which operation, and which gaps still need an explanation."""

    subjects: dict[str, int] = field(default_factory=dict)
    gaps: list[tuple[int, int, str | None, str, str]] = field(default_factory=list)
    texts: dict[int, set[str | None]] = field(default_factory=dict)


def verify_chain(run: Any, report: Report, device: str) -> None:
    """Check every sealed operation against its commitments, its changes and the one before it."""
    chains = dict.fromkeys((*own_devices(run), device), (GENESIS, 0))
    erasures, stop = _Erasures(), 0
    while True:  # up to what is there at the end: an erasure made meanwhile explains the gaps that were seen
        run.execute("BEGIN")
        last = run.execute("SELECT coalesce(max(n), 0) FROM operation WHERE hash IS NOT NULL").fetchone()[0]
        start, stop = stop, min(stop + RANGE, last)
        heads = fetch(run, _OPERATIONS, (start, stop))
        changes = _by_operation(fetch(run, _CHANGES, (start, stop)))
        run.execute("COMMIT")
        for row in heads:
            is_linked = row[3] in chains and not _came_back(row, device)
            previous, number = chains[row[3]] if is_linked else (GENESIS, row[4] - 1)
            if row[4] != number + 1:
                report.add("chain", number + 1, "operation is missing")
            found = _check_operation(row, changes.pop(row[0], ()), previous, report, erasures)
            if is_linked:
                chains[row[3]] = found, row[4]
        for orphan in changes:
            report.add("chain", orphan, "changes without their operation")
        if stop >= last:
            break
    _explain_gaps(run, report, erasures)


def _came_back(row: Any, device: str) -> bool:
    """Whether it is of a device that this folder was before it was restored, and others brought it back since.

    Such an operation is linked to nothing here, as any operation of others; in a chain of its own, only the first is.
    """
    if row[3] == device or row[4] == 1 or row[15] is None:
        return False
    return bool(link_fields(GENESIS, row[1:12], row[15]) == row[16])


def _by_operation(rows: list[Any]) -> dict[int, list[Any]]:
    """The rows come in order of their operation."""
    return {operation: list(group) for operation, group in groupby(rows, itemgetter(0))}


def _check_operation(row: Any, changes: Any, previous: bytes, report: Report, erasures: _Erasures) -> bytes:
    n, _id, origin, _device, number, command, *_header = row[:12]
    arguments, reason, salt, commitments, found = row[12:]
    report.operations += 1
    report.changes += len(changes)
    report.raw_operations += origin == "raw"
    if commitments is None or len(commitments) != 32 * (len(changes) + 1):
        report.add("chain", number, "the number of changes is not what was sealed")
        return found or GENESIS
    if salt is None and arguments is None and reason is None:
        erasures.texts[n] = {change[3] for change in changes}
    elif salt is None or argument_commitment(salt, arguments, reason) != commitments[:32]:
        report.add("chain", number, "the arguments are not what was sealed")
    place = 32
    for change in changes:
        _check_change(number, change, commitments[place : place + 32], report, erasures)
        place += 32
    if link_fields(previous, row[1:12], commitments) != found:
        report.add("chain", number, "does not follow from the operation before it")
    if origin == "erasure" and command == ERASE_COMMAND:
        erasures.subjects[subject_erased(arguments) or ""] = n  # none when it was tampered with: reported above
    return found or GENESIS


def _check_change(number: int, change: Any, sealed: bytes, report: Report, erasures: _Erasures) -> None:
    operation, table, key, subject, kind, delta, salt, _n = change
    if delta is None and salt is None:
        report.erased += 1
        erasures.gaps.append((number, operation, subject, table, key))
        return
    try:
        same = salt is not None and change_commitment(salt, table, key, subject, kind, delta) == sealed
    except (msgspec.DecodeError, TypeError):
        same = False
    if not same:
        report.add("chain", number, f"a change of {table} is not what was sealed")


def _explain_gaps(run: Any, report: Report, erasures: _Erasures) -> None:
    """Every emptied change is of a row that was about an erased person, its later owner or an earlier one."""
    persons = "SELECT DISTINCT subject FROM change WHERE tbl = ? AND pk = ? AND subject IS NOT NULL"
    for number, operation, subject, table, key in erasures.gaps:
        if subject and erasures.subjects.get(subject, 0) > operation:
            continue
        earlier = run.execute(persons, (table, key)).fetchall()
        if not any(erasures.subjects.get(person, 0) > operation for (person,) in earlier):
            report.add("chain", number, "a change was emptied without an erasure of its subject")
    for n, subjects in erasures.texts.items():
        if not any(subject and erasures.subjects.get(subject, 0) > n for subject in subjects):
            report.add("chain", n, "the arguments were emptied without an erasure")


def check_anchor(run: Any, anchor: Anchor | None, report: Report, device: str) -> None:
    """The chains still hold the heads that the anchor file remembers."""
    if anchor is None:
        return
    report.anchored = True
    if anchor.device != device:
        report.add("anchor", "device", "the anchor is of another device")
        return
    if not holds_operation(run, anchor):
        number = min(read_head(run, device).number + 1, anchor.number)
        report.add("anchor", number, "operations that the anchor remembers are gone or changed")
    if not holds_access(run, anchor):
        report.add("anchor", "access_log", "entries that the anchor remembers are gone or changed")


def verify_tables(run: Any, report: Report) -> None:
    """Replay of the changes of each captured table gives the table, value by value."""
    for row in REGISTRY.captured():
        run.execute("BEGIN")
        try:
            _replay_table(run, row, report)
        except DatabaseError as error:
            if "decode" not in str(error):
                raise
            report.add("table", row.table, "holds a text that is not UTF-8")
        finally:
            run.execute("COMMIT")


def _replay_table(run: Any, row: Registered, report: Report) -> None:
    columns = ", ".join(f'"{name}"' for name in row.columns)
    stored = run.execute(f'SELECT {columns} FROM "{row.table}" ORDER BY id').__iter__()
    current = next(stored, None)
    place = row.columns.index("id")
    for key, history in _histories(run, row.table):
        while current is not None and current[place] < key:
            report.add("table", row.table, f"row {current[place]} stands in no journal")
            current = next(stored, None)
        match = current if current is not None and current[place] == key else None
        if match is not None:
            current = next(stored, None)
            report.rows += 1
        fault = _compare(row, history, match)
        if fault:
            report.add("table", row.table, f"row {key}: {fault}")
    while current is not None:
        report.add("table", row.table, f"row {current[place]} stands in no journal")
        current = next(stored, None)


def _histories(run: Any, table: str) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    key, history = None, []
    for pk, kind, delta in run.execute("SELECT pk, kind, delta FROM change WHERE tbl = ? ORDER BY pk, n", (table,)):
        if key is not None and pk != key:
            yield key, history
            history = []
        key = pk
        history.append((kind, delta))
    if key is not None:
        yield key, history


_pairs = msgspec.json.Decoder(dict[str, tuple[Any, Any]]).decode


@dataclass(slots=True)
class _Replay:
    """A row as its changes tell it. `whole` while every column is known: from an insert on, without an erasure."""

    alive: bool
    whole: bool
    known: dict[str, Any] = field(default_factory=dict)

    def follow(self, kind: str, delta: str | None) -> str | None:
        """Take in the next change; returns what is wrong with it."""
        try:
            values = _pairs(delta) if delta is not None else {}
        except msgspec.DecodeError:
            return "has a change that cannot be read"
        self.whole = self.whole and delta is not None
        fault = self._fault(kind, values)
        self.alive = kind != "del"
        self.known = {} if kind == "del" else self.known | {name: pair[1] for name, pair in values.items()}
        self.whole = self.whole or (kind == "ins" and delta is not None)
        return fault

    def _fault(self, kind: str, values: dict[str, tuple[Any, Any]]) -> str | None:
        if kind == "ins":
            return "was inserted while it was there (a replacement that was not captured)" if self.alive else None
        if kind == "era":
            return None
        if any(self.known.get(n, None if self.whole else pair[0]) != pair[0] for n, pair in values.items()):
            return "was changed from a value that it did not have"
        if kind == "del" and self.whole and any(v is not None and n not in values for n, v in self.known.items()):
            return "was deleted without a value that it had"
        return None

    def against(self, columns: tuple[str, ...], stored: Any) -> str | None:
        """What differs between the replay and the row that is stored (None: there is none)."""
        if stored is None:
            return "is gone but was not deleted" if self.alive else None
        if not self.alive:
            return "is there but was deleted"
        for name, value in zip(columns, stored, strict=True):
            if (name in self.known or self.whole) and self.known.get(name) != value:
                return f"the value of {name} is not the one that was captured"
        return None


def _compare(row: Registered, history: list[tuple[str, str | None]], stored: Any) -> str | None:
    """What differs between the replay of a row's changes and the row; None when nothing does."""
    first = history[0][0]
    replay = _Replay(alive=first != "ins", whole=first == "ins")
    for kind, delta in history:
        fault = replay.follow(kind, delta)
        if fault:
            return fault
    return replay.against(row.columns, stored)


def verify_projections(read: Reading, report: Report) -> None:
    """Each derived table is what its function gives now, except where a direct write waits to be taken in."""
    rows = read.sql("SELECT tbl, pk, subject FROM change WHERE operation IS NULL")
    waiting = change_set([(row.tbl, row.pk, row.subject) for row in rows], (), "raw")
    for name, item in sorted(PROJECTIONS.items()):
        try:
            late = frozenset(item.touched(read, waiting) if waiting.touches(item.sources) else ())
            for key in [key for key in item.differences(read) if key not in late][:20]:
                report.add("projection", name, f"row {key} is not what its function gives")
        except Exception as error:  # a raw write that no function can read: the table is named, the rest is checked
            report.add("projection", name, f"cannot be computed ({type(error).__name__})")


def verify_files(run: Any, report: Report, exists: Any) -> None:
    """Every sealed file that a row names is here, or may rightly be elsewhere (`copies.must_be_here`)."""
    for row in REGISTRY:
        for name in (name for name in row.columns if name.endswith(FILE_COLUMN)):
            for (value,) in run.execute(f'SELECT DISTINCT "{name}" FROM "{row.table}" WHERE "{name}" > \'\''):
                if not exists(value):
                    report.add("file", row.table, f"the sealed file {value[:12]} is missing")


def verify_triggers(run: Any, report: Report) -> None:
    """Every trigger is there, word for word, and no other stands on a captured table."""
    rows = REGISTRY.captured()
    tables = {name: _GUARDED.findall(text)[0] for name, text in expected_triggers(rows).items()}
    tables[PRUNING] = "journal_state"
    tables |= dict(run.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'").fetchall())
    for fault in check_capture(run, rows):
        name = fault.split(" ", 1)[1]
        report.add("trigger", tables.get(name, name), fault)


def verify_access_log(run: Any, report: Report) -> None:
    """The access log's own chain."""
    report.accesses = run.execute("SELECT count(*) FROM access_log").fetchone()[0]
    bad = access_log.first_bad_entry(run)
    if bad is not None:
        report.add("access_log", bad, "does not follow from the entry before it")


def verify_open(run: Any, report: Report) -> None:
    """No committed state holds an open operation; writes under none are counted."""
    for (number,) in run.execute("SELECT number FROM operation WHERE hash IS NULL ORDER BY number").fetchall():
        report.add("chain", number, "an operation was committed without its seal")
    if run.execute(
        "SELECT count(*) FROM change WHERE operation IS NOT NULL AND operation NOT IN (SELECT n FROM operation)"
    ).fetchone()[0]:
        report.add("chain", "orphans", "changes stand under an operation that is gone")
    report.unadopted = unadopted(run)
