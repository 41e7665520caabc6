"""Providers, their skills, shifts, breaks and absences."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId, StaffId
from app.core.unchanged import require_unchanged
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.practice.entries import ABSENCE, PROVIDER
from app.practice.entry import NAME_LIMIT, clean_code, clean_colour, clean_name, clean_text
from app.practice.living import living
from app.practice.local_time import clock_span, typed_instant
from app.practice.model import (
    Absence,
    Clinic,
    Operatory,
    Provider,
    ProviderSkill,
    Shift,
    ShiftBreak,
    provider_skill_id,
)
from app.practice.permissions import EDIT_PRACTICE, EDIT_SHIFTS
from app.practice.vocabulary import (
    AbsenceId,
    AbsenceKind,
    BreakId,
    BreakKind,
    OperatoryId,
    ProviderId,
    ProviderKind,
    ShiftId,
    SkillRowId,
    Weekday,
)

LONGEST_SHIFT: Final = timedelta(hours=16)
MOST_DAYS: Final = 186


@command(permission=EDIT_PRACTICE, label=N_("Withdraw the provider"))
def withdraw_provider(tx: Transaction, provider_id: ProviderId) -> None:
    """Take out a provider who was entered by mistake."""
    living(tx, Provider, provider_id, "provider_id").withdrawn_at = tx.now


@command(permission=EDIT_PRACTICE, label=N_("Add a provider"), undo=(withdraw_provider, Provider), icon="stethoscope")
def add_provider(
    tx: Transaction,
    staff_id: StaffId,
    name: str,
    kind: ProviderKind,
    licence_number: str = "",
    licence_order: str = "",
    colour: str = "",
) -> ProviderId:
    """Say what a member of the staff does for patients; `name` is how the schedule calls the person."""
    taken = select(Provider.id).where(
        Provider.staff_id == staff_id, Provider.withdrawn_at.is_(None), Provider.ended_on.is_(None)
    )
    if tx.first(taken):
        raise RuleViolation(N_("This member of the staff is a provider already."), field="staff_id")
    last = tx.first(select(func.max(Provider.position))) or 0
    provider = tx.add(
        Provider(
            staff_id=staff_id,
            name=clean_name(name),
            kind=kind,
            licence_number=clean_text(licence_number, "licence_number", NAME_LIMIT),
            licence_order=clean_text(licence_order, "licence_order", NAME_LIMIT),
            colour=clean_colour(colour),
            position=last + 1,
        )
    )
    return provider.id


@command(permission=EDIT_PRACTICE, label=N_("Change the provider"))
def change_provider(
    tx: Transaction,
    provider_id: ProviderId,
    name: str | None = None,
    kind: ProviderKind | None = None,
    licence_number: str | None = None,
    licence_order: str | None = None,
    colour: str | None = None,
    position: int | None = None,
    seen: str = "",
) -> None:
    """Change what is given and leave the rest."""
    provider = living(tx, Provider, provider_id, "provider_id")
    require_unchanged(provider, PROVIDER, seen)
    if name is not None:
        provider.name = clean_name(name)
    if licence_number is not None:
        provider.licence_number = clean_text(licence_number, "licence_number", NAME_LIMIT)
    if licence_order is not None:
        provider.licence_order = clean_text(licence_order, "licence_order", NAME_LIMIT)
    if colour is not None:
        provider.colour = clean_colour(colour)
    provider.kind = kind or provider.kind
    provider.position = provider.position if position is None else position


@command(permission=EDIT_PRACTICE, label=N_("End the provider’s work"))
def end_provider(tx: Transaction, provider_id: ProviderId, on: date | None = None) -> None:
    """Nobody is booked with this person from this day on."""
    living(tx, Provider, provider_id, "provider_id").ended_on = on or tx.today


@command(permission=EDIT_PRACTICE, label=N_("Take the skill away"))
def withdraw_skill(tx: Transaction, skill_row_id: SkillRowId) -> None:
    """The provider no longer does what needs this skill."""
    row = tx.get(ProviderSkill, skill_row_id)
    row.withdrawn_at = row.withdrawn_at or tx.now


@command(permission=EDIT_PRACTICE, label=N_("Give a skill"), undo=(withdraw_skill, ProviderSkill), icon="certificate")
def give_skill(tx: Transaction, provider_id: ProviderId, skill: str, until_on: date | None = None) -> SkillRowId:
    """A provider holds a skill, until the day where its certificate expires if it does."""
    living(tx, Provider, provider_id, "provider_id")
    code = clean_code(skill, "skill")
    row_id = provider_skill_id(provider_id, code)
    row = tx.find(ProviderSkill, row_id)
    if row is None:
        row = tx.add(ProviderSkill(id=SkillRowId(row_id), provider_id=provider_id, skill=code))
    row.until_on = until_on
    row.withdrawn_at = None
    return row.id


def _at_clinic(tx: Transaction, clinic_id: ClinicId, on: date, start: str, end: str) -> tuple[datetime, datetime]:
    zone = ZoneInfo(living(tx, Clinic, clinic_id, "clinic_id").time_zone)
    first, last = clock_span(start, end)
    starts_at, ends_at = typed_instant(on, first, zone, "start"), typed_instant(on, last, zone, "end")
    if ends_at - starts_at > LONGEST_SHIFT:
        raise RuleViolation(N_("A shift lasts at most 16 hours."), field="end")
    return starts_at, ends_at


@command(permission=EDIT_SHIFTS, label=N_("Withdraw the shift"))
def withdraw_shift(tx: Transaction, shift_id: ShiftId) -> None:
    """Take a shift out of the plan."""
    living(tx, Shift, shift_id, "shift_id").withdrawn_at = tx.now


@command(permission=EDIT_SHIFTS, label=N_("Add a shift"), undo=(withdraw_shift, Shift), icon="clock")
def add_shift(
    tx: Transaction,
    provider_id: ProviderId,
    clinic_id: ClinicId,
    on: date,
    start: str,
    end: str,
    operatory_id: OperatoryId | None = None,
    note: str = "",
) -> ShiftId:
    """Plan when somebody works at a clinic; an end that is not after the start is on the next day."""
    living(tx, Provider, provider_id, "provider_id")
    if operatory_id is not None and living(tx, Operatory, operatory_id, "operatory_id").clinic_id != clinic_id:
        raise RuleViolation(N_("This chair belongs to another clinic."), field="operatory_id")
    starts_at, ends_at = _at_clinic(tx, clinic_id, on, start, end)
    shift = tx.add(
        Shift(
            provider_id=provider_id,
            clinic_id=clinic_id,
            operatory_id=operatory_id,
            starts_at=starts_at,
            ends_at=ends_at,
            note=clean_text(note, "note"),
        )
    )
    return shift.id


@command(permission=EDIT_SHIFTS, label=N_("Repeat a shift"), undo=(withdraw_shift, Shift), icon="repeat")
def repeat_shift(
    tx: Transaction,
    provider_id: ProviderId,
    clinic_id: ClinicId,
    from_on: date,
    to_on: date,
    weekdays: list[Weekday],
    start: str,
    end: str,
    operatory_id: OperatoryId | None = None,
    every_weeks: int = 1,
) -> list[ShiftId]:
    """Plan the same hours on weekdays from one day to another; a travelling doctor comes every second week."""
    if not from_on <= to_on <= from_on + timedelta(days=MOST_DAYS):
        raise RuleViolation(N_("Repeat over at most six months."), field="to_on")
    if not 1 <= every_weeks <= 12:
        raise RuleViolation(N_("The rhythm lies between 1 and 12 weeks."), field="every_weeks")
    wanted = [number for number, weekday in enumerate(Weekday) if weekday in weekdays]
    monday = from_on - timedelta(days=from_on.weekday())
    made = []
    for ahead in range((to_on - from_on).days + 1):
        on = from_on + timedelta(days=ahead)
        if on.weekday() in wanted and (on - monday).days // 7 % every_weeks == 0:
            made.append(add_shift.function(tx, provider_id, clinic_id, on, start, end, operatory_id))
    return made


@command(permission=EDIT_SHIFTS, label=N_("Change the shift"))
def change_shift(
    tx: Transaction,
    shift_id: ShiftId,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    operatory_id: OperatoryId | None = None,
    note: str | None = None,
    any_chair: bool = False,
) -> None:
    """Move the ends of a shift, or give it another chair of the same clinic; `any_chair` assigns it none."""
    shift = living(tx, Shift, shift_id, "shift_id")
    if any_chair:
        shift.operatory_id = None
    if operatory_id is not None:
        if living(tx, Operatory, operatory_id, "operatory_id").clinic_id != shift.clinic_id:
            raise RuleViolation(N_("This chair belongs to another clinic."), field="operatory_id")
        shift.operatory_id = operatory_id
    shift.starts_at = starts_at or shift.starts_at
    shift.ends_at = ends_at or shift.ends_at
    if note is not None:
        shift.note = clean_text(note, "note")


@command(permission=EDIT_SHIFTS, label=N_("Withdraw the break"))
def withdraw_break(tx: Transaction, break_id: BreakId) -> None:
    """Take a break out of the plan."""
    row = tx.get(ShiftBreak, break_id)
    row.withdrawn_at = row.withdrawn_at or tx.now


@command(permission=EDIT_SHIFTS, label=N_("Add a break"), undo=(withdraw_break, ShiftBreak), icon="coffee")
def add_break(
    tx: Transaction, shift_id: ShiftId, starts_at: datetime, minutes: int = 30, kind: BreakKind = BreakKind.MEAL
) -> BreakId:
    """Plan a meal or a rest inside a shift."""
    living(tx, Shift, shift_id, "shift_id")
    if not 5 <= minutes <= 180:
        raise RuleViolation(N_("A break lasts 5 to 180 minutes."), field="minutes")
    ends_at = starts_at + timedelta(minutes=minutes)
    row = tx.add(ShiftBreak(shift_id=shift_id, kind=kind, starts_at=starts_at, ends_at=ends_at))
    return row.id


@command(permission=EDIT_SHIFTS, label=N_("Withdraw the absence"))
def withdraw_absence(tx: Transaction, absence_id: AbsenceId) -> None:
    """The person is there after all."""
    living(tx, Absence, absence_id, "absence_id").withdrawn_at = tx.now


@command(
    permission=EDIT_SHIFTS, label=N_("Record an absence"), undo=(withdraw_absence, Absence), icon="airplane-takeoff"
)
def record_absence(
    tx: Transaction, provider_id: ProviderId, kind: AbsenceKind, starts_at: datetime, ends_at: datetime, note: str = ""
) -> AbsenceId:
    """Somebody is away from one instant to another, whatever the shifts say."""
    living(tx, Provider, provider_id, "provider_id")
    if ends_at <= starts_at:
        raise RuleViolation(N_("The end is not after the start."), field="ends_at")
    row = tx.add(
        Absence(
            provider_id=provider_id,
            kind=kind,
            starts_at=starts_at,
            ends_at=ends_at,
            note=clean_text(note, "note"),
        )
    )
    return row.id


@command(permission=EDIT_SHIFTS, label=N_("Change the absence"))
def change_absence(
    tx: Transaction,
    absence_id: AbsenceId,
    kind: AbsenceKind,
    starts_at: datetime,
    ends_at: datetime,
    note: str = "",
    seen: str = "",
) -> None:
    """Write an absence anew: why, from when to when, and what else is known."""
    row = living(tx, Absence, absence_id, "absence_id")
    require_unchanged(row, ABSENCE, seen)
    if ends_at <= starts_at:
        raise RuleViolation(N_("The end is not after the start."), field="ends_at")
    row.kind, row.starts_at, row.ends_at, row.note = kind, starts_at, ends_at, clean_text(note, "note")
