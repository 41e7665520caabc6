"""A remark that stops nobody: the triangle of a warning and its sentence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.cards import ThemedIcon
from ui.widgets.labels import WrapLabel


class Remark(QWidget):
    """Takes no room while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._words = WrapLabel("", "small", "warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(5)
        row.addWidget(ThemedIcon("warning", 14, severity="warn", weight="fill"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    def tell(self, sentence: str) -> None:
        """Say it; an empty sentence hides the remark."""
        self._words.setText(sentence)
        self.setVisible(bool(sentence))

    def text(self) -> str:
        """What is said."""
        return self._words.text()
