"""How a tile is painted: the image in device pixels, then the words in logical pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform

from viewer.model.spacing import Unit
from viewer.model.view import View, edges
from viewer.pixels.voi import Voi, VoiKind
from viewer.widgets import colours
from viewer.widgets.lettering import MARGIN, draw_lines, draw_sentence, draw_text
from viewer.widgets.pseudo_colour import PSEUDO_COLOUR_NAMES, PseudoColour
from viewer.widgets.raster import Raster
from viewer.widgets.texts import (
    FILTERED,
    FLIPPED,
    KEY_IMAGE,
    LIFE_SIZE,
    LIFE_SIZE_ESTIMATED,
    LOSSLESS,
    LOSSY,
    LOSSY_RATIO,
    PREVIEW,
    PREVIEW_PART,
)

if TYPE_CHECKING:
    from viewer.widgets.tile_board import TileBoard

SMOOTH_BELOW = 4.0
"""From this zoom on single pixels are shown as squares: nothing is invented between them."""
COMPACT_CHARACTERS = 44
"""A tile narrower than so many letters writes one line under the other, and leaves window and zoom out."""
_WARN = colours.WARNING
_TOP, _BOTTOM = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Captions:
    """Words of the caller: patient lines, image lines, warnings; already in the user's language."""

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """How much of the original is here. `arrived` is the part of it (0.0 to 1.0), None when nothing is under way."""

    arrived: float | None = None
    tells: bool = False
    """Whether the tile says “lossless” or “lossy” by itself once the original is there."""


def paint_image(painter: QPainter, tile: TileBoard, raster: Raster, view: View, voi: Voi) -> None:
    """The visible part of the picture, what lies over it, then captions and focus."""
    paint_raster(painter, tile, raster, view, voi, QRectF(tile.rect()))
    for layer in tile.layers:
        painter.save()
        layer.paint(painter, tile)
        painter.restore()
    painter.save()
    tile.paint_tool(painter)
    painter.restore()
    _paint_captions(painter, tile, view, voi)
    _paint_focus(painter, tile)


def paint_raster(painter: QPainter, tile: TileBoard, raster: Raster, view: View, voi: Voi, area: QRectF) -> None:
    """The pixels alone, into an area of the tile in logical pixels; `view` is the view through that area."""
    ratio = tile.devicePixelRatioF()
    image, target = raster.cut(view, voi, tile.inverted, tile.pseudo_colour, tile.in_hurry)
    painter.save()
    painter.translate(area.topLeft())
    painter.fillRect(QRectF(0, 0, area.width(), area.height()), QColor(colours.FIELD))
    painter.scale(1 / ratio, 1 / ratio)
    painter.setTransform(_transform(view), combine=True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.scale < SMOOTH_BELOW and view.scale != 1)
    painter.drawImage(target, image)
    painter.restore()


def paint_state(painter: QPainter, tile: TileBoard, sentence: str) -> None:
    """A black field with one sentence, for an empty, loading or failed tile."""
    from viewer.widgets.tile_board import TileState

    painter.fillRect(tile.rect(), QColor(colours.FIELD))
    area = QRectF(tile.rect()).adjusted(2 * MARGIN, 2 * MARGIN, -2 * MARGIN, -2 * MARGIN)
    draw_sentence(painter, area, sentence, colours.ERROR if tile.state is TileState.ERROR else colours.MUTED)
    lines = [*tile.captions.left, *tile.captions.right]
    draw_lines(painter, _inner(tile), lines, Qt.AlignmentFlag.AlignLeft)
    _paint_focus(painter, tile)


def describe(tile: TileBoard, sentence: str) -> str:
    """The state of a tile in words, for a screen reader."""
    if tile.view is None or tile.voi is None:
        return sentence
    parts = [*tile.captions.left, *tile.captions.right, *tile.captions.warnings]
    parts += [
        window_text(tile, tile.voi),
        *changes_shown(tile, tile.view),
        zoom_text(tile, tile.view),
        stage_text(tile),
    ]
    parts += [layer.describe(tile) for layer in tile.layers]
    return ", ".join(filter(None, parts))


