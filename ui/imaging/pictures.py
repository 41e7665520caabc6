"""Small pictures for lists of any length: those in sight first, a few at a time, the oldest forgotten."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

from app.core.errors import ClinicError
from app.imaging.queries import InstanceId, thumbnail
from ui.shell.bench import Bench

KEPT: Final = 600
AT_ONCE: Final = 6
WAITING: Final = 80
"""Requests beyond which the oldest are dropped: the person has scrolled on."""


class Pictures(QObject):
    """`get` answers at once, with a picture or nothing; `arrived` says that there is more to see."""

    arrived = Signal()

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._held: OrderedDict[str, QImage | None] = OrderedDict()
        self._wanted: OrderedDict[str, None] = OrderedDict()
        self._busy = False

    def get(self, instance_id: InstanceId | None) -> QImage | None:
        """The picture if it is here; else it is asked for, before what was asked for earlier."""
        if instance_id is None:
            return None
        if instance_id in self._held:
            self._held.move_to_end(instance_id)
            return self._held[instance_id]
        self._wanted[instance_id] = None
        self._wanted.move_to_end(instance_id)
        while len(self._wanted) > WAITING:
            self._wanted.popitem(last=False)
        self._next()
        return None

    def forget(self) -> None:
        """Images may have been turned, or somebody else signed in."""
        self._held.clear()
        self._wanted.clear()

    def _next(self) -> None:
        if self._busy or not self._wanted:
            return
        batch = [self._wanted.popitem(last=True)[0] for _place in range(min(AT_ONCE, len(self._wanted)))]
        runner, actor = self._bench.runner, self._bench.actor
        self._busy = True

        def work() -> dict[str, QImage | None]:
            found: dict[str, QImage | None] = {}
            for key in batch:
                try:
                    content = thumbnail(runner, actor, InstanceId(key))
                except (ClinicError, OSError):  # its place stays empty; opening the image says why
                    content = None
                image = QImage.fromData(content) if content else QImage()
                found[key] = None if image.isNull() else image
            return found

        self._bench.background(work, self._take)

    def _take(self, future: Future[dict[str, QImage | None]]) -> None:
        if not isValid(self):
            return
        self._busy = False
        if future.exception() is None:
            self._held.update(future.result())
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
            self.arrived.emit()
        self._next()
