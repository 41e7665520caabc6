"""What is counted, in Prometheus' text format 0.0.4. Names of routes and codes only, never of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the histogram of answering times, seconds."""


class Metrics:
    """Counters of one process; used by the event loop's thread alone."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        self.seconds: dict[str, list[int]] = {}
        self.total: Counter[str] = Counter()
        self.operations: Counter[str] = Counter()

    def answered(self, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        self.requests[route, status] += 1
        self.total[route] += round(seconds * 1_000_000)
        counts = self.seconds.setdefault(route, [0] * (len(BUCKETS) + 1))
        counts[next((place for place, bound in enumerate(BUCKETS) if seconds <= bound), len(BUCKETS))] += 1

    def text(self, gauges: Iterable[tuple[str, str, float]]) -> str:
        """Everything; `gauges` are (name, labels, value) of now."""
        return "\n".join([*self._lines(), *_gauge_lines(gauges), ""])

    def _lines(self) -> Iterator[str]:
        yield "# TYPE archwire_requests_total counter"
        for (route, status), count in sorted(self.requests.items()):
            yield f'archwire_requests_total{{route="{route}",status="{status}"}} {count}'
        yield "# TYPE archwire_operations_total counter"
        for result, count in sorted(self.operations.items()):
            yield f'archwire_operations_total{{result="{result}"}} {count}'
        yield "# TYPE archwire_request_seconds histogram"
        for route, counts in sorted(self.seconds.items()):
            so_far = 0
            for bound, count in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
                so_far += count
                yield f'archwire_request_seconds_bucket{{route="{route}",le="{bound}"}} {so_far}'
            yield f'archwire_request_seconds_sum{{route="{route}"}} {self.total[route] / 1_000_000:.6f}'
            yield f'archwire_request_seconds_count{{route="{route}"}} {so_far}'


def _gauge_lines(gauges: Iterable[tuple[str, str, float]]) -> Iterator[str]:
    typed: set[str] = set()
    for name, labels, value in gauges:
        if name not in typed:
            typed.add(name)
            yield f"# TYPE {name} gauge"
        yield f"{name}{{{labels}}} {value:g}" if labels else f"{name} {value:g}"
