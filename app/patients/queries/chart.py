"""One chart: the banner above every screen of a patient, and the page of demographics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import or_, select

from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import PatientId, PersonId
from app.journal.commands import query
from app.journal.queries import Reading
from app.patients.charts import chart_ids
from app.patients.consent_state import Decision, decisions_in_force
from app.patients.entry import age_on
from app.patients.model import Alert, ContactPoint, Patient, Person, Responsibility
from app.patients.nam import RamqSex, check_nam, last_day_of_card
from app.patients.permissions import VIEW_NAM, VIEW_PATIENTS
from app.patients.vocabulary import (
    PHONES,
    AlertId,
    AlertKind,
    AlertSeverity,
    ConsentDecision,
    ConsentPurpose,
    ContactKind,
    ContactPointId,
    FileStatus,
    HolderId,
    Language,
    Relation,
)

_LOUDNESS: Final = {severity: place for place, severity in enumerate(AlertSeverity)}


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert; `active` today."""

    id: AlertId
    kind: AlertKind
    severity: AlertSeverity
    text: str
    since_on: date | None
    until_on: date | None
    active: bool


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A way to reach somebody. A telephone is ten digits, or `+` and digits from abroad."""

    id: ContactPointId
    holder_id: HolderId
    kind: ContactKind
    value: str
    extension: str | None
    city: str | None
    province: str | None
    postal_code: str | None
    preferred: bool
    may_text: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Responsible:
    """The person who is called first."""

    person_id: PersonId
    family_name: str
    given_name: str
    relation: Relation
    language: Language
    phone: str | None
    may_text: bool


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays which share, in percent."""

    person_id: PersonId
    family_name: str
    given_name: str
    percent: int


@dataclass(frozen=True, slots=True)
class PatientBanner:
    """What stands above every screen of the patient. `age_years` is empty when the birth date is unknown."""

    id: PatientId
    family_name: str
    given_name: str
    preferred_name: str | None
    pronouns: str | None
    born_on: date | None
    age_years: int | None
    file_number: str
    other_numbers: tuple[str, ...]
    language: Language
    status: FileStatus
    alerts: tuple[AlertLine, ...]
    responsible: Responsible | None
    payers: tuple[Payer, ...]
    phone: str | None
    photos_consented: bool
    card_expired: bool


@dataclass(frozen=True, slots=True)
class PatientPage:
    """The demographics. The NAM and its remarks are left out for a reader without the right to see them."""

    banner: PatientBanner
    sex_at_ramq: RamqSex | None
    nam: str | None
    nam_warnings: tuple[str, ...]
    nam_expires: str | None
    opened_at: datetime
    contacts: tuple[ContactLine, ...]
    decisions: tuple[Decision, ...]


@query(permission=VIEW_PATIENTS, label=N_("Patient banner"))
def patient_banner(read: Reading, patient_id: PatientId) -> PatientBanner:
    """Who the patient is and what to mind; a merged chart gives the kept one."""
    charts = chart_ids(read, patient_id)
    return _banner(read, _patient(read, charts[0]), charts)


@query(permission=VIEW_PATIENTS, label=N_("Patient page"))
def patient_page(read: Reading, patient_id: PatientId) -> PatientPage:
    """The banner with contacts, consents in force and the health insurance number."""
    charts = chart_ids(read, patient_id)
    patient = _patient(read, charts[0])
    nam: str | None = None
    warnings: tuple[str, ...] = ()
    if patient.nam and read.may(VIEW_NAM):
        checked = check_nam(
            patient.nam,
            family_name=patient.family_name,
            given_name=patient.given_name,
            born_on=patient.born_on,
            sex=patient.sex_at_ramq,
        )
        nam, warnings = checked.shown, checked.warnings
    return PatientPage(
        _banner(read, patient, charts),
        patient.sex_at_ramq,
        nam,
        warnings,
        patient.nam_expires if read.may(VIEW_NAM) else None,
        patient.opened_at,
        _contact_lines(read, charts),
        tuple(decisions_in_force(read, patient.id).values()),
    )


@query(permission=VIEW_PATIENTS, label=N_("Alerts of the patient"))
def alerts_of(read: Reading, patient_id: PatientId, ended: bool = False) -> tuple[AlertLine, ...]:
    """The alerts in force, the loudest first; with `ended` also those that are over or to come."""
    return _alerts(read, chart_ids(read, patient_id), ended)


@query(permission=VIEW_PATIENTS, label=N_("Contacts"))
def contacts_of(read: Reading, holder_id: HolderId) -> tuple[ContactLine, ...]:
    """The telephones and addresses in use of a patient or of a responsible person, the preferred first."""
    return _contact_lines(read, [holder_id])


def _patient(read: Reading, patient_id: PatientId) -> Any:
    statement = select(*Patient.__table__.c).where(
        Patient.id == patient_id, Patient.withdrawn_at.is_(None), Patient.file_number > ""
    )
    found = read.execute(statement).first()
    if found is None:
        raise NotFound(N_("patient"), patient_id)
    return found


