"""What is made in three dimensions goes into the patient's images by a command, and files leave with a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from app.core.errors import RuleViolation
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.imaging.commands import keep_reconstructions, seal_made
from app.imaging.permissions import EXPORT_IMAGES
from app.imaging.queries import InstanceId, note_export
from ui.shell.screen import Screen
from viewer.widgets.volume.host import Kept

FILTERS = {".stl": "STL (*.stl)", ".pdf": "PDF (*.pdf)"}
TOOLS = {"cephalometry": "ceph"}
"""The tool of the reading room in which what was made is to be opened."""


class Keeping:
    """One for a screen; `source` names an image of what is being looked at, for the access log."""

    def __init__(self, screen: Screen, patient_id: PatientId, source: InstanceId) -> None:
        self._screen, self._patient_id, self._source = screen, patient_id, source

    def keep(self, pictures: Sequence[Kept]) -> None:
        """Seal the pictures off the main thread, then give them their rows; undo takes them back."""
        bench = self._screen.bench
        runner, actor = bench.runner, bench.actor
        opens = pictures[-1].opens if pictures else ""

        def sealed(future: Future[Any]) -> None:
            error = future.exception()
            if error is not None:
                bench.presenter.present(error, "keep_reconstructions")
                return
            running = bench.run(keep_reconstructions, future.result())
            running.say(_(N_("Kept with the patient’s images.")))
            running.then(lambda taken: self._open(taken[-1].instance_id or "", opens))

        bench.background(
            lambda: seal_made(runner, actor, [(one.name, one.content) for one in pictures]),
            sealed,
        )

    def _open(self, instance_id: str, opens: str) -> None:
        if opens and instance_id:
            chosen = {"patient_id": self._patient_id, "instance_id": instance_id, "tool": TOOLS[opens]}
            self._screen.open_screen.emit("reading", chosen)

    def save(self, name: str, make: Callable[[], bytes]) -> None:
        """Ask where to, note the export, and write the file off the main thread."""
        bench = self._screen.bench
        if not bench.may(EXPORT_IMAGES):
            bench.presenter.present(RuleViolation(N_("You may not export images.")), "export_original")
            return
        where, _kind = QFileDialog.getSaveFileName(
            self._screen, _(N_("Save the file")), name, FILTERS.get(Path(name).suffix, "")
        )
        if where:
            self.save_to(Path(where), make)

    def save_to(self, where: Path, make: Callable[[], bytes]) -> None:
        """Write the file here; nothing leaves that is not noted first."""
        bench = self._screen.bench
        runner, actor, source = bench.runner, bench.actor, self._source

        def work() -> None:
            note_export(runner, actor, source, f"reconstruction {where.suffix[1:]}")
            try:
                where.write_bytes(make())
            except OSError as error:
                refused = N_("The file could not be written there: {reason}")
                raise RuleViolation(refused, reason=error.strerror) from None

        bench.background(work, self._written)

    def _written(self, future: Future[None]) -> None:
        error = future.exception()
        if error is not None:
            self._screen.bench.presenter.present(error, "export_original")
        else:
            self._screen.bench.note_done(None, _(N_("The file is written, and noted in the access log.")))
