"""The server's side of the protocol over its own database: one writer, one transaction for each request.

The sequence of an operation is its row number in the server's journal: it is given inside the committing transaction
by the only writer, so that no reader ever sees a number before a smaller one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from app.core.clock import to_millis
from app.core.ids import new_id
from app.journal.changes import ChangeSet
from app.journal.operations import become, set_state, state
from app.journal.queries import SYSTEM
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
)
from sync.protocol.packing import accepted_operations, run_of
from sync.server.intake import Authorise, Intake
from sync.server.standing import EPOCH, Known, begin_epoch, device_named, head_of, rewind_to

OLDEST_SCHEMA: Final = 1


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
            _begin_first_epoch(step.raw)
            step.wrote = True
            return ChangeSet()

        self.runner.transact(work)

    def ensure_epoch(self) -> str:
        """Give a new server its first epoch; the epoch that it is in."""

        def work(step: Step) -> ChangeSet:
            step.wrote = _begin_first_epoch(step.raw)
            return ChangeSet()

        self.runner.transact(work)
        with self.runner.read(SYSTEM) as read:
            return state(run_of(read), EPOCH) or ""

    def revoke(self, device: str) -> None:
        """Close the door to a device; what it still sends is set aside, and it gets nothing any more."""

        def work(step: Step) -> ChangeSet:
            step.raw.execute(
                "UPDATE server_device SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                (to_millis(self.runner.clock.now()), device),
            )
            step.wrote = True
            return ChangeSet()

        self.runner.transact(work)

    def begin_epoch(self) -> str:
        """After a restore: a new epoch, from which every workstation notices that sequences count anew.

        The server’s own operations go under a new device id from the next opening on: its old numbers were given.
        """
        begun: list[str] = []

        def work(step: Step) -> ChangeSet:
            begun.append(begin_epoch(step.raw, self._now()))
            become(step.raw, new_id())
            step.wrote = True
            return ChangeSet()

        self.runner.transact(work)
        return begun[0]

    # -- the protocol ---------------------------------------------------------------------------------------
    def hello(self, hello: Hello) -> HelloReply:
        """Where this workstation stands, and what it must do first."""
        with self.runner.read(SYSTEM) as read:
            run = run_of(read)
            known = device_named(run, hello.device)
            must = _must(run, hello, known)
            return HelloReply(
                state(run, EPOCH) or "", self._now(), head_of(run), known.last_number if known else 0,
                rewind_to(run, hello.epoch), must,
            )  # fmt: skip

    def push(self, push: Push) -> PushReply:
        """Take operations in, in order, each whole; what was taken in before is answered from its receipt."""
        reply = self.push_all([push])[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    def push_all(self, pushes: Sequence[Push]) -> list[PushReply | Exception]:
        """Take in several pushes by one commit: one wait for the disk for all of them.

        An error takes back the push that met it, and only that one; its answer is then the error.
        """
        made: list[PushReply | Exception] = []

        def work(step: Step) -> ChangeSet:
            made.clear()
            changes = ChangeSet()
            for push in pushes:
                step.raw.execute("SAVEPOINT push")
                step.postpone_projections()
                erased, unsealed = step.erased, set(step.unsealed)
                try:
                    intake = Intake(step, self._authorise, self._now())
                    reply = intake.take(push)
                    intake.project()
                    changes = changes.followed_by(intake.changes)
                    made.append(reply)
                except Exception as error:
                    step.raw.execute("ROLLBACK TO push")
                    step.erased, step.unsealed = erased, unsealed
                    made.append(error)
                step.raw.execute("RELEASE push")
            return changes

        self.runner.transact(work, foreign_keys=False)
        heads = [reply.head for reply in made if isinstance(reply, PushReply) and reply.verdicts]
        if heads:
            self._on_head(max(heads))
        return made

    def pull(self, pull: Pull) -> Page:
        """The operations after a cursor, whole ones, as many as were asked for."""
        with self.runner.read(SYSTEM) as read:
            run = run_of(read)
            epoch, head = state(run, EPOCH) or "", head_of(run)
            known = device_named(run, pull.device)
            if known is None:
                return Page(epoch, self._now(), pull.cursor, pull.cursor, head, must=Must.REENROL)
            if known.is_revoked:
                return Page(epoch, self._now(), pull.cursor, pull.cursor, head, must=Must.REVOKED)
            if pull.epoch != epoch:
                return Page(epoch, self._now(), pull.cursor, pull.cursor, head, must=Must.REPUSH)
            found = accepted_operations(run, pull.cursor, pull.maximum)
            reached = found[-1].sequence if found else max(pull.cursor, head)
            assert reached is not None
            return Page(epoch, self._now(), pull.cursor, reached, head, tuple(_for(pull, it) for it in found))

    def head(self) -> int:
        """The newest sequence."""
        with self.runner.read(SYSTEM) as read:
            return head_of(run_of(read))

    def _now(self) -> int:
        return to_millis(self.runner.clock.now())


def _begin_first_epoch(run: Any) -> bool:
    if state(run, EPOCH):
        return False
    set_state(run, EPOCH, new_id())
    return True


def _for(pull: Pull, operation: Operation) -> Operation:
    """An operation as this device gets it: of its own it needs only the sequence, but of an erasure also what the
    server blanked beyond what the device knew.
    """
    if pull.whole or operation.device != pull.device or operation.origin == "erasure":
        return operation
    return msgspec.structs.replace(operation, changes=())


def _must(run: Any, hello: Hello, known: Known | None) -> Must | None:
    if known is None or hello.practice != state(run, "practice"):
        return Must.REENROL
    if known.is_revoked:
        return Must.REVOKED
    if hello.protocol != PROTOCOL or not hello.schema >= OLDEST_SCHEMA:
        return Must.UPGRADE
    if hello.epoch is not None and hello.epoch != state(run, EPOCH):
        return Must.REPUSH
    if hello.last_number < known.last_number:
        return Must.REENROL  # its folder was put back to an older day: the numbers would be used twice
    return None
