"""Every key in one list, made from what declares them: window, commands, reading of images. Searched and printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PySide6.QtGui import QResizeEvent, QTextDocument
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.text import fold
from app.journal.commands import COMMANDS
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.shortcuts import WINDOW_KEYS, key_words
from ui.shell.table_card import TableCard
from ui.shell.text_printing import print_dialog, write_pdf
from ui.widgets.buttons import Button
from ui.widgets.cards import EmptyState
from ui.widgets.fields import SearchField
from ui.widgets.layout import Flow, effective_width
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

NARROW_BELOW = 700


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line, in the language in force."""

    keys: str
    what: str
    where: str


def key_lines() -> list[KeyLine]:
    """Every declared key; several that do one thing in one place stand on one line."""
    from viewer.widgets.actions import ACTIONS
    from viewer.widgets.tools import VIEW_TOOLS

    everywhere, reading = _(N_("Everywhere")), _(N_("Reading images"))
    found = [KeyLine(key_words(item.keys), _(item.title), everywhere) for item in WINDOW_KEYS]
    found += [
        KeyLine(key_words(item.shortcut), _(item.label), _(N_("Commands")))
        for item in COMMANDS.values()
        if item.shortcut and not item.hidden
    ]
    found += [KeyLine(key_words(tool.key), _(tool.label), reading) for tool in VIEW_TOOLS if tool.key]
    found += [KeyLine(key_words(action.key), _(action.label), reading) for action in ACTIONS if action.key]
    return _joined(found)


def _joined(lines: Sequence[KeyLine]) -> list[KeyLine]:
    joined: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        joined.setdefault((line.where, line.what), []).append(line.keys)
    return [KeyLine(_span(keys), what, where) for (where, what), keys in joined.items()]


def _span(keys: list[str]) -> str:
    """“Ctrl 1 … Ctrl 9” of many in a row."""
    return f"{keys[0]} … {keys[-1]}" if len(keys) > 3 else _(N_(" or ")).join(keys)


class _Lines(GrowingModel[KeyLine]):
    def row_of(self, item: KeyLine) -> Row:
        return item.what, item.keys, item.where


class ShortcutPage(Screen):
    """Filtered by what is typed; the paper has what the list shows."""

    def build(self) -> None:
        """Search, print, list."""
        self._narrow = False
        self._model = _Lines([])
        self._model.setParent(self)
        self._table = Table("", self._model)
        self._search = SearchField("")
        self._search.textChanged.connect(lambda _text: self._show())
        self._print, self._pdf = Button("", icon="printer"), Button("", icon="file-pdf")
        self._print.clicked.connect(lambda: print_dialog(self, self.sheet()))
        self._pdf.clicked.connect(self._save)
        self._none = EmptyState("magnifying-glass", "", "")
        head = self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        head.setSpacing(8)
        head.addWidget(self._search, 1)
        head.addWidget(Flow(self._print, self._pdf))
        card = TableCard()
        card.add(self._table, 1)
        card.add(self._none)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(card, 1)
        self.words.put(self._table.setAccessibleName, N_("Keyboard shortcuts"))
        self.words.put(self._search.setPlaceholderText, N_("Find a shortcut"))
        self.words.put(self._search.setAccessibleName, N_("Find a shortcut"))
        self.words.put(self._print.setText, N_("Print…"))
        self.words.put(self._pdf.setText, N_("Save as PDF…"))

    def subheading(self) -> str:
        """Where they come from."""
        return _(N_("Lists and fields also say theirs in their help, under F1"))

    def reload(self) -> None:
        """Nothing is asked: the keys are declared."""
        self._show()

    def filter_field(self) -> QWidget:
        """The search."""
        return self._search

    def focus_first(self) -> None:
        """The search."""
        self._search.setFocus(self.focus_reason)

    def shown(self) -> list[KeyLine]:
        """What answers to what is typed."""
        words = fold(self._search.text()).split()
        return [
            line for line in key_lines() if all(word in fold(f"{line.what} {line.keys} {line.where}") for word in words)
        ]

    def _show(self) -> None:
        lines = self.shown()
        columns = [
            Column("what", _(N_("What it does")), strong=True, sortable=False),
            Column("keys", _(N_("Keys")), width=0 if self._narrow else 210, sortable=False),
            Column("where", _(N_("Where")), width=170, sortable=False),
        ]
        self._model.start(lines, columns[:2] if self._narrow else columns)
        self._table.setVisible(bool(lines))
        self._none.setVisible(not lines)
        self._none.tell(_(N_("No shortcut answers to that")), _(N_("Type another word, or fewer letters.")))
        self.show_body()

    # -- paper ----------------------------------------------------------------------------------------------
    def sheet(self) -> QTextDocument:
        """The list on paper, in points."""
        rows = "".join(
            f"<tr><td>{escape(line.what)}</td><td><b>{escape(line.keys)}</b></td><td>{escape(line.where)}</td></tr>"
            for line in self.shown()
        )
        made = QTextDocument()
        made.setHtml(
            f"<h1 style='font-size:18pt'>{escape(_(N_('Keyboard shortcuts')))}</h1>"
            f"<table cellspacing='6' style='font-size:10pt'>{rows}</table>"
        )
        return made

    def _save(self) -> None:
        name = f"{_(N_('shortcuts'))}.pdf"
        path, _kind = QFileDialog.getSaveFileName(self, _(N_("Keyboard shortcuts")), name, "*.pdf")
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write the list as PDF; a refusal of the system is said in the banner."""
        try:
            write_pdf(path, self.sheet())
        except OSError:
            self.bench.presenter.said.emit("warn", _(N_("The file {path} cannot be written."), path=str(path)))
            return
        self.bench.note_done(None, _(N_("Saved as {path}"), path=str(path)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < NARROW_BELOW
        if narrow != self._narrow:
            self._narrow = narrow
            ways = QBoxLayout.Direction
            self._head.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
            self._show()
