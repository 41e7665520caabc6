"""The charts of invented families: brothers and sisters, parents together and apart, namesakes, adults."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from app.cli.demonstration.rows import Rows
from app.cli.demonstration.visits import DAY
from app.core.ids import new_id
from app.core.text import fold
from app.patients.nam import RamqSex
from app.patients.seeding import AREA_CODES, invented_names, wrong_nam
from app.patients.vocabulary import (
    AlertKind,
    AlertSeverity,
    ConsentDecision,
    ConsentPurpose,
    ContactKind,
    FileStatus,
    Language,
    LivesWith,
    Relation,
)

ENGLISH: Final = 0.18
APART: Final = 0.25
ADULT: Final = 0.15
NAMESAKE: Final = 0.02
CONSENTS: Final = (
    (ConsentPurpose.CARE, 0.97), (ConsentPurpose.RECORD_PHOTOS, 0.9), (ConsentPurpose.TEXT_MESSAGES, 0.8),
    (ConsentPurpose.PUBLISHED_PHOTOS, 0.2),
)  # fmt: skip


@dataclass(slots=True)
class Parent:
    """Somebody who answers for the children of a family."""

    relation: Relation
    family_name: str
    given_name: str
    id: str = field(default_factory=new_id)


@dataclass(slots=True)
class Family:
    """Those who live together, or not."""

    name: str
    language: Language
    parents: list[Parent]
    apart: bool
    home: str


@dataclass(slots=True)
class Chart:
    """One invented patient before the row is written."""

    family: Family | None
    family_name: str
    given_name: str
    born_on: date
    sex: RamqSex
    language: Language
    id: str = field(default_factory=new_id)

    @property
    def adult(self) -> bool:
        """Whether the patient answers alone."""
        return self.family is None


def invent_charts(chance: random.Random, count: int, today: date) -> list[Chart]:
    """As many patients, family by family; some bear the name of another on purpose."""
    made: list[Chart] = []
    while len(made) < count:
        if chance.random() < ADULT:
            made.append(_adult(chance, today))
            continue
        family = _family(chance)
        for _child in range(min(chance.choice((1, 1, 1, 2, 2, 3)), count - len(made))):
            made.append(_child_of(chance, family, today))
        if made and chance.random() < NAMESAKE * 2:
            _namesake(chance, made)
    return made


def _namesake(chance: random.Random, made: list[Chart]) -> None:
    """Two patients who are easily taken for each other: one name, birth dates some days or a year apart."""
    one, other = made[-1], chance.choice(made)
    if one is not other and one.family is not other.family:
        one.family_name, one.given_name, one.sex = other.family_name, other.given_name, other.sex
        one.born_on = other.born_on + timedelta(days=chance.choice((1, 10, 30, 365)))


def _names(language: Language) -> dict[str, list[str]]:
    names = invented_names()
    prefix = "english_" if language is Language.ENGLISH else ""
    return {key: names[prefix + key] for key in ("family_names", "girls", "boys", "mothers", "fathers")}


def _language(chance: random.Random) -> Language:
    return Language.ENGLISH if chance.random() < ENGLISH else Language.FRENCH


def phone(chance: random.Random) -> str:
    """A number of the block that is given to nobody: 555-0100 to 555-0199."""
    return f"{chance.choice(AREA_CODES)}55501{chance.randrange(100):02d}"


def _family(chance: random.Random) -> Family:
    language = _language(chance)
    names = _names(language)
    mother, father = (chance.choice(names["family_names"]) for _parent in range(2))
    both = f"{mother}-{father}" if chance.random() < 0.15 and "-" not in mother + father else father
    apart = chance.random() < APART
    parents = [Parent(Relation.MOTHER, mother, chance.choice(names["mothers"]))]
    if apart or chance.random() < 0.8:
        parents.append(Parent(Relation.FATHER, father, chance.choice(names["fathers"])))
    return Family(both if chance.random() < 0.8 else mother, language, parents, apart, phone(chance))


def _child_of(chance: random.Random, family: Family, today: date) -> Chart:
    sex = chance.choice((RamqSex.FEMALE, RamqSex.MALE))
    given = chance.choice(_names(family.language)["girls" if sex is RamqSex.FEMALE else "boys"])
    born_on = today - timedelta(days=chance.randrange(8 * 365, 18 * 365))
    return Chart(family, family.name, given, born_on, sex, family.language)


def _adult(chance: random.Random, today: date) -> Chart:
    language, sex = _language(chance), chance.choice((RamqSex.FEMALE, RamqSex.MALE))
    names = _names(language)
    given = chance.choice(names["mothers" if sex is RamqSex.FEMALE else "fathers"])
    born_on = today - timedelta(days=chance.randrange(20 * 365, 60 * 365))
    return Chart(None, chance.choice(names["family_names"]), given, born_on, sex, language)


@dataclass(slots=True)
class ChartWriter:
    """Writes charts with their families as rows; families are written once."""

    rows: Rows
    chance: random.Random
    today: date
    by: str
    number: int
    """The next file number."""
    _written: set[int] = field(default_factory=set)

    def write(self, chart: Chart, opened: int, status: FileStatus) -> None:
        """The chart, opened at an instant in milliseconds."""
        self.rows.room_for(40)
        family = chart.family
        if family is not None and id(family) not in self._written:
            self._written.add(id(family))
            for parent in family.parents:
                self._parent(family, parent)
        self._patient(chart, opened, status)
        if family is None:
            self._reach(chart.id, chart.given_name, phone(self.chance))
        else:
            self._answering(chart, family)
        self._consents(chart, opened)
        self._alerts(chart)

    def _patient(self, chart: Chart, opened: int, status: FileStatus) -> None:
        chance, covered = self.chance, self.chance.random() < 0.85
        nam = wrong_nam(chart.family_name, chart.given_name, chart.born_on, chart.sex) if covered else None
        expires = f"{chance.randrange(27, 32)}{chance.randrange(1, 13):02d}" if covered else None
        short = "-" in chart.given_name and chance.random() < 0.3
        self.rows.add(
            "patient", id=chart.id, file_number=str(self.number), family_name=chart.family_name,
            given_name=chart.given_name, preferred_name=chart.given_name.split("-")[0] if short else None,
            born_on=chart.born_on, sex_at_ramq=chart.sex.value if covered else None, language=chart.language.value,
            nam=nam, nam_expires=expires, status=status.value, opened_at=opened,
        )  # fmt: skip
        self.number += 1

    def _parent(self, family: Family, parent: Parent) -> None:
        self.rows.add("person", id=parent.id, family_name=parent.family_name, given_name=parent.given_name,
                      language=family.language.value)  # fmt: skip
        self._reach(parent.id, parent.given_name, phone(self.chance) if family.apart else family.home)

    def _reach(self, holder: str, given_name: str, home: str) -> None:
        chance, names = self.chance, invented_names()
        self._contact(holder, ContactKind.MOBILE, phone(chance), preferred=True, may_text=chance.random() < 0.85)
        if chance.random() < 0.3:
            self._contact(holder, ContactKind.HOME, home)
        if chance.random() < 0.7:
            mail = f"{fold(given_name).replace(' ', '.')}{chance.randrange(1000)}@courriel.example"
            self._contact(holder, ContactKind.EMAIL, mail)
        city, province, postal_code = chance.choice(names["places"])
        street = f"{chance.randrange(1, 2000)}, {chance.choice(names['streets'])}"
        self._contact(holder, ContactKind.ADDRESS, street, city=city, province=province, postal_code=postal_code)

    def _contact(self, holder: str, kind: ContactKind, value: str, **more: Any) -> None:
        given = {"preferred": False, "may_text": False, "city": None, "province": None, "postal_code": None} | more
        self.rows.add("contact_point", id=new_id(), holder_id=holder, kind=kind.value, value=value, **given)

    def _answering(self, chart: Chart, family: Family) -> None:
        shares = (100,) if len(family.parents) == 1 else self.chance.choice(((50, 50), (60, 40), (100, 0)))
        lives = LivesWith.SHARED if family.apart else LivesWith.ALWAYS
        for order, (parent, share) in enumerate(zip(family.parents, shares, strict=True), start=1):
            self.rows.add(
                "responsibility", id=new_id(), patient_id=chart.id, person_id=parent.id,
                relation=parent.relation.value, lives_with=lives.value, payer_share_percent=share, may_consent=True,
                contact_order=order,
            )  # fmt: skip

    def _consents(self, chart: Chart, opened: int) -> None:
        by = chart.family.parents[0].id if chart.family else None
        decided = self.today - timedelta(days=max(0, (to_millis_of(self.today) - opened) // DAY))
        for purpose, likely in CONSENTS:
            given = ConsentDecision.GIVEN if self.chance.random() < likely else ConsentDecision.REFUSED
            self.rows.add(
                "consent", id=new_id(), patient_id=chart.id, purpose=purpose.value, decision=given.value,
                by_person_id=by, decided_on=decided, language=chart.language.value, text_version="2026-01",
                collected_by=self.by, recorded_at=opened,
            )  # fmt: skip

    def _alerts(self, chart: Chart) -> None:
        names, chance = invented_names(), self.chance
        wanted = [
            (AlertKind.ALLERGY, AlertSeverity.CRITICAL, names["allergies"], 0.12),
            (AlertKind.MEDICAL, AlertSeverity.WARNING, names["conditions"], 0.08),
            (AlertKind.BEHAVIOUR, AlertSeverity.NOTE, names["behaviours"], 0.05),
        ]
        if chart.family is not None and chart.family.apart:
            wanted.append((AlertKind.LEGAL, AlertSeverity.WARNING, names["legal"], 0.3))
        for kind, severity, texts, likely in wanted:
            if chance.random() < likely:
                self.rows.add("alert", id=new_id(), patient_id=chart.id, kind=kind.value, severity=severity.value,
                              text=chance.choice(texts))  # fmt: skip


def to_millis_of(on: date) -> int:
    """The beginning of a day in UTC, in milliseconds: near enough to count days."""
    return (on - date(1970, 1, 1)).days * DAY
