"""How much of each doctor the day wants, planned and projected, and which minutes of the chairs will be free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from app.orchestration.loading import LoadedDay
from app.orchestration.projection import VisitProjection
from app.orchestration.snapshot import OpenGap, Ribbon
from app.practice.spans import Span, without
from app.practice.vocabulary import ProviderId
from app.scheduling.vocabulary import SegmentKind

STEP: Final = 5
LEAST_GAP: Final = 15
"""Minutes under which free time of a chair is not worth a mention."""


def ribbons(loaded: LoadedDay, projections: Mapping[str, VisitProjection]) -> tuple[Ribbon, ...]:
    """One ribbon for each doctor who is wanted, over the opening hours and whatever lies beside them."""
    planned, projected = loaded.doctor_minutes, defaultdict[ProviderId, list[Span]](list)
    for item in projections.values():
        for part in item.parts:
            if part.kind is SegmentKind.DOCTOR and part.provider_id is not None:
                projected[ProviderId(part.provider_id)].append(part.span)
    spans = [*loaded.openings, *(span for found in (*planned.values(), *projected.values()) for span in found)]
    if not spans:
        return ()
    start = min(span[0] for span in spans) // STEP * STEP
    steps = -(-(max(span[1] for span in spans) - start) // STEP)
    order = {person: place for place, person in enumerate(loaded.roster.people)}
    doctors = sorted({*planned, *projected}, key=lambda who: (order.get(who, len(order)), who))
    return tuple(
        Ribbon(who, start, STEP, _percent(planned.get(who, ()), start, steps), _percent(projected[who], start, steps))
        for who in doctors
    )


def _percent(spans: Iterable[Span], start: int, steps: int) -> tuple[int, ...]:
    wanted = [0] * steps
    for begin, end in spans:
        for place in range((begin - start) // STEP, -(-(end - start) // STEP)):
            first = start + place * STEP
            wanted[place] += min(end, first + STEP) - max(begin, first)
    return tuple(100 * minutes // STEP for minutes in wanted)


def open_gaps(loaded: LoadedDay, projections: Mapping[str, VisitProjection], now: int) -> tuple[OpenGap, ...]:
    """What is left of each real chair from now on, by time."""
    taken: dict[str, list[Span]] = defaultdict(list)
    for visit in loaded.day.visits:
        item = projections.get(visit.id)
        if item is not None and item.chair is not None:
            taken[item.chair].append((item.span[0], item.span[1] + visit.cleaning))
    grid = -(-now // STEP) * STEP
    found = []
    for place, chair in enumerate(loaded.roster.chairs.values()):
        if chair.virtual or (chair.retired_on is not None and chair.retired_on <= loaded.on):
            continue
        for span in without(loaded.openings, [*taken[chair.id], (0, grid)]):
            if span[1] - span[0] >= LEAST_GAP:
                found.append((span[0], place, OpenGap(chair.id, span)))
    return tuple(gap for _start, _place, gap in sorted(found, key=lambda item: item[:2]))
