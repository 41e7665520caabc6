"""From what stands in a cell to one canonical text for each form: ISO days, cents, our words.

A day that two orders could read is never guessed: the order is found from the whole file, or asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.conversion.fields import FieldSpec, Form
from app.conversion.mapping import FileMapping
from app.conversion.vocabulary import DateOrder
from app.conversion.words import NO, WORDS, YES, known_word
from app.core.i18n import N_
from app.core.text import fold

TEXT_LIMIT: Final = 20_000
SHOWN: Final = 60
"""Characters of a value that a sentence repeats."""
_NUMBERS: Final = re.compile(r"(\d{1,4})[/.\- ](\d{1,2})[/.\- ](\d{1,4})", re.ASCII)
_COMPACT: Final = re.compile(r"\d{8}", re.ASCII)
_CLOCK: Final = re.compile(
    r"(\d{1,2})\s*[:hH.]\s*(\d{2})(?::\d{2})?\s*([aApP])?\.?[mM]?\.?|(\d{1,2})\s*([hH]|[aApP]\.?[mM]\.?)"
)
_AMOUNT: Final = re.compile(r"\d+(\.\d{1,2})?|\.\d{1,2}", re.ASCII)

NOT_A_DAY: Final = N_("“{value}” is not a day.")
NOT_A_TIME: Final = N_("“{value}” is not a time.")
NOT_AN_AMOUNT: Final = N_("“{value}” is not an amount.")
NOT_A_NUMBER: Final = N_("“{value}” is not a whole number.")
NOT_YES_OR_NO: Final = N_("“{value}” is neither yes nor no.")
NO_WORD: Final = N_("Nobody has said what “{value}” means here.")
TOO_LONG: Final = N_("This text is longer than {limit} characters.")
UNKEEPABLE: Final = N_("This text holds a character that cannot be kept.")
MISSING: Final = N_("This must not be empty.")


class CellError(ValueError):
    """Why a cell cannot be read: a msgid and its values."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message, self.values = message, values


@dataclass(frozen=True, slots=True)
class Dates:
    """In which orders all dates of a column could be read."""

    orders: frozenset[DateOrder]

    @property
    def order(self) -> DateOrder | None:
        """The only order; None when two are possible."""
        return next(iter(self.orders)) if len(self.orders) == 1 else None


def date_orders(values: Iterable[str]) -> Dates:
    """The orders in which most of these can be read; one bad cell does not decide. ISO dates say nothing,
    nor do cells that no order can read.
    """
    counts = dict.fromkeys((DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST), 0)
    some = False
    for value in values:
        text = value.strip()
        readable = [order for order in counts if _iso(text) is None and _ordered(text, order) is not None]
        some = some or bool(readable)
        for order in readable:
            counts[order] += 1
    if not some:
        return Dates(frozenset({DateOrder.YEAR_FIRST}))
    most = max(counts.values())
    return Dates(frozenset(order for order, count in counts.items() if count == most))


def read_day(value: str, order: DateOrder | None) -> str:
    """The ISO day of a cell that may go on with a time; `CellError` when it is none."""
    text = value.strip()
    found = _iso(text) or (_ordered(text, order) if order is not None else None)
    if found is None:
        raise CellError(NOT_A_DAY, value=value[:SHOWN])
    return found.isoformat()


def _iso(text: str) -> date | None:
    """2012-05-17, 2012/5/17 or 20120517."""
    if _COMPACT.fullmatch(text):
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    match = _NUMBERS.match(text)
    return _day(*map(int, match.groups())) if match and len(match[1]) == 4 else None


