"""Invented families for demo folders, made by running the commands that staff run; the same for the same seed.

Every NAM has a wrong check digit and every telephone is one of 555-0100 to 555-0199: neither can belong to anybody.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, ParamSpec, Protocol, TypeVar

from app.core.ids import PatientId, PersonId
from app.core.text import fold
from app.journal.commands import Command
from app.patients.commands import (
    add_contact,
    add_person,
    archive_patient,
    create_patient,
    link_person,
    make_patient_inactive,
    raise_alert,
    record_consent,
)
from app.patients.nam import RamqSex, check_nam
from app.patients.vocabulary import (
    AlertKind,
    AlertSeverity,
    ConsentPurpose,
    ContactKind,
    HolderId,
    Language,
    LivesWith,
    Relation,
)

PEOPLE: Final = Path(__file__).resolve().parents[2] / "resources" / "demo" / "people.json"
AREA_CODES: Final = ("514", "438", "450", "579")
P = ParamSpec("P")
R = TypeVar("R")


class Runs(Protocol):
    """What runs commands: a group of a runner, whose operations are one undo step."""

    def run(self, command: Command[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one command and wait."""


@dataclass(slots=True)
class _Adult:
    id: PersonId
    relation: Relation
    given_name: str


@dataclass(slots=True)
class _Family:
    name: str
    language: Language
    adults: list[_Adult] = field(default_factory=list)
    apart: bool = False


@cache
def invented_names() -> dict[str, Any]:
    """The lists of invented people, streets and remarks."""
    loaded: dict[str, Any] = json.loads(PEOPLE.read_text(encoding="utf-8"))
    return loaded


def seed_patients(group: Runs, chance: random.Random, count: int, today: date) -> list[PatientId]:
    """Make `count` patients: brothers and sisters, parents together and apart, some adults; returns their ids."""
    made: list[PatientId] = []
    while len(made) < count:
        if chance.random() < 0.15:
            made.append(_adult_patient(group, chance, today))
            continue
        family = _new_family(group, chance)
        for _child in range(min(chance.choice((1, 1, 1, 2, 2, 3)), count - len(made))):
            made.append(_child_patient(group, chance, family, today))
    return made


def wrong_nam(family_name: str, given_name: str, born_on: date, sex: RamqSex) -> str:
    """A NAM of the right letters and date whose check digit is wrong in every century."""
    letters = "".join(c for c in fold(family_name).upper() if "A" <= c <= "Z")[:3].ljust(3, "X")
    first = next((c for c in fold(given_name).upper() if "A" <= c <= "Z"), "X")
    month = born_on.month + (50 if sex is RamqSex.FEMALE else 0)
    start = f"{letters}{first}{born_on.year % 100:02d}{month:02d}{born_on.day:02d}1"
    return next(nam for digit in range(10) if not check_nam(nam := f"{start}{digit}").verified)


def _phone(chance: random.Random) -> str:
    return f"{chance.choice(AREA_CODES)}55501{chance.randrange(100):02d}"


def _new_family(group: Runs, chance: random.Random) -> _Family:
    names = invented_names()
    mother, father = (chance.choice(names["family_names"]) for _parent in range(2))
    both = f"{mother}-{father}" if chance.random() < 0.15 and "-" not in mother + father else father
    language = Language.ENGLISH if chance.random() < 0.15 else Language.FRENCH
    family = _Family(both if chance.random() < 0.8 else mother, language, apart=chance.random() < 0.25)
    home = _phone(chance)
    for relation, surname, given in (
        (Relation.MOTHER, mother, chance.choice(names["mothers"])),
        (Relation.FATHER, father, chance.choice(names["fathers"])),
    ):
        if relation is Relation.FATHER and not family.apart and chance.random() < 0.2:
            continue
        person = group.run(add_person, surname, given, family.language)
        _reach(group, chance, HolderId(person), given, _phone(chance) if family.apart else home)
        family.adults.append(_Adult(person, relation, given))
    return family


