"""What screens and senders ask about archives, routes and queues; and about backups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from app.archives.facts import facts_of, router_of, rules_of
from app.archives.model import ArchiveStanding, RouteDecision, RoutingRule, Transfer, VnaConfiguration
from app.archives.permissions import MANAGE_ARCHIVES, SEE_ARCHIVES
from app.archives.routing import Condition, Rule
from app.archives.standing import (
    BackupLine,
    BackupStanding,
    backup_standing,
    is_due,
    standing_of,
)
from app.archives.vocabulary import (
    ARCHIVE_KIND_LABELS,
    COMPARISON_LABELS,
    FACT_LABELS,
    FAILURE_LABELS,
    SPREAD_LABELS,
    VERIFICATION_LABELS,
    ArchiveId,
    ArchiveKind,
    Comparison,
    Failure,
    RoutingRuleId,
    SendMode,
    Spread,
    TransferId,
    TransferState,
    Verification,
    Why,
)
from app.core.i18n import N_
from app.imaging.model import Instance, Study
from app.imaging.vocabulary import InstanceId, StudyId
from app.journal.commands import query
from app.journal.queries import Reading

__all__ = [
    "ARCHIVE_KIND_LABELS",
    "COMPARISON_LABELS",
    "FACT_LABELS",
    "FAILURE_LABELS",
    "SPREAD_LABELS",
    "VERIFICATION_LABELS",
    "ArchiveId",
    "ArchiveLine",
    "BackupLine",
    "BackupStanding",
    "Comparison",
    "Condition",
    "DeadLine",
    "DryRunLine",
    "DueTransfer",
    "Explanation",
    "Reason",
    "RuleLine",
    "Spread",
    "archives",
    "backup_standing",
    "dead_transfers",
    "dry_run",
    "due_transfers",
    "is_due",
    "route_explanations",
    "routing_rules",
    "standing_of",
]  # fmt: skip
MOST_LINES: Final = 500


@dataclass(frozen=True, slots=True)
class ArchiveLine:
    """An archive with its queue on this machine. `capabilities` are (name, works, reason msgid) of the last probe."""

    archive_id: ArchiveId
    name: str
    kind: ArchiveKind
    host: str | None
    port: int | None
    ae_title: str | None
    base_url: str | None
    tls: bool
    verification: Verification
    send_mode: SendMode
    stable_seconds: int
    associations: int
    is_default: bool
    enabled: bool
    waiting: int
    sent: int
    verified: int
    dead: int
    oldest_at: datetime | None
    failure: Failure | None
    resting_until: datetime | None
    answered_at: datetime | None
    probed_at: datetime | None
    capabilities: tuple[tuple[str, bool, str], ...]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule, in the order in which it is read."""

    rule_id: RoutingRuleId
    name: str
    conditions: tuple[Condition, ...]
    every: bool
    destinations: tuple[ArchiveId, ...]
    spread: Spread
    delay_seconds: int
    priority: int
    verification: Verification | None
    is_last: bool
    enabled: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """What came of one rule; `condition` is the place (from 0) of the first that did not hold."""

    rule_id: RoutingRuleId
    rule_name: str
    why: Why
    condition: int | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an image went where it did."""

    instance_id: InstanceId
    study_id: StudyId
    sop_instance_uid: str
    at: datetime
    destinations: tuple[str, ...]
    returned: tuple[str, ...]
    by_default: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DryRunLine:
    """Where an image would go by the rules as they stand."""

    instance_id: InstanceId
    study_id: StudyId
    sop_instance_uid: str
    destinations: tuple[str, ...]
    by_default: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DueTransfer:
    """An image whose time has come."""

    transfer_id: TransferId
    instance_id: InstanceId
    study_id: StudyId
    state: TransferState
    verification: Verification
    attempts: int


@dataclass(frozen=True, slots=True)
class DeadLine:
    """An image that an archive would not take."""

    transfer_id: TransferId
    archive_id: ArchiveId
    instance_id: InstanceId
    study_id: StudyId
    sop_instance_uid: str
    failure: Failure | None
    status: int | None
    attempts: int
    queued_at: datetime


@query(permission=SEE_ARCHIVES, label=N_("Archives"))
def archives(read: Reading) -> list[ArchiveLine]:
    """List the archives with their queues on this machine, and how each answers."""
    counts: dict[tuple[str, TransferState], int] = {}
    oldest: dict[str, datetime] = {}
    grouped = select(Transfer.archive_id, Transfer.state, func.count(), func.min(Transfer.queued_at)).group_by(
        Transfer.archive_id, Transfer.state
    )
    for archive_id, state, count, since in (tuple(row) for row in read.execute(grouped)):
        counts[archive_id, state] = count
        if state is TransferState.WAITING:
            oldest[archive_id] = since
    wanted = (
        select(
            VnaConfiguration.__table__, ArchiveStanding.failure, ArchiveStanding.resting_until,
            ArchiveStanding.answered_at, ArchiveStanding.probed_at, ArchiveStanding.capabilities,
        )
        .outerjoin(ArchiveStanding, ArchiveStanding.id == VnaConfiguration.id)
        .where(VnaConfiguration.withdrawn_at.is_(None))
        .order_by(VnaConfiguration.name, VnaConfiguration.id)
    )  # fmt: skip
    return [_archive_line(row, counts, oldest) for row in read.execute(wanted)]


def _archive_line(row: Any, counts: dict[tuple[str, TransferState], int], oldest: dict[str, datetime]) -> ArchiveLine:
    waiting, sent, verified, dead = (
        counts.get((row.id, state), 0)
        for state in (TransferState.WAITING, TransferState.SENT, TransferState.VERIFIED, TransferState.DEAD)
    )
    capabilities = tuple((name, bool(works), reason) for name, works, reason in row.capabilities or ())
    return ArchiveLine(
        row.id, row.name, row.kind, row.host, row.port, row.ae_title, row.base_url, row.tls, row.verification,
        row.send_mode, row.stable_seconds, row.associations, row.is_default, row.enabled, waiting, sent, verified,
        dead, oldest.get(row.id), row.failure, row.resting_until, row.answered_at, row.probed_at, capabilities,
    )  # fmt: skip


@query(permission=SEE_ARCHIVES, label=N_("Routing rules"))
def routing_rules(read: Reading) -> list[RuleLine]:
    """List the rules in the order in which they are read."""
    return [
        RuleLine(
            rule.rule_id, rule.name, tuple(rule.conditions), rule.every, tuple(rule.destinations), rule.spread,
            rule.delay, rule.priority, rule.verification, rule.last, rule.enabled,
        )
        for rule in rules_of(read)
    ]  # fmt: skip


@query(permission=SEE_ARCHIVES, label=N_("Why images went where they did"))
def route_explanations(
    read: Reading, study_id: StudyId | None = None, instance_ids: list[InstanceId] | None = None, most: int = MOST_LINES
) -> list[Explanation]:
    """Explain the decisions about a study, about some images, or the latest ones."""
    wanted = (
        select(RouteDecision.__table__, Instance.sop_instance_uid)
        .join(Instance, Instance.id == RouteDecision.id)
        .order_by(RouteDecision.at.desc(), RouteDecision.id)
        .limit(most)
    )
    if study_id is not None:
        wanted = wanted.where(RouteDecision.study_id == study_id)
    if instance_ids is not None:
        wanted = wanted.where(RouteDecision.id.in_(instance_ids))
    names, rules = _names(read)
    return [
        Explanation(
            row.id, row.study_id, row.sop_instance_uid, row.at,
            tuple(names.get(one[0], one[0]) for one in row.destinations or ()),
            tuple(names.get(one, one) for one in row.returned or ()), row.by_default,
            tuple(Reason(one[0], rules.get(one[0], ""), Why(one[1]), one[2]) for one in row.steps or ()),
        )
        for row in read.execute(wanted)
    ]  # fmt: skip


@query(permission=MANAGE_ARCHIVES, label=N_("Try the routing rules"))
def dry_run(
    read: Reading,
    study_ids: list[StudyId] | None = None,
    rules: list[Rule] | None = None,
    most: int = MOST_LINES,
) -> list[DryRunLine]:
    """Tell where past images would go, by the rules as they stand or by others. Nothing is sent."""
    wanted = select(Instance.id).join(Study, Study.id == Instance.study_id).order_by(Instance.id.desc()).limit(most)
    if study_ids is not None:
        wanted = wanted.where(Instance.study_id.in_(study_ids))
    ids = [row[0] for row in read.execute(wanted)]
    router, titles = router_of(read, rules)
    names, labels = _names(read)
    uids = _uids(read, ids)
    made = []
    for item in facts_of(read, ids):
        decision = router.decide(item.facts, titles.get(item.calling_ae, ()))
        there = tuple(names.get(one.archive_id, one.archive_id) for one in decision.destinations)
        steps = decision.steps
        reasons = tuple(Reason(one.rule_id, labels.get(one.rule_id, ""), one.why, one.condition) for one in steps)
        uid = uids[item.instance_id]
        made.append(DryRunLine(item.instance_id, item.study_id, uid, there, decision.by_default, reasons))
    return made


@query(permission=SEE_ARCHIVES, label=N_("What is due to be sent"))
def due_transfers(
    read: Reading, archive_id: ArchiveId, state: TransferState = TransferState.WAITING, most: int = 100
) -> list[DueTransfer]:
    """List the images whose time to be sent to an archive has come, the most urgent first."""
    wanted = (
        select(
            Transfer.id, Transfer.instance_id, Transfer.study_id, Transfer.state, Transfer.verification,
            Transfer.attempts,
        )
        .where(Transfer.archive_id == archive_id, Transfer.state == state, Transfer.due_at <= read.now)
        .order_by(Transfer.priority, Transfer.due_at, Transfer.id)
        .limit(most)
    )  # fmt: skip
    return [DueTransfer(*tuple(row)) for row in read.execute(wanted)]


@query(permission=SEE_ARCHIVES, label=N_("What was given up"))
def dead_transfers(read: Reading, archive_id: ArchiveId | None = None, most: int = MOST_LINES) -> list[DeadLine]:
    """List the images that an archive would not take, with the reason."""
    wanted = (
        select(
            Transfer.id, Transfer.archive_id, Transfer.instance_id, Transfer.study_id, Instance.sop_instance_uid,
            Transfer.failure, Transfer.status, Transfer.attempts, Transfer.queued_at,
        )
        .join(Instance, Instance.id == Transfer.instance_id)
        .where(Transfer.state == TransferState.DEAD)
        .order_by(Transfer.queued_at, Transfer.id)
        .limit(most)
    )  # fmt: skip
    if archive_id is not None:
        wanted = wanted.where(Transfer.archive_id == archive_id)
    return [DeadLine(*tuple(row)) for row in read.execute(wanted)]


def _names(read: Reading) -> tuple[dict[str, str], dict[str, str]]:
    """The names of archives and rules, withdrawn ones too."""
    archives_by_id = {row.id: row.name for row in read.execute(select(VnaConfiguration.id, VnaConfiguration.name))}
    rules_by_id = {row.id: row.name for row in read.execute(select(RoutingRule.id, RoutingRule.name))}
    return archives_by_id, rules_by_id


def _uids(read: Reading, ids: Sequence[str]) -> dict[str, str]:
    wanted = select(Instance.id, Instance.sop_instance_uid).where(Instance.id.in_(ids))
    return {row.id: row.sop_instance_uid for row in read.execute(wanted)}
