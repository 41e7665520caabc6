"""Cards, banners, empty states and progress rows: what a screen is put together from."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import paint
from ui.theme.icons import IconWeight
from ui.theme.style import on_theme_change, set_state, theme
from ui.theme.tokens import SEVERITIES
from ui.theme.tokens.metrics import CARD_PADDING, Weight
from ui.widgets.announce import announce
from ui.widgets.buttons import Button
from ui.widgets.labels import ElidedLabel, Label, WrapLabel

_SEVERITY_FILLS: dict[str, IconWeight] = {"ok": "bold"}


class ThemedIcon(QLabel):
    """A shape in a colour role or the colour of a severity; decoration beside words, so it has no name of its own."""

    def __init__(
        self,
        icon: str,
        size: int = 17,
        *,
        role: str = "muted",
        severity: str = "",
        weight: IconWeight | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shape, self._size, self._role, self._severity, self._cut = icon, size, role, severity, weight
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def set_icon(self, icon: str, *, role: str = "muted", severity: str = "") -> None:
        """Show another shape."""
        self._shape, self._role, self._severity = icon, role, severity
        self._restyle()

    def showEvent(self, event: QShowEvent) -> None:
        """Where it stands may insist on a theme of its own."""
        super().showEvent(event)
        if theme.of(self).tokens is not self._worn:
            self._restyle()

    def _restyle(self) -> None:
        inks = theme.of(self)
        self._worn = inks.tokens
        ink = inks.severity(self._severity).fg if self._severity else inks.colour(self._role)
        self.setPixmap(theme.pixmap(self._shape, ink, self._size, self._cut, ratio=self.devicePixelRatioF()))


class Hairline(QFrame):
    """A decorative line one pixel thick."""

    def __init__(self, *, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "hairline_v" if vertical else "hairline")


class Card(QFrame):
    """Title, one status chip at the right, body, and at most one primary action in it."""

    def __init__(
        self,
        title: str = "",
        chip: QWidget | None = None,
        *,
        icon: str = "",
        quiet: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(CARD_PADDING, CARD_PADDING - 2, CARD_PADDING, CARD_PADDING)
        column.setSpacing(8)
        self.title = ElidedLabel(title, "name", "muted" if quiet else "")
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        if icon:
            self.head.addWidget(ThemedIcon(icon, 18, role="accent"))
        self.head.addWidget(self.title, 1)
        if chip is not None:
            self.head.addWidget(chip)
        if title or chip is not None:
            column.addLayout(self.head)
        else:
            self.title.setParent(self)
            self.title.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body, 1)

    def set_title(self, text: str) -> None:
        """Change the title, for instance with the language."""
        self.title.setText(text)

    def set_selected(self, selected: bool) -> None:
        """Give the card the 2 px edge of what is selected."""
        set_state(self, "selected", selected)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Put a widget or a layout under what is there."""
        if isinstance(item, QLayout):
            self.body.addLayout(item, stretch)
        else:
            self.body.addWidget(item, stretch)


class Banner(QFrame):
    """One line under the top bar with one quiet action: offline, read-only, wrong clock, update waiting."""

    activated = Signal()

    def __init__(
        self,
        severity: str,
        fact: str,
        text: str = "",
        *,
        action: str = "",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.setSpacing(10)
        self._icon = ThemedIcon(SEVERITIES[severity].icon, 18, severity=severity, weight="fill")
        self._fact = Label(fact, "body", severity, weight=Weight.SEMIBOLD)
        self._text = WrapLabel(text)
        self._text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._action = Button(action, "quiet", size="compact")
        self._action.clicked.connect(self.activated)
        row.addWidget(self._icon)
        row.addWidget(self._fact)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.tell(severity, fact, text, action=action, icon=icon)

    def tell(self, severity: str, fact: str, text: str = "", *, action: str = "", icon: str = "") -> None:
        """Say something else."""
        set_state(self, "severity", severity)
        self._icon.set_icon(icon or SEVERITIES[severity].icon, severity=severity)
        self._fact.set_ink(severity)
        self._fact.setText(fact)
        self._text.setText(text)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        announce(self, f"{fact} {text}".strip(), urgent=severity == "danger")


class EmptyState(QWidget):
    """Nothing here: one fact, what comes next, one secondary action."""

    activated = Signal()

    def __init__(self, icon: str, fact: str, then: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(6)
        self._fact = WrapLabel(fact, "touch_label", weight=Weight.SEMIBOLD)
        self._then = WrapLabel(then, "body", "muted")
        self._action = Button(action)
        self._action.setVisible(bool(action))
        self._action.clicked.connect(self.activated)
        column.addStretch(1)
        column.addWidget(ThemedIcon(icon, 40, weight="duotone"), 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._fact, self._then):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            column.addWidget(label)
        column.addSpacing(4)
        column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def tell(self, fact: str, then: str, action: str = "") -> None:
        """Say it otherwise, for instance in another language."""
        self._fact.setText(fact)
        self._then.setText(then)
        self._action.setText(action)
        self._action.setVisible(bool(action))


class ProgressBar(QWidget):
    """A bar 6 px high; `solid` is a status whose solid colour it takes, else accent."""

    def __init__(self, name: str, status: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status, self._fraction, self._name = status, 0.0, name
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_fraction(0.0)
        theme.changed.connect(self.update)

    def set_fraction(self, fraction: float, status: str | None = None) -> None:
        """Done part, 0-1."""
        self._fraction = fraction
        self._status = self._status if status is None else status
        self.setAccessibleName(f"{self._name} {round(fraction * 100)} %")
        self.update()

    def sizeHint(self) -> QSize:
        """Thin, as wide as there is room."""
        return QSize(120, 8 if theme.tokens.high_contrast else 6)

    def minimumSizeHint(self) -> QSize:
        """Thin and short."""
        return QSize(24, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track and done part."""
        painter = QPainter(self)
        paint.ready(painter)
        inks = theme.of(self)
        fill = inks.status(self._status).solid if self._status else inks.tokens.colours.accent
        paint.progress_bar(painter, QRectF(self.rect()), self._fraction, QColor(fill))


class ProgressRow(QWidget):
    """What goes on, its amount and time left, and the bar. For what takes longer than two seconds."""

    def __init__(self, what: str, state: str = "", status: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        row = QHBoxLayout()
        row.setSpacing(10)
        self._what = ElidedLabel(what, "body", weight=Weight.SEMIBOLD)
        self._state = Label(state, "small", "muted")
        row.addWidget(self._what, 1)
        row.addWidget(self._state)
        self._bar = ProgressBar(what, status)
        column.addLayout(row)
        column.addWidget(self._bar)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_progress(self, fraction: float, state: str) -> None:
        """Done part 0-1, and its words ("62 % · environ 2 min")."""
        self._bar.set_fraction(fraction)
        self._state.setText(state)


class Skeleton(QWidget):
    """Resting lines where text is on its way, for waits between 0.3 and 2 s."""

    def __init__(self, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as the lines that it stands for."""
        return QSize(160, theme.px(21) * self._lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars of uneven length."""
        painter = QPainter(self)
        paint.ready(painter)
        paint.skeleton(painter, QRectF(self.rect()), theme.px(21), self._lines)
