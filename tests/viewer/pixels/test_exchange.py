"""Frames through shared memory: what comes back, what is given back to the system, and what happens without it."""

from __future__ import annotations

from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import numpy as np
import pytest

from viewer.pixels import exchange, open_image
from viewer.pixels.exchange import LEAST, Exchange, ExchangeEnd
from viewer.pixels.isolation import IsolatedDecoder

NAME = "pydicom/MR_small_jp2klossless.dcm"


def test_samples_go_there_and_back() -> None:
    ours, theirs = Exchange(), ExchangeEnd()
    values = np.arange(24, dtype=np.int16).reshape(4, 6) - 12
    try:
        name = ours.put(b"codestream", values.nbytes)
        assert theirs.read(name, 10) == b"codestream"
        assert theirs.write(values)
        back = ours.take(values.dtype.str, values.shape)
        theirs.write(values * 0)
        np.testing.assert_array_equal(back, values)
    finally:
        theirs.close()
        ours.close()


def test_a_larger_frame_gets_a_larger_block_and_the_old_one_is_given_back() -> None:
    ours = Exchange()
    try:
        small = ours.put(b"x", 10)
        assert ours.put(b"y", LEAST) == small
        large = ours.put(b"z", 2 * LEAST)
        assert large != small
        with pytest.raises(FileNotFoundError):
            SharedMemory(small)
    finally:
        ours.close()
    with pytest.raises(FileNotFoundError):
        SharedMemory(large)


def test_what_is_larger_than_the_block_is_not_written() -> None:
    ours, theirs = Exchange(), ExchangeEnd()
    try:
        theirs.read(ours.put(b"x", 0), 1)
        assert not theirs.write(np.zeros(4 * LEAST, np.uint8))
    finally:
        theirs.close()
        ours.close()


def test_where_no_shared_memory_is_left_the_pipe_carries_the_frame(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_reserved", lambda _size: None)
    decoder = IsolatedDecoder(workers=1)
    try:
        found = open_image(data / NAME, decoder=decoder).frame().values
    finally:
        decoder.close()
    np.testing.assert_array_equal(found, open_image(data / NAME).frame().values)
