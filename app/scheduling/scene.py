"""Everything that decides whether a visit can stand: loaded once for some days of a clinic, asked many times."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from app.core.ids import ClinicId, PatientId
from app.journal.queries import Reading
from app.journal.remembered import remembered
from app.journal.settings_store import value_of
from app.practice.calendar import ClinicCalendar, load_calendar
from app.practice.local_time import whole_minute
from app.practice.roster import Device, Roster, load_roster
from app.practice.spans import Span
from app.practice.vocabulary import EquipmentId, OperatoryId
from app.scheduling.occupancy import Booked, Occupancy, load_occupancy
from app.scheduling.segments import Part, Segment, length_of, parts_of
from app.scheduling.settings import DOCTOR_TOLERANCE, WALK_MINUTES
from app.scheduling.templating import Templates, load_templates
from app.scheduling.visit_types import TypeInfo

MARGIN: Final = 180
"""Minutes around a span that are loaded too: walks and buffers reach no further."""
DAY: Final = 1440
STANDING: Final = frozenset(
    {
        "absence", "clinic", "clinic_setting", "closure", "day_template", "equipment", "maintenance", "opening_hours",
        "operatory", "provider", "provider_skill", "shift", "shift_break", "template_cell", "template_day",
    }
)  # fmt: skip
"""The tables of everything in a scene besides the visits."""


@dataclass(slots=True)
class Scene:
    """A clinic over some days. Minutes since 1970."""

    calendar: ClinicCalendar
    roster: Roster
    occupancy: Occupancy
    templates: Templates
    now: int
    tolerance: int
    walk: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A visit as it would stand."""

    patient_id: PatientId
    type: TypeInfo
    operatory_id: OperatoryId
    start: int
    segments: tuple[Segment, ...]
    equipment_id: EquipmentId | None = None
    appointment_id: str = ""

    @property
    def span(self) -> Span:
        """From the first to the last minute."""
        return self.start, self.start + length_of(self.segments)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The segments on the clock."""
        return tuple(parts_of(self.segments, self.start))

    def booked(self) -> Booked:
        """The same as an occupancy takes it."""
        return Booked(
            self.appointment_id, self.patient_id, self.operatory_id, self.span, self.parts, self.equipment_id,
            self.type.buffer_minutes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stays the same from one booking to the next: hours, people, chairs, templates, settings."""

    calendar: ClinicCalendar
    roster: Roster
    templates: Templates
    tolerance: int
    walk: int


def load_scene(read: Reading, clinic_id: ClinicId, span: Span, without: Collection[str] = ()) -> Scene:
    """The scene of a span of minutes, with a margin; appointments of `without` are left out."""
    wide = (span[0] - MARGIN, span[1] + MARGIN)
    standing = _standing(read, clinic_id, wide)
    occupancy = load_occupancy(read, wide, without)
    now = whole_minute(read.now)
    return Scene(
        standing.calendar, standing.roster, occupancy, standing.templates, now, standing.tolerance, standing.walk
    )


def _standing(read: Reading, clinic_id: ClinicId, span: Span) -> _Standing:
    """Whole days, so that all bookings of a day find the same in memory."""
    days = (span[0] // DAY * DAY, -(-span[1] // DAY) * DAY)

    def load() -> _Standing:
        return _Standing(
            load_calendar(read, clinic_id), load_roster(read, clinic_id, days), load_templates(read, clinic_id),
            value_of(read, DOCTOR_TOLERANCE), value_of(read, WALK_MINUTES),
        )  # fmt: skip

    return remembered(read, ("scene", clinic_id, days), STANDING, load)


def devices_for(scene: Scene, proposal_type: TypeInfo, operatory_id: str) -> list[Device]:
    """The devices that a type can use at a chair: those of its room first, then those that are carried about."""
    kind = proposal_type.equipment_kind
    fitting = [device for device in scene.roster.devices.values() if device.kind is kind]
    here = [device for device in fitting if device.operatory_id == operatory_id]
    return here + [device for device in fitting if device.operatory_id is None] if kind else []
