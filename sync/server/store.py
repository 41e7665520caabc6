"""The server's side of the protocol over its own database: one writer, one transaction for each request.

The sequence of an operation is its row number in the server's journal: it is given inside the committing transaction
by the only writer, so that no reader ever sees a number before a smaller one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec

from app.core.clock import HLC_COUNTER_BITS, to_millis
from app.core.ids import new_id
from app.journal.changes import ChangeSet
from app.journal.detectors import Arrived, Finding, detect_all, open_conflicts
from app.journal.operations import Draft, set_state, state
from app.journal.queries import SYSTEM, Reading
from app.journal.records import REGISTRY, Merge
from app.journal.remote import apply_one, field_clocks
from app.journal.runner import Runner, Step
from sync.protocol.messages import (
    PROTOCOL,
    Hello,
    HelloReply,
    Must,
    Operation,
    Page,
    Pull,
    Push,
    PushReply,
    Result,
    RowState,
    Verdict,
)
from sync.protocol.packing import accepted_operations, as_remote, is_chained

AHEAD_MILLIS: Final = 120_000
"""A clock further ahead of the server's than this is corrected, never refused."""
OLDEST_SCHEMA: Final = 1
CONFLICT_COMMAND: Final = "open_conflicts"
EPOCH, EPOCHS, EPOCH_SINCE = "epoch", "epochs", "epoch_since"
Authorise: TypeAlias = Callable[[Reading, Operation], str]
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Known:
    """A device as the server knows it, while a push is taken in."""

    id: str
    last_number: int
    last_hash: bytes
    last_hlc: int


class ServerStore:
    """Answers hello, push and pull. `authorise` gives a refusal's code, or nothing; any thread may call."""

    def __init__(
        self, runner: Runner, authorise: Authorise, on_head: Callable[[int], None] = lambda head: None
    ) -> None:
        self.runner = runner
        self._authorise = authorise
        self._on_head = on_head

    # -- devices --------------------------------------------------------------------------------------------
    def enrol(self, device: str, name: str, public_key: str | None = None) -> None:
        """Let a device in; one that was here before keeps its place."""

        def work(step: Step) -> ChangeSet:
            step.raw.execute(
                "INSERT INTO server_device(id, name, public_key, enrolled_at, last_number, last_hlc, cursor)"
                " VALUES(?, ?, ?, ?, 0, 0, 0) ON CONFLICT(id) DO UPDATE SET name = excluded.name, revoked_at = NULL,"
                " public_key = excluded.public_key",
                (device, name, public_key, to_millis(self.runner.clock.now())),
            )
            if not state(step.raw, EPOCH):
                set_state(step.raw, EPOCH, new_id())
            step.wrote = True
            return ChangeSet()

        self.runner.transact(work)

    def revoke(self, device: str) -> None:
        """Close the door to a device; what it writes from now on is never taken in."""

        def work(step: Step) -> ChangeSet:
            step.raw.execute(
                "UPDATE server_device SET revoked_at = ? WHERE id = ?", (to_millis(self.runner.clock.now()), device)
            )
            step.wrote = True
            return ChangeSet()

        self.runner.transact(work)

    def begin_epoch(self) -> str:
        """After a restore: a new epoch, from which every workstation notices that sequences count anew.

        The server’s own operations go under a new device id from the next opening on: its old numbers were given.
        """
        epoch = new_id()

        def work(step: Step) -> ChangeSet:
            former = [*_epochs(step.raw), (state(step.raw, EPOCH) or "", _head(step.raw))]
            set_state(step.raw, EPOCHS, _encode(former).decode())
            set_state(step.raw, EPOCH, epoch)
            set_state(step.raw, EPOCH_SINCE, str(self._now()))
            set_state(step.raw, "device", new_id())
            step.wrote = True
            return ChangeSet()

        self.runner.transact(work)
        return epoch

    # -- the protocol ---------------------------------------------------------------------------------------
    def hello(self, hello: Hello) -> HelloReply:
        """Where this workstation stands, and what it must do first."""
        with self.runner.read(SYSTEM) as read:
            run = read.connection.connection.driver_connection
            known = _device(run, hello.device)
            must = _must(run, hello, known)
            return HelloReply(
                state(run, EPOCH) or "", self._now(), _head(run), known.last_number if known else 0,
                _rewind(run, hello.epoch), must,
            )  # fmt: skip

    def push(self, push: Push) -> PushReply:
        """Take operations in, in order, each whole; what was taken in before is answered from its receipt."""
        made: list[PushReply] = []

        def work(step: Step) -> ChangeSet:
            intake = Intake(step, self._authorise, self._now())
            made.append(intake.take(push))
            return intake.changes

        self.runner.transact(work, foreign_keys=False)
        reply = made[0]
        if reply.verdicts:
            self._on_head(reply.head)
        return reply

    def pull(self, pull: Pull) -> Page:
        """The operations after a cursor, whole ones, as many as were asked for."""
        with self.runner.read(SYSTEM) as read:
            run = read.connection.connection.driver_connection
            epoch, head = state(run, EPOCH) or "", _head(run)
            known = _device(run, pull.device)
            if known is None:
                return Page(epoch, self._now(), pull.cursor, pull.cursor, head, must=Must.REENROL)
            if pull.epoch != epoch:
                return Page(epoch, self._now(), pull.cursor, pull.cursor, head, must=Must.REPUSH)
            found = accepted_operations(run, pull.cursor, pull.maximum)
            reached = found[-1].sequence if found else max(pull.cursor, head)
            assert reached is not None
            return Page(epoch, self._now(), pull.cursor, reached, head, tuple(_for(pull.device, it) for it in found))

    def head(self) -> int:
        """The newest sequence."""
        with self.runner.read(SYSTEM) as read:
            return _head(read.connection.connection.driver_connection)

    def _now(self) -> int:
        return to_millis(self.runner.clock.now())


