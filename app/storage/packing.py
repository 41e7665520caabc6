"""Packed originals: an uncompressed radiograph with its pixels as lossless HTJ2K, from which every byte comes again.

The packed form is ours and stays in the bucket; nothing else reads it. It keeps what stands before and after the pixels
as received, and the pixels as one code stream a frame (ISO/IEC 15444-15). It counts only where unpacking gives the
SHA-256 of what was received: `packed` tries that before it answers.
"""

from __future__ import annotations

import io
from typing import Any, Final

import msgspec
import numpy as np

MAGIC: Final = b"ARCHWIRE PACKED 1\n"
MEDIA_TYPE: Final = "application/x-archwire-packed"
CODEC: Final = "HTJ2K"
_NATIVE: Final = frozenset({"1.2.840.10008.1.2", "1.2.840.10008.1.2.1"})


class _Packed(msgspec.Struct, array_like=True):
    prefix: bytes
    suffix: bytes
    rows: int
    columns: int
    depth: int
    signed: bool
    frames: list[bytes]


def packed(content: bytes) -> bytes | None:
    """The packed form of a DICOM file; None where it would not be smaller, or not give back every byte."""
    found = _pixels(content)
    if found is None:
        return None
    start, length, rows, columns, depth, signed = found
    kind = np.dtype(f"<{'i' if signed else 'u'}{depth}")
    frames = np.frombuffer(content, kind, length // depth, start).reshape(-1, rows, columns)
    try:
        streams = [_encoded(frame) for frame in frames]
    except (ValueError, RuntimeError):
        return None
    body = _Packed(content[:start], content[start + length :], rows, columns, depth, signed, streams)
    made = MAGIC + msgspec.msgpack.encode(body)
    if len(made) >= len(content) or unpacked(made) != content:
        return None
    return made


def unpacked(made: bytes) -> bytes:
    """The file as it was received. `ValueError` for anything that `packed` did not make."""
    if not made.startswith(MAGIC):
        raise ValueError("this is no packed original")
    try:
        body = msgspec.msgpack.decode(made[len(MAGIC) :], type=_Packed)
    except msgspec.DecodeError as error:
        raise ValueError("this packed original is damaged") from error
    kind = np.dtype(f"<{'i' if body.signed else 'u'}{body.depth}")
    out = io.BytesIO()
    out.write(body.prefix)
    for stream in body.frames:
        out.write(_decoded(stream).astype(kind, copy=False).reshape(body.rows, body.columns).tobytes())
    out.write(body.suffix)
    return out.getvalue()


def _encoded(frame: Any) -> bytes:
    import imagecodecs

    return bytes(imagecodecs.htj2k_encode(np.ascontiguousarray(frame), reversible=True))


def _decoded(stream: bytes) -> Any:
    import imagecodecs

    return imagecodecs.htj2k_decode(stream)


def _pixels(content: bytes) -> tuple[int, int, int, int, int, bool] | None:
    """Where the pixels of a grey uncompressed image lie: start, length, rows, columns, bytes a pixel, signed."""
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    try:
        ds = dcmread(io.BytesIO(content), specific_tags=_WANTED)
        syntax = str(ds.file_meta.TransferSyntaxUID)
        element = ds.get_item("PixelData")
        facts = (int(ds.Rows), int(ds.Columns), int(ds.BitsAllocated) // 8, int(ds.PixelRepresentation))
    except (InvalidDicomError, AttributeError, ValueError, TypeError, EOFError, KeyError, OSError, RuntimeError):
        return None
    if syntax not in _NATIVE or element is None or int(ds.get("SamplesPerPixel", 1)) != 1:
        return None
    rows, columns, depth, signed = facts
    start = getattr(element, "value_tell", None)
    if start is None or depth not in {1, 2} or min(rows, columns) < 1:
        return None
    length = rows * columns * depth * int(ds.get("NumberOfFrames") or 1)
    if length < 1 or start + length > len(content):
        return None
    return start, length, rows, columns, depth, bool(signed)


_WANTED: Final = [
    "Rows", "Columns", "BitsAllocated", "PixelRepresentation", "SamplesPerPixel", "NumberOfFrames", "PixelData",
]  # fmt: skip
