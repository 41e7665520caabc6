"""The reading workspace off-screen: hanging, tools, keys, linking, stacks, key images, errors, the second window."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.viewer.conftest import DATA, MakeImage
from viewer.io.documents import Authorship
from viewer.io.file_source import FileSource
from viewer.io.key_objects import Purpose, read_key_object_selection
from viewer.pixels import DamagedPixels
from viewer.pixels.filters import Filter
from viewer.pixels.presets import Preset
from viewer.widgets.actions import ACTIONS, ActionRow
from viewer.widgets.pane import Pane
from viewer.widgets.pseudo_colour import PseudoColour
from viewer.widgets.standalone import window
from viewer.widgets.strip import KEY_ROLE, MIME
from viewer.widgets.texts import WAIT_FOR_ORIGINAL
from viewer.widgets.tile import Tile, TileState
from viewer.widgets.tile_painting import Stage
from viewer.widgets.tools import VIEW_TOOLS, IdleTool, Pointer, ToolRow, ToolSet
from viewer.widgets.workspace import Workspace

Open = Callable[..., Workspace]
UIDS = {"PX": "2.25.11", "DX": "2.25.12", "OT": "2.25.13"}


def film(make: MakeImage, folder: Path, name: str, **tags: object) -> Path:
    """A grey image of a patient; `study` and `number` tell where it belongs."""
    study = str(tags.pop("study", "2.25.100"))
    modality = str(tags.pop("Modality", "OT"))
    across, down = np.meshgrid(np.arange(300, dtype=np.uint16), np.arange(200, dtype=np.uint16))
    fields: dict[str, object] = {
        "PatientName": "Bergeron^Florence", "PatientID": "20418", "PatientBirthDate": "20120303",
        "StudyInstanceUID": study, "SeriesInstanceUID": f"{study}.{UIDS[modality][-2:]}", "StudyDate": "20260114",
        "SOPInstanceUID": f"{study}.{len(list(folder.iterdir()))}.1", "Modality": modality,
        "WindowCenter": 1000, "WindowWidth": 2000, "PatientOrientation": ["L", "F"],
    }  # fmt: skip
    path = folder / f"{name}.dcm"
    path.write_bytes(make(across * 5 + down, **{**fields, **tags}))
    return path


@pytest.fixture
def records(make_image: MakeImage, tmp_path: Path) -> Path:
    """A panoramic film and a cephalogram."""
    folder = tmp_path / "images"
    folder.mkdir()
    film(make_image, folder, "pano", Modality="PX")
    film(make_image, folder, "ceph", Modality="DX", SeriesDescription="Céphalométrie", ImagerPixelSpacing=[0.2, 0.2],
         EstimatedRadiographicMagnificationFactor="1.1")  # fmt: skip
    return folder


@pytest.fixture
def stack(make_image: MakeImage, tmp_path: Path) -> Path:
    """Three images of one series, and a damaged one of another."""
    folder = tmp_path / "stack"
    folder.mkdir()
    for number in (1, 2, 3):
        film(make_image, folder, f"slice{number}", InstanceNumber=number)
    whole = film(make_image, folder, "zz_cut", SeriesInstanceUID="2.25.77").read_bytes()
    (folder / "zz_cut.dcm").write_bytes(whole[:-4000])
    return folder


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """A workspace over files, hung and with its images read."""
    made: list[Workspace] = []

    def make(*paths: Path) -> Workspace:
        workspace = Workspace(FileSource(paths, tmp_path / "layouts.json"))
        made.append(workspace)
        qtbot.addWidget(workspace)
        workspace.resize(1300, 800)
        workspace.show()
        with qtbot.waitSignal(workspace.loaded, timeout=30_000):
            workspace.load()
        settled(workspace, qtbot)
        return workspace

    yield make
    for workspace in made:
        workspace.close_board()


def settled(workspace: Workspace, qtbot: QtBot) -> None:
    """Until every tile shows its original or says why not."""

    def done() -> None:
        for pane in workspace.panes:
            assert pane.item is None or pane.may_measure or pane.state is TileState.ERROR

    qtbot.waitUntil(lambda: done() is None, timeout=30_000)


def press(pane: Pane | Workspace, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(pane, key, modifiers)


def shown(workspace: Workspace) -> list[str]:
    return [Path(pane.item.key).stem if pane.item else "" for pane in workspace.panes]


def active(workspace: Workspace) -> Pane:
    assert workspace.active is not None
    return workspace.active


# -- hanging


def test_records_are_hung_by_rule_with_a_banner_in_every_tile(opened: Open, records: Path) -> None:
    workspace = opened(records)
    assert workspace.protocol.name == "panoramic_ceph"
    assert shown(workspace) == ["pano", "ceph"]
    for pane in workspace.panes:
        for words in ("Bergeron Florence", "20418", "2012-03-03", "2026-01-14", "Lossless original"):
            assert words in pane.accessibleDescription()
    assert "Panoramic" in workspace.panes[0].accessibleDescription()


def test_digits_choose_a_layout_that_is_remembered(opened: Open, records: Path) -> None:
    workspace = opened(records)
    press(active(workspace), Qt.Key.Key_1)
    assert len(workspace.panes) == 1
    again = opened(records)
    assert again.protocol.name == "1x1"
    press(active(again), Qt.Key.Key_0)
    assert again.protocol.name == "panoramic_ceph"
    assert opened(records).protocol.name == "panoramic_ceph"


def test_the_tiles_fill_the_grid_and_one_can_take_all_of_it(opened: Open, records: Path) -> None:
    workspace = opened(records)
    left, right = workspace.panes
    assert left.geometry().right() < right.geometry().left() <= left.geometry().right() + 4
    assert right.geometry().right() == workspace.grid.rect().right()
    QTest.mouseDClick(right, Qt.MouseButton.LeftButton)
    assert right.geometry() == workspace.grid.rect()
    assert not left.isVisible()
    press(right, Qt.Key.Key_Escape)
    assert left.isVisible()
    assert left.geometry().right() < right.geometry().left()


def test_an_image_is_dropped_into_a_tile(opened: Open, records: Path, qtbot: QtBot) -> None:
    workspace = opened(records)
    right = workspace.panes[1]
    data = QMimeData()
    data.setData(MIME, str(records / "pano.dcm").encode())
    right.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    settled(workspace, qtbot)
    assert shown(workspace) == ["pano", "pano"]
    assert workspace.active is right


def test_the_list_names_images_and_gives_them_to_the_active_tile(opened: Open, records: Path, qtbot: QtBot) -> None:
    workspace = opened(records)
    rows = [workspace.strip.item(index) for index in range(workspace.strip.count())]
    assert [row.text() for row in rows] == ["2026-01-14", "Panoramic", "Lateral cephalogram"]
    qtbot.waitUntil(lambda: len(workspace.strip.pictures) == 2, timeout=30_000)
    workspace.take(workspace.panes[0])
    ceph = next(row for row in rows if row.data(KEY_ROLE) and "ceph" in row.data(KEY_ROLE))
    workspace.strip.setCurrentItem(ceph)
    QTest.keyClick(workspace.strip, Qt.Key.Key_Return)
    settled(workspace, qtbot)
    assert shown(workspace) == ["ceph", "ceph"]


# -- stacks, errors


def test_page_keys_and_the_wheel_go_through_a_series(opened: Open, stack: Path, qtbot: QtBot) -> None:
    workspace = opened(stack)
    press(active(workspace), Qt.Key.Key_1)
    pane = active(workspace)
    assert shown(workspace) == ["slice1"]
    press(pane, Qt.Key.Key_PageDown)
    settled(workspace, qtbot)
    assert shown(workspace) == ["slice2"]
    press(pane, Qt.Key.Key_PageUp)
    press(pane, Qt.Key.Key_PageUp)
    assert shown(workspace) == ["slice1"]
    pane.advance()
    pane.advance()
    pane.advance()
    assert shown(workspace) == ["slice1"], "cine goes round"


def test_frames_keep_the_view_and_can_run_by_themselves(opened: Open, qtbot: QtBot) -> None:
    workspace = opened(DATA / "pydicom-data" / "emri_small.dcm")
    pane = active(workspace)
    pane.zoom(3)
    view = pane.view
    press(pane, Qt.Key.Key_P)
    assert workspace.cine_runs()
    qtbot.waitUntil(
        lambda: pane.frame >= 2 and pane.picture is not None and pane.picture.frame.index >= 2, timeout=30_000
    )
    assert pane.view == view
    press(pane, Qt.Key.Key_P)
    assert not workspace.cine_runs()


def test_one_image_does_not_run(opened: Open, records: Path) -> None:
    workspace = opened(records / "pano.dcm")
    press(active(workspace), Qt.Key.Key_P)
    assert not workspace.cine_runs()
    assert "only one image" in workspace.status.text()


def test_a_damaged_image_says_why_and_the_rest_lives(opened: Open, stack: Path) -> None:
    workspace = opened(stack)
    states = {Path(pane.item.key).stem: pane for pane in workspace.panes if pane.item}
    assert states["zz_cut"].state is TileState.ERROR
    assert states["zz_cut"].accessibleDescription() == DamagedPixels.message_id
    assert all(states[f"slice{n}"].state is TileState.SHOWN for n in (1, 2, 3))


def test_hostile_files_are_all_shown_or_explained(opened: Open, qtbot: QtBot) -> None:
    names = ("TC0295", "TC0321", "TC0323", "TC0339", "TC0345", "TC0287", "TC0005", "TC0137", "TC0267")
    folder = DATA / "malformed"
    files = sorted(path for path in folder.iterdir() if path.name.startswith(names))
    assert len(files) == len(names)
    workspace = opened(*files)
    press(active(workspace), Qt.Key.Key_9)
    settled(workspace, qtbot)
    for pane in workspace.panes:
        assert pane.state is not TileState.ERROR or pane.accessibleDescription()


def test_an_image_of_somebody_else_is_never_named_after_the_first(
    opened: Open, records: Path, make_image: MakeImage, qtbot: QtBot
) -> None:
    """A folder may hold several people's images, even under one study UID; nobody's prior hangs beside another's."""
    film(make_image, records, "other", Modality="PX", PatientName="Roy^Léo", PatientID="7", StudyDate="20200101")
    workspace = opened(records)
    assert shown(workspace) == ["pano", "ceph"]
    assert "other" not in shown(workspace)
    workspace.show_in(workspace.panes[1], str(records / "other.dcm"))
    settled(workspace, qtbot)
    for pane, name, wrong in zip(workspace.panes, ("Bergeron", "Roy Léo"), ("Roy", "Bergeron"), strict=True):
        assert name in pane.accessibleDescription()
        assert wrong not in pane.accessibleDescription()
    heads = [workspace.strip.item(i).text() for i in range(workspace.strip.count())]
    assert "Roy Léo · 2020-01-01" in heads


