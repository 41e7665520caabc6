"""The socket of an association, in and out: no Nagle delay, whole reads, and no peer that can hold us up.

pynetdicom reads 4 KiB at a time, never turns Nagle's algorithm off, waits for ever for the rest of a PDU, and reserves
whatever length a PDU claims (PS3.8 §9.3.1). What is replaced here is guarded by tests over the pinned version.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from typing import Any, Final

from pynetdicom.transport import AddressInformation, AssociationSocket

MAXIMUM_PDU: Final = 131072
"""Bytes of a P-DATA-TF PDU that we offer to take (PS3.8 §D.1)."""
LONGEST_PDU: Final = 1 << 20
"""A PDU that claims more is a fault or an attack: the connection ends."""
SLOWEST_BYTES: Final = 4096
"""Bytes a second below which a peer that has begun a PDU is given up."""
GREETING_SECONDS: Final = 10.0
"""How long a connection may take to ask for an association, TLS included."""


class Wire(AssociationSocket):
    """The socket of one association. `patience` is the longest silence inside a PDU, in seconds."""

    patience = GREETING_SECONDS
    _greeted = False

    def recv(self, nr_bytes: int) -> bytearray:
        """Read so many bytes, fewer when the peer has closed. OSError (or its `TimeoutError`) ends the association."""
        if nr_bytes > LONGEST_PDU:
            raise OSError("a PDU claims to be longer than any")
        wire = self._ready_socket()
        buffer = bytearray(nr_bytes)
        deadline = time.monotonic() + self.patience + nr_bytes / SLOWEST_BYTES
        done = 0
        with memoryview(buffer) as view:
            while done < nr_bytes:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError("the peer is too slow")
                wire.settimeout(min(left, self.patience))
                count = wire.recv_into(view[done:])
                if not count:
                    break
                done += count
        return buffer if done == nr_bytes else buffer[:done]

    def send(self, bytestream: bytes) -> None:
        """Send all of it; a peer that takes nothing for longer than `patience` is given up."""
        try:
            wire = self._ready_socket()
            wire.settimeout(self.patience)
            wire.sendall(bytestream)
        except OSError:
            self.event_queue.put("Evt17")

    def _ready_socket(self) -> socket.socket:
        wire = self.socket
        if wire is None:
            raise OSError("the connection is closed")
        if not self._greeted:
            self._greeted = True
            if isinstance(wire, ssl.SSLSocket) and self.assoc.is_acceptor:
                wire.settimeout(GREETING_SECONDS)
                wire.do_handshake()  # here, in the thread of this peer: the door stays open for others
        return wire


def without_delay(wire: socket.socket) -> None:
    """Turn Nagle's algorithm off: with it each answer waits 40 ms for the peer's delayed acknowledgement."""
    with contextlib.suppress(OSError):
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class CallingWire(Wire):
    """The socket of an association that we ask for."""

    def _create_socket(self, address: AddressInformation) -> socket.socket:
        made: socket.socket = super()._create_socket(address)
        without_delay(made)
        return made


def equip(assoc: Any, wire: Wire, patience: float) -> None:
    """Give an association its socket."""
    wire.patience = patience
    assoc.set_socket(wire)
