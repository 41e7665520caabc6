"""The measurement of the journal runs on a small folder and answers with a document; no figure is tested."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_measurement_runs_twice_on_one_folder(tmp_path: Path) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_text("roy\n\n555\n", encoding="utf-8")
    sizes = ["--patients", "300", "--commands", "20", "--operations", "200"]
    script = str(ROOT / "tests" / "benchmarks" / "core.py")
    arguments = [
        sys.executable,
        script,
        *sizes,
        "--folder",
        str(tmp_path / "data"),
        "--queries",
        str(queries),
        "--json",
    ]
    changes: list[float] = []
    for _run in (1, 2):
        done = subprocess.run(
            arguments, env={**os.environ, "ARCHWIRE_SLICES": ""}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        measures = {item["name"]: item for item in json.loads(done.stdout)["measures"]}
        assert measures["operations verified"]["figure"] > 200
        changes.append(measures["changes verified there"]["figure"])
        assert measures["command, click to committed, p50"]["target"] == 2.0
        assert len(measures["command, click to committed, p50"]["repeats"]) == 5
    assert changes[1] - changes[0] == 40, "the second run adds its own commands and builds nothing"
