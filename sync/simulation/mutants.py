"""The protocol broken on purpose, one rule at a time: a simulation that lets one of these live proves nothing.

Each is a mistake that was really made in some synchronisation (sync.md §2 and §7.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

import msgspec

from app.journal import operations as journal_operations
from app.journal import remote
from app.journal.chain import GENESIS
from app.journal.changes import ChangeSet
from app.journal.operations import set_state, state
from app.journal.queries import SYSTEM, Reading
from app.journal.step import Step
from sync.client import store as client
from sync.client.engine import Engine
from sync.client.store import ClientStore
from sync.protocol.messages import Page, Pull, PushReply, Result, Verdict
from sync.server import intake, standing, store
from sync.server.intake import Intake
from sync.server.standing import epochs_of
from sync.server.store import ServerStore

Mutant = Callable[[], Any]
MUTANTS: Final[dict[str, Mutant]] = {}


def mutant(make: Mutant) -> Mutant:
    """Register a mutant under its function's name; it returns a context manager that breaks one rule."""
    MUTANTS[make.__name__] = make
    return make


@contextmanager
def alive(name: str) -> Iterator[None]:
    """The protocol with this mistake in it."""
    with MUTANTS[name]():
        yield


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
            set_state(self.runner.database.connection, "acknowledged", str(found[-1].number))  # type: ignore[attr-defined]
        return found

    return patch.object(ClientStore, "unsent", clear)


@mutant
def cursor_from_ack() -> Any:
    """The answer to a push moves the cursor."""
    acknowledge = ClientStore.acknowledge

    def move(self: ClientStore, reply: PushReply) -> None:
        acknowledge(self, reply)
        set_state(self.runner.database.connection, "sync_cursor", str(reply.head))  # type: ignore[attr-defined]

    return patch.object(ClientStore, "acknowledge", move)


@mutant
def cursor_saved_before_rows() -> Any:
    """The cursor is committed before the page that it stands for."""
    apply = ClientStore.apply

    def early(self: ClientStore, page: Page) -> ChangeSet:
        image = self.runner.database.connection  # type: ignore[attr-defined]
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
        image = self.runner.database.connection  # type: ignore[attr-defined]
        start = int(state(image, "sync_cursor") or 0)
        return apply(self, msgspec.structs.replace(page, start=start))

    def forget(self: Engine, request: Any, reply: Any, now: int) -> None:
        lane = self._lane_of(request)
        lane.sent = request
        RECEIVED(self, request, reply, now)

    return _both(patch.object(ClientStore, "apply", blind), patch.object(Engine, "received", forget))


RECEIVED = Engine.received


@mutant
def wall_clock_instead_of_logical() -> Any:
    """Edits are stamped with the wall clock alone."""
    return patch.object(journal_operations, "tick", lambda last, millis: millis << 16)


@mutant
def arrival_order_wins() -> Any:
    """What arrives last at the server wins, whenever it was written."""
    return patch.object(remote, "field_clocks", lambda run, table, key, since=0: {})


@mutant
def no_conflict_record() -> Any:
    """Detectors find nothing."""
    return patch.object(intake, "detect_all", lambda read, arrived: [])


@mutant
def superseded_edits_undetected() -> Any:
    """Detectors look only at what had an effect."""
    apply = Intake._apply

    def only_winners(self: Intake, reading: Any, operation: Any, hlc: int) -> int | None:
        with patch.object(intake, "detect_all", lambda read, arrived: []):
            return apply(self, reading, operation, hlc)

    return patch.object(Intake, "_apply", only_winners)


@mutant
def silent_refusal() -> Any:
    """What the server refused is not kept for its author."""
    return patch.object(ClientStore, "_to_inbox", lambda self, step, operation_id, verdict: None)


@mutant
def refused_rows_stay() -> Any:
    """What the server refused stays on the workstation that wrote it."""
    return patch.object(ClientStore, "_put_back", lambda self, step, verdict, pending: ChangeSet())


