"""Is this patient already here? A written table of rules over two identities; the first rule that holds answers.

Brothers, sisters and twins share the family name, the telephone and sometimes the birth date: no rule speaks without
a likeness of the given name, except for one NAM on two charts, and a shared telephone never makes two given names one.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.i18n import N_, translate
from app.core.text import digits, fold
from app.patients.nam import normalized_nam


class Verdict(enum.StrEnum):
    """How sure a rule is."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


VERDICT_LABELS: Final = {
    Verdict.CERTAIN: N_("Certainly the same patient"),
    Verdict.PROBABLE: N_("Probably the same patient"),
    Verdict.POSSIBLE: N_("Possibly the same patient"),
}
VERDICT_ORDER: Final = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Identity:
    """What is compared of a patient: names folded, NAM normalised, contacts as ten digits or folded e-mail."""

    family: str
    given: str
    preferred: str = ""
    born_on: date | None = None
    nam: str = ""
    contacts: frozenset[str] = frozenset()


def identity(
    family_name: str,
    given_name: str,
    preferred_name: str | None = None,
    born_on: date | None = None,
    nam: str | None = None,
    contacts: Iterable[str] = (),
) -> Identity:
    """The identity of what a form or a record holds."""
    keys = frozenset(contact_key(value) for value in contacts) - {""}
    return Identity(
        fold(family_name), fold(given_name), fold(preferred_name or ""), born_on, normalized_nam(nam or ""), keys
    )


def contact_key(value: str) -> str:
    """A telephone as digits, an e-mail address in lower case: what two charts may share."""
    return value.strip().casefold() if "@" in value else digits(value)[-10:]


Test = Callable[[Identity, Identity], bool]


def _same_nam(a: Identity, b: Identity) -> bool:
    return bool(a.nam) and a.nam == b.nam


def _other_nam(a: Identity, b: Identity) -> bool:
    return bool(a.nam and b.nam) and a.nam != b.nam


def _same_family(a: Identity, b: Identity) -> bool:
    return bool(a.family) and a.family == b.family


def _same_given(a: Identity, b: Identity) -> bool:
    return bool(a.given and b.given) and (b.given in {a.given, a.preferred} or a.given == b.preferred)


def _same_birth(a: Identity, b: Identity) -> bool:
    return a.born_on is not None and a.born_on == b.born_on


def _birth_missing(a: Identity, b: Identity) -> bool:
    return a.born_on is None or b.born_on is None


def _birth_alike(a: Identity, b: Identity) -> bool:
    """Day and month exchanged, or one digit of the eight mistyped."""
    if a.born_on is None or b.born_on is None or a.born_on == b.born_on:
        return False
    if (a.born_on.day, a.born_on.month, a.born_on.year) == (b.born_on.month, b.born_on.day, b.born_on.year):
        return True
    pairs = zip(a.born_on.isoformat(), b.born_on.isoformat(), strict=True)
    return sum(one != other for one, other in pairs) == 1


def _names_exchanged(a: Identity, b: Identity) -> bool:
    return bool(a.family and a.given) and (a.family, a.given) == (b.given, b.family) and a.family != a.given


def _family_alike(a: Identity, b: Identity) -> bool:
    return a.family != b.family and _alike(a.family, b.family)


def _given_alike(a: Identity, b: Identity) -> bool:
    return a.given != b.given and _alike(a.given, b.given)


def _shared_contact(a: Identity, b: Identity) -> bool:
    return bool(a.contacts & b.contacts)


def _alike(one: str, other: str) -> bool:
    """A part of a compound (Tremblay, Tremblay-Roy), or one letter added, dropped, changed or exchanged."""
    if not one or not other:
        return False
    parts, others = set(one.split()), set(other.split())
    if parts != others and (parts <= others or others <= parts):
        return True
    return min(len(one), len(other)) >= 4 and one_edit_apart(one, other)


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, substitution or exchange of neighbours makes one text of the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))
    if len(one) == len(other):
        exchanged = one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
        return one[start + 1 :] == other[start + 1 :] or exchanged
    short, long = sorted((one, other), key=len)
    return short[start:] == long[start + 1 :]


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """One line of the table: all `when` and none of `unless` must hold."""

    name: str
    verdict: Verdict
    explanation: str
    when: tuple[Test, ...]
    unless: tuple[Test, ...] = ()

    def holds(self, a: Identity, b: Identity) -> bool:
        """Whether the rule speaks of these two; the order of the two does not matter."""
        return all(test(a, b) for test in self.when) and not any(test(a, b) for test in self.unless)


