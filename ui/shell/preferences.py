"""What a person decides about the look, applied live: language, theme, text size, density, motion.

The declarations stand in `app.access.settings`, so that the command line, the documentation and a server know them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.access.settings import (
    DENSITY,
    LANGUAGE,
    REDUCE_MOTION,
    TEXT_SIZE,
    THEME,
    DensityChoice,
    Language,
    TextSize,
    ThemeChoice,
)
from app.core.i18n import set_language
from app.core.settings import Setting

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


__all__ = [
    "DENSITY",
    "LANGUAGE",
    "LOOKS",
    "REDUCE_MOTION",
    "TEXT_SIZE",
    "THEME",
    "DensityChoice",
    "Language",
    "TextSize",
    "ThemeChoice",
    "apply_language",
    "apply_looks",
    "next_size",
]

LOOKS: Final[tuple[Setting[Any], ...]] = (THEME, TEXT_SIZE, DENSITY, REDUCE_MOTION)


def apply_looks(app: QApplication, values: dict[str, Any]) -> None:
    """Style the application from {setting name: value}."""
    from ui.theme.style import theme

    theme.apply(
        app,
        str(values[THEME.name]),
        int(values[TEXT_SIZE.name]) / 100,
        str(values[DENSITY.name]),
        bool(values[REDUCE_MOTION.name]) or None,
        only_changes=True,
    )


def apply_language(values: dict[str, Any]) -> None:
    """Switch every text."""
    set_language(str(values[LANGUAGE.name]))


def next_size(now: str, step: int) -> TextSize:
    """The text size one step larger (1) or smaller (-1); 0 gives 100 %."""
    sizes = list(TextSize)
    if step == 0:
        return TextSize.P100
    place = sizes.index(TextSize(now)) + step
    return sizes[min(max(place, 0), len(sizes) - 1)]
