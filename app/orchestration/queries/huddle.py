"""The morning huddle: what to know before the first patient; and who did what to a day, for the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.orchestration.folding import shot_of
from app.orchestration.model import FlowAlert, LeftWithout
from app.orchestration.permissions import SEE_DAY, SEE_FLOW_FIGURES
from app.orchestration.queries.moments import loaded_day
from app.orchestration.snapshot import DaySnapshot, DayVisitLine
from app.orchestration.vocabulary import AlertState, VisitFlag
from app.practice.local_time import instant_of
from app.practice.vocabulary import ProviderKind
from app.scheduling.model import AppointmentEvent
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.vocabulary import AppointmentClass, AppointmentId, EventKind, Stage


@dataclass(frozen=True, slots=True)
class HuddleVisit:
    """A visit that needs something before it begins; `needs` are msgids, the gravest first."""

    appointment_id: AppointmentId
    patient_id: PatientId
    given_name: str
    family_name: str
    type_name_fr: str
    type_name_en: str
    at: int
    chair: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HuddleFact:
    """Something of the day besides the visits: a msgid and its values; minutes since 1970 are whole numbers."""

    message: str
    values: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Huddle:
    """The sheet of a morning: how many visits by class, what each visit needs, what else is to be known, and what
    comes within half an hour."""

    on: date
    now: int
    clinic: str
    classes: tuple[tuple[AppointmentClass, int], ...]
    visits: tuple[HuddleVisit, ...]
    facts: tuple[HuddleFact, ...]
    coming: tuple[HuddleVisit, ...]


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """What somebody did to some days: states recorded, inferred, corrected, taken back; visits made or moved, and
    cancelled; alerts looked after; patients let go without a next visit."""

    by: str
    transitions: int
    inferred: int
    corrections: int
    taken_back: int
    moves: int
    cancelled: int
    acknowledged: int
    left_without: int


NEEDS: Final = (
    (VisitFlag.ALERT, N_("Critical alert: read it before the visit")), (VisitFlag.LAB, N_("Lab case not back")),
    (VisitFlag.PREP, N_("Prepare the chair")), (VisitFlag.NEW, N_("First visit: welcome the family")),
    (VisitFlag.UNCONFIRMED, N_("Not confirmed: call")),
)  # fmt: skip
SOON: Final = 30
"""Minutes ahead in which a visit comes soon."""
_TO_COME: Final = frozenset({Stage.EXPECTED, Stage.LATE})


@query(permission=SEE_DAY, label=N_("Morning huddle"))
def morning_huddle(read: Reading, clinic_id: ClinicId | None = None, day: date | None = None) -> Huddle:
    """What each visit of a day needs, who is away, which device is down, where the doctor is wanted twice."""
    read.require(SEE_SCHEDULE)
    loaded, now = loaded_day(read, clinic_id, day, None)
    shot = shot_of(loaded, now)
    standing = [visit for visit in shot.visits if visit.stage not in {Stage.CANCELLED, Stage.MISSED}]
    counted = Counter(visit.line.appointment_class for visit in standing)
    names = {chair.id: chair.name for chair in shot.chairs}
    lines = [_visit(visit, names) for visit in standing if visit.stage in _TO_COME]
    return Huddle(
        shot.on, now, shot.clinic, tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0].value))),
        tuple(line for line in lines if line.needs), tuple(_facts(shot)),
        tuple(line for line in lines if now <= line.at <= now + SOON),
    )  # fmt: skip


def _visit(visit: DayVisitLine, chairs: dict[Any, str]) -> HuddleVisit:
    line = visit.line
    needs = [words for flag, words in NEEDS if flag in visit.flags]
    grave = 1 if VisitFlag.ALERT in visit.flags else 0
    at = int(line.starts_at.timestamp()) // 60 if line.starts_at is not None else 0
    return HuddleVisit(
        visit.id, line.patient_id, line.given_name, line.family_name, line.type_name_fr, line.type_name_en, at,
        chairs.get(line.operatory_id, ""), (*needs[:grave], *visit.papers, *needs[grave:]),
    )  # fmt: skip


def _facts(shot: DaySnapshot) -> Iterable[HuddleFact]:
    for person in shot.people:
        for first, last in person.absences:
            values = (("name", person.name), ("start", max(first, shot.span[0])), ("end", min(last, shot.span[1])))
            yield HuddleFact(N_("{name} is away from {start} to {end}."), values)
    for device in shot.devices:
        for first, last in device.down:
            told = (("name", device.name), ("start", first), ("end", last))
            yield HuddleFact(N_("{name} is under maintenance from {start} to {end}."), told)
    doctors = {person.id: person.name for person in shot.people if person.kind is ProviderKind.DOCTOR}
    for ribbon in shot.ribbons:
        twice = sum(1 for percent in ribbon.planned if percent > 100) * ribbon.step
        if twice > ribbon.step and ribbon.doctor_id in doctors:
            wanted = (("name", doctors[ribbon.doctor_id]), ("minutes", str(twice)))
            yield HuddleFact(N_("{name} is wanted at two chairs at once for {minutes} min."), wanted)
    longest = max(shot.gaps, key=lambda gap: gap.minutes, default=None)
    if longest is not None:
        chair = next((each.name for each in shot.chairs if each.id == longest.operatory_id), "")
        free = (("chair", chair), ("start", longest.span[0]), ("end", longest.span[1]))
        yield HuddleFact(N_("The longest free time: {chair}, {start} to {end}."), free)


@query(permission=SEE_FLOW_FIGURES, label=N_("Record of the flow"))
def flow_record(read: Reading, from_on: date | None = None, to_on: date | None = None) -> tuple[FlowRecord, ...]:
    """Who did what to some days: states and corrections, changes of the schedule, alerts, patients who left."""
    first, last = from_on or read.today, max(to_on or read.today, from_on or read.today)
    begin = instant_of(first, 0, read.clock.zone)
    end = instant_of(last + timedelta(days=1), 0, read.clock.zone)
    counts: dict[str, Counter[str]] = {}
    event = AppointmentEvent
    columns = (event.by, event.kind, event.corrects_id, event.detail)
    rows: Iterable[Any] = read.execute(select(*columns).where(event.recorded_at >= begin, event.recorded_at < end))
    for row in rows:
        counts.setdefault(row.by, Counter())[_sort_of(row)] += 1
    alerts = select(FlowAlert.acknowledged_by).where(
        FlowAlert.acknowledged_at >= begin, FlowAlert.acknowledged_at < end, FlowAlert.state != AlertState.OPEN
    )
    for by in read.execute(alerts).scalars():
        counts.setdefault(by or "", Counter())["acknowledged"] += 1
    left = select(LeftWithout.noted_by).where(
        LeftWithout.noted_at >= begin, LeftWithout.noted_at < end, LeftWithout.withdrawn_at.is_(None)
    )
    for by in read.execute(left).scalars():
        counts.setdefault(by, Counter())["left_without"] += 1
    names = [name for name in FlowRecord.__dataclass_fields__ if name != "by"]
    return tuple(FlowRecord(by, *(counts[by][name] for name in names)) for by in sorted(counts))


_SCHEDULE: Final = {
    EventKind.MADE: "moves", EventKind.MOVED: "moves", EventKind.CANCELLED: "cancelled",
    EventKind.CANCELLED_LATE: "cancelled",
}  # fmt: skip


def _sort_of(row: Any) -> str:
    """As what one event counts."""
    if row.kind is EventKind.VOIDED:
        return "taken_back"
    if row.corrects_id is not None:
        return "corrections"
    if (row.detail or {}).get("inferred"):
        return "inferred"
    return _SCHEDULE.get(row.kind, "transitions")
