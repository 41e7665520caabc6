"""What must hold of the practice's plan whoever writes it, an undo included."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.text import fold
from app.journal.rules import rule
from app.journal.transaction import Transaction
from app.practice.model import Clinic, Equipment, Operatory, Procedure, Provider, Shift, ShiftBreak

LONGEST_SHIFT = timedelta(hours=16)


@rule(Shift)
def one_place_at_a_time(tx: Transaction, ids: frozenset[str]) -> None:
    """Nobody works at two places at once: a travelling doctor has one shift at a time, over all clinics."""
    one, other = aliased(Shift), aliased(Shift)
    living = (one.withdrawn_at.is_(None), other.withdrawn_at.is_(None))
    overlap = (one.starts_at < other.ends_at, other.starts_at < one.ends_at)
    clash = select(Provider.name).where(
        one.id.in_(ids), one.id != other.id, one.provider_id == other.provider_id, Provider.id == one.provider_id,
        *living, *overlap,
    )  # fmt: skip
    name = tx.first(clash)
    if name is not None:
        raise RuleViolation(N_("{name} already works at that time."), field="start", name=name)


@rule(Shift)
def shifts_have_a_length(tx: Transaction, ids: frozenset[str]) -> None:
    """A shift lasts more than nothing and at most 16 hours."""
    for row in tx.all(select(Shift).where(Shift.id.in_(ids), Shift.withdrawn_at.is_(None))):
        if not timedelta() < row.ends_at - row.starts_at <= LONGEST_SHIFT:
            raise RuleViolation(N_("A shift lasts at most 16 hours."), field="ends_at")


@rule(ShiftBreak)
def breaks_lie_inside(tx: Transaction, ids: frozenset[str]) -> None:
    """A break lies within its shift."""
    _check_breaks(tx, ShiftBreak.id.in_(ids))


@rule(Shift)
def shifts_hold_their_breaks(tx: Transaction, ids: frozenset[str]) -> None:
    """A shift that is moved still holds its breaks."""
    _check_breaks(tx, ShiftBreak.shift_id.in_(ids))


def _check_breaks(tx: Transaction, which: object) -> None:
    outside = (
        select(ShiftBreak.id)
        .join(Shift, Shift.id == ShiftBreak.shift_id)
        .where(
            which,  # type: ignore[arg-type]  # a column condition
            ShiftBreak.withdrawn_at.is_(None),
            Shift.withdrawn_at.is_(None),
            or_(ShiftBreak.starts_at < Shift.starts_at, ShiftBreak.ends_at > Shift.ends_at),
        )
    )
    if tx.first(outside):
        raise RuleViolation(N_("A break lies within its shift."), field="starts_at")


@rule(Procedure)
def one_version_at_a_time(tx: Transaction, ids: frozenset[str]) -> None:
    """A code has one version on any day."""
    one, other = aliased(Procedure), aliased(Procedure)
    clash = select(one.code).where(
        one.id.in_(ids), one.id != other.id, one.code == other.code,
        one.withdrawn_at.is_(None), other.withdrawn_at.is_(None),
        or_(one.to_on.is_(None), one.to_on >= other.from_on), or_(other.to_on.is_(None), other.to_on >= one.from_on),
    )  # fmt: skip
    code = tx.first(clash)
    if code is not None:
        raise RuleViolation(N_("The code {code} would have two versions at once."), field="from_on", code=code)


@rule(Operatory)
def clinics_keep_their_chairs(tx: Transaction, ids: frozenset[str]) -> None:
    """A chair that somebody still works at is not withdrawn."""
    used = select(Operatory.name).where(
        Operatory.id.in_(ids), Operatory.withdrawn_at.is_not(None), Shift.operatory_id == Operatory.id,
        Shift.withdrawn_at.is_(None), Shift.ends_at > tx.now,
    )  # fmt: skip
    name = tx.first(used)
    if name is not None:
        raise RuleViolation(N_("A shift still names the chair {name}."), field="operatory_id", name=name)


@rule(Clinic)
def clinic_names_differ(tx: Transaction, ids: frozenset[str]) -> None:
    """No two clinics have one name, compared without case and accents."""
    name = _double(tx, ids, select(Clinic.id, Clinic.name).where(Clinic.withdrawn_at.is_(None)))
    if name:
        raise RuleViolation(N_("Another clinic is called “{name}”."), field="name", name=name)


@rule(Operatory)
def chair_names_differ(tx: Transaction, ids: frozenset[str]) -> None:
    """No two chairs in use of one clinic have one name."""
    used = (Operatory.withdrawn_at.is_(None), Operatory.retired_on.is_(None))
    name = _double(tx, ids, select(Operatory.id, Operatory.name, Operatory.clinic_id).where(*used))
    if name:
        raise RuleViolation(N_("Another chair of this clinic is called “{name}”."), field="name", name=name)


@rule(Equipment)
def device_names_differ(tx: Transaction, ids: frozenset[str]) -> None:
    """No two devices in use of one clinic have one name."""
    used = (Equipment.withdrawn_at.is_(None), Equipment.retired_on.is_(None))
    name = _double(tx, ids, select(Equipment.id, Equipment.name, Equipment.clinic_id).where(*used))
    if name:
        raise RuleViolation(N_("Another device of this clinic is called “{name}”."), field="name", name=name)


def _double(tx: Transaction, ids: frozenset[str], statement: Any) -> str:
    """The name of a touched row that another row of the same place has too; the statement gives id, name, place."""
    seen: dict[tuple[str, ...], list[Any]] = {}
    for row in tx.connection.execute(statement):
        seen.setdefault((fold(row.name), *row[2:]), []).append(row)
    doubles = (row for rows in seen.values() if len(rows) > 1 for row in rows if row.id in ids)
    return next((str(row.name) for row in doubles), "")
