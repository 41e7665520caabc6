"""One operation: who, when, from where, every value before and after, and the way back where there is one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.access.queries import ORIGIN_LABELS, AuditLine, ChangeLine, OperationDetail
from app.core.i18n import N_, _
from app.core.settings import Setting
from app.journal.commands import COMMANDS
from ui.journal.lines import what_of
from ui.shell.columns import code_words, column_words, setting_of, setting_words, table_words
from ui.shell.formats import counted, moment
from ui.theme.tokens.metrics import Weight
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, Hairline
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow, VScroll
from ui.widgets.pills import SeverityChip, Tag

if TYPE_CHECKING:
    from ui.shell.bench import Bench

AT_ONCE = 25
"""Changes that are laid out at once; the rest on request."""
UNBROKEN = 24
"""Characters without a space after which a value may break: a digest would be wider than the panel."""
KINDS = {"ins": N_("Added"), "upd": N_("Changed"), "del": N_("Deleted"), "era": N_("Erased")}
ORIGIN_SEVERITY = {"raw": "warn", "erasure": "warn", "remote": "info"}


def can_be_undone(line: AuditLine, actor_id: str) -> bool:
    """Whether the way back is worth offering: own, done here, not undone yet, and of a kind that has an opposite."""
    if line.origin != "here" or line.is_undone or line.actor_id != actor_id:
        return False
    command = COMMANDS.get(line.command)
    only_updates = not (line.inserted or line.deleted or line.erased)
    return bool(command and command.undo) or only_updates


class OperationPanel(Card):
    """The panel at the right of the journal; `read(operation_id)` is asked for what a line does not hold."""

    taken_back = Signal()
    """The way back was chosen: its button goes, and the keyboard needs another place."""

    def __init__(self, bench: Bench, read: Callable[[str], None]) -> None:
        super().__init__()
        self._bench, self._read = bench, read
        self._line: AuditLine | None = None
        self._detail: OperationDetail | None = None
        self._people: dict[str, str] = {}
        self._title = WrapLabel("", "name")
        self._under = WrapLabel("", "small", "muted")
        self._marks = Flow(gap=6, row_gap=6)
        self._undo = Button("", "secondary", "arrow-u-up-left")
        self._undo.clicked.connect(self._take_back)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 6, 0)
        column.addLayout(self._list)
        column.addStretch(1)
        self._scroll = VScroll(inner, name=" ")
        inner.setAutoFillBackground(False)
        for widget in (self._title, self._under, self._marks):
            self.add(widget)
        self.add(self._scroll, 1)
        self.body.addWidget(self._undo, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_line(None)

    def show_line(self, line: AuditLine | None) -> None:
        """Show what the table knows already, and ask for the rest."""
        self._line, self._detail = line, None
        self._clear()
        self._scroll.setAccessibleName(_(N_("What changed")))
        if line is None:
            self._title.setText(_(N_("No operation is chosen")))
            self._under.setText(_(N_("Choose a line to see what it changed.")))
            self._undo.hide()
            return
        self._title.setText(what_of(line))
        who = line.actor_name or _(N_("Nobody signed in"))
        self._under.setText(f"{who} · {moment(line.at, self._bench.runner.clock)}")
        origin = _(ORIGIN_LABELS.get(line.origin, line.origin))
        if line.origin in ORIGIN_SEVERITY:
            self._mark(SeverityChip(ORIGIN_SEVERITY[line.origin], origin))
        else:
            self._mark(Tag(origin, "desktop"))
        if line.reason:
            self._mark(Tag(_(line.reason)))
        self._undo.setText(_(N_("Undo")))
        self._undo.setVisible(can_be_undone(line, self._bench.actor.id))
        self._read(line.operation_id)

    def _mark(self, widget: QWidget) -> None:
        self._marks.add(widget)
        widget.show()

    def show_detail(self, detail: OperationDetail) -> None:
        """The changes, one card line for each row."""
        if self._line is None or detail.line.operation_id != self._line.operation_id:
            return
        self._detail = detail
        _empty(self._list)
        self._more(0)

    def _more(self, start: int) -> None:
        """Some further changes: an operation may hold 400, which would take a second to lay out."""
        if self._detail is None:
            return
        changes = self._detail.changes
        for number, change in enumerate(changes[start : start + AT_ONCE], start):
            if number:
                self._list.addWidget(Hairline())
            self._list.addWidget(change_view(change, self._people))
        rest = len(changes) - start - AT_ONCE
        if rest > 0:
            going_on = Button(counted(N_("Show {n} more change"), N_("Show {n} more changes"), rest), "quiet")
            going_on.clicked.connect(lambda *_args: self._go_on(going_on, start + AT_ONCE))
            self._list.addWidget(going_on, 0, Qt.AlignmentFlag.AlignLeft)

    def _go_on(self, asked: Button, start: int) -> None:
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)  # before the button that has it goes
        self._list.removeWidget(asked)
        asked.hide()
        asked.deleteLater()
        self._more(start)

    def name_people(self, people: dict[str, str]) -> None:
        """Write the staff by name from now on."""
        if people != self._people:
            self._people = people
            if self._detail is not None:
                self.show_detail(self._detail)

    def _clear(self) -> None:
        _empty(self._list)
        while self._marks.flow.count():
            item = self._marks.flow.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _take_back(self) -> None:
        if self._line is not None:
            self._bench.undo(self._line.operation_id, self._line.group_id)
            self.taken_back.emit()


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def change_view(change: ChangeLine, people: dict[str, str]) -> QWidget:
    """One row: its table, what happened to it, and each column before and after."""
    view = QWidget()
    grid = QGridLayout(view)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    setting = setting_of(change.table, change.row_id)
    what = " · ".join((table_words(change.table), _(setting.label))) if setting else table_words(change.table)
    head = Flow(Label(what, "small", weight=Weight.SEMIBOLD), Tag(_(KINDS[change.kind])), gap=6)
    grid.addWidget(head, 0, 0, 1, 2)
    if not change.is_readable:
        grid.addWidget(WrapLabel(_(N_("These values have been erased.")), "small", "muted"), 1, 0, 1, 2)
    for number, item in enumerate((item for item in change.fields if _is_told(item.column, setting)), 1):
        sides: tuple[str | None, ...] = (item.before, item.after)
        if change.kind != "upd":  # one side only: what was added or what is gone
            sides = tuple(text for text in sides if text is not None)
        values = " → ".join(_value(item.column, text, setting, people) for text in sides)
        grid.addWidget(Label(column_words(item.column), "small", "muted"), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(WrapLabel(values, "small"), number, 1)
    return view


def _is_told(column: str, setting: Setting[Any] | None) -> bool:
    if setting and (column == "setting" or (column == "value" and not setting.shown)):
        return False  # what is kept by itself is not for reading: an arrangement, a key
    return column != "id" and not column.endswith("_id")


def _value(column: str, text: str | None, setting: Setting[Any] | None, people: dict[str, str]) -> str:
    if text is None:
        return "–"
    words = setting_words(setting, text) if setting and column == "value" else code_words(column, text, people)
    return re.sub(rf"(\S{{{UNBROKEN}}})(?=\S)", "\\1\u200b", words)
