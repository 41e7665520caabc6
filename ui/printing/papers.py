"""Papers and sheets of labels, as data. Lengths are in millimetres unless a name says points (1/72 inch)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.core.i18n import N_

POINTS_PER_MM: Final = 72 / 25.4
MARGIN_MM: Final = 13.0
"""Half an inch: no office printer needs more."""


def points(millimetres: float) -> float:
    """Millimetres as points."""
    return millimetres * POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper, upright. `title` is a msgid."""

    code: str
    title: str
    width_mm: float
    height_mm: float

    def size(self, landscape: bool = False) -> tuple[float, float]:
        """Width and height in points."""
        upright = (points(self.width_mm), points(self.height_mm))
        return upright[::-1] if landscape else upright


LETTER: Final = Paper("letter", N_("Letter (8½ × 11 in)"), 215.9, 279.4)
A4: Final = Paper("a4", N_("A4 (210 × 297 mm)"), 210.0, 297.0)
PAPERS: Final = {paper.code: paper for paper in (LETTER, A4)}


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """A sheet of equal labels: how many, how large, where the first one begins and how far it is to the next."""

    code: str
    title: str
    paper: Paper
    columns: int
    rows: int
    width_mm: float
    height_mm: float
    left_mm: float
    top_mm: float
    across_mm: float
    down_mm: float

    @property
    def count(self) -> int:
        """Labels on a sheet."""
        return self.columns * self.rows

    def place(self, index: int) -> tuple[float, float]:
        """Left and top of a label in points, counted along the rows from 0."""
        row, column = divmod(index, self.columns)
        return points(self.left_mm + column * self.across_mm), points(self.top_mm + row * self.down_mm)

    def label_size(self) -> tuple[float, float]:
        """Width and height of a label in points."""
        return points(self.width_mm), points(self.height_mm)


def _sheet(code: str, title: str, paper: Paper, grid: tuple[int, int], *lengths: float) -> LabelSheet:
    return LabelSheet(code, title, paper, *grid, *lengths)


SHEETS: Final = {
    sheet.code: sheet
    for sheet in (
        _sheet(
            "5160", N_("5160: 30 labels, 1 × 2⅝ in"), LETTER, (3, 10),
            66.675, 25.4, 4.763, 12.7, 69.85, 25.4,
        ),
        _sheet(
            "5163", N_("5163: 10 labels, 2 × 4 in"), LETTER, (2, 5),
            101.6, 50.8, 3.969, 12.7, 106.363, 50.8,
        ),
        _sheet(
            "5371", N_("5371: 10 cards, 2 × 3½ in"), LETTER, (2, 5),
            88.9, 50.8, 19.05, 12.7, 88.9, 50.8,
        ),
        _sheet(
            "L7160", N_("L7160: 21 labels, 63.5 × 38.1 mm"), A4, (3, 7),
            63.5, 38.1, 7.25, 15.15, 66.0, 38.1,
        ),
        _sheet(
            "L7163", N_("L7163: 14 labels, 99.1 × 38.1 mm"), A4, (2, 7),
            99.1, 38.1, 4.65, 15.15, 101.6, 38.1,
        ),
    )
}  # fmt: skip
"""Geometry as Avery publishes it for these numbers; other makers cut the same sizes."""
