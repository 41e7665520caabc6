"""The floor: the plan that the clinic has drawn, with who sits where, who waits, and what each chair is doing."""

from __future__ import annotations

import statistics
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from app.core.i18n import N_, _
from app.orchestration.queries import (
    FLOOR_HEIGHT,
    FLOOR_LABELS,
    FLOOR_LEAST,
    FLOOR_WIDTH,
    DayVisitLine,
    FloorKind,
    FloorPlan,
    FloorSpot,
)
from app.scheduling.queries import Stage
from ui.orchestration.card_space import CardSpace, Spot
from ui.orchestration.floor_paint import chair_look, chair_sentence, paint_chair, paint_person, paint_room
from ui.orchestration.picture import DayPicture
from ui.scheduling.block_look import minutes_words
from ui.shell.formats import counted
from ui.theme import paint
from ui.theme.style import theme
from ui.theme.tokens.metrics import RADII, TYPE

GRID: Final = 10
"""Units of the plan to which places snap."""
LEAST_SCALE: Final = 0.72
MARGIN: Final = 12
CORNER: Final = 18
"""Px at the lower right corner of a place by which it is made larger."""
_ROOMS: Final = {FloorKind.WAITING: Stage.WAITING, FloorKind.CHECKOUT: Stage.CHECKOUT}
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class FloorSpace(CardSpace):
    """The plan. While `draft` is set it is drawn by hand: places are moved, made larger, taken off."""

    placed = Signal()
    """The draft has changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: DayPicture | None = None
        self.plan: FloorPlan | None = None
        self.draft: list[FloorSpot] | None = None
        self._scale = 1.0
        self._rects: list[tuple[FloorSpot, QRectF]] = []

    def show_day(self, picture: DayPicture) -> None:
        """Draw the day."""
        self._picture = picture
        self.arrange()

    def show_plan(self, plan: FloorPlan) -> None:
        """Draw another plan."""
        self.plan = plan
        self.arrange()

    # -- layout ---------------------------------------------------------------------------------------------
    def place(self, width: float, height: float) -> tuple[list[Spot], float, float]:
        """Everything of the plan, as large as there is room, never too small to be read."""
        if self.plan is None or self._picture is None:
            return [], width, height
        fitting = min((width - 2 * MARGIN) / FLOOR_WIDTH, (height - 2 * MARGIN) / FLOOR_HEIGHT)
        self._scale = max(fitting, LEAST_SCALE * theme.text_scale)
        left = max(MARGIN, (width - FLOOR_WIDTH * self._scale) / 2)
        self._rects = [(spot, self._rect(spot, left)) for spot in (self.draft or self.plan.spots)]
        spots = self._edit_spots() if self.draft is not None else self._day_spots(self._picture)
        return spots, FLOOR_WIDTH * self._scale + 2 * MARGIN, FLOOR_HEIGHT * self._scale + 2 * MARGIN

    def _rect(self, spot: FloorSpot, left: float) -> QRectF:
        return QRectF(
            left + spot.across * self._scale, MARGIN + spot.down * self._scale, spot.width * self._scale,
            spot.height * self._scale,
        )  # fmt: skip

    def _edit_spots(self) -> list[Spot]:
        return [Spot(spot.key, rect, self._place_words(spot), thing=spot) for spot, rect in self._rects]

    def _place_words(self, spot: FloorSpot) -> str:
        """A place of the plan, and where it lies."""
        where = _(N_("{across} from the left, {down} from the top, {width} wide, {height} high"), across=spot.across,
                  down=spot.down, width=spot.width, height=spot.height)  # fmt: skip
        return ", ".join([self.title(spot), where])

    def title(self, spot: FloorSpot) -> str:
        """The name of a place."""
        if spot.kind is FloorKind.CHAIR and self._picture is not None:
            return self._picture.chair_name(spot.operatory_id)
        return spot.label or _(FLOOR_LABELS[spot.kind])

    def _day_spots(self, picture: DayPicture) -> list[Spot]:
        found: list[Spot] = []
        for spot, rect in self._rects:
            chair = picture.chairs.get(spot.operatory_id or "")
            if spot.kind is FloorKind.CHAIR and chair is not None:
                visit = chair.visits[0] if chair.visits else ""
                found.append(Spot(spot.key, rect, chair_sentence(picture, chair), visit, chair))
            elif spot.kind in _ROOMS:
                found += self._stack(picture, spot, rect)
        return found

    def _stack(self, picture: DayPicture, spot: FloorSpot, rect: QRectF) -> list[Spot]:
        """Those in a room side by side, the longest wait first."""
        visits = self._inside(picture, spot.kind)
        side, high = float(theme.px(56)), float(theme.px(40) + theme.px(TYPE["small"].line) + 4)
        area = rect.adjusted(14, 14 + theme.px(TYPE["small"].line), -14, -10)
        columns = max(1, int(area.width() // side))
        found = []
        for place, visit in enumerate(visits):
            box = QRectF(area.left() + place % columns * side, area.top() + place // columns * high, side - 6, high - 4)
            found.append(Spot(visit.id, box, picture.sentence(visit), visit.id, visit))
        return found

    @staticmethod
    def _inside(picture: DayPicture, kind: FloorKind) -> list[DayVisitLine]:
        visits = [visit for visit in picture.shot.visits if visit.stage is _ROOMS.get(kind)]
        return sorted(visits, key=lambda visit: (not visit.urgent, visit.since or 0, visit.id))

    # -- painting -------------------------------------------------------------------------------------------
    def paint_content(self, painter: QPainter, shown: QRectF) -> None:
        """Rooms; while the plan is drawn, its edge too."""
        picture = self._picture
        if picture is None or not self._rects:
            return
        left = self._rects[0][1].left() - self._rects[0][0].across * self._scale
        whole = QRectF(left, MARGIN, FLOOR_WIDTH * self._scale, FLOOR_HEIGHT * self._scale)
        paint.rounded(painter, whole.adjusted(-8, -8, 8, 8), RADII.card, theme.colour("surface"),
                      theme.colour("control" if self.draft is not None else "border"))  # fmt: skip
        target = self.target_at(self.pointer) if self.dragged is not None and self.draft is None else None
        for spot, rect in self._rects:
            if spot.kind is not FloorKind.CHAIR and self.draft is None:
                paint_room(painter, rect, self.title(spot), self._note(picture, spot.kind), over=spot is target)

    def _note(self, picture: DayPicture, kind: FloorKind) -> str:
        """How many are in a room, and their median wait."""
        if kind is not FloorKind.WAITING:
            return ""
        waits = [visit.waiting or 0 for visit in self._inside(picture, kind)]
        if not waits:
            return _(N_("Nobody waits."))
        middle = minutes_words(int(statistics.median(waits)))
        return f"{counted(N_('{n} patient'), N_('{n} patients'), len(waits))} · {_(N_('median {time}'), time=middle)}"

    def paint_spot(self, painter: QPainter, spot: Spot, rect: QRectF) -> None:
        """A chair, somebody in a room, or a place that is being drawn."""
        picture = self._picture
        if picture is None:
            return
        if self.draft is not None:
            self._paint_place(painter, spot.thing, rect)
        elif isinstance(spot.thing, DayVisitLine):
            if picture.dims(spot.thing):
                painter.setOpacity(0.35)
            paint_person(painter, rect, picture, spot.thing)
            painter.setOpacity(1)
        else:
            paint_chair(painter, rect, chair_look(picture, spot.thing), self.devicePixelRatioF())

    def _paint_place(self, painter: QPainter, spot: FloorSpot, rect: QRectF) -> None:
        chair = spot.kind is FloorKind.CHAIR
        ground = theme.colour("accent_soft" if chair else "sunken")
        paint.rounded(painter, rect, RADII.card, ground, theme.colour("control"))
        painter.setFont(theme.font("name"))
        painter.setPen(theme.colour("text"))
        words = painter.fontMetrics().elidedText(self.title(spot), Qt.TextElideMode.ElideRight, int(rect.width()) - 16)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
        icon = theme.pixmap("arrows-out", theme.colour("muted"), 14, "bold", ratio=self.devicePixelRatioF())
        paint.shape(painter, icon, rect.right() - theme.px(14) - 4, rect.bottom() - theme.px(14) - 4)

    # -- hands ----------------------------------------------------------------------------------------------
    def lifts(self, spot: Spot) -> bool:
        """Patients; while the plan is drawn, places."""
        return self.draft is not None or bool(spot.visit_id)

    def target_at(self, point: QPointF) -> Any:
        """The place under a point; while the plan is drawn, how far the hand has gone."""
        if self.draft is not None:
            return point - self.pressed if self.pressed is not None else None
        return next((spot for spot, rect in self._rects if rect.contains(point)), None)

    def _by_corner(self, spot: Spot) -> bool:
        corner = spot.rect.bottomRight()
        return self.pressed is not None and (corner - self.pressed).manhattanLength() <= 2 * CORNER

    def dragged_rect(self, spot: Spot, moved: QPointF) -> QRectF:
        """Moved, or larger when it was taken by its corner."""
        if self.draft is not None and self._by_corner(spot):
            return spot.rect.adjusted(0, 0, moved.x(), moved.y())
        return spot.rect.translated(moved)

    def mouseReleaseEvent(self, event: Any) -> None:
        """While the plan is drawn, put the place where it was let go."""
        spot, pressed = self.dragged, self.pressed
        if self.draft is not None and spot is not None and pressed is not None:
            moved = (event.position() + self.scroll() - pressed) / self._scale
            larger = self._by_corner(spot)
            self.dragged = self.pressed = None
            self.change(spot.key, round(moved.x()), round(moved.y()), larger=larger)
            return
        super().mouseReleaseEvent(event)

    def change(self, key: str, across: int, down: int, *, larger: bool) -> None:
        """Move a place of the draft, or make it larger; it snaps and stays on the plan."""
        if self.draft is None:
            return
        for number, spot in enumerate(self.draft):
            if spot.key != key:
                continue
            if larger:
                wide = _snapped(spot.width + across, FLOOR_LEAST, FLOOR_WIDTH - spot.across)
                high = _snapped(spot.height + down, FLOOR_LEAST, FLOOR_HEIGHT - spot.down)
                self.draft[number] = replace(spot, width=wide, height=high)
            else:
                left = _snapped(spot.across + across, 0, FLOOR_WIDTH - spot.width)
                top = _snapped(spot.down + down, 0, FLOOR_HEIGHT - spot.height)
                self.draft[number] = replace(spot, across=left, down=top)
        self.arrange()
        self.placed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While the plan is drawn: Alt with arrows moves, Shift with arrows makes larger or smaller."""
        key, spot = Qt.Key(event.key()), self.cursor_item
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self.draft is not None and spot is not None and key in _ARROWS and (alt or shift):
            right, below = _ARROWS[key]
            self.change(spot.key, right * GRID, below * GRID, larger=shift)
            return
        super().keyPressEvent(event)

    def event(self, event: Any) -> bool:
        """Alt with arrows moves a place here, and is not the window’s way back."""
        if event.type() == QEvent.Type.ShortcutOverride and self.draft is not None:
            arrow = Qt.Key(event.key()) in _ARROWS and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            if arrow:
                event.accept()
                return True
        return super().event(event)


def _snapped(value: int, low: int, high: int) -> int:
    return min(max(round(value / GRID) * GRID, low), high)
