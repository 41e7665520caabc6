"""The records of the chart.

Whose row it is (the *subject* of the journal, which erasure and “who saw this” go by): everything clinical is the
patient’s. A responsible person answers for several children and has rights of his or her own, so that a `Person` is
its own subject and so are the person’s contact points: `ContactPoint.holder_id` is the patient or the person. Erasing
a patient therefore leaves a shared parent alone; `queries.persons_of_this_patient_only` names those to erase with it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.core.ids import PatientId, PersonId, StaffId
from app.journal.records import Merge, Record, choice, day, flag, instant, integer, json, key, link, reference, text
from app.patients.nam import RamqSex
from app.patients.vocabulary import (
    AlertId,
    AlertKind,
    AlertSeverity,
    ConsentDecision,
    ConsentId,
    ConsentPurpose,
    ContactKind,
    ContactPointId,
    DocumentId,
    DocumentKind,
    DocumentVersionId,
    FileStatus,
    Language,
    LivesWith,
    PatientSort,
    Relation,
    ResponsibilityId,
    SavedFilterId,
)

STREAM = "patients"


class Patient(
    Record,
    merge=Merge.FIELD,
    stream=STREAM,
    subject="id",
    sensitive=("family_name", "given_name", "born_on", "sex_at_ramq", "nam", "nam_expires"),
):
    """Somebody who has a chart. `merged_into_id` leads to the chart that is kept; `withdrawn_at`: opened by mistake."""

    __tablename__ = "patient"
    __noun__ = N_("patient")

    id: Mapped[PatientId] = key()
    file_number: Mapped[str] = text(index=True)
    family_name: Mapped[str] = text()
    given_name: Mapped[str] = text()
    preferred_name: Mapped[str | None] = text()
    pronouns: Mapped[str | None] = text()
    born_on: Mapped[date | None] = day()
    sex_at_ramq: Mapped[RamqSex | None] = choice(RamqSex)
    language: Mapped[Language] = choice(Language, default=Language.FRENCH)
    nam: Mapped[str | None] = text()
    nam_expires: Mapped[str | None] = text()
    status: Mapped[FileStatus] = choice(FileStatus, default=FileStatus.ACTIVE)
    opened_at: Mapped[datetime] = instant()
    merged_into_id: Mapped[PatientId | None] = reference("patient")
    withdrawn_at: Mapped[datetime | None] = instant()


class Person(Record, merge=Merge.FIELD, stream=STREAM, subject="id", sensitive=("family_name", "given_name")):
    """Somebody who answers for one or more patients: a parent, a guardian, a spouse."""

    __tablename__ = "person"
    __noun__ = N_("responsible person")

    id: Mapped[PersonId] = key()
    family_name: Mapped[str] = text()
    given_name: Mapped[str] = text()
    pronouns: Mapped[str | None] = text()
    language: Mapped[Language] = choice(Language, default=Language.FRENCH)
    withdrawn_at: Mapped[datetime | None] = instant()


class Responsibility(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """What one person is to one patient: relation, custody, share of the bill in percent, right to consent.

    Both parents of two children are four rows. `contact_order` 1 is called first. `to_on` ends it.
    """

    __tablename__ = "responsibility"
    __noun__ = N_("tie to a responsible person")

    id: Mapped[ResponsibilityId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    person_id: Mapped[PersonId] = reference("person")
    relation: Mapped[Relation] = choice(Relation)
    lives_with: Mapped[LivesWith] = choice(LivesWith, default=LivesWith.UNKNOWN)
    payer_share_percent: Mapped[int] = integer(default=0)
    may_consent: Mapped[bool] = flag(default=False)
    contact_order: Mapped[int] = integer(default=1)
    note: Mapped[str | None] = text()
    from_on: Mapped[date | None] = day()
    to_on: Mapped[date | None] = day()
    withdrawn_at: Mapped[datetime | None] = instant()


class ContactPoint(Record, merge=Merge.FIELD, stream=STREAM, subject="holder_id", sensitive=("value",)):
    """A telephone (ten digits), an e-mail address or a postal address of a patient or of a person."""

    __tablename__ = "contact_point"
    __noun__ = N_("way to reach a person")

    id: Mapped[ContactPointId] = key()
    holder_id: Mapped[str] = link()
    kind: Mapped[ContactKind] = choice(ContactKind)
    value: Mapped[str] = text(index=True)
    extension: Mapped[str | None] = text()
    city: Mapped[str | None] = text()
    province: Mapped[str | None] = text()
    postal_code: Mapped[str | None] = text()
    preferred: Mapped[bool] = flag(default=False)
    may_text: Mapped[bool] = flag(default=False)
    note: Mapped[str | None] = text()
    ended_on: Mapped[date | None] = day()
    withdrawn_at: Mapped[datetime | None] = instant()


class Alert(
    Record,
    merge=Merge.FIELD,
    stream=STREAM,
    subject="patient_id",
    sensitive=("kind", "severity", "text", "until_on", "ended_at"),
):
    """What staff must know before they act. It stands until `until_on` or until it is ended."""

    __tablename__ = "alert"
    __noun__ = N_("alert")

    id: Mapped[AlertId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    kind: Mapped[AlertKind] = choice(AlertKind)
    severity: Mapped[AlertSeverity] = choice(AlertSeverity, default=AlertSeverity.WARNING)
    text: Mapped[str] = text()
    since_on: Mapped[date | None] = day()
    until_on: Mapped[date | None] = day()
    ended_at: Mapped[datetime | None] = instant()
    withdrawn_at: Mapped[datetime | None] = instant()


class Consent(Record, merge=Merge.EVENT, stream=STREAM, subject="patient_id"):
    """One decision about one purpose. Nothing is changed: a withdrawal or a correction is a later row.

    `by_person_id` is the responsible person who decided, empty when the patient did. `corrects_id` is the row that
    a `VOIDED` row takes back.
    """

    __tablename__ = "consent"
    __noun__ = N_("consent")

    id: Mapped[ConsentId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    purpose: Mapped[ConsentPurpose] = choice(ConsentPurpose)
    decision: Mapped[ConsentDecision] = choice(ConsentDecision)
    by_person_id: Mapped[PersonId | None] = reference("person")
    decided_on: Mapped[date] = day()
    language: Mapped[Language] = choice(Language)
    text_version: Mapped[str | None] = text()
    note: Mapped[str | None] = text()
    collected_by: Mapped[str] = link(index=False)
    recorded_at: Mapped[datetime] = instant()
    corrects_id: Mapped[ConsentId | None] = reference("consent")


class Document(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """A paper of the chart; its content is its last `DocumentVersion`."""

    __tablename__ = "document"
    __noun__ = N_("document")

    id: Mapped[DocumentId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    kind: Mapped[DocumentKind] = choice(DocumentKind)
    title: Mapped[str] = text()
    withdrawn_at: Mapped[datetime | None] = instant()


class DocumentVersion(Record, merge=Merge.EVENT, stream=STREAM, subject="patient_id"):
    """One content of a document: a sealed file named by the SHA-256 of its plain bytes.

    `withdraws_id` is the version that a later row, itself without content, takes back.
    """

    __tablename__ = "document_version"
    __noun__ = N_("version of a document")

    id: Mapped[DocumentVersionId] = key()
    document_id: Mapped[DocumentId] = reference("document")
    patient_id: Mapped[PatientId] = reference("patient")
    file_name: Mapped[str | None] = text()
    mime: Mapped[str | None] = text()
    sha256: Mapped[str | None] = text(index=True)
    size_bytes: Mapped[int] = integer(default=0)
    preview_sha256: Mapped[str | None] = text()
    added_by: Mapped[str] = link(index=False)
    added_at: Mapped[datetime] = instant()
    withdraws_id: Mapped[DocumentVersionId | None] = reference("document_version")


class SavedFilter(Record, merge=Merge.FIELD, stream=STREAM):
    """Filters, columns and order of the patient list under a name, of one person or `shared` with everybody.

    The row without a name holds the columns that its owner last chose. `columns` is a list of column names.
    """

    __tablename__ = "saved_filter"
    __noun__ = N_("saved filter")

    id: Mapped[SavedFilterId] = key()
    name: Mapped[str] = text()
    owner_id: Mapped[StaffId] = link()
    shared: Mapped[bool] = flag(default=False)
    filters: Mapped[str] = text()
    columns: Mapped[Any] = json()
    sort: Mapped[PatientSort] = choice(PatientSort, default=PatientSort.NAME)
    descending: Mapped[bool] = flag(default=False)
    saved_at: Mapped[datetime] = instant()
    withdrawn_at: Mapped[datetime | None] = instant()


class PatientSearch(Record, merge=Merge.PROJECTION):
    """What lists and search read: one row a living chart, in the form in which it is compared and shown.

    `slot` is the row’s number in the full-text index; its high bits are the status, so that reading the index in
    order gives active patients first at no cost. A merged chart keeps only the words of its file number.
    """

    __tablename__ = "patient_search"
    __noun__ = N_("entry of the search")

    id: Mapped[PatientId] = key()
    slot: Mapped[int] = integer()
    words: Mapped[str] = text()
    sort_key: Mapped[str] = text()
    family_key: Mapped[str] = text()
    given_key: Mapped[str] = text()
    nam_key: Mapped[str | None] = text(index=True)
    born_key: Mapped[str] = text()
    contact_keys: Mapped[str] = text()
    file_number: Mapped[str] = text()
    file_order: Mapped[int] = integer()
    family_name: Mapped[str] = text()
    given_name: Mapped[str] = text()
    preferred_name: Mapped[str | None] = text()
    born_on: Mapped[date | None] = day()
    language: Mapped[Language] = choice(Language)
    status: Mapped[FileStatus] = choice(FileStatus)
    opened_at: Mapped[datetime] = instant()
    phone: Mapped[str | None] = text()
    responsible: Mapped[str | None] = text()
    merged_into_id: Mapped[PatientId | None] = link(index=False)

    # merged_into_id has no index: nearly every row is NULL there, and SQLite would rather use it than the right one.
    __table_args__ = (
        # All that the chart’s own filters read stands in the indexes: rows are ten times as much, and lie anywhere.
        Index("patient_search_listed", "slot", "status", "language", "born_key", "id"),
        Index("patient_search_by_name", "sort_key", "id", "slot", "status", "language", "born_key"),
        Index("patient_search_by_number", "file_order", "id"),
        Index("patient_search_by_birth", "born_key", "id", "slot", "status", "language"),
        Index("patient_search_by_opening", "opened_at", "id"),
        Index("patient_search_names", "family_key", "given_key"),
    )
