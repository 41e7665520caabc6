"""A grid of columns and hours in which stretches of time are drawn, moved and resized, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.i18n import N_, _
from ui.practice.span_tile import Block, Tile
from ui.practice.words import clock_words, span_words
from ui.theme import paint
from ui.theme.focus import focus_in, hide_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import Weight
from ui.widgets.announce import announce

STEP: Final = 15
NEW_LENGTH: Final = 60
_HOUR = 34
_HEAD = 30
_SCALE = 54
_EDGE = 7


class SpanGrid(QWidget):
    """One stop of the Tab key. Arrows move the mark, Shift with down draws, Enter keeps; on a block, Enter opens it,
    Alt with arrows moves it, Alt and Shift with up or down moves its end, Enter drops, Escape gives up, Delete removes.
    """

    drawn = Signal(int, int, int)
    """(column, start, end): time that was empty."""
    moved = Signal(str, int, int, int)
    """(key, column, start, end): a block was dropped elsewhere."""
    chosen = Signal(str)
    opened = Signal(str)
    removed = Signal(str)

    def __init__(self, first: int = 7 * 60, last: int = 19 * 60) -> None:
        super().__init__()
        self.columns: Sequence[str] = ()
        self.blocks: Sequence[Block] = ()
        self.first, self.last = first, last
        self.editable = True
        self.mark, self.length = (0, first + 60), STEP
        self.choice = ""
        self.ghost: Block | None = None
        self._tiles: list[Tile] = []
        self._grip: tuple[str, int, Block] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        on_theme_change(self._restyle)

    # -- showing --------------------------------------------------------------------------------------------
    def show_blocks(self, columns: Sequence[str], blocks: Sequence[Block]) -> None:
        """Show these; hours grow to hold every block."""
        self.columns, self.blocks = columns, sorted(blocks, key=lambda item: (item.column, item.start, item.key))
        self.first = min([self.first, *(item.start // 60 * 60 for item in blocks)])
        self.last = max([self.last, *(-(-item.end // 60) * 60 for item in blocks)])
        self.ghost = None
        if self.choice not in {item.key for item in blocks}:
            self.choice = ""
        self._restyle()

    def choose(self, key: str) -> None:
        """Make a block the chosen one; an empty key lets go."""
        if key != self.choice:
            self.choice = key
            self.chosen.emit(key)
        self.place()

    def block(self, key: str) -> Block | None:
        """The block of a key."""
        return next((item for item in self.blocks if item.key == key), None)

    def _restyle(self) -> None:
        self.setMinimumHeight(self.sizeHint().height())
        self.setMinimumWidth(theme.px(_SCALE) + max(len(self.columns), 1) * theme.px(46))
        self.place()

    def sizeHint(self) -> QSize:
        """34 px an hour at 100 % text."""
        hours = (self.last - self.first) / 60
        return QSize(560, theme.px(_HEAD) + round(hours * theme.px(_HOUR)) + 8)

    def y_of(self, minute: int) -> float:
        """Where a minute lies."""
        room = self.height() - theme.px(_HEAD) - 8
        return theme.px(_HEAD) + (minute - self.first) * room / (self.last - self.first)

    def area(self, column: int, start: int, end: int) -> QRectF:
        """The rectangle of some time."""
        wide = (self.width() - theme.px(_SCALE)) / max(len(self.columns), 1)
        top = self.y_of(start)
        return QRectF(theme.px(_SCALE) + column * wide + 1, top, wide - 3, self.y_of(end) - top - 1)

    def place(self) -> None:
        """Lay the tiles out."""
        while len(self._tiles) < len(self.blocks):
            self._tiles.append(Tile(self))
        for spare in self._tiles[len(self.blocks) :]:
            spare.hide()
            spare.setParent(None)
            spare.deleteLater()
        del self._tiles[len(self.blocks) :]
        for block, tile in zip(self.blocks, self._tiles, strict=True):
            tile.show_block(block, block.key == self.choice, self.columns[block.column])
            tile.setGeometry(self.area(block.column, block.start, block.end).toRect())
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out again."""
        super().resizeEvent(event)
        self.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heads, hours, mark, ghost."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        paint.ready(painter)
        painter.setFont(theme.font("caption", Weight.MEDIUM))
        for minute in range(self.first, self.last + 1, 60):
            y = round(self.y_of(minute)) + 0.5
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(theme.px(_SCALE), y), QPointF(self.width(), y))
            painter.setPen(theme.colour("muted"))
            words = clock_words(minute)
            half = painter.fontMetrics().height() / 2
            wide = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(QPointF(theme.px(_SCALE) - wide - 8, y + half - painter.fontMetrics().descent()), words)
        painter.setFont(theme.font("small", Weight.SEMIBOLD))
        for number, title in enumerate(self.columns):
            cell = self.area(number, self.first, self.last)
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(QPointF(cell.left() - 1.5, theme.px(_HEAD)), QPointF(cell.left() - 1.5, self.height() - 8))
            painter.setPen(theme.colour("text"))
            head = QRectF(cell.left() + 4, 0, cell.width() - 6, theme.px(_HEAD) - 6)
            cut = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, int(head.width()))
            painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, cut)
        self._paint_mark(painter)

    def _paint_mark(self, painter: QPainter) -> None:
        ghost = self.ghost
        if ghost is None and self.hasFocus() and self.columns and self.editable:
            column, minute = self.mark
            mark = self.area(column, minute, minute + self.length)
            paint.rounded(painter, mark, 5, None, theme.colour("focus"), width=2)
        if ghost is not None:
            room = self.area(ghost.column, ghost.start, ghost.end)
            painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room, 6, 6)
            painter.setFont(theme.font("caption", Weight.SEMIBOLD))
            painter.drawText(room.adjusted(6, 3, -3, -3), Qt.AlignmentFlag.AlignTop, span_words(ghost.start, ghost.end))

    # -- keyboard -------------------------------------------------------------------------------------------
    def event(self, event: QEvent) -> bool:
        """Alt with an arrow moves a block here and is not the window's way back."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._arrow(event) != (0, 0):
            event.accept()
            return True
        return super().event(event)

    @staticmethod
    def _arrow(event: QKeyEvent) -> tuple[int, int]:
        steps = {
            Qt.Key.Key_Left.value: (-1, 0), Qt.Key.Key_Right.value: (1, 0), Qt.Key.Key_Up.value: (0, -1),
            Qt.Key.Key_Down.value: (0, 1),
        }  # fmt: skip
        return steps.get(event.key(), (0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Everything that the mouse can do."""
        across, down = self._arrow(event)
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if (across or down) and alt:
            self._shift_block(across, down, ends=shift)
        elif (across or down) and shift:
            self.length = max(STEP, min(self.length + down * STEP, self.last - self.mark[1]))
            self._say(span_words(self.mark[1], self.mark[1] + self.length))
        elif across or down:
            self._move_mark(across, down)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._enter()
        elif event.key() == Qt.Key.Key_Escape and self.ghost is not None:
            self.ghost = None
            self.update()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.choice:
            self.removed.emit(self.choice)
        else:
            super().keyPressEvent(event)

    def _move_mark(self, across: int, down: int) -> None:
        column = min(max(self.mark[0] + across, 0), max(len(self.columns) - 1, 0))
        minute = min(max(self.mark[1] + down * STEP, self.first), self.last - STEP)
        here = self._at(column, minute)
        if down and here is not None and here.key == self.choice:  # a block is passed in one step
            minute = min(here.end, self.last - STEP) if down > 0 else max(here.start - STEP, self.first)
            here = self._at(column, minute)
        self.mark, self.length = (column, minute), STEP
        self.choose(here.key if here is not None else "")
        tile = next((item for item in self._tiles if item.block.key == self.choice), None) if self.choice else None
        told = tile.accessibleName() if tile is not None else ""
        self._say(told or f"{self.columns[column] if self.columns else ''}, {clock_words(minute)}")

    def _say(self, words: str) -> None:
        announce(self, words)
        self.update()

    def _at(self, column: int, minute: int) -> Block | None:
        return next((b for b in self.blocks if b.column == column and b.start <= minute < b.end), None)

    def _shift_block(self, across: int, down: int, *, ends: bool) -> None:
        block = self.ghost or self.block(self.choice)
        if block is None or block.soft or not self.editable:
            return
        if ends:
            end = min(max(block.end + down * STEP, block.start + STEP), 36 * 60)
            self.ghost = replace(block, end=end)
        else:
            column = min(max(block.column + across, 0), len(self.columns) - 1)
            start = min(max(block.start + down * STEP, 0), 24 * 60 - STEP)
            self.ghost = replace(block, column=column, start=start, end=start + block.end - block.start)
        time = span_words(self.ghost.start, self.ghost.end)
        where = self.columns[self.ghost.column]
        self._say(_(N_("{column}, {time}: Enter drops here, Escape gives up"), column=where, time=time))

    def _enter(self) -> None:
        if self.ghost is not None:
            ghost, self.ghost = self.ghost, None
            self.mark = (ghost.column, ghost.start)
            self.moved.emit(ghost.key, ghost.column, ghost.start, ghost.end)
            self.update()
        elif self.choice:
            self.opened.emit(self.choice)
        elif self.editable and self.columns:
            length = self.length if self.length > STEP else NEW_LENGTH
            self.drawn.emit(self.mark[0], self.mark[1], self.mark[1] + length)

    # -- mouse ----------------------------------------------------------------------------------------------
    def _place_at(self, point: QPointF) -> tuple[int, int]:
        wide = (self.width() - theme.px(_SCALE)) / max(len(self.columns), 1)
        column = int((point.x() - theme.px(_SCALE)) // max(wide, 1))
        room = self.height() - theme.px(_HEAD) - 8
        minute = self.first + (point.y() - theme.px(_HEAD)) * (self.last - self.first) / max(room, 1)
        return min(max(column, 0), max(len(self.columns) - 1, 0)), int(minute // STEP * STEP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On a block: move it, or its end at the lower edge. On empty time: draw."""
        if not self.columns:
            return
        column, minute = self._place_at(event.position())
        block = self._at(column, minute)
        self.mark, self.length = (column, minute), STEP
        self.choose(block.key if block is not None else "")
        if not self.editable or (block is not None and block.soft):
            return
        if block is None:
            self._grip = ("draw", minute, Block("", column, minute, minute + STEP, ""))
        else:
            low = event.position().y() > self.y_of(block.end) - _EDGE
            self._grip = ("end" if low else "move", minute, block)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where it would be dropped."""
        column, minute = self._place_at(event.position())
        if self._grip is None:
            return
        what, since, block = self._grip
        if what == "move":
            start = max(block.start + minute - since, 0)
            self.ghost = replace(block, column=column, start=start, end=start + block.end - block.start)
            if (column, start) == (block.column, block.start):
                self.ghost = None
        else:
            self.ghost = replace(block, end=max(minute + STEP, block.start + STEP))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop."""
        grip, ghost = self._grip, self.ghost
        self._grip = self.ghost = None
        self.update()
        if grip is None or ghost is None:
            return
        if grip[0] == "draw":
            self.drawn.emit(ghost.column, ghost.start, ghost.end)
        elif (ghost.column, ghost.start, ghost.end) != (grip[2].column, grip[2].start, grip[2].end):
            self.moved.emit(ghost.key, ghost.column, ghost.start, ghost.end)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the block."""
        if self.choice:
            self.opened.emit(self.choice)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        focus_in(self, event, 6)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)
        self.update()
