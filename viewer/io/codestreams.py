"""Cameras and scanners write names, dates and places into the compressed image itself. This takes them out.

Only what describes the samples stays: JFIF, ICC, SPIFF and JPEG-LS, Adobe's colour transform.
"""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames

from viewer.pixels.codestream import J2K_START, JP2_SIGNATURE, JPEG_START
from viewer.pixels.errors import DamagedPixels

_KEPT_APPLICATION_DATA = frozenset({0xE0, 0xE2, 0xE8, 0xEE})
_COMMENT = 0xFE
_START_OF_SCAN = 0xDA
_J2K_COMMENT = b"\xff\x64"
_J2K_START_OF_TILE = b"\xff\x90"
_JP2_PRIVATE = frozenset({b"xml ", b"uuid", b"uinf", b"jp2i"})


def strip_metadata(stream: bytes) -> bytes:
    """The frame without comments and application data; anything that is no JPEG or JPEG 2000 stays as it is."""
    if stream.startswith(JPEG_START):
        return _strip_jpeg(stream)
    if stream.startswith(J2K_START):
        return _strip_j2k(stream)
    if stream.startswith(JP2_SIGNATURE):
        return _strip_boxes(stream)
    return stream


def clean_pixel_data(ds: Dataset, frames: int) -> None:
    """Strip every encapsulated frame of a data set in place. Raises DamagedPixels when they cannot be told apart."""
    if not ds["PixelData"].is_undefined_length:
        return
    try:
        before = list(generate_frames(ds.PixelData, number_of_frames=frames))
    except Exception:
        raise DamagedPixels from None
    after = [strip_metadata(frame) for frame in before]
    if after != before:
        ds.PixelData = encapsulate(after)
        ds["PixelData"].is_undefined_length = True


def _strip_jpeg(stream: bytes) -> bytes:
    kept, at = [stream[:2]], 2
    while at + 4 <= len(stream) and stream[at] == 0xFF:
        marker = stream[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _START_OF_SCAN:
            break
        end = at + 2 + max(2, int.from_bytes(stream[at + 2 : at + 4], "big"))
        private = 0xE0 <= marker <= 0xEF and marker not in _KEPT_APPLICATION_DATA
        if not private and marker != _COMMENT:
            kept.append(_application_data(marker, stream[at:end]))
        at = end
    return b"".join([*kept, stream[at:]])


def _application_data(marker: int, segment: bytes) -> bytes:
    """A segment that stays. JFIF may hold a thumbnail, which shows what a mask covers: it goes."""
    if marker == 0xE0 and segment[4:9] == b"JFIF\0" and len(segment) > 18:
        return segment[:2] + b"\x00\x10" + segment[4:16] + b"\0\0"
    if marker == 0xE0 and segment[4:9] != b"JFIF\0":
        return b""
    if marker == 0xE2 and segment[4:16] != b"ICC_PROFILE\0":
        return b""
    return segment


def _strip_j2k(stream: bytes) -> bytes:
    """Marker segments of the main header (ITU-T T.800 §A.3) up to the first tile."""
    kept, at = [stream[:2]], 2
    while at + 4 <= len(stream) and stream[at] == 0xFF and stream[at : at + 2] != _J2K_START_OF_TILE:
        end = at + 2 + max(2, int.from_bytes(stream[at + 2 : at + 4], "big"))
        if stream[at : at + 2] != _J2K_COMMENT:
            kept.append(stream[at:end])
        at = end
    return b"".join([*kept, stream[at:]])


def _strip_boxes(stream: bytes) -> bytes:
    """Boxes of a JP2 file (ITU-T T.800 §I.4) without XML, UUID and rights boxes; the codestream box is stripped too."""
    kept, at = [], 0
    while at + 8 <= len(stream):
        size, kind = int.from_bytes(stream[at : at + 4], "big"), stream[at + 4 : at + 8]
        if size == 1 or 1 < size < 8:
            break
        end = len(stream) if size == 0 else at + size
        body = stream[at + 8 : end]
        if kind == b"jp2c":
            body = _strip_j2k(body)
        if kind not in _JP2_PRIVATE:
            kept.append((0 if size == 0 else len(body) + 8).to_bytes(4, "big") + kind + body)
        at = end
    return b"".join([*kept, stream[at:]])