def test_nothing_to_show_is_said(opened: Open, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    workspace = opened(empty)
    assert workspace.status.text() == "There is no image to show."
    assert workspace.panes[0].state is TileState.EMPTY


# -- linking, windows, filters


def test_linked_tiles_follow_in_proportion(opened: Open, records: Path) -> None:
    workspace = opened(records)
    left, right = workspace.panes
    press(left, Qt.Key.Key_G)
    assert workspace.links.enabled
    left.zoom(3.0)
    left.pan(40, 10)
    assert left.view is not None
    assert right.view is not None
    assert right.view.scale / right.view.fit_scale == pytest.approx(left.view.scale / left.view.fit_scale)
    assert right.view.center == pytest.approx(left.view.center)
    assert left.voi is not None
    assert right.voi is not None
    left.set_voi(left.voi.moved(700, 1000))
    assert (right.voi.center, right.voi.width) == (pytest.approx(700), pytest.approx(1000))
    press(left, Qt.Key.Key_G)
    left.fit()
    assert not right.view.is_fitted


def test_presets_filters_and_colours_are_labelled_and_reset_goes_back(
    opened: Open, records: Path, qtbot: QtBot
) -> None:
    workspace = opened(records)
    pane = active(workspace)
    assert pane.voi is not None
    workspace.apply_preset(Preset.BONE)
    assert pane.voi.width != 2000
    workspace.apply_filter(Filter.SHARPEN)
    qtbot.waitUntil(lambda: "Filter: Sharpened" in pane.accessibleDescription(), timeout=30_000)
    workspace.apply_colour(PseudoColour.HEAT)
    pane.flip()
    assert "Colours: heat" in pane.accessibleDescription()
    assert "Flipped top to bottom" in pane.accessibleDescription()
    press(pane, Qt.Key.Key_Backspace)
    settled(workspace, qtbot)
    qtbot.waitUntil(lambda: "Filter" not in pane.accessibleDescription(), timeout=30_000)
    assert "Colours" not in pane.accessibleDescription()
    assert "Flipped" not in pane.accessibleDescription()
    assert pane.voi.width == 2000


def test_life_size_needs_a_size_and_says_how_sure_it_is(opened: Open, records: Path) -> None:
    workspace = opened(records)
    pano, ceph = workspace.panes
    workspace.screen_mm = 0.25
    workspace.take(pano)
    press(pano, Qt.Key.Key_Y)
    assert "no trusted size" in workspace.status.text()
    workspace.take(ceph)
    press(ceph, Qt.Key.Key_Y)
    assert ceph.view is not None
    assert ceph.view.scale == pytest.approx(0.2 / 1.1 / 0.25)
    assert "About life size 100%" in ceph.accessibleDescription()
    assert "only estimated" in workspace.status.text()
    workspace.screen_mm = None
    workspace.life_size()
    assert "not measured" in workspace.status.text()
    ceph.zoom(2.0)
    assert "life size" not in ceph.accessibleDescription()


# -- tools


class Recorder(IdleTool):
    """Notes what it is told."""

    name = "recorder"
    seen: list[tuple[str, object]]

    def __init__(self) -> None:
        self.seen = []

    def press(self, at: Pointer) -> bool:
        self.seen.append(("press", at.image))
        return True

    def move(self, at: Pointer) -> None:
        self.seen.append(("move", at.image))

    def release(self, at: Pointer) -> None:
        self.seen.append(("release", at.image))

    def key(self, tile: Tile, event: QKeyEvent) -> bool:
        self.seen.append(("key", event.text()))
        return event.text() == "q"


def test_a_tool_is_a_row_and_gets_its_events_in_image_coordinates(opened: Open, records: Path) -> None:
    workspace = opened(records)
    workspace.tools.add(ToolRow("recorder", "Recorder", "ruler", "D", Recorder, measures=True))
    workspace.fill_bar()
    pane = active(workspace)
    press(pane, Qt.Key.Key_D)
    tool = pane.tool
    assert isinstance(tool, Recorder)
    start, end = pane.to_widget((30, 40)).toPoint(), pane.to_widget((90, 80)).toPoint()
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(pane, end)
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=end)
    assert [name for name, _what in tool.seen] == ["press", "move", "release"]
    assert tool.seen[0][1] == pytest.approx((30, 40), abs=1)
    assert tool.seen[2][1] == pytest.approx((90, 80), abs=1)
    before = pane.view
    press(pane, Qt.Key.Key_Q)
    assert tool.seen[-1] == ("key", "q")
    assert pane.view == before
    press(pane, Qt.Key.Key_H)
    assert pane.tool is not tool


