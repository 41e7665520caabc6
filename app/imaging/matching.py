"""Whose study is this? The rules, as a table that is read from top to bottom; the first that finds anybody decides.

| rule             | the file and the chart have the same | then                                           |
|------------------|---------------------------------------|------------------------------------------------|
| number_and_birth | file number, birth date               | into the chart, if exactly one and our number  |
| name_and_birth   | name, birth date                      | somebody reviews it                            |
| -                | anything less                         | it waits without a patient                     |

A file number given by another issuer, or that two charts have, is reviewed. What somebody has rejected is not
proposed again.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from app.core.i18n import N_
from app.core.ids import PatientId
from app.core.text import fold
from app.imaging.vocabulary import Match
from app.journal.queries import Reading
from app.patients.charts import kept_id
from app.patients.model import Patient, PatientSearch


class Key(enum.StrEnum):
    """What a file and a chart may have in common."""

    FILE_NUMBER = "file_number"
    BIRTH_DATE = "birth_date"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Rule:
    """If all `keys` agree, the match is what the rule `gives`."""

    name: str
    label: str
    keys: frozenset[Key]
    gives: Match


RULES: Final = (
    Rule(
        "number_and_birth",
        N_("Same file number and birth date"),
        frozenset({Key.FILE_NUMBER, Key.BIRTH_DATE}),
        Match.AUTOMATIC,
    ),
    Rule("name_and_birth", N_("Same name and birth date"), frozenset({Key.NAME, Key.BIRTH_DATE}), Match.REVIEW),
)
RULE_LABELS: Final = {rule.name: rule.label for rule in RULES}


@dataclass(frozen=True, slots=True)
class Received:
    """The identity that a study's files carry."""

    name: str | None
    number: str | None
    issuer: str | None
    birth_on: date | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules say: the match, the rule that decided, and the charts that it found."""

    match: Match
    rule: str | None = None
    candidates: tuple[PatientId, ...] = ()


@dataclass(frozen=True, slots=True)
class _Chart:
    id: PatientId
    file_number: str
    family_name: str
    given_name: str
    preferred_name: str | None
    born_on: date | None


def propose(read: Reading, received: Received, *, issuers: str = "", rejected: Iterable[str] = ()) -> Proposal:
    """Apply the table. `issuers` are the names, separated by commas, of those who give our file numbers."""
    refused = set(rejected)
    charts = _charts(read, received)
    for rule in RULES:
        agreeing = (kept_id(read, chart.id) for chart in charts if rule.keys <= agreement(received, chart))
        found = tuple(dict.fromkeys(key for key in agreeing if key not in refused))
        if found:
            sure = rule.gives is Match.AUTOMATIC and len(found) == 1 and _is_ours(received.issuer, issuers)
            return Proposal(Match.AUTOMATIC if sure else Match.REVIEW, rule.name, found)
    return Proposal(Match.UNMATCHED)


def agreement(received: Received, chart: _Chart) -> frozenset[Key]:
    """The keys on which a file and a chart agree; what one of them lacks is no agreement."""
    found = set()
    if received.number and received.number.strip() == chart.file_number:
        found.add(Key.FILE_NUMBER)
    if received.birth_on is not None and received.birth_on == chart.born_on:
        found.add(Key.BIRTH_DATE)
    if received.name and is_name_of(received.name, chart.family_name, (chart.given_name, chart.preferred_name or "")):
        found.add(Key.NAME)
    return frozenset(found)


def is_name_of(person_name: str, family_name: str, given_names: tuple[str, ...]) -> bool:
    """Whether a DICOM person name (PS3.5 §6.2.1) is this family name with one of these given names.

    Accents, case, hyphens and second given names do not matter; a name without carets is compared word by word.
    """
    return any(_is_group_of(group, fold(family_name), given_names) for group in person_name.split("=") if group)


def _is_group_of(group: str, family: str, given_names: tuple[str, ...]) -> bool:
    parts = [fold(part) for part in group.split("^")]
    wanted = [fold(given) for given in given_names if fold(given)]
    if len(parts) == 1:
        return bool(family) and any(sorted(parts[0].split()) == sorted(f"{family} {given}".split()) for given in wanted)
    with_middle = " ".join(filter(None, parts[1:3]))
    return bool(family) and parts[0] == family and any(given in (parts[1], with_middle) for given in wanted)


def _charts(read: Reading, received: Received) -> list[_Chart]:
    """The charts that could agree: those with the number, merged ones too, and those with the birth date."""
    columns = ("id", "file_number", "family_name", "given_name", "preferred_name", "born_on")
    found: dict[str, _Chart] = {}
    if received.number and received.number.strip():
        wanted = select(*(getattr(Patient, name) for name in columns)).where(
            Patient.file_number == received.number.strip(), Patient.withdrawn_at.is_(None)
        )
        found |= {row.id: _Chart(*tuple(row)) for row in read.execute(wanted)}
    if received.birth_on is not None:
        born = select(*(getattr(PatientSearch, name) for name in columns)).where(
            PatientSearch.born_on == received.birth_on, PatientSearch.merged_into_id.is_(None)
        )
        found |= {row.id: _Chart(*tuple(row)) for row in read.execute(born)}
    return [found[key] for key in sorted(found)]


def _is_ours(issuer: str | None, issuers: str) -> bool:
    """Devices that take the worklist write no issuer: the number is then ours."""
    return not issuer or fold(issuer) in {fold(name) for name in issuers.split(",") if name.strip()}
