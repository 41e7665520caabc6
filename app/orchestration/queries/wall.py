"""What may hang on a wall: chairs, minutes and initials. No name of a patient is in the answer, nor any procedure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.commands import query
from app.journal.queries import Reading
from app.orchestration.folding import shot_of
from app.orchestration.permissions import SEE_DAY
from app.orchestration.queries.moments import loaded_day
from app.orchestration.queries.reception import chair_calls
from app.orchestration.snapshot import ChairLane, DaySnapshot, DayVisitLine, PersonLane
from app.orchestration.vocabulary import ChairState
from app.practice.vocabulary import ProviderKind
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.vocabulary import AppointmentClass, AppointmentId, Stage

_TO_COME = frozenset({Stage.EXPECTED, Stage.LATE, Stage.WAITING})


@dataclass(frozen=True, slots=True)
class WallChair:
    """A chair: `status` is a stage of the visit there, or `free`, `cleaning`, `maintenance`.

    `minutes` count what goes on (with a patient since, called since, ready in), `of_minutes` what they are a part of;
    `until` is when a free chair is wanted, minutes since 1970.
    """

    key: str
    name: str
    status: str
    initials: str
    minutes: int | None
    of_minutes: int | None
    until: int | None


@dataclass(frozen=True, slots=True)
class WallPatient:
    """Somebody who waits: initials, for how many minutes, and the chair to which they are called."""

    key: str
    initials: str
    minutes: int
    chair: str = ""


@dataclass(frozen=True, slots=True)
class WallDoctor:
    """A doctor: the family name, at which chair, at which next, and how many minutes a chair has waited."""

    key: str
    name: str
    chair: str
    next_chair: str
    late: int


@dataclass(frozen=True, slots=True)
class WallBoard:
    """The wall of a clinic at one moment; `left` counts the visits to come by class."""

    clinic_id: ClinicId
    time_zone: str
    now: int
    chairs: tuple[WallChair, ...]
    waiting: tuple[WallPatient, ...]
    doctors: tuple[WallDoctor, ...]
    left: tuple[tuple[AppointmentClass, int], ...]


@query(permission=SEE_DAY, label=N_("The wall of the day"))
def day_wall(read: Reading, clinic_id: ClinicId | None = None, now: datetime | None = None) -> WallBoard:
    """What everybody in the room may read at two metres: initials and chairs only."""
    read.require(SEE_SCHEDULE)
    loaded, minute = loaded_day(read, clinic_id, None, now)
    called = {call.appointment_id: call.chair for call in chair_calls.function(read, loaded.clinic_id)}
    return wall_of(shot_of(loaded, minute), called)


def wall_of(shot: DaySnapshot, called: Mapping[AppointmentId, str]) -> WallBoard:
    """The wall out of a snapshot, with who is called where; they stand before the others who wait."""
    visits: dict[str, DayVisitLine] = {visit.id: visit for visit in shot.visits}
    here = (v for v in shot.visits if v.stage is Stage.WAITING)
    waiting = sorted(here, key=lambda v: (v.id not in called, v.since or 0, v.id))
    left = Counter(visit.line.appointment_class for visit in shot.visits if visit.stage in _TO_COME)
    names: dict[str, str] = {chair.id: chair.short_name for chair in shot.chairs}
    return WallBoard(
        shot.clinic_id, shot.time_zone, shot.now,
        tuple(_chair(shot, chair, visits) for chair in shot.chairs if not chair.virtual),
        tuple(
            WallPatient(v.id, initials(v), max(0, shot.now - (v.since or shot.now)), called.get(v.id, ""))
            for v in waiting
        ),
        tuple(_doctor(shot, each, visits, names) for each in shot.people if each.kind is ProviderKind.DOCTOR),
        tuple(sorted(left.items(), key=lambda item: (-item[1], item[0].value))),
    )  # fmt: skip


def initials(visit: DayVisitLine) -> str:
    """“F. B.”: all that a wall may show of a name."""
    return " ".join(f"{name[:1].upper()}." for name in (visit.line.given_name, visit.line.family_name) if name)


def _chair(shot: DaySnapshot, chair: ChairLane, visits: dict[str, DayVisitLine]) -> WallChair:
    if chair.visits:
        visit = visits[chair.visits[0]]
        waited = visit.doctor_wait if visit.stage is Stage.NEEDED else None
        start, end = visit.projected or (shot.now, shot.now + 1)
        minutes = waited if waited is not None else max(0, shot.now - start)
        whole = None if waited is not None else max(end - start, 1)
        return WallChair(chair.id, chair.short_name, visit.stage.value, initials(visit), minutes, whole, None)
    if chair.state is ChairState.CLEANING:
        since = chair.since or shot.now
        left, whole = max(0, chair.free_at - shot.now), max(chair.free_at - since, 1)
        return WallChair(chair.id, chair.short_name, "cleaning", "", left, whole, None)
    status = "maintenance" if chair.state is ChairState.MAINTENANCE else "free"
    until = chair.next_at if chair.next_at is not None and chair.next_at > shot.now else None
    return WallChair(chair.id, chair.short_name, status, "", None, None, until)


def _doctor(
    shot: DaySnapshot, person: PersonLane, visits: dict[str, DayVisitLine], names: dict[str, str]
) -> WallDoctor:  # fmt: skip
    coming = visits.get(person.next_visit_id or "")
    late = max((v.doctor_wait or 0 for v in shot.visits if v.line.doctor_id == person.id), default=0)
    where = (coming.operatory_id or coming.line.operatory_id) if coming is not None else None
    here = names.get(person.operatory_id or "", "")
    following = names.get(where or "", "")
    return WallDoctor(person.id, person.name.split()[-1], here, following if following != here else "", late)
