"""What a figure is made of: its definition and version, what is divided by what, whose visits, and its usual range."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.core.i18n import N_, _
from app.measures.queries import DayFigures, Figure, Unit, Verdict
from app.orchestration.queries import DayQuality
from ui.orchestration.kpi import honest_words, usual_words, value_words
from ui.orchestration.picture import DayPicture
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.shell.formats import counted
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Card, Hairline
from ui.widgets.fields import Choice
from ui.widgets.labels import Label, WrapLabel

MOST = 12


class KpiPanel(Card):
    """One figure of all, chosen in its head; a visit of its lists is chosen by a click."""

    visit_chosen = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(_(N_("What the figure is made of")), icon="chart-bar")
        self.code = ""
        self._picture: DayPicture | None = None
        self._figures: DayFigures | None = None
        self._quality: DayQuality | None = None
        self._choice = Choice()
        self._choice.changed.connect(lambda value: self.show_figure(str(value)))
        self._close = IconButton("x", "", size="compact")
        self._close.clicked.connect(self.closed)
        self.head.addWidget(self._close)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.add(self._choice)
        self.add(self._rows)
        self._all: set[str] = set()
        self.hide()

    def take(self, picture: DayPicture, figures: DayFigures | None, quality: DayQuality | None) -> None:
        """The figures as they are now."""
        self._picture, self._figures, self._quality = picture, figures, quality
        if self.code:
            self.show_figure(self.code)

    def show_figure(self, code: str) -> None:
        """Look into a figure; an empty code puts the panel away."""
        self.code = code
        found = [each for each in self._figures.figures if each.today.definition.code == code] if self._figures else []
        self.setVisible(bool(found))
        if not found or self._figures is None:
            return
        self.set_title(_(N_("What the figure is made of")))
        self._close.set_name(_(N_("Put away")))
        self._choice.blockSignals(True)
        self._choice.set_options(
            [(each.today.definition.code, _(each.today.definition.name)) for each in self._figures.figures]
        )
        self._choice.set_value(code)
        self._choice.blockSignals(False)
        self._choice.setAccessibleName(_(N_("Figure")))
        empty(self._rows)
        self._fill(found[0], self._figures)

    def _fill(self, figure: Figure, figures: DayFigures) -> None:
        value, definition = figure.today, figure.today.definition
        self._rows.addWidget(Label(value_words(value.value, definition.unit), "figure"))
        self._rows.addWidget(WrapLabel(_(definition.formula), "small"))
        made = _(N_("{top} ÷ {bottom}"), top=value.numerator, bottom=value.denominator)
        kept = made if definition.unit is not Unit.COUNT else str(value.numerator)
        version = _(N_("definition {n}"), n=definition.version)
        for words in (f"{kept} · {version}", usual_words(figure), honest_words(self._quality, definition.code)):
            if words:
                self._rows.addWidget(WrapLabel(words, "small", "muted"))
        self._list(_(N_("Counted above")), value.visits)
        if value.of_visits != value.visits:
            self._list(_(N_("Counted below")), value.of_visits)
        self._rows.addWidget(Hairline())
        for words in (verdict_words(figures.verdict), self._busy(figures)):
            if words:
                self._rows.addWidget(WrapLabel(words, "small", "muted"))

    def _list(self, title: str, ids: Sequence[str]) -> None:
        self._rows.addWidget(Hairline())
        words = counted(N_("{n} visit"), N_("{n} visits"), len(ids))
        self._rows.addWidget(Label(f"{title} · {words}", "small", "muted"))
        shown = ids if title in self._all else ids[:MOST]
        for key in shown:
            visit = self._picture.visits.get(key) if self._picture is not None else None
            if visit is None:
                continue
            button = Button(plain_name(visit.line), "quiet", "user", size="compact")
            button.clicked.connect(lambda *_args, key=key: self.visit_chosen.emit(key))
            self._rows.addWidget(button)
        if len(shown) < len(ids):
            more = counted(N_("{n} other"), N_("{n} others"), len(ids) - len(shown))
            button = Button(more, "quiet", "caret-down", size="compact")
            button.clicked.connect(lambda: self._show_all(title))
            self._rows.addWidget(button)

    def _show_all(self, title: str) -> None:
        self._all.add(title)
        self.show_figure(self.code)

    @staticmethod
    def _busy(figures: DayFigures) -> str:
        """The busiest and the slowest hour of the plan."""
        hours = [hour for hour in figures.hours if hour.planned]
        if len(hours) < 2:
            return ""
        most, least = max(hours, key=lambda each: each.planned), min(hours, key=lambda each: each.planned)
        return _(
            N_("Busiest hour: {busy}:00 ({many} visits); slowest: {slow}:00 ({few})."), busy=most.hour,
            many=most.planned, slow=least.hour, few=least.planned,
        )  # fmt: skip


def verdict_words(verdict: Verdict) -> str:
    """Whether doctors or chairs limit the day."""
    if not verdict.limited_by:
        return ""
    every = (verdict.every + 5) // 10
    if verdict.limited_by == "doctor":
        return _(N_("The doctors limit the day: a new patient can begin every {n} min."), n=every)
    return _(N_("The chairs limit the day: a new patient can begin every {n} min."), n=every)
