"""Sealed files: AES-256-GCM in 64 KiB segments with random access, named by the SHA-256 of the plain bytes.

Layout: magic `AWS1`, 12 random bytes of file nonce, 8 bytes plain length, then segments of 64 KiB + 16 bytes tag.
The nonce of segment i is the file nonce with its last 4 bytes replaced by i xor them; the associated data binds
the segment's number and the plain length, so that segments can't be moved, dropped or added unseen.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import secrets
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final, Literal, Protocol

from app.core.errors import IntegrityFailure, NotFound
from app.core.i18n import N_
from app.core.sealed_segments import DAMAGED, NONCE, SEGMENT, TAG, SegmentReader, nonce

SYNCING: Final = 16
"""Files that wait for the disk at the same time."""
_MAGIC: Final = b"AWS1"
_HEADER: Final = struct.Struct("<4s12sQ")
_EMPTY: Final = hashlib.sha256(b"").hexdigest()


class Openable(Protocol):
    """Plain bytes that can be read any number of times, wherever they stand."""

    def open(self, mode: Literal["rb"]) -> io.BufferedReader:
        """A seekable stream of them."""
        ...


def _bound(number: int, length: int) -> bytes:
    return struct.pack("<QQ", number, length)


def _sealed_size(length: int) -> int:
    return _HEADER.size + length + TAG * -(-length // SEGMENT)


class SealedReader(SegmentReader):
    """Random access to the plain bytes of a sealed file; a changed segment raises `IntegrityFailure`."""

    header = _HEADER.size

    def opened(self, head: bytes, sealed: int) -> None:
        magic, _base, self.length = _HEADER.unpack(head)
        if magic != _MAGIC or self.header + sealed != _sealed_size(self.length):
            raise IntegrityFailure(DAMAGED)

    def bound(self, number: int) -> bytes:
        return _bound(number, self.length)


class Elsewhere(Protocol):
    """Another machine that may hold files which are not here."""

    def bring(self, sha256: str, progress: Callable[[float], None]) -> None:
        """Put the file here; `progress` is told the part (0.0 to 1.0) that has arrived. Blocks; any thread.

        Raises `NotFound` when the other machine does not have it either, `Unreachable` when it does not answer.
        """
        ...


def _unheard(part: float) -> None:
    """Nobody watches."""


class SealedStore:
    """The sealed files of one data folder, under `sealed/ab/<sha256>`. `elsewhere` may hold what is not here."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._key = key
        self.elsewhere: Elsewhere | None = None

    def __getstate__(self) -> dict[str, object]:
        """What a worker process gets: folder and key. The line to another machine stays with the workstation."""
        return self.__dict__ | {"elsewhere": None}

    def path(self, sha256: str) -> Path:
        """Where the file of these plain bytes stands."""
        return self.folder / sha256[:2] / sha256

    def put(self, content: bytes | Path) -> str:
        """Seal bytes or a file and return the SHA-256 of the plain bytes; the same content is kept once."""
        if isinstance(content, bytes):
            name = hashlib.sha256(content).hexdigest()
            if not self._kept(name):
                self._seal(name, io.BytesIO(content), len(content))
            return name
        with content.open("rb") as source:
            name = hashlib.file_digest(source, "sha256").hexdigest()
            source.seek(0)
            if not self._kept(name):
                self._seal(name, source, os.fstat(source.fileno()).st_size)
        return name

    def put_as(self, name: str, source: BinaryIO, length: int) -> None:
        """Seal `length` bytes of a stream that must have this SHA-256; `IntegrityFailure` when they have another."""
        if not self._kept(name):
            self._seal(name, source, length)

    def fetch(self, sha256: str, progress: Callable[[float], None] = _unheard) -> None:
        """Have a file here that may be elsewhere; it then counts as used now.

        Blocks: not for the thread of a screen. Raises as `Elsewhere.bring` does.
        """
        if not self._kept(sha256) and self.elsewhere is not None:
            self.elsewhere.bring(sha256, progress)

    def used_at(self, sha256: str) -> float:
        """When a file was put here or fetched last, seconds since 1970; 0 when it is not here."""
        try:
            return self.path(sha256).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def _kept(self, name: str) -> bool:
        """Whether it is here; it then counts as put just now, so that no sweep takes it before its row is written."""
        try:
            os.utime(self.path(name))
        except FileNotFoundError:
            return False
        return True

    def _seal(self, name: str, source: BinaryIO, length: int) -> None:
        temporary = self.write_unfinished(name, source, length, durable=True)
        try:
            temporary.replace(self.path(name))
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(self.path(name).parent)

    def write_unfinished(self, name: str, source: BinaryIO, length: int, *, durable: bool) -> Path:
        """Seal under a temporary name, which a rename makes the file; nothing is left when it fails."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        cipher, base = AESGCM(self._key), secrets.token_bytes(NONCE)
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{name}.{secrets.token_hex(4)}")
        digest, number = hashlib.sha256(), 0
        try:
            with temporary.open("wb") as out:
                os.chmod(temporary, 0o600)
                out.write(_HEADER.pack(_MAGIC, base, length))
                while piece := source.read(SEGMENT):
                    digest.update(piece)
                    out.write(cipher.encrypt(nonce(base, number), piece, _bound(number, length)))
                    number += 1
                out.flush()
                if durable:
                    os.fsync(out.fileno())
            if digest.hexdigest() != name:
                raise IntegrityFailure(N_("The file changed while it was read. Import it again."))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return temporary

    def finish(self, unfinished: Sequence[Unfinished]) -> None:
        """Make the files of a `SealedBatch` durable, all at the same time, and give them their names.

        A file system writes its log once for many that wait together: for an import this is most of the time.
        Raises OSError, as when the disk is full; what has its name by then is whole.
        """
        if not unfinished:
            return
        with ThreadPoolExecutor(min(SYNCING, len(unfinished)), "sealing") as pool:
            list(pool.map(_sync_file, [item.temporary for item in unfinished]))
            for item in unfinished:
                item.temporary.replace(self.path(item.name))
            list(pool.map(_sync_folder, {item.temporary.parent for item in unfinished}))

    def keeps(self, name: str) -> bool:
        """Whether it is here; it then counts as put just now, so that no sweep takes it before its row is written."""
        return self._kept(name)

    def open(self, sha256: str) -> BinaryIO:
        """A seekable binary stream of the plain bytes; `NotFound` when they are not here."""
        if not self.exists(sha256):
            raise NotFound(N_("file"), sha256[:12])
        reader = SealedReader(self.path(sha256), self._key)
        if reader.length == 0 and sha256 != _EMPTY:  # no segment is there to tell
            reader.close()
            raise IntegrityFailure(DAMAGED)
        return io.BufferedReader(reader, SEGMENT)

    def read(self, sha256: str) -> bytes:
        """All plain bytes, checked against their name."""
        with self.open(sha256) as source:
            content = source.read()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise IntegrityFailure(DAMAGED)
        return content

    def replace(self, sha256: str, sealed: bytes) -> None:
        """Put a copy of the sealed file in its place. `IntegrityFailure`, and nothing changes, when it is another."""
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{sha256}.{secrets.token_hex(4)}")
        try:
            temporary.touch(0o600)
            temporary.write_bytes(sealed)
            with io.BufferedReader(SealedReader(temporary, self._key), SEGMENT) as plain:
                if hashlib.file_digest(plain, "sha256").hexdigest() != sha256:
                    raise IntegrityFailure(DAMAGED)
            _sync_file(temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)

    def exists(self, sha256: str) -> bool:
        """Whether these bytes are kept here."""
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """The length of the plain bytes."""
        with self.open(sha256) as source:
            return source.seek(0, os.SEEK_END)

    def room(self, sha256: str) -> int:
        """How many bytes of the disk the file takes; 0 when it is not here."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError:
            return 0

    def remove(self, sha256: str) -> None:
        """Drop the file: its bytes are overwritten first, then the name goes."""
        path = self.path(sha256)
        with contextlib.suppress(FileNotFoundError):
            length = path.stat().st_size
            with path.open("r+b") as out:
                out.write(bytes(min(length, _HEADER.size)))
                out.flush()
                os.fsync(out.fileno())
            path.unlink()

    def stream_key(self) -> bytes:
        """The key of sealed streams (`sealed_stream`), which follows from that of the files (HKDF, RFC 5869)."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, None, b"sealed streams").derive(self._key)

    def names(self) -> Iterator[str]:
        """The SHA-256 of every file here."""
        for path in sorted(self.folder.glob("??/*")):
            if not path.name.startswith("."):
                yield path.name

    def sweep(self, referenced: frozenset[str], *, older_than: timedelta = timedelta(days=1)) -> int:
        """Remove unfinished files and those that no row names; returns how many went.

        A file goes before its row, so that what was put more recently than `older_than` stays.
        """
        gone, limit = 0, time.time() - older_than.total_seconds()
        for path in list(self.folder.glob("??/*")):
            with contextlib.suppress(FileNotFoundError):
                if path.name not in referenced and path.stat().st_mtime < limit:
                    path.unlink()
                    gone += 1
        return gone


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A sealed file that has not its name yet."""

    name: str
    temporary: Path


class SealedBatch:
    """Seals files that get their names together, by `SealedStore.finish`, perhaps in another process."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store
        self._unfinished: dict[str, Unfinished] = {}

    @property
    def unfinished(self) -> tuple[Unfinished, ...]:
        """What is to be finished."""
        return tuple(self._unfinished.values())

    def put(self, content: bytes | Path | Openable) -> str:
        """As `SealedStore.put`, without its name and not durable yet."""
        with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as source:
            name = hashlib.file_digest(source, "sha256").hexdigest()
            if name not in self._unfinished and not self._store.keeps(name):
                length = source.seek(0, os.SEEK_END)
                source.seek(0)
                temporary = self._store.write_unfinished(name, source, length, durable=False)
                self._unfinished[name] = Unfinished(name, temporary)
        return name

    def discard(self) -> None:
        """Remove what was written: the files are not wanted after all."""
        for item in self._unfinished.values():
            item.temporary.unlink(missing_ok=True)
        self._unfinished.clear()


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable where the system lets a folder be opened (not on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
