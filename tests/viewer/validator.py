"""The tools of others that judge our files: Debian packages dcmtk and dicom3tools.

Tests that use them run with `make soak` only, and fail where they are not installed.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def tool(name: str) -> str:
    """The program of that name."""
    found = shutil.which(name)
    assert found, f"{name} is not installed; this comparison needs it"
    return found


def faults(path: Path) -> list[str]:
    """The lines in which dciodvfy says that the file is no valid object of its kind."""
    done = subprocess.run([tool("dciodvfy"), str(path)], capture_output=True, text=True, errors="replace", check=False)
    return [line for line in (done.stdout + done.stderr).splitlines() if "Error" in line]
