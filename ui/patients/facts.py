"""A list of facts: words at the left, values at the right of them; rebuilt when the answer changes."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

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


class Facts(QWidget):
    """Two columns: what, and its value."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Iterable[tuple[str, str | QWidget]]) -> None:
        """Replace the facts; a value without words is left out."""
        empty(self._grid)
        for row, (what, value) in enumerate((what, value) for what, value in facts if value):
            side = Qt.AlignmentFlag.AlignTop if isinstance(value, str) else Qt.AlignmentFlag.AlignVCenter
            if what:
                self._grid.addWidget(Label(what, "body", "muted"), row, 0, side)
            if isinstance(value, str):
                self._grid.addWidget(WrapLabel(value), row, 1 if what else 0, 1, 1 if what else 2)
            elif what:
                self._grid.addWidget(value, row, 1, side | Qt.AlignmentFlag.AlignLeft)
            else:
                self._grid.addWidget(value, row, 0, 1, 2)
