"""Painting what lies under and round the blocks: lanes, hatching, template, grid, clock, names, the doctors' load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPixmap

from app.core.clock import Clock
from app.core.i18n import N_, _
from ui.scheduling.block_look import minutes_words
from ui.scheduling.block_paint import hatch
from ui.scheduling.timegrid import Grid, Item, Lane, Run
from ui.shell.formats import hour
from ui.theme import paint
from ui.theme.contrast import mixed
from ui.theme.icons import IconWeight
from ui.theme.style import theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import RADII, TYPE, Weight

RIBBON: Final = 36
_STEP: Final = 5
_PAST_ALPHA: Final = 0.27
_HATCH_TILE: Final = 10
_SHAPE_ONLY: Final = 70


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The load of one doctor: percent of each five minutes that begin at a minute since 1970."""

    name: str
    detail: str
    late: bool
    steps: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """The part of the viewport in which the content shows, and how far it is scrolled."""

    rect: QRectF
    scroll: QPointF

    def place(self, box: QRectF) -> QRectF:
        """A box of the content in the viewport."""
        return box.translated(self.rect.topLeft() - self.scroll)

    def content(self, point: QPointF) -> QPointF:
        """A point of the viewport in the content."""
        return point - self.rect.topLeft() + self.scroll


def hatch_brush() -> QBrush:
    """Slanted lines over what is closed: a tile, for lines drawn one by one cost too much."""
    tile = QPixmap(_HATCH_TILE, _HATCH_TILE)
    ground = mixed(theme.colour("sunken"), theme.colour("surface"), 0.75)
    tile.fill(theme.colour("surface") if theme.tokens.high_contrast else ground)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = theme.colour("grid") if theme.tokens.high_contrast else mixed(theme.colour("control"), ground, 0.35)
    painter.setPen(QPen(ink, 1))
    side = _HATCH_TILE
    for shift in (-side, 0, side):
        painter.drawLine(QPointF(shift, side), QPointF(shift + side, 0))
    painter.end()
    return QBrush(tile)


def paint_lane(painter: QPainter, grid: Grid, number: int, field: Field, now: int, closed: QBrush) -> None:
    """The ground of a lane: past, template, hatching with its words, and the line under it."""
    lane = grid.lanes[number]
    whole = field.place(grid.lane_box(number))
    if not whole.intersects(field.rect):
        return
    past = grid.along(number, now)
    if past > 0:
        shade = grid.box(0, grid.offsets[number], min(past, grid.length), grid.thickness[number])
        painter.fillRect(field.place(shade), mixed(theme.colour("canvas"), theme.colour("surface"), 0.8))
    for kept in lane.kept:
        box = field.place(grid.span_box(number, kept.span)).intersected(whole)
        if box.intersects(field.rect):
            _paint_kept(painter, box)
    for each in lane.hatches:
        box = field.place(grid.span_box(number, each.span)).intersected(whole)
        if box.intersects(field.rect):
            painter.setBrushOrigin(field.rect.topLeft() - field.scroll)
            painter.fillRect(box, closed)
            _words_in(painter, box, _(each.words))


def _paint_kept(painter: QPainter, box: QRectF) -> None:
    ground = mixed(theme.colour("accent_soft"), theme.colour("surface"), 0.55)
    area = box.adjusted(1, 1, -1, -1)
    edge = theme.colour("grid") if theme.tokens.high_contrast else mixed(theme.colour("accent"), ground, 0.25)
    painter.fillRect(area, theme.colour("surface") if theme.tokens.high_contrast else ground)
    painter.fillRect(QRectF(area.left(), area.top(), 2, area.height()), edge)


def _words_in(painter: QPainter, box: QRectF, words: str) -> None:
    """Words where there is room for them, on a patch of their own so that lines do not cross them."""
    font = theme.font("caption", Weight.MEDIUM)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(words) + 10, float(theme.px(TYPE["caption"].line + 2))
    if box.height() < height + 4 or not words:
        return
    if box.width() < width + 6:
        if box.width() < theme.px(34):
            return
        width = box.width() - 6
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width - 8)
    patch = QRectF(0, 0, width, height)
    patch.moveCenter(box.center())
    paint.rounded(painter, patch, RADII.chip, theme.colour("surface"))
    painter.setFont(font)
    painter.setPen(theme.colour("muted"))
    painter.drawText(patch, Qt.AlignmentFlag.AlignCenter, words)


