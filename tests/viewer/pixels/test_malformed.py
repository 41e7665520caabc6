"""Whatever the bytes are: an image or a PixelError, soon, and without a patient's name in the message."""

from __future__ import annotations

import contextlib
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from tests.viewer.conftest import DATA
from viewer.pixels import (
    DamagedFile,
    DamagedPixels,
    NoPixels,
    NotDicom,
    PixelError,
    UnsupportedPixels,
    UnsupportedTransferSyntax,
    open_image,
    read_header,
)

pytestmark = pytest.mark.filterwarnings("ignore:::pydicom")

MALFORMED = sorted((DATA / "malformed").iterdir())


def look(source: Path | bytes) -> PixelError | None:
    """Do all that a tile does; anything but a PixelError goes through."""
    try:
        with open_image(source) as image:
            frame = image.frame(image.frames - 1)
            image.to_display(frame)
            image.overlays()
            image.shutter()
    except PixelError as error:
        return error
    return None


def test_the_choice_is_representative() -> None:
    assert len(MALFORMED) >= 60


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.name[:6])
def test_malformed_files_raise_only_pixel_errors(path: Path) -> None:
    tracemalloc.start()
    error = look(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 << 20
    if error is not None:
        assert "FUZZ" not in str(error)
        assert error.__cause__ is None
    with contextlib.suppress(NotDicom, DamagedFile):
        read_header(path)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("TC0285_buf_half", DamagedPixels),
        ("TC0295_rows_zero", DamagedPixels),
        ("TC0299_bits_bsstored_gt_ba", UnsupportedPixels),
        ("TC0311_bits_ba_nine", UnsupportedPixels),
        ("TC0327_mono2_spp3", UnsupportedPixels),
        ("TC0331_pi_invalid", UnsupportedPixels),
        ("TC0339_mf_nf_million", DamagedPixels),
        ("TC0321_encap_empty_bot", DamagedPixels),
    ],
)
def test_the_kind_of_damage_is_told(name: str, kind: type[PixelError]) -> None:
    assert type(look(DATA / f"malformed/{name}.dcm")) is kind


def test_other_files_are_told_apart(data: Path) -> None:
    assert type(look(b"\xff\xd8\xff\xe0 a photograph")) is NotDicom
    assert type(look(b"")) is NotDicom
    assert type(look(data / "no such file.dcm")) is DamagedFile
    assert type(look(data / "pydicom/test-SR.dcm")) is NoPixels
    assert type(look(data / "derived/encapsulated_pdf.dcm")) is NoPixels


@pytest.mark.parametrize(
    "name",
    [
        "pydicom/MR_small_RLE.dcm",
        "pydicom/MR_small_jp2klossless.dcm",
        "pydicom/MR_small_jpeg_ls_lossless.dcm",
        "pydicom/SC_rgb_jpeg.dcm",
        "pydicom/SC_rgb_jpeg_gdcm.dcm",
        "pydicom/image_dfl.dcm",
        "pydicom-data/liver_deflate.dcm",
    ],
)
def test_cut_and_scribbled_files_raise_only_pixel_errors(data: Path, name: str) -> None:
    whole = (data / name).read_bytes()
    random = np.random.default_rng(len(whole))
    failures = 0
    for _ in range(25):
        cut = whole[: int(random.integers(1, len(whole)))]
        scribbled = bytearray(whole)
        for position in random.integers(200, len(whole), 12):
            scribbled[position] = int(random.integers(0, 256))
        failures += sum(look(bytes(source)) is not None for source in (cut, scribbled))
    assert failures >= 10


def test_an_unknown_transfer_syntax_is_named_without_its_garbage(data: Path) -> None:
    whole = (data / "pydicom/MR_small_RLE.dcm").read_bytes()
    changed = whole.replace(b"1.2.840.10008.1.2.5\0", b"Tremblay^Annie^1972\0")
    error = look(changed)
    assert type(error) is UnsupportedTransferSyntax
    assert "Tremblay" not in str(error)


def test_every_error_has_a_sentence_with_its_values() -> None:
    for kind in (NotDicom, DamagedFile, NoPixels, DamagedPixels, UnsupportedPixels):
        assert str(kind()) == kind.message_id
    error = UnsupportedTransferSyntax(transfer_syntax="1.2.3")
    assert str(error).endswith("(1.2.3).")
