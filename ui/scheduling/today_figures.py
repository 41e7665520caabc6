"""The head figures of the day: how many visits stand where. A figure pressed filters the list by its stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.core.i18n import N_, _
from app.scheduling.queries import Stage
from ui.shell.formats import counted
from ui.theme import paint
from ui.theme.focus import focus_in, hide_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import RADII, TYPE, Weight


@dataclass(frozen=True, slots=True)
class Figure:
    """What is counted: its word and the stages that belong to it; `status` gives shape and colour."""

    key: str
    label: str
    status: str
    stages: frozenset[Stage]


FIGURES: Final = (
    Figure("expected", N_("Expected"), "expected", frozenset({Stage.EXPECTED})),
    Figure("late", N_("Late"), "late", frozenset({Stage.LATE})),
    Figure("waiting", N_("In the waiting room"), "waiting", frozenset({Stage.WAITING})),
    Figure("seated", N_("At a chair"), "seated", frozenset({Stage.SEATED, Stage.NEEDED, Stage.HERE, Stage.PAUSED})),
    Figure("checkout", N_("Checkout"), "checkout", frozenset({Stage.CHECKOUT})),
    Figure("done", N_("Done"), "done", frozenset({Stage.DONE})),
    Figure("missed", N_("No-show"), "missed", frozenset({Stage.MISSED})),
)


class FigureTile(QPushButton):
    """A count with its word and shape; stays pressed while it filters."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.figure = figure
        self._count, self._under = 0, ""
        self.setCheckable(True)
        self.setProperty("kind", "painted")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def tell(self, count: int, under: str) -> None:
        """Show another count."""
        self._count, self._under = count, under
        word = _(self.figure.label)
        self.setAccessibleName(_(N_("{name}: {count}"), name=word, count=count))
        self.setAccessibleDescription(under)
        self.setToolTip(_(N_("Show only these visits")))
        self.updateGeometry()
        self.update()

    def _restyle(self) -> None:
        self.setFont(theme.font("small", Weight.MEDIUM))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Three lines: the word, the figure, what is to be added."""
        words = self.fontMetrics().horizontalAdvance(_(self.figure.label)) + theme.px(22) + 24
        height = sum(theme.px(TYPE[role].line) for role in ("small", "figure", "small")) + 14
        return QSize(max(words, theme.px(112)), height)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        focus_in(self, event, RADII.card)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card; pressed, on the accent's tint."""
        painter = QPainter(self)
        paint.ready(painter)
        on = self.isChecked()
        edge = theme.colour("accent" if on else "control" if self.underMouse() else "border")
        ground = theme.colour("accent_soft" if on else "surface")
        paint.rounded(painter, QRectF(self.rect()), RADII.card, ground, edge, width=2 if on else theme.tokens.line)
        status, entry = theme.status(self.figure.status), STATUSES[self.figure.status]
        acts = self._count > 0 and self.figure.key in {"late", "waiting", "missed"}
        ratio, left, top = self.devicePixelRatioF(), 12, 7.0
        cut = "bold" if entry.weight == "bold" else "fill"
        pixmap = theme.pixmap(entry.icon, status.fg, 15, cut, ratio=ratio)  # type: ignore[arg-type]  # a literal
        line = theme.px(TYPE["small"].line)
        paint.shape(painter, pixmap, left, top + (line - theme.px(15)) / 2)
        rows = (
            (_(self.figure.label), "small", Weight.MEDIUM, theme.colour("muted"), theme.px(15) + 6, line),
            (str(self._count), "figure", None, status.fg if acts else theme.colour("text"), 0,
             theme.px(TYPE["figure"].line)),
            (self._under, "small", None, theme.colour("muted"), 0, line),
        )  # fmt: skip
        for words, role, weight, ink, indent, height in rows:
            painter.setFont(theme.font(role, weight))
            painter.setPen(ink)
            area = QRectF(left + indent, top, self.width() - left - indent - 6, height)
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            top += height


class Figures(QWidget):
    """The row of tiles; in a narrow window the lines under the figures are all that goes."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles = [FigureTile(figure) for figure in FIGURES]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        for tile in self.tiles:
            row.addWidget(tile, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def stages(self) -> list[Stage]:
        """The stages of the tiles that are pressed."""
        return [stage for tile in self.tiles if tile.isChecked() for stage in Stage if stage in tile.figure.stages]

    def choose(self, stages: list[Stage]) -> None:
        """Press the tiles of these stages."""
        for tile in self.tiles:
            tile.blockSignals(True)
            tile.setChecked(bool(stages) and tile.figure.stages <= set(stages))
            tile.blockSignals(False)
            tile.update()

    def tell(self, counts: Mapping[Stage, int], unconfirmed: int) -> None:
        """Show the figures of a day."""
        whole = sum(count for stage, count in counts.items() if stage is not Stage.CANCELLED)
        under = {
            "expected": _(N_("{n} to confirm"), n=unconfirmed),
            "done": _(N_("of {n}"), n=whole),
            "missed": counted(N_("{n} cancelled visit"), N_("{n} cancelled visits"), counts[Stage.CANCELLED]),
            "seated": _(N_("{n} call the doctor"), n=counts[Stage.NEEDED]) if counts[Stage.NEEDED] else "",
        }
        for tile in self.tiles:
            tile.tell(sum(counts[stage] for stage in tile.figure.stages), under.get(tile.figure.key, ""))

    def show_chosen(self, whole: bool) -> None:
        """All tiles, or in a narrow window the five that ask for somebody."""
        for tile in self.tiles:
            tile.setVisible(whole or tile.figure.key not in {"checkout", "done"} or tile.isChecked())
