"""The theme in force: one palette, one sheet, one font, switched live for the whole application."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from ui.theme.fonts import load_fonts, role_font
from ui.theme.icons import IconWeight, icon_pixmap, themed_icon
from ui.theme.qss import sheet
from ui.theme.tokens import LIGHT, THEMES, SeverityColours, StatusColours, ThemeTokens
from ui.theme.tokens.metrics import DENSITIES, MOTION, TYPE, Density

SYSTEM = "system"
TEXT_SCALE_RANGE = (0.9, 2.0)


INSISTED = "insisted_theme"
"""The dynamic property of a widget that wears a theme of its own, with all that stands in it."""


OWN_COLOURS: dict[str, str] = {}
"""Statuses that take the colours of another one in this clinic."""


class Inks:
    """The colours of a theme, and its icons in them."""

    tokens: ThemeTokens

    def colour(self, role: str) -> QColor:
        """The colour of a role of `Colours`."""
        return QColor(getattr(self.tokens.colours, role))

    def status(self, key: str) -> StatusColours:
        """Colours of a status (key of STATUSES), or of the one whose colours the clinic gave it."""
        return self.tokens.statuses[OWN_COLOURS.get(key, key)]

    def severity(self, key: str) -> SeverityColours:
        """Colours of a severity (key of SEVERITIES)."""
        return self.tokens.severities[key]

    def icon(
        self, name: str, role: str = "text", size: int = 17, weight: IconWeight | None = None, *, gap: int = 0
    ) -> QIcon:
        """An icon in a colour role; `size` in px at 100 % text, `gap` the air at its right in px."""
        inks = (self.colour(role), self.colour("muted"))
        return themed_icon(name, inks, theme.px(size), weight, gap=gap)


class _Fixed(Inks):
    def __init__(self, tokens: ThemeTokens) -> None:
        self.tokens = tokens


class Theme(QObject, Inks):
    """What widgets ask for colours, fonts, heights and durations. `changed` is emitted after everything is applied.

    A part of a window may insist on a theme of its own (`insist`): what is drawn there asks `of(itself)` for its inks.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens: ThemeTokens = LIGHT
        self._insisted: dict[str, Inks] = {}
        self.choice = SYSTEM
        self.text_scale = 1.0
        self.density_name = "normal"
        self._reduce_motion: bool | None = None
        self._app: QApplication | None = None
        self._worn: tuple[ThemeTokens, float, str] | None = None

    def apply(
        self,
        app: QApplication,
        name: str | None = None,
        text_scale: float | None = None,
        density: str | None = None,
        reduce_motion: bool | None = None,
        *,
        only_changes: bool = False,
    ) -> None:
        """Style the application; arguments left out keep their present value.

        With `only_changes` nothing is drawn anew when everything is as asked for already: to restyle costs 50 ms.

        `name` is a key of THEMES, or "system" to follow the system's colour scheme and contrast. `text_scale` is
        0.9-2.0 (1.0 = 100 %), `density` a key of DENSITIES. Raises KeyError or ValueError for values outside these.
        """
        scale = self.text_scale if text_scale is None else text_scale
        if not TEXT_SCALE_RANGE[0] <= scale <= TEXT_SCALE_RANGE[1]:
            raise ValueError(scale)
        choice = name or self.choice
        if choice != SYSTEM and choice not in THEMES:
            raise KeyError(choice)
        self.density_name = density if density in DENSITIES else self._known_density(density)
        self.text_scale, self.choice = scale, choice
        if reduce_motion is not None:
            self._reduce_motion = reduce_motion
        self._prepare(app)
        self._match_frames(app)
        if not only_changes or self._worn != self._asked(app):
            self._style(app)

    def _asked(self, app: QApplication) -> tuple[ThemeTokens, float, str]:
        """What everything is to wear: “system” and “light” are one thing where the system is light."""
        tokens = self.system_theme(app) if self.choice == SYSTEM else THEMES[self.choice]
        return tokens, self.text_scale, self.density_name

    def _known_density(self, density: str | None) -> str:
        if density is not None:
            raise KeyError(density)
        return self.density_name

    def _prepare(self, app: QApplication) -> None:
        if self._app is app:
            return
        load_fonts()
        app.setStyle("Fusion")
        self._app = app
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self.follow_system)
        hints.accessibility().contrastPreferenceChanged.connect(self.follow_system)

    def follow_system(self) -> None:
        """Take the system's scheme and contrast when they changed, unless the person chose a theme."""
        if self.choice == SYSTEM and self._app is not None and self.system_theme(self._app) is not self.tokens:
            self._style(self._app)

    @staticmethod
    def system_theme(app: QApplication) -> ThemeTokens:
        """The theme that the system's contrast and colour scheme ask for."""
        hints = app.styleHints()
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return THEMES["high_contrast"]
        return THEMES["dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"]

    def _match_frames(self, app: QApplication) -> None:
        """Have the window frames, which the system draws, light or dark as what is in them."""
        hints = app.styleHints()
        if self.choice == SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if THEMES[self.choice].dark else Qt.ColorScheme.Light)

    def _style(self, app: QApplication) -> None:
        self._worn = self._asked(app)
        self.tokens = self._worn[0]
        app.setFont(self.font("body"))
        QToolTip.setFont(self.font("small"))
        app.setPalette(palette(self.tokens))
        app.setStyleSheet(sheet(self.tokens, self.text_scale, self.density))
        self.changed.emit()

    def insist(self, root: QWidget, name: str) -> None:
        """Have a widget and what stands in it wear the theme of this name, whatever everything else wears.

        Its own sheet is set here and when sizes change: to come and to go restyles nothing. Widgets that prepare
        pictures in a colour look again when they are shown. (A palette would not reach what stands under a sheet.)
        """
        self._insisted.setdefault(name, _Fixed(THEMES[name]))
        root.setProperty(INSISTED, name)
        root.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        root.setProperty("surface", "canvas")
        _Dress(root, THEMES[name])

    def of(self, widget: QWidget) -> Inks:
        """The inks that a widget draws with: the nearest ancestor’s that insists on some, else the common ones."""
        walker: QWidget | None = widget if self._insisted else None
        while walker is not None:
            name = walker.property(INSISTED)
            if name is not None:
                return self._insisted[name]
            walker = walker.parentWidget()
        return self

    @property
    def density(self) -> Density:
        """Heights in px at 100 % text; see `control_height` for the height in force."""
        return DENSITIES[self.density_name]

    @property
    def touch(self) -> bool:
        """Whether targets are for fingers."""
        return self.density_name == "touch"

    def px(self, pixels: float) -> int:
        """A length that grows with the text, such as the side of an icon beside a word."""
        return round(pixels * self.text_scale)

    def height(self, base: int, role: str = "body") -> int:
        """`base` px at 100 % text, grown by what its one line of text grows: more text, not a zoom of the air."""
        return max(round(base * min(self.text_scale, 1.0)), base + round(TYPE[role].line * (self.text_scale - 1)))

    @property
    def control_height(self) -> int:
        """Height in px of buttons and fields."""
        return self.height(self.density.control)

    @property
    def row_height(self) -> int:
        """Height in px of a table row."""
        return self.height(self.density.row)

    def font(self, role: str = "body", weight: int | None = None) -> QFont:
        """The font of a type role at the present text size."""
        return role_font(role, self.text_scale, weight)

    def pixmap(
        self, name: str, colour: QColor | str, size: int, weight: IconWeight | None = None, *, ratio: float = 1.0
    ) -> QPixmap:
        """A shape in any colour; `size` in px at 100 % text, `ratio` the widget's devicePixelRatioF()."""
        return icon_pixmap(name, colour, self.px(size), weight, ratio=ratio)

    def duration(self, kind: str) -> int:
        """Milliseconds of a movement (key of MOTION), 0 when the person or the system asks for less motion."""
        return 0 if self.reduced_motion else MOTION[kind]

    @property
    def reduced_motion(self) -> bool:
        """The person's choice, else the system's. Qt tells the system's only on Windows (its animation effects)."""
        if self._reduce_motion is not None:
            return self._reduce_motion
        return sys.platform == "win32" and not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)