@mutant
def fixes_over_pending_edits() -> Any:
    """Putting back a refused row also overwrites what was written since."""
    return patch.object(client, "pending_columns", lambda run, device, after: {})


@mutant
def pulled_over_pending_edits() -> Any:
    """A pulled change overwrites an own edit that the server has not answered."""
    return patch.object(remote, "_decided_later", lambda own, change, sequence: {})


@mutant
def page_splits_an_operation() -> Any:
    """A page may end in the middle of an operation."""
    pull = ServerStore.pull

    def cut(self: ServerStore, wish: Pull) -> Page:
        page = pull(self, wish)
        whole = [msgspec.structs.replace(it, changes=it.changes[:1]) for it in page.operations]
        return msgspec.structs.replace(page, operations=tuple(whole))

    return patch.object(ServerStore, "pull", cut)


@mutant
def restore_without_epoch() -> Any:
    """A restored server does not say so."""
    return patch.object(ServerStore, "begin_epoch", lambda self: "")


@mutant
def restore_forgets_earlier_epochs() -> Any:
    """A workstation that missed a restore goes back only to the last one."""
    return patch.object(store, "rewind_to", lambda run, epoch: max([end for _n, end in epochs_of(run)] or [0]))


@mutant
def no_relay_after_restore() -> Any:
    """Only its author may bring back what a restored server has lost."""
    return patch.object(ClientStore, "to_relay", lambda self, limit: [])


@mutant
def revoked_actors_accepted() -> Any:
    """Nobody asks who wrote it."""
    from sync.simulation.world import World

    return patch.object(World, "_authorise", lambda self, reading, operation: "")


@mutant
def stale_configuration_accepted() -> Any:
    """CONFIG rows are taken whatever their author saw; the first and the last writer do not know of each other."""
    unfit = Intake._unfit

    def lenient(self: Intake, operation: Any) -> str:
        why = unfit(self, operation)
        return "" if why == "stale" else why

    return patch.object(Intake, "_unfit", lenient)


@mutant
def clock_in_the_future_accepted() -> Any:
    """A workstation whose clock runs four years ahead wins every edit."""
    return patch.object(intake, "_corrected", lambda hlc, last, now: hlc)


@mutant
def corrected_before_what_it_saw() -> Any:
    """A clock that ran ahead is put to now, though its author had seen a value that is stamped later."""
    after = Intake._after_what_it_saw

    def blind(self: Intake, operation: Any, hlc: int) -> int:
        return after(self, operation, hlc) if self._was_restored else hlc

    return patch.object(Intake, "_after_what_it_saw", blind)


@mutant
def past_never_read() -> Any:
    """What comes is taken for later than everything that is here."""
    return patch.object(Step, "newest_clock", -1)


@mutant
def losses_untold() -> Any:
    """Of an operation that was taken in, its author is not told which of its rows stand otherwise."""
    return patch.object(Intake, "_lost", lambda self, operation: ())


@mutant
def own_writes_forgotten_by_a_page() -> Any:
    """An own operation that comes back in a page lets the rest of the page go over all other own writes."""
    return patch.object(remote.OwnWrites, "answered", lambda self, number, sequence: self._rows.clear())


@mutant
def raw_writes_ignore_what_they_replace() -> Any:
    """A write of a database browser is stamped with the moment alone, though it replaced a later one."""
    return patch.object(journal_operations, "_replaced_hlc", lambda run, first, last: 0)


@mutant
def missing_rows_accepted() -> Any:
    """An edit of a row whose making was refused is taken in, and lost in silence."""
    unfit = Intake._unfit

    def lenient(self: Intake, operation: Any) -> str:
        why = unfit(self, operation)
        return "" if why == "missing_row" else why

    return patch.object(Intake, "_unfit", lenient)


@mutant
def fix_without_its_clock() -> Any:
    """A row that was put back does not move the clock of who has now seen it."""
    return patch.object(client, "observe", lambda run, hlc: None)


