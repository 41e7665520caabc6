"""Size and format that a compressed frame states about itself, read before any decoder allocates memory for it."""

from __future__ import annotations

from dataclasses import dataclass

JPEG_START = b"\xff\xd8"
J2K_START = b"\xff\x4f\xff\x51"
JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"

# Start of frame of every JPEG process (ITU-T T.81 table B.1) but the hierarchical ones, and of JPEG-LS (T.87).
_START_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA, 0xCB, 0xF7})


@dataclass(frozen=True)
class StreamFacts:
    """What the codestream says: rows, columns, components, bits per sample and their sign."""

    rows: int
    columns: int
    components: int
    precision: int
    signed: bool = False
    component_ids: bytes = b""
    jfif: bool = False
    adobe_transform: int | None = None


def stream_facts(data: bytes) -> StreamFacts | None:
    """Facts of a JPEG, JPEG-LS, JPEG 2000 or HTJ2K frame; None when the bytes are none of these or are cut short."""
    if data.startswith(JPEG_START):
        return _jpeg_facts(data)
    start = data.find(J2K_START, 0, 4096) if data.startswith(JP2_SIGNATURE) else 0
    if start >= 0 and data[start : start + 4] == J2K_START:
        return _j2k_facts(data[start:])
    return None


def _jpeg_facts(data: bytes) -> StreamFacts | None:
    """Walk the marker segments up to the start of frame."""
    at, jfif, adobe = 2, False, None
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if marker in _START_OF_FRAME:
            return _start_of_frame(body, jfif, adobe)
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            jfif = True
        if marker == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
            adobe = body[11]
        at += 2 + max(2, length)
    return None


def _start_of_frame(body: bytes, jfif: bool, adobe: int | None) -> StreamFacts | None:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        return None
    rows, columns = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    ids = bytes(body[6 + 3 * i] for i in range(body[5]))
    return StreamFacts(rows, columns, body[5], body[0], False, ids, jfif, adobe)


def _j2k_facts(data: bytes) -> StreamFacts | None:
    """The SIZ segment (ITU-T T.800 §A.5.1)."""
    if len(data) < 45:
        return None
    width, height, left, top = (int.from_bytes(data[at : at + 4], "big") for at in (8, 12, 16, 20))
    components = int.from_bytes(data[40:42], "big")
    depth = data[42]
    return StreamFacts(height - top, width - left, components, (depth & 0x7F) + 1, bool(depth & 0x80))
