"""Reading a procedure catalogue from CSV: every bad row is named, the others are read.

Columns, in any order: code, name_fr, name_en, fee, doctor_minutes, chair_minutes, skills (separated by blanks),
from_on, to_on. Comma, semicolon or tab; a byte-order mark is ignored. Archwire ships no code list: codes belong to
those who publish them (ACDQ, CDA).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.money import Money
from app.practice.entry import bounded, clean_code, clean_codes, clean_name

NEEDED: Final = ("code", "name_fr", "fee")
COLUMNS: Final = (*NEEDED, "name_en", "doctor_minutes", "chair_minutes", "skills", "from_on", "to_on")
LONGEST: Final = 600
DEAREST: Final = Money.of(100_000)


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A procedure as it will stand in the catalogue; times in minutes."""

    code: str
    name_fr: str
    name_en: str
    fee: Money
    doctor_minutes: int
    chair_minutes: int
    skills: tuple[str, ...]
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a line of the file was left out: `message` is a msgid with `values`."""

    line: int
    column: str
    message: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What was read: rows with their line numbers, and the lines that were left out."""

    rows: tuple[tuple[int, ProcedureRow], ...]
    errors: tuple[RowError, ...]


def read_catalogue(text: str, default_from_on: date) -> Catalogue:
    """Read CSV text; `RuleViolation` only when the heading line lacks a needed column."""
    rows: list[tuple[int, ProcedureRow]] = []
    errors: list[RowError] = []
    seen: dict[tuple[str, date], int] = {}
    for line, cells in _lines(text):
        try:
            row = _row(cells, default_from_on)
            first = seen.setdefault((row.code, row.from_on), line)
            if first != line:
                raise RuleViolation(N_("Line {line} has this code and day already."), field="code", line=first)
        except RuleViolation as error:
            errors.append(RowError(line, error.field or "", error.message_id, dict(error.values)))
        else:
            rows.append((line, row))
    return Catalogue(tuple(rows), tuple(errors))


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    body = text.removeprefix("\ufeff")
    heading = body.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    names = [name.strip().lower() for name in next(reader, [])]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise RuleViolation(N_("The file lacks the column “{column}”."), field="csv", column=missing[0])
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, {name: cell.strip() for name, cell in zip(names, cells, strict=False)}


def _row(cells: dict[str, str], default_from_on: date) -> ProcedureRow:
    name_fr = clean_name(cells.get("name_fr", ""), "name_fr")
    from_on = _day(cells, "from_on") or default_from_on
    to_on = _day(cells, "to_on")
    if to_on is not None and to_on < from_on:
        raise RuleViolation(N_("The last day is before the first."), field="to_on")
    return ProcedureRow(
        code=clean_code(cells.get("code", "")),
        name_fr=name_fr,
        name_en=clean_name(cells.get("name_en") or name_fr, "name_en"),
        fee=read_fee(cells.get("fee", "")),
        doctor_minutes=_minutes(cells, "doctor_minutes"),
        chair_minutes=_minutes(cells, "chair_minutes"),
        skills=tuple(clean_codes(cells.get("skills", "").split())),
        from_on=from_on,
        to_on=to_on,
    )


def read_fee(text: str) -> Money:
    """An amount such as “1 250,00 $” or “1250.00”, in French or English notation."""
    plain = re.sub(r"[\s\u00a0\u202f$]", "", text)
    if "," in plain and "." in plain:
        plain = plain.replace(",", "")
    try:
        fee = Money.of(Decimal(plain.replace(",", ".")))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise RuleViolation(N_("“{text}” is not an amount."), field="fee", text=text) from error
    if not Money(0) <= fee <= DEAREST:
        raise RuleViolation(N_("“{text}” is not an amount."), field="fee", text=text)
    return fee


def _minutes(cells: dict[str, str], name: str) -> int:
    text = cells.get(name, "") or "0"
    if not text.isdecimal():
        raise RuleViolation(N_("“{text}” is not a number of minutes."), field=name, text=text)
    return bounded(int(text), 0, LONGEST, name)


def _day(cells: dict[str, str], name: str) -> date | None:
    text = cells.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RuleViolation(N_("“{text}” is not a day like 2026-01-31."), field=name, text=text) from error
