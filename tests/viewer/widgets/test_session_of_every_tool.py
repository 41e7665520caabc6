"""A session in which every tool, every action, every entry of the panels and every export is used once.

Afterwards each original has the SHA-256 that it had before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from tests.viewer.model.cephalometry.face import FACE
from tests.viewer.widgets.test_marking import Answers
from viewer.io.key_objects import read_key_object_selection
from viewer.io.landmark_reports import read_landmark_report
from viewer.model.catalogue import ImageItem
from viewer.model.cephalometry.kept import Placed
from viewer.model.exporting import Detail, ExportKind
from viewer.model.marks import Kind, Sheet
from viewer.widgets.exporting import Exporter, Order
from viewer.widgets.marking.board import Marking
from viewer.widgets.pane import Pane
from viewer.widgets.presenting import open_presentation
from viewer.widgets.standalone import window
from viewer.widgets.tile import TileState
from viewer.widgets.workspace import Workspace

NO = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
KEYS = (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape)
ON_FILM = {name: (x + 40.0, 100.0 - y) for name, (x, y) in FACE.items()}


class Session:
    """A person who tries everything: dialogs are looked at and closed, files are written to one folder."""

    def __init__(self, folder: Path, out: Path, qtbot: QtBot) -> None:
        self.out, self.qtbot = out, qtbot
        self.told: list[ExportKind] = []
        self.workspace: Workspace = window([folder], "fr", out / "layouts.json")
        qtbot.addWidget(self.workspace)
        self.workspace.exported = self._note
        self.workspace.show()
        qtbot.waitUntil(lambda: self.workspace.active is not None, timeout=60_000)

    def _note(self, kind: ExportKind, image: ImageItem, detail: Detail) -> None:
        self.told.append(kind)

    @property
    def marking(self) -> Marking:
        found = self.workspace.findChild(Marking)
        assert isinstance(found, Marking)
        return found

    def show(self, key: str) -> Pane:
        self.workspace.show_in_active(key)
        pane = self.workspace.active
        assert pane is not None
        self.qtbot.waitUntil(lambda: pane.may_measure or pane.state is TileState.ERROR, timeout=60_000)
        return pane

    def use_every_tool(self, pane: Pane) -> None:
        places = [
            QPoint(round(pane.width() * x), round(pane.height() * y)) for x, y in ((0.4, 0.4), (0.6, 0.5), (0.5, 0.6))
        ]
        for row in list(self.workspace.tools):
            self.workspace.take_tool(row.name)
            pane.setFocus()
            QTest.mousePress(pane, LEFT, NO, places[0])
            QTest.mouseMove(pane, places[1])
            QTest.mouseRelease(pane, LEFT, NO, places[1])
            for place in places:
                QTest.mouseClick(pane, LEFT, NO, place)
            QTest.mouseDClick(pane, LEFT, NO, places[2])
            for key in KEYS:
                QTest.keyClick(pane, key)
            self.workspace.grid.maximise(None)

    def do_every_action(self) -> None:
        for row in list(self.workspace.actions_offered):
            self.workspace.do(row)
            QApplication.processEvents()
            for top in QApplication.topLevelWidgets():
                if isinstance(top, QDialog) and top.isVisible():
                    top.reject()


@pytest.fixture
def session(treated: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    out = tmp_path / "out"
    out.mkdir()
    files = iter(range(10_000))
    written: list[str] = []

    def save(*_args: Any) -> tuple[str, str]:
        written.append(str(out / f"file-{next(files)}"))
        return written[-1], ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", save)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (written[-1] if written else "", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(out))

    def looked_at(dialog: QDialog) -> int:
        dialog.show()
        QApplication.processEvents()
        dialog.reject()
        return 0

    monkeypatch.setattr(QDialog, "exec", looked_at)
    made = Session(treated, out, qtbot)
    made.marking.questions = Answers()
    yield made
    made.workspace.close_board()


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_no_original_is_changed_by_a_session_of_every_tool(session: Session, treated: Path) -> None:
    before = digests(treated)
    keys = [item.key for _study, item in session.workspace.catalogue.images()]
    drawn: set[Kind] = set()
    for key in keys:
        pane = session.show(key)
        session.use_every_tool(pane)
        drawn |= {mark.kind for mark in pane.history.sheet.marks}
        session.do_every_action()
        pane = session.show(key)
    assert len(drawn) > 8, "the tools were really used"
    _every_panel_entry(session, str(treated / "ceph1.dcm"))
    _every_export(session, str(treated / "ceph1.dcm"))
    assert set(session.told) == set(ExportKind), "each way out was announced before it left"
    assert digests(treated) == before


def _every_panel_entry(session: Session, key: str) -> None:
    """The menu of cephalometry, with a tracing to work on; landmarks and key images go out and come back."""
    from viewer.widgets.cephalometry.board import Cephalometry
    from viewer.widgets.cephalometry.offered import Desk

    session.show(key)
    ceph = session.workspace.findChild(Cephalometry)
    assert isinstance(ceph, Cephalometry)
    ceph.set_tracing(key, Placed(ON_FILM, "steiner"))
    desk = Desk(ceph)
    for message, act, _on in desk.rows():
        act()
        if "Export the landmarks" in message:
            last = sorted(session.out.glob("file-*"), key=lambda path: path.stat().st_mtime_ns)[-1]
            [points] = read_landmark_report(last.read_bytes()).values()
            assert points.keys() == ON_FILM.keys()
    assert ceph.placed(key).points.keys() == ON_FILM.keys(), "what was exported was taken in again"


def _every_export(session: Session, key: str) -> None:
    workspace, qtbot = session.workspace, session.qtbot
    pane = session.show(key)
    exporter = workspace.findChild(Exporter)
    assert isinstance(exporter, Exporter)
    for kind in (ExportKind.PNG, ExportKind.JPEG, ExportKind.TIFF, ExportKind.PDF):
        exporter.write(pane, Order(kind), session.out / f"out.{kind}")
    exporter.copy(pane, Order(ExportKind.CLIPBOARD))
    exporter.dragged(pane, Order(ExportKind.DRAG))
    printer = QPrinter()
    printer.setOutputFileName(str(session.out / "printed.pdf"))
    exporter.print(pane, Order(ExportKind.PRINT), printer)
    for kind in (ExportKind.DICOM, ExportKind.DEIDENTIFIED):
        got: list[Any] = []
        exporter.dicom(pane, Order(kind, inspected=True), lambda data, _warnings, got=got: got.append(data))
        qtbot.waitUntil(lambda got=got: bool(got), timeout=30_000)
        exporter.write_dicom(pane, Order(kind, inspected=True), session.out / f"{kind}.dcm", got[0])
    dialog = open_presentation(exporter)
    assert dialog is not None
    dialog.save(lambda: dialog.page_files(session.out))
    dialog.reject()
    _marks_and_keys(session, pane)


def _marks_and_keys(session: Session, pane: Pane) -> None:
    from viewer.model.marks import new_mark

    pane.edit(Sheet().with_mark(new_mark(Kind.LENGTH, [(1, 1), (50, 50)])))
    session.workspace.set_key_images({(pane.item.key, 0)} if pane.item else ())
    rows: dict[str, Callable[..., object]] = {row.name: row.act for row in session.workspace.actions_offered}
    for name in ("marks_out_state", "marks_in", "marks_out_report", "marks_in", "keys_out"):
        rows[name](session.workspace)
    last = sorted(session.out.glob("file-*"), key=lambda path: path.stat().st_mtime_ns)[-1]
    assert len(read_key_object_selection(last.read_bytes()).images) == 1
    session.workspace.set_key_images(())
    rows["keys_in"](session.workspace)
    assert session.workspace.key_images == ({(pane.item.key, 0)} if pane.item else set())
