"""The family: who answers for the patient, and whose brothers and sisters are patients too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.core.i18n import N_
from app.core.ids import PatientId, PersonId
from app.journal.commands import query
from app.journal.queries import Reading
from app.patients.charts import chart_ids
from app.patients.model import Patient, PatientSearch, Person, Responsibility
from app.patients.permissions import VIEW_PATIENTS
from app.patients.queries.chart import ContactLine, contacts_of
from app.patients.vocabulary import FileStatus, HolderId, Language, LivesWith, Relation, ResponsibilityId


@dataclass(frozen=True, slots=True)
class FamilyPerson:
    """A responsible person of the patient, with what he or she is to the patient."""

    responsibility_id: ResponsibilityId
    person_id: PersonId
    family_name: str
    given_name: str
    pronouns: str | None
    language: Language
    relation: Relation
    lives_with: LivesWith
    payer_share_percent: int
    may_consent: bool
    contact_order: int
    note: str | None
    from_on: date | None
    to_on: date | None
    contacts: tuple[ContactLine, ...]


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another patient for whom one of these persons answers."""

    id: PatientId
    family_name: str
    given_name: str
    file_number: str
    born_on: date | None
    status: FileStatus


@dataclass(frozen=True, slots=True)
class Family:
    """The persons by calling order, and their other children here by birth date."""

    persons: tuple[FamilyPerson, ...]
    siblings: tuple[Sibling, ...]


@query(permission=VIEW_PATIENTS, label=N_("Family of the patient"))
def family_of(read: Reading, patient_id: PatientId, ended: bool = False) -> Family:
    """Who answers for the patient and for whom else; with `ended` also those who no longer do."""
    charts = chart_ids(read, patient_id)
    names = list(FamilyPerson.__dataclass_fields__)[1:-1]
    columns = (getattr(Person if hasattr(Person, name) else Responsibility, name) for name in names)
    statement = (
        select(Responsibility.id, *columns)
        .join(Person, Person.id == Responsibility.person_id)
        .where(Responsibility.patient_id.in_(charts), Responsibility.withdrawn_at.is_(None), Person.family_name > "")
        .order_by(Responsibility.to_on.is_not(None), Responsibility.contact_order, Responsibility.id)
    )
    if not ended:
        statement = statement.where(Responsibility.to_on.is_(None))
    rows: list[Any] = list(read.execute(statement))
    persons = tuple(FamilyPerson(*[*row, contacts_of.function(read, HolderId(row.person_id))]) for row in rows)
    return Family(persons, _siblings(read, charts))


def _siblings(read: Reading, charts: tuple[PatientId, ...]) -> tuple[Sibling, ...]:
    own, other = aliased(Responsibility), aliased(Responsibility)
    names = list(Sibling.__dataclass_fields__)
    standing = [each.withdrawn_at.is_(None) & each.to_on.is_(None) for each in (own, other)]
    statement = (
        select(*(getattr(PatientSearch, name) for name in names))
        .join(other, other.patient_id == PatientSearch.id)
        .join(own, own.person_id == other.person_id)
        .where(
            own.patient_id.in_(charts),
            PatientSearch.id.not_in(charts),
            PatientSearch.merged_into_id.is_(None),
            *standing,
        )
        .distinct()
        .order_by(PatientSearch.born_on, PatientSearch.id)
    )
    rows: list[Any] = list(read.execute(statement))
    return tuple(Sibling(*row) for row in rows)


@query(permission=VIEW_PATIENTS, label=N_("Persons of this patient only"))
def persons_of_this_patient_only(read: Reading, patient_id: PatientId) -> tuple[PersonId, ...]:
    """The responsible persons who answer, or ever answered, for no other patient on file.

    Erasing the patient erases these persons too, each as a subject of its own; a parent whose other child is still a
    patient stays.
    """
    charts = chart_ids(read, patient_id)
    elsewhere = (
        select(Responsibility.person_id)
        .join(Patient, Patient.id == Responsibility.patient_id)
        .where(Responsibility.patient_id.not_in(charts), Patient.file_number > "")
    )
    statement = (
        select(Responsibility.person_id)
        .where(Responsibility.patient_id.in_(charts), Responsibility.person_id.not_in(elsewhere))
        .distinct()
        .order_by(Responsibility.person_id)
    )
    return tuple(read.execute(statement).scalars())
