"""The gateway inside another process, the server’s: its port opens as soon as there is somebody to talk to.

Without a device and without an archive nothing listens. A setting that changes closes it and opens it again.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final

from app.core.errors import ClinicError
from app.core.settings import Setting
from app.gateway.settings import (
    GATEWAY_AE_TITLE,
    GATEWAY_ASSOCIATIONS,
    GATEWAY_HOST,
    GATEWAY_IDLE_SECONDS,
    GATEWAY_PORT,
    GATEWAY_TLS_PORT,
)
from app.journal.changes import ChangeSet
from app.journal.queries import SYSTEM, Reading
from app.journal.runner import Runner
from app.journal.workplace import Workplace
from sync.dicom.logs import LOGGER, silence_libraries, write_logs

WATCHED: Final = frozenset({"dicom_peer", "vna_configuration", "clinic_setting", "workstation_setting"})
SETTINGS: Final[tuple[Setting[Any], ...]] = (
    GATEWAY_AE_TITLE, GATEWAY_ASSOCIATIONS, GATEWAY_HOST, GATEWAY_IDLE_SECONDS, GATEWAY_PORT, GATEWAY_TLS_PORT,
)  # fmt: skip
AGAIN_SECONDS: Final = 30.0
"""How long a port that is taken, or a fault, is left alone."""
_log = logging.getLogger(LOGGER)


def is_needed(read: Reading) -> bool:
    """Whether there is a device that may call, or an archive to send to."""
    living = "WHERE withdrawn_at IS NULL LIMIT 1"
    return any(read.sql(f"SELECT 1 FROM {table} {living}") for table in ("dicom_peer", "vna_configuration"))


class HostedGateway:
    """A thread that opens and closes the gateway of one folder as it is needed."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._runner: Runner = workplace.runner
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._gateway: Any = None
        self._as_set: tuple[Any, ...] | None = None
        self._thread = threading.Thread(target=self._keep, name="dicom-hosting", daemon=True)
        self._unsubscribe = self._runner.subscribe(self._committed)

    @property
    def ports(self) -> list[int]:
        """The ports that are open."""
        gateway = self._gateway
        return [door.port for door in gateway.doors] if gateway is not None else []

    def start(self) -> None:
        """Look for the first time."""
        self._wake.set()
        self._thread.start()

    def stop(self) -> None:
        """Close it; what is being taken in is finished."""
        self._stopping.set()
        self._wake.set()
        self._unsubscribe()
        self._thread.join(90)

    def _committed(self, changes: ChangeSet) -> None:
        if changes.touches(WATCHED):
            self._wake.set()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(AGAIN_SECONDS)
            self._wake.clear()
            if not self._stopping.is_set():
                self._follow()
        self._close()

    def _follow(self) -> None:
        try:
            with self._runner.read(SYSTEM) as read:
                needed = is_needed(read)
            wanted = tuple(self._runner.setting(SYSTEM, setting) for setting in SETTINGS) if needed else None
            if wanted == self._as_set:
                return
            self._close()
            if wanted is not None:
                self._open()
                self._as_set = wanted
        except (ClinicError, OSError) as error:  # a clinic works on without its gateway; it is tried again
            _log.warning("gateway not open", extra={"kind": type(error).__name__})

    def _open(self) -> None:
        silence_libraries()
        from sync.dicom.process import Gateway  # the network’s libraries are loaded when there is somebody to talk to

        gateway = Gateway(self._workplace)
        gateway.start()
        self._gateway = gateway

    def _close(self) -> None:
        gateway, self._gateway, self._as_set = self._gateway, None, None
        if gateway is not None:
            gateway.stop()


@contextlib.contextmanager
def hosted_gateway(workplace: Workplace, *, quiet: bool = False) -> Iterator[HostedGateway]:
    """The gateway of a folder while the context lasts."""
    write_logs(quiet=quiet)
    made = HostedGateway(workplace)
    made.start()
    try:
        yield made
    finally:
        made.stop()
        _end_workers()


def _end_workers() -> None:
    """End the processes that read images, when the gateway has started some."""
    workers = sys.modules.get("app.imaging.workers")
    if workers is not None:
        workers.close()
