"""Many runs of the kernel's rule at once, as arrays: durations drawn at random, plans that are compared.

Every run takes one step of one task in each round, so that a round costs a few operations on vectors of runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from app.orchestration.plan import ANY_HAND, NOBODY, NOWHERE, Plan, Step
from app.practice.spans import Span

Ints = npt.NDArray[np.int64]
RANK_BITS: Final = 16
_SHIFT: Final = RANK_BITS + 1
"""Bits of an urgency under the minute: one tells those who wait for a chair from the seated, 16 are the rank."""
_DONE: Final = 1 << 62
_NEVER: Final = -(1 << 40)


@dataclass(frozen=True, slots=True)
class Runs:
    """What came out: `starts[run, step]` with the steps of all tasks one after the other, `ends[run, task]`."""

    starts: Ints
    ends: Ints
    first: Ints
    """The place of each task's first step; the last entry is the number of steps."""

    def begins(self, task: int) -> Ints:
        """When a task begins in each run; it must have a step."""
        return self.starts[:, self.first[task]]


def planned_minutes(plan: Plan, runs: int = 1) -> Ints:
    """The planned lengths of all steps, for so many runs."""
    flat = [step.minutes for task in plan.tasks for step in task.steps]
    return np.tile(np.array(flat, dtype=np.int64), (runs, 1))


@dataclass(frozen=True, slots=True)
class Changes:
    """In which runs the plan is another one, all `[run, task]`: chairs, releases, ranks, and how many steps of a task
    are done; the minutes of those that are left out must be 0."""

    chairs: Ints
    releases: Ints
    ranks: Ints
    steps: Ints


def unchanged(plan: Plan, runs: int) -> Changes:
    """Tables of the plan as it is, to be changed."""
    tasks = plan.tasks
    values = (
        [task.chair for task in tasks], [task.release for task in tasks], [task.rank for task in tasks],
        [len(task.steps) for task in tasks],
    )  # fmt: skip
    return Changes(*(np.tile(np.array(row, dtype=np.int64), (runs, 1)) for row in values))


def project_runs(plan: Plan, minutes: Ints, changes: Changes | None = None) -> Runs:
    """Every run of `minutes[run, step]`, at least 1 each; with the changes of each run."""
    return _Runs(plan, minutes, changes or unchanged(plan, len(minutes))).go()


def _table(rows: Sequence[Sequence[Span]]) -> Ints:
    """Closed spans as [row, place, begin and end], with an empty last row for nobody."""
    wide = max((len(row) for row in rows), default=0)
    table = np.full((len(rows) + 1, wide, 2), _NEVER, dtype=np.int64)
    for place, row in enumerate(rows):
        for column, span in enumerate(row):
            table[place, column] = span
    return table


def _past(off: Ints, at: Ints, long: Ints) -> Ints:
    """`at` moved behind the closed spans [run, place, begin and end] that it would run into."""
    for place in range(off.shape[1]):
        begin, end = off[:, place, 0], off[:, place, 1]
        at = np.where((at < end) & (at + long > begin), end, at)
    return at


