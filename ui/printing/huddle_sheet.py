"""The sheet of the morning huddle: what each visit needs, who is away, what is down; read standing, by everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from app.core.i18n import N_, _, language
from app.orchestration.queries import HuddleVisit, morning_huddle
from app.scheduling.queries import CLASS_LABELS
from ui.patients.words import plain_name
from ui.printing.flow import Cell, Column, Piece
from ui.printing.frame import Sheet
from ui.printing.marks import Composition
from ui.printing.orders import Order, Sources
from ui.shell.formats import day, hour

SHARES: Final = (60, 150, 190, 220)


def huddle_sheet(sources: Sources, order: Order) -> Composition:
    """One page as a rule: the visits that need something, then the facts of the day."""
    on = order.on or sources.clock.today()
    huddle = sources.ask(morning_huddle, sources.clinic(order.clinic_id).id, on)
    counts = " · ".join(f"{count} × {_(CLASS_LABELS[kind]).lower()}" for kind, count in huddle.classes)
    sheet = Sheet(sources, order, _(N_("Morning huddle, {day}"), day=day(on, weekday=True)), counts)

    def at(minute: int) -> str:
        return hour(datetime.fromtimestamp(minute * 60, UTC), sources.clock)

    for fact in huddle.facts:
        values = {name: at(value) if isinstance(value, int) else value for name, value in fact.values}
        sheet.flow.text(_(fact.message, **values), sign="•")
    columns = [
        Column(_(N_("Hour")), SHARES[0]), Column(_(N_("Patient")), SHARES[1]), Column(_(N_("Visit")), SHARES[2]),
        Column(_(N_("Before the visit")), SHARES[3]),
    ]  # fmt: skip
    if huddle.visits:
        sheet.flow.table(columns, [_cells(visit, at(visit.at)) for visit in huddle.visits], _(N_("Before the visit")))
    else:
        sheet.flow.text(_(N_("No visit needs anything beforehand.")))
    return sheet.finish(tuple(visit.patient_id for visit in huddle.visits))


def _cells(visit: HuddleVisit, at: str) -> list[Cell]:
    kind = visit.type_name_fr if language() == "fr" else visit.type_name_en
    what = f"{kind} · {visit.chair}" if visit.chair else kind
    needs = [Piece(f"□ {_(need)}") for need in visit.needs]
    return [[Piece(at)], [Piece(plain_name(visit))], [Piece(what)], needs]
