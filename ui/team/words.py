"""What the people and things of the day say of themselves, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from app.attendance.queries import CLOCK_STATE_LABELS
from app.core.clock import Clock
from app.core.i18n import N_, _
from app.orchestration.queries import PERSON_STATE_LABELS, DaySnapshot, PersonLane, StandIn
from ui.patients.words import plain_name
from ui.shell.formats import NBSP, hour

At = Callable[[int], str]
"""Writes minutes since 1970 as a clock time."""


def at_minute(minute: int, clock: Clock) -> str:
    """A clock time of the clinic."""
    return hour(datetime.fromtimestamp(minute * 60, UTC), clock)


def hours_words(minutes: int) -> str:
    """“7 h 05”."""
    return f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60:02d}"


def doing(shot: DaySnapshot, lane: PersonLane) -> str:
    """What somebody does now, with whom."""
    visit = next((each for each in shot.visits if each.id == lane.visit_id), None)
    state = _(PERSON_STATE_LABELS[lane.state])
    return f"{state} · {plain_name(visit.line)}" if visit is not None else state


def place_of(shot: DaySnapshot, lane: PersonLane) -> str:
    """At which chair somebody is."""
    return next((chair.name for chair in shot.chairs if chair.id == lane.operatory_id), "")


def span_words(lane: PersonLane, at: At) -> str:
    """Since when, and until when."""
    if lane.since is None:
        return ""
    since = at(lane.since)
    return _(N_("since {time}"), time=since) if lane.until is None else f"{since} – {at(lane.until)}"


def next_words(shot: DaySnapshot, lane: PersonLane, at: At) -> str:
    """Who comes next, and when."""
    visit = next((each for each in shot.visits if each.id == lane.next_visit_id), None)
    if visit is None or lane.next_at is None:
        return ""
    return _(N_("{time} {name}"), time=at(lane.next_at), name=plain_name(visit.line))


def clock_of(lane: PersonLane) -> str:
    """What the time clock knows of somebody."""
    if lane.clock is None:
        return _(N_("Nothing clocked"))
    return f"{_(CLOCK_STATE_LABELS[lane.clock])} · {hours_words(lane.worked)}"


def break_words(lane: PersonLane, now: int, at: At) -> str:
    """The break that lasts, the next one, or the meal that is due."""
    lasts = next((span for span in lane.breaks if span[0] <= now < span[1]), None)
    if lasts is not None:
        return _(N_("until {time}"), time=at(lasts[1]))
    if lane.meal_due is not None and lane.meal_due <= now:
        return _(N_("Meal due since {time}"), time=at(lane.meal_due))
    coming = next((span for span in lane.breaks if span[0] > now), None)
    if coming is not None:
        return f"{at(coming[0])}–{at(coming[1])}"
    return "" if lane.meal_due is None else _(N_("Meal due at {time}"), time=at(lane.meal_due))


def stand_in_words(person: StandIn, at: At) -> str:
    """“Karim is free and has the skills”."""
    until = at(person.until) if person.until is not None else ""
    return f"{person.name} {_(person.reason, until=until, skills=', '.join(person.skills))}"
