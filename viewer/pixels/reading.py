"""Parse a DICOM data set up to its pixels, whatever the bytes are.

Nothing but `PixelError` leaves this module: a parser that meets hostile bytes may raise almost anything. Parsing reads
the header only; the pixels stay in the file until a frame is asked for.
"""

from __future__ import annotations

import io
import logging
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol, cast

import pydicom
from pydicom import config
from pydicom.dataset import Dataset

from viewer.pixels.errors import DamagedFile, NotDicom, TooLarge

# Values that break a rule are the rule in practice, and pydicom's warnings quote them: they may name a patient.
config.settings.reading_validation_mode = config.IGNORE
warnings.filterwarnings("ignore", module=r"pydicom(\.|$)")
logging.getLogger("pydicom").setLevel(logging.CRITICAL)


class Openable(Protocol):
    """Bytes that stand elsewhere than in a file: sealed, in an archive."""

    def open(self, mode: Literal["rb"]) -> BinaryIO:
        """A seekable stream of them; OSError when they can't be read."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is opened when it is wanted, and again as often: one that is kept sealed and decrypted in pieces.

    `opening` gives a binary stream that can seek; it may raise OSError.
    """

    opening: Callable[[], BinaryIO]
    size: int

    def open(self, mode: Literal["rb"]) -> BinaryIO:
        """See `Openable`."""
        return self.opening()


Source = Path | str | bytes | Openable

IMPLICIT_LE = "1.2.840.10008.1.2"
EXPLICIT_LE = "1.2.840.10008.1.2.1"
EXPLICIT_BE = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"

INFLATED_BUDGET = 512 << 20
INFLATED_PIECE = 16 << 20
UNDEFINED = 0xFFFFFFFF
PIXEL_TAGS = {0x7FE00010: "PixelData", 0x7FE00008: "FloatPixelData", 0x7FE00009: "DoubleFloatPixelData"}


class BoundedFile:
    """A binary file whose reads never ask for more than is left.

    A damaged length of 4 GB would otherwise make the interpreter reserve 4 GB before it notices the end of the file.
    """

    def __init__(self, stream: BinaryIO, size: int, name: str = "") -> None:
        self._stream = stream
        self.size = size
        self.name = name

    def read(self, count: int = -1) -> bytes:
        left = max(0, self.size - self._stream.tell())
        return self._stream.read(left if count < 0 else min(count, left))

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def close(self) -> None:
        self._stream.close()


@dataclass
class Parsed:
    """A header, and where the value of the pixel element lies in `stream`."""

    ds: Dataset
    stream: BoundedFile
    transfer_syntax: str
    implicit: bool
    little_endian: bool
    pixel_keyword: str = ""
    pixel_vr: str = ""
    pixel_offset: int = 0
    pixel_length: int = 0

    def bytes_at(self, offset: int, count: int) -> bytes:
        """`count` bytes of the stream, fewer when it ends before."""
        self.stream.seek(offset)
        return self.stream.read(count)


def parse(source: Source) -> Parsed:
    """Read the header of `source` and locate its pixels.

    Raises NotDicom, DamagedFile or TooLarge.
    """
    stream = _open(source)
    try:
        return _parse(stream)
    except (NotDicom, DamagedFile, TooLarge):
        stream.close()
        raise
    except (Exception, RecursionError):
        stream.close()
        raise DamagedFile from None


def _open(source: Source) -> BoundedFile:
    if isinstance(source, bytes):
        return BoundedFile(io.BytesIO(source), len(source))
    try:
        place = Path(source) if isinstance(source, str) else source
        stream: BinaryIO = place.open("rb")
        return BoundedFile(stream, stream.seek(0, io.SEEK_END))
    except OSError:
        raise DamagedFile from None


def _parse(stream: BoundedFile) -> Parsed:
    _check_signature(stream)
    stream.seek(0)
    meta_end, transfer_syntax = _file_meta(stream)
    if transfer_syntax == DEFLATED:
        stream = _inflate(stream, meta_end)
    stream.seek(0)
    ds = pydicom.dcmread(stream, stop_before_pixels=True, force=True)
    implicit, little = ds.original_encoding
    implicit, little = bool(implicit), little is not False
    if not transfer_syntax:
        transfer_syntax = (IMPLICIT_LE if implicit else EXPLICIT_LE) if little else EXPLICIT_BE
    parsed = Parsed(ds, stream, transfer_syntax, implicit, little)
    _locate_pixels(parsed)
    return parsed


def _check_signature(stream: BoundedFile) -> None:
    """Accept Part 10 files, and bare data sets that begin with group 2 or 8 in either byte order."""
    stream.seek(0)
    head = stream.read(132)
    if head[128:132] == b"DICM":
        return
    if len(head) >= 8 and head[:2] in (b"\x02\x00", b"\x08\x00", b"\x00\x02", b"\x00\x08") and head[:4] != b"\x00" * 4:
        return
    raise NotDicom


def _file_meta(stream: BoundedFile) -> tuple[int, str]:
    """Offset after the file meta information, and the transfer syntax UID that it names ('' when it names none)."""
    start = 132 if stream.read(132)[128:132] == b"DICM" else 0
    stream.seek(start)
    meta = pydicom.filereader._read_file_meta_info(cast(BinaryIO, stream))
    end = stream.tell()
    uid = str(meta.get("TransferSyntaxUID", "") or "")
    return end, uid if len(uid) <= 64 and all(c in "0123456789." for c in uid) else ("?" if uid else "")


def _inflate(stream: BoundedFile, meta_end: int) -> BoundedFile:
    """The same file with its data set inflated (PS3.5 §A.5: raw deflate, RFC 1951).

    Raises TooLarge when a small file inflates beyond the budget.
    """
    stream.seek(0)
    # The data set will be plain explicit little endian: say so in a UID padded to the same length.
    meta = stream.read(meta_end).replace(DEFLATED.encode(), EXPLICIT_LE.encode().ljust(len(DEFLATED), b"\0"))
    inflater, out = zlib.decompressobj(-zlib.MAX_WBITS), io.BytesIO()
    out.write(meta)
    packed = stream.read()
    while packed and not inflater.eof:  # in pieces: a second copy of all would double the memory
        out.write(inflater.decompress(packed, INFLATED_PIECE))
        packed = inflater.unconsumed_tail
        if out.tell() > INFLATED_BUDGET:
            raise TooLarge(megabytes=INFLATED_BUDGET >> 20)
    stream.close()
    size = out.tell()
    return BoundedFile(out, size)


def _locate_pixels(parsed: Parsed) -> None:
    """Read the header of the pixel element that parsing stopped at; leaves `pixel_keyword` empty when there is none."""
    offset = parsed.stream.tell()
    head = parsed.bytes_at(offset, 12)
    order: Any = "little" if parsed.little_endian else "big"
    if len(head) < 8:
        return
    tag = int.from_bytes(head[:2], order) << 16 | int.from_bytes(head[2:4], order)
    if tag not in PIXEL_TAGS:
        return
    parsed.pixel_keyword = PIXEL_TAGS[tag]
    # Some writers declare explicit VR and then write implicit: the bytes decide.
    parsed.implicit = head[4:6] not in (b"OB", b"OW", b"OF", b"OD", b"UN")
    if parsed.implicit:
        parsed.pixel_vr, parsed.pixel_length, header = "OW", int.from_bytes(head[4:8], order), 8
    else:
        parsed.pixel_vr, header = head[4:6].decode("latin-1"), 12
        parsed.pixel_length = int.from_bytes(head[8:12], order)
    parsed.pixel_offset = offset + header
