"""The library as pictures: one model of images, read page by page, and the grid that paints it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.imaging.queries import LibraryImage, LibraryKind, ReadingState
from ui.imaging.library_words import READING_MARKS, spoken, taken_on, what, whose
from ui.imaging.pictures import Pictures
from ui.shell.growing import GrowingModel
from ui.theme import paint
from ui.theme.focus import focus_in, hide_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import THEMES
from ui.theme.tokens.metrics import RADII, TYPE, Weight
from ui.widgets.paged_model import Column, Row

SIDE, GAP = 156, 14
MOST = 1.5
"""Text scale above which the pictures grow no more."""
Index = QModelIndex | QPersistentModelIndex


class LibraryImages(GrowingModel[LibraryImage]):
    """The images shown so far."""

    def __init__(self) -> None:
        super().__init__([Column("image", "", sortable=False)])

    def row_of(self, item: LibraryImage) -> Row:
        """What is said of it."""
        return (spoken(item),)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words stand in the tooltip and go to screen readers too."""
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return super().data(index, Qt.ItemDataRole.DisplayRole)
        return super().data(index, role)


class LibraryGrid(QListView):
    """One stop of the Tab key; arrows move, Enter opens, dragging takes a copy of the file out."""

    opened = Signal(int)
    row_changed = Signal(int)
    near_end = Signal()
    dragged = Signal(int)

    def __init__(self, images: LibraryImages, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images, self.pictures = images, pictures
        self.setModel(images)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_TileDelegate(self))
        self.setMouseTracking(True)
        self._from: QPoint | None = None
        pictures.arrived.connect(self.viewport().update)
        self.selectionModel().currentChanged.connect(lambda now, _before: self.row_changed.emit(now.row()))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        on_theme_change(self._restyle)

    @staticmethod
    def side() -> int:
        """The side of a picture in px; the words under it have its width, so it grows with them."""
        return round(SIDE * min(theme.text_scale, MOST))

    def tile(self) -> QSize:
        """A picture over three lines."""
        lines = theme.px(TYPE["small"].line) * 3 + 8
        return QSize(self.side() + GAP, self.side() + lines + GAP)

    def choose(self, row: int) -> None:
        """Make an image the current one."""
        self.setCurrentIndex(self.images.index(row, 0))

    def _restyle(self) -> None:
        self._spread()
        self.doItemsLayout()

    def _spread(self) -> None:
        """The tiles share the width, so that no half column of nothing is left at the right."""
        tile, width = self.tile(), self.viewport().width()
        columns = max(1, width // tile.width())
        self.setGridSize(QSize(max(tile.width(), width // columns - 1), tile.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._spread()

    def _scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - 2 * self.gridSize().height():
            self.near_end.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Where a drag may begin."""
        self._from = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough with the button held, the image is dragged."""
        start = self._from
        if start is not None and event.buttons() & Qt.MouseButton.LeftButton:
            if (event.position().toPoint() - start).manhattanLength() >= QApplication.startDragDistance():
                self._from = None
                index = self.indexAt(start)
                if index.isValid():
                    self.dragged.emit(index.row())
            return
        super().mouseMoveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring, and an image to begin with."""
        super().focusInEvent(event)
        focus_in(self, event, RADII.control)
        if not self.currentIndex().isValid() and self.images.rowCount():
            self.choose(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)


class _TileDelegate(QStyledItemDelegate):
    """Picture on black, then what, whose and when; an eye on what waits for a reading."""

    def __init__(self, grid: LibraryGrid) -> None:
        super().__init__(grid)
        self._grid = grid

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The tile."""
        return self._grid.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One image."""
        line = self._grid.images.item(index.row())
        if line is None:
            return
        painter.save()
        paint.ready(painter)
        side = self._grid.side()
        left = option.rect.left() + (option.rect.width() - side) / 2
        square = QRectF(left, option.rect.top() + 4, side, side)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._picture(painter, square, self._grid.pictures.get(line.image.instance_id))
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        edge = theme.colour("focus" if chosen else "control" if over else "border")
        paint.rounded(painter, square, RADII.block, None, edge, width=3 if chosen else theme.tokens.line)
        self._marks(painter, square, line)
        self._words(painter, square, line)
        painter.restore()

    def _picture(self, painter: QPainter, square: QRectF, image: QImage | None) -> None:
        painter.save()
        paint.card_clip(painter, square, RADII.block)
        painter.fillRect(square, QColor(THEMES["reading"].colours.sunken))
        if image is not None:
            size = image.size().scaled(square.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(square.center())
            painter.drawImage(place, image)
        else:
            icon = theme.pixmap("image", theme.colour("rail_text"), 32, ratio=self._grid.devicePixelRatioF())
            paint.shape(painter, icon, square.center().x() - theme.px(32) / 2, square.center().y() - theme.px(32) / 2)
        painter.restore()

    def _marks(self, painter: QPainter, square: QRectF, line: LibraryImage) -> None:
        read = line.reading not in (ReadingState.UNREAD, ReadingState.NEW_IMAGES)
        if read or line.kind not in (LibraryKind.RADIOGRAPH, LibraryKind.VOLUME):  # nobody signs a photograph
            return
        size = theme.px(24)
        ground = QRectF(square.right() - size - 6, square.top() + 6, size, size)
        paint.rounded(painter, ground, size / 2, theme.colour("accent"))
        icon, _ink = READING_MARKS[line.reading]
        shape = theme.pixmap(icon, theme.colour("on_accent"), 15, "fill", ratio=self._grid.devicePixelRatioF())
        paint.shape(painter, shape, ground.center().x() - theme.px(15) / 2, ground.center().y() - theme.px(15) / 2)

    def _words(self, painter: QPainter, square: QRectF, line: LibraryImage) -> None:
        height = theme.px(TYPE["small"].line)
        rows = (
            (what(line), "text", Weight.SEMIBOLD), (whose(line), "text", Weight.REGULAR),
            (taken_on(line), "muted", Weight.REGULAR),
        )  # fmt: skip
        top = square.bottom() + 5
        for words, ink, weight in rows:
            painter.setFont(theme.font("small", weight))
            painter.setPen(theme.colour(ink))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(square.width()))
            painter.drawText(QRectF(square.left(), top, square.width(), height), Qt.AlignmentFlag.AlignVCenter, shown)
            top += height
