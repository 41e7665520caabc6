"""Images that did not come over the network: imported by hand, photographed, brought by another workstation.

They go through the same rules, as soon as their bytes are on this machine. What came over the network is left to the
hand-over, which knows who sent it: while it works nothing is routed here, for the loop guard must know the sender.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from app.archives.queries import unrouted_images
from app.imaging.vocabulary import InstanceId
from app.journal.changes import ChangeSet
from app.journal.queries import SYSTEM
from app.journal.runner import Runner

EVERY_SECONDS: Final = 2.0
AT_ONCE: Final = 500


class LateRoutes:
    """`sweep` routes what is new; at the first call, also what an earlier run left."""

    def __init__(self, runner: Runner, route: Callable[[Sequence[InstanceId]], None]) -> None:
        self._runner, self._route = runner, route
        self._lock = threading.Lock()
        self._fresh: set[str] = set()
        self._everything, self._looked_at = True, 0.0
        self._stop = runner.subscribe(self._committed)

    def close(self) -> None:
        """Listen no more."""
        self._stop()

    def _committed(self, changes: ChangeSet) -> None:
        ids = changes.tables.get("image_state")
        with self._lock:
            if ids:
                self._fresh |= ids
            if changes.touches({"vna_configuration"}):
                self._everything = True  # an archive is there now: images may have come since it was set up

    def sweep(self) -> None:
        """Route what has no decision yet and is whole here."""
        now = time.monotonic()
        with self._lock:
            waits = self._everything or bool(self._fresh)
            if not waits or now - self._looked_at < EVERY_SECONDS:
                return
            self._looked_at = now
            some, everything = set(self._fresh), self._everything
            self._fresh, self._everything = set(), False
        ids = None if everything else [InstanceId(one) for one in sorted(some)[:AT_ONCE]]
        found = self._runner.ask(SYSTEM, unrouted_images, ids, AT_ONCE)
        here = [one.instance_id for one in found if self._runner.files.exists(one.sha256)]
        if here:
            self._route(here)
        with self._lock:  # what another workstation has told of, and whose bytes are still on their way
            self._fresh |= ({one.instance_id for one in found} - set(here)) | set(sorted(some)[AT_ONCE:])
            self._everything = self._everything or len(found) == AT_ONCE
