"""The door: who is let in, with which services, and what is written down about it.

A caller is known by its AE title and the address that it comes from; with TLS its certificate has been judged before.
Who is refused is told why in the way of the standard (PS3.8 §9.3.4), and nothing that it sent is kept or logged.
"""

from __future__ import annotations

import itertools
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, cast

from pynetdicom import evt
from pynetdicom._globals import MODE_ACCEPTOR
from pynetdicom.transport import AssociationServer, RequestHandler

from app.gateway.commands import Noted
from app.gateway.titles import is_at
from app.gateway.vocabulary import GatewayEvent, PeerRight, Refusal
from sync.dicom.calling import Entity, Sending
from sync.dicom.contexts import offered
from sync.dicom.logs import LOGGER, safe_title
from sync.dicom.peers import Peer
from sync.dicom.spooling import Arriving, SpoolingProvider
from sync.dicom.waking import WakingLayer, tell_of_messages
from sync.dicom.wire import MAXIMUM_PDU, Wire, without_delay

_log = logging.getLogger(LOGGER)
# PS3.8 §9.3.4: result, source, reason.
UNKNOWN_CALLER: Final = (0x01, 0x01, 0x03)
UNKNOWN_CALLED: Final = (0x01, 0x01, 0x07)
TOO_MANY: Final = (0x02, 0x03, 0x02)
_numbers = itertools.count(1)


@dataclass(slots=True)
class DoorSettings:
    """How the door is set. `most` counts connections, `idle` seconds of silence, `longest` bytes of an object."""

    ae_title: str
    most: int = 64
    idle: float = 60.0
    longest: int = 4 << 30


@dataclass(slots=True)
class Visit:
    """What one association did; `peer` is None until it is let in."""

    begun: float = field(default_factory=time.monotonic)
    peer: Peer | None = None
    count: int = 0
    size: int = 0


