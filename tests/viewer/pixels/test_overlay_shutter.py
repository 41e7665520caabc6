"""Overlay planes and display shutters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.viewer.conftest import MakeImage, image_bytes
from viewer.pixels import open_image
from viewer.pixels.overlay import Overlay
from viewer.pixels.shutter import Shutter, read_shutter


def test_a_real_overlay_agrees_with_pydicom(data: Path) -> None:
    path = data / "pydicom/examples_overlay.dcm"
    reference = pydicom.dcmread(path).overlay_array(0x6000).astype(bool)
    with open_image(path) as image:
        (overlay,) = image.overlays()
    assert reference.any()
    np.testing.assert_array_equal(overlay.mask, reference)


def overlays_of(source: bytes, index: int = 0) -> tuple[Overlay, ...]:
    with open_image(source) as image:
        return image.overlays(index)


def with_overlay(values: np.ndarray[Any, Any], elements: dict[int, tuple[str, Any]]) -> bytes:
    ds = Dataset()
    for element, (vr, value) in elements.items():
        ds.add_new((0x6002, element), vr, value)
    return image_bytes(values, _extra=ds)


@pytest.fixture
def plane() -> np.ndarray[Any, Any]:
    mask = np.zeros((4, 5), np.uint8)
    mask[1, 2] = mask[3, 4] = 1
    return mask


def test_an_overlay_is_placed_at_its_origin(plane: np.ndarray[Any, Any]) -> None:
    packed = np.packbits(plane.reshape(-1), bitorder="little").tobytes() + b"\0"
    elements = {
        0x0010: ("US", 4),
        0x0011: ("US", 5),
        0x0022: ("LO", "Tracé"),
        0x0040: ("CS", "G"),
        0x0050: ("SS", [3, -1]),
        0x0100: ("US", 1),
        0x0102: ("US", 0),
        0x3000: ("OW", packed),
    }
    (overlay,) = overlays_of(with_overlay(np.zeros((8, 8), np.uint8), elements))
    assert (overlay.group, overlay.description, overlay.is_roi) == (0x6002, "Tracé", False)
    assert np.argwhere(overlay.mask).tolist() == [[3, 0], [5, 2]]


def test_an_overlay_in_the_unused_bits_is_read_and_kept_out_of_the_values(plane: np.ndarray[Any, Any]) -> None:
    values = np.arange(20, dtype=np.uint16).reshape(4, 5)
    elements = {
        0x0010: ("US", 4),
        0x0011: ("US", 5),
        0x0040: ("CS", "R"),
        0x0050: ("SS", [1, 1]),
        0x0100: ("US", 16),
        0x0102: ("US", 12),
    }
    source = with_overlay(values | plane.astype(np.uint16) << 12, elements)
    source = source.replace(b"(\x00\x01\x01US\x02\x00\x10\x00", b"(\x00\x01\x01US\x02\x00\x0c\x00").replace(
        b"(\x00\x02\x01US\x02\x00\x0f\x00", b"(\x00\x02\x01US\x02\x00\x0b\x00"
    )
    (overlay,) = overlays_of(source)
    assert overlay.is_roi
    np.testing.assert_array_equal(overlay.mask, plane.astype(bool))
    with open_image(source) as image:
        np.testing.assert_array_equal(image.frame(0).values, values)


def test_an_overlay_without_enough_bits_is_left_out() -> None:
    elements = {0x0010: ("US", 400), 0x0011: ("US", 500), 0x0050: ("SS", [1, 1]), 0x3000: ("OW", b"\xff\xff")}
    assert overlays_of(with_overlay(np.zeros((8, 8), np.uint8), elements)) == ()


def shutter(shape: str, size: tuple[int, int] = (10, 12), **tags: Any) -> Shutter:
    ds = Dataset()
    ds.ShutterShape = shape.split("\\")
    for keyword, value in tags.items():
        setattr(ds, keyword, value)
    found = read_shutter(ds, 0, size)
    assert found is not None
    return found


def test_a_rectangle_shows_what_lies_between_its_edges() -> None:
    edges = {"Left": 3, "Right": 6}
    found = shutter(
        "RECTANGULAR",
        ShutterUpperHorizontalEdge=2,
        ShutterLowerHorizontalEdge=9,
        ShutterPresentationValue=0x8000,
        **{f"Shutter{side}VerticalEdge": column for side, column in edges.items()},
    )
    assert np.flatnonzero(~found.hidden.all(axis=0)).tolist() == [2, 3, 4, 5]
    assert np.flatnonzero(~found.hidden.all(axis=1)).tolist() == list(range(1, 9))
    assert found.grey == 0x80


def test_a_circle_and_a_polygon_cut_each_other() -> None:
    circle = shutter("CIRCULAR", (101, 101), CenterOfCircularShutter=[51, 51], RadiusOfCircularShutter=40)
    assert (~circle.hidden).sum() == pytest.approx(np.pi * 40**2, rel=0.01)
    triangle = shutter("POLYGONAL", (101, 101), VerticesOfThePolygonalShutter=[1, 1, 101, 1, 101, 101])
    assert (~triangle.hidden).sum() == pytest.approx(101 * 101 / 2, rel=0.02)
    both = shutter(
        "CIRCULAR\\POLYGONAL",
        (101, 101),
        CenterOfCircularShutter=[51, 51],
        RadiusOfCircularShutter=40,
        VerticesOfThePolygonalShutter=[1, 1, 101, 1, 101, 101],
    )
    np.testing.assert_array_equal(both.hidden, circle.hidden | triangle.hidden)


def test_a_shutter_without_its_numbers_hides_nothing(make_image: MakeImage) -> None:
    with open_image(make_image(np.zeros((4, 4), np.uint8), ShutterShape="CIRCULAR")) as image:
        assert image.shutter() is None