class _Dress(QObject):
    """The sheet of a widget that insists on a theme; it ends with the widget."""

    def __init__(self, root: QWidget, tokens: ThemeTokens) -> None:
        super().__init__(root)
        self._root, self._tokens = root, tokens
        self._sizes: tuple[float, str] | None = None
        on_theme_change(self._dress)

    def _dress(self) -> None:
        sizes = (theme.text_scale, theme.density_name)
        if sizes != self._sizes:
            self._sizes = sizes
            self._root.setStyleSheet(sheet(self._tokens, theme.text_scale, theme.density))


def palette(tokens: ThemeTokens) -> QPalette:
    """The QPalette of a theme, for what Fusion and item views draw without the sheet."""
    colours, roles = tokens.colours, QPalette.ColorRole
    table = {
        roles.Window: colours.canvas,
        roles.WindowText: colours.text,
        roles.Base: colours.surface,
        roles.AlternateBase: colours.surface,
        roles.Text: colours.text,
        roles.BrightText: colours.text,
        roles.PlaceholderText: colours.faint,
        roles.Button: colours.surface,
        roles.ButtonText: colours.text,
        roles.Highlight: colours.accent,
        roles.HighlightedText: colours.on_accent,
        roles.Accent: colours.accent,
        roles.Link: colours.accent,
        roles.LinkVisited: colours.accent,
        roles.ToolTipBase: colours.raised,
        roles.ToolTipText: colours.text,
        roles.Light: colours.surface,
        roles.Midlight: colours.border,
        roles.Mid: colours.control,
        roles.Dark: colours.control,
        roles.Shadow: colours.control,
    }
    result = QPalette()
    for role, value in table.items():
        result.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    for role in (roles.Base, roles.Button):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.sunken))
    return result


def set_state(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property that the sheet selects on, and have the widget drawn by the new rule.

    Unpolishing brings back the font of the first polish, of the text size before: its own font is put back.
    """
    if widget.property(name) == value:
        return
    font = widget.font() if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont) else None
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    if font is not None:
        widget.setFont(font)
    widget.update()


def on_theme_change(slot: Callable[[], None]) -> None:
    """Call a bound method of a QObject now and after each change of theme, text size or density."""
    slot()
    theme.changed.connect(slot)


theme = Theme()
