"""Which class of visits a clinic's templates keep the minutes of a chair for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.core.ids import ClinicId
from app.journal.queries import Reading
from app.practice.calendar import WEEKDAYS, ClinicCalendar
from app.practice.spans import Span
from app.scheduling.model import DayTemplate, TemplateCell, TemplateDay
from app.scheduling.vocabulary import AppointmentClass


@dataclass(frozen=True, slots=True)
class Cell:
    """Clock minutes of a chair kept for a class."""

    operatory_id: str
    start: int
    end: int
    appointment_class: AppointmentClass


@dataclass(frozen=True, slots=True)
class Kept:
    """The same on the clock."""

    span: Span
    appointment_class: AppointmentClass


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of a clinic: by day, and by weekday from a day on."""

    days: Mapping[date, str | None]
    weekdays: tuple[tuple[date, str, str | None], ...]
    cells: Mapping[str, tuple[Cell, ...]]

    def template_of(self, on: date) -> str | None:
        """The template that holds on a day."""
        if on in self.days:
            return self.days[on]
        weekday = WEEKDAYS[on.weekday()].value
        holding = [template for since, name, template in self.weekdays if name == weekday and since <= on]
        return holding[-1] if holding else None

    def kept(self, calendar: ClinicCalendar, on: date, operatory_id: str) -> list[Kept]:
        """What is kept for which class at a chair on a day."""
        cells = self.cells.get(self.template_of(on) or "", ())
        return [
            Kept(calendar.span(on, cell.start, cell.end), cell.appointment_class)
            for cell in cells
            if cell.operatory_id == operatory_id
        ]


def load_templates(read: Reading, clinic_id: ClinicId) -> Templates:
    """The templates of a clinic with the days on which they hold."""
    living = {
        row.id
        for row in read.execute(
            select(DayTemplate.id).where(DayTemplate.clinic_id == clinic_id, DayTemplate.withdrawn_at.is_(None))
        )
    }
    cells: dict[str, list[Cell]] = defaultdict(list)
    columns = (
        TemplateCell.template_id, TemplateCell.operatory_id, TemplateCell.start_minute, TemplateCell.end_minute,
        TemplateCell.appointment_class,
    )  # fmt: skip
    for row in read.execute(select(*columns).where(TemplateCell.withdrawn_at.is_(None)).order_by(TemplateCell.id)):
        if row.template_id in living:
            cells[row.template_id].append(
                Cell(row.operatory_id, row.start_minute, row.end_minute, row.appointment_class)
            )
    days: dict[date, str | None] = {}
    weekdays: list[tuple[date, str, str | None]] = []
    assigned = select(TemplateDay.on_day, TemplateDay.weekday, TemplateDay.from_on, TemplateDay.template_id).where(
        TemplateDay.clinic_id == clinic_id, TemplateDay.withdrawn_at.is_(None)
    )
    for row in read.execute(assigned.order_by(TemplateDay.from_on, TemplateDay.id)):
        template = row.template_id if row.template_id in living else None
        if row.on_day is not None:
            days[row.on_day] = template
        else:
            weekdays.append((row.from_on, row.weekday.value, template))
    return Templates(days, tuple(weekdays), {key: tuple(found) for key, found in cells.items()})
