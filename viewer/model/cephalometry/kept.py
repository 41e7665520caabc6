"""The landmarks of an image as they are kept: JSON of texts and whole numbers, confirmed points only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from viewer.errors import N_
from viewer.model.cephalometry.functions import CephError, Point
from viewer.model.cephalometry.landmarks import LANDMARKS

FORM = "archwire-tracing-1"


class TracingError(CephError):
    """A stored tracing that cannot be read."""

    message_id = N_("This tracing cannot be read.")


@dataclass(frozen=True)
class Placed:
    """Confirmed landmarks of one image in pixels (y down), the analysis they serve, and which were skipped."""

    points: Mapping[str, Point] = field(default_factory=dict)
    analysis_id: str = ""
    skipped: frozenset[str] = frozenset()

    def with_point(self, landmark_id: str, point: Point) -> Placed:
        """The landmark placed, or moved."""
        kept = (round(point[0], 3), round(point[1], 3))
        return replace(self, points={**self.points, landmark_id: kept}, skipped=self.skipped - {landmark_id})

    def without(self, landmark_id: str) -> Placed:
        """The landmark taken away."""
        return replace(self, points={name: at for name, at in self.points.items() if name != landmark_id})

    def skipping(self, landmark_id: str) -> Placed:
        """The landmark left out for now: it cannot be seen."""
        return replace(self, skipped=self.skipped | {landmark_id})


def tracing_to_json(placed: Placed) -> str:
    """One line of JSON; points are [x, y] in thousandths of a pixel."""
    document = {
        "form": FORM,
        "analysis": placed.analysis_id,
        "points_mpx": {name: [round(x * 1000), round(y * 1000)] for name, (x, y) in placed.points.items()},
        "skipped": sorted(placed.skipped),
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def tracing_from_json(text: str | bytes) -> Placed:
    """The tracing that `tracing_to_json` wrote. Raises TracingError for anything else."""
    try:
        document = json.loads(text)
        if document["form"] != FORM:
            raise TracingError
        points = {name: (_whole(x) / 1000, _whole(y) / 1000) for name, (x, y) in document["points_mpx"].items()}
        if not points.keys() <= LANDMARKS.keys():
            raise TracingError
        return Placed(points, str(document["analysis"]), frozenset(map(str, document["skipped"])))
    except TracingError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise TracingError from None


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value
