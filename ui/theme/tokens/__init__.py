"""Every colour, size and duration of the interface, as frozen data. Nowhere else in `ui` is a colour value written."""

from ui.theme.tokens.dark import DARK
from ui.theme.tokens.fixed import FIXED, Fixed
from ui.theme.tokens.high_contrast import HIGH_CONTRAST
from ui.theme.tokens.light import LIGHT
from ui.theme.tokens.model import Colours, SeverityColours, StatusColours, ThemeTokens
from ui.theme.tokens.reading import READING
from ui.theme.tokens.states import SEVERITIES, STATUSES, Severity, Status

THEMES = {theme.name: theme for theme in (LIGHT, DARK, HIGH_CONTRAST, READING)}

__all__ = [
    "DARK",
    "FIXED",
    "HIGH_CONTRAST",
    "LIGHT",
    "READING",
    "SEVERITIES",
    "STATUSES",
    "THEMES",
    "Colours",
    "Fixed",
    "Severity",
    "SeverityColours",
    "Status",
    "StatusColours",
    "ThemeTokens",
]
