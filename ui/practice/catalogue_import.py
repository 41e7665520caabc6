"""Import of the catalogue from CSV: what it would do, which lines it would leave out and why, then one undo step."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.practice.commands import ImportReport, import_catalogue, import_procedures
from ui.shell.errors import sentence_of
from ui.shell.formats import counted, day
from ui.shell.growing import GrowingModel
from ui.shell.words import Words
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Message
from ui.widgets.labels import WrapLabel
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table
from ui.widgets.typed_fields import DateField

if TYPE_CHECKING:
    from ui.practice.catalogue import CataloguePane

LARGEST_BYTES = 8_000_000


class _Errors(GrowingModel[Any]):
    def __init__(self) -> None:
        super().__init__(heads())

    def row_of(self, item: Any) -> Row:
        return item.line, item.column, _(item.message, **item.values)


def heads() -> list[Column]:
    """Line, column, reason."""
    return [
        Column("line", _(N_("Line")), width=64, right=True, sortable=False),
        Column("column", _(N_("Column")), width=120, sortable=False),
        Column("message", _(N_("Why it is left out")), sortable=False),
    ]


class ImportBox(Card):
    """Closed until a file is chosen."""

    def __init__(self, pane: CataloguePane) -> None:
        super().__init__(" ", icon="upload-simple")
        self._pane = pane
        self._text = ""
        self._report: ImportReport | None = None
        self.words = Words()
        today = pane.bench.runner.clock.today
        self._from = DateField(today=today, written=day)
        self._field = Field("", self._from)
        self._from.date_changed.connect(lambda _day: self._try())
        self.told = WrapLabel("")
        self._message = Message()
        self.errors = _Errors()
        self.errors.setParent(self)
        self.table = Table("", self.errors)
        self.table.setMinimumHeight(150)
        self.go, self._cancel = Button("", "primary", "check"), Button("")
        self.go.clicked.connect(self.take_in)
        self._cancel.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self.go)
        for part in (self._field, self.told, self._message, self.table):
            self.add(part)
        self.add(row)
        self.words.put(self._field.set_label, N_("Lines without a day hold from"))
        self.words.put(self._cancel.setText, N_("Cancel"))
        self.words.put(self.go.setText, N_("Import these lines"))
        self.words.put(self.table.setAccessibleName, N_("Lines that are left out"))
        self.words.put(self.set_title, N_("Import from CSV"))
        self.hide()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.words.again()
        if self._report is not None:
            self.show_report(self._report)

    def open(self) -> None:
        """Choose a file."""
        path, _kind = QFileDialog.getOpenFileName(self, _(N_("Import from CSV")), "", "CSV (*.csv)")
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Read a file and say what it would do."""
        self._from.set_value(self._pane.bench.runner.clock.today())
        self._text, self._report = "", None
        self.show()
        try:
            data = path.read_bytes() if path.stat().st_size <= LARGEST_BYTES else b""
            self._text = _decoded(data)
        except OSError:
            self._text = ""
        if not self._text.strip():
            self._refuse(_(N_("This file is empty, too large or cannot be read as text.")))
            return
        self._try()

    def _try(self) -> None:
        running = self._pane.bench.run(import_procedures, self._text, self._day(), True)
        running.say("").then(self.show_report).instead(self._say)

    def _day(self) -> date:
        return self._from.value() or self._pane.bench.runner.clock.today()

    def _say(self, error: BaseException) -> bool:
        self._refuse(sentence_of(error))
        return isinstance(error, ClinicError)

    def _refuse(self, sentence: str) -> None:
        self._message.show_text(sentence, True)
        self.told.setText("")
        self.table.hide()
        self.go.set_available(False, sentence)

    def show_report(self, report: ImportReport) -> None:
        """Counts, and each line that would be left out."""
        self._report = report
        self._message.show_text("", False)
        parts = (
            counted(N_("{n} new procedure"), N_("{n} new procedures"), report.added),
            counted(N_("{n} new version"), N_("{n} new versions"), report.replaced),
            counted(N_("{n} without a change"), N_("{n} without a change"), report.unchanged),
            counted(N_("{n} line left out"), N_("{n} lines left out"), len(report.errors)),
        )
        self.told.setText(" · ".join(parts))
        self.errors.start(report.errors, heads())
        self.table.setVisible(bool(report.errors))
        nothing = not report.added and not report.replaced
        self.go.set_available(not nothing, _(N_("No line of this file changes the catalogue.")) if nothing else "")

    def take_in(self) -> None:
        """Import in steps of 150 lines as one undo step, off the main thread."""
        runner, actor, text, since = self._pane.bench.runner, self._pane.bench.actor, self._text, self._day()
        self.go.setEnabled(False)

        def work() -> tuple[ImportReport, str]:
            with runner.group(actor, import_procedures.label) as group:
                return import_catalogue(group, text, since), group.id

        self._pane.bench.background(work, self._taken)

    def _taken(self, future: Future[tuple[ImportReport, str]]) -> None:
        error = future.exception()
        if error is not None:
            self._pane.bench.presenter.present(error, import_procedures.name)
            self.go.setEnabled(True)
            return
        report, group_id = future.result()
        done = counted(N_("{n} procedure imported"), N_("{n} procedures imported"), report.added + report.replaced)
        self._pane.bench.note_done("", done, group_id)
        self.hide()


def _decoded(data: bytes) -> str:
    """UTF-8, with or without a mark, else the Windows code page that spreadsheets in Québec write."""
    for code in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(code)
        except UnicodeDecodeError:
            continue
    return ""
