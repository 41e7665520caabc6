"""What becomes of the visits of the invented clinic: actual times, outcomes, and their immutable events."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.cli.demonstration.packing import Kind, Place
from app.cli.demonstration.practice import CANCEL_REASONS, MOVE_REASONS, Site, reason_id
from app.cli.demonstration.rows import Rows, as_json
from app.core.ids import new_id
from app.practice.vocabulary import ProviderKind
from app.scheduling.vocabulary import EventKind, LabState, ReasonKind, SegmentKind

MINUTE: Final = 60_000
DAY: Final = 24 * 60 * MINUTE
NO_SHOW: Final = 0.03
"""Of the visits that were kept or missed."""
LATE: Final = 0.15
"""Of the visits that were kept: arrived more than five minutes after the planned start."""
CANCELLED: Final = 0.05
"""Of all visits; two in five of them less than a day before."""
MOVED: Final = 0.06
CONFIRMED: Final = 0.78
FULL_DAYS: Final = 84
"""Visits of the last twelve weeks also tell when the doctor came and went; older ones when they began and ended."""


@dataclass(slots=True)
class Visit:
    """One visit; instants in milliseconds."""

    patient_id: str
    kind: Kind
    on: date
    place: Place
    starts: int
    booked: int
    outcome: EventKind | None
    """How it ended; None while it lies ahead."""
    steps: list[tuple[EventKind, int, dict[str, Any]]] = field(default_factory=list)
    lab_state: LabState = LabState.NONE
    prep_done: bool = False
    full: bool = True
    group_id: str | None = None
    note: str | None = None
    id: str = ""

    def happen(self, kind: EventKind, at: int, **more: Any) -> None:
        """Add what happened."""
        self.steps.append((kind, at, more))

    @property
    def ends(self) -> int:
        """The planned end."""
        return self.starts + self.kind.minutes * MINUTE


def draw_outcome(chance: random.Random) -> EventKind:
    """How a visit of the past ended."""
    if chance.random() < CANCELLED:
        return EventKind.CANCELLED_LATE if chance.random() < 0.4 else EventKind.CANCELLED
    return EventKind.MISSED if chance.random() < NO_SHOW else EventKind.COMPLETED


@dataclass(slots=True)
class Traffic:
    """The actual course of a day: from when on each chair and each doctor is free."""

    chance: random.Random
    chairs: dict[str, int] = field(default_factory=dict)
    doctors: dict[str, int] = field(default_factory=dict)

    def keep(self, visit: Visit) -> None:
        """Let a visit take its course, after those that began before it."""
        chance, place = self.chance, visit.place
        late = chance.random() < LATE
        early = chance.randrange(6, 26) if late else -chance.randrange(-3, 16)
        arrived = visit.starts + early * MINUTE + chance.randrange(0, 50) * 1000
        free = self.chairs.get(place.operatory_id, 0)
        seated = max(arrived + chance.randrange(1, 4) * MINUTE, free + MINUTE, visit.starts - 4 * MINUTE)
        visit.happen(EventKind.ARRIVED, arrived)
        visit.happen(EventKind.SEATED, seated, operatory_id=place.operatory_id)
        done = self._doctor(visit, seated)
        planned = max(3, round(visit.kind.minutes * chance.triangular(0.75, 1.25, 0.95))) * MINUTE
        done = max(done + MINUTE, seated + planned)
        self.chairs[place.operatory_id] = done
        visit.happen(EventKind.COMPLETED, done)
        visit.happen(EventKind.LEFT, done + chance.randrange(2, 8) * MINUTE)

    def _doctor(self, visit: Visit, seated: int) -> int:
        """When the doctor leaves the chair for the last time; `seated` when none is needed."""
        place, at = visit.place, 0
        if place.doctor_id is None:
            return seated
        for kind, minutes in visit.kind.segments:
            if kind is SegmentKind.DOCTOR:
                break
            at += minutes
        needed = seated + max(1, at - 1) * MINUTE
        here = max(needed + self.chance.randrange(20, 200) * 1000, self.doctors.get(place.doctor_id, 0) + MINUTE)
        left = here + max(1, round(minutes * self.chance.triangular(0.7, 1.4, 1.0))) * MINUTE
        self.doctors[place.doctor_id] = left
        if visit.full:
            visit.happen(EventKind.DOCTOR_NEEDED, needed)
            visit.happen(EventKind.DOCTOR_ARRIVED, here, provider_id=place.doctor_id)
            visit.happen(EventKind.DOCTOR_LEFT, left)
        return left


def call_off(visit: Visit, outcome: EventKind, chance: random.Random) -> None:
    """A visit that is missed or cancelled."""
    if outcome is EventKind.MISSED:
        visit.happen(outcome, visit.ends)
        return
    before = (
        chance.randrange(1, 20) * 60 * MINUTE if outcome is EventKind.CANCELLED_LATE else chance.randrange(2, 9) * DAY
    )
    at = max(visit.booked + 30 * MINUTE, visit.starts - before)
    reason = reason_id(ReasonKind.CANCEL, chance.choice(CANCEL_REASONS))
    visit.happen(outcome, at, reason_id=reason)


def prepare(visit: Visit, chance: random.Random, until: int) -> None:
    """What happens before the day: moved from another day, confirmed. Nothing after `until`."""
    begin = visit.steps[0][1] if visit.steps else visit.starts
    if chance.random() < MOVED and visit.starts - visit.booked > 9 * DAY:
        at = visit.booked + (visit.starts - visit.booked) // 2
        reason = reason_id(ReasonKind.MOVE, chance.choice(MOVE_REASONS))
        visit.happen(EventKind.MOVED, min(at, begin - MINUTE), reason_id=reason, moved=True)
    if visit.kind.should_confirm and chance.random() < CONFIRMED:
        at = visit.starts - 2 * DAY + chance.randrange(-200, 200) * MINUTE
        if visit.booked < at < min(until, begin):
            visit.happen(EventKind.CONFIRMED, at)


_APPOINTMENT: Final = (
    "id", "patient_id", "type_id", "clinic_id", "operatory_id", "starts_at", "minutes", "segments", "doctor_id",
    "assistant_id", "equipment_id", "group_id", "lab_state", "prep_done", "note", "allowed", "booked_at",
)  # fmt: skip
_EVENT: Final = (
    "id", "appointment_id", "patient_id", "kind", "at", "recorded_at", "by", "operatory_id", "provider_id",
    "reason_id", "detail", "previous_id",
)  # fmt: skip
_AT_CHAIR: Final = frozenset(
    {EventKind.SEATED, EventKind.PAUSED, EventKind.DOCTOR_NEEDED, EventKind.DOCTOR_NEEDED_FIRST,
     EventKind.DOCTOR_ARRIVED, EventKind.DOCTOR_LEFT, EventKind.OUT_DECK, EventKind.COMPLETED, EventKind.ON_DECK}
)  # fmt: skip


@dataclass(slots=True)
class VisitWriter:
    """Writes visits with their events as rows."""

    rows: Rows
    site: Site

    def write(self, visit: Visit, until: int) -> None:
        """The appointment and what happened to it until an instant."""
        visit.id = new_id()
        steps = sorted((step for step in visit.steps if step[1] <= until), key=lambda step: step[1])
        self.rows.room_for(len(steps) + 2)
        place, kind = visit.place, visit.kind
        people = {
            SegmentKind.DOCTOR: place.doctor_id, SegmentKind.ASSISTANT: place.assistant_id,
            SegmentKind.XRAY: place.assistant_id, SegmentKind.COORDINATOR: place.coordinator_id,
        }  # fmt: skip
        segments = [[part.value, minutes, people.get(part)] for part, minutes in kind.segments]
        self.rows.add_many("appointment", _APPOINTMENT, [(
            visit.id, visit.patient_id, kind.id, self.site.clinic_id, place.operatory_id, visit.starts, kind.minutes,
            as_json(segments), place.doctor_id, place.assistant_id, place.equipment_id, visit.group_id,
            visit.lab_state.value, int(visit.prep_done), visit.note, "[]", visit.booked,
        )])  # fmt: skip
        self._events(visit, steps, segments)

    def _events(self, visit: Visit, steps: list[tuple[EventKind, int, dict[str, Any]]], segments: Any) -> None:
        placement = self._placement(visit, segments) if visit.full else None
        made = {"after": placement} if placement else {}
        previous: str | None = None
        values: list[tuple[Any, ...]] = []
        recorded = 0
        for kind, at, more in [(EventKind.MADE, visit.booked, {"detail": made}), *steps]:
            event, recorded = new_id(), max(at, recorded + 1)
            detail = more.get("detail", {})
            if more.get("moved") and placement:
                earlier = dict(placement, starts_at=visit.starts - 7 * DAY)
                detail = {"before": earlier, "after": placement}
            values.append((
                event, visit.id, visit.patient_id, kind.value, at, recorded, self._by(kind, visit),
                more.get("operatory_id"), more.get("provider_id"), more.get("reason_id"), as_json(detail), previous,
            ))  # fmt: skip
            previous = event
        self.rows.add_many("appointment_event", _EVENT, values)

    def _placement(self, visit: Visit, segments: Any) -> dict[str, Any]:
        place = visit.place
        return {
            "starts_at": visit.starts, "clinic_id": self.site.clinic_id, "operatory_id": place.operatory_id,
            "minutes": visit.kind.minutes, "segments": segments, "doctor_id": place.doctor_id,
            "assistant_id": place.assistant_id, "equipment_id": place.equipment_id, "allowed": [],
        }  # fmt: skip

    def _by(self, kind: EventKind, visit: Visit) -> str:
        """Who wrote it down: at the chair the assistant, else the front desk."""
        if kind in _AT_CHAIR and visit.place.assistant_id is not None:
            return self.site.staff[self.site.people[visit.place.assistant_id].username]
        desk = self.site.of_kind(ProviderKind.FRONT_DESK)[0]
        return self.site.staff[self.site.people[desk].username]
