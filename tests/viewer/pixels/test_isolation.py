"""Frames decoded in processes of their own: the same samples, and nothing in a file stops the screen."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from viewer.pixels import DamagedPixels, open_image
from viewer.pixels import isolation as isolated
from viewer.pixels.form import PixelFormat
from viewer.pixels.isolation import DecoderStopped, IsolatedDecoder, allowed_seconds
from viewer.pixels.quick_look import quick_picture


@pytest.fixture(scope="module")
def decoder() -> Iterator[IsolatedDecoder]:
    made = IsolatedDecoder()
    made.warm()
    yield made
    made.close()


@pytest.mark.parametrize(
    "name",
    [
        "pydicom/MR_small_jp2klossless.dcm", "pydicom/MR_small_jpeg_ls_lossless.dcm", "pydicom/MR_small_RLE.dcm",
        "dicomparser/CT0012.fragmented_no_bot_jpeg_lossless.70.dcm", "pydicom-data/HTJ2KLossless_08_RGB.dcm",
        "derived/vl_photo_front.dcm",
    ],
)  # fmt: skip
def test_the_samples_are_those_of_the_codec(data: Path, decoder: IsolatedDecoder, name: str) -> None:
    here = open_image(data / name).frame()
    there = open_image(data / name, decoder=decoder).frame()
    np.testing.assert_array_equal(there.values, here.values)
    assert there.values.dtype == here.values.dtype
    assert there.photometric == here.photometric


def test_a_damaged_stream_is_refused_and_the_next_one_is_read(data: Path, decoder: IsolatedDecoder) -> None:
    whole = bytearray((data / "pydicom/MR_small_jp2klossless.dcm").read_bytes())
    at = whole.index(b"\xff\x4f\xff\x51")
    whole[at + 60 : at + 400] = bytes(340)
    with pytest.raises(DamagedPixels):
        open_image(bytes(whole), decoder=decoder).frame()
    assert open_image(data / "pydicom/MR_small_jp2klossless.dcm", decoder=decoder).frame().values.any()


def test_a_decoder_that_crashes_or_hangs_is_replaced(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is stopped (it never answers), then killed (the pipe breaks); after both, images are read again."""
    name = data / "pydicom/MR_small_RLE.dcm"
    made = IsolatedDecoder(workers=1)
    try:
        expected = open_image(name, decoder=made).frame().values
        (worker,) = made._free
        assert worker._process.pid is not None
        monkeypatch.setattr(isolated, "SECONDS", 0.3)
        os.kill(worker._process.pid, signal.SIGSTOP)
        with pytest.raises(DecoderStopped):
            open_image(name, decoder=made).frame()
        assert not worker._process.is_alive()
        monkeypatch.setattr(isolated, "SECONDS", 30.0)
        np.testing.assert_array_equal(open_image(name, decoder=made).frame().values, expected)
        (worker,) = made._free
        assert worker._process.pid is not None
        os.kill(worker._process.pid, signal.SIGKILL)
        worker._process.join(10)
        with pytest.raises(DecoderStopped):
            open_image(name, decoder=made).frame()
        np.testing.assert_array_equal(open_image(name, decoder=made).frame().values, expected)
    finally:
        made.close()


def test_several_threads_share_the_processes(data: Path, decoder: IsolatedDecoder) -> None:
    names = ["pydicom/MR_small_RLE.dcm", "pydicom/MR_small_jp2klossless.dcm", "pydicom/MR_small_jpeg_ls_lossless.dcm"]
    found: dict[str, bool] = {}

    def read(name: str) -> None:
        same = open_image(data / name, decoder=decoder).frame().values == open_image(data / name).frame().values
        found[name] = bool(same.all())

    threads = [threading.Thread(target=read, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == dict.fromkeys(names, True)


def test_quick_looks_come_from_the_processes_too(data: Path, decoder: IsolatedDecoder) -> None:
    source = open_image(data / "derived/vl_photo_front.dcm", decoder=decoder)
    here, there = quick_picture(source), quick_picture(source, reader=decoder.reduced)
    assert here is not None
    assert there is not None
    np.testing.assert_array_equal(there.levels[0], here.levels[0])


def test_a_closed_decoder_says_so(data: Path) -> None:
    made = IsolatedDecoder()
    made.close()
    with pytest.raises(DecoderStopped):
        open_image(data / "pydicom/MR_small_RLE.dcm", decoder=made).frame()


def test_a_small_image_gets_less_than_five_seconds_and_a_large_one_more() -> None:
    small = PixelFormat(100, 100, 1, "MONOCHROME2", 16, 16, 15, signed=False, planar=False)
    assert allowed_seconds(small) < 5
    assert allowed_seconds(replace(small, rows=4000, columns=5000)) > 20
