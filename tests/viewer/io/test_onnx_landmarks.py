"""A network that a clinic brings: its description, its two forms of output, and what is said when it cannot run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from viewer.io.analysis_files import SUFFIX, AnalysisFiles
from viewer.io.onnx_landmarks import OnnxLandmarks, fitted
from viewer.model.cephalometry import ANALYSES
from viewer.model.cephalometry.automatic import AutomaticError
from viewer.model.spacing import Origin, PixelSize, Unit

SIZE = PixelSize(0.1, 0.1, Unit.MM, Origin.RULER)
IMAGE = np.zeros((400, 200))


def described(folder: Path, **changes: Any) -> Path:
    said = {
        "name": "Net 1",
        "licence": "own",
        "input": [100, 80],
        "landmarks": ["S", "N"],
        "output": "points",
        **changes,
    }
    (folder / "net.json").write_text(json.dumps(said))
    return folder / "net.onnx"


def finder(path: Path, out: NDArray[Any]) -> OnnxLandmarks:
    return OnnxLandmarks(path, lambda _path: lambda _tensor: out)


def test_points_come_back_in_pixels_of_the_image(tmp_path: Path) -> None:
    out = np.array([[[0.25, 0.5, 0.9], [0.5, 0.25, 0.01]]])
    model = finder(described(tmp_path), out)
    (found,) = model.find(IMAGE, SIZE)
    assert (found.landmark_id, found.confidence) == ("S", 0.9), "what the network is not sure of is not proposed"
    assert found.point == pytest.approx((0.25 * 80 / 0.25, 0.5 * 100 / 0.25))
    assert model.name == "Net 1 (own)"


def test_heatmaps_give_the_middle_of_their_brightest_cell(tmp_path: Path) -> None:
    heat = np.zeros((1, 2, 50, 40))
    heat[0, 0, 10, 20], heat[0, 1, 30, 5] = 0.8, 0.6
    found = finder(described(tmp_path, output="heatmaps"), heat).find(IMAGE, SIZE)
    assert [p.point for p in found] == [pytest.approx((41 / 0.25, 21 / 0.25)), pytest.approx((11 / 0.25, 61 / 0.25))]


def test_the_input_is_the_whole_image_from_0_to_1(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 4095, 200), (400, 1))
    tensor, scale = fitted(ramp, 100, 80)
    assert tensor.shape == (1, 1, 100, 80)
    assert scale == 0.25
    assert tensor[0, 0, :, 50:].max() == 0
    assert tensor.max() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("out", [np.zeros((1, 3, 2)), np.zeros((2, 2)), np.zeros((1, 2, 5))])
def test_an_output_of_another_shape_is_refused(tmp_path: Path, out: NDArray[Any]) -> None:
    with pytest.raises(AutomaticError):
        finder(described(tmp_path), out).find(IMAGE, SIZE)


@pytest.mark.parametrize("changes", [{"landmarks": ["XYZ"]}, {"landmarks": []}, {"input": [0, 5]}, {"output": "?"}])
def test_a_description_that_says_nothing_usable_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(AutomaticError, match=r"net\.json"):
        OnnxLandmarks(described(tmp_path, **changes))
    (tmp_path / "net.json").unlink()
    with pytest.raises(AutomaticError):
        OnnxLandmarks(tmp_path / "net.onnx")


def test_without_onnxruntime_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(AutomaticError, match="onnxruntime, which is not installed"):
        OnnxLandmarks(described(tmp_path)).find(IMAGE, SIZE)


def test_the_analyses_of_a_clinic_are_files_and_a_broken_one_is_passed_over(tmp_path: Path) -> None:
    files = AnalysisFiles(tmp_path / "new")
    assert files.analyses() == {}
    files.keep(ANALYSES["wits"])
    (tmp_path / "new" / f"broken{SUFFIX}").write_text("{")
    assert files.analyses() == {"wits": ANALYSES["wits"]}
    files.forget("wits")
    assert files.analyses() == {}
