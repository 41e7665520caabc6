"""Marks out as a presentation state or a measurement report, and in again: files that other programs read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.errors import N_, ViewerError
from viewer.io.documents import Authorship, refer, to_bytes
from viewer.io.measurement_reports import measurement_report, read_measurement_report
from viewer.io.presentation_states import Presented, presentation_state, read_presentation_state
from viewer.model.exporting import ExportKind
from viewer.model.marks import REGIONS, Mark, Sheet
from viewer.model.regions import Statistics
from viewer.model.spacing import PixelSize
from viewer.pixels.voi import VoiKind
from viewer.widgets.marking.board import Marking
from viewer.widgets.marking.words import label_words

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

OUT, IN = N_("Export the marks"), N_("Import marks")
DICOM = N_("DICOM files (*.dcm)")
NO_MARKS = N_("There is no mark on this image.")
ANOTHER_IMAGE = N_("This file holds no marks of the image that is shown.")
WRITTEN = N_("Marks exported: {name}")
TAKEN = N_("{count} marks imported. They can be undone.")
UNWRITABLE = N_("This place does not take the file.")
LABEL = "MARKS"


class Exchange:
    """Out and in for the active image. The two paths are asked for by `ask_out` and `ask_in`."""

    def __init__(self, marking: Marking, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._marking, self._now = marking, now
        self.ask_out: Callable[[str], Path | None] = self._ask_out
        self.ask_in: Callable[[], Path | None] = self._ask_in

    def export_state(self) -> None:
        """Write the marks of the active image as GSPS, the figures beside them as texts."""
        texts, locale = self._marking.texts, self._marking.workspace.locale()

        def words(mark: Mark, size: PixelSize) -> str:
            return label_words(mark, size, texts, locale)

        self._export(ExportKind.MARKS, "marks.pr.dcm", lambda shown: presentation_state([shown], self._by(), words))

    def export_report(self) -> None:
        """Write the measurements of the active image as SR TID 1500, regions with their statistics."""
        self._export(
            ExportKind.MEASUREMENTS,
            "measurements.sr.dcm",
            lambda shown: measurement_report([shown], self._by(), self._statistics()),
        )

    def import_file(self) -> None:
        """Add the marks of a GSPS or SR file that speaks of the active image."""
        pane = self._marking.pane
        path = self.ask_in() if pane is not None and pane.item is not None else None
        if pane is None or pane.item is None or path is None:
            return
        workspace, say = self._marking.workspace, self._marking.texts.say
        try:
            uid = refer(workspace.source.original(pane.item.key, lambda _part: None)).sop_instance_uid
            found = _read(path.read_bytes()).get(uid, Sheet())
        except ViewerError as error:
            workspace.say(self._marking.texts.sentence(error))
            return
        except OSError:
            workspace.say(say(UNWRITABLE))
            return
        if not found.marks:
            workspace.say(say(ANOTHER_IMAGE))
        elif self._marking.edit(pane, lambda sheet: merged(sheet, found)):
            workspace.say(say(TAKEN, count=len(found.marks)))

    def _export(self, kind: ExportKind, name: str, make: Callable[[Presented], Dataset]) -> None:
        marking, workspace = self._marking, self._marking.workspace
        pane = marking.pane
        if pane is None or pane.item is None or not marking.sheet.marks:
            workspace.say(marking.texts.say(NO_MARKS))
            return
        path = self.ask_out(name)
        if path is None:
            return
        voi = pane.voi
        window = (voi.center, voi.width) if voi is not None and voi.kind is not VoiKind.TABLE else None
        try:
            image = refer(workspace.source.original(pane.item.key, lambda _part: None))
            made = to_bytes(make(Presented(image, marking.sheet, marking.size(), window)))
            workspace.exported(kind, pane.item, {"marks": len(marking.sheet.marks)})
            path.write_bytes(made)
        except ViewerError as error:
            workspace.say(marking.texts.sentence(error))
        except OSError:
            workspace.say(marking.texts.say(UNWRITABLE))
        else:
            workspace.say(marking.texts.say(WRITTEN, name=path.name))

    def _statistics(self) -> dict[str, Statistics]:
        regions = (mark for mark in self._marking.marks() if mark.kind in REGIONS)
        found = {mark.mark_id: self._marking.statistics(mark) for mark in regions}
        return {name: each for name, each in found.items() if each is not None}

    def _by(self) -> Authorship:
        return Authorship(self._marking.author, self._now(), label=LABEL)

    def _ask_out(self, name: str) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        say = self._marking.texts.say
        path, _ = QFileDialog.getSaveFileName(self._marking.workspace, say(OUT), name, say(DICOM))
        return Path(path) if path else None

    def _ask_in(self) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        say = self._marking.texts.say
        path, _ = QFileDialog.getOpenFileName(self._marking.workspace, say(IN), "", say(DICOM))
        return Path(path) if path else None


def merged(sheet: Sheet, other: Sheet) -> Sheet:
    """The marks of both; a mark that is in both stands as it came, and layers that are new are added."""
    known = {layer.name for layer in sheet.layers}
    layers = (*sheet.layers, *(layer for layer in other.layers if layer.name not in known))
    came = {mark.mark_id for mark in other.marks}
    marks = (*(mark for mark in sheet.marks if mark.mark_id not in came), *other.marks)
    return replace(sheet, marks=marks, layers=layers, calibration=sheet.calibration or other.calibration)


def _read(data: bytes) -> dict[str, Sheet]:
    """A presentation state, else a report. Raises a ViewerError for anything else."""
    try:
        return read_presentation_state(data)
    except ViewerError:
        return read_measurement_report(data)
