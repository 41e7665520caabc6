"""Where tissues lie in a volume whose grey values are not Hounsfield units.

The parts between air, soft tissue, bone and enamel are found in the volume itself (Otsu, IEEE Trans Syst Man Cybern
1979;9:62, first for all values, then for those above air), and values in Hounsfield units are brought to them.
"""

from __future__ import annotations

import weakref

import numpy as np
from numpy.typing import NDArray

from viewer.volume.arrangement import Vectors
from viewer.volume.grid import Volume

HOUNSFIELD = (-1000.0, -400.0, 40.0, 300.0, 3000.0)
"""Air, the boundary of the skin, soft tissue, the boundary of bone, metal and the densest enamel."""
_ANCHORS: weakref.WeakKeyDictionary[Volume, Vectors] = weakref.WeakKeyDictionary()


def value_of(volume: Volume, hounsfield: float) -> float:
    """The value, in the unit of the volume, that stands where this one stands among the tissues."""
    if volume.unit == "HU":
        return hounsfield
    anchors = _ANCHORS.get(volume)
    if anchors is None:
        anchors = _ANCHORS[volume] = _anchors(volume)
    return float(np.interp(hounsfield, HOUNSFIELD, anchors))


def carry_levels(known: Volume, to: Volume) -> None:
    """Give a copy of the same cells the levels and the range that were found already."""
    if known in _ANCHORS:
        _ANCHORS[to] = _ANCHORS[known]
    to.__dict__["range"] = known.range  # the cached property: to find it again takes a pass over all cells


def otsu(values: NDArray[np.float64]) -> float:
    """The level that parts values into the two groups whose means lie furthest apart."""
    counts, edges = np.histogram(values, 256)
    centres = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * centres)
    above = below[-1] - below
    apart = (sums[-1] * below / max(below[-1], 1) - sums) ** 2 / np.maximum(below * above.astype(float), 1)
    return float(edges[int(np.where((below > 0) & (above > 0), apart, 0).argmax()) + 1])


def _anchors(volume: Volume) -> Vectors:
    step = max(1, volume.shape[0] // 64)
    values = volume.values(volume.cells[::step, ::4, ::4].ravel())
    low, top = np.percentile(values, [0.5, 99.95])
    values = values[(values >= low) & (values <= top)]
    skin = otsu(values[values <= np.percentile(values, 97)])  # metal would draw the level up
    solid = values[values > skin]
    bone = otsu(solid) if len(solid) else skin
    soft = float(np.median(solid[solid <= bone])) if len(solid) else skin
    return np.maximum.accumulate(np.array([low, skin, soft, bone, top]))
