"""Key images of the reading room in the chart: shown as they are kept, marked and withdrawn by commands."""

from __future__ import annotations

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.core.ids import PatientId
from app.imaging.commands import mark_key_image, withdraw_key_image
from app.imaging.queries import InstanceId, KeyImageLine, key_image_id, key_images_of
from ui.shell.screen import Screen
from viewer.widgets import Workspace

Frame = tuple[str, int]


class KeptKeyImages(QObject):
    """One for a workspace. Without the right to mark, what others chose is shown and nothing can be chosen."""

    def __init__(self, screen: Screen, workspace: Workspace, patient_id: PatientId) -> None:
        super().__init__(workspace)
        self._screen, self._workspace, self._patient_id = screen, workspace, patient_id
        self._known: frozenset[Frame] = frozenset()
        workspace.key_images_changed.connect(self._write)

    def read(self) -> None:
        """Ask for what is kept, now and whenever it has changed."""
        self._screen.ask(key_images_of, self._show, self._patient_id)

    def _show(self, kept: tuple[KeyImageLine, ...]) -> None:
        if isValid(self):
            self._known = frozenset((str(line.instance_id), line.frame) for line in kept)
            self._workspace.set_key_images(self._known)

    def _write(self) -> None:
        """What the person has just marked or taken back; what is refused is shown as it stays."""
        bench, chosen = self._screen.bench, frozenset(self._workspace.key_images)
        if not bench.may(mark_key_image):
            self._workspace.set_key_images(self._known)
            self._workspace.say(bench.reason(mark_key_image))
            return
        before, self._known = self._known, chosen
        for key, frame in sorted(chosen - before):
            bench.run(mark_key_image, InstanceId(key), frame).say("")
        for key, frame in sorted(before - chosen):
            bench.run(withdraw_key_image, key_image_id(InstanceId(key), frame)).say("")
