"""How far the figures of a day can be trusted: what was entered, inferred, corrected, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.commands import query
from app.journal.queries import Reading
from app.orchestration.permissions import SEE_DAY
from app.practice.calendar import load_calendar
from app.practice.local_time import from_minute, whole_minute
from app.scheduling.fold import Happened, effective
from app.scheduling.model import Appointment, AppointmentState
from app.scheduling.projections import events_of
from app.scheduling.segments import minutes_of, segments_from
from app.scheduling.vocabulary import EventKind, SegmentKind

FLOW: Final = (
    EventKind.ARRIVED, EventKind.SEATED, EventKind.DOCTOR_ARRIVED, EventKind.DOCTOR_LEFT, EventKind.COMPLETED,
    EventKind.LEFT,
)  # fmt: skip
"""The transitions that every visit with a doctor's turn goes through."""
CALLS: Final = (
    EventKind.ON_DECK, EventKind.DOCTOR_NEEDED, EventKind.DOCTOR_NEEDED_FIRST, EventKind.PAUSED, EventKind.RESUMED,
    EventKind.OUT_DECK,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TransitionQuality:
    """One kind of transition on a day: how many were entered by hand, inferred, corrected since, and how many that
    must have happened nobody recorded."""

    kind: EventKind
    entered: int
    inferred: int
    edited: int
    missing: int


@dataclass(frozen=True, slots=True)
class DayQuality:
    """The transitions of a day, and the shares of all of them, in per mille of those that happened."""

    on: date
    kinds: tuple[TransitionQuality, ...]
    transitions: int
    inferred_per_mille: int
    edited_per_mille: int
    missing_per_mille: int


@query(permission=SEE_DAY, label=N_("How far the figures can be trusted"))
def day_quality(read: Reading, clinic_id: ClinicId, day: date | None = None) -> DayQuality:
    """For each kind of transition of a day, how many were entered, inferred, corrected, and how many are missing."""
    calendar = load_calendar(read, clinic_id)
    on = day or calendar.date_of(whole_minute(read.now))
    span = calendar.day(on)
    statement = (
        select(Appointment.id, Appointment.segments, Appointment.minutes, AppointmentState.flow)
        .join(AppointmentState, AppointmentState.id == Appointment.id)
        .where(
            Appointment.clinic_id == clinic_id, Appointment.starts_at >= from_minute(span[0]),
            Appointment.starts_at < from_minute(span[1]),
        )
    )  # fmt: skip
    rows = read.execute(statement).all()
    events = events_of(read, [row.id for row in rows])
    counts: dict[str, Counter[EventKind]] = {name: Counter() for name in ("entered", "inferred", "edited", "missing")}
    for row in rows:
        standing = effective(events.get(row.id, ()))
        _count(standing, counts)
        doctor = minutes_of(segments_from(row.segments, row.minutes), SegmentKind.DOCTOR) > 0
        counts["missing"].update(missing_of(row.flow, standing, doctor))
    return _quality(on, counts)


def _count(standing: Iterable[Happened], counts: Mapping[str, Counter[EventKind]]) -> None:
    for event in standing:
        if event.kind not in FLOW and event.kind not in CALLS:
            continue
        inferred = bool((event.detail or {}).get("inferred"))
        counts["inferred" if inferred else "entered"][event.kind] += 1
        if event.corrects_id is not None:
            counts["edited"][event.kind] += 1


def missing_of(flow: str, standing: Iterable[Happened], doctor: bool) -> list[EventKind]:
    """The transitions that a visit must have gone through and that nobody recorded."""
    known = {event.kind for event in standing}
    through = {"seated": 2, "paused": 2, "out_deck": 4, "checkout": 5, "gone": 6}.get(flow, 0)
    if EventKind.SEATED not in known:
        return []
    found = [kind for kind in FLOW[:through] if kind not in known]
    return [kind for kind in found if doctor or kind not in {EventKind.DOCTOR_ARRIVED, EventKind.DOCTOR_LEFT}]


def _quality(on: date, counts: Mapping[str, Counter[EventKind]]) -> DayQuality:
    kinds = tuple(
        TransitionQuality(kind, *(counts[name][kind] for name in ("entered", "inferred", "edited", "missing")))
        for kind in (*FLOW, *CALLS)
        if any(counter[kind] for counter in counts.values())
    )
    total = sum(item.entered + item.inferred for item in kinds)
    happened = total + sum(item.missing for item in kinds)

    def share(part: int, whole: int) -> int:
        return (2000 * part + whole) // (2 * whole) if whole else 0

    return DayQuality(
        on, kinds, total, share(sum(item.inferred for item in kinds), total),
        share(sum(item.edited for item in kinds), total), share(sum(item.missing for item in kinds), happened),
    )  # fmt: skip
