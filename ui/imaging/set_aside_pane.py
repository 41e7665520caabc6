"""Files that were not taken in, and why: once more, a copy, off the list. And sealed files that are damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _, translate
from app.imaging.commands import discard_quarantined, retry_quarantined
from app.imaging.permissions import EXPORT_IMAGES, IMPORT_IMAGES
from app.imaging.queries import (
    FAULT_SENTENCES,
    REASON_SENTENCES,
    FaultLine,
    QuarantineLine,
    QuarantinePage,
    ScrubState,
    damaged_files,
    export_quarantined,
    quarantine_page,
    scrub_state,
)
from ui.imaging.copies import Copies, safe_name
from ui.imaging.importing import imports_of
from ui.shell.formats import counted, moment, number
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import EmptyState
from ui.widgets.dialogs import Question
from ui.widgets.fields import SearchField
from ui.widgets.labels import WrapLabel
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

LIMIT = 100


class SetAside(GrowingModel[QuarantineLine]):
    """A line a file."""

    def __init__(self, when: Callable[[QuarantineLine], str]) -> None:
        super().__init__(aside_columns())
        self._when = when

    def row_of(self, item: QuarantineLine) -> Row:
        """Name, reason, moment, whether the bytes are here."""
        sentence = translate(REASON_SENTENCES[item.reason], **item.details)
        return item.received_file, sentence, self._when(item), _(N_("yes") if item.kept else N_("no"))


def aside_columns() -> list[Column]:
    """Heads, in the language in force."""
    return [
        Column("file", _(N_("File name")), width=260, strong=True, sortable=False),
        Column("reason", _(N_("Why")), sortable=False),
        Column("when", _(N_("When")), width=170, sortable=False),
        Column("kept", _(N_("Bytes kept")), width=110, sortable=False),
    ]


class SetAsidePane(QWidget):
    """The quarantine."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen, self._bench = screen, screen.bench
        self.total, self._asking = 0, False
        self.model = SetAside(lambda item: moment(item.received_at, self._bench.runner.clock))
        self.model.setParent(self)
        self.table, self.field = Table("", self.model), SearchField("")
        self.retry, self.copy = Button("", "primary", "arrows-clockwise"), Button("", "secondary", "download-simple")
        self.discard = Button("", "secondary", "trash")
        self.copies = Copies(self._bench, self)
        self._none = EmptyState("check-circle", "", "")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        for button in (self.retry, self.copy, self.discard):
            row.addWidget(button)
        card = TableCard()
        card.add(self.table, 1)
        card.add(self._none, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(card, 1)
        words = screen.words
        words.put(self.table.setAccessibleName, N_("Files set aside"))
        words.put(self.field.setPlaceholderText, N_("Name of the file"))
        words.put(self.field.setAccessibleName, N_("Search the files set aside"))
        words.put(self.retry.setText, N_("Try again"))
        words.put(self.copy.setText, N_("Save a copy"))
        words.put(self.discard.setText, N_("Take off the list"))
        self.field.changed.connect(lambda _text: self.reload())
        self.table.row_changed.connect(lambda _row: self.refresh())
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.retry.clicked.connect(self.try_again)
        self.copy.clicked.connect(self._save)
        self.discard.clicked.connect(self._ask_discard)

    def reload(self) -> None:
        """Ask for the first page."""
        with self._bench.reloading(self._screen):
            self._screen.ask(quarantine_page, self.show_page, self.field.text().strip(), None, 0, LIMIT)

    def show_page(self, page: QuarantinePage) -> None:
        """Fill the table."""
        place = max(0, self.table.currentIndex().row())
        self.total, self._asking = page.total, False
        self.model.start(page.lines, aside_columns())
        self.table.setVisible(bool(page.lines))
        self._none.setVisible(not page.lines)
        if self.field.text().strip():
            self._none.tell(_(N_("No file has this name.")), _(N_("Type a part of it.")))
        else:
            self._none.tell(
                _(N_("No file is set aside.")), _(N_("Files that cannot be taken in stand here, with why."))
            )
        if page.lines:
            self.table.choose(min(place, len(page.lines) - 1))
        self.refresh()

    def _scrolled(self, value: int) -> None:
        near = value >= self.table.verticalScrollBar().maximum() - 5 * theme.row_height
        if near and not self._asking and len(self.model.items) < self.total:
            self._asking = True
            text, held = self.field.text().strip(), len(self.model.items)
            self._screen.ask(quarantine_page, self._more, text, None, held, LIMIT)

    def _more(self, page: QuarantinePage) -> None:
        self._asking = False
        self.model.add(page.lines)

    @property
    def line(self) -> QuarantineLine | None:
        """The file in hand."""
        return self.model.item(self.table.currentIndex().row())

    def refresh(self) -> None:
        """What can be done with it."""
        line, none = self.line, _(N_("Nothing is chosen."))
        may = self._bench.may(IMPORT_IMAGES)
        self.retry.setText(_(N_("Try again")) if line is None or line.kept else _(N_("Choose the file again")))
        self.retry.set_available(line is not None and may, none if line is None else _right(IMPORT_IMAGES.label))
        kept = line is not None and line.kept
        reason = none if line is None else _(N_("The bytes of this file were not kept: choose the file again."))
        allowed = self._bench.may(EXPORT_IMAGES)
        self.copy.set_available(kept and allowed, reason if not kept else _right(EXPORT_IMAGES.label))
        self.discard.set_available(
            line is not None and self._bench.may(discard_quarantined), self._bench.reason(discard_quarantined) or none
        )

    # -- acts -----------------------------------------------------------------------------------------------
    def try_again(self) -> None:
        """With the bytes that were kept, else with the file as somebody has it now."""
        line = self.line
        if line is None:
            return
        if line.kept:
            self.retry_with(line, None)
            return
        path, _kind = QFileDialog.getOpenFileName(self, _(N_("Choose the file again")))
        if path:
            self.retry_with(line, Path(path))

    def retry_with(self, line: QuarantineLine, path: Path | None) -> None:
        """As an import, shown as one."""
        runner, actor, key = self._bench.runner, self._bench.actor, line.quarantine_id
        imports_of(self._bench).start_work(lambda _told, _control: retry_quarantined(runner, actor, key, path))

    def _save(self) -> None:
        line = self.line
        if line is None:
            return
        runner, actor, key = self._bench.runner, self._bench.actor, line.quarantine_id
        name = safe_name(line.received_file)
        where, _kind = QFileDialog.getSaveFileName(self, _(N_("Save a copy of the file")), name)
        if where:
            self.copies.write(lambda: export_quarantined(runner, actor, key), Path(where))

    def _ask_discard(self) -> None:
        line = self.line
        if line is None:
            return
        question = Question(
            _(N_("Take “{name}” off the list?"), name=line.received_file),
            _(N_("The line goes, and the bytes that were kept go with it. This cannot be undone.")),
            safe=_(N_("Keep it")), act=_(N_("Take off the list")), parent=self,
        )  # fmt: skip
        if question.exec():
            self._bench.run(discard_quarantined, line.quarantine_id)


def _right(label: str) -> str:
    return _(N_("You need “{right}”."), right=_(label))


class Damaged(GrowingModel[FaultLine]):
    """A line a sealed file."""

    def __init__(self, when: Callable[[FaultLine], str]) -> None:
        super().__init__(damaged_columns())
        self._when = when

    def row_of(self, item: FaultLine) -> Row:
        """The beginning of its name, what is wrong, since when."""
        return item.sha256[:12], _(FAULT_SENTENCES[item.fault]), self._when(item)


def damaged_columns() -> list[Column]:
    """Heads, in the language in force."""
    return [
        Column("file", _(N_("Sealed file")), width=150, strong=True, sortable=False),
        Column("fault", _(N_("What is wrong")), sortable=False),
        Column("when", _(N_("Found")), width=170, sortable=False),
    ]


class DamagedPane(QWidget):
    """Sealed files that are no longer what was written; Enter opens the chart whose they are."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen, self._bench = screen, screen.bench
        self.total = 0
        self.model = Damaged(lambda item: moment(item.found_at, self._bench.runner.clock))
        self.model.setParent(self)
        self.table, self._said = Table("", self.model), WrapLabel("", "small", "muted")
        self.table.opened.connect(self._open)
        self._none = EmptyState("check-circle", "", "")
        card = TableCard()
        card.add(self.table, 1)
        card.add(self._none, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(card, 1)
        column.addWidget(self._said)
        screen.words.put(self.table.setAccessibleName, N_("Damaged files"))

    def reload(self) -> None:
        """Ask for what is damaged, and how far the check has come."""
        self._screen.ask(damaged_files, self.show_lines)
        self._screen.ask(scrub_state, self._show_state)

    def show_lines(self, lines: tuple[FaultLine, ...]) -> None:
        """Fill the table."""
        self.total = len(lines)
        self.model.start(lines, damaged_columns())
        self.table.setVisible(bool(lines))
        self._none.setVisible(not lines)
        fact = _(N_("No sealed file is known to be damaged."))
        self._none.tell(fact, _(N_("Every sealed file is read again in turn.")))

    def _show_state(self, state: ScrubState) -> None:
        files = counted(N_("{n} sealed file"), N_("{n} sealed files"), state.files)
        parts = [files]
        if state.never:
            parts.append(_(N_("never read again yet: {count}"), count=number(state.never)))
        if state.oldest is not None:
            parts.append(_(N_("all others since {when}"), when=moment(state.oldest, self._bench.runner.clock)))
        self._said.setText(" · ".join(parts))

    def _open(self, row: int) -> None:
        line = self.model.item(row)
        if line is not None and line.patient_id is not None:
            self._screen.open_screen.emit("patient", {"patient_id": line.patient_id, "tab": "images"})
