"""A better plan: never worse, nothing wanted twice, the solver ahead of the greedy way; taken over in one step."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from app.core.errors import RuleViolation
from app.orchestration import commands as steps
from app.orchestration import optimising
from app.orchestration.commands import VisitMove
from app.orchestration.day import Day, DayChair, DayPerson, DayVisit
from app.orchestration.optimising import Method, cost_of, moved, optimise
from app.orchestration.queries import better_plan
from app.practice.local_time import from_minute
from app.practice.vocabulary import OperatoryId, ProviderId, ProviderKind
from app.scheduling.segments import read_segments, with_people
from app.scheduling.vocabulary import AppointmentId
from tests.app.clinic_world import World
from tests.app.orchestration.test_snapshot import NINE, book, look

EIGHT = 480
KINDS = ("A8 D4 A8", "A12 D3 A5", "A20 D10 A25 D5", "A8 D4 A3", "A15 D10 A35", "A6 D3")


def generated(seed: int, visits: int = 40, chairs: int = 6) -> Day:
    """A day that somebody booked by hand: chairs are full, the doctors were not looked at."""
    chance = random.Random(seed)
    free = [EIGHT] * chairs
    found = []
    for number in range(visits):
        chair = min(range(chairs), key=lambda each: free[each])
        doctor = ProviderId(f"d{chair % 2}")
        segments = with_people(read_segments(chance.choice(KINDS)), doctor, ProviderId(f"h{chair}"), None)
        start = free[chair] + chance.choice((0, 0, 5, 10))
        found.append(DayVisit(f"v{number:02d}", f"c{chair}", start, segments, cleaning=5))
        free[chair] = start + sum(segment.minutes for segment in segments) + 5
    shift = ((EIGHT, EIGHT + 720),)
    people = [DayPerson(f"d{n}", ProviderKind.DOCTOR, shift) for n in range(2)]
    people += [DayPerson(f"h{n}", ProviderKind.ASSISTANT, shift) for n in range(chairs)]
    return Day(tuple(found), tuple(DayChair(f"c{n}") for n in range(chairs)), tuple(people), walk=1)


def test_the_solver_is_ahead_of_the_greedy_way_on_generated_days() -> None:
    """Idle minutes of the doctors and waiting together, on 20 days by seed; the plan is never worse than the day."""
    assert optimising.solver_is_there()
    ahead = 0
    for seed in range(20):
        plan = optimise(generated(seed), EIGHT - 60, seconds=1.5)
        assert plan.after.total <= plan.before.total
        assert plan.gap_per_mille is None or plan.gap_per_mille >= 0
        ahead += plan.method is Method.CP_SAT and plan.after.total < plan.greedy.total
    assert ahead >= 18


def test_what_is_proposed_is_what_it_costs() -> None:
    day = generated(3)
    plan = optimise(day, EIGHT - 60)
    places = {move.visit_id: (move.chair, move.starts_at) for move in plan.moves}
    assert cost_of(moved(day, places), EIGHT - 60, {}) == plan.after
    starts = {visit.id: visit.start for visit in day.visits}
    assert all(abs(move.starts_at - starts[move.visit_id]) <= optimising.FAR for move in plan.moves)


def test_without_the_solver_the_greedy_way_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimising, "solver_is_there", lambda: False)
    plan = optimise(generated(5), EIGHT - 60)
    assert plan.method in {Method.GREEDY, Method.AS_IT_IS}
    assert plan.after.total <= plan.before.total


def test_who_is_here_or_comes_soon_is_not_moved() -> None:
    day = generated(7)
    now = EIGHT + 60
    plan = optimise(day, now)
    starts = {visit.id: visit.start for visit in day.visits}
    assert all(starts[move.visit_id] - now >= optimising.NOTICE for move in plan.moves)


def test_a_plan_is_taken_over_in_one_step_and_given_back(world: World) -> None:
    """Three visits want the doctor in the same minutes at two chairs: the plan sets them apart."""
    for number in (0, 1, 2):
        at = NINE + timedelta(minutes=60 + 20 * (number // 2))
        book(world, number, at, chair=number % 2, override=True)
    before = {visit.id: visit.line.starts_at for visit in look(world).visits}
    plan = world.ask(better_plan, world.clinic)
    assert plan.after.total < plan.before.total
    moves = [
        VisitMove(AppointmentId(move.visit_id), OperatoryId(move.chair), from_minute(move.starts_at))
        for move in plan.moves
    ]
    done = world.submit(steps.take_over_plan, moves)
    assert done.result == len(moves)
    after = {visit.id: visit.line.starts_at for visit in look(world).visits}
    assert after != before
    assert world.ask(better_plan, world.clinic).before.total == plan.after.total
    world.undo(done)
    assert {visit.id: visit.line.starts_at for visit in look(world).visits} == before
    with pytest.raises(RuleViolation, match="once"):
        world.run(steps.take_over_plan, [*moves, moves[0]])
