"""One push on its way into the server's database: judged, merged, numbered, answered, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeAlias

import msgspec

from app.core.clock import HLC_COUNTER_BITS
from app.journal.changes import ChangeSet
from app.journal.detectors import Arrived, Finding, detect_all, open_conflicts, watched_tables
from app.journal.erasure import erased_here
from app.journal.operations import Draft, state
from app.journal.queries import SYSTEM, Reading
from app.journal.records import REGISTRY, Merge
from app.journal.remote import apply_later, field_clocks
from app.journal.runner import Step
from sync.protocol.messages import ERASED_PERSON, Must, Operation, Push, PushReply, Result, RowState, Verdict
from sync.protocol.packing import as_remote, is_chained
from sync.server.known_operations import is_same, numbers_after, receipt_of, was_corrected
from sync.server.rows import row_clock, row_of
from sync.server.standing import EPOCH, EPOCH_SINCE, EPOCHS, Known, device_named, head_of

AHEAD_MILLIS: Final = 120_000
"""A clock further ahead of the server's than this is corrected, never refused."""
REVOKED_DEVICE: Final = "revoked_device"
"""Why everything of a device that was shut out is set aside, whatever its clock says: it may be a thief's."""
ANOTHER: Final = "another_operation"
"""Why an operation is not taken in from who relays it: its device has given the number to another one."""
IMMUTABLE: Final = "immutable"
"""Why an event is refused that is here with another content; detectors are told of it all the same."""
CONFLICT_COMMAND: Final = "open_conflicts"
Authorise: TypeAlias = Callable[[Reading, Operation], str]
Rows = dict[tuple[str, str], dict[str, Any] | None]
_encode = msgspec.json.Encoder().encode


