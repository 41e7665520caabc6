"""Every transfer syntax against an independent reference: the same image in another syntax, or another decoder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.encaps import generate_frames

from tests.viewer.conftest import MakeImage
from viewer.pixels import DamagedPixels, TooLarge, UnsupportedTransferSyntax, open_image

JPEG = "1.2.840.10008.1.2.4."


def stored(path: Path | bytes, index: int = 0) -> NDArray[Any]:
    with open_image(path) as image:
        return image.frame(index).values


@pytest.mark.parametrize(
    "name",
    [
        "fragmented_no_bot_jpeg_lossless.57",
        "fragmented_no_bot_jpeg_lossless.70",
        "fragmented_no_bot_jpeg_ls.80",
        "not_fragmented_bot_jpeg_ls.80",
        "not_fragmented_bot_rle",
        "not_fragmented_no_bot_rle",
    ],
)
@pytest.mark.parametrize("index", [0, 1])
def test_ct_is_the_same_in_each_lossless_syntax(data: Path, name: str, index: int) -> None:
    reference = pydicom.dcmread(data / "dicomparser/CT0012.explicit_little_endian.dcm").pixel_array[index]
    assert reference.max() > 1000
    np.testing.assert_array_equal(stored(data / f"dicomparser/CT0012.{name}.dcm", index), reference)


def test_near_lossless_jpeg_ls_stays_within_its_bound(data: Path) -> None:
    reference = stored(data / "dicomparser/CT0012.explicit_little_endian.dcm").astype(int)
    near = stored(data / "dicomparser/CT0012.fragmented_no_bot_jpeg_ls.81.dcm").astype(int)
    assert 0 < np.abs(near - reference).max() <= 3


def test_twelve_bit_jpeg_is_close_to_the_original(data: Path) -> None:
    """The maker of this file added 1023 to make room for the sign, and left the rescale as it was."""
    original = stored(data / "dicomparser/CT0012.explicit_little_endian.dcm").astype(int)
    lossy = stored(data / "dicomparser/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm").astype(int)
    assert 0 < np.abs(lossy - 1023 - original).max() <= 14
    assert np.corrcoef(lossy.ravel(), original.ravel())[0, 1] > 0.9999


@pytest.mark.parametrize(
    "suffix", ["", "_implicit", "_bigendian", "_expb", "_padded", "_RLE", "_jp2klossless", "_jpeg_ls_lossless"]
)
def test_mr_is_the_same_in_each_syntax(data: Path, suffix: str) -> None:
    reference = pydicom.dcmread(data / "pydicom/MR_small.dcm").pixel_array
    found = stored(data / f"pydicom/MR_small{suffix}.dcm")
    assert found.dtype == np.int16
    np.testing.assert_array_equal(found, reference)


@pytest.mark.parametrize("suffix", ["_RLE", "_big_endian", "_jpeg_2k_lossless", "_jpeg_ls_lossless"])
def test_each_frame_of_an_enhanced_mr_is_the_same_in_each_syntax(data: Path, suffix: str) -> None:
    reference = pydicom.dcmread(data / "pydicom-data/emri_small.dcm").pixel_array
    with open_image(data / f"pydicom-data/emri_small{suffix}.dcm") as image:
        assert image.frames == len(reference) == 10
        for index in (9, 0, 5):
            np.testing.assert_array_equal(image.frame(index).values, reference[index])


@pytest.mark.parametrize(
    "name",
    [
        "pydicom/SC_rgb_rle.dcm",
        "pydicom/SC_rgb_small_odd.dcm",
        "pydicom/SC_rgb_small_odd_big_endian.dcm",
        "pydicom/ExplVR_BigEnd.dcm",
        "pydicom/image_dfl.dcm",
        "pydicom/CT_small.dcm",
        "pydicom-data/SC_rgb_16bit.dcm",
        "pydicom-data/SC_rgb_expb_16bit_2frame.dcm",
        "pydicom-data/OBXXXX1A_rle_2frame.dcm",
        "pydicom-data/color-pl.dcm",
        "pydicom-data/color-px.dcm",
        "pydicom-data/parametric_map_float.dcm",
        "highdicom/seg_image_ct_binary.dcm",
    ],
)
def test_pydicom_reads_the_same_values(data: Path, name: str) -> None:
    ds = pydicom.dcmread(data / name)
    reference = ds.pixel_array
    with open_image(data / name) as image:
        for index in range(image.frames):
            expected = reference[index] if image.frames > 1 else reference
            np.testing.assert_array_equal(image.frame(index).values, expected)


@pytest.mark.parametrize("name", ["pydicom/examples_jpeg2k.dcm", "pydicom/JPEG2000.dcm"])
def test_jpeg_2000_agrees_with_pillow(data: Path, name: str) -> None:
    ds = pydicom.dcmread(data / name)
    ds.pixel_array_options(raw=True, decoding_plugin="pillow")
    np.testing.assert_array_equal(stored(data / name), ds.pixel_array)


def test_jpeg_2000_without_sign_is_read_with_the_sign_of_the_header(data: Path) -> None:
    """The codestream is unsigned 13 bit, Pixel Representation says signed: -2000 is the padding of that scanner."""
    found = stored(data / "pydicom/J2K_pixelrep_mismatch.dcm")
    assert (found.min(), found.dtype) == (-2000, np.int16)
    assert found[0, 0] == -2000


@pytest.mark.parametrize("name", ["SC_rgb_jpeg_gdcm", "JPEG-LL"])
def test_lossless_jpeg_agrees_with_two_other_decoders(data: Path, name: str) -> None:
    path = next(data.glob(f"*/{name}.dcm"))
    ds = pydicom.dcmread(path)
    stream = next(generate_frames(ds.PixelData, number_of_frames=1))
    found = stored(path)
    np.testing.assert_array_equal(found.astype(np.uint16), imagecodecs.ljpeg_decode(stream).astype(np.uint16))
    np.testing.assert_array_equal(found.astype(np.uint16), imagecodecs.jpegsof3_decode(stream).astype(np.uint16))


def test_lossless_htj2k_agrees_with_openjph(data: Path) -> None:
    path = data / "pydicom-data/HTJ2KLossless_08_RGB.dcm"
    stream = next(generate_frames(pydicom.dcmread(path).PixelData, number_of_frames=1))
    np.testing.assert_array_equal(stored(path), imagecodecs.htj2k_decode(stream))


def test_lossy_htj2k_does_not_wrap_white_to_black(data: Path) -> None:
    """The lossy and the lossless file show the same picture; a wrapped sample would be 255 away."""
    lossy = stored(data / "pydicom-data/HTJ2K_08_RGB.dcm").astype(int)
    lossless = stored(data / "pydicom-data/HTJ2KLossless_08_RGB.dcm").astype(int)
    assert 0 < np.abs(lossy - lossless).max() < 60


def test_jpeg_ls_by_line_and_by_plane_give_the_same_picture(data: Path) -> None:
    lossless = stored(data / "pydicom-data/JLSL_RGB_ILV0.dcm").astype(int)
    near = stored(data / "pydicom-data/JLSN_RGB_ILV0.dcm").astype(int)
    assert lossless.shape == (256, 256, 3)
    assert np.abs(lossless - near).max() <= 5


def test_deflated_frames_equal_the_plain_segmentation(data: Path) -> None:
    reference = pydicom.dcmread(data / "pydicom-data/liver.dcm").pixel_array
    with open_image(data / "pydicom-data/liver_deflate.dcm") as image:
        for index in range(3):
            np.testing.assert_array_equal(image.frame(index).values, reference[index])


def noise(bits: int, signed: bool = False, shape: tuple[int, ...] = (61, 83)) -> NDArray[Any]:
    """Values over the whole range, smooth enough for every codec, odd sizes on purpose."""
    random = np.random.default_rng(bits)
    kind = np.dtype(f"{'i' if signed else 'u'}{1 if bits <= 8 else 2}")
    low, high = (-(1 << (bits - 1)), 1 << (bits - 1)) if signed else (0, 1 << bits)
    return random.integers(low, high, shape).astype(kind)


def lossless_encoders(values: NDArray[Any], bits: int) -> dict[str, Callable[[], bytes]]:
    """An encoder for each lossless transfer syntax, by the end of its UID."""
    return {
        "57": lambda: bytes(imagecodecs.ljpeg_encode(values, bitspersample=bits)),
        "70": lambda: bytes(imagecodecs.ljpeg_encode(values, bitspersample=bits)),
        "80": lambda: bytes(imagecodecs.jpegls_encode(values)),
        "90": lambda: bytes(imagecodecs.jpeg2k_encode(values, level=0, reversible=True, codecformat="J2K")),
        "201": lambda: bytes(imagecodecs.htj2k_encode(values, reversible=True)),
        "202": lambda: bytes(imagecodecs.htj2k_encode(values, reversible=True)),
        "203": lambda: bytes(imagecodecs.htj2k_encode(values, reversible=True)),
    }


@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("suffix", ["57", "70", "80", "90", "201", "202", "203"])
def test_what_a_lossless_encoder_wrote_comes_back(make_image: MakeImage, suffix: str, bits: int) -> None:
    values = noise(bits)
    stream = lossless_encoders(values, bits)[suffix]()
    source = make_image(values, stream=stream, syntax=JPEG + suffix, BitsStored=bits, HighBit=bits - 1)
    np.testing.assert_array_equal(stored(source), values)


def test_unused_bits_and_the_sign_of_twelve_bit_values_are_handled(make_image: MakeImage) -> None:
    values = np.array([[-2048, -1], [0, 2047]], np.int16)
    dirty = (values.view(np.uint16) & 0x0FFF) | 0xA000
    source = make_image(dirty.view(np.int16), BitsStored=12, HighBit=11)
    np.testing.assert_array_equal(stored(source), values)


def test_values_in_the_high_bits_are_shifted_down(make_image: MakeImage) -> None:
    values = np.array([[1, 4095], [7, 2048]], np.uint16)
    np.testing.assert_array_equal(stored(make_image(values << 4, BitsStored=12, HighBit=15)), values)


def test_frames_are_read_one_by_one(data: Path) -> None:
    with open_image(data / "derived/ct_enhanced_multiframe_j2k.dcm") as image:
        assert image.frames == 93
        assert not np.array_equal(image.frame(10).values, image.frame(60).values)
        with pytest.raises(IndexError):
            image.frame(93)


def test_a_path_and_its_bytes_give_the_same_image(data: Path) -> None:
    path = data / "pydicom/CT_small.dcm"
    np.testing.assert_array_equal(stored(path), stored(path.read_bytes()))


def test_a_truncated_image_is_an_error(data: Path) -> None:
    with pytest.raises(DamagedPixels):
        open_image(data / "pydicom/MR_truncated.dcm")


def test_a_codestream_of_another_size_than_the_header_is_refused(make_image: MakeImage) -> None:
    stream = imagecodecs.jpegls_encode(np.zeros((64, 64), np.uint8))
    source = make_image(np.zeros((32, 32), np.uint8), stream=stream, syntax=JPEG + "80")
    with open_image(source) as image, pytest.raises(DamagedPixels):
        image.frame(0)


def test_a_small_file_cannot_ask_for_gigabytes(make_image: MakeImage) -> None:
    stream = imagecodecs.jpegls_encode(np.zeros((64, 64), np.uint8))
    source = make_image(np.zeros((64, 64), np.uint8), stream=stream, syntax=JPEG + "80", Rows=65000, Columns=65000)
    with pytest.raises(TooLarge) as caught:
        open_image(source)
    assert caught.value.values == {"megabytes": 4029}


@pytest.mark.parametrize("suffix", ["57", "80", "90", "201"])
def test_half_a_stream_is_an_error_and_not_half_a_picture(make_image: MakeImage, suffix: str) -> None:
    values = noise(12)
    whole = lossless_encoders(values, 12)[suffix]()
    source = make_image(values, stream=bytes(whole[: len(whole) // 2]), syntax=JPEG + suffix, BitsStored=12, HighBit=11)
    with open_image(source) as image, pytest.raises(DamagedPixels):
        image.frame(0)


def test_run_length_segments_outside_the_frame_are_refused(data: Path) -> None:
    """Such offsets crash imagecodecs' own RLE decoder."""
    whole = (data / "pydicom/SC_rgb_rle.dcm").read_bytes()
    at = whole.index((3).to_bytes(4, "little") + (64).to_bytes(4, "little"))
    for offset in (0, 63, 4_000_000_000):
        damaged = whole[: at + 8] + offset.to_bytes(4, "little") + whole[at + 12 :]
        with open_image(damaged) as image, pytest.raises(DamagedPixels):
            image.frame(0)


def test_a_run_length_bomb_is_refused(make_image: MakeImage) -> None:
    stream = (1).to_bytes(4, "little") + (64).to_bytes(4, "little") + bytes(56) + b"\x81\x00" * 4
    source = make_image(np.zeros((4000, 4000), np.uint8), stream=stream, syntax="1.2.840.10008.1.2.5")
    with open_image(source) as image, pytest.raises(DamagedPixels):
        image.frame(0)


def test_video_is_an_unsupported_transfer_syntax(make_image: MakeImage) -> None:
    source = make_image(np.zeros((8, 8), np.uint8), stream=b"\0\0\0\0", syntax=JPEG + "102")
    with pytest.raises(UnsupportedTransferSyntax, match=r"1\.2\.840\.10008\.1\.2\.4\.102"):
        open_image(source)
