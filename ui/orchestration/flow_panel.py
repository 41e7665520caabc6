"""The way of the patients through the day: who stands in which stage, how long it takes, where it gets stuck.

Beside it, chairs that are used too little, who has their hands full, and what kept visits bring.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.i18n import N_, _, language
from app.measures.queries import JOURNEY_LABELS, Journey, StageTime
from app.orchestration.queries import DayUse
from ui.patients.facts import empty
from ui.shell.formats import amount, percent
from ui.widgets.cards import Card, Hairline, ProgressBar
from ui.widgets.labels import ElidedLabel, Label, WrapLabel
from ui.widgets.pills import SeverityChip


def tenths(value: int | None) -> str:
    """Tenths of a minute as minutes; a dash where nothing is known."""
    return "–" if value is None else _(N_("{n} min"), n=(value + 5) // 10)


class JourneyPanel(Card):
    """One row a stage; hidden for who may not see figures."""

    def __init__(self) -> None:
        super().__init__(_(N_("The way of the patients")), icon="path")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.add(self._rows)
        self._shown: object = None
        self.hide()

    def show_journey(self, journey: Journey | None) -> None:
        """Show the stages of the day."""
        self.setVisible(journey is not None and any(item.count or item.now for item in journey.stages))
        shown = (journey, language())
        if journey is None or shown == self._shown:
            return
        self._shown = shown
        self.set_title(_(N_("The way of the patients")))
        empty(self._rows)
        if journey.bottleneck is not None:
            excess = next(item.excess for item in journey.stages if item.stage is journey.bottleneck)
            words = _(
                N_("The last hour got stuck: {stage}, {minutes} min beyond the usual in all."),
                stage=_(JOURNEY_LABELS[journey.bottleneck]).lower(), minutes=excess,
            )  # fmt: skip
            self._rows.addWidget(WrapLabel(words, "small", "danger"))
        for item in journey.stages:
            self._rows.addLayout(self._row(item, stuck=item.stage is journey.bottleneck))

    @staticmethod
    def _row(item: StageTime, *, stuck: bool) -> QVBoxLayout:
        column, head = QVBoxLayout(), QHBoxLayout()
        column.setSpacing(2)
        head.setSpacing(8)
        name = _(JOURNEY_LABELS[item.stage])
        head.addWidget(ElidedLabel(name, "body"), 1)
        if item.now:
            head.addWidget(SeverityChip("danger" if stuck else "info", str(len(item.now)), "user"))
        head.addWidget(Label(tenths(item.mean), "name"))
        column.addLayout(head)
        if item.usual is not None:
            column.addWidget(ElidedLabel(_(N_("usually {time}"), time=tenths(item.usual)), "small", "muted"))
            bar = ProgressBar(name, "seated")
            bar.set_fraction(min(1.0, (item.mean or 0) / max(2 * item.usual, 1)), "missed" if stuck else None)
            column.addWidget(bar)
        return column


class UsePanel(Card):
    """Chairs, people and revenue until now."""

    def __init__(self) -> None:
        super().__init__(_(N_("How the day is used")), icon="gauge")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.add(self._rows)
        self._shown: object = None
        self.hide()

    def show_use(self, use: DayUse | None) -> None:
        """Show what is known; chairs that are used too little say so."""
        self.setVisible(use is not None and bool(use.chairs))
        shown = (use, language())
        if use is None or shown == self._shown:
            return
        self._shown = shown
        self.set_title(_(N_("How the day is used")))
        empty(self._rows)
        if use.revenue is not None:
            words = _(
                N_("{earned} by visits that were kept, {coming} to come (catalogue)"),
                earned=amount(use.revenue.earned), coming=amount(use.revenue.to_come),
            )  # fmt: skip
            self._rows.addWidget(WrapLabel(words, "name"))
            self._rows.addWidget(Hairline())
        for chair in use.chairs:
            self._rows.addLayout(self._share(chair.name, chair.per_mille, little=chair.little))
        treating = [person for person in use.people if person.present]
        if treating:
            self._rows.addWidget(Hairline())
        for person in treating:
            visits = _(N_("{name} · {n} visits"), name=person.name, n=person.visits)
            self._rows.addLayout(self._share(visits, person.per_mille))

    @staticmethod
    def _share(name: str, per_mille: int, *, little: bool = False) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(ElidedLabel(name, "body"), 1)
        if little:
            row.addWidget(SeverityChip("warn", _(N_("used too little")), "trend-up"))
        row.addWidget(Label(percent((per_mille + 5) // 10), "name"))
        return row
