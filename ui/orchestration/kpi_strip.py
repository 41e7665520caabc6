"""The strip of figures over the day; a tile opens what it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.core.i18n import N_, _
from app.measures.queries import DayFigures
from app.orchestration.queries import ChairState, DayQuality
from app.scheduling.queries import Stage
from ui.orchestration.kpi import STRIP, brief, brief_words, money_words, usual_words, value_words, worse
from ui.orchestration.picture import DayPicture
from ui.shell.formats import percent
from ui.theme import paint
from ui.theme.focus import focus_in, hide_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import RADII, TYPE, Weight


@dataclass(frozen=True, slots=True)
class TileWords:
    """What a tile says; `code` is the figure behind it, empty for one of the moment."""

    key: str
    label: str
    value: str
    under: str
    code: str = ""
    warns: bool = False


def tiles_of(picture: DayPicture, figures: DayFigures | None, quality: DayQuality | None) -> list[TileWords]:
    """The tiles of the day; figures only for who may see them."""
    shot = picture.shot
    found: list[TileWords] = []
    known = {each.today.definition.code: each for each in figures.figures} if figures is not None else {}
    whole = sum(count for stage, count in shot.stages.items() if stage is not Stage.CANCELLED)
    coming, missed = shot.stages[Stage.EXPECTED] + shot.stages[Stage.LATE], shot.stages[Stage.MISSED]
    under = _(N_("{n} to come, {missed} missed"), n=coming, missed=missed)
    seen = _(N_("{n} of {whole}"), n=shot.stages[Stage.DONE], whole=whole)
    found.append(TileWords("seen", _(N_("Patients seen")), seen, under, "seen" if known else ""))
    for code in STRIP:
        figure = known.get(code)
        if figure is not None and code != "seen":
            value = value_words(figure.today.value, figure.today.definition.unit)
            note = usual_words(figure).split(" · ", 1)[0] or brief_words(quality, code)
            found.append(TileWords(code, _(figure.today.definition.name), value, note, code, worse(figure)))
    chairs = [chair for chair in shot.chairs if not chair.virtual]
    busy = sum(chair.state is ChairState.OCCUPIED for chair in chairs)
    cleaning = sum(chair.state is ChairState.CLEANING for chair in chairs)
    free = sum(chair.state is ChairState.FREE for chair in chairs)
    now = _(N_("{free} free, {cleaning} being cleaned"), free=free, cleaning=cleaning)
    found.append(TileWords("chairs", _(N_("Chairs now")), _(N_("{n} of {whole}"), n=busy, whole=len(chairs)), now))
    money = money_words(picture)
    if money:
        found.append(TileWords("money", _(N_("Expected revenue")), money, _(N_("by the catalogue"))))
    if quality is not None:
        trust = percent((1000 - quality.missing_per_mille - quality.edited_per_mille + 5) // 10)
        told = brief((quality.inferred_per_mille, quality.edited_per_mille, quality.missing_per_mille))
        found.append(TileWords("trust", _(N_("Trust in the times")), trust, told))
    return found


class KpiTile(QPushButton):
    """A figure; pressed while what it is made of is on show."""

    def __init__(self) -> None:
        super().__init__()
        self.words = TileWords("", "", "", "")
        self.setCheckable(True)
        self.setProperty("kind", "painted")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        on_theme_change(self.updateGeometry)

    def tell(self, words: TileWords) -> None:
        """Show another figure."""
        if words != self.words:
            self.words = words
            self.setAccessibleName(_(N_("{name}: {value}"), name=words.label, value=words.value))
            self.setAccessibleDescription(words.under)
            self.setToolTip("\n".join(part for part in (words.label, words.under) if part))
            self.setEnabled(True)
            self.update()

    def sizeHint(self) -> QSize:
        """Three lines."""
        height = sum(theme.px(TYPE[role].line) for role in ("small", "figure", "small")) + 12
        return QSize(theme.px(130), height)

    def minimumSizeHint(self) -> QSize:
        """Words elide, figures do not."""
        return QSize(theme.px(96), self.sizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        focus_in(self, event, RADII.card)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Label, figure, what is usual."""
        painter = QPainter(self)
        paint.ready(painter)
        on = self.isChecked()
        edge = theme.colour("accent" if on else "control" if self.underMouse() else "border")
        ground = theme.colour("accent_soft" if on else "surface")
        paint.rounded(painter, QRectF(self.rect()), RADII.card, ground, edge, width=2 if on else theme.tokens.line)
        left, top, ratio = 12.0, 6.0, self.devicePixelRatioF()
        side = theme.px(14) if self.words.code else 0
        if side:
            icon = theme.pixmap("info", theme.colour("muted"), 14, ratio=ratio)
            paint.shape(painter, icon, self.width() - 10 - side, top + 2)
        warn = QColor(theme.severity("warn").fg)
        rows = (
            (self.words.label, "small", Weight.MEDIUM, theme.colour("muted"), side + 6),
            (self.words.value, "figure", None, warn if self.words.warns else theme.colour("text"), 0),
            (self.words.under, "small", None, theme.colour("muted"), 0),
        )  # fmt: skip
        for place, (words, role, weight, ink, right) in enumerate(rows):
            painter.setFont(theme.font(role, weight))
            painter.setPen(ink)
            area = QRectF(left, top, self.width() - left - 8 - right, theme.px(TYPE[role].line))
            metrics = painter.fontMetrics()
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
            if place == 1 and self.words.warns:
                sign = theme.pixmap("warning", warn, 15, "fill", ratio=ratio)
                x = left + metrics.horizontalAdvance(shown) + 8
                paint.shape(painter, sign, x, area.center().y() - theme.px(15) / 2)
            top += area.height()


class KpiStrip(QWidget):
    """The tiles in one row; in a narrow window only the first ones."""

    asked = Signal(str)
    """The code of the figure whose making is asked for; empty when it is put away."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles: list[KpiTile] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)
        self._most = 8
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_tiles(self, told: list[TileWords]) -> None:
        """Show these figures; tiles are kept."""
        while len(self.tiles) < len(told):
            tile = KpiTile()
            tile.clicked.connect(lambda on, tile=tile: self._press(tile, on))
            self._row.addWidget(tile, 1)
            self.tiles.append(tile)
        for place, tile in enumerate(self.tiles):
            if place < len(told):
                tile.tell(told[place])
            tile.setVisible(place < min(len(told), self._most))

    def fold(self, width: float) -> None:
        """How many tiles there is room for, px at 100 % text."""
        self._most = 8 if width >= 1180 else 6 if width >= 900 else 4
        for place, tile in enumerate(self.tiles):
            tile.setVisible(bool(tile.words.key) and place < self._most)

    def _press(self, tile: KpiTile, on: bool) -> None:
        for other in self.tiles:
            if other is not tile:
                other.setChecked(False)
        if not tile.words.code:
            tile.setChecked(False)
        self.asked.emit(tile.words.code if on else "")

    def let_go(self) -> None:
        """No figure is looked into any more."""
        for tile in self.tiles:
            tile.setChecked(False)
