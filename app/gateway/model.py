"""The records of the gateway.

A device is configuration. Who sent an image stands in a row of its own beside the image (`ReceivedInstance`, immutable,
of the study): routing asks for it, and the bytes alone do not tell. A performed procedure step (MPPS) is what a unit
says that it is doing, for one visit. Notes are of this machine only, few, and name no patient.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.core.ids import PatientId
from app.gateway.vocabulary import CharacterSet, GatewayEvent, GatewayNoteId, ImagingStepId, PeerId, Refusal, StepState
from app.imaging.vocabulary import InstanceId, StudyId
from app.journal.records import Merge, Record, choice, flag, instant, integer, json, key, link, reference, text
from app.practice.vocabulary import EquipmentId
from app.scheduling.vocabulary import AppointmentId

STREAM = "gateway"


class DicomPeer(Record, merge=Merge.CONFIG, stream=STREAM):
    """A device or program that may call us by its AE title (PS3.8 §9.3). `rights` are values of `PeerRight`.

    `address` is an IP address, a network (`192.168.1.0/24`) or empty for any; with `port` it is where images that the
    device asks to have moved are sent. `equipment_id` is the device of the practice that it is.
    """

    __tablename__ = "dicom_peer"
    __noun__ = N_("imaging device")

    id: Mapped[PeerId] = key()
    name: Mapped[str] = text()
    ae_title: Mapped[str] = text(index=True)
    address: Mapped[str | None] = text()
    port: Mapped[int | None] = integer()
    rights: Mapped[Any] = json()
    tls_only: Mapped[bool] = flag(default=False)
    character_set: Mapped[CharacterSet] = choice(CharacterSet, default=CharacterSet.LATIN_1)
    equipment_id: Mapped[EquipmentId | None] = link()
    withdrawn_at: Mapped[datetime | None] = instant()


class ReceivedInstance(Record, merge=Merge.EVENT, stream=STREAM, subject="study_id"):
    """Who sent an instance first; its id is the instance's."""

    __tablename__ = "received_instance"
    __noun__ = N_("sender of an image")

    id: Mapped[InstanceId] = key()
    study_id: Mapped[StudyId] = reference("study")
    calling_ae: Mapped[str] = text()
    called_ae: Mapped[str] = text()
    address: Mapped[str] = text()
    received_at: Mapped[datetime] = instant()


class ImagingStep(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """What a unit reports about one acquisition; its id follows from the SOP Instance UID of the step (PS3.4 §F.7).

    `appointment_id` is the visit whose worklist entry was chosen on the unit. `images` counts the referenced ones.
    """

    __tablename__ = "imaging_step"
    __noun__ = N_("step of taking images")

    id: Mapped[ImagingStepId] = key()
    step_instance_uid: Mapped[str] = text()
    appointment_id: Mapped[AppointmentId | None] = link()
    patient_id: Mapped[PatientId | None] = link()
    equipment_id: Mapped[EquipmentId | None] = link()
    calling_ae: Mapped[str] = text()
    modality: Mapped[str | None] = text()
    state: Mapped[StepState] = choice(StepState, index=True)
    images: Mapped[int] = integer(default=0)
    started_at: Mapped[datetime] = instant()
    ended_at: Mapped[datetime | None] = instant()


class GatewayNote(Record, merge=Merge.LOCAL):
    """What happened at the door of this machine. `count` and `size_bytes` are of the objects of one connection."""

    __tablename__ = "gateway_note"
    __noun__ = N_("note of the gateway")

    id: Mapped[GatewayNoteId] = key()
    at: Mapped[datetime] = instant(index=True)
    event: Mapped[GatewayEvent] = choice(GatewayEvent)
    refusal: Mapped[Refusal | None] = choice(Refusal)
    calling_ae: Mapped[str] = text(default="")
    address: Mapped[str] = text(default="")
    count: Mapped[int] = integer(default=0)
    size_bytes: Mapped[int] = integer(default=0)
    milliseconds: Mapped[int] = integer(default=0)
