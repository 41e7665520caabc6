"""The filters and columns of the patient list that the chart itself answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.core.i18n import N_
from app.journal.queries import Reading
from app.patients.list_filters import Value, patient_column, patient_filter, whoever, whole_years
from app.patients.model import Alert, PatientSearch
from app.patients.vocabulary import LANGUAGE_LABELS, SEVERITY_LABELS, STATUS_LABELS, AlertSeverity, FileStatus, Language

MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


@patient_filter("status", N_("File status"), lambda _read: [(key.value, word) for key, word in STATUS_LABELS.items()])
def _status(_read: Reading, value: str) -> ColumnElement[bool]:
    return PatientSearch.status == FileStatus(value)


@patient_filter("language", N_("Language"), lambda _read: [(key.value, word) for key, word in LANGUAGE_LABELS.items()])
def _language(_read: Reading, value: str) -> ColumnElement[bool]:
    return PatientSearch.language == Language(value)


def years_before(day: date, years: int) -> date:
    """The same day that many years earlier; 29 February becomes 1 March, as for ages."""
    try:
        return day.replace(year=max(1, day.year - years))
    except ValueError:
        return date(max(1, day.year - years), 3, 1)


@patient_filter("age_from", N_("Age from"))
def _age_from(read: Reading, value: str) -> ColumnElement[bool]:
    latest = years_before(read.today, whole_years(value)).isoformat()
    return and_(PatientSearch.born_key > "", PatientSearch.born_key <= latest)


@patient_filter("age_to", N_("Age to"))
def _age_to(read: Reading, value: str) -> ColumnElement[bool]:
    return PatientSearch.born_key > years_before(read.today, whole_years(value) + 1).isoformat()


@patient_filter(
    "birthday", N_("Birthday in"), lambda _read: [(str(number), word) for number, word in enumerate(MONTHS, 1)]
)
def _birthday(_read: Reading, value: str) -> ColumnElement[bool]:
    return func.substr(PatientSearch.born_key, 6, 2) == f"{int(value):02d}"


def _standing(read: Reading) -> tuple[ColumnElement[bool], ...]:
    return (
        Alert.withdrawn_at.is_(None), Alert.ended_at.is_(None), Alert.text > "",
        or_(Alert.since_on.is_(None), Alert.since_on <= read.today),
        or_(Alert.until_on.is_(None), Alert.until_on >= read.today),
    )  # fmt: skip


@patient_filter(
    "alert", N_("Alert"),
    lambda _read: [
        ("any", N_("With an alert")), ("none", N_("Without alert")),
        *((key.value, word) for key, word in SEVERITY_LABELS.items()),
    ],
)  # fmt: skip
def _alert(read: Reading, value: str) -> ColumnElement[bool]:
    who = select(Alert.patient_id).where(*_standing(read))
    if value in {"any", "none"}:
        return ~whoever(read, who) if value == "none" else whoever(read, who)
    return whoever(read, who.where(Alert.severity == AlertSeverity(value)))


@patient_column("alerts", N_("Alerts"))
def _alert_texts(read: Reading, ids: Sequence[str]) -> dict[str, Value]:
    statement = select(Alert.patient_id, Alert.text).where(Alert.patient_id.in_(ids), *_standing(read))
    found: dict[str, Value] = {}
    rows: list[Any] = list(read.execute(statement.order_by(Alert.severity, Alert.id)))
    for row in rows:
        found[row.patient_id] = f"{found[row.patient_id]}, {row.text}" if row.patient_id in found else row.text
    return found


@patient_column("language", N_("Language"), tuple((key.value, word) for key, word in LANGUAGE_LABELS.items()))
def _languages(read: Reading, ids: Sequence[str]) -> dict[str, Value]:
    statement = select(PatientSearch.id, PatientSearch.language).where(PatientSearch.id.in_(ids))
    return {row.id: row.language.value for row in read.execute(statement)}


@patient_column("opened", N_("Opened"))
def _opened(read: Reading, ids: Sequence[str]) -> dict[str, Value]:
    statement = select(PatientSearch.id, PatientSearch.opened_at).where(PatientSearch.id.in_(ids))
    return {row.id: read.clock.day_of(row.opened_at) for row in read.execute(statement)}
