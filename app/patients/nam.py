"""The NAM (numéro d’assurance maladie), the RAMQ’s health insurance number: `AAAA YYMM DDSC`.

Three letters of the family name (padded with X) and one of the given name, the birth date with 50 added to the month
for a woman, a sequence 1-9 and a check digit. The century is not printed: 19 and 20 are tried.
No official text of the check digit was found, so that **a wrong format blocks and everything else only warns**.
The NAM is health information (R-22.1, s. 2): never a key, never in a file name or a log.
"""

from __future__ import annotations

import calendar
import enum
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.text import fold

WEIGHTS: Final = (7, 1, 1, 3, 9, 7, 3, 9, 5, 3, 1, 3, 5, 7, 6, 9, 1)
CENTURIES: Final = (1900, 2000)
FEMALE_OFFSET: Final = 50
_FORMAT: Final = re.compile(r"[A-Z]{4}[0-9]{6}[A-Z0-9][0-9]")
_EXPIRY: Final = re.compile(r"[0-9]{2}(0[1-9]|1[0-2])")

CHECKSUM_WRONG = N_("The check digit of the NAM does not match: compare it with the card.")
SEQUENCE_LETTER = N_("The NAM has a letter before its check digit, which therefore cannot be verified.")
SEQUENCE_ZERO = N_("The NAM has the sequence 0, which the RAMQ does not give.")
DATE_IMPOSSIBLE = N_("The NAM holds a birth date that does not exist.")
FAMILY_NAME_DIFFERS = N_("The first letters of the NAM do not match the family name.")
GIVEN_NAME_DIFFERS = N_("The fourth letter of the NAM does not match the given name.")
BIRTH_DIFFERS = N_("The birth date in the NAM is not the patient’s.")
SEX_DIFFERS = N_("The NAM does not match the sex recorded at the RAMQ.")


class RamqSex(enum.StrEnum):
    """The sex recorded at the RAMQ, which the NAM carries; not the patient’s gender."""

    FEMALE = "F"
    MALE = "M"


RAMQ_SEX_LABELS: Final = {RamqSex.FEMALE: N_("Female"), RamqSex.MALE: N_("Male")}


@dataclass(frozen=True, slots=True)
class Nam:
    """A NAM of the right format. `births` are the dates that it may stand for, `verified` those whose digit checks.

    `warnings` are msgids; none of them forbids the NAM.
    """

    value: str
    births: tuple[date, ...]
    verified: tuple[date, ...]
    sex: RamqSex
    warnings: tuple[str, ...]

    @property
    def shown(self) -> str:
        """As printed on the card: `AAAA 0000 0000`."""
        return f"{self.value[:4]} {self.value[4:8]} {self.value[8:]}"


def normalized_nam(text: str) -> str:
    """Capitals without blanks, hyphens or full stops; the format is not judged."""
    return re.sub(r"[\s.\-]", "", text).upper()


def is_nam(text: str) -> bool:
    """Whether the text has the format of a whole NAM, however spaced."""
    value = normalized_nam(text)
    return _FORMAT.fullmatch(value) is not None and _sex_of(value) is not None


def check_nam(
    text: str,
    *,
    family_name: str = "",
    given_name: str = "",
    born_on: date | None = None,
    sex: RamqSex | None = None,
) -> Nam:
    """Read a NAM and compare it with what is known of the patient; what is not known is not compared.

    `RuleViolation` (field `nam`) when the format is wrong; anything else is a warning of the result.
    """
    value = normalized_nam(text)
    if not _FORMAT.fullmatch(value):
        raise RuleViolation(N_("A NAM has four letters and eight digits, for example ABCD 1203 1412."), field="nam")
    found = _sex_of(value)
    if found is None:
        raise RuleViolation(
            N_("The month or the day in the NAM does not exist: compare it with the card."), field="nam"
        )
    births = _births(value)
    verified = tuple(day for day in births if _check_digit(value, day.year) == int(value[11]))
    warnings = [
        *_inner_warnings(value, births, verified, born_on),
        *_name_warnings(value, family_name, given_name),
        *([BIRTH_DIFFERS] if born_on and births and born_on not in births else []),
        *([SEX_DIFFERS] if sex and sex is not found else []),
    ]
    return Nam(value, births, verified, found, tuple(warnings))


def _sex_of(value: str) -> RamqSex | None:
    """The sex by the month; None when the month or the day is out of range."""
    month, day = int(value[6:8]), int(value[8:10])
    if not 1 <= day <= 31:
        return None
    if 1 <= month <= 12:
        return RamqSex.MALE
    return RamqSex.FEMALE if 1 <= month - FEMALE_OFFSET <= 12 else None


def _births(value: str) -> tuple[date, ...]:
    month = int(value[6:8]) % FEMALE_OFFSET
    found = []
    for century in CENTURIES:
        year, day = century + int(value[4:6]), int(value[8:10])
        if day <= calendar.monthrange(year, month)[1]:
            found.append(date(year, month, day))
    return tuple(found)


def _check_digit(value: str, year: int) -> int | None:
    """The check digit for a birth in `year` (four digits); None when the sequence is a letter."""
    if not value[10].isdigit():
        return None
    ordinals = (ord(letter) - ord("A") + 1 + (letter > "R") for letter in value[:4])
    numbers = "".join(f"{ordinal:02d}" for ordinal in ordinals) + f"{year:04d}" + value[6:11]
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, numbers, strict=True)) % 10


def _inner_warnings(
    value: str, births: tuple[date, ...], verified: tuple[date, ...], born_on: date | None
) -> list[str]:
    warnings = []
    if not births:
        warnings.append(DATE_IMPOSSIBLE)
    if not value[10].isdigit():
        warnings.append(SEQUENCE_LETTER)
    elif births and (not verified or (born_on in births and born_on not in verified)):
        warnings.append(CHECKSUM_WRONG)
    if value[10] == "0":
        warnings.append(SEQUENCE_ZERO)
    return warnings


def _name_warnings(value: str, family_name: str, given_name: str) -> list[str]:
    family, given = _letters(family_name), _letters(given_name)
    warnings = []
    if family and value[:3] != family[:3].ljust(3, "X"):
        warnings.append(FAMILY_NAME_DIFFERS)
    if given and value[3] != given[0]:
        warnings.append(GIVEN_NAME_DIFFERS)
    return warnings


def _letters(name: str) -> str:
    return "".join(letter for letter in fold(name).upper() if "A" <= letter <= "Z")


def check_expiry(text: str) -> str:
    """The expiry of the card as `YYMM`; reads `2708`, `27-08`, `27/08` and `2027-08`."""
    value = re.sub(r"[\s/.\-]", "", text)
    if len(value) == 6 and value.startswith("20"):
        value = value[2:]
    if not _EXPIRY.fullmatch(value):
        raise RuleViolation(
            N_("The card’s expiry is a year and a month, for example 2708 for August 2027."), field="nam_expires"
        )
    return value


def last_day_of_card(expires: str) -> date:
    """The last day on which a card that expires in `YYMM` is valid."""
    year, month = 2000 + int(expires[:2]), int(expires[2:])
    return date(year, month, calendar.monthrange(year, month)[1])
