"""WCAG 2 contrast: relative luminance, ratio, and the nearest shade that passes."""

from PySide6.QtGui import QColor

TEXT_MINIMUM = 4.5
EDGE_MINIMUM = 3.0


def luminance(colour: QColor) -> float:
    """Relative luminance 0-1 of an opaque sRGB colour (WCAG 2.2, definition of relative luminance)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(first: QColor | str, second: QColor | str) -> float:
    """Contrast ratio 1-21 of two opaque colours (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((luminance(QColor(first)), luminance(QColor(second))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(over: QColor | str, under: QColor | str, amount: float) -> QColor:
    """`over` laid on `under` with opacity `amount` (0-1), as an opaque colour."""
    top, bottom = QColor(over), QColor(under)
    return QColor.fromRgbF(
        top.redF() * amount + bottom.redF() * (1 - amount),
        top.greenF() * amount + bottom.greenF() * (1 - amount),
        top.blueF() * amount + bottom.blueF() * (1 - amount),
    )


def readable_on(background: QColor | str, dark: QColor | str, light: QColor | str) -> QColor:
    """Whichever of two inks has the higher contrast on a background."""
    return QColor(dark) if ratio(dark, background) >= ratio(light, background) else QColor(light)


def nearest_passing(colour: QColor | str, background: QColor | str, minimum: float = TEXT_MINIMUM) -> QColor:
    """The colour itself when it reaches `minimum` on the background, else the nearest shade of it that does.

    The hue is kept; the colour is mixed step by step towards black or white, whichever is further from the background.
    """
    chosen, end = QColor(colour), readable_on(background, "black", "white")
    for step in range(101):
        candidate = QColor(mixed(end, chosen, step / 100).name())
        if ratio(candidate, background) >= minimum:
            return candidate
    return end
