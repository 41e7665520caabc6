"""The search table and its full-text index, kept in the transaction of every change.

Measured with 100,000 charts on SQLCipher: `prefix='1 2 3 4'` with `detail=column` answers 95 % of keystrokes within
1 ms; without the 4, area codes with one more digit cost three times that; `detail=none` costs more, not less, because
whole words are then sorted by row. The `ascii` tokenizer takes the folded words as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, select

from app.core.text import digits, fold
from app.journal.projections import chunks, projection
from app.journal.queries import Reading
from app.patients.duplicates import contact_key
from app.patients.model import ContactPoint, Patient, PatientSearch, Person, Responsibility
from app.patients.search import MERGED_CLASS, STATUS_CLASS, chart_words, number_words, slot, sort_key
from app.patients.vocabulary import PHONES, ContactKind

BATCH: Final = 400
COPIED: Final = (
    "id", "file_number", "family_name", "given_name", "preferred_name", "born_on", "language", "status", "opened_at",
    "merged_into_id",
)  # fmt: skip
_OLD: Final = "INSERT INTO patient_fts(patient_fts, rowid, words) VALUES ('delete', old.slot, old.words)"
_NEW: Final = "INSERT INTO patient_fts(rowid, words) VALUES (new.slot, new.words)"
# Without FTS5’s own secure-delete, which doubles the time of a command that changes a name: an erasure's `purge` merges
# every segment into one, so that no deleted word is left in any, and SQLite's secure_delete blanks the freed pages.
INDEX: Final = (
    "CREATE VIRTUAL TABLE patient_fts USING fts5(words, content='patient_search', content_rowid='slot',"
    " tokenize='ascii', prefix='1 2 3 4', detail=column, columnsize=0)",
    f"CREATE TRIGGER patient_search_added AFTER INSERT ON patient_search BEGIN {_NEW}; END",
    f"CREATE TRIGGER patient_search_removed AFTER DELETE ON patient_search BEGIN {_OLD}; END",
    f"CREATE TRIGGER patient_search_changed AFTER UPDATE ON patient_search BEGIN {_OLD}; {_NEW}; END",
)


_KEYS: Final[BindParameter[list[str]]] = bindparam("keys", expanding=True)
# Made once: to put a statement together costs a command more than to run it.
_CHILDREN: Final = select(Responsibility.patient_id).where(Responsibility.person_id.in_(_KEYS))
_PATIENTS: Final = (
    select(*Patient.__table__.c)
    .where(Patient.id.in_(_KEYS), Patient.withdrawn_at.is_(None), Patient.file_number > "")
    .order_by(Patient.id)
)
_ANSWERING: Final = (
    select(Responsibility.patient_id, Person.id, Person.family_name, Person.given_name)
    .join(Person, Person.id == Responsibility.person_id)
    .where(
        Responsibility.patient_id.in_(_KEYS),
        Responsibility.withdrawn_at.is_(None),
        Responsibility.to_on.is_(None),
        Person.withdrawn_at.is_(None),
        Person.family_name > "",
    )
    .order_by(Responsibility.contact_order, Responsibility.id)
)
_CONTACTS: Final = select(
    ContactPoint.holder_id, ContactPoint.kind, ContactPoint.value, ContactPoint.preferred, ContactPoint.id
).where(
    ContactPoint.holder_id.in_(_KEYS),
    ContactPoint.withdrawn_at.is_(None),
    ContactPoint.ended_on.is_(None),
    ContactPoint.value > "",
    ContactPoint.kind != ContactKind.ADDRESS,
)


def children_of(read: Reading, keys: Collection[str]) -> Collection[str]:
    """The patients for whom the persons among these ids answer, or once did."""
    found: set[str] = set()
    for part in chunks(sorted(keys), BATCH):
        found |= set(read.execute(_CHILDREN, {"keys": part}).scalars())
    return found


@projection(
    target=PatientSearch,
    of=(Patient, Person, Responsibility, ContactPoint),
    related=children_of,
    columns={Patient: (*COPIED, "nam", "withdrawn_at")},
    extra_ddl=INDEX,
    purge=("INSERT INTO patient_fts(patient_fts) VALUES ('optimize')",),
)
def patient_search_rows(read: Reading, keys: Collection[str] | None) -> Iterable[dict[str, Any]]:
    """A row for every chart that is neither withdrawn nor erased; a merged one is found by its file number only."""
    if keys is None:
        keys = read.execute(select(Patient.id).order_by(Patient.id)).scalars().all()
    for part in chunks(keys, BATCH):
        yield from _rows_of(read, part)


def _rows_of(read: Reading, keys: Sequence[str]) -> Iterable[dict[str, Any]]:
    patients = read.execute(_PATIENTS, {"keys": list(keys)}).all()
    answering = _answering(read, [row.id for row in patients if row.merged_into_id is None])
    holders = {row.id for row in patients} | {person.id for persons in answering.values() for person in persons}
    contacts = _contacts(read, holders)
    for row in patients:
        yield _row(row, answering.get(row.id, []), contacts)


def _answering(read: Reading, keys: Sequence[str]) -> dict[str, list[Any]]:
    """The responsible persons of each patient, those called first in front."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in read.execute(_ANSWERING, {"keys": list(keys)}):
        found[row.patient_id].append(row)
    return found


def _contacts(read: Reading, holders: Collection[str]) -> dict[str, list[Any]]:
    """The telephones and e-mail addresses of each holder, the preferred one and mobiles first."""
    found: dict[str, list[Any]] = defaultdict(list)
    for part in chunks(sorted(holders), BATCH):
        for row in read.execute(_CONTACTS, {"keys": part}):
            found[row.holder_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (not row.preferred, row.kind is not ContactKind.MOBILE, row.id))
    return found


def _row(patient: Any, answering: Sequence[Any], contacts: dict[str, list[Any]]) -> dict[str, Any]:
    merged = patient.merged_into_id is not None
    reached = [point for holder in (patient, *answering) for point in contacts.get(holder.id, [])]
    phones = [point.value for point in reached if point.kind in PHONES]
    names = [patient.family_name, patient.given_name, patient.preferred_name]
    names += [name for person in answering for name in (person.family_name, person.given_name)]
    words = chart_words(names, phones, patient.born_on, patient.file_number)
    number = digits(patient.file_number)[-15:]
    return {name: getattr(patient, name) for name in COPIED} | {
        "slot": slot(patient.id, MERGED_CLASS if merged else STATUS_CLASS[patient.status]),
        "words": " ".join(sorted(number_words(patient.file_number))) if merged else words,
        "sort_key": sort_key(patient.family_name, patient.given_name),
        "family_key": fold(patient.family_name),
        "given_key": fold(patient.given_name),
        "nam_key": None if merged else patient.nam,
        "born_key": patient.born_on.isoformat() if patient.born_on else "",
        "contact_keys": " ".join(sorted({contact_key(point.value) for point in reached})),
        "file_order": int(number) if number else 0,
        "phone": phones[0] if phones else None,
        "responsible": f"{answering[0].given_name} {answering[0].family_name}" if answering else None,
    }
