"""The page of the old system, in four steps: files, mapping, trial, result."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from app.conversion.commands import begin_conversion, convert, undo_conversion
from app.conversion.queries import (
    MappingLine,
    Remark,
    Report,
    RunLine,
    conversion_mappings,
    conversion_names,
    conversion_remarks,
    conversion_runs,
)
from app.core.i18n import N_, _
from ui.conversion.choosing import Choosing
from ui.conversion.files_panel import FilesPanel
from ui.conversion.mapping_panel import MappingPanel
from ui.conversion.report_tables import ReportTables
from ui.shell.formats import counted, moment, number
from ui.shell.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.cards import Banner, ProgressRow
from ui.widgets.dialogs import Question
from ui.widgets.segmented import Segment, SegmentedControl

STEPS = ("files", "mapping", "trial", "result")
STEP_WORDS = {
    "files": N_("1. Files"), "mapping": N_("2. Mapping"), "trial": N_("3. Trial"), "result": N_("4. Result"),
}  # fmt: skip
NEXT_WORDS = {
    "files": N_("Go on to the mapping"), "mapping": N_("Try it without writing"), "trial": N_("Take it in"),
    "result": N_("Another conversion"),
}  # fmt: skip


class ConversionView(Screen):
    """Steps above, what belongs to one below, the way on at the foot."""

    _moved = Signal(int, int, str)

    def build(self) -> None:
        """Steps, panels, foot."""
        self.choosing = Choosing()
        self._stop = threading.Event()
        self._running = False
        self._runs: tuple[RunLine, ...] = ()
        self._steps_place = QHBoxLayout()
        self.steps: SegmentedControl | None = None
        self.files = FilesPanel(self, self.choosing, self._chosen)
        self.mapping = MappingPanel(self, self.choosing, self._refresh)
        self.trial, self.result = ReportTables(self), ReportTables(self)
        self._panels = QStackedWidget()
        for panel in (self.files, self.mapping, self.trial, self.result):
            self._panels.addWidget(panel)
        self._said = Banner("info", "")
        self._progress = ProgressRow("")
        self._progress.hide()
        self._said.hide()
        self.back, self.next = Button("", "secondary", "arrow-left"), Button("", "primary")
        self.cancel, self.undo = Button("", "secondary", "x"), Button("", "danger", "arrow-counter-clockwise")
        self._lay_out()
        self.back.clicked.connect(lambda: self.go(STEPS[max(0, STEPS.index(self.step) - 1)]))
        self.next.clicked.connect(self.press_next)
        self.cancel.clicked.connect(self._stop.set)
        self.undo.clicked.connect(self._ask_undo)
        self._moved.connect(self._show_progress)
        self._say_steps()
        self._refresh()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for part in (self.back, self.undo):
            foot.addWidget(part)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.next)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addLayout(self._steps_place)
        column.addWidget(self._said)
        column.addWidget(self._progress)
        column.addWidget(self._panels, 1)
        column.addLayout(foot)
        self.words.put(self.back.setText, N_("Back"))
        self.words.put(self.cancel.setText, N_("Cancel"))
        self.words.put(self.undo.setText, N_("Undo the conversion"))

    def _say_steps(self) -> None:
        chosen = self.step
        if self.steps is not None:
            self._steps_place.removeWidget(self.steps)
            self.steps.deleteLater()
        self.steps = SegmentedControl(_(N_("Step")), [Segment(name, _(STEP_WORDS[name])) for name in STEPS])
        self.steps.set_value(chosen)
        self.steps.changed.connect(lambda value: self.go(str(value)))
        self._steps_place.insertWidget(0, self.steps)
        if self._steps_place.count() == 1:
            self._steps_place.addStretch(1)

    @property
    def step(self) -> str:
        """The step on show."""
        return STEPS[self._panels.currentIndex()] if self.steps is not None else STEPS[0]

    def subheading(self) -> str:
        """What this is for."""
        return _(N_("Take in what was kept in another system; one step takes all of it back"))

    def focus_first(self) -> None:
        """What there is to do first."""
        self.files.folder.setFocus(self.focus_reason)

    def retranslate(self) -> None:
        """Steps and tables too."""
        super().retranslate()
        self._say_steps()
        self._refresh()

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for the mappings, the names of the practice and earlier conversions."""
        self.ask(conversion_mappings, self._show_mappings)
        self.ask(conversion_names, self._show_names)
        self.ask(conversion_runs, self._show_runs)

    def _show_mappings(self, saved: tuple[MappingLine, ...]) -> None:
        self.mapping.saved = saved
        self.files.show_mappings(saved)
        self.files.show_files()
        self.show_body()

    def _show_names(self, names: dict[str, tuple[str, ...]]) -> None:
        self.mapping.names = names

    def _show_runs(self, runs: tuple[RunLine, ...]) -> None:
        self._runs = runs
        if runs and self.choosing.report is None and not self._running:
            self.ask(conversion_remarks, self._show_last, runs[0].id)
        self._refresh()

    def _show_last(self, remarks: tuple[Remark, ...]) -> None:
        if self._runs and (self.choosing.report is None or self.choosing.report.dry_run):
            self.result.show_report(self._runs[0].files, remarks, self.choosing.files)

    # -- steps ----------------------------------------------------------------------------------------------
    def go(self, step: str) -> None:
        """Show a step."""
        if step == "mapping" and self._panels.currentIndex() != STEPS.index(step):
            self.mapping.show_files()
        self._panels.setCurrentIndex(STEPS.index(step))
        assert self.steps is not None, "the steps are made with the page"
        if self.steps.value() != step:
            self.steps.set_value(step)
        self._refresh()

    def press_next(self) -> None:
        """Do what the button at the foot says."""
        step = self.step
        if step == "files":
            self.go("mapping")
        elif step == "mapping":
            self._convert(dry_run=True)
        elif step == "trial":
            self._convert(dry_run=False)
        else:
            self.go("files")

    def _chosen(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        """Which buttons are offered, and why not."""
        step, report = self.step, self.choosing.report
        self.next.setText(_(NEXT_WORDS[step]))
        ready = bool(self.choosing.files) and not any(one.missing() for one in self.choosing.files)
        reasons = {
            "files": "" if self.choosing.files else _(N_("Choose a folder first.")),
            "mapping": "" if ready else _(N_("Some columns have not been told yet.")),
            "trial": "" if report is not None and report.dry_run else _(N_("Try the mapping first.")),
            "result": "",
        }
        reason = reasons[step] or self.bench.reason(begin_conversion)
        self.next.set_available(not reason and not self._running, reason)
        self.back.setVisible(step != "files")
        self.back.setEnabled(not self._running)
        self.cancel.setVisible(self._running)
        self.undo.setVisible(step == "result" and self._undoable() is not None)
        self.undo.setEnabled(not self._running)
        if step == "result" and not self._running:
            self._say_outcome()

    def _undoable(self) -> RunLine | None:
        """The last one that brought something: a run that found everything here already hides no earlier one."""
        return next((run for run in self._runs if run.undone_at is None and run.wrote), None)

    def _say_outcome(self) -> None:
        """What the last conversion has come to."""
        if not self._runs:
            self._said.hide()
            return
        run, clock = self._runs[0], self.bench.runner.clock
        if run.undone_at is not None:
            fact = _(N_("The conversion of {when} has been undone."), when=moment(run.begun_at, clock))
            self._said.tell("info", fact)
        elif run.finished_at is None:
            fact = _(N_("The conversion of {when} was interrupted."), when=moment(run.begun_at, clock))
            self._said.tell("warn", fact, _(N_("Take the same folder in again: it goes on where it stopped.")))
        elif all(one.adds_up for one in run.files):
            rows = sum(one.taken_in for one in run.files)
            fact = counted(N_("{n} row is in; everything adds up."), N_("{n} rows are in; everything adds up."), rows)
            self._said.tell("ok", fact)
        else:
            self._said.tell("danger", _(N_("The figures do not add up: undo the conversion and report it.")))
        self._said.show()

    # -- work -----------------------------------------------------------------------------------------------
    def _convert(self, *, dry_run: bool) -> None:
        choosing, runner, actor, moved = self.choosing, self.bench.runner, self.bench.actor, self._moved
        mapping = choosing.mapping
        if mapping is None:
            return
        source, dates, stop = choosing.source, choosing.dates, self._stop
        stop.clear()
        self._running = True
        self._said.hide()
        self._progress.set_progress(0.0, "")
        self._progress.show()
        self._refresh()

        def told(done: int, total: int, name: str) -> bool:
            moved.emit(done, total, name)
            return not stop.is_set()

        def ended(future: Future[Report]) -> None:
            self._running = False
            self._progress.hide()
            error = future.exception()
            if error is not None:
                self._refresh()
                self.bench.presenter.present(error, "convert")
                return
            self._arrived(future.result())

        self.bench.background(
            lambda: convert(runner, actor, source, mapping, dates=dates, dry_run=dry_run, progress=told), ended
        )

    def _arrived(self, report: Report) -> None:
        self.choosing.report = report
        panel = self.trial if report.dry_run else self.result
        panel.show_report(report.files, report.remarks, self.choosing.files)
        if report.dry_run:
            self.go("trial")
            return
        self.go("result")
        self.reload()
        rows = sum(one.taken_in for one in report.files)
        said = counted(N_("{n} row taken in"), N_("{n} rows taken in"), rows)
        self.bench.note_done("", said, report.run_id or "")

    def _show_progress(self, done: int, total: int, name: str) -> None:
        amount = _(N_("{done} of {total}"), done=number(done), total=number(total))
        self._progress.set_progress(done / max(total, 1), f"{name} · {amount}")

    def _ask_undo(self) -> None:
        run = self._undoable()
        if run is None:
            return
        question = Question(
            _(N_("Undo the conversion of {when}?"), when=moment(run.begun_at, self.bench.runner.clock)),
            _(N_("Every chart, visit, balance and image that it took in leaves lists and search.")),
            safe=_(N_("Keep it")),
            act=_(N_("Undo the conversion")),
            parent=self,
        )
        if question.exec():
            self.undo_run(run)

    def undo_run(self, run: RunLine) -> None:
        """Withdraw all of a conversion, off the main thread."""
        runner, actor = self.bench.runner, self.bench.actor
        self._running = True
        self._refresh()

        def ended(future: Future[object]) -> None:
            self._running = False
            error = future.exception()
            if error is not None:
                self.bench.presenter.present(error, "undo")
            else:
                self.choosing.report = None
                self.bench.note_done(None, _(N_("The conversion has been undone.")))
            self.reload()

        self.bench.background(lambda: undo_conversion(runner, actor, run.id), ended)
