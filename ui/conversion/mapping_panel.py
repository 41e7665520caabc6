"""Second step: which column is which, what the words mean, and the first rows as they would be read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.conversion.commands import change_mapping, save_mapping
from app.conversion.queries import (
    FIELDS,
    KIND_LABELS,
    ORDER_LABELS,
    DateOrder,
    Form,
    MappingLine,
    Preview,
    PreviewRow,
    RowKind,
    guess_columns,
    labels_of,
    preview,
    with_words,
)
from app.core.i18n import N_, _
from app.core.text import fold
from ui.conversion.choosing import Choosing
from ui.patients.facts import empty
from ui.shell.formats import counted
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import Choice
from ui.widgets.form import Field, Message
from ui.widgets.labels import Label
from ui.widgets.layout import Flow, VScroll
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

FORM_WIDTH = 320
WORD_WIDTH = 190


class PreviewRows(GrowingModel[PreviewRow]):
    """The first rows as they would be read; with `problems`, a column says what to mend."""

    problems = False

    def row_of(self, item: PreviewRow) -> Row:
        """The line, what to mend in it where anything is, and the values."""
        return (item.line, item.problem, *item.cells) if self.problems else (item.line, *item.cells)


def _clear(content: QWidget) -> VScroll:
    """A page that scrolls on a card: the ground of the card shows through."""
    scroll = VScroll(content)
    content.setAutoFillBackground(False)  # Qt fills what is put into a scroll area
    return scroll


def _at_top(widget: QWidget) -> QWidget:
    """A page that holds the widget above empty room."""
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    column.addStretch(1)
    return host


class MappingPanel(QWidget):
    """One file at a time; `changed` is called when something is read otherwise."""

    def __init__(self, screen: Screen, choosing: Choosing, changed: Callable[[], None]) -> None:
        super().__init__()
        self._screen, self._choosing, self._changed = screen, choosing, changed
        self.file, self.kind, self.dates = Choice(), Choice(), Choice()
        self.save = Button("", "secondary", "check")
        self.names: dict[str, tuple[str, ...]] = {}
        self.saved: tuple[MappingLine, ...] = ()
        self._rows = PreviewRows([Column("line", "")])
        self._rows.setParent(self)
        self.table = Table("", self._rows)
        self._say = Label("", "small", "muted")
        self._missing = Message()
        self._fields, self._words_row = QVBoxLayout(), Flow(gap=10, row_gap=8)
        self._words_card = Card()
        self._lay_out()
        self.file.changed.connect(lambda _value: self.show_file())
        self.kind.changed.connect(self._other_kind)
        self.dates.changed.connect(self._other_dates)
        self.save.clicked.connect(self.keep)

    def _lay_out(self) -> None:
        words = self._screen.words
        heads = [Field("", editor) for editor in (self.file, self.kind, self.dates)]
        for field, label in zip(heads, (N_("File name"), N_("Holds"), N_("Dates")), strict=True):
            words.put(field.set_label, label)
        top = QHBoxLayout()
        top.setSpacing(12)
        for field in heads:
            top.addWidget(field, 1)
        top.addWidget(self.save, 0, Qt.AlignmentFlag.AlignBottom)
        host = QWidget()
        self._fields.setContentsMargins(0, 0, 8, 0)
        self._fields.setSpacing(8)
        host.setLayout(self._fields)
        form = self._form = Card()
        form.add(_clear(host), 1)
        shown = TableCard()
        shown.add(self.table, 1)
        right = QVBoxLayout()
        right.setSpacing(10)
        for part, stretch in ((self._say, 0), (self._missing, 0), (shown, 3), (self._words_card, 2)):
            right.addWidget(part, stretch)
        self._words_card.add(_clear(_at_top(self._words_row)), 1)
        body = QHBoxLayout()
        body.setSpacing(10)
        body.addWidget(form, 2)
        body.addLayout(right, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(top)
        column.addLayout(body, 1)
        words.put(self.save.setText, N_("Save the mapping"))
        words.put(self.table.setAccessibleName, N_("First rows as they would be read"))
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self._form.setMaximumWidth(theme.px(FORM_WIDTH))

    @property
    def place(self) -> int:
        """Which file is on show."""
        value = self.file.value()
        return value if isinstance(value, int) and value < len(self._choosing.files) else 0

    def show_files(self) -> None:
        """Offer the files."""
        self.file.set_options([(place, one.name) for place, one in enumerate(self._choosing.files)])
        self.kind.set_options([(kind.value, _(label)) for kind, label in KIND_LABELS.items()])
        orders = [(order.value, _(ORDER_LABELS[order])) for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)]
        self.dates.set_options([("", _(N_("As the file shows"))), *orders])
        if self._choosing.files:
            self.show_file()

    def show_file(self) -> None:
        """Fill the form for the file and read its beginning."""
        mapping = self._choosing.files[self.place].mapping
        self.kind.set_value(mapping.kind.value)
        self.dates.set_value(mapping.dates.value if mapping.dates else "")
        empty(self._fields)
        heads = self._choosing.files[self.place].sheet.headings
        for spec in FIELDS[mapping.kind]:
            choice = Choice([("", "—"), *((head, head) for head in heads)])
            choice.set_value(mapping.columns.get(spec.name, ""))
            choice.changed.connect(lambda value, name=spec.name: self._column(name, str(value or "")))
            mark = " *" if spec.needed else ""
            self._fields.addWidget(Field(_(spec.label) + mark, choice))
        self._fields.addStretch(1)
        self._read()

    # -- changing -------------------------------------------------------------------------------------------
    def _column(self, name: str, head: str) -> None:
        mapping = self._choosing.files[self.place].mapping
        columns = {field: at for field, at in mapping.columns.items() if field != name} | ({name: head} if head else {})
        self._replace(columns=columns)

    def _other_kind(self, value: object) -> None:
        kind, given = RowKind(str(value)), self._choosing.files[self.place]
        self._replace(kind=kind, columns=guess_columns(kind, given.sheet.headings), words={}, defaults={})
        self.show_file()

    def _other_dates(self, value: object) -> None:
        self._replace(dates=DateOrder(str(value)) if value else None)

    def _word(self, name: str, given: str, ours: str) -> None:
        mapping = self._choosing.files[self.place].mapping
        self._choosing.replace_file(self.place, with_words(mapping, name, [(given, ours)]))
        self._read()

    def _replace(self, **changes: Any) -> None:
        mapping = dataclasses.replace(self._choosing.files[self.place].mapping, **changes)
        self._choosing.replace_file(self.place, mapping)
        self._read()

    # -- reading --------------------------------------------------------------------------------------------
    def _read(self) -> None:
        self._changed()
        given, dates, place = self._choosing.files[self.place], self._choosing.dates, self.place

        def seen(future: Future[Preview]) -> None:
            error = future.exception()
            if error is not None:
                self._missing.show_text(str(error), True)
            elif place == self.place and given == self._choosing.files[self.place]:
                self.show_preview(future.result())

        self._screen.bench.background(lambda: preview(given, dates), seen)

    def show_preview(self, found: Preview) -> None:
        """The rows, what is missing, and the words that somebody has to explain."""
        self._say.setText(counted(N_("{n} row in this file"), N_("{n} rows in this file"), found.rows_in_all))
        self._missing.show_text(self._problem(found), True)
        columns = [Column("line", _(N_("Line")), width=64, right=True, sortable=False)]
        self._rows.problems = any(row.problem for row in found.rows)
        if self._rows.problems:
            columns.append(Column("problem", _(N_("What to mend")), width=330, sortable=False))
        columns += [Column(spec.name, _(spec.label), width=214, sortable=False) for spec in found.fields]
        self._rows.start(found.rows, columns)
        while self._words_row.flow.count():
            item = self._words_row.flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        given = self._choosing.files[self.place]
        labels = {spec.name: _(spec.label) for spec in found.fields}
        for word in found.words:
            spec = next(one for one in found.fields if one.name == word.field)
            known = [(n, n) for n in self.names.get(word.field, ())] if spec.form is Form.NAMED else [
                (ours, _(label)) for ours, label in labels_of(given, word.field)
            ]  # fmt: skip
            plain = any(fold(ours) == fold(word.given) for ours, _label in known)
            choice = Choice([("", _(N_("As it stands")) if plain else "?"), *known])
            choice.set_value(word.ours)
            choice.changed.connect(lambda value, w=word: self._word(w.field, w.given, str(value or "")))
            field = Field(f"{labels[word.field]} : {word.given}", choice)
            field.setFixedWidth(theme.px(WORD_WIDTH))
            self._words_row.add(field)
        self._words_card.setVisible(bool(found.words))

    def _problem(self, found: Preview) -> str:
        if found.missing:
            return _(N_("Say which column is “{column}”."), column=_(found.missing[0].label))
        for question in found.questions:
            return _(
                N_("The dates of “{column}” ({example}) can be read in two ways: choose above."),
                column=question.column, example=", ".join(question.examples),
            )  # fmt: skip
        return ""

    def keep(self) -> None:
        """Save the mapping under the name of the system, or change the one that has it."""
        mapping, bench = self._choosing.mapping, self._screen.bench
        if mapping is None:
            return
        known = next((one for one in self.saved if one.name == mapping.name), None)
        running = bench.run(change_mapping, known.id, mapping) if known else bench.run(save_mapping, mapping)
        running.say(_(N_("The mapping has been saved.")))
