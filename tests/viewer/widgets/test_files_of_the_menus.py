"""Every DICOM file that the menus write is a valid object of its kind, to the eyes of dciodvfy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.uid import UID
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.viewer.conftest import MakeImage
from tests.viewer.io.sheets import drawn_sheet
from tests.viewer.model.cephalometry.face import FACE
from tests.viewer.validator import faults
from tests.viewer.widgets.conftest import show, skull
from viewer.model.cephalometry import ANALYSES
from viewer.model.cephalometry.kept import Placed
from viewer.model.exporting import ExportKind
from viewer.model.marks import Kind
from viewer.widgets.cephalometry.board import Cephalometry
from viewer.widgets.cephalometry.offered import Desk
from viewer.widgets.exporting import Exporter
from viewer.widgets.exporting_dialog import KIND_NAMES, ExportDialog
from viewer.widgets.standalone import window
from viewer.widgets.workspace import Workspace

pytestmark = pytest.mark.soak

CR, PHOTOGRAPH = "1.2.840.10008.5.1.4.1.1.1", "1.2.840.10008.5.1.4.1.1.77.1.4"


@pytest.fixture
def folder(make_image: MakeImage, tmp_path: Path) -> Path:
    """A cephalogram and a photograph that are valid themselves, so that no fault can come from them."""
    made = tmp_path / "valid"
    made.mkdir()
    who: dict[str, Any] = {
        "PatientName": "Bergeron^Florence", "PatientID": "20418", "PatientBirthDate": "20120303", "PatientSex": "F",
        "StudyInstanceUID": "2.25.501", "StudyDate": "20260114", "StudyTime": "091500", "StudyID": "1",
        "AccessionNumber": "", "ReferringPhysicianName": "", "Manufacturer": "X", "SpecificCharacterSet": "ISO_IR 192",
        "SeriesNumber": 1, "InstanceNumber": 1, "AcquisitionDate": "20260114", "BurnedInAnnotation": "NO",
        "PatientOrientation": ["A", "F"], "ContentDate": "20260114", "ContentTime": "091600",
    }  # fmt: skip
    file = pydicom.filebase.DicomBytesIO(
        make_image(
            skull().astype(np.uint16), **who, SOPInstanceUID="2.25.5011", SeriesInstanceUID="2.25.5018", Modality="CR",
            BodyPartExamined="SKULL", ViewPosition="LL", ImagerPixelSpacing=[0.2, 0.2], WindowCenter=1800,
            WindowWidth=3600, EstimatedRadiographicMagnificationFactor="1.0", SeriesDescription="Céphalométrie",
        )
    )  # fmt: skip
    _saved(file, CR, made / "ceph.dcm")
    photo = np.zeros((60, 80, 3), np.uint8)
    photo[..., 0], photo[:30, :, 1] = 200, 120
    stream = bytes(imagecodecs.jpeg8_encode(photo, level=90))
    file = pydicom.filebase.DicomBytesIO(
        make_image(
            photo, "YBR_FULL_422", stream, "1.2.840.10008.1.2.4.50", **who | {"PatientOrientation": ["", ""]},
            SOPInstanceUID="2.25.5012", SeriesInstanceUID="2.25.5019", Modality="XC", Laterality="",
            ImageType=["ORIGINAL", "PRIMARY"], AcquisitionDateTime="20260114091600", AcquisitionContextSequence=[],
            LossyImageCompression="01", LossyImageCompressionRatio="8", LossyImageCompressionMethod="ISO_10918_1",
        )
    )  # fmt: skip
    _saved(file, PHOTOGRAPH, made / "photo.dcm")
    for path in made.iterdir():
        assert faults(path) == [], "the original is valid"
    return made


def _saved(file: pydicom.filebase.DicomBytesIO, sop_class: str, path: Path) -> None:
    ds = pydicom.dcmread(file)
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = UID(sop_class)
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    ds.save_as(path, enforce_file_format=True)


@pytest.fixture
def workspace(folder: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Workspace]:
    made = window([folder], "fr", tmp_path / "layouts.json")
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.active is not None, timeout=60_000)
    yield made
    made.close_board()


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were asked for, in their order; every question for a place is answered with a new one."""
    found: list[Path] = []

    def place(*_about: object) -> tuple[str, str]:
        found.append(tmp_path / f"written-{len(found)}.dcm")
        return str(found[-1]), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", place)
    return found


def test_marks_measurements_and_key_images(
    workspace: Workspace, folder: Path, written: list[Path], qtbot: QtBot
) -> None:
    rows: dict[str, Callable[..., object]] = {row.name: row.act for row in workspace.actions_offered}
    sheet = drawn_sheet()
    assert {mark.kind for mark in sheet.marks} == set(Kind)
    for name in ("ceph.dcm", "photo.dcm"):
        show(workspace, qtbot, folder / name)
        pane = workspace.active
        assert pane is not None
        pane.edit(sheet)
        workspace.set_key_images({(str(folder / name), 0)})
        for action in ("marks_out_state", "marks_out_report", "keys_out"):
            rows[action](workspace)
    assert len(written) == 6
    assert {pydicom.dcmread(path).Modality for path in written} == {"PR", "SR", "KO"}
    assert {path.name: faults(path) for path in written if faults(path)} == {}


def test_landmarks_of_every_analysis(workspace: Workspace, folder: Path, written: list[Path], qtbot: QtBot) -> None:
    show(workspace, qtbot, folder / "ceph.dcm")
    board = workspace.findChild(Cephalometry)
    assert isinstance(board, Cephalometry)
    export = next(act for message, act, _on in Desk(board).rows() if message.startswith("Export the landmarks"))
    for analysis in ANALYSES:
        board.set_tracing(
            str(folder / "ceph.dcm"), Placed({n: (x + 40, 100 - y) for n, (x, y) in FACE.items()}, analysis)
        )
        export()
    assert len(written) == len(ANALYSES)
    assert {path.name: faults(path) for path in written if faults(path)} == {}


@pytest.mark.parametrize("name", ["ceph.dcm", "photo.dcm"])
@pytest.mark.parametrize("kind", [ExportKind.DICOM, ExportKind.DEIDENTIFIED])
def test_copies_with_and_without_the_person(
    kind: ExportKind, name: str, workspace: Workspace, folder: Path, written: list[Path], qtbot: QtBot
) -> None:
    show(workspace, qtbot, folder / name)
    exporter, pane = workspace.findChild(Exporter), workspace.active
    assert isinstance(exporter, Exporter)
    assert pane is not None
    dialog = ExportDialog(exporter, pane)
    dialog.kind.setCurrentIndex(list(KIND_NAMES).index(kind))
    dialog.looked.setChecked(True)
    dialog.save.click()
    qtbot.waitUntil(lambda: bool(written) and written[0].exists(), timeout=30_000)
    dialog.reject()
    assert (
        "PatientName" in pydicom.dcmread(written[0]) and "Bergeron" in written[0].read_bytes().decode("latin-1")
    ) is (kind is ExportKind.DICOM)
    assert faults(written[0]) == []
