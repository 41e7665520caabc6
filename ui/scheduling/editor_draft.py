"""What the appointment editor holds while one works: it can be kept, compared and turned into one command."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.core.errors import RuleViolation
from app.core.ids import PatientId
from app.practice.queries import OperatoryId, ProviderId, typed_instant
from app.scheduling.queries import AppointmentId, LabState, VisitLine, segments_text

NOTHING: Final = AppointmentId("")
NOBODY: Final = PatientId("")
NOWHERE: Final = OperatoryId("")


@dataclass(frozen=True, slots=True)
class Draft:
    """A visit as it would be saved. `segments` is the text of the minutes, like A8 D4 A8; `minute` after midnight."""

    appointment_id: AppointmentId = NOTHING
    patient_id: PatientId = NOBODY
    patient: str = ""
    type: str = ""
    segments: str = ""
    operatory_id: OperatoryId = NOWHERE
    doctor_id: ProviderId | None = None
    assistant_id: ProviderId | None = None
    on: date | None = None
    minute: int | None = None
    note: str = ""
    lab_state: LabState = LabState.NONE
    prep_done: bool = False
    told: datetime | None = field(default=None, compare=False)
    """The instant that day and time were taken from: of an hour that comes twice it says which."""

    def starts_at(self, zone: ZoneInfo) -> datetime | None:
        """The instant, None while day or time is missing or is on no clock."""
        try:
            return self._instant(zone)
        except RuleViolation:
            return None

    def problem(self, zone: ZoneInfo) -> RuleViolation | None:
        """Why day and time are no instant: the clocks skip it, or it comes twice."""
        try:
            self._instant(zone)
        except RuleViolation as error:
            return error
        return None

    def _instant(self, zone: ZoneInfo) -> datetime | None:
        if self.on is None or self.minute is None:
            return None
        return typed_instant(self.on, self.minute, zone, "starts_at", self.told)

    @property
    def complete(self) -> bool:
        """Whether everything that a booking needs is there."""
        return bool(self.patient_id and self.type and self.operatory_id and self.on and self.minute is not None)

    def placed(self, starts_at: datetime, zone: ZoneInfo, operatory_id: OperatoryId) -> Draft:
        """The same visit at another time and chair."""
        local = starts_at.astimezone(zone)
        minute = local.hour * 60 + local.minute
        return replace(self, on=local.date(), minute=minute, operatory_id=operatory_id, told=starts_at)


def draft_of(visit: VisitLine, patient: str, zone: ZoneInfo) -> Draft:
    """The draft of a visit as it stands."""
    local = visit.starts_at.astimezone(zone) if visit.starts_at else None
    return Draft(
        visit.id, visit.patient_id, patient, visit.type_code, segments_text(visit.segments),
        visit.operatory_id or NOWHERE, visit.doctor_id, visit.assistant_id, local.date() if local else None,
        local.hour * 60 + local.minute if local else None, visit.note or "", visit.lab_state, visit.prep_done,
        visit.starts_at,
    )  # fmt: skip


def start_of(chosen: dict[str, Any], zone: ZoneInfo) -> Draft:
    """The draft that a screen is opened with: ids as they are, a day or an instant as such or as ISO text."""
    at, on = chosen.get("starts_at") or None, chosen.get("day") or None
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    on = date.fromisoformat(on) if isinstance(on, str) else on
    draft = Draft(
        AppointmentId(str(chosen.get("appointment_id") or "")), PatientId(str(chosen.get("patient_id") or "")),
        operatory_id=OperatoryId(str(chosen.get("operatory_id") or "")),
        doctor_id=ProviderId(str(chosen["doctor_id"])) if chosen.get("doctor_id") else None,
        assistant_id=ProviderId(str(chosen["assistant_id"])) if chosen.get("assistant_id") else None, on=on,
    )  # fmt: skip
    return draft.placed(at, zone, draft.operatory_id) if isinstance(at, datetime) else draft


def key_of(chosen: dict[str, object]) -> str:
    """What a draft is kept under: its visit, or the patient that a new one is for."""
    return str(chosen.get("appointment_id") or "") or f"new {chosen.get('patient_id') or ''}"


@dataclass(slots=True)
class Drafts:
    """Drafts that were left without saving, in memory only: what one person typed never reaches the disk."""

    kept: dict[str, Draft] = field(default_factory=dict)

    def keep(self, key: str, draft: Draft, before: Draft) -> None:
        """Keep what differs from what was opened."""
        if draft != before:
            self.kept[key] = draft
        else:
            self.kept.pop(key, None)

    def drop(self, key: str) -> None:
        """It was saved, or thrown away."""
        self.kept.pop(key, None)
