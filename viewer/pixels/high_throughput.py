"""High-throughput JPEG 2000 (ITU-T T.814) by OpenJPH, for the codestreams that it can be trusted with.

OpenJPH takes half the time of OpenJPEG. As imagecodecs 2026.3.6 calls it, it does not look at three things, which are
looked at here: image offsets outside the grid (it never ends), a codestream that was cut off (it fills up with what was
in memory), and samples beyond their bits. Lossy codestreams are not for it at all: where they overshoot, white becomes
black. What is refused here, OpenJPEG is asked for.
"""

from __future__ import annotations

import numpy as np

from viewer.pixels.codestream import J2K_START, StreamFacts
from viewer.pixels.form import Array

START_OF_TILE, END_OF_CODESTREAM = b"\xff\x90", b"\xff\xd9"
PADDING = 16
"""Bytes after the last marker that writers are seen to add; a fragment needs one at most (PS3.5 §A.4)."""
SENTINEL = np.frombuffer(b"\x5a\xc3\x17\xe8\x91\x3c\xd4\x6b", np.uint8)
"""Laid into the last row: when it is still there, the decoder stopped before it."""
_COD, _COC, _RGN = 0xFF52, 0xFF53, 0xFF5E
_HIGH_THROUGHPUT, _REVERSIBLE = 0x40, 1
_GRID = slice(8, 40)


def trusted_samples(data: bytes, facts: StreamFacts) -> Array | None:
    """The samples of one frame, (rows, columns) or (rows, columns, components); None for what OpenJPEG must decide."""
    start = _end_of_reversible_header(data) if _plain_grid(data, facts) else 0
    if not start or not _is_whole(data, start):
        return None
    try:
        values = _decoded(data, facts)
    except (RuntimeError, ValueError):
        return None
    return values if values is not None and _in_range(values, facts) else None


def _plain_grid(data: bytes, facts: StreamFacts) -> bool:
    """One tile that is the image, no offsets, no subsampling, one precision (SIZ, ITU-T T.800 §A.5.1)."""
    if not data.startswith(J2K_START):
        return False
    width, height, left, top, tile_width, tile_height, tile_left, tile_top = np.frombuffer(data[_GRID], ">u4").tolist()
    count = int.from_bytes(data[40:42], "big")
    components = data[42 : 42 + 3 * count]
    return (
        (left, top, tile_left, tile_top) == (0, 0, 0, 0)
        and (width, height) == (facts.columns, facts.rows)
        and tile_width >= width
        and tile_height >= height
        and components == (components[:1] + b"\x01\x01") * facts.components
    )


def _is_whole(data: bytes, at: int) -> bool:
    """Whether the tile-parts that begin at `at` follow each other up to the end marker (SOT, §A.4.2)."""
    while data[at : at + 2] == START_OF_TILE:
        length = int.from_bytes(data[at + 6 : at + 10], "big")
        if length == 0:
            return END_OF_CODESTREAM in data[-PADDING:]
        if length < 14:
            return False
        at += length
    return data[at : at + 2] == END_OF_CODESTREAM


def _end_of_reversible_header(data: bytes) -> int:
    """Where the first tile-part begins; 0 unless every code block is high-throughput and the wavelet reversible.

    Looked at is COD (§A.6.1); rules of its own for a component or a region make it 0 too.
    """
    at, found = 2, False
    while at + 4 <= len(data):
        marker, length = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at : at + 2] == START_OF_TILE:
            return at if found else 0
        body = data[at + 4 : at + 2 + length]
        if marker in (_COC, _RGN) or length < 2 or (marker == _COD and (found or len(body) < 10)):
            return 0
        if marker == _COD:
            found = (body[8], body[9]) == (_HIGH_THROUGHPUT, _REVERSIBLE)
        at += 2 + length
    return 0


def _decoded(data: bytes, facts: StreamFacts) -> Array | None:
    """None when the last row was never written. Raises RuntimeError or ValueError."""
    import imagecodecs

    kind = np.dtype(f"{'i' if facts.signed else 'u'}{1 if facts.precision <= 8 else 2}")
    shape = (facts.rows, facts.columns) if facts.components == 1 else (facts.rows, facts.columns, facts.components)
    values = np.zeros(shape, kind)
    last = values[-1].reshape(-1).view(np.uint8)
    mark = np.resize(SENTINEL, last.size)
    last[:] = mark
    imagecodecs.htj2k_decode(data, planar=False, out=values)
    return None if np.array_equal(last, mark) else values


def _in_range(values: Array, facts: StreamFacts) -> bool:
    """Lossless samples beyond their bits are in no sound codestream."""
    if facts.precision in (8, 16):
        return True
    span = 1 << facts.precision
    low = -(span >> 1) if facts.signed else 0
    return bool(values.min() >= low and values.max() < low + span)
