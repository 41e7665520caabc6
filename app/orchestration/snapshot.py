"""What every view of the day draws: one immutable answer, the same on every workstation.

Times are whole minutes since 1970 unless they are those of the `VisitLine`; lengths are minutes. Nothing is a
floating-point number and everything is in a fixed order, so that the same rows give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.attendance.vocabulary import ClockState
from app.core.ids import ClinicId
from app.core.money import Money
from app.orchestration.projection import ProjectedPart
from app.orchestration.vocabulary import ChairState, DeviceState, OwnStateId, PersonState, VisitFlag
from app.practice.spans import Span
from app.practice.vocabulary import EquipmentId, EquipmentKind, OperatoryId, OperatoryKind, ProviderId, ProviderKind
from app.scheduling.queries.schedule import VisitLine
from app.scheduling.vocabulary import AppointmentId, EventKind, Stage


@dataclass(frozen=True, slots=True)
class OwnMark:
    """The finer state of the clinic’s own in which a visit stands; `colour` is the stage whose colours it takes."""

    id: OwnStateId
    stage: Stage
    name_fr: str
    name_en: str
    colour: Stage


@dataclass(frozen=True, slots=True)
class DayProcedure:
    """A procedure of the catalogue that a visit is for; minutes as the catalogue has them."""

    code: str
    name_fr: str
    name_en: str
    chair_minutes: int
    doctor_minutes: int


@dataclass(frozen=True, slots=True)
class DayVisitLine:
    """A visit of the day: who and what in `line`, and where it stands.

    `mission` is the label of the product's eight states (a msgid); `operatory_id` where the patient sits or will sit.
    `projected` is the time at the chair as it went and will go on, None for a visit that was called off; `parts` are
    its segments from now on. `delay` is how much later than planned it began or will begin, `end_delay` how much
    later it ends. `since` is when the present stage began, `waiting` for how long a patient who is here has waited for
    a chair, `wait_left` how long that will still take. `over` is by how much a
    patient has sat at the chair longer than such visits take here, `doctor_wait` counts since the doctor was called.
    `papers` are sentences (msgids) of what the chart lacks for the visit.
    `inferred` are the events that nobody entered by hand; `edited` those whose time was corrected.
    """

    line: VisitLine
    stage: Stage
    mission: str
    operatory_id: OperatoryId | None
    projected: Span | None
    parts: tuple[ProjectedPart, ...]
    delay: int
    end_delay: int
    since: int | None
    waiting: int | None
    wait_left: int | None
    over: int | None
    doctor_wait: int | None
    doctor_first: bool
    urgent: bool
    urgent_reason: str | None
    assistants: tuple[ProviderId, ...]
    flags: tuple[VisitFlag, ...]
    inferred: tuple[EventKind, ...]
    edited: tuple[EventKind, ...]
    expected_charge: Money | None
    procedures: tuple[DayProcedure, ...] = ()
    papers: tuple[str, ...] = ()
    own_state: OwnMark | None = None

    @property
    def id(self) -> AppointmentId:
        """The appointment."""
        return self.line.id


@dataclass(frozen=True, slots=True)
class ChairLane:
    """A chair. `visits` are those who sit there (two are a fault), `queue` those who will, in order; `used` are
    minutes with a patient until now, `booked` planned ones of the day, `free_at` when it is free and clean."""

    id: OperatoryId
    name: str
    short_name: str
    kind: OperatoryKind
    virtual: bool
    state: ChairState
    since: int | None
    visits: tuple[AppointmentId, ...]
    queue: tuple[AppointmentId, ...]
    next_at: int | None
    free_at: int
    used: int
    booked: int


@dataclass(frozen=True, slots=True)
class PersonLane:
    """Somebody who treats: what now, since when, where, until when, and what next. `overtime` are minutes that the
    projection keeps the person past the end of the last shift; `booked` are planned minutes. By the time clock:
    `clock` is None for who has told it nothing today, `worked` minutes until now, `week` those since Monday, `meal_due`
    when five hours without a meal are over."""

    id: ProviderId
    name: str
    kind: ProviderKind
    state: PersonState
    since: int | None
    until: int | None
    visit_id: AppointmentId | None
    operatory_id: OperatoryId | None
    next_visit_id: AppointmentId | None
    next_at: int | None
    shifts: tuple[Span, ...]
    breaks: tuple[Span, ...]
    absences: tuple[Span, ...]
    parts: tuple[tuple[AppointmentId, Span], ...]
    booked: int
    overtime: int
    clock: ClockState | None = None
    clocked_at: int | None = None
    worked: int = 0
    week: int = 0
    meal_due: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceLane:
    """A device: in use by whom, until when, and who wants it next."""

    id: EquipmentId
    name: str
    kind: EquipmentKind
    operatory_id: OperatoryId | None
    state: DeviceState
    visit_id: AppointmentId | None
    free_at: int
    next_visit_id: AppointmentId | None
    next_at: int | None
    down: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Ribbon:
    """How many places want a doctor at once, in steps of some minutes from `start` on; 100 is one doctor's whole time.

    `planned` is the whole day as it was booked, `projected` the rest of it as it will go.
    """

    doctor_id: ProviderId
    start: int
    step: int
    planned: tuple[int, ...]
    projected: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenGap:
    """Minutes from now on in which a chair will be free while the clinic is open."""

    operatory_id: OperatoryId
    span: Span

    @property
    def minutes(self) -> int:
        """How long."""
        return self.span[1] - self.span[0]


@dataclass(frozen=True, slots=True)
class DaySnapshot:
    """A day of one clinic at one moment. `delay` are the minutes that visits to come will begin late in all."""

    clinic_id: ClinicId
    clinic: str
    time_zone: str
    on: date
    now: int
    span: Span
    openings: tuple[Span, ...]
    reason: str
    visits: tuple[DayVisitLine, ...]
    chairs: tuple[ChairLane, ...]
    people: tuple[PersonLane, ...]
    devices: tuple[DeviceLane, ...]
    ribbons: tuple[Ribbon, ...]
    gaps: tuple[OpenGap, ...]
    stages: Mapping[Stage, int]
    delay: int
