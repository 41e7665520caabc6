"""One picture of a volume on the screen: cells as greys, zoom and place, marks over it, keys and wheel.

Positions of a pointer become millimetres of the patient through the picture that is shown, so that every pane measures
in the same space, curved ones too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.errors import N_
from viewer.model.volume_plan import Place
from viewer.volume.grid import Cells
from viewer.widgets import colours
from viewer.widgets.lettering import MARGIN, draw_lines, draw_sentence
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume import drawing, hands
from viewer.widgets.volume.state import VolumeState
from viewer.widgets.volume.windows import GreyTable

ZOOM_STEP = 1.2
LEAST_ZOOM, GREATEST_ZOOM = 0.05, 80.0
SMOOTH_BELOW = 6.0
WINDOW_LINE = N_("W {width}  C {center}")


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture and where its pixels lie in the patient; (0, 0) is the centre of the first pixel."""

    cells: Cells
    pixel_mm: float
    to_mm: Callable[[float, float], Place]
    to_pixel: Callable[[Place], tuple[float, float, float]]
    """(x, y) of the place, and how many millimetres it lies behind the picture."""
    letters: tuple[str, str, str, str] = ("", "", "", "")
    """Patient directions at the left, right, upper and lower edge."""


class CellsView(QWidget):
    """Base of the panes. Subclasses give `picture()`; `reach_mm` is how far from it a mark still belongs to it."""

    entered = Signal(object)
    """It was clicked or given the focus: the pane in hand."""
    enlarged = Signal(object)
    """Double click: alone, or among the others again."""
    seeded = Signal(tuple)
    """A place of the patient was pointed at for the tool in hand (airway, condyle)."""

    def __init__(self, state: VolumeState, texts: TileTexts, look: Look, name: str) -> None:
        super().__init__()
        self.state, self.texts, self.look, self.name = state, texts, look, name
        self.shown: Shown | None = None
        self.sentence = ""
        self.warnings: tuple[str, ...] = ()
        self.zoom = 0.0
        """Logical pixels for a millimetre; 0 fits the picture."""
        self.offset = QPointF(0, 0)
        """Millimetres from the middle of the picture to the middle of the pane."""
        self._table = GreyTable()
        self._image: QImage | None = None
        self.hand: hands.Hand | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(120, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(texts.say(name))
        state.windowed.connect(self._regrey)
        state.planned.connect(self.update)
        state.tool_taken.connect(lambda _tool: self._show_cursor())
        self._show_cursor()

    # -- for subclasses -------------------------------------------------------------------------------------
    def picture(self) -> Shown | None:
        """The cells to be shown now; None while there are none."""
        return self.shown

    @property
    def reach_mm(self) -> float:
        """How far before or behind the picture a mark is still drawn on it."""
        return max(self.state.slab_mm / 2, 1.5 * min(self.state.volume.steps_mm))

    def paint_over(self, painter: QPainter) -> None:
        """Lines of this pane over the picture, in logical pixels."""

    def caption(self) -> list[str]:
        """Lines in the upper left corner."""
        return [self.texts.say(self.name)]

    def grab_at(self, at: QPointF) -> hands.Hand | None:
        """What a press takes in hand before the tool is asked (a handle of the pane)."""
        return None

    def step(self, count: int) -> None:
        """To the next picture but `count - 1`."""

    @property
    def busy(self) -> bool:
        """Whether another picture is under way."""
        return False

    # -- showing --------------------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Cut anew; nothing is cut for a pane that is hidden."""
        if not self.isVisible():
            self.shown = None
            return
        self.put(self.picture())

    def put(self, shown: Shown | None) -> None:
        """Show this picture."""
        self.shown = shown
        self._regrey()

    def let_go(self) -> None:
        """Hold nothing of the volume any more."""
        self.shown = self._image = self.hand = None

    def _regrey(self) -> None:
        if self.shown is None:
            self._image = None
        else:
            state = self.state
            grey = self._table.grey(state.volume, self.shown.cells, state.window, inverted=state.inverted)
            rows, columns = grey.shape
            self._image = QImage(grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()
        self.setAccessibleDescription(" · ".join([*self.caption(), *self.warnings]))
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """A pane that comes into view is cut."""
        super().showEvent(event)
        if self.shown is None:
            self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(420, 320)

    # -- geometry -------------------------------------------------------------------------------------------
    @property
    def scale(self) -> float:
        """Logical pixels for a millimetre."""
        if self.zoom > 0 or self.shown is None:
            return self.zoom or 1.0
        rows, columns = self.shown.cells.shape
        wide, tall = columns * self.shown.pixel_mm, rows * self.shown.pixel_mm
        return float(max(LEAST_ZOOM, min(self.width() / wide, self.height() / tall)))

    def _corner(self) -> QPointF:
        """Logical position of the outer corner of the first pixel."""
        assert self.shown is not None
        rows, columns = self.shown.cells.shape
        pixel = self.shown.pixel_mm * self.scale
        middle = QPointF(self.width() / 2, self.height() / 2) + self.offset * self.scale
        return middle - QPointF(columns * pixel / 2, rows * pixel / 2)

    def picture_area(self) -> QRectF:
        """Where the picture lies in the pane."""
        assert self.shown is not None
        rows, columns = self.shown.cells.shape
        pixel = self.shown.pixel_mm * self.scale
        return QRectF(self._corner(), QSizeF(columns * pixel, rows * pixel))

    def to_widget(self, place: Place) -> tuple[QPointF, float]:
        """Where a place of the patient stands in the pane, and how far behind the picture it lies in mm."""
        if self.shown is None:
            return QPointF(), float("inf")
        x, y, depth = self.shown.to_pixel(place)
        pixel = self.shown.pixel_mm * self.scale
        return self._corner() + QPointF((x + 0.5) * pixel, (y + 0.5) * pixel), depth

    def to_patient(self, at: QPointF) -> Place | None:
        """The place of the patient under a point of the pane."""
        if self.shown is None:
            return None
        pixel = self.shown.pixel_mm * self.scale
        found = (at - self._corner()) / pixel
        return self.shown.to_mm(found.x() - 0.5, found.y() - 0.5)

    def fit(self) -> None:
        """The whole picture, in the middle."""
        self.zoom, self.offset = 0.0, QPointF(0, 0)
        self.update()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Larger or smaller about a point of the pane (its middle without one)."""
        before = self.scale
        self.zoom = min(max(before * factor, LEAST_ZOOM), GREATEST_ZOOM)
        if about is not None:  # what lies under the pointer stays there
            away = about - QPointF(self.width() / 2, self.height() / 2)
            self.offset += away * (1 / self.zoom - 1 / before)
        self.update()

    # -- painting -------------------------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, drawings, words, focus."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.FIELD))
        if self._image is None or self.shown is None:
            area = QRectF(self.rect()).adjusted(2 * MARGIN, 2 * MARGIN, -2 * MARGIN, -2 * MARGIN)
            draw_sentence(painter, area, self.sentence, colours.MUTED)
        else:
            rows, columns = self.shown.cells.shape
            pixel = self.shown.pixel_mm * self.scale
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, pixel < SMOOTH_BELOW)
            painter.drawImage(
                QRectF(self._corner(), QPointF(columns * pixel, rows * pixel) + self._corner()), self._image
            )
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            drawing.paint_plan(painter, self)
            self.paint_over(painter)
            if self.hand is not None:
                self.hand.paint(painter)
        self._paint_words(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.FOCUS), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_words(self, painter: QPainter) -> None:
        font = painter.font()
        font.setPixelSize(self.look.px(12))
        painter.setFont(font)
        inner = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        caption = self.caption()
        draw_lines(painter, inner, caption, Qt.AlignmentFlag.AlignLeft)
        if self.warnings:
            under = inner.adjusted(0, painter.fontMetrics().lineSpacing() * len(caption), 0, 0)
            draw_lines(painter, under, self.warnings, Qt.AlignmentFlag.AlignLeft, colours.WARNING)
        if self.shown is not None:
            drawing.paint_letters(painter, self, self.shown.letters)
            drawing.paint_ruler(painter, self)

    def _show_cursor(self) -> None:
        self.setCursor(hands.CURSORS.get(self.state.tool, Qt.CursorShape.CrossCursor))

    # -- hands ----------------------------------------------------------------------------------------------
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Left: handle or tool; right: grey levels; middle: move."""
        self.entered.emit(self)
        if self.shown is None:
            return
        if self.hand is not None:
            self.hand.press(event.position())
        else:
            self.hand = self._hand_for(event)
            if self.hand is not None:
                self.hand.press(event.position())
        self._drop_if_done()

    def _hand_for(self, event: QMouseEvent) -> hands.Hand | None:
        if event.button() == Qt.MouseButton.RightButton:
            return hands.WindowHand(self)
        if event.button() == Qt.MouseButton.MiddleButton:
            return hands.PanHand(self)
        return self.grab_at(event.position()) or hands.hand_of(self, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The hand moves."""
        if self.hand is not None:
            self.hand.move(event.position(), pressed=event.buttons() != Qt.MouseButton.NoButton)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The hand lets go."""
        if self.hand is not None:
            self.hand.release(event.position())
        self._drop_if_done()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Alone, or among the others again, unless the tool sets points."""
        if self.hand is None and self.state.tool in hands.LOOKING and event.button() == Qt.MouseButton.LeftButton:
            self.enlarged.emit(self)

    def _drop_if_done(self) -> None:
        if self.hand is not None and self.hand.done:
            self.hand = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Through the slices; with Ctrl larger and smaller."""
        steps = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(ZOOM_STEP**steps, event.position())
        elif steps:
            self.step(-1 if steps > 0 else 1)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Up and Down through the slices, + and - zoom, Home the whole picture, Escape drops what is begun."""
        key = event.key()
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            fast = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.step(fast if key == Qt.Key.Key_PageDown else -fast)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom_by(1 / ZOOM_STEP if key == Qt.Key.Key_Minus else ZOOM_STEP)
        elif key == Qt.Key.Key_Home:
            self.fit()
        elif key == Qt.Key.Key_Escape and self.hand is not None:
            self.hand = None
            self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The pane in hand."""
        super().focusInEvent(event)
        self.entered.emit(self)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No more."""
        super().focusOutEvent(event)
        self.update()
