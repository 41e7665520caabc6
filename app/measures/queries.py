"""What screens ask about figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.measures.computing import Value, Verdict, compute, verdict
from app.measures.definitions import DEFINITIONS, Definition, Unit
from app.measures.facts import DayFacts, load_facts
from app.measures.journey import JOURNEY_LABELS, Journey, JourneyStage, StageTime, journey
from app.measures.permissions import SEE_FIGURES
from app.practice.calendar import ClinicCalendar, load_calendar
from app.practice.local_time import whole_minute
from app.practice.roster import load_roster
from app.practice.vocabulary import ProviderKind
from app.scheduling.settings import WALK_MINUTES

__all__ = [
    "DEFINITIONS",
    "JOURNEY_LABELS",
    "DayFigures",
    "Definition",
    "Figure",
    "HourCount",
    "Journey",
    "JourneyStage",
    "StageTime",
    "Unit",
    "Verdict",
    "day_figures",
    "day_journey",
]

WEEKS: Final = 8
"""So many of the same weekday make the band."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the day beside the day before and the same weekday of the last weeks, at the same clock time.

    `low` and `high` are the least and the greatest of those weeks that have a value, None where none has.
    """

    today: Value
    yesterday: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class HourCount:
    """How many visits of the day begin in a clock hour, and how many were seated in it."""

    hour: int
    planned: int
    seated: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The figures of a day, its hours, and whether doctors or chairs limit it."""

    on: date
    figures: tuple[Figure, ...]
    hours: tuple[HourCount, ...]
    verdict: Verdict


@query(permission=SEE_FIGURES, label=N_("Figures of the day"))
def day_figures(read: Reading, clinic_id: ClinicId, day: date | None = None) -> DayFigures:
    """What a day amounts to so far: each figure with what it is made of, the day before and the same weekday."""
    calendar = load_calendar(read, clinic_id)
    now = whole_minute(read.now)
    on = day or calendar.date_of(now)
    facts = load_facts(read, calendar, on, now)
    elapsed = now - calendar.day(on)[0]
    before = [_until(read, calendar, on - timedelta(days=7 * week), elapsed) for week in range(1, WEEKS + 1)]
    yesterday = compute(_until(read, calendar, on - timedelta(days=1), elapsed))
    past = [compute(each) for each in before if each.visits]
    figures = tuple(
        _figure(value, yesterday[place].value, [each[place].value for each in past])
        for place, value in enumerate(compute(facts))
    )
    return DayFigures(
        on, figures, _hours(facts, calendar), verdict(facts, _doctors(read, calendar, on), value_of(read, WALK_MINUTES))
    )


def _until(read: Reading, calendar: ClinicCalendar, on: date, elapsed: int) -> DayFacts:
    """Another day, until as long after its midnight as today is old."""
    return load_facts(read, calendar, on, calendar.day(on)[0] + elapsed)


def _figure(value: Value, yesterday: int | None, past: Sequence[int | None]) -> Figure:
    known = [each for each in past if each is not None]
    return Figure(value, yesterday, min(known, default=None), max(known, default=None))


def _doctors(read: Reading, calendar: ClinicCalendar, on: date) -> int:
    roster = load_roster(read, calendar.clinic_id, calendar.day(on))
    return sum(
        1 for who, person in roster.people.items() if person.kind is ProviderKind.DOCTOR and roster.shifts.get(who)
    )


def _hours(facts: DayFacts, calendar: ClinicCalendar) -> tuple[HourCount, ...]:
    """The clock hours in which something is planned or was begun, in the order of the day."""
    first = calendar.day(facts.on)[0]
    planned = [(visit.start - first) // 60 for visit in facts.visits]
    seated = [(visit.seated - first) // 60 for visit in facts.visits if visit.seated is not None]
    hours = sorted({*planned, *seated})
    return tuple(HourCount(hour, planned.count(hour), seated.count(hour)) for hour in hours)


@query(permission=SEE_FIGURES, label=N_("The way of the patients"))
def day_journey(read: Reading, clinic_id: ClinicId, day: date | None = None) -> Journey:
    """How long each stage takes today against the same weekday, who stands where, and where the last hour got stuck."""
    calendar = load_calendar(read, clinic_id)
    now = whole_minute(read.now)
    on = day or calendar.date_of(now)
    before = [load_facts(read, calendar, on - timedelta(days=7 * week), now) for week in range(1, WEEKS + 1)]
    return journey(load_facts(read, calendar, on, now), [each for each in before if each.visits])
