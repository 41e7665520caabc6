"""What the colours of the strip mean, under the schedule."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.i18n import N_, _
from ui.scheduling.block_paint import strip_colour
from ui.theme import paint
from ui.theme.contrast import mixed
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import TYPE

_PARTS = (
    ("doctor", N_("Doctor (initials)")), ("assistant", N_("Assistant")), ("coordinator", N_("Coordinator")),
    ("xray", N_("Imaging")),
)  # fmt: skip


class Legend(QWidget):
    """A line of swatches and words; decoration for those who see, the blocks say the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(200, theme.px(TYPE["small"].line) + 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Swatches; what has no room is left out."""
        painter = QPainter(self)
        paint.ready(painter)
        painter.fillRect(QRectF(0, 0, self.width(), 1), theme.colour("border"))
        painter.setFont(theme.font("small"))
        metrics, left, middle = painter.fontMetrics(), 14.0, self.height() / 2
        swatch, high = theme.px(14), theme.px(9)
        plan = _(N_("Original plan"))
        end = self.width() - metrics.horizontalAdvance(plan) - swatch - 26
        for kind, words in _PARTS:
            text = _(words)
            width = swatch + 6 + metrics.horizontalAdvance(text) + 18
            if left + width > end:
                return
            paint.rounded(
                painter, QRectF(left, middle - high / 2, swatch, high), 2, strip_colour(kind), theme.colour("control")
            )
            self._say(painter, left + swatch + 6, text)
            left += width
        late = mixed(theme.status("late").solid, theme.colour("surface"), 0.65)
        paint.rounded(painter, QRectF(end + 6, middle - 1.5, swatch, 3), 1.5, late)
        self._say(painter, end + swatch + 12, plan)

    def _say(self, painter: QPainter, left: float, words: str) -> None:
        painter.setPen(theme.colour("muted"))
        painter.drawText(QRectF(left, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, words)
