"""Several visits a step further: what would happen to each is said before, and it is one operation with one undo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.orchestration.commands import step_together
from app.orchestration.queries import FLOW_STEP_LABELS, DayVisitLine, FlowStep, StepLine, step_preview
from ui.patients.words import plain_name
from ui.shell.bench import Bench
from ui.shell.formats import counted
from ui.widgets.buttons import Button
from ui.widgets.fields import Choice
from ui.widgets.labels import Label, WrapLabel

MOST_SAID = 3


class BulkBar(QWidget):
    """Shown while visits are picked."""

    cleared = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._visits: list[DayVisitLine] = []
        self._lines: tuple[StepLine, ...] = ()
        self.count = Label("", "name")
        self.step = Choice()
        self.step.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.step.changed.connect(lambda _value: self._ask())
        self.apply, self.clear = Button("", "primary", "check-square"), Button("", "quiet", "x")
        self.apply.clicked.connect(self.run)
        self.clear.clicked.connect(self.cleared)
        self.preview = WrapLabel("", "small", "muted")
        row = QHBoxLayout()
        row.setSpacing(10)
        for widget in (self.count, self.step, self.apply, self.clear):
            row.addWidget(widget)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 12, 8)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.preview)
        self.hide()

    def show_visits(self, visits: Sequence[DayVisitLine]) -> None:
        """Say what would happen to these."""
        self._visits = list(visits)
        self.setVisible(bool(visits) and self._bench.may(step_together))
        if not self._visits or self.isHidden():
            return
        self.count.setText(counted(N_("{n} visit chosen"), N_("{n} visits chosen"), len(visits)))
        held = self.step.value()
        self.step.blockSignals(True)
        self.step.set_options([(step, _(words)) for step, words in FLOW_STEP_LABELS.items()])
        if held is not None:
            self.step.set_value(held)
        self.step.blockSignals(False)
        self.step.setAccessibleName(_(N_("Step for the visits that are chosen")))
        self.clear.setText(_(N_("Choose none")))
        self._ask()

    def _ask(self) -> None:
        step = self.step.value()
        if self._visits and step is not None:
            self._bench.ask_for(None, step_preview, self._show, FlowStep(str(step)), [v.id for v in self._visits])

    def _show(self, lines: tuple[StepLine, ...]) -> None:
        self._lines = lines
        going = [line for line in lines if not line.refusal]
        names = {visit.id: plain_name(visit.line) for visit in self._visits}
        held = [f"{names.get(line.appointment_id, '')} – {line.refusal}" for line in lines if line.refusal]
        words = counted(N_("{n} visit goes."), N_("{n} visits go."), len(going))
        if held:
            more = len(held) - MOST_SAID
            said = held[:MOST_SAID] + ([counted(N_("{n} other"), N_("{n} others"), more)] if more > 0 else [])
            words = "\n".join([words, *said])
        self.preview.setText(words)
        self.apply.setText(counted(N_("Change {n} visit"), N_("Change {n} visits"), len(going)))
        self.apply.set_available(bool(going), "" if going else _(N_("None of them can go there now.")))

    def run(self) -> None:
        """Take those that can go a step further: one operation."""
        going = [line.appointment_id for line in self._lines if not line.refusal]
        step = self.step.value()
        if going and step is not None:
            said = counted(N_("{n} visit changed"), N_("{n} visits changed"), len(going))
            running = self._bench.run(step_together, FlowStep(str(step)), going)
            running.say(said).then(lambda _count: self.cleared.emit())
