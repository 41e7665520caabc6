"""Moments that people type for what happened to a visit: nobody leaves before having come.

What is recorded as it happens is not looked at here: clocks of two workstations may differ by seconds, and a click
must not fail for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.scheduling.fold import Happened, effective
from app.scheduling.vocabulary import EVENT_LABELS, EventKind

IN_THE_CLINIC: Final = frozenset(
    {
        EventKind.ARRIVED, EventKind.ON_DECK, EventKind.SEATED, EventKind.PAUSED, EventKind.RESUMED,
        EventKind.DOCTOR_NEEDED, EventKind.DOCTOR_NEEDED_FIRST, EventKind.DOCTOR_ARRIVED, EventKind.DOCTOR_LEFT,
        EventKind.OUT_DECK, EventKind.COMPLETED, EventKind.LEFT,
    }
)  # fmt: skip
FARTHEST: Final = timedelta(hours=16)
"""Between the planned time of a visit and what happens at it: the longest shift, so that nights pass midnight."""


def check_typed(events: Iterable[Happened], kind: EventKind, at: datetime, planned: datetime | None) -> None:
    """A new event at a typed moment: after what is known of this visit, and on its day; else `RuleViolation`."""
    if kind in IN_THE_CLINIC:
        _check_distance(at, planned)
        _check_after(_since_reinstated(effective(events))[-1:], at)


def check_corrected(events: Iterable[Happened], event_id: str, at: datetime, planned: datetime | None) -> None:
    """Another moment for an event: between those before and after it, as far as these are in order themselves."""
    line = _since_reinstated(effective(events))
    place = next((number for number, event in enumerate(line) if event.id == event_id), None)
    if place is None:
        return
    own = line[place]
    _check_distance(at, planned)
    _check_after([event for event in line[max(0, place - 1) : place] if event.at <= own.at], at)
    for event in line[place + 1 : place + 2]:
        if own.at <= event.at < at:
            label = EVENT_LABELS[event.kind]
            raise RuleViolation(N_("This moment is after “{event}”, which followed."), field="at", event=label)


def check_past(planned: datetime, moments: Sequence[datetime], booked: datetime, now: datetime) -> None:
    """A visit of the past: arrived, seated and over in this order, and booked before it was over."""
    end = moments[-1]
    if max(planned, end) > now:
        raise RuleViolation(N_("This visit is not over yet."), field="starts_at")
    if list(moments) != sorted(moments) or booked > end:
        raise RuleViolation(N_("The times of this visit are not in order."), field="ended_at")


def _since_reinstated(events: Sequence[Happened]) -> list[Happened]:
    """What happened in the clinic since the visit stood again."""
    found: list[Happened] = []
    for event in events:
        if event.kind is EventKind.REINSTATED:
            found = []
        elif event.kind in IN_THE_CLINIC:
            found.append(event)
    return found


def _check_after(before: Iterable[Happened], at: datetime) -> None:
    for event in before:
        if at < event.at:
            label = EVENT_LABELS[event.kind]
            raise RuleViolation(N_("This moment is before “{event}”, which came first."), field="at", event=label)


def _check_distance(at: datetime, planned: datetime | None) -> None:
    if planned is not None and abs(at - planned) > FARTHEST:
        raise RuleViolation(N_("This moment is too far from the time of the visit."), field="at")
