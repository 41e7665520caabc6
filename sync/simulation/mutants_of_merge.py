"""Mistakes of the merge: clocks, refusals, rights, epochs and what they take back."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import msgspec

from app.journal import operations as journal_operations
from app.journal import remote
from app.journal.changes import ChangeSet
from app.journal.queries import SYSTEM
from app.journal.step import Step
from sync.client import store as client
from sync.client.store import ClientStore
from sync.protocol.messages import Page, Pull, PushReply
from sync.server import intake, store
from sync.server.intake import Intake
from sync.server.standing import epochs_of
from sync.server.store import ServerStore
from sync.simulation.mutation import mutant


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
