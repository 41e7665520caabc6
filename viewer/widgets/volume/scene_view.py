"""A pane in three dimensions: VTK draws off the screen on a thread of its own, the newest picture is painted.

While a picture is being drawn, the hand goes on; what it asked for meanwhile is drawn once, as it stands then.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.errors import N_, ViewerError
from viewer.volume.rendering import Eye, NoOpenGl, Scene
from viewer.volume.returning import give_back
from viewer.widgets import colours
from viewer.widgets.lettering import MARGIN, draw_lines, draw_sentence
from viewer.widgets.look import Look
from viewer.widgets.posting import Post
from viewer.widgets.texts import TileTexts

if TYPE_CHECKING:
    from viewer.volume.rendering import Rgba

TURN_PX = 0.5
"""Degrees for a pixel of a drag."""
KEY_DEGREES, ZOOM_STEP = 10.0, 1.2
REST_MS = 250
MAX_ZOOM, MIN_ZOOM = 30.0, 0.2
PREPARING = N_("Preparing the view in three dimensions…")
NOTHING = N_("Choose a tissue to draw at the right.")
FAILED = N_("This view could not be drawn. The planes are not affected.")
SIDES = {
    Qt.Key.Key_F: Eye(0), Qt.Key.Key_L: Eye(90), Qt.Key.Key_B: Eye(180), Qt.Key.Key_R: Eye(-90),
    Qt.Key.Key_U: Eye(0, 89), Qt.Key.Key_D: Eye(0, -89),
}  # fmt: skip
"""Front, left, back, right, from above, from below."""
SIDE_WORDS = {
    (0, 0): N_("From the front"), (90, 0): N_("From the left"), (180, 0): N_("From behind"),
    (-90, 0): N_("From the right"), (0, 89): N_("From above"), (0, -89): N_("From below"),
}  # fmt: skip
FROM_ELSEWHERE = N_("Turned {turn}°, raised {raised}°")
FIELD = (0.0, 0.0, 0.0)


class SceneView(QWidget):
    """`on_scene(deed)` changes what is drawn; `turned` says the eye. A machine without OpenGL is told so in words."""

    entered = Signal(object)
    enlarged = Signal(object)
    turned = Signal()
    refused = Signal(str)
    """There is no three-dimensional picture on this machine, and why."""
    pointed = Signal(object)
    """(origin, direction) of a line of sight in mm: a click while `points` is set."""

    def __init__(self, texts: TileTexts, look: Look, name: str) -> None:
        super().__init__()
        self.texts, self.look, self.name = texts, look, name
        self.eye = Eye()
        self.points = False
        self.overlay: Callable[[QPainter], None] | None = None
        self.empty = True
        self.error = ""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="scene")
        self._post = Post(self)
        self._scene: Scene | None = None
        self._picture: QImage | None = None
        self._busy = self._wanted = self._moving = self._closed = self._changed = False
        self._last = QPointF()
        self._pressed = QPointF()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._come_to_rest)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(texts.say(name))
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(420, 320)

    # -- the scene, on its thread ---------------------------------------------------------------------------
    def on_scene(self, deed: Callable[[Scene], None], *, draws: bool = True) -> None:
        """Run a deed on the scene in its thread, then draw. What it raises is shown as a sentence."""
        if self._closed or self.error:
            return
        if draws:
            self.empty = False

        def work() -> None:
            try:
                deed(self._scene_of_thread())
                self._changed = True
            except ViewerError as error:
                sentence, absent = self.texts.sentence(error), isinstance(error, NoOpenGl)
                self._post.post(lambda: self._fail(sentence, absent=absent))
            except Exception:
                self._post.post(lambda: self._fail(self.texts.say(FAILED), absent=False))
            else:
                self._post.post(self.draw)

        self._pool.submit(work)
        self._describe()

    def _scene_of_thread(self) -> Scene:
        if self._scene is None:
            self._scene = Scene(FIELD)
        return self._scene

    def _fail(self, sentence: str, *, absent: bool) -> None:
        self.error = sentence
        self._picture = None
        self._describe()
        self.update()
        if absent:
            self.refused.emit(sentence)

    def draw(self) -> None:
        """Draw soon, as things stand then."""
        if self._busy:
            self._wanted = True
            return
        if self._closed or self.error or self.empty or not self.isVisible():
            return
        self._busy, self._wanted = True, False
        ratio = self.devicePixelRatioF()
        width, height = max(16, round(self.width() * ratio)), max(16, round(self.height() * ratio))
        eye, moving = self.eye, self._moving

        def work() -> None:
            try:
                found = self._scene_of_thread().picture(width, height, eye, moving=moving)
            except ViewerError as error:
                sentence, absent = self.texts.sentence(error), isinstance(error, NoOpenGl)
                self._post.post(lambda: self._fail(sentence, absent=absent))
            else:
                self._post.post(lambda: self._arrive(found, ratio))
                self._clear_up()

        self._pool.submit(work)

    def _clear_up(self) -> None:
        """After the first picture of something else: what was needed to bring it to the driver goes back."""
        changed, self._changed = self._changed, False
        if changed:
            give_back()

    def _arrive(self, found: Rgba, ratio: float) -> None:
        self._busy = False
        height, width = found.shape[:2]
        image = QImage(found.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
        image.setDevicePixelRatio(ratio)
        self._picture = image
        self.update()
        if self._wanted:
            self.draw()

    @property
    def busy(self) -> bool:
        """Whether a picture is still to come."""
        return (
            not (self.error or self.empty or self._closed)
            and self.isVisible()
            and (self._busy or self._picture is None)
        )

    def look_from(self, eye: Eye, *, moving: bool = False) -> None:
        """See from elsewhere; coarsely while a hand moves."""
        self.eye = eye
        self._moving = moving
        if moving:
            self._rest.start()
        self._describe()
        self.turned.emit()
        self.draw()

    def _come_to_rest(self) -> None:
        self._moving = False
        self.draw()

    def close_scene(self) -> None:
        """End the thread and give the memory back."""
        if self._closed:
            return
        self._closed = True
        self._rest.stop()
        self._post.close()
        scene = self._scene
        if scene is not None:
            self._pool.submit(scene.close)
            self._pool.submit(give_back)
        self._scene = self._picture = None
        self._pool.shutdown(wait=False)

    # -- painting -------------------------------------------------------------------------------------------
    def _describe(self) -> None:
        if self.error or self.empty:
            self.setAccessibleDescription(self.error or self.texts.say(NOTHING))
            return
        self.setAccessibleDescription(self.side_words())

    def side_words(self) -> str:
        """From where the picture is seen."""
        named = SIDE_WORDS.get((round(self.eye.azimuth), round(self.eye.height)))
        if named:
            return self.texts.say(named)
        return self.texts.say(
            N_("Turned {turn}°, raised {raised}°"), turn=round(self.eye.azimuth), raised=round(self.eye.height)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The newest picture, or why there is none."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.FIELD))
        font = painter.font()
        font.setPixelSize(self.look.px(12))
        painter.setFont(font)
        inner = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        if self._picture is not None and not self.empty:
            painter.drawImage(QRectF(self.rect()), self._picture)
            lines = [self.texts.say(self.name), self.side_words()]
            if self.overlay is not None:
                self.overlay(painter)
        else:
            words = self.error or self.texts.say(NOTHING if self.empty else PREPARING)
            draw_sentence(
                painter, inner.adjusted(24, 24, -24, -24), words, colours.WARNING if self.error else colours.MUTED
            )
            lines = [self.texts.say(self.name)]
        draw_lines(painter, inner, lines, Qt.AlignmentFlag.AlignLeft)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.FOCUS), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As large as the pane."""
        super().resizeEvent(event)
        self.draw()

    def showEvent(self, event: QShowEvent) -> None:
        """A pane that comes into view is drawn."""
        super().showEvent(event)
        self.draw()

    # -- hands ----------------------------------------------------------------------------------------------
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self.entered.emit(self)
        self._last = self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Left turns; middle or right moves."""
        by = event.position() - self._last
        self._last = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            azimuth = (self.eye.azimuth - by.x() * TURN_PX + 180) % 360 - 180
            height = max(-89.0, min(89.0, self.eye.height + by.y() * TURN_PX))
            self.look_from(replace(self.eye, azimuth=azimuth, height=height), moving=True)
        elif event.buttons():
            x, y = self.eye.shift
            part = 120.0 / max(1, self.height()) / self.eye.zoom * 2
            self.look_from(replace(self.eye, shift=(x + by.x() * part, y - by.y() * part)), moving=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that did not move points at the surface, while points are set."""
        moved = (event.position() - self._pressed).manhattanLength() > 4
        if self.points and not moved and event.button() == Qt.MouseButton.LeftButton and self._scene is not None:
            self._point_at(event.position())

    def _point_at(self, at: QPointF) -> None:
        x, y, width, height, eye = at.x(), at.y(), self.width(), self.height(), self.eye

        def work() -> None:
            found = self._scene_of_thread().ray(x, y, width, height, eye)
            self._post.post(lambda: self.pointed.emit(found))

        self._pool.submit(work)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Alone, or among the others again."""
        if not self.points:
            self.enlarged.emit(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Larger and smaller."""
        self._zoom(ZOOM_STEP ** (event.angleDelta().y() / 120))
        event.accept()

    def _zoom(self, factor: float) -> None:
        zoom = min(max(self.eye.zoom * factor, MIN_ZOOM), MAX_ZOOM)
        self.look_from(replace(self.eye, zoom=zoom), moving=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows turn, + and - zoom, Home as it was, F B L R U D the six sides."""
        turns = {Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        key = Qt.Key(event.key())
        if key in turns:
            azimuth = (self.eye.azimuth + turns[key][0] * KEY_DEGREES + 180) % 360 - 180
            height = max(-89.0, min(89.0, self.eye.height + turns[key][1] * KEY_DEGREES))
            self.look_from(replace(self.eye, azimuth=azimuth, height=height), moving=True)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom(1 / ZOOM_STEP if key == Qt.Key.Key_Minus else ZOOM_STEP)
        elif key == Qt.Key.Key_Home:
            self.look_from(Eye())
        elif key in SIDES and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            self.look_from(replace(SIDES[key], zoom=self.eye.zoom))
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
