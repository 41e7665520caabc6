"""Paper mode: the next open days with telephones and alerts, to work by hand when no computer runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.practice.queries import clinic_days
from app.scheduling.queries import DayRow
from ui.printing.flow import Cell, Column, Piece
from ui.printing.frame import Sheet
from ui.printing.marks import BODY, Composition
from ui.printing.orders import Order, Sources
from ui.printing.visit_words import (
    day_rows,
    doctor_words,
    family_cell,
    legend,
    mind_cell,
    patient_cell,
    provider_names,
    type_cell,
    when_cell,
)
from ui.shell.formats import counted, day

LOOK_AHEAD: Final = 60
"""Days within which an open one is looked for; a clinic that closes for longer prints nothing."""
EMPTY_ROWS: Final = 4
SHARES: Final = (60, 92, 150, 136, 122, 160, 74)


def open_days(sources: Sources, clinic_id: ClinicId, after: date, count: int) -> list[date]:
    """The next days on which the clinic is open, the earliest first."""
    ahead = sources.ask(clinic_days, clinic_id, after + timedelta(days=1), LOOK_AHEAD)
    return [line.on for line in ahead if line.openings][:count]


def paper_schedule(sources: Sources, order: Order) -> Composition:
    """A table for each day, in order of time, with boxes to tick and empty rows."""
    clinic = sources.clinic(order.clinic_id)
    after = order.after or sources.clock.today()
    days = [order.on] if order.on else open_days(sources, clinic.id, after, max(order.days, 1))
    rows = {on: day_rows(sources, order, on) for on in days}
    sheet = Sheet(
        sources, order, _title(days), _(N_("To work by hand. Enter what happened once the computers are back."))
    )
    columns = [
        Column(_(N_("Hour")), SHARES[0]),
        Column(_(N_("Chair")), SHARES[1]),
        Column(_(N_("Patient")), SHARES[2]),
        Column(_(N_("Visit")), SHARES[3]),
        Column(_(N_("Telephone")), SHARES[4]),
        Column(_(N_("To mind")), SHARES[5]),
        Column(_(N_("To tick")), SHARES[6]),
    ]
    names = provider_names(sources)
    for on in days:
        cells = [_cells(sources, row, on, names) for row in rows[on]] + _empty_rows()
        visits = counted(N_("{n} visit"), N_("{n} visits"), len(rows[on]))
        title = f"{day(on, weekday=True)} · {visits}" if len(days) > 1 else visits
        sheet.flow.table(columns, cells, title, _(N_("{name} (continued)"), name=day(on, weekday=True)))
    if any(rows.values()):
        legend(sheet.flow)
    if not days:
        sheet.flow.text(_(N_("The clinic is not open on any of the next {n} days."), n=LOOK_AHEAD))
    return sheet.finish(tuple(row.visit.patient_id for on in days for row in rows[on]))


def _title(days: Sequence[date]) -> str:
    if len(days) == 1:
        return _(N_("Schedule of {day}"), day=day(days[0], weekday=True))
    return _(N_("Schedule on paper"))


def _cells(sources: Sources, row: DayRow, on: date, names: dict[str, str]) -> list[Cell]:
    return [
        when_cell(sources, row.visit), [Piece(row.operatory)], patient_cell(sources, row, on),
        type_cell(row.visit, *doctor_words(sources, row.visit, names)), family_cell(row), mind_cell(row), _boxes(),
    ]  # fmt: skip


def _boxes() -> Cell:
    return [Piece(_(N_("Came")), BODY, "check"), Piece(_(N_("Left")), BODY, "check")]


def _empty_rows() -> list[list[Cell]]:
    return [[[Piece("")], [Piece("")], [Piece("")], [Piece("")], [Piece("")], [Piece("")], _boxes()]] * EMPTY_ROWS
