"""The search of the top bar: the way into the command palette for who does not know its keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.core.i18n import N_, _
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import IconButton
from ui.widgets.fields import SearchField

WIDTH = 290
_NARROW = 1100


class QuickSearch(QWidget):
    """`asked(text)` when one clicks, types or presses Enter here: the palette opens with what was typed."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.field = SearchField("", keys=("Ctrl", "K"))
        self.field.installEventFilter(self)
        self._icon = IconButton("magnifying-glass", "")
        self._icon.clicked.connect(lambda: self.asked.emit(""))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field)
        row.addWidget(self._icon)
        self.setFocusProxy(self.field)
        on_theme_change(self._restyle)

    def retranslate(self) -> None:
        """Say the words in the language in force."""
        self.field.setPlaceholderText(_(N_("Patient, action, screen…")))
        self.field.setAccessibleName(_(N_("Search patients, actions and screens")))
        self._icon.set_name(_(N_("Search patients, actions and screens")))

    def _restyle(self) -> None:
        self.field.setFixedWidth(round(WIDTH * min(theme.text_scale, 1.3)))
        self.fold()

    def fold(self) -> None:
        """An icon in a narrow window."""
        host = self.window()
        folded = host is not self and host.width() / theme.text_scale < _NARROW
        self.field.setVisible(not folded)
        self._icon.setVisible(folded)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click, a letter, Enter or Down opens the palette; everything else is the field's."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            self.asked.emit("")
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            letter = event.text()
            plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier}
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
                self.asked.emit("")
                return True
            if letter and letter.isprintable() and plain:
                self.asked.emit(letter)
                return True
        return False
