"""A wire that can be cut: a TCP proxy between a workstation and its server, whose faults a test chooses."""

from __future__ import annotations

import contextlib
import enum
import socket
import struct
import threading

APPLICATION_DATA = 23
"""TLS record type (RFC 8446 §5.1)."""
SHORTEST_REQUEST = 250
"""Bytes: a signed request is longer than what a client sends to end its handshake."""


class Fault(enum.Enum):
    """What is wrong with the wire."""

    NONE = "none"
    CUT = "cut"
    """Nobody answers at the other end: a new connection is closed at once, and so are those that are open."""
    RESET = "reset"
    """Every connection is reset, with bytes of it on their way."""
    STALLED = "stalled"
    """Connections stay open and nothing passes: a cable that was pulled, a half-open connection."""
    REPLIES_LOST = "replies lost"
    """What is asked arrives; the connection breaks before the answer does."""


class Proxy:
    """Listens on `port`; `target` is the server's and may change when the server comes back on another."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.lost = 0
        self.passed = 0
        self._fault = Fault.NONE
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._free = threading.Event()
        self._free.set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    @property
    def fault(self) -> Fault:
        return self._fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        self._fault = fault
        self._free.clear() if fault is Fault.STALLED else self._free.set()
        if fault in {Fault.CUT, Fault.RESET}:
            self.break_all()

    def break_all(self) -> None:
        """End every connection that is open, by a reset when that is the fault."""
        with self._lock:
            held, self._open = self._open, set()
        for it in held:
            self._end(it)

    def close(self) -> None:
        """Stop."""
        self._free.set()
        self._fault = Fault.CUT
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.break_all()

    def _end(self, it: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._fault is Fault.RESET:
                it.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                it.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            it.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listening.accept()
            except OSError:
                return
            try:
                if self._fault in {Fault.CUT, Fault.RESET}:
                    raise OSError
                far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
                far.settimeout(None)
            except OSError:
                self._end(near)
                continue
            with self._lock:
                self._open |= {near, far}
            asked = threading.Event()
            for source, sink, answers in ((near, far, False), (far, near, True)):
                threading.Thread(target=self._pump, args=(source, sink, answers, asked), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool, asked: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._free.wait()
                if not answers and data[0] == APPLICATION_DATA and len(data) > SHORTEST_REQUEST:
                    asked.set()
                if answers and self._fault is Fault.REPLIES_LOST and asked.is_set():
                    self.lost += 1
                    break
                sink.sendall(data)
                self.passed += len(data)
        for it in (source, sink):
            with self._lock:
                self._open.discard(it)
            self._end(it)
