"""What screens and senders ask about archives, routes and queues; and about backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, text

from app.archives.across import (
    CAME_LABELS,
    WAY_LABELS,
    Came,
    Copy,
    Ended,
    FoundAcross,
    Moved,
    Question,
    Way,
    gathered,
)
from app.archives.explaining import (
    DryRunLine,
    Explanation,
    Reason,
    RoutingChoices,
    dry_run,
    route_explanations,
    routing_choices,
)
from app.archives.facts import rules_of
from app.archives.model import ArchiveStanding, RouteDecision, Transfer, VnaConfiguration
from app.archives.permissions import SEE_ARCHIVES
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
    CAPABILITY_LABELS,
    COMPARISON_LABELS,
    FACT_LABELS,
    FAILURE_LABELS,
    SEND_MODE_LABELS,
    SPREAD_LABELS,
    TRANSFER_LABELS,
    VERIFICATION_LABELS,
    WHY_LABELS,
    ArchiveId,
    ArchiveKind,
    Comparison,
    Fact,
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
from app.imaging.model import ImageState, Instance
from app.imaging.vocabulary import InstanceId, StudyId
from app.journal.commands import query
from app.journal.queries import Reading

__all__ = [
    "ARCHIVE_KIND_LABELS",
    "CAME_LABELS",
    "CAPABILITY_LABELS",
    "COMPARISON_LABELS",
    "FACT_LABELS",
    "FAILURE_LABELS",
    "SEND_MODE_LABELS",
    "SPREAD_LABELS",
    "TRANSFER_LABELS",
    "VERIFICATION_LABELS",
    "WAY_LABELS",
    "WHY_LABELS",
    "ArchiveId",
    "ArchiveKind",
    "ArchiveLine",
    "BackupLine",
    "BackupStanding",
    "Came",
    "Comparison",
    "Condition",
    "Copy",
    "DeadLine",
    "DryRunLine",
    "DueTransfer",
    "Ended",
    "Explanation",
    "Fact",
    "Failure",
    "FoundAcross",
    "Moved",
    "Question",
    "Reason",
    "RoutingChoices",
    "RoutingRuleId",
    "Rule",
    "RuleLine",
    "SendMode",
    "Spread",
    "TransferState",
    "Verification",
    "Way",
    "Why",
    "archives",
    "backup_standing",
    "dead_transfers",
    "dry_run",
    "due_transfers",
    "gathered",
    "is_due",
    "route_explanations",
    "routing_choices",
    "routing_rules",
    "standing_of",
    "unrouted_images",
]  # fmt: skip
MOST_LINES: Final = 500
AFTER_AN_ARCHIVE: Final = (
    "EXISTS (SELECT 1 FROM change c WHERE c.tbl = 'image_state' AND c.pk = instance.id AND c.kind = 'ins' AND c.n >"
    " (SELECT min(a.n) FROM vna_configuration v JOIN change a ON a.tbl = 'vna_configuration' AND a.pk = v.id"
    " AND a.kind = 'ins' WHERE v.withdrawn_at IS NULL))"
)
"""By the order in which this machine was told, not by clocks, which may be wrong."""


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

    @property
    def id(self) -> ArchiveId:
        """The archive’s id, as lists ask for it."""
        return self.archive_id


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

    @property
    def id(self) -> RoutingRuleId:
        """The rule’s id, as lists ask for it."""
        return self.rule_id


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
class UnroutedImage:
    """An image about which no rule was asked yet; `sha256` names its bytes."""

    instance_id: InstanceId
    sha256: str


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


@query(permission=SEE_ARCHIVES, label=N_("Images that were not routed yet"))
def unrouted_images(
    read: Reading, instance_ids: list[InstanceId] | None = None, most: int = MOST_LINES
) -> list[UnroutedImage]:
    """List the images without a decision that came since the first archive was set up, of some or of all."""
    wanted = (
        select(Instance.id, Instance.sha256)
        .join(ImageState, ImageState.id == Instance.id)
        .outerjoin(RouteDecision, RouteDecision.id == Instance.id)
        .where(
            RouteDecision.id.is_(None), ImageState.withdrawn_at.is_(None), Instance.sha256 > "", text(AFTER_AN_ARCHIVE)
        )
        .limit(most)
    )  # fmt: skip
    if instance_ids is not None:
        wanted = wanted.where(Instance.id.in_(instance_ids))
    return [UnroutedImage(*tuple(row)) for row in read.execute(wanted)]


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
