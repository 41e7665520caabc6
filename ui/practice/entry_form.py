"""The form of one entry of the set-up: fields, what is wrong beside each, what a colleague wrote meanwhile, drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from ui.shell.words import Words
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import TextArea, TextField
from ui.widgets.form import Field, Message, SelfChecking
from ui.widgets.layout import Flow
from ui.widgets.pills import Tag

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One field: `name` is the command's argument, `label`, `help` and `example` are msgids.

    `whole` gives it both columns; `fresh` shows it for a new entry only.
    """

    name: str
    label: str
    make: Callable[[], Any] = TextField
    help: str = ""
    example: str = ""
    whole: bool = False
    fresh: bool = False


def _same(one: Any, other: Any) -> bool:
    """Whether two values of a field are one; an empty text, an empty choice and nothing are."""
    empty = (None, "", ())
    return (one in empty and other in empty) or bool(one == other)


class EntryForm(Card):
    """Ctrl S saves. What is typed and not saved is kept for each entry until it is saved or dropped."""

    save_asked = Signal()
    touched = Signal()

    def __init__(self, items: Sequence[Item]) -> None:
        super().__init__(" ")
        self.items = items
        self.words = Words()
        self.key = ""
        self.base: Values = {}
        self.seen = ""
        self._drafts: dict[str, tuple[Values, Values, str]] = {}
        self._filling = False
        self.fields: dict[str, Field] = {}
        self.draft_mark = Tag(_(N_("not saved")), "note-pencil", accent=True)
        self.head.addWidget(self.draft_mark)
        self.remark = Message()
        self.add(self.remark)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(12)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        for item in items:
            self._put(item)
        self.add(self._grid)
        self.save, self.drop = Button("", "primary", "check"), Button("", "quiet")
        self.save.clicked.connect(self.save_asked)
        self.drop.clicked.connect(self.drop_draft)
        self.others = Flow(gap=6)
        answers = QHBoxLayout()
        answers.addStretch(1)
        answers.addWidget(self.drop)
        answers.addWidget(self.save)
        self.body.addSpacing(2)
        self.add(answers)
        self.extra = QVBoxLayout()
        self.extra.setSpacing(10)
        self.add(self.extra)
        self.add(self.others)
        self.words.put(self.save.setText, N_("Save"))
        self.words.put(self.drop.setText, N_("Drop what I typed"))
        shortcut = QShortcut(QKeySequence("Ctrl+S"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._press)
        self.remark.show_text("", False)
        self._mark()

    def _press(self) -> None:
        if self.save.isEnabled():
            self.save_asked.emit()

    def _put(self, item: Item) -> None:
        editor: QWidget = item.make()
        field = self.fields[item.name] = Field("", editor, parent=self)
        self.words.put(field.set_label, item.label)
        if item.help:
            self.words.put(field.set_help, item.help)
        if item.example and isinstance(editor, TextField | TextArea):
            self.words.put(editor.setPlaceholderText, item.example)
        for name in ("changed", "textChanged", "date_changed", "number_changed"):
            signal = getattr(editor, name, None)
            if signal is not None:
                signal.connect(lambda *_given: self._touch())

    def lay_out(self, fresh: bool) -> None:
        """Place the fields that a new or an existing entry has, two in a row."""
        row, column = 0, 0
        for item in self.items:
            field = self.fields[item.name]
            self._grid.removeWidget(field)
            field.setVisible(fresh or not item.fresh)
            if item.fresh and not fresh:
                continue
            if item.whole and column:
                row, column = row + 1, 0
            self._grid.addWidget(field, row, column, 1, 2 if item.whole else 1, Qt.AlignmentFlag.AlignTop)
            row, column = (row + 1, 0) if item.whole or column else (row, 1)

    # -- showing --------------------------------------------------------------------------------------------
    def show_entry(self, key: str, title: str, values: Mapping[str, Any], seen: str = "") -> None:
        """Show an entry: its draft when something was typed for it, else its values. An empty key is a new one."""
        self.keep()
        self.key = key
        self.set_title(title)
        self.lay_out(not key)
        draft = self._drafts.get(key)
        if draft is None:
            self._fill(dict(values), dict(values), seen)
            return
        typed, base, mark = draft
        self._fill(typed, base, mark)
        self.renew(title, values, seen)

    def renew(self, title: str, values: Mapping[str, Any], seen: str) -> None:
        """The entry as it is now: shown when nothing was typed, else told under the fields that a colleague changed."""
        self.set_title(title)
        if not self.dirty:
            self._fill(dict(values), dict(values), seen)
            return
        for name, value in values.items():
            if name in self.fields and not _same(self.base.get(name), value) and not _same(self.value_of(name), value):
                now = _(N_("A colleague wrote: {value}"), value=self._told(name, value) or _(N_("nothing")))
                self.fields[name].set_error(now)

    def accept_theirs(self, values: Mapping[str, Any], seen: str) -> None:
        """From here on, saving means to write over what the colleague wrote, which stands under the fields."""
        self.base, self.seen = dict(values), seen
        self.remark.show_text(
            _(N_("Somebody changed this entry while you were typing. Compare, then save again.")), True
        )

    def _told(self, name: str, value: Any) -> str:
        editor: Any = self.fields[name].editor
        if hasattr(editor, "findData") and editor.findData(value) >= 0:
            return str(editor.itemText(editor.findData(value)))
        return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")

    def _fill(self, typed: Values, base: Values, seen: str) -> None:
        self._filling = True
        for name, field in self.fields.items():
            editor: Any = field.editor
            if name in typed:
                editor.set_value("" if typed[name] is None else typed[name])
            field.set_error("")
        self._filling = False
        self.base = {name: self.value_of(name) for name in self.fields} if typed == base else base
        self.seen = seen
        self.remark.show_text("", False)
        self._mark()

    def value_of(self, name: str) -> Any:
        """What a field holds."""
        return self.fields[name].value()

    def values(self) -> Values:
        """What is typed."""
        return {name: self.value_of(name) for name in self.fields}

    # -- drafts ---------------------------------------------------------------------------------------------
    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return any(not _same(self.value_of(name), self.base[name]) for name in self.fields if name in self.base)

    def keep(self) -> None:
        """Remember what is typed for the entry on show."""
        if self.dirty:
            self._drafts[self.key] = (self.values(), dict(self.base), self.seen)
        else:
            self._drafts.pop(self.key, None)

    def has_draft(self, key: str) -> bool:
        """Whether something typed for an entry waits to be saved."""
        return key in self._drafts or (key == self.key and self.dirty)

    def forget(self, key: str) -> None:
        """What was typed for an entry has been saved."""
        self._drafts.pop(key, None)
        if key == self.key:
            self.base = self.values()
            self._mark()

    def forget_all(self) -> None:
        """Another person sits here: nothing typed by the one before is shown."""
        self._drafts.clear()
        self.base = self.values()

    def drop_draft(self) -> None:
        """Give up what was typed."""
        self._drafts.pop(self.key, None)
        self._fill(dict(self.base), dict(self.base), self.seen)
        self.touched.emit()

    def _touch(self) -> None:
        if not self._filling:
            self._mark()
            self.touched.emit()

    def _mark(self) -> None:
        dirty = self.dirty
        self.draft_mark.setVisible(dirty)
        self.drop.setVisible(dirty)

    # -- what is wrong --------------------------------------------------------------------------------------
    def check(self) -> bool:
        """Clear old sentences and look for mistakes that the fields find themselves; the keyboard goes to the first."""
        self.remark.show_text("", False)
        first: Field | None = None
        for field in self.fields.values():
            problem = field.editor.problem() if isinstance(field.editor, SelfChecking) else ""
            field.set_error(problem)
            first = first or (field if problem else None)
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return first is None

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field that the rule names; any other sentence above them all."""
        found = self.fields.get(field)
        if found is None or found.isHidden():
            self.remark.show_text(str(problem), True)
            return True
        found.set_error(problem)
        found.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def set_allowed(self, allowed: bool, reason: str) -> None:
        """Let the fields be filled in, or say which right is missing."""
        for field in self.fields.values():
            field.editor.setEnabled(allowed)
        self.save.set_available(allowed, reason)
        if reason:
            self.remark.show_text(reason, False)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.words.again()
        self.draft_mark.setText(_(N_("not saved")))
        for field in self.fields.values():
            renew = getattr(field.editor, "renew", None)
            if renew is not None:
                self._filling = True
                renew()
                self._filling = False
