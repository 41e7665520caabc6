"""Marks on an image as immutable data: what was drawn where, in whole thousandths of a pixel.

Image coordinates put (0, 0) at the outer corner of the first pixel, x to the right and y down, as `viewer.model.view`,
GSPS (PS3.3 §C.10.5.1.2, PIXEL) and SCOORD (PS3.3 §C.18.6.1.2) do. A mark holds no result: figures are computed from the
points and the pixel size whenever they are shown, so that a later calibration corrects every length.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from viewer.errors import N_, ViewerError

Point = tuple[float, float]
MilliPoint = tuple[int, int]

DEFAULT_LAYER = "marks"
GREATEST_MPX = 65_535_000 * 4
"""Marks may lie somewhat outside of an image of the largest size that DICOM knows, no further."""


class MarkError(ViewerError):
    """A mark that cannot exist, or stored marks that cannot be read."""

    message_id = N_("These marks cannot be read.")


class Kind(StrEnum):
    """What a mark is."""

    LENGTH = "length"
    POLYLINE = "polyline"
    ANGLE = "angle"
    COBB = "cobb"
    RATIO = "ratio"
    AREA = "area"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    PROFILE = "profile"
    ARROW = "arrow"
    TEXT = "text"
    FREEHAND = "freehand"
    TOOTH = "tooth"
    RULER = "ruler"


LEAST_MOST: Mapping[Kind, tuple[int, int | None]] = {
    Kind.LENGTH: (2, 2),
    Kind.POLYLINE: (2, None),
    Kind.ANGLE: (3, 3),
    Kind.COBB: (4, 4),
    Kind.RATIO: (4, 4),
    Kind.AREA: (3, None),
    Kind.RECTANGLE: (2, 2),
    Kind.ELLIPSE: (2, 2),
    Kind.PROFILE: (2, 2),
    Kind.ARROW: (2, 2),
    Kind.TEXT: (1, 1),
    Kind.FREEHAND: (2, None),
    Kind.TOOTH: (1, 1),
    Kind.RULER: (2, 2),
}
"""Number of points of each kind. An angle has its vertex in the middle; Cobb and ratio are two lines; a rectangle and
an ellipse are two opposite corners; an arrow ends at its second point."""

REGIONS = frozenset({Kind.AREA, Kind.RECTANGLE, Kind.ELLIPSE})
"""Kinds that enclose pixels."""

FDI_TEETH = frozenset(
    [10 * quadrant + place for quadrant in (1, 2, 3, 4) for place in range(1, 9)]
    + [10 * quadrant + place for quadrant in (5, 6, 7, 8) for place in range(1, 6)]
)
"""Tooth numbers of ISO 3950: 11 to 48 permanent, 51 to 85 deciduous."""


@dataclass(frozen=True)
class Mark:
    """One mark. `text` is what a person wrote, `tooth` an FDI number, `known_um` the true length under a ruler."""

    mark_id: str
    kind: Kind
    points_mpx: tuple[MilliPoint, ...]
    frame: int = 0
    layer: str = DEFAULT_LAYER
    text: str = ""
    tooth: int | None = None
    known_um: int | None = None

    def __post_init__(self) -> None:
        least, most = LEAST_MOST[self.kind]
        if len(self.points_mpx) < least or (most is not None and len(self.points_mpx) > most) or self.frame < 0:
            raise MarkError
        if any(abs(part) > GREATEST_MPX for point in self.points_mpx for part in point):
            raise MarkError
        labelled, known = self.tooth is not None, self.known_um is not None
        if (self.kind is Kind.TOOTH) != labelled or (labelled and self.tooth not in FDI_TEETH):
            raise MarkError(N_("A tooth label needs an FDI number between 11 and 85."))
        if (self.kind is Kind.RULER) != known or (self.known_um is not None and self.known_um <= 0):
            raise MarkError(N_("A ruler needs the true length that lies under it."))

    @property
    def points(self) -> tuple[Point, ...]:
        """Points in pixels."""
        return tuple((x / 1000, y / 1000) for x, y in self.points_mpx)

    def moved(self, points: Sequence[Point]) -> Mark:
        """The same mark at other points, in pixels."""
        return replace(self, points_mpx=to_milli(points))


def new_mark(kind: Kind, points: Sequence[Point], **fields: Any) -> Mark:
    """A mark with an id of its own, from points in pixels.

    Raises MarkError for a wrong number of points, an unknown tooth or a ruler without length.
    """
    return Mark(str(uuid.uuid4()), kind, to_milli(points), **fields)


def to_milli(points: Sequence[Point]) -> tuple[MilliPoint, ...]:
    """Points rounded to thousandths of a pixel. Raises MarkError for a coordinate that is no number."""
    try:
        return tuple((round(x * 1000), round(y * 1000)) for x, y in points)
    except (ValueError, OverflowError):
        raise MarkError from None


@dataclass(frozen=True)
class Layer:
    """A named group of marks that is shown, hidden or locked together."""

    name: str
    visible: bool = True
    locked: bool = False
    colour: str = "#FFD54A"


@dataclass(frozen=True)
class Calibration:
    """A size that a person gave to the image: which ruler, which true length, who, when (UTC, ISO 8601)."""

    ruler_id: str
    known_um: int
    length_mpx: int
    """Drawn length, in thousandths of a pixel column; rows are weighted with the pixel's aspect."""
    calibrated_by: str
    calibrated_at: str


