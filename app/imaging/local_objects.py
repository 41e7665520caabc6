"""An `ObjectStore` in a folder: a disk of the clinic, a mounted share, and the store that tests run on.

`objects/<key>` holds the bytes, `heads/<key>` their SHA-256 and length as one line, `arriving/<key>` what there is of
a resumable upload. The head is written after the bytes are durable and makes the object exist; without it, bytes are
what a crash left and count for nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from app.core.errors import NotFound, RuleViolation, UsageError
from app.core.i18n import N_
from app.imaging.ports import ObjectDamaged, ObjectHead

PIECE: Final = 1 << 20
_KEY: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}){0,7}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class LocalObjects:
    """Objects under one folder. Several processes may use it: what they put under one key is the same object."""

    def __init__(self, folder: Path) -> None:
        self._objects, self._heads, self._arriving = (folder / name for name in ("objects", "heads", "arriving"))

    def put(self, key: str, content: BinaryIO, sha256: str) -> ObjectHead:
        """See `ObjectStore.put`."""
        _check(key, sha256)
        present = self._same(key, sha256)
        if present is not None:
            return present
        temporary = self._temporary(self._objects / key)
        try:
            if _copied(content, temporary) != sha256:
                raise ObjectDamaged()
            return self._settle(temporary, key, sha256)
        finally:
            temporary.unlink(missing_ok=True)

    def received(self, key: str) -> int:
        """See `ObjectStore.received`."""
        _check(key)
        try:
            return (self._arriving / key).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, key: str, offset: int, piece: bytes) -> int:
        """See `ObjectStore.append`."""
        if offset != self.received(key):
            raise RuleViolation(N_("The upload goes on at another place."), field="offset")
        path = self._arriving / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as out:
            out.write(piece)
            out.flush()
            os.fsync(out.fileno())
            return out.tell()

    def complete(self, key: str, sha256: str) -> ObjectHead:
        """See `ObjectStore.complete`."""
        _check(key, sha256)
        arriving = self._arriving / key
        present = self._same(key, sha256)
        if present is not None:
            arriving.unlink(missing_ok=True)
            return present
        try:
            with arriving.open("rb") as opened:
                found = hashlib.file_digest(opened, "sha256").hexdigest()
        except FileNotFoundError:
            raise NotFound(N_("upload"), key) from None
        if found != sha256:
            arriving.unlink()
            raise ObjectDamaged()
        (self._objects / key).parent.mkdir(parents=True, exist_ok=True)
        return self._settle(arriving, key, sha256)

    def get(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        """See `ObjectStore.get`: the whole object is read and checked, whatever range is wanted."""
        head = self.head(key)
        if head is None:
            raise NotFound(N_("object"), key)
        digest, kept, place = hashlib.sha256(), io.BytesIO(), 0
        end = head.size_bytes if length is None else start + length
        try:
            with (self._objects / key).open("rb") as opened:
                while piece := opened.read(PIECE):
                    digest.update(piece)
                    kept.write(piece[max(0, start - place) : max(0, end - place)])
                    place += len(piece)
        except FileNotFoundError:
            raise ObjectDamaged() from None
        if digest.hexdigest() != head.sha256:
            raise ObjectDamaged()
        return kept.getvalue()

    def head(self, key: str) -> ObjectHead | None:
        """See `ObjectStore.head`."""
        _check(key)
        path = self._heads / key
        try:
            sha256, size = path.read_text("ascii").split()
            stored_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            return ObjectHead(key, int(size), sha256, stored_at)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except ValueError:
            raise ObjectDamaged() from None

    def list(self, prefix: str = "") -> Iterator[ObjectHead]:
        """See `ObjectStore.list`."""
        keys = (
            path.relative_to(self._heads).as_posix()
            for path in self._heads.rglob("*")
            if path.is_file() and not path.name.startswith(".")
        )
        for key in sorted(key for key in keys if key.startswith(prefix)):
            head = self.head(key)
            if head is not None:
                yield head

    def delete(self, key: str) -> bool:
        """See `ObjectStore.delete`. The head goes first: half a deletion is an object that is not there."""
        _check(key)
        found = False
        for folder in (self._heads, self._objects, self._arriving):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                (folder / key).unlink()
                found = True
        return found

    def _same(self, key: str, sha256: str) -> ObjectHead | None:
        """The object that is here, if it is this one. `RuleViolation` when it is another."""
        present = self.head(key)
        if present is not None and present.sha256 != sha256:
            raise RuleViolation(N_("Another object is stored under this key."), field="key")
        return present

    def _settle(self, source: Path, key: str, sha256: str) -> ObjectHead:
        """Bytes first, head second, each durable and by a rename."""
        target, head = self._objects / key, self._heads / key
        size = source.stat().st_size
        source.replace(target)
        _make_durable(target.parent)
        temporary = self._temporary(head)
        with temporary.open("w", encoding="ascii") as out:
            out.write(f"{sha256} {size}\n")
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(head)
        _make_durable(head.parent)
        found = self.head(key)
        assert found is not None
        return found

    @staticmethod
    def _temporary(target: Path) -> Path:
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.with_name(f".{target.name}.{secrets.token_hex(4)}")


def _check(key: str, sha256: str | None = None) -> None:
    """No key leads out of the folder: no part begins with a dot."""
    if not _KEY.fullmatch(key):
        raise UsageError(N_("This is no key of an object."))
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise UsageError(N_("This is no SHA-256."))


def _copied(content: BinaryIO, target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as out:
        while piece := content.read(PIECE):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _make_durable(folder: Path) -> None:
    """Make a rename durable where the system lets a folder be opened (not on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
