"""A list of facts: words at the left, values at the right of them; rebuilt when the answer changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.core.i18n import language
from app.journal.queries import Actor
from ui.widgets.labels import Label, WrapLabel


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            empty(inner)
            inner.deleteLater()


class LastShown:
    """What a part of a screen shows: most commits that make a screen read again leave most of its parts as they are.

    Somebody else at the keyboard or another language is something else to show.
    """

    def __init__(self) -> None:
        self._last: tuple[Any, ...] | None = None

    def is_news(self, actor: Actor, *answer: object) -> bool:
        """Whether this is not what stands there already; from now on it is."""
        now = (language(), actor, *answer)
        before, self._last = self._last, now
        return now != before


class Facts(QWidget):
    """Two columns: what, and its value."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._words: list[tuple[Label | None, WrapLabel]] | None = None
        """The labels in their order, when all values are words: another answer of the same shape is put into them."""

    def show_facts(self, facts: Iterable[tuple[str, str | QWidget]]) -> None:
        """Replace the facts; a value without words is left out."""
        shown = [(what, value) for what, value in facts if value]
        if not self._retold(shown):
            empty(self._grid)
            self._words = []
            for row, (what, value) in enumerate(shown):
                self._put(row, what, value)

    def _retold(self, shown: list[tuple[str, str | QWidget]]) -> bool:
        words, said = self._words, [(what, value) for what, value in shown if isinstance(value, str)]
        if words is None or not len(shown) == len(said) == len(words):
            return False
        if [bool(what) for what, _value in said] != [label is not None for label, _value in words]:
            return False
        for (what, value), (label, there) in zip(said, words, strict=True):
            if label is not None and label.text() != what:
                label.setText(what)
            if there.text() != value:
                there.setText(value)
        return True

    def _put(self, row: int, what: str, value: str | QWidget) -> None:
        side = Qt.AlignmentFlag.AlignTop if isinstance(value, str) else Qt.AlignmentFlag.AlignVCenter
        label = Label(what, "body", "muted") if what else None
        if label is not None:
            self._grid.addWidget(label, row, 0, side)
        if isinstance(value, str):
            words = WrapLabel(value)
            self._grid.addWidget(words, row, 1 if what else 0, 1, 1 if what else 2)
            if self._words is not None:
                self._words.append((label, words))
        elif what:
            self._grid.addWidget(value, row, 1, side | Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(value, row, 0, 1, 2)
