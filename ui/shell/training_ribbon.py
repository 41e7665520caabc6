"""The mark on every screen of a training folder, the gate included: nobody takes invented people for real ones."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.core.i18n import _
from app.journal.workplace import TRAINING_MARK
from ui.theme.tokens.metrics import Weight
from ui.widgets.labels import WrapLabel


class TrainingRibbon(QFrame):
    """One line across the top of the window that cannot be put away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "ribbon")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        self._words = WrapLabel("", "small", "warn", weight=Weight.SEMIBOLD)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self._words, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self._words.setText(_(TRAINING_MARK))
        self.setAccessibleName(_(TRAINING_MARK))
