"""What is already booked over some time: chairs, people, devices and patients, by whole minutes since 1970.

An appointment that this very operation has made stands in no projection yet and counts as booked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import bindparam, or_, select

from app.journal.queries import Reading
from app.journal.records import Instant
from app.practice.local_time import from_minute, whole_minute
from app.practice.spans import Span
from app.scheduling.fold import OCCUPYING
from app.scheduling.model import Appointment, AppointmentState, AppointmentType
from app.scheduling.segments import LONGEST_VISIT, Part, Segment, parts_of, segments_from
from app.scheduling.vocabulary import SegmentKind

LONGEST_BUFFER = 120
"""Minutes after which the chair of any type is free again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Minutes that a visit takes of something, and in which chair."""

    span: Span
    appointment_id: str
    operatory_id: str | None


@dataclass(slots=True)
class Occupancy:
    """Who and what is taken when."""

    chairs: dict[str, list[Taken]] = field(default_factory=lambda: defaultdict(list))
    people: dict[str, list[Taken]] = field(default_factory=lambda: defaultdict(list))
    devices: dict[str, list[Taken]] = field(default_factory=lambda: defaultdict(list))
    patients: dict[str, list[Taken]] = field(default_factory=lambda: defaultdict(list))

    def add(self, visit: Booked) -> None:
        """Take the minutes of one more visit."""
        whole = Taken(visit.span, visit.appointment_id, visit.operatory_id)
        self.patients[visit.patient_id].append(whole)
        if visit.operatory_id is not None:
            cleaned = Taken((visit.span[0], visit.span[1] + visit.buffer), visit.appointment_id, visit.operatory_id)
            self.chairs[visit.operatory_id].append(cleaned)
        for part in visit.parts:
            if part.provider_id is not None:
                self.people[part.provider_id].append(Taken(part.span, visit.appointment_id, visit.operatory_id))
        if visit.equipment_id is not None:
            for span in device_spans(visit.parts, visit.span):
                self.devices[visit.equipment_id].append(Taken(span, visit.appointment_id, visit.operatory_id))


@dataclass(frozen=True, slots=True)
class Booked:
    """A visit laid on the clock; `buffer` minutes after it the chair is not free yet."""

    appointment_id: str
    patient_id: str
    operatory_id: str | None
    span: Span
    parts: tuple[Part, ...]
    equipment_id: str | None
    buffer: int


def device_spans(parts: Iterable[Part], whole: Span) -> list[Span]:
    """When a visit uses its device: during imaging, or all along when no imaging is planned."""
    imaging = [part.span for part in parts if part.kind is SegmentKind.XRAY]
    return imaging or [whole]


def load_occupancy(read: Reading, span: Span, without: Collection[str] = ()) -> Occupancy:
    """Everything booked in the whole practice that touches a span of minutes."""
    occupancy = Occupancy()
    for visit in booked_visits(read, span):
        if visit.appointment_id not in without:
            occupancy.add(visit)
    return occupancy


_VISITS: Final = (
    select(
        Appointment.id, Appointment.patient_id, Appointment.operatory_id, Appointment.starts_at,
        Appointment.minutes, Appointment.segments, Appointment.equipment_id, AppointmentType.buffer_minutes,
        AppointmentState.completed_at,
    )
    .join(AppointmentType, AppointmentType.id == Appointment.type_id)
    .outerjoin(AppointmentState, AppointmentState.id == Appointment.id)
    .where(
        Appointment.withdrawn_at.is_(None),
        Appointment.starts_at >= bindparam("earliest", type_=Instant()),
        Appointment.starts_at < bindparam("end", type_=Instant()),
        or_(
            AppointmentState.ends_at.is_(None),
            AppointmentState.ends_at > bindparam("over", type_=Instant()),
            AppointmentState.starts_at != Appointment.starts_at,  # moved by this very operation
        ),
        or_(AppointmentState.status.is_(None), AppointmentState.status.in_(sorted(OCCUPYING))),
    )
    .order_by(Appointment.starts_at, Appointment.id)
)  # fmt: skip
"""Built once: it runs twice in every booking."""


def booked_visits(read: Reading, span: Span) -> Iterable[Booked]:
    """The visits that take minutes of a span."""
    start = from_minute(span[0])
    values = {
        "earliest": start - timedelta(minutes=LONGEST_VISIT + LONGEST_BUFFER),
        "over": start - timedelta(minutes=LONGEST_BUFFER),
        "end": from_minute(span[1]),
    }
    rows = read.execute(_VISITS, values)
    return [visit for visit in map(_booked, rows) if visit.span[1] + visit.buffer > span[0]]


def _booked(row: Any) -> Booked:
    return booked_as(row, row.buffer_minutes)


def booked_as(row: Any, buffer: int) -> Booked:
    """A visit (a row or a line of it) that ended early gives the rest of its time back."""
    start = whole_minute(row.starts_at)
    end = start + row.minutes
    if row.completed_at is not None:
        end = max(start, min(end, whole_minute(row.completed_at) + 1))
    parts = tuple(
        Part(part.kind, (part.span[0], min(part.span[1], end)), part.provider_id)
        for part in parts_of(_segments(row), start)
        if part.span[0] < end
    )
    return Booked(row.id, row.patient_id, row.operatory_id, (start, end), parts, row.equipment_id, buffer)


def _segments(row: Any) -> tuple[Segment, ...]:
    kept = row.segments
    return kept if kept and isinstance(kept[0], Segment) else segments_from(kept, row.minutes)
