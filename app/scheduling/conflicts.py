"""What stands against a visit, by the minute: chair, people, patient, device, skills, hours, holidays, template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.core.i18n import N_
from app.practice.local_time import clock_words, from_minute
from app.practice.spans import Span, common, covers, length, without
from app.practice.vocabulary import HANDS, NEVER_BOOKED, OPERATORY_LABELS, EquipmentId, ProviderId, ProviderKind
from app.scheduling.occupancy import Taken, device_spans
from app.scheduling.rooms import may_stand
from app.scheduling.scene import Proposal, Scene
from app.scheduling.segments import Part
from app.scheduling.vocabulary import CLASS_LABELS, ConflictKind, SegmentKind, Severity


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that stands against a visit. `message` is a msgid with `values`; minutes since 1970."""

    kind: ConflictKind
    severity: Severity
    span: Span
    message: str
    values: dict[str, Any] = field(default_factory=dict)
    with_appointment_id: str | None = None


def find_conflicts(scene: Scene, proposal: Proposal) -> tuple[Conflict, ...]:
    """Everything that stands against a visit, the worst first."""
    found = [
        *_patient(scene, proposal),
        *_chair(scene, proposal),
        *_room(scene, proposal),
        *_people(scene, proposal),
        *_skills(scene, proposal),
        *_device(scene, proposal),
        *_opening(scene, proposal),
        *_template(scene, proposal),
        *_past(scene, proposal),
    ]
    weight, order = list(Severity), list(ConflictKind)
    return tuple(sorted(found, key=lambda item: (-weight.index(item.severity), order.index(item.kind), item.span)))


def _clock(scene: Scene, span: Span) -> dict[str, str]:
    start, end = (from_minute(minute).astimezone(scene.calendar.zone) for minute in span)
    return {"start": clock_words(start.hour * 60 + start.minute), "end": clock_words(end.hour * 60 + end.minute)}


def _overlaps(taken: Iterable[Taken], span: Span, own: str) -> Iterator[tuple[Taken, Span]]:
    for item in taken:
        first, last = max(item.span[0], span[0]), min(item.span[1], span[1])
        if first < last and (not own or item.appointment_id != own):
            yield item, (first, last)


def _patient(scene: Scene, proposal: Proposal) -> Iterator[Conflict]:
    taken = scene.occupancy.patients.get(proposal.patient_id, ())
    for item, span in _overlaps(taken, proposal.span, proposal.appointment_id):
        message = N_("The patient has another visit from {start} to {end}.")
        values = _clock(scene, item.span)
        yield Conflict(ConflictKind.PATIENT, Severity.IMPOSSIBLE, span, message, values, item.appointment_id)


def _chair(scene: Scene, proposal: Proposal) -> Iterator[Conflict]:
    chair = scene.roster.chairs.get(proposal.operatory_id)
    if chair is None or chair.virtual:
        return
    whole = (proposal.span[0], proposal.span[1] + proposal.type.buffer_minutes)
    taken = scene.occupancy.chairs.get(proposal.operatory_id, ())
    for item, span in _overlaps(taken, whole, proposal.appointment_id):
        message = N_("“{chair}” is taken from {start} to {end}.")
        values = {"chair": chair.name, **_clock(scene, item.span)}
        yield Conflict(ConflictKind.CHAIR, Severity.SERIOUS, span, message, values, item.appointment_id)


def _room(scene: Scene, proposal: Proposal) -> Iterator[Conflict]:
    """A kind of visit in a room that is not made for it: films at a chair, a bonding in the records room."""
    chair, wanted = scene.roster.chairs.get(proposal.operatory_id), proposal.type.operatory_kind
    if chair is not None and not may_stand(chair.kind, wanted):
        message = N_("This type of visit is held elsewhere ({wanted}), not in “{room}”.")
        values = {"room": chair.name, "wanted": OPERATORY_LABELS[wanted]}
        yield Conflict(ConflictKind.ROOM, Severity.WARNING, proposal.span, message, values)


def _by_person(parts: Iterable[Part]) -> dict[ProviderId, list[Part]]:
    found: dict[ProviderId, list[Part]] = {}
    for part in parts:
        if part.provider_id is not None:
            found.setdefault(part.provider_id, []).append(part)
    return found


