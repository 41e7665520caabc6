"""One place of a photograph composite: what stands in it, whether somebody has confirmed it, keys and dragging."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QWidget

from app.core.i18n import N_, _
from app.imaging.queries import InstanceId
from ui.imaging.pictures import Pictures
from ui.theme import paint
from ui.theme.focus import from_keyboard, hide_ring, show_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import THEMES
from ui.theme.tokens.metrics import RADII, TYPE, Weight

MIME = "application/x-archwire-photograph"
CONFIRMED, PROPOSED, EMPTY = "confirmed", "proposed", "empty"
STATES = {CONFIRMED: N_("confirmed"), PROPOSED: N_("proposed"), EMPTY: N_("empty")}
_ARROWS = {
    Qt.Key.Key_Left.value: (0, -1), Qt.Key.Key_Right.value: (0, 1), Qt.Key.Key_Up.value: (-1, 0),
    Qt.Key.Key_Down.value: (1, 0),
}  # fmt: skip


class PhotoPlace(QAbstractButton):
    """Space or Enter lifts the photograph and puts it down elsewhere, Delete takes it out, arrows move."""

    dropped = Signal(str, str)
    """(name of the place that it came from, name of this one)"""
    taken_out = Signal(str)
    moved = Signal(str, int, int)

    def __init__(self, name: str, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self._pictures = name, pictures
        self.instance_id: InstanceId | None = None
        self._words, self._why, self._state, self.lifted = "", "", EMPTY, False
        self._from: QPoint | None = None
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        pictures.arrived.connect(self.update)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setMinimumSize(QSize(theme.px(100), theme.px(84)))
        self.update()

    def show_photo(self, words: str, instance_id: InstanceId | None, state: str, why: str = "") -> None:
        """What stands here: the name of the view, the photograph, whether it is confirmed, what it goes by."""
        self._words, self.instance_id, self._state, self._why = words, instance_id, state, why
        self._name_it()
        self.update()

    def set_lifted(self, lifted: bool) -> None:
        """In hand, to be put down elsewhere."""
        self.lifted = lifted
        self._name_it()
        self.update()

    def _name_it(self) -> None:
        parts = [self._words, _(STATES[self._state]), self._why, _(N_("in hand")) if self.lifted else ""]
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip(self.accessibleName())

    # -- hands ----------------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the next place; Delete empties this one."""
        if event.key() in _ARROWS:
            self.moved.emit(self.name, *_ARROWS[event.key()])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.taken_out.emit(self.name)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Where a drag may begin."""
        self._from = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough, the photograph is dragged."""
        start = self._from
        if start is None or not self.instance_id or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if (event.position().toPoint() - start).manhattanLength() < QApplication.startDragDistance():
            return
        self._from = None
        self.setDown(False)
        data = QMimeData()
        data.setData(MIME, self.name.encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        image = self._pictures.get(self.instance_id)
        if image is not None:
            drag.setPixmap(QPixmap.fromImage(image.scaledToHeight(96, Qt.TransformationMode.SmoothTransformation)))
        drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take photographs of this board."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put it here."""
        self.dropped.emit(bytes(event.mimeData().data(MIME).data()).decode(), self.name)
        event.acceptProposedAction()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when focus came from the keyboard."""
        super().focusInEvent(event)
        if from_keyboard(event.reason()):
            show_ring(self, RADII.block)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    # -- painting -------------------------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        """Photograph on black; a dashed edge while it is only proposed; the view under it."""
        painter = QPainter(self)
        paint.ready(painter)
        line = theme.px(TYPE["small"].line)
        square = QRectF(1.5, 1.5, self.width() - 3, self.height() - 2 * line - 9)
        painter.save()
        paint.card_clip(painter, square, RADII.block)
        black = QColor(THEMES["reading"].colours.sunken)
        painter.fillRect(square, black if self.instance_id else theme.colour("sunken"))
        image = self._pictures.get(self.instance_id) if self.instance_id else None
        if image is not None:
            size = image.size().scaled(square.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(square.center())
            painter.drawImage(place, image)
        painter.restore()
        edge = theme.colour("focus" if self.lifted else "accent" if self._state == PROPOSED else "control")
        pen = QPen(edge, 3 if self.lifted else 2 if self._state == PROPOSED else theme.tokens.line)
        if self._state != CONFIRMED and not self.lifted:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(square, RADII.block, RADII.block)
        self._draw_words(painter, square.bottom() + 4, line)

    def _draw_words(self, painter: QPainter, top: float, line: int) -> None:
        second = self._why if self._state == PROPOSED else _(STATES[self._state])
        for words, ink, weight in ((self._words, "text", Weight.SEMIBOLD), (second, "muted", Weight.REGULAR)):
            painter.setFont(theme.font("small", weight))
            painter.setPen(theme.colour(ink))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, self.width() - 4)
            painter.drawText(QRectF(2, top, self.width() - 4, line), Qt.AlignmentFlag.AlignVCenter, shown)
            top += line
