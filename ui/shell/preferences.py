"""What a person decides about the look: language, theme, text size, density, motion. Declared here, applied live.

Declarations need no Qt, so that the command line and the documentation know them.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Final

from app.core.i18n import N_, set_language
from app.core.settings import APPEARANCE, Scope, Setting

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


class Language(enum.StrEnum):
    """Languages of the screen."""

    FRENCH = "fr"
    ENGLISH = "en"


class ThemeChoice(enum.StrEnum):
    """Looks; `system` follows the computer."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


class TextSize(enum.StrEnum):
    """Text sizes in percent."""

    P90 = "90"
    P100 = "100"
    P125 = "125"
    P150 = "150"
    P200 = "200"


class DensityChoice(enum.StrEnum):
    """Heights of rows and controls."""

    COMPACT = "compact"
    NORMAL = "normal"
    TOUCH = "touch"


THEME: Final = Setting(
    "theme", Scope.USER, ThemeChoice, ThemeChoice.SYSTEM, N_("Theme"),
    N_("Follows the computer when nothing is chosen. Imaging always stays dark."), APPEARANCE,
    labels=(
        ("system", N_("System")), ("light", N_("Light")), ("dark", N_("Dark")),
        ("high_contrast", N_("High contrast")),
    ),
)  # fmt: skip
TEXT_SIZE: Final = Setting(
    "text_size", Scope.USER, TextSize, TextSize.P100, N_("Text size"),
    N_("From 90 to 200%. Applies at once."), APPEARANCE,
    labels=(("90", "90"), ("100", "100"), ("125", "125"), ("150", "150"), ("200", N_("200%"))),
)  # fmt: skip
DENSITY: Final = Setting(
    "density", Scope.WORKSTATION, DensityChoice, DensityChoice.NORMAL, N_("Density"),
    N_("Compact at the front desk, touch at the chair."), APPEARANCE,
    labels=(("compact", N_("Compact")), ("normal", N_("Normal")), ("touch", N_("Touch"))),
)  # fmt: skip
LANGUAGE: Final = Setting(
    "language", Scope.USER, Language, Language.FRENCH, N_("Screen language"),
    N_("Letters and messages follow the language of each family."), APPEARANCE,
    labels=(("fr", "Français (Canada)"), ("en", "English (Canada)")),
)  # fmt: skip
REDUCE_MOTION: Final = Setting(
    "reduce_motion", Scope.USER, bool, False, N_("Reduce animations"), N_("Changes become immediate."), APPEARANCE
)
WINDOW_PLACE: Final = "window"
"""Name of the file that keeps each person's window place at this workstation."""

LOOKS: Final[tuple[Setting[Any], ...]] = (THEME, TEXT_SIZE, DENSITY, REDUCE_MOTION)


def apply_looks(app: QApplication, values: dict[str, Any], *, override: str | None = None) -> None:
    """Style the application from {setting name: value}; `override` is the theme that a screen insists on."""
    from ui.theme.style import theme

    theme.apply(
        app,
        override or str(values[THEME.name]),
        int(values[TEXT_SIZE.name]) / 100,
        str(values[DENSITY.name]),
        bool(values[REDUCE_MOTION.name]) or None,
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
