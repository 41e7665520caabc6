"""Another image over the image of a tile: mixed, in two colours, behind a curtain, in turn, or its difference."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QTransform

from viewer.errors import N_
from viewer.model.alignment import Alignment, Origin, Plane
from viewer.model.registration import verdict
from viewer.model.view import Point, View
from viewer.pixels.picture import Picture
from viewer.pixels.voi import Voi
from viewer.widgets import colours
from viewer.widgets.lettering import MARGIN, draw_lines
from viewer.widgets.raster import Raster
from viewer.widgets.texts import TileTexts
from viewer.widgets.tile_board import TileBoard
from viewer.widgets.tile_painting import is_compact


class Mode(StrEnum):
    """How two images are shown in one tile."""

    OVERLAY = "overlay"
    COLOURS = "colours"
    SWIPE = "swipe"
    BLINK = "blink"
    DIFFERENCE = "difference"


MODE_NAMES = {
    Mode.OVERLAY: N_("Overlay"),
    Mode.COLOURS: N_("Two colours"),
    Mode.SWIPE: N_("Curtain"),
    Mode.BLINK: N_("Blink"),
    Mode.DIFFERENCE: N_("Difference"),
}
COMPARED = N_("Compared with {name}")
NOT_ALIGNED = N_("Not aligned")
PROPOSED = N_("Proposed alignment: check it, then accept it")
BY_POINTS = N_("Aligned by two points")
BY_PICTURE = N_("Aligned by the picture")
QUALITY = N_("agreement {percent}% ({word})")
VERDICTS = {"good": N_("good"), "doubtful": N_("doubtful"), "poor": N_("poor")}
PREVIEW_OF_OTHER = N_("The other image is still a preview")


class ComparisonLayer:
    """What lies over the tile's own image. Its owner sets the fields and has the tile painted."""

    def __init__(self, picture: Picture, name: str, fixed: Plane, moving: Plane, alignment: Alignment) -> None:
        self.name = name
        self.fixed, self.moving, self.alignment = fixed, moving, alignment
        self.mode = Mode.OVERLAY
        self.amount = 0.5
        """Part of the other image that is mixed in, or the place of the curtain, 0 to 1."""
        self.other_turn = False
        """Whether blinking shows the other image now."""
        self.alone = False
        """Whether only the other image is shown, while points are set on it."""
        self.take(picture)

    def take(self, picture: Picture) -> None:
        """Another picture of the same image: the original after its preview."""
        self.picture = picture
        self._raster = Raster(picture)
        self.voi: Voi = picture.voi
        self._mixed_key: object = None
        self._mixed = QImage()

    # -- geometry

    def to_widget(self, tile: TileBoard, point: Point) -> QPointF:
        """Where a point of the other image stands in the tile."""
        return tile.to_widget(self.fixed.pixel(self.alignment.similarity.apply(self.moving.flat(point))))

    def to_moving(self, point: Point) -> Point:
        """The point of the other image that lies over a point of the tile's own."""
        return self.moving.pixel(self.alignment.similarity.inverse().apply(self.fixed.flat(point)))

    def curtain(self, tile: TileBoard) -> float:
        """Where the curtain hangs, in logical pixels from the left."""
        return self.amount * tile.width()

    # -- painting

    def paint(self, painter: QPainter, tile: TileBoard) -> None:
        if tile.view is None:
            return
        if self.alone or (self.mode is Mode.BLINK and self.other_turn):
            self._paint_alone(painter, tile, QRectF(tile.rect()))
        elif self.mode is Mode.OVERLAY:
            painter.save()
            painter.setOpacity(self.amount)
            self._draw(painter, tile)
            painter.restore()
        elif self.mode is Mode.SWIPE:
            left = self.curtain(tile)
            self._paint_alone(painter, tile, QRectF(left, 0, tile.width() - left, tile.height()))
            self._paint_curtain(painter, tile, left)
        elif self.mode in (Mode.COLOURS, Mode.DIFFERENCE):
            painter.drawImage(QPointF(0, 0), self._blended(tile, tile.view))
        self._paint_words(painter, tile)

    def describe(self, tile: TileBoard) -> str:
        return ", ".join(self.words(tile.texts, tile))

    def words(self, texts: TileTexts, tile: TileBoard) -> list[str]:
        """With what, how, and how far the alignment may be believed."""
        return [" · ".join(group) for group in self._word_groups(texts, tile)]

    def _word_groups(self, texts: TileTexts, tile: TileBoard) -> list[list[str]]:
        mode = texts.say(MODE_NAMES[self.mode])
        if self.mode is Mode.OVERLAY:
            percent = tile.locale().toString(round(self.amount * 100))
            mode = f"{mode} {texts.zoom.format(percent=percent)}"
        found = [[texts.say(COMPARED, name=self.name), mode], alignment_parts(self.alignment, texts)]
        return [*found, *([[texts.say(PREVIEW_OF_OTHER)]] if self.picture.is_preview else [])]

    def _paint_words(self, painter: QPainter, tile: TileBoard) -> None:
        """Under the lines at the top, which belong to the patient and the image; broken where the tile is narrow."""
        inner = QRectF(tile.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        metrics = QFontMetricsF(painter.font())
        left, right = len(tile.captions.left), len(tile.captions.right)
        above = left + right if is_compact(inner, metrics) else max(left, right)
        inner.setTop(inner.top() + (above + 0.5) * metrics.lineSpacing())
        trust = colours.TEXT if self.alignment.accepted else colours.WARNING
        for place, group in enumerate(self._word_groups(tile.texts, tile)):
            whole = " · ".join(group)
            lines = [whole] if metrics.horizontalAdvance(whole) <= inner.width() else group
            draw_lines(painter, inner, lines, Qt.AlignmentFlag.AlignHCenter, trust if place else colours.TEXT)
            inner.setTop(inner.top() + len(lines) * metrics.lineSpacing())

    def _paint_alone(self, painter: QPainter, tile: TileBoard, area: QRectF) -> None:
        painter.save()
        painter.setClipRect(area)
        painter.fillRect(area, QColor(colours.FIELD))
        self._draw(painter, tile)
        painter.restore()

    @staticmethod
    def _paint_curtain(painter: QPainter, tile: TileBoard, left: float) -> None:
        middle = QPointF(left, tile.height() / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((colours.HALO, 4.0), (colours.REFERENCE, 2.0)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawLine(QPointF(left, 0), QPointF(left, tile.height()))
            for side in (-1, 1):
                tip = middle + QPointF(14 * side, 0)
                painter.drawLine(tip, middle + QPointF(8 * side, -6))
                painter.drawLine(tip, middle + QPointF(8 * side, 6))

    def _draw(self, painter: QPainter, tile: TileBoard) -> None:
        """The other image at its place, its window its own."""
        assert tile.view is not None
        image, target = self._whole(tile.view)
        origin, across, down = (self.to_widget(tile, point) for point in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)))
        across, down = across - origin, down - origin
        painter.save()
        painter.setTransform(
            QTransform(across.x(), across.y(), down.x(), down.y(), origin.x(), origin.y()), combine=True
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image)
        painter.restore()

    def _whole(self, view: View) -> tuple[QImage, QRectF]:
        """All of the other image at the reduction that this zoom needs."""
        picture = self.picture
        scale = view.scale * self.alignment.similarity.scale
        size = max(1, round(picture.columns * scale)), max(1, round(picture.rows * picture.aspect * scale))
        middle = picture.columns / 2, picture.rows / 2
        whole = View(picture.columns, picture.rows, *size, picture.aspect, scale, middle)
        return self._raster.cut(whole, self.voi, invert=False)

    def _blended(self, tile: TileBoard, view: View) -> QImage:
        """Difference or two colours, at half the pixels while a hand moves."""
        ratio = tile.devicePixelRatioF() / (2.0 if tile.in_hurry else 1.0)
        key = (view, tile.voi, tile.inverted, self.mode, self.alignment, self.voi, ratio, id(self.picture))
        if key != self._mixed_key:
            own, other = self._canvas(tile, ratio), self._canvas(tile, ratio)
            painter = QPainter(own)
            tile.paint_pixels(painter, view, QRectF(tile.rect()))
            painter.end()
            painter = QPainter(other)
            self._draw(painter, tile)
            painter.end()
            blend(_bytes(own), _bytes(other), self.mode)
            self._mixed_key, self._mixed = key, own
        return self._mixed

    @staticmethod
    def _canvas(tile: TileBoard, ratio: float) -> QImage:
        size = max(1, round(tile.width() * ratio)), max(1, round(tile.height() * ratio))
        canvas = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
        canvas.setDevicePixelRatio(ratio)
        canvas.fill(Qt.GlobalColor.transparent)
        return canvas


def alignment_parts(alignment: Alignment, texts: TileTexts) -> list[str]:
    """Where the alignment comes from, and how good it is; a proposal says that it is one."""
    if alignment.origin is Origin.FITTED:
        return [texts.say(NOT_ALIGNED)]
    named = BY_POINTS if alignment.origin is Origin.POINTS else BY_PICTURE
    said = texts.say(named if alignment.accepted else PROPOSED)
    if alignment.quality is None:
        return [said]
    word = texts.say(VERDICTS[verdict(alignment.quality)])
    return [said, texts.say(QUALITY, percent=round(alignment.quality * 100), word=word)]


def alignment_words(alignment: Alignment, texts: TileTexts) -> str:
    """The same as one line."""
    return " · ".join(alignment_parts(alignment, texts))


def blend(own: NDArray[np.uint8], other: NDArray[np.uint8], mode: Mode) -> None:
    """Write the difference or the two-colour picture of two BGRA pictures over `own`.

    Difference: 127 + (own − other) / 2, so that mid-grey means “the same”. Two colours: red from the other image, green
    and blue from the own, so that grey means “the same”. Where the other image is not, the own one stays.
    """
    lying = other[..., 3] != 0
    if mode is Mode.COLOURS:
        np.copyto(own[..., 2], other[..., 2], where=lying)
        return
    mixed = (own[..., :3] >> 1) + (255 - other[..., :3] >> 1)
    np.copyto(own[..., :3], mixed, where=lying[..., None])


def _bytes(image: QImage) -> NDArray[np.uint8]:
    """The pixels of an image as (rows, columns, BGRA), in place."""
    memory: Any = image.bits()
    return np.ndarray((image.height(), image.width(), 4), np.uint8, buffer=memory)
