"""A test pattern to look at and a card to measure the screen by. Says what it shows, and what it cannot show."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import N_
from viewer.model.gsdf import step_luminances
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts

TITLE = N_("Check the screen")
PROMISE = N_(
    "Look for three things: the small square inside black and inside white can both be told apart, the sixteen steps "
    "are all different, and the fine lines are sharp in all four corners."
)
NO_PROMISE = N_(
    "This shows whether the screen loses detail. It does not prove that the screen follows the DICOM grey scale "
    "(GSDF, PS3.14): that takes a photometer. A screen that was not measured is for viewing, not for a first diagnosis."
)
PHOTOMETER = N_(
    "With a photometer: a screen from {low} to {high} cd/m² that follows the GSDF shows the sixteen steps at "
    "{steps} cd/m²."
)
CARD = N_("Hold a bank card against the rectangle and change the number until both are of one size.")
MILLIMETRES = N_("Width of a screen pixel, in thousandths of a millimetre")
PATTERN = N_("Test pattern: sixteen greys, squares of 5% and 95%, fine lines in the corners")
KEEP = N_("Keep this size")
CLOSE = N_("Close")
CARD_MM = 85.60, 53.98
"""A bank card (ISO/IEC 7810, ID-1)."""
STEPS = 16
SCREEN_CANDELAS = 0.8, 250.0
"""Darkest and lightest luminance of an ordinary good screen in a dim room, the room's own light included."""
LOW, HIGH = 13, 242
"""5 % and 95 % of 255, on 0 and 255, as on the patterns of AAPM TG18 (report OR-03) and SMPTE RP 133."""


WIDTH, SIDE = 660, 290


class Pattern(QWidget):
    """Greys 0 to 255 in sixteen steps round a middle grey, low-contrast squares, line pairs of one and two pixels."""

    def __init__(self, texts: TileTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(420, 320)
        self.setAccessibleName(texts.say(PATTERN))

    def sizeHint(self) -> QSize:
        return QSize(640, 460)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(area, QColor(128, 128, 128))
        side = int(min(area.width() / 8, area.height() / 5))
        self._steps(painter, area, side)
        middle = area.center()
        for shift, outer, inner in ((-1.2, 0, LOW), (0.2, 255, HIGH)):
            square = QRectF(int(middle.x() + shift * side), int(middle.y() - side / 2), side, side)
            painter.fillRect(square, QColor(outer, outer, outer))
            part = side // 2
            painter.fillRect(square.adjusted(part // 2, part // 2, -part // 2, -part // 2), QColor(inner, inner, inner))
        corners = (area.left(), area.right() - side), (area.top(), area.bottom() - side)
        for x in corners[0]:
            for y in corners[1]:
                self._lines(painter, int(x), int(y), side)
        painter.end()

    @staticmethod
    def _steps(painter: QPainter, area: QRectF, side: int) -> None:
        """Eight steps above, eight below, so that neighbours can be compared."""
        left = int(area.center().x() - 4 * side * 0.75)
        for step in range(STEPS):
            grey = round(step * 255 / (STEPS - 1))
            column = step if step < 8 else 15 - step
            top = area.top() + side * 0.4 if step < 8 else area.bottom() - side * 1.15
            painter.fillRect(
                QRectF(left + column * int(side * 0.75), int(top), int(side * 0.75), int(side * 0.75)),
                QColor(grey, grey, grey),
            )

    @staticmethod
    def _lines(painter: QPainter, x: int, y: int, side: int) -> None:
        """Lines of one pixel and of two, upright at the left and level at the right."""
        half = side // 2
        for width, top in ((1, y), (2, y + half)):
            for place in range(0, half - 2, 2 * width):
                painter.fillRect(x + place, top, width, half - 2, QColor(0, 0, 0))
                painter.fillRect(x + place + width, top, width, half - 2, QColor(255, 255, 255))
                painter.fillRect(x + half, top + place, half - 2, width, QColor(0, 0, 0))
                painter.fillRect(x + half, top + place + width, half - 2, width, QColor(255, 255, 255))


class _Card(QWidget):
    """A rectangle as large as a bank card, if the screen pixel has the width that is said."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._mm = look, 0.25

    def set_pixel(self, mm: float) -> None:
        """Draw for a device pixel of this width."""
        self._mm = mm
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        scale = 1 / (self._mm * self.devicePixelRatioF())
        return QSize(round(CARD_MM[0] * scale) + 2, round(CARD_MM[1] * scale) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.accent), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        painter.end()


class ScreenCheck(QDialog):
    """`exec()` is true when the person kept the measured size; `millimetres_of_a_pixel()` is it."""

    def __init__(self, texts: TileTexts, look: Look, screen_mm: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.say(TITLE))
        self.setStyleSheet(f"QDialog {{ background: {look.canvas}; }} QLabel {{ color: {look.text}; }}")
        self._card = _Card(look)
        self._size = QDoubleSpinBox()
        self._size.setRange(20, 2000)
        self._size.setDecimals(1)
        self._size.setAccessibleName(texts.say(MILLIMETRES))
        self._size.valueChanged.connect(lambda value: self._card.set_pixel(value / 1000))
        self._size.setValue(screen_mm * 1000)
        words = QVBoxLayout()
        for text in (texts.say(PROMISE), texts.say(NO_PROMISE), self._luminances(texts)):
            words.addWidget(_sentence(text, look, look.px(WIDTH)))
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(Pattern(texts), 1)
        column.addLayout(words)
        below = QHBoxLayout()
        below.addWidget(self._card)
        right = QVBoxLayout()
        right.addWidget(_sentence(texts.say(CARD), look, look.px(SIDE)))
        label = _sentence(texts.say(MILLIMETRES), look, look.px(SIDE))
        label.setBuddy(self._size)
        right.addWidget(label)
        right.addWidget(self._size)
        right.addStretch(1)
        below.addLayout(right, 1)
        column.addLayout(below)
        buttons = QDialogButtonBox()
        buttons.addButton(texts.say(KEEP), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(texts.say(CLOSE), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _luminances(self, texts: TileTexts) -> str:
        locale = self.locale()
        steps = " · ".join(locale.toString(value, "g", 3) for value in step_luminances(*SCREEN_CANDELAS, STEPS))
        low, high = (locale.toString(value, "g", 3) for value in SCREEN_CANDELAS)
        return texts.say(PHOTOMETER, low=low, high=high, steps=steps)

    def millimetres_of_a_pixel(self) -> float:
        """The width of a device pixel, in mm."""
        return self._size.value() / 1000


def _sentence(text: str, look: Look, width: int) -> QLabel:
    """Words that break into lines, as high as they need to be: layouts do not carry that through."""
    label = QLabel(text)
    font = label.font()
    font.setPixelSize(look.px(13))
    label.setFont(font)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFixedSize(width, label.heightForWidth(width))
    return label
