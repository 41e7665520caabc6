"""The bench is typed: every planted mistake is reported, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from mypy import api

HERE = Path(__file__).parent


def test_mypy_reports_exactly_the_planted_mistakes(tmp_path: Path) -> None:
    planted = HERE / "planted.py"
    wanted = {n for n, line in enumerate(planted.read_text().splitlines(), 1) if re.search(r"# [1-7]: ", line)}
    report, _err, _code = api.run(
        ["--strict", "--follow-imports=silent", "--cache-dir", str(tmp_path), "--explicit-package-bases", str(planted)]
    )
    found = {int(number) for number in re.findall(r"planted\.py:(\d+): error", report)}
    assert found == wanted, report
    assert len(wanted) == 7
