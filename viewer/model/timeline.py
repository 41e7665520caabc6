"""The images of one person as a table: a column a day or stage of treatment, a row a kind of view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from viewer.model.catalogue import Catalogue, ImageItem, StudyItem
from viewer.model.views import ViewKind


@dataclass(frozen=True, slots=True)
class Moment:
    """A column: a day with the stage that its studies were given."""

    day: date | None
    stage: str = ""


@dataclass(frozen=True)
class Timeline:
    """`cells[view][moment]` are the images of that view taken then, in the order of their studies."""

    moments: tuple[Moment, ...]
    views: tuple[ViewKind, ...]
    cells: tuple[tuple[tuple[ImageItem, ...], ...], ...]

    def images(self, view: ViewKind) -> tuple[tuple[Moment, ImageItem], ...]:
        """The images of one view with when they were taken, oldest first."""
        row = self.cells[self.views.index(view)] if view in self.views else ()
        return tuple((moment, item) for moment, items in zip(self.moments, row, strict=False) for item in items)


def timeline(catalogue: Catalogue, study_uid: str) -> Timeline:
    """The table of the person whose this study is: oldest day at the left, undated studies last, no empty rows."""
    placed: dict[ViewKind, dict[date | None, list[ImageItem]]] = {}
    stages: dict[date | None, list[str]] = {}
    for study in catalogue.of_one(study_uid):
        for item in study.images:
            day = _day(study, item)
            placed.setdefault(item.view, {}).setdefault(day, []).append(item)
            known = stages.setdefault(day, [])
            if study.stage and study.stage not in known:
                known.append(study.stage)
    days = sorted(stages, key=lambda day: (day is None, day or date.min))
    views = tuple(view for view in ViewKind if view in placed)
    cells = tuple(tuple(tuple(placed[view].get(day, ())) for day in days) for view in views)
    return Timeline(tuple(Moment(day, "/".join(stages[day])) for day in days), views, cells)


def earlier_of(catalogue: Catalogue, study_uid: str, item: ImageItem) -> tuple[ImageItem, ...]:
    """What this image may be compared with, most sensible first: the same view, nearest in time before others."""
    own = [(study, other) for study in catalogue.of_one(study_uid) for other in study.images if other.key != item.key]
    day = next((_day(study, found) for study, found in catalogue.images() if found.key == item.key), None)

    def rank(pair: tuple[StudyItem, ImageItem]) -> tuple[bool, bool, int]:
        other = _day(*pair)
        apart = abs((day - other).days) if day and other else 10**6
        return pair[1].view is not item.view, apart == 0, apart

    return tuple(other for _study, other in sorted(own, key=rank))


def _day(study: StudyItem, item: ImageItem) -> date | None:
    return study.day or item.taken_on
