"""Import: two buttons and a place to drop files on, how far it is, what became of each file, undo of the whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.errors import PermissionDenied
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.imaging.commands import FileReport, ImportReport, Outcome
from app.imaging.permissions import IMPORT_IMAGES
from ui.imaging.importing import OUTCOMES, imports_of
from ui.shell.formats import counted, number
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.widgets.announce import announce
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState, ProgressRow
from ui.widgets.fields import TextField
from ui.widgets.form import Message
from ui.widgets.labels import Label
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table


class ImportStrip(QWidget):
    """Buttons and progress; `patient_id()` says into whose chart, None lets each study look for its patient."""

    def __init__(self, screen: Screen, patient_id: Callable[[], PatientId | None]) -> None:
        super().__init__()
        self._screen, self._patient_id = screen, patient_id
        self.imports = imports_of(screen.bench)
        self.imports.changed.connect(self.refresh)
        self.files, self.folder = Button("", "primary", "upload-simple"), Button("", "secondary", "folder-open")
        self.pause, self.cancel = Button("", "secondary", "pause"), Button("", "secondary", "x")
        self.path, self._problem = TextField(), Message()
        self._problem.show_text("", False)
        self.path.returnPressed.connect(self._take_path)
        self.path.changed.connect(lambda _text: self._problem.show_text("", False))
        self.progress = ProgressRow("")
        self.files.clicked.connect(self._pick_files)
        self.folder.clicked.connect(self._pick_folder)
        self.pause.clicked.connect(self._toggle)
        self.cancel.clicked.connect(lambda: self.imports.run.cancel() if self.imports.run else None)
        above = QHBoxLayout()
        above.setSpacing(8)
        for part, stretch in ((self.files, 0), (self.folder, 0), (self.path, 1), (self.pause, 0), (self.cancel, 0)):
            above.addWidget(part, stretch, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(above)
        column.addWidget(self._problem)
        column.addWidget(self.progress)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        words = screen.words
        words.put(self.files.setText, N_("Import files"))
        words.put(self.folder.setText, N_("Import a folder"))
        words.put(self.cancel.setText, N_("Stop the import"))
        words.put(self.path.setPlaceholderText, N_("Or drop files here, or type the path of a file or a folder"))
        words.put(self.path.setAccessibleName, N_("Path of a file or a folder"))
        words.put(self._name_pause, N_("Pause"))
        self.refresh()

    def _name_pause(self, _text: str) -> None:
        paused = self.imports.run is not None and self.imports.run.paused
        self.pause.setText(_(N_("Go on")) if paused else _(N_("Pause")))
        self.pause.set_icon("play" if paused else "pause")

    def refresh(self) -> None:
        """What is offered now, and how far the import is."""
        bench, run = self._screen.bench, self.imports.run
        busy = self.imports.busy
        may = bench.may(IMPORT_IMAGES)
        reason = "" if may else str(PermissionDenied(IMPORT_IMAGES.name, IMPORT_IMAGES.label))
        waiting = _(N_("An import is under way: wait until it has ended."))
        for button in (self.files, self.folder):
            button.set_available(may and not busy, reason or waiting)
        for part in (self.pause, self.cancel, self.progress):
            part.setVisible(busy)
        self.path.setVisible(not busy and may)
        self._name_pause("")
        if busy and run is not None:
            amount = _(N_("{done} of {total}"), done=number(run.done), total=number(run.total))
            state = _(N_("paused")) if run.paused else run.name
            self.progress.set_progress(run.done / max(run.total, 1), " · ".join(p for p in (amount, state) if p))

    def take_in(self, paths: list[Path]) -> None:
        """Import what was chosen or dropped."""
        if paths and self._screen.bench.may(IMPORT_IMAGES):
            self.imports.start(paths, self._patient_id())

    def _take_path(self) -> None:
        """What is typed: for who has no mouse, and for the folder that a device always writes into."""
        typed = self.path.text().strip().strip('"')
        path = Path(typed).expanduser()
        if not typed or not path.exists():
            self._problem.show_text(_(N_("There is no file and no folder of this path.")), True)
            return
        self.path.clear()
        self.take_in([path])

    def _pick_files(self) -> None:
        paths, _kind = QFileDialog.getOpenFileNames(self, _(N_("Import files")))
        self.take_in([Path(path) for path in paths])

    def _pick_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, _(N_("Import a folder")))
        self.take_in([Path(path)] if path else [])

    def _toggle(self) -> None:
        if self.imports.run is not None:
            self.imports.run.set_paused(not self.imports.run.paused)


def result_columns() -> list[Column]:
    """Heads of the table of results, in the language in force."""
    return [
        Column("file", _(N_("File name")), strong=True, sortable=False),
        Column("outcome", _(N_("What became of it")), lambda v: _(OUTCOMES[v][0]), 190, sortable=False,
               icon=lambda v: (OUTCOMES[v][1], OUTCOMES[v][2])),
        Column("reason", _(N_("Why")), sortable=False),
    ]  # fmt: skip


class Results(GrowingModel[FileReport]):
    """A line a file; what was refused stands first, for somebody must act."""

    def row_of(self, item: FileReport) -> Row:
        """Name, outcome, reason."""
        return item.name, item.outcome, item.sentence or ("" if item.shown or item.reason else None)


class ResultsPane(QWidget):
    """What the last import came to."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._imports = imports_of(screen.bench)
        self._imports.changed.connect(self.refresh)
        self.model = Results(result_columns())
        self.model.setParent(self)
        self.table = Table("", self.model)
        self._said = Label("", "name")
        self.undo = Button("", "danger", "arrow-counter-clockwise")
        self.undo.clicked.connect(self._imports.undo_last)
        self._none = EmptyState("folder-open", "", "")
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(12, 6, 12, 6)
        head.addWidget(self._said, 1)
        head.addWidget(self.undo)
        card = TableCard()
        card.add(self._head)
        card.add(self.table, 1)
        card.add(self._none, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        screen.words.put(self.undo.setText, N_("Undo the whole import"))
        screen.words.put(self.table.setAccessibleName, N_("Results of the import"))
        self._imports.finished.connect(lambda report: announce(self, summary(report)))
        self.refresh()

    def refresh(self) -> None:
        """The last import of this program."""
        report = self._imports.last
        self._head.setVisible(report is not None)
        self.table.setVisible(report is not None)
        self._none.setVisible(report is None)
        self._none.tell(
            _(N_("Nothing has been imported here since you signed in.")),
            _(N_("Each file will stand here with its result.")),
        )
        if report is not None:
            self._said.setText(summary(report))
            first = (Outcome.REFUSED, Outcome.MISSING)
            self.model.start(sorted(report.files, key=lambda f: f.outcome not in first), result_columns())
            self.undo.setVisible(bool(report.imported + report.restored))


def summary(report: ImportReport) -> str:
    """`12 images importées · 2 refusées`."""
    parts = [counted(N_("{n} image imported"), N_("{n} images imported"), report.imported)]
    for one, many, count in (
        (N_("{n} brought back"), N_("{n} brought back"), report.restored),
        (N_("{n} here already"), N_("{n} here already"), report.already),
        (N_("{n} file refused"), N_("{n} files refused"), report.refused),
        (N_("{n} file missing"), N_("{n} files missing"), report.missing),
    ):
        if count:
            parts.append(counted(one, many, count))
    if report.cancelled:
        parts.append(_(N_("stopped before the end")))
    return " · ".join(parts)


def drop_card(strip: ImportStrip) -> Card:
    """The strip on a card of its own."""
    card = Card()
    card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    card.add(strip)
    return card