def quarter(scale: float) -> int:
    """Minutes between two lines of the clock at a scale (pixels a minute)."""
    return next(step for step in (15, 30, 60, 120) if step * scale >= 22 or step == 120)


def label_step(scale: float, room: float) -> int:
    """Minutes between two labels that are `room` px along the clock."""
    return next(step for step in (15, 30, 60, 120, 180) if step * scale >= room or step == 180)


def ticks(grid: Grid, field: Field, step: int) -> Iterator[int]:
    """The places of the clock (minutes from noon) that show, every `step` minutes."""
    across = grid.run is Run.RIGHT
    begin = field.scroll.x() if across else field.scroll.y()
    extent = field.rect.width() if across else field.rect.height()
    low = int(grid.first + begin / grid.scale)
    high = int(grid.first + (begin + extent) / grid.scale)
    at = -(-max(low, grid.first) // step) * step
    while at <= min(high, grid.last):
        yield at
        at += step


def paint_lines(painter: QPainter, grid: Grid, field: Field) -> None:
    """The quarter-hours through all lanes and the lines between lanes."""
    thin, strong = theme.colour("grid"), theme.colour("border")
    step = quarter(grid.scale)
    for at in ticks(grid, field, step):
        place = (at - grid.first) * grid.scale
        line = field.place(grid.box(place, 0, 1, grid.breadth)).intersected(field.rect)
        painter.fillRect(line, strong if at % 60 == 0 else thin)
    for number in range(len(grid.lanes)):
        edge = grid.offsets[number] + grid.thickness[number] - 1
        line = field.place(grid.box(0, edge, grid.length, 1)).intersected(field.rect)
        painter.fillRect(line, strong)


def paint_clock(painter: QPainter, grid: Grid, field: Field, head: QRectF, noon: int, clock: Clock, now: int) -> None:
    """The hours along the clock, and the capsule of now; hours stand as the clinic's clock shows them."""
    plain, strong = theme.font("small", Weight.MEDIUM), theme.font("small", Weight.BOLD)
    metrics = QFontMetricsF(strong)
    down = grid.run is Run.DOWN
    widest = max(metrics.horizontalAdvance(words) for words in ("00 h 00", _(N_("{hour}:00"), hour=10)))
    room = metrics.height() * 1.6 if down else widest + 16
    capsule = _capsule_box(grid, field, head, now - noon, metrics, clock, now)
    for at in ticks(grid, field, label_step(grid.scale, room)):
        local = datetime.fromtimestamp((noon + at) * 60, clock.zone)
        words = hour(local, clock) if local.minute else _whole_hour(local)
        box = _label_box(grid, field, head, at, metrics.horizontalAdvance(words) + 4, metrics.height())
        cut = 0.0 if down else _cut(box, head)
        if abs(cut) > (_MOST_CUT if at > grid.first else box.width()):
            continue
        box.translate(cut, 0)
        if capsule is not None and box.adjusted(-3, 0, 3, 0).intersects(capsule):
            continue
        painter.setFont(strong if not local.minute else plain)
        painter.setPen(theme.colour("text" if not local.minute else "muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    if capsule is not None:
        paint.rounded(painter, capsule, capsule.height() / 2, theme.colour("now"))
        painter.setFont(strong)
        painter.setPen(paint.ink_on(theme.colour("now")))
        painter.drawText(
            capsule, Qt.AlignmentFlag.AlignCenter, hour(datetime.fromtimestamp(now * 60, clock.zone), clock)
        )


_MOST_CUT: Final = 14
"""Px by which an hour at the edge may be moved in without touching the next; a whole hour is not said by its half."""


def _cut(box: QRectF, head: QRectF) -> float:
    """How far a label must move to stand whole in the head."""
    return max(0.0, head.left() + 4 - box.left()) - max(0.0, box.right() + 2 - head.right())


def _whole_hour(local: datetime) -> str:
    return _(N_("{hour}:00"), hour=local.hour)


def _label_box(grid: Grid, field: Field, head: QRectF, at: float, width: float, height: float) -> QRectF:
    place = field.place(grid.box((at - grid.first) * grid.scale, 0, 0, 0)).topLeft()
    if grid.run is Run.DOWN:
        return QRectF(head.right() - width - 6, place.y() - height / 2, width, height)
    return QRectF(place.x() - width / 2, head.top(), width, head.height())


def _capsule_box(
    grid: Grid, field: Field, head: QRectF, at: int, metrics: QFontMetricsF, clock: Clock, now: int
) -> QRectF | None:
    if not grid.first <= at <= grid.last:
        return None
    words = hour(datetime.fromtimestamp(now * 60, clock.zone), clock)
    width, height = metrics.horizontalAdvance(words) + 18, metrics.height() + 6
    box = _label_box(grid, field, head, at, width, head.height() if grid.run is Run.RIGHT else height)
    if grid.run is Run.RIGHT:
        box = QRectF(box.left(), head.center().y() - height / 2, width, height)
        return box if field.rect.left() <= box.center().x() <= field.rect.right() else None
    box.moveRight(head.right() - 2)
    return box if field.rect.top() <= box.center().y() <= field.rect.bottom() else None


def paint_lane_head(painter: QPainter, lane: Lane, box: QRectF, ratio: float, *, compact: bool) -> None:
    """The name of a lane, who works there, and what goes on."""
    name, small = theme.font("name"), theme.font("small")
    metrics = QFontMetricsF(name)
    words = lane.name
    area = box.adjusted(6 if compact else 14, 3, -5, -3)
    if lane.short and metrics.horizontalAdvance(words) > area.width():
        words = lane.short
    lines = [(words, name, "text")]
    if lane.detail and not compact:
        lines.append((lane.detail, small, "muted"))
    heights = [float(theme.px(TYPE["name"].line)), float(theme.px(TYPE["small"].line))][: len(lines)]
    status = bool(lane.status) and area.height() >= sum(heights) + theme.px(17)
    if area.height() < sum(heights):
        lines, heights = lines[:1], heights[:1]
    total = sum(heights) + (theme.px(17) if status else 0)
    top = area.top() + max(0.0, (area.height() - total) / 2)
    align = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignHCenter if compact else Qt.AlignmentFlag.AlignLeft)
    for (words, font, role), height in zip(lines, heights, strict=True):
        painter.setFont(font)
        painter.setPen(theme.colour(role))
        shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRectF(area.left(), top, area.width(), height), align, shown)
        top += height
    if status:
        _lane_status(painter, lane, QRectF(area.left(), top, area.width(), theme.px(17)), ratio, compact)


def _lane_status(painter: QPainter, lane: Lane, box: QRectF, ratio: float, compact: bool) -> None:
    free = lane.status == "free"
    ink = QColor(theme.severity("ok").fg) if free else QColor(theme.status(lane.status).fg)
    icon, cut = ("circle", "bold") if free else (STATUSES[lane.status].icon, STATUSES[lane.status].weight)
    weight: IconWeight = "bold" if cut == "bold" else "fill"
    font = theme.font("caption", Weight.SEMIBOLD)
    metrics = QFontMetricsF(font)
    words = metrics.elidedText(lane.status_words, Qt.TextElideMode.ElideRight, box.width() - theme.px(18))
    if box.width() < theme.px(_SHAPE_ONLY):
        words = ""
    left = box.left()
    if compact:
        left += max(0.0, (box.width() - theme.px(18) - metrics.horizontalAdvance(words)) / 2)
    paint.shape(painter, theme.pixmap(icon, ink, 14, weight, ratio=ratio), left, box.top() + 1)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(
        QRectF(left + theme.px(18), box.top(), box.width(), box.height()), Qt.AlignmentFlag.AlignVCenter, words
    )


def paint_ribbon(
    painter: QPainter, grid: Grid, field: Field, strip: QRectF, ribbon: Ribbon, now: int, ratio: float
) -> None:
    """Five-minute bars of what a doctor is wanted for; more than the doctor has is hatched and said."""
    painter.save()
    painter.setClipRect(strip)
    down = grid.run is Run.DOWN
    ink, over = theme.colour("doctor"), QColor(theme.severity("danger").fg)
    most = (strip.width() if down else strip.height()) - (8 if down else theme.px(14))
    faded = mixed(ink, theme.colour("surface"), _PAST_ALPHA)
    said = -1.0
    for minute, percent in ribbon.steps:
        start = field.place(grid.box(grid.along(0, minute), 0, _STEP * grid.scale, 0))
        size = max(2.0, min(percent, 100) / 100 * most)
        if down:
            bar = QRectF(strip.left() + 3, start.top() + 0.5, size, _STEP * grid.scale - 1)
        else:
            bar = QRectF(start.left() + 0.5, strip.bottom() - 2 - size, _STEP * grid.scale - 1, size)
        if not bar.intersects(strip):
            continue
        if percent > 100 and minute >= now:
            hatch(painter, bar, over, theme.colour("surface"), 5, 2)
            if not down and minute > said:
                said = minute + _say_over(painter, bar, strip, ratio) / max(grid.scale, 0.1)
        else:
            paint.rounded(painter, bar, 2, faded if minute + _STEP <= now else ink)
    painter.restore()


def _say_over(painter: QPainter, bar: QRectF, strip: QRectF, ratio: float) -> int:
    """“2 chairs” over the bars that cannot be done; returns the pixels that it takes."""
    font = theme.font("caption", Weight.BOLD)
    words = _(N_("2 chairs"))
    ink = QColor(theme.severity("danger").fg)
    side, width = theme.px(12), QFontMetricsF(font).horizontalAdvance(words)
    top = strip.top() + 1
    painter.setFont(font)
    painter.setPen(ink)
    paint.shape(painter, theme.pixmap("warning-octagon", ink, 12, "fill", ratio=ratio), bar.left() - 2, top)
    painter.drawText(QRectF(bar.left() + side + 1, top - 1, width + 4, side + 3), Qt.AlignmentFlag.AlignVCenter, words)
    return round(side + width + 12)


def free_words(item: Item) -> str:
    """“28 min free”, or how many of the short-notice list fit."""
    if item.patients:
        return _(N_("Short notice: {n}"), n=item.patients)
    return _(N_("{time} free"), time=minutes_words(item.span[1] - item.span[0]))


def paint_free(painter: QPainter, box: QRectF) -> None:
    """A dashed outline."""
    area = box.adjusted(1.5, 1.5, -1.5, -1.5)
    if area.width() < 6 or area.height() < 6:
        return
    pen = QPen(theme.colour("control"), 1)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, RADII.block, RADII.block)


