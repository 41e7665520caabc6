"""The words of the practice: ids, enumerations and their labels."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

ClosureId = NewType("ClosureId", str)
OperatoryId = NewType("OperatoryId", str)
EquipmentId = NewType("EquipmentId", str)
MaintenanceId = NewType("MaintenanceId", str)
ProviderId = NewType("ProviderId", str)
SkillRowId = NewType("SkillRowId", str)
ShiftId = NewType("ShiftId", str)
BreakId = NewType("BreakId", str)
AbsenceId = NewType("AbsenceId", str)
ProcedureId = NewType("ProcedureId", str)


class ClinicLanguages(enum.StrEnum):
    """In which languages a clinic receives families."""

    FRENCH = "fr"
    BOTH = "fr_en"
    ENGLISH = "en"


class Weekday(enum.StrEnum):
    """A day of the week, Monday first (ISO 8601)."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class ClosureKind(enum.StrEnum):
    """Whether the days of an exception are closed, or opened against the rule."""

    CLOSED = "closed"
    OPEN = "open"


class OperatoryKind(enum.StrEnum):
    """What a column of the schedule is."""

    CHAIR = "chair"
    RECORDS = "records"
    CONSULTATION = "consultation"
    LAB = "lab"
    EMERGENCY = "emergency"


class EquipmentKind(enum.StrEnum):
    """What a device does."""

    XRAY = "xray"
    CBCT = "cbct"
    SCANNER = "scanner"
    CAMERA = "camera"
    LASER = "laser"
    STERILISER = "steriliser"
    OTHER = "other"


class ProviderKind(enum.StrEnum):
    """What a person does for patients, or for those who do."""

    DOCTOR = "doctor"
    HYGIENIST = "hygienist"
    ASSISTANT = "assistant"
    COORDINATOR = "coordinator"
    FRONT_DESK = "front_desk"
    TECHNICIAN = "technician"
    MANAGER = "manager"


HANDS: Final = (ProviderKind.ASSISTANT, ProviderKind.HYGIENIST)
"""Who works at a chair beside the doctor."""


class BreakKind(enum.StrEnum):
    """What a break is: the meal period of s. 79 of the Act respecting labour standards, or a rest."""

    MEAL = "meal"
    REST = "rest"


class AbsenceKind(enum.StrEnum):
    """Why somebody is away."""

    VACATION = "vacation"
    SICK = "sick"
    TRAINING = "training"
    OTHER = "other"


LANGUAGES_LABELS: Final = {
    ClinicLanguages.FRENCH: N_("French"),
    ClinicLanguages.BOTH: N_("French and English"),
    ClinicLanguages.ENGLISH: N_("English"),
}
WEEKDAY_LABELS: Final = {
    Weekday.MONDAY: N_("Monday"),
    Weekday.TUESDAY: N_("Tuesday"),
    Weekday.WEDNESDAY: N_("Wednesday"),
    Weekday.THURSDAY: N_("Thursday"),
    Weekday.FRIDAY: N_("Friday"),
    Weekday.SATURDAY: N_("Saturday"),
    Weekday.SUNDAY: N_("Sunday"),
}
CLOSURE_LABELS: Final = {ClosureKind.CLOSED: N_("Closed"), ClosureKind.OPEN: N_("Open by exception")}
OPERATORY_LABELS: Final = {
    OperatoryKind.CHAIR: N_("Chair"),
    OperatoryKind.RECORDS: N_("Records room"),
    OperatoryKind.CONSULTATION: N_("Consultation room"),
    OperatoryKind.LAB: N_("Lab column"),
    OperatoryKind.EMERGENCY: N_("Emergency column"),
}
EQUIPMENT_LABELS: Final = {
    EquipmentKind.XRAY: N_("X-ray"),
    EquipmentKind.CBCT: N_("CBCT"),
    EquipmentKind.SCANNER: N_("Intraoral scanner"),
    EquipmentKind.CAMERA: N_("Camera"),
    EquipmentKind.LASER: N_("Laser"),
    EquipmentKind.STERILISER: N_("Steriliser"),
    EquipmentKind.OTHER: N_("Other equipment"),
}
PROVIDER_LABELS: Final = {
    ProviderKind.DOCTOR: N_("Orthodontist"),
    ProviderKind.HYGIENIST: N_("Dental hygienist"),
    ProviderKind.ASSISTANT: N_("Dental assistant"),
    ProviderKind.COORDINATOR: N_("Treatment coordinator"),
    ProviderKind.FRONT_DESK: N_("Front desk"),
    ProviderKind.TECHNICIAN: N_("Lab technician"),
    ProviderKind.MANAGER: N_("Practice manager"),
}
NEVER_BOOKED: Final = frozenset({ProviderKind.MANAGER})
"""Who has shifts, breaks and absences like everybody, and is never offered for the minutes of a visit."""
BREAK_LABELS: Final = {BreakKind.MEAL: N_("Meal"), BreakKind.REST: N_("Rest")}
ABSENCE_LABELS: Final = {
    AbsenceKind.VACATION: N_("Vacation"),
    AbsenceKind.SICK: N_("Sick leave"),
    AbsenceKind.TRAINING: N_("Training"),
    AbsenceKind.OTHER: N_("Other absence"),
}
