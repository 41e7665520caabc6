"""The two forms of the kernel's rule give the same on random days; minutes, chairs and releases differ by run."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from app.orchestration.kernel import project
from app.orchestration.plan import ANY_HAND, NOBODY, NOWHERE, Plan, Step, Task
from app.orchestration.runs import planned_minutes, project_runs


def random_steps(chance: random.Random, people: int, devices: int) -> tuple[Step, ...]:
    count = chance.randint(1, 5)
    device = chance.randrange(devices)
    span = sorted(chance.sample(range(count + 1), 2)) if chance.random() < 0.4 else (0, 0)
    return tuple(
        Step(
            chance.randint(1, 20),
            chance.choice([NOBODY, ANY_HAND, *range(people), *range(people)]),
            device if span[0] <= place < span[1] else NOWHERE,
            chance.random() < 0.5,
        )
        for place in range(count)
    )


def random_off(chance: random.Random) -> tuple[tuple[int, int], ...]:
    if chance.random() < 0.5:
        return ()
    begin = chance.randint(0, 150)
    return ((begin, begin + chance.randint(5, 40)), (begin + 80, begin + chance.randint(81, 120)))


def random_plan(seed: int) -> Plan:
    chance = random.Random(seed)
    chairs, people, devices = chance.randint(1, 5), chance.randint(1, 5), chance.randint(1, 3)
    seats = chance.sample(range(chairs), chance.randint(0, chairs))
    tasks = []
    ranks = chance.sample(range(100), 40)
    free = [0] * chairs
    for number in range(chance.randint(1, 25)):
        seated = number < len(seats)
        steps = random_steps(chance, people, devices)
        chair = seats[number] if seated else chance.choice([NOWHERE, *range(chairs)])
        task = Task(chance.randint(0, 200), chair, ranks[number], steps, chance.choice([0, 0, 5]), seated)
        if seated:
            free[chair] = task.release + sum(step.minutes for step in steps) + task.cleaning
        tasks.append(task)
    hands = tuple(sorted(chance.sample(range(people), chance.randint(0, people))))
    return Plan(
        tuple(tasks), tuple(free), tuple(chance.randint(0, 50) for _each in range(people)),
        tuple(chance.choice([NOWHERE, *range(chairs)]) for _each in range(people)),
        tuple(random_off(chance) for _each in range(people)), tuple(chance.randint(0, 30) for _each in range(devices)),
        tuple(random_off(chance) for _each in range(devices)), hands, tuple(random_off(chance) for _each in hands),
        chance.choice([0, 1, 2]),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(300))
def test_queue_and_arrays_agree(seed: int) -> None:
    plan = random_plan(seed)
    one = project(plan)
    many = project_runs(plan, planned_minutes(plan, 3))
    flat = [start for starts in one.starts for start in starts]
    assert many.starts.tolist() == [flat] * 3
    assert many.ends.tolist() == [list(one.ends)] * 3


@pytest.mark.parametrize("seed", range(40))
def test_runs_with_other_minutes_are_independent(seed: int) -> None:
    plan = random_plan(seed)
    minutes = np.random.default_rng(seed).integers(1, 30, planned_minutes(plan, 5).shape)
    many = project_runs(plan, minutes)
    for run in range(5):
        row = minutes[run].tolist()
        lengths = [row[many.first[task] : many.first[task + 1]] for task in range(len(plan.tasks))]
        alone = project(plan, lengths)
        assert many.starts[run].tolist() == [start for starts in alone.starts for start in starts]


@pytest.mark.parametrize("seed", range(300))
def test_nothing_is_in_two_places(seed: int) -> None:
    plan = random_plan(seed)
    done = project(plan)
    chairs: dict[int, list[tuple[int, int]]] = {}
    people: dict[int, list[tuple[int, int]]] = {}
    devices: dict[int, list[tuple[int, int]]] = {}
    for task, starts, who, end in zip(plan.tasks, done.starts, done.people, done.ends, strict=True):
        assert starts[0] >= task.release
        if task.chair != NOWHERE:
            chairs.setdefault(task.chair, []).append((task.release if task.seated else starts[0], end + task.cleaning))
        used: dict[int, list[int]] = {}
        before = task.release
        for step, start, person in zip(task.steps, starts, who, strict=True):
            assert start >= before
            before = start + step.minutes
            if person != NOBODY:
                people.setdefault(person, []).append((start, before))
                off = plan.hands_off[plan.hands.index(person)] if step.person == ANY_HAND else plan.people_off[person]
                assert all(last <= start or begin >= before for begin, last in off)
            if step.device != NOWHERE:
                used.setdefault(step.device, []).extend((start, before))
        for device, times in used.items():
            devices.setdefault(device, []).append((times[0], times[-1]))
    for spans in (*chairs.values(), *people.values(), *devices.values()):
        ordered = sorted(spans)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(ordered))
