"""Templates of days as their editor shows them, and what looks wrong about one."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.commands import query
from app.journal.queries import Reading
from app.practice.calendar import load_calendar
from app.practice.model import Operatory
from app.practice.vocabulary import OperatoryId, Weekday
from app.scheduling.model import AppointmentType, DayTemplate, TemplateCell, TemplateDay
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.segments import length_of, segments_from
from app.scheduling.vocabulary import AppointmentClass, TemplateCellId, TemplateDayId, TemplateId


@dataclass(frozen=True, slots=True)
class CellLine:
    """Clock minutes of a chair that a template keeps for a class."""

    id: TemplateCellId
    operatory_id: OperatoryId
    start_minute: int
    end_minute: int
    appointment_class: AppointmentClass


@dataclass(frozen=True, slots=True)
class TemplateDayLine:
    """When a template holds: on one day, or on a weekday from a day on."""

    id: TemplateDayId
    on_day: date | None
    weekday: Weekday | None
    from_on: date | None


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template with its cells and the days on which it holds."""

    id: TemplateId
    clinic_id: ClinicId
    name: str
    cells: tuple[CellLine, ...]
    days: tuple[TemplateDayLine, ...]


class LintKind(enum.StrEnum):
    """What looks wrong about a template; nothing of it stops anybody."""

    CLOSED = "closed"
    TOO_SHORT = "too_short"
    CHAIR_GONE = "chair_gone"
    NO_EMERGENCY = "no_emergency"


LINT_LABELS: Final = {
    LintKind.CLOSED: N_("The clinic is closed then on a day that uses this template."),
    LintKind.TOO_SHORT: N_("No appointment type of this class fits in so little time."),
    LintKind.CHAIR_GONE: N_("This chair is no longer in use."),
    LintKind.NO_EMERGENCY: N_("No time is kept for emergencies."),
}


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """One remark; without a cell it is about the whole day."""

    kind: LintKind
    cell_id: TemplateCellId | None


@query(permission=SEE_SCHEDULE, label=N_("Templates of days"))
def day_templates(read: Reading, clinic_id: ClinicId) -> tuple[TemplateLine, ...]:
    """The templates of a clinic by name, with their cells and the days on which they hold."""
    living = (DayTemplate.clinic_id == clinic_id, DayTemplate.withdrawn_at.is_(None))
    rows = list(read.execute(select(DayTemplate.id, DayTemplate.name).where(*living).order_by(DayTemplate.name)))
    cells, days = _cells(read), _days(read, clinic_id)
    return tuple(TemplateLine(row.id, clinic_id, row.name, cells.get(row.id, ()), days.get(row.id, ())) for row in rows)


def _cells(read: Reading) -> dict[str, tuple[CellLine, ...]]:
    columns = [getattr(TemplateCell, name) for name in CellLine.__dataclass_fields__]
    statement = select(TemplateCell.template_id, *columns).where(TemplateCell.withdrawn_at.is_(None))
    found: dict[str, tuple[CellLine, ...]] = {}
    for row in read.execute(statement.order_by(TemplateCell.start_minute, TemplateCell.id)):
        found[row.template_id] = (*found.get(row.template_id, ()), CellLine(*list(row)[1:]))
    return found


def _days(read: Reading, clinic_id: ClinicId) -> dict[str, tuple[TemplateDayLine, ...]]:
    """Only the days on which a template holds: a later row for the same weekday from the same day on hides it."""
    columns = [getattr(TemplateDay, name) for name in TemplateDayLine.__dataclass_fields__]
    statement = select(TemplateDay.template_id, *columns).where(
        TemplateDay.clinic_id == clinic_id, TemplateDay.withdrawn_at.is_(None)
    )
    latest: dict[Any, tuple[str | None, TemplateDayLine]] = {}
    for row in read.execute(statement.order_by(TemplateDay.from_on, TemplateDay.id)):
        if row.on_day is not None or row.from_on <= read.today or row.weekday not in latest:
            latest[row.on_day or row.weekday] = (row.template_id, TemplateDayLine(*list(row)[1:]))
    found: dict[str, tuple[TemplateDayLine, ...]] = {}
    for template_id, line in latest.values():
        if template_id is not None:
            found[template_id] = (*found.get(template_id, ()), line)
    return found


@query(permission=SEE_SCHEDULE, label=N_("Remarks on a template"))
def template_lint(read: Reading, template_id: TemplateId) -> tuple[TemplateFault, ...]:
    """What looks wrong: closed hours, cells that no type fits, chairs that are gone, nothing kept for emergencies."""
    row = read.execute(
        select(DayTemplate.clinic_id).where(DayTemplate.id == template_id, DayTemplate.withdrawn_at.is_(None))
    ).first()
    if row is None:
        raise NotFound(N_("template"), template_id)
    lines = {line.id: line for line in day_templates.function(read, row.clinic_id)}
    line = lines[template_id]
    gone, shortest, opened = _gone(read, line.clinic_id), _shortest(read), _opened(read, line)
    faults = []
    for cell in line.cells:
        if cell.operatory_id in gone:
            faults.append(TemplateFault(LintKind.CHAIR_GONE, cell.id))
        if cell.end_minute - cell.start_minute < shortest.get(cell.appointment_class, 0):
            faults.append(TemplateFault(LintKind.TOO_SHORT, cell.id))
        if any(not _inside(cell, spans) for spans in opened):
            faults.append(TemplateFault(LintKind.CLOSED, cell.id))
    if line.cells and not any(cell.appointment_class is AppointmentClass.EMERGENCY for cell in line.cells):
        faults.append(TemplateFault(LintKind.NO_EMERGENCY, None))
    return tuple(faults)


def _inside(cell: CellLine, spans: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= cell.start_minute and cell.end_minute <= end for start, end in spans)


def _opened(read: Reading, line: TemplateLine) -> list[tuple[tuple[int, int], ...]]:
    hours = load_calendar(read, line.clinic_id).hours
    return [hours.get(day.weekday, ()) for day in line.days if day.weekday is not None]


def _gone(read: Reading, clinic_id: ClinicId) -> set[str]:
    rows = read.execute(
        select(Operatory.id, Operatory.retired_on, Operatory.withdrawn_at).where(Operatory.clinic_id == clinic_id)
    )
    return {
        row.id
        for row in rows
        if row.withdrawn_at is not None or (row.retired_on is not None and row.retired_on <= read.today)
    }


def _shortest(read: Reading) -> dict[AppointmentClass, int]:
    """Minutes of the shortest type of each class."""
    found: dict[AppointmentClass, int] = {}
    statement = select(AppointmentType.appointment_class, AppointmentType.segments)
    for row in read.execute(statement.where(AppointmentType.withdrawn_at.is_(None))):
        minutes = length_of(segments_from(row.segments, 0))
        found[row.appointment_class] = min(found.get(row.appointment_class, minutes), minutes)
    return found
