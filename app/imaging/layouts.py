"""The layouts of mounts, as data: where each image stands, which teeth (FDI, ISO 3950) or which views belong there.

Mounts are viewed from the labial side: the patient's right is on the left of the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.core.i18n import N_
from app.imaging.views import PhotoView as View

Teeth = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """One place. `row`, `column` and the spans are of the layout's grid, from 0 at the upper left.

    `teeth` are those that a film shows, from the left of the screen; `views` the photographs that belong there, the
    best one first; `upright` a film or photograph that is higher than wide.
    """

    key: str
    row: int
    column: int
    teeth: Teeth = ()
    views: tuple[View, ...] = ()
    column_span: int = 1
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout: its key, its name (a msgid), and the size of its grid."""

    key: str
    name: str
    rows: int
    columns: int
    positions: tuple[Position, ...]

    def position(self, key: str) -> Position | None:
        """The place of this key."""
        return next((one for one in self.positions if one.key == key), None)


_SEVEN: Final[tuple[Teeth, ...]] = (
    (8, 7, 6), (5, 4), (3,), (2, 1), (3,), (4, 5), (6, 7, 8),
)  # fmt: skip
_EIGHT: Final[tuple[Teeth, ...]] = ((8, 7, 6), (5, 4), (3,), (2, 1), (1, 2), (3,), (4, 5), (6, 7, 8))
_BITEWINGS: Final[tuple[tuple[str, Teeth, Teeth], ...]] = (
    ("BW1", (18, 17, 16), (48, 47, 46)),
    ("BW2", (15, 14), (45, 44)),
    ("BW3", (24, 25), (34, 35)),
    ("BW4", (26, 27, 28), (36, 37, 38)),
)


def _periapicals(groups: Sequence[Teeth], upper: bool, row: int) -> tuple[Position, ...]:
    """One arch from the patient's right to the left; in seven films the middle one shows all four incisors."""
    right, left = (10, 20) if upper else (40, 30)
    found = []
    for place, group in enumerate(groups):
        middle = len(groups) == 7 and place == 3
        teeth: Teeth = tuple((right if 2 * place < len(groups) else left) + tooth for tooth in group)
        if middle:
            teeth = (right + 2, right + 1, left + 1, left + 2)
        key = f"{'U' if upper else 'L'}{place + 1}"
        found.append(Position(key, row, place, teeth, upright=2 <= place <= len(groups) - 3))
    return tuple(found)


def _bitewings(row: int, columns: Sequence[int], which: slice = slice(None)) -> tuple[Position, ...]:
    chosen = _BITEWINGS[which]
    return tuple(
        Position(key, row, column, upper + lower) for (key, upper, lower), column in zip(chosen, columns, strict=True)
    )


def _photo(key: str, row: int, column: int, *views: View, upright: bool = False, column_span: int = 1) -> Position:
    return Position(key, row, column, (), views, column_span, upright)


_RIGHT = (View.IV01, View.IV03, View.IV02)
_LEFT = (View.IV18, View.IV20, View.IV19)
_UPPER, _LOWER = (View.IV25, View.IV24), (View.IV27, View.IV26)
_MIDDLE = (View.IV07, View.IV08)
_REST, _SMILE = (View.EV15, View.EV17), (View.EV19,)
_PROFILE = (View.EV01, View.EV03, View.EV22, View.EV24)
_OBLIQUE = (View.EV12, View.EV08, View.EV33, View.EV29)
_FACES: Final = (
    _photo("profile", 0, 0, *_PROFILE, upright=True),
    _photo("rest", 0, 1, *_REST, upright=True),
    _photo("smile", 0, 2, *_SMILE, upright=True),
)
_MOUTHS: Final = (
    _photo("upper", 1, 0, *_UPPER),
    _photo("lower", 1, 2, *_LOWER),
    _photo("right", 2, 0, *_RIGHT),
    _photo("front", 2, 1, *_MIDDLE),
    _photo("left", 2, 2, *_LEFT),
)
_TEN: Final = (
    *_FACES,
    _photo("oblique", 0, 3, *_OBLIQUE, upright=True),
    _photo("upper", 1, 0, *_UPPER, column_span=2),
    _photo("lower", 1, 2, *_LOWER, column_span=2),
    _photo("right", 2, 0, *_RIGHT),
    _photo("front", 2, 1, *_MIDDLE),
    _photo("left", 2, 2, *_LEFT),
    _photo("overjet", 2, 3, View.IV14, View.IV16, View.IV11),
)
_FIVE: Final = (
    _photo("upper", 0, 1, *_UPPER),
    _photo("right", 1, 0, *_RIGHT),
    _photo("front", 1, 1, *_MIDDLE),
    _photo("left", 1, 2, *_LEFT),
    _photo("lower", 2, 1, *_LOWER),
)
LAYOUTS: Final[dict[str, Layout]] = {
    layout.key: layout
    for layout in (
        Layout(
            "full_mouth_18", N_("Full-mouth series, 18 films"), 3, 7,
            (*_periapicals(_SEVEN, True, 0), *_bitewings(1, (0, 1, 5, 6)), *_periapicals(_SEVEN, False, 2)),
        ),
        Layout(
            "full_mouth_20", N_("Full-mouth series, 20 films"), 3, 8,
            (*_periapicals(_EIGHT, True, 0), *_bitewings(1, (0, 1, 6, 7)), *_periapicals(_EIGHT, False, 2)),
        ),
        Layout(
            "full_mouth_14", N_("Full-mouth series, 14 films"), 2, 7,
            (*_periapicals(_SEVEN, True, 0), *_periapicals(_SEVEN, False, 1)),
        ),
        Layout("bitewings_4", N_("Bitewings, 4 films"), 1, 4, _bitewings(0, (0, 1, 2, 3))),
        Layout("bitewings_2", N_("Bitewings, 2 films"), 1, 2, _bitewings(0, (0, 1), slice(0, 4, 3))),
        Layout("photographs_5", N_("Intraoral photographs, 5"), 3, 3, _FIVE),
        Layout("photographs_8", N_("Photograph series, 8"), 3, 3, (*_FACES, *_MOUTHS)),
        Layout(
            "photographs_9", N_("Photograph series, 9"), 3, 3,
            (*_FACES, _photo("oblique", 1, 1, *_OBLIQUE, upright=True), *_MOUTHS),
        ),
        Layout("photographs_10", N_("Photograph series, 10"), 3, 4, _TEN),
    )
}  # fmt: skip
