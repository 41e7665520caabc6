"""The reading room with text at 200 % and in both languages: lists keep rows, boxes grow, the percent sign is set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.viewer.conftest import MakeImage
from tests.viewer.widgets.conftest import Read
from tests.viewer.widgets.test_comparing import compared
from tests.viewer.widgets.test_workspace import film
from viewer.io.file_source import FileSource
from viewer.model.cephalometry import Dimension
from viewer.model.marks import Kind
from viewer.widgets.cephalometry.words import unit_words
from viewer.widgets.form_style import form_sheet
from viewer.widgets.look import Look
from viewer.widgets.marking.offered import install_marking
from viewer.widgets.marking.panel import MarksPanel
from viewer.widgets.standalone import words
from viewer.widgets.workspace import Workspace

LARGE = Look(text_scale=2.0)


def test_the_list_of_marks_takes_the_room_that_is_left(make_image: MakeImage, tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    film(make_image, folder, "ceph", Modality="DX", ImagerPixelSpacing=[0.2, 0.2])
    workspace = Workspace(FileSource([folder]), look=LARGE)
    qtbot.addWidget(workspace)
    marking = install_marking(workspace)
    panel = MarksPanel(marking)
    workspace.panel.addWidget(panel)
    workspace.resize(1440, 760)
    workspace.show()
    workspace.load()
    qtbot.waitUntil(lambda: workspace.active is not None and workspace.active.may_measure, timeout=60_000)
    assert workspace.active is not None
    for column in range(6):
        marking.add(workspace.active, Kind.LENGTH, [(10 + column, 10), (200, 100)])
    qtbot.waitUntil(lambda: panel.table.viewport().height() > LARGE.px(28))
    chosen = panel.table.visualItemRect(panel.table.item(5, 0))
    assert panel.table.viewport().rect().contains(chosen), "the mark just drawn is whole in sight"
    below = max(child.geometry().bottom() for child in panel.findChildren(QWidget) if child.parent() is panel)
    assert panel.height() - below < LARGE.px(28), "no room stays empty under the panel while rows are hidden"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_boxes_to_tick_grow_with_the_text(scale: float) -> None:
    look = Look(text_scale=scale)
    for sheet in (form_sheet(look), look.sheet()):
        widths = re.findall(r"(?:QCheckBox|QTableWidget)::indicator \{ width: (\d+)px", sheet)
        assert widths == [str(look.px(14))]
    ring = re.search(r"indicator:checked \{ border: (\d+)px solid \S+;\s+width: (\d+)px", form_sheet(look))
    assert ring is not None
    assert 2 * int(ring[1]) + int(ring[2]) == look.px(14) + 4, "a chosen round button is as large as another"


@pytest.mark.parametrize(("language", "sign"), [("en", "%"), ("fr", "\u00a0%")])
def test_the_percent_sign_stands_as_the_language_sets_it(
    language: str, sign: str, reading: Read, treated: Path, qtbot: QtBot
) -> None:
    texts = words(language)
    assert unit_words(Dimension.PERCENT, "", texts) == sign
    workspace = reading(treated, "ceph2.dcm")
    comparison, pane = compared(workspace, qtbot), workspace.active
    assert comparison.layer is not None
    assert pane is not None
    assert comparison.layer.words(texts, pane)[0].endswith(f" 50{sign}")
