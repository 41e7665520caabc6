"""The images of the patient as a list of small pictures under the days of their studies; dragged or pressed to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from shiboken6 import isValid

from viewer.errors import N_
from viewer.model.catalogue import Catalogue, ImageItem
from viewer.pixels.form import Array
from viewer.widgets import colours
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts
from viewer.widgets.view_names import image_facts, image_name, study_name

MIME = "application/x-archwire-image"
KEY_ROLE, FACTS_ROLE, SHOWN_ROLE = (Qt.ItemDataRole.UserRole + n for n in (0, 1, 2))
SERIES = N_("List of images")
PICTURE = QSize(72, 50)
ROW, HEAD = 62, 30

_Index = QModelIndex | QPersistentModelIndex


class Strip(QListWidget):
    """Studies newest first. Enter or a click shows an image in the active tile; dragging puts it into any tile."""

    chosen = Signal(str)

    def __init__(self, look: Look, texts: TileTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.texts = look, texts
        self.pictures: dict[str, QImage] = {}
        self._rows: dict[str, QListWidgetItem] = {}
        self.setItemDelegate(_RowDelegate(self))
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(texts.say(SERIES))
        self.itemClicked.connect(lambda row: self.chosen.emit(row.data(KEY_ROLE)) if row.data(KEY_ROLE) else None)

    def fill(self, catalogue: Catalogue, fetch: Callable[[ImageItem, Callable[[Array | None], None]], None]) -> None:
        """List a catalogue; `fetch` has the small pictures made."""
        self.clear()
        self._rows.clear()
        several = len({study.whose for study in catalogue.studies}) > 1
        for study in catalogue.studies:
            name = f"{catalogue.whose_is(study).name} · " if several else ""
            head = QListWidgetItem(name + study_name(study, self.texts), self)
            head.setToolTip(head.text())
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for image in study.images:
                self._add(image)
                fetch(image, partial(self._take, image.key))

    def _add(self, image: ImageItem) -> None:
        row = QListWidgetItem(image_name(image, self.texts), self)
        row.setData(KEY_ROLE, image.key)
        row.setData(FACTS_ROLE, image_facts(image, self.texts))
        spoken = ", ".join(filter(None, (row.text(), row.data(FACTS_ROLE))))
        row.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        row.setToolTip(spoken)
        self._rows[image.key] = row

    def _take(self, key: str, made: Array | None) -> None:
        # A second window may have gone while the loader, which it shares, was at work.
        if isValid(self) and made is not None and key in self._rows:
            self.pictures[key] = qimage(made)
            self.viewport().update()

    def mark_shown(self, keys: Sequence[str], active: str) -> None:
        """Mark the images that stand in tiles; the one in the active tile is the current row."""
        for key, row in self._rows.items():
            row.setData(SHOWN_ROLE, key in keys)
        if active in self._rows and self.currentItem() is not self._rows[active]:
            self.setCurrentItem(self._rows[active])

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        """The key of the dragged image."""
        data = QMimeData()
        data.setData(MIME, str(items[0].data(KEY_ROLE) or "").encode() if items else b"")
        return data

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space show the current image."""
        current = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and current is not None:
            if current.data(KEY_ROLE):
                self.chosen.emit(current.data(KEY_ROLE))
            return
        super().keyPressEvent(event)


class _RowDelegate(QStyledItemDelegate):
    """A small picture, the name, a line of facts; or the day of a study."""

    def __init__(self, strip: Strip) -> None:
        super().__init__(strip)
        self._strip = strip

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        look = self._strip.look
        return QSize(
            10, look.px(HEAD) if not index.data(KEY_ROLE) else max(_picture(look).height() + 12, look.px(ROW - 14))
        )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look, area = self._strip.look, QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        key = index.data(KEY_ROLE)
        if not key:
            head = area.adjusted(10, 8, -6, 0)
            _line(painter, head, index.data(), look.muted, look.px(12), QFont.Weight.DemiBold)
            painter.restore()
            return
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.accent_soft))
            painter.drawRoundedRect(area.adjusted(4, 1, -4, -1), 7, 7)
        size = _picture(look)
        place = QRectF(area.left() + 10, area.center().y() - size.height() / 2, size.width(), size.height())
        self._picture(painter, place, self._strip.pictures.get(key), bool(index.data(SHOWN_ROLE)))
        words = QRectF(
            place.right() + 10, area.center().y() - look.px(19), area.right() - place.right() - 18, look.px(18)
        )
        _line(painter, words, index.data(), look.text, look.px(13), QFont.Weight.DemiBold)
        words.translate(0, look.px(19))
        _line(painter, words, index.data(FACTS_ROLE), look.muted, look.px(12), QFont.Weight.Normal)
        painter.restore()

    def _picture(self, painter: QPainter, place: QRectF, image: QImage | None, shown: bool) -> None:
        painter.fillRect(place, QColor(colours.FIELD))
        if image is not None and not image.isNull():
            size = image.size().scaled(place.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            inner = QRectF(0, 0, size.width(), size.height())
            inner.moveCenter(place.center())
            painter.drawImage(inner, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._strip.look.accent if shown else self._strip.look.border), 2 if shown else 1))
        painter.drawRoundedRect(place, 3, 3)


def _picture(look: Look) -> QSize:
    """The small picture grows with the text, but less."""
    return PICTURE * min(1.4, look.text_scale)


def _line(painter: QPainter, area: QRectF, text: str, colour: str, size: int, weight: QFont.Weight) -> None:
    font = QFont(painter.font())
    font.setPixelSize(size)
    font.setWeight(weight)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetrics(font).elidedText(text or "", Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def qimage(values: Array) -> QImage:
    """8-bit grey or RGB as an image of its own memory."""
    height, width = values.shape[:2]
    colour = values.ndim == 3
    form = QImage.Format.Format_RGB888 if colour else QImage.Format.Format_Grayscale8
    return QImage(values.tobytes(), width, height, width * (3 if colour else 1), form).copy()
