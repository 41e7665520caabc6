"""What may be typed in the practice's set-up: names, codes, numbers. Each gives what is kept or says why not."""

from __future__ import annotations

import re
from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.text import canonical_text

NAME_LIMIT: Final = 100
TEXT_LIMIT: Final = 2000
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,19}")
_COLOUR: Final = re.compile(r"#[0-9A-F]{6}")


def clean_text(value: str, field: str, limit: int = TEXT_LIMIT) -> str | None:
    """Text without superfluous blanks; None when nothing is left."""
    try:
        lines = [" ".join(line.split()) for line in canonical_text(value).strip().splitlines()]
    except ValueError as error:
        raise RuleViolation(N_("This text holds a character that cannot be kept."), field=field) from error
    cleaned = "\n".join(lines).strip()
    if len(cleaned) > limit:
        raise RuleViolation(N_("This text is longer than {limit} characters."), field=field, limit=limit)
    return cleaned or None


def clean_name(value: str, field: str = "name") -> str:
    """A name with at least one letter or digit, at most 100 characters."""
    cleaned = clean_text(value, field, NAME_LIMIT)
    if cleaned is None or not any(character.isalnum() for character in cleaned):
        raise RuleViolation(N_("A name is needed here."), field=field)
    return cleaned


def clean_code(value: str, field: str = "code") -> str:
    """A code in capitals: 1 to 20 letters, digits, dots, hyphens or underscores."""
    cleaned = value.strip().upper()
    if not _CODE.fullmatch(cleaned):
        raise RuleViolation(N_("A code has 1 to 20 letters or digits, without accents or blanks."), field=field)
    return cleaned


def clean_codes(values: list[str] | None, field: str = "skills") -> list[str]:
    """Codes, each once, sorted."""
    return sorted({clean_code(value, field) for value in values or ()})


def clean_colour(value: str, field: str = "colour") -> str | None:
    """`#RRGGBB` in capitals, or nothing."""
    cleaned = value.strip().upper()
    if cleaned and not _COLOUR.fullmatch(cleaned):
        raise RuleViolation(N_("A colour is written like #2A7F9E."), field=field)
    return cleaned or None


def bounded(number: int, low: int, high: int, field: str) -> int:
    """A whole number within bounds, both included."""
    if not low <= number <= high:
        raise RuleViolation(N_("This number lies between {low} and {high}."), field=field, low=low, high=high)
    return number
