"""The server's process: practices, jobs, announcement and door, opened in this order and closed in the other."""

from __future__ import annotations

import contextlib
import importlib
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from app.core.fault_log import note_fault
from app.journal.jobs import JobHost
from sync.dicom.hosting import hosted_gateway
from sync.server.announcement import announced
from sync.server.certificates import fingerprint
from sync.server.enrolment import note_whereabouts, reachable_address
from sync.server.http.logs import LOGGER, write_logs
from sync.server.practices import Practice, PracticeStores
from sync.server.serving import Serving
from sync.server.settings import ServerSettings

_log = logging.getLogger(LOGGER)


def serve(
    folder: Path,
    settings: ServerSettings,
    listening: Callable[[int], None],
    *,
    with_parent: bool = False,
    quiet: bool = False,
) -> None:
    """Serve until SIGTERM, SIGINT or, with `with_parent`, the end of the standard input."""
    write_logs(requests=not quiet)
    with PracticeStores(folder) as practices, contextlib.ExitStack() as stack:
        serving = Serving(folder, practices, settings)
        address = reachable_address(settings.host, serving.port, settings.name)
        for practice in practices:
            note_whereabouts(practice.workplace.runner, address, fingerprint(serving.authority))
            stack.enter_context(_jobs_of(folder, practice))
            if settings.gateway:
                stack.enter_context(hosted_gateway(practice.workplace, quiet=quiet))
        if settings.announced:
            stack.enter_context(announced(practices, settings, serving))
        if with_parent:
            threading.Thread(target=_stop_with_parent, args=(serving,), name="parent", daemon=True).start()
        _log.info("listening", extra={"port": serving.port, "count": len(list(practices))})
        listening(serving.port)
        serving.run()
        _log.info("stopping")


@contextlib.contextmanager
def _jobs_of(folder: Path, practice: Practice) -> Iterator[None]:
    """The practice's automatic work; without it a clinic works on, and the fault is noted."""
    importlib.import_module("sync.objects.jobs")
    host = JobHost(practice.workplace.runner)
    try:
        host.start()
    except Exception as error:
        note_fault(folder, error, "jobs")
    try:
        yield
    finally:
        host.stop()


def _stop_with_parent(serving: Serving) -> None:
    """The other end of the standard input is held by the workstation that started this: it ends when that does."""
    with contextlib.suppress(OSError, ValueError):
        while sys.stdin.buffer.read(4096):
            pass
    serving.stop()
