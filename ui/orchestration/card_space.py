"""A painted field of cards: choosing, arrows, dragging by mouse, pen and finger; every card is in the tree."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QToolTip, QWidget

from ui.scheduling.ghost_paint import ring
from ui.theme import paint
from ui.theme.style import theme
from ui.theme.tokens.metrics import RADII
from ui.widgets.painted_items import PaintedItems, make_accessible

HOLD: Final = 0.25
"""Seconds that a finger rests on a card before it lifts it; sooner it scrolls."""
_EDGE: Final = 28
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


@dataclass(slots=True)
class Spot:
    """Something that can be chosen: where it is in the content, what is said of it, and whose visit it is."""

    key: str
    rect: QRectF
    sentence: str
    visit_id: str = ""
    thing: Any = None


class CardSpace(PaintedItems):
    """Subclasses lay spots out in `place` and paint them in `paint_content` and `paint_spot`."""

    opened = Signal(object)
    menu_asked = Signal(object, QPoint)
    dropped = Signal(object, object)
    """A spot was let go over a target, which the subclass names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.cursor_key = ""
        self.spots: list[Spot] = []
        self.dragged: Spot | None = None
        self.pointer = QPointF()
        self.pressed: QPointF | None = None
        self._pressed_spot: Spot | None = None
        self._pressed_at, self._finger = 0.0, False
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(lambda _value: self.viewport().update())
        make_accessible(self)
        theme.changed.connect(self.arrange)

    # -- for subclasses -------------------------------------------------------------------------------------
    def place(self, width: float, height: float) -> tuple[list[Spot], float, float]:
        """The spots in a room of so many pixels, and how wide and high that makes the content."""
        return [], width, height

    def paint_content(self, painter: QPainter, shown: QRectF) -> None:
        """What lies under the cards; the painter stands in the content."""

    def paint_spot(self, painter: QPainter, spot: Spot, rect: QRectF) -> None:
        """One card."""

    def target_at(self, point: QPointF) -> Any:
        """What a card would be dropped on at a point of the content; None for nothing."""
        return None

    def lifts(self, spot: Spot) -> bool:
        """Whether a spot can be dragged."""
        return bool(spot.visit_id)

    def dragged_rect(self, spot: Spot, moved: QPointF) -> QRectF:
        """Where a dragged spot is drawn."""
        return spot.rect.translated(moved)

    def radius(self, spot: Spot) -> float:
        """Of the ring round a spot, px."""
        return RADII.card

    # -- items ----------------------------------------------------------------------------------------------
    def arrange(self) -> None:
        """Lay everything out anew."""
        room = self.viewport().rect()
        self.spots, wide, high = self.place(room.width(), room.height())
        for bar, content, seen in (
            (self.horizontalScrollBar(), wide, room.width()), (self.verticalScrollBar(), high, room.height()),
        ):  # fmt: skip
            bar.setRange(0, max(0, round(content - seen)))
            bar.setPageStep(max(1, seen))
            bar.setSingleStep(theme.px(24))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room."""
        super().resizeEvent(event)
        self.arrange()

    @property
    def items(self) -> Sequence[Spot]:
        """Every spot."""
        return self.spots

    @property
    def cursor_item(self) -> Spot | None:
        """The spot on which the keyboard stands."""
        return next((spot for spot in self.spots if spot.key == self.cursor_key), None)

    def spoken(self, item: Spot) -> str:
        """Its sentence."""
        return item.sentence

    def scroll(self) -> QPointF:  # type: ignore[override]  # Qt’s own moves, ours tells
        """How far the content is scrolled."""
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def item_rect(self, item: Spot) -> QRectF:
        """Where a spot is in the viewport."""
        return item.rect.translated(-self.scroll())

    def item_at(self, point: QPointF) -> Spot | None:
        """The topmost spot under a point of the viewport."""
        return next((spot for spot in reversed(self.spots) if self.item_rect(spot).contains(point)), None)

    def choose_spot(self, spot: Spot | None, *, tell: bool = True) -> None:
        """Put the keyboard on a spot."""
        key = spot.key if spot is not None else ""
        changed = key != self.cursor_key
        self.cursor_key = key
        if spot is not None:
            self._show(spot)
        self.viewport().update()
        if changed and tell:
            self.chosen.emit(spot)

    def choose_visit(self, visit_id: str) -> bool:
        """Put the keyboard on a visit; False when it is not shown."""
        spot = next((each for each in self.spots if visit_id and each.visit_id == visit_id), None)
        if spot is not None or (self.cursor_item is not None and self.cursor_item.visit_id):
            self.choose_spot(spot, tell=False)
        return spot is not None

    def _show(self, spot: Spot) -> None:
        for bar, low, high, room in (
            (self.horizontalScrollBar(), spot.rect.left(), spot.rect.right(), self.viewport().width()),
            (self.verticalScrollBar(), spot.rect.top(), spot.rect.bottom(), self.viewport().height()),
        ):
            if low - 8 < bar.value():
                bar.setValue(round(low - 8))
            elif high + 8 > bar.value() + room:
                bar.setValue(round(min(high + 8 - room, low - 8)))

    # -- painting -------------------------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, cards, the ring of the chosen one, what is dragged."""
        painter = QPainter(self.viewport())
        paint.ready(painter)
        painter.fillRect(self.viewport().rect(), theme.colour("canvas"))
        painter.translate(-self.scroll())
        shown = QRectF(self.viewport().rect()).translated(self.scroll())
        self.paint_content(painter, shown)
        for spot in self.spots:
            if not spot.rect.intersects(shown):
                continue
            lifted = self.dragged is spot
            if lifted:
                painter.setOpacity(0.45)
            self.paint_spot(painter, spot, spot.rect)
            if lifted:
                painter.setOpacity(1)
                ring(painter, spot.rect, theme.colour("control"), 1, Qt.PenStyle.DashLine)
        held = self.cursor_item
        if held is not None and self.dragged is None:
            edge = held.rect.adjusted(0.5, 0.5, -0.5, -0.5)
            paint.rounded(painter, edge, self.radius(held), None, theme.colour("focus"), width=2)
        if self.dragged is not None and self.pressed is not None:
            here = self.dragged_rect(self.dragged, self.pointer - self.pressed)
            painter.setOpacity(0.92)
            self.paint_spot(painter, self.dragged, here)
            paint.rounded(painter, here, RADII.card, None, theme.colour("accent"), width=2)
        painter.end()

    # -- mouse, pen, finger ---------------------------------------------------------------------------------
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose, and be ready to drag."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        spot = self.item_at(event.position())
        self.choose_spot(spot)
        self.pressed = event.position() + self.scroll()
        self._pressed_spot = spot if spot is not None and self.lifts(spot) else None
        self._pressed_at = time.monotonic()
        self._finger = event.pointerType() is QPointingDevice.PointerType.Finger

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what was pressed; a finger that moves at once scrolls."""
        point = event.position() + self.scroll()
        if self.pressed is None:
            spot = self.item_at(event.position())
            hand = spot is not None and self.lifts(spot)
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)
            return
        far = (point - self.pressed).manhattanLength() >= QApplication.startDragDistance()
        if self.dragged is None and far:
            if self._finger and time.monotonic() - self._pressed_at < HOLD:
                bar = self.verticalScrollBar()
                bar.setValue(round(bar.value() - (point - self.pressed).y()))
                self._pressed_spot = None
                return
            self.dragged = self._pressed_spot
        if self.dragged is not None:
            self.pointer = point
            self._scroll_at(event.position())
            self.viewport().update()

    def _scroll_at(self, point: QPointF) -> None:
        for bar, at, room in (
            (self.horizontalScrollBar(), point.x(), self.viewport().width()),
            (self.verticalScrollBar(), point.y(), self.viewport().height()),
        ):
            if at < _EDGE:
                bar.setValue(bar.value() - 12)
            elif at > room - _EDGE:
                bar.setValue(bar.value() + 12)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        dragged = self.dragged
        target = self.target_at(event.position() + self.scroll()) if dragged is not None else None
        self.dragged = self.pressed = None
        self.viewport().update()
        if target is not None:
            self.dropped.emit(dragged, target)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open."""
        spot = self.item_at(event.position())
        if spot is not None:
            self.opened.emit(spot)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of what is under the pointer, or of what is chosen."""
        spot = self.item_at(QPointF(event.pos()))
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            spot = self.cursor_item
        if spot is not None:
            self.choose_spot(spot)
            self.menu_asked.emit(spot, self.viewport().mapToGlobal(self.item_rect(spot).center().toPoint()))

    def viewportEvent(self, event: QEvent) -> bool:
        """A tooltip says what a narrow card cannot."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.item_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), spot.sentence if spot is not None else "", self)
            return True
        return super().viewportEvent(event)

    # -- keyboard -------------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the nearest card, Enter opens, Escape gives a dragged card back."""
        key, spot = Qt.Key(event.key()), self.cursor_item
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _ARROWS and plain:
            self.go(*_ARROWS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.spots:
            self.choose_spot(self.spots[0 if key == Qt.Key.Key_Home else -1])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and spot is not None:
            self.opened.emit(spot)
        elif key == Qt.Key.Key_Escape and self.dragged is not None:
            self.dragged = self.pressed = None
            self.viewport().update()
        else:
            event.ignore()

    def go(self, right: int, down: int) -> None:
        """To the nearest spot in a direction; what lies straight ahead before what lies aside."""
        here = self.cursor_item
        if here is None:
            self.choose_spot(self.spots[0] if self.spots else None)
            return

        def far(spot: Spot) -> float | None:
            off = spot.rect.center() - here.rect.center()
            ahead, aside = (off.x() * right, abs(off.y())) if right else (off.y() * down, abs(off.x()))
            return ahead + 3 * aside if ahead > 4 else None

        found = [(distance, place) for place, spot in enumerate(self.spots) if (distance := far(spot)) is not None]
        if found:
            self.choose_spot(self.spots[min(found)[1]])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached by Tab: stand on something, so that one sees where one is."""
        super().focusInEvent(event)
        if self.cursor_item is None and self.spots and event.reason() in (
            Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
        ):  # fmt: skip
            self.choose_spot(self.spots[0])
