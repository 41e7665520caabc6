"""The shipped schema steps make exactly the tables that the shipped records declare."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.text_checks import ROOT

CODE = "import new_schema_step as s; b = s.difference(); print(b)"


def test_steps_and_records_agree() -> None:
    """In a process of its own, since this one has loaded the tests' slice too."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'installers'}"}
    environment.pop("ARCHWIRE_SLICES", None)
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert [line for line in lines if line and not line.startswith("#")] == ["pass"], done.stdout
