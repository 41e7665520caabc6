"""The evacuation list: who is in the building now, by place, with a box to tick at the meeting point."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from app.core.errors import PermissionDenied
from app.core.i18n import N_, _
from app.practice.queries import ClinicLine, roster
from app.scheduling.queries import DayRow, Stage
from ui.printing.flow import Cell, Column, Piece
from ui.printing.frame import Sheet
from ui.printing.marks import HEADING, Composition
from ui.printing.orders import Order, Sources
from ui.printing.visit_words import HERE, all_providers, day_rows, family_cell, patient_cell
from ui.scheduling.today_words import stage_words
from ui.shell.formats import counted, day, hour

OTHERS: Final = 5
"""Empty rows for those whom no computer knows: parents, deliveries, workers."""


def evacuation_list(sources: Sources, order: Order) -> Composition:
    """Patients who have come and not left, the team on shift, and room for everybody else."""
    now = sources.now
    title = _(N_("Evacuation list, {hour}"), hour=hour(now, sources.clock))
    sheet = Sheet(sources, order, title, day(sources.clock.day_of(now), weekday=True))
    subjects: list[str] = []
    clinics = [line for line in sources.clinics() if order.clinic_id in {None, line.id}]
    for clinic in clinics:
        rows = patients_here(sources, replace(order, clinic_id=clinic.id))
        subjects += [row.visit.patient_id for row in rows]
        _patients(sheet, sources, rows, clinic.name if len(clinics) > 1 else "")
        _team(sheet, _on_shift(sources, clinic))
    _others(sheet)
    return sheet.finish(tuple(subjects))


def patients_here(sources: Sources, order: Order) -> list[DayRow]:
    """The patients in the building, by place, then by name; of yesterday too, for whoever stayed past midnight."""
    today = sources.clock.today()
    rows = [row for on in (today - timedelta(days=1), today) for row in day_rows(sources, order, on, HERE)]
    return sorted(rows, key=lambda row: (_place(row), row.visit.family_name, row.visit.given_name, row.visit.id))


def _place(row: DayRow) -> str:
    seated = row.stage in {Stage.SEATED, Stage.NEEDED, Stage.HERE, Stage.PAUSED}
    return row.operatory if seated and row.operatory else stage_words(row)


def _patients(sheet: Sheet, sources: Sources, rows: list[DayRow], clinic: str) -> None:
    head = counted(N_("{n} patient in the building"), N_("{n} patients in the building"), len(rows))
    title = f"{clinic} · {head}" if clinic else head
    if not rows:
        sheet.flow.heading(title, 0)
        return
    columns = [
        Column(_(N_("Seen")), 46), Column(_(N_("Place")), 110), Column(_(N_("Patient")), 190),
        Column(_(N_("Came at")), 66), Column(_(N_("Telephone")), 128),
    ]  # fmt: skip
    today = sources.clock.today()
    cells: list[list[Cell]] = [
        [
            [Piece("", HEADING, "check")], [Piece(_place(row))], patient_cell(sources, row, today),
            [Piece(hour(row.visit.arrived_at, sources.clock) if row.visit.arrived_at else "")], family_cell(row),
        ]
        for row in rows
    ]  # fmt: skip
    sheet.flow.table(columns, cells, title, _(N_("{name} (continued)"), name=title))


def _on_shift(sources: Sources, clinic: ClinicLine) -> list[str] | None:
    """Names of who works at this moment, absences taken off; None for a reader without the right."""
    try:
        days = sources.ask(roster, clinic.id, sources.clock.today())
        people = {line.id: line.name for line in all_providers(sources)}
    except PermissionDenied:
        return None
    now = sources.now
    away = {line.provider_id for line in days.absences if line.starts_at <= now < line.ends_at}
    at_work = {line.provider_id for line in days.shifts if line.starts_at <= now < line.ends_at} - away
    return sorted(people[each] for each in at_work if each in people)


def _team(sheet: Sheet, names: list[str] | None) -> None:
    if names is None:
        sheet.flow.heading(_(N_("The team is not listed: it needs the right to see shifts.")), 0)
        return
    title = counted(N_("{n} person of the team on shift"), N_("{n} persons of the team on shift"), len(names))
    if not names:
        sheet.flow.heading(title, 0)
        return
    columns = [Column(_(N_("Seen")), 46), Column(_(N_("Name")), 224)] * 2
    pairs = [names[at : at + 2] for at in range(0, len(names), 2)]
    rows = [[cell for name in (*pair, "")[:2] for cell in _team_cells(name)] for pair in pairs]
    sheet.flow.table(columns, rows, title, _(N_("{name} (continued)"), name=title))


def _team_cells(name: str) -> list[Cell]:
    return [[Piece("", HEADING, "check" if name else "")], [Piece(name)]]


def _others(sheet: Sheet) -> None:
    columns = [Column(_(N_("Seen")), 46), Column(_(N_("Parents, visitors, others")), 494)]
    rows: list[list[Cell]] = [[[Piece("", HEADING, "check")], [Piece("")]] for _row in range(OTHERS)]
    sheet.flow.table(columns, rows, _(N_("Everybody else")), _(N_("Everybody else")))