def _banner(read: Reading, patient: Any, charts: tuple[PatientId, ...]) -> PatientBanner:
    answering = _answering(read, charts)
    reached = phones_of(read, [patient.id, *(row.person_id for row in answering)])
    consent = decisions_in_force(read, patient.id).get(ConsentPurpose.RECORD_PHOTOS)
    return PatientBanner(
        id=patient.id,
        family_name=patient.family_name,
        given_name=patient.given_name,
        preferred_name=patient.preferred_name,
        pronouns=patient.pronouns,
        born_on=patient.born_on,
        age_years=age_on(patient.born_on, read.today) if patient.born_on else None,
        file_number=patient.file_number,
        other_numbers=_numbers(read, charts[1:]),
        language=patient.language,
        status=patient.status,
        alerts=_alerts(read, charts, False),
        responsible=_first(answering, reached),
        payers=tuple(
            Payer(row.person_id, row.family_name, row.given_name, row.payer_share_percent)
            for row in answering
            if row.payer_share_percent > 0
        ),
        phone=reached[patient.id].value if patient.id in reached else None,
        photos_consented=consent is not None and consent.decision is ConsentDecision.GIVEN,
        card_expired=bool(patient.nam_expires) and last_day_of_card(patient.nam_expires) < read.today,
    )


def _numbers(read: Reading, charts: Iterable[PatientId]) -> tuple[str, ...]:
    statement = select(Patient.file_number).where(Patient.id.in_(charts), Patient.file_number > "")
    return tuple(read.execute(statement.order_by(Patient.file_number)).scalars())


def _answering(read: Reading, charts: tuple[PatientId, ...]) -> list[Any]:
    """The responsible persons by calling order: the kept chart’s, or the merged charts’ when it has none."""
    statement = (
        select(
            Responsibility.patient_id, Responsibility.person_id, Responsibility.relation,
            Responsibility.payer_share_percent, Responsibility.contact_order, Responsibility.id.label("row_id"),
            Person.family_name, Person.given_name, Person.language,
        )
        .join(Person, Person.id == Responsibility.person_id)
        .where(
            Responsibility.patient_id.in_(charts),
            Responsibility.withdrawn_at.is_(None),
            Responsibility.to_on.is_(None),
            Person.withdrawn_at.is_(None),
            Person.family_name > "",
        )
    )  # fmt: skip
    rows = sorted(read.execute(statement), key=lambda row: (row.contact_order, row.row_id))
    own = [row for row in rows if row.patient_id == charts[0]]
    return list({row.person_id: row for row in reversed(own or rows)}.values())[::-1]


def _first(answering: list[Any], reached: Mapping[str, Any]) -> Responsible | None:
    if not answering:
        return None
    row = answering[0]
    point = reached.get(row.person_id)
    phone, may_text = (point.value, point.may_text) if point is not None else (None, False)
    return Responsible(row.person_id, row.family_name, row.given_name, row.relation, row.language, phone, may_text)


def phones_of(read: Reading, holders: Iterable[str]) -> dict[str, Any]:
    """The telephone to call of each holder: the preferred one, else a mobile, else any."""
    statement = select(
        ContactPoint.id, ContactPoint.holder_id, ContactPoint.kind, ContactPoint.value, ContactPoint.preferred,
        ContactPoint.may_text,
    ).where(ContactPoint.holder_id.in_(list(holders)), ContactPoint.kind.in_(PHONES), *_in_use())  # fmt: skip
    rows = sorted(read.execute(statement), key=lambda r: (not r.preferred, r.kind is not ContactKind.MOBILE, r.id))
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row.holder_id, row)
    return found


def _in_use() -> tuple[Any, ...]:
    return ContactPoint.withdrawn_at.is_(None), ContactPoint.ended_on.is_(None), ContactPoint.value > ""


def _contact_lines(read: Reading, holders: Iterable[str]) -> tuple[ContactLine, ...]:
    names = list(ContactLine.__dataclass_fields__)
    statement = select(*(getattr(ContactPoint, name) for name in names)).where(
        ContactPoint.holder_id.in_(list(holders)), *_in_use()
    )
    rows: Sequence[Any] = read.execute(statement).all()
    lines = [ContactLine(*row) for row in rows]
    return tuple(sorted(lines, key=lambda line: (not line.preferred, line.kind, line.id)))


def _alerts(read: Reading, charts: Iterable[PatientId], ended: bool) -> tuple[AlertLine, ...]:
    today = read.today
    columns = (Alert.id, Alert.kind, Alert.severity, Alert.text, Alert.since_on, Alert.until_on, Alert.ended_at)
    statement = select(*columns).where(
        Alert.patient_id.in_(list(charts)), Alert.withdrawn_at.is_(None), Alert.text > ""
    )
    if not ended:
        statement = statement.where(
            Alert.ended_at.is_(None),
            or_(Alert.until_on.is_(None), Alert.until_on >= today),
            or_(Alert.since_on.is_(None), Alert.since_on <= today),
        )
    lines = [_alert(row, today) for row in read.execute(statement)]
    return tuple(sorted(lines, key=lambda line: (not line.active, _LOUDNESS[line.severity], line.kind, line.id)))


def _alert(row: Any, today: date) -> AlertLine:
    begun = row.since_on is None or row.since_on <= today
    over = row.ended_at is not None or (row.until_on is not None and row.until_on < today)
    return AlertLine(*[*row[:6], begun and not over])
