"""Holidays by rule, clock times and instants, spans, the calendar of a clinic."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import NotFound, RuleViolation
from app.core.ids import ClinicId
from app.journal.settings_store import change_setting
from app.practice import commands as do
from app.practice import queries as ask
from app.practice.holidays import EasterChoice, easter_sunday, statutory_holidays
from app.practice.local_time import clock_minute, clock_span, clock_text, instant_of, whole_minute
from app.practice.spans import common, covers, length, union, without
from app.practice.vocabulary import ClosureKind, Weekday
from tests.app.clinic_world import World, local

EASTERS = {2000: (4, 23), 2008: (3, 23), 2011: (4, 24), 2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28),
           2038: (4, 25)}  # fmt: skip


def test_easter() -> None:
    """Dates published by the Astronomical Society; 2008 and 2038 are nearly the earliest and the latest."""
    assert {year: (easter_sunday(year).month, easter_sunday(year).day) for year in EASTERS} == EASTERS
    for year in range(1900, 2200):
        assert easter_sunday(year).weekday() == 6
        assert date(year, 3, 22) <= easter_sunday(year) <= date(year, 4, 25)


def test_the_holidays_of_2026() -> None:
    assert [holiday.on for holiday in statutory_holidays(2026)] == [
        date(2026, 1, 1), date(2026, 4, 3), date(2026, 5, 18), date(2026, 6, 24), date(2026, 7, 1), date(2026, 9, 7),
        date(2026, 10, 12), date(2026, 12, 25),
    ]  # fmt: skip


def test_the_employers_choice_of_easter() -> None:
    days = {choice: {item.on for item in statutory_holidays(2026, choice)} for choice in EasterChoice}
    assert days[EasterChoice.EASTER_MONDAY] - days[EasterChoice.GOOD_FRIDAY] == {date(2026, 4, 6)}
    assert days[EasterChoice.BOTH] == days[EasterChoice.GOOD_FRIDAY] | days[EasterChoice.EASTER_MONDAY]


def test_sundays() -> None:
    """1 July 2018 and 24 June 2018 were Sundays."""
    days = [holiday.on for holiday in statutory_holidays(2018)]
    assert date(2018, 7, 2) in days
    assert date(2018, 7, 1) not in days
    assert {date(2018, 6, 24), date(2018, 6, 25)} <= set(days)
    assert date(2018, 6, 25) not in [item.on for item in statutory_holidays(2018, sunday_worked=True)]


@given(st.integers(1970, 2400))
def test_rules_hold_in_any_year(year: int) -> None:
    names = {holiday.name: holiday.on for holiday in statutory_holidays(year)}
    patriots = names["National Patriots’ Day"]
    assert patriots.weekday() == 0
    assert date(year, 5, 18) <= patriots < date(year, 5, 25)
    assert names["Labour Day"].weekday() == names["Thanksgiving"].weekday() == 0
    assert 8 <= names["Thanksgiving"].day <= 14
    assert len(names) in {8, 9}


def test_clock_times() -> None:
    assert [clock_minute(text, "start") for text in ("8:30", "08h30", " 24:00 ")] == [510, 510, 1440]
    assert clock_span("22:00", "2:00") == (1320, 1560)
    assert clock_text(1560) == "02:00"
    for wrong in ("8", "8:60", "25:00", "noon", ""):
        with pytest.raises(RuleViolation, match="A time is written like"):
            clock_minute(wrong, "start")


def test_instants_on_days_when_the_clock_changes() -> None:
    zone = ZoneInfo("America/Toronto")
    autumn, spring = date(2026, 11, 1), date(2027, 3, 14)
    assert instant_of(autumn, 1440, zone) - instant_of(autumn, 0, zone) == timedelta(hours=25)
    assert instant_of(spring, 1440, zone) - instant_of(spring, 0, zone) == timedelta(hours=23)
    assert instant_of(autumn, 90, zone) == local(2026, 11, 1, 1, 30, fold=0)
    assert instant_of(autumn - timedelta(days=1), 1560, zone) - instant_of(
        autumn - timedelta(days=1), 1320, zone
    ) == timedelta(hours=5)


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


def minutes(items: Any) -> set[int]:
    return {minute for start, end in items for minute in range(start, end)}


@given(spans, spans)
def test_spans_are_sets_of_minutes(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    assert minutes(union(one)) == minutes(one)
    assert minutes(without(one, other)) == minutes(one) - minutes(other)
    assert minutes(common(one, other)) == minutes(one) & minutes(other)
    assert length(one) == len(minutes(one))
    assert all(a[1] < b[0] for a, b in zip(union(one), union(one)[1:], strict=False))
    assert covers(one, (10, 20)) == set(range(10, 20)).issubset(minutes(one))


def day(world: World, on: date) -> Any:
    return world.ask(ask.clinic_days, world.clinic, on, 1)[0]


def test_hours_closures_and_openings_by_exception(world: World) -> None:
    monday = date(2026, 11, 30)
    assert day(world, monday).openings == ((local(2026, 11, 30, 8), local(2026, 11, 30, 17)),)
    world.run(
        do.set_opening_hours, world.clinic, Weekday.MONDAY, [do.Opening("8:00", "12:00"), do.Opening("13:00", "20:00")]
    )
    assert next(hours.spans for hours in world.ask(ask.opening_hours, world.clinic)) == ((480, 720), (780, 1200))
    closed = world.submit(do.add_closure, monday, "Panne", clinic_id=world.clinic, start="11:00", end="14:00")
    assert [(end - start).seconds // 60 for start, end in day(world, monday).openings] == [180, 360]
    world.undo(closed)
    world.run(do.add_closure, monday, "Congrès", monday + timedelta(days=1))
    assert (day(world, monday).openings, day(world, monday).reason) == ((), "Congrès")
    christmas = date(2026, 12, 25)
    assert (day(world, christmas).openings, day(world, christmas).reason) == ((), "Christmas Day")
    opened = world.run(do.add_closure, christmas, "Garde", start="9:00", end="12:00", kind=ClosureKind.OPEN)
    assert day(world, christmas).openings == ((local(2026, 12, 25, 9), local(2026, 12, 25, 12)),)
    assert len(world.ask(ask.closures)) == 2
    world.run(do.withdraw_closure, opened)
    world.run(change_setting, "closed_on_holidays", "false")
    assert day(world, christmas).openings


def test_the_easter_setting(world: World) -> None:
    assert day(world, date(2027, 3, 26)).reason == "Good Friday"
    world.run(change_setting, "easter_holiday", "easter_monday")
    assert day(world, date(2027, 3, 26)).reason == ""
    assert day(world, date(2027, 3, 29)).reason == "Easter Monday"
    assert date(2027, 3, 29) in [item.on for item in world.ask(ask.holidays, 2027)]
    with pytest.raises(RuleViolation, match="between 1970 and 2999"):
        world.ask(ask.holidays, 12)


def test_what_is_refused_of_hours(world: World) -> None:
    with pytest.raises(RuleViolation, match="overlap"):
        world.run(
            do.set_opening_hours,
            world.clinic,
            Weekday.MONDAY,
            [do.Opening("8:00", "12:00"), do.Opening("11:00", "13:00")],
        )
    with pytest.raises(RuleViolation, match="last day is before"):
        world.run(do.add_closure, date(2026, 12, 2), "Erreur", date(2026, 12, 1))
    with pytest.raises(RuleViolation, match="from when to when"):
        world.run(do.add_closure, date(2026, 12, 2), "Ouvert", kind=ClosureKind.OPEN)
    with pytest.raises(NotFound):
        world.ask(ask.clinic_days, ClinicId("nowhere"), date(2026, 12, 2))


def test_whole_minutes() -> None:
    assert whole_minute(local(1970, 1, 2, 0, 1)) == 24 * 60 + 5 * 60 + 1
