"""Where each frame's bytes lie in the file, so that one frame can be read without the others (PS3.5 §A.4, §8.2)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from viewer.pixels import attributes as at
from viewer.pixels.codestream import J2K_START, JPEG_START
from viewer.pixels.errors import DamagedPixels
from viewer.pixels.reading import UNDEFINED, Parsed

ITEM = b"\xfe\xff\x00\xe0"
MAX_FRAGMENTS = 1 << 20

Extent = tuple[int, int]
"""Offset in the file and number of bytes."""


def frame_extents(parsed: Parsed, count: int) -> list[list[Extent]]:
    """For each of `count` encapsulated frames, the extents of its fragments.

    Raises DamagedPixels when the fragments cannot be shared out to that many frames.
    """
    if parsed.pixel_length != UNDEFINED:
        raise DamagedPixels
    table, fragments = _walk(parsed)
    if not fragments or count > len(fragments):
        raise DamagedPixels
    if count == 1:
        return [fragments]
    if len(fragments) == count:
        return [[fragment] for fragment in fragments]
    starts = _starts_from_tables(parsed, table, fragments, count) or _starts_from_markers(parsed, fragments)
    if len(starts) != count or starts[0] != 0:
        raise DamagedPixels
    return [fragments[a:b] for a, b in itertools.pairwise([*starts, len(fragments)])]


def _walk(parsed: Parsed) -> tuple[bytes, list[Extent]]:
    """The Basic Offset Table and the extents of all fragments; stops quietly at the end of the file."""
    offset = parsed.pixel_offset
    found: list[Extent] = []
    size = parsed.stream.size
    while len(found) < MAX_FRAGMENTS:
        head = parsed.bytes_at(offset, 8)
        if len(head) < 8 or head[:4] != ITEM:
            break
        length = int.from_bytes(head[4:8], "little")
        found.append((offset + 8, min(length, size - offset - 8)))
        offset += 8 + length
    if not found:
        raise DamagedPixels
    return parsed.bytes_at(*found[0]), [extent for extent in found[1:] if extent[1] > 0]


def _starts_from_tables(parsed: Parsed, basic: bytes, fragments: Sequence[Extent], count: int) -> list[int]:
    """Index of the first fragment of each frame by the Basic or the Extended Offset Table; empty when unusable."""
    extended = at.data(parsed.ds, "ExtendedOffsetTable")
    table, width = (basic, 4) if len(basic) == 4 * count else (extended, 8)
    if len(table) != width * count:
        return []
    base = fragments[0][0] - 8
    index_by_offset = {extent[0] - 8 - base: index for index, extent in enumerate(fragments)}
    offsets = (int.from_bytes(table[i : i + width], "little") for i in range(0, len(table), width))
    starts = [index_by_offset.get(offset, -1) for offset in offsets]
    return starts if all(a < b for a, b in itertools.pairwise([-1, *starts])) else []


def _starts_from_markers(parsed: Parsed, fragments: Sequence[Extent]) -> list[int]:
    """Index of the fragments that begin a codestream; used when the offset table is empty or wrong."""
    heads = (parsed.bytes_at(extent[0], 4) for extent in fragments)
    return [index for index, head in enumerate(heads) if head.startswith(JPEG_START) or head == J2K_START]
