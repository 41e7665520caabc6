"""What is shown to a patient: before beside after, and the composite of the photographs. Pages as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from viewer.model.catalogue import ImageItem
from viewer.model.timeline import Moment, Timeline
from viewer.model.views import FACES, MOUTHS, ViewKind


class Section(StrEnum):
    """What a presentation may hold."""

    BEFORE_AFTER = "before_after"
    COMPOSITES = "composites"


@dataclass(frozen=True)
class Slot:
    """An image in a page; the rectangle (left, top, width, height) in parts of the room under the title."""

    item: ImageItem
    moment: Moment
    area: tuple[float, float, float, float]


@dataclass(frozen=True)
class Page:
    """`view` names a before-and-after page, `moment` a composite of one day."""

    slots: tuple[Slot, ...]
    view: ViewKind | None = None
    moment: Moment | None = None


COMPOSITE: tuple[tuple[ViewKind, int, int], ...] = (
    (ViewKind.PROFILE_RIGHT, 0, 0), (ViewKind.FACE_FRONT, 1, 0), (ViewKind.FACE_SMILE, 2, 0),
    (ViewKind.UPPER_OCCLUSAL, 0, 1), (ViewKind.FACE_OBLIQUE, 1, 1), (ViewKind.LOWER_OCCLUSAL, 2, 1),
    (ViewKind.BUCCAL_RIGHT, 0, 2), (ViewKind.TEETH_FRONT, 1, 2), (ViewKind.BUCCAL_LEFT, 2, 2),
)  # fmt: skip
"""Column and row of each view: the right side of the patient at the left of the page, as one faces them."""


def pages(table: Timeline, before: Moment, after: Moment, sections: Sequence[Section]) -> tuple[Page, ...]:
    """The pages of a presentation; views that were not taken at both moments have no before-and-after page."""
    found: list[Page] = []
    if Section.BEFORE_AFTER in sections:
        for view in table.views:
            first, last = _at(table, view, before), _at(table, view, after)
            if first is not None and last is not None:
                found.append(_pair(view, (first, before), (last, after)))
    if Section.COMPOSITES in sections:
        composites = (_composite(table, moment) for moment in dict.fromkeys((before, after)))
        found += [page for page in composites if page.slots]
    return tuple(found)


def _at(table: Timeline, view: ViewKind, moment: Moment) -> ImageItem | None:
    return next((item for when, item in table.images(view) if when == moment), None)


def _pair(view: ViewKind, first: tuple[ImageItem, Moment], last: tuple[ImageItem, Moment]) -> Page:
    left, right = (0.0, 0.0, 0.495, 1.0), (0.505, 0.0, 0.495, 1.0)
    return Page((Slot(*first, left), Slot(*last, right)), view=view)


def _composite(table: Timeline, moment: Moment) -> Page:
    """The photographs of a day at their usual places; rows without any are closed up."""
    found = [(item, column, row) for view, column, row in COMPOSITE if (item := _at(table, view, moment)) is not None]
    rows = sorted({row for _item, _column, row in found})
    height = 1.0 / max(1, len(rows))
    slots = tuple(
        Slot(item, moment, (column / 3 + 0.004, rows.index(row) * height, 1 / 3 - 0.008, height - 0.012))
        for item, column, row in found
    )
    return Page(slots, moment=moment)


def has_photographs(table: Timeline) -> bool:
    """Whether a composite would show anything."""
    return any(view in FACES | MOUTHS for view in table.views)
