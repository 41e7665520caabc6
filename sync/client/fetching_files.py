"""Sealed files and small copies that are at the server: brought when somebody looks, in ranges, sealed as they come.

A file whose row came before its bytes is waited for while it arrives at the server. One of this computer's threads
fetches a file, the others that want it wait for that one. A server that has just not answered is left alone a moment:
thirty thumbnails must not wait for thirty time-outs.
"""

from __future__ import annotations

import contextlib
import io
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.clock import to_millis
from app.core.errors import IntegrityFailure, NotFound, Unreachable
from app.core.i18n import N_
from app.imaging.found import MadeRendition
from app.imaging.vocabulary import InstanceId, RenditionKind
from app.journal.changes import ChangeSet
from app.journal.runner import Runner, Step
from sync.client.channel import Answer, Channel, ServerClock, Unanswered
from sync.client.connection import Connection, read_connection
from sync.protocol.files import PIECE, RENDITION, FileStanding, SmallCopyHead
from sync.protocol.signing import Signer

PATIENCE_SECONDS: Final = 20.0
"""How long somebody who looks waits without one more byte, here or at the server."""
LOOK_AGAIN_SECONDS: Final = 0.5
SILENT_SECONDS: Final = 3.0
_HALF: Final = 0.5
"""The part of the bar until the server has it all; the other half is the way from there."""
Progress = Callable[[float], None]


class NotThereYet(NotFound):
    """The row of a file came before its bytes: they are still on the workstation where it was taken in."""

    def __init__(self, sha256: str) -> None:
        super().__init__(N_("file"), sha256[:12])
        self.message_id = N_("The image has not left the workstation where it was taken in. Open it again in a moment.")
        self.values = {}


