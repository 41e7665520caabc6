"""How wide what stands beside a list or a form is."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.theme.style import theme
from ui.widgets.layout import VScroll

MOST = 1.25
"""Text scale above which a side grows no more: the list beside it needs the room too."""
PANEL = 310
STACKED_BELOW = 960
"""Effective width under which what stands beside the list stands under it, and the whole page scrolls."""
MARGINS = 2 * 14 + 12
_ANY = 16_777_215


def side_width(side: QWidget, pixels: int) -> None:
    """Give a side its width at 100 % text; 0 lets it take what there is, for instance under the form."""
    if not pixels:
        side.setMinimumWidth(0)
        side.setMaximumWidth(_ANY)
        return
    side.setFixedWidth(round(pixels * min(theme.text_scale, MOST)))


class Places:
    """The figures above, the card of the list with its count, and the panels beside it or under it."""

    def __init__(self, body: QWidget, figures: QWidget, card: QWidget, count: QWidget, beside: QLayout) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(card, 1)
        left.addWidget(count)
        inner = QWidget()
        side = QVBoxLayout(inner)
        side.setContentsMargins(0, 0, 2, 0)
        side.addLayout(beside)
        side.addStretch(1)
        self._panel, self._card = VScroll(inner), card
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(12)
        self._row.addLayout(left, 1)
        self._row.addWidget(self._panel)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(10)
        figures.setMinimumWidth(1)  # its tiles elide: the page is never wider than the list needs
        column.addWidget(figures)
        column.addLayout(self._row, 1)
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 0, 0)
        self._whole = VScroll(page)
        whole.addWidget(self._whole)

    def fold(self, width: int, effective: float) -> int:
        """Arrange for the width in px and at 100 % text; the px that are taken beside the list."""
        least = self._card.minimumSizeHint().width() + round(PANEL * min(theme.text_scale, MOST)) + MARGINS
        under = effective < STACKED_BELOW or width < least  # a panel beside the screens takes from this width
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight)
        side_width(self._panel, 0 if under else PANEL)
        self._panel.show_all(under)
        self._whole.show_all(False)  # what folded needs less width than before
        return 0 if under else self._panel.maximumWidth()
