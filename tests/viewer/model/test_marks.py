"""Marks as data: figures with their unit, calibration by a drawn ruler, layers, undo, storage in whole numbers."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.model.calibration import calibrate, effective_size
from viewer.model.mark_storage import from_json, to_json
from viewer.model.marks import (
    FDI_TEETH,
    LEAST_MOST,
    History,
    Kind,
    Layer,
    Mark,
    MarkError,
    Sheet,
    new_mark,
)
from viewer.model.measures import Quantity, distance_to_line, figures, outline
from viewer.model.regions import profile, statistics
from viewer.model.spacing import Origin, PixelSize, Unit

SQUARE = PixelSize(0.1, 0.1, Unit.MM, Origin.FIDUCIAL)
TALL = PixelSize(0.2, 0.1, Unit.MM_ESTIMATED, Origin.MAGNIFICATION)
PIXELS = PixelSize(1.0, 1.0, Unit.PX, Origin.NONE)
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def test_a_length_carries_unit_and_origin() -> None:
    (figure,) = figures(new_mark(Kind.LENGTH, [(0, 0), (30, 20)]), TALL)
    assert figure.value == pytest.approx(5)
    assert (figure.unit, figure.origin) == ("mm (estimated)", Origin.MAGNIFICATION)
    assert figure.stored()["length_um"] == 5000
    assert figures(new_mark(Kind.LENGTH, [(0, 0), (3, 4)]), PIXELS)[0].stored()["length_mpx"] == 5000


def test_pixels_that_are_not_square_bend_angles() -> None:
    mark = new_mark(Kind.ANGLE, [(10, 0), (0, 0), (10, 5)])
    assert figures(mark, TALL)[0].value == pytest.approx(45)
    assert figures(mark, SQUARE)[0].value == pytest.approx(math.degrees(math.atan2(5, 10)))
    assert figures(mark, TALL)[0].stored()["angle_cdeg"] == 4500


@pytest.mark.parametrize("flip", [False, True])
def test_cobb_does_not_care_how_the_lines_were_drawn(flip: bool) -> None:
    line = [(0, 10), (10, 20)] if flip else [(10, 20), (0, 10)]
    assert figures(new_mark(Kind.COBB, [(0, 0), (10, 0), *line]), SQUARE)[0].value == pytest.approx(45)


def test_a_ratio_has_no_unit_and_shows_both_lengths() -> None:
    ratio, first, second = figures(new_mark(Kind.RATIO, [(0, 0), (30, 0), (0, 5), (40, 5)]), SQUARE)
    assert (ratio.value, ratio.unit) == (pytest.approx(0.75), "")
    assert (first.value, second.value) == (pytest.approx(3), pytest.approx(4))
    assert ratio.stored()["ratio_ppm"] == 750_000


def test_areas_by_formula() -> None:
    def area(kind: Kind, points: list[tuple[float, float]]) -> float:
        return figures(new_mark(kind, points), SQUARE)[0].value

    assert area(Kind.RECTANGLE, [(5, 5), (25, 15)]) == pytest.approx(2.0)
    assert area(Kind.ELLIPSE, [(0, 0), (20, 10)]) == pytest.approx(math.pi * 1.0 * 0.5)
    assert area(Kind.AREA, [(0, 0), (20, 0), (0, 10)]) == pytest.approx(1.0)
    figure = figures(new_mark(Kind.AREA, [(0, 0), (20, 0), (0, 10)]), TALL)[0]
    assert (figure.unit, figure.quantity, figure.value) == ("mm² (estimated)", Quantity.AREA, pytest.approx(2.0))
    assert figure.stored()["area_um2"] == 2_000_000


def test_what_measures_nothing_has_no_figure() -> None:
    assert figures(new_mark(Kind.TEXT, [(1, 1)], text="x"), SQUARE) == ()
    assert figures(new_mark(Kind.TOOTH, [(1, 1)], tooth=11), SQUARE) == ()
    assert figures(new_mark(Kind.ANGLE, [(1, 1), (1, 1), (2, 2)]), SQUARE) == ()
    assert figures(new_mark(Kind.RATIO, [(1, 1), (2, 1), (3, 3), (3, 3)]), SQUARE) == ()


def test_perpendicular_distance() -> None:
    figure = distance_to_line((5, 8), (0, 0), (10, 0), TALL)
    assert figure is not None
    assert figure.value == pytest.approx(1.6)
    assert distance_to_line((5, 8), (1, 1), (1, 1), TALL) is None


@pytest.mark.parametrize(
    ("kind", "points", "fields"),
    [
        (Kind.LENGTH, [(0, 0)], {}),
        (Kind.ANGLE, [(0, 0), (1, 1)], {}),
        (Kind.LENGTH, [(0, 0), (math.nan, 1)], {}),
        (Kind.LENGTH, [(0, 0), (math.inf, 1)], {}),
        (Kind.LENGTH, [(0, 0), (1e9, 1)], {}),
        (Kind.TOOTH, [(0, 0)], {}),
        (Kind.TOOTH, [(0, 0)], {"tooth": 0}),
        (Kind.TOOTH, [(0, 0)], {"tooth": 19}),
        (Kind.TOOTH, [(0, 0)], {"tooth": 56}),
        (Kind.RULER, [(0, 0), (9, 9)], {}),
        (Kind.RULER, [(0, 0), (9, 9)], {"known_um": 0}),
        (Kind.LENGTH, [(0, 0), (9, 9)], {"known_um": 5}),
        (Kind.TEXT, [(0, 0)], {"frame": -1}),
    ],
)
def test_impossible_marks_are_refused(kind: Kind, points: list[tuple[float, float]], fields: dict[str, int]) -> None:
    with pytest.raises(MarkError):
        new_mark(kind, points, **fields)


def test_fdi_numbers() -> None:
    assert len(FDI_TEETH) == 52
    assert {11, 48, 51, 85} <= FDI_TEETH
    assert not {0, 10, 19, 49, 56, 86} & FDI_TEETH


def test_a_ruler_calibrates_and_says_so() -> None:
    ruler = new_mark(Kind.RULER, [(0, 0), (0, 50)], known_um=10_000)
    sheet = calibrate(Sheet((ruler,)), ruler.mark_id, TALL, "Dre Roy", AT)
    size = effective_size(TALL, sheet.calibration)
    assert size.distance((0, 0), (0, 50)) == pytest.approx(10)
    assert size.row / size.column == pytest.approx(2)
    assert (size.unit, size.origin, size.trusted) == (Unit.MM, Origin.RULER, True)
    assert sheet.calibration is not None
    assert (sheet.calibration.calibrated_by, sheet.calibration.calibrated_at) == (
        "Dre Roy",
        "2026-03-01T08:00:00+00:00",
    )
    assert effective_size(TALL, sheet.without(ruler.mark_id).calibration) == TALL


def test_a_ruler_on_a_panoramic_image_stays_an_estimate() -> None:
    panoramic = replace(PIXELS, varies=True)
    ruler = new_mark(Kind.RULER, [(0, 0), (100, 0)], known_um=10_000)
    sheet = calibrate(Sheet((ruler,)), ruler.mark_id, panoramic, "x", AT)
    size = effective_size(panoramic, sheet.calibration)
    assert (size.unit, size.varies, size.trusted) == (Unit.MM_ESTIMATED, True, False)


def test_calibration_needs_a_ruler_of_some_length() -> None:
    length = new_mark(Kind.LENGTH, [(0, 0), (9, 9)])
    short = new_mark(Kind.RULER, [(0, 0), (1, 1)], known_um=1000)
    for mark_id in (length.mark_id, short.mark_id, "nobody"):
        with pytest.raises(MarkError):
            calibrate(Sheet((length, short)), mark_id, PIXELS, "x", AT)


def test_layers_hide_and_lock() -> None:
    mark = new_mark(Kind.TEXT, [(1, 1)], text="x", layer="T0")
    sheet = Sheet().with_layer(Layer("T0")).with_mark(mark)
    assert sheet.visible() == (mark,)
    assert sheet.visible(frame=1) == ()
    assert sheet.with_layer(Layer("T0", visible=False)).visible() == ()
    locked = sheet.with_layer(Layer("T0", locked=True))
    for change in (lambda: locked.with_mark(mark), lambda: locked.without(mark.mark_id)):
        with pytest.raises(MarkError, match="locked"):
            change()
    moved = mark.moved([(2, 2)])
    assert sheet.with_mark(moved).marks == (moved,)


def test_undo_walks_through_the_states() -> None:
    one, two = (Sheet((new_mark(Kind.TEXT, [(n, n)], text=str(n)),)) for n in (1, 2))
    history = History().changed(one).changed(one).changed(two)
    assert len(history.states) == 3
    assert history.undone().sheet == one
    assert history.undone().undone().undone().sheet == Sheet()
    assert history.undone().redone().redone().sheet == two
    assert history.undone().changed(Sheet()).redone().sheet == Sheet()
    assert len(History().changed(one).changed(two).changed(one, keep=2).states) == 2


millis = st.integers(-9_000_000, 70_000_000)


@st.composite
def any_mark(draw: st.DrawFn) -> Mark:
    kind = draw(st.sampled_from(Kind))
    least, most = LEAST_MOST[kind]
    points = draw(st.lists(st.tuples(millis, millis), min_size=least, max_size=most or least + 5))
    return Mark(
        draw(st.uuids()).hex,
        kind,
        tuple(points),
        draw(st.integers(0, 500)),
        draw(st.sampled_from(["marks", "T1 – fin"])),
        draw(st.text(max_size=20)),
        draw(st.sampled_from(sorted(FDI_TEETH))) if kind is Kind.TOOTH else None,
        draw(st.integers(1, 10**7)) if kind is Kind.RULER else None,
    )


@given(st.lists(any_mark(), max_size=6))
def test_storage_keeps_everything_and_holds_no_float(marks: list[Mark]) -> None:
    sheet = Sheet(tuple(marks), (Layer("marks"), Layer("T1 – fin", visible=False)))
    text = to_json(sheet)
    json.loads(text, parse_float=pytest.fail)
    assert from_json(text) == sheet
    assert to_json(from_json(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"form":"archwire-marks-1","marks":[{}],"layers":[],"calibration":null}',
        '{"form":"archwire-marks-1","marks":[{"mark_id":"a","kind":"text","layer":"x","points_mpx":[[1.5,2]]}],'
        '"layers":[],"calibration":null}',
        '{"form":"archwire-marks-1","marks":[{"mark_id":"a","kind":"spell","layer":"x","points_mpx":[[1,2]]}],'
        '"layers":[],"calibration":null}',
        "[" * 100_000,
    ],
)
def test_stored_nonsense_is_refused(text: str) -> None:
    with pytest.raises(MarkError):
        from_json(text)


def test_statistics_count_pixel_centres_inside() -> None:
    values = np.arange(100, dtype=np.int16).reshape(10, 10)
    found = statistics(values, outline(new_mark(Kind.RECTANGLE, [(2, 3), (5, 5)])))
    assert found is not None
    assert (found.count, found.least, found.greatest) == (6, 32, 44)
    assert found.mean == pytest.approx(38)
    assert found.sd == pytest.approx(np.std([32, 33, 34, 42, 43, 44]))
    assert sum(found.histogram) == 6
    assert statistics(values, [(20, 20), (30, 20), (25, 30)]) is None
    assert statistics(np.full((4, 4), np.nan), [(0, 0), (4, 0), (4, 4), (0, 4)]) is None


@given(st.lists(st.tuples(st.floats(-3, 13), st.floats(-3, 13)), min_size=3, max_size=8))
def test_statistics_equal_a_point_in_polygon_test(polygon: list[tuple[float, float]]) -> None:
    values = np.arange(100.0).reshape(10, 10)

    def holds(x: float, y: float) -> bool:
        crossings = 0
        for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
            if (y0 <= y) != (y1 <= y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                crossings += 1
        return crossings % 2 == 1

    expected = [values[r, c] for r in range(10) for c in range(10) if holds(c + 0.5, r + 0.5)]
    found = statistics(values, polygon)
    assert (found.count if found else 0) == len(expected)
    assert found is None or found.mean == pytest.approx(np.mean(expected))


def test_a_profile_interpolates_between_centres() -> None:
    values = np.tile(np.arange(10, dtype=np.uint16) * 10, (4, 1))
    found = profile(values, (1.0, 2.0), (6.0, 2.0))
    assert [distance for distance, _ in found] == [0, 1, 2, 3, 4, 5]
    assert [value for _, value in found] == pytest.approx([5, 15, 25, 35, 45, 55])
    assert profile(values, (-5.0, -5.0), (-9.0, -9.0)) == ()
