"""Charts that may be of one patient, by the rule table; charts that bear one number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.patients.duplicates import VERDICT_ORDER, Identity, Match, Verdict, compare, identity
from app.patients.model import Patient, PatientSearch
from app.patients.permissions import MERGE_PATIENTS, VIEW_PATIENTS
from app.patients.vocabulary import FileStatus

BLOCK: Final = 300
_COLUMNS: Final = (
    PatientSearch.id, PatientSearch.family_name, PatientSearch.given_name, PatientSearch.preferred_name,
    PatientSearch.born_on, PatientSearch.nam_key, PatientSearch.contact_keys, PatientSearch.file_number,
    PatientSearch.status,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A chart that may be the same patient’s, with the rule that says so and its explanation (a msgid)."""

    id: PatientId
    family_name: str
    given_name: str
    file_number: str
    born_on: date | None
    status: FileStatus
    rule: str
    verdict: Verdict
    explanation: str


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two charts of the clinic that may be one patient’s."""

    first: Duplicate
    second: Duplicate


@dataclass(frozen=True, slots=True)
class NumberConflict:
    """A file number that several charts bear, given by workstations that were apart."""

    file_number: str
    patients: tuple[PatientId, ...]


@query(permission=VIEW_PATIENTS, label=N_("Possible duplicates"))
def possible_duplicates(
    read: Reading,
    family_name: str,
    given_name: str,
    born_on: date | None = None,
    nam: str = "",
    contacts: list[str] | None = None,
    preferred_name: str = "",
) -> tuple[Duplicate, ...]:
    """Charts that may be of the patient about to be created, the surest first.

    `contacts` are telephones and e-mail addresses as typed.
    """
    return _matches(read, identity(family_name, given_name, preferred_name, born_on, nam, contacts or ()), None)


@query(permission=VIEW_PATIENTS, label=N_("Duplicates of the patient"))
def duplicates_of(read: Reading, patient_id: PatientId) -> tuple[Duplicate, ...]:
    """Other charts that may be the same patient’s, the surest first; none for a merged or withdrawn chart."""
    row = read.execute(
        select(*_COLUMNS).where(PatientSearch.id == patient_id, PatientSearch.merged_into_id.is_(None))
    ).first()
    return () if row is None else _matches(read, _identity(row), patient_id)


@query(permission=MERGE_PATIENTS, label=N_("Duplicates of the clinic"))
def duplicate_pairs(read: Reading, limit: int = 200) -> tuple[DuplicatePair, ...]:
    """Pairs of charts that may be one patient’s, the surest first; the older chart of each pair first."""
    found: dict[tuple[str, str], tuple[Any, Any, Match]] = {}
    for condition in _PAIRS:
        ids = read.sql(
            "SELECT a.id, b.id FROM patient_search a JOIN patient_search b ON b.id > a.id"
            f" AND b.merged_into_id IS NULL AND {condition} WHERE a.merged_into_id IS NULL LIMIT 5000"
        )
        rows = _by_id(read, {key for pair in ids for key in pair})
        for pair in ids:
            one, other = str(pair[0]), str(pair[1])
            match = compare(_identity(rows[one]), _identity(rows[other]))
            if match is not None:
                found[one, other] = (rows[one], rows[other], match)
    ordered = sorted(found.values(), key=lambda item: (VERDICT_ORDER.index(item[2].verdict), item[0].id))
    return tuple(DuplicatePair(_double(a, match), _double(b, match)) for a, b, match in ordered[:limit])


_PAIRS: Final = (
    "b.nam_key = a.nam_key",
    "b.family_key = a.family_key AND b.given_key = a.given_key AND a.family_key > ''",
    "b.family_key = a.given_key AND b.given_key = a.family_key AND a.family_key > ''",
    "b.born_key = a.born_key AND a.born_key > '' AND (b.family_key = a.family_key OR b.given_key = a.given_key)",
)


@query(permission=MERGE_PATIENTS, label=N_("File numbers given twice"))
def file_number_conflicts(read: Reading) -> tuple[NumberConflict, ...]:
    """File numbers that more than one chart bears, to be settled by changing one."""
    standing = (Patient.withdrawn_at.is_(None), Patient.file_number > "")
    double = select(Patient.file_number).where(*standing).group_by(Patient.file_number).having(func.count() > 1)
    statement = select(Patient.file_number, Patient.id).where(*standing, Patient.file_number.in_(double))
    found: dict[str, list[PatientId]] = {}
    for row in read.execute(statement.order_by(Patient.file_number, Patient.id)):
        found.setdefault(row.file_number, []).append(row.id)
    return tuple(NumberConflict(number, tuple(ids)) for number, ids in found.items())


def _by_id(read: Reading, ids: Iterable[str]) -> dict[str, Any]:
    keys = sorted(ids)
    found: dict[str, Any] = {}
    for start in range(0, len(keys), BLOCK):
        part = keys[start : start + BLOCK]
        found |= {row.id: row for row in read.execute(select(*_COLUMNS).where(PatientSearch.id.in_(part)))}
    return found


def _matches(read: Reading, sought: Identity, own_id: str | None) -> tuple[Duplicate, ...]:
    rows: dict[str, Any] = {}
    for condition in _blocks(sought):
        statement = select(*_COLUMNS).where(condition, PatientSearch.merged_into_id.is_(None)).limit(BLOCK)
        rows |= {row.id: row for row in read.execute(statement)}
    found = []
    for key, row in rows.items():
        match = compare(sought, _identity(row)) if key != own_id else None
        if match is not None:
            found.append(_double(row, match))
    return tuple(sorted(found, key=lambda item: (VERDICT_ORDER.index(item.verdict), item.id)))


def _blocks(sought: Identity) -> list[ColumnElement[bool]]:
    """Where a chart that any rule speaks of is looked for; each has its index."""
    found: list[ColumnElement[bool]] = []
    if sought.nam:
        found.append(PatientSearch.nam_key == sought.nam)
    if sought.born_on:
        found.append(PatientSearch.born_key == sought.born_on.isoformat())
    if sought.family and sought.given:
        found.append((PatientSearch.family_key == sought.family) & (PatientSearch.given_key == sought.given))
    return found


def _identity(row: Any) -> Identity:
    return identity(
        row.family_name, row.given_name, row.preferred_name, row.born_on, row.nam_key, row.contact_keys.split()
    )


def _double(row: Any, match: Match) -> Duplicate:
    return Duplicate(
        row.id, row.family_name, row.given_name, row.file_number, row.born_on, row.status,
        match.rule, match.verdict, match.explanation,
    )  # fmt: skip