def window_text(tile: TileBoard, voi: Voi) -> str:
    """The window as shown at the bottom left; '' for a photograph that nobody has brightened."""
    is_grey = tile.picture is not None and tile.picture.frame.is_grey
    if voi.automatic and not is_grey:
        return ""
    if voi.kind is VoiKind.TABLE:
        return tile.texts.table.format(name=voi.explanation).strip()
    width, center = _number(tile.locale(), voi.width), _number(tile.locale(), voi.center)
    text = tile.texts.window.format(width=width, center=center)
    return f"{text} ({tile.texts.automatic})" if voi.automatic else text


def zoom_text(tile: TileBoard, view: View) -> str:
    """The zoom as shown at the bottom left; 100 % is one image pixel a screen pixel."""
    return tile.texts.zoom.format(percent=tile.locale().toString(round(view.scale * 100)))


def stage_text(tile: TileBoard) -> str:
    """Preview, lossy or lossless, and how far the original is; '' on a tile that was not told."""
    picture, say = tile.picture, tile.texts.say
    if picture is None:
        return ""
    percent = tile.locale().toString(round(100 * (tile.stage.arrived or 0.0)))
    if picture.reduction is not None:
        pixels = tile.locale().toString(picture.reduction.longest_px)
        if tile.stage.arrived is None:
            return say(PREVIEW, pixels=pixels)
        return say(PREVIEW_PART, pixels=pixels, percent=percent)
    if not tile.stage.tells or picture.header is None:
        return ""
    if not picture.header.lossy:
        return say(LOSSLESS)
    ratio = picture.header.lossy_ratio
    return say(LOSSY_RATIO, ratio=tile.locale().toString(ratio, "g", 3)) if ratio else say(LOSSY)


def may_be_trusted(tile: TileBoard) -> bool:
    """Whether the pixels are the lossless original's."""
    picture = tile.picture
    return picture is not None and not picture.is_preview and picture.header is not None and not picture.header.lossy


def _number(locale: QLocale, value: float) -> str:
    if abs(value) >= 100:
        return locale.toString(round(value))
    return locale.toString(float(value), "g", 3)


def changes_shown(tile: TileBoard, view: View) -> list[str]:
    """What makes the picture differ from the original: safety, so it stays on the screen."""
    texts, picture = tile.texts, tile.picture
    found = [texts.say(KEY_IMAGE)] if tile.is_key_image else []
    found += [texts.inverted] if tile.inverted else []
    if view.mirrored and view.turns == 2:
        found.append(texts.say(FLIPPED))
    else:
        found += [texts.mirrored] if view.mirrored else []
        found += [texts.rotated.format(degrees=view.turns * 90)] if view.turns else []
    if picture is not None and picture.filter_name:
        found.append(texts.say(FILTERED, name=texts.say(picture.filter_name)))
    if tile.pseudo_colour is not PseudoColour.NONE and picture is not None and picture.frame.is_grey:
        found.append(texts.say(PSEUDO_COLOUR_NAMES[tile.pseudo_colour]))
    return found + _size_shown(tile, view)


def _size_shown(tile: TileBoard, view: View) -> list[str]:
    """Life size in words: how large it is shown, and how far that may be believed."""
    header = tile.picture.header if tile.picture else None
    if tile.life_size_mm is None or header is None:
        return []
    percent = tile.locale().toString(round(100 * view.scale * tile.life_size_mm / header.pixel_size.column))
    sure = tile.screen_measured and header.pixel_size.unit is Unit.MM and not header.pixel_size.varies
    return [tile.texts.say(LIFE_SIZE if sure else LIFE_SIZE_ESTIMATED, percent=percent)]


def _transform(view: View) -> QTransform:
    origin = view.to_screen((0.0, 0.0))
    return QTransform(*view.matrix, *origin)


def is_compact(inner: QRectF, metrics: QFontMetricsF) -> bool:
    """Whether the lines at the top stand one under the other."""
    return inner.width() < COMPACT_CHARACTERS * metrics.averageCharWidth()


def _inner(tile: TileBoard) -> QRectF:
    return QRectF(tile.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)


