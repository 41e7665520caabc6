"""Clock times that people type on the days when the clocks change: refused in words, never bent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import i18n
from app.core.errors import RuleViolation
from app.practice import commands as do
from app.practice import queries as ask
from app.practice.local_time import instant_of, localised, typed_instant, typed_moment
from app.practice.vocabulary import Weekday
from app.scheduling.commands import add_template, add_template_cell, use_template
from app.scheduling.vocabulary import AppointmentClass
from tests.app.clinic_world import World, local

ZONE = ZoneInfo("America/Toronto")
AUTUMN, SPRING = date(2026, 11, 1), date(2027, 3, 14)
SKIPPED = "{time} does not exist on {day}: the clocks go forward then. Choose another."


def refusal(*args: Any, **more: Any) -> RuleViolation:
    with pytest.raises(RuleViolation) as met:
        typed_instant(*args, **more)
    return met.value


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 2879))
def test_what_is_accepted_is_what_a_clock_shows(on: date, minute: int) -> None:
    """Back on the clock, it reads as it was typed, but for the moment of the change, which already reads an hour on."""
    try:
        told = typed_instant(on, minute, ZONE, "start")
    except RuleViolation:
        return
    wall = datetime(on.year, on.month, on.day) + timedelta(minutes=minute)
    seen = told.astimezone(ZONE).replace(tzinfo=None)
    assert seen == wall or (seen - wall == timedelta(hours=1) and wall.minute == 0)
    assert told == instant_of(on, minute, ZONE)


def test_the_skipped_hour_is_refused_but_for_the_moment_of_the_change() -> None:
    assert typed_instant(SPRING, 120, ZONE, "end") == local(2027, 3, 14, 3, 0)
    assert typed_instant(SPRING, 180, ZONE, "end") == local(2027, 3, 14, 3, 0)
    for minute in (121, 150, 179):
        error = refusal(SPRING, minute, ZONE, "start")
        assert (error.message_id, error.field) == (SKIPPED, "start")
    assert refusal(SPRING - timedelta(days=1), 1440 + 150, ZONE, "start").values["day"] == "2027-03-14"


def test_the_hour_that_comes_twice_is_refused_unless_it_stands_already() -> None:
    for minute in (60, 90, 119):
        assert "twice" in refusal(AUTUMN, minute, ZONE, "start").message_id
    assert typed_instant(AUTUMN, 59, ZONE, "start") == local(2026, 11, 1, 0, 59)
    assert typed_instant(AUTUMN, 120, ZONE, "start") == local(2026, 11, 1, 2, 0)
    for fold in (0, 1):
        kept = local(2026, 11, 1, 1, 30, fold=fold)
        assert typed_instant(AUTUMN, 90, ZONE, "start", kept) == kept
        assert typed_moment(datetime.fromisoformat(f"2026-11-01T01:30-0{4 + fold}:00"), ZONE, "at") == kept
    assert refusal(AUTUMN, 91, ZONE, "start", kept)


def test_the_sentences_in_both_languages() -> None:
    said = {}
    for code in ("fr", "en"):
        i18n.set_language(code)
        said[code] = [str(refusal(SPRING, 150, ZONE, "start")), str(refusal(AUTUMN, 90, ZONE, "start"))]
    i18n.set_language("en")
    assert said["fr"][0].startswith("2\u00a0h\u00a030 n’existe pas le 2027-03-14\u00a0:")
    assert said["fr"][1].startswith("1\u00a0h\u00a030 revient deux fois le 2026-11-01\u00a0:")
    assert said["en"][0].startswith("02:30 does not exist on 2027-03-14:")
    with pytest.raises(RuleViolation, match="Write 2026-11-01T01:30-04:00 or 2026-11-01T01:30-05:00"):
        localised([datetime(2026, 11, 1, 1, 30)], ZONE, "starts_at")
    assert localised(datetime(2026, 11, 1, 1, 30, tzinfo=UTC), ZONE, "x") == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


def test_a_shift_begins_and_ends_when_there_is_such_a_time(world: World) -> None:
    who = world.doctors[1]
    for on, start, end, field in (
        (SPRING, "2:30", "6:00", "start"), (SPRING - timedelta(days=1), "22:00", "2:30", "end"),
        (AUTUMN, "1:15", "6:00", "start"), (AUTUMN - timedelta(days=1), "22:00", "1:45", "end"),
    ):  # fmt: skip
        with pytest.raises(RuleViolation) as met:
            world.run(do.add_shift, who, world.clinic, on, start, end)
        assert met.value.field == field
    assert [line for line in world.ask(ask.roster, world.clinic, SPRING).shifts if line.provider_id == who] == []
    rhythm = (date(2027, 3, 6), date(2027, 3, 21), [Weekday.SATURDAY, Weekday.SUNDAY], "2:30", "6:00")
    with pytest.raises(RuleViolation, match="02:30 does not exist on 2027-03-14"):
        world.run(do.repeat_shift, who, world.clinic, *rhythm)
    world.run(do.add_shift, who, world.clinic, SPRING - timedelta(days=1), "22:00", "2:00")


def test_a_template_is_named_for_a_day_whose_clocks_show_its_times(world: World) -> None:
    template = world.run(add_template, world.clinic, "Nuit")
    world.run(add_template_cell, template, world.chairs[0], "1:00", "2:30", AppointmentClass.EXAM)
    for on in (SPRING, AUTUMN):
        with pytest.raises(RuleViolation):
            world.run(use_template, world.clinic, template, on=on)
    world.run(use_template, world.clinic, template, on=date(2027, 3, 15))
    world.run(use_template, world.clinic, template, weekday=Weekday.SUNDAY)
