"""One image of a list: its small picture, what it is and when it was taken."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from shiboken6 import isValid

from app.core.i18n import N_, _
from app.imaging.queries import VIEWS, ImageLine, thumbnail
from ui.shell.bench import Bench
from ui.shell.formats import day
from ui.theme import paint
from ui.theme.focus import from_keyboard, hide_ring, show_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import THEMES
from ui.theme.tokens.metrics import TYPE, Weight

SIDE = 148
"""Pixels of the picture's side at 100 % text."""
MOST = 1.5
"""Text scale above which the picture grows no more."""
_RADIUS = 7
PHOTOGRAPHIC = ("XC", "ES", "GM")
"""Modalities of photographs."""
MODALITIES = {
    "PX": N_("Panoramic"), "DX": N_("X-ray"), "IO": N_("Intraoral X-ray"), "CR": N_("X-ray"), "CT": N_("CT"),
    "XC": N_("Photograph"), "ES": N_("Photograph"), "GM": N_("Photograph"), "MR": N_("MRI"), "US": N_("Ultrasound"),
    "OT": N_("Other image"),
}  # fmt: skip


def image_words(image: ImageLine, modality: str, description: str | None) -> str:
    """What the image is: the view that somebody assigned, else how it was described, else its kind."""
    if image.view is not None:
        return _(VIEWS[image.view].name)
    return description or _(MODALITIES.get(modality, MODALITIES["OT"]))


class Thumbnail(QAbstractButton):
    """Pressed, it opens the image. The picture is read off the main thread."""

    def __init__(self, bench: Bench, image: ImageLine, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = image
        self._picture: QImage | None = None
        self._words = words
        taken = day(image.acquired_on, short=True) if image.acquired_on else ""
        self._under = taken
        self.setAccessibleName(" · ".join(part for part in (words, taken) if part))
        self.setToolTip(self.accessibleName())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)
        runner, actor = bench.runner, bench.actor
        bench.background(lambda: thumbnail(runner, actor, image.instance_id), self._take)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _take(self, future: Future[bytes | None]) -> None:
        if isValid(self) and future.exception() is None:
            content = future.result()
            self._picture = QImage.fromData(content) if content else None
            self.update()

    @staticmethod
    def side() -> int:
        """The side of the picture in px: the words under it have its width, so it grows with them."""
        return round(SIDE * min(theme.text_scale, MOST))

    def sizeHint(self) -> QSize:
        """A square picture over two lines."""
        return QSize(self.side(), self.side() + theme.px(TYPE["small"].line) * 2 + 8)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when focus came from the keyboard."""
        super().focusInEvent(event)
        if from_keyboard(event.reason()):
            show_ring(self, _RADIUS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture on black, words under it; long ones end in an ellipsis."""
        painter = QPainter(self)
        paint.ready(painter)
        side = self.side()
        square = QRectF(0, 0, side, side)
        painter.save()
        paint.card_clip(painter, square, _RADIUS)
        painter.fillRect(square, QColor(THEMES["reading"].colours.sunken))
        if self._picture is not None and not self._picture.isNull():
            self._draw_picture(painter, square)
        else:
            icon = theme.pixmap("image", theme.colour("rail_text"), 32, ratio=self.devicePixelRatioF())
            paint.shape(painter, icon, (side - theme.px(32)) / 2, (side - theme.px(32)) / 2)
        painter.restore()
        chosen = self.isChecked()
        edge = theme.colour("focus" if chosen else "control" if self.underMouse() else "border")
        paint.rounded(painter, square, _RADIUS, None, edge, width=2 if chosen else theme.tokens.line)
        line = theme.px(TYPE["small"].line)
        lines = ((self._words, "text", Weight.SEMIBOLD, side + 4), (self._under, "muted", None, side + 4 + line))
        for words, ink, weight, top in lines:
            painter.setFont(theme.font("small", weight))
            painter.setPen(theme.colour(ink))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, side)
            painter.drawText(QRectF(0, top, side, line), Qt.AlignmentFlag.AlignVCenter, shown)

    def _draw_picture(self, painter: QPainter, square: QRectF) -> None:
        assert self._picture is not None
        size = self._picture.size().scaled(square.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(square.center())
        painter.drawImage(place, self._picture)
