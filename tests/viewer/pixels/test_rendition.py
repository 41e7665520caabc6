"""Thumbnails, previews and reductions."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.viewer.conftest import MakeImage
from viewer.pixels import NoPixels, halved, open_image, prepare, pyramid, rendition
from viewer.pixels.reductions import mask_pyramid


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_thumbnail_is_a_small_jpeg_of_the_right_shape(data: Path) -> None:
    made = rendition(data / "derived/px_mono1_no_spacing_jpegll.dcm", 200)
    image = picture(made)
    assert (image.format, image.mode, image.size) == ("JPEG", "L", (200, 81))
    assert len(made) < 12_000
    assert np.asarray(image).std() > 20


def test_a_preview_looks_like_the_whole_picture(data: Path) -> None:
    path = data / "derived/px_mono1_no_spacing_jpegll.dcm"
    preview = np.asarray(picture(rendition(path, 800, quality=100)), float)
    with open_image(path) as source:
        whole = Image.fromarray(source.to_display(source.frame(0)))
    expected = np.asarray(whole.resize((preview.shape[1], preview.shape[0]), Image.Resampling.BOX), float)
    assert np.abs(preview - expected).mean() < 2


def test_a_photograph_stays_in_colour(data: Path) -> None:
    image = picture(rendition(data / "derived/vl_photo_front.dcm", 800))
    assert (image.mode, image.size) == ("RGB", (800, 600))


def test_nothing_is_enlarged_and_png_is_exact(make_image: MakeImage) -> None:
    values = np.arange(240, dtype=np.uint8).reshape(12, 20)
    image = picture(rendition(make_image(values, WindowCenter=128, WindowWidth=256), 200, quality=100))
    assert (image.format, image.size) == ("PNG", (20, 12))
    np.testing.assert_array_equal(np.asarray(image), values)


def test_pixels_that_are_not_square_are_made_square(make_image: MakeImage) -> None:
    source = make_image(np.zeros((100, 100), np.uint8), PixelAspectRatio=[2, 1])
    assert picture(rendition(source, 100)).size == (50, 100)


def test_the_shutter_covers_the_rendition(make_image: MakeImage) -> None:
    shape = {
        "ShutterShape": "RECTANGULAR",
        "ShutterLeftVerticalEdge": 11,
        "ShutterRightVerticalEdge": 20,
        "ShutterUpperHorizontalEdge": 1,
        "ShutterLowerHorizontalEdge": 20,
    }
    values = np.full((20, 20), 200, np.uint8)
    image = np.asarray(picture(rendition(make_image(values, WindowCenter=128, WindowWidth=256, **shape), 200, 100)))
    assert image[:, :10].max() == 0
    assert image[:, 10:].min() == 200


def test_a_document_has_no_rendition(data: Path) -> None:
    with pytest.raises(NoPixels):
        rendition(data / "derived/encapsulated_pdf.dcm")


def test_halving_is_the_rounded_mean_in_full_depth() -> None:
    values = np.array([[60000, 60001, 5], [60002, 60003, 5], [9, 9, 9]], np.uint16)
    assert halved(values).tolist() == [[60002]]
    assert halved(values).dtype == np.uint16
    assert halved(np.array([[-3, -4], [-4, -3]], np.int16)).tolist() == [[-3]]
    assert halved(np.array([[1, 9], [9, 9]], np.uint8), average=False).tolist() == [[1]]


def test_pyramid_has_a_half_and_a_quarter() -> None:
    levels = pyramid(np.zeros((101, 64, 3), np.uint8))
    assert [level.shape for level in levels] == [(101, 64, 3), (50, 32, 3), (25, 16, 3)]


def test_thin_lines_stay_in_a_reduced_mask() -> None:
    mask = np.zeros((16, 16), bool)
    mask[:, 5] = True
    assert [level.any(axis=0).sum() for level in mask_pyramid(mask)] == [1, 1, 1]


def test_a_prepared_picture_of_a_photograph_is_ready_to_show(data: Path) -> None:
    with open_image(data / "derived/vl_photo_front.dcm") as source:
        ready = prepare(source)
    assert ready.levels[0].dtype == np.uint8
    assert ready.levels[1].shape == (540, 720, 3)
    assert (ready.overlay_levels, ready.hidden_levels) == ((), ())
