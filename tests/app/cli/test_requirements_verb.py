"""The list of requirements names all 145 lines, and says nothing that it cannot prove."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from app.cli.entry import main
from app.cli.requirements import MAY_BE_LATER, faults, requirements


def test_every_line_is_there_once_with_a_state_and_tests_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["requirements", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["count"], len({item["id"] for item in answer["requirements"]})) == (145, 145)
    assert sum(answer[state] for state in ("met", "later", "unmet")) == 145
    assert {item["id"] for item in answer["requirements"] if item["state"] == "later"} <= MAY_BE_LATER
    sections = Counter(item["section"] for item in answer["requirements"])
    assert len(sections) == 34


def test_a_claim_without_proof_is_named(tmp_path: Path) -> None:
    lines = [
        "id\tsection\trequirement\tstate\ttests",
        "1.1\tA\tproved\tmet\ttests/test_x.py::test_it",
        "1.2\tA\tgone\tmet\ttests/test_x.py::test_gone",
        "1.3\tA\tno test\tmet\t",
        "1.4\tA\tput off\tlater\t",
        "27.2\tA\tput off\tlater\t",
        "1.5\tA\tnot there\tunmet\t",
        "1.6\tA\tno file\tunmet\ttests/test_y.py::test_it",
    ]
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text("def test_it():\n    pass\n", encoding="utf-8")
    file = tmp_path / "list.tsv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert faults(requirements(file, tmp_path)) == ["1.2", "1.3", "1.4", "1.6"]
