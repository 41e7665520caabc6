"""What a form of each entry of the schedule's set-up holds, and which of its values may be emptied."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Final

from app.core.unchanged import mark_of
from app.scheduling.segments import Segment, segments_from, segments_text

TYPE: Final = (
    "name_fr", "name_en", "appointment_class", "effect", "buffer_minutes", "operatory_kind", "equipment_kind",
    "lab_state", "needs_prep", "records_due", "should_confirm", "is_emergency", "length_locked", "interval_weeks",
    "colour",
)  # fmt: skip
REASON: Final = ("name_fr", "name_en", "by_patient")


class TypeBlank(enum.StrEnum):
    """What a type may do without."""

    EQUIPMENT = "equipment_kind"
    INTERVAL = "interval_weeks"


@dataclass(frozen=True, slots=True)
class _Lists:
    segments: str
    skills: str
    procedures: str
    plain: str


def type_mark(entry: Any) -> str:
    """The mark of an appointment type, a record or an answer: its minutes and skills as text, the rest as it stands."""
    parts = tuple(entry.segments or ())
    segments = parts if parts and isinstance(parts[0], Segment) else segments_from(list(parts), 0)
    kept = getattr(entry, "procedures", None)
    codes = " ".join(kept) if kept is not None else getattr(entry, "procedure_codes", None) or ""
    lists = _Lists(segments_text(segments), " ".join(entry.skills or ()), codes, mark_of(entry, TYPE))
    return mark_of(lists, ("segments", "skills", "procedures", "plain"))
