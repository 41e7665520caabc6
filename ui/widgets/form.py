"""Form field: label above, editor, one sentence under it that stays until the value is mended."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, Qt, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.style import on_theme_change, set_state, theme
from ui.theme.tokens.metrics import LABEL_GAP, Weight
from ui.widgets.labels import Label, WrapLabel

_MESSAGE_ICON = 13


@runtime_checkable
class Editor(Protocol):
    """What Field asks of the widget in it; any QWidget with this method will do."""

    def value(self) -> object:
        """What is entered, None when nothing usable is."""


@runtime_checkable
class SelfChecking(Protocol):
    """An editor that finds its own mistakes and emits the sentence to show, "" when mended."""

    problem_changed: SignalInstance

    def problem(self) -> str:
        """What is wrong now, in the language in force."""


class Message(QWidget):
    """Icon and sentence under a field: help in `muted`, error in danger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(4)
        self._icon = QLabel()
        self._words = WrapLabel(role="small")
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self._error = False
        on_theme_change(self._restyle)

    def show_text(self, text: str, error: bool) -> None:
        """Say a sentence; an empty one takes no room."""
        self._error = error
        self._words.set_ink("danger" if error else "muted")
        self._words.setText(text)
        self.setVisible(bool(text))
        self._restyle()

    def text(self) -> str:
        """The sentence shown."""
        return self._words.text()

    def _restyle(self) -> None:
        ink = theme.severity("danger").fg if self._error else theme.tokens.colours.muted
        name = "warning-circle" if self._error else "info"
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(theme.pixmap(name, ink, _MESSAGE_ICON, "fill", ratio=ratio))
        air = max(0, (self._words.fontMetrics().height() - theme.px(_MESSAGE_ICON)) // 2)
        self._icon.setContentsMargins(0, air, 0, 0)


class Field(QWidget):
    """An editor with its label, help and error. No room is kept for help: put a stretch under the last field."""

    def __init__(self, label: str, editor: QWidget, help_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self._help = help_text
        self._problem: object = ""
        self.label = Label(label, "small", weight=Weight.SEMIBOLD)
        self.label.setBuddy(editor)
        self._message = Message()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(LABEL_GAP)
        column.addWidget(self.label)
        column.addWidget(editor)
        column.addWidget(self._message)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        editor.setAccessibleName(label)
        if isinstance(editor, SelfChecking):
            editor.problem_changed.connect(self.set_error)
        self._say()

    def set_label(self, text: str) -> None:
        """Change the label, for instance with the language."""
        self.label.setText(text)
        self.editor.setAccessibleName(text)

    def set_help(self, text: str) -> None:
        """Change the help sentence."""
        self._help = text
        self._say()

    def set_error(self, problem: object) -> None:
        """Mark the value as wrong with one sentence that says what to do; an empty one clears it.

        `problem` may be an exception whose text is that sentence: it then follows the language.
        """
        self._problem = problem
        set_state(self.editor, "invalid", bool(str(problem)))
        self._say()

    def error(self) -> str:
        """The error shown, or ""."""
        return str(self._problem)

    def changeEvent(self, event: QEvent) -> None:
        """Say what is wrong in the language in force."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.error():
            found = self.editor.problem() if isinstance(self.editor, SelfChecking) else ""
            self._problem = found or self._problem
            self._say()

    def value(self) -> object:
        """The editor's value."""
        return self.editor.value() if isinstance(self.editor, Editor) else None

    def _say(self) -> None:
        problem = self.error()
        self._message.show_text(problem or self._help, bool(problem))
        self.editor.setAccessibleDescription(problem or self._help)
