"""The table of studies of the imaging library."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.i18n import N_, _
from app.imaging.queries import READING_LABELS, LibraryStudy, ReadingState
from ui.imaging.library_words import READING_MARKS, counts_of, taken_on, whose
from ui.shell.growing import GrowingModel
from ui.widgets.paged_model import Column, Row

FEW_COLUMNS = 900
"""Effective width under which the table has its first columns only."""


def columns(queue: bool = False, narrow: bool = False) -> list[Column]:
    """Heads of the table of studies, in the language in force; of what waits to be read, who is to read it.

    When narrow, the inspector beside them says how many images there are, and how the reading stands.
    """
    last = (
        Column("reader", _(N_("To be read by")), width=190, sortable=False)
        if queue
        else Column("reading", _(N_("Reading")), _reading_words, 190, sortable=False, icon=lambda v: READING_MARKS[v])
    )
    return [
        Column("patient", _(N_("Patient")), strong=True, sortable=False),
        Column("day", _(N_("Taken on")), width=134, sortable=False),
        Column("what", _(N_("What")), sortable=False),
        *(() if narrow else (Column("images", _(N_("Images")), width=210, sortable=False), last)),
    ]


def _reading_words(state: ReadingState) -> str:
    return "–" if state is ReadingState.NOT_NEEDED else _(READING_LABELS[state])


class LibraryStudies(GrowingModel[LibraryStudy]):
    """The studies shown so far; `queue` when they are those that wait to be read."""

    def __init__(self) -> None:
        self.queue, self.narrow = False, False
        super().__init__(columns())

    def fold(self, width: float) -> bool:
        """Take the columns for an effective width; whether they are others than before."""
        before, self.narrow = self.narrow, width < FEW_COLUMNS
        return before is not self.narrow

    def show(self, lines: Sequence[LibraryStudy]) -> None:
        """Begin anew with these, under heads in the language in force."""
        self.start(lines, columns(self.queue, self.narrow))

    def row_of(self, item: LibraryStudy) -> Row:
        """The cells of one."""
        last = (item.reader or _(N_("Whoever comes first"))) if self.queue else item.reading
        few = (whose(item), taken_on(item), item.description)
        return few if self.narrow else (*few, counts_of(item), last)
