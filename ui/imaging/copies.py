"""Copies of original files that leave the program: saved where the person says, or dragged out. Each is noted."""

from __future__ import annotations

import tempfile
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QMetaType, QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import ClinicError, RuleViolation
from app.core.i18n import N_, _
from app.imaging.queries import ExportedOriginal, InstanceId, export_original
from ui.shell.bench import Bench

FILES = "text/uri-list"


def safe_name(name: str) -> str:
    """The last part of the name under which a file came, without what file systems refuse."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c if c.isalnum() or c in " .-_()'’" else "_" for c in last).strip(" .")
    return kept or "image"


class Copies(QObject):
    """What leaves from one screen. Files that were dragged out live in a folder that goes with the screen."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._window = bench, parent
        self._folder = tempfile.TemporaryDirectory(prefix="archwire-", ignore_cleanup_errors=True)
        folder = self._folder
        self.destroyed.connect(folder.cleanup)

    def save(self, instance_id: InstanceId, name: str) -> None:
        """Ask where to, and write the bytes exactly as they were received."""
        where, _kind = QFileDialog.getSaveFileName(self._window, _(N_("Save a copy of the file")), safe_name(name))
        if where:
            self.save_to(instance_id, Path(where))

    def save_to(self, instance_id: InstanceId, where: Path) -> None:
        """Write a copy, off the main thread."""
        runner, actor = self._bench.runner, self._bench.actor
        self.write(lambda: export_original(runner, actor, instance_id), where)

    def write(self, get: Any, where: Path) -> None:
        """Write what `get` gives, off the main thread."""

        def work() -> None:
            found: ExportedOriginal = get()
            try:
                where.write_bytes(found.content)
            except OSError as error:
                refused = N_("The copy could not be written there: {reason}")
                raise RuleViolation(refused, reason=error.strerror) from None

        self._bench.background(work, self._written)

    def _written(self, future: Future[None]) -> None:
        error = future.exception()
        if error is not None:
            self._bench.presenter.present(error, "export_original")
        else:
            self._bench.note_done(None, _(N_("The copy is written, and noted in the access log.")))

    def drag(self, instance_id: InstanceId, from_widget: QWidget) -> None:
        """Drag the file out. It is read, and its export noted, when somebody takes it; not before."""
        drag = QDrag(from_widget)
        drag.setMimeData(FileOnDemand(self, instance_id))
        drag.exec(Qt.DropAction.CopyAction)

    def file_of(self, instance_id: InstanceId) -> Path | None:
        """A copy in the folder of this screen; nothing when it was refused, which the banner then says."""
        try:
            found = export_original(self._bench.runner, self._bench.actor, instance_id)
        except (ClinicError, OSError) as error:
            self._bench.presenter.present(error, "export_original")
            return None
        path = Path(self._folder.name) / safe_name(found.name)
        path.write_bytes(found.content)
        return path


class FileOnDemand(QMimeData):
    """A file that is only written when whoever it was dropped on asks for it."""

    def __init__(self, copies: Copies, instance_id: InstanceId) -> None:
        super().__init__()
        self._copies, self._instance_id = copies, instance_id
        self._address: QUrl | None = None

    def formats(self) -> list[str]:
        """A list of files."""
        return [FILES]

    def hasFormat(self, mime: str, /) -> bool:
        """The same."""
        return mime == FILES

    def retrieveData(self, mime: str, kind: Any, /) -> Any:
        """The address of the copy, as bytes or as a list, whichever is asked for; made once."""
        if mime != FILES:
            return super().retrieveData(mime, kind)
        if self._address is None:
            path = self._copies.file_of(self._instance_id)
            self._address = QUrl.fromLocalFile(str(path)) if path is not None else QUrl()
        if self._address.isEmpty():
            return None
        if kind == QMetaType(QMetaType.Type.QByteArray.value):
            return self._address.toEncoded() + QByteArray(b"\r\n")
        return [self._address]
