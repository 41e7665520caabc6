"""What screens and the gateway itself ask about devices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from app.core.i18n import N_
from app.core.ids import PatientId
from app.gateway.model import DicomPeer, GatewayNote, ImagingStep, ReceivedInstance
from app.gateway.permissions import SEE_GATEWAY
from app.gateway.vocabulary import (
    CHARACTER_SET_LABELS,
    EVENT_LABELS,
    REFUSAL_LABELS,
    RIGHT_LABELS,
    CharacterSet,
    GatewayEvent,
    ImagingStepId,
    PeerId,
    PeerRight,
    Refusal,
    StepState,
)
from app.journal.commands import query
from app.journal.queries import Reading
from app.practice.model import Equipment
from app.practice.vocabulary import EquipmentId, EquipmentKind
from app.scheduling.vocabulary import AppointmentId

__all__ = [
    "CHARACTER_SET_LABELS", "EVENT_LABELS", "REFUSAL_LABELS", "RIGHT_LABELS", "CharacterSet", "GatewayEvent",
    "GatewayLine", "PeerLine", "PeerRight", "StepLine", "StepState", "dicom_peers", "gateway_notes", "imaging_steps",
]  # fmt: skip
NOTES_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class PeerLine:
    """A device. `received` counts the images that it sent; `last_at` is when the last one came."""

    peer_id: PeerId
    name: str
    ae_title: str
    address: str | None
    port: int | None
    rights: frozenset[PeerRight]
    tls_only: bool
    character_set: CharacterSet
    equipment_id: EquipmentId | None
    equipment_name: str | None
    equipment_kind: EquipmentKind | None
    received: int
    last_at: datetime | None

    @property
    def id(self) -> PeerId:
        """The device’s id, as lists ask for it."""
        return self.peer_id


@dataclass(frozen=True, slots=True)
class GatewayLine:
    """What happened at the door of this machine."""

    at: datetime
    event: GatewayEvent
    refusal: Refusal | None
    calling_ae: str
    address: str
    count: int
    size_bytes: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class StepLine:
    """What a unit says that it is doing for a visit."""

    step_id: ImagingStepId
    appointment_id: AppointmentId | None
    patient_id: PatientId | None
    equipment_id: EquipmentId | None
    calling_ae: str
    modality: str | None
    state: StepState
    images: int
    started_at: datetime
    ended_at: datetime | None


@query(permission=SEE_GATEWAY, label=N_("Imaging devices"))
def dicom_peers(read: Reading) -> list[PeerLine]:
    """List the devices that may connect, with what each has sent."""
    sent = (
        select(ReceivedInstance.calling_ae, func.count().label("n"), func.max(ReceivedInstance.received_at).label("at"))
        .group_by(ReceivedInstance.calling_ae)
        .subquery()
    )
    rows = read.execute(
        select(
            DicomPeer.id, DicomPeer.name, DicomPeer.ae_title, DicomPeer.address, DicomPeer.port, DicomPeer.rights,
            DicomPeer.tls_only, DicomPeer.character_set, DicomPeer.equipment_id,
            Equipment.name.label("equipment_name"), Equipment.kind, sent.c.n, sent.c.at,
        )
        .outerjoin(Equipment, Equipment.id == DicomPeer.equipment_id)
        .outerjoin(sent, sent.c.calling_ae == DicomPeer.ae_title)
        .where(DicomPeer.withdrawn_at.is_(None))
        .order_by(DicomPeer.name, DicomPeer.id)
    )  # fmt: skip
    return [
        PeerLine(
            row.id, row.name, row.ae_title, row.address, row.port, frozenset(map(PeerRight, row.rights or ())),
            row.tls_only, row.character_set, row.equipment_id, row.equipment_name, row.kind, row.n or 0, row.at,
        )
        for row in rows
    ]  # fmt: skip


@query(permission=SEE_GATEWAY, label=N_("What happened at the gateway"))
def gateway_notes(read: Reading, most: int = NOTES_SHOWN) -> list[GatewayLine]:
    """List the latest connections of this machine, the newest first."""
    columns = (
        GatewayNote.at, GatewayNote.event, GatewayNote.refusal, GatewayNote.calling_ae, GatewayNote.address,
        GatewayNote.count, GatewayNote.size_bytes, GatewayNote.milliseconds,
    )  # fmt: skip
    rows = read.execute(select(*columns).order_by(GatewayNote.id.desc()).limit(most))
    return [GatewayLine(*tuple(row)) for row in rows]


@query(permission=SEE_GATEWAY, label=N_("Images being taken"))
def imaging_steps(read: Reading, appointment_ids: list[AppointmentId] | None = None) -> list[StepLine]:
    """List what the units report, of some visits or of all that are in progress, the newest first."""
    columns = (
        ImagingStep.id, ImagingStep.appointment_id, ImagingStep.patient_id, ImagingStep.equipment_id,
        ImagingStep.calling_ae, ImagingStep.modality, ImagingStep.state, ImagingStep.images, ImagingStep.started_at,
        ImagingStep.ended_at,
    )  # fmt: skip
    wanted = select(*columns).order_by(ImagingStep.started_at.desc(), ImagingStep.id)
    if appointment_ids is None:
        wanted = wanted.where(ImagingStep.state == StepState.IN_PROGRESS)
    else:
        wanted = wanted.where(ImagingStep.appointment_id.in_(appointment_ids))
    return [StepLine(*tuple(row)) for row in read.execute(wanted)]
