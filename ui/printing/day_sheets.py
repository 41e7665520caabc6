"""Day sheets: the visits of a day by chair, for the wall beside it, and by doctor, for the pocket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from app.core.i18n import N_, _
from app.practice.queries import operatories
from app.scheduling.queries import DayRow
from ui.printing.flow import Cell, Column
from ui.printing.frame import Sheet
from ui.printing.marks import Composition
from ui.printing.orders import Order, Sources
from ui.printing.visit_words import (
    ON_THE_WALL,
    all_providers,
    day_rows,
    doctor_minutes,
    doctor_words,
    family_cell,
    legend,
    mind_cell,
    patient_cell,
    provider_names,
    type_cell,
    when_cell,
)
from ui.scheduling.today_words import minutes_words
from ui.shell.formats import counted, day

SHARES: Final = (64, 160, 178, 136, 180)


def day_by_chair(sources: Sources, order: Order) -> Composition:
    """A table for each chair that is booked."""
    known = sources.ask(operatories, sources.clinic(order.clinic_id).id, True)
    places = [(line.id, line.name) for line in known]
    names = provider_names(sources)

    def visit(row: DayRow) -> Cell:
        return type_cell(row.visit, *doctor_words(sources, row.visit, names))

    return _sheet(sources, order, [*places, ("", _(N_("Without a chair")))], lambda row: row.visit.operatory_id, visit)


def day_by_doctor(sources: Sources, order: Order) -> Composition:
    """A table for each doctor who has visits, with the minutes that the day wants of him or her."""
    people = [(line.id, line.name) for line in all_providers(sources)]
    names = provider_names(sources)

    def visit(row: DayRow) -> Cell:
        others = {code: name for code, name in names.items() if code != row.visit.doctor_id}
        return type_cell(row.visit, row.operatory, *doctor_words(sources, row.visit, others))

    return _sheet(sources, order, [*people, ("", _(N_("Without a doctor")))], lambda row: row.visit.doctor_id, visit)


def _sheet(
    sources: Sources,
    order: Order,
    groups: Sequence[tuple[str, str]],
    group_of: Callable[[DayRow], str | None],
    visit: Callable[[DayRow], Cell],
) -> Composition:
    on = order.on or sources.clock.today()
    rows = day_rows(sources, order, on)
    title = _(N_("Day sheet, {day}"), day=day(on, weekday=True))
    sheet = Sheet(sources, order, title, _summary(rows))
    columns = [
        Column(_(N_("Hour")), SHARES[0]),
        Column(_(N_("Patient")), SHARES[1]),
        Column(_(N_("Visit")), SHARES[2]),
        Column(_(N_("Telephone")), SHARES[3]),
        Column(_(N_("To mind")), SHARES[4]),
    ]
    for code, name in groups:
        own = [row for row in rows if (group_of(row) or "") == code]
        if own:  # a page each: it is pinned beside the chair
            if sheet.flow.y > sheet.flow.top:
                sheet.flow.new_page()
            cells = [_cells(sources, row, visit(row)) for row in own]
            head = _(N_("{name} · {summary}"), name=name, summary=_summary(own))
            sheet.flow.table(columns, cells, head, _(N_("{name} (continued)"), name=name))
    if rows:
        legend(sheet.flow)
    else:
        sheet.flow.text(_(N_("No visit is booked on this day.")))
    return sheet.finish(tuple(row.visit.patient_id for row in rows))


def _cells(sources: Sources, row: DayRow, visit: Cell) -> list[Cell]:
    on = row.visit.starts_at.astimezone(sources.clock.zone).date() if row.visit.starts_at else sources.clock.today()
    return [
        when_cell(sources, row.visit), patient_cell(sources, row, on), visit, family_cell(row),
        mind_cell(row, ON_THE_WALL),
    ]  # fmt: skip


def _summary(rows: Sequence[DayRow]) -> str:
    """`12 visits · doctor 2 h 05`."""
    visits = counted(N_("{n} visit"), N_("{n} visits"), len(rows))
    minutes = sum(doctor_minutes(row.visit) for row in rows)
    return _(N_("{visits} · doctor {minutes}"), visits=visits, minutes=minutes_words(minutes)) if minutes else visits
