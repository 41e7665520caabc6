"""A section with a grid of hours at the left and the form of the chosen stretch at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.journal.queries import Actor
from ui.practice.entry_form import EntryForm, Item
from ui.practice.pane import Pane
from ui.practice.span_grid import SpanGrid
from ui.theme.style import theme
from ui.widgets.cards import Card, EmptyState
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import VScroll

if TYPE_CHECKING:
    from ui.shell.screen import Screen

LEAST_HEIGHT = 220
"""Px at 100 % text below which hours cannot be drawn: the page round the grid scrolls before that."""


class GridPane(Pane):
    """Subclasses fill the grid and run the commands."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.bar = QHBoxLayout()
        self.bar.setSpacing(8)
        self.grid = SpanGrid()
        self.hint = WrapLabel("", "small", "muted")
        self.none = EmptyState("map-trifold", "", "")
        self.none.activated.connect(lambda: self.view.choose(section="clinics"))
        self.none.hide()
        card = Card()
        card.add(VScroll(self.grid), 1)
        self.card = card
        self.form = EntryForm(self.items())
        inner = QWidget()
        self.side = QVBoxLayout(inner)
        self.side.setContentsMargins(4, 4, 4, 4)
        self.side.setSpacing(10)
        self.side.addWidget(self.form)
        self.side.addStretch(1)
        left = QVBoxLayout()
        left.setContentsMargins(0, 4, 0, 0)
        left.setSpacing(8)
        left.addLayout(self.bar)
        left.addWidget(card, 1)
        left.addWidget(self.none, 1)
        left.addWidget(self.hint)
        self.row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.row.setSpacing(8)
        self.row.addLayout(left, 7)
        self.pages = VScroll(inner)
        self.row.addWidget(self.pages, 4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self.row)
        self.form.save_asked.connect(self.save)
        self.grid.drawn.connect(self.begin)
        self.grid.moved.connect(self.move_block)
        self.grid.chosen.connect(self.choose_block)
        self.grid.opened.connect(lambda _key: self.into_form())
        self.grid.removed.connect(self.remove)
        self.bench.actor_changed.connect(self._forget_typed)
        self.words.put(
            self.hint.setText,
            N_("Drag to draw, move or resize. By keyboard: arrows, Shift with down draws, Enter keeps; "
               "Alt with arrows moves, Alt and Shift with arrows moves the end, Delete removes."),
        )  # fmt: skip

    def _forget_typed(self, actor: Actor) -> None:
        """What one person typed is not for the next. A bound method: it is not called once this pane is gone."""
        if self.somebody_else(actor):
            self.form.forget_all()

    def items(self) -> Sequence[Item]:
        """The fields of the form."""
        return ()

    def save(self) -> None:
        """Run the command of the form."""

    def begin(self, column: int, start: int, end: int) -> None:
        """Time that was drawn."""

    def move_block(self, key: str, column: int, start: int, end: int) -> None:
        """A block that was dropped elsewhere."""

    def choose_block(self, key: str) -> None:
        """A block that was chosen."""

    def remove(self, key: str) -> None:
        """A block that is to go."""

    def set_value(self, name: str, value: Any) -> None:
        """Fill one field of the form."""
        editor: Any = self.form.fields[name].editor
        editor.set_value(value)

    def into_form(self) -> None:
        """Put the keyboard into the form."""
        first = next((field for field in self.form.fields.values() if not field.isHidden()), None)
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def say_no_clinic(self, absent: bool) -> None:
        """Without a clinic there are no hours."""
        self.none.setVisible(absent)
        self.card.setVisible(not absent)
        self.hint.setVisible(not absent)
        self.pages.setVisible(not absent)
        self.none.tell(
            _(N_("There is no clinic yet.")), _(N_("Chairs, hours and shifts belong to a clinic: begin here.")),
            _(N_("Clinics")),
        )  # fmt: skip

    def focus_first(self, reason: Qt.FocusReason) -> None:
        """The grid."""
        self.grid.setFocus(reason)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self.form.retranslate()

    def fold_room(self, narrow: bool) -> None:
        """The form under the grid when narrow."""
        super().fold_room(narrow)
        self.row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.card.setMinimumHeight(theme.px(LEAST_HEIGHT) if narrow else 0)
        self.pages.show_all(narrow)
