"""The worklist of imaging devices: the visits of the schedule, as scheduled procedure steps (PS3.4 §K).

Everybody who is expected is on it, not only visits that planned an image: a unit finds whoever stands in front of it.
Identifiers follow from the visit, so that two workstations and every day give the same, and so that what a unit sends
back leads to the visit again.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.core.i18n import N_
from app.core.ids import PatientId
from app.gateway.permissions import SEE_GATEWAY
from app.imaging.found import uid_of
from app.journal.commands import query
from app.journal.queries import Reading
from app.patients.model import Patient
from app.patients.nam import RamqSex
from app.practice.model import Clinic
from app.practice.vocabulary import EquipmentId, EquipmentKind
from app.scheduling.model import Appointment, AppointmentState, AppointmentType
from app.scheduling.vocabulary import AppointmentId

EXPECTED: Final = ("scheduled", "confirmed")
"""Of the machine of appointments (`app.practice.states`); a visit that was kept has its images already."""
LONGEST_DAYS: Final = 31
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class WorklistEntry:
    """A visit as a unit is given it. `starts_at` is in the zone of the clinic."""

    appointment_id: AppointmentId
    patient_id: PatientId
    file_number: str
    family_name: str
    given_name: str
    born_on: date | None
    sex: RamqSex | None
    starts_at: datetime
    description: str
    clinic: str
    equipment_id: EquipmentId | None
    equipment_kind: EquipmentKind | None
    number: str
    study_instance_uid: str


def step_number(appointment_id: str) -> str:
    """The accession number and step id of a visit: 15 letters and digits, an SH of PS3.5 §6.2."""
    value, made = uuid.UUID(appointment_id).int % 36**14, ""
    for _ in range(14):
        value, digit = divmod(value, 36)
        made = _DIGITS[digit] + made
    return f"A{made}"


def study_uid(appointment_id: str) -> str:
    """The study into which the images of a visit go, if its unit takes it from the worklist."""
    return uid_of("study of visit", appointment_id)


@query(permission=SEE_GATEWAY, label=N_("Worklist of imaging devices"))
def worklist(read: Reading, from_on: date | None = None, to_on: date | None = None) -> list[WorklistEntry]:
    """List the visits that imaging devices are given, of today or of at most 31 days."""
    first = from_on or read.today
    last = min(to_on or first, first + timedelta(days=LONGEST_DAYS))
    zone = read.clock.zone
    start = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)
    after = last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
    wanted = (
        select(
            Appointment.id.label("appointment_id"), Patient.id.label("patient_id"), Patient.file_number,
            Patient.family_name, Patient.given_name, Patient.born_on,
            Patient.sex_at_ramq.label("sex"), Appointment.starts_at, AppointmentType.name_fr.label("description"),
            Clinic.name.label("clinic"), Appointment.equipment_id,
            AppointmentType.equipment_kind,
        )
        .join(AppointmentState, AppointmentState.id == Appointment.id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .join(Clinic, Clinic.id == Appointment.clinic_id)
        .where(
            Appointment.starts_at >= start, Appointment.starts_at < end, Appointment.withdrawn_at.is_(None),
            AppointmentState.status.in_(EXPECTED), Patient.withdrawn_at.is_(None),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )  # fmt: skip
    made = []
    for row in read.execute(wanted):
        values: dict[str, Any] = dict(row._mapping)
        values["starts_at"] = values["starts_at"].astimezone(zone)
        key = values["appointment_id"]
        made.append(WorklistEntry(**values, number=step_number(key), study_instance_uid=study_uid(key)))
    return made


def visit_of(read: Reading, number: str, study_instance_uid: str) -> WorklistEntry | None:
    """The visit near today that a unit means by an accession number, a step id or a study; None for any other."""
    near = timedelta(days=2)
    for entry in worklist.function(read, read.today - near, read.today + near):
        if entry.number == number or (study_instance_uid and entry.study_instance_uid == study_instance_uid):
            return entry
    return None
