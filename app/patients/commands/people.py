"""Responsible persons: who they are, what they are to each patient, who pays which share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId, PersonId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.commands.patients import living_patient
from app.patients.entry import NAME_LIMIT, clean_name, clean_text
from app.patients.model import Person, Responsibility
from app.patients.permissions import EDIT_PATIENTS
from app.patients.vocabulary import Language, LivesWith, Relation, ResponsibilityId

_STANDING = (Responsibility.withdrawn_at.is_(None), Responsibility.to_on.is_(None))


@dataclass(frozen=True, slots=True)
class PayerShare:
    """What a responsible person pays of the bill, in percent."""

    person_id: PersonId
    percent: int


def living_person(tx: Transaction, person_id: PersonId) -> Person:
    """A responsible person who was neither withdrawn nor erased."""
    person = tx.get(Person, person_id)
    if person.withdrawn_at is not None or person.family_name == "":
        raise RuleViolation(N_("This person is no longer on file."), field="person_id")
    return person


@command(permission=EDIT_PATIENTS, label=N_("Withdraw the responsible person"))
def withdraw_person(tx: Transaction, person_id: PersonId) -> None:
    """Take out a person who was entered by mistake and answers for nobody."""
    person = living_person(tx, person_id)
    if tx.first(select(Responsibility.id).where(Responsibility.person_id == person_id, *_STANDING)):
        raise RuleViolation(N_("This person still answers for a patient: end that first."), field="person_id")
    person.withdrawn_at = tx.now


@command(permission=EDIT_PATIENTS, label=N_("Add a responsible person"), undo=(withdraw_person, Person))
def add_person(
    tx: Transaction,
    family_name: str,
    given_name: str,
    language: Language = Language.FRENCH,
    pronouns: str = "",
) -> PersonId:
    """Add a parent, guardian or spouse; link the person to each patient afterwards."""
    person = tx.add(
        Person(
            family_name=clean_name(family_name, "family_name"),
            given_name=clean_name(given_name, "given_name"),
            language=language,
            pronouns=clean_text(pronouns, "pronouns", limit=NAME_LIMIT),
        )
    )
    return person.id


@command(permission=EDIT_PATIENTS, label=N_("Change the responsible person"))
def change_person(
    tx: Transaction,
    person_id: PersonId,
    family_name: str | None = None,
    given_name: str | None = None,
    language: Language | None = None,
    pronouns: str | None = None,
) -> None:
    """Change what is given, for every child of the person at once."""
    person = living_person(tx, person_id)
    if family_name is not None:
        person.family_name = clean_name(family_name, "family_name")
    if given_name is not None:
        person.given_name = clean_name(given_name, "given_name")
    if pronouns is not None:
        person.pronouns = clean_text(pronouns, "pronouns", limit=NAME_LIMIT)
    person.language = language or person.language


def standing(tx: Transaction, responsibility_id: ResponsibilityId) -> Responsibility:
    """A responsibility that is neither ended nor withdrawn."""
    found = tx.get(Responsibility, responsibility_id)
    if found.to_on is not None or found.withdrawn_at is not None:
        raise RuleViolation(N_("This responsibility has already ended."), field="responsibility_id")
    return found


@command(permission=EDIT_PATIENTS, label=N_("Withdraw the responsibility"))
def withdraw_responsibility(tx: Transaction, responsibility_id: ResponsibilityId) -> None:
    """Take out a responsibility that was entered by mistake."""
    standing(tx, responsibility_id).withdrawn_at = tx.now


@command(
    permission=EDIT_PATIENTS,
    label=N_("Link the responsible person"),
    undo=(withdraw_responsibility, Responsibility),
)
def link_person(
    tx: Transaction,
    patient_id: PatientId,
    person_id: PersonId,
    relation: Relation,
    lives_with: LivesWith = LivesWith.UNKNOWN,
    payer_share_percent: int = 0,
    may_consent: bool = False,
    contact_order: int | None = None,
    note: str = "",
    from_on: date | None = None,
) -> ResponsibilityId:
    """Say what a person is to a patient. The first person linked is called first unless an order is given."""
    living_patient(tx, patient_id)
    living_person(tx, person_id)
    of_patient = (Responsibility.patient_id == patient_id, *_STANDING)
    if tx.first(select(Responsibility.id).where(*of_patient, Responsibility.person_id == person_id)):
        raise RuleViolation(N_("This person already answers for this patient."), field="person_id")
    last = tx.first(select(func.max(Responsibility.contact_order)).where(*of_patient)) or 0
    made = tx.add(
        Responsibility(
            patient_id=patient_id,
            person_id=person_id,
            relation=relation,
            lives_with=lives_with,
            payer_share_percent=checked_share(payer_share_percent),
            may_consent=may_consent,
            contact_order=_checked_order(contact_order) or last + 1,
            note=clean_text(note, "note"),
            from_on=from_on,
        )
    )
    return made.id


@command(permission=EDIT_PATIENTS, label=N_("Change the responsibility"))
def change_responsibility(
    tx: Transaction,
    responsibility_id: ResponsibilityId,
    relation: Relation | None = None,
    lives_with: LivesWith | None = None,
    payer_share_percent: int | None = None,
    may_consent: bool | None = None,
    contact_order: int | None = None,
    note: str | None = None,
) -> None:
    """Change relation, custody, share, right to consent or calling order."""
    found = standing(tx, responsibility_id)
    living_patient(tx, found.patient_id)
    found.relation = relation or found.relation
    found.lives_with = lives_with or found.lives_with
    found.contact_order = _checked_order(contact_order) or found.contact_order
    if payer_share_percent is not None:
        found.payer_share_percent = checked_share(payer_share_percent)
    if may_consent is not None:
        found.may_consent = may_consent
    if note is not None:
        found.note = clean_text(note, "note")


@command(permission=EDIT_PATIENTS, label=N_("End the responsibility"))
def end_responsibility(tx: Transaction, responsibility_id: ResponsibilityId, on: date | None = None) -> None:
    """The person answers for the patient no more, since today or an earlier day. What was stays on file."""
    found = standing(tx, responsibility_id)
    found.to_on = past_day(tx, on)


@command(permission=EDIT_PATIENTS, label=N_("Share the bill"))
def set_payer_shares(tx: Transaction, patient_id: PatientId, shares: list[PayerShare]) -> None:
    """Set every payer’s percentage at once; whoever is not named pays nothing, and the patient pays what is left."""
    living_patient(tx, patient_id)
    wanted = {share.person_id: checked_share(share.percent, "shares") for share in shares}
    if len(wanted) != len(shares):
        raise RuleViolation(N_("A payer is named twice."), field="shares")
    rows = tx.all(select(Responsibility).where(Responsibility.patient_id == patient_id, *_STANDING))
    if wanted.keys() - {row.person_id for row in rows}:
        raise RuleViolation(N_("A payer is not a responsible person of this patient."), field="shares")
    for row in rows:
        row.payer_share_percent = wanted.get(row.person_id, 0)


def checked_share(percent: int, field: str = "payer_share_percent") -> int:
    """A whole percentage of the bill."""
    if not 0 <= percent <= 100:
        raise RuleViolation(N_("A share lies between 0% and 100%."), field=field)
    return percent


def _checked_order(order: int | None) -> int | None:
    if order is not None and not 1 <= order <= 20:
        raise RuleViolation(N_("The calling order lies between 1 and 20."), field="contact_order")
    return order


def past_day(tx: Transaction, on: date | None) -> date:
    """Today unless an earlier day is given."""
    if on is not None and on > tx.today:
        raise RuleViolation(N_("This day is in the future."), field="on")
    return on or tx.today
