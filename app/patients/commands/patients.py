"""Opening a chart and keeping its demographics."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import func, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.entry import NAME_LIMIT, check_birth, clean_name, clean_text
from app.patients.events import PatientCreated
from app.patients.model import Patient, PatientSearch
from app.patients.nam import RamqSex, check_expiry, check_nam
from app.patients.permissions import EDIT_PATIENTS
from app.patients.settings import FIRST_FILE_NUMBER
from app.patients.vocabulary import FileStatus, Language, PatientField

NUMBER_LIMIT: Final = 20


def living_patient(tx: Transaction, patient_id: PatientId) -> Patient:
    """The chart that may be worked in: neither withdrawn, nor erased, nor merged into another."""
    patient = tx.get(Patient, patient_id)
    if patient.withdrawn_at is not None:
        raise RuleViolation(N_("This chart has been withdrawn."), field="patient_id")
    if patient.file_number == "":
        raise RuleViolation(N_("This patient’s data has been erased."), field="patient_id")
    if patient.merged_into_id is not None:
        kept = tx.get(Patient, patient.merged_into_id)
        raise RuleViolation(
            N_("This chart was merged into number {number}: work there."), field="patient_id", number=kept.file_number
        )
    return patient


@command(permission=EDIT_PATIENTS, label=N_("Withdraw the chart"))
def withdraw_patient(tx: Transaction, patient_id: PatientId) -> None:
    """Take a chart that was opened by mistake out of every list."""
    patient = living_patient(tx, patient_id)
    if tx.first(select(Patient.id).where(Patient.merged_into_id == patient_id, Patient.withdrawn_at.is_(None))):
        raise RuleViolation(N_("Another chart was merged into this one: separate them first."), field="patient_id")
    patient.withdrawn_at = tx.now


@command(permission=EDIT_PATIENTS, label=N_("Restore the chart"))
def restore_patient(tx: Transaction, patient_id: PatientId) -> None:
    """Bring back a chart that was withdrawn."""
    tx.get(Patient, patient_id).withdrawn_at = None


@command(permission=EDIT_PATIENTS, label=N_("Create the patient"), undo=(withdraw_patient, Patient))
def create_patient(
    tx: Transaction,
    family_name: str,
    given_name: str,
    born_on: date | None = None,
    language: Language = Language.FRENCH,
    preferred_name: str = "",
    pronouns: str = "",
    sex_at_ramq: RamqSex | None = None,
    nam: str = "",
    nam_expires: str = "",
    file_number: str = "",
) -> PatientId:
    """Open a chart. The next file number is given unless one is typed."""
    patient = tx.add(
        Patient(
            family_name=clean_name(family_name, "family_name"),
            given_name=clean_name(given_name, "given_name"),
            preferred_name=clean_text(preferred_name, "preferred_name", limit=NAME_LIMIT),
            pronouns=clean_text(pronouns, "pronouns", limit=NAME_LIMIT),
            born_on=check_birth(born_on, tx.today),
            sex_at_ramq=sex_at_ramq,
            language=language,
            nam=check_nam(nam).value if nam.strip() else None,
            nam_expires=check_expiry(nam_expires) if nam_expires.strip() else None,
            file_number=free_number(tx, file_number) if file_number.strip() else next_number(tx),
            status=FileStatus.ACTIVE,
            opened_at=tx.now,
        )
    )
    tx.record(PatientCreated(patient.id))
    return patient.id


def next_number(tx: Transaction) -> str:
    """One more than the greatest number in use; a number that any chart ever had is passed over."""
    tx.session.flush()
    greatest = tx.first(
        select(PatientSearch.file_order)
        .where(
            func.length(PatientSearch.file_number) < 10,
            PatientSearch.file_number.op("NOT GLOB", is_comparison=True)("*[^0-9]*"),
        )
        .order_by(PatientSearch.file_order.desc())
        .limit(1)
    )
    number = max((greatest or 0) + 1, tx.setting(FIRST_FILE_NUMBER))
    while tx.first(select(Patient.id).where(Patient.file_number == str(number))):
        number += 1
    return str(number)


def free_number(tx: Transaction, typed: str, own_id: str = "") -> str:
    """A file number as typed, refused when another chart has it."""
    number = clean_text(typed, "file_number", limit=NUMBER_LIMIT)
    if number is None or not any(character.isalnum() for character in number):
        raise RuleViolation(N_("A file number has letters or digits."), field="file_number")
    if tx.first(select(Patient.id).where(Patient.file_number == number, Patient.id != own_id)):
        raise RuleViolation(N_("Another chart has the number {number}."), field="file_number", number=number)
    return number


@command(permission=EDIT_PATIENTS, label=N_("Change the patient"))
def change_patient(
    tx: Transaction,
    patient_id: PatientId,
    family_name: str | None = None,
    given_name: str | None = None,
    born_on: date | None = None,
    language: Language | None = None,
    preferred_name: str | None = None,
    pronouns: str | None = None,
    sex_at_ramq: RamqSex | None = None,
    file_number: str | None = None,
    clear: list[PatientField] | None = None,
) -> None:
    """Change what is given and leave the rest; `clear` names what becomes empty."""
    patient = living_patient(tx, patient_id)
    if family_name is not None:
        patient.family_name = clean_name(family_name, "family_name")
    if given_name is not None:
        patient.given_name = clean_name(given_name, "given_name")
    if preferred_name is not None:
        patient.preferred_name = clean_text(preferred_name, "preferred_name", limit=NAME_LIMIT)
    if pronouns is not None:
        patient.pronouns = clean_text(pronouns, "pronouns", limit=NAME_LIMIT)
    if file_number is not None:
        patient.file_number = free_number(tx, file_number, patient_id)
    patient.born_on = check_birth(born_on, tx.today) or patient.born_on
    patient.language = language or patient.language
    patient.sex_at_ramq = sex_at_ramq or patient.sex_at_ramq
    for field in clear or ():
        setattr(patient, field.value, None)


@command(permission=EDIT_PATIENTS, label=N_("Set the health insurance number"))
def set_nam(tx: Transaction, patient_id: PatientId, nam: str, nam_expires: str = "") -> list[str]:
    """Keep the NAM and the card’s expiry, or empty both. What looks wrong is answered as warnings and kept."""
    patient = living_patient(tx, patient_id)
    if not nam.strip():
        patient.nam = patient.nam_expires = None
        return []
    checked = check_nam(
        nam,
        family_name=patient.family_name,
        given_name=patient.given_name,
        born_on=patient.born_on,
        sex=patient.sex_at_ramq,
    )
    patient.nam = checked.value
    patient.nam_expires = check_expiry(nam_expires) if nam_expires.strip() else None
    return list(checked.warnings)


@command(permission=EDIT_PATIENTS, label=N_("Make the file inactive"))
def make_patient_inactive(tx: Transaction, patient_id: PatientId) -> None:
    """Set aside the file of a patient who no longer comes; it stays in lists and search, after the active ones."""
    living_patient(tx, patient_id).status = FileStatus.INACTIVE


@command(permission=EDIT_PATIENTS, label=N_("Archive the file"))
def archive_patient(tx: Transaction, patient_id: PatientId) -> None:
    """Close the file; it is kept as long as the law wants and found by search."""
    living_patient(tx, patient_id).status = FileStatus.ARCHIVED


@command(permission=EDIT_PATIENTS, label=N_("Reactivate the file"))
def reactivate_patient(tx: Transaction, patient_id: PatientId) -> None:
    """Make an inactive or archived file active again."""
    living_patient(tx, patient_id).status = FileStatus.ACTIVE