@dataclass(frozen=True)
class Block:
    """Lines in a corner of a tile."""

    area: QRectF
    lines: list[str]
    corner: Qt.AlignmentFlag
    colour: str = colours.TEXT

    def covered(self, metrics: QFontMetricsF) -> QRectF:
        """The part of the tile that the lines stand on, in logical pixels."""
        wide = min(self.area.width(), max(map(metrics.horizontalAdvance, self.lines)))
        high = metrics.lineSpacing() * len(self.lines)
        left = self.area.right() - wide if self.corner & Qt.AlignmentFlag.AlignRight else self.area.left()
        top = self.area.bottom() - high if self.corner & Qt.AlignmentFlag.AlignBottom else self.area.top()
        return QRectF(left, top, wide, high)


def caption_areas(tile: TileBoard) -> list[QRectF]:
    """Where the patient banner and the other words in the corners stand: nothing else may be written there."""
    if tile.view is None or tile.voi is None:
        return []
    metrics = QFontMetricsF(tile.font())
    return [block.covered(metrics) for block in _blocks(tile, tile.view, tile.voi, metrics)]


def _paint_captions(painter: QPainter, tile: TileBoard, view: View, voi: Voi) -> None:
    metrics = QFontMetricsF(painter.font())
    for block in _blocks(tile, view, voi, metrics):
        draw_lines(painter, block.area, block.lines, block.corner, block.colour)
    if not is_compact(_inner(tile), metrics):
        _paint_directions(painter, tile, view)


def _blocks(tile: TileBoard, view: View, voi: Voi, metrics: QFontMetricsF) -> list[Block]:
    """What stands in the corners; a block without lines is left out."""
    inner = _inner(tile)
    found = _narrow(tile, view, inner, metrics) if is_compact(inner, metrics) else _wide(tile, view, voi, metrics)
    return [block for block in found if block.lines]


def _narrow(tile: TileBoard, view: View, inner: QRectF, metrics: QFontMetricsF) -> list[Block]:
    lines = _fitting([*tile.captions.left, *tile.captions.right], inner.height(), metrics.lineSpacing())
    stage = stage_text(tile)
    told = [
        *tile.captions.warnings,
        *changes_shown(tile, view),
        *([stage] if stage and not may_be_trusted(tile) else []),
    ]
    return [Block(inner, lines, _TOP | _LEFT), Block(inner, told, _BOTTOM | _RIGHT, _WARN)]


def _wide(tile: TileBoard, view: View, voi: Voi, metrics: QFontMetricsF) -> list[Block]:
    left_half, right_half = _inner(tile), _inner(tile)
    half = left_half.width() / 2 - 3 * MARGIN
    left_half.setWidth(half)
    right_half.setLeft(right_half.right() - half)
    above_stage, stage = QRectF(right_half), stage_text(tile)
    if stage:
        above_stage.setBottom(right_half.bottom() - metrics.lineSpacing())
    numbers = list(filter(None, (window_text(tile, voi), zoom_text(tile, view))))
    if tile.picture is not None and tile.picture.frames > 1:
        number, count = tile.picture.frame.index + 1, tile.picture.frames
        numbers.insert(0, tile.texts.frame.format(number=number, count=count))
    return [
        Block(left_half, list(tile.captions.left), _TOP | _LEFT),
        Block(right_half, list(tile.captions.right), _TOP | _RIGHT),
        Block(right_half, [stage] if stage else [], _BOTTOM | _RIGHT, colours.TEXT if may_be_trusted(tile) else _WARN),
        Block(above_stage, [*tile.captions.warnings, *changes_shown(tile, view)], _BOTTOM | _RIGHT, _WARN),
        Block(left_half, numbers, _BOTTOM | _LEFT),
    ]


def _fitting(lines: list[str], height: float, line: float) -> list[str]:
    """At most a third of a small tile is written on: the name, then what the image is, before the rest."""
    room = max(2, int(height / line / 3))
    if len(lines) <= room or len(lines) < 3:
        return lines
    return [lines[0], *lines[-2:][: room - 1]]


def _paint_directions(painter: QPainter, tile: TileBoard, view: View) -> None:
    """Patient directions in the middle of each edge."""
    orientation = tile.picture.orientation if tile.picture else None
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


def _paint_focus(painter: QPainter, tile: TileBoard) -> None:
    if tile.hasFocus() or tile.is_active:
        pen = QPen(QColor(colours.FOCUS), 2 if tile.hasFocus() else 1)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(tile.rect().adjusted(1, 1, -1, -1))
