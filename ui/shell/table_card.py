"""A card whose rows reach its edges: tables and lists of settings."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.widgets.cards import Card


class TableCard(Card):
    """Only the hairline of the card stands round what is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        whole = self.layout()
        assert whole is not None, "a card is made with its layout"
        whole.setContentsMargins(1, 4, 1, 4)
