"""Clinics, their opening hours and closures."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.core.unchanged import require_unchanged
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.practice.entries import CLINIC, CLOSURE
from app.practice.entry import NAME_LIMIT, clean_name, clean_text
from app.practice.living import living
from app.practice.local_time import DAY, checked_zone, clock_span
from app.practice.model import Clinic, Closure, OpeningHours, Operatory, opening_hours_id
from app.practice.permissions import EDIT_PRACTICE
from app.practice.vocabulary import ClinicLanguages, ClosureId, ClosureKind, Weekday

LONGEST_OPENING: Final = DAY + DAY // 2


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of opening, in clock times; an end that is not after the start is on the next day."""

    start: str
    end: str


@command(permission=EDIT_PRACTICE, label=N_("Withdraw the clinic"))
def withdraw_clinic(tx: Transaction, clinic_id: ClinicId) -> None:
    """Take out a clinic that was entered by mistake and has no chair."""
    clinic = living(tx, Clinic, clinic_id, "clinic_id")
    chairs = select(Operatory.id).where(Operatory.clinic_id == clinic_id, Operatory.withdrawn_at.is_(None))
    if tx.first(chairs):
        raise RuleViolation(N_("This clinic has chairs: withdraw those first."), field="clinic_id")
    clinic.withdrawn_at = tx.now


@command(permission=EDIT_PRACTICE, label=N_("Add a clinic"), undo=(withdraw_clinic, Clinic), icon="buildings")
def add_clinic(
    tx: Transaction,
    name: str,
    short_name: str = "",
    time_zone: str = "America/Toronto",
    languages: ClinicLanguages = ClinicLanguages.BOTH,
    phone: str = "",
    address: str = "",
) -> ClinicId:
    """Add a place of the practice, open Monday to Friday from 8:00 to 17:00 until its hours are set."""
    last = tx.first(select(func.max(Clinic.position))) or 0
    clinic = tx.add(
        Clinic(
            name=clean_name(name),
            short_name=clean_text(short_name, "short_name", 20) or clean_name(name)[:20],
            time_zone=checked_zone(time_zone),
            languages=languages,
            phone=clean_text(phone, "phone", NAME_LIMIT),
            address=clean_text(address, "address"),
            position=last + 1,
        )
    )
    for number, weekday in enumerate(Weekday):
        spans = [[480, 1020]] if number < 5 else []
        tx.add(OpeningHours(id=opening_hours_id(clinic.id, weekday), clinic_id=clinic.id, weekday=weekday, spans=spans))
    return clinic.id


@command(permission=EDIT_PRACTICE, label=N_("Change the clinic"))
def change_clinic(
    tx: Transaction,
    clinic_id: ClinicId,
    name: str | None = None,
    short_name: str | None = None,
    time_zone: str | None = None,
    languages: ClinicLanguages | None = None,
    phone: str | None = None,
    address: str | None = None,
    position: int | None = None,
    seen: str = "",
) -> None:
    """Change what is given and leave the rest. Appointments keep their instants when the time zone changes."""
    clinic = living(tx, Clinic, clinic_id, "clinic_id")
    require_unchanged(clinic, CLINIC, seen)
    if name is not None:
        clinic.name = clean_name(name)
    if short_name is not None:
        clinic.short_name = clean_name(short_name, "short_name")[:20]
    if time_zone is not None:
        clinic.time_zone = checked_zone(time_zone)
    if phone is not None:
        clinic.phone = clean_text(phone, "phone", NAME_LIMIT)
    if address is not None:
        clinic.address = clean_text(address, "address")
    clinic.languages = languages or clinic.languages
    clinic.position = clinic.position if position is None else position


@command(permission=EDIT_PRACTICE, label=N_("Close the clinic for good"))
def retire_clinic(tx: Transaction, clinic_id: ClinicId, on: date | None = None) -> None:
    """Nobody is booked at the clinic from this day on; what was stays on file."""
    living(tx, Clinic, clinic_id, "clinic_id").retired_on = on or tx.today


@command(permission=EDIT_PRACTICE, label=N_("Set the opening hours"))
def set_opening_hours(tx: Transaction, clinic_id: ClinicId, weekday: Weekday, openings: list[Opening]) -> None:
    """Set when the clinic is open on a weekday; an empty list means closed."""
    living(tx, Clinic, clinic_id, "clinic_id")
    spans = sorted(clock_span(opening.start, opening.end) for opening in openings)
    for (_start, end), (start, _end) in itertools.pairwise(spans):
        if start < end:
            raise RuleViolation(N_("These opening hours overlap."), field="openings")
    if spans and spans[-1][1] > LONGEST_OPENING:
        raise RuleViolation(N_("A day’s opening ends before noon of the next day."), field="openings")
    tx.get(OpeningHours, opening_hours_id(clinic_id, weekday)).spans = [list(span) for span in spans]


@command(permission=EDIT_PRACTICE, label=N_("Withdraw the closure"))
def withdraw_closure(tx: Transaction, closure_id: ClosureId) -> None:
    """Let the normal opening hours hold again."""
    living(tx, Closure, closure_id, "closure_id").withdrawn_at = tx.now


@command(permission=EDIT_PRACTICE, label=N_("Add a closure"), undo=(withdraw_closure, Closure), icon="calendar-x")
def add_closure(
    tx: Transaction,
    from_on: date,
    reason: str,
    to_on: date | None = None,
    clinic_id: ClinicId | None = None,
    start: str = "",
    end: str = "",
    kind: ClosureKind = ClosureKind.CLOSED,
) -> ClosureId:
    """Close one clinic or all of them for days or hours, or open them against the rule (a holiday, a Saturday)."""
    minutes = _checked_exception(tx, clinic_id, kind, from_on, to_on or from_on, start, end)
    closure = tx.add(
        Closure(
            clinic_id=clinic_id, kind=kind, from_on=from_on, to_on=to_on or from_on, start_minute=minutes[0],
            end_minute=minutes[1], reason=clean_name(reason, "reason"),
        )
    )  # fmt: skip
    return closure.id


def _checked_exception(
    tx: Transaction, clinic_id: ClinicId | None, kind: ClosureKind, from_on: date, to_on: date, start: str, end: str
) -> tuple[int | None, int | None]:
    """The minutes of a closure or opening, after its clinic, days and hours have been looked at."""
    if clinic_id is not None:
        living(tx, Clinic, clinic_id, "clinic_id")
    if to_on < from_on:
        raise RuleViolation(N_("The last day is before the first."), field="to_on")
    minutes = clock_span(start, end) if start or end else (None, None)
    if kind is ClosureKind.OPEN and minutes[0] is None:
        raise RuleViolation(N_("Say from when to when the clinic is open."), field="start")
    return minutes


@command(permission=EDIT_PRACTICE, label=N_("Change the closure"))
def change_closure(
    tx: Transaction,
    closure_id: ClosureId,
    from_on: date,
    reason: str,
    to_on: date | None = None,
    clinic_id: ClinicId | None = None,
    start: str = "",
    end: str = "",
    kind: ClosureKind = ClosureKind.CLOSED,
    seen: str = "",
) -> None:
    """Write a closure or an opening by exception anew: its days, hours, clinic and reason."""
    closure = living(tx, Closure, closure_id, "closure_id")
    require_unchanged(closure, CLOSURE, seen)
    minutes = _checked_exception(tx, clinic_id, kind, from_on, to_on or from_on, start, end)
    closure.clinic_id, closure.kind = clinic_id, kind
    closure.from_on, closure.to_on = from_on, to_on or from_on
    closure.start_minute, closure.end_minute = minutes
    closure.reason = clean_name(reason, "reason")
