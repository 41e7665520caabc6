"""`python -m viewer`: what it prints and writes, and that a bad file is a sentence with exit 3."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from PIL import Image

from tests.viewer.conftest import image_bytes
from tests.viewer.model.cephalometry.face import BY_HAND, face_tracing
from viewer.command_line import main
from viewer.io.landmark_files import LandmarkFileError, landmark_id, read_landmarks
from viewer.model.cephalometry import LANDMARKS

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "dicom"
CT = DATA / "pydicom" / "CT_small.dcm"
RAMP = np.arange(96, dtype=np.uint16).reshape(8, 12)


def said(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert main([str(word) for word in words]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main([str(word) for word in words]) == 3
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert "Traceback" not in output.err
    return output.err


def picture(path: Path) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(path.read_bytes())))


def test_render_follows_the_formula_of_the_window(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(image_bytes(RAMP))
    assert main(["render", str(tmp_path / "a.dcm"), "--window", "50", "41", "-o", str(tmp_path / "a.png")]) == 0
    expected = np.clip((RAMP - 49.5) / 40 + 0.5, 0, 1) * 255
    assert np.abs(picture(tmp_path / "a.png") - expected).max() <= 0.5
    words = ["render", str(tmp_path / "a.dcm"), "--window", "-50", "41", "--invert", "-o", str(tmp_path / "b.png")]
    assert main(words) == 0
    assert (picture(tmp_path / "b.png") == 0).all()


def test_render_fits_and_centres_on_black(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(image_bytes(np.full((10, 20), 200, np.uint8)))
    for size in ("40x40", "20x10"):
        words = [
            "render",
            str(tmp_path / "a.dcm"),
            "--window",
            "100",
            "20",
            "--size",
            size,
            "-o",
            str(tmp_path / "a.png"),
        ]
        assert main(words) == 0
        shown = picture(tmp_path / "a.png")
        assert shown.shape == tuple(int(side) for side in reversed(size.split("x")))
        filled = shown[10:30] if size == "40x40" else shown
        assert (filled == 255).all()
        assert (shown == 255).sum() == filled.size


def test_render_shows_true_proportions(tmp_path: Path) -> None:
    source = image_bytes(np.full((10, 10), 200, np.uint8), PixelAspectRatio=[2, 1])
    (tmp_path / "a.dcm").write_bytes(source)
    words = [
        "render",
        str(tmp_path / "a.dcm"),
        "--window",
        "100",
        "20",
        "--size",
        "40x40",
        "-o",
        str(tmp_path / "a.png"),
    ]
    assert main(words) == 0
    assert (picture(tmp_path / "a.png") == 255).sum() == 40 * 20


def test_measure_says_unit_and_origin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def measured(**tags: object) -> Any:
        (tmp_path / "a.dcm").write_bytes(image_bytes(RAMP, Modality="DX", **tags))
        return said(capsys, "measure", tmp_path / "a.dcm", "1,2", "4,6", "--json")

    cases = [
        (
            {"ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": 1.1},
            1 / 1.1,
            "mm (estimated)",
        ),
        ({"ImagerPixelSpacing": [0.2, 0.2]}, 1.0, "mm @detector"),
        ({"PixelSpacing": [0.2, 0.2], "PixelSpacingCalibrationType": "FIDUCIAL"}, 1.0, "mm"),
        ({"PixelSpacing": [0.0, 0.0]}, 5.0, "px"),
        ({}, 5.0, "px"),
        ({"PixelSpacing": [0.3, 0.4], "PixelSpacingCalibrationType": "FIDUCIAL"}, (1.2**2 + 1.2**2) ** 0.5, "mm"),
    ]
    for tags, value, unit in cases:
        found = measured(**tags)
        assert found["value"] == pytest.approx(value)
        assert found["unit"] == unit
        assert found["length_px"] == pytest.approx(5)
    assert measured(PixelSpacing=[0.0, 0.0])["origin"] == "none"
    panoramic = measured(ImagerPixelSpacing=[0.2, 0.2])
    assert not panoramic["varies"]


def test_measure_of_three_points_is_an_angle(capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "measure", CT, "10,0", "0,0", "10,10", "--json")
    assert (found["value"], found["unit"]) == (pytest.approx(45), "°")
    assert "Two points" in refused(capsys, "measure", CT, "1,1")
    assert "two sides" in refused(capsys, "measure", CT, "1,1", "1,1", "2,2")
    assert main(["measure", str(CT), "0,0", "3,4"]) == 0
    assert capsys.readouterr().out.startswith("length: ")


def test_info(capsys: pytest.CaptureFixture[str]) -> None:
    facts = said(capsys, "info", CT, "--json")
    assert (facts["modality"], facts["rows"], facts["columns"], facts["pixel_unit"]) == ("CT", 128, 128, "mm")
    assert main(["info", str(CT)]) == 0
    assert "modality: CT" in capsys.readouterr().out


def write_points(path: Path, names: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Image", "Point", "X", "Y"])
        for image, turned in (("straight", False), ("mirrored", True)):
            for name, (x, y) in face_tracing().points.items():
                rows.writerow([image, names.get(name, name), -x if turned else x, y])


def test_ceph_equals_the_figures_worked_out_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_points(tmp_path / "p.csv", {"U1T": "U1 tip", "L1T": "L1", "Pogs": "Pog'", "S": "sella", "Me": "MENTON"})
    words = ["--points", tmp_path / "p.csv", "--spacing", "1", "--age", "25", "--json"]
    for analysis, figures in BY_HAND.items():
        report = said(capsys, "ceph", *words, "--analysis", analysis)
        assert [image["image"] for image in report["images"]] == ["straight", "mirrored"]
        for image in report["images"]:
            found = {line["id"]: line["value"] for line in image["measures"]}
            assert found == pytest.approx(figures, abs=0.006)
            assert image["values"] == {analysis: found}
    whole = said(capsys, "ceph", *words, "--analysis", "all")
    assert len(whole["images"][0]["measures"]) == sum(map(len, BY_HAND.values()))
    assert all(line["norm"]["source"] for line in whole["images"][0]["measures"] if line["norm"])
    assert main([str(word) for word in ["ceph", *words[:-1], "--analysis", "wits"]]) == 0
    assert "Wits appraisal (AO–BO): 3.6 mm" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no file of landmarks"),
        ("image,point,x\na,S,1\n", "no file of landmarks"),
        ("image,point,x,y\n", "no file of landmarks"),
        ("image,point,x,y\na,Elbow,1,2\n", "not known: Elbow"),
        ("image,point,x,y\na,S,1,2\na,Sella,1,2\n", "Line 3: Sella stands twice"),
        ("image,point,x,y\na,S,left,2\n", "Line 2: this is no coordinate: left"),
        ("image,point,x,y\na,S,nan,2\n", "no coordinate"),
        ("image,point,x,y\na,S\n", "no coordinate"),
    ],
)
def test_bad_landmark_files_are_a_sentence(
    text: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.csv").write_text(text)
    assert sentence in refused(capsys, "ceph", "--points", tmp_path / "p.csv", "--analysis", "steiner")


def test_unknown_analyses_and_sizes_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_points(tmp_path / "p.csv", {})
    words = ["ceph", "--points", tmp_path / "p.csv"]
    assert "not known: sassouni" in refused(capsys, *words, "--analysis", "sassouni")
    assert "size of a pixel" in refused(capsys, *words, "--analysis", "steiner", "--spacing", "0")
    with pytest.raises(LandmarkFileError):
        read_landmarks(tmp_path / "absent.csv")


def test_every_landmark_is_known_by_its_name() -> None:
    assert {landmark_id(mark.name.upper()) for mark in LANDMARKS.values()} == set(LANDMARKS)
    assert (landmark_id("a"), landmark_id("A'"), landmark_id("pog′")) == ("A", "Ss", "Pogs")


def test_deidentify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deidentify", str(CT), str(tmp_path / "out.dcm"), "--retain", "uids"]) == 0
    ds = pydicom.dcmread(tmp_path / "out.dcm")
    assert (ds.PatientName, ds.PatientIdentityRemoved) == ("", "YES")
    assert ds.SOPInstanceUID == pydicom.dcmread(CT).SOPInstanceUID
    capsys.readouterr()
    before = CT.read_bytes()
    assert "replace the original" in refused(capsys, "deidentify", CT, CT)
    assert CT.read_bytes() == before
    burned = tmp_path / "burned.dcm"
    burned.write_bytes(image_bytes(RAMP, BurnedInAnnotation="YES"))
    assert "mask" in refused(capsys, "deidentify", burned, tmp_path / "b.dcm")
    assert not (tmp_path / "b.dcm").exists()
    assert main(["deidentify", str(burned), str(tmp_path / "b.dcm"), "--mask", "0,0,4,4"]) == 0


def test_two_files_of_one_uid_in_a_folder_both_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One image in two compressions: neither copy replaces the other, and the count is that of the files."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for name, values in (("a", RAMP), ("b", RAMP[::-1])):
        (source / f"{name}.dcm").write_bytes(image_bytes(values, SOPInstanceUID="2.25.7"))
    assert main(["deidentify", str(source), str(out), "--inspected", "--once"]) == 0
    assert capsys.readouterr().out.startswith("2 written")
    copies = [pydicom.dcmread(path) for path in out.iterdir()]
    assert {copy.PixelData for copy in copies} == {RAMP.tobytes(), RAMP[::-1].tobytes()}
    assert copies[0].SOPInstanceUID == copies[1].SOPInstanceUID


FILES = sorted((DATA / "malformed").iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_damaged_files_end_with_0_or_3(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = hashlib.sha256(path.read_bytes()).digest()
    for words in (
        ["render", path, "--window", 100, 200, "--size", "64x64", "-o", tmp_path / "a.png"],
        ["measure", path, "0,0", "3,4", "--json"],
        ["info", path, "--json"],
        ["deidentify", path, tmp_path / "out.dcm"],
    ):
        status = main([str(word) for word in words])
        output = capsys.readouterr()
        assert status in (0, 3)
        assert (status == 3) == bool(output.err) or words[0] == "deidentify"
    assert hashlib.sha256(path.read_bytes()).digest() == before


def test_the_module_runs_without_the_rest_of_the_project(tmp_path: Path) -> None:
    """The folder viewer/ alone on the path, with neither app, sync, ui nor Qt."""
    (tmp_path / "viewer").symlink_to(ROOT / "viewer")
    code = (
        "import runpy, sys\n"
        "class Wall:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'app', 'sync', 'ui', 'PySide6', 'vtkmodules'}:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Wall())\n"
        "sys.argv = ['viewer', *sys.argv[1:]]\n"
        "runpy.run_module('viewer', run_name='__main__')\n"
    )
    for words in (["info", str(CT)], ["render", str(CT), "-o", str(tmp_path / "a.png")]):
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    done = subprocess.run(
        [sys.executable, "-m", "viewer", "info", str(ROOT / "README.md")], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (3, "This file is not a DICOM file.\n")
