"""The pages as they will lie in the printer, under one another; each says its text to assistive technology."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from ui.printing.marks import Composition, Text
from ui.printing.painting import picture_of
from ui.printing.papers import SHEETS
from ui.theme.style import on_theme_change, theme
from ui.widgets.cards import EmptyState

MOST_WIDTH = 900
"""Pixels at 100 % text; a page is no larger than it can be read."""
PAD = 16


class PageSheet(QWidget):
    """One page. A click on a place of a label sheet asks to begin there (`place_chosen`, from 0)."""

    place_chosen = Signal(int)

    def __init__(self, composition: Composition, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composition, self._number = composition, number
        self._picture: QImage | None = None
        name = _(N_("Page {number} of {count}"), number=number + 1, count=len(composition.pages))
        self.setAccessibleName(name)
        self.setAccessibleDescription(text_of(composition, number))

    def fit(self, width: int) -> None:
        """Take a width in px; the height follows the paper."""
        across, down = self._composition.page_size()
        self._picture = None
        self.setFixedSize(width, round(width * down / across))

    def _scale(self) -> float:
        return float(self.width() / self._composition.page_size()[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture of the page, made when it first comes into sight, and the edges of labels."""
        ratio = self.devicePixelRatioF()
        if self._picture is None:
            self._picture = picture_of(self._composition, self._number, self._scale() * ratio)
            self._picture.setDevicePixelRatio(ratio)
        painter = QPainter(self)
        painter.drawImage(QPointF(0, 0), self._picture)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(QPen(theme.colour("border"), 1, Qt.PenStyle.DashLine))
        for place in self._places():
            painter.drawRect(place)

    def _places(self) -> Iterator[QRectF]:
        sheet = SHEETS.get(self._composition.sheet)
        if sheet is None:
            return
        scale = self._scale()
        width, height = sheet.label_size()
        for index in range(sheet.count):
            x, y = sheet.place(index)
            yield QRectF(x * scale, y * scale, width * scale, height * scale)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the first free label by pointing at it, on the first sheet."""
        for index, place in enumerate(self._places()):
            if self._number == 0 and place.contains(event.position()):
                self.place_chosen.emit(index)


def text_of(composition: Composition, number: int) -> str:
    """What stands on a page, in the order in which it is read: cell after cell, row after row."""
    return "\n".join(mark.text for mark in composition.pages[number].marks if isinstance(mark, Text) and mark.text)


class Preview(QScrollArea):
    """The pages of a composition, or why there are none. A stop of the Tab key, for arrows and Page Down."""

    place_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._inner, self._pages_host = QWidget(), QWidget()
        self._stack = QStackedLayout(self._inner)
        self._column = QVBoxLayout(self._pages_host)
        self._column.setContentsMargins(PAD, PAD, PAD, PAD)
        self._column.setSpacing(PAD)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._problem = EmptyState("printer", "", "")
        self._stack.addWidget(self._pages_host)
        self._stack.addWidget(self._problem)
        self.setWidget(self._inner)
        self.pages: list[PageSheet] = []
        on_theme_change(self._fit)

    def show_pages(self, composition: Composition) -> None:
        """Show the pages of a composition from the top."""
        self._clear()
        for number in range(len(composition.pages)):
            page = PageSheet(composition, number)
            page.place_chosen.connect(self.place_chosen)
            self._column.addWidget(page)
            self.pages.append(page)
        self._stack.setCurrentIndex(0)
        self._fit()
        self.verticalScrollBar().setValue(0)

    def show_problem(self, sentence: str) -> None:
        """Say why there are no pages."""
        self._clear()
        self._problem.tell(sentence, "")
        self._stack.setCurrentIndex(1)

    def _clear(self) -> None:
        for page in self.pages:
            self._column.removeWidget(page)
            page.hide()
            page.deleteLater()
        self.pages = []

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pages follow the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 2 * PAD - self.verticalScrollBar().sizeHint().width()
        for page in self.pages:
            page.fit(max(200, min(room, theme.px(MOST_WIDTH))))
