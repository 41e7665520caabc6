"""From the spool into the clinic: what devices have sent is taken in by the import that files take.

An object leaves the spool only when its row is there. What the import cannot take stays sealed in a folder beside the
spool: its sender was told that we have it.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.core.clock import from_millis
from app.core.errors import ClinicError, IntegrityFailure
from app.gateway.commands import Noted, Received, note_received
from app.gateway.vocabulary import GatewayEvent
from app.imaging.commands import FileReport, Outcome, import_paths
from app.imaging.receiving import ReceivedObject, Spool
from app.imaging.vocabulary import InstanceId, Reason
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from sync.dicom.logs import LOGGER, safe_title

AT_ONCE: Final = 240
"""Objects of one import; each of its operations holds 60."""
GATHERING_SECONDS: Final = 0.3
"""How long to wait for more of a study: a batch costs the same whether it holds one or many."""
LONGEST_GATHERING: Final = 5.0
STALE_SECONDS: Final = 180.0
"""An object that is not whole and has not grown for so long was cut off by a crash."""
STALE_FROM_BEFORE: Final = 20.0
"""The same, of one that was last written to before this gateway began."""
AGAIN_SECONDS: Final = 30.0
ASIDE: Final = "aside"
KEPT_BY_IMPORT: Final = frozenset(
    {Reason.OTHER_BYTES, Reason.OTHER_IDENTITY, Reason.OTHER_STUDY, Reason.OTHER_CHART, Reason.ERASED}
)
"""The import keeps the bytes of a contradiction itself, and those of somebody who was erased must go."""
KEPT: Final = frozenset({Outcome.IMPORTED, Outcome.ALREADY, Outcome.RESTORED})
_log = logging.getLogger(LOGGER)


@dataclass(slots=True)
class HandedOver:
    """What became of the objects that were waiting."""

    taken: list[InstanceId] = field(default_factory=list)
    settled: int = 0
    aside: int = 0
    left: int = 0


def hand_over(runner: Runner, spool: Spool, began: float = 0.0) -> HandedOver:
    """Take in what is whole in the spool, at most `AT_ONCE` objects. Raises what the import raises.

    `began` is when this gateway did, in seconds since 1970.
    """
    objects = _whole(spool, began)
    done = HandedOver()
    if not objects:
        return done
    names = {item.path: f"{safe_title(item.note.calling_ae)}/{item.note.sop_instance_uid}" for item in objects}
    report = import_paths(runner, SYSTEM, [], received=names)
    pairs = list(zip(objects, report.files, strict=True))
    received = [made for item, file in pairs if (made := _received(item, file)) is not None]
    for start in range(0, len(received), 100):
        runner.run(SYSTEM, note_received, received[start : start + 100])
    for item, file in pairs:
        _settle(spool, item, file, done)
    return done


def _whole(spool: Spool, began: float) -> list[ReceivedObject]:
    """The oldest whole objects; what a crash has cut off goes. Who still writes to it is told that it is not kept."""
    found: list[ReceivedObject] = []
    for path in spool.waiting():
        try:
            found.append(spool.opened(path))
        except (IntegrityFailure, FileNotFoundError):
            if _is_stale(path, began):
                with contextlib.suppress(OSError):  # where an open file cannot be removed, its writer lives
                    path.unlink()
        if len(found) == AT_ONCE:
            break
    return found


def _is_stale(path: Path, began: float) -> bool:
    try:
        written = path.stat().st_mtime
    except FileNotFoundError:
        return False
    return time.time() - written > (STALE_FROM_BEFORE if written < began else STALE_SECONDS)


def _received(item: ReceivedObject, file: FileReport) -> Received | None:
    """Who sent it; also of what is here already, for a crash may have come between its row and this one."""
    if file.outcome not in KEPT or file.instance_id is None or file.study_id is None:
        return None
    note = item.note
    at = from_millis(note.received_ms)
    return Received(
        file.instance_id, file.study_id, safe_title(note.calling_ae), safe_title(note.called_ae), note.address, at
    )


def _settle(spool: Spool, item: ReceivedObject, file: FileReport, done: HandedOver) -> None:
    if file.outcome in KEPT:
        if file.instance_id is not None:
            done.taken.append(file.instance_id)
        item.path.unlink()
        done.settled += 1
    elif file.reason in KEPT_BY_IMPORT:
        item.path.unlink()
        done.settled += 1
    elif file.reason is Reason.DISK_FULL or file.outcome is not Outcome.REFUSED:
        done.left += 1
    else:
        place = spool.folder / ASIDE
        place.mkdir(mode=0o700, exist_ok=True)
        item.path.replace(place / item.path.name)
        done.aside += 1


class HandingOver:
    """The thread that empties the spool. `taken` is told of new instances, `note` of what the monitor shows."""

    def __init__(
        self,
        runner: Runner,
        spool: Spool,
        note: Callable[[Noted], None],
        taken: Callable[[Sequence[InstanceId]], None] = lambda ids: None,
    ) -> None:
        self._runner, self._spool, self._note, self._taken = runner, spool, note, taken
        self._began = time.time()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self.quiet = threading.Event()
        """Set while nothing is being taken in: every image that came over the network is known with its sender."""
        self._thread = threading.Thread(target=self._work, name="dicom-spool", daemon=True)

    def start(self) -> None:
        """Begin, with what an earlier run left."""
        self._wake.set()
        self._thread.start()

    def arrived(self) -> None:
        """There is more."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the batch that is under way."""
        self._stop.set()
        self._wake.set()
        self._thread.join(60)

    def _work(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(AGAIN_SECONDS)
            self.quiet.clear()
            self._gather()
            while not self._stop.is_set() and self._once():
                pass

    def _gather(self) -> None:
        """Wait until nothing more has come for a moment, but not for ever: senders and the import share the machine."""
        end = time.monotonic() + LONGEST_GATHERING
        while self._wake.is_set() and not self._stop.is_set() and time.monotonic() < end:
            self._wake.clear()
            self._wake.wait(GATHERING_SECONDS)

    def _once(self) -> bool:
        """One batch; whether to go on at once."""
        try:
            done = hand_over(self._runner, self._spool, self._began)
        except (ClinicError, OSError) as error:
            _log.warning("not handed over", extra={"kind": type(error).__name__})
            return False  # an image may have its row and not its sender: it is not quiet
        if done.aside:
            self._note(Noted(GatewayEvent.SET_ASIDE, count=done.aside))
        if done.taken:
            self._taken(done.taken)
        more = bool(done.settled or done.aside) and not done.left
        if not more:
            self.quiet.set()
        return more


def aside(folder: Path) -> list[Path]:
    """What stands beside the spool because the import could not take it."""
    return sorted((folder / ASIDE).glob("*"))