def _for(device: str, operation: Operation) -> Operation:
    """An operation as this device gets it: of its own it needs only the sequence."""
    return msgspec.structs.replace(operation, changes=()) if operation.device == device else operation


def _head(run: Any) -> int:
    return int(run.execute("SELECT coalesce(max(n), 0) FROM operation WHERE hash IS NOT NULL").fetchone()[0])


def _device(run: Any, device: str) -> Known | None:
    """A device that may speak; None for one that was never let in or was shut out."""
    row = run.execute(
        "SELECT last_number, last_hash, last_hlc FROM server_device WHERE id = ? AND revoked_at IS NULL", (device,)
    ).fetchone()
    return Known(device, row[0], bytes.fromhex(row[1]) if row[1] else bytes(32), row[2]) if row else None


def _epochs(run: Any) -> list[tuple[str, int]]:
    """The epochs before this one, the oldest first, each with the sequence at which it ended."""
    return msgspec.json.decode(state(run, EPOCHS) or "[]", type=list[tuple[str, int]])


def _rewind(run: Any, epoch: str | None) -> int:
    """How far sequences of an earlier epoch still count; none do of an epoch that is not remembered."""
    if epoch is None or epoch == state(run, EPOCH):
        return _head(run)
    former = _epochs(run)
    names = [name for name, _end in former]
    return min(end for _name, end in former[names.index(epoch) :]) if epoch in names else 0


def _must(run: Any, hello: Hello, known: Known | None) -> Must | None:
    if known is None or hello.practice != state(run, "practice"):
        return Must.REENROL
    if hello.protocol != PROTOCOL or not hello.schema >= OLDEST_SCHEMA:
        return Must.UPGRADE
    if hello.epoch is not None and hello.epoch != state(run, EPOCH):
        return Must.REPUSH
    if hello.last_number < known.last_number:
        return Must.REENROL  # its folder was put back to an older day: the numbers would be used twice
    return None