def test_nothing_is_measured_on_a_preview(qtbot: QtBot, opened: Open, records: Path) -> None:
    from dataclasses import replace

    from viewer.pixels.picture import Reduction

    workspace = opened(records)
    pane = active(workspace)
    tool = Recorder()
    pane.take_tool(tool, measures=True)
    assert pane.picture is not None
    pane.show_picture(replace(pane.picture, reduction=Reduction(200, 300, 300)))
    pane.set_stage(Stage(0.62, tells=True))
    assert "300 px preview · original 62%" in pane.accessibleDescription()
    QTest.mousePress(pane, Qt.MouseButton.LeftButton)
    assert tool.seen == []
    assert workspace.status.text() == WAIT_FOR_ORIGINAL


def test_two_tools_cannot_have_one_key() -> None:
    tools = ToolSet()
    with pytest.raises(ValueError, match="W"):
        tools.add(ToolRow("other", "Other", "", "W", IdleTool))


def test_keys_of_tools_and_actions_are_all_different() -> None:
    keys = [row.key for row in (*VIEW_TOOLS, *ACTIONS) if row.key]
    assert len(keys) == len(set(keys))
    assert not {key for key in keys if len(key) == 1 and not key.isalnum()}


def test_an_action_of_another_module_gets_a_key(opened: Open, records: Path) -> None:
    workspace = opened(records)
    done: list[Workspace] = []
    workspace.add_action(ActionRow("compare", "Compare", done.append, "columns", "X", "bar"))
    press(active(workspace), Qt.Key.Key_X)
    assert done == [workspace]
    with pytest.raises(ValueError, match="X"):
        workspace.add_action(ActionRow("other", "Other", done.append, key="X"))


