"""The lines of the command palette as they are drawn: shape, words with what matched in bold, keys or the lock."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.shell.palette_entries import Entry
from ui.theme import paint
from ui.theme.style import theme
from ui.theme.tokens.metrics import RADII, TYPE, Weight

ENTRY: Final = Qt.ItemDataRole.UserRole
_ICON: Final = 20
_LEFT: Final = 12
_TEXT: Final = 44


class EntryDelegate(QStyledItemDelegate):
    """Draws an entry, or the title of a section (an item without entry)."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A title of a section is one small line, an entry two."""
        entry = index.data(ENTRY)
        if not isinstance(entry, Entry):
            return QSize(0, theme.px(TYPE["small"].line) + 12)
        lines = TYPE["body"].line + (TYPE["small"].line if entry.under else 0)
        return QSize(0, max(theme.px(lines) + 9, 48 if theme.touch else 34))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Everything of one line."""
        painter.save()
        paint.ready(painter)
        area = QRectF(option.rect)
        entry = index.data(ENTRY)
        if isinstance(entry, Entry):
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self._entry(painter, area, entry, chosen)
        else:
            painter.setFont(theme.font("small", Weight.SEMIBOLD))
            painter.setPen(theme.colour("muted"))
            words = area.adjusted(_LEFT, 6, -_LEFT, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, str(index.data(Qt.ItemDataRole.DisplayRole)))
        painter.restore()

    def _entry(self, painter: QPainter, area: QRectF, entry: Entry, chosen: bool) -> None:
        if chosen:
            edge = theme.colour("accent") if theme.tokens.high_contrast else None
            paint.rounded(painter, area, RADII.control, theme.colour("accent_soft"), edge, width=2)
        ink = theme.colour("accent" if chosen and not entry.reason else "muted")
        ratio = painter.device().devicePixelRatio()
        pixmap = theme.pixmap(entry.icon, ink, _ICON, "fill" if chosen else "regular", ratio=ratio)
        paint.shape(painter, pixmap, area.left() + _LEFT, area.center().y() - theme.px(_ICON) / 2)
        right = self._end(painter, area, entry)
        left = area.left() + _LEFT + theme.px(_TEXT - _LEFT)
        first, second = theme.px(TYPE["body"].line), theme.px(TYPE["small"].line) if entry.under else 0
        top = area.top() + (area.height() - first - second) / 2
        self._title(painter, QRectF(left, top, right - left - 12, first), entry)
        if entry.under:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("muted"))
            width = right - left - 12
            words = QFontMetricsF(painter.font()).elidedText(entry.under, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(left, top + first, width, second), Qt.AlignmentFlag.AlignVCenter, words)

    @staticmethod
    def _title(painter: QPainter, area: QRectF, entry: Entry) -> None:
        """The words, piece by piece: what matched is bold."""
        painter.setPen(theme.colour("muted" if entry.reason else "text"))
        plain, bold = theme.font("body", Weight.MEDIUM), theme.font("body", Weight.BOLD)
        cuts = sorted({0, len(entry.title), *(place for pair in entry.answer.ranges for place in pair)})
        left = area.left()
        for start, end in pairwise(cuts):
            matched = any(low <= start < high for low, high in entry.answer.ranges)
            painter.setFont(bold if matched else plain)
            metrics = QFontMetricsF(painter.font())
            piece, room = entry.title[start:end], area.right() - left
            if room <= 0:
                return
            words = metrics.elidedText(piece, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QPointF(left, area.top() + (area.height() + metrics.capHeight()) / 2), words)
            left += metrics.horizontalAdvance(piece)

    @staticmethod
    def _end(painter: QPainter, area: QRectF, entry: Entry) -> float:
        """Key caps, or the lock with who may; returns where the words must end."""
        painter.setFont(theme.font("caption"))
        metrics, height = QFontMetricsF(painter.font()), float(theme.height(19, "caption"))
        right, top = area.right() - _LEFT, area.center().y() - height / 2
        if entry.reason:
            words = metrics.elidedText(entry.reason, Qt.TextElideMode.ElideRight, area.width() * 0.4)
            side = theme.px(13)
            box = QRectF(0, top, metrics.horizontalAdvance(words) + side + 18, height)
            box.moveRight(right)
            paint.rounded(painter, box, RADII.chip, theme.colour("sunken"), theme.colour("border"))
            pixmap = theme.pixmap("lock", theme.colour("muted"), 13, "bold", ratio=painter.device().devicePixelRatio())
            paint.shape(painter, pixmap, box.left() + 6, area.center().y() - side / 2)
            painter.setPen(theme.colour("muted"))
            painter.drawText(box.adjusted(side + 10, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, words)
            return box.left()
        ground, edge, ink = paint.key_colours(False)
        for key in reversed(entry.keys):
            box = QRectF(0, top, max(metrics.horizontalAdvance(key) + 12, height), height)
            box.moveRight(right)
            paint.rounded(painter, box, RADII.chip - 1, QColor(ground), QColor(edge))
            painter.setPen(ink)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
            right = box.left() - 4
        return right


class EntryList(QListWidget):
    """Sections and entries; the keyboard stays in the field above, which moves the choice here."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(EntryDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "palette")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)

    def fill(self, sections: list[tuple[str, list[Entry]]]) -> None:
        """Show these, the first entry that can be chosen being the choice."""
        self.clear()
        for title, entries in sections:
            head = QListWidgetItem(title)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(head)
            for entry in entries:
                item = QListWidgetItem(entry.title)
                item.setData(ENTRY, entry)
                told = ", ".join(part for part in (entry.title, entry.under, entry.reason) if part)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
                item.setToolTip(entry.reason or entry.under)
                self.addItem(item)
        rows = self._rows()
        self.setCurrentRow(next((row for row in rows if not self._entry(row).reason), rows[0] if rows else -1))

    def step(self, by: int) -> None:
        """Move the choice over the titles of sections, round the ends."""
        rows = self._rows()
        if rows:
            place = rows.index(self.currentRow()) if self.currentRow() in rows else -1
            self.setCurrentRow(rows[(place + by) % len(rows)])
            self.scrollToItem(self.currentItem())

    def chosen(self) -> Entry | None:
        """The entry that Enter takes."""
        entry = self.currentItem().data(ENTRY) if self.currentItem() is not None else None
        return entry if isinstance(entry, Entry) else None

    def entries(self) -> list[Entry]:
        """Everything that is listed, in order."""
        return [self._entry(row) for row in self._rows()]

    def height_of_all(self) -> int:
        """Pixels that all lines need."""
        return sum(self.sizeHintForRow(row) for row in range(self.count())) + 4

    def _rows(self) -> list[int]:
        return [row for row in range(self.count()) if isinstance(self.item(row).data(ENTRY), Entry)]

    def _entry(self, row: int) -> Entry:
        entry = self.item(row).data(ENTRY)
        assert isinstance(entry, Entry)
        return entry
