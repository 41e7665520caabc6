"""`bench`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Call

MEASURE = """
def main(arguments):
    if "--json" in arguments:
        print('{"given": %d}' % len(arguments))
    else:
        print("given", *arguments)
    return 3 if "fail" in arguments else 0
"""


@pytest.fixture(autouse=True)
def benchmarks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two measurements, and a file that is none."""
    place = tmp_path / "benchmarks"
    place.mkdir()
    (place / "search_names.py").write_text(MEASURE)
    (place / "wordy.py").write_text("def main(arguments):\n    print('slow')\n    print('fast')\n")
    (place / "_shared.py").write_text("")
    monkeypatch.setattr("app.cli.bench.FOLDER", place)
    return place


def test_measurements_are_listed(call: Call) -> None:
    assert call("bench", "--list", "--json").json == ["search_names", "wordy"]
    assert call("bench", "--list").out == "search_names\nwordy\n"


def test_one_measurement_runs_with_its_own_arguments(call: Call, tmp_path: Path) -> None:
    assert call("bench", "search-names", "--rows", "5", "--data", tmp_path).out == "given --rows 5\n"
    answer = call("bench", "search_names", "fail", "--json")
    assert answer.code == 3
    assert answer.json == [{"name": "search_names", "exit": 3, "output": {"given": 2}}]


def test_without_a_name_all_run(call: Call) -> None:
    assert call("bench").out == "given\nslow\nfast\n"
    outputs = [item["output"] for item in call("bench", "--json").json]
    assert outputs == [{"given": 1}, ["slow", "fast"]]


def test_an_unknown_measurement(call: Call) -> None:
    assert call("bench", "teeth").code == 5
