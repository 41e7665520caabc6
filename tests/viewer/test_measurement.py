"""The measurement of the viewer runs on any file and names every figure."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.viewer.conftest import DATA

BENCH = Path(__file__).parents[1] / "benchmarks" / "viewer.py"


def test_every_figure_is_measured(qapp: QApplication, capsys: pytest.CaptureFixture[str]) -> None:
    main = runpy.run_path(str(BENCH), run_name="benchmarks.viewer")["main"]
    name = DATA / "pydicom" / "MR_small_jp2klossless.dcm"
    assert main(["--file", str(name), "--size", "200x150", "--steps", "3", "--json", "--without-peers"]) == 0
    measures = {measure["name"]: measure for measure in json.loads(capsys.readouterr().out)["measures"]}
    original = measures["the original painted, from the store"]
    assert original["target"] == 700
    assert original["figure"] > 0
    assert {"first pixels, from the store with its preview", "the next image, read ahead, p95"} <= set(measures)
    for gesture in ("window fitted", "pan at 75 %", "window at 100 %", "pan at 300 %"):
        assert {f"{gesture}, median of 3", f"{gesture}, p95", f"{gesture}, processor time, p95"} <= set(measures)