def _people(scene: Scene, proposal: Proposal) -> Iterator[Conflict]:
    for provider_id, parts in _by_person(proposal.parts).items():
        person = scene.roster.people.get(provider_id)
        if person is None:
            continue
        doctor = person.kind is ProviderKind.DOCTOR
        yield from _taken(scene, proposal, provider_id, person.name, parts, doctor)
        yield from _presence(scene, provider_id, person.name, [part.span for part in parts])


def _taken(
    scene: Scene, proposal: Proposal, provider_id: ProviderId, name: str, parts: list[Part], doctor: bool
) -> Iterator[Conflict]:
    kind = ConflictKind.DOCTOR if doctor else ConflictKind.ASSISTANT
    taken = scene.occupancy.people.get(provider_id, ())
    for part in parts:
        for item, span in _overlaps(taken, part.span, proposal.appointment_id):
            small = doctor and span[1] - span[0] <= scene.tolerance
            severity = Severity.WARNING if small else Severity.SERIOUS
            message = N_("{name} is with another patient from {start} to {end}.")
            yield Conflict(kind, severity, span, message, {"name": name, **_clock(scene, span)}, item.appointment_id)
        if doctor:
            yield from _walks(scene, proposal, part, taken, name)


def _walks(scene: Scene, proposal: Proposal, part: Part, taken: Iterable[Taken], name: str) -> Iterator[Conflict]:
    """From one chair to another takes time; at the same chair it does not."""
    wide = (part.span[0] - scene.walk, part.span[1] + scene.walk)
    for item, span in _overlaps(taken, wide, proposal.appointment_id):
        touching = item.span[1] <= part.span[0] or item.span[0] >= part.span[1]
        if touching and item.operatory_id != proposal.operatory_id:
            message = N_("{name} has less than {minutes} min to walk from one chair to the other.")
            values = {"name": name, "minutes": scene.walk}
            yield Conflict(ConflictKind.WALK, Severity.WARNING, span, message, values, item.appointment_id)


def _presence(scene: Scene, provider_id: ProviderId, name: str, spans: list[Span]) -> Iterator[Conflict]:
    roster = scene.roster
    away = common(spans, roster.absences.get(provider_id, ()))
    if away:
        values = {"name": name, **_clock(scene, away[0])}
        message = N_("{name} is away from {start} to {end}.")
        yield Conflict(ConflictKind.ABSENCE, Severity.SERIOUS, away[0], message, values)
    missing = without(spans, roster.shifts.get(provider_id, ()))
    if missing:
        values = {"name": name, **_clock(scene, missing[0])}
        message = N_("{name} does not work here from {start} to {end}.")
        yield Conflict(ConflictKind.SHIFT, Severity.SERIOUS, missing[0], message, values)
    resting = common(spans, roster.breaks.get(provider_id, ()))
    if resting:
        values = {"name": name, **_clock(scene, resting[0])}
        message = N_("{name} is on a break from {start} to {end}.")
        yield Conflict(ConflictKind.BREAK, Severity.WARNING, resting[0], message, values)


def missing_skills(scene: Scene, proposal: Proposal) -> frozenset[str]:
    """The skills of the type that nobody of the visit holds that day."""
    on = scene.calendar.date_of(proposal.start)
    people = [scene.roster.people.get(who) for who in _by_person(proposal.parts)]
    return frozenset(
        skill
        for skill in proposal.type.skills
        if not any(person is not None and person.holds(skill, on) for person in people)
    )


def _skills(scene: Scene, proposal: Proposal) -> Iterator[Conflict]:
    missing = sorted(missing_skills(scene, proposal))
    if missing:
        message = N_("Nobody of this visit has the skill {skill}.")
        yield Conflict(ConflictKind.SKILL, Severity.SERIOUS, proposal.span, message, {"skill": ", ".join(missing)})
    for part in proposal.parts:
        person = scene.roster.people.get(part.provider_id) if part.provider_id is not None else None
        if person is None:
            continue
        if part.kind is SegmentKind.DOCTOR and person.kind is not ProviderKind.DOCTOR:
            message = N_("{name} is not an orthodontist.")
            yield Conflict(ConflictKind.SKILL, Severity.IMPOSSIBLE, part.span, message, {"name": person.name})
        elif person.kind in NEVER_BOOKED:
            message = N_("{name} is not booked with patients.")
            yield Conflict(ConflictKind.SKILL, Severity.SERIOUS, part.span, message, {"name": person.name})
        elif part.kind is SegmentKind.ASSISTANT and person.kind not in (*HANDS, ProviderKind.DOCTOR):
            message = N_("{name} is neither an assistant nor a hygienist.")
            yield Conflict(ConflictKind.SKILL, Severity.WARNING, part.span, message, {"name": person.name})