def paint_free_words(painter: QPainter, box: QRectF, item: Item, shown: QRectF) -> None:
    """How much is free, in the middle of what shows of it."""
    area = box.adjusted(1.5, 1.5, -1.5, -1.5).intersected(shown)
    if area.width() < 8 or area.height() < 8:
        return
    font = theme.font("caption", Weight.MEDIUM)
    metrics, words = QFontMetricsF(font), free_words(item)
    if metrics.horizontalAdvance(words) > area.width() - 6:
        words = str(item.patients) if item.patients else str(item.span[1] - item.span[0])
    if metrics.horizontalAdvance(words) <= area.width() - 4 and metrics.height() <= area.height():
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)


def paint_heads(
    painter: QPainter, lanes: Sequence[Lane], box_of: Callable[[int], QRectF], clip: QRectF, ratio: float, compact: bool
) -> None:
    """The names of all lanes that show."""
    painter.save()
    painter.setClipRect(clip)
    for number, lane in enumerate(lanes):
        box = box_of(number)
        if box.intersects(clip):
            paint_lane_head(painter, lane, box, ratio, compact=compact)
            line = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
            if compact:
                line = QRectF(box.right() - 1, box.top(), 1, box.height())
            painter.fillRect(line, theme.colour("border"))
    painter.restore()
