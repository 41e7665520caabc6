"""The filters of the patient list as fields, and the saved ones: save, rename, change, withdraw."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.core.i18n import N_, _, language
from app.core.ids import PatientId
from app.patients.commands import change_filter, rename_filter, save_filter, withdraw_filter
from app.patients.queries import FilterChoice, PatientSort, SavedFilterLine, read_filters, write_filters
from ui.patients.facts import empty
from ui.patients.inline_form import InlineForm
from ui.shell.bench import Bench
from ui.shell.words import Words
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.choices import Switch
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Field
from ui.widgets.layout import Flow
from ui.widgets.typed_fields import NumberField

MOST_YEARS = 130
FIELD_WIDTH = 190

Looks = tuple[str, tuple[str, ...], PatientSort, bool]
"""Filters, columns, order, whether it falls."""


class SaveForm(InlineForm):
    """Keep what the list shows under a name."""

    def __init__(self, bench: Bench, looks: Looks, may_share: bool, line: SavedFilterLine | None = None) -> None:
        super().__init__(bench, lambda: PatientId(""), N_("Save"))
        self._looks, self._line = looks, line
        self._share = Switch(_(N_("For everybody in the clinic")), show_name=False)
        self.put("name", _(N_("Name of the filter")), TextField(_(N_("E.g. twelve-year-olds without visit"))))
        if line is None and may_share:
            self.put("shared", _(N_("For everybody in the clinic")), self._share)
        else:
            self._share.setParent(self)
            self._share.hide()

    def open(self) -> None:
        """Start with the name that it has."""
        super().open()
        name = self.fields["name"].editor
        if self._line is not None and isinstance(name, TextField):
            name.set_value(self._line.name)

    def send(self) -> None:
        """Save or rename."""
        if self._line is not None:
            renaming = self.bench.run_for(self, rename_filter, self._line.id, self.text("name"))
            renaming.then(lambda _none: self.close_form())
            return
        filters, columns, sort, falling = self._looks
        shared = self._share.isChecked()
        saving = self.bench.run_for(self, save_filter, self.text("name"), filters, list(columns), sort, falling, shared)
        saving.then(lambda _id: self.close_form())


class FilterBar(QWidget):
    """A field for each filter that the reader may use; `text()` is what the query understands.

    The fields are made when the bar is first shown: most lists are opened to look for a name.
    """

    changed = Signal()

    def __init__(self, bench: Bench, looks: Callable[[], Looks]) -> None:
        super().__init__()
        self._bench, self._looks = bench, looks
        self._made_for: tuple[tuple[FilterChoice, ...], str] = ((), "")
        self._choices: tuple[FilterChoice, ...] = ()
        self._fields: dict[str, Field] = {}
        self._unmade = ""
        """The filters that are set while there are no fields."""
        self._saved: SavedFilterLine | None = None
        self._may_share = False
        self.words = Words()
        self._place, self._form_place = QVBoxLayout(), QVBoxLayout()
        self.clear_all, self.keep = Button("", "quiet", "x"), Button("", "secondary", "floppy-disk")
        self.update_saved, self.rename = (
            Button("", "secondary", "arrows-clockwise"),
            Button("", "quiet", "pencil-simple"),
        )
        self.withdraw = Button("", "quiet", "trash")
        verbs = Flow(self.keep, self.update_saved, self.rename, self.withdraw, self.clear_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for layout in (self._place, self._form_place):
            column.addLayout(layout)
        column.addWidget(verbs)
        self.clear_all.clicked.connect(lambda *_args: self.set_text(""))
        self.keep.clicked.connect(lambda *_args: self._open_form(None))
        self.rename.clicked.connect(lambda *_args: self._open_form(self._saved))
        self.update_saved.clicked.connect(lambda *_args: self._change())
        self.withdraw.clicked.connect(lambda *_args: self._withdraw())
        for button, label in (
            (self.clear_all, N_("Remove all filters")), (self.keep, save_filter.label),
            (self.update_saved, change_filter.label), (self.rename, rename_filter.label),
            (self.withdraw, withdraw_filter.label),
        ):  # fmt: skip
            self.words.put(button.setText, label)

    # -- fields ---------------------------------------------------------------------------------------------
    def offer(self, choices: tuple[FilterChoice, ...], may_share: bool) -> None:
        """Which filters there are, and whether they may be saved for everybody."""
        self._may_share, self._choices = may_share, choices
        if self._fields or self.isVisible():
            self._make()
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the fields."""
        super().showEvent(event)
        self._make()
        self._refresh()

    def _make(self) -> None:
        """The fields, when they are others than before or in another language."""
        if (self._choices, language()) == self._made_for:
            return
        kept, self._made_for = self.text(), (self._choices, language())
        empty(self._place)
        self._fields = {}
        flow = Flow(gap=10)
        for choice in self._choices:
            editor = self._editor(choice)
            field = Field(_(choice.label), editor)
            field.setMaximumWidth(FIELD_WIDTH * 2)
            self._fields[choice.name] = field
            flow.add(field)
        self._place.addWidget(flow)
        self._put(kept)
        self.words.again()

    def _editor(self, choice: FilterChoice) -> QWidget:
        if not choice.options:
            number = NumberField(least=0, most=MOST_YEARS)
            number.setFixedWidth(84)
            number.number_changed.connect(lambda _number: self._tell())
            return number
        options = Choice([("", _(N_("All"))), *((value, _(word)) for value, word in choice.options)])
        options.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        options.changed.connect(lambda _value: self._tell())
        return options

    def text(self) -> str:
        """The filters that are set, as words."""
        if not self._fields:
            return self._unmade
        chosen = {}
        for name, field in self._fields.items():
            value = field.value()
            if value not in {None, ""}:
                chosen[name] = str(value)
        return write_filters(chosen)

    def count(self) -> int:
        """How many are set."""
        return len(read_filters(self.text()))

    def set_text(self, text: str) -> None:
        """Set the fields, and tell."""
        self._put(text)
        self._tell()

    def _put(self, text: str) -> None:
        chosen = read_filters(text)
        self._unmade = write_filters(chosen)
        for name, field in self._fields.items():
            if isinstance(field.editor, NumberField):
                field.editor.set_value(chosen.get(name))
            elif isinstance(field.editor, Choice):
                field.editor.set_value(chosen.get(name, ""))

    def _tell(self) -> None:
        self._refresh()
        self.changed.emit()

    # -- saved ----------------------------------------------------------------------------------------------
    def use(self, line: SavedFilterLine | None) -> None:
        """Which saved filter is in use."""
        self._saved = line
        self._refresh()

    def _refresh(self) -> None:
        mine = self._saved is not None and (self._may_share if self._saved.shared else self._saved.mine)
        for button in (self.update_saved, self.rename, self.withdraw):
            button.setVisible(mine)
        self.clear_all.setVisible(bool(self.text()))
        self.keep.set_available(self._bench.may(save_filter), self._bench.reason(save_filter))

    def _open_form(self, line: SavedFilterLine | None) -> None:
        empty(self._form_place)
        form = SaveForm(self._bench, self._looks(), self._may_share, line)
        card = Card(_(save_filter.label if line is None else rename_filter.label), icon="funnel")
        card.add(form)
        form.closed.connect(lambda: empty(self._form_place))
        self._form_place.addWidget(card)
        form.open()

    def _change(self) -> None:
        if self._saved is not None:
            filters, columns, sort, falling = self._looks()
            self._bench.run(change_filter, self._saved.id, filters, list(columns), sort, falling)

    def _withdraw(self) -> None:
        if self._saved is not None:
            self._bench.run(withdraw_filter, self._saved.id)
