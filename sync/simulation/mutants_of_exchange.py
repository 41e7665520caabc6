"""Mistakes of the exchange: what is sent, received, numbered and tried again."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import msgspec

from app.journal import operations as journal_operations
from app.journal import remote
from app.journal.chain import GENESIS
from app.journal.changes import ChangeSet
from app.journal.operations import set_state, state
from app.journal.queries import SYSTEM, Reading
from sync.client import store as client
from sync.client.engine import Engine
from sync.client.store import ClientStore
from sync.protocol.messages import Page, Pull, PushReply, Result, Verdict
from sync.server import intake, standing
from sync.server.intake import Intake
from sync.server.store import ServerStore
from sync.simulation.mutation import both, mutant

RECEIVED = Engine.received


@mutant
def no_dedupe() -> Any:
    """A number that is known is taken in again."""

    def take(self: Intake, _known: Any, operation: Any) -> Any:
        fresh = msgspec.structs.replace(operation, id=f"{operation.id}+", number=operation.number + 1_000_000)
        reading = Reading(self._step.connection, self._step.runner.clock, SYSTEM)
        changes = tuple(msgspec.structs.replace(c, key=f"{c.key}+") for c in operation.changes if c.kind == "ins")
        self._apply(reading, msgspec.structs.replace(fresh, changes=changes), operation.hlc)
        return Verdict(operation.number, Result.DUPLICATE, operation.id)

    return patch.object(Intake, "_again", take)


@mutant
def dedupe_in_another_transaction() -> Any:
    """How far a device has come is not saved with what it wrote."""
    kept = Intake._keep

    def keep(self: Intake, known: Any) -> None:
        if known.last_number % 3:
            kept(self, known)

    return patch.object(Intake, "_keep", keep)


@mutant
def outbox_cleared_on_send() -> Any:
    """What has been sent counts as received."""
    unsent = ClientStore.unsent

    def clear(self: ClientStore, limit: int) -> Any:
        found = unsent(self, limit)
        if found:
            set_state(self.runner.database.connection, "acknowledged", str(found[-1].number))  # type: ignore[attr-defined]  # an image
        return found

    return patch.object(ClientStore, "unsent", clear)


@mutant
def cursor_from_ack() -> Any:
    """The answer to a push moves the cursor."""
    acknowledge = ClientStore.acknowledge

    def move(self: ClientStore, reply: PushReply) -> None:
        acknowledge(self, reply)
        set_state(self.runner.database.connection, "sync_cursor", str(reply.head))  # type: ignore[attr-defined]  # an image

    return patch.object(ClientStore, "acknowledge", move)


@mutant
def cursor_saved_before_rows() -> Any:
    """The cursor is committed before the page that it stands for."""
    apply = ClientStore.apply

    def early(self: ClientStore, page: Page) -> ChangeSet:
        image = self.runner.database.connection  # type: ignore[attr-defined]  # an image
        if page.start != int(state(image, "sync_cursor") or 0):
            return ChangeSet()
        set_state(image, "sync_cursor", str(page.next))
        with patch.object(client, "CURSOR", "elsewhere"):
            set_state(image, "elsewhere", str(page.start))
            return apply(self, page)

    return patch.object(ClientStore, "apply", early)


@mutant
def next_is_head_on_a_cut_page() -> Any:
    """A page that was cut says that it reaches to the head."""
    pull = ServerStore.pull

    def skip(self: ServerStore, wish: Pull) -> Page:
        page = pull(self, msgspec.structs.replace(wish, maximum=3))
        return msgspec.structs.replace(page, next=max(page.next, page.head))

    return patch.object(ServerStore, "pull", skip)


@mutant
def stale_page_accepted() -> Any:
    """A page that does not begin at the cursor is applied and moves it."""
    apply = ClientStore.apply

    def blind(self: ClientStore, page: Page) -> ChangeSet:
        image = self.runner.database.connection  # type: ignore[attr-defined]  # an image
        start = int(state(image, "sync_cursor") or 0)
        return apply(self, msgspec.structs.replace(page, start=start))

    def forget(self: Engine, request: Any, reply: Any, now: int) -> None:
        lane = self._lane_of(request)
        lane.sent = request
        RECEIVED(self, request, reply, now)

    return both(patch.object(ClientStore, "apply", blind), patch.object(Engine, "received", forget))


@mutant
def cursor_goes_back() -> Any:
    """A page that is empty puts the cursor back to the beginning."""
    apply = ClientStore.apply

    def back(self: ClientStore, page: Page) -> ChangeSet:
        made = apply(self, page)
        if not page.operations or len(page.operations) % 3 == 0:
            set_state(self.runner.database.connection, "sync_cursor", "0")  # type: ignore[attr-defined]  # an image
        return made

    return patch.object(ClientStore, "apply", back)


@mutant
def numbers_skipped() -> Any:
    """The server takes an operation whose forerunner it has not seen."""
    take = Intake.take

    def lenient(self: Intake, push: Any) -> Any:
        if len(push.operations) > 1:
            push = msgspec.structs.replace(push, operations=push.operations[1:])
            known = standing.device_named(self._step.raw, push.device)
            if known is not None and push.operations[0].number == known.last_number + 2:
                self._step.raw.execute(
                    "UPDATE server_device SET last_number = last_number + 1 WHERE id = ?",
                    (push.device,),
                )
                with patch.object(intake, "is_chained", lambda previous, operation: True):
                    return take(self, push)
        return take(self, push)

    return patch.object(Intake, "take", lenient)


@mutant
def events_may_be_rewritten() -> Any:
    """An event that is known is overwritten by what comes again under its id."""

    def overwrite(run: Any, operation: Any, change: Any) -> None:
        values = {**change.values, "amount": change.values.get("amount", 0) + 1}
        names = ", ".join(f'"{name}"' for name in values)
        run.execute(
            f'INSERT INTO "{change.table}"({names}) VALUES({", ".join("?" * len(values))})', tuple(values.values())
        )

    return patch.object(remote, "_insert_event", overwrite)


@mutant
def projections_left_behind() -> Any:
    """What is derived is not computed again for what arrives."""
    from app.journal import step

    kept = step.refresh_projections  # type: ignore[attr-defined]  # imported there

    def lazy(read: Any, changes: Any) -> Any:
        return changes if changes.origin == "remote" else kept(read, changes)

    return patch.object(step, "refresh_projections", lazy)


@mutant
def receipts_lost() -> Any:
    """An operation gets no receipt: nobody can say what was answered."""
    judge = Intake._judge

    def forget(self: Intake, known: Any, operation: Any) -> Any:
        verdict = judge(self, known, operation)
        if operation.number % 4 == 0:
            self._receipts.pop()
        return verdict

    return patch.object(Intake, "_judge", forget)


@mutant
def retries_never() -> Any:
    """A request that failed is never tried again."""

    def never(self: Engine, request: Any, now: int, **given: Any) -> None:
        self._lane_of(request).not_before = 1 << 60

    def stalled(self: Any, now: int) -> bool:
        return self.sent is None and now >= self.not_before

    from sync.client import engine

    return both(patch.object(Engine, "failed", never), patch.object(engine._Lane, "is_free", stalled))


@mutant
def another_number_given_out() -> Any:
    """The server gives out a number that is not its own order's."""
    apply = Intake._apply

    def renumber(self: Intake, reading: Any, operation: Any, hlc: int) -> int | None:
        given = apply(self, reading, operation, hlc)
        if given is not None and given % 7 == 0:
            self._step.raw.execute("UPDATE operation SET sequence = ? WHERE n = ?", (given + 1, given))
        return given

    return patch.object(Intake, "_apply", renumber)


@mutant
def captured_in_part() -> Any:
    """One table has lost its triggers: what is written there leaves no trace and is never sent."""
    from sync.simulation.world import World

    start = World.start

    def bare(self: World, node: Any) -> None:
        start(self, node)
        for (name,) in node.image.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'sim_slot'"
        ).fetchall():
            node.image.execute(f'DROP TRIGGER "{name}"')

    return patch.object(World, "start", bare)


@mutant
def answered_ahead() -> Any:
    """A number is answered that nobody has sent."""
    judge = Intake._judge

    def ahead(self: Intake, known: Any, operation: Any) -> Any:
        verdict = judge(self, known, operation)
        if operation.number == 5:
            self._step.raw.execute(
                "INSERT INTO server_receipt(id, hash, result, why) VALUES(?, '', 'rejected', '')",
                (f"{operation.device}/{operation.number + 1_000}",),
            )
        return verdict

    return patch.object(Intake, "_judge", ahead)


@mutant
def chain_of_single_links() -> Any:
    """No operation is linked to the one before it."""
    head = journal_operations.read_head

    def alone(run: Any, device: str) -> Any:
        found = head(run, device)
        return journal_operations.Head(found.number, GENESIS, found.hlc)

    return patch.object(journal_operations, "read_head", alone)
