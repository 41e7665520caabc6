"""Dates as people type them, in French and in English."""

import re
import unicodedata
from datetime import date, timedelta

_MONTHS = {
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "en": "january february march april may june july august september october november december",
}
_RELATIVE = {
    "aujourd'hui": 0,
    "aujourdhui": 0,
    "demain": 1,
    "hier": -1,
    "today": 0,
    "tomorrow": 1,
    "yesterday": -1,
}
_WEEKDAYS = re.compile(
    r"^(lun(di)?|mar(di)?|mer(credi)?|jeu(di)?|ven(dredi)?|sam(edi)?|dim(anche)?"
    r"|mon(day)?|tue(s(day)?)?|wed(nesday)?|thu(r(s(day)?)?)?|fri(day)?|sat(urday)?|sun(day)?)\.?,?\s+"
)
_ISO = re.compile(r"^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NUMBERS = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$")
_DAY_FIRST = re.compile(r"^(?:le\s+)?(\d{1,2})(?:er|st|nd|rd|th)?[\s-]+([a-z]+)\.?,?[\s-]+(\d{4})$")
_MONTH_FIRST = re.compile(r"^([a-z]+)\.?[\s-]+(\d{1,2})(?:er|st|nd|rd|th)?,?[\s-]+(\d{4})$")
# Shorter beginnings are shared: mar(s)/mai, jui(n/llet), ju(n/l).
_LEAST_LETTERS = 3


class UnreadableDateError(ValueError):
    """No date of the calendar is written in this text."""


class AmbiguousDateError(UnreadableDateError):
    """Day and month cannot be told apart (03/04/2012 in English Canada is read both ways)."""


def parse_date(text: str, language: str, today: date) -> date:
    """The date written in `text`: ISO, with the month as a word in either language, day/month/year, or "demain".

    `language` ("fr" or "en") only decides how 03/04/2012 reads: the third of April in French, refused in English
    where both orders are in use and a birth date must not be guessed. Two-digit years are refused for the same reason.
    Raises UnreadableDateError or AmbiguousDateError.
    """
    words = _folded(text)
    if words in _RELATIVE:
        return today + timedelta(days=_RELATIVE[words])
    found = _with_numbers(words, language) or _with_month(words) or _with_month(_WEEKDAYS.sub("", words))
    return found or _refuse(text)


def _refuse(text: str) -> date:
    raise UnreadableDateError(text)


def _folded(text: str) -> str:
    """Lower case, without accents, with plain apostrophes and single spaces."""
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(letters.split())


def _with_numbers(words: str, language: str) -> date | None:
    if found := _ISO.match(words) or _COMPACT.match(words):
        year, month, day = (int(part) for part in found.groups())
        return _calendar(year, month, day)
    if not (found := _NUMBERS.match(words)):
        return None
    first, second, year = (int(part) for part in found.groups())
    if language != "fr" and first <= 12 and second <= 12 and first != second:
        raise AmbiguousDateError(words)
    return _calendar(year, first, second) if second > 12 and language != "fr" else _calendar(year, second, first)


def _with_month(words: str) -> date | None:
    if found := _DAY_FIRST.match(words):
        day, name, year = found.groups()
    elif found := _MONTH_FIRST.match(words):
        name, day, year = found.groups()
    else:
        return None
    month = _month(name)
    return _calendar(int(year), month, int(day)) if month else None


def _month(name: str) -> int:
    """Number 1-12 of a month by its name or an unmistakable beginning of it in either language, else 0."""
    if len(name) < _LEAST_LETTERS:
        return 0
    found = {
        number
        for names in _MONTHS.values()
        for number, month in enumerate(names.split(), start=1)
        if month.startswith(name)
    }
    return found.pop() if len(found) == 1 else 0


def _calendar(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UnreadableDateError(f"{year}-{month}-{day}") from error
