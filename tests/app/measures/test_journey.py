"""The stages of the patients: times computed by hand, what is usual, and where the last hour got stuck."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.core.clock import Clock
from app.measures.facts import DayFacts, VisitTimes
from app.measures.journey import JourneyStage, journey
from app.measures.queries import day_journey
from app.scheduling import commands as do
from app.scheduling.vocabulary import AppointmentId
from tests.app.clinic_world import World, local

VISIT = VisitTimes(
    AppointmentId("a"), "c", "kept", "gone", 600, 30, 5, 595, 610, 620, 625, 631, 6, 640, 643,
)  # fmt: skip
"""Due at 600 and there at 595: waits 10, prepared 10, waits 5 for the doctor, 6 with her, 9 after, 3 to pay."""


def facts(*visits: VisitTimes, until: int = 700) -> DayFacts:
    """A day with these visits."""
    return DayFacts(date(2026, 11, 24), visits, ("c",), ((480, 1020),), 0, 0, 0, until)


def test_each_stage_by_hand() -> None:
    found = {item.stage: item for item in journey(facts(VISIT), []).stages}
    assert {stage: item.mean for stage, item in found.items()} == {
        JourneyStage.WAITING: 100, JourneyStage.PREPARED: 100, JourneyStage.DOCTOR_WAIT: 50, JourneyStage.DOCTOR: 60,
        JourneyStage.FINISHED: 90, JourneyStage.CHECKOUT: 30,
    }  # fmt: skip
    assert all(item.usual is None and item.now == () for item in found.values())


def test_usual_is_the_median_of_earlier_days() -> None:
    slow = replace(VISIT, seated=630)
    found = journey(facts(VISIT), [facts(VISIT), facts(slow), facts(slow)]).stages[0]
    assert (found.mean, found.usual) == (100, 300)


def test_the_hour_got_stuck_where_most_minutes_went_beyond_the_usual() -> None:
    """Usual wait for the doctor: 5. Two chairs have waited since 660: at 700 that is 2 × 35 beyond."""
    stuck = replace(VISIT, status="scheduled", flow="seated", called=660, here=None, doctor_left=None, completed=None,
                    gone=None)  # fmt: skip
    two = [replace(stuck, id=AppointmentId(key)) for key in "xy"]
    found = journey(facts(*two), [facts(VISIT)])
    assert found.bottleneck is JourneyStage.DOCTOR_WAIT
    stage = next(item for item in found.stages if item.stage is JourneyStage.DOCTOR_WAIT)
    assert (stage.now, stage.excess) == (("x", "y"), 70)
    assert journey(facts(VISIT), [facts(VISIT)]).bottleneck is None


def test_the_query_compares_with_the_same_weekday(world: World) -> None:
    nine = local(2026, 11, 24, 9)
    moment = [nine]
    world.runner.clock = Clock(world.runner.clock.zone, lambda: moment[0])
    visit = world.run(do.book_appointment, world.patients[0], "ADJ", world.chairs[0], nine, None, world.hands[0])
    world.run(do.check_in_patient, visit)
    moment[0] = nine + timedelta(minutes=7)
    world.run(do.seat_patient, visit)
    found = world.ask(day_journey, world.clinic)
    assert (found.stages[0].mean, found.stages[0].count) == (70, 1)
    assert found.stages[1].now == (visit,)
    moment[0] = nine + timedelta(days=7, minutes=7)
    assert world.ask(day_journey, world.clinic).stages[0].usual == 70
