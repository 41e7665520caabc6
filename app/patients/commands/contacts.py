"""Telephones and addresses of patients and responsible persons."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId, PersonId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.commands.patients import living_patient
from app.patients.commands.people import living_person, past_day
from app.patients.entry import (
    NAME_LIMIT,
    clean_email,
    clean_phone,
    clean_postal_code,
    clean_province,
    clean_text,
    needed_text,
)
from app.patients.model import ContactPoint, Patient, Person
from app.patients.permissions import EDIT_PATIENTS
from app.patients.settings import DEFAULT_AREA_CODE
from app.patients.vocabulary import PHONES, ContactKind, ContactPointId, HolderId


def _check_holder(tx: Transaction, holder_id: str) -> None:
    if tx.find(Patient, holder_id) is not None:
        living_patient(tx, PatientId(holder_id))
    elif tx.find(Person, holder_id) is not None:
        living_person(tx, PersonId(holder_id))
    else:
        raise NotFound(N_("patient or person"), holder_id)


def standing_contact(tx: Transaction, contact_id: ContactPointId) -> ContactPoint:
    """A contact point that is neither ended, withdrawn nor erased."""
    found = tx.get(ContactPoint, contact_id)
    if found.ended_on is not None or found.withdrawn_at is not None or found.value == "":
        raise RuleViolation(N_("This contact is no longer in use."), field="contact_id")
    return found


def _clean_value(tx: Transaction, kind: ContactKind, value: str) -> str:
    if kind in PHONES:
        return clean_phone(value, tx.setting(DEFAULT_AREA_CODE))
    return clean_email(value) if kind is ContactKind.EMAIL else needed_text(value, "value")


def _make_preferred(tx: Transaction, point: ContactPoint) -> None:
    """One preferred contact a holder."""
    same = select(ContactPoint).where(ContactPoint.holder_id == point.holder_id, ContactPoint.preferred.is_(True))
    for other in tx.all(same):
        if other.id != point.id:
            other.preferred = False
    point.preferred = True


def _check_texting(kind: ContactKind, may_text: bool) -> bool:
    if may_text and kind not in PHONES:
        raise RuleViolation(N_("Text messages go to a telephone."), field="may_text")
    return may_text


@command(permission=EDIT_PATIENTS, label=N_("Withdraw the contact"))
def withdraw_contact(tx: Transaction, contact_id: ContactPointId) -> None:
    """Take out a contact that was entered by mistake."""
    standing_contact(tx, contact_id).withdrawn_at = tx.now


@command(permission=EDIT_PATIENTS, label=N_("Add a contact"), undo=(withdraw_contact, ContactPoint))
def add_contact(
    tx: Transaction,
    holder_id: HolderId,
    kind: ContactKind,
    value: str,
    extension: str = "",
    city: str = "",
    province: str = "",
    postal_code: str = "",
    preferred: bool = False,
    may_text: bool = False,
    note: str = "",
) -> ContactPointId:
    """Add a telephone, an e-mail address or a postal address; `value` of the last is number and street."""
    _check_holder(tx, holder_id)
    where = clean_province(province)
    point = tx.add(
        ContactPoint(
            holder_id=holder_id,
            kind=kind,
            value=_clean_value(tx, kind, value),
            extension=clean_text(extension, "extension", limit=20),
            city=clean_text(city, "city", limit=NAME_LIMIT),
            province=where,
            postal_code=clean_postal_code(postal_code, where),
            may_text=_check_texting(kind, may_text),
            note=clean_text(note, "note"),
        )
    )
    if preferred:
        _make_preferred(tx, point)
    return point.id


@command(permission=EDIT_PATIENTS, label=N_("Change the contact"))
def change_contact(
    tx: Transaction,
    contact_id: ContactPointId,
    value: str | None = None,
    extension: str | None = None,
    city: str | None = None,
    province: str | None = None,
    postal_code: str | None = None,
    preferred: bool | None = None,
    may_text: bool | None = None,
    note: str | None = None,
) -> None:
    """Change what is given and leave the rest."""
    point = standing_contact(tx, contact_id)
    _check_holder(tx, point.holder_id)
    if value is not None:
        point.value = _clean_value(tx, point.kind, value)
    if extension is not None:
        point.extension = clean_text(extension, "extension", limit=20)
    if city is not None:
        point.city = clean_text(city, "city", limit=NAME_LIMIT)
    if province is not None:
        point.province = clean_province(province)
    if postal_code is not None:
        point.postal_code = clean_postal_code(postal_code, point.province)
    if may_text is not None:
        point.may_text = _check_texting(point.kind, may_text)
    if note is not None:
        point.note = clean_text(note, "note")
    if preferred:
        _make_preferred(tx, point)
    elif preferred is not None:
        point.preferred = False


@command(permission=EDIT_PATIENTS, label=N_("End the contact"))
def end_contact(tx: Transaction, contact_id: ContactPointId, on: date | None = None) -> None:
    """Use the contact no more; it stays in the history."""
    point = standing_contact(tx, contact_id)
    point.ended_on = past_day(tx, on)
    point.preferred = False
