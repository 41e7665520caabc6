"""What is being dragged: a visit on its way to another time, chair, person or length, not written yet."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from app.scheduling.queries import MovePreview, VisitLine, segments_text, stretched
from ui.scheduling.timegrid import LEAST_MINUTES, Span, snapped


class Deed(enum.StrEnum):
    """What letting go would do."""

    MOVE = "move"
    RESIZE = "resize"


@dataclass(slots=True)
class Ghost:
    """Where the visit would stand: minutes since 1970. `preview` is the answer for the present place, or None.

    `grabbed` is how many minutes after the begin of the block it was taken; `dropping` that it was let go before the
    answer came.
    """

    visit: VisitLine
    deed: Deed
    lane: int
    start: int
    minutes: int
    grabbed: float = 0.0
    preview: MovePreview | None = None
    dropping: bool = False
    by_keyboard: bool = False
    moved: bool = False

    @property
    def span(self) -> Span:
        """From the first to the last minute."""
        return self.start, self.start + self.minutes

    @property
    def segments(self) -> str:
        """The segments to ask for; empty when the length stays."""
        if self.deed is Deed.MOVE or self.minutes == self.visit.minutes:
            return ""
        return segments_text(stretched(self.visit.segments, self.minutes))

    def go(self, lane: int, start: int, minutes: int) -> bool:
        """Stand elsewhere; whether that is another place than before, whose answer is not known."""
        if (lane, start, minutes) == (self.lane, self.start, self.minutes):
            return False
        self.lane, self.start, self.minutes = lane, start, max(minutes, LEAST_MINUTES)
        self.preview, self.moved = None, True
        return True

    def nudge(self, minutes: int) -> bool:
        """By keyboard: later, or longer."""
        if self.deed is Deed.RESIZE:
            return self.go(self.lane, self.start, snapped(self.start + self.minutes + minutes) - self.start)
        return self.go(self.lane, snapped(self.start + minutes), self.minutes)
