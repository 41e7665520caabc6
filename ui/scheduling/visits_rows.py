"""The table of a patient's visits: planned and actual times, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt

from app.core.i18n import N_, _
from app.scheduling.queries import VisitLine
from ui.scheduling.today_words import minutes_words, type_name
from ui.shell.bench import Bench
from ui.shell.formats import hour, moment
from ui.shell.growing import GrowingModel
from ui.theme.tokens import STATUSES
from ui.widgets.paged_model import Column, Index, Row, as_text

_STAGES = {"kept": "done", "missed": "missed", "cancelled": "cancelled", "cancelled_late": "cancelled"}
_FLOWS = {
    "late": "late", "arrived": "waiting", "on_deck": "waiting", "seated": "seated", "paused": "paused",
    "out_deck": "checkout", "checkout": "checkout",
}  # fmt: skip
_INKS = {"done": "muted", "missed": "text", "cancelled": "muted"}


def stage_of(line: VisitLine) -> str:
    """The status of the design for a visit of any day."""
    return _FLOWS.get(line.flow) or _STAGES.get(line.status, "expected")


def next_of(lines: Iterable[VisitLine], now: datetime) -> VisitLine | None:
    """The earliest visit that is still to come."""
    coming = [
        line
        for line in lines
        if line.starts_at is not None and line.starts_at >= now and line.status in {"scheduled", "confirmed"}
    ]
    return min(coming, key=lambda line: line.starts_at or now, default=None)


class VisitRows(GrowingModel[VisitLine]):
    """The visits shown; `chairs` gives the names."""

    def __init__(self, bench: Bench) -> None:
        self.clock = bench.runner.clock
        self.chairs: dict[str, str] = {}
        super().__init__(visit_columns(self, False))

    def row_of(self, item: VisitLine) -> Row:
        """The same visit for each column."""
        return (item,) * len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """An empty cell has a name too."""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return super().data(index) or as_text(None)
        return super().data(index, role)


def visit_columns(rows: VisitRows, narrow: bool) -> list[Column]:
    """Heads in the language in force; in a narrow window the first four."""
    clock = rows.clock

    def on(line: VisitLine) -> str:
        return moment(line.starts_at, clock) if line.starts_at else ""

    def chair(line: VisitLine) -> str:
        return rows.chairs.get(line.seated_operatory_id or line.operatory_id or "", "")

    def actual(line: VisitLine) -> str:
        if line.seated_at is None:
            return hour(line.arrived_at, clock) if line.arrived_at else ""
        end = line.completed_at or line.left_at
        return f"{hour(line.seated_at, clock)} – {hour(end, clock) if end else '…'}"

    def late(line: VisitLine) -> str:
        if line.arrived_at is None or line.starts_at is None:
            return ""
        minutes = int((line.arrived_at - line.starts_at).total_seconds() // 60)
        return minutes_words(minutes) if minutes > 0 else ""

    found = [
        Column("on", _(N_("Visit")), on, 178, strong=True, sortable=False),
        Column("type", _(N_("Type")), type_name, sortable=False),
        Column("stage", _(N_("Status")), lambda line: _(STATUSES[stage_of(line)].label), 132, sortable=False,
               icon=lambda line: (STATUSES[stage_of(line)].icon, _INKS.get(stage_of(line), "accent"))),
        Column("actual", _(N_("At the chair")), actual, 142, sortable=False),
        Column("late", _(N_("Late by")), late, 82, sortable=False),
        Column("chair", _(N_("Chair")), chair, 110, sortable=False),
        Column("moves", _(N_("Moves")), lambda line: str(line.moves) if line.moves else "", 70, right=True,
               sortable=False),
    ]  # fmt: skip
    return found[:4] if narrow else found
