"""The procedure catalogue."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from app.core.i18n import N_
from app.core.money import Money
from app.journal.commands import query
from app.journal.queries import Reading
from app.practice.model import Procedure
from app.practice.permissions import SEE_FEES, SEE_PRACTICE
from app.practice.vocabulary import ProcedureId

_COLUMNS = (
    Procedure.id, Procedure.code, Procedure.name_fr, Procedure.name_en, Procedure.fee_cents, Procedure.doctor_minutes,
    Procedure.chair_minutes, Procedure.skills, Procedure.from_on, Procedure.to_on,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """One version of a procedure; the fee only for those who may see fees. Times in minutes."""

    id: ProcedureId
    code: str
    name_fr: str
    name_en: str
    fee: Money | None
    doctor_minutes: int
    chair_minutes: int
    skills: tuple[str, ...]
    from_on: date
    to_on: date | None


@query(permission=SEE_PRACTICE, label=N_("Procedure catalogue"))
def procedures(read: Reading, on: date | None = None) -> tuple[ProcedureLine, ...]:
    """The procedures in force on a day, by code; today unless said otherwise."""
    day = on or read.today
    return _lines(read, Procedure.from_on <= day, or_(Procedure.to_on.is_(None), Procedure.to_on >= day))


class ProcedureSort(enum.StrEnum):
    """Orders of the catalogue; the code settles ties."""

    CODE = "code"
    NAME_FR = "name_fr"
    NAME_EN = "name_en"
    CHAIR_MINUTES = "chair_minutes"
    FROM_ON = "from_on"


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """Some lines of the catalogue, and how many there are in all."""

    rows: tuple[ProcedureLine, ...]
    total: int


@query(permission=SEE_PRACTICE, label=N_("Page of the catalogue"))
def procedure_page(
    read: Reading,
    words: str = "",
    sort: ProcedureSort = ProcedureSort.CODE,
    falling: bool = False,
    every_version: bool = False,
    offset: int = 0,
    limit: int = 100,
) -> ProcedurePage:
    """Procedures whose code or name holds every word, sorted, from `offset` on; those of today, or every version."""
    where: list[Any] = [Procedure.withdrawn_at.is_(None)]
    if not every_version:
        where += [Procedure.from_on <= read.today, or_(Procedure.to_on.is_(None), Procedure.to_on >= read.today)]
    for word in words.split():
        where.append(
            or_(*(column.icontains(word, autoescape=True) for column in
                  (Procedure.code, Procedure.name_fr, Procedure.name_en)))
        )  # fmt: skip
    total = read.execute(select(func.count()).select_from(Procedure).where(*where)).scalar_one()
    column = getattr(Procedure, sort.value)
    order = (column.desc() if falling else column.asc(), Procedure.code, Procedure.from_on)
    statement = select(*_COLUMNS).where(*where).order_by(*order).offset(max(offset, 0)).limit(min(max(limit, 1), 500))
    fees = read.may(SEE_FEES)
    return ProcedurePage(tuple(_line(row, fees) for row in read.execute(statement)), total)


@query(permission=SEE_PRACTICE, label=N_("Versions of a procedure"))
def procedure_versions(read: Reading, code: str) -> tuple[ProcedureLine, ...]:
    """Every version of one code, the earliest first."""
    return _lines(read, Procedure.code == code.strip().upper())


def _lines(read: Reading, *where: Any) -> tuple[ProcedureLine, ...]:
    statement = select(*_COLUMNS).where(Procedure.withdrawn_at.is_(None), *where)
    fees = read.may(SEE_FEES)
    rows = read.execute(statement.order_by(Procedure.code, Procedure.from_on))
    return tuple(_line(row, fees) for row in rows)


def _line(row: Any, fees: bool) -> ProcedureLine:
    fee = row.fee_cents if fees else None
    return ProcedureLine(
        row.id, row.code, row.name_fr, row.name_en, fee, row.doctor_minutes, row.chair_minutes,
        tuple(row.skills or ()), row.from_on, row.to_on,
    )  # fmt: skip
