"""Fetching the copy that the server makes for this device: in ranges, on after every cut, read while it arrives."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from app.core.errors import ClinicError, IntegrityFailure, PermissionDenied, Unreachable
from app.core.i18n import N_
from app.devices.permissions import MANAGE_WORKSTATIONS
from sync.client.channel import Answer, Channel, Unanswered
from sync.protocol.enrolment import Copy

RANGE: Final = 4 << 20
PATIENCE_SECONDS: Final = 300.0
"""Without one byte for so long, the download is given up."""
_LONGEST_WAIT: Final = 5.0
_LOOK_AGAIN: Final = 0.05
Told = Callable[[int, int], None]


class CopyLost(ClinicError):
    """The server no longer has the copy (it was started again): begin anew."""

    def __init__(self) -> None:
        super().__init__(N_("The server has dropped the copy."))


class Download:
    """One copy on its way into a file. `run` works in a thread of its own; `reader` may be read meanwhile."""

    def __init__(self, channel: Channel, base: str, path: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._channel, self._base, self._path, self._patience = channel, base, path, patience
        self.copy = self._began()
        self._here = 0
        self._error: ClinicError | None = None
        self._ended = False
        self._more = threading.Condition()

    # -- the fetching side ------------------------------------------------------------------------------------------
    def run(self) -> None:
        """Fetch until the end, or until it can't be; the reader is told either way."""
        digest = sha256()
        try:
            with self._path.open("wb") as out:
                self._path.chmod(0o600)
                while not (self.copy.is_whole and self._here == self.copy.size):
                    piece = self._next_piece()
                    if piece:
                        digest.update(piece)
                        out.write(piece)
                        out.flush()
                        self._arrived(len(piece))
            if digest.hexdigest() != self.copy.sha256:
                raise IntegrityFailure(N_("The download is damaged or incomplete."))
            self._finish(None)
        except ClinicError as error:
            self._finish(error)
        except OSError as error:
            self._finish(Unreachable(N_("The copy cannot be written: {reason}."), reason=error.strerror or ""))

    def _next_piece(self) -> bytes:
        """The next range, empty while the server is still making it."""
        if self._here < self.copy.size:
            end = min(self._here + RANGE, self.copy.size) - 1
            answer = self._asked("GET", f"{self._target()}/content", {"Range": f"bytes={self._here}-{end}"})
            if answer.status == 206 and answer.headers.get("content-range", "").startswith(f"bytes {self._here}-"):
                return answer.body
        else:
            time.sleep(_LOOK_AGAIN)
        self.copy = _copy_of(self._asked("GET", self._target()))
        return b""

    def _target(self) -> str:
        return f"{self._base}/copies/{self.copy.id}"

    def _began(self) -> Copy:
        return _copy_of(self._asked("POST", f"{self._base}/copies"))

    def _asked(self, method: str, target: str, headers: dict[str, str] | None = None) -> Answer:
        """Ask until there is an answer; a cut, a busy or a stopped server only costs time."""
        began, wait = time.monotonic(), 0.2
        while True:
            try:
                answer = self._channel.ask(method, target, b"", headers)
                if answer.status not in {429, 503}:
                    return answer
            except Unanswered:
                pass
            if time.monotonic() - began > self._patience:
                raise Unreachable(N_("The server does not answer. Try again later: the code stays used."))
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    def _arrived(self, length: int) -> None:
        with self._more:
            self._here += length
            self._more.notify_all()

    def _finish(self, error: ClinicError | None) -> None:
        with self._more:
            self._error, self._ended = error, True
            self._more.notify_all()

    def drop(self) -> None:
        """Let the server remove the copy; nothing is lost when it does not hear."""
        try:
            self._channel.ask("DELETE", self._target())
        except Unanswered:
            return

    # -- the reading side -------------------------------------------------------------------------------------------
    def reader(self) -> io.BufferedReader:
        """The sealed bytes in order; waits for what has not arrived, raises what stopped the download."""
        return io.BufferedReader(_Arriving(self), 1 << 16)

    def wait_beyond(self, place: int) -> bool:
        """Wait for a byte at `place`; False when the download ended before it."""
        with self._more:
            self._more.wait_for(lambda: self._here > place or self._ended)
            if self._error is not None:
                raise self._error
            return self._here > place

    @property
    def path(self) -> Path:
        """Where the bytes arrive."""
        return self._path

    @property
    def arrived(self) -> int:
        """How many bytes are here."""
        return self._here


class _Arriving(io.RawIOBase):
    """A file that grows while it is read."""

    def __init__(self, download: Download) -> None:
        super().__init__()
        self._download = download
        self._place = 0
        self._file: io.BufferedReader | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: WriteableBuffer
        if not self._download.wait_beyond(self._place):
            return 0
        if self._file is None:
            self._file = self._download.path.open("rb")
        self._file.seek(self._place)
        piece = self._file.read(min(len(buffer), self._download.arrived - self._place))
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


def _copy_of(answer: Answer) -> Copy:
    if answer.status in {401, 403}:
        raise PermissionDenied(MANAGE_WORKSTATIONS.name, MANAGE_WORKSTATIONS.label)
    if answer.status == 404:
        raise CopyLost()
    try:
        found = msgspec.json.decode(answer.body, type=Copy)
    except msgspec.DecodeError as error:
        raise Unreachable(N_("The server could not make a copy.")) from error
    if found.failed:
        raise Unreachable(N_("The server could not make a copy."))
    return found
