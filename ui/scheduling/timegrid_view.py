"""The painted schedule: lanes against a clock, scrolled and zoomed. Blocks are painted once and kept as pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.core.clock import Clock
from ui.scheduling import timegrid_paint as under
from ui.scheduling.block_look import Look, running
from ui.scheduling.block_paint import Fonts, paint_block, strip_rect
from ui.scheduling.ghost import Ghost
from ui.scheduling.ghost_paint import paint_ghost, paint_target, ring
from ui.scheduling.kept_words import paint_kept_words
from ui.scheduling.timegrid import Grid, Item, Lane, Run
from ui.scheduling.timegrid_heads import (
    CLOCK_HEAD,
    CLOCK_SIDE,
    COLUMN_HEAD,
    DAY_GAP,
    DAY_HEAD,
    NAMES,
    RIBBON_SIDE,
    paint_heads,
)
from ui.theme import paint
from ui.theme.contrast import mixed
from ui.theme.style import theme
from ui.widgets.painted_items import PaintedItems

SCALES: Final = (0.6, 0.9, 1.3, 1.8, 2.6, 3.7, 5.2, 7.5)
"""Pixels a minute of the zoom steps, at 100 % text."""
_LEAST_ROW: Final = 76
_LEAST_WEEK_ROW: Final = 46
_LEAST_COLUMN: Final = 118
_LEAST_WEEK_COLUMN: Final = 46
_NOW_AT: Final = 0.4
_TILE: Final = 512
_MOST_TILES: Final = 48


@dataclass(slots=True)
class Scene:
    """What is shown: lanes, the ends of the clock, the minute of now, ribbons (one day only) and how items look."""

    lanes: Sequence[Lane]
    first: int
    last: int
    now: int
    clock: Clock
    days: Sequence[str]
    look: Callable[[Item], Look]
    spoken: Callable[[Item], str]
    ribbons: Sequence[under.Ribbon] = ()


@dataclass(slots=True)
class _Picture:
    look: Look
    size: tuple[float, float, float]
    pixmap: QPixmap


class TimegridView(PaintedItems):
    """Paints a `Scene`; hands are in the subclass. Everything that is asked of it is in its viewport’s pixels."""

    scrolled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.grid, self.scene = Grid(), Scene((), -240, 300, 0, Clock(), (), _bare, _mute)
        self.zoom = SCALES.index(5.2)
        self.cursor_key = ""
        self.ghost: Ghost | None = None
        self.stretch: tuple[int, int, int] | None = None
        self._pictures: dict[str, _Picture] = {}
        self.fonts, self._closed = Fonts.current(), QBrush()
        self._items: list[Item] = []
        self._by_key: dict[str, Item] = {}
        self._boxes: list[tuple[Item, QRectF, QRectF]] = []
        self._free: list[tuple[Item, QRectF]] = []
        self._tiles: dict[tuple[int, int, float], QPixmap] = {}
        self.horizontalScrollBar().valueChanged.connect(self._moved)
        self.verticalScrollBar().valueChanged.connect(self._moved)
        theme.changed.connect(self._restyle)
        self._restyle()

    # -- content --------------------------------------------------------------------------------------------
    def show_scene(self, scene: Scene, run: Run) -> None:
        """Show something else; the place of the clock stays when it is the same clock."""
        self.scene = scene
        self.grid.lanes, self.grid.run = scene.lanes, run
        self.grid.first, self.grid.last = scene.first, scene.last
        self._items = list(self.grid.items())
        self._by_key = {item.key: item for item in self._items}
        self._pictures = {key: kept for key, kept in self._pictures.items() if key in self._by_key}
        self.arrange()

    @property
    def items(self) -> list[Item]:
        """Every item, lane by lane, by time."""
        return self._items

    @property
    def cursor_item(self) -> Item | None:
        """The item on which the keyboard stands."""
        return self._by_key.get(self.cursor_key)

    def spoken(self, item: Item) -> str:
        """A visit or free time for those who hear it."""
        return self.scene.spoken(item)

    @property
    def week(self) -> bool:
        """Whether several days are shown."""
        return len(self.scene.days) > 1

    def _restyle(self) -> None:
        self.fonts, self._closed = Fonts.current(), under.hatch_brush()
        self._pictures.clear()
        self.arrange()

    def arrange(self) -> None:
        """Lay the lanes out in the room there is."""
        grid, field = self.grid, self.field_rect()
        grid.scale = SCALES[self.zoom] * theme.text_scale
        if grid.run is Run.RIGHT:
            grid.scale = max(grid.scale, field.width() / max(grid.last - grid.first, 1))
            gap = theme.px(DAY_GAP) if self.week else 0
            room = field.height() - gap * len(self.scene.days)
            grid.lay_out(room, theme.px(_LEAST_WEEK_ROW if self.week else _LEAST_ROW), gap)
        else:
            grid.scale = max(grid.scale, field.height() / max(grid.last - grid.first, 1))
            gap = 8 if self.week else 0
            room = field.width() - gap * len(self.scene.days)
            grid.lay_out(room, theme.px(_LEAST_WEEK_COLUMN if self.week else _LEAST_COLUMN), gap)
        long, broad = (grid.length, grid.breadth) if grid.run is Run.RIGHT else (grid.breadth, grid.length)
        for bar, content, room in (
            (self.horizontalScrollBar(), long, field.width()), (self.verticalScrollBar(), broad, field.height()),
        ):  # fmt: skip
            bar.setRange(0, max(0, round(content - room)))
            bar.setPageStep(max(1, round(room)))
            bar.setSingleStep(theme.px(24))
        boxes = [(item, grid.item_box(item)) for item in self._items]
        self._boxes = [(item, box, self._bounds(item, box)) for item, box in boxes]
        self._free = [(item, box) for item, box in boxes if item.visit is None]
        self._tiles.clear()
        self.viewport().update()

    def _bounds(self, item: Item, box: QRectF) -> QRectF:
        """A block with the line of its plan."""
        return box if item.plan is None else box.united(self.grid.span_box(item.lane, item.plan))

    # -- places ---------------------------------------------------------------------------------------------
    def head_size(self) -> tuple[float, float]:
        """Pixels at the left and at the top that do not scroll."""
        ribbons = len(self.scene.ribbons)
        if self.grid.run is Run.RIGHT:
            return float(theme.px(NAMES)), float(theme.px(CLOCK_HEAD) + ribbons * theme.px(under.RIBBON))
        side = theme.px(CLOCK_SIDE) + ribbons * theme.px(RIBBON_SIDE)
        return float(side), float(theme.px(COLUMN_HEAD) + (theme.px(DAY_HEAD) if self.week else 0))

    def field_rect(self) -> QRectF:
        """Where the content shows."""
        left, top = self.head_size()
        area = self.viewport().rect()
        return QRectF(left, top, max(area.width() - left, 1), max(area.height() - top, 1))

    def field(self) -> under.Field:
        """The same with the scroll."""
        scroll = QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        return under.Field(self.field_rect(), scroll)

    def item_rect(self, item: Item) -> QRectF:
        """Where an item is in the viewport."""
        return self.field().place(self.grid.item_box(item))

    def item_at(self, point: QPointF) -> Item | None:
        """The item under a point; blocks before free minutes."""
        if not self.field_rect().contains(point):
            return None
        found = [item for item in self._items if self.item_rect(item).contains(point)]
        return next((item for item in found if item.visit is not None), found[0] if found else None)

    def place_at(self, point: QPointF) -> tuple[int, float] | None:
        """The lane and the minute under a point."""
        if not self.grid.lanes:
            return None
        content = self.field().content(point)
        across, along = (content.y(), content.x()) if self.grid.run is Run.RIGHT else (content.x(), content.y())
        lane = self.grid.nearest_lane(across)
        return lane, self.grid.minute_at(lane, along)

    def show_item(self, item: Item) -> None:
        """Scroll until an item shows whole, with some air."""
        self.show_box(self.grid.item_box(item))

    def show_box(self, box: QRectF) -> None:
        """Scroll until a box of the content shows."""
        field, air = self.field(), 24
        for bar, low, high, room in (
            (self.horizontalScrollBar(), box.left(), box.right(), field.rect.width()),
            (self.verticalScrollBar(), box.top(), box.bottom(), field.rect.height()),
        ):
            if low - air < bar.value():
                bar.setValue(round(low - air))
            elif high + air > bar.value() + room:
                bar.setValue(round(min(high + air - room, low - air)))

    def show_minute(self, minute: int) -> None:
        """Put a minute (since 1970) where now is looked for: at 40 % of the clock."""
        if self.grid.lanes:
            right = self.grid.run is Run.RIGHT
            bar = self.horizontalScrollBar() if right else self.verticalScrollBar()
            room = self.field_rect().width() if right else self.field_rect().height()
            bar.setValue(round(self.grid.along(0, minute) - room * _NOW_AT))

    def set_zoom(self, step: int) -> None:
        """One step larger or smaller; what is in the middle stays there."""
        zoom = min(max(self.zoom + step, 0), len(SCALES) - 1)
        right = self.grid.run is Run.RIGHT
        bar = self.horizontalScrollBar() if right else self.verticalScrollBar()
        room = self.field_rect().width() if right else self.field_rect().height()
        middle = (bar.value() + room / 2) / self.grid.scale
        self.zoom = zoom
        self.arrange()
        bar.setValue(round(middle * self.grid.scale - room / 2))

    def _moved(self, _value: int) -> None:
        self.viewport().update()
        self.scrolled.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room."""
        super().resizeEvent(event)
        self.arrange()

    # -- painting -------------------------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, now, blocks, ghost, heads."""
        painter = QPainter(self.viewport())
        paint.ready(painter)
        painter.fillRect(self.viewport().rect(), theme.colour("surface"))
        field = self.field()
        painter.save()
        painter.setClipRect(field.rect)
        if self.ghost is None and self.stretch is None:
            self._paint_tiles(painter, field)
        else:
            self._paint_content(painter, field)
        paint_kept_words(painter, self.grid, field)
        for item, box in self._free:
            under.paint_free_words(painter, field.place(box), item, field.rect)
        self._paint_cursor(painter, field)
        paint_ghost(self, painter)
        painter.restore()
        paint_heads(self, painter, field)
        painter.end()

    def _paint_content(self, painter: QPainter, field: under.Field) -> None:
        """Everything that scrolls, where `field` shows it."""
        grid = self.grid
        for number in range(len(grid.lanes)):
            under.paint_lane(painter, grid, number, field, self.scene.now, self._closed)
        under.paint_lines(painter, grid, field)
        paint_target(self, painter, field)
        self._paint_now(painter, field)
        seen = field.rect.translated(field.scroll - field.rect.topLeft())
        for item, box, bounds in self._boxes:
            if bounds.intersects(seen):
                self._paint_item(painter, field.place(box), item, field)

    def _paint_tiles(self, painter: QPainter, field: under.Field) -> None:
        """The content at rest is kept in tiles: to scroll is to copy them."""
        ratio, corner = self.devicePixelRatioF(), field.rect.topLeft() - field.scroll
        first_x, first_y = int(field.scroll.x()) // _TILE, int(field.scroll.y()) // _TILE
        last_x = int(field.scroll.x() + field.rect.width()) // _TILE
        last_y = int(field.scroll.y() + field.rect.height()) // _TILE
        if len(self._tiles) > _MOST_TILES:
            self._tiles.clear()
        for x in range(first_x, last_x + 1):
            for y in range(first_y, last_y + 1):
                tile = self._tiles.get((x, y, ratio))
                if tile is None:
                    tile = self._tiles[x, y, ratio] = self._tile(x, y, ratio)
                painter.drawPixmap(corner + QPointF(x * _TILE, y * _TILE), tile)

    def _tile(self, x: int, y: int, ratio: float) -> QPixmap:
        pixmap = QPixmap(round(_TILE * ratio), round(_TILE * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(theme.colour("surface"))
        painter = QPainter(pixmap)
        paint.ready(painter)
        whole = QRectF(0, 0, _TILE, _TILE)
        self._paint_content(painter, under.Field(whole, QPointF(x * _TILE, y * _TILE)))
        painter.end()
        return pixmap

    def _paint_cursor(self, painter: QPainter, field: under.Field) -> None:
        item = self.cursor_item if self.ghost is None else None
        if item is not None:
            box = field.place(self.grid.item_box(item))
            ring(painter, box, theme.colour("focus"), 2, Qt.PenStyle.SolidLine)

    def _paint_item(self, painter: QPainter, box: QRectF, item: Item, field: under.Field) -> None:
        if item.visit is None:
            under.paint_free(painter, box)
        else:
            lifted = self.ghost is not None and self.ghost.moved and self.ghost.visit.id == item.visit.id
            if lifted:
                painter.setOpacity(0.45)
            self._paint_plan(painter, item, field)
            painter.drawPixmap(box.topLeft(), self._picture(item, box))
            if lifted:
                painter.setOpacity(1)
                ring(painter, box, theme.colour("control"), 1, Qt.PenStyle.DashLine)
            if running(item.visit):
                self._now_over_strip(painter, box, item, field)

    def _picture(self, item: Item, box: QRectF) -> QPixmap:
        look, ratio = self.scene.look(item), self.devicePixelRatioF()
        size = (box.width(), box.height(), ratio)
        kept = self._pictures.get(item.key)
        if kept is not None and kept.size == size and (kept.look is look or kept.look == look):
            return kept.pixmap
        pixmap = QPixmap(max(1, round(box.width() * ratio)), max(1, round(box.height() * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint.ready(painter)
        whole = QRectF(0, 0, box.width(), box.height())
        paint_block(painter, whole, look, self.fonts, vertical=self.grid.run is Run.DOWN, ratio=ratio)
        painter.end()
        self._pictures[item.key] = _Picture(look, size, pixmap)
        return pixmap

    def _paint_plan(self, painter: QPainter, item: Item, field: under.Field) -> None:
        """The plan stays under what happened: a line along the far edge of the lane."""
        if item.plan is None:
            return
        box = field.place(self.grid.span_box(item.lane, item.plan))
        right = self.grid.run is Run.RIGHT
        line = (
            QRectF(box.left(), box.bottom() - 4, box.width(), 3)
            if right
            else QRectF(box.right() - 4, box.top(), 3, box.height())
        )
        paint.rounded(painter, line, 1.5, mixed(theme.status("late").solid, theme.colour("surface"), 0.65))

    def _now_box(self, field: under.Field) -> QRectF | None:
        if not self.grid.lanes or self.week:
            return None
        along = self.grid.along(0, self.scene.now)
        if not 0 <= along <= self.grid.length:
            return None
        return field.place(self.grid.box(along - 1, 0, 2, self.grid.breadth))

    def _paint_now(self, painter: QPainter, field: under.Field) -> None:
        """Under the blocks: it never crosses a name. In a week, only in the lanes of today."""
        box = self._now_box(field)
        if box is not None:
            painter.fillRect(box, theme.colour("now"))
        if not self.week:
            return
        for number in range(len(self.grid.lanes)):
            along = self.grid.along(number, self.scene.now)
            if 0 <= along <= self.grid.length:
                line = self.grid.box(along - 1, self.grid.offsets[number], 2, self.grid.thickness[number])
                painter.fillRect(field.place(line), theme.colour("now"))

    def _now_over_strip(self, painter: QPainter, box: QRectF, item: Item, field: under.Field) -> None:
        along = self.grid.along(item.lane, self.scene.now)
        now = field.place(self.grid.box(along - 1, self.grid.offsets[item.lane], 2, self.grid.thickness[item.lane]))
        line = now.intersected(strip_rect(box, self.grid.run is Run.DOWN))
        if not line.isEmpty():
            painter.fillRect(line, theme.colour("now"))

    def ghost_rect(self) -> QRectF:
        """Where the ghost is in the viewport."""
        ghost = self.ghost
        if ghost is None:
            return QRectF()
        return self.field().place(self.grid.item_box(Item(ghost.lane, ghost.span, ghost.visit)))


def _bare(item: Item) -> Look:
    return Look("expected", "", "", "", "", "", "", "", 1, ())


def _mute(item: Item) -> str:
    return ""
