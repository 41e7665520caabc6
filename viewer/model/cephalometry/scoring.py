"""How well proposed landmarks agree with placed ones: the figures of the ISBI 2015 cephalometric challenge.

MRE is the mean radial error in mm with its standard deviation; SDR the part of points within 2, 2.5, 3 and 4 mm
(Wang et al., Med Image Anal 2016;31:63–76). A point that nobody proposed is a failure and counts as not detected.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viewer.model.cephalometry.functions import Point

RADII_MM = (2.0, 2.5, 3.0, 4.0)


@dataclass(frozen=True)
class Score:
    """Errors of one landmark, or of all: `n` placed points, of which `failures` had no proposal."""

    name: str
    n: int
    failures: int
    mre_mm: float | None
    sd_mm: float | None
    sdr: tuple[float, ...]
    """Parts (0 to 1) within `RADII_MM`, of all placed points."""


def errors(
    truth: Mapping[str, Point], proposed: Mapping[str, Point], size_mm: tuple[float, float]
) -> dict[str, float | None]:
    """Distance in mm of each placed landmark from its proposal; `size_mm` is (column, row). None without one."""
    found: dict[str, float | None] = {}
    for name, (x, y) in truth.items():
        there = proposed.get(name)
        found[name] = None if there is None else math.hypot((there[0] - x) * size_mm[0], (there[1] - y) * size_mm[1])
    return found


def score(name: str, distances: Sequence[float | None]) -> Score:
    """The figures of some points."""
    known = [each for each in distances if each is not None]
    mean = sum(known) / len(known) if known else None
    sd = math.sqrt(sum((each - mean) ** 2 for each in known) / len(known)) if known and mean is not None else None
    parts = tuple(sum(each <= radius for each in known) / len(distances) if distances else 0.0 for radius in RADII_MM)
    return Score(name, len(distances), len(distances) - len(known), mean, sd, parts)


def scores(images: Sequence[Mapping[str, float | None]]) -> tuple[Score, ...]:
    """All points together, then landmark by landmark in the order in which they first appear."""
    names = list(dict.fromkeys(name for image in images for name in image))
    every = [each for image in images for each in image.values()]
    return score("all", every), *(score(name, [image[name] for image in images if name in image]) for name in names)
