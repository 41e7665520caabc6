"""What devices send, between the moment at which it was acknowledged and its row: sealed, whole, and not looked into.

A received object is a sealed stream: a DICOM file (PS3.10) of the bytes exactly as they came, then a note in JSON of
who sent it, then the note's length in four bytes. The file meta information follows from the object alone, so that the
same object sent twice is the same bytes. No name of a file comes from the network.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from app.core.errors import IntegrityFailure
from app.core.i18n import N_
from app.core.ids import new_id
from app.core.sealed import SealedStore
from app.core.sealed_stream import SealedStreamReader, SealedStreamWriter

SPOOL_FOLDER: Final = "spool"
"""Under the data folder."""
RECEIVED_SUFFIX: Final = ".received"
_LENGTH: Final = struct.Struct(">I")
_NOTE_LIMIT: Final = 1 << 16
_DAMAGED: Final = N_("A sealed file is damaged.")


@dataclass(frozen=True, slots=True)
class ReceivedNote:
    """Who sent an object, to whom, under which identifiers. `received_ms` counts from 1970, in UTC."""

    calling_ae: str
    called_ae: str
    address: str
    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    received_ms: int


class ReceivedObject:
    """One object that stands sealed in the spool; raises `IntegrityFailure` when it is not whole."""

    def __init__(self, path: Path, store: SealedStore) -> None:
        self.path = path
        self._key = store.stream_key()
        with SealedStreamReader(path, self._key) as reader:
            self.note, self.size = _read_note(reader)

    def open(self, mode: Literal["rb"] = "rb") -> io.BufferedReader:
        """The DICOM file, without the note."""
        reader = SealedStreamReader(self.path, self._key)
        reader.length = self.size
        return io.BufferedReader(reader, 1 << 16)


def _read_note(reader: SealedStreamReader) -> tuple[ReceivedNote, int]:
    whole = reader.length
    reader.seek(whole - _LENGTH.size)
    tail = reader.read(_LENGTH.size) or b""
    if len(tail) != _LENGTH.size:
        raise IntegrityFailure(_DAMAGED)
    length = _LENGTH.unpack(tail)[0]
    size = whole - _LENGTH.size - length
    if length > _NOTE_LIMIT or size < 0:
        raise IntegrityFailure(_DAMAGED)
    reader.seek(size)
    try:
        return msgspec.json.decode(reader.read(length) or b"", type=ReceivedNote), size
    except msgspec.DecodeError as error:
        raise IntegrityFailure(_DAMAGED) from error


class Spool:
    """The sealed objects of one data folder that wait for their rows."""

    def __init__(self, folder: Path, store: SealedStore) -> None:
        """Raises OSError."""
        self.folder = folder / SPOOL_FOLDER
        self._store = store
        self._key = store.stream_key()
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def begin(self) -> SealedStreamWriter:
        """A new object, under a name of our own. Raises OSError."""
        return SealedStreamWriter(self.folder / f"{new_id()}{RECEIVED_SUFFIX}", self._key)

    def finish(self, writer: SealedStreamWriter, note: ReceivedNote) -> None:
        """Add the note and wait for the disk. From here on the object outlives any crash. Raises OSError."""
        encoded = msgspec.json.encode(note)
        writer.write(encoded + _LENGTH.pack(len(encoded)))
        writer.finish()
        writer.path.stat()  # if it was taken for the rest of a crash, its sender must not hear success

    def waiting(self) -> list[Path]:
        """The objects in the order in which they came, those that are still being received among them."""
        return sorted(self.folder.glob(f"*{RECEIVED_SUFFIX}"))

    def opened(self, path: Path) -> ReceivedObject:
        """One of them; `IntegrityFailure` while it is not whole."""
        return ReceivedObject(path, self._store)
