"""Write requirements/*.txt, with the hash of every published file, from requirements/*.in.

Run it with pip-tools installed: ``python installers/lock.py [--upgrade]``. It keeps the versions that are already in
the lock unless ``--upgrade`` is given. Run it on Linux with the oldest Python that we support, whose extra backports
do no harm on newer ones.

pip-compile drops a line whose environment marker is false on the machine that compiles, so a lock made on Linux would
lack what Windows needs. We therefore compile without those markers and put them back on the locked lines.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
NAMES = ("runtime", "dev")
OPTIONS = (
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-emit-options",
    "--strip-extras",
    "--quiet",
)
PIP_NOTE = "# WARNING: The following packages were not pinned"  # pip itself, which comes with the environment
MARKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?P<pin>[^;#]*?)\s*;\s*(?P<marker>[^#]+?)\s*(?:#.*)?$")


def canonical(name: str) -> str:
    """Return a distribution's name in the one spelling that locks use."""
    return re.sub(r"[-_.]+", "-", name).lower()


def take_markers(text: str) -> tuple[str, dict[str, str]]:
    """Split the text of an .in file into the same text without markers, and {canonical name: marker}."""
    lines, markers = [], {}
    for line in text.splitlines():
        marked = None if line.startswith("#") else MARKED.match(line)
        if marked:
            markers[canonical(marked["name"])] = marked["marker"]
            lines.append(marked["name"] + marked["pin"])
        else:
            lines.append(line)
    return "\n".join(lines) + "\n", markers


def put_markers(lock: str, markers: dict[str, str]) -> str:
    """Return the lock with each marker on the line that pins its distribution.

    Raises ValueError when a distribution with a marker has no line in the lock.
    """
    for name, marker in markers.items():
        lock, found = re.subn(rf"^({re.escape(name)}==[^\s;]+) \\$", rf"\1 ; {marker} \\", lock, flags=re.MULTILINE)
        if found != 1:
            raise ValueError(f"{name} has {found} lines in the lock instead of one")
    return lock


def compile_all(upgrade: bool) -> None:
    """Compile in a scratch folder, so that the .in files keep their markers and comments name no machine's path."""
    environment = {**os.environ, "CUSTOM_COMPILE_COMMAND": "python installers/lock.py"}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "requirements"
        shutil.copytree(REQUIREMENTS, folder)
        for name in NAMES:
            text, markers = take_markers((folder / f"{name}.in").read_text(encoding="utf-8"))
            (folder / f"{name}.in").write_text(text, encoding="utf-8")
            command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, *(["--upgrade"] if upgrade else [])]
            command += ["--output-file", f"requirements/{name}.txt", f"requirements/{name}.in"]
            subprocess.run(command, cwd=scratch, env=environment, check=True)
            lock = (folder / f"{name}.txt").read_text(encoding="utf-8").partition(PIP_NOTE)[0].rstrip() + "\n"
            (REQUIREMENTS / f"{name}.txt").write_text(put_markers(lock, markers), encoding="utf-8")


if __name__ == "__main__":
    compile_all(upgrade="--upgrade" in sys.argv[1:])
