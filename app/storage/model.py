"""The records of the bucket. Secrets are not here: they stand in the keyring of the machine that transfers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId, StaffId
from app.imaging.vocabulary import InstanceId, StudyId
from app.journal.records import Merge, Record, choice, day, flag, instant, integer, json, key, link, reference, text
from app.storage.vocabulary import (
    AssessmentId,
    LegalHoldId,
    ObjectKind,
    ObjectState,
    Place,
    StorageProvider,
    StorageTargetId,
    StoredObjectId,
    Trouble,
)

STREAM = "storage"


class StorageTarget(Record, merge=Merge.FIELD, stream=STREAM):
    """A bucket of a clinic, or of all clinics where `clinic_id` is empty. Azure's container stands in `bucket`.

    `account` is the name of the Azure account; `prefix` begins every key. `cold_after_days` is when the bucket itself
    moves objects to a cheaper class, 0 for never.
    """

    __tablename__ = "storage_target"
    __noun__ = N_("storage place")

    id: Mapped[StorageTargetId] = key()
    clinic_id: Mapped[ClinicId | None] = link()
    name: Mapped[str] = text()
    provider: Mapped[StorageProvider] = choice(StorageProvider)
    region: Mapped[str] = text()
    place: Mapped[Place] = choice(Place)
    bucket: Mapped[str] = text()
    endpoint: Mapped[str] = text()
    account: Mapped[str] = text()
    prefix: Mapped[str] = text()
    cold_after_days: Mapped[int] = integer(default=90)
    in_use: Mapped[bool] = flag(default=False)
    tested_at: Mapped[datetime | None] = instant()
    findings: Mapped[Any | None] = json()
    withdrawn_at: Mapped[datetime | None] = instant()


class PrivacyAssessment(Record, merge=Merge.EVENT, stream=STREAM):
    """That somebody assessed what it means to keep images in a region (s. 17), or took that back."""

    __tablename__ = "privacy_assessment"
    __noun__ = N_("privacy assessment")

    id: Mapped[AssessmentId] = key()
    provider: Mapped[StorageProvider] = choice(StorageProvider)
    region: Mapped[str] = text()
    assessed_on: Mapped[date] = day()
    assessor: Mapped[str] = text()
    reference: Mapped[str] = text()
    holds: Mapped[bool] = flag()
    recorded_at: Mapped[datetime] = instant()
    recorded_by_id: Mapped[StaffId | None] = link(index=False)


class StoredObject(Record, merge=Merge.FIELD, stream=STREAM):
    """An object of an image in a bucket, or on its way there. Its id follows from bucket, image, kind and content.

    It names nobody, so that an erasure leaves it readable: only then can the object itself be removed from the bucket.
    `raw_bytes` is what the pixels take unpacked, `stored_bytes` what the object takes; `content_hash` is the SHA-256
    of the object's bytes. The smallest `priority` goes first, in it what was queued last.
    """

    __tablename__ = "stored_object"
    __noun__ = N_("stored object")
    __table_args__ = (Index("ix_stored_object_waiting", "state", "priority", "queued_at"),)

    id: Mapped[StoredObjectId] = key()
    target_id: Mapped[StorageTargetId] = reference("storage_target")
    instance_id: Mapped[InstanceId] = link()
    study_id: Mapped[StudyId] = link()
    provider: Mapped[StorageProvider] = choice(StorageProvider)
    bucket: Mapped[str] = text()
    object_key: Mapped[str] = text()
    kind: Mapped[ObjectKind] = choice(ObjectKind)
    media_type: Mapped[str] = text()
    content_hash: Mapped[str] = text()
    raw_bytes: Mapped[int] = integer()
    stored_bytes: Mapped[int] = integer()
    codec: Mapped[str] = text()
    is_lossless: Mapped[bool] = flag()
    state: Mapped[ObjectState] = choice(ObjectState)
    priority: Mapped[int] = integer()
    queued_at: Mapped[datetime] = instant()
    tries: Mapped[int] = integer(default=0)
    trouble: Mapped[Trouble | None] = choice(Trouble)
    next_try_at: Mapped[datetime | None] = instant()
    stored_at: Mapped[datetime | None] = instant()


class LegalHold(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id", sensitive=("reason",)):
    """The chart of a patient is kept whatever the policy says, from `placed_at` until `lifted_at`."""

    __tablename__ = "legal_hold"
    __noun__ = N_("legal hold")

    id: Mapped[LegalHoldId] = key()
    patient_id: Mapped[PatientId] = link()
    reason: Mapped[str | None] = text()
    placed_at: Mapped[datetime] = instant()
    lifted_at: Mapped[datetime | None] = instant()