class Intake:
    """One push on its way into the database, inside one transaction."""

    def __init__(self, step: Step, authorise: Authorise, now: int) -> None:
        self._step, self._authorise, self._now = step, authorise, now
        self._seen = 0
        self.changes = ChangeSet()
        self._receipts: list[tuple[Any, ...]] = []
        self._before: tuple[Operation, Rows] | None = None
        self._relayed_numbers: dict[int, int] = {}
        self._rights, self._watched = step.runner.tables_of_rights, watched_tables()
        self._erased: dict[str, int] | None = None
        self._reading: Reading | None = None
        self._was_restored = state(step.raw, EPOCHS) is not None

    def take(self, push: Push) -> PushReply:
        """Every operation up to the first that cannot be judged: a gap, or another history of this device."""
        run = self._step.raw
        self._seen = push.cursor
        epoch = state(run, EPOCH) or ""
        known = device_named(run, push.device)
        if known is None:
            return PushReply(epoch, self._now, head_of(run), 0, must=Must.REENROL)
        if push.epoch != epoch:
            return PushReply(epoch, self._now, head_of(run), known.last_number, must=Must.REPUSH)
        if push.relayed and not known.is_revoked:
            relayed = [(self._relayed(operation), operation) for operation in push.operations]
            answers = tuple(self._with_rows(*pair) for pair in relayed)  # as they stand after the last one
            return PushReply(epoch, self._now, head_of(run), known.last_number, answers)
        self._relayed_numbers = numbers_after(run, known)
        verdicts = []
        must: Must | None = None
        for operation in push.operations:
            if operation.device != known.id:
                must = Must.REENROL
                break
            if operation.number <= known.last_number:
                again = self._again(known, operation)
                if again is None:
                    must = Must.REENROL
                    break
                verdicts.append(again)
            elif operation.number != known.last_number + 1:
                break
            elif not is_chained(known.last_hash, operation):
                must = Must.REENROL
                break
            else:
                fresh = self._judge(known, operation)
                if fresh is None:
                    must = Must.REENROL
                    break
                verdicts.append(fresh)
        self._keep(known)
        must = Must.REVOKED if known.is_revoked else must
        return PushReply(epoch, self._now, head_of(run), known.last_number, tuple(verdicts), must)

    def _relayed(self, operation: Operation) -> Verdict:
        """An operation of another device that this server, restored, may have lost; only from before its epoch.

        Who relays has applied it: it is told of a refusal too, of one that its author was given since as well. What
        came from a device that was shut out is judged anew when it comes from another one.
        """
        place = (operation.device, operation.number)
        run = self._step.raw
        row = run.execute("SELECT n, id FROM operation WHERE device = ? AND number = ?", place).fetchone()
        if row is not None and row[1] != operation.id:
            return Verdict(operation.number, Result.REJECTED, operation.id, why=ANOTHER)
        receipt = receipt_of(run, operation)
        if row is None and receipt is not None and receipt[1] == Result.REJECTED and receipt[2] != REVOKED_DEVICE:
            return Verdict(operation.number, Result.REJECTED, operation.id, why=receipt[2])
        if row is not None or (receipt is not None and receipt[1] != Result.REJECTED):
            return Verdict(operation.number, Result.DUPLICATE, operation.id, row[0] if row else None)
        reading = self._reading_now()
        late = operation.hlc >> HLC_COUNTER_BITS > int(state(run, EPOCH_SINCE) or 0) + AHEAD_MILLIS
        why = "too_late" if late else self._refusal(reading, operation)
        hlc = operation.hlc if why else self._after_what_it_saw(operation, operation.hlc)
        sequence = None if why else self._apply(reading, operation, hlc)
        result = Result.REJECTED if why else Result.ACCEPTED if sequence else Result.SUPERSEDED
        self._step.wrote = True
        return Verdict(operation.number, result, operation.id, sequence, why=why)

    def _with_rows(self, verdict: Verdict, operation: Operation) -> Verdict:
        """A refusal with the rows to put back."""
        if verdict.result is not Result.REJECTED:
            return verdict
        return msgspec.structs.replace(verdict, fixes=self._fixes(operation))

    def _again(self, known: Known, operation: Operation) -> Verdict | None:
        """The answer that was given before; None when the same number came with other content."""
        self._keep_receipts()
        row = receipt_of(self._step.raw, operation)
        if row is None or operation.hash is None or row[0] != operation.hash.hex():
            return None
        result = Result(row[1]) if row[1] == Result.REJECTED else Result.DUPLICATE
        fixes = self._answer_rows(known, operation, result)
        return Verdict(operation.number, result, operation.id, row[3], row[4], row[2], fixes)

    def _answer_rows(self, known: Known, operation: Operation, result: Result) -> tuple[RowState, ...]:
        """What the device puts back; one that was shut out is told nothing of the practice any more."""
        if known.is_revoked:
            return ()
        return self._fixes(operation) if result is Result.REJECTED else self._lost(operation)

    def _judge(self, known: Known, operation: Operation) -> Verdict | None:
        """The verdict; None when somebody else has brought another operation of this device back under its number."""
        assert operation.hash is not None
        hlc = operation.corrected or _corrected(operation.hlc, known.last_hlc, self._now)
        reading = self._reading_now()
        judged = operation if hlc == operation.hlc else msgspec.structs.replace(operation, hlc=hlc)
        sequence, why, stands = self._relayed_before(operation), "", False
        if sequence is not None and not is_same(self._step.raw, sequence, operation):
            return None
        if known.is_revoked:
            sequence, why = None, REVOKED_DEVICE
        elif sequence is not None:
            self._open([finding for one in self._arrived(operation, hlc) for finding in detect_all(reading, one)])
        else:
            why = operation.refused or self._refusal(reading, judged)
            hlc = hlc if why else self._after_what_it_saw(operation, hlc)
            stands = not why and self._wins_whole(operation, hlc)
            sequence = None if why else self._apply(reading, operation, hlc)
            if why == IMMUTABLE:
                events = [one for one in self._arrived(operation, hlc) if REGISTRY[one.table].merge is Merge.EVENT]
                self._open([finding for one in events for finding in detect_all(reading, one)])
        result = Result.REJECTED if why else Result.SUPERSEDED if sequence is None else Result.ACCEPTED
        known.last_number, known.last_hash = operation.number, operation.hash
        known.last_hlc = max(known.last_hlc, hlc)  # a raw write is stamped with its own moment, maybe an earlier one
        fixed = hlc if hlc != operation.hlc else None
        self._receipts.append(
            (
                f"{operation.device}/{operation.number}", operation.hash.hex(), result.value, why, sequence, fixed,
                _encode(operation).decode() if why and why != ERASED_PERSON else None,
            )
        )  # fmt: skip
        self._step.wrote = True
        fixes = () if stands and sequence is not None else self._answer_rows(known, operation, result)
        return Verdict(operation.number, result, operation.id, sequence, fixed, why, fixes)

    def _wins_whole(self, operation: Operation, hlc: int) -> bool:
        """Whether it is later than all that is here, and known in all its parts: its rows stand as it writes them."""
        if hlc <= self._step.newest_clock or operation.origin == "erasure":
            return False
        return all(
            change.delta is not None
            and change.kind != "del"
            and (row := REGISTRY.get(change.table)) is not None
            and row.captured
            and set(change.delta).issubset(row.columns)
            for change in operation.changes
        )

    def _relayed_before(self, operation: Operation) -> int | None:
        """The sequence of an operation that somebody else brought back after a restore, before its author came."""
        return self._relayed_numbers.get(operation.number)

    def _after_what_it_saw(self, operation: Operation, hlc: int) -> int:
        """The clock by which an operation is merged: after the values that it replaced.

        It may be before one of them where it was corrected itself, by less than the clock of a third workstation runs
        ahead; or where a server that was restored has corrected the clock of one a second time, to a later moment than
        the one which the author of this operation has seen.
        """
        run, given = self._step.raw, hlc
        if given == operation.hlc and not self._was_restored:
            return hlc
        self._keep_receipts()  # one of this push may be what was seen
        for change in operation.changes:
            row = REGISTRY.get(change.table)
            if row is None or row.merge is not Merge.FIELD or change.kind != "upd" or change.delta is None:
                continue
            here = row_of(run, change.table, change.key, row.columns) or {}
            clocks = field_clocks(run, change.table, change.key)
            for name, (before, _after) in change.delta.items():
                seen = clocks.get(name, (0, ""))
                if seen[0] < hlc or before is None or here.get(name) != before:
                    continue
                if given < operation.hlc > seen[0] or was_corrected(run, seen):
                    hlc = seen[0] + 1
        return hlc

    def _refusal(self, reading: Reading, operation: Operation) -> str:
        return self._unaware(operation) or self._authorise(reading, operation) or self._unfit(operation)

    def _unaware(self, operation: Operation) -> str:
        """Whether it tells of a person who was erased after what its author had seen of this server."""
        if operation.origin == "erasure":
            return ""
        told = {it.subject for it in operation.changes if it.subject and it.delta is not None}
        if self._erased is None:
            self._erased = erased_here(self._step.raw)
        newest = max((self._erased.get(it, 0) for it in told), default=0)
        if newest <= self._seen:
            return ""
        author = self._step.raw.execute("SELECT device, number FROM operation WHERE n = ?", (newest,)).fetchone()
        return "" if author[0] == operation.device and author[1] < operation.number else ERASED_PERSON

    def _unfit(self, operation: Operation) -> str:
        """What the merge words refuse: an event's id with other content, a stale value of a CONFIG row, a row that
        is not here (its making was refused, or it was deleted).
        """
        made: set[tuple[str, str]] = set()
        rows = self._rows_before(operation)
        for change in operation.changes:
            row = REGISTRY.get(change.table)
            if row is None or change.delta is None:
                continue
            here = rows[change.table, change.key]
            if here is None:
                if change.kind == "upd" and (change.table, change.key) not in made:
                    return "missing_row"
                made.add((change.table, change.key))
                continue
            if row.merge is Merge.EVENT and operation.origin != "erasure":
                if any(here.get(name) != value for name, value in change.values().items() if name in here):
                    return IMMUTABLE
            elif row.merge is Merge.CONFIG and change.kind != "del" and not operation.again:
                seen = {name: before for name, (before, _after) in change.delta.items() if name in here}
                if any(here[name] not in (before, change.delta[name][1]) for name, before in seen.items()):
                    return "stale"
        return ""

    def _apply(self, reading: Reading, operation: Operation, hlc: int) -> int | None:
        arrived = self._arrived(operation, hlc)
        if operation.origin == "erasure":
            self._keep_receipts()  # what a refused one of this push told of the person goes too
        sequence = apply_later(self._step, as_remote(operation, hlc=hlc), numbers=True) or None
        if any(one.table in self._rights for one in arrived):
            self._reading = None
        if operation.origin == "erasure":
            self._erased = None
        if any(one.table in self._watched for one in arrived):
            self.project()
        self._open([finding for one in arrived for finding in detect_all(reading, one)])  # also of what has lost
        return sequence

    def project(self) -> None:
        """Bring the projections up to what was taken in: once for many operations, unless a detector reads them."""
        self.changes = self.changes.followed_by(self._step.project())

    def _reading_now(self) -> Reading:
        """A reading, another one after each operation that may change a right: who judges by it reads rights once."""
        if self._reading is None:
            self._reading = Reading(self._step.connection, self._step.runner.clock, SYSTEM)
        return self._reading

    def _rows_before(self, operation: Operation) -> Rows:
        """The rows that an operation touches, as they stand before it; read once for whoever asks."""
        if self._before is None or self._before[0] is not operation:
            written: dict[tuple[str, str], dict[str, None]] = {}
            for change in operation.changes:
                if change.table in REGISTRY and change.delta is not None:
                    written.setdefault((change.table, change.key), {}).update(dict.fromkeys(change.delta))
            rows = {place: row_of(self._step.raw, *place, names) for place, names in written.items()}
            self._before = operation, rows
        return self._before[1]

    def _arrived(self, operation: Operation, hlc: int) -> list[Arrived]:
        found = []
        rows = self._rows_before(operation)
        for change in operation.changes:
            row = REGISTRY.get(change.table)
            if row is None or change.delta is None:
                continue
            found.append(
                Arrived(
                    operation.id, operation.device, operation.actor, hlc, change.table, change.key, change.kind,
                    change.subject, {name: pair[0] for name, pair in change.delta.items()}, change.values(),
                    rows[change.table, change.key] or {},
                )
            )  # fmt: skip
        return found

    def _open(self, findings: list[Finding]) -> None:
        if not findings:
            return
        self.project()
        draft = Draft(CONFLICT_COMMAND, SYSTEM.id)
        named = [self._with_names(finding) for finding in findings]
        _count, made, _rows = self._step.operation(SYSTEM, draft, lambda tx: open_conflicts(tx, named))
        self.changes = self.changes.followed_by(made)

    def _with_names(self, finding: Finding) -> Finding:
        """The finding with the names of the workstations that wrote the row: only the server knows all of them."""
        rows = self._step.raw.execute(
            "SELECT DISTINCT d.id, d.name FROM server_device d WHERE d.id IN (SELECT o.device FROM change c"
            " JOIN operation o ON o.n = c.operation WHERE c.tbl = ? AND c.pk IN (SELECT value FROM json_each(?)))"
            " OR d.id IN (SELECT value FROM json_each(?)) ORDER BY d.id",
            (
                finding.table, _encode([finding.row_id, *finding.parties]).decode(),
                _encode([finding.details.get("device"), *finding.details.get("devices", ())]).decode(),
            ),
        ).fetchall()  # fmt: skip
        return replace(finding, details={**finding.details, "names": dict(rows)})

    def _fixes(self, operation: Operation) -> tuple[RowState, ...]:
        """The rows of a refused operation as they stand here."""
        places = dict.fromkeys((change.table, change.key) for change in operation.changes if change.table in REGISTRY)
        return tuple(self._as_it_stands(table, key) for table, key in places)

    def _as_it_stands(self, table: str, key: str) -> RowState:
        run = self._step.raw
        return RowState(table, key, row_of(run, table, key, REGISTRY[table].columns), row_clock(run, table, key))

    def _lost(self, operation: Operation) -> tuple[RowState, ...]:
        """The rows of an accepted operation that are not as it wrote them: somebody's later write stands, or its author
        has erased the person, and what it wrote of them is not known here.
        """
        written: dict[tuple[str, str], dict[str, Any]] = {}
        emptied: set[tuple[str, str]] = set()
        for change in operation.changes:
            if change.table in REGISTRY:
                written.setdefault((change.table, change.key), {}).update(change.values())
                emptied |= {(change.table, change.key)} if change.delta is None else set()
        return tuple(
            self._as_it_stands(*place)
            for place, values in written.items()
            if place in emptied or not self._stands(place, values)
        )

    def _stands(self, place: tuple[str, str], values: dict[str, Any]) -> bool:
        table, key = place
        row = row_of(self._step.raw, table, key, values) or {}
        return all(row.get(name) == value for name, value in values.items())

    def _keep_receipts(self) -> None:
        """Write the receipts that wait: once for a push, or before one of them is asked for."""
        self._step.raw.executemany(
            "INSERT INTO server_receipt(id, hash, result, why, sequence, hlc, content) VALUES(?, ?, ?, ?, ?, ?, ?)",
            self._receipts,
        )
        self._receipts.clear()

    def _keep(self, known: Known) -> None:
        self._keep_receipts()
        self._step.raw.execute(
            "UPDATE server_device SET last_number = ?, last_hash = ?, last_hlc = ?, seen_at = ? WHERE id = ?",
            (known.last_number, known.last_hash.hex(), known.last_hlc, self._now, known.id),
        )
        self._step.wrote = True


def _corrected(hlc: int, last: int, now: int) -> int:
    """The clock of an operation; one that runs ahead is put to now, in the device's own order."""
    if hlc >> HLC_COUNTER_BITS <= now + AHEAD_MILLIS:
        return hlc
    return max(now << HLC_COUNTER_BITS, last + 1)
