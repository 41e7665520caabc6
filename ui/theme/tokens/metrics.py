"""Type, space, shape, strip opacity and motion: the tokens that are the same in every theme."""

from dataclasses import dataclass
from enum import IntEnum

TEXT_SCALES = (0.9, 1.0, 1.25, 1.5, 2.0)
FAMILY = "Inter"
DISPLAY_FAMILY = "Inter Display"


class Weight(IntEnum):
    """The four weights shipped; nothing else is used."""

    REGULAR = 400
    MEDIUM = 500
    SEMIBOLD = 600
    BOLD = 700


@dataclass(frozen=True, slots=True)
class TypeRole:
    """One step of the type scale: pixels at 100 % text size, default weight, line height in pixels."""

    px: int
    weight: Weight
    line: int
    display: bool = False


TYPE = {
    "caption": TypeRole(11, Weight.SEMIBOLD, 15),
    "small": TypeRole(12, Weight.REGULAR, 17),
    "body": TypeRole(13, Weight.REGULAR, 19),
    "name": TypeRole(13, Weight.SEMIBOLD, 19),
    "touch_minimum": TypeRole(14, Weight.REGULAR, 20),
    "touch_label": TypeRole(15, Weight.REGULAR, 21),
    "touch": TypeRole(16, Weight.SEMIBOLD, 22),
    "title": TypeRole(17, Weight.SEMIBOLD, 22, display=True),
    "heading": TypeRole(20, Weight.SEMIBOLD, 26, display=True),
    "figure": TypeRole(22, Weight.SEMIBOLD, 28, display=True),
    "figure_large": TypeRole(28, Weight.SEMIBOLD, 34, display=True),
    "wall": TypeRole(36, Weight.SEMIBOLD, 46, display=True),
    "wall_value": TypeRole(48, Weight.SEMIBOLD, 60, display=True),
    "wall_clock": TypeRole(72, Weight.SEMIBOLD, 88, display=True),
    "wall_chair": TypeRole(100, Weight.SEMIBOLD, 120, display=True),
}

SPACE = (2, 4, 6, 8, 10, 12, 14, 16, 20, 24)
CARD_PADDING = 14
CARD_GAP = 10
COLUMN_GAP = 12
LABEL_GAP = 4
PAGE_MARGINS = (14, 12)


@dataclass(frozen=True, slots=True)
class Density:
    """Heights in pixels at 100 % text: controls, table rows, list rows; `pad` is the side padding of a control."""

    control: int
    row: int
    list_row: int
    pad: int


DENSITIES = {
    "compact": Density(control=28, row=32, list_row=34, pad=10),
    "normal": Density(control=34, row=38, list_row=40, pad=14),
    "touch": Density(control=48, row=56, list_row=56, pad=18),
}
KEY_ACTION_HEIGHTS = (56, 88)
TOUCH_GAP = 8


@dataclass(frozen=True, slots=True)
class Radii:
    """Corner radii in pixels; a pill's is half its height."""

    chip: int = 5
    control: int = 7
    block: int = 7
    card: int = 10
    touch_control: int = 12
    dialog: int = 14


RADII = Radii()


@dataclass(frozen=True, slots=True)
class Elevation:
    """Drop shadow: blur and vertical offset in pixels, alpha 0-255 on light and on dark themes."""

    blur: int
    y: int
    alpha: int
    alpha_dark: int


POPOVER = Elevation(blur=36, y=10, alpha=70, alpha_dark=150)
DIALOG = Elevation(blur=48, y=16, alpha=110, alpha_dark=150)

# Milliseconds, ease-out cubic; 0 when the person or the system asks for less motion.
MOTION = {"hover": 90, "panel": 140, "move": 180, "palette": 220, "alert": 400}

# Opacity of a strip minute over the surface (light, dark); high contrast paints the role as it is.
STRIP_OPACITY = {"doctor": (1.0, 1.0), "assistant": (0.55, 0.65), "tc": (0.5, 0.5), "xray": (0.45, 0.45)}
DONE_INK_MIX = 0.28
