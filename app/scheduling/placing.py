"""Making a proposal out of what staff ask for, and deciding whether it may stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.core.clock import to_millis
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.queries import Reading
from app.journal.transaction import Transaction
from app.practice.living import living
from app.practice.local_time import whole_minute
from app.practice.model import Equipment, Operatory, Provider
from app.practice.vocabulary import EquipmentId, OperatoryId, ProviderId, ProviderKind
from app.scheduling.conflicts import Conflict, device_free, find_conflicts
from app.scheduling.model import Appointment
from app.scheduling.occupancy import device_spans
from app.scheduling.permissions import OVERRIDE_CONFLICTS
from app.scheduling.scene import Proposal, Scene, devices_for, load_scene
from app.scheduling.segments import Segment, length_of, minutes_of, parts_of, read_segments, with_people
from app.scheduling.visit_types import TypeInfo
from app.scheduling.vocabulary import SegmentKind, Severity


def segments_for(wanted: TypeInfo, typed: str) -> tuple[Segment, ...]:
    """The type's segments, or those that were typed where the type's length is not locked."""
    if not typed.strip():
        return wanted.segments
    if wanted.length_locked:
        raise RuleViolation(N_("The length of this type is locked."), field="segments")
    return read_segments(typed)


def propose(
    read: Reading,
    patient_id: PatientId,
    wanted: TypeInfo,
    operatory_id: OperatoryId,
    starts_at: datetime,
    segments: tuple[Segment, ...],
    doctor_id: ProviderId | None = None,
    assistant_id: ProviderId | None = None,
    equipment_id: EquipmentId | None = None,
    *,
    clinic_id: Any,
    own: str = "",
) -> tuple[Scene, Proposal]:
    """The scene and the visit as it would stand; the only doctor at work and the first free device are chosen."""
    if starts_at.second or starts_at.microsecond:
        raise RuleViolation(N_("A visit begins on a whole minute."), field="starts_at")
    start = whole_minute(starts_at)
    scene = load_scene(read, clinic_id, (start, start + length_of(segments)), [own] if own else [])
    doctor = doctor_id or _only_doctor(scene, segments, start)
    coordinator = _coordinator(scene, segments, start)
    people = with_people(segments, doctor, assistant_id, coordinator)
    proposal = Proposal(patient_id, wanted, operatory_id, start, people, equipment_id, own)
    if equipment_id is None and wanted.equipment_kind is not None:
        proposal = replace(proposal, equipment_id=_first_device(scene, proposal))
    return scene, proposal


def _only_doctor(scene: Scene, segments: tuple[Segment, ...], start: int) -> ProviderId | None:
    if not minutes_of(segments, SegmentKind.DOCTOR) or any(
        item.kind is SegmentKind.DOCTOR and item.provider_id for item in segments
    ):
        return None
    end = start + length_of(segments)
    here = [
        person.id
        for person in scene.roster.people.values()
        if person.kind is ProviderKind.DOCTOR
        and any(first < end and start < last for first, last in scene.roster.shifts.get(person.id, ()))
    ]
    if len(here) != 1:
        raise RuleViolation(N_("Choose the doctor of this visit."), field="doctor_id")
    return here[0]


def _coordinator(scene: Scene, segments: tuple[Segment, ...], start: int) -> ProviderId | None:
    spans = [part.span for part in parts_of(segments, start) if part.kind is SegmentKind.COORDINATOR]
    for person in scene.roster.people.values() if spans else ():
        taken = [item.span for item in scene.occupancy.people.get(person.id, ())]
        present = scene.roster.present(person.id)
        if person.kind is ProviderKind.COORDINATOR and all(
            any(first <= span[0] and span[1] <= last for first, last in present)
            and not any(other[0] < span[1] and span[0] < other[1] for other in taken)
            for span in spans
        ):
            return person.id
    return None


def _first_device(scene: Scene, proposal: Proposal) -> EquipmentId | None:
    spans = device_spans(proposal.parts, proposal.span)
    fitting = devices_for(scene, proposal.type, proposal.operatory_id)
    free = [item.id for item in fitting if device_free(scene, item.id, spans, proposal.appointment_id)]
    return next(iter(free or [item.id for item in fitting]), None)


def check_places(tx: Transaction, scene: Scene, proposal: Proposal, clinic_id: str) -> None:
    """The chair, the people and the device belong here and are not retired."""
    roster = scene.roster
    chair = roster.chairs.get(proposal.operatory_id) or living(tx, Operatory, proposal.operatory_id, "operatory_id")
    on = tx.clock.day_of(datetime.fromtimestamp(proposal.start * 60, tx.now.tzinfo))
    if chair.retired_on is not None and chair.retired_on <= on:
        raise RuleViolation(N_("This chair is no longer in use."), field="operatory_id")
    for provider_id in {item.provider_id for item in proposal.segments if item.provider_id}:
        person = roster.people.get(provider_id) or living(tx, Provider, provider_id, "doctor_id")
        if person.ended_on is not None and person.ended_on <= on:
            raise RuleViolation(N_("{name} no longer works here."), field="doctor_id", name=person.name)
    if proposal.equipment_id is not None:
        device = living(tx, Equipment, proposal.equipment_id, "equipment_id")
        if device.clinic_id != clinic_id or (device.retired_on is not None and device.retired_on <= on):
            raise RuleViolation(N_("This equipment is not in use at this clinic."), field="equipment_id")
        if proposal.type.equipment_kind not in {None, device.kind}:
            raise RuleViolation(N_("This visit needs equipment of another kind."), field="equipment_id")


def accept(tx: Transaction, scene: Scene, proposal: Proposal, override: bool) -> list[str]:
    """The kinds of serious conflict that were accepted; raises the first that may not stand."""
    serious = [item for item in find_conflicts(scene, proposal) if item.severity is not Severity.WARNING]
    for item in serious:
        if item.severity is Severity.IMPOSSIBLE or not override:
            raise refusal(item)
    if serious:
        tx.require(OVERRIDE_CONFLICTS)
    return sorted({item.kind.value for item in serious})


def refusal(conflict: Conflict) -> RuleViolation:
    """A conflict as the sentence that refuses the booking."""
    return RuleViolation(conflict.message, field="starts_at", **conflict.values)


def placement(appointment: Appointment) -> dict[str, Any]:
    """Where, when and with whom an appointment stands, as an event keeps it."""
    starts_at = None if appointment.starts_at is None else to_millis(appointment.starts_at)
    names = ("clinic_id", "operatory_id", "minutes", "segments", "doctor_id", "assistant_id", "equipment_id", "allowed")
    return {"starts_at": starts_at, **{name: getattr(appointment, name) for name in names}}


def revised(appointment: Appointment) -> dict[str, Any]:
    """What the editor changes besides the place, as an event keeps it."""
    lab_state = appointment.lab_state
    return {
        "type_id": appointment.type_id, "note": appointment.note, "prep_done": bool(appointment.prep_done),
        "lab_state": None if lab_state is None else lab_state.value,
    }  # fmt: skip
