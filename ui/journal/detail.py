"""One operation: who, when, from where, every value before and after, and the way back where there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.access.queries import ORIGIN_LABELS, AuditLine, ChangeLine, OperationDetail
from app.core.i18n import N_, _
from app.journal.commands import COMMANDS
from ui.journal.lines import what_of
from ui.shell.columns import column_words, table_words
from ui.shell.formats import moment
from ui.theme.tokens.metrics import Weight
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, Hairline
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow, VScroll
from ui.widgets.pills import SeverityChip, Tag

if TYPE_CHECKING:
    from ui.shell.bench import Bench

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

    def __init__(self, bench: Bench, read: Callable[[str], None]) -> None:
        super().__init__()
        self._bench, self._read = bench, read
        self._line: AuditLine | None = None
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
        self._line = line
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
        _empty(self._list)
        for number, change in enumerate(detail.changes):
            if number:
                self._list.addWidget(Hairline())
            self._list.addWidget(change_view(change))

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


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def change_view(change: ChangeLine) -> QWidget:
    """One row: its table, what happened to it, and each column before and after."""
    view = QWidget()
    grid = QGridLayout(view)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    head = Flow(Label(table_words(change.table), "small", weight=Weight.SEMIBOLD), Tag(_(KINDS[change.kind])), gap=6)
    grid.addWidget(head, 0, 0, 1, 2)
    if not change.is_readable:
        grid.addWidget(WrapLabel(_(N_("These values have been erased.")), "small", "muted"), 1, 0, 1, 2)
    told = [item for item in change.fields if item.column != "id" and not item.column.endswith("_id")]
    for number, item in enumerate(told, 1):
        name = Label(column_words(item.column), "small", "muted")
        values = [text for text in (item.before, item.after) if text is not None]
        text = " → ".join((item.before or "–", item.after or "–")) if change.kind == "upd" else " ".join(values)
        grid.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(WrapLabel(text, "small"), number, 1)
    return view