def _ordered(text: str, order: DateOrder) -> date | None:
    match = _NUMBERS.match(text)
    if match is None or order is DateOrder.YEAR_FIRST or len(match[3]) != 4:
        return None
    one, two, year = (int(part) for part in match.groups())
    return _day(year, two, one) if order is DateOrder.DAY_FIRST else _day(year, one, two)


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def read_time(value: str) -> str:
    """`14:30` of “14:30”, “14 h 30”, “2:30 PM”, “14h”, or the time after a day; `CellError` when it is none."""
    text = value.strip()
    match = _CLOCK.fullmatch(text.split(" ", 1)[1] if _NUMBERS.match(text) and " " in text else text)
    if match is None:
        raise CellError(NOT_A_TIME, value=value[:SHOWN])
    hour, minute = int(match[1] or match[4]), int(match[2] or 0)
    half = (match[3] or (match[5] if match[5] and match[5] not in "hH" else "") or "")[:1].lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise CellError(NOT_A_TIME, value=value[:SHOWN])
    return f"{hour:02d}:{minute:02d}"


def read_money(value: str) -> str:
    """Cents of “1 234,50 $”, “$1,234.50”, “(12.00)” or “-12”; `CellError` when it is none or has a part of a cent."""
    text = re.sub(r"[\s$\u00a0\u202f]|CAD", "", value)
    negative = text.startswith(("-", "−", "(")) or text.endswith("-")
    bare = text.strip("-−()")
    comma, dot = bare.rfind(","), bare.rfind(".")
    if comma > dot:
        whole, rest = bare[:comma].replace(".", "").replace(",", ""), bare[comma + 1 :]
        bare = f"{whole}{rest}" if len(rest) == 3 and whole else f"{whole}.{rest}"
    else:
        bare = bare.replace(",", "")
    if not _AMOUNT.fullmatch(bare):
        raise CellError(NOT_AN_AMOUNT, value=value[:SHOWN])
    dollars, _dot, cents = bare.partition(".")
    total = int(dollars or 0) * 100 + int(cents.ljust(2, "0") or 0)
    if total > 10**12:
        raise CellError(NOT_AN_AMOUNT, value=value[:SHOWN])
    return str(-total if negative else total)


def read_whole(value: str) -> str:
    """A whole number; a % sign is left out."""
    text = value.strip().rstrip("%").strip()
    if not re.fullmatch(r"-?[0-9]{1,9}(?:[.,]0+)?", text):
        raise CellError(NOT_A_NUMBER, value=value[:SHOWN])
    return str(int(re.split(r"[.,]", text)[0]))


def read_yes_no(value: str) -> str:
    """`1` or empty."""
    word = fold(value)
    if word not in YES | NO:
        raise CellError(NOT_YES_OR_NO, value=value[:SHOWN])
    return "1" if word in YES else ""


def read_text(value: str) -> str:
    """Trimmed; `CellError` for what no column keeps."""
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise CellError(UNKEEPABLE)
    if len(value) > TEXT_LIMIT:
        raise CellError(TOO_LONG, limit=TEXT_LIMIT)
    return value.strip()


def read_cell(mapping: FileMapping, spec: FieldSpec, value: str, order: DateOrder | None) -> str:
    """The canonical text of a cell; `CellError` says why there is none. An empty cell is empty."""
    text = read_text(value)
    if not text:
        return ""
    if spec.form in {Form.CHOICE, Form.NAMED}:
        return _word(mapping, spec, text)
    if spec.form is Form.DAY:
        return read_day(text, order)
    reader = _READERS.get(spec.form)
    return reader(text) if reader else text


_READERS: Final = {Form.TIME: read_time, Form.MONEY: read_money, Form.WHOLE: read_whole, Form.YES_NO: read_yes_no}


def _word(mapping: FileMapping, spec: FieldSpec, text: str) -> str:
    ours = mapping.words.get(spec.name, {}).get(fold(text))
    if ours is not None or spec.form is Form.NAMED:
        return ours or text
    ours = known_word(mapping.kind, spec.name, text)
    if ours is None:
        raise CellError(NO_WORD, value=text[:SHOWN])
    return ours


def choices_of(mapping: FileMapping, name: str) -> tuple[str, ...]:
    """Our words for a field of choices."""
    return tuple(str(word) for word in WORDS.get((mapping.kind, name), {}))
