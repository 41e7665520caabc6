"""Buttons: primary, secondary, quiet, danger and icon only. Icons, heights and focus ring follow the theme."""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.theme.focus import focus_in, hide_ring
from ui.theme.icons import IconWeight
from ui.theme.style import on_theme_change, set_state, theme
from ui.theme.tokens.metrics import RADII, Weight

Kind = Literal["primary", "secondary", "quiet", "danger", "link", "icon", "toast"]
Size = Literal["", "compact", "touch", "inset"]
_INK = {
    "primary": "on_accent",
    "danger": "on_danger",
    "quiet": "muted",
    "icon": "muted",
    "link": "accent",
}
# The sheet leaves 4 px between icon and word; the icon brings these on top.
_ICON_GAP = 3
_BOLD = ("primary", "danger", "toast")


def is_plain_enter(event: QKeyEvent) -> bool:
    """Whether Enter was pressed alone, on either part of the keyboard."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held and not event.isAutoRepeat()


class _ThemedButton(QPushButton):
    """A push button with a themed icon, a font by kind and the focus ring."""

    def __init__(self, kind: Kind, icon: str, size: Size, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._kind: Kind = kind
        self._shape = icon
        self._weight: IconWeight | None = "bold" if kind in _BOLD else None
        self._reason = ""
        self._help = ""
        self._worn = theme.tokens
        self.setAutoDefault(False)
        self.setProperty("kind", kind)
        self.setProperty("dimension", size)
        self._dimension = size
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def kind(self) -> str:
        """What it looks like: "primary", "secondary", "quiet", "danger", "link", "icon" or "toast"."""
        return self._kind

    def set_icon(self, name: str) -> None:
        """Another shape; an empty name takes it away."""
        self._shape = name
        self._restyle()

    def set_kind(self, kind: Kind) -> None:
        """Another look, for instance when another button of the region becomes the primary."""
        self._kind = kind
        self._weight = "bold" if kind in _BOLD else None
        set_state(self, "kind", kind)
        self._restyle()

    def set_help(self, text: str) -> None:
        """Tooltip while the button is enabled."""
        self._help = text
        self._tell()

    def set_available(self, available: bool, reason: str = "") -> None:
        """Enable, or disable with the reason, which the tooltip and the accessible description then say."""
        self._reason = "" if available else reason
        self.setEnabled(available)
        self._tell()

    def _tell(self) -> None:
        self.setToolTip(self._reason or self._help)
        self.setAccessibleDescription(self._reason)

    def _icon_size(self) -> int:
        return 20 if self._large else 17

    @property
    def _large(self) -> bool:
        return self._dimension == "touch"

    def _restyle(self) -> None:
        inks = theme.of(self)
        self._worn = inks.tokens
        weight = Weight.SEMIBOLD if self._kind in _BOLD else Weight.MEDIUM
        role = "touch" if self._large else "small" if self._dimension == "compact" else "body"
        self.setFont(theme.font(role, weight))
        if self._shape:
            size = self._icon_size()
            ink = _INK.get(self._kind, "text")
            if self.isCheckable() and self.isChecked():
                ink = "accent"
            gap = theme.px(_ICON_GAP) if self.text() else 0
            self.setIcon(inks.icon(self._shape, ink, size, self._weight, gap=gap))
            self.setIconSize(QSize(theme.px(size) + gap, theme.px(size)))
        else:
            self.setIcon(QIcon())
        self.updateGeometry()

    def showEvent(self, event: QShowEvent) -> None:
        """Where it stands may insist on a theme of its own."""
        super().showEvent(event)
        if theme.of(self).tokens is not self._worn:
            self._restyle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses what has the keyboard, as the space bar does; with Ctrl it belongs to the form."""
        if is_plain_enter(event):
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when focus came from the keyboard."""
        super().focusInEvent(event)
        focus_in(self, event, RADII.touch_control if self._large or theme.touch else RADII.control)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)


class Button(_ThemedButton):
    """A verb, with an icon at its left if given. One primary per region; danger only in a dialog or beside an undo."""

    def __init__(
        self,
        text: str,
        kind: Kind = "secondary",
        icon: str = "",
        *,
        size: Size = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kind, icon, size, parent)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def sizeHint(self) -> QSize:
        """As the sheet says; for a finger, no narrower than high."""
        hint = super().sizeHint()
        return QSize(max(hint.width(), hint.height()), hint.height()) if theme.touch else hint

    def setText(self, text: str) -> None:
        """Set the words. An ampersand is a character of a name, not a mnemonic."""
        had_words = bool(self.text())
        super().setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        if bool(text) is not had_words:
            self._restyle()  # the air between icon and words stands only where there are words


class IconButton(_ThemedButton):
    """A shape alone; `name` says what it does, in the tooltip and to assistive technology."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        size: Size = "",
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("icon", icon, size, parent)
        self.setCheckable(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name)
        self.toggled.connect(self._restyle)
        on_theme_change(self._restyle)

    def set_name(self, name: str) -> None:
        """What it does."""
        self.setAccessibleName(name)
        self.set_help(name)

    def sizeHint(self) -> QSize:
        """A square as high as a control."""
        side = super().sizeHint().height()
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """The same square."""
        return self.sizeHint()