class Fetcher:
    """An `Elsewhere` of sealed files and a `SmallCopies`. Any thread may call."""

    def __init__(self, runner: Runner, connection: Connection, key: Ed25519PrivateKey) -> None:
        self._runner, self._connection = runner, connection
        self._written = read_connection(runner.place.folder)
        self._signer, self._clock = Signer(connection.device, key), ServerClock()
        self._base = f"/v1/practices/{connection.practice}"
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}
        self._silent_until = 0.0
        self.patience = PATIENCE_SECONDS

    def channel(self) -> Channel:
        """A connection of its own to the server, where it is now."""
        now = read_connection(self._runner.place.folder)
        if now is not None and now != self._written:
            self._written, self._connection = now, msgspec.structs.replace(self._connection, url=now.url)
        return Channel(self._connection, self._signer, self._clock)

    # -- files ------------------------------------------------------------------------------------------------------
    def bring(self, sha256: str, progress: Progress) -> None:
        """See `app.core.sealed.Elsewhere.bring`."""
        files = self._runner.files
        with self._alone(sha256):
            if files.exists(sha256):
                return
            with contextlib.closing(self.channel()) as channel:
                first, size = self._first(channel, sha256, progress)
                if size != len(first):
                    source = io.BufferedReader(_Ranges(self, channel, sha256, first, size, progress), PIECE)
                    files.put_as(sha256, source, size)
                else:
                    files.put_as(sha256, io.BytesIO(first), size)
        progress(1.0)
        self._note(sha256, size)

    @contextlib.contextmanager
    def _alone(self, sha256: str) -> Iterator[None]:
        with self._lock:
            lock = self._busy.setdefault(sha256, threading.Lock())
        with lock:
            yield
        with self._lock:
            if not lock.locked():
                self._busy.pop(sha256, None)

    def _first(self, channel: Channel, sha256: str, progress: Progress) -> tuple[bytes, int]:
        """The first range, as soon as the server has all of the file; the length of all."""
        before, since = -1, time.monotonic()
        while True:
            answer = self.range_of(channel, sha256, 0)
            if answer.status == 206:
                return answer.body, int(answer.headers["content-range"].rpartition("/")[2])
            known = _standing(answer)
            if known is None:
                raise NotFound(N_("file"), sha256[:12])
            if known.received > before:
                before, since = known.received, time.monotonic()
            if time.monotonic() - since > (self.patience if known.received else self.patience / 2):
                raise NotThereYet(sha256)
            progress(_HALF * known.received / max(1, known.size))
            time.sleep(LOOK_AGAIN_SECONDS)

    def range_of(self, channel: Channel, sha256: str, start: int) -> Answer:
        """One range; a cut is tried again until the patience is over, then `Unreachable`."""
        asked = {"Range": f"bytes={start}-{start + PIECE - 1}"}
        began = time.monotonic()
        while True:
            try:
                answer = channel.ask("GET", f"{self._base}/files/{sha256}", b"", asked)
                if answer.status not in {429, 503}:
                    return answer
            except Unanswered as error:
                if time.monotonic() - began > self.patience:
                    raise Unreachable(
                        N_("The image is on the server, which does not answer.")
                    ) from error  # fmt: skip
            time.sleep(LOOK_AGAIN_SECONDS)

    def _note(self, sha256: str, size: int) -> None:
        """The server holds it: it may be given up again."""
        now = to_millis(self._runner.clock.now())

        def work(step: Step) -> ChangeSet:
            step.raw.execute(
                "INSERT INTO sealed_copy(id, size_bytes, confirmed_at) VALUES(?, ?, ?) ON CONFLICT(id)"
                " DO UPDATE SET size_bytes = excluded.size_bytes, confirmed_at = excluded.confirmed_at",
                (sha256, size, now),
            )
            step.wrote = True
            return ChangeSet({"sealed_copy": frozenset({sha256})})

        self._runner.transact(work)

    # -- small copies -----------------------------------------------------------------------------------------------
    def small_copy(self, instance_id: InstanceId, kind: RenditionKind) -> MadeRendition | None:
        """See `app.imaging.ports.SmallCopies.small_copy`."""
        if time.monotonic() < self._silent_until:
            return None
        with contextlib.closing(self.channel()) as channel:
            try:
                answer = channel.ask("GET", f"{self._base}/images/{instance_id}/{kind.value}")
            except Unanswered:
                self._silent_until = time.monotonic() + SILENT_SECONDS
                return None
        if answer.status != 200:
            return None
        try:
            head = msgspec.json.decode(answer.headers.get(RENDITION.lower(), ""), type=SmallCopyHead)
        except msgspec.DecodeError:
            return None
        return MadeRendition(
            kind, self._runner.files.put(answer.body), head.quarter_turns, head.mirrored, head.media_type, head.width,
            head.height, len(answer.body),
        )  # fmt: skip


class _Ranges(io.RawIOBase):
    """The plain bytes of a file at the server, one range after the other; a cut goes on where it was."""

    def __init__(
        self, fetcher: Fetcher, channel: Channel, sha256: str, first: bytes, size: int, progress: Progress
    ) -> None:
        super().__init__()
        self._fetcher, self._channel, self._sha256 = fetcher, channel, sha256
        self._held, self._taken, self._come, self._size = first, 0, len(first), size
        self._progress = progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: WriteableBuffer
        if self._taken == len(self._held) and not self._next():
            return 0
        piece = self._held[self._taken : self._taken + len(buffer)]
        buffer[: len(piece)] = piece
        self._taken += len(piece)
        return len(piece)

    def _next(self) -> bool:
        if self._come >= self._size:
            return False
        answer = self._fetcher.range_of(self._channel, self._sha256, self._come)
        if answer.status != 206 or not answer.body:
            raise IntegrityFailure(N_("The download is damaged or incomplete."))
        self._held, self._taken = answer.body, 0
        self._come += len(answer.body)
        self._progress(_HALF + _HALF * self._come / self._size)
        return True


def _standing(answer: Answer) -> FileStanding | None:
    try:
        return msgspec.json.decode(answer.body, type=FileStanding) if answer.status == 404 else None
    except msgspec.DecodeError:
        return None
