"""Where images go, what waits, and where an image can be found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from app.core.clock import to_millis
from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.imaging.permissions import VIEW_IMAGES
from app.imaging.vocabulary import InstanceId
from app.journal.commands import query
from app.journal.queries import Reading
from app.storage.model import PrivacyAssessment, StorageTarget, StoredObject
from app.storage.permissions import SEE_STORAGE
from app.storage.report import StorageReport, storage_report
from app.storage.retention import PastRetention, past_retention
from app.storage.vocabulary import (
    KIND_LABELS,
    PLACE_LABELS,
    PROVIDER_LABELS,
    STATE_LABELS,
    TROUBLE_LABELS,
    AssessmentId,
    ObjectKind,
    ObjectState,
    Place,
    StorageProvider,
    StorageTargetId,
    StoredObjectId,
    Trouble,
)

__all__ = [
    "KIND_LABELS",
    "PLACE_LABELS",
    "PROVIDER_LABELS",
    "STATE_LABELS",
    "TROUBLE_LABELS",
    "AssessmentLine",
    "Finding",
    "ImageLocation",
    "ObjectKind",
    "ObjectState",
    "PastRetention",
    "Place",
    "StorageReport",
    "TargetLine",
    "ToSend",
    "TransferLine",
    "Transfers",
    "due_transfers",
    "image_locations",
    "legal_holds",
    "past_retention",
    "privacy_assessments",
    "storage_report",
    "storage_targets",
    "target_line",
    "transfers",
]  # fmt: skip
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One step of the test of a bucket: whether it is well, and what to know. `step` and `words` are msgids."""

    step: str
    is_well: bool
    words: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A bucket, and whether its region needs an assessment that is not there."""

    id: StorageTargetId
    name: str
    provider: StorageProvider
    region: str
    place: Place
    bucket: str
    endpoint: str
    account: str
    prefix: str
    clinic_id: ClinicId | None
    cold_after_days: int
    in_use: bool
    lacks_assessment: bool
    tested_at: datetime | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """The newest word on a region."""

    id: AssessmentId
    provider: StorageProvider
    region: str
    assessed_on: date
    assessor: str
    reference: str
    holds: bool
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class TransferLine:
    """An object that waits or has stopped. `trouble` says why it did not go yet."""

    id: StoredObjectId
    target_id: StorageTargetId
    instance_id: InstanceId
    kind: ObjectKind
    state: ObjectState
    size_bytes: int
    tries: int
    trouble: Trouble | None
    next_try_at: datetime | None
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Transfers:
    """How the transfers stand: objects and bytes that wait, the first of them, and since when nothing went."""

    waiting: int
    waiting_bytes: int
    stuck: int
    stored: int
    last_stored_at: datetime | None
    lines: tuple[TransferLine, ...]


@dataclass(frozen=True, slots=True)
class ImageLocation:
    """Where one form of an image is stored. `location` is stable and opens nothing by itself: links are made on demand.

    `ratio` is the unpacked pixels over the stored bytes, in hundredths.
    """

    kind: ObjectKind
    provider: StorageProvider
    bucket: str
    location: str
    stored_bytes: int
    raw_bytes: int
    ratio: int
    codec: str
    is_lossless: bool
    stored_at: datetime | None
    object_id: StoredObjectId


@query(permission=SEE_STORAGE, label=N_("Buckets"))
def storage_targets(read: Reading) -> tuple[TargetLine, ...]:
    """The buckets of the clinic, the one in use first."""
    assessed = {(line.provider, line.region) for line in _newest(read) if line.holds}
    rows = read.execute(
        select(*StorageTarget.__table__.c)
        .where(StorageTarget.withdrawn_at.is_(None))
        .order_by(StorageTarget.in_use.desc(), StorageTarget.name, StorageTarget.id)
    )
    return tuple(
        TargetLine(
            row.id, row.name, row.provider, row.region, row.place, row.bucket, row.endpoint, row.account, row.prefix,
            row.clinic_id, row.cold_after_days, row.in_use,
            row.place is Place.ELSEWHERE and (row.provider, row.region) not in assessed, row.tested_at,
            tuple(Finding(**finding) for finding in row.findings or ()),
        )
        for row in rows
    )  # fmt: skip


def target_line(read: Reading, target_id: StorageTargetId) -> TargetLine:
    """One bucket; `NotFound` when it is not on the list."""
    for line in storage_targets.function(read):
        if line.id == target_id:
            return line
    raise NotFound(N_("bucket"), target_id)


@query(permission=SEE_STORAGE, label=N_("Privacy impact assessments"))
def privacy_assessments(read: Reading) -> tuple[AssessmentLine, ...]:
    """The newest word on each region that was assessed."""
    return tuple(_newest(read))


def _newest(read: Reading) -> list[AssessmentLine]:
    rows = read.execute(
        select(
            PrivacyAssessment.id, PrivacyAssessment.provider, PrivacyAssessment.region, PrivacyAssessment.assessed_on,
            PrivacyAssessment.assessor, PrivacyAssessment.reference, PrivacyAssessment.holds,
            PrivacyAssessment.recorded_at,
        ).order_by(PrivacyAssessment.recorded_at, PrivacyAssessment.id)
    )  # fmt: skip
    newest = {(row.provider, row.region): AssessmentLine(*tuple(row)) for row in rows}
    return [newest[key] for key in sorted(newest)]


@query(permission=SEE_STORAGE, label=N_("Transfers to the bucket"))
def transfers(read: Reading, target_id: StorageTargetId | None = None) -> Transfers:
    """What waits for the bucket, what has stopped and why; of one bucket or of all."""
    counts = read.sql(
        "SELECT count(*) FILTER (WHERE state IN ('waiting', 'leaving')),"
        " coalesce(sum(stored_bytes) FILTER (WHERE state = 'waiting'), 0), count(*) FILTER (WHERE state = 'stuck'),"
        " count(*) FILTER (WHERE state = 'stored'), max(stored_at) FROM stored_object"
        " WHERE :target IS NULL OR target_id = :target",
        target=target_id,
    )[0]  # fmt: skip
    wanted = (
        select(
            StoredObject.id, StoredObject.target_id, StoredObject.instance_id, StoredObject.kind, StoredObject.state,
            StoredObject.stored_bytes, StoredObject.tries, StoredObject.trouble, StoredObject.next_try_at,
            StoredObject.queued_at,
        )
        .where(StoredObject.state.in_([ObjectState.STUCK, ObjectState.WAITING, ObjectState.LEAVING]))
        .order_by(StoredObject.state, StoredObject.priority, StoredObject.queued_at.desc(), StoredObject.id)
        .limit(MOST)
    )  # fmt: skip
    if target_id is not None:
        wanted = wanted.where(StoredObject.target_id == target_id)
    last = read.execute(select(StoredObject.stored_at).order_by(StoredObject.stored_at.desc()).limit(1)).scalar()
    return Transfers(
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        last,
        tuple(TransferLine(*tuple(row)) for row in read.execute(wanted)),
    )


@query(permission=VIEW_IMAGES, label=N_("Where an image is stored"))
def image_locations(read: Reading, instance_id: InstanceId) -> tuple[ImageLocation, ...]:
    """Every form of an image that is in a bucket: provider, bucket, stable location, sizes, ratio and codec."""
    wanted = (
        select(
            StoredObject.kind, StoredObject.provider, StoredObject.bucket, StoredObject.object_key,
            StoredObject.stored_bytes, StoredObject.raw_bytes, StoredObject.codec, StoredObject.is_lossless,
            StoredObject.stored_at, StoredObject.id,
        )
        .where(StoredObject.instance_id == instance_id, StoredObject.state == ObjectState.STORED)
        .order_by(StoredObject.priority, StoredObject.id)
    )  # fmt: skip
    return tuple(
        ImageLocation(
            row.kind, row.provider, row.bucket, _location(row.provider, row.bucket, row.object_key), row.stored_bytes,
            row.raw_bytes, row.raw_bytes * 100 // max(1, row.stored_bytes), row.codec, row.is_lossless, row.stored_at,
            row.id,
        )
        for row in read.execute(wanted)
    )  # fmt: skip


def _location(provider: StorageProvider, bucket: str, key: str) -> str:
    return f"{'azure' if provider is StorageProvider.AZURE else 's3'}://{bucket}/{key}"


@dataclass(frozen=True, slots=True)
class ToSend:
    """One transfer that is due."""

    id: StoredObjectId
    instance_id: InstanceId
    object_key: str
    media_type: str
    content_hash: str
    state: ObjectState
    kind: ObjectKind
    stored_bytes: int
    original_hash: str
    is_shared: bool


def due_transfers(read: Reading, target_id: StorageTargetId, limit: int) -> list[ToSend]:
    """What goes next: the small copies first, in each class what was queued last."""
    rows = read.sql(
        "SELECT id, instance_id, object_key, media_type, content_hash, state, kind, stored_bytes,"
        " coalesce((SELECT i.sha256 FROM instance i WHERE i.id = o.instance_id), ''),"
        " EXISTS(SELECT 1 FROM stored_object t WHERE t.object_key = o.object_key AND t.target_id = o.target_id"
        " AND t.id <> o.id AND t.state IN ('waiting', 'stored')) FROM stored_object o"
        " WHERE target_id = :target AND state IN ('waiting', 'leaving')"
        " AND (next_try_at IS NULL OR next_try_at <= :now) ORDER BY priority, queued_at DESC, id LIMIT :most",
        target=target_id, now=to_millis(read.now), most=limit,
    )  # fmt: skip
    return [
        ToSend(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            ObjectState(row[5]),
            ObjectKind(row[6]),
            row[7],
            row[8],
            bool(row[9]),
        )
        for row in rows
    ]


@query(permission=SEE_STORAGE, label=N_("Charts that are kept whatever the policy says"))
def legal_holds(read: Reading) -> tuple[PatientId, ...]:
    """The charts under a legal hold."""
    rows = read.sql("SELECT DISTINCT patient_id FROM legal_hold WHERE lifted_at IS NULL ORDER BY patient_id")
    return tuple(PatientId(row[0]) for row in rows)
