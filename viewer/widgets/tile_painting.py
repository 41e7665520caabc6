"""How a tile is painted: the image in device pixels, then the words in logical pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform

from viewer.model.view import View, edges
from viewer.pixels.voi import Voi, VoiKind
from viewer.widgets import colours
from viewer.widgets.lettering import MARGIN, draw_lines, draw_sentence, draw_text
from viewer.widgets.raster import Raster

if TYPE_CHECKING:
    from viewer.widgets.tile import Tile

SMOOTH_BELOW = 4.0
"""From this zoom on single pixels are shown as squares: nothing is invented between them."""
SMALL_PX = 240
"""A tile smaller than this shows the first line of each corner only."""


@dataclass(frozen=True)
class Captions:
    """Words of the caller: patient lines, image lines, warnings; already in the user's language."""

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def paint_image(painter: QPainter, tile: Tile, raster: Raster, view: View, voi: Voi) -> None:
    """The visible part of the picture, then captions and focus."""
    ratio = tile.devicePixelRatioF()
    painter.fillRect(tile.rect(), QColor(colours.FIELD))
    image, target = raster.cut(view, voi, tile.inverted)
    painter.save()
    painter.scale(1 / ratio, 1 / ratio)
    painter.setTransform(_transform(view), combine=True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.scale < SMOOTH_BELOW and view.scale != 1)
    painter.drawImage(target, image)
    painter.restore()
    _paint_captions(painter, tile, view, voi)
    _paint_focus(painter, tile)


def paint_state(painter: QPainter, tile: Tile, sentence: str) -> None:
    """A black field with one sentence, for an empty, loading or failed tile."""
    from viewer.widgets.tile import TileState

    painter.fillRect(tile.rect(), QColor(colours.FIELD))
    area = QRectF(tile.rect()).adjusted(2 * MARGIN, 2 * MARGIN, -2 * MARGIN, -2 * MARGIN)
    draw_sentence(painter, area, sentence, colours.ERROR if tile.state is TileState.ERROR else colours.MUTED)
    draw_lines(painter, _inner(tile), tile.captions.left, Qt.AlignmentFlag.AlignLeft)
    _paint_focus(painter, tile)


def describe(tile: Tile, sentence: str) -> str:
    """The state of a tile in words, for a screen reader."""
    if tile.view is None or tile.voi is None:
        return sentence
    parts = [*tile.captions.left, *tile.captions.right, *tile.captions.warnings]
    parts += [window_text(tile, tile.voi), *_changes(tile, tile.view), zoom_text(tile, tile.view)]
    return ", ".join(filter(None, parts))


def window_text(tile: Tile, voi: Voi) -> str:
    """The window as shown at the bottom left; '' for a photograph that nobody has brightened."""
    is_grey = tile.picture is not None and tile.picture.frame.is_grey
    if voi.automatic and not is_grey:
        return ""
    if voi.kind is VoiKind.TABLE:
        return tile.texts.table.format(name=voi.explanation).strip()
    width, center = _number(tile.locale(), voi.width), _number(tile.locale(), voi.center)
    text = tile.texts.window.format(width=width, center=center)
    return f"{text} ({tile.texts.automatic})" if voi.automatic else text


def zoom_text(tile: Tile, view: View) -> str:
    """The zoom as shown at the bottom left; 100 % is one image pixel a screen pixel."""
    return tile.texts.zoom.format(percent=tile.locale().toString(round(view.scale * 100)))


def _number(locale: QLocale, value: float) -> str:
    if abs(value) >= 100:
        return locale.toString(round(value))
    return locale.toString(float(value), "g", 3)


def _changes(tile: Tile, view: View) -> list[str]:
    """What makes the picture differ from the original: safety, so it stays on the screen."""
    texts = tile.texts
    found = [texts.inverted] if tile.inverted else []
    found += [texts.mirrored] if view.mirrored else []
    return found + ([texts.rotated.format(degrees=view.turns * 90)] if view.turns else [])


def _transform(view: View) -> QTransform:
    origin = view.to_screen((0.0, 0.0))
    return QTransform(*view.matrix, *origin)


def _inner(tile: Tile) -> QRectF:
    return QRectF(tile.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)


def _paint_captions(painter: QPainter, tile: Tile, view: View, voi: Voi) -> None:
    inner = _inner(tile)
    small = min(tile.width(), tile.height()) < SMALL_PX
    shown = slice(1) if small else slice(None)
    half = inner.width() / 2 - MARGIN
    left_half, right_half = QRectF(inner), QRectF(inner)
    left_half.setWidth(half)
    right_half.setLeft(inner.right() - half)
    top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    draw_lines(painter, left_half, tile.captions.left[shown], top | left)
    draw_lines(painter, right_half, tile.captions.right[shown], top | right)
    warnings = [*tile.captions.warnings, *_changes(tile, view)]
    draw_lines(painter, right_half, warnings, bottom | right, colours.WARNING)
    if small:
        return
    lines = list(filter(None, (window_text(tile, voi), zoom_text(tile, view))))
    if tile.picture is not None and tile.picture.frames > 1:
        number, count = tile.picture.frame.index + 1, tile.picture.frames
        lines.insert(0, tile.texts.frame.format(number=number, count=count))
    draw_lines(painter, left_half, lines, bottom | left)
    _paint_directions(painter, tile, view)


def _paint_directions(painter: QPainter, tile: Tile, view: View) -> None:
    """Patient directions in the middle of each edge."""
    orientation = tile.picture.header.patient_orientation if tile.picture else None
    if orientation is None:
        return
    letters = edges(view, orientation)
    inner, metrics = _inner(tile), QFontMetricsF(painter.font())
    middle = inner.center()
    across = metrics.horizontalAdvance
    for text, x, y in (
        (letters.left, inner.left(), middle.y() - metrics.height() / 2),
        (letters.right, inner.right(), middle.y() - metrics.height() / 2),
        (letters.top, middle.x(), inner.top()),
        (letters.bottom, middle.x(), inner.bottom() - metrics.height()),
    ):
        shown = tile.texts.direction(text)
        shift = {inner.left(): 0.0, inner.right(): across(shown)}.get(x, across(shown) / 2)
        draw_text(painter, QPointF(x - shift, y), shown, colours.WARNING)


def _paint_focus(painter: QPainter, tile: Tile) -> None:
    if tile.hasFocus():
        pen = QPen(QColor(colours.FOCUS), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(tile.rect().adjusted(1, 1, -1, -1))
