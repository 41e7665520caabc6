"""Two images of one person in one tile: modes, keys, alignments that are never accepted by themselves, the timeline."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.viewer.widgets.conftest import TURN, Read, show
from viewer.model.alignment import Origin
from viewer.widgets.comparing import Comparison
from viewer.widgets.comparing_layer import MODE_NAMES, Mode, blend
from viewer.widgets.comparing_panel import ComparingPanel
from viewer.widgets.comparing_timeline import show_timeline
from viewer.widgets.comparing_tools import TwoPointTool
from viewer.widgets.tools import Pointer
from viewer.widgets.workspace import Workspace

Key = Qt.Key


def comparison_of(workspace: Workspace) -> Comparison:
    found = workspace.findChild(Comparison)
    assert isinstance(found, Comparison)
    return found


def compared(workspace: Workspace, qtbot: QtBot) -> Comparison:
    """The active tile compared with its earlier image, both originals there."""
    comparison = comparison_of(workspace)
    QTest.keyClick(workspace.active, Key.Key_X)
    qtbot.waitUntil(lambda: comparison.layer is not None and not comparison.layer.picture.is_preview, timeout=30_000)
    return comparison


def searched(comparison: Comparison, qtbot: QtBot) -> None:
    comparison.search()
    qtbot.waitUntil(lambda: not comparison.searching, timeout=60_000)


def pixels(image: QImage) -> np.ndarray:
    copy = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.ndarray((copy.height(), copy.width(), 4), np.uint8, buffer=copy.bits()).copy()


def test_a_key_lays_the_earlier_image_of_the_same_view_and_person_over_this_one(
    reading: Read, treated: Path, qtbot: QtBot
) -> None:
    workspace = reading(treated, "ceph2.dcm")
    comparison = compared(workspace, qtbot)
    assert comparison.item is not None
    assert Path(comparison.item.key).name == "ceph1.dcm"
    assert "other.dcm" not in {Path(item.key).name for item in comparison.others}
    assert "Not aligned" in workspace.active.accessibleDescription()
    panel = workspace.findChild(ComparingPanel)
    assert panel.isVisible()
    QTest.keyClick(workspace.active, Key.Key_Escape)
    assert not comparison.runs
    assert not panel.isVisible()
    assert workspace.active.layers == []


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_changes_the_picture_and_says_its_name(
    reading: Read, treated: Path, qtbot: QtBot, mode: Mode
) -> None:
    workspace = reading(treated, "ceph2.dcm")
    comparison = compared(workspace, qtbot)
    comparison.set_mode(mode)
    comparison.layer.other_turn = True
    shown = pixels(workspace.active.grab().toImage())
    pane = workspace.active
    layers, pane.layers = pane.layers, []
    plain = pixels(pane.grab().toImage())
    pane.layers = layers
    middle = slice(200, 600), slice(100, 700)
    assert np.abs(shown[middle].astype(int) - plain[middle]).max() > 10
    assert MODE_NAMES[mode] in workspace.active.accessibleDescription()


def test_an_image_differs_from_itself_by_mid_grey_and_in_two_colours_by_nothing() -> None:
    own = np.dstack(
        [np.random.default_rng(3).integers(0, 255, (5, 6), np.uint8)] * 3 + [np.full((5, 6), 255, np.uint8)]
    )
    other = own.copy()
    other[0, 0, 3] = 0
    difference, colours = own.copy(), own.copy()
    blend(difference, other, Mode.DIFFERENCE)
    blend(colours, other, Mode.COLOURS)
    assert set(np.unique(difference[1:, :, :3])) <= {126, 127, 128}
    np.testing.assert_array_equal(difference[0, 0], own[0, 0])
    np.testing.assert_array_equal(colours, own)
    other[..., :3] = 0
    blend(colours, other, Mode.COLOURS)
    assert not colours[1:, :, 2].any()
    np.testing.assert_array_equal(colours[..., :2], own[..., :2])


def test_keys_and_the_curtain_change_the_amount(reading: Read, treated: Path, qtbot: QtBot) -> None:
    workspace = reading(treated, "ceph2.dcm")
    comparison = compared(workspace, qtbot)
    QTest.keyClick(workspace.active, Key.Key_Right)
    assert comparison.amount == pytest.approx(0.55)
    QTest.keyClick(workspace.active, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert comparison.amount == pytest.approx(0.54)
    comparison.set_mode(Mode.SWIPE)
    pane = workspace.active
    at = QPointF(comparison.layer.curtain(pane), 200.0)
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, pos=at.toPoint())
    QTest.mouseMove(pane, QPointF(pane.width() * 0.25, 200).toPoint())
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=QPointF(pane.width() * 0.25, 200).toPoint())
    assert comparison.amount == pytest.approx(0.25, abs=0.01)


def test_the_picture_finds_the_alignment_and_a_person_accepts_it(reading: Read, treated: Path, qtbot: QtBot) -> None:
    workspace = reading(treated, "ceph2.dcm")
    comparison = compared(workspace, qtbot)
    searched(comparison, qtbot)
    found = comparison.layer.alignment
    assert found.origin is Origin.PICTURE
    assert not found.accepted
    assert found.similarity.degrees == pytest.approx(-TURN.degrees, abs=0.3)
    assert found.quality is not None
    assert found.quality > 0.9
    assert "Proposed alignment" in workspace.active.accessibleDescription()
    QTest.keyClick(workspace.active, Key.Key_Return)
    assert comparison.layer.alignment.accepted
    assert "Aligned by the picture" in workspace.active.accessibleDescription()
    comparison.discard()
    assert comparison.layer.alignment.origin is Origin.FITTED


def test_moving_by_hand_makes_an_accepted_alignment_a_proposal_again(
    reading: Read, treated: Path, qtbot: QtBot
) -> None:
    workspace = reading(treated, "ceph2.dcm")
    comparison = compared(workspace, qtbot)
    searched(comparison, qtbot)
    comparison.accept()
    before = comparison.layer.alignment
    QTest.keyClick(workspace.active, Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    moved = comparison.layer.alignment
    assert comparison.proposed
    scale = workspace.active.view.scale
    assert (moved.similarity.shift - before.similarity.shift).real == pytest.approx(1 / scale, rel=0.01)
    QTest.keyClick(workspace.active, Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert comparison.layer.alignment.similarity.degrees == pytest.approx(before.similarity.degrees + 0.5, abs=0.01)
    comparison.discard()
    assert comparison.layer.alignment == before


def test_two_points_on_each_image_align_them(reading: Read, treated: Path, qtbot: QtBot) -> None:
    workspace = reading(treated, "ceph2.dcm")
    comparison = compared(workspace, qtbot)
    comparison.take_points()
    tool, pane = workspace.active.tool, workspace.active
    assert isinstance(tool, TwoPointTool)
    moving = [(60.0, 50.0), (200.0, 150.0)]
    back = TURN.inverse()
    fixed = [((p := back.apply(complex(*point))).real, p.imag) for point in moving]
    for point in fixed:
        tool.press(Pointer(pane, point, (0.0, 0.0), QPointF()))
    assert comparison.layer.alone
    layer = comparison.layer
    for point in moving:
        on_own = layer.fixed.pixel(layer.alignment.similarity.apply(layer.moving.flat(point)))
        tool.press(Pointer(pane, on_own, (0.0, 0.0), QPointF()))
    assert not layer.alone
    assert layer.alignment.origin is Origin.POINTS
    assert comparison.proposed
    assert layer.alignment.similarity.degrees == pytest.approx(-TURN.degrees, abs=0.05)
    assert layer.to_moving(fixed[0]) == pytest.approx(moving[0], abs=0.2)


def test_points_are_set_with_the_keys_and_put_away_with_escape(reading: Read, treated: Path, qtbot: QtBot) -> None:
    workspace = reading(treated, "ceph2.dcm")
    comparison = compared(workspace, qtbot)
    comparison.take_points()
    tool, pane = workspace.active.tool, workspace.active
    QTest.keyClick(pane, Key.Key_Right)
    QTest.keyClick(pane, Key.Key_Return)
    assert len(tool.fixed) == 1
    expected = pane.image_point(QPointF(pane.rect().center()) + QPointF(10, 0))
    assert tool.fixed[0] == pytest.approx(expected)
    QTest.keyClick(pane, Key.Key_Escape)
    assert comparison.runs
    assert not isinstance(pane.tool, TwoPointTool)


def test_side_by_side_puts_the_earlier_at_the_left_and_links(reading: Read, treated: Path, qtbot: QtBot) -> None:
    workspace = reading(treated, "ceph2.dcm")
    compared(workspace, qtbot).side_by_side()
    assert [Path(pane.item.key).name for pane in workspace.panes] == ["ceph1.dcm", "ceph2.dcm"]
    assert workspace.links.enabled


def test_another_image_in_the_tile_ends_comparing(reading: Read, treated: Path, qtbot: QtBot) -> None:
    workspace = reading(treated, "ceph2.dcm")
    comparison = compared(workspace, qtbot)
    show(workspace, qtbot, treated / "photo2.dcm")
    assert not comparison.runs
    assert workspace.active.layers == []


def test_somebody_alone_with_one_image_is_told(reading: Read, treated: Path, qtbot: QtBot) -> None:
    workspace = reading(treated, "other.dcm")
    QTest.keyClick(workspace.active, Key.Key_X)
    assert not comparison_of(workspace).runs
    assert workspace.status.text() == "There is no other image of this person to compare with."


def test_the_timeline_shows_dates_and_views_and_compares_two(reading: Read, treated: Path, qtbot: QtBot) -> None:
    workspace = reading(treated, "ceph2.dcm")
    comparison = comparison_of(workspace)
    dialog = show_timeline(comparison)
    assert dialog is not None
    table = dialog.table
    assert (table.rowCount(), table.columnCount()) == (2, 2)
    assert table.horizontalHeaderItem(0).text() == "2024-05-02"
    table.clearSelection()
    for column in (0, 1):
        table.item(0, column).setSelected(True)
    assert dialog.compare_button.isEnabled()
    QTest.keyClick(table, Key.Key_Return)
    assert comparison.runs
    assert Path(workspace.active.item.key).name == "ceph2.dcm"
    assert Path(comparison.item.key).name == "ceph1.dcm"


def test_the_panel_stands_in_the_place_of_the_others(reading: Read, treated: Path, qtbot: QtBot) -> None:
    workspace = reading(treated, "ceph2.dcm")
    other, hidden = QLabel("panel"), QLabel("hidden")
    workspace.panel.addWidget(other)
    workspace.panel.addWidget(hidden)
    other.show()
    hidden.hide()
    comparison = compared(workspace, qtbot)
    assert other.isHidden()
    comparison.set_mode(Mode.BLINK)
    comparison.stop()
    assert not other.isHidden()
    assert hidden.isHidden()


def test_everything_on_the_panel_has_a_name(reading: Read, treated: Path, qtbot: QtBot) -> None:
    workspace = reading(treated, "ceph2.dcm")
    compared(workspace, qtbot)
    panel = workspace.findChild(ComparingPanel)
    for widget in (panel.others, panel.amount, *panel.modes.values(), panel.points, panel.accept):
        assert widget.accessibleName() or widget.text()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
