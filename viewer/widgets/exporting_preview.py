"""The preview of an export: what will leave. It is dragged into other programs, and masks are drawn on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDrag, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from viewer.io.masking import Rectangle
from viewer.model.view import View
from viewer.widgets import colours

STEP_PX, FINE_PX = 10.0, 1.0
LEAST_MASK = 2
_ARROWS = {
    Qt.Key.Key_Left.value: (-1, 0), Qt.Key.Key_Right.value: (1, 0),
    Qt.Key.Key_Up.value: (0, -1), Qt.Key.Key_Down.value: (0, 1),
}  # fmt: skip


class ExportPreview(QWidget):
    """Shows a picture fitted. While `masking`, drags and keys draw rectangles in pixels of the image.

    Keys for masks: arrows move the cross (Shift: finely), Enter sets one corner, then the other, Delete takes the last
    mask away.
    """

    masks_changed = Signal()

    def __init__(self, dragged: Callable[[], QMimeData | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dragged = dragged
        self._image, self._view = QImage(), View(1, 1, 1, 1)
        self.masking = False
        self.masks: list[Rectangle] = []
        self._start: QPointF | None = None
        self._cross: QPointF | None = None
        self.setMinimumSize(320, 240)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_image(self, image: QImage, view: View) -> None:
        """Show a picture of the whole image as `view` turns it."""
        self._image, self._view = image, view
        self.update()

    def set_masking(self, masking: bool) -> None:
        """Whether the hand draws masks, or drags the picture out."""
        self.masking, self._start = masking, None
        self.setCursor(Qt.CursorShape.CrossCursor if masking else Qt.CursorShape.OpenHandCursor)
        self.update()

    def clear_masks(self) -> None:
        """No mask."""
        self.masks.clear()
        self.masks_changed.emit()
        self.update()

    # -- geometry

    def _fitted(self) -> QRectF:
        size = self._image.size()
        if size.isEmpty():
            return QRectF(self.rect())
        shown = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - shown.width()) / 2, (self.height() - shown.height()) / 2
        return QRectF(left, top, shown.width(), shown.height())

    def _to_image(self, at: QPointF) -> tuple[float, float]:
        area = self._fitted()
        x = (at.x() - area.left()) / max(1.0, area.width()) * self._view.width
        y = (at.y() - area.top()) / max(1.0, area.height()) * self._view.height
        return self._view.to_image((x, y))

    def _to_widget(self, point: tuple[float, float]) -> QPointF:
        area, (x, y) = self._fitted(), self._view.to_screen(point)
        across, down = x / self._view.width * area.width(), y / self._view.height * area.height()
        return QPointF(area.left() + across, area.top() + down)

    def rectangle(self, first: QPointF, second: QPointF) -> Rectangle | None:
        """The whole pixels of the image between two places of the widget; None for a speck."""
        (x0, y0), (x1, y1) = self._to_image(first), self._to_image(second)
        left, right = sorted(min(max(x, 0.0), self._view.columns) for x in (x0, x1))
        top, bottom = sorted(min(max(y, 0.0), self._view.rows) for y in (y0, y1))
        x, y = int(left), int(top)
        width, height = -int(-right // 1) - x, -int(-bottom // 1) - y
        return Rectangle(x, y, width, height) if min(width, height) >= LEAST_MASK else None

    def _add(self, first: QPointF, second: QPointF) -> None:
        found = self.rectangle(first, second)
        if found is not None:
            self.masks.append(found)
            self.masks_changed.emit()
        self.update()

    # -- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._start = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is None:
            return
        if self.masking:
            self._cross = event.position()
            self.update()
        elif (event.position() - self._start).manhattanLength() >= QApplication.startDragDistance():
            self._start = None
            mime = self._dragged()
            if mime is not None:
                drag = QDrag(self)
                drag.setMimeData(mime)
                drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, self._start, self._cross = self._start, None, None
        if self.masking and start is not None:
            self._add(start, event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.masking:
            super().keyPressEvent(event)
            return
        arrow = _ARROWS.get(event.key())
        at = self._cross or QPointF(self.rect().center())
        if arrow is not None:
            step = FINE_PX if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP_PX
            self._cross = at + QPointF(arrow[0] * step, arrow[1] * step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            start, self._start = self._start, None
            if start is None:
                self._start = self._cross = at
            else:
                self._add(start, at)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.masks:
            self.masks.pop()
            self.masks_changed.emit()
        else:
            super().keyPressEvent(event)
            return
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.FIELD))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._fitted(), self._image)
        if self.masking:
            for mask in self.masks:
                corners = (mask.x, mask.y), (mask.x + mask.width, mask.y + mask.height)
                area = QRectF(*(self._to_widget(corner) for corner in corners)).normalized()
                painter.fillRect(area, QColor("black"))
                painter.setPen(QPen(QColor(colours.WARNING), 1.5))
                painter.drawRect(area)
            self._paint_hand(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.FOCUS), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_hand(self, painter: QPainter) -> None:
        at = self._cross
        if at is None and self.hasFocus():
            at = QPointF(self.rect().center())
        if at is None:
            return
        painter.setPen(QPen(QColor(colours.WARNING), 1.5))
        painter.drawLine(at - QPointF(12, 0), at + QPointF(12, 0))
        painter.drawLine(at - QPointF(0, 12), at + QPointF(0, 12))
        if self._start is not None:
            painter.drawRect(QRectF(self._start, at).normalized())
