"""Shape of a theme: colour roles, status and severity colours. Values are sRGB `#RRGGBB`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """Colour roles. Widgets ask for a role, never for a colour.

    `faint` may not stand on `sunken` or `accent_soft` (below 4.5:1 there); `border` is decoration only,
    the edge of anything one can click or type in is `control`.
    """

    canvas: str
    surface: str
    sunken: str
    raised: str
    border: str
    control: str
    grid: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    focus: str
    now: str
    rail: str
    rail_text: str
    rail_on: str
    rail_active: str
    doctor: str
    assistant: str
    tc: str
    xray: str
    danger: str
    on_danger: str
    danger_hover: str
    call: str
    on_call: str


@dataclass(frozen=True, slots=True)
class StatusColours:
    """`fg` for text and icon, `soft` for the tint under them, `solid` for rails and bars."""

    fg: str
    soft: str
    solid: str


@dataclass(frozen=True, slots=True)
class SeverityColours:
    """`fg` for text, icon and edge, `soft` for the tint under them."""

    fg: str
    soft: str


@dataclass(frozen=True, slots=True)
class ThemeTokens:
    """One theme. A high-contrast theme has neither shadow nor tint: edges carry everything."""

    name: str
    dark: bool
    high_contrast: bool
    colours: Colours
    statuses: Mapping[str, StatusColours]
    severities: Mapping[str, SeverityColours]

    @property
    def line(self) -> int:
        """Width of the edge of cards and controls, px."""
        return 2 if self.high_contrast else 1

    @property
    def avatars(self) -> tuple[StatusColours, ...]:
        """Soft pairs that tell people apart; the initials carry the meaning, never the hue."""
        accent = StatusColours(self.colours.accent, self.colours.accent_soft, self.colours.accent)
        return (accent, *(self.statuses[key] for key in ("seated", "late", "here", "checkout", "needed", "waiting")))
