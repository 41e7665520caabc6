"""What the kernel projects: the rest of a day as tasks of steps that want a chair, a person, a device.

Times are whole minutes since 1970; people, devices and chairs are numbers, places in the tables of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from app.practice.spans import Span

NOBODY: Final = -1
"""A step that wants no person."""
ANY_HAND: Final = -2
"""A step that wants whoever of the assistants at work is free first."""
NOWHERE: Final = -1
"""No chair, or a column that holds any number at once; also no device."""


class Step(NamedTuple):
    """Some minutes of a visit that want the same person and thing. A doctor walks from chair to chair.

    The steps of a task that want one device follow one another: between them nobody else can have it.
    """

    minutes: int
    person: int = NOBODY
    device: int = NOWHERE
    walks: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """What is left of a visit: not before `release`, at a chair that is cleaned for `cleaning` minutes afterwards.

    `seated`: the patient sits there already. `rank`: of those who can begin in the same minute, the lowest goes first.
    """

    release: int
    chair: int
    rank: int
    steps: tuple[Step, ...]
    cleaning: int = 0
    seated: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The rest of a day. `…_free` are the minutes from which chairs, people and devices can be had.

    `people_at` is the chair at which somebody was last; `people_off` and `devices_off` are when they cannot be had;
    `hands` are the assistants who take what names nobody, with `hands_off` (their time outside the shift too).
    """

    tasks: tuple[Task, ...]
    chairs_free: tuple[int, ...]
    people_free: tuple[int, ...]
    people_at: tuple[int, ...]
    people_off: tuple[tuple[Span, ...], ...]
    devices_free: tuple[int, ...]
    devices_off: tuple[tuple[Span, ...], ...]
    hands: tuple[int, ...] = ()
    hands_off: tuple[tuple[Span, ...], ...] = ()
    walk: int = 0


@dataclass(frozen=True, slots=True)
class Projected:
    """When each step of each task begins, and who does it (a number, `NOBODY` for nobody), in the order of the plan."""

    starts: tuple[tuple[int, ...], ...]
    people: tuple[tuple[int, ...], ...]
    ends: tuple[int, ...]
    """When each task is over, the cleaning not counted."""
