"""Associations that wake when something has come, instead of looking a thousand times a second.

pynetdicom's two threads of an association sleep a millisecond between looks: each object that is stored waits for two
or three of them, and sixty quiet connections keep a processor busy. What is replaced here (two queues, the check point
of the reactor, what the upper layer does before it looks for primitives) is guarded by tests over the pinned version.
"""

from __future__ import annotations

import contextlib
import queue
import select
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any, Final

from pynetdicom.dul import DULServiceProvider

LONGEST_REST: Final = 0.05
"""Seconds after which timers are looked at although nothing has come."""


class TellingQueue(queue.Queue[Any]):
    """A queue that tells of what is put into it."""

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__()
        self._tell = tell

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Put, then tell."""
        super().put(item, block, timeout)
        self._tell()


class CheckPoint(threading.Event):
    """Where the reactor of an association stops in each round: here it rests until there is news."""

    def __init__(self) -> None:
        super().__init__()
        self.set()
        self.news = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        """Rest until there is news, then as the library does: while the check point is closed."""
        self.news.wait(LONGEST_REST)
        self.news.clear()
        return super().wait(timeout)


class WakingLayer(DULServiceProvider):
    """The upper layer of an association: it waits for its socket and for its user at once."""

    def __init__(self, assoc: Any) -> None:
        super().__init__(assoc)
        self._run_loop_delay = 0.0
        self._bell, self._pull = socket.socketpair()
        for one in (self._bell, self._pull):
            one.setblocking(False)
        self.to_provider_queue = TellingQueue(self.wake)

    def wake(self) -> None:
        """There is something to do."""
        with contextlib.suppress(OSError):  # full: it is awake; closed: it has ended
            self._pull.send(b"!")

    def kill_dul(self) -> None:
        """End soon."""
        super().kill_dul()
        self.wake()

    def stop_dul(self) -> bool:
        """See the library; without waiting for the end of a rest."""
        if self.state_machine.current_state == "Sta1":
            self._kill_thread = True
            self.wake()
        return super().stop_dul()

    def run_reactor(self) -> None:
        """Read and write until the end."""
        try:
            super().run_reactor()
        finally:
            self._bell.close()
            self._pull.close()

    def _process_recv_primitive(self) -> bool:
        if self.event_queue.empty() and not self.to_provider_queue.queue:
            self._rest()
        return super()._process_recv_primitive()

    def _rest(self) -> None:
        """Until bytes have come, or something to send."""
        wire = self.socket.socket if self.socket is not None else None
        if isinstance(wire, ssl.SSLSocket) and wire.pending():
            return
        connected = self.socket is not None and self.socket._is_connected
        watched = [self._bell, wire] if wire is not None and connected else [self._bell]
        try:
            ready, _writable, _faulty = select.select(watched, [], [], LONGEST_REST)
        except (OSError, ValueError):  # closed meanwhile: the library sees that for itself
            return
        if self._bell in ready:
            with contextlib.suppress(OSError):
                self._bell.recv(4096)


def make_waking(assoc: Any, layer: WakingLayer) -> None:
    """Give an association an upper layer that wakes, and have its reactor told of what comes."""
    check_point = CheckPoint()
    assoc._reactor_checkpoint = check_point
    layer.to_user_queue = TellingQueue(check_point.news.set)
    assoc.dul = layer


def tell_of_messages(assoc: Any) -> None:
    """Have the reactor told of messages; after the association has its DIMSE provider."""
    assoc.dimse.msg_queue = TellingQueue(assoc._reactor_checkpoint.news.set)
