"""How wide what stands beside a list or a form is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.theme.style import theme

MOST = 1.25
"""Text scale above which a side grows no more: the list beside it needs the room too."""
_ANY = 16_777_215


def side_width(side: QWidget, pixels: int) -> None:
    """Give a side its width at 100 % text; 0 lets it take what there is, for instance under the form."""
    if not pixels:
        side.setMinimumWidth(0)
        side.setMaximumWidth(_ANY)
        return
    side.setFixedWidth(round(pixels * min(theme.text_scale, MOST)))
