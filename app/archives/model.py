"""The records of archives: where they are, what goes to which, what is on its way; and backups of this workstation.

An archive and a rule are configuration. A decision is an event of the study: why an image went where it did can always
be told. A transfer is work of the machine that sends (LOCAL), one row for an image and an archive, so that whatever is
repeated after a crash is the same row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.archives.vocabulary import (
    ArchiveId,
    ArchiveKind,
    Failure,
    RoutingRuleId,
    SendMode,
    Spread,
    TransferId,
    TransferState,
    Verification,
)
from app.core.i18n import N_
from app.core.ids import PatientId
from app.imaging.vocabulary import InstanceId, StudyId
from app.journal.records import Merge, Record, choice, flag, instant, integer, json, key, link, reference, text

STREAM = "archives"


class VnaConfiguration(Record, merge=Merge.CONFIG, stream=STREAM):
    """An archive. `associations` may be open at once; a study that nothing joins for `stable_seconds` is complete.

    `base_url` is that of its DICOMweb services (PS3.18 §8.2). `is_default`: what no rule applies to goes there.
    """

    __tablename__ = "vna_configuration"
    __noun__ = N_("archive")

    id: Mapped[ArchiveId] = key()
    name: Mapped[str] = text()
    kind: Mapped[ArchiveKind] = choice(ArchiveKind)
    host: Mapped[str | None] = text()
    port: Mapped[int | None] = integer()
    ae_title: Mapped[str | None] = text(index=True)
    base_url: Mapped[str | None] = text()
    tls: Mapped[bool] = flag(default=False)
    verification: Mapped[Verification] = choice(Verification, default=Verification.FIND)
    send_mode: Mapped[SendMode] = choice(SendMode, default=SendMode.IMMEDIATE)
    stable_seconds: Mapped[int] = integer(default=60)
    associations: Mapped[int] = integer(default=2)
    is_default: Mapped[bool] = flag(default=False)
    enabled: Mapped[bool] = flag(default=True)
    withdrawn_at: Mapped[datetime | None] = instant()


class RoutingRule(Record, merge=Merge.CONFIG, stream=STREAM):
    """IF conditions THEN destinations (`routing.Rule`). `conditions` are [fact, comparison, [values]]."""

    __tablename__ = "routing_rule"
    __noun__ = N_("routing rule")

    id: Mapped[RoutingRuleId] = key()
    name: Mapped[str] = text()
    position: Mapped[int] = integer(default=0)
    every: Mapped[bool] = flag(default=True)
    conditions: Mapped[Any] = json()
    destinations: Mapped[Any] = json()
    spread: Mapped[Spread] = choice(Spread, default=Spread.ALL)
    delay_seconds: Mapped[int] = integer(default=0)
    priority: Mapped[int] = integer(default=5)
    verification: Mapped[Verification | None] = choice(Verification)
    is_last: Mapped[bool] = flag(default=False)
    enabled: Mapped[bool] = flag(default=True)
    withdrawn_at: Mapped[datetime | None] = instant()


class ArchivePreference(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """The archive that a patient wants; its id is the patient's."""

    __tablename__ = "archive_preference"
    __noun__ = N_("archive that a patient wants")

    id: Mapped[str] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    archive_id: Mapped[ArchiveId | None] = reference("vna_configuration")


class RouteDecision(Record, merge=Merge.EVENT, stream=STREAM, subject="study_id"):
    """Where an image was to go, and why; its id is the image's. `steps` are [rule, why, condition]."""

    __tablename__ = "route_decision"
    __noun__ = N_("routing decision")

    id: Mapped[InstanceId] = key()
    study_id: Mapped[StudyId] = reference("study")
    at: Mapped[datetime] = instant()
    destinations: Mapped[Any] = json()
    returned: Mapped[Any] = json()
    steps: Mapped[Any] = json()
    by_default: Mapped[bool] = flag(default=False)


class Transfer(Record, merge=Merge.LOCAL, subject="study_id"):
    """An image on its way to an archive. `due_at` is when it is tried next, `status` the last DIMSE status."""

    __tablename__ = "transfer"
    __noun__ = N_("image to be sent")

    id: Mapped[TransferId] = key()
    instance_id: Mapped[InstanceId] = link()
    study_id: Mapped[StudyId] = link()
    archive_id: Mapped[ArchiveId] = link(index=False)
    rule_id: Mapped[RoutingRuleId | None] = link(index=False)
    alternatives: Mapped[Any] = json()
    verification: Mapped[Verification] = choice(Verification)
    state: Mapped[TransferState] = choice(TransferState, default=TransferState.WAITING)
    priority: Mapped[int] = integer(default=5)
    attempts: Mapped[int] = integer(default=0)
    queued_at: Mapped[datetime] = instant()
    due_at: Mapped[datetime] = instant()
    sent_at: Mapped[datetime | None] = instant()
    verified_at: Mapped[datetime | None] = instant()
    failure: Mapped[Failure | None] = choice(Failure)
    status: Mapped[int | None] = integer()

    __table_args__ = (Index("transfer_due", "archive_id", "state", "priority", "due_at"),)


class ArchiveStanding(Record, merge=Merge.LOCAL):
    """How an archive answers this machine; its id is the archive's. Until `resting_until` nothing is sent there.

    `capabilities` are [capability, works, reason] of the last probe.
    """

    __tablename__ = "archive_standing"
    __noun__ = N_("standing of an archive")

    id: Mapped[ArchiveId] = key()
    failures: Mapped[int] = integer(default=0)
    failure: Mapped[Failure | None] = choice(Failure)
    resting_until: Mapped[datetime | None] = instant()
    answered_at: Mapped[datetime | None] = instant()
    probed_at: Mapped[datetime | None] = instant()
    capabilities: Mapped[Any | None] = json()


class BackupRun(Record, merge=Merge.LOCAL):
    """One try to make a backup; `failure` is the sentence that was said, empty when it is whole."""

    __tablename__ = "backup_run"
    __noun__ = N_("backup that was made")

    id: Mapped[str] = key()
    at: Mapped[datetime] = instant(index=True)
    folder: Mapped[str] = text()
    name: Mapped[str] = text()
    size_bytes: Mapped[int] = integer(default=0)
    files: Mapped[int] = integer(default=0)
    new_bytes: Mapped[int] = integer(default=0)
    failure: Mapped[str] = text()
