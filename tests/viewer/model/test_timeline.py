"""The table of dates and views, what an image is compared with, and the pages for a patient."""

from __future__ import annotations

from datetime import date

from viewer.model.catalogue import Catalogue, ImageItem, SeriesItem, StudyItem, Whose
from viewer.model.presentation import Section, has_photographs, pages
from viewer.model.timeline import Moment, earlier_of, timeline
from viewer.model.views import ViewKind


def study(uid: str, day: date | None, *views: ViewKind, stage: str = "", whose: Whose | None = None) -> StudyItem:
    images = tuple(ImageItem(f"{uid}/{view}", view) for view in views)
    return StudyItem(uid, day, stage=stage, series=(SeriesItem(uid + ".1", images=images),), whose=whose)


START, MIDDLE, END = date(2023, 1, 9), date(2024, 5, 2), date(2026, 1, 14)
CEPH, PANO, FRONT, FACE = ViewKind.LATERAL_CEPH, ViewKind.PANORAMIC, ViewKind.TEETH_FRONT, ViewKind.FACE_FRONT
RECORDS = Catalogue(
    Whose("F", "1"),
    (
        study("c", END, CEPH, FRONT, FACE, stage="T2"),
        study("b", MIDDLE, PANO, FRONT),
        study("a", START, CEPH, FRONT, stage="T0"),
        study("u", None, PANO),
    ),
)


def test_days_run_from_left_to_right_and_views_that_nobody_took_have_no_row() -> None:
    table = timeline(RECORDS, "c")
    assert table.moments == (Moment(START, "T0"), Moment(MIDDLE), Moment(END, "T2"), Moment(None))
    assert table.views == (PANO, CEPH, FACE, FRONT)
    assert [moment.day for moment, _item in table.images(CEPH)] == [START, END]
    assert [len(items) for items in table.cells[0]] == [0, 1, 0, 1]
    assert table.images(ViewKind.OVERJET) == ()


def test_studies_of_somebody_else_are_left_out() -> None:
    mixed = Catalogue(Whose(), (study("x", END, CEPH, whose=Whose("A")), study("y", START, CEPH, whose=Whose("B"))))
    assert timeline(mixed, "x").moments == (Moment(END),)
    assert earlier_of(mixed, "x", mixed.studies[0].images[0]) == ()


def test_the_same_view_at_the_nearest_other_day_comes_first() -> None:
    front = RECORDS.studies[0].images[1]
    found = [item.key for item in earlier_of(RECORDS, "c", front)]
    assert found[:2] == ["b/teeth_front", "a/teeth_front"]
    assert front.key not in found
    assert len(found) == 7


def test_before_and_after_need_both_and_composites_close_up() -> None:
    table = timeline(RECORDS, "c")
    found = pages(table, Moment(START, "T0"), Moment(END, "T2"), list(Section))
    assert [page.view for page in found] == [CEPH, FRONT, None, None]
    assert [slot.item.key for slot in found[0].slots] == ["a/lateral_ceph", "c/lateral_ceph"]
    last = found[-1]
    assert last.moment == Moment(END, "T2")
    assert [slot.item.view for slot in last.slots] == [FACE, FRONT]
    assert [round(slot.area[1], 3) for slot in last.slots] == [0.0, 0.5]
    assert pages(table, Moment(MIDDLE), Moment(None), [Section.BEFORE_AFTER])[0].view is PANO
    assert has_photographs(table)
