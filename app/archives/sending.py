"""What the machine that sends writes: decisions, transfers, and how archives answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from app.archives.facts import Routed, facts_of, router_of
from app.archives.model import ArchiveStanding, RouteDecision, Transfer, VnaConfiguration
from app.archives.permissions import SEND_IMAGES
from app.archives.routing import Decision, Destination
from app.archives.settings import FIRST_RETRY_SECONDS, MOST_TRIES
from app.archives.vocabulary import (
    LASTING,
    OF_THE_ARCHIVE,
    ArchiveId,
    Failure,
    SendMode,
    TransferId,
    TransferState,
)
from app.core.i18n import N_
from app.core.ids import derived_id
from app.imaging.vocabulary import InstanceId
from app.journal.commands import command
from app.journal.transaction import Transaction

AT_ONCE: Final = 100
"""Images of one operation."""
LONGEST_REST: Final = timedelta(hours=6)
FAILURES_BEFORE_REST: Final = 2


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of one transfer; `status` is the DIMSE status, None when no answer came."""

    transfer_id: TransferId
    state: TransferState
    failure: Failure | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Probed:
    """One capability of an archive: whether it works, and the reason when it does not (a msgid)."""

    capability: str
    works: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """How an archive answered: None when it did. `probes` replace the last ones when there are any."""

    archive_id: ArchiveId
    failure: Failure | None = None
    probes: list[Probed] = field(default_factory=list)


@command(permission=SEND_IMAGES, label=N_("Route images"), hidden=True)
def route_images(tx: Transaction, instance_ids: list[InstanceId]) -> int:
    """Decide where images go, once for each, and queue them. Tells how many were decided."""
    read = tx.reading()
    known = set(tx.all(select(RouteDecision.id).where(RouteDecision.id.in_(instance_ids))))
    router, titles = router_of(read)
    archives = {row.id: row for row in tx.all(select(VnaConfiguration))}
    done = 0
    for item in facts_of(read, [one for one in instance_ids if one not in known][:AT_ONCE]):
        decision = router.decide(item.facts, titles.get(item.calling_ae, ()))
        tx.add(_decided(tx, item, decision))
        for one in decision.destinations:
            _queue(tx, item, one, archives.get(one.archive_id))
        done += 1
    return done


def _decided(tx: Transaction, item: Routed, decision: Decision) -> RouteDecision:
    return RouteDecision(
        id=item.instance_id, study_id=item.study_id, at=tx.now, by_default=decision.by_default,
        destinations=[[one.archive_id, one.rule_id, list(one.alternatives)] for one in decision.destinations],
        returned=list(decision.returned),
        steps=[[step.rule_id, step.why.value, step.condition] for step in decision.steps],
    )  # fmt: skip


def _queue(tx: Transaction, item: Routed, one: Destination, archive: VnaConfiguration | None) -> None:
    key = TransferId(derived_id("transfer", item.instance_id, one.archive_id))
    if archive is None or tx.find(Transfer, key) is not None:
        return
    due = tx.now + timedelta(seconds=one.delay)
    if archive.send_mode is SendMode.STABLE:
        due = max(due, tx.now + timedelta(seconds=archive.stable_seconds))
        joined = (Transfer.study_id == item.study_id, Transfer.archive_id == archive.id, Transfer.attempts == 0)
        waiting = Transfer.state == TransferState.WAITING
        tx.connection.execute(update(Transfer).where(*joined, waiting, Transfer.due_at < due).values(due_at=due))
    tx.add(
        Transfer(
            id=key, instance_id=item.instance_id, study_id=item.study_id, archive_id=one.archive_id,
            rule_id=one.rule_id, alternatives=list(one.alternatives), priority=one.priority, queued_at=tx.now,
            due_at=due, verification=one.verification or archive.verification,
        )
    )  # fmt: skip
    tx.session.flush()
    tx.touch_local(Transfer, key)


@command(permission=SEND_IMAGES, label=N_("Note what was sent"), hidden=True)
def note_sent(tx: Transaction, sent: list[Sent]) -> None:
    """Keep what came of transfers: what failed is tried again later and later, or given up when that cannot help."""
    for item in sent:
        row = tx.find(Transfer, item.transfer_id)
        if row is None:
            continue
        row.status, row.failure = item.status, item.failure
        if item.failure is None:
            row.state = item.state
            row.sent_at = row.sent_at or tx.now
            row.verified_at = tx.now if item.state is TransferState.VERIFIED else None
        else:
            _failed(tx, row, item.failure)
        tx.touch_local(Transfer, row.id)


def _failed(tx: Transaction, row: Transfer, failure: Failure) -> None:
    row.attempts += 1
    if row.alternatives:
        _instead(tx, row)
        return
    if failure in LASTING or (failure not in OF_THE_ARCHIVE and row.attempts >= tx.setting(MOST_TRIES)):
        row.state = TransferState.DEAD
        return
    row.state = TransferState.WAITING
    row.due_at = tx.now + _pause(tx, row.id, row.attempts)


def _pause(tx: Transaction, key: str, attempts: int) -> timedelta:
    """Twice as long each time, up to six hours, and not for all at the same moment (a tenth, by the id)."""
    first = tx.setting(FIRST_RETRY_SECONDS)
    seconds = min(first * 2 ** min(attempts - 1, 20), LONGEST_REST.total_seconds())
    share = int(key[-4:], 16) / 0xFFFF
    return timedelta(seconds=seconds * (0.9 + 0.2 * share))


def _instead(tx: Transaction, row: Transfer) -> None:
    """The next archive of a rule that wants the first one that works."""
    following, *others = row.alternatives
    row.state, row.alternatives = TransferState.REPLACED, []
    key = TransferId(derived_id("transfer", row.instance_id, following))
    archive = tx.find(VnaConfiguration, following)
    if archive is None or tx.find(Transfer, key) is not None:
        return
    tx.add(
        Transfer(
            id=key, instance_id=row.instance_id, study_id=row.study_id, archive_id=following, rule_id=row.rule_id,
            alternatives=others, priority=row.priority, queued_at=tx.now, due_at=tx.now,
            verification=archive.verification,
        )
    )  # fmt: skip
    tx.touch_local(Transfer, key)


@command(permission=SEND_IMAGES, label=N_("Note how an archive answers"), hidden=True)
def note_answer(tx: Transaction, answered: Answered) -> None:
    """Keep whether an archive answers. After two failures in a row its queue rests, longer and longer."""
    row = tx.find(ArchiveStanding, answered.archive_id) or tx.add(ArchiveStanding(id=answered.archive_id, failures=0))
    row.failure = answered.failure
    if answered.failure is None:
        row.failures, row.resting_until, row.answered_at = 0, None, tx.now
    else:
        row.failures += 1
        if row.failures >= FAILURES_BEFORE_REST:
            row.resting_until = tx.now + _pause(tx, row.id, row.failures - 1)
    if answered.probes:
        row.probed_at = tx.now
        row.capabilities = [[one.capability, one.works, str(one.reason)] for one in answered.probes]
    tx.touch_local(ArchiveStanding, row.id)
