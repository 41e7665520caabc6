"""How late a chair runs: each visit begins when the one before it has left, at the earliest at its own time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """A visit in the order of a chair. Minutes since 1970; `minutes` counts the cleaning after it too."""

    appointment_id: str
    start: int
    minutes: int
    seated: int | None = None
    ended: int | None = None


def accumulated_delay(turns: Iterable[Turn], now: int) -> int:
    """Minutes that visits which have not begun will begin late, all together."""
    free, late = 0, 0
    for turn in sorted(turns, key=lambda item: (item.start, item.appointment_id)):
        if turn.ended is not None:
            free = max(free, turn.ended)
        elif turn.seated is not None:
            free = max(free, turn.seated + turn.minutes, now)
        else:
            begin = max(turn.start, free, now)
            late += begin - turn.start
            free = begin + turn.minutes
    return late
