"""The gateway's process: database, spool, doors, in this order, and closed in the other."""

from __future__ import annotations

import logging
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pynetdicom import evt

from app.core.errors import ClinicError, RuleViolation
from app.core.i18n import N_
from app.gateway.commands import Noted, note_gateway
from app.gateway.settings import (
    GATEWAY_AE_TITLE,
    GATEWAY_ASSOCIATIONS,
    GATEWAY_HOST,
    GATEWAY_IDLE_SECONDS,
    GATEWAY_PORT,
    GATEWAY_TLS_PORT,
)
from app.gateway.titles import checked_title
from app.gateway.vocabulary import GatewayEvent
from app.imaging.receiving import Spool
from app.imaging.settings import FILE_LIMIT_MB
from app.imaging.vocabulary import InstanceId
from app.journal.queries import SYSTEM
from app.journal.workplace import Workplace
from sync.dicom import certificates
from sync.dicom.contexts import WORKLIST
from sync.dicom.door import Door, DoorSettings
from sync.dicom.handing_over import HandingOver
from sync.dicom.logs import LOGGER, safe_title
from sync.dicom.peers import PeerBook
from sync.dicom.questions import answer_find
from sync.dicom.retrieving import answer_get, answer_move
from sync.dicom.sending import Senders
from sync.dicom.spooling import Arriving
from sync.dicom.steps import answer_create, answer_set
from sync.dicom.storing import NOT_AUTHORISED, answer_echo, answer_store
from sync.dicom.worklists import answer_worklist

NOTING_SECONDS: Final = 1.0
NOTES_AT_ONCE: Final = 200
_log = logging.getLogger(LOGGER)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the command line says instead of the settings; None: as they say."""

    host: str | None = None
    port: int | None = None
    tls_port: int | None = None


class Gateway:
    """The gateway over one open folder."""

    def __init__(self, workplace: Workplace, chosen: Chosen = Chosen()) -> None:
        """Raises `RuleViolation` when a port is taken or the AE title is none."""
        runner = workplace.runner
        self.workplace, self._stop = workplace, threading.Event()
        self.spool = Spool(workplace.folder, workplace.files)
        self.peers = PeerBook(runner)
        self._notes: queue.SimpleQueue[Noted] = queue.SimpleQueue()
        self.handing_over = HandingOver(runner, self.spool, self.note, self._taken)
        quiet = self.handing_over.quiet.is_set
        self.senders = None if workplace.is_training else Senders(runner, workplace.folder, quiet)
        limit = runner.setting(SYSTEM, FILE_LIMIT_MB) << 20
        self.settings = DoorSettings(
            checked_title(runner.setting(SYSTEM, GATEWAY_AE_TITLE), GATEWAY_AE_TITLE.name),
            runner.setting(SYSTEM, GATEWAY_ASSOCIATIONS), runner.setting(SYSTEM, GATEWAY_IDLE_SECONDS), limit,
        )  # fmt: skip
        self.doors = self._doors(chosen)
        self._noting = threading.Thread(target=self._write_notes, name="dicom-notes", daemon=True)

    def _doors(self, chosen: Chosen) -> list[Door]:
        setting = self.workplace.runner.setting
        host = chosen.host or setting(SYSTEM, GATEWAY_HOST)
        plain = setting(SYSTEM, GATEWAY_PORT) if chosen.port is None else chosen.port
        secure = setting(SYSTEM, GATEWAY_TLS_PORT) if chosen.tls_port is None else chosen.tls_port
        tls = certificates.serving(self.workplace.folder)
        doors = []
        try:
            if plain or chosen.port is not None:
                doors.append(self._door((host, plain), None))
            if tls is not None and (secure or chosen.tls_port is not None):
                doors.append(self._door((host, secure), tls))
        except OSError as error:
            for door in doors:
                door.server_close()
            raise RuleViolation(N_("The gateway cannot listen on this address and port."), field="port") from error
        return doors

    def _door(self, address: tuple[str, int], tls: Any) -> Door:
        return Door(
            address, self.settings, self.peers.find,
            lambda: Arriving(self.spool, self.settings.longest), self.note, self._handlers(), tls,
        )  # fmt: skip

    def _handlers(self) -> list[Any]:
        runner = self.workplace.runner
        return [
            (evt.EVT_C_ECHO, answer_echo),
            (evt.EVT_C_STORE, answer_store, [self.handing_over.arrived, self._full]),
            (evt.EVT_C_FIND, self._find),
            (evt.EVT_C_MOVE, answer_move, [runner]),
            (evt.EVT_C_GET, answer_get, [runner]),
            (evt.EVT_N_CREATE, answer_create, [runner]),
            (evt.EVT_N_SET, answer_set, [runner]),
            (evt.EVT_N_EVENT_REPORT, self._committed),
        ]

    def _find(self, event: Any) -> Iterator[Any]:
        is_worklist = event.context.abstract_syntax == WORKLIST
        return (answer_worklist if is_worklist else answer_find)(event, self.workplace.runner)

    def _committed(self, event: Any) -> tuple[int, Any]:
        return (NOT_AUTHORISED, None) if self.senders is None else self.senders.commitments.answer(event)

    def start(self) -> None:
        """Take in what was left, then open the doors."""
        self._noting.start()
        self.handing_over.start()
        if self.senders is not None:
            self.senders.start()
        for door in self.doors:
            door.open()
        self.note(Noted(GatewayEvent.STARTED))
        _log.info("listening", extra={"port": self.doors[0].port if self.doors else 0})

    def stop(self) -> None:
        """Shut the doors, finish what is being taken in."""
        for door in self.doors:
            door.shut()
        self.handing_over.stop()
        if self.senders is not None:
            self.senders.stop()
        self.note(Noted(GatewayEvent.STOPPED))
        self._stop.set()
        self._noting.join(10)
        self.peers.close()
        _log.info("stopped")

    def note(self, noted: Noted) -> None:
        """Have something written down for the monitor, soon and together with others."""
        self._notes.put(noted)

    def _taken(self, instance_ids: Sequence[InstanceId]) -> None:
        """New images have their rows. Nothing leaves a training folder."""
        if self.senders is not None:
            self.senders.route(instance_ids)

    def _full(self, calling_ae: str, address: str) -> None:
        self.note(Noted(GatewayEvent.DISK_FULL, safe_title(calling_ae), address))

    def _write_notes(self) -> None:
        while not self._stop.wait(NOTING_SECONDS) or not self._notes.empty():
            batch: list[Noted] = []
            while not self._notes.empty() and len(batch) < NOTES_AT_ONCE:
                batch.append(self._notes.get())
            try:
                if batch:
                    self.workplace.runner.run(SYSTEM, note_gateway, batch)
            except (ClinicError, OSError) as error:
                _log.warning("not noted", extra={"kind": type(error).__name__})


def serve(workplace: Workplace, chosen: Chosen, listening: Callable[[list[Door]], None]) -> None:
    """Serve until SIGTERM or SIGINT. `listening` is called once devices can connect."""
    gateway = Gateway(workplace, chosen)
    told = threading.Event()
    before = {number: signal.signal(number, lambda *_: told.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    gateway.start()
    try:
        listening(gateway.doors)
        told.wait()
    finally:
        gateway.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
