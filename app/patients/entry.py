"""What may be entered: names, birth dates, telephones, addresses. Each function gives what is kept, or says why not."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.text import canonical_text, digits

NAME_LIMIT: Final = 100
TEXT_LIMIT: Final = 2000
OLDEST_BIRTH: Final = date(1900, 1, 1)
PROVINCES: Final = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT")
_NANP: Final = re.compile(r"[2-9]\d{2}[2-9]\d{6}")
_EMAIL: Final = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.[^\s@.<>(),;:\"]{2,}")
_POSTAL: Final = re.compile(r"([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])(\d[ABCEGHJ-NPRSTV-Z]\d)")


def clean_name(value: str, field: str) -> str:
    """A name that must be there: blanks collapsed, at least one letter, at most 100 characters."""
    cleaned = clean_text(value, field, limit=NAME_LIMIT)
    if not cleaned or not any(character.isalpha() for character in cleaned):
        raise RuleViolation(N_("A name is needed here."), field=field)
    return cleaned


def clean_text(value: str, field: str, *, limit: int = TEXT_LIMIT) -> str | None:
    """One line or more of text, trimmed; None when nothing is left."""
    try:
        text = canonical_text(value)
    except ValueError as error:
        raise RuleViolation(N_("This text holds a character that cannot be kept."), field=field) from error
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    cleaned = "\n".join(lines).strip()
    if len(cleaned) > limit:
        raise RuleViolation(N_("This text is longer than {limit} characters."), field=field, limit=limit)
    if any(ord(character) < 32 and character != "\n" for character in cleaned):
        raise RuleViolation(N_("This text holds a character that cannot be kept."), field=field)
    return cleaned or None


def needed_text(value: str, field: str) -> str:
    """As `clean_text`, refused when empty."""
    cleaned = clean_text(value, field)
    if cleaned is None:
        raise RuleViolation(N_("A text is needed here."), field=field)
    return cleaned


def check_birth(born_on: date | None, today: date) -> date | None:
    """A birth date between 1900 and today."""
    if born_on is not None and born_on > today:
        raise RuleViolation(N_("The birth date is in the future."), field="born_on")
    if born_on is not None and born_on < OLDEST_BIRTH:
        raise RuleViolation(N_("The birth date is before 1900."), field="born_on")
    return born_on


def clean_phone(value: str, area_code: int, field: str = "value") -> str:
    """Ten digits of the North American plan, or `+` and 8 to 15 digits (E.164) from elsewhere.

    Seven digits get the clinic's area code.
    """
    number = digits(value)
    if re.search(r"[^\d\s.()+\-–]", value) or not number:
        raise RuleViolation(N_("A telephone has ten digits, for example 514 555-0142."), field=field)
    if value.strip().startswith("+") and not number.startswith("1"):
        if not 8 <= len(number) <= 15:
            raise RuleViolation(N_("A foreign telephone has a + and 8 to 15 digits."), field=field)
        return f"+{number}"
    if len(number) == 11 and number.startswith("1"):
        number = number[1:]
    if len(number) == 7:
        number = f"{area_code}{number}"
    if not _NANP.fullmatch(number):
        raise RuleViolation(N_("A telephone has ten digits, for example 514 555-0142."), field=field)
    return number


def shown_phone(number: str) -> str:
    """`514 555-0142`; a foreign telephone as it is kept."""
    return f"{number[:3]} {number[3:6]}-{number[6:]}" if len(number) == 10 and number.isdigit() else number


def clean_email(value: str, field: str = "value") -> str:
    """An e-mail address, trimmed."""
    cleaned = value.strip()
    local, at, domain = cleaned.partition("@")
    if local and (not at or not domain):
        raise RuleViolation(N_("The domain is missing, for example @mail.ca."), field=field)
    if not _EMAIL.fullmatch(cleaned) or len(cleaned) > 254:
        raise RuleViolation(N_("This is not an e-mail address."), field=field)
    return cleaned


def clean_province(value: str) -> str | None:
    """A Canadian province in two capitals; anything else (another country) as typed."""
    cleaned = clean_text(value, "province", limit=NAME_LIMIT)
    return cleaned.upper() if cleaned and cleaned.upper() in PROVINCES else cleaned


def clean_postal_code(value: str, province: str | None) -> str | None:
    """`H2X 1Y4`; refused when the province is Canadian and the code is not."""
    cleaned = clean_text(value, "postal_code", limit=20)
    if cleaned is None:
        return None
    match = _POSTAL.fullmatch(re.sub(r"[\s\-]", "", cleaned).upper())
    if match:
        return f"{match[1]} {match[2]}"
    if province in PROVINCES:
        raise RuleViolation(N_("A postal code is like H2X 1Y4."), field="postal_code")
    return cleaned


def age_on(born_on: date, day: date) -> int:
    """Whole years; somebody born on 29 February turns a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