@mutant
def old_row_put_back() -> Any:
    """A row that was put back may be older than what was pulled meanwhile."""
    acknowledge = ClientStore.acknowledge

    def blind(self: ClientStore, reply: PushReply) -> None:
        acknowledge(self, msgspec.structs.replace(reply, head=1 << 40))

    return patch.object(ClientStore, "acknowledge", blind)


@mutant
def amounts_of_refused_operations_stay() -> Any:
    """An operation is applied before it is judged, and what was refused is not taken back."""
    refusal = Intake._refusal

    def late(self: Intake, reading: Any, operation: Any) -> str:
        why = refusal(self, reading, operation)
        if why:
            entries = tuple(it for it in operation.changes if it.table == "sim_entry")
            other = msgspec.structs.replace(operation, id=f"{operation.id}+", device="nobody", changes=entries)
            self._apply(reading, other, operation.hlc)
        return why

    return patch.object(Intake, "_refusal", late)


@mutant
def old_slots_purged() -> Any:
    """The server clears away what it holds for old."""
    keep = Intake._keep

    def purge(self: Intake, known: Any) -> None:
        keep(self, known)
        oldest = "DELETE FROM sim_slot WHERE id = (SELECT min(id) FROM sim_slot)"
        self._step.operation(SYSTEM, journal_operations.Draft("purge", SYSTEM.id), lambda tx: tx.raw.execute(oldest))

    return patch.object(Intake, "_keep", purge)


@mutant
def parked_columns_dropped() -> Any:
    """What an older version does not know is thrown away."""
    return patch.object(remote, "_park", lambda run, operation, change, place: None)


@mutant
def parked_changes_never_replayed() -> Any:
    """After an update nobody looks at what was parked."""
    from sync.simulation import world

    return patch.object(world, "after_upgrade", lambda runner: 0)


@mutant
def cursor_goes_back() -> Any:
    """A page that is empty puts the cursor back to the beginning."""
    apply = ClientStore.apply

    def back(self: ClientStore, page: Page) -> ChangeSet:
        made = apply(self, page)
        if not page.operations or len(page.operations) % 3 == 0:
            set_state(self.runner.database.connection, "sync_cursor", "0")  # type: ignore[attr-defined]
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

    kept = step.refresh_projections  # type: ignore[attr-defined]

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

    return _both(patch.object(Engine, "failed", never), patch.object(engine._Lane, "is_free", stalled))


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


@mutant
def given_up_unasked() -> Any:
    """What the server once confirmed is given up without asking it again: it may have been restored since."""
    from sync.client import making_room
    from sync.client.sending_files import Sender
    from sync.protocol.files import FileStanding
    from sync.simulation import files

    def blind(runner: Any, sender: Sender, channel: Any, budget: int) -> int:
        held = lambda self, channel, names: {name: FileStanding(name, True) for name in names}  # noqa: E731
        with patch.object(Sender, "standings", held):
            return making_room.make_room(runner, sender, channel, budget)

    return patch.object(files, "make_room", blind)


@mutant
def held_before_it_is_whole() -> Any:
    """The server says that it holds a file of which the first piece has arrived."""
    from sync.protocol.files import FileStanding
    from sync.server.files import PracticeFiles

    take = PracticeFiles.take

    def hasty(self: PracticeFiles, name: str, offset: int, size: int, piece: bytes) -> FileStanding:
        take(self, name, offset, size, piece)
        return FileStanding(name, True, size, size)

    return patch.object(PracticeFiles, "take", hasty)


@mutant
def restored_server_is_believed() -> Any:
    """A file that a server confirmed before it was put back is not offered to it again."""
    return patch.object(ClientStore, "_unconfirmed", lambda self, run: frozenset())


@contextmanager
def _both(*patches: Any) -> Iterator[None]:
    with patches[0], patches[1]:
        yield
