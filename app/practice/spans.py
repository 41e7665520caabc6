"""Half-open spans of whole minutes since 1970: union, difference, overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


def union(spans: Iterable[Span]) -> list[Span]:
    """The same minutes in sorted spans that neither touch nor overlap."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """The minutes of `spans` that are in no hole."""
    left: list[Span] = []
    cuts = union(holes)
    for start, end in union(spans):
        at = start
        for first, last in cuts:
            if last <= at or first >= end:
                continue
            if first > at:
                left.append((at, first))
            at = max(at, last)
        if at < end:
            left.append((at, end))
    return left


def common(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """The minutes that are in both."""
    rest = union(other)
    return union((max(a, c), min(b, d)) for a, b in union(one) for c, d in rest if a < d and c < b)


def length(spans: Iterable[Span]) -> int:
    """How many minutes."""
    return sum(end - start for start, end in union(spans))


def covers(spans: Iterable[Span], span: Span) -> bool:
    """Whether every minute of `span` is in `spans`."""
    return not without([span], spans)
