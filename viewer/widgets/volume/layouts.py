"""How panes stand beside one another, as data."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.errors import N_

Cell = tuple[str, int, int, int, int]
"""Name of the pane, row, column, rows and columns that it takes."""
SECTIONS = 5


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout, the panel page that goes with it, and how tall and wide its rows and columns are to one another."""

    name: str
    title: str
    cells: tuple[Cell, ...]
    page: int = 0
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()


LAYOUTS = (
    Layout("four", N_("Three planes and 3D"), (
        ("axial", 0, 0, 1, 1), ("coronal", 0, 1, 1, 1), ("sagittal", 1, 0, 1, 1), ("scene", 1, 1, 1, 1),
    )),
    Layout("large", N_("One large"), (
        ("axial", 0, 0, 3, 1), ("coronal", 0, 1, 1, 1), ("sagittal", 1, 1, 1, 1), ("scene", 2, 1, 1, 1),
    ), columns=(3, 1)),
    Layout("panoramic", N_("Panoramic and cross-sections"), (
        ("panoramic", 0, 0, 1, 6), ("axial", 1, 0, 1, 1),
        *((f"section {number}", 1, number, 1, 1) for number in range(1, SECTIONS + 1)),
    ), page=1, rows=(4, 5), columns=(3, 1, 1, 1, 1, 1)),
    Layout("joints", N_("Jaw joints"), (
        ("axial", 0, 0, 2, 1), ("joint right 0", 0, 1, 1, 1), ("joint right 1", 1, 1, 1, 1),
        ("joint left 0", 0, 2, 1, 1), ("joint left 1", 1, 2, 1, 1),
    ), page=1, columns=(3, 2, 2)),
    Layout("scene", N_("3D alone"), (("scene", 0, 0, 1, 1),), page=3),
)  # fmt: skip
