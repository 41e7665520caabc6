"""The figures of every file, and the remarks on rows, with their exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.conversion.commands import save_rejected_rows
from app.conversion.queries import (
    KIND_LABELS,
    FileCount,
    GivenFile,
    Remark,
    RowKind,
    Weight,
    reconciliation_csv,
    remarks_csv,
)
from app.core.i18n import N_, _
from app.core.money import Money
from ui.shell.formats import amount, number
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table


class Figures(GrowingModel[FileCount]):
    """A line a file."""

    def row_of(self, item: FileCount) -> Row:
        """Given = in + already + changed + rejected."""
        sums = amount(Money(item.in_cents)) if item.kind is RowKind.BALANCES else ""
        counts = (item.given, item.taken_in, item.already, item.changed, item.rejected, item.warnings)
        return item.file, _(KIND_LABELS[item.kind]), *counts, sums


class Remarks(GrowingModel[Remark]):
    """A line a remark."""

    def row_of(self, item: Remark) -> Row:
        """Where it is and what to do."""
        return item.file, item.line or "", item.column, _WEIGHTS[item.weight], item.text


_WEIGHTS = {Weight.ERROR: "error", Weight.WARNING: "warning"}


def _weight(value: Any) -> str:
    return _(N_("Rejected row")) if value == "error" else _(N_("Warning"))


def _figure(value: Any) -> str:
    return number(value) if isinstance(value, int) else str(value)


def figure_columns() -> list[Column]:
    """Heads, in the language in force."""
    heads = (N_("Rows given"), N_("In"), N_("Already here"), N_("Rows changed"), N_("Rejected"), N_("Warnings"))
    widths = (104, 92, 114, 124, 96, 134)
    return [
        Column("file", _(N_("File name")), strong=True, sortable=False),
        Column("holds", _(N_("Holds")), width=190, sortable=False),
        *(
            Column(head, _(head), _figure, width, right=True, sortable=False)
            for head, width in zip(heads, widths, strict=True)
        ),
        Column("sum", _(N_("Sum taken in")), width=136, right=True, sortable=False),
    ]


def remark_columns() -> list[Column]:
    """Heads, in the language in force."""
    return [
        Column("file", _(N_("File name")), width=170, sortable=False),
        Column("line", _(N_("Line")), _figure, 70, right=True, sortable=False),
        Column("column", _(N_("Column")), width=150, sortable=False),
        Column("weight", _(N_("Outcome")), _weight, 120, sortable=False),
        Column("text", _(N_("What to mend")), sortable=False),
    ]


class ReportTables(QWidget):
    """Both tables; the remarks take the room that is left."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._screen = screen
        self._figures, self._remarks = Figures(figure_columns()), Remarks(remark_columns())
        for model in (self._figures, self._remarks):
            model.setParent(self)
        self.figures, self.remarks = Table("", self._figures), Table("", self._remarks)
        self.figures.keep_rows(2)  # a sum is compared with what stands over it
        self._none = Label("", "body", "muted")
        self.given: list[GivenFile] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._cards = [TableCard(), TableCard()]
        self._cards[0].add(self.figures, 1)
        for table in (self.figures, self.remarks):
            table.setMinimumHeight(theme.row_height * 2)
        self._cards[1].add(self.remarks, 1)
        column.addWidget(self._cards[0], 3)
        column.addLayout(self._exports())
        column.addWidget(self._cards[1], 2)
        column.addWidget(self._none)
        screen.words.put(self.figures.setAccessibleName, N_("Figures of every file"))
        screen.words.put(self.remarks.setAccessibleName, N_("Remarks on rows"))
        screen.words.put(self._none.setText, N_("No row has anything to mend."))

    def _exports(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._buttons = []
        exports = (
            (N_("Export the figures"), self.save_figures),
            (N_("Export the remarks"), self.save_remarks),
            (N_("Export the rejected rows"), self.save_rows),
        )
        for text, save in exports:
            button = Button("", "secondary", "download-simple")
            button.clicked.connect(save)
            self._screen.words.put(button.setText, text)
            self._buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def show_report(self, files: Sequence[FileCount], remarks: Sequence[Remark], given: Sequence[GivenFile]) -> None:
        """Say the figures and the remarks."""
        self.given = list(given)
        self._figures.start(files, figure_columns())
        self._remarks.start(remarks, remark_columns())
        rows = max(1, len(files)) + 1
        self._cards[0].setMaximumHeight(rows * theme.row_height + 20)
        wrong = any(one.weight is Weight.ERROR and one.line for one in remarks)
        self._cards[1].setVisible(bool(remarks))
        self._none.setVisible(bool(files) and not remarks)
        self._buttons[0].set_available(bool(files), "")
        self._buttons[1].set_available(bool(remarks), _(N_("No row has anything to mend.")))
        self._buttons[2].set_available(wrong and bool(given), _(N_("No row was rejected.")))

    def _write(self, title: str, name: str, data: bytes) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, title, name, "CSV (*.csv)")
        if path:
            self._done(lambda: Path(path).write_bytes(data))

    def _done(self, work: Any) -> None:
        bench = self._screen.bench

        def said(future: Any) -> None:
            error = future.exception()
            if error is not None:
                bench.presenter.present(error, "export")
            else:
                bench.runner.access(bench.actor, "export", detail="conversion")
                bench.note_done(None, _(N_("It has been exported.")))

        bench.background(work, said)

    def save_figures(self) -> None:
        """The figures as CSV."""
        self._write(_(N_("Export the figures")), _(N_("conversion")) + ".csv", reconciliation_csv(self._figures.items))

    def save_remarks(self) -> None:
        """The remarks in both languages as CSV."""
        self._write(_(N_("Export the remarks")), _(N_("remarks")) + ".csv", remarks_csv(self._remarks.items))

    def save_rows(self) -> None:
        """The rejected rows, to be mended, into a folder."""
        folder = QFileDialog.getExistingDirectory(self, _(N_("Export the rejected rows")))
        if folder:
            given, remarks = self.given, list(self._remarks.items)
            self._done(lambda: save_rejected_rows(given, remarks, Path(folder)))
