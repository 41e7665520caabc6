"""What every page of the wizard is: a title, a sentence, fields; it checks itself and adds to the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLayout, QVBoxLayout, QWidget

from app.cli.first_run import Plan
from app.core.errors import ClinicError
from app.core.secret import Secret
from ui.practice.editors import Picker
from ui.shell.words import Words
from ui.widgets.form import Field

COLUMN_GAP = 14


@dataclass(slots=True)
class Answers:
    """What was answered so far. Nothing of it is written before the last page."""

    folder: Path
    demo_folder: Path
    demonstration: bool = False
    joining: bool = False
    """Whether this computer joins a practice that has its server already."""
    code: str = ""
    plan: Plan = field(default_factory=Plan)
    repeated: Secret = field(default_factory=lambda: Secret(""))
    key_kept: bool = False
    notices: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class Page(QWidget):
    """`step` is the short msgid of the list at the left, `title` and `blurb` those over the fields."""

    changed = Signal()
    """Whether one may go on, or what the buttons say, has changed."""

    step = ""
    title = ""
    blurb = ""
    onward = ""
    """The msgid of the button that leads on, when it is not “Continue”."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self.answers = answers
        self.words = Words()
        self.fields: dict[str, Field] = {}
        self.pickers: list[Picker] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(14)
        self.build()
        self.column.addStretch(1)

    # -- for subclasses -------------------------------------------------------------------------------------
    def build(self) -> None:
        """Make the widgets."""

    def enter(self) -> None:
        """The page is shown: what depends on earlier answers is made now."""

    def take(self) -> None:
        """Add the answers to the plan, right or wrong."""

    def problems(self) -> Mapping[str, ClinicError]:
        """What is wrong with the plan on this page, by field."""
        return {}

    def first(self) -> QWidget | None:
        """Where the keyboard begins."""
        return next((item.editor for item in self.fields.values()), None)

    @property
    def may_go_on(self) -> bool:
        """Whether the button that leads on may be pressed."""
        return True

    # -- shared ---------------------------------------------------------------------------------------------
    def put(self, name: str, label: str, editor: QWidget, help_text: str = "") -> Field:
        """A field; `label` and `help_text` are msgids."""
        made = self.fields[name] = Field("", editor)
        self.words.put(made.set_label, label)
        if help_text:
            self.words.put(made.set_help, help_text)
        if isinstance(editor, Picker):
            self.pickers.append(editor)
        edited = getattr(editor, "textEdited", None)
        if edited is not None:
            edited.connect(lambda _text: made.set_error(""))
        return made

    def add(self, item: QWidget | QLayout) -> None:
        """Under what is there."""
        if isinstance(item, QLayout):
            self.column.addLayout(item)
        else:
            self.column.addWidget(item)

    def check(self) -> bool:
        """Take the answers and say what is wrong beside each field; the keyboard goes to the first of those."""
        self.take()
        found = self.problems()
        for name, item in self.fields.items():
            item.set_error(found.get(name, ""))
        wrong = next((name for name in self.fields if name in found), None)
        if wrong is not None:
            self.fields[wrong].editor.setFocus(Qt.FocusReason.TabFocusReason)
        return not found

    def text(self, name: str) -> str:
        """What stands in a field."""
        return str(self.fields[name].value() or "")

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.words.again()
        for picker in self.pickers:
            picker.renew()

    def fold(self, narrow: bool) -> None:
        """One column in place of two."""


class Pairs(QWidget):
    """Fields two in a row, or under each other where there is little room; `whole` ones take both columns."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[tuple[Field, bool]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(COLUMN_GAP)
        self._grid.setVerticalSpacing(12)
        self._narrow = False

    def put(self, *items: Field, whole: bool = False) -> None:
        """Add fields."""
        self._items += [(item, whole) for item in items]
        self._lay_out()

    def drop(self, item: Field) -> None:
        """Take a field away."""
        self._items = [kept for kept in self._items if kept[0] is not item]
        self._grid.removeWidget(item)
        item.hide()
        item.deleteLater()
        self._lay_out()

    def fold(self, narrow: bool) -> None:
        """Under each other, or side by side."""
        if narrow is not self._narrow:
            self._narrow = narrow
            self._lay_out()

    def _lay_out(self) -> None:
        row, column = 0, 0
        for item, whole in self._items:
            self._grid.removeWidget(item)
            wide = whole or self._narrow
            if wide and column:
                row, column = row + 1, 0
            self._grid.addWidget(item, row, column, 1, 2 if wide else 1, Qt.AlignmentFlag.AlignTop)
            row, column = (row + 1, 0) if wide or column else (row, 1)
        for number in (0, 1):
            self._grid.setColumnStretch(number, 1)


def shown(editor: Any, value: object) -> None:
    """Put a value into an editor."""
    editor.set_value(value)
