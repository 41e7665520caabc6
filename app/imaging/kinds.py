"""What kind of file this is, judged by its bytes; only Wavefront OBJ, which has no signature, also by its name."""

from __future__ import annotations

import enum
import re
from typing import Final

HEAD_BYTES: Final = 4096


class Kind(enum.StrEnum):
    """The kinds of file that are taken in, and the ZIP file that holds some."""

    DICOM = "dicom"
    JPEG = "jpeg"
    JPEG2000 = "jpeg2000"
    PNG = "png"
    TIFF = "tiff"
    HEIC = "heic"
    PDF = "pdf"
    STL = "stl"
    PLY = "ply"
    OBJ = "obj"
    ZIP = "zip"


PHOTOGRAPHS: Final = frozenset({Kind.JPEG, Kind.JPEG2000, Kind.PNG, Kind.TIFF, Kind.HEIC})
MODELS: Final = frozenset({Kind.STL, Kind.PLY, Kind.OBJ})
_SIGNATURES: Final = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Kind.JPEG2000),
    (b"\xff\x4f\xff\x51", Kind.JPEG2000),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"%PDF-", Kind.PDF),
    (b"ply\n", Kind.PLY),
    (b"ply\r\n", Kind.PLY),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
)
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_OBJ_LINE: Final = re.compile(rb"^(v|vn|vt|f|o|g|mtllib|usemtl) ", re.MULTILINE)


def kind_of(head: bytes, size: int, name: str) -> Kind | None:
    """The kind of a file from its first `HEAD_BYTES`, its size and its name; None when it is none of ours."""
    if head[128:132] == b"DICM":
        return Kind.DICOM
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return Kind.HEIC
    return _without_signature(head, size, name)


def _without_signature(head: bytes, size: int, name: str) -> Kind | None:
    suffix = name.lower().rpartition(".")[2]
    if suffix == "stl" or (head.lstrip()[:6].lower() == b"solid " and b"facet" in head) or _is_binary_stl(head, size):
        return Kind.STL
    if suffix == "obj" and _OBJ_LINE.search(head):
        return Kind.OBJ
    if suffix == "ply":
        return Kind.PLY
    if head[:2] in (b"\x02\x00", b"\x08\x00", b"\x00\x02", b"\x00\x08") and head[:4] != b"\x00" * 4:
        return Kind.DICOM  # a bare data set, without the preamble of PS3.10 §7.1
    return Kind.DICOM if suffix in {"dcm", "dic"} and head else None


def _is_binary_stl(head: bytes, size: int) -> bool:
    """84 bytes of header and count, then 50 bytes a triangle."""
    count = int.from_bytes(head[80:84], "little")
    return count > 0 and size == 84 + 50 * count
