"""The server's process: uvicorn over the application, with the certificate of the server's own authority.

A stop ends the streams first, lets what is being answered be answered, and closes every database.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import ssl
import threading
from asyncio import sslproto
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn

from app.archives.server_folder import TLS_FOLDER
from sync.server.certificates import CERTIFICATE, KEY, ensure_certificates
from sync.server.http.application import application
from sync.server.http.server import Server
from sync.server.practices import PracticeStores
from sync.server.settings import ServerSettings

KEEP_ALIVE_SECONDS: Final = 120
STOP_SECONDS: Final = 3
TLS_BUFFER: Final = 1 << 15
"""Bytes that asyncio sets aside for each connection; its 256 KiB would be most of the memory of 300 quiet streams."""
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Serving:
    """One running server over open practices. `port` is the real one, also when 0 was asked for."""

    def __init__(self, folder: Path, practices: PracticeStores, settings: ServerSettings) -> None:
        sslproto.SSLProtocol.max_size = TLS_BUFFER
        self.authority = ensure_certificates(folder, (settings.name,) if settings.name else ())
        self._socket = _listening(settings.host, settings.port)
        self.port = int(self._socket.getsockname()[1])
        self.practices = practices
        app = application(practices, settings)
        self.server: Server = app.state.server
        config = uvicorn.Config(
            app, http="httptools", ws="none", lifespan="on", log_config=None,
            access_log=False, server_header=False, timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS, backlog=512,
            ssl_certfile=str(folder / TLS_FOLDER / CERTIFICATE), ssl_keyfile=str(folder / TLS_FOLDER / KEY),
        )  # fmt: skip
        config.load()
        if config.ssl is not None:
            config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
        self._server = _Server(config, practices)
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Serve until SIGTERM, SIGINT or `stop`."""
        self._server.run(sockets=[self._socket])

    def start(self) -> None:
        """Serve in a thread of its own (tests, measurements)."""
        self._thread = threading.Thread(target=self._run_quietly, name="archwire-server", daemon=True)
        self._thread.start()
        self._server.ready.wait(30)

    def _run_quietly(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    def stop(self) -> None:
        """Stop and wait until everything that was being answered is."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(timeout=STOP_SECONDS + 5)


class _Server(uvicorn.Server):
    """uvicorn waits for open responses before it ends the lifespan: the streams must be ended before."""

    def __init__(self, config: uvicorn.Config, practices: PracticeStores) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._practices = practices

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn would raise the signal again once it has stopped, and end the process with the databases open."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._told) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _told(self, number: int, frame: FrameType | None) -> None:
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for practice in self._practices:
            practice.pokes.close()
        await super().shutdown(sockets)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only for a socket that says it is TCP; with it an answer waits 40 ms
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((host, port))
    return made
