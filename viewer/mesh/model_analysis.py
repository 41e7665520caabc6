"""Analysis of study models from points that a person placed on the crowns; all figures in mm.

Bolton WA, Angle Orthod 1958;28:113 (ratios and their SD); Little RM, Am J Orthod 1975;68:554 (irregularity index).
Teeth are named by FDI (ISO 3950).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from viewer.errors import N_, ViewerError

Place = tuple[float, float, float]

UPPER = (16, 15, 14, 13, 12, 11, 21, 22, 23, 24, 25, 26)
LOWER = (46, 45, 44, 43, 42, 41, 31, 32, 33, 34, 35, 36)
UPPER_FRONT, LOWER_FRONT = UPPER[3:9], LOWER[3:9]
BOLTON_OVERALL = (91.3, 1.91)
BOLTON_ANTERIOR = (77.2, 1.65)
"""Mean and standard deviation in per cent, 55 excellent occlusions (Bolton 1958)."""


class AnalysisError(ViewerError):
    """A point that a figure needs is missing."""

    message_id = N_("The width of tooth {tooth} is missing.")


@dataclass(frozen=True, slots=True)
class Crown:
    """The two points that make a tooth's width: the contact points or the greatest mesiodistal width."""

    mesial: Place
    distal: Place

    @property
    def width(self) -> float:
        """Mesiodistal width."""
        return math.dist(self.mesial, self.distal)


@dataclass(frozen=True, slots=True)
class Bolton:
    """A ratio of tooth widths: per cent, deviation in SD, and the excess of the jaw that has too much."""

    ratio: float
    deviation: float
    upper: float
    lower: float
    excess: float
    """Of the lower teeth where positive, of the upper teeth (as a positive surplus there) where negative."""


def bolton(crowns: Mapping[int, Crown], *, anterior: bool) -> Bolton:
    """The overall ratio (first molar to first molar), or the anterior one (canine to canine).

    Raises AnalysisError for the first tooth that is missing.
    """
    above, below = (UPPER_FRONT, LOWER_FRONT) if anterior else (UPPER, LOWER)
    upper, lower = _sum_of(crowns, above), _sum_of(crowns, below)
    mean, spread = BOLTON_ANTERIOR if anterior else BOLTON_OVERALL
    ratio = 100 * lower / upper
    # The jaw with the surplus is measured against the width that would match the other one.
    excess = lower - upper * mean / 100 if ratio > mean else -(upper - lower * 100 / mean)
    return Bolton(ratio, (ratio - mean) / spread, upper, lower, excess)


def _sum_of(crowns: Mapping[int, Crown], teeth: Sequence[int]) -> float:
    for tooth in teeth:
        if tooth not in crowns:
            raise AnalysisError(tooth=tooth)
    return math.fsum(crowns[tooth].width for tooth in teeth)


@dataclass(frozen=True, slots=True)
class Space:
    """Arch length against the teeth that stand in it."""

    available: float
    required: float

    @property
    def discrepancy(self) -> float:
        """Negative where the teeth lack space."""
        return self.available - self.required


def space(line: Sequence[Place], crowns: Mapping[int, Crown], *, upper: bool) -> Space:
    """Length of the line from first molar to first molar, against the widths of the ten teeth between them.

    Raises AnalysisError for a missing width, or a line of fewer than two points.
    """
    if len(line) < 2:
        raise AnalysisError(N_("The line of the arch needs at least two points."))
    available = math.fsum(math.dist(a, b) for a, b in pairwise(line))
    return Space(available, _sum_of(crowns, (UPPER if upper else LOWER)[1:-1]))


def irregularity(contacts: Sequence[tuple[Place, Place]]) -> float:
    """Little's index: the sum of the five displacements between the anatomic contact points of the lower front teeth.

    Displacements are measured parallel to the occlusal plane; the caller gives points in it. Raises AnalysisError
    unless there are five.
    """
    if len(contacts) != 5:
        raise AnalysisError(N_("Five contacts are needed, from canine to canine."))
    return math.fsum(math.dist(first, second) for first, second in contacts)


@dataclass(frozen=True, slots=True)
class Bite:
    """Overjet along the occlusal plane and overbite across it; negative for a reverse and an open bite."""

    overjet: float
    overbite: float


def bite(upper_edge: Place, lower_edge: Place, forward: Place, upward: Place) -> Bite:
    """From the edges of an upper and the lower incisor in occlusion; `forward` and `upward` are directions.

    Raises AnalysisError for directions that are none, or not at right angles.
    """
    ahead, up = _unit(forward), _unit(upward)
    if abs(_dot(ahead, up)) > 0.02:
        raise AnalysisError(N_("Forward and upward must stand at right angles."))
    apart = (upper_edge[0] - lower_edge[0], upper_edge[1] - lower_edge[1], upper_edge[2] - lower_edge[2])
    return Bite(_dot(apart, ahead), -_dot(apart, up))


def _unit(vector: Place) -> Place:
    length = math.hypot(*vector)
    if not 1e-9 < length < math.inf:
        raise AnalysisError(N_("A direction has no length."))
    return vector[0] / length, vector[1] / length, vector[2] / length


def _dot(a: Place, b: Place) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
