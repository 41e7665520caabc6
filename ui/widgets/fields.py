"""Editors: text, long text, secret, search and choice. Put them in a Field (ui.widgets.form) for the label."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from app.core.i18n import _
from ui.theme import paint
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import IconButton
from ui.widgets.pills import KeyCap

_ICON = 16
_CARET = 14


class TextField(QLineEdit):
    """One line of text. The placeholder is an example, never the label."""

    changed = Signal(str)

    def __init__(self, example: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(example)
        self.setAccessibleName(name)
        self.textEdited.connect(self.changed)
        on_theme_change(self._restyle)

    def value(self) -> object:
        """The text without blanks round it."""
        return self.text().strip()

    def set_value(self, value: str) -> None:
        """Replace the text, and show its beginning."""
        self.setText(value)
        self.setCursorPosition(0)

    def _restyle(self) -> None:
        self.setFont(theme.font("body"))
        self.updateGeometry()


class TextArea(QPlainTextEdit):
    """Several lines of plain text, `lines` high; Tab leaves it, as every other field."""

    changed = Signal(str)

    def __init__(self, example: str = "", *, name: str = "", lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setPlaceholderText(example)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._tell)
        on_theme_change(self._restyle)

    def value(self) -> object:
        """The text without blanks round it."""
        return self.toPlainText().strip()

    def set_value(self, value: str) -> None:
        """Replace the text."""
        self.setPlainText(value)

    def _tell(self) -> None:
        self.changed.emit(self.toPlainText())

    def _restyle(self) -> None:
        self.setFont(theme.font("body"))
        self.setFixedHeight(self.fontMetrics().lineSpacing() * self._lines + 24)


class _InsetField(TextField):
    """A line edit with something drawn at its left and widgets at its right."""

    _left_icon = ""

    def _right_widgets(self) -> Sequence[QWidget]:
        return ()

    def _arrange(self) -> None:
        side = self.height() - 8
        right = self.width() - 4
        for widget in self._right_widgets():
            if not widget.isHidden():
                width = side if isinstance(widget, IconButton) else widget.sizeHint().width()
                height = side if isinstance(widget, IconButton) else widget.sizeHint().height()
                right -= width
                widget.setGeometry(QRect(right, (self.height() - height) // 2, width, height))
                right -= 4
        left = theme.px(_ICON) + 6 if self._left_icon else 0
        self.setTextMargins(left, 0, max(0, self.width() - right - theme.density.pad + 5), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the widgets at the right edge."""
        super().resizeEvent(event)
        self._arrange()

    def _restyle(self) -> None:
        super()._restyle()
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon over the field's own ground."""
        super().paintEvent(event)
        if not self._left_icon:
            return
        painter = QPainter(self)
        pixmap = theme.pixmap(self._left_icon, theme.of(self).colour("muted"), _ICON, ratio=self.devicePixelRatioF())
        paint.shape(painter, pixmap, theme.density.pad - 3, (self.height() - theme.px(_ICON)) / 2)


class SecretField(_InsetField):
    """A password or PIN, with a button that shows it while one checks."""

    def __init__(self, example: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        self._toggle = IconButton("eye", "", size="inset", checkable=True)
        super().__init__(example, name=name, parent=parent)
        self._toggle.setParent(self)
        self._toggle.setCursor(Qt.CursorShape.ArrowCursor)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self._toggle.toggled.connect(self._reveal)
        self._reveal(False)
        self._arrange()

    def value(self) -> object:
        """The secret as typed, blanks included."""
        return self.text()

    def changeEvent(self, event: QEvent) -> None:
        """Name the button in the new language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name_toggle()

    def _right_widgets(self) -> Sequence[QWidget]:
        return (self._toggle,)

    def _reveal(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._toggle.set_icon("eye-slash" if shown else "eye")
        self._name_toggle()

    def _name_toggle(self) -> None:
        self._toggle.set_name(_("Hide what is typed") if self._toggle.isChecked() else _("Show what is typed"))


class SearchField(_InsetField):
    """Search with its icon, the keys that lead to it, and a cross; Escape empties it."""

    _left_icon = "magnifying-glass"

    def __init__(
        self, example: str, *, name: str = "", keys: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        self._clear = IconButton("x", "", size="inset")
        self._keys = [KeyCap(key) for key in keys]
        super().__init__(example, name=name or example, parent=parent)
        for widget in (self._clear, *self._keys):
            widget.setParent(self)
        # Escape does the same, so the cross need not be a stop on the way of the Tab key.
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.clicked.connect(self._empty)
        self.textChanged.connect(self._switch_ends)
        self._name_clear()
        self._switch_ends("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties a field that holds something, else goes to what the field stands in."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._empty()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Name the cross in the new language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name_clear()

    def _right_widgets(self) -> Sequence[QWidget]:
        return (self._clear, *reversed(self._keys))

    def _name_clear(self) -> None:
        self._clear.set_name(_("Clear the search"))

    def _empty(self) -> None:
        self.clear()
        self.changed.emit("")

    def _switch_ends(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        for cap in self._keys:
            cap.setVisible(not text)
        self._arrange()


class Choice(QComboBox):
    """One of a list. The wheel does not change it by accident while a page scrolls."""

    changed = Signal(object)

    def __init__(
        self, options: Sequence[tuple[object, str]] = (), *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setView(QListView(self))
        self.view().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view().setAccessibleName(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(6)
        self.set_options(options)
        self.activated.connect(self._tell)
        on_theme_change(self._restyle)

    def set_options(self, options: Sequence[tuple[object, str]]) -> None:
        """Replace the list by (value, word) pairs, keeping the choice when it is still there."""
        kept = self.value()
        self.clear()
        for value, word in options:
            self.addItem(word, value)
        self.set_value(kept)

    def value(self) -> object:
        """What the chosen word stands for."""
        return self.currentData()

    def set_value(self, value: object) -> None:
        """Choose by value; one that is not in the list leaves the first chosen."""
        found = next((row for row in range(self.count()) if self.itemData(row) == value), 0)
        self.setCurrentIndex(found)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()

    def setAccessibleName(self, name: str) -> None:
        """Name the list that opens too."""
        super().setAccessibleName(name)
        self.view().setAccessibleName(name)

    def _tell(self) -> None:
        self.changed.emit(self.value())

    def _restyle(self) -> None:
        font = theme.font("body")
        self.setFont(font)
        self.view().setFont(font)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """With the caret, which grows with the text and of which the sheet knows nothing."""
        hint = super().sizeHint()
        return QSize(hint.width() + theme.px(_CARET) - _CARET + 6, hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The chosen word, elided before the caret, which a sheet can only take from a file of one colour."""
        styled, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        styled.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.width() - theme.px(_CARET) - 3 * theme.density.pad + 8
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        styled.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        styled.end()
        painter = QPainter(self)
        ink = theme.of(self).colour("muted" if self.isEnabled() else "faint")
        side = theme.px(_CARET)
        pixmap = theme.pixmap("caret-down", ink, _CARET, ratio=self.devicePixelRatioF())
        paint.shape(painter, pixmap, self.width() - side - theme.density.pad + 3, (self.height() - side) / 2)
