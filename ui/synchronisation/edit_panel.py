"""Fields that two people changed apart, in three columns: one value, the other, and what will stand."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.journal.conflicts import EditConflict, FieldConflict, edit_conflict
from app.journal.settling import Side, settle_edit
from ui.patients.facts import empty
from ui.shell.columns import column_words, table_words
from ui.shell.screen import Screen
from ui.synchronisation.words import author_words, conflict_sentence, station, value_words
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.checks import Radio
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow


class FieldCard(Card):
    """One field: before, both values with who wrote them, and the result of the choice."""

    def __init__(self, panel: EditPanel, field: FieldConflict) -> None:
        super().__init__(column_words(field.column))
        self._panel, self._field = panel, field
        self._group = QButtonGroup(self)
        self._result = WrapLabel("", "name")
        if not field.is_readable:
            self.add(WrapLabel(_(N_("The values have been erased. What stands now is kept.")), "body", "muted"))
            self.add(Flow(self._button()))
            return
        self.add(Label(_(N_("Before: {value}"), value=self._words(field.base)), "small", "muted"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        sides = ((field.theirs, field.theirs_by), (field.mine, field.mine_by))
        for number, (value, by) in enumerate(sides):
            grid.addWidget(WrapLabel(station(by) if by.device else "", "small", "muted"), 0, number)
            radio = Radio(self._words(value))
            who = author_words(by, panel.people, panel.clock)
            radio.setAccessibleDescription(f"{column_words(field.column)} · {station(by)} · {who}")
            radio.setChecked(value == field.standing)
            self._group.addButton(radio, number)
            grid.addWidget(radio, 1, number)
            grid.addWidget(WrapLabel(who, "small", "muted"), 2, number)
            grid.setColumnStretch(number, 1)
        grid.addWidget(Label(_(N_("Result")), "small", "muted"), 0, 2)
        grid.addWidget(self._result, 1, 2, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(2, 1)
        self.add(grid)
        self._group.idToggled.connect(lambda _id, _on: self._say_result())
        self.add(Flow(self._button()))
        self._say_result()

    def _button(self) -> Button:
        button = Button(_(settle_edit.label), "primary", "check")
        reason = self._panel.screen_of.bench.reason(settle_edit)
        button.set_available(not reason, reason)
        button.set_help(_(settle_edit.help))
        button.clicked.connect(self._settle)
        return button

    def _words(self, value: object) -> str:
        return value_words(self._field.column, value, self._panel.people)

    @property
    def chosen(self) -> Side:
        """What stands now when neither value was chosen, or the chosen one is it."""
        field = self._field
        wanted = {0: Side.THEIRS, 1: Side.MINE}.get(self._group.checkedId(), Side.STANDING)
        value = {Side.THEIRS: field.theirs, Side.MINE: field.mine}.get(wanted, field.standing)
        return Side.STANDING if value == field.standing or not field.is_readable else wanted

    def _say_result(self) -> None:
        values = {Side.THEIRS: self._field.theirs, Side.MINE: self._field.mine, Side.STANDING: self._field.standing}
        self._result.setText(self._words(values[self.chosen]))

    def _settle(self) -> None:
        self._panel.screen_of.bench.run(settle_edit, self._field.conflict_id, self.chosen)


class EditPanel(QWidget):
    """Shows the fields of one row."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.screen_of, self.clock = screen, screen.bench.runner.clock
        self.people: Mapping[str, str] = {}
        self.subjects: Mapping[str, str] = {}
        self._title, self._sentence = WrapLabel("", "heading"), WrapLabel("", "body", "muted")
        self._fields = QVBoxLayout()
        self._fields.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addLayout(self._fields)

    def show_conflict(self, table: str, row_id: str) -> None:
        """Ask for the fields of this row."""
        self.screen_of.ask(edit_conflict, self._show, table, row_id)

    def _show(self, found: EditConflict | None) -> None:
        empty(self._fields)
        if found is None:
            return
        whose = self.subjects.get(found.subject, "")
        self._title.setText(" · ".join(part for part in (table_words(found.table), whose) if part))
        self._sentence.setText(conflict_sentence("concurrent_edit"))
        for field in found.fields:
            self._fields.addWidget(FieldCard(self, field))