def _device(scene: Scene, proposal: Proposal) -> Iterator[Conflict]:
    if proposal.equipment_id is None:
        if proposal.type.equipment_kind is not None:
            message = N_("No equipment of this kind is free at this chair.")
            yield Conflict(ConflictKind.EQUIPMENT, Severity.SERIOUS, proposal.span, message)
        return
    device = scene.roster.devices.get(proposal.equipment_id)
    if device is None:
        return
    spans = device_spans(proposal.parts, proposal.span)
    for used in spans:
        taken = scene.occupancy.devices.get(device.id, ())
        for item, span in _overlaps(taken, used, proposal.appointment_id):
            message = N_("“{device}” is used by another visit from {start} to {end}.")
            values = {"device": device.name, **_clock(scene, span)}
            yield Conflict(ConflictKind.EQUIPMENT, Severity.SERIOUS, span, message, values, item.appointment_id)
    down = common(spans, device.down)
    if down:
        message = N_("“{device}” is under maintenance from {start} to {end}.")
        values = {"device": device.name, **_clock(scene, down[0])}
        yield Conflict(ConflictKind.EQUIPMENT, Severity.SERIOUS, down[0], message, values)


def device_free(scene: Scene, equipment_id: EquipmentId, spans: list[Span], own: str = "") -> bool:
    """Whether a device is neither used nor under maintenance, nor retired, in these minutes."""
    device = scene.roster.devices[equipment_id]
    on = scene.calendar.date_of(spans[0][0])
    if device.retired_on is not None and device.retired_on <= on:
        return False
    taken = scene.occupancy.devices.get(equipment_id, ())
    used = any(True for span in spans for _each in _overlaps(taken, span, own))
    return not used and not common(spans, device.down)


def _opening(scene: Scene, proposal: Proposal) -> Iterator[Conflict]:
    opened = scene.calendar.around(proposal.span)
    if covers(opened, proposal.span):
        return
    outside = without([proposal.span], opened)[0]
    reason = scene.calendar.reason_closed(scene.calendar.date_of(outside[0]))
    if reason:
        message = N_("The clinic is closed: {reason}.")
        yield Conflict(ConflictKind.HOLIDAY, Severity.SERIOUS, outside, message, {"reason": reason})
    else:
        message = N_("The clinic is not open from {start} to {end}.")
        yield Conflict(ConflictKind.HOURS, Severity.SERIOUS, outside, message, _clock(scene, outside))


def in_template(scene: Scene, proposal: Proposal, on: date) -> bool | None:
    """Whether the template keeps these minutes for the type's class; None where no template says anything."""
    kept = scene.templates.kept(scene.calendar, on, proposal.operatory_id)
    if not kept:
        return None
    mine = [item.span for item in kept if item.appointment_class is proposal.type.appointment_class]
    return covers(mine, proposal.span)


def _template(scene: Scene, proposal: Proposal) -> Iterator[Conflict]:
    on = scene.calendar.date_of(proposal.start)
    for item in scene.templates.kept(scene.calendar, on, proposal.operatory_id):
        other = item.appointment_class is not proposal.type.appointment_class
        overlap = common([item.span], [proposal.span]) if other else []
        if length(overlap):
            message = N_("The template keeps this time for the class “{kept_for}”.")
            values = {"kept_for": CLASS_LABELS[item.appointment_class]}
            yield Conflict(ConflictKind.TEMPLATE, Severity.WARNING, overlap[0], message, values)
            return


def _past(scene: Scene, proposal: Proposal) -> Iterator[Conflict]:
    if proposal.start < scene.now:
        yield Conflict(ConflictKind.PAST, Severity.WARNING, proposal.span, N_("This time is in the past."))
