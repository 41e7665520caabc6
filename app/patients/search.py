"""Instant search: the words a chart is found by, and what a typed text asks for.

Everything is folded here, in Python (`app.core.text.fold`), because FTS5 does not open œ or ß and cuts birth dates at
their hyphens. Every word that is typed is a prefix, in any order, from its first letter on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.text import digits, fold
from app.patients.nam import is_nam, normalized_nam
from app.patients.vocabulary import FileStatus

SLOT_BITS: Final = 60
MERGED_CLASS: Final = 3
STATUS_CLASS: Final = {FileStatus.ACTIVE: 0, FileStatus.INACTIVE: 1, FileStatus.ARCHIVED: 2}
_DATE: Final = re.compile(r"(?<!\d)(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})(?!\d)")
_DATE_YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})[/.\- ](\d{1,2})[/.\- ](\d{1,2})(?!\d)")
_LONG_DISTANCE: Final = re.compile(r"^\s*\+?1[\s.\-]*(?=\(?[2-9]\d{2}\)?[\s.\-]*\d)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a typed text asks for: words of which each begins a word of the chart, and the NAM that it may be.

    “Marc 20120314” has the form of a NAM too: the words are looked for when no chart has that NAM.
    """

    nam: str | None = None
    words: tuple[str, ...] = ()

    @property
    def match(self) -> str:
        """The FTS5 expression; words are letters and digits only, so that quoting is enough."""
        return " ".join(f'"{word}"*' for word in self.words)


def wanted(typed: str) -> Wanted:
    """Read what was typed. A word that another one begins with adds nothing and is left out."""
    nam = normalized_nam(typed) if is_nam(typed) else None
    found = dict.fromkeys(fold(_DATE_YEAR_FIRST.sub(_year_first, _DATE.sub(_year_last, _plain_phone(typed)))).split())
    kept = [word for word in found if not any(other != word and other.startswith(word) for other in found)]
    return Wanted(nam, tuple(sorted(kept, key=len, reverse=True)))


def _plain_phone(typed: str) -> str:
    """Without the 1 of long distance, when a telephone is typed: telephones are kept with ten digits."""
    if re.search(r"[^\d\s.()+\-]", typed) or (len(digits(typed)) != 11 and "+" not in typed):
        return typed
    return _LONG_DISTANCE.sub("", typed)


def _year_last(match: re.Match[str]) -> str:
    return f"{match[1]:0>2} {match[2]:0>2} {match[3]}"


def _year_first(match: re.Match[str]) -> str:
    return f"{match[1]} {match[2]:0>2} {match[3]:0>2}"


def name_words(name: str | None) -> set[str]:
    """The words of a name, and a compound also in one piece: Marie-Ève gives marie, eve, marieeve."""
    folded = fold(name or "")
    parts = folded.split()
    return {*parts, "".join(parts)} if parts else set()


def phone_words(phone: str) -> set[str]:
    """A telephone in the three forms people type: ten digits, seven, the last four."""
    number = digits(phone)
    return {number, number[-7:], number[-4:]} if len(number) >= 7 else ({number} if number else set())


def birth_words(born_on: date | None) -> set[str]:
    """20120314, 14032012 and 03142012: every part of a date as it is typed begins one of them."""
    if born_on is None:
        return set()
    year, month, day = f"{born_on.year:04d}", f"{born_on.month:02d}", f"{born_on.day:02d}"
    return {year + month + day, day + month + year, month + day + year}


def number_words(file_number: str) -> set[str]:
    """A file number, as typed and in one piece."""
    return name_words(file_number)


def chart_words(names: Iterable[str | None], phones: Iterable[str], born_on: date | None, file_number: str) -> str:
    """All words of a chart, sorted, as the index keeps them."""
    found = number_words(file_number) | birth_words(born_on)
    for name in names:
        found |= name_words(name)
    for phone in phones:
        found |= phone_words(phone)
    return " ".join(sorted(found))


def slot(patient_id: str, status_class: int) -> int:
    """The row number in the full-text index: the status class above 60 bits of the id’s SHA-256.

    It must be a pure function of the row, as the table’s own row numbers do not outlive a VACUUM; two of 100,000
    charts share one with a probability below 1e-8.
    """
    number = int.from_bytes(hashlib.sha256(patient_id.encode()).digest()[:8], "big") >> (64 - SLOT_BITS)
    return status_class << SLOT_BITS | number


def sort_key(family_name: str, given_name: str) -> str:
    """By family name, then given name, folded; the separator sorts before every letter."""
    return f"{fold(family_name)}\x1f{fold(given_name)}"
