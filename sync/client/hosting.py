"""The server as a child process of the workstation whose computer hosts it: it comes and goes with the window.

The child holds the other end of a pipe: when this process ends, however it ends, the server stops. Where a server
answers already (it runs as a service of the computer), none is started.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.archives.server_folder import SERVER_FOLDER
from sync.client.channel import Channel, ServerClock, Unanswered
from sync.client.connection import Connection

STOP_SECONDS: Final = 15.0
AGAIN_SECONDS: Final = (1.0, 5.0, 30.0)
"""How long to wait before a server that ended by itself is started again; the last one for ever after."""
PROGRAM: Final = Path(__file__).resolve().parents[2] / "main.py"


@contextlib.contextmanager
def hosted(folder: Path, connection: Connection) -> Iterator[None]:
    """Run the server of this folder while the context lasts, if it is this computer's to run."""
    if not connection.embedded or answers(connection):
        yield
        return
    child = Child(folder / SERVER_FOLDER)
    child.start()
    try:
        yield
    finally:
        child.stop()


def answers(connection: Connection) -> bool:
    """Whether the server is there."""
    channel = Channel(connection, None, ServerClock())
    try:
        return channel.ask("GET", "/health", stall=2.0).status == 200
    except Unanswered:
        return False
    finally:
        channel.close()


class Child:
    """One server process, started again when it ends by itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="archwire-hosted", daemon=True)

    def start(self) -> None:
        """Start it, in a thread: nobody waits."""
        self._thread.start()

    def stop(self) -> None:
        """Let go of the pipe and wait for it to end; after a while, end it."""
        with self._lock:
            self._stopping.set()
            process = self._process
        if process is not None:
            _let_end(process)
        self._thread.join(STOP_SECONDS)

    def _keep(self) -> None:
        waits = [*AGAIN_SECONDS]
        while not self._stopping.is_set():
            with self._lock:
                if self._stopping.is_set():
                    return
                self._process = self._run()
            self._process.wait()
            self._stopping.wait(waits.pop(0) if len(waits) > 1 else waits[0])

    def _run(self) -> subprocess.Popen[bytes]:
        log = (self._folder / "server.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, str(PROGRAM), "--data", str(self._folder), "server", "--with-parent", "--quiet"],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip


def _let_end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