class Intake:
    """One push on its way into the database, inside one transaction."""

    def __init__(self, step: Step, authorise: Authorise, now: int) -> None:
        self._step, self._authorise, self._now = step, authorise, now
        self.changes = ChangeSet()

    def take(self, push: Push) -> PushReply:
        """Every operation up to the first that cannot be judged: a gap, or another history of this device."""
        run = self._step.raw
        epoch = state(run, EPOCH) or ""
        known = _device(run, push.device)
        if known is None:
            return PushReply(epoch, self._now, _head(run), 0, must=Must.REENROL)
        if push.epoch != epoch:
            return PushReply(epoch, self._now, _head(run), known.last_number, must=Must.REPUSH)
        if push.relayed:
            verdicts = [self._relayed(operation) for operation in push.operations]
            return PushReply(epoch, self._now, _head(run), known.last_number, tuple(verdicts))
        verdicts = []
        must: Must | None = None
        for operation in push.operations:
            if operation.device != known.id:
                must = Must.REENROL
                break
            if operation.number <= known.last_number:
                again = self._again(operation)
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
                verdicts.append(self._judge(known, operation))
        self._keep(known)
        return PushReply(epoch, self._now, _head(run), known.last_number, tuple(verdicts), must)

    def _relayed(self, operation: Operation) -> Verdict:
        """An operation of another device that this server, restored, may have lost; only from before its epoch."""
        place = (operation.device, operation.number)
        run = self._step.raw
        row = run.execute("SELECT n FROM operation WHERE device = ? AND number = ?", place).fetchone()
        if row is not None or _receipt(run, operation) is not None:
            return Verdict(operation.number, Result.DUPLICATE, operation.id, row[0] if row else None)
        reading = Reading(self._step.connection, self._step.runner.clock, SYSTEM)
        late = operation.hlc >> HLC_COUNTER_BITS > int(state(run, EPOCH_SINCE) or 0) + AHEAD_MILLIS
        why = "too_late" if late else self._authorise(reading, operation) or self._unfit(operation)
        sequence = None if why else self._apply(reading, operation, operation.hlc)
        result = Result.REJECTED if why else Result.ACCEPTED if sequence else Result.SUPERSEDED
        self._step.wrote = True
        return Verdict(operation.number, result, operation.id, sequence, why=why)

    def _again(self, operation: Operation) -> Verdict | None:
        """The answer that was given before; None when the same number came with other content."""
        row = _receipt(self._step.raw, operation)
        if row is None or operation.hash is None or row[0] != operation.hash.hex():
            return None
        result = Result(row[1]) if row[1] == Result.REJECTED else Result.DUPLICATE
        fixes = self._fixes(operation) if result is Result.REJECTED else self._lost(operation)
        return Verdict(operation.number, result, operation.id, row[3], row[4], row[2], fixes)

    def _judge(self, known: Known, operation: Operation) -> Verdict:
        assert operation.hash is not None
        run = self._step.raw
        hlc = operation.corrected or _corrected(operation.hlc, known.last_hlc, self._now)
        reading = Reading(self._step.connection, self._step.runner.clock, SYSTEM)
        judged = msgspec.structs.replace(operation, hlc=hlc)
        sequence, why = self._relayed_before(run, operation), ""
        if sequence is not None:
            self._open([finding for one in self._arrived(operation, hlc) for finding in detect_all(reading, one)])
        else:
            why = operation.refused or self._authorise(reading, judged) or self._unfit(operation)
            sequence = None if why else self._apply(reading, operation, hlc)
        result = Result.REJECTED if why else Result.SUPERSEDED if sequence is None else Result.ACCEPTED
        known.last_number, known.last_hash, known.last_hlc = operation.number, operation.hash, hlc
        fixed = hlc if hlc != operation.hlc else None
        run.execute(
            "INSERT INTO server_receipt(id, hash, result, why, sequence, hlc, content) VALUES(?, ?, ?, ?, ?, ?, ?)",
            (
                f"{operation.device}/{operation.number}", operation.hash.hex(), result.value, why, sequence, fixed,
                _encode(operation).decode() if why else None,
            ),
        )  # fmt: skip
        self._step.wrote = True
        fixes = self._fixes(operation) if why else self._lost(operation)
        return Verdict(operation.number, result, operation.id, sequence, fixed, why, fixes)

    @staticmethod
    def _relayed_before(run: Any, operation: Operation) -> int | None:
        """The sequence of an operation that somebody else brought back after a restore, before its author came."""
        row = run.execute(
            "SELECT n FROM operation WHERE device = ? AND number = ?", (operation.device, operation.number)
        ).fetchone()
        return row[0] if row else None

    def _unfit(self, operation: Operation) -> str:
        """What the merge words refuse: an event's id with other content, a stale value of a CONFIG row, a row that
        is not here (its making was refused, or it was deleted).
        """
        made: set[tuple[str, str]] = set()
        for change in operation.changes:
            row = REGISTRY.get(change.table)
            if row is None or change.delta is None:
                continue
            here = _row(self._step.raw, change.table, row.columns, change.key)
            if here is None:
                if change.kind == "upd" and (change.table, change.key) not in made:
                    return "missing_row"
                made.add((change.table, change.key))
                continue
            if row.merge is Merge.EVENT and operation.origin != "erasure":
                if any(here.get(name) != value for name, value in change.values().items() if name in here):
                    return "immutable"
            elif row.merge is Merge.CONFIG and change.kind != "del" and not operation.again:
                seen = {name: before for name, (before, _after) in change.delta.items() if name in here}
                if any(here[name] not in (before, change.delta[name][1]) for name, before in seen.items()):
                    return "stale"
        return ""

    def _apply(self, reading: Reading, operation: Operation, hlc: int) -> int | None:
        run = self._step.raw
        arrived = [*self._arrived(operation, hlc)]
        before = _head(run)
        made = apply_one(self._step, as_remote(operation, hlc=hlc))
        self.changes = self.changes.followed_by(made)
        sequence = _head(run) if _head(run) > before else None
        if sequence is not None:
            run.execute("UPDATE operation SET sequence = n WHERE n = ?", (sequence,))
        self._open([finding for one in arrived for finding in detect_all(reading, one)])  # also of what has lost
        return sequence

    def _arrived(self, operation: Operation, hlc: int) -> list[Arrived]:
        found = []
        for change in operation.changes:
            row = REGISTRY.get(change.table)
            if row is None or change.delta is None:
                continue
            found.append(
                Arrived(
                    operation.id, operation.device, operation.actor, hlc, change.table, change.key, change.kind,
                    change.subject, {name: pair[0] for name, pair in change.delta.items()}, change.values(),
                    _row(self._step.raw, change.table, row.columns, change.key) or {},
                )
            )  # fmt: skip
        return found

    def _open(self, findings: list[Finding]) -> None:
        if not findings:
            return
        draft = Draft(CONFLICT_COMMAND, SYSTEM.id)
        _count, made, _rows = self._step.operation(SYSTEM, draft, lambda tx: open_conflicts(tx, findings))
        self.changes = self.changes.followed_by(made)

    def _fixes(self, operation: Operation) -> tuple[RowState, ...]:
        """The rows of a refused operation as they stand here."""
        places = dict.fromkeys((change.table, change.key) for change in operation.changes)
        run = self._step.raw
        return tuple(
            RowState(table, key, _row(run, table, REGISTRY[table].columns, key), _row_clock(run, table, key))
            for table, key in places
            if table in REGISTRY
        )

    def _lost(self, operation: Operation) -> tuple[RowState, ...]:
        """The rows of an accepted operation that are not as it wrote them: somebody's later write stands."""
        written: dict[tuple[str, str], dict[str, Any]] = {}
        for change in operation.changes:
            written.setdefault((change.table, change.key), {}).update(change.values())
        return tuple(
            fix
            for fix in self._fixes(operation)
            if any((fix.values or {}).get(name) != value for name, value in written[fix.table, fix.key].items())
        )

    def _keep(self, known: Known) -> None:
        self._step.raw.execute(
            "UPDATE server_device SET last_number = ?, last_hash = ?, last_hlc = ?, seen_at = ? WHERE id = ?",
            (known.last_number, known.last_hash.hex(), known.last_hlc, self._now, known.id),
        )
        self._step.wrote = True


def _receipt(run: Any, operation: Operation) -> tuple[Any, ...] | None:
    """(hash, result, why, sequence, hlc) of the answer that was given, None when there was none."""
    key = f"{operation.device}/{operation.number}"
    query = "SELECT hash, result, why, sequence, hlc FROM server_receipt WHERE id = ?"
    found: tuple[Any, ...] | None = run.execute(query, (key,)).fetchone()
    return found


def _row(run: Any, table: str, columns: tuple[str, ...], key: str) -> dict[str, Any] | None:
    names = ", ".join(f'"{name}"' for name in columns)
    found = run.execute(f'SELECT {names} FROM "{table}" WHERE id = ?', (key,)).fetchone()
    return dict(zip(columns, found, strict=True)) if found else None


def _row_clock(run: Any, table: str, key: str) -> int:
    return max((hlc for hlc, _device in field_clocks(run, table, key).values()), default=0)


def _corrected(hlc: int, last: int, now: int) -> int:
    """The clock of an operation; one that runs ahead is put to now, in the device's own order."""
    if hlc >> HLC_COUNTER_BITS <= now + AHEAD_MILLIS:
        return hlc
    return max(now << HLC_COUNTER_BITS, last + 1)
