"""Landmarks out as a measurement report, and in again: files that other programs read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from viewer.errors import N_, ViewerError
from viewer.io.documents import Authorship, refer, to_bytes
from viewer.io.landmark_reports import Traced, landmark_report, read_landmark_report
from viewer.model.cephalometry.kept import Placed
from viewer.model.exporting import ExportKind
from viewer.widgets.cephalometry.board import Cephalometry
from viewer.widgets.marking.exchange import ANOTHER_IMAGE, DICOM, UNWRITABLE

OUT, IN = N_("Export the landmarks"), N_("Import landmarks")
NO_LANDMARKS = N_("No landmark stands on this image.")
WRITTEN = N_("Landmarks exported: {name}")
TAKEN = N_("{count} landmarks imported. They can be undone.")


class LandmarkExchange:
    """Out and in for the active image. The two paths are asked for by `ask_out` and `ask_in`."""

    def __init__(self, cephalometry: Cephalometry, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._ceph, self._now = cephalometry, now
        self.ask_out: Callable[[], Path | None] = self._ask_out
        self.ask_in: Callable[[], Path | None] = self._ask_in

    def export(self) -> None:
        """Write the confirmed landmarks and the measures of the analysis in force as SR TID 1500."""
        ceph, workspace, say = self._ceph, self._ceph.workspace, self._ceph.texts.say
        pane, placed = ceph.pane, ceph.placed()
        if pane is None or pane.item is None or not placed.points:
            workspace.say(say(NO_LANDMARKS))
            return
        path = self.ask_out()
        if path is None:
            return
        try:
            image = refer(workspace.source.original(pane.item.key, lambda _part: None))
            by = Authorship(ceph.marking.author, self._now())
            report = landmark_report(Traced(image, placed.points, ceph.readings(), pane.frame), by)
            workspace.exported(ExportKind.LANDMARKS, pane.item, {"landmarks": len(placed.points)})
            path.write_bytes(to_bytes(report))
        except ViewerError as error:
            workspace.say(ceph.texts.sentence(error))
        except OSError:
            workspace.say(say(UNWRITABLE))
        else:
            workspace.say(say(WRITTEN, name=path.name))

    def take_in(self) -> None:
        """Place the landmarks of a report that speaks of the active image; those that it does not name stay."""
        ceph, workspace, say = self._ceph, self._ceph.workspace, self._ceph.texts.say
        key = ceph.key
        path = self.ask_in() if key else None
        if path is None:
            return
        try:
            uid = refer(workspace.source.original(key, lambda _part: None)).sop_instance_uid
            found = read_landmark_report(path.read_bytes()).get(uid, {})
        except ViewerError as error:
            workspace.say(ceph.texts.sentence(error))
            return
        except OSError:
            workspace.say(say(UNWRITABLE))
            return
        if not found:
            workspace.say(say(ANOTHER_IMAGE))
            return
        placed = ceph.placed()
        for name, point in found.items():
            placed = placed.with_point(name, point)
        if ceph.take(Placed(placed.points, ceph.analysis_id, placed.skipped)):
            workspace.say(say(TAKEN, count=len(found)))

    def _ask_out(self) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        say = self._ceph.texts.say
        path, _ = QFileDialog.getSaveFileName(self._ceph.workspace, say(OUT), "landmarks.sr.dcm", say(DICOM))
        return Path(path) if path else None

    def _ask_in(self) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        say = self._ceph.texts.say
        path, _ = QFileDialog.getOpenFileName(self._ceph.workspace, say(IN), "", say(DICOM))
        return Path(path) if path else None
