"""What a workstation keeps of its synchronisation, in the same database and the same transactions as the rows.

The cursor is saved with the rows of its page, never before and never by the answer to a push.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from app.core.clock import to_millis
from app.core.ids import derived_id, new_id
from app.journal.capture import TAKE_BACK
from app.journal.chain import Header
from app.journal.changes import ChangeSet
from app.journal.operations import SERVER_CONTACT, observe, set_state, state
from app.journal.queries import SYSTEM
from app.journal.remote import OwnWrites, apply_later, apply_one, echoed, numbers_here
from app.journal.runner import Runner, Step
from sync.client.putting_back import Pending, pending_columns, stranded, write_fixes
from sync.protocol.messages import (
    ERASED_PERSON,
    Hello,
    HelloReply,
    Operation,
    Page,
    PushReply,
    Result,
    Verdict,
)
from sync.protocol.packing import as_remote, operations_named, own_operations, run_of

EPOCH: Final = "sync_epoch"
CURSOR: Final = "sync_cursor"
ACKNOWLEDGED: Final = "acknowledged"
AGAIN_UNTIL: Final = "sync_again_until"
"""Own operations up to this number were taken in by a server of an earlier epoch."""
WHOLE_UNTIL: Final = "sync_whole_until"
"""Up to this sequence of a restored server own operations are pulled with their changes, to find their new places."""
BOOTSTRAP: Final = "sync_bootstrap"
"""Present while this folder may not be trusted to equal the server's and must begin from a snapshot."""
LAST: Final = 1 << 62
"""Beyond every place in the journal."""
_encode = msgspec.json.Encoder().encode


