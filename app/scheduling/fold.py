"""What the events of an appointment say, by the canonical transition tables of `app.practice.states`.

Events are taken in the order in which they were written down. One that its machine does not allow is kept, counted as
ineffective and changes nothing: that happens when two workstations wrote while apart. A correction stands in the place
of what it corrects. Presence beats absence: an arrival after a no-show takes the no-show back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.practice.states import Machine, may_pass
from app.scheduling.vocabulary import EventKind

LIVE: Final = frozenset({"scheduled", "confirmed"})
OCCUPYING: Final = LIVE | {"kept"}
AT_CHAIR: Final = frozenset({"seated", "paused"})
WAITING: Final = frozenset({"arrived", "on_deck"})
OPEN: Final = LIVE | {"planned", "unscheduled"}


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as the fold reads it."""

    id: str
    kind: EventKind
    at: datetime
    recorded_at: datetime
    operatory_id: str | None = None
    reason_id: str | None = None
    detail: Any = None
    corrects_id: str | None = None


@dataclass(slots=True)
class Visit:
    """The state of an appointment; the codes are those of the state table."""

    status: str = "planned"
    flow: str = "expected"
    doctor: str = "none"
    times: dict[str, datetime] = field(default_factory=dict)
    seated_operatory_id: str | None = None
    pause_reason: str | None = None
    paused_seconds: int = 0
    doctor_seconds: int = 0
    moves: int = 0
    reason_id: str | None = None
    last_event_id: str | None = None
    ineffective: int = 0

    def note(self, name: str, at: datetime) -> None:
        """Keep the first instant of a kind."""
        self.times.setdefault(name, at)

    def pass_status(self, to: str) -> bool:
        """Pass to another status if the table allows it."""
        if self.status != to and not may_pass(Machine.APPOINTMENT, self.status, to):
            return False
        self.status = to
        return True

    def pass_flow(self, to: str) -> bool:
        """Pass to another place in the building if the table allows it."""
        if not may_pass(Machine.FLOW, self.flow, to):
            return False
        self.flow = to
        return True

    def pass_doctor(self, to: str) -> bool:
        """Pass to another doctor state at the chair if the table allows it."""
        if self.flow not in AT_CHAIR or not may_pass(Machine.DOCTOR, self.doctor, to):
            return False
        self.doctor = to
        return True


def fold(events: Iterable[Happened]) -> Visit:
    """The visit that these events make."""
    visit = Visit()
    for event in effective(events):
        if _STEPS[event.kind](visit, event):
            visit.last_event_id = event.id
        else:
            visit.ineffective += 1
    return visit


def effective(events: Iterable[Happened]) -> list[Happened]:
    """The events in order, corrections in the place of what they correct, voided ones left out."""
    ordered = sorted(events, key=lambda event: (event.recorded_at, event.id))
    children: dict[str, list[Happened]] = {}
    for event in ordered:
        if event.corrects_id is not None:
            children.setdefault(event.corrects_id, []).append(event)
    roots = (_standing(event, children) for event in ordered if event.corrects_id is None)
    return [event for event in roots if event is not None]


def _standing(event: Happened, children: dict[str, list[Happened]]) -> Happened | None:
    for child in reversed(children.get(event.id, ())):
        if child.kind is EventKind.VOIDED:
            return None
        standing = _standing(child, children)
        if standing is not None:
            return standing
    return event


def _made(visit: Visit, event: Happened) -> bool:
    visit.status = "planned" if (event.detail or {}).get("planned") else "scheduled"
    return True


def _moved(visit: Visit, event: Happened) -> bool:
    """Somebody who waits can be given another chair or time, but is not taken off the schedule."""
    after = (event.detail or {}).get("after") or {}
    placed = after.get("starts_at", 0) is not None
    here = visit.flow in WAITING
    if visit.status not in OPEN or not (visit.flow == "expected" or (here and placed)):
        return False
    if not here:
        visit.status = "scheduled" if placed else "unscheduled"
        visit.times.pop("confirmed", None)
    visit.moves += 1
    visit.reason_id = event.reason_id
    return True


def _confirmed(visit: Visit, event: Happened) -> bool:
    if visit.status != "scheduled" or not visit.pass_status("confirmed"):
        return False
    visit.times["confirmed"] = event.at
    return True


def _off(to: str) -> Callable[[Visit, Happened], bool]:
    def step(visit: Visit, event: Happened) -> bool:
        if visit.flow not in {"expected", "arrived", "on_deck"} or visit.status not in OPEN:
            return False
        if (to == "missed" and visit.flow != "expected") or not visit.pass_status(to):
            return False
        visit.flow = "expected" if visit.flow == "expected" else "gone"
        visit.times["ended"] = event.at
        visit.reason_id = event.reason_id
        return True

    return step


