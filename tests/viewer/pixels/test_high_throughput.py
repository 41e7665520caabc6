"""Which HTJ2K codestreams OpenJPH is asked for, and that what it must not see goes to OpenJPEG."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable

import imagecodecs
import numpy as np
import pytest

from viewer.pixels.codestream import stream_facts
from viewer.pixels.form import Array
from viewer.pixels.high_throughput import END_OF_CODESTREAM, START_OF_TILE, trusted_samples

GRID = {"width": 8, "height": 12, "left": 16, "top": 20, "tile width": 24, "tile left": 32}


def film(kind: type = np.uint16) -> Array:
    made = np.random.default_rng(4).normal(2000, 50, (75, 101)) + np.add.outer(np.arange(75) * 5, np.arange(101) * 3)
    return (made.clip(0, 4095) / (1 if kind is np.uint16 else 16)).astype(kind)


def samples(stream: bytes) -> Array | None:
    facts = stream_facts(stream)
    assert facts is not None
    return trusted_samples(stream, facts)


@pytest.mark.parametrize(
    "values", [film(), film(np.uint8), film().astype(np.int16) - 2000, np.stack([film(np.uint8)] * 3, -1)]
)
def test_lossless_frames_come_back_exactly(values: Array) -> None:
    found = samples(bytes(imagecodecs.htj2k_encode(values)))
    assert found is not None
    assert found.dtype == values.dtype
    np.testing.assert_array_equal(found, values)


@pytest.mark.parametrize(
    "make",
    [
        lambda: bytes(imagecodecs.htj2k_encode(film(), reversible=False)),
        lambda: bytes(imagecodecs.htj2k_encode(film(), tile=(64, 64))),
        lambda: bytes(imagecodecs.jpeg2k_encode(film(), level=0, reversible=True, codecformat="J2K")),
    ],
    ids=["lossy", "several tiles", "not high-throughput"],
)
def test_what_openjph_cannot_be_trusted_with_is_left_to_openjpeg(make: Callable[[], bytes]) -> None:
    assert samples(make()) is None


@pytest.mark.parametrize("field", GRID)
def test_no_offset_and_no_other_size_reaches_openjph(field: str) -> None:
    """An image offset beyond the grid sends it into a loop without end."""
    whole = bytes(imagecodecs.htj2k_encode(film()))
    at = GRID[field]
    damaged = whole[:at] + (50).to_bytes(4, "big") + whole[at + 4 :]
    facts = stream_facts(whole)
    assert facts is not None
    assert trusted_samples(whole, facts) is not None
    assert trusted_samples(damaged, facts) is None


def test_a_stream_that_was_cut_is_refused_even_with_its_end_marker() -> None:
    whole = bytes(imagecodecs.htj2k_encode(film()))
    first = whole.index(START_OF_TILE)
    for length in (first + 20, len(whole) // 2, len(whole) - 40):
        assert samples(whole[:length] + END_OF_CODESTREAM) is None
        assert samples(whole[:length]) is None


def test_scribbled_streams_give_samples_in_range_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # imagecodecs tells of an error within a row only here, and answers as if there were none.
    monkeypatch.setattr(sys, "unraisablehook", lambda _told: None)
    monkeypatch.setattr(sys, "excepthook", lambda *_told: None)
    whole, pick = bytes(imagecodecs.htj2k_encode(film())), random.Random(8)
    facts = stream_facts(whole)
    assert facts is not None
    refused = 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _byte in range(pick.choice((1, 3, 40))):
            damaged[pick.randrange(2, len(whole) - 2)] = pick.randrange(256)
        found = trusted_samples(bytes(damaged), facts)
        refused += found is None
        assert found is None or (found.shape, found.dtype) == ((75, 101), np.dtype(np.uint16))
    assert refused > 0
