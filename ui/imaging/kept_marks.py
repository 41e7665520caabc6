"""What the clinic adds to the workspace: marks kept in the chart as they are drawn, every export noted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from app.core.errors import ClinicError
from app.core.ids import PatientId
from app.imaging.commands import save_marks
from app.imaging.permissions import MARK_IMAGES
from app.imaging.queries import InstanceId, MarksOfImage, marks_of_patient, note_export
from app.imaging.settings import PSEUDONYM_KEY
from ui.imaging.clinic_norms import ClinicNorms
from ui.imaging.clinic_source import REFUSED
from ui.imaging.kept_key_images import KeptKeyImages
from ui.shell.screen import Screen
from viewer.widgets import (
    ExportKind,
    ImageItem,
    Placed,
    Pseudonyms,
    Sheet,
    SidePanels,
    ViewerError,
    Workspace,
    add_comparing,
    add_exporting,
    from_json,
    install_cephalometry,
    install_marking,
    to_json,
    tracing_from_json,
    tracing_to_json,
)

QUIET_MILLIS = 700
"""What is drawn is saved once the hand has rested for this long: a stroke is not forty operations."""

KEY_BYTES = 32
LOOKING = frozenset({"pan", "window", "zoom", "magnifier", "stack"})
"""The tools of somebody who reads; with any other the panel of marks and landmarks comes."""


def _pseudonym_key(screen: Screen) -> bytes:
    """The person’s own, made at the first reading: copies that leave on different days agree with one another."""
    kept = str(screen.bench.setting(PSEUDONYM_KEY))
    if len(kept) == 2 * KEY_BYTES:
        return bytes.fromhex(kept)
    made = secrets.token_bytes(KEY_BYTES)
    screen.bench.remember(PSEUDONYM_KEY, made.hex())
    return made


class KeptMarks(QObject):
    """One for a workspace. Without the right to mark, what others have drawn is shown and nothing is saved."""

    def __init__(self, screen: Screen, workspace: Workspace, patient_id: PatientId) -> None:
        super().__init__(workspace)
        self._screen, self._workspace, self._patient_id = screen, workspace, patient_id
        self._known: dict[str, tuple[str | None, str | None]] = {}
        self._unsaved: dict[str, set[str]] = {}
        self._marking = install_marking(workspace, screen.bench.actor.name)
        self._norms = ClinicNorms(screen, self)
        self.cephalometry = install_cephalometry(workspace, self._marking, self._norms)
        self._norms.changed = self.cephalometry.changed.emit
        self._key_images = KeptKeyImages(screen, workspace, patient_id)
        self.panels = SidePanels(self._marking, self.cephalometry)
        workspace.panel.addWidget(self.panels)
        self.panels.hide()  # the image has the room until somebody marks
        workspace.tool_taken.connect(self._make_room)
        self._comparison = add_comparing(workspace)
        self._comparison.changed.connect(screen.help_turned)
        add_exporting(workspace, self._note_export).pseudonyms = Pseudonyms(_pseudonym_key(screen))
        self._rest = QTimer(self, singleShot=True, interval=QUIET_MILLIS)
        self._rest.timeout.connect(self.save)
        if screen.bench.may(MARK_IMAGES):
            workspace.marks_changed.connect(lambda key: self._touched(key, "sheet"))
            self.cephalometry.tracing_changed.connect(lambda key: self._touched(key, "tracing"))

    def _make_room(self, name: str) -> None:
        self.panels.setVisible(name not in LOOKING)
        self._screen.help_turned.emit()

    def help_page(self) -> str:
        """The page of the help for the tool in hand; '' for somebody who only looks."""
        if self._comparison.runs:
            return "compare"
        tool = self._workspace.tool_name
        return "cephalometry" if tool == "ceph" else "" if tool in LOOKING or tool == "select" else "marks"

    def _note_export(self, kind: ExportKind, image: ImageItem, detail: Mapping[str, str | int | bool]) -> None:
        """Nothing leaves that is not noted, nor without the right to it."""
        bench = self._screen.bench
        how = " ".join([kind.value, *(f"{name}={value}" for name, value in detail.items())])
        try:
            note_export(bench.runner, bench.actor, InstanceId(image.key), how)
        except ClinicError as error:
            raise ViewerError(REFUSED, reason=str(error)) from None

    def read(self) -> None:
        """Ask for what is kept, now and whenever it has changed."""
        self._screen.ask(marks_of_patient, self._show, self._patient_id)
        self._key_images.read()
        self._norms.read()

    def _show(self, kept: tuple[MarksOfImage, ...]) -> None:
        if not isValid(self):
            return
        found = {str(item.instance_id): (item.sheet, item.tracing) for item in kept}
        for key in {*found, *self._known}:
            sheet, tracing = found.get(key, (None, None))
            known = self._known.get(key, (None, None))
            self._known[key] = (sheet, tracing)
            unsaved = self._unsaved.get(key, set())
            if sheet != known[0] and "sheet" not in unsaved:
                self._workspace.set_marks(key, from_json(sheet) if sheet else Sheet())
            if tracing != known[1] and "tracing" not in unsaved:
                self.cephalometry.set_tracing(key, tracing_from_json(tracing) if tracing else Placed())

    def _touched(self, key: str, what: str) -> None:
        self._unsaved.setdefault(key, set()).add(what)
        self._rest.start()

    def save(self) -> None:
        """Keep what was drawn since; the toast would only be in the way of the next stroke."""
        self._rest.stop()
        unsaved, self._unsaved = self._unsaved, {}
        for key, what in unsaved.items():
            sheet = to_json(self._workspace.histories[key].sheet) if "sheet" in what else None
            tracing = tracing_to_json(self.cephalometry.placed(key)) if "tracing" in what else None
            known = self._known.get(key, (None, None))
            self._known[key] = (sheet or known[0], tracing or known[1])
            if self._known[key] != known:
                self._screen.bench.run(save_marks, InstanceId(key), sheet=sheet, tracing=tracing).say("")