RULES: Final = (
    DuplicateRule(
        "same_nam_and_birth", Verdict.CERTAIN, N_("The same NAM and the same birth date."), (_same_nam, _same_birth)
    ),
    DuplicateRule(
        "same_nam_and_name",
        Verdict.CERTAIN,
        N_("The same NAM and the same name."),
        (_same_nam, _same_family, _same_given),
    ),
    DuplicateRule(
        "same_nam_only",
        Verdict.POSSIBLE,
        N_("The same NAM with another name and birth date: one of the two NAMs was probably mistyped."),
        (_same_nam,),
    ),
    DuplicateRule(
        "same_person_other_nam",
        Verdict.POSSIBLE,
        N_("The same name and birth date, but two different NAMs: a namesake, or a NAM to correct."),
        (_same_family, _same_given, _same_birth, _other_nam),
    ),
    DuplicateRule(
        "same_name_birth_contact",
        Verdict.CERTAIN,
        N_("The same name, the same birth date and a telephone or e-mail in common."),
        (_same_family, _same_given, _same_birth, _shared_contact),
    ),
    DuplicateRule(
        "same_name_birth",
        Verdict.PROBABLE,
        N_("The same name and the same birth date."),
        (_same_family, _same_given, _same_birth),
    ),
    DuplicateRule(
        "names_exchanged",
        Verdict.PROBABLE,
        N_("Family name and given name exchanged, with the same birth date."),
        (_names_exchanged, _same_birth),
        (_other_nam,),
    ),
    DuplicateRule(
        "family_name_alike",
        Verdict.PROBABLE,
        N_("The same given name and birth date, and family names that differ by a letter or a part."),
        (_family_alike, _same_given, _same_birth),
        (_other_nam,),
    ),
    DuplicateRule(
        "given_name_alike",
        Verdict.POSSIBLE,
        N_("The same family name and birth date, and given names that differ by a letter or a part."),
        (_same_family, _given_alike, _same_birth),
        (_other_nam,),
    ),
    DuplicateRule(
        "birth_alike_contact",
        Verdict.PROBABLE,
        N_("The same name and contact, and birth dates that differ by one digit or by day and month."),
        (_same_family, _same_given, _birth_alike, _shared_contact),
        (_other_nam,),
    ),
    DuplicateRule(
        "birth_alike",
        Verdict.POSSIBLE,
        N_("The same name, and birth dates that differ by one digit or by day and month."),
        (_same_family, _same_given, _birth_alike),
        (_other_nam,),
    ),
    DuplicateRule(
        "birth_missing_contact",
        Verdict.PROBABLE,
        N_("The same name and contact, and one birth date is missing."),
        (_same_family, _same_given, _birth_missing, _shared_contact),
        (_other_nam,),
    ),
    DuplicateRule(
        "birth_missing",
        Verdict.POSSIBLE,
        N_("The same name, and one birth date is missing."),
        (_same_family, _same_given, _birth_missing),
        (_other_nam,),
    ),
)
"""The table, in order: the first rule that holds gives the verdict."""


@dataclass(frozen=True, slots=True)
class Match:
    """What the table says of two identities."""

    rule: str
    verdict: Verdict
    explanation: str

    @property
    def text(self) -> str:
        """The explanation in the language in force."""
        return translate(self.explanation)


def compare(a: Identity, b: Identity) -> Match | None:
    """The first rule that holds; None when nothing suggests one patient."""
    for rule in RULES:
        if rule.holds(a, b):
            return Match(rule.name, rule.verdict, rule.explanation)
    return None
