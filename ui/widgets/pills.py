"""Status pill, severity chip, tag, badge and key cap: a shape, a word and a colour, painted on a label."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.core.i18n import _
from ui.theme import paint
from ui.theme.icons import IconWeight
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import SEVERITIES, STATUSES
from ui.theme.tokens.metrics import RADII, Weight


class _Painted(QLabel):
    """A one-line label with a tinted ground and an icon. It stays a label, so that it is read as static text."""

    role = "small"
    weight = Weight.SEMIBOLD
    base_height = 22
    pad = 9
    icon_px = 14
    gap = 5

    def __init__(
        self, text: str, icon: str = "", icon_weight: IconWeight = "bold", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._shape, self._cut = icon, icon_weight
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def colours(self) -> tuple[QColor, QColor]:
        """Ink and ground."""
        return theme.of(self).colour("muted"), theme.of(self).colour("sunken")

    def radius(self) -> float:
        """Corner radius, px."""
        return float(RADII.chip)

    def _restyle(self) -> None:
        self.setFont(theme.font(self.role, self.weight))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Icon, word and padding."""
        width = 2 * theme.px(self.pad) + self.fontMetrics().horizontalAdvance(self.text()) + 1
        if self._shape:
            width += theme.px(self.icon_px) + (self.gap if self.text() else 0)
        return QSize(width, theme.height(self.base_height, self.role))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, icon, word."""
        painter = QPainter(self)
        paint.ready(painter)
        ink, ground = self.colours()
        paint.pill(painter, QRectF(self.rect()), ground, ink, self.radius())
        left = float(theme.px(self.pad))
        if self._shape:
            pixmap = theme.pixmap(self._shape, ink, self.icon_px, self._cut, ratio=self.devicePixelRatioF())
            paint.shape(painter, pixmap, left, (self.height() - theme.px(self.icon_px)) / 2)
            left += theme.px(self.icon_px) + self.gap
        painter.setPen(ink)
        area = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())


class StatusPill(_Painted):
    """A status with its fixed shape and its word; `detail` follows the word ("F2 · 6 min")."""

    def __init__(self, status: str, detail: str = "", parent: QWidget | None = None) -> None:
        self._status, self._detail = status, detail
        entry = STATUSES[status]
        cut: IconWeight = "bold" if entry.weight == "bold" else "fill"
        super().__init__(self._words(), entry.icon, cut, parent)

    def _words(self) -> str:
        word = _(STATUSES[self._status].label)
        return f"{word} · {self._detail}" if self._detail else word

    def set_status(self, status: str, detail: str = "") -> None:
        """Show another status."""
        self._status, self._detail = status, detail
        entry = STATUSES[status]
        self._shape, self._cut = entry.icon, "bold" if entry.weight == "bold" else "fill"
        self.setText(self._words())
        self._restyle()

    def changeEvent(self, event: QEvent) -> None:
        """Say the word in the new language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setText(self._words())

    def colours(self) -> tuple[QColor, QColor]:
        """Ink and ground of the status."""
        colours = theme.of(self).status(self._status)
        return QColor(colours.fg), QColor(colours.soft)

    def radius(self) -> float:
        """A pill is round at its ends."""
        return self.height() / 2


class SeverityChip(_Painted):
    """A short fact with a severity: "À jour", "1 conflit", "Latex". Another icon may replace the severity's."""

    role = "caption"
    pad = 7
    icon_px = 13
    gap = 4

    def __init__(self, severity: str, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        self._severity = severity
        super().__init__(text, icon or SEVERITIES[severity].icon, "bold", parent)

    def set_severity(self, severity: str, text: str, icon: str = "") -> None:
        """Show another fact."""
        self._severity, self._shape = severity, icon or SEVERITIES[severity].icon
        self.setText(text)
        self._restyle()

    def colours(self) -> tuple[QColor, QColor]:
        """Ink and ground of the severity."""
        colours = theme.of(self).severity(self._severity)
        return QColor(colours.fg), QColor(colours.soft)


class Tag(_Painted):
    """A neutral mark ("Moi", "no 20418"), or an accented one ("modifié", "Nouveau")."""

    role = "caption"
    pad = 7
    icon_px = 13
    gap = 5

    def __init__(self, text: str, icon: str = "", *, accent: bool = False, parent: QWidget | None = None) -> None:
        self._accent = accent
        super().__init__(text, icon, "bold", parent)

    def colours(self) -> tuple[QColor, QColor]:
        """Muted on sunken, or accent on its tint."""
        if self._accent:
            return theme.of(self).colour("accent"), theme.of(self).colour("accent_soft")
        return theme.of(self).colour("muted"), theme.of(self).colour("sunken")


class Badge(_Painted):
    """A count on a bell or a tab. `name` says what is counted; zero hides it."""

    role = "caption"
    weight = Weight.BOLD
    base_height = 19
    pad = 6

    def __init__(self, count: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(str(count), parent=parent)
        self._name = name
        self.set_count(count)

    def set_count(self, count: int) -> None:
        """Show another count; above 99 it reads 99+."""
        self.setText(str(count) if count <= 99 else "99+")
        self.setAccessibleName(_("{name}: {count}", name=self._name, count=count))
        self.setVisible(count > 0)
        self.updateGeometry()

    def colours(self) -> tuple[QColor, QColor]:
        """Solid danger."""
        return theme.of(self).colour("on_danger"), theme.of(self).colour("danger")

    def radius(self) -> float:
        """Round at its ends."""
        return self.height() / 2

    def sizeHint(self) -> QSize:
        """Never narrower than high."""
        hint = super().sizeHint()
        return QSize(max(hint.width(), hint.height()), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The count in the middle of its ground."""
        painter = QPainter(self)
        paint.ready(painter)
        ink, ground = self.colours()
        paint.rounded(painter, QRectF(self.rect()), self.radius(), ground)
        painter.setPen(ink)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())


class KeyCap(_Painted):
    """A key of the keyboard, one per cap; `dark` for the toast."""

    role = "caption"
    base_height = 19
    pad = 6

    def __init__(self, text: str, *, dark: bool = False, parent: QWidget | None = None) -> None:
        self._dark = dark
        super().__init__(text, parent=parent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A small cap with an edge."""
        painter = QPainter(self)
        paint.ready(painter)
        ground, edge, ink = paint.key_colours(self._dark)
        paint.rounded(painter, QRectF(self.rect()), RADII.chip - 1, ground, edge)
        painter.setPen(ink)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())
