"""Figures of a day against days computed by hand: definitions, what stands behind each, bands, the verdict."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.measures.computing import Value, compute, verdict
from app.measures.definitions import DEFINITIONS, Unit
from app.measures.facts import DayFacts, VisitTimes
from app.measures.queries import day_figures
from app.scheduling import commands as do
from tests.app.clinic_world import World
from tests.app.orchestration.test_snapshot import NINE, TODAY, at, book


def visit(id: str, chair: str, start: int, **more: Any) -> VisitTimes:
    given: dict[str, Any] = {
        "status": "kept", "flow": "gone", "minutes": 20, "planned_doctor": 4, "arrived": None, "seated": None,
        "called": None, "here": None, "doctor_left": None, "doctor": 0, "completed": None, "gone": None,
    }  # fmt: skip
    return VisitTimes(id=id, chair=chair, start=start, **{**given, **more})


def facts(*visits: VisitTimes, chairs: tuple[str, ...] = ("F1", "F2"), until: int = 120) -> DayFacts:
    return DayFacts(date(2026, 11, 24), visits, chairs, ((0, 120),), 240, 240, 120, until)


def by_code(given: DayFacts) -> dict[str, Value]:
    return {value.definition.code: value for value in compute(given)}


A = visit("a", "F1", 0, arrived=-5, seated=3, called=11, here=15, doctor_left=21, doctor=6, completed=30, gone=34)
B = visit("b", "F1", 30, arrived=32, seated=40, called=48, here=50, doctor_left=54, doctor=4, completed=60, gone=62)
C = visit("c", "F2", 60, status="missed", flow="expected")
D = visit("d", "F2", 90, status="scheduled", flow="seated", arrived=88, seated=100)


def test_each_figure_of_a_day_computed_by_hand() -> None:
    """a: waits 3 (from the planned begin), 27 at the chair; b: waits 8 and 20; d: waits 10 and sits since 100, 20 until
    120. Chairs: 27 + 20 + 20 = 67 of 240 minutes; with the change of 10 minutes 77; without 4 + 2 of waiting 61;
    booked 3 visits of 20. Doctor: 10 of 120 minutes."""
    found = by_code(facts(A, B, C, D))
    assert {code: (value.value, value.numerator, value.denominator) for code, value in found.items()} == {
        "seen": (2, 2, 4), "show": (667, 2, 3), "no_show": (333, 1, 3), "on_time": (333, 1, 3),
        "patient_wait": (70, 21, 3), "duration": (235, 47, 2), "net_procedure": (35, 7, 2), "doctor_wait": (30, 6, 2),
        "net_doctor": (10, 2, 2), "doctor_idle": (917, 110, 120), "checkout": (30, 6, 2), "turnaround": (100, 10, 1),
        "chair_raw": (279, 67, 240), "chair_adjusted": (321, 77, 240), "chair_productive": (254, 61, 240),
        "chair_booked": (250, 60, 240),
    }  # fmt: skip


def test_every_figure_leads_to_its_visits() -> None:
    found = by_code(facts(A, B, C, D))
    assert (found["no_show"].visits, found["no_show"].of_visits) == (("c",), ("a", "b", "c"))
    assert found["on_time"].visits == ("a",)
    assert found["turnaround"].visits == ("b",)


def test_a_day_without_visits_divides_by_nothing() -> None:
    assert {value.value for value in compute(facts()) if value.definition.unit is Unit.TENTH_MINUTES} == {None}
    assert by_code(facts())["seen"].value == 0


def test_two_patients_at_one_chair_count_once() -> None:
    """0 to 30 and 20 to 40 are forty minutes."""
    found = by_code(facts(visit("a", "F1", 0, seated=0, completed=30), visit("b", "F1", 20, seated=20, completed=40)))
    assert found["chair_raw"].numerator == 40


def test_definitions_are_whole() -> None:
    assert len({item.code for item in DEFINITIONS}) == len(DEFINITIONS) == 16
    assert all(item.version >= 1 and item.formula and item.name for item in DEFINITIONS)


def test_what_limits_the_day() -> None:
    """Two visits, 47 minutes at the chair and a change of 10: 28.5 a visit; at 2 chairs one every 14.2, at 6 every
    4.7. The doctor: 10 and a minute's walk each, 6.0 a visit."""
    two = verdict(facts(A, B), 1, 1)
    assert (two.limited_by, two.every, two.chair_tenths, two.doctor_tenths) == ("chair", 142, 142, 60)
    six = verdict(facts(A, B, chairs=("F1", "F2", "F3", "F4", "F5", "F6")), 1, 1)
    assert (six.limited_by, six.every, six.chair_tenths) == ("doctor", 60, 47)
    assert verdict(facts(), 1, 1).limited_by == ""


def test_figures_of_the_clinic_with_yesterday_and_the_weekday(world: World) -> None:
    """At 11:00: today one visit is kept; last Tuesday three were by then, and one at noon that does not count yet."""
    week = NINE - timedelta(days=7)
    for number, begin in enumerate((0, 30, 60, 180)):
        start = week + timedelta(minutes=begin)
        world.run(
            do.record_past_visit, world.patients[number % 3], "ADJ", world.chairs[0], start, seated_at=start,
            ended_at=start + timedelta(minutes=20),
        )  # fmt: skip
    one = book(world, 0, NINE)
    world.run(do.seat_patient, one)
    at(world, 20)
    world.run(do.complete_appointment, one)
    at(world, 120)
    found = world.ask(day_figures, world.clinic, TODAY)
    seen = next(item for item in found.figures if item.today.definition.code == "seen")
    assert (seen.today.value, seen.today.visits, seen.yesterday) == (1, (one,), 0)
    assert (seen.low, seen.high) == (3, 3), "the one at noon was not over at eleven"
    assert [(hour.hour, hour.planned, hour.seated) for hour in found.hours] == [(9, 1, 1)]
    raw = next(item for item in found.figures if item.today.definition.code == "chair_raw")
    assert (raw.today.numerator, raw.today.denominator) == (20, 2 * 180), "two chairs with hands from 8:00 to 11:00"
