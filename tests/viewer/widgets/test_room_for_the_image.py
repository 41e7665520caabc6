"""What gives way to the image when panels stand beside it, and what has nothing to show."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.viewer.model.cephalometry.face import FACE
from viewer.model.cephalometry.kept import Placed
from viewer.widgets.cephalometry.board import Cephalometry
from viewer.widgets.cephalometry.offered import SidePanels, WiggleDialog
from viewer.widgets.cephalometry.over_time import OverTime
from viewer.widgets.comparing import Comparison
from viewer.widgets.comparing_timeline import show_timeline
from viewer.widgets.reading_board import IMAGE_PX
from viewer.widgets.standalone import window
from viewer.widgets.workspace import Workspace


@pytest.fixture
def workspace(treated: Path, tmp_path: Path, qtbot: QtBot) -> Workspace:
    made = window([treated], "fr", tmp_path / "layouts.json")
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.active is not None, timeout=60_000)
    return made


@pytest.mark.parametrize(("width", "listed"), [(1400, True), (900, False)])
def test_the_list_gives_way_to_the_image_beside_a_panel(workspace: Workspace, width: int, listed: bool) -> None:
    panels = workspace.findChild(SidePanels)
    assert isinstance(panels, SidePanels)
    workspace.resize(width, 800)
    for shown in (True, False, True):
        panels.setVisible(shown)
        QApplication.processEvents()
        assert workspace.side.isVisible() is (listed or not shown)
        assert workspace.grid.width() >= IMAGE_PX or not listed
    workspace.close_board()


def traced(workspace: Workspace, names: list[str], treated: Path) -> Cephalometry:
    board = workspace.findChild(Cephalometry)
    assert isinstance(board, Cephalometry)
    for name in names:
        key = str(treated / name)
        workspace.show_in_active(key)
        board.set_tracing(key, Placed({n: (x + 40, 100 - y) for n, (x, y) in FACE.items()}, "steiner"))
    return board


@pytest.mark.parametrize(("names", "drawn"), [(["ceph1.dcm"], False), (["ceph1.dcm", "ceph2.dcm"], True)])
def test_no_empty_sheet_of_white_stands_in_the_dark_room(
    workspace: Workspace, treated: Path, names: list[str], drawn: bool
) -> None:
    dialog = OverTime(traced(workspace, names, treated))
    assert dialog.view.isVisibleTo(dialog) is drawn
    assert bool(dialog.note.text()) is not drawn
    workspace.close_board()


def test_the_wiggle_chart_says_what_its_scale_is(workspace: Workspace, treated: Path) -> None:
    dialog = WiggleDialog(traced(workspace, ["ceph1.dcm"], treated))
    assert any("écarts types" in label.text() for label in dialog.findChildren(QLabel))
    workspace.close_board()


def test_the_views_of_the_timeline_are_named_whole(workspace: Workspace) -> None:
    comparison = workspace.findChild(Comparison)
    assert isinstance(comparison, Comparison)
    dialog = show_timeline(comparison)
    assert dialog is not None
    head = dialog.table.verticalHeader()
    for row in range(dialog.table.rowCount()):
        item = dialog.table.verticalHeaderItem(row)
        assert item is not None
        assert QFontMetrics(head.font()).horizontalAdvance(item.text()) < head.width()
    dialog.reject()
    workspace.close_board()
