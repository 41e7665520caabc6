"""The sealed files of a practice at its server: taken in piece by piece, confirmed by reading them again, given out.

What has arrived of a file lies in sealed pieces, so that an upload goes on after any stop of either side. The last
piece makes the file of them: sealed under its own name, which is its SHA-256, then read again from the disk in full.
Only a file that a row of the practice names is taken in.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final

from app.core.clock import to_millis
from app.core.errors import IntegrityFailure, RuleViolation
from app.core.i18n import N_
from app.journal.changes import ChangeSet
from app.journal.copies import is_shared
from app.journal.queries import SYSTEM
from app.journal.runner import Runner, Step
from sync.protocol.files import PIECE, FileStanding
from sync.protocol.packing import run_of

_READ: Final = 1 << 20
_KEEP: Final = (
    "INSERT INTO sealed_copy(id, size_bytes, confirmed_at) VALUES(?, ?, ?)"
    " ON CONFLICT(id) DO UPDATE SET size_bytes = excluded.size_bytes, confirmed_at = excluded.confirmed_at"
)


class Unwanted(RuleViolation):
    """No row names this file (yet): its row comes first."""

    def __init__(self) -> None:
        super().__init__(N_("No row of the practice names this file."))


class PracticeFiles:
    """Any thread may call; the pieces of one file are taken one after the other."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._store = runner.files
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}

    # -- asking -----------------------------------------------------------------------------------------------------
    def standings(self, names: Sequence[str]) -> tuple[FileStanding, ...]:
        """Where each of these files stands."""
        with self._runner.read(SYSTEM) as read:
            run = run_of(read)
            return tuple(self._standing(run, name) for name in names)

    def _standing(self, run: Any, name: str) -> FileStanding:
        row = run.execute("SELECT size_bytes, confirmed_at FROM sealed_copy WHERE id = ?", (name,)).fetchone()
        if row is not None and row[1] is not None and self._store.exists(name):
            return FileStanding(name, True, row[0] or 0, row[0] or 0)
        pieces = _pieces(run, name)
        return FileStanding(name, False, sum(length for _sha, length in pieces), row[0] or 0 if row else 0)

    def read(self, name: str, start: int, length: int) -> tuple[bytes, int]:
        """A range of a file's plain bytes, and the length of all; `NotFound` when it is not held."""
        with self._store.open(name) as source:
            size = source.seek(0, io.SEEK_END)
            source.seek(start)
            return source.read(length), size

    # -- taking in --------------------------------------------------------------------------------------------------
    def take(self, name: str, offset: int, size: int, piece: bytes) -> FileStanding:
        """Take the next piece of a file of `size` bytes; one that is not the next changes nothing.

        Raises `Unwanted`, `RuleViolation` for a piece that cannot be, `IntegrityFailure` when all bytes are here and
        their SHA-256 is another: the upload then begins anew.
        """
        with self._of(name):
            known = self.standings([name])[0]
            if known.is_held or offset != known.received:
                return known
            if not 0 < len(piece) <= PIECE or offset + len(piece) > size:
                raise RuleViolation(N_("This is no piece of the file."))
            with self._runner.read(SYSTEM) as read:
                if not is_shared(run_of(read), name):
                    raise Unwanted()
            if offset == 0 and len(piece) == size:
                self._store.put_as(name, io.BytesIO(piece), size)
                return self._confirm(name, size)
            self._keep_piece(name, offset, size, piece)
            if offset + len(piece) < size:
                return FileStanding(name, False, offset + len(piece), size)
            return self._join(name, size)

    def hold_if_shared(self, name: str) -> bool:
        """Whether this server holds a file that it got without an upload (it was made here); it is then confirmed."""
        with self._runner.read(SYSTEM) as read:
            if not self._store.exists(name) or not is_shared(run_of(read), name):
                return False
        with self._of(name):
            self._confirm(name, self._store.size(name))
        return True

    def _of(self, name: str) -> threading.Lock:
        with self._lock:
            if len(self._busy) > 1_000:
                self._busy = {key: lock for key, lock in self._busy.items() if lock.locked()}
            return self._busy.setdefault(name, threading.Lock())

    def _keep_piece(self, name: str, offset: int, size: int, piece: bytes) -> None:
        sha256 = self._store.put(piece)

        def work(step: Step) -> ChangeSet:
            step.raw.execute("INSERT OR IGNORE INTO sealed_copy(id, size_bytes) VALUES(?, ?)", (name, size))
            step.raw.execute(
                "INSERT INTO server_piece(id, name, place, length, sha256) VALUES(?, ?, ?, ?, ?)",
                (f"{name}/{offset}", name, offset, len(piece), sha256),
            )
            step.wrote = True
            return ChangeSet()

        self._runner.transact(work)

    def _join(self, name: str, size: int) -> FileStanding:
        with self._runner.read(SYSTEM) as read:
            pieces = _pieces(run_of(read), name)
        joined = io.BufferedReader(_Joined(self._store.read(sha256) for sha256, _length in pieces), _READ)
        try:
            self._store.put_as(name, joined, size)
            return self._confirm(name, size)
        finally:
            self._drop_pieces(name, [sha256 for sha256, _length in pieces])

    def _confirm(self, name: str, size: int) -> FileStanding:
        """Read it again from the disk before anybody may give up theirs."""
        digest = hashlib.sha256()
        with self._store.open(name) as source:
            while piece := source.read(_READ):
                digest.update(piece)
        if digest.hexdigest() != name:
            raise IntegrityFailure(N_("A sealed file is damaged."))

        def work(step: Step) -> ChangeSet:
            step.raw.execute(_KEEP, (name, size, to_millis(self._runner.clock.now())))
            step.wrote = True
            return ChangeSet({"sealed_copy": frozenset({name})})

        self._runner.transact(work)
        return FileStanding(name, True, size, size)

    def _drop_pieces(self, name: str, pieces: Sequence[str]) -> None:
        def work(step: Step) -> ChangeSet:
            step.raw.execute("DELETE FROM server_piece WHERE name = ?", (name,))
            step.wrote = True
            return ChangeSet()

        self._runner.transact(work)
        with self._runner.read(SYSTEM) as read:
            run = run_of(read)
            unused = [it for it in set(pieces) if not _is_used(run, it)]
        for sha256 in unused:
            self._store.remove(sha256)


class _Joined(io.RawIOBase):
    """Pieces as one stream, one in memory at a time."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces, self._held, self._place = pieces, b"", 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: WriteableBuffer
        if self._place == len(self._held):
            self._held, self._place = next(self._pieces, b""), 0
        piece = self._held[self._place : self._place + len(buffer)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)


def _pieces(run: Any, name: str) -> list[tuple[str, int]]:
    """(SHA-256, length) of the pieces of a file that are here, in order and without a gap."""
    found: list[tuple[str, int]] = []
    place = 0
    rows = run.execute("SELECT place, length, sha256 FROM server_piece WHERE name = ? ORDER BY place", (name,))
    for offset, length, sha256 in rows.fetchall():
        if offset != place:
            break
        place += length
        found.append((sha256, length))
    return found


def _is_used(run: Any, sha256: str) -> bool:
    piece = run.execute("SELECT 1 FROM server_piece WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone()
    return piece is not None or is_shared(run, sha256)
