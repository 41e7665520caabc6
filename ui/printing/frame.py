"""What stands on every full page: the clinic, the title, the training mark, who printed it when, page n of m."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_, _
from app.practice.queries import ClinicLine
from ui.printing.documents import PRINTS
from ui.printing.flow import Flow, framed
from ui.printing.lettering import lines_at, placed, width_of, wrapped
from ui.printing.marks import BODY, HEADING, STRONG, TITLE, Composition, Line, Mark
from ui.printing.orders import TRAINING_WORDS, Order, Sources
from ui.printing.papers import MARGIN_MM, PAPERS, points
from ui.shell.formats import NBSP, moment, phone

FOOT_HEIGHT: Final = 24.0


class Sheet:
    """A document of full pages: make it, fill `flow`, `finish` it."""

    def __init__(self, sources: Sources, order: Order, title: str, under: str = "", clinic: ClinicLine | None = None):
        self._sources, self._order = sources, order
        self._spec = PRINTS[order.document]
        self._title, self._under = title, under
        self._clinic = clinic or sources.clinic(order.clinic_id)
        self._paper = PAPERS[order.paper]
        self._size = self._paper.size(self._spec.landscape)
        self._left = points(MARGIN_MM)
        self._room = self._size[0] - 2 * self._left
        self.flow = Flow(self._size, self._head, FOOT_HEIGHT)

    def finish(self, subjects: tuple[str, ...] = ()) -> Composition:
        """The pages, numbered."""
        return Composition(
            self._order.document, self._title, self._order.language, self._paper, self._spec.landscape,
            self.flow.pages(self._foot), tuple(dict.fromkeys(subjects)),
        )  # fmt: skip

    def _head(self, number: int) -> tuple[list[Mark], float]:
        y = self._left
        marks: list[Mark] = []
        room = self._room
        if self._sources.training:
            wide = width_of(TRAINING_WORDS, HEADING) + 20
            marks, _end = framed(self._left + room - wide, y, wide, [(TRAINING_WORDS, HEADING)], 2.0)
            room -= wide + 12
        more = self._title if number > 1 else ""
        first = " · ".join(part for part in (self._clinic.name, more) if part)
        found, y = lines_at(first, self._left, y, room, STRONG)
        marks += found
        if number > 1:
            return [*marks, *self._rule(y)], max(y + 12, self._left + 32 if self._sources.training else 0)
        reach = " · ".join(part for part in (self._clinic.address, self._phone()) if part)
        if reach:
            found, y = lines_at(reach.replace("\n", ", "), self._left, y, room)
            marks += found
        y = max(y, self._left + 26) + 6
        found, y = lines_at(self._title, self._left, y, self._room, TITLE)
        marks += found
        if self._under:
            found, y = lines_at(self._under, self._left, y, self._room)
            marks += found
        return marks, y + 8

    def _rule(self, y: float) -> list[Mark]:
        return [Line(self._left, y + 4, self._left + self._room, y + 4, 0.5)] if not self._sources.training else []

    def _phone(self) -> str:
        return phone(self._clinic.phone).replace(" ", NBSP) if self._clinic.phone else ""

    def _foot(self, number: int, count: int) -> list[Mark]:
        bottom = self._size[1] - self._left
        pages = _(N_("Page {number} of {count}"), number=number, count=count)
        wide = width_of(pages, BODY)
        words = printed_words(self._sources)
        room = self._room - wide - 16
        line = wrapped(words, BODY, room)[0]
        top = bottom - BODY.leading
        return [
            Line(self._left, top - 4, self._left + self._room, top - 4, 0.5),
            placed(line, self._left, top, room),
            placed(pages, self._left + self._room - wide, top, wide),
        ]


def printed_words(sources: Sources) -> str:
    """When and by whom: `Printed Nov. 24, 2026, 9:00 by Claire Brunet`."""
    when = moment(sources.now, sources.clock)
    name = sources.actor.name
    if not name:
        return _(N_("Confidential · Printed {when} by Archwire"), when=when)
    return _(N_("Confidential · Printed {when} by {name}"), when=when, name=name)
