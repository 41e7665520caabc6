"""Imports under way: they go on while one works on another screen, and show in the progress centre of every window."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.imaging.commands import FileReport, ImportControl, ImportReport, ImportState, Outcome, import_paths
from ui.shell.bench import Bench
from ui.shell.formats import counted

OUTCOMES = {
    Outcome.IMPORTED: (N_("Imported"), "check-circle", "text"),
    Outcome.ALREADY: (N_("Here already"), "check", "muted"),
    Outcome.RESTORED: (N_("Brought back"), "arrow-u-up-left", "text"),
    Outcome.DIRECTORY: (N_("Directory, followed"), "folder-open", "muted"),
    Outcome.REFUSED: (N_("Refused"), "x-circle", "danger"),
    Outcome.MISSING: (N_("Missing"), "warning", "danger"),
}
"""What became of a file: words, shape, ink."""
Work = Callable[[Callable[[int, int, str], bool | None], ImportControl], ImportReport]


class ImportRun(QObject):
    """One import in a thread of its own: a paused one must not hold a reader that screens wait for."""

    moved = Signal()
    ended = Signal()
    _told = Signal(int, int, str)
    _arrived = Signal(object, object)

    def __init__(self, bench: Bench, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self.control = ImportControl()
        self.done, self.total, self.name = 0, 0, ""
        self.report: ImportReport | None = None
        self.running = True
        self._handle = bench.progress.start(_(N_("Import images")), None, self.control.cancel, self._pause)
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._arrived.connect(self._arrive, Qt.ConnectionType.QueuedConnection)
        self.thread_of_work = threading.Thread(target=self._run, args=(work,), name="import")
        self.thread_of_work.start()

    def _pause(self, paused: bool) -> None:
        if paused:
            self.control.pause()
        else:
            self.control.resume()
        self.moved.emit()

    def set_paused(self, paused: bool) -> None:
        """Rest after the files that are being read, or go on; the progress centre shows the same."""
        self._handle.set_paused(paused)

    @property
    def paused(self) -> bool:
        """Whether it rests."""
        return self.control.state is ImportState.PAUSED

    def cancel(self) -> None:
        """Stop for good. What is in stays."""
        self._handle.cancel()
        self.moved.emit()

    def _run(self, work: Work) -> None:
        report, error = None, None
        try:
            report = work(self._told.emit, self.control)
        except Exception as caught:
            error = caught
        with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
            self._arrived.emit(report, error)

    @Slot(int, int, str)
    def _tell(self, done: int, total: int, name: str) -> None:
        if total != self.total:
            self._handle.set_total(total)
        self._handle.advance(done - self.done)
        self.done, self.total, self.name = done, total, name
        self.moved.emit()

    @Slot(object, object)
    def _arrive(self, report: ImportReport | None, error: BaseException | None) -> None:
        self.running, self.report = False, report
        self._bench.progress.leave(self._handle, "", None)
        if error is not None:
            self._bench.presenter.present(error, "import_paths")
        elif report is not None:
            self._say(report)
        self.ended.emit()

    def _say(self, report: ImportReport) -> None:
        here = report.imported + report.restored
        if here:
            said = counted(N_("{n} image imported"), N_("{n} images imported"), here)
            self._bench.note_done("", said, report.group_id)
        elif report.already:
            self._bench.note_done(None, _(N_("These images were here already.")))

    def stop(self) -> None:
        """The program ends: what is being read is finished, nothing more is begun."""
        self.control.cancel()
        self.thread_of_work.join()


class Imports(QObject):
    """The imports of this program; one object for a bench, whatever screens come and go."""

    changed = Signal()
    finished = Signal(object)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._bench = bench
        self.run: ImportRun | None = None
        self.last: ImportReport | None = None
        bench.closing.connect(self._close)
        bench.actor_changed.connect(self._forget)

    @property
    def busy(self) -> bool:
        """Whether one is under way."""
        return self.run is not None and self.run.running

    def start(self, paths: Sequence[Path], patient_id: PatientId | None = None) -> None:
        """Import files, folders and ZIP files, into the chart of a patient where one is given."""
        runner, actor = self._bench.runner, self._bench.actor
        self.start_work(lambda told, control: import_paths(runner, actor, paths, told, patient_id, control))

    def start_work(self, work: Work) -> None:
        """Have an import done; one at a time, for two would read the same disk."""
        if self.busy:
            self._bench.note_done(None, _(N_("An import is under way: wait until it has ended.")))
            return
        self.run = ImportRun(self._bench, work, self)
        self.run.moved.connect(self.changed)
        self.run.ended.connect(self._ended)
        self.changed.emit()

    def _ended(self) -> None:
        if self.run is not None:
            self.last = self.run.report
        self.changed.emit()
        if self.last is not None:
            self.finished.emit(self.last)

    def undo_last(self) -> None:
        """Take the whole of the last import back."""
        if self.last is not None:
            self._bench.undo("", self.last.group_id)
            self.last = None
            self.changed.emit()

    def _forget(self, _actor: object) -> None:
        """What one person took in is not told to the next."""
        if not self.busy:
            self.last = None
            self.changed.emit()

    def _close(self) -> None:
        if self.run is not None:
            self.run.stop()


def imports_of(bench: Bench) -> Imports:
    """The one of this program."""
    found = bench.findChild(Imports)
    return found if isinstance(found, Imports) else Imports(bench)


def refusals(files: Sequence[FileReport]) -> list[str]:
    """`name : sentence` of each file that did not come in."""
    return [_(N_("{name}: {sentence}"), name=item.name, sentence=item.sentence) for item in files if item.sentence]