class ClientStore:
    """One workstation's database as its engine sees it. Methods are called from the engine's thread."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.device = runner.place.device

    def hello(self) -> Hello:
        """The first word, from what is saved."""
        with self.runner.read(SYSTEM) as read:
            run = run_of(read)
            return Hello(
                self.device, state(run, "practice") or "", self.runner.place.schema, int(state(run, CURSOR) or 0),
                _last_number(run, self.device), state(run, EPOCH),
            )  # fmt: skip

    def unsent(self, limit: int) -> list[Operation]:
        """The next own operations that no answer has come for, up to the next one of others that must go before."""
        with self.runner.read(SYSTEM) as read:
            run = run_of(read)
            again = int(state(run, AGAIN_UNTIL) or 0)
            acknowledged = int(state(run, ACKNOWLEDGED) or 0)
            found = own_operations(run, self.device, acknowledged, limit, before=_next_to_relay(run))
            lost = stranded(run, self.device, acknowledged)
            if not again and not lost:
                return found
            refused = dict(run.execute("SELECT operation, code FROM inbox_item").fetchall())
            clocks = dict(run.execute("SELECT id, hlc FROM clock_fix").fetchall())
            return [
                msgspec.structs.replace(it, again=True, refused=refused.get(it.id, ""), corrected=clocks.get(it.id))
                if it.number <= again
                else msgspec.structs.replace(it, refused="missing_row" if it.id in lost else "")
                for it in found
            ]

    def to_relay(self, limit: int) -> list[Operation]:
        """The next operations of others that the restored server may have lost, up to the next own one.

        Own and relayed ones go in the order in which they came here: an operation may change a row that the one before
        has made, whoever wrote them.
        """
        with self.runner.read(SYSTEM) as read:
            run = run_of(read)
            before = _next_unsent(run, self.device)
            ids = run.execute(
                "SELECT id FROM relay_item WHERE position BETWEEN 1 AND ? - 1 ORDER BY position LIMIT ?",
                (before, limit),
            ).fetchall()
            found = operations_named(run, [row[0] for row in ids])
            return [msgspec.structs.replace(it, again=True, sequence=None) for it in found]

    def relayed(self, reply: PushReply) -> None:
        """The server has these operations now; what it refused is taken back here, and not relayed again.

        An answer that is older than what was pulled meanwhile is left, and the operations are sent again.
        """

        def work(step: Step) -> ChangeSet:
            changes = ChangeSet()
            if any(it.fixes for it in reply.verdicts) and reply.head < int(state(step.raw, CURSOR) or 0):
                return changes
            pending = pending_columns(step.raw, self.device, int(state(step.raw, ACKNOWLEDGED) or 0))
            for verdict in reply.verdicts:
                if verdict.result is not Result.REJECTED:
                    step.raw.execute("DELETE FROM relay_item WHERE id = ?", (verdict.operation,))
                    continue
                step.raw.execute(
                    "UPDATE relay_item SET position = -position WHERE id = ? AND position > 0", (verdict.operation,)
                )
                if verdict.fixes:
                    changes = changes.followed_by(self._put_back(step, verdict, pending))
            step.wrote = True
            return changes

        self.runner.transact(work, foreign_keys=False)

    def waiting(self) -> int:
        """How many own operations have not been answered."""
        with self.runner.read(SYSTEM) as read:
            run = run_of(read)
            return _last_number(run, self.device) - int(state(run, ACKNOWLEDGED) or 0)

    def cursor(self) -> int:
        """How far the server's operations have been applied here."""
        with self.runner.read(SYSTEM) as read:
            return int(state(run_of(read), CURSOR) or 0)

    def whole_until(self) -> int:
        """The sequence up to which own operations are wanted with their changes."""
        with self.runner.read(SYSTEM) as read:
            return int(state(run_of(read), WHOLE_UNTIL) or 0)

    def join_epoch(self, reply: HelloReply) -> None:
        """Follow a server whose epoch is new: go back to what it has, and send again what it has not."""
        epoch, rewind_to = reply.epoch, reply.rewind_to

        def work(step: Step) -> ChangeSet:
            run = step.raw
            known, acknowledged = state(run, EPOCH), int(state(run, ACKNOWLEDGED) or 0)
            unsure: frozenset[str] = frozenset()
            if known is not None and known != epoch:
                unsure = self._unconfirmed(run)
                judged = max(acknowledged, _last_echo(run, self.device))
                set_state(run, CURSOR, str(min(int(state(run, CURSOR) or 0), rewind_to)))
                run.execute("UPDATE operation SET sequence = NULL WHERE sequence > ?", (rewind_to,))
                set_state(run, AGAIN_UNTIL, str(max(judged, int(state(run, AGAIN_UNTIL) or 0))))
                set_state(run, ACKNOWLEDGED, str(min(acknowledged, reply.have_number)))
                set_state(run, WHOLE_UNTIL, str(reply.head))
                run.execute(
                    "INSERT OR IGNORE INTO relay_item(id, position) SELECT id, n FROM operation WHERE device <> ?"
                    " AND sequence IS NULL AND device NOT LIKE 'fix:%' AND device NOT LIKE 'parked:%'"
                    " AND hash IS NOT NULL",
                    (self.device,),
                )
            set_state(run, EPOCH, epoch)
            self._heard(run)
            step.wrote = True
            return ChangeSet({"sealed_copy": unsure} if unsure else {})

        self.runner.transact(work)

    def _unconfirmed(self, run: Any) -> frozenset[str]:
        """A restored server may have lost files that it had confirmed: those that are here are offered again."""
        rows = run.execute("SELECT id FROM sealed_copy WHERE confirmed_at IS NOT NULL").fetchall()
        here = frozenset(name for (name,) in rows if self.runner.files.exists(name))
        run.executemany("UPDATE sealed_copy SET confirmed_at = NULL WHERE id = ?", [(name,) for name in here])
        return here

    def _heard(self, run: Any) -> None:
        set_state(run, SERVER_CONTACT, str(to_millis(self.runner.clock.now())))

    def acknowledge(self, reply: PushReply) -> None:
        """Keep the answers to a push: what was refused goes to the inbox and is put back as the server has it.

        A row that is put back must not be older than what was pulled meanwhile and stood aside for the own edit: such
        an answer is left, the operation is pushed again, and the server answers with the row of then.
        """

        def work(step: Step) -> ChangeSet:
            changes = ChangeSet()
            last = int(state(step.raw, ACKNOWLEDGED) or 0)
            for verdict in reply.verdicts:
                if verdict.number != last + 1:
                    continue
                if verdict.fixes and reply.head < int(state(step.raw, CURSOR) or 0):
                    break
                last = verdict.number
                changes = changes.followed_by(self._answered(step, verdict))
            set_state(step.raw, ACKNOWLEDGED, str(last))
            self._heard(step.raw)
            step.wrote = True
            return changes

        self.runner.transact(work, foreign_keys=False)

    def _answered(self, step: Step, verdict: Verdict) -> ChangeSet:
        run = step.raw
        place = (self.device, verdict.number)
        if verdict.sequence is not None:
            run.execute("UPDATE operation SET sequence = ? WHERE device = ? AND number = ?", (verdict.sequence, *place))
        row = run.execute("SELECT id FROM operation WHERE device = ? AND number = ?", place).fetchone()
        if row is not None and verdict.hlc is not None:
            _keep_clock(run, row[0], verdict.hlc)
        if row is not None and verdict.result is Result.REJECTED:
            self._to_inbox(step, row[0], verdict)
        if not verdict.fixes:
            return ChangeSet()
        return self._put_back(step, verdict, pending_columns(run, self.device, verdict.number))

    def _to_inbox(self, step: Step, operation_id: str, verdict: Verdict) -> None:
        """Keep what was typed in a refused operation, until a person has dealt with it."""
        run = step.raw
        mine = run.execute(
            "SELECT c.tbl, c.pk, c.kind, c.delta FROM change c JOIN operation o ON o.n = c.operation WHERE o.id = ?",
            (operation_id,),
        ).fetchall()
        if verdict.why == ERASED_PERSON:
            mine = []
        content = {
            "why": verdict.why,
            "changes": [[table, key, kind, msgspec.json.decode(delta or "{}")] for table, key, kind, delta in mine],
        }
        run.execute(
            "INSERT OR IGNORE INTO inbox_item(id, operation, code, content, received_at)"
            " VALUES(?, ?, ?, ?, CAST(unixepoch('subsec') * 1000 AS INTEGER))",
            (derived_id(operation_id, "rejected"), operation_id, verdict.why, _encode(content).decode()),
        )

    def _put_back(self, step: Step, verdict: Verdict, pending: Pending) -> ChangeSet:
        """Make the rows of an operation those of the server again, but for own columns that are on their way."""
        run = step.raw
        observe(run, max(fix.hlc for fix in verdict.fixes))
        author = f"fix:{self.device}"
        header = Header(
            new_id(), "remote", author, _last_number(run, author) + 1, TAKE_BACK, None, None, 0,
            self.runner.place.schema, None, None,
        )  # fmt: skip
        return step.remote(header, (None, verdict.why), lambda it: write_fixes(it, verdict.fixes, pending))

    def apply(self, page: Page) -> ChangeSet:
        """Apply a page and save its cursor, both or neither; a page that does not begin here is passed over."""

        def work(step: Step) -> ChangeSet:
            run = step.raw
            if page.start != int(state(run, CURSOR) or 0) or page.epoch != state(run, EPOCH):
                return ChangeSet()
            step.postpone_projections()
            arrived = [as_remote(operation) for operation in page.operations]
            here, own = numbers_here(run, arrived), OwnWrites(run, arrived)
            for operation, remote in zip(page.operations, arrived, strict=True):
                if operation.device == self.device:
                    _keep_clock(run, operation.id, operation.hlc)
                place = (operation.device, operation.number)
                if place not in here:
                    apply_later(step, remote, own)
                    if operation.origin == "erasure":
                        own = OwnWrites(run, arrived)  # what it emptied here must not come back
                    continue
                echoed(run, remote)
                if operation.device == self.device and operation.sequence is not None:
                    own.answered(operation.number, operation.sequence)
                if self._numbered_anew(operation, here[place]) or self._erased_here(operation):
                    self._once_more(step, operation)
                    own = OwnWrites(run, arrived)
            changes = step.project()
            set_state(run, CURSOR, str(page.next))
            self._heard(run)
            step.wrote = True
            return changes

        return self.runner.transact(work, foreign_keys=False)

    def _numbered_anew(self, operation: Operation, sequence: int | None) -> bool:
        """Whether this operation was here before the server was restored: its place among the others is new.

        An own one comes without its changes, unless it was asked for with them. `sequence` is the one that it has here.
        """
        own = operation.device == self.device and not operation.changes
        return not own and sequence is None

    def _erased_here(self, operation: Operation) -> bool:
        """Whether this is an own erasure that comes back: what others wrote before it may have come here since."""
        return operation.origin == "erasure" and operation.device == self.device

    def _once_more(self, step: Step, operation: Operation) -> None:
        """Write an operation again at its new place; what it has written first stays in the journal as it was."""
        step.raw.execute("DELETE FROM relay_item WHERE id = ?", (operation.id,))
        author = f"fix:{self.device}"
        once = msgspec.structs.replace(
            operation, id=new_id(), device=author, number=_last_number(step.raw, author) + 1, command=TAKE_BACK
        )
        echo_of = operation.number if self._erased_here(operation) else 0
        apply_one(step, msgspec.structs.replace(as_remote(once), echo_of=echo_of))

    def needs_bootstrap(self) -> bool:
        """Whether this folder must begin again from a snapshot."""
        with self.runner.read(SYSTEM) as read:
            return state(run_of(read), BOOTSTRAP) is not None

    def require_bootstrap(self) -> None:
        """Note that this folder must begin again from a snapshot."""

        def work(step: Step) -> ChangeSet:
            set_state(step.raw, BOOTSTRAP, "1")
            step.wrote = True
            return ChangeSet()

        self.runner.transact(work)


