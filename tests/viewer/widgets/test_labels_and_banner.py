"""Figures of marks never stand on the patient banner or on any other words of a tile: neither could be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from tests.viewer.conftest import MakeImage
from tests.viewer.widgets.test_workspace import film
from viewer.io.file_source import FileSource
from viewer.model.cephalometry.kept import Placed
from viewer.model.marks import Kind
from viewer.widgets.cephalometry.offered import install_cephalometry
from viewer.widgets.marking import painting
from viewer.widgets.marking.board import Marking
from viewer.widgets.marking.offered import install_marking
from viewer.widgets.pane import Pane
from viewer.widgets.tile_painting import caption_areas
from viewer.widgets.workspace import Workspace

Open = Callable[[int, int], Workspace]
INSET = 6


@pytest.fixture
def opened(make_image: MakeImage, tmp_path: Path, qtbot: QtBot) -> Open:
    """A workspace of that size over one cephalogram."""
    folder = tmp_path / "images"
    folder.mkdir()
    film(make_image, folder, "ceph", Modality="DX", ImagerPixelSpacing=[0.2, 0.2])

    def make(width: int, height: int) -> Workspace:
        workspace = Workspace(FileSource([folder]))
        qtbot.addWidget(workspace)
        workspace.resize(width, height)
        return workspace

    return make


def ready(workspace: Workspace, qtbot: QtBot) -> Pane:
    workspace.show()
    workspace.load()
    qtbot.waitUntil(lambda: workspace.active is not None and workspace.active.may_measure, timeout=60_000)
    assert workspace.active is not None
    return workspace.active


def written(pane: Pane, monkeypatch: pytest.MonkeyPatch) -> dict[str, QRectF]:
    """What the layers write on the tile, and where."""
    found: dict[str, QRectF] = {}
    metrics = QFontMetricsF(pane.font())

    def note(_painter: object, at: QPointF, text: str, _colour: str) -> None:
        found[text] = QRectF(at.x(), at.y(), metrics.horizontalAdvance(text), metrics.height())

    monkeypatch.setattr(painting, "draw_text", note)
    pane.grab()
    return found


def corners(pane: Pane) -> list[tuple[float, float]]:
    """Positions of the image under the corners of the tile."""
    places = [(x, y) for x in (INSET, pane.width() - INSET) for y in (INSET, pane.height() - INSET)]
    found = [pane.image_point(QPointF(*place)) for place in places]
    return [point for point in found if point is not None]


def fill(pane: Pane) -> None:
    """Zoom until the picture lies under the corners too."""
    pane.zoom(3.0)


@pytest.mark.parametrize("size", [(1300, 800), (900, 620), (700, 420)])
def test_the_figures_of_marks_in_the_corners_stand_beside_the_banner(
    opened: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    workspace = opened(*size)
    marking: Marking = install_marking(workspace, "Dre Gagnon")
    pane = ready(workspace, qtbot)
    fill(pane)
    for x, y in corners(pane):
        assert marking.add(pane, Kind.TEXT, [(x, y)], text=f"note {len(marking.sheet.marks)}") is not None
        assert marking.add(pane, Kind.LENGTH, [(x, y), (x + (0.2 + len(marking.sheet.marks)), y)]) is not None
    captions, places = caption_areas(pane), written(pane, monkeypatch)
    assert len(places) == 8, "four notes and four lengths"
    assert any(area.top() < pane.height() / 3 for area in captions), "the banner is there"
    for text, place in places.items():
        assert pane.rect().toRectF().contains(place), text
        assert not any(place.intersects(area) for area in captions), text
    pairs = [{a, b} for a, at in places.items() for b, there in places.items() if a < b and at.intersects(there)]
    assert pairs == [], "nor on one another"


def test_the_names_of_landmarks_keep_off_it_too(opened: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = opened(1300, 800)
    ceph = install_cephalometry(workspace, install_marking(workspace, "Dre Gagnon"))
    pane = ready(workspace, qtbot)
    fill(pane)
    names = ("S", "N", "A", "B")
    ceph.set_tracing(pane.item.key if pane.item else "", Placed(dict(zip(names, corners(pane), strict=True))))
    captions, places = caption_areas(pane), written(pane, monkeypatch)
    assert set(names) <= set(places)
    assert not any(place.intersects(area) for place in places.values() for area in captions)
