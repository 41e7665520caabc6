"""Painting what does not scroll away: the names of the lanes, the clock, the days of a week, the doctors’ load."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ui.scheduling import timegrid_paint as under
from ui.scheduling.block_look import initials_of
from ui.scheduling.timegrid import Lane, Run
from ui.shell.formats import hour
from ui.theme import paint
from ui.theme.style import theme
from ui.theme.tokens.metrics import TYPE, Weight

if TYPE_CHECKING:
    from ui.scheduling.timegrid_view import TimegridView

NAMES: Final = 126
CLOCK_HEAD: Final = 34
CLOCK_SIDE: Final = 62
COLUMN_HEAD: Final = 56
DAY_HEAD: Final = 26
DAY_GAP: Final = 28
RIBBON_SIDE: Final = 44


def paint_heads(view: TimegridView, painter: QPainter, field: under.Field) -> None:
    """Everything that does not scroll away: names, clock, days, load."""
    left, top = view.head_size()
    area, right = QRectF(view.viewport().rect()), view.grid.run is Run.RIGHT
    surface = theme.colour("surface")
    painter.fillRect(QRectF(0, 0, area.width(), top), surface)
    painter.fillRect(QRectF(0, 0, left, area.height()), surface)
    names = QRectF(0, top, left, area.height() - top) if right else QRectF(left, 0, area.width() - left, top)
    ratio = view.devicePixelRatioF()
    under.paint_heads(painter, view.grid.lanes, lambda n: _head_box(view, n, field), names, ratio, not right)
    head = QRectF(left, 0, area.width() - left, theme.px(CLOCK_HEAD))
    if not right:
        head = QRectF(left - theme.px(CLOCK_SIDE), top, theme.px(CLOCK_SIDE), area.height() - top)
    if view.grid.lanes:
        _paint_clock(view, painter, field, head)
    _paint_ribbons(view, painter, field)
    for line in (QRectF(left - 1, 0, 1, area.height()), QRectF(0, top - 1, area.width(), 1)):
        painter.fillRect(line, theme.colour("border"))
    if view.week:
        _paint_days(view, painter, field, names)


def _paint_clock(view: TimegridView, painter: QPainter, field: under.Field, head: QRectF) -> None:
    painter.save()
    painter.setClipRect(head)
    # Several days share one clock: that of the last, after any change of the night before.
    noon = view.grid.lanes[-1].noon if view.week else view.grid.lanes[0].noon
    now = view.scene.now if not view.week else -1
    under.paint_clock(painter, view.grid, field, head, noon, view.scene.clock, now)
    if view.ghost is not None and view.ghost.moved:
        _ghost_capsule(view, painter, field, head)
    painter.restore()


def _ghost_capsule(view: TimegridView, painter: QPainter, field: under.Field, head: QRectF) -> None:
    ghost = view.ghost
    if ghost is None:
        return
    minute = ghost.start if not ghost.segments else ghost.span[1]
    words = hour(datetime.fromtimestamp(minute * 60, view.scene.clock.zone), view.scene.clock)
    font = theme.font("small", Weight.BOLD)
    painter.setFont(font)
    width, height = painter.fontMetrics().horizontalAdvance(words) + 18, painter.fontMetrics().height() + 6
    place = field.place(view.grid.box(view.grid.along(ghost.lane, minute), 0, 0, 0)).topLeft()
    box = QRectF(place.x() - width / 2, head.center().y() - height / 2, width, height)
    if view.grid.run is Run.DOWN:
        box = QRectF(head.right() - width - 2, place.y() - height / 2, width, height)
    paint.rounded(painter, box, height / 2, theme.colour("accent"))
    painter.setPen(theme.colour("on_accent"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _head_box(view: TimegridView, number: int, field: under.Field) -> QRectF:
    left, top = view.head_size()
    offset, thick = view.grid.offsets[number], view.grid.thickness[number]
    if view.grid.run is Run.RIGHT:
        return QRectF(0, field.rect.top() - field.scroll.y() + offset, left, thick)
    down = theme.px(DAY_HEAD) if view.week else 0
    return QRectF(field.rect.left() - field.scroll.x() + offset, down, thick, top - down)


def _paint_days(view: TimegridView, painter: QPainter, field: under.Field, names: QRectF) -> None:
    painter.save()
    right = view.grid.run is Run.RIGHT
    painter.setClipRect(QRectF(0, names.top(), view.viewport().width(), names.height()) if right else names)
    font = theme.font("small", Weight.BOLD)
    painter.setFont(font)
    for number, lane in enumerate(view.grid.lanes):
        if number and view.grid.lanes[number - 1].day == lane.day:
            continue
        last = max(at for at, other in enumerate(view.grid.lanes) if other.day == lane.day)
        box, end = _head_box(view, number, field), _head_box(view, last, field)
        if right:
            band = QRectF(0, box.top() - theme.px(DAY_GAP), view.viewport().width(), theme.px(DAY_GAP))
            painter.fillRect(band, theme.colour("canvas"))
            words = band.adjusted(14, 0, 0, 0)
        else:
            band = QRectF(box.left(), 0, end.right() - box.left(), theme.px(DAY_HEAD))
            words = band.intersected(names).adjusted(8, 0, -2, 0)
        today = view.scene.now and 0 <= view.scene.now - lane.noon + 780 < 1560 and _is_today(view, lane)
        painter.setPen(theme.colour("now" if today else "text"))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, view.scene.days[lane.day])
    painter.restore()


def _is_today(view: TimegridView, lane: Lane) -> bool:
    zone = view.scene.clock.zone
    return (
        datetime.fromtimestamp(view.scene.now * 60, zone).date() == datetime.fromtimestamp(lane.noon * 60, zone).date()
    )


def _paint_ribbons(view: TimegridView, painter: QPainter, field: under.Field) -> None:
    left, _top = view.head_size()
    right = view.grid.run is Run.RIGHT
    for number, ribbon in enumerate(view.scene.ribbons):
        if right:
            top = theme.px(CLOCK_HEAD) + number * theme.px(under.RIBBON)
            strip = QRectF(left, top, field.rect.width(), theme.px(under.RIBBON))
            head = QRectF(0, top, left, theme.px(under.RIBBON))
            painter.fillRect(QRectF(0, strip.bottom() - 1, strip.right(), 1), theme.colour("grid"))
        else:
            strip = QRectF(number * theme.px(RIBBON_SIDE), field.rect.top(), theme.px(RIBBON_SIDE), field.rect.height())
            head = QRectF(strip.left(), 0, strip.width(), field.rect.top())
        _ribbon_head(view, painter, head, ribbon, right)
        if view.grid.lanes:
            under.paint_ribbon(painter, view.grid, field, strip, ribbon, view.scene.now, view.devicePixelRatioF())


def _ribbon_head(view: TimegridView, painter: QPainter, box: QRectF, ribbon: under.Ribbon, right: bool) -> None:
    painter.setPen(theme.colour("text"))
    painter.setFont(theme.font("small", Weight.SEMIBOLD))
    metrics = painter.fontMetrics()
    if not right:
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, initials_of(ribbon.name))
        return
    area = box.adjusted(14, 2, -4, -2)
    line = float(theme.px(TYPE["small"].line))
    top = area.top() + max(0.0, (area.height() - 2 * line) / 2) if ribbon.detail else area.center().y() - line / 2
    words = metrics.elidedText(ribbon.name, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(QRectF(area.left(), top, area.width(), line), Qt.AlignmentFlag.AlignVCenter, words)
    if ribbon.detail:
        painter.setFont(theme.font("caption", Weight.MEDIUM))
        painter.setPen(QColor(theme.status("late").fg) if ribbon.late else theme.colour("muted"))
        words = painter.fontMetrics().elidedText(ribbon.detail, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(QRectF(area.left(), top + line, area.width(), line), Qt.AlignmentFlag.AlignVCenter, words)
