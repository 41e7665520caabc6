"""The kernel: who begins when, with chairs, doctor minutes, assistants and devices that only one visit has at a time.

The rule: *whoever can begin first begins first*. A step can begin when the step before it is done and its chair,
person and device are free; a doctor needs the walk from another chair first; nothing begins that would run into
somebody's break or absence, or a device's maintenance. Among steps that can begin in the same minute, those of seated
patients go first, then the rank of the task. A chair is held from the first step to the end of the last one and its
cleaning; a device from its first step to its last. This is a serial schedule-generation scheme (Kolisch 1996) whose
priority is the time of the earliest begin.

`project` follows one run as a queue; `runs.project_runs` follows many runs at once as arrays, with other minutes,
chairs or releases in each. Both are the same rule, which a test holds against each other on random days.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.orchestration.plan import ANY_HAND, NOBODY, NOWHERE, Plan, Projected
from app.practice.spans import Span


def project(plan: Plan, minutes: Sequence[Sequence[int]] | None = None) -> Projected:
    """One run. `minutes` are the lengths of the steps of each task, the planned ones unless given."""
    lengths = minutes or [[step.minutes for step in task.steps] for task in plan.tasks]
    return _Run(plan, lengths).go()


@dataclass(slots=True)
class _Run:
    """One run as a queue of tasks by the minute in which they may go on."""

    plan: Plan
    lengths: Sequence[Sequence[int]]
    starts: list[list[int]] = field(default_factory=list)
    people: list[list[int]] = field(default_factory=list)
    chairs: list[int] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    devices: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)

    def go(self) -> Projected:
        """Let every task go through its steps."""
        plan = self.plan
        self.starts, self.people = [[] for _task in plan.tasks], [[] for _task in plan.tasks]
        self.chairs, self.free, self.at = list(plan.chairs_free), list(plan.people_free), list(plan.people_at)
        self.devices, self.owners = list(plan.devices_free), [-1] * len(plan.devices_free)
        ends = [task.release for task in plan.tasks]
        queue = [_urgency(task.release, task.seated, task.rank, number)
                 for number, task in enumerate(plan.tasks) if task.steps]  # fmt: skip
        heapq.heapify(queue)
        while queue:
            at, waits, rank, number = queue[0]
            begin, person = self._earliest(number, at)
            if begin > at:
                heapq.heapreplace(queue, (begin, waits, rank, number))
                if not waits:
                    self._hold(number, begin)
                continue
            self._begin(number, begin, person)
            ends[number] = begin + self.lengths[number][len(self.starts[number]) - 1]
            if len(self.starts[number]) == len(plan.tasks[number].steps):
                heapq.heappop(queue)
            else:
                heapq.heapreplace(queue, (ends[number], 0, rank, number))
        return Projected(tuple(map(tuple, self.starts)), tuple(map(tuple, self.people)), tuple(ends))

    def _earliest(self, number: int, at: int) -> tuple[int, int]:
        """The first minute in which the next step can begin as things stand, and whose hands do it."""
        task, place = self.plan.tasks[number], len(self.starts[number])
        step, long = task.steps[place], self.lengths[number][place]
        if task.chair != NOWHERE and place == 0 and not task.seated:
            at = max(at, self.chairs[task.chair])
        device = step.device
        if device != NOWHERE and self.owners[device] != number:
            at = max(at, self.devices[device])
        person = step.person
        while True:
            before = at
            if step.person == ANY_HAND:
                at, person = self._any_hand(at, long)
            elif person != NOBODY:
                away = step.walks and self.at[person] not in {NOWHERE, task.chair}
                at = _past(self.plan.people_off[person], max(at, self.free[person] + away * self.plan.walk), long)
            if device != NOWHERE:
                at = _past(self.plan.devices_off[device], at, long)
            if at == before or device == NOWHERE:
                return at, person

    def _any_hand(self, at: int, long: int) -> tuple[int, int]:
        if not self.plan.hands:
            return at, NOBODY
        offers = [
            (_past(off, max(at, self.free[person]), long), place)
            for place, (person, off) in enumerate(zip(self.plan.hands, self.plan.hands_off, strict=True))
        ]
        begin, place = min(offers)
        return begin, self.plan.hands[place]

    def _begin(self, number: int, begin: int, person: int) -> None:
        task, place = self.plan.tasks[number], len(self.starts[number])
        step = task.steps[place]
        if step.device != NOWHERE:
            self.owners[step.device] = number
        self._hold(number, begin)
        self.starts[number].append(begin)
        self.people[number].append(person)
        if person != NOBODY:
            self.free[person] = begin + self.lengths[number][place]
            self.at[person] = task.chair

    def _hold(self, number: int, begin: int) -> None:
        """Chair and device are kept at least until what is left could be done."""
        task, place = self.plan.tasks[number], len(self.starts[number])
        if task.chair != NOWHERE:
            self.chairs[task.chair] = begin + sum(self.lengths[number][place:]) + task.cleaning
        device = task.steps[place].device
        if device != NOWHERE and self.owners[device] == number:
            last = max(at for at, step in enumerate(task.steps) if step.device == device)
            self.devices[device] = begin + sum(self.lengths[number][place : last + 1])


def _urgency(release: int, seated: bool, rank: int, number: int) -> tuple[int, int, int, int]:
    return release, 0 if seated else 1, rank, number


def _past(off: Sequence[Span], at: int, long: int) -> int:
    """The first minute from `at` on in which so many minutes run into no closed span; the spans are in order."""
    for start, end in off:
        if at < end and at + long > start:
            at = end
    return at
