"""Key images out as key object selections, and in again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from viewer.errors import N_, ViewerError
from viewer.io.documents import Authorship, to_bytes
from viewer.io.key_objects import Purpose, Selection, read_key_object_selection
from viewer.model.exporting import ExportKind
from viewer.widgets.marking.exchange import DICOM, UNWRITABLE, WRITTEN
from viewer.widgets.workspace import Workspace

OUT, IN = N_("Export the key images"), N_("Import key images")
NONE_CHOSEN = N_("No image is marked as a key image.")
NOT_HERE = N_("This file chooses no image that is here.")
TAKEN = N_("{count} key images taken over.")


class KeyExchange:
    """Out and in for the key images of a workspace. The two paths are asked for by `ask_out` and `ask_in`."""

    def __init__(
        self, workspace: Workspace, author: str = "", now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._workspace, self._author, self._now = workspace, author, now
        self.ask_out: Callable[[], Path | None] = self._ask_out
        self.ask_in: Callable[[], Path | None] = self._ask_in

    def export(self) -> None:
        """Write a selection for each study with key images; from the second on, the names are numbered."""
        workspace, say = self._workspace, self._workspace.texts.say
        path = self.ask_out() if workspace.key_images else None
        if path is None:
            if not workspace.key_images:
                workspace.say(say(NONE_CHOSEN))
            return
        try:
            made = workspace.key_objects(Purpose.OF_INTEREST, Authorship(self._author, self._now()))
            for key in dict.fromkeys(key for key, _frame in sorted(workspace.key_images)):
                if (found := workspace.catalogue.find(key)) is not None:
                    workspace.exported(ExportKind.KEY_IMAGES, found[1], {})
            for number, ds in enumerate(made, 1):
                place = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
                place.write_bytes(to_bytes(ds))
        except ViewerError as error:
            workspace.say(workspace.texts.sentence(error))
        except OSError:
            workspace.say(say(UNWRITABLE))
        else:
            workspace.say(say(WRITTEN, name=path.name))

    def take_in(self) -> None:
        """Mark what a key object selection chooses, beside what is marked already."""
        path = self.ask_in()
        if path is None:
            return
        workspace, say = self._workspace, self._workspace.texts.say
        try:
            chosen = self._here(read_key_object_selection(path.read_bytes()))
        except ViewerError as error:
            workspace.say(workspace.texts.sentence(error))
            return
        except OSError:
            workspace.say(say(UNWRITABLE))
            return
        if not chosen:
            workspace.say(say(NOT_HERE))
            return
        workspace.set_key_images(workspace.key_images | chosen)
        workspace.key_images_changed.emit()
        workspace.say(say(TAKEN, count=len(chosen)))

    def _here(self, selection: Selection) -> set[tuple[str, int]]:
        """The frames of our images; a whole image is its first frame."""
        by_uid = {item.sop_instance_uid: item for _study, item in self._workspace.catalogue.images()}
        found: set[tuple[str, int]] = set()
        for image in selection.images:
            item = by_uid.get(image.sop_instance_uid) if image.sop_instance_uid else None
            if item is not None:
                found |= {(item.key, frame) for frame in image.frames or (0,) if 0 <= frame < item.frames}
        return found

    def _ask_out(self) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        say = self._workspace.texts.say
        path, _ = QFileDialog.getSaveFileName(self._workspace, say(OUT), "key-images.ko.dcm", say(DICOM))
        return Path(path) if path else None

    def _ask_in(self) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        say = self._workspace.texts.say
        path, _ = QFileDialog.getOpenFileName(self._workspace, say(IN), "", say(DICOM))
        return Path(path) if path else None
