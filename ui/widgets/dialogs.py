"""Question before something irreversible, with money or legal. For everything else, act and offer undo."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import Button
from ui.widgets.cards import ThemedIcon
from ui.widgets.labels import WrapLabel

WIDTH = 440
_MARGIN = 18


class Question(QDialog):
    """The title is the question with the name in it, the body says the effect, the buttons repeat the verb.

    The safe answer has the focus, and Escape gives it. `exec()` is true for the other one.
    """

    def __init__(
        self,
        question: str,
        body: str,
        *,
        safe: str,
        act: str,
        note: str = "",
        dangerous: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.setAccessibleDescription(body)
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN - 2, _MARGIN, _MARGIN)
        column.setSpacing(8)
        column.addWidget(WrapLabel(question, "title"))
        column.addWidget(WrapLabel(body, "body", "muted"))
        if note:
            row = QHBoxLayout()
            row.setSpacing(6)
            row.addWidget(ThemedIcon("info", 15), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(WrapLabel(note, "small", "muted"), 1)
            column.addLayout(row)
        column.addSpacing(4)
        column.addStretch(1)
        self.safe = Button(safe)
        self.act = Button(act, "danger" if dangerous else "primary")
        self.safe.setDefault(True)
        self.safe.clicked.connect(self.reject)
        self.act.clicked.connect(self.accept)
        self._answers = QHBoxLayout()
        self._answers.setSpacing(8)
        self._answers.addStretch(1)
        self._answers.addWidget(self.safe)
        self._answers.addWidget(self.act)
        column.addLayout(self._answers)
        on_theme_change(self._fit)

    def _fit(self) -> None:
        """440 px of text width; when two long verbs need more, they stand under each other instead of widening it."""
        width = theme.px(WIDTH)
        verbs = self.safe.sizeHint().width() + self.act.sizeHint().width() + 8 + 2 * _MARGIN
        directions = QHBoxLayout.Direction
        self._answers.setDirection(directions.TopToBottom if verbs > width else directions.LeftToRight)
        self.setFixedWidth(max(width, self.minimumSizeHint().width()))

    def showEvent(self, event: QShowEvent) -> None:
        """Focus on the safe answer."""
        super().showEvent(event)
        self.safe.setFocus(Qt.FocusReason.OtherFocusReason)
        self.adjustSize()
