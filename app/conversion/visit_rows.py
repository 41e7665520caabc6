"""Rows of appointments: past ones with what became of them, coming ones where nothing impossible stands against them.

A coming visit keeps the conflicts that the old system allowed (a chair or a doctor taken twice): each is a warning
of its row. Two visits of one patient at one time are impossible anywhere and the later row is rejected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.conversion.drafts import EDITED_HERE, PATIENT_UNKNOWN, Draft, Work, our_id, patients_of
from app.conversion.rows import GivenRow, Problem
from app.conversion.words import VisitStatus
from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId, derived_id
from app.core.text import fold
from app.patients.entry import clean_text
from app.practice.local_time import clock_minute, typed_instant, whole_minute
from app.practice.model import Operatory, Provider
from app.practice.vocabulary import OperatoryId
from app.scheduling.conflicts import find_conflicts
from app.scheduling.model import Appointment, AppointmentEvent, AppointmentType
from app.scheduling.scene import Proposal, load_scene
from app.scheduling.segments import LONGEST_VISIT, Segment, kept_segments, length_of, with_people
from app.scheduling.visit_types import TypeInfo, type_of
from app.scheduling.vocabulary import EventKind, SegmentKind, Severity

NO_TYPE: Final = N_("There is no appointment type “{name}”.")
NO_CHAIR: Final = N_("There is no chair “{name}”.")
NO_PROVIDER: Final = N_("There is no provider “{name}”.")
NOT_OVER: Final = N_("This visit is not over yet.")
SAME_TIME: Final = N_("The patient has another visit at this time in this file.")
ODD_LENGTH: Final = N_("A visit lasts 1 to {most} minutes.")
_OUTCOMES: Final = {
    VisitStatus.KEPT: EventKind.COMPLETED,
    VisitStatus.MISSED: EventKind.MISSED,
    VisitStatus.CANCELLED: EventKind.CANCELLED,
}


@dataclass(slots=True)
class Names:
    """What is set up here, by folded name, code or id."""

    types: dict[str, str] = field(default_factory=dict)
    chairs: dict[str, tuple[str, str]] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)
    infos: dict[str, TypeInfo] = field(default_factory=dict)


def names_here(work: Work) -> Names:
    """Types, chairs (with their clinic) and providers that can be named."""
    found = Names()
    types = select(AppointmentType.id, AppointmentType.code, AppointmentType.name_fr, AppointmentType.name_en)
    for row in work.read.execute(types.where(AppointmentType.withdrawn_at.is_(None))):
        found.types |= {fold(name): row.id for name in (row.id, row.code, row.name_fr, row.name_en) if name}
    chairs = select(Operatory.id, Operatory.clinic_id, Operatory.name, Operatory.short_name)
    for row in work.read.execute(chairs.where(Operatory.withdrawn_at.is_(None))):
        place = (row.id, row.clinic_id)
        found.chairs |= {fold(name): place for name in (row.id, row.name, row.short_name) if name}
    people = select(Provider.id, Provider.name).where(Provider.withdrawn_at.is_(None))
    for row in work.read.execute(people):
        found.providers |= {fold(row.id): row.id, fold(row.name): row.id}
    return found


def draft_visits(work: Work, rows: Sequence[GivenRow]) -> list[Draft]:
    """What rows of appointments ask for."""
    patients = patients_of(work, [row.values["patient"] for row in rows])
    names = names_here(work)
    booked: list[_Visit] = []
    drafts = [_draft(work, row, patients, names, booked) for row in rows]
    _leave_what_went_on(work, drafts)
    return drafts


def _leave_what_went_on(work: Work, drafts: list[Draft]) -> None:
    """A visit of which something was recorded here since is not touched any more."""
    ours = {one.id for draft in drafts for one in draft.wanted}
    for appointment, event in work.rows(
        "SELECT appointment_id, id FROM appointment_event WHERE appointment_id IN (SELECT value FROM json_each(:keys))",
        [draft.target_id for draft in drafts],
    ):
        if event not in ours:
            for draft in drafts:
                if draft.target_id == appointment and draft.wanted:
                    draft.wanted = []
                    draft.warnings.append(Problem("", EDITED_HERE))


def _draft(work: Work, row: GivenRow, patients: dict[str, str], names: Names, booked: list[_Visit]) -> Draft:
    given = row.values
    draft = Draft(row, target_id=our_id(work.system, "appointments", row.number))
    draft.subject_id = patient = patients.get(given["patient"])
    if patient is None:
        draft.problems.append(Problem("patient", PATIENT_UNKNOWN, {"number": given["patient"]}))
    type_id = _named(draft, "type", names.types, NO_TYPE)
    chair = _named(draft, "chair", names.chairs, NO_CHAIR)
    doctor = _named(draft, "doctor", names.providers, NO_PROVIDER) if given.get("doctor") else None
    assistant = _named(draft, "assistant", names.providers, NO_PROVIDER) if given.get("assistant") else None
    note = draft.take("note", lambda: clean_text(given.get("note", ""), "note"))
    if patient is None or type_id is None or chair is None:
        return draft
    info = names.infos.setdefault(type_id, type_of(work.read, type_id))
    on, zone = date.fromisoformat(given["on"]), work.read.clock.zone
    starts_at = draft.take("at", lambda: typed_instant(on, clock_minute(given["at"], "at"), zone, "at"))
    segments = _segments(draft, info, doctor, assistant)
    if starts_at is None:
        return draft
    visit = _Visit(patient, info, chair, starts_at, segments, doctor, assistant, note)
    if not draft.problems:
        _place(work, draft, visit, booked)
    return draft


@dataclass(frozen=True, slots=True)
class _Visit:
    patient: str
    info: TypeInfo
    chair: tuple[str, str]
    starts_at: datetime
    segments: tuple[Segment, ...]
    doctor: str | None
    assistant: str | None
    note: str | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=length_of(self.segments))


def _named(draft: Draft, name: str, known: dict[str, Any], message: str) -> Any:
    given = draft.row.values[name]
    found = known.get(fold(given))
    if found is None:
        draft.problems.append(Problem(name, message, {"name": given}))
    return found


def _segments(draft: Draft, info: TypeInfo, doctor: Any, assistant: Any) -> tuple[Segment, ...]:
    """Those of the type; the chair alone where the old system gave another length."""
    minutes = int(draft.row.values.get("minutes", length_of(info.segments)))
    if not 1 <= minutes <= LONGEST_VISIT:
        draft.problems.append(Problem("minutes", ODD_LENGTH, {"most": LONGEST_VISIT}))
        return info.segments
    if minutes == length_of(info.segments):
        return with_people(info.segments, doctor, assistant)
    return (Segment(SegmentKind.CHAIR, minutes),)


def _place(work: Work, draft: Draft, visit: _Visit, booked: list[_Visit]) -> None:
    over = visit.ends_at <= work.now
    status = VisitStatus(draft.row.values.get("status", VisitStatus.KEPT if over else VisitStatus.SCHEDULED))
    outcome = _OUTCOMES.get(status)
    if outcome in {EventKind.COMPLETED, EventKind.MISSED} and not over:
        draft.problems.append(Problem("status", NOT_OVER))
        return
    allowed: list[str] = []
    if outcome is None and not over:
        allowed = _allowed(work, draft, visit, booked)
        if draft.problems:
            return
    draft.want(
        Appointment,
        draft.target_id,
        patient_id=visit.patient,
        type_id=visit.info.id,
        clinic_id=visit.chair[1],
        operatory_id=visit.chair[0],
        starts_at=visit.starts_at,
        minutes=length_of(visit.segments),
        segments=kept_segments(visit.segments),
        doctor_id=visit.doctor,
        assistant_id=visit.assistant,
        note=visit.note,
        allowed=allowed,
        withdrawn_at=None,
        first={"booked_at": min(visit.starts_at, work.now), "lab_state": visit.info.lab_state},
    )
    _want_events(work, draft, visit, status, outcome)


def _allowed(work: Work, draft: Draft, visit: _Visit, booked: list[_Visit]) -> list[str]:
    """The serious conflicts that the old system allowed; an impossible one is a problem."""
    start = whole_minute(visit.starts_at)
    end = start + length_of(visit.segments)
    scene = load_scene(work.read, ClinicId(visit.chair[1]), (start, end), [draft.target_id])
    proposal = Proposal(
        PatientId(visit.patient), visit.info, OperatoryId(visit.chair[0]), start, visit.segments, None, draft.target_id
    )
    kinds = set()
    for conflict in find_conflicts(scene, proposal):
        if conflict.severity is Severity.IMPOSSIBLE:
            draft.problems.append(Problem("on", conflict.message, dict(conflict.values)))
        elif conflict.severity is Severity.SERIOUS:
            kinds.add(conflict.kind.value)
            draft.warnings.append(Problem("on", conflict.message, dict(conflict.values)))
    for other in booked:
        kinds |= _against(draft, visit, other)
    booked.append(visit)
    return sorted(kinds)


def _against(draft: Draft, visit: _Visit, other: _Visit) -> set[str]:
    """What two rows that are taken in together both want."""
    buffer = timedelta(minutes=max(visit.info.buffer_minutes, other.info.buffer_minutes))
    if not (other.starts_at < visit.ends_at + buffer and visit.starts_at < other.ends_at + buffer):
        return set()
    if visit.patient == other.patient and other.starts_at < visit.ends_at and visit.starts_at < other.ends_at:
        draft.problems.append(Problem("on", SAME_TIME))
    people = {visit.doctor, visit.assistant, *(part.provider_id for part in visit.segments)} - {None}
    others = {other.doctor, other.assistant, *(part.provider_id for part in other.segments)}
    kinds = {"chair"} if visit.chair == other.chair else set()
    return kinds | ({"doctor", "assistant"} if people & others else set())


def _want_events(work: Work, draft: Draft, visit: _Visit, status: VisitStatus, outcome: EventKind | None) -> None:
    made = min(visit.starts_at, work.now)
    steps = [(EventKind.MADE, made)]
    if outcome is EventKind.COMPLETED:
        steps += [(EventKind.ARRIVED, visit.starts_at), (EventKind.SEATED, visit.starts_at)]
        steps += [(outcome, visit.ends_at), (EventKind.LEFT, visit.ends_at)]
    elif outcome is not None:
        steps.append((outcome, visit.ends_at if outcome is EventKind.MISSED else made))
    elif status is VisitStatus.CONFIRMED:
        steps.append((EventKind.CONFIRMED, made))
    for place, (kind, at) in enumerate(steps):
        draft.want(
            AppointmentEvent,
            derived_id("conversion event", draft.target_id, kind.value),
            appointment_id=draft.target_id,
            patient_id=visit.patient,
            kind=kind,
            at=at,
            recorded_at=work.now + timedelta(milliseconds=place),
            by=work.read.actor.id,
            operatory_id=visit.chair[0] if kind is EventKind.SEATED else None,
            detail={},
        )
