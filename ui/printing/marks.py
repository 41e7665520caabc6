"""What stands on a page, as data in points from its upper left corner; the painter draws it on any device."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from ui.printing.papers import Paper

SMALLEST_POINTS: Final = 11.0
"""Nothing on paper is smaller."""


@dataclass(frozen=True, slots=True)
class Style:
    """A size in points and a weight of Inter; lines stand `leading` points apart."""

    size: float
    weight: int = 400
    display: bool = False

    @property
    def leading(self) -> float:
        """The height of a line."""
        return self.size * 1.27


BODY: Final = Style(11)
STRONG: Final = Style(11, 600)
HEADING: Final = Style(13, 600)
TITLE: Final = Style(19, 600, display=True)
LARGE: Final = Style(26, 600, display=True)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text: `width` is what it takes, `room` what it was given."""

    x: float
    y: float
    width: float
    text: str
    style: Style
    room: float


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.75
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: an edge, or a fill of grey (0 black, 1 white), or both."""

    x: float
    y: float
    width: float
    height: float
    edge: float = 0.75
    grey: float | None = None
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Sign:
    """A shape that says a severity without colour: `octagon`, `triangle`, `circle`, or `check` (a box to tick)."""

    shape: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Modules:
    """The black parts of a barcode, with the text that they hold."""

    x: float
    y: float
    width: float
    height: float
    bars: tuple[tuple[float, float, float, float], ...]
    holds: str


Mark: TypeAlias = Text | Line | Box | Sign | Modules


@dataclass(frozen=True, slots=True)
class Page:
    """One side of paper."""

    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """A document ready for paper. `subjects` are the patients who stand on it, for the access log."""

    document: str
    title: str
    language: str
    paper: Paper
    landscape: bool
    pages: tuple[Page, ...]
    subjects: tuple[str, ...] = ()
    sheet: str = field(default="")

    def page_size(self) -> tuple[float, float]:
        """Width and height of its pages in points."""
        return self.paper.size(self.landscape)
