"""Words on screen: one line that elides, sentences that wrap without being cut, and the steps of the type scale."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QToolTip, QWidget

from ui.theme.style import on_theme_change, set_state, theme

# An elided label may shrink to about its first letter and the ellipsis.
_LEAST_WIDTH = 10
_NO_LIMIT = 100_000


class Label(QLabel):
    """Plain text in a type role and an ink; follows theme and text size. Never reads its text as HTML."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        ink: str = "",
        *,
        weight: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._role, self._weight = role, weight
        self.setProperty("ink", ink)
        self.setText(text)
        on_theme_change(self._restyle)

    def set_ink(self, ink: str) -> None:
        """Another ink: "", "muted", "faint", "accent", a severity, "rail", "toast" or "toast_hint"."""
        set_state(self, "ink", ink)

    def set_role(self, role: str, weight: int | None = None) -> None:
        """Another step of the type scale."""
        self._role, self._weight = role, weight
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(theme.font(self._role, self._weight))
        self.updateGeometry()


class ElidedLabel(Label):
    """One line that ends in an ellipsis when there is no room; the tooltip then gives the whole."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        ink: str = "",
        *,
        weight: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, ink, weight=weight, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Next to nothing wide, one line high."""
        return QSize(_LEAST_WIDTH, super().sizeHint().height())

    @property
    def elided(self) -> bool:
        """Whether part of the text is hidden now."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def event(self, event: QEvent) -> bool:
        """Show the whole text as tooltip only while it is cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and not self.toolTip():
            QToolTip.showText(event.globalPos(), self.text() if self.elided else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text cut at the end."""
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        area = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(self.alignment() | Qt.TextFlag.TextSingleLine), text)


class WrapLabel(Label):
    """Sentences over as many lines as the width asks for.

    Qt does not carry heightForWidth through nested rows, so the label asks for its height itself at each new width.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        ink: str = "",
        *,
        weight: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, ink, weight=weight, parent=parent)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)

    def setText(self, text: str) -> None:
        """Change the text and the height that it needs."""
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height of the new width."""
        super().resizeEvent(event)
        self._fit()

    def _restyle(self) -> None:
        super()._restyle()
        self._fit()

    def set_wrapping(self, wrapping: bool) -> None:
        """One line for as long as there is room, or as many as needed."""
        self.setWordWrap(wrapping)
        self._fit()

    def _fit(self) -> None:
        if self.width() > 0:
            wrapped = self.wordWrap() and bool(self.text())
            self.setMinimumHeight(self._height_of_text() if wrapped else 0)

    def _height_of_text(self) -> int:
        """Height in px that the text needs at the present width. QLabel's own answer never falls below the least
        height set, so it could not shrink again."""
        air = self.contentsMargins()
        room = self.width() - air.left() - air.right()
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        bounds = self.fontMetrics().boundingRect(QRect(0, 0, room, _NO_LIMIT), int(flags), self.text())
        return bounds.height() + air.top() + air.bottom()


def title(text: str) -> ElidedLabel:
    """Title of a screen or a dialog, 17/600."""
    return ElidedLabel(text, "title")


def heading(text: str) -> ElidedLabel:
    """Name of a patient or a page, 20/600."""
    return ElidedLabel(text, "heading")


def section(text: str) -> ElidedLabel:
    """Title of a card, 13/600."""
    return ElidedLabel(text, "name")


def muted(text: str) -> ElidedLabel:
    """Secondary line, 12."""
    return ElidedLabel(text, "small", "muted")


def strong(text: str) -> ElidedLabel:
    """A name or a value, 13/600."""
    return ElidedLabel(text, "name")