@dataclass(frozen=True)
class Sheet:
    """All marks of one image, its layers, and its calibration. Every change gives a new sheet."""

    marks: tuple[Mark, ...] = ()
    layers: tuple[Layer, ...] = (Layer(DEFAULT_LAYER),)
    calibration: Calibration | None = None

    def layer(self, name: str) -> Layer:
        """The layer of that name; one that nobody declared is visible and free."""
        return next((layer for layer in self.layers if layer.name == name), Layer(name))

    def with_mark(self, mark: Mark) -> Sheet:
        """The mark added, or put in the place of the one with its id. Raises MarkError in a locked layer."""
        self._check_free(mark.layer)
        if any(old.mark_id == mark.mark_id for old in self.marks):
            return replace(self, marks=tuple(mark if old.mark_id == mark.mark_id else old for old in self.marks))
        return replace(self, marks=(*self.marks, mark))

    def without(self, mark_id: str) -> Sheet:
        """The mark taken away; the calibration goes with its ruler. Raises MarkError in a locked layer."""
        for old in self.marks:
            if old.mark_id == mark_id:
                self._check_free(old.layer)
        kept = tuple(old for old in self.marks if old.mark_id != mark_id)
        lost = self.calibration is not None and self.calibration.ruler_id == mark_id
        return replace(self, marks=kept, calibration=None if lost else self.calibration)

    def with_layer(self, layer: Layer) -> Sheet:
        """The layer added or changed."""
        others = tuple(old for old in self.layers if old.name != layer.name)
        return replace(self, layers=(*others, layer))

    def visible(self, frame: int = 0) -> tuple[Mark, ...]:
        """Marks to draw on a frame."""
        return tuple(m for m in self.marks if m.frame == frame and self.layer(m.layer).visible)

    def _check_free(self, layer: str) -> None:
        if self.layer(layer).locked:
            raise MarkError(N_("This layer is locked."))


@dataclass(frozen=True)
class History:
    """Undo as a list of states; a change after an undo drops what had been undone."""

    states: tuple[Sheet, ...] = (Sheet(),)
    place: int = 0

    @property
    def sheet(self) -> Sheet:
        """The state in force."""
        return self.states[self.place]

    def changed(self, sheet: Sheet, keep: int = 200) -> History:
        """A step forward; nothing is added when nothing changed. At most `keep` states are remembered."""
        if sheet == self.sheet:
            return self
        states = (*self.states[: self.place + 1], sheet)[-keep:]
        return History(states, len(states) - 1)

    def undone(self) -> History:
        """One step back; the first state stays."""
        return replace(self, place=max(0, self.place - 1))

    def redone(self) -> History:
        """One step forward again."""
        return replace(self, place=min(len(self.states) - 1, self.place + 1))
