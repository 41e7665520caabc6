"""Letting devices in, and what the gateway writes for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId, derived_id
from app.gateway.model import DicomPeer, GatewayNote, ImagingStep, ReceivedInstance
from app.gateway.permissions import MANAGE_DEVICES, SERVE_DEVICES
from app.gateway.titles import checked_address, checked_title
from app.gateway.vocabulary import (
    CharacterSet,
    GatewayEvent,
    GatewayNoteId,
    ImagingStepId,
    PeerId,
    PeerRight,
    Refusal,
    StepState,
)
from app.imaging.vocabulary import InstanceId, StudyId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.practice.entry import clean_name
from app.practice.vocabulary import EquipmentId
from app.scheduling.vocabulary import AppointmentId

NOTES_KEPT: Final = 1000
UNIT_RIGHTS: Final = (PeerRight.ECHO, PeerRight.STORE, PeerRight.WORKLIST, PeerRight.STEP)
"""What an X-ray unit needs."""


@dataclass(frozen=True, slots=True)
class Received:
    """Who sent an image that has its row."""

    instance_id: InstanceId
    study_id: StudyId
    calling_ae: str
    called_ae: str
    address: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """What happened at the door; `size_bytes` and `milliseconds` are whole."""

    event: GatewayEvent
    calling_ae: str = ""
    address: str = ""
    refusal: Refusal | None = None
    count: int = 0
    size_bytes: int = 0
    milliseconds: int = 0


@command(permission=MANAGE_DEVICES, label=N_("Withdraw the device"), icon="x-circle")
def withdraw_peer(tx: Transaction, peer_id: PeerId) -> None:
    """Let a device no longer in. Images that it has sent stay."""
    _living(tx, peer_id).withdrawn_at = tx.now


@command(permission=MANAGE_DEVICES, label=N_("Add an imaging device"), undo=(withdraw_peer, DicomPeer), icon="plugs")
def add_peer(
    tx: Transaction,
    name: str,
    ae_title: str,
    address: str = "",
    port: int | None = None,
    rights: list[PeerRight] | None = None,
    character_set: CharacterSet = CharacterSet.LATIN_1,
    equipment_id: EquipmentId | None = None,
    tls_only: bool = False,
) -> PeerId:
    """Let a device in by its AE title. Unless said otherwise it may do what an X-ray unit does."""
    title = checked_title(ae_title)
    _require_free(tx, title)
    peer = tx.add(
        DicomPeer(
            name=clean_name(name), ae_title=title, address=checked_address(address), port=_checked_port(port),
            rights=sorted({right.value for right in (UNIT_RIGHTS if rights is None else rights)}), tls_only=tls_only,
            character_set=character_set, equipment_id=equipment_id,
        )
    )  # fmt: skip
    return peer.id


@command(permission=MANAGE_DEVICES, label=N_("Change the device"), icon="pencil-simple")
def change_peer(
    tx: Transaction,
    peer_id: PeerId,
    name: str | None = None,
    ae_title: str | None = None,
    address: str | None = None,
    port: int | None = None,
    rights: list[PeerRight] | None = None,
    character_set: CharacterSet | None = None,
    equipment_id: EquipmentId | None = None,
    tls_only: bool | None = None,
    no_equipment: bool = False,
) -> None:
    """Change what is given; port 0 takes the port away, `no_equipment` the device of the practice that it is."""
    peer = _living(tx, peer_id)
    if ae_title is not None and checked_title(ae_title) != peer.ae_title:
        _require_free(tx, checked_title(ae_title))
        peer.ae_title = checked_title(ae_title)
    if name is not None:
        peer.name = clean_name(name)
    if address is not None:
        peer.address = checked_address(address)
    if port is not None:
        peer.port = _checked_port(port)
    if rights is not None:
        peer.rights = sorted({right.value for right in rights})
    peer.character_set = character_set or peer.character_set
    peer.equipment_id = None if no_equipment else equipment_id or peer.equipment_id
    peer.tls_only = peer.tls_only if tls_only is None else tls_only


@command(permission=SERVE_DEVICES, label=N_("Note who sent the images"), hidden=True)
def note_received(tx: Transaction, received: list[Received]) -> None:
    """Keep who sent images first. What is noted already stays as it is."""
    for item in received:
        if tx.find(ReceivedInstance, item.instance_id) is None:
            tx.add(
                ReceivedInstance(
                    id=item.instance_id, study_id=item.study_id, calling_ae=item.calling_ae, called_ae=item.called_ae,
                    address=item.address, received_at=item.received_at,
                )
            )  # fmt: skip


@command(permission=SERVE_DEVICES, label=N_("Note what happened at the gateway"), hidden=True)
def note_gateway(tx: Transaction, notes: list[Noted]) -> None:
    """Keep what the monitor of this machine shows; the oldest notes go."""
    for item in notes:
        row = tx.add(
            GatewayNote(
                at=tx.now, event=item.event, refusal=item.refusal, calling_ae=item.calling_ae, address=item.address,
                count=item.count, size_bytes=item.size_bytes, milliseconds=item.milliseconds,
            )
        )  # fmt: skip
        tx.touch_local(GatewayNote, row.id)
    tx.session.flush()
    newest = select(GatewayNote.id).order_by(GatewayNote.id.desc()).limit(NOTES_KEPT)
    tx.connection.execute(delete(GatewayNote).where(GatewayNote.id.not_in(newest)))


@command(permission=SERVE_DEVICES, label=N_("Begin taking images"), hidden=True)
def begin_imaging_step(
    tx: Transaction,
    step_instance_uid: str,
    calling_ae: str,
    appointment_id: AppointmentId | None = None,
    patient_id: PatientId | None = None,
    equipment_id: EquipmentId | None = None,
    modality: str | None = None,
) -> ImagingStepId:
    """A unit takes images for a visit (MPPS N-CREATE, PS3.4 §F.7.2.1). A step that is known is refused."""
    identity = ImagingStepId(derived_id("imaging step", step_instance_uid))
    if tx.find(ImagingStep, identity) is not None:
        raise RuleViolation(N_("This step has begun already."), field="step_instance_uid")
    tx.add(
        ImagingStep(
            id=identity, step_instance_uid=step_instance_uid, appointment_id=appointment_id, patient_id=patient_id,
            equipment_id=equipment_id, calling_ae=calling_ae, modality=modality, state=StepState.IN_PROGRESS,
            started_at=tx.now,
        )
    )  # fmt: skip
    return identity


@command(permission=SERVE_DEVICES, label=N_("Change a step of taking images"), hidden=True)
def change_imaging_step(
    tx: Transaction, step_instance_uid: str, state: StepState | None = None, images: int | None = None
) -> None:
    """A unit reports how far it is (MPPS N-SET). What is completed or discontinued is final (PS3.4 §F.7.2.2)."""
    step = tx.get(ImagingStep, derived_id("imaging step", step_instance_uid))
    if step.state is not StepState.IN_PROGRESS:
        raise RuleViolation(N_("This step has ended already."), field="step_instance_uid")
    if images is not None:
        step.images = images
    if state is not None and state is not StepState.IN_PROGRESS:
        step.state, step.ended_at = state, tx.now


def _living(tx: Transaction, peer_id: PeerId) -> DicomPeer:
    peer = tx.get(DicomPeer, peer_id)
    if peer.withdrawn_at is not None:
        raise RuleViolation(N_("This device was withdrawn."), field="peer_id")
    return peer


def _require_free(tx: Transaction, title: str) -> None:
    taken = select(DicomPeer.id).where(DicomPeer.ae_title == title, DicomPeer.withdrawn_at.is_(None)).limit(1)
    if tx.connection.execute(taken).first() is not None:
        raise RuleViolation(N_("Another device has this AE title."), field="ae_title")


def _checked_port(port: int | None) -> int | None:
    if port is not None and not 0 <= port <= 65535:
        raise RuleViolation(N_("A port is a number from 1 to 65535."), field="port")
    return port or None


__all__ = [
    "UNIT_RIGHTS", "GatewayNoteId", "Noted", "Received", "add_peer", "begin_imaging_step", "change_imaging_step",
    "change_peer", "note_gateway", "note_received", "withdraw_peer",
]  # fmt: skip
