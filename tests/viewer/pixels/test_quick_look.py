"""Previews: from a stored copy, or from the low resolutions of a codestream, on the original's coordinates."""

from __future__ import annotations

import io

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from tests.viewer.conftest import MakeImage
from viewer.pixels import DamagedPixels, open_image, prepare, rendition
from viewer.pixels.cache import PictureCache
from viewer.pixels.form import PixelFormat
from viewer.pixels.picture import Picture
from viewer.pixels.quick_look import picture_of_rendition, quick_picture
from viewer.pixels.reduced import reduced_samples

J2K, HTJ2K, JPEG, JPEG_LS = (f"1.2.840.10008.1.2.4.{suffix}" for suffix in ("90", "201", "50", "80"))


def smooth(rows: int = 700, columns: int = 900, top: int = 4000) -> np.ndarray:
    across, down = np.meshgrid(np.linspace(0, 3, columns), np.linspace(0, 2, rows))
    return ((np.sin(across) * np.cos(down) + 1) * top / 2).astype(np.uint16)


def near(looked: Picture, whole: Picture) -> bool:
    """Whether the preview, enlarged, shows the same greys."""
    values = looked.levels[0].astype(float)
    tall, wide = looked.level_factors
    rows = ((np.arange(values.shape[0]) + 0.5) * tall).astype(int)
    columns = ((np.arange(values.shape[1]) + 0.5) * wide).astype(int)
    return bool(np.abs(values - whole.levels[0][rows][:, columns].astype(float)).max() < 60)


@pytest.mark.parametrize("syntax", [J2K, HTJ2K])
def test_low_resolutions_are_read_in_full_depth(make_image: MakeImage, syntax: str) -> None:
    values = smooth()
    if syntax == J2K:
        stream = imagecodecs.jpeg2k_encode(values, level=0, reversible=True, codecformat="j2k", bitspersample=12)
    else:
        stream = imagecodecs.htj2k_encode(values)
    content = make_image(values, stream=stream, syntax=syntax, BitsStored=12, HighBit=11)
    source = open_image(content)
    looked = quick_picture(source, key="a")
    assert looked is not None
    assert (looked.rows, looked.columns, looked.key) == (700, 900, "a")
    assert looked.is_preview
    assert max(looked.levels[0].shape) < 900
    assert near(looked, prepare(source))


def test_a_photograph_is_read_at_a_part_of_its_size(make_image: MakeImage) -> None:
    grey = (smooth(top=250)).astype(np.uint8)
    stream = imagecodecs.jpeg8_encode(grey, level=95)
    source = open_image(make_image(grey, stream=stream, syntax=JPEG))
    looked = quick_picture(source)
    assert looked is not None
    assert looked.is_preview
    assert near(looked, prepare(source))


def test_other_syntaxes_and_small_images_have_no_quick_look(make_image: MakeImage) -> None:
    values = smooth()
    stream = imagecodecs.jpegls_encode(values)
    assert quick_picture(open_image(make_image(values, stream=stream, syntax=JPEG_LS))) is None
    assert quick_picture(open_image(make_image(values))) is None
    small = smooth(60, 80)
    stream = imagecodecs.jpeg2k_encode(small, level=0, reversible=True, codecformat="j2k")
    assert quick_picture(open_image(make_image(small, stream=stream, syntax=J2K))) is None


def test_a_stream_of_another_size_is_refused(make_image: MakeImage) -> None:
    stream = imagecodecs.jpeg2k_encode(smooth(), level=0, reversible=True, codecformat="j2k")
    form = PixelFormat(10, 10, 1, "MONOCHROME2", 16, 16, 15, signed=False, planar=False)
    with pytest.raises(DamagedPixels):
        reduced_samples(stream, 1, form)


@pytest.mark.parametrize(("turns", "mirrored"), [(0, False), (1, False), (3, True), (2, True)])
def test_a_stored_copy_is_turned_back_onto_the_originals_rows(
    make_image: MakeImage, turns: int, mirrored: bool
) -> None:
    values = np.zeros((400, 600), np.uint8)
    values[:100, :150] = 255
    upright = np.rot90(values[:, ::-1] if mirrored else values, -turns)
    import io

    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(upright)).resize((upright.shape[1] // 4, upright.shape[0] // 4)).save(
        out, "PNG"
    )
    looked = picture_of_rendition(out.getvalue(), 400, 600, "k", turns, mirrored)
    assert (looked.rows, looked.columns) == (400, 600)
    small = looked.levels[0]
    assert small.shape == (100, 150)
    assert small[5, 5] == 255
    assert small[90, 140] == small[5, 140] == small[90, 5] == 0


def test_a_damaged_copy_is_refused() -> None:
    with pytest.raises(DamagedPixels):
        picture_of_rendition(b"no picture", 10, 10)


def test_a_rendition_of_a_film_looks_like_it(make_image: MakeImage) -> None:
    values = smooth()
    content = make_image(values, WindowCenter=2000, WindowWidth=4000)
    looked = picture_of_rendition(rendition(content, 200), 700, 900)
    assert looked.header is None
    assert looked.reduction is not None
    assert looked.reduction.longest_px == 200
    assert looked.level_factors == pytest.approx((700 / looked.levels[0].shape[0], 4.5))


def picture(size: int) -> Picture:
    return picture_of_rendition(png(np.zeros((size, size), np.uint8)), size, size)


def png(values: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(values)).save(out, "PNG")
    return out.getvalue()


def test_the_cache_forgets_what_was_used_longest_ago() -> None:
    one = picture(100)
    cache = PictureCache(budget=3 * one.nbytes)
    for name in "abc":
        cache.put(name, picture(100))
    assert cache.get("a") is not None
    cache.put("d", picture(100))
    assert cache.get("b") is None
    assert all(cache.get(name) is not None for name in "acd")
    assert cache.size <= cache.budget


def test_the_cache_keeps_nothing_larger_than_itself() -> None:
    cache = PictureCache(budget=1000)
    cache.put("a", picture(100))
    assert cache.get("a") is None
    assert cache.size == 0
    cache.put("b", picture(10))
    cache.clear()
    assert (cache.get("b"), cache.size) == (None, 0)
