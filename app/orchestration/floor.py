"""The plan of a clinic: what stands where, and the usual plan of a clinic that has drawn none.

Places are in units of a plan that is `WIDTH` wide and `HEIGHT` high, whatever the screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.orchestration.vocabulary import FloorKind
from app.practice.vocabulary import OperatoryId

WIDTH: Final = 1010
HEIGHT: Final = 690
LEAST: Final = 60
MOST_PLACES: Final = 80
_FOOT: Final = 190
_GAP: Final = 16


@dataclass(frozen=True, slots=True)
class FloorSpot:
    """One thing on the plan: a chair (`operatory_id`), the waiting room, the checkout, or a room (`label`)."""

    kind: FloorKind
    across: int
    down: int
    width: int
    height: int
    operatory_id: OperatoryId | None = None
    label: str = ""

    @property
    def key(self) -> str:
        """What tells it from the others of its clinic."""
        return f"{self.kind.value}/{self.operatory_id or self.label}"


def usual_plan(chairs: Iterable[OperatoryId]) -> tuple[FloorSpot, ...]:
    """Chairs in rows of about three to two, the waiting room and the checkout below them."""
    ids = list(chairs)
    columns = next((n for n in range(1, 9) if n * max(n - 1, 1) >= len(ids)), 9)
    rows = max(1, -(-len(ids) // columns))
    wide = (WIDTH - _GAP * (columns + 1)) // columns
    high = (HEIGHT - _FOOT - _GAP * (rows + 1)) // rows
    spots = [
        FloorSpot(
            FloorKind.CHAIR, _GAP + place % columns * (wide + _GAP), _GAP + place // columns * (high + _GAP),
            wide, high, chair,
        )
        for place, chair in enumerate(ids)
    ]  # fmt: skip
    top, half = HEIGHT - _FOOT + _GAP // 2, (WIDTH - 3 * _GAP) // 2
    tall = _FOOT - _GAP - _GAP // 2
    spots.append(FloorSpot(FloorKind.WAITING, _GAP, top, half, tall))
    spots.append(FloorSpot(FloorKind.CHECKOUT, 2 * _GAP + half, top, half, tall))
    return tuple(spots)


def on_plan(spot: FloorSpot) -> bool:
    """Whether a place lies on the plan and is large enough to be seen."""
    inside = spot.across >= 0 and spot.down >= 0
    ends = spot.across + spot.width <= WIDTH and spot.down + spot.height <= HEIGHT
    return inside and ends and spot.width >= LEAST and spot.height >= LEAST
