"""Rows of responsible persons: who they are, and what they are to a patient or to every patient of a household."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from app.conversion.drafts import ERASED, PATIENT_UNKNOWN, Draft, Work, our_id, patients_of
from app.conversion.patient_rows import want_contacts
from app.conversion.rows import GivenRow, Problem
from app.core.i18n import N_
from app.core.ids import derived_id
from app.patients.commands.people import checked_share
from app.patients.entry import clean_name
from app.patients.model import Person, Responsibility
from app.patients.vocabulary import Language, LivesWith, Relation

HOUSEHOLD_UNKNOWN: Final = N_("No patient of the household “{number}” is here.")
HOUSEHOLD_LARGE: Final = N_("The household “{number}” has more than {limit} patients.")
SHARES: Final = N_("The payers’ shares come to more than 100%.")
HOUSEHOLD_LIMIT: Final = 20


def draft_responsible(work: Work, rows: Sequence[GivenRow]) -> list[Draft]:
    """What rows of responsible persons ask for."""
    patients = patients_of(work, [row.values.get("patient", "") for row in rows])
    households = _households(work, {row.values["household"] for row in rows if row.values.get("household")})
    drafts = [_draft(work, row, patients, households) for row in rows]
    _refuse_erased(work, drafts)
    _refuse_large_shares(work, drafts)
    return drafts


def _households(work: Work, names: set[str]) -> dict[str, list[str]]:
    """Household → its patients who are here or would be."""
    found: dict[str, list[str]] = defaultdict(list)
    for household, patient in work.rows(
        "SELECT l.household, l.target_id FROM legacy_row l JOIN patient p ON p.id = l.target_id"
        " WHERE l.household IN (SELECT value FROM json_each(:keys)) AND l.kind = 'patients' AND"
        " l.withdrawn_at IS NULL AND p.withdrawn_at IS NULL AND p.file_number > ''"
        " AND l.system = :system ORDER BY p.id",
        names,
        system=work.system,
    ):
        found[household].append(patient)
    for number, household in (work.expected or {}).items():
        patient = our_id(work.system, "patients", number)
        if household in names and not number.startswith("#") and patient not in found[household]:
            found[household].append(patient)
    return found


def _draft(work: Work, row: GivenRow, patients: dict[str, str], households: dict[str, list[str]]) -> Draft:
    given = row.values
    draft = Draft(row, target_id=our_id(work.system, "person", given["number"]))
    draft.subject_id = draft.target_id
    draft.want(
        Person,
        draft.target_id,
        family_name=draft.take("family_name", lambda: clean_name(given.get("family_name", ""), "family_name")),
        given_name=draft.take("given_name", lambda: clean_name(given.get("given_name", ""), "given_name")),
        language=Language(given.get("language", Language.FRENCH)),
        withdrawn_at=None,
    )
    want_contacts(work, draft, draft.target_id)
    share = draft.take("share", lambda: checked_share(int(given.get("share", "0")), "share")) or 0
    for patient in _answers_for(draft, patients, households):
        draft.want(
            Responsibility,
            derived_id("conversion responsibility", patient, draft.target_id),
            patient_id=patient,
            person_id=draft.target_id,
            relation=Relation(given.get("relation", Relation.OTHER)),
            payer_share_percent=share,
            may_consent=given.get("may_consent") == "1",
            withdrawn_at=None,
            first={"lives_with": LivesWith.UNKNOWN, "contact_order": 1},
        )
    return draft


def _answers_for(draft: Draft, patients: dict[str, str], households: dict[str, list[str]]) -> list[str]:
    number, household = draft.row.values.get("patient", ""), draft.row.values.get("household", "")
    if number:
        if number not in patients:
            draft.problems.append(Problem("patient", PATIENT_UNKNOWN, {"number": number}))
        return [patients[number]] if number in patients else []
    found = households.get(household, [])
    if not found:
        draft.problems.append(Problem("household", HOUSEHOLD_UNKNOWN, {"number": household}))
    if len(found) > HOUSEHOLD_LIMIT:
        values = {"number": household, "limit": HOUSEHOLD_LIMIT}
        draft.problems.append(Problem("household", HOUSEHOLD_LARGE, values))
    return found[:HOUSEHOLD_LIMIT]


def _refuse_erased(work: Work, drafts: list[Draft]) -> None:
    found = work.rows(
        "SELECT id FROM person WHERE id IN (SELECT value FROM json_each(:keys)) AND family_name = ''",
        {draft.target_id for draft in drafts},
    )
    erased = {row[0] for row in found}
    for draft in drafts:
        if draft.target_id in erased:
            draft.problems.append(Problem("", ERASED))


def _refuse_large_shares(work: Work, drafts: list[Draft]) -> None:
    """The payers of a patient pay at most the whole bill, those who are here already included."""
    links = [one for draft in drafts for one in draft.wanted if one.record is Responsibility]
    shares: dict[str, dict[str, int]] = defaultdict(dict)
    for patient, key, share in work.rows(
        "SELECT patient_id, id, payer_share_percent FROM responsibility WHERE withdrawn_at IS NULL AND to_on IS NULL"
        " AND patient_id IN (SELECT value FROM json_each(:keys))",
        {one.values["patient_id"] for one in links},
    ):
        shares[patient][key] = share
    for draft in drafts:
        if draft.problems:
            continue
        mine = [one for one in draft.wanted if one.record is Responsibility]
        after = {
            one.values["patient_id"]: shares[one.values["patient_id"]] | {one.id: one.values["payer_share_percent"]}
            for one in mine
        }
        if any(sum(parts.values()) > 100 for parts in after.values()):
            draft.problems.append(Problem("share", SHARES))
        else:
            shares.update(after)
