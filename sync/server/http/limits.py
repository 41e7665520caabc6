"""How many requests a device or an address may send: a bucket of tokens for each, filled at a steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

MOST_BUCKETS: Final = 5_000


class Buckets:
    """One bucket a name: `rate` tokens a second flow in, `burst` of them fit."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def refill(self, *, rate: float, burst: float) -> None:
        """Other limits from now on, every bucket full."""
        self._rate, self._burst = rate, burst
        self._buckets.clear()

    def take(self, name: str) -> bool:
        """Take one token; False when the bucket is empty."""
        now = self._clock()
        left = self._left(name, now)
        if left < 1:
            return False
        if len(self._buckets) >= MOST_BUCKETS and name not in self._buckets:
            self._sweep(now)
        self._buckets[name] = (now, left - 1)
        return True

    def is_empty(self, name: str) -> bool:
        """Whether nothing is left for this name, without taking anything."""
        return self._left(name, self._clock()) < 1

    def _left(self, name: str, now: float) -> float:
        then, left = self._buckets.get(name, (now, self._burst))
        return min(self._burst, left + (now - then) * self._rate)

    def _sweep(self, now: float) -> None:
        """Forget the buckets that are full again; all, when that is not enough."""
        self._buckets = {name: kept for name, kept in self._buckets.items() if self._left(name, now) < self._burst - 1}
        if len(self._buckets) >= MOST_BUCKETS:
            self._buckets.clear()