def _reinstated(visit: Visit, event: Happened) -> bool:
    if visit.status not in {"missed", "cancelled", "cancelled_late"} or not visit.pass_status("scheduled"):
        return False
    visit.flow = "expected"
    for name in ("ended", "arrived", "on_deck"):
        visit.times.pop(name, None)
    return True


def _running_late(visit: Visit, event: Happened) -> bool:
    """Said beforehand: nothing changes, the patient is still expected."""
    return visit.status in LIVE and visit.flow == "expected"


def _arrived(visit: Visit, event: Happened) -> bool:
    if visit.status == "missed":
        visit.status = "scheduled"
        visit.times.pop("ended", None)
    if visit.status not in LIVE or not visit.pass_flow("arrived"):
        return False
    visit.times["arrived"] = event.at
    return True


def _on_deck(visit: Visit, event: Happened) -> bool:
    return visit.status in LIVE and visit.pass_flow("on_deck")


def _seated(visit: Visit, event: Happened) -> bool:
    back = visit.flow == "checkout"
    if visit.status not in LIVE and not (back and visit.status == "kept"):
        return False
    if visit.flow == "paused" or not visit.pass_flow("seated"):
        return False
    if back:
        visit.status = "confirmed" if "confirmed" in visit.times else "scheduled"
        visit.times.pop("completed", None)
    visit.note("arrived", event.at)
    visit.note("seated", event.at)
    visit.seated_operatory_id = event.operatory_id
    return True


def _paused(visit: Visit, event: Happened) -> bool:
    if not visit.pass_flow("paused"):
        return False
    visit.times["paused"] = event.at
    visit.pause_reason = (event.detail or {}).get("pause")
    return True


def _resumed(visit: Visit, event: Happened) -> bool:
    if visit.flow != "paused":
        return False
    visit.flow = "seated"
    _end_pause(visit, event.at)
    return True


def _end_pause(visit: Visit, at: datetime) -> None:
    since = visit.times.pop("paused", at)
    visit.paused_seconds += max(0, int((at - since).total_seconds()))
    visit.pause_reason = None


def _needed(to: str) -> Callable[[Visit, Happened], bool]:
    def step(visit: Visit, event: Happened) -> bool:
        if not visit.pass_doctor(to):
            return False
        visit.note("doctor_needed", event.at)
        return True

    return step


def _doctor_arrived(visit: Visit, event: Happened) -> bool:
    if not visit.pass_doctor("here"):
        return False
    visit.times["doctor_here"] = event.at
    visit.times.pop("doctor_left", None)
    return True


def _doctor_left(visit: Visit, event: Happened) -> bool:
    if not visit.pass_doctor("was_here"):
        return False
    visit.times["doctor_left"] = event.at
    since = visit.times.get("doctor_here", event.at)
    visit.doctor_seconds += max(0, int((event.at - since).total_seconds()))
    return True


def _out_deck(visit: Visit, event: Happened) -> bool:
    if not visit.pass_flow("out_deck"):
        return False
    _end_chair(visit, event)
    return True


def _end_chair(visit: Visit, event: Happened) -> None:
    if "paused" in visit.times:
        _end_pause(visit, event.at)
    if visit.doctor == "here":
        visit.flow, place = "seated", visit.flow
        _doctor_left(visit, event)
        visit.flow = place
    elif visit.doctor != "was_here":
        visit.doctor = "none"


def _completed(visit: Visit, event: Happened) -> bool:
    if not visit.pass_flow("checkout") or not visit.pass_status("kept"):
        return False
    _end_chair(visit, event)
    visit.times["completed"] = event.at
    return True


def _left(visit: Visit, event: Happened) -> bool:
    if visit.flow != "checkout" or not visit.pass_flow("gone"):
        return False
    visit.times["left"] = event.at
    return True


_STEPS: Final[dict[EventKind, Callable[[Visit, Happened], bool]]] = {
    EventKind.MADE: _made,
    EventKind.CONFIRMED: _confirmed,
    EventKind.MOVED: _moved,
    EventKind.CANCELLED: _off("cancelled"),
    EventKind.CANCELLED_LATE: _off("cancelled_late"),
    EventKind.MISSED: _off("missed"),
    EventKind.REINSTATED: _reinstated,
    EventKind.RUNNING_LATE: _running_late,
    EventKind.ARRIVED: _arrived,
    EventKind.ON_DECK: _on_deck,
    EventKind.SEATED: _seated,
    EventKind.PAUSED: _paused,
    EventKind.RESUMED: _resumed,
    EventKind.DOCTOR_NEEDED: _needed("needed"),
    EventKind.DOCTOR_NEEDED_FIRST: _needed("needed_first"),
    EventKind.DOCTOR_ARRIVED: _doctor_arrived,
    EventKind.DOCTOR_LEFT: _doctor_left,
    EventKind.OUT_DECK: _out_deck,
    EventKind.COMPLETED: _completed,
    EventKind.LEFT: _left,
}
