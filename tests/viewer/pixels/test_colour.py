"""Colour: YBR, palettes, planes and profiles."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from PIL import Image, ImageCms
from pydicom.pixels.processing import apply_color_lut, convert_color_space

from tests.viewer.conftest import MakeImage
from viewer.pixels import open_image
from viewer.pixels.colour import _expand, to_srgb, ybr_to_rgb

JPEG_BASELINE = "1.2.840.10008.1.2.4.50"


def shown(source: Path | bytes, index: int = 0) -> np.ndarray[Any, Any]:
    with open_image(source) as image:
        return image.to_display(image.frame(index))


def test_ybr_full_follows_the_equations_of_the_standard() -> None:
    """PS3.3 §C.7.6.3.1.2: pure red is Y 76, CB 85, CR 255."""
    ybr = np.array([[[76, 85, 255], [255, 128, 128], [0, 128, 128], [29, 255, 107]]], np.uint8)
    rgb = ybr_to_rgb(ybr, "YBR_FULL")[0]
    assert np.abs(rgb.astype(int) - [[254, 0, 0], [255, 255, 255], [0, 0, 0], [0, 0, 254]]).max() <= 1


def test_ybr_full_agrees_with_pydicom() -> None:
    ybr = np.random.default_rng(3).integers(0, 256, (50, 50, 3)).astype(np.uint8)
    reference = convert_color_space(ybr.copy(), "YBR_FULL", "RGB").astype(int)
    assert np.abs(ybr_to_rgb(ybr, "YBR_FULL").astype(int) - reference).max() <= 1


def test_ybr_partial_uses_the_video_range() -> None:
    ybr = np.array([[[16, 128, 128], [235, 128, 128]]], np.uint8)
    assert ybr_to_rgb(ybr, "YBR_PARTIAL_422")[0].tolist() == [[0, 0, 0], [255, 255, 255]]


def test_uncompressed_422_is_unpacked_in_pairs(data: Path) -> None:
    reference = pydicom.dcmread(data / "pydicom/SC_ybr_full_422_uncompressed.dcm").pixel_array.astype(int)
    assert np.abs(shown(data / "pydicom/SC_ybr_full_422_uncompressed.dcm").astype(int) - reference).max() <= 1


def test_planes_and_pixels_give_the_same_picture(data: Path) -> None:
    np.testing.assert_array_equal(shown(data / "pydicom-data/color-pl.dcm"), shown(data / "pydicom-data/color-px.dcm"))


def test_sixteen_bit_colour_is_scaled_to_eight(data: Path) -> None:
    ds = pydicom.dcmread(data / "pydicom-data/SC_rgb_16bit.dcm")
    expected = np.rint(ds.pixel_array.astype(float) * 255 / 65535)
    np.testing.assert_array_equal(shown(data / "pydicom-data/SC_rgb_16bit.dcm"), expected)


@pytest.mark.parametrize("name", ["pydicom/examples_palette.dcm", "pydicom-data/OBXXXX1A_rle_2frame.dcm"])
def test_palette_agrees_with_pydicom(data: Path, name: str) -> None:
    ds = pydicom.dcmread(data / name)
    indices = ds.pixel_array if ds.pixel_array.ndim == 2 else ds.pixel_array[0]
    reference = apply_color_lut(indices, ds)
    bits = ds.RedPaletteColorLookupTableDescriptor[2]
    np.testing.assert_array_equal(shown(data / name), reference >> (bits - 8))


def test_palette_holds_its_ends_and_starts_where_it_says(make_image: MakeImage) -> None:
    table = np.array([10, 20, 30], "<u2") << 8
    tags: dict[str, Any] = {}
    for name in ("Red", "Green", "Blue"):
        tags[f"{name}PaletteColorLookupTableDescriptor"] = [3, 5, 16]
        tags[f"{name}PaletteColorLookupTableData"] = table.astype("<u2").tobytes()
    source = make_image(np.array([[0, 5, 6, 7, 200]], np.uint8).repeat(2, axis=0), "PALETTE COLOR", **tags)
    assert shown(source)[0, :, 0].tolist() == [10, 10, 20, 30, 30]


def test_segmented_palette_expands_as_in_the_standard() -> None:
    """PS3.3 §C.7.9.2: discrete 0, linear to 10 in five steps, then the first segment again by reference."""
    words = [0, 1, 0, 1, 5, 10, 2, 1, 0, 0]
    assert _expand(words, 7, 16) == [0, 2, 4, 6, 8, 10, 0]


def test_jpeg_colour_transform_is_told_by_the_markers(data: Path) -> None:
    """Both headers say RGB. One stream has an Adobe marker with transform 0 (RGB), the other holds RGB as well."""
    plain = shown(data / "pydicom/SC_jpeg_no_color_transform.dcm")
    reference = pydicom.dcmread(data / "pydicom/SC_jpeg_no_color_transform.dcm")
    stream = next(pydicom.encaps.generate_frames(reference.PixelData, number_of_frames=1))
    np.testing.assert_array_equal(plain, imagecodecs.jpeg8_decode(stream, colorspace="RGB", outcolorspace="RGB"))


def camera_jpeg(rgb: np.ndarray[Any, Any], profile: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "JPEG", quality=95, icc_profile=profile or None)
    return out.getvalue()


def test_a_camera_jpeg_shows_its_colours(make_image: MakeImage) -> None:
    rgb = np.full((16, 16, 3), (200, 40, 60), np.uint8)
    source = make_image(rgb, "YBR_FULL_422", stream=camera_jpeg(rgb), syntax=JPEG_BASELINE)
    assert np.abs(shown(source)[8, 8].astype(int) - (200, 40, 60)).max() <= 3


def wide_profile() -> bytes:
    """A profile whose red and blue are exchanged against sRGB, so that its effect cannot be missed."""
    return swapped_profile(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def swapped_profile(profile: bytes) -> bytes:
    table = {profile[at : at + 4]: at for at in range(132, 132 + 12 * int.from_bytes(profile[128:132], "big"), 12)}
    changed = bytearray(profile)
    red, blue = table[b"rXYZ"], table[b"bXYZ"]
    changed[red + 4 : red + 12], changed[blue + 4 : blue + 12] = (
        profile[blue + 4 : blue + 12],
        profile[red + 4 : red + 12],
    )
    return bytes(changed).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be")).replace(b"sRGB", b"swap")


def test_an_icc_profile_is_applied(make_image: MakeImage) -> None:
    rgb = np.full((16, 16, 3), (200, 40, 60), np.uint8)
    from_header = shown(make_image(rgb, "RGB", ICCProfile=wide_profile()))[8, 8].astype(int)
    assert np.abs(from_header - (60, 40, 200)).max() <= 3
    stream = camera_jpeg(rgb, wide_profile())
    from_jpeg = shown(make_image(rgb, "YBR_FULL_422", stream=stream, syntax=JPEG_BASELINE))[8, 8].astype(int)
    assert np.abs(from_jpeg - (60, 40, 200)).max() <= 4


def test_a_broken_profile_leaves_the_colours(make_image: MakeImage) -> None:
    rgb = np.full((4, 4, 3), (200, 40, 60), np.uint8)
    assert to_srgb(rgb, b"not a profile") is rgb
    assert shown(make_image(rgb, "RGB", ICCProfile=b"\0" * 200))[0, 0].tolist() == [200, 40, 60]
