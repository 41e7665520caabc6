"""High-throughput JPEG 2000 (ITU-T T.814) by OpenJPH, for the codestreams that it can be trusted with.

OpenJPH takes half the time of OpenJPEG. As imagecodecs 2026.3.6 calls it, it does not look at three things, which are
looked at here: image offsets outside the grid (it never ends), a codestream that was cut off (it fills up with what was
in memory), and samples beyond their bits. What is refused here, OpenJPEG is asked for.

Lossy codestreams overshoot at edges, and OpenJPH casts what lies beyond the cell of a sample: white becomes black. The
irreversible wavelet works on fractions of the range (T.800 §E.1.1.2), so that the depth in the header does nothing but
scale what comes out. It is therefore asked for a depth that leaves room in a 16-bit cell, and what overshoots is cut
here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from viewer.pixels.codestream import J2K_START, StreamFacts
from viewer.pixels.form import Array

START_OF_TILE, END_OF_CODESTREAM = b"\xff\x90", b"\xff\xd9"
PADDING = 16
"""Bytes after the last marker that writers are seen to add; a fragment needs one at most (PS3.5 §A.4)."""
SENTINEL = np.frombuffer(b"\x5a\xc3\x17\xe8\x91\x3c\xd4\x6b", np.uint8)
"""Laid into the last row: when it is still there, the decoder stopped before it."""
_COD, _COC, _RGN = 0xFF52, 0xFF53, 0xFF5E
_HIGH_THROUGHPUT, _IRREVERSIBLE, _REVERSIBLE = 0x40, 0, 1
_GRID = slice(8, 40)
_DEPTHS = 42
"""Where the components begin in the codestream: three bytes each, the first its depth less one and its sign."""
_SIGNED = 0x80
ROOMY_BITS = 15
"""The greatest depth at which a 16-bit cell holds overshoots of half the range to either side."""
STRIP = 256
"""Rows that are settled at a time, so that they stay in the processor's cache."""


def trusted_samples(data: bytes, facts: StreamFacts) -> Array | None:
    """The samples of one frame, (rows, columns) or (rows, columns, components); None for what OpenJPEG must decide."""
    start, wavelet = _end_of_header(data) if _plain_grid(data, facts) else (0, None)
    if not start or not _is_whole(data, start):
        return None
    try:
        if wavelet == _IRREVERSIBLE:
            return _lossy_samples(data, facts)
        values = _decoded(data, facts, _kind(facts.precision, facts.signed))
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


def _end_of_header(data: bytes) -> tuple[int, int | None]:
    """Where the first tile-part begins, and the wavelet; 0 unless every code block is high-throughput.

    Looked at is COD (§A.6.1); rules of its own for a component or a region make it 0 too.
    """
    at, wavelet = 2, None
    while at + 4 <= len(data):
        marker, length = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at : at + 2] == START_OF_TILE:
            return (at if wavelet is not None else 0), wavelet
        body = data[at + 4 : at + 2 + length]
        if marker in (_COC, _RGN) or length < 2 or (marker == _COD and (wavelet is not None or len(body) < 10)):
            return 0, None
        if marker == _COD and body[8] == _HIGH_THROUGHPUT and body[9] in (_IRREVERSIBLE, _REVERSIBLE):
            wavelet = body[9]
        at += 2 + length
    return 0, None


def _kind(bits: int, signed: bool) -> np.dtype[Any]:
    return np.dtype(f"{'i' if signed else 'u'}{1 if bits <= 8 else 2}")


def _decoded(data: bytes | bytearray, facts: StreamFacts, kind: np.dtype[Any]) -> Array | None:
    """None when the last row was never written. Raises RuntimeError or ValueError.

    Rows are written one after the other: when the last one is there, nothing is left in any of what was in memory.
    """
    import imagecodecs

    shape = (facts.rows, facts.columns) if facts.components == 1 else (facts.rows, facts.columns, facts.components)
    values = np.empty(shape, kind)
    last = values[-1].reshape(-1).view(np.uint8)
    mark = np.resize(SENTINEL, last.size)
    last[:] = mark
    imagecodecs.htj2k_decode(data, planar=False, out=values)
    return None if np.array_equal(last, mark) else values


def _lossy_samples(data: bytes, facts: StreamFacts) -> Array | None:
    """What an irreversible codestream shows, cut to its range; None as for `_decoded`, which says what it raises.

    Samples of 16 bits are read at 15 and doubled, those of 8 at 9 and halved: no lossy codestream keeps its last level.
    """
    depth = facts.precision + 1 if facts.precision <= 8 else min(facts.precision, ROOMY_BITS)
    # Around 0 there is as much room above as below; below the greatest depth there is enough of it above 0 too.
    centred = facts.signed or depth == ROOMY_BITS
    roomy = bytearray(data)
    first = (_SIGNED if centred else 0) | (depth - 1)
    roomy[_DEPTHS : _DEPTHS + 3 * facts.components : 3] = bytes([first]) * facts.components
    values = _decoded(roomy, facts, np.dtype(np.int16))
    if values is None:
        return None
    kind = _kind(facts.precision, facts.signed)
    found = values.view(kind) if kind.itemsize == values.itemsize else np.empty(values.shape, kind)
    low = -(1 << (depth - 1)) if centred else 0
    for top in range(0, len(values), STRIP):
        strip, settled = values[top : top + STRIP], found[top : top + STRIP]
        np.clip(strip, low, low + (1 << depth) - 1, out=strip)
        if facts.precision < depth:
            strip >>= np.int16(1)
            np.copyto(settled, strip, casting="unsafe")
        if facts.precision > depth:
            strip += strip
        if centred and not facts.signed:
            settled += np.uint16(1 << (facts.precision - 1))
    return found


def _in_range(values: Array, facts: StreamFacts) -> bool:
    """Lossless samples beyond their bits are in no sound codestream."""
    if facts.precision in (8, 16):
        return True
    span = 1 << facts.precision
    low = -(span >> 1) if facts.signed else 0
    return bool(values.min() >= low and values.max() < low + span)
