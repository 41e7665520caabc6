"""Rows of patients: the chart, and how the patient is reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from app.conversion.drafts import ERASED, Draft, Work, our_id
from app.conversion.rows import GivenRow, Problem
from app.core.i18n import N_
from app.core.ids import derived_id
from app.core.text import fold
from app.patients.commands.patients import NUMBER_LIMIT
from app.patients.duplicates import Identity, Verdict, compare, contact_key, identity
from app.patients.entry import (
    NAME_LIMIT,
    check_birth,
    clean_email,
    clean_name,
    clean_phone,
    clean_postal_code,
    clean_province,
    clean_text,
)
from app.patients.model import ContactPoint, Patient, PatientSearch
from app.patients.nam import RamqSex, check_expiry, check_nam
from app.patients.vocabulary import ContactKind, FileStatus, Language
from app.practice.local_time import instant_of

PHONE_SLOTS: Final = {"mobile": ContactKind.MOBILE, "home": ContactKind.HOME, "work": ContactKind.WORK}
SLOTS: Final = (*PHONE_SLOTS, "email", "address")
NUMBER_TAKEN: Final = N_("Another chart has the number {number}.")
NUMBER_EMPTY: Final = N_("A file number has letters or digits.")
ALIKE: Final = N_("The chart {number} is probably the same patient’s.")
NOON: Final = 12 * 60


def draft_patients(work: Work, rows: Sequence[GivenRow]) -> list[Draft]:
    """What rows of patients ask for."""
    drafts = [_draft(work, row) for row in rows]
    _refuse_taken_numbers(work, drafts)
    _refuse_erased(work, drafts)
    _warn_of_doubles(work, drafts)
    return drafts


def _draft(work: Work, row: GivenRow) -> Draft:
    given = row.values
    draft = Draft(row, target_id=our_id(work.system, "patients", row.number), household=given.get("household"))
    draft.subject_id = draft.target_id
    nam = draft.take("nam", lambda: check_nam(given["nam"]).value) if given.get("nam") else None
    expires = draft.take("nam_expires", lambda: check_expiry(given["nam_expires"])) if "nam_expires" in given else None
    opened_on = _past(draft, work, given.get("opened_on"))
    draft.want(
        Patient,
        draft.target_id,
        file_number=_number(draft),
        family_name=draft.take("family_name", lambda: clean_name(given.get("family_name", ""), "family_name")),
        given_name=draft.take("given_name", lambda: clean_name(given.get("given_name", ""), "given_name")),
        preferred_name=draft.take(
            "preferred_name", lambda: clean_text(given.get("preferred_name", ""), "preferred_name", limit=NAME_LIMIT)
        ),
        born_on=draft.take("born_on", lambda: check_birth(_date(given.get("born_on")), work.today)),
        sex_at_ramq=RamqSex(given["sex"]) if given.get("sex") else None,
        language=Language(given.get("language", Language.FRENCH)),
        nam=nam,
        nam_expires=expires,
        status=FileStatus(given.get("status", FileStatus.ACTIVE)),
        first={"opened_at": instant_of(opened_on, NOON, work.read.clock.zone) if opened_on else work.now},
        withdrawn_at=None,
    )
    want_contacts(work, draft, draft.target_id)
    return draft


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _past(draft: Draft, work: Work, text: str | None) -> date | None:
    found = _date(text)
    if found is not None and found > work.today:
        draft.problems.append(Problem("opened_on", N_("This day is in the future.")))
        return None
    return found


def _number(draft: Draft) -> str:
    """The file number; the number of the old system where there is no other."""
    name = "file_number" if draft.row.values.get("file_number") else "number"
    given = draft.row.values.get(name, "")
    number = draft.take(name, lambda: clean_text(given, name, limit=NUMBER_LIMIT)) or ""
    if not any(character.isalnum() for character in number):
        draft.problems.append(Problem(name, NUMBER_EMPTY))
    return number


def want_contacts(work: Work, draft: Draft, holder: str) -> None:
    """The telephones, the e-mail and the address that a row gives, one of each kind; those it gives no more go."""
    given = draft.row.values
    made: list[tuple[str, dict[str, Any]]] = []
    for slot, kind in PHONE_SLOTS.items():
        if given.get(slot):
            value = draft.take(slot, lambda slot=slot: clean_phone(given[slot], work.area_code, slot))  # type: ignore[misc]  # mypy infers no lambda that has a default
            made.append((slot, {"kind": kind, "value": value}))
    if given.get("email"):
        value = draft.take("email", lambda: clean_email(given["email"], "email"))
        made.append(("email", {"kind": ContactKind.EMAIL, "value": value}))
    if given.get("street"):
        made.append(("address", _address(draft, given)))
    for place, (slot, values) in enumerate(made):
        values |= {"holder_id": holder, "preferred": place == 0 and slot in PHONE_SLOTS, "withdrawn_at": None}
        draft.want(ContactPoint, contact_id(holder, slot), **values)
    there = {slot for slot, _values in made}
    draft.dropped += [(ContactPoint, contact_id(holder, slot)) for slot in SLOTS if slot not in there]


def _address(draft: Draft, given: dict[str, str]) -> dict[str, Any]:
    where = draft.take("province", lambda: clean_province(given.get("province", "")))
    return {
        "kind": ContactKind.ADDRESS,
        "value": draft.take("street", lambda: clean_text(given["street"], "street")),
        "city": draft.take("city", lambda: clean_text(given.get("city", ""), "city", limit=NAME_LIMIT)),
        "province": where,
        "postal_code": draft.take("postal_code", lambda: clean_postal_code(given.get("postal_code", ""), where)),
    }


def contact_id(holder: str, slot: str) -> str:
    """The id of a holder’s contact of the old system."""
    return derived_id("conversion contact", holder, slot)


def _refuse_taken_numbers(work: Work, drafts: list[Draft]) -> None:
    numbers = {draft.wanted[0].values["file_number"]: draft for draft in drafts}
    taken = work.rows(
        "SELECT file_number, id FROM patient WHERE file_number IN (SELECT value FROM json_each(:keys))", numbers
    )
    owners: dict[str, set[str]] = {}
    for number, owner in taken:
        owners.setdefault(number, set()).add(owner)
    expected = work.expected if work.expected is not None else {}
    for draft in drafts:
        number = draft.wanted[0].values["file_number"]
        others = owners.setdefault(number, set()) - {draft.target_id}
        field = "file_number" if "file_number" in draft.row.values else "number"
        if number and (others or expected.get(f"#{number}", draft.target_id) != draft.target_id):
            draft.problems.append(Problem(field, NUMBER_TAKEN, {"number": number}))
        elif not draft.problems:
            owners[number].add(draft.target_id)
            if work.expected is not None:
                work.expected[f"#{number}"] = draft.target_id


def _refuse_erased(work: Work, drafts: list[Draft]) -> None:
    found = work.rows(
        "SELECT id FROM patient WHERE id IN (SELECT value FROM json_each(:keys)) AND file_number = ''",
        [draft.target_id for draft in drafts],
    )
    erased = {row[0] for row in found}
    for draft in drafts:
        if draft.target_id in erased:
            draft.problems.append(Problem("", ERASED))


_ALIKE_COLUMNS: Final = (
    PatientSearch.id, PatientSearch.family_name, PatientSearch.given_name, PatientSearch.preferred_name,
    PatientSearch.born_on, PatientSearch.nam_key, PatientSearch.contact_keys, PatientSearch.file_number,
)  # fmt: skip


def _warn_of_doubles(work: Work, drafts: list[Draft]) -> None:
    """A new chart that is certainly or probably the same patient’s as one that is here."""
    fresh = [draft for draft in drafts if not draft.problems]
    births = {str(draft.row.values["born_on"]) for draft in fresh if draft.row.values.get("born_on")}
    nams = {str(draft.wanted[0].values["nam"]) for draft in fresh if draft.wanted[0].values["nam"]}
    near = list(work.read.execute(select(*_ALIKE_COLUMNS).where(PatientSearch.born_key.in_(births))))
    near += list(work.read.execute(select(*_ALIKE_COLUMNS).where(PatientSearch.nam_key.in_(nams))))
    by_birth: dict[Any, list[Any]] = {}
    for row in near:
        by_birth.setdefault(row.born_on, []).append(row)
        by_birth.setdefault(row.nam_key, []).append(row)
    for draft in fresh:
        values = draft.wanted[0].values
        close = [*by_birth.get(values["born_on"], ()), *by_birth.get(values["nam"] or "", ())]
        double = _double(_identity_of(draft), draft.target_id, close)
        if double is not None:
            draft.warnings.append(Problem("", ALIKE, {"number": double}))


def _identity_of(draft: Draft) -> Identity:
    values = draft.wanted[0].values
    contacts = [str(one.values["value"]) for one in draft.wanted[1:] if one.values["kind"] is not ContactKind.ADDRESS]
    names = (values["family_name"], values["given_name"], values["preferred_name"])
    return identity(*names, values["born_on"], values["nam"], contacts)


def _double(own: Identity, target_id: str, close: Sequence[Any]) -> str | None:
    for row in close:
        if row.id == target_id or (fold(row.family_name) != own.family and row.nam_key != own.nam):
            continue
        other = identity(
            row.family_name, row.given_name, row.preferred_name, row.born_on, row.nam_key,
            [contact_key(value) for value in row.contact_keys.split()],
        )  # fmt: skip
        match = compare(own, other)
        if match is not None and match.verdict in {Verdict.CERTAIN, Verdict.PROBABLE}:
            return str(row.file_number)
    return None
