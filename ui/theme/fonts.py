"""Inter and Inter Display: loaded from our own files, checked, and handed out by role with tabular figures."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from ui.theme.resources import FONTS
from ui.theme.tokens.metrics import DISPLAY_FAMILY, FAMILY, TYPE

_STYLES = ("Regular", "Medium", "SemiBold", "Bold")
_FILES = tuple(f"{stem}-{style}.ttf" for stem in ("Inter", "InterDisplay") for style in _STYLES)
# From this size on, Inter Display is drawn instead of Inter.
_DISPLAY_FROM_PX = 20
_loaded: list[int] = []


class FontMissingError(RuntimeError):
    """A typeface of the application could not be loaded; Qt would fall back to another one in silence."""


def load_fonts() -> None:
    """Register the typefaces with Qt, once per process; needs a QGuiApplication.

    Raises FontMissingError when a file is absent or unreadable, or when Qt resolves the family to another one.
    """
    if _loaded:
        return
    handles = [QFontDatabase.addApplicationFont(str(FONTS / name)) for name in _FILES]
    broken = [name for name, handle in zip(_FILES, handles, strict=True) if handle < 0]
    if broken:
        raise FontMissingError(", ".join(broken))
    for family in (FAMILY, DISPLAY_FAMILY):
        if QFontInfo(QFont(family)).family() != family:
            raise FontMissingError(family)
    _loaded.extend(handles)


def sized_font(px: int, weight: int, display: bool = False) -> QFont:
    """A font of `px` device-independent pixels. Hinting is off so that widths do not change with the scale factor."""
    return QFont(_made(px, weight, display))


@cache
def _made(px: int, weight: int, display: bool) -> QFont:
    """Made once: a list that is painted asks for three fonts a line."""
    font = QFont(DISPLAY_FAMILY if display or px >= _DISPLAY_FROM_PX else FAMILY)
    font.setPixelSize(px)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def role_font(role: str, text_scale: float = 1.0, weight: int | None = None) -> QFont:
    """The font of a type role (`TYPE`) at a text scale (1.0 = 100 %), with another weight if given."""
    step = TYPE[role]
    return sized_font(round(step.px * text_scale), weight or step.weight, step.display or step.px >= _DISPLAY_FROM_PX)
