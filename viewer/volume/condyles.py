"""Sections of a temporomandibular joint, perpendicular to the long axis of its condyle and along it."""

from __future__ import annotations

import math

import numpy as np

from viewer.model.volume_plan import Condyle, Side
from viewer.volume.arrangement import Vectors
from viewer.volume.grid import Volume
from viewer.volume.planes import Plane

FIELD_MM = 40.0
USUAL_DEGREES = 20.0
"""Angle between the long axis of a condyle and the left-right line (Westesson et al. 1991: about 10 to 30)."""
BESIDE_MM, ABOVE_MM = 48.0, 0.0


def usual(volume: Volume, side: Side) -> Condyle:
    """Where a condyle is to be looked for first, in a volume about the middle of a head: a start, not a finding."""
    low, high = volume.corners_mm.min(0), volume.corners_mm.max(0)
    middle = volume.centre_mm
    across = min(BESIDE_MM, 0.4 * float(high[0] - low[0]))
    x = float(middle[0]) + (across if side is Side.LEFT else -across)
    return Condyle((x, float(middle[1]), float(middle[2]) + ABOVE_MM), USUAL_DEGREES)


def sections(volume: Volume, side: Side, condyle: Condyle, thickness_mm: float = 1.0) -> tuple[Plane, Plane]:
    """(coronal, sagittal): along the long axis of the condyle, and square to it; the head up.

    The coronal one has the patient's right on the left; in the sagittal one the face looks to the left.
    """
    turn = math.radians(condyle.degrees)
    lean = -math.sin(turn) if side is Side.LEFT else math.sin(turn)
    along = np.array([math.cos(turn), lean, 0.0])  # to the patient's left, the medial pole further back
    across = np.array([-along[1], along[0], 0.0])
    down = np.array([0.0, 0.0, -1.0])
    return _about(volume, condyle, along, down, thickness_mm), _about(volume, condyle, across, down, thickness_mm)


def _about(volume: Volume, condyle: Condyle, right: Vectors, down: Vectors, thickness_mm: float) -> Plane:
    pixel = min(volume.steps_mm)
    count = round(FIELD_MM / pixel) + 1
    origin = np.asarray(condyle.middle, np.float64) - (right + down) * (FIELD_MM / 2)
    return Plane(origin, right, down, count, count, pixel, thickness_mm)