class Door(AssociationServer):
    """Listens on one port. Each association has threads of its own; nobody waits for another one's handshake."""

    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        settings: DoorSettings,
        find_peer: Callable[[str], Peer | None],
        arrival: Callable[[], Arriving],
        note: Callable[[Noted], None],
        handlers: list[Any],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Raises OSError when the port is taken."""
        entity = Entity(settings.ae_title)
        entity.maximum_pdu_size = MAXIMUM_PDU
        entity.maximum_associations = settings.most
        entity.acse_timeout = entity.network_timeout = entity.dimse_timeout = settings.idle
        self.settings, self.find_peer, self.arrival, self.note = settings, find_peer, arrival, note
        own = [(evt.EVT_REQUESTED, self._admit)]
        super().__init__(entity, address, settings.ae_title, [], tls, [*handlers, *own], _Entrance)
        entity._servers.append(self)  # type: ignore[arg-type]  # where the library looks for what is under way
        self.tls = tls is not None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self.server_address[1])

    def open(self) -> None:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(target=self.serve_forever, args=(0.2,), name="dicom-door", daemon=True)
        self._thread.start()

    def shut(self) -> None:
        """Take nobody in any more, and end what is open."""
        self.shutdown()
        if self._thread is not None:
            self._thread.join(5)

    def server_bind(self) -> None:
        """As the library does; without its time limit on waiting for callers."""
        wire = self.socket
        assert wire is not None
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wire.bind(self.server_address)
        self.server_address = wire.getsockname()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """A connection; a TLS handshake is left to the thread of the association."""
        listening = self.socket
        assert listening is not None
        wire, address = listening.accept()
        without_delay(wire)
        if self.ssl_context is not None:
            wire = self.ssl_context.wrap_socket(wire, server_side=True, do_handshake_on_connect=False)
        return wire, address

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether there is room: one address may hold half of the connections, so that no device shuts others out."""
        active = self.active_associations
        same = sum(_address_of(item) == client_address[0] for item in active)
        if len(active) < 2 * self.settings.most and same < self.settings.most // 2:
            return True
        self._refused(Refusal.TOO_MANY, "", client_address[0])
        return False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke before it was one; the library would print where."""
        _log.warning("connection broken", extra={"address": client_address[0]})

    def _admit(self, event: Any) -> None:
        """Judge who asks for an association, and offer what it may have."""
        assoc = event.assoc
        asked = assoc.requestor.primitive
        calling, address = asked.calling_ae_title.strip(), assoc.requestor.address_info.address
        peer = self.find_peer(calling)
        refusal, answer = self._judge(peer, asked.called_ae_title.strip(), address, assoc)
        if refusal is not None:
            self._refused(refusal, calling, address)
            assoc.requestor.ae_title = asked.calling_ae_title
            assoc.acse.send_reject(*answer)
            assoc.kill()
            return
        assert peer is not None
        assoc.visit.peer = peer
        assoc.acceptor.supported_contexts = offered(asked.presentation_context_definition_list, peer.rights)
        assoc.dul.socket.patience = self.settings.idle

    def _judge(
        self, peer: Peer | None, called: str, address: str, assoc: Any
    ) -> tuple[Refusal | None, tuple[int, int, int]]:
        if called != self.settings.ae_title:
            return Refusal.WRONG_CALLED, UNKNOWN_CALLED
        if peer is None:
            return Refusal.UNKNOWN_CALLER, UNKNOWN_CALLER
        if not is_at(address, peer.address):
            return Refusal.WRONG_ADDRESS, UNKNOWN_CALLER
        if peer.tls_only and not self.tls:
            return Refusal.NO_TLS, UNKNOWN_CALLER
        if sum(getattr(item, "visit", assoc.visit).peer is not None for item in self.active_associations) >= (
            self.settings.most
        ):
            return Refusal.TOO_MANY, TOO_MANY
        return None, TOO_MANY

    def _refused(self, refusal: Refusal, calling: str, address: str) -> None:
        title = safe_title(calling)
        _log.warning("refused", extra={"calling_ae": title, "address": address, "refusal": refusal.value})
        self.note(Noted(GatewayEvent.REFUSED, title, address, refusal))

    def ended(self, assoc: Any) -> None:
        """An association is over, however it ended."""
        visit: Visit = assoc.visit
        if visit.peer is None:
            return
        address, took = assoc.requestor.address_info.address, round((time.monotonic() - visit.begun) * 1000)
        title = safe_title(visit.peer.ae_title)
        details = {"calling_ae": title, "address": address, "count": visit.count, "bytes": visit.size, "ms": took}
        _log.info("served", extra=details)
        self.note(
            Noted(
                GatewayEvent.SERVED, title, address, count=visit.count, size_bytes=visit.size, milliseconds=took
            )
        )  # fmt: skip


class _Entrance(RequestHandler):
    """Makes the association of one connection."""

    server: Door

    def _create_association(self) -> Any:
        door = self.server
        assoc: Any = _Served(door)
        assoc._server = door
        # the library counts what is active by this name
        assoc.name = f"AcceptorThread@{next(_numbers)}"
        assoc.set_socket(Wire(assoc, client_socket=self.request))
        acceptor, entity = assoc.acceptor, self.ae
        acceptor.maximum_length = entity.maximum_pdu_size
        acceptor.ae_title, acceptor.address_info = door.ae_title, self.local
        acceptor.implementation_class_uid = entity.implementation_class_uid
        acceptor.implementation_version_name = entity.implementation_version_name
        assoc.requestor.address_info = self.remote
        for event, bound in cast(dict[Any, Any], door._handlers).items():
            if event.is_intervention:
                assoc.bind(event, *bound)
            else:
                for handler, arguments in bound:
                    assoc.bind(event, handler, arguments)
        return assoc


class _UpperLayer(WakingLayer):
    """The upper layer of an association. What it does not foresee ends the connection, and nothing else."""

    def run_reactor(self) -> None:
        """Read and write until the end."""
        try:
            super().run_reactor()
        except Exception as error:  # an event that its state machine has no row for, a PDU that it cannot read
            _log.warning("association broken", extra={"kind": type(error).__name__})
            wire, self._kill_thread = self.socket, True
            if wire is not None:
                wire.close()


class _Served(Sending):
    """An association that a device has asked for."""

    layer = _UpperLayer

    def __init__(self, door: Door) -> None:
        super().__init__(door.ae, MODE_ACCEPTOR)
        self.visit = Visit()
        self._door = door
        self.dimse: SpoolingProvider = SpoolingProvider(self, door.arrival)
        tell_of_messages(self)

    def run(self) -> None:
        """Serve until it is over, however it ends."""
        try:
            super().run()
        finally:
            self.dimse.end()
            self._door.ended(self)


def _address_of(assoc: Any) -> str:
    return str(assoc.requestor.address_info.address)


def may(event: Any, right: PeerRight) -> bool:
    """Whether the peer of an event holds a right; a service may be asked for over a context meant for another."""
    peer = event.assoc.visit.peer
    return peer is not None and right in peer.rights
