"""The bar above every screen: where one is, search, how this workstation stands, and who is working."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.core.clock import Clock
from app.core.i18n import N_, _
from ui.shell.search import QuickSearch
from ui.shell.server_link import ServerLink, said
from ui.theme import paint
from ui.theme.focus import from_keyboard, hide_ring, show_ring
from ui.theme.fonts import sized_font
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import TYPE, Weight
from ui.widgets.avatar import initials_of
from ui.widgets.labels import ElidedLabel
from ui.widgets.pills import SeverityChip

HEIGHT = 60
NARROW = 1100
"""Effective width under which the search field folds and the person becomes an avatar (design §4)."""
_AVATAR = 30


class PersonButton(QPushButton):
    """Who is signed in: initials, name, role; opens the menu of the person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._role, self._key, self._bare = "", "", "", False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def set_person(self, name: str, role: str, key: str) -> None:
        """Show somebody; `key` fixes the colour."""
        self._name, self._role, self._key = name, role, key
        self.setAccessibleName(_(N_("{name}, menu"), name=name))
        self.setToolTip(f"{name} · {role}" if role else name)
        self._restyle()

    def set_bare(self, bare: bool) -> None:
        """Initials only, in a narrow window."""
        self._bare = bare
        self._restyle()

    def sizeHint(self) -> QSize:
        """Circle and the longer of the two words."""
        side = theme.px(_AVATAR)
        if self._bare:
            return QSize(side + 8, side + 8)
        self.setFont(theme.font("name"))
        words = max(self.fontMetrics().horizontalAdvance(self._name), self.fontMetrics().horizontalAdvance(self._role))
        return QSize(side + 12 + words + 10, theme.px(TYPE["name"].line + TYPE["small"].line) + 4)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when focus came from the keyboard."""
        super().focusInEvent(event)
        if from_keyboard(event.reason()):
            show_ring(self, 7)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Circle, name, role."""
        import zlib

        painter = QPainter(self)
        paint.ready(painter)
        if self.underMouse():
            paint.rounded(painter, QRectF(self.rect()), 7, theme.colour("sunken"))
        side = float(theme.px(_AVATAR))
        circle = QRectF(4, (self.height() - side) / 2, side, side)
        font = sized_font(max(TYPE["caption"].px, round(side * 0.36)), Weight.SEMIBOLD)
        paint.initials(painter, circle, initials_of(self._name), zlib.crc32((self._key or self._name).encode()), font)
        if self._bare:
            return
        left, first = circle.right() + 12, theme.px(TYPE["name"].line)
        second = theme.px(TYPE["small"].line) if self._role else 0
        top = (self.height() - first - second) / 2
        painter.setFont(theme.font("name"))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(left, top, self.width(), first), Qt.AlignmentFlag.AlignVCenter, self._name)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("muted"))
        area = QRectF(left, top + first, self.width(), theme.px(TYPE["small"].line))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._role)


class TopBar(QWidget):
    """Title at the left; search, state and person at the right."""

    help_asked = Signal()
    state_pressed = Signal()
    """The pill was pressed: it leads to the Sync Centre, as the rail and the palette do for the keyboard."""

    def __init__(
        self, search: QuickSearch, bell: QWidget, link: ServerLink, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._link, self._clock = link, clock
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title = ElidedLabel("", "title")
        self.under = ElidedLabel("", "small", "muted")
        self.search = search
        self.state = SeverityChip("info", "", "desktop")
        self.state.setCursor(Qt.CursorShape.PointingHandCursor)
        self.state.installEventFilter(self)
        self.person = PersonButton()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        words.addWidget(self.title)
        words.addWidget(self.under)
        words.addStretch()
        row = QHBoxLayout()
        row.setContentsMargins(18, 0, 14, 0)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(search)
        row.addWidget(self.state)
        row.addWidget(bell)
        row.addWidget(_line())
        row.addWidget(self.person)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        hair = QFrame()
        hair.setProperty("kind", "hairline")
        column.addWidget(hair)
        self._unreachable = ""
        self.retranslate()
        link.changed.connect(self.retranslate)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setFixedHeight(
            HEIGHT + theme.px(TYPE["title"].line + TYPE["small"].line) - TYPE["title"].line - TYPE["small"].line
        )
        self._fold()

    def retranslate(self) -> None:
        """Say how the workstation stands towards its server, never better than it is."""
        if self._unreachable:
            self.state.set_severity("warn", _(N_("Offline")), "cloud-slash")
            self.state.setToolTip(self._unreachable)
            return
        words = said(self._link.status, self._clock)
        self.state.set_severity(words.severity, words.short, words.icon)
        self.state.setToolTip(words.line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press on the pill."""
        if watched is self.state and event.type() == QEvent.Type.MouseButtonRelease:
            self.state_pressed.emit()
        return super().eventFilter(watched, event)

    def show_unreachable(self, sentence: str) -> None:
        """A machine does not answer; an empty sentence: it does again."""
        self._unreachable = sentence
        self.retranslate()

    def set_titles(self, title: str, under: str) -> None:
        """Where one is."""
        self.title.setText(title)
        self.under.setText(under)
        self.under.setVisible(bool(under))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold when narrow."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        effective = (self.window().width() if self.window() else self.width()) / theme.text_scale
        self.person.set_bare(effective < NARROW)
        self.search.fold()
        self.state.setVisible(effective >= NARROW - 300)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "hairline_v")
    return line
