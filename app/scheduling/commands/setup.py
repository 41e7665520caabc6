"""Appointment types, reasons, and the templates of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId, derived_id
from app.core.unchanged import require_same_mark, require_unchanged
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.practice.entry import bounded, clean_code, clean_codes, clean_colour, clean_name
from app.practice.living import living
from app.practice.local_time import clock_span, clock_text, typed_instant
from app.practice.model import Clinic, Operatory, Procedure
from app.practice.vocabulary import EquipmentKind, OperatoryId, OperatoryKind, Weekday
from app.scheduling.entries import REASON, TypeBlank, type_mark
from app.scheduling.model import AppointmentType, DayTemplate, TemplateCell, TemplateDay, VisitReason
from app.scheduling.permissions import EDIT_SCHEDULE_SETUP
from app.scheduling.seeds import REASONS, TYPES
from app.scheduling.segments import kept_segments, read_segments
from app.scheduling.vocabulary import (
    AppointmentClass,
    AppointmentTypeId,
    LabState,
    ReasonId,
    ReasonKind,
    TemplateCellId,
    TemplateDayId,
    TemplateId,
    VisitEffect,
)


@dataclass(frozen=True, slots=True)
class TypeFlags:
    """What a type needs and means; what is not given stays as it is."""

    buffer_minutes: int | None = None
    operatory_kind: OperatoryKind | None = None
    equipment_kind: EquipmentKind | None = None
    skills: list[str] | None = None
    procedures: list[str] | None = None
    lab_state: LabState | None = None
    needs_prep: bool | None = None
    records_due: bool | None = None
    should_confirm: bool | None = None
    is_emergency: bool | None = None
    length_locked: bool | None = None
    interval_weeks: int | None = None
    colour: str | None = None


def _apply(tx: Transaction, row: AppointmentType, flags: TypeFlags) -> None:
    for name in TypeFlags.__dataclass_fields__:
        value = getattr(flags, name)
        if value is None:
            continue
        if name == "procedures":
            row.procedure_codes = _catalogued(tx, value)
            continue
        if name == "skills":
            value = clean_codes(value)
        elif name == "colour":
            value = clean_colour(value)
        elif name in {"buffer_minutes", "interval_weeks"}:
            value = bounded(value, 0, 120 if name == "buffer_minutes" else 104, name)
        setattr(row, name, value)


def _catalogued(tx: Transaction, codes: list[str]) -> str | None:
    """Codes of the catalogue, each once, in their order; one that it does not hold is refused."""
    wanted = list(dict.fromkeys(clean_code(code, "procedures") for code in codes))
    known = set(tx.all(select(Procedure.code).where(Procedure.code.in_(wanted), Procedure.withdrawn_at.is_(None))))
    strange = next((code for code in wanted if code not in known), None)
    if strange is not None:
        raise RuleViolation(N_("The catalogue has no procedure “{code}”."), field="procedures", code=strange)
    return " ".join(wanted) or None


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Withdraw the appointment type"))
def withdraw_appointment_type(tx: Transaction, type_id: AppointmentTypeId) -> None:
    """Offer a type no more; visits that have it keep it."""
    row = tx.get(AppointmentType, type_id)
    row.withdrawn_at = row.withdrawn_at or tx.now


@command(
    permission=EDIT_SCHEDULE_SETUP,
    label=N_("Add an appointment type"),
    undo=(withdraw_appointment_type, AppointmentType),
    icon="calendar-plus",
)
def add_appointment_type(
    tx: Transaction,
    code: str,
    name_fr: str,
    name_en: str,
    segments: str,
    appointment_class: AppointmentClass,
    effect: VisitEffect = VisitEffect.NONE,
    flags: TypeFlags | None = None,
) -> AppointmentTypeId:
    """Add a kind of visit; its minutes are written like A8 D4 A8."""
    last = tx.first(select(func.max(AppointmentType.position))) or 0
    row = AppointmentType(
        code=clean_code(code),
        name_fr=clean_name(name_fr, "name_fr"),
        name_en=clean_name(name_en, "name_en"),
        appointment_class=appointment_class,
        effect=effect,
        segments=kept_segments(read_segments(segments)),
        skills=[],
        position=last + 1,
    )
    _apply(tx, row, flags or TypeFlags())
    return tx.add(row).id


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Change the appointment type"))
def change_appointment_type(
    tx: Transaction,
    type_id: AppointmentTypeId,
    name_fr: str | None = None,
    name_en: str | None = None,
    segments: str | None = None,
    appointment_class: AppointmentClass | None = None,
    effect: VisitEffect | None = None,
    position: int | None = None,
    flags: TypeFlags | None = None,
    blank: list[TypeBlank] | None = None,
    seen: str = "",
) -> None:
    """Change what is given, empty what `blank` names and leave the rest; visits that are booked keep their minutes."""
    row = tx.get(AppointmentType, type_id)
    require_same_mark(type_mark(row), seen)
    if row.withdrawn_at is not None:
        raise RuleViolation(N_("This type is no longer offered."), field="type_id")
    if name_fr is not None:
        row.name_fr = clean_name(name_fr, "name_fr")
    if name_en is not None:
        row.name_en = clean_name(name_en, "name_en")
    if segments is not None:
        row.segments = kept_segments(read_segments(segments))
    row.appointment_class = appointment_class or row.appointment_class
    row.effect = effect or row.effect
    row.position = row.position if position is None else position
    _apply(tx, row, flags or TypeFlags())
    for name in blank or ():
        setattr(row, name.value, None)


@command(
    permission=EDIT_SCHEDULE_SETUP,
    label=N_("Fill in the usual appointment types"),
    undo=(withdraw_appointment_type, AppointmentType),
)
def seed_appointment_types(tx: Transaction) -> int:
    """Add the kinds of visit that an orthodontic clinic begins with; those that exist are left alone."""
    known = set(tx.all(select(AppointmentType.code)))
    missing = [item for item in TYPES if item.code not in known]
    for item in missing:
        tx.add(
            AppointmentType(
                id=AppointmentTypeId(derived_id("appointment_type", item.code)), code=item.code, name_fr=item.name_fr,
                name_en=item.name_en, appointment_class=item.appointment_class, effect=item.effect, skills=[],
                segments=kept_segments(read_segments(item.segments)), position=TYPES.index(item) + 1, **item.more,
            )
        )  # fmt: skip
    return len(missing)


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Withdraw the reason"))
def withdraw_reason(tx: Transaction, reason_id: ReasonId) -> None:
    """Offer a reason no more; what it explained keeps it."""
    row = tx.get(VisitReason, reason_id)
    row.withdrawn_at = row.withdrawn_at or tx.now


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Add a reason"), undo=(withdraw_reason, VisitReason))
def add_reason(
    tx: Transaction, kind: ReasonKind, code: str, name_fr: str, name_en: str, by_patient: bool = True
) -> ReasonId:
    """Add a reason for cancelling or moving; `by_patient` tells the family’s reasons from the clinic’s."""
    row = VisitReason(
        kind=kind, code=clean_code(code), name_fr=clean_name(name_fr, "name_fr"),
        name_en=clean_name(name_en, "name_en"), by_patient=by_patient, position=100,
    )  # fmt: skip
    return tx.add(row).id


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Change the reason"))
def change_reason(
    tx: Transaction,
    reason_id: ReasonId,
    name_fr: str | None = None,
    name_en: str | None = None,
    by_patient: bool | None = None,
    seen: str = "",
) -> None:
    """Change what is given and leave the rest; visits that the reason explains show its new words."""
    row = tx.get(VisitReason, reason_id)
    require_unchanged(row, REASON, seen)
    if row.withdrawn_at is not None:
        raise RuleViolation(N_("This reason is no longer offered."), field="reason_id")
    row.name_fr = row.name_fr if name_fr is None else clean_name(name_fr, "name_fr")
    row.name_en = row.name_en if name_en is None else clean_name(name_en, "name_en")
    row.by_patient = row.by_patient if by_patient is None else by_patient


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Fill in the usual reasons"), undo=(withdraw_reason, VisitReason))
def seed_reasons(tx: Transaction) -> int:
    """Add the reasons for cancelling and moving that clinics begin with; those that exist are left alone."""
    known = set(tx.all(select(VisitReason.id)))
    made = 0
    for position, (kind, code, name_en, name_fr, by_patient) in enumerate(REASONS):
        row_id = ReasonId(derived_id("visit_reason", kind.value, code))
        if row_id not in known:
            tx.add(
                VisitReason(
                    id=row_id, kind=kind, code=code, name_fr=name_fr, name_en=name_en, by_patient=by_patient,
                    position=position,
                )
            )  # fmt: skip
            made += 1
    return made


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Withdraw the template"))
def withdraw_template(tx: Transaction, template_id: TemplateId) -> None:
    """The template holds on no day any more."""
    row = tx.get(DayTemplate, template_id)
    row.withdrawn_at = row.withdrawn_at or tx.now


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Add a template"), undo=(withdraw_template, DayTemplate))
def add_template(tx: Transaction, clinic_id: ClinicId, name: str) -> TemplateId:
    """Begin a template of a day: cells of chairs and minutes, each kept for a class of visits."""
    living(tx, Clinic, clinic_id, "clinic_id")
    return tx.add(DayTemplate(clinic_id=clinic_id, name=clean_name(name))).id


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Rename the template"))
def rename_template(tx: Transaction, template_id: TemplateId, name: str) -> None:
    """Give a template another name; the days that it holds on stay."""
    row = tx.get(DayTemplate, template_id)
    if row.withdrawn_at is not None:
        raise RuleViolation(N_("This template was withdrawn."), field="template_id")
    row.name = clean_name(name)


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Clear the cell"))
def clear_template_cell(tx: Transaction, cell_id: TemplateCellId) -> None:
    """Keep these minutes for nothing any more."""
    row = tx.get(TemplateCell, cell_id)
    row.withdrawn_at = row.withdrawn_at or tx.now


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Keep time for a class"), undo=(clear_template_cell, TemplateCell))
def add_template_cell(
    tx: Transaction,
    template_id: TemplateId,
    operatory_id: OperatoryId,
    start: str,
    end: str,
    appointment_class: AppointmentClass,
) -> TemplateCellId:
    """Keep clock time of a chair for a class of visits, in every day that the template holds on."""
    template = tx.get(DayTemplate, template_id)
    if living(tx, Operatory, operatory_id, "operatory_id").clinic_id != template.clinic_id:
        raise RuleViolation(N_("This chair belongs to another clinic."), field="operatory_id")
    first, last = clock_span(start, end)
    row = TemplateCell(
        template_id=template_id, operatory_id=operatory_id, start_minute=first, end_minute=last,
        appointment_class=appointment_class,
    )  # fmt: skip
    return tx.add(row).id


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Change the cell"))
def change_template_cell(
    tx: Transaction,
    cell_id: TemplateCellId,
    start: str = "",
    end: str = "",
    appointment_class: AppointmentClass | None = None,
    operatory_id: OperatoryId | None = None,
) -> None:
    """Move a cell of a template, give it to another chair, or keep it for another class."""
    row = tx.get(TemplateCell, cell_id)
    if row.withdrawn_at is not None:
        raise RuleViolation(N_("This cell was cleared."), field="cell_id")
    if operatory_id is not None:
        if (
            living(tx, Operatory, operatory_id, "operatory_id").clinic_id
            != tx.get(DayTemplate, row.template_id).clinic_id
        ):
            raise RuleViolation(N_("This chair belongs to another clinic."), field="operatory_id")
        row.operatory_id = operatory_id
    if start or end:
        row.start_minute, row.end_minute = clock_span(
            start or clock_text(row.start_minute), end or clock_text(row.end_minute)
        )
    row.appointment_class = appointment_class or row.appointment_class


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Withdraw the template’s day"))
def withdraw_template_day(tx: Transaction, template_day_id: TemplateDayId) -> None:
    """What held on the day or weekday before holds again."""
    row = tx.get(TemplateDay, template_day_id)
    row.withdrawn_at = row.withdrawn_at or tx.now


def _require_times(tx: Transaction, template_id: TemplateId, on: date, zone: ZoneInfo) -> None:
    """Every time that a template keeps is on the clocks of the day that is named for it."""
    kept = select(TemplateCell).where(TemplateCell.template_id == template_id, TemplateCell.withdrawn_at.is_(None))
    for cell in tx.all(kept):
        for minute in (cell.start_minute, cell.end_minute):
            typed_instant(on, minute, zone, "on")


@command(permission=EDIT_SCHEDULE_SETUP, label=N_("Use a template"), undo=(withdraw_template_day, TemplateDay))
def use_template(
    tx: Transaction,
    clinic_id: ClinicId,
    template_id: TemplateId | None = None,
    on: date | None = None,
    weekday: Weekday | None = None,
    from_on: date | None = None,
) -> TemplateDayId:
    """Let a template hold on one day, or on a weekday from a day on; without a template, let none hold."""
    clinic = living(tx, Clinic, clinic_id, "clinic_id")
    if (on is None) == (weekday is None):
        raise RuleViolation(N_("Give a day or a weekday."), field="on")
    if template_id is not None and tx.get(DayTemplate, template_id).clinic_id != clinic_id:
        raise RuleViolation(N_("This template belongs to another clinic."), field="template_id")
    if on is not None and template_id is not None:
        _require_times(tx, template_id, on, ZoneInfo(clinic.time_zone))
    row = TemplateDay(
        clinic_id=clinic_id, template_id=template_id, on_day=on, weekday=weekday,
        from_on=None if weekday is None else from_on or tx.today,
    )  # fmt: skip
    return tx.add(row).id