def _reach(group: Runs, chance: random.Random, holder: HolderId, given_name: str, home: str) -> None:
    names = invented_names()
    group.run(add_contact, holder, ContactKind.MOBILE, _phone(chance), preferred=True, may_text=chance.random() < 0.85)
    if chance.random() < 0.3:
        group.run(add_contact, holder, ContactKind.HOME, home)
    if chance.random() < 0.7:
        mail = f"{fold(given_name).replace(' ', '.')}{chance.randrange(1000)}@courriel.example"
        group.run(add_contact, holder, ContactKind.EMAIL, mail)
    city, province, postal_code = chance.choice(names["places"])
    street = f"{chance.randrange(1, 2000)}, {chance.choice(names['streets'])}"
    group.run(add_contact, holder, ContactKind.ADDRESS, street, city=city, province=province, postal_code=postal_code)


def _child_patient(group: Runs, chance: random.Random, family: _Family, today: date) -> PatientId:
    born_on = today - timedelta(days=chance.randrange(7 * 365, 18 * 365))
    patient = _chart(group, chance, family.name, born_on, family.language)
    shares = (100,) if len(family.adults) == 1 else chance.choice(((50, 50), (60, 40), (100, 0)))
    for adult, share in zip(family.adults, shares, strict=True):
        lives = LivesWith.SHARED if family.apart else LivesWith.ALWAYS
        group.run(link_person, patient, adult.id, adult.relation, lives, share, True)
    if family.apart and chance.random() < 0.3:
        group.run(
            raise_alert, patient, AlertKind.LEGAL, chance.choice(invented_names()["legal"]), AlertSeverity.WARNING
        )
    _consents(group, chance, patient, family.adults[0].id)
    _alerts(group, chance, patient)
    return patient


def _adult_patient(group: Runs, chance: random.Random, today: date) -> PatientId:
    born_on = today - timedelta(days=chance.randrange(19 * 365, 60 * 365))
    family_name = chance.choice(invented_names()["family_names"])
    patient = _chart(group, chance, family_name, born_on, Language.FRENCH)
    _reach(group, chance, HolderId(patient), family_name, _phone(chance))
    _consents(group, chance, patient, None)
    _alerts(group, chance, patient)
    return patient


def _chart(group: Runs, chance: random.Random, family_name: str, born_on: date, language: Language) -> PatientId:
    sex = chance.choice((RamqSex.FEMALE, RamqSex.MALE))
    given_name = chance.choice(invented_names()["girls" if sex is RamqSex.FEMALE else "boys"])
    covered = chance.random() < 0.8
    patient = group.run(
        create_patient,
        family_name,
        given_name,
        born_on,
        language,
        preferred_name=given_name.split("-")[0] if "-" in given_name and chance.random() < 0.3 else "",
        sex_at_ramq=sex if covered else None,
        nam=wrong_nam(family_name, given_name, born_on, sex) if covered else "",
        nam_expires=f"{chance.randrange(26, 32)}{chance.randrange(1, 13):02d}" if covered else "",
    )
    fate = chance.random()
    if fate < 0.04:
        group.run(archive_patient, patient)
    elif fate < 0.12:
        group.run(make_patient_inactive, patient)
    return patient


def _consents(group: Runs, chance: random.Random, patient: PatientId, by: PersonId | None) -> None:
    chances = (
        (ConsentPurpose.CARE, 0.97),
        (ConsentPurpose.RECORD_PHOTOS, 0.9),
        (ConsentPurpose.TEXT_MESSAGES, 0.8),
        (ConsentPurpose.PUBLISHED_PHOTOS, 0.2),
    )
    for purpose, likely in chances:
        group.run(record_consent, patient, purpose, chance.random() < likely, by, text_version="2026-01")


def _alerts(group: Runs, chance: random.Random, patient: PatientId) -> None:
    names = invented_names()
    for kind, severity, texts, likely in (
        (AlertKind.ALLERGY, AlertSeverity.CRITICAL, names["allergies"], 0.12),
        (AlertKind.MEDICAL, AlertSeverity.WARNING, names["conditions"], 0.08),
        (AlertKind.BEHAVIOUR, AlertSeverity.NOTE, names["behaviours"], 0.05),
    ):
        if chance.random() < likely:
            group.run(raise_alert, patient, kind, chance.choice(texts), severity)
