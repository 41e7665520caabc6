"""Hands on the schedule: choosing, dragging, resizing and selecting free time, by mouse and by keyboard alike."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from app.scheduling.queries import VisitLine
from ui.scheduling.block_look import planned_span
from ui.scheduling.ghost import Deed, Ghost
from ui.scheduling.timegrid import SNAP, Item, Run, Span, snapped
from ui.scheduling.timegrid_view import TimegridView

_EDGE: Final = 8
"""Pixels at the end of a block by which it is made longer."""
_LEAST_STRETCH: Final = 10
_SCROLL_EVERY: Final = 40
_SCROLL_ZONE: Final = 28
_HOUR: Final = 60
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class WorkGrid(TimegridView):
    """The schedule that answers to hands. It writes nothing: it says what was asked."""

    opened = Signal(object)
    """Enter or a double click on an item."""
    stretched = Signal(int, int, int)
    """Free time was selected: lane, first and last minute."""
    menu_asked = Signal(object, QPoint)
    ghost_moved = Signal()
    ghost_dropped = Signal()
    ghost_gone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport().setMouseTracking(True)
        self._pressed: QPointF | None = None
        self._pressed_item: Item | None = None
        self._anchor: tuple[int, int] | None = None
        self._pointer = QPointF()
        self._scroller = QTimer(self, interval=_SCROLL_EVERY)
        self._scroller.timeout.connect(self._scroll_on)

    # -- choosing -------------------------------------------------------------------------------------------
    def choose_item(self, item: Item | None, *, show: bool = True) -> None:
        """Put the cursor on an item."""
        key = item.key if item is not None else ""
        changed = key != self.cursor_key
        self.cursor_key = key
        if item is not None and show:
            self.show_item(item)
        self.viewport().update()
        if changed:
            self.chosen.emit(item)

    def choose_visit(self, visit_id: str) -> bool:
        """Put the cursor on a visit; False when it is not shown."""
        found = next((item for item in self.items if item.visit is not None and item.visit.id == visit_id), None)
        if found is not None:
            self.choose_item(found)
        return found is not None

    # -- ghost ----------------------------------------------------------------------------------------------
    def lift(self, visit: VisitLine, lane: int, deed: Deed, *, by_keyboard: bool) -> Ghost:
        """Take a visit up from where it stands."""
        start, end = planned_span(visit)
        self.ghost = Ghost(visit, deed, lane, start, end - start, by_keyboard=by_keyboard)
        return self.ghost

    def begin_by_keyboard(self, deed: Deed) -> bool:
        """Take up the chosen visit: arrows move it, Enter lets it go, Escape gives it back."""
        item = self.cursor_item
        if item is None or item.visit is None:
            return False
        self.lift(item.visit, item.lane, deed, by_keyboard=True).moved = True
        self._follow_ghost()
        return True

    def place_ghost(self, visit: VisitLine, lane: int, start: int) -> None:
        """Take up a visit that may not be shown, at a lane and minute: what was cut is put here."""
        ghost = self.lift(visit, lane, Deed.MOVE, by_keyboard=True)
        ghost.go(lane, start, visit.minutes)
        ghost.moved = True
        self._follow_ghost()

    def _follow_ghost(self) -> None:
        ghost = self.ghost
        if ghost is None:
            return
        if ghost.by_keyboard:
            self.show_box(self.grid.item_box(Item(ghost.lane, ghost.span)))
        self.viewport().update()
        self.ghost_moved.emit()

    def drop_ghost(self) -> None:
        """Let go."""
        if self.ghost is not None:
            self._scroller.stop()
            self.ghost.dropping = True
            self.ghost_dropped.emit()

    def end_ghost(self) -> None:
        """Give it back: nothing happened, or it has been written."""
        if self.ghost is not None:
            self.ghost = None
            self._scroller.stop()
            self.viewport().update()
            self.ghost_gone.emit()

    # -- mouse ----------------------------------------------------------------------------------------------
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose, and be ready to drag."""
        if event.button() != Qt.MouseButton.LeftButton or self.ghost is not None:
            return
        point = event.position()
        if not self.field_rect().contains(point):
            return
        item = self.item_at(point)
        self.choose_item(item, show=False)
        self._pressed, self._pressed_item = point, item if item is not None and item.visit is not None else None
        place = self.place_at(point)
        self._anchor = (place[0], _floor(place[1])) if place is not None else None

    def _on_edge(self, item: Item, point: QPointF) -> bool:
        box = self.item_rect(item)
        rest = box.right() - point.x() if self.grid.run is Run.RIGHT else box.bottom() - point.y()
        length = box.width() if self.grid.run is Run.RIGHT else box.height()
        return 0 <= rest <= min(_EDGE, length / 3)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what was pressed, or show by the pointer what could be done."""
        self._pointer = event.position()
        if self._pressed is None:
            self._show_pointer(self._pointer)
            return
        if (self._pointer - self._pressed).manhattanLength() < QApplication.startDragDistance() and self.ghost is None:
            return
        if self._pressed_item is None:
            self._stretch_to(self._pointer)
            return
        if self.ghost is None and not self._lift_pressed():
            return
        if not self._scroller.isActive():
            self._scroller.start()
        self._drag_to(self._pointer)

    def _lift_pressed(self) -> bool:
        item, pressed = self._pressed_item, self._pressed
        if item is None or item.visit is None or pressed is None or item.visit.ended_at or item.visit.completed_at:
            return False
        deed = Deed.RESIZE if self._on_edge(item, pressed) else Deed.MOVE
        ghost = self.lift(item.visit, item.lane, deed, by_keyboard=False)
        place = self.place_at(pressed)
        ghost.grabbed = (place[1] if place else ghost.start) - item.span[0]
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        return True

    def _drag_to(self, point: QPointF) -> None:
        ghost, place = self.ghost, self.place_at(point)
        if ghost is None or place is None:
            return
        lane, minute = place
        if ghost.deed is Deed.RESIZE:
            changed = ghost.go(ghost.lane, ghost.start, snapped(minute) - ghost.start)
        else:
            changed = ghost.go(lane, snapped(minute - ghost.grabbed), ghost.minutes)
        if changed:
            self._follow_ghost()

    def _stretch_to(self, point: QPointF) -> None:
        place = self.place_at(point)
        if self._anchor is not None and place is not None:
            lane, first = self._anchor
            self.stretch = (lane, first, max(_floor(place[1]) + SNAP, first + SNAP))
            self.viewport().update()

    def _show_pointer(self, point: QPointF) -> None:
        item = self.item_at(point)
        shape = Qt.CursorShape.ArrowCursor
        if item is not None and item.visit is not None:
            along = Qt.CursorShape.SizeHorCursor if self.grid.run is Run.RIGHT else Qt.CursorShape.SizeVerCursor
            shape = along if self._on_edge(item, point) else Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._pressed = self._pressed_item = None
        if self.ghost is not None and not self.ghost.by_keyboard:
            if self.ghost.moved:
                self.drop_ghost()
            else:
                self.end_ghost()
        stretch, self.stretch = self.stretch, None
        if stretch is not None:
            self.viewport().update()
            if stretch[2] - stretch[1] >= _LEAST_STRETCH:
                self.stretched.emit(*stretch)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is there, or book where nothing is."""
        point = event.position()
        item, place = self.item_at(point), self.place_at(point)
        self._pressed = None
        if item is not None and item.visit is not None:
            self.opened.emit(item)
        elif place is not None and self.field_rect().contains(point):
            self.stretched.emit(place[0], _floor(place[1]), _floor(place[1]))

    def _scroll_on(self) -> None:
        """At the edges the schedule goes on under what is dragged."""
        field = self.field_rect()
        for bar, at, low, high in (
            (self.horizontalScrollBar(), self._pointer.x(), field.left(), field.right()),
            (self.verticalScrollBar(), self._pointer.y(), field.top(), field.bottom()),
        ):
            if at < low + _SCROLL_ZONE:
                bar.setValue(bar.value() - round(low + _SCROLL_ZONE - at) // 2 - 1)
            elif at > high - _SCROLL_ZONE:
                bar.setValue(bar.value() + round(at - high + _SCROLL_ZONE) // 2 + 1)
        if self.ghost is not None and not self.ghost.dropping:
            self._drag_to(self._pointer)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms; Shift scrolls along a clock that runs right."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        still = self.verticalScrollBar().maximum() == 0
        if still or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step = event.angleDelta().y() or event.angleDelta().x()
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - step)
            event.accept()
            return
        super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of what is under the pointer, or of what is chosen."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            item = self.cursor_item
            if item is not None:
                self.menu_asked.emit(item, self.viewport().mapToGlobal(self.item_rect(item).center().toPoint()))
            return
        item = self.item_at(QPointF(event.pos()))
        self.choose_item(item, show=False)
        if item is not None:
            self.menu_asked.emit(item, event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        """A tooltip says what a narrow block cannot."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            item = self.item_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.scene.spoken(item) if item is not None else "", self)
            return True
        return super().viewportEvent(event)

    # -- keyboard -------------------------------------------------------------------------------------------
    def event(self, event: QEvent) -> bool:
        """Alt with arrows moves the chosen visit here, and is not the window’s way back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
            item = self.cursor_item
            if alt and event.key() in _ARROWS and (self.ghost or (item is not None and item.visit is not None)):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from item to item; with a ghost they move it."""
        key = Qt.Key(event.key())
        handled = self._ghost_key(key, event) if self.ghost is not None else self._item_key(key, event)
        if handled:
            event.accept()
        else:
            event.ignore()

    def _steps(self, key: Qt.Key) -> tuple[int, int]:
        """Steps along the clock and across the lanes of an arrow."""
        right, down = _ARROWS[key]
        return (right, down) if self.grid.run is Run.RIGHT else (down, right)

    def _ghost_key(self, key: Qt.Key, event: QKeyEvent) -> bool:
        ghost = self.ghost
        if ghost is None:
            return False
        if key in _ARROWS:
            along, across = self._steps(key)
            far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._nudge(ghost, along * (_HOUR if far else SNAP), across)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.drop_ghost()
        elif key == Qt.Key.Key_Escape:
            self._pressed = self._pressed_item = None
            self.end_ghost()
        else:
            return False
        return True

    def _nudge(self, ghost: Ghost, minutes: int, lanes: int) -> None:
        changed = ghost.nudge(minutes) if minutes else False
        if lanes and ghost.deed is Deed.MOVE:
            lane = min(max(ghost.lane + lanes, 0), len(self.grid.lanes) - 1)
            shift = self.grid.lanes[lane].noon - self.grid.lanes[ghost.lane].noon
            changed = ghost.go(lane, ghost.start + shift, ghost.minutes) or changed
        if changed:
            self._follow_ghost()

    def _item_key(self, key: Qt.Key, event: QKeyEvent) -> bool:
        item, alt = self.cursor_item, bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key in _ARROWS and alt:
            return item is not None and self.begin_by_keyboard(Deed.MOVE) and self._ghost_key(key, event)
        if key in _ARROWS:
            return self._go(*self._steps(key))
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return self._go_to_end(item, -1 if key == Qt.Key.Key_End else 0)
        if item is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(item)
        elif item is not None and key == Qt.Key.Key_Escape:
            self.choose_item(None)
        else:
            return False
        return True

    def _go_to_end(self, item: Item | None, place: int) -> bool:
        row = [each for each in self.items if item is None or each.lane == item.lane]
        if row:
            self.choose_item(row[place])
        return bool(row)

    def _go(self, along: int, across: int) -> bool:
        """To the next item of the lane, or to the one nearest in time of the next lane that has any."""
        if not self.items:
            return False
        item = self.cursor_item
        if item is None:
            now = self.scene.now
            self.choose_item(self._nearest(self.items, (now, now + 1)))
            return True
        if along:
            row = [each for each in self.items if each.lane == item.lane]
            place = min(max(row.index(item) + along, 0), len(row) - 1)
            self.choose_item(row[place])
            return True
        lane, count = item.lane + across, len(self.grid.lanes)
        while 0 <= lane < count:
            row = [each for each in self.items if each.lane == lane]
            if row:
                shift = self.grid.lanes[lane].noon - self.grid.lanes[item.lane].noon
                self.choose_item(self._nearest(row, (item.span[0] + shift, item.span[1] + shift)))
                break
            lane += across
        return True

    @staticmethod
    def _nearest(items: list[Item], span: Span) -> Item:
        """A visit at the same time before free minutes at the same time before the nearest of all."""

        def far(each: Item) -> tuple[int, bool, int, str]:
            apart = max(0, each.span[0] - span[1] + 1, span[0] - each.span[1] + 1)
            return apart, each.visit is None, abs(sum(each.span) - sum(span)), each.key

        return min(items, key=far)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached by Tab: stand on something, so that one sees where one is."""
        super().focusInEvent(event)
        if self.cursor_item is None and event.reason() in (
            Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
        ):  # fmt: skip
            self._go(1, 0)


def _floor(minute: float) -> int:
    return int(minute // SNAP) * SNAP