class _Runs:
    """The tables of all runs."""

    def __init__(self, plan: Plan, minutes: Ints, changes: Changes) -> None:
        count, tasks = len(minutes), plan.tasks
        self.plan, self.minutes = plan, minutes
        self.steps: list[Step] = [step for task in tasks for step in task.steps]
        self.first = np.cumsum([0, *(len(task.steps) for task in tasks)])
        self.last = self.first[:-1] + changes.steps - 1
        self.person = np.array([step.person for step in self.steps], dtype=np.int64)
        self.device = np.array([step.device for step in self.steps], dtype=np.int64)
        self.walk = np.array([plan.walk if step.walks else 0 for step in self.steps], dtype=np.int64)
        self.rank = changes.ranks
        self.cleaning = np.array([task.cleaning for task in tasks], dtype=np.int64)
        self.seated = np.array([task.seated for task in tasks], dtype=np.bool_)
        self.chair, self.ends = changes.chairs, changes.releases.copy()
        self.at = np.tile(self.first[:-1], (count, 1))
        waits = np.where(self.seated, 0, 1)
        key = (self.ends << _SHIFT) | (waits << RANK_BITS) | self.rank
        self.key = np.where(changes.steps > 0, key, _DONE)
        self.starts = np.zeros_like(minutes)
        self.chairs_free = _beside(plan.chairs_free, count)
        self.people_free, self.people_at = _beside(plan.people_free, count), _beside(plan.people_at, count)
        self.devices_free = _beside(plan.devices_free, count)
        self.owner = np.full((count, len(plan.devices_free) + 1), -1)
        self.people_off, self.devices_off = _table(plan.people_off), _table(plan.devices_off)
        self.hands, self.hands_off = np.array(plan.hands, dtype=np.int64), _table(plan.hands_off)
        self.rest, self.keep = self._remaining()

    def _remaining(self) -> tuple[Ints, Ints]:
        """From each step on: the minutes to the end of its task, and to the last step that wants its device."""
        rest, keep = self.minutes.copy(), self.minutes.copy()
        for task in range(len(self.first) - 1):
            begin, end = self.first[task], self.first[task + 1]
            rest[:, begin:end] = self.minutes[:, begin:end][:, ::-1].cumsum(axis=1)[:, ::-1]
            for step in range(begin, end):
                same = [at for at in range(step, end) if self.device[at] == self.device[step]]
                keep[:, step] = rest[:, step] - (rest[:, same[-1] + 1] if same[-1] + 1 < end else 0)
        return rest, keep

    def go(self) -> Runs:
        """Round after round, until no run has a task that goes on."""
        rows = np.arange(len(self.minutes))
        while len(rows) and self.key.shape[1]:
            task = self.key[rows].argmin(axis=1)
            key = self.key[rows, task]
            live = key < _DONE
            if not live.all():
                rows, task, key = rows[live], task[live], key[live]
            if len(rows):
                self._round(rows, task, key >> _SHIFT)
        return Runs(self.starts, self.ends, self.first)

    def _round(self, rows: Ints, task: Ints, now: Ints) -> None:
        step = self.at[rows, task]
        waits = (step == self.first[task]) & ~self.seated[task]
        chair, device, long = self.chair[rows, task], self.device[step], self.minutes[rows, step]
        own = self.owner[rows, device] == task
        at = np.where(waits, np.maximum(now, self.chairs_free[rows, chair]), now)
        at = np.where(own, at, np.maximum(at, self.devices_free[rows, device]))
        at, person = self._earliest(rows, step, at, chair, long)
        begins = at <= now
        held = begins | ~waits
        self._hold(rows, task, step, at, held, own | begins)
        end = at + long
        self._note(rows[begins], task[begins], step[begins], at[begins], end[begins], person[begins], chair[begins])
        after = np.where(begins, end, at)
        key = (after << _SHIFT) | (np.where(held, 0, 1) << RANK_BITS) | self.rank[rows, task]
        self.key[rows, task] = np.where(begins & (step == self.last[rows, task]), _DONE, key)

    def _earliest(self, rows: Ints, step: Ints, at: Ints, chair: Ints, long: Ints) -> tuple[Ints, Ints]:
        """As in the queue: the person, the device, and again while either puts the other off."""
        person, device = self.person[step], self.device[step]
        while True:
            before = at
            named = np.where(person >= 0, person, NOBODY)
            there = self.people_at[rows, named]
            away = (there != NOWHERE) & (there != chair)
            ready = np.maximum(at, self.people_free[rows, named] + np.where(away, self.walk[step], 0))
            at = _past(self.people_off[named], ready, long)
            at, named = self._any_hand(rows, person, at, long, named)
            at = _past(self.devices_off[device], at, long)
            if self.devices_off.shape[1] == 0 or bool((at == before).all()):
                return at, named

    def _any_hand(self, rows: Ints, person: Ints, at: Ints, long: Ints, named: Ints) -> tuple[Ints, Ints]:
        pool = np.flatnonzero(person == ANY_HAND)
        if not len(pool) or not len(self.hands):
            return at, named
        offers = np.stack(
            [
                _past(
                    np.broadcast_to(self.hands_off[place], (len(pool), *self.hands_off.shape[1:])),
                    np.maximum(at[pool], self.people_free[rows[pool], hand]), long[pool],
                )
                for place, hand in enumerate(self.hands)
            ]
        )  # fmt: skip
        best = offers.argmin(axis=0)
        at, named = at.copy(), named.copy()
        at[pool], named[pool] = offers[best, np.arange(len(pool))], self.hands[best]
        return at, named

    def _hold(self, rows: Ints, task: Ints, step: Ints, at: Ints, held: Ints, mine: Ints) -> None:
        """Chairs and devices are kept at least until what is left could be done."""
        some, task_of = rows[held], task[held]
        until = at[held] + self.rest[some, step[held]] + self.cleaning[task_of]
        self.chairs_free[some, self.chair[some, task_of]] = until
        self.chairs_free[:, NOWHERE] = _NEVER
        some, device = rows[mine], self.device[step[mine]]
        self.devices_free[some, device] = at[mine] + self.keep[some, step[mine]]
        self.owner[some, device] = task[mine]
        self.devices_free[:, NOWHERE], self.owner[:, NOWHERE] = _NEVER, -1

    def _note(self, rows: Ints, task: Ints, step: Ints, at: Ints, end: Ints, person: Ints, chair: Ints) -> None:
        self.starts[rows, step] = at
        self.ends[rows, task] = end
        self.people_free[rows, person] = end
        self.people_at[rows, person] = chair
        self.people_free[:, NOBODY], self.people_at[:, NOBODY] = _NEVER, NOWHERE
        self.at[rows, task] += 1


def _beside(values: Sequence[int], count: int) -> Ints:
    """One row a run, with one column more, the last, for nobody and nowhere."""
    return np.tile(np.array([*values, _NEVER], dtype=np.int64), (count, 1))
