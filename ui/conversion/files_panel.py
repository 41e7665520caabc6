"""First step: the name of the old system, how it is read, the folder of its files and that of its images."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.conversion.queries import (
    ENCODING_NAMES,
    KIND_LABELS,
    GivenFile,
    Mapping,
    MappingLine,
    files_of,
    given_files,
    guess_mapping,
)
from app.core.i18n import N_, _
from ui.conversion.choosing import Choosing
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Field, Message
from ui.widgets.labels import ElidedLabel
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

PATTERN = "{number}_{date}_{view}.jpg"
SEPARATOR_NAMES = {
    ",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("vertical bar"),
}  # fmt: skip


class FileLines(GrowingModel[GivenFile | Path]):
    """A line a file of the folder."""

    def row_of(self, item: GivenFile | Path) -> Row:
        """Its name, what it holds and how it is written."""
        if isinstance(item, Path):
            return item.name, _(N_("Not in the mapping: left out")), "", "", ""
        sheet = item.sheet
        written = ENCODING_NAMES.get(sheet.encoding, sheet.encoding)
        parted = _(SEPARATOR_NAMES.get(sheet.separator, sheet.separator))
        return item.name, _(KIND_LABELS[item.mapping.kind]), written, parted, len(sheet.headings)


def file_columns() -> list[Column]:
    """Heads, in the language in force."""
    return [
        Column("file", _(N_("File name")), strong=True, sortable=False),
        Column("holds", _(N_("Holds")), width=210, sortable=False),
        Column("encoding", _(N_("Encoding")), width=140, sortable=False),
        Column("separator", _(N_("Separator")), width=140, sortable=False),
        Column("columns", _(N_("Columns")), width=100, right=True, sortable=False),
    ]


class FilesPanel(QWidget):
    """The folder and what is in it; `chosen` is called when that has changed."""

    def __init__(self, screen: Screen, choosing: Choosing, chosen: Callable[[], None]) -> None:
        super().__init__()
        self._screen, self._choosing, self._chosen = screen, choosing, chosen
        self._saved: tuple[MappingLine, ...] = ()
        self.system, self.mapping, self.pattern = TextField(), Choice(), TextField()
        self.folder, self.pictures = Button("", "primary", "folder-open"), Button("", "secondary", "images")
        self._where, self._images = ElidedLabel("", "small", "muted"), ElidedLabel("", "small", "muted")
        self._problem = Message()
        self._problem.show_text("", False)
        self._lines = FileLines(file_columns())
        self._lines.setParent(self)
        self.table = Table("", self._lines)
        self._none = EmptyState("folder-open", "", "")
        self._lay_out()
        self.folder.clicked.connect(self._pick)
        self.pictures.clicked.connect(self._pick_images)
        self.system.editingFinished.connect(self._renamed)
        self.pattern.editingFinished.connect(self._renamed)
        self.mapping.changed.connect(lambda _value: self._read_again())

    def _lay_out(self) -> None:
        words = self._screen.words
        fields = [Field("", editor) for editor in (self.system, self.mapping, self.pattern)]
        labels = (N_("Name of the old system"), N_("How it is read"), N_("Names of the images"))
        for field, label in zip(fields, labels, strict=True):
            words.put(field.set_label, label)
        card = Card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(12)
        for place, field in enumerate(fields):
            grid.addWidget(field, 0, place)
            grid.setColumnStretch(place, 1)
        for place, (button, said) in enumerate(((self.folder, self._where), (self.pictures, self._images))):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(button)
            row.addWidget(said, 1)
            grid.addLayout(row, 1, 2 * place, 1, 2 - place)
        card.add(grid)
        card.add(self._problem)
        files = TableCard()
        files.add(self.table, 1)
        files.add(self._none, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(card)
        column.addWidget(files, 1)
        words.put(self.folder.setText, N_("Choose the folder"))
        words.put(self.pictures.setText, N_("Choose the images"))
        words.put(self.table.setAccessibleName, N_("Files of the old system"))
        self.pattern.setPlaceholderText(PATTERN)

    def show_mappings(self, saved: tuple[MappingLine, ...]) -> None:
        """Offer the saved mappings, and guessing."""
        self._saved = saved
        self.mapping.set_options(
            [("", _(N_("Guess by the heads of the columns"))), *((one.id, one.name) for one in saved)]
        )

    def show_files(self) -> None:
        """Say what is in the folder."""
        choosing = self._choosing
        items: list[GivenFile | Path] = [*choosing.files, *choosing.unknown]
        self._lines.start(items, file_columns())
        self.table.setVisible(bool(items))
        self._none.setVisible(not items)
        self._none.tell(
            _(N_("No folder has been chosen yet.")),
            _(N_("Export patients, appointments and balances of the old system as CSV into one folder.")),
        )
        self._where.setText(str(choosing.folder or ""))
        self._images.setText(str(choosing.images or ""))

    # -- choosing -------------------------------------------------------------------------------------------
    def _pick(self) -> None:
        path = QFileDialog.getExistingDirectory(self, _(N_("Choose the folder")))
        if path:
            self.read(Path(path))

    def _pick_images(self) -> None:
        path = QFileDialog.getExistingDirectory(self, _(N_("Choose the images")))
        if path:
            self._choosing.images = Path(path)
            self.pattern.set_value(str(self.pattern.value() or "") or PATTERN)
            self._renamed()

    def _read_again(self) -> None:
        if self._choosing.folder is not None:
            self.read(self._choosing.folder)

    def read(self, folder: Path) -> None:
        """Look at every file of a folder, off the main thread."""
        saved = next((one.mapping for one in self._saved if one.id == self.mapping.value()), None)
        name = str(self.system.value() or "") or (saved.system if saved else folder.name)
        self._problem.show_text("", False)

        def look() -> tuple[Mapping, list[GivenFile], list[Path]]:
            mapping = saved or guess_mapping(folder, name, name)
            return mapping, *given_files(files_of(folder), mapping)

        def seen(future: Future[tuple[Mapping, list[GivenFile], list[Path]]]) -> None:
            error = future.exception()
            if error is not None:
                self._problem.show_text(str(error), True)
                return
            choosing = self._choosing
            choosing.folder, choosing.report = folder, None
            choosing.mapping, choosing.files, choosing.unknown = future.result()
            self.system.set_value(choosing.mapping.system)
            self.pattern.set_value(str(self.pattern.value() or "") or choosing.mapping.image_pattern)
            self._renamed()

        self._screen.bench.background(look, seen)

    def _renamed(self) -> None:
        choosing = self._choosing
        if choosing.mapping is not None:
            system = str(self.system.value() or "") or choosing.mapping.system
            pattern = str(self.pattern.value() or "")
            choosing.mapping = dataclasses.replace(choosing.mapping, system=system, image_pattern=pattern)
        self.show_files()
        self._chosen()
