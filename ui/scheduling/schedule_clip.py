"""What was cut waits in hand until it is put on another day; nothing is written before that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.scheduling.queries import VisitLine
from ui.scheduling.block_look import short_name

if TYPE_CHECKING:
    from ui.scheduling.schedule_view import ScheduleView

_MORNING = -2 * 60
"""Minutes from noon at which a visit without a time is shown first."""


class Clip:
    """The visit in hand of a schedule."""

    def __init__(self, view: ScheduleView) -> None:
        self._view = view
        self.visit: VisitLine | None = None

    def take(self, visit: VisitLine | None) -> None:
        """Keep a visit in hand; None lets it go."""
        self.visit = visit
        self._view.bar.set_cut(short_name(visit) if visit is not None else "")

    def put(self, appointment_id: str) -> None:
        """A visit has its new place."""
        if self.visit is not None and self.visit.id == appointment_id:
            self.take(None)

    def paste(self) -> None:
        """Stand what is in hand at the chosen place, else at its chair and hour of the day shown."""
        view, visit = self._view, self.visit
        lanes = view.grid.grid.lanes
        if visit is None or not lanes:
            return
        item = view.grid.cursor_item
        if item is not None:
            lane, start = item.lane, item.span[0] if item.visit is None else item.span[1]
        else:
            lane = next((at for at, each in enumerate(lanes) if each.resource == visit.operatory_id), 0)
            start = lanes[lane].noon + self._from_noon(visit)
        view.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)
        view.grid.place_ghost(visit, lane, start)

    def _from_noon(self, visit: VisitLine) -> int:
        if visit.starts_at is None:
            return _MORNING
        at = visit.starts_at.astimezone(self._view.bench.runner.clock.zone)
        return (at.hour - 12) * 60 + at.minute
