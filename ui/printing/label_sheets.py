"""Laying labels and cards on cut sheets: the first free place, one after the other, further sheets when full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from ui.printing.lettering import placed, shortened, wrapped
from ui.printing.marks import BODY, STRONG, Box, Composition, Line, Mark, Modules, Page, Sign, Style, Text
from ui.printing.orders import TRAINING_WORDS, Order, Sources
from ui.printing.papers import SHEETS

PAD: Final = 6.0
TIGHT: Final = 12.4
"""Points from line to line on a label."""
MOST: Final = 300
"""Labels in one print."""


class Label:
    """One label, from its own corner. Lines go down; what would not fit is refused, never cut in silence."""

    def __init__(self, size: tuple[float, float], training: bool, pad: float = PAD) -> None:
        self.width, self.height = size
        self.pad, self.y = pad, pad
        self.marks: list[Mark] = []
        if training:
            self.line(TRAINING_WORDS, STRONG)

    @property
    def room(self) -> float:
        """The width that text may take."""
        return self.width - 2 * self.pad

    def left_over(self, below: float = 0.0) -> int:
        """How many lines still fit when `below` points stay free."""
        return max(0, int((self.height - self.pad - below - self.y + 0.01) / TIGHT))

    def line(self, text: str, style: Style = BODY, room: float = 0.0) -> None:
        """One line; shortened with “…” where a label is too narrow."""
        room = room or self.room
        self.marks.append(placed(shortened(text, style, room), self.pad, self.y, room, style))
        self.y += max(TIGHT, style.leading if style.size > BODY.size else TIGHT)

    def lines(self, text: str, style: Style = BODY, most: int = 2, room: float = 0.0, below: float = 0.0) -> None:
        """A text over some lines; the last one takes what is left, shortened."""
        found = wrapped(text, style, room or self.room)
        most = max(1, min(most, self.left_over(below)))
        for at, line in enumerate(found[:most]):
            rest = " ".join(found[at:]) if at == most - 1 else line
            self.line(rest, style, room)


def on_sheets(
    sources: Sources, order: Order, title: str, labels: Sequence[Label], subjects: Sequence[str]
) -> Composition:
    """The labels on as many sheets as they need, from the first free place on."""
    sheet = SHEETS[order.sheet]
    if not 0 <= order.first < sheet.count:
        raise RuleViolation(N_("The sheet has {n} labels."), field="first", n=sheet.count)
    if len(labels) > MOST:
        raise RuleViolation(N_("At most {n} labels are printed at once."), field="count", n=MOST)
    pages: list[list[Mark]] = []
    for at, label in enumerate(labels, order.first):
        page, place = divmod(at, sheet.count)
        while len(pages) <= page:
            pages.append([])
        x, y = sheet.place(place)
        pages[page] += [shifted(mark, x, y) for mark in label.marks]
    return Composition(
        order.document, title, order.language, sheet.paper, False, tuple(Page(tuple(page)) for page in pages),
        tuple(dict.fromkeys(subjects)), sheet.code,
    )  # fmt: skip


def shifted(mark: Mark, x: float, y: float) -> Mark:
    """A mark moved right and down."""
    if isinstance(mark, Text):
        return Text(mark.x + x, mark.y + y, mark.width, mark.text, mark.style, mark.room)
    if isinstance(mark, Line):
        return Line(mark.x1 + x, mark.y1 + y, mark.x2 + x, mark.y2 + y, mark.width, mark.dashed)
    if isinstance(mark, Box):
        return Box(mark.x + x, mark.y + y, mark.width, mark.height, mark.edge, mark.grey, mark.radius)
    if isinstance(mark, Sign):
        return Sign(mark.shape, mark.x + x, mark.y + y, mark.size)
    return Modules(mark.x + x, mark.y + y, mark.width, mark.height, mark.bars, mark.holds)
