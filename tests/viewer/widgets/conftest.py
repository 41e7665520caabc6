"""A patient before and after treatment, and a workspace that compares and exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.viewer.conftest import MakeImage
from viewer.io.file_source import FileSource
from viewer.model.alignment import Similarity
from viewer.model.registration import resampled
from viewer.widgets.comparing import add_comparing
from viewer.widgets.exporting import add_exporting
from viewer.widgets.tile import TileState
from viewer.widgets.workspace import Workspace

Read = Callable[..., Workspace]
TURN = Similarity(complex(np.exp(1j * np.radians(4))), 9 - 6j)
"""How the later cephalogram lies on the earlier one."""


def skull(rows: int = 220, columns: int = 260) -> np.ndarray:
    """Shapes that have one place only on one another."""
    y, x = np.mgrid[0:rows, 0:columns].astype(float)
    head = np.clip(1 - np.hypot((x - 130) / 90, (y - 100) / 80), 0, 1)
    jaw = np.exp(-(((x - 190) / 16) ** 2 + ((y - 165) / 9) ** 2)) + np.exp(
        -(((x - 90) / 7) ** 2 + ((y - 60) / 22) ** 2)
    )
    ridge = 0.4 * (np.abs(x - 0.6 * y - 60) < 4)
    return 300 + 2500 * head + 900 * jaw + 500 * ridge


@pytest.fixture
def treated(make_image: MakeImage, tmp_path: Path) -> Path:
    """Two studies of one person with a cephalogram and a photograph each, and one image of somebody else."""
    folder = tmp_path / "treated"
    folder.mkdir()
    first = skull()
    later, inside = resampled(first, TURN.inverse(), first.shape)
    later = np.where(inside, later, 0)
    photo = np.zeros((60, 80, 3), np.uint8)
    photo[..., 0], photo[:30, :, 1] = 200, 120
    for number, (day, values) in enumerate((("20240502", first), ("20260114", later)), 1):
        who = {"PatientName": "Bergeron^Florence", "PatientID": "20418", "PatientBirthDate": "20120303",
               "StudyInstanceUID": f"2.25.50{number}", "StudyDate": day, "AcquisitionDate": day}  # fmt: skip
        (folder / f"ceph{number}.dcm").write_bytes(
            make_image(values.astype(np.uint16), **who, SOPInstanceUID=f"2.25.50{number}1", Modality="DX",
                       SeriesInstanceUID=f"2.25.50{number}8", SeriesDescription="Céphalométrie", WindowCenter=1800,
                       WindowWidth=3600, ImagerPixelSpacing=[0.2, 0.2],
                       EstimatedRadiographicMagnificationFactor="1.0")
        )  # fmt: skip
        (folder / f"photo{number}.dcm").write_bytes(
            make_image(photo, "RGB", **who, SOPInstanceUID=f"2.25.50{number}2", Modality="XC",
                       SeriesInstanceUID=f"2.25.50{number}9", SeriesDescription="Intraoral frontal")
        )  # fmt: skip
    (folder / "other.dcm").write_bytes(
        make_image(first.astype(np.uint16), PatientName="Autre^Luc", PatientID="9", StudyInstanceUID="2.25.600",
                   SeriesInstanceUID="2.25.601", SOPInstanceUID="2.25.602", StudyDate="20230101", Modality="DX",
                   SeriesDescription="Céphalométrie")
    )  # fmt: skip
    return folder


@pytest.fixture
def reading(qtbot: QtBot, tmp_path: Path) -> Iterator[Read]:
    """A workspace with one tile that shows the file of that name."""
    made: list[Workspace] = []

    def make(folder: Path, name: str) -> Workspace:
        workspace = Workspace(FileSource([folder], tmp_path / "layouts.json"))
        made.append(workspace)
        add_comparing(workspace)
        add_exporting(workspace)
        qtbot.addWidget(workspace)
        workspace.resize(1300, 800)
        workspace.show()
        with qtbot.waitSignal(workspace.loaded, timeout=30_000):
            workspace.load()
        show(workspace, qtbot, folder / name)
        return workspace

    yield make
    for workspace in made:
        workspace.close_board()


def show(workspace: Workspace, qtbot: QtBot, path: Path) -> None:
    """One tile with this file, until its original is there."""
    from viewer.model.hanging.protocol import PLAIN

    workspace.apply_protocol(PLAIN[0])
    workspace.show_in_active(str(path))
    pane = workspace.active
    assert pane is not None
    qtbot.waitUntil(lambda: pane.may_measure or pane.state is TileState.ERROR, timeout=30_000)
