"""Which HTJ2K codestreams OpenJPH is asked for, and that what it must not see goes to OpenJPEG."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
import pytest

from viewer.pixels import high_throughput
from viewer.pixels.codestream import stream_facts
from viewer.pixels.form import Array
from viewer.pixels.high_throughput import END_OF_CODESTREAM, START_OF_TILE, trusted_samples

GRID = {"width": 8, "height": 12, "left": 16, "top": 20, "tile width": 24, "tile left": 32}
DEPTH = 42
"""Where the header says how many bits the first component has, less one."""


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
        lambda: bytes(imagecodecs.htj2k_encode(film(), tile=(64, 64))),
        lambda: bytes(imagecodecs.jpeg2k_encode(film(), level=0, reversible=True, codecformat="J2K")),
    ],
    ids=["several tiles", "not high-throughput"],
)
def test_what_openjph_cannot_be_trusted_with_is_left_to_openjpeg(make: Callable[[], bytes]) -> None:
    assert samples(make()) is None


def black_and_white(bits: int, signed: bool, components: int) -> Array:
    """The whole range with sharp edges everywhere, on which the irreversible wavelet overshoots at both ends."""
    low = -(1 << (bits - 1)) if signed else 0
    made = np.full((203, 256), low, np.dtype(f"{'i' if signed else 'u'}{bits // 8}"))
    made[64:192, 64:192] = made[::7] = low + (1 << bits) - 1
    made[:, ::5] = low
    return made if components == 1 else np.stack([made, made[::-1], made[:, ::-1]], -1)


@pytest.mark.parametrize("level", [None, 0.02])
@pytest.mark.parametrize("components", [1, 3])
@pytest.mark.parametrize(("bits", "signed", "apart"), [(8, False, 1), (8, True, 1), (16, False, 4), (16, True, 4)])
def test_lossy_frames_are_those_of_openjpeg_and_white_never_becomes_black(
    bits: int, signed: bool, apart: int, components: int, level: float | None
) -> None:
    values = black_and_white(bits, signed, components)
    stream = bytes(imagecodecs.htj2k_encode(values, reversible=False, level=level))
    found, reference = samples(stream), imagecodecs.jpeg2k_decode(stream)
    assert found is not None
    assert found.dtype == values.dtype
    assert np.abs(imagecodecs.htj2k_decode(stream).astype(int) - reference).max() > 1 << (bits - 1), "it overshoots"
    assert np.abs(found.astype(int) - reference).max() <= apart


@pytest.mark.parametrize("bits", [10, 12, 14, 15])
def test_lossy_frames_of_fewer_bits_than_their_cells_are_cut_to_their_range(bits: int) -> None:
    """Such a codestream is one of 16 bits whose header says fewer: fractions of the range are all that it holds."""
    stream = bytearray(imagecodecs.htj2k_encode(black_and_white(16, False, 1), reversible=False))
    stream[DEPTH] = bits - 1
    found, reference = samples(bytes(stream)), imagecodecs.jpeg2k_decode(bytes(stream))
    assert found is not None
    assert (found.min(), found.max()) == (0, (1 << bits) - 1)
    assert np.abs(found.astype(int) - reference).max() <= 2


class Filled:
    """NumPy, but memory that nobody has written yet holds one byte throughout."""

    def __init__(self, byte: int) -> None:
        self.byte = byte

    def __getattr__(self, name: str) -> object:
        return getattr(np, name)

    def empty(self, shape: tuple[int, ...], kind: np.dtype[Any]) -> Array:
        return np.frombuffer(bytearray([self.byte]) * (math.prod(shape) * kind.itemsize), kind).reshape(shape)


@pytest.mark.parametrize("reversible", [True, False])
def test_nothing_that_was_in_memory_is_ever_shown(monkeypatch: pytest.MonkeyPatch, reversible: bool) -> None:
    """Damaged streams are decoded over two different fillings: what comes out may not depend on them."""
    monkeypatch.setattr(sys, "unraisablehook", lambda _told: None)
    monkeypatch.setattr(sys, "excepthook", lambda *_told: None)
    values = np.stack([film(np.uint8)] * 3, -1)
    whole, pick = bytes(imagecodecs.htj2k_encode(values, reversible=reversible)), random.Random(3)
    facts = stream_facts(whole)
    assert facts is not None
    accepted = 0
    for _ in range(120):
        damaged = bytearray(whole)
        for _byte in range(pick.choice((1, 3, 40))):
            damaged[pick.randrange(2, len(whole) - 2)] = pick.randrange(256)
        shown = []
        for byte in (0x11, 0xEE):
            monkeypatch.setattr(high_throughput, "np", Filled(byte))
            shown.append(trusted_samples(bytes(damaged), facts))
        first, second = shown
        accepted += first is not None
        assert (first is None) == (second is None)
        assert first is None or second is None or np.array_equal(first, second)
    assert accepted > 10


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