def _last_number(run: Any, device: str) -> int:
    row = run.execute("SELECT max(number) FROM operation WHERE device = ? AND hash IS NOT NULL", (device,)).fetchone()
    return int(row[0] or 0)


def _last_echo(run: Any, device: str) -> int:
    """The last own operation that came back in a page: it was judged, though its answer may not have been heard."""
    row = run.execute("SELECT max(number) FROM operation WHERE device = ? AND sequence > 0", (device,)).fetchone()
    return int(row[0] or 0)


def _keep_clock(run: Any, operation: str, hlc: int) -> None:
    """Keep the clock that the server has given an own operation, when it is another than its own."""
    run.execute(
        "INSERT INTO clock_fix(id, hlc) SELECT id, ? FROM operation WHERE id = ? AND hlc <> ?"
        " ON CONFLICT(id) DO UPDATE SET hlc = excluded.hlc",
        (hlc, operation, hlc),
    )


def _next_unsent(run: Any, device: str) -> int:
    """The place in the journal of the first own operation that no answer has come for."""
    row = run.execute(
        "SELECT min(n) FROM operation WHERE device = ? AND number > ? AND hash IS NOT NULL",
        (device, int(state(run, ACKNOWLEDGED) or 0)),
    ).fetchone()
    return LAST if row[0] is None else int(row[0])


def _next_to_relay(run: Any) -> int:
    """The place in the journal of the first operation of others that the restored server may have lost."""
    (found,) = run.execute("SELECT min(position) FROM relay_item WHERE position > 0").fetchone()
    return LAST if found is None else int(found)
