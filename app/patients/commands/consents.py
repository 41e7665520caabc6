"""Consents: one decision about one purpose, kept for ever; a withdrawal or a correction is a later row."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId, PersonId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.commands.patients import living_patient
from app.patients.commands.people import past_day
from app.patients.consent_state import decisions_in_force
from app.patients.entry import NAME_LIMIT, age_on, clean_text
from app.patients.events import ConsentRecorded
from app.patients.model import Consent, Patient, Responsibility
from app.patients.permissions import MANAGE_CONSENTS
from app.patients.settings import CONSENT_AGE_YEARS
from app.patients.vocabulary import ConsentDecision, ConsentId, ConsentPurpose, Language


@command(permission=MANAGE_CONSENTS, label=N_("Void the consent"))
def void_consent(tx: Transaction, consent_id: ConsentId) -> ConsentId:
    """Take back a decision that was entered by mistake; both rows stay on file."""
    wrong = tx.get(Consent, consent_id)
    if wrong.decision is ConsentDecision.VOIDED or tx.first(select(Consent.id).where(Consent.corrects_id == wrong.id)):
        raise RuleViolation(N_("This decision has already been voided."), field="consent_id")
    row = Consent(
        patient_id=wrong.patient_id,
        purpose=wrong.purpose,
        decision=ConsentDecision.VOIDED,
        by_person_id=wrong.by_person_id,
        decided_on=wrong.decided_on,
        language=wrong.language,
        corrects_id=wrong.id,
    )
    return _keep(tx, row)


@command(permission=MANAGE_CONSENTS, label=N_("Record the consent"), undo=(void_consent, Consent))
def record_consent(
    tx: Transaction,
    patient_id: PatientId,
    purpose: ConsentPurpose,
    given: bool = True,
    by_person_id: PersonId | None = None,
    decided_on: date | None = None,
    language: Language | None = None,
    text_version: str = "",
    note: str = "",
) -> ConsentId:
    """Record that the patient, or a responsible person, gave or refused consent to one purpose.

    `text_version` names the text that was read, `language` the language in which it was.
    """
    patient = living_patient(tx, patient_id)
    decided = past_day(tx, decided_on)
    _check_right(tx, patient, purpose, given, by_person_id, decided)
    row = Consent(
        patient_id=patient_id,
        purpose=purpose,
        decision=ConsentDecision.GIVEN if given else ConsentDecision.REFUSED,
        by_person_id=by_person_id,
        decided_on=decided,
        language=language or patient.language,
        text_version=clean_text(text_version, "text_version", limit=NAME_LIMIT),
        note=clean_text(note, "note"),
    )
    return _keep(tx, row)


@command(permission=MANAGE_CONSENTS, label=N_("Withdraw the consent"), undo=(void_consent, Consent))
def withdraw_consent(
    tx: Transaction,
    patient_id: PatientId,
    purpose: ConsentPurpose,
    by_person_id: PersonId | None = None,
    decided_on: date | None = None,
    note: str = "",
) -> ConsentId:
    """Record that a consent is withdrawn: from that day on, nothing rests on it any more."""
    patient = living_patient(tx, patient_id)
    tx.session.flush()
    standing = decisions_in_force(tx.reading(), patient_id).get(purpose)
    if standing is None or standing.decision is not ConsentDecision.GIVEN:
        raise RuleViolation(N_("There is no consent to withdraw for this purpose."), field="purpose")
    decided = past_day(tx, decided_on)
    if decided < standing.decided_on:
        raise RuleViolation(N_("The consent was only given on a later day."), field="decided_on")
    if by_person_id is not None:
        answering(tx, patient_id, by_person_id)
    row = Consent(
        patient_id=patient_id,
        purpose=purpose,
        decision=ConsentDecision.WITHDRAWN,
        by_person_id=by_person_id,
        decided_on=decided,
        language=patient.language,
        note=clean_text(note, "note"),
    )
    return _keep(tx, row)


def _keep(tx: Transaction, row: Consent) -> ConsentId:
    row.collected_by, row.recorded_at = tx.actor.id, tx.now
    tx.add(row)
    tx.record(ConsentRecorded(row.patient_id, row.id, row.purpose, row.decision))
    return row.id


def _check_right(
    tx: Transaction,
    patient: Patient,
    purpose: ConsentPurpose,
    given: bool,
    by_person_id: PersonId | None,
    decided: date,
) -> None:
    """Who may consent: the patient from the age of consent on, or a responsible person with that right."""
    if by_person_id is not None:
        answers = answering(tx, patient.id, by_person_id)
        if given and not answers.may_consent:
            raise RuleViolation(N_("This person has no right to consent for the patient."), field="by_person_id")
        return
    age = tx.setting(CONSENT_AGE_YEARS)
    if given and patient.born_on is not None and age_on(patient.born_on, decided) < age:
        raise RuleViolation(
            N_("The patient was under {age}: a responsible person consents."), field="by_person_id", age=age
        )


def answering(tx: Transaction, patient_id: PatientId, person_id: PersonId) -> Responsibility:
    """What the person is to the patient today; `RuleViolation` when nothing."""
    found: Responsibility | None = tx.first(
        select(Responsibility).where(
            Responsibility.patient_id == patient_id,
            Responsibility.person_id == person_id,
            Responsibility.withdrawn_at.is_(None),
            Responsibility.to_on.is_(None),
        )
    )
    if found is None:
        raise RuleViolation(N_("This person does not answer for the patient."), field="by_person_id")
    return found