def test_the_magnifier_enlarges_what_is_under_the_pointer(opened: Open, records: Path) -> None:
    workspace = opened(records)
    pane = active(workspace)
    before = pane.grab().toImage()
    press(pane, Qt.Key.Key_L)
    middle = pane.rect().center()
    QTest.mouseMove(pane, middle)
    after = pane.grab().toImage()
    assert after.pixelColor(middle).red() == pytest.approx(before.pixelColor(middle).red(), abs=3)
    aside = middle.x() + 60
    nearer = middle.x() + 20
    assert after.pixelColor(aside, middle.y()).red() == pytest.approx(
        before.pixelColor(nearer, middle.y()).red(), abs=4
    )


def test_marks_are_undone_by_key(opened: Open, records: Path) -> None:
    from viewer.model.marks import Kind, new_mark

    workspace = opened(records)
    pane = active(workspace)
    pane.edit(pane.history.sheet.with_mark(new_mark(Kind.LENGTH, [(1, 1), (9, 9)])))
    press(pane, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert pane.history.sheet.marks == ()
    press(pane, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert len(pane.history.sheet.marks) == 1


def test_marks_stay_with_their_image_whichever_tile_shows_it(opened: Open, records: Path, qtbot: QtBot) -> None:
    from viewer.model.marks import Kind, Sheet, new_mark

    workspace = opened(records)
    left, right = workspace.panes
    pano, ceph = str(records / "pano.dcm"), str(records / "ceph.dcm")
    told: list[str] = []
    workspace.marks_changed.connect(told.append)
    mark = new_mark(Kind.LENGTH, [(1, 1), (9, 9)])
    left.edit(left.history.sheet.with_mark(mark))
    assert told == [pano]
    workspace.show_in(left, ceph)
    settled(workspace, qtbot)
    assert left.history.sheet.marks == ()
    workspace.show_in(right, pano)
    settled(workspace, qtbot)
    assert right.history.sheet.marks == (mark,)
    workspace.show_in(left, pano)
    settled(workspace, qtbot)
    right.set_history(right.history.undone())
    assert left.history.sheet.marks == ()
    kept = Sheet().with_mark(mark)
    workspace.set_marks(ceph, kept)
    workspace.show_in(right, ceph)
    right.set_history(right.history.undone())
    assert right.history.sheet == kept


# -- key images, other windows, originals


def test_key_images_are_marked_and_written_as_a_selection(opened: Open, records: Path) -> None:
    workspace = opened(records)
    pane = active(workspace)
    press(pane, Qt.Key.Key_K)
    assert "Key image" in pane.accessibleDescription()
    by = Authorship("Gagnon^Sophie", datetime(2026, 1, 15, 9, 0, tzinfo=UTC))
    (document,) = workspace.key_objects(Purpose.FOR_REFERRING_PROVIDER, by)
    selection = read_key_object_selection(document)
    assert selection.purpose is Purpose.FOR_REFERRING_PROVIDER
    assert pane.item is not None
    assert [image.sop_instance_uid for image in selection.images] == [pane.item.sop_instance_uid]
    press(pane, Qt.Key.Key_K)
    assert "Key image" not in pane.accessibleDescription()
    assert workspace.key_images == set()


def test_the_second_window_shares_images_and_links(opened: Open, records: Path, qtbot: QtBot) -> None:
    workspace = opened(records)
    second = workspace.open_second()
    qtbot.addWidget(second)
    settled(second, qtbot)
    assert shown(second) == shown(workspace)
    press(active(workspace), Qt.Key.Key_G)
    active(workspace).zoom(2.5)
    view = second.panes[0].view
    assert view is not None
    assert view.scale / view.fit_scale == pytest.approx(2.5)
    second.close()
    assert workspace.second is None
    active(workspace).zoom(1.5)


def test_originals_are_as_they_were_after_every_action(opened: Open, records: Path, qtbot: QtBot) -> None:
    def sums() -> list[str]:
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(records.iterdir())]

    before = sums()
    workspace = opened(records)
    for row in workspace.actions_offered:
        if row.name not in ("second", "screen"):
            workspace.do(row)
            settled(workspace, qtbot)
    for tool in workspace.tools:
        workspace.take_tool(tool.name)
        QTest.mousePress(active(workspace), Qt.MouseButton.LeftButton)
        QTest.mouseRelease(active(workspace), Qt.MouseButton.LeftButton)
    assert sums() == before


def test_everything_that_can_have_the_focus_has_a_name(opened: Open, records: Path) -> None:
    from PySide6.QtWidgets import QWidget

    workspace = opened(records)
    focusable = [w for w in workspace.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    own = [widget for widget in focusable if not widget.objectName().startswith("qt_")]
    assert len(own) > 15
    assert [type(widget).__name__ for widget in own if not widget.accessibleName()] == []


def test_the_tools_keep_their_words_while_actions_go_into_the_menu(
    make_image: MakeImage, tmp_path: Path, qtbot: QtBot
) -> None:
    film(make_image, tmp_path, "film")
    workspace = window([tmp_path], "fr")
    qtbot.addWidget(workspace)
    workspace.resize(1140, 800)
    workspace.show()
    buttons = {name: button for name, button in workspace.bar._by_name.items() if not button.isHidden()}
    under = Qt.ToolButtonStyle.ToolButtonTextUnderIcon
    assert all(buttons[row.name].toolButtonStyle() == under for row in workspace.tools if row.in_bar)
    assert {"rotate", "mirror", "compare", "export"} <= buttons.keys()
    assert all(button.toolTip() for button in buttons.values())
    assert max(button.geometry().right() for button in buttons.values()) <= workspace.bar.width()
    workspace.take_tool("window")
    assert buttons["window"].isChecked(), "and not the menu of windows"
    workspace.close_board()
