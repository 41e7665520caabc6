"""What a start imports, and what needs no window."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.cli import entry
from app.core.database import Database
from app.core.keys import read_key
from app.journal.jobs import take_lease
from app.journal.workplace import open_workplace
from ui.shell import bootstrap, verbs
from ui.shell.screens import ScreenSpec, discover

ROOT = Path(__file__).resolve().parents[3]
HEAVY = (
    "vtk", "vtkmodules", "scipy", "boto3", "pynetdicom", "pyqtgraph", "pydicom", "numpy", "apscheduler", "keyring",
    "alembic", "imagecodecs",
)  # fmt: skip
START = """
import json, sys
from pathlib import Path
from ui.shell.bootstrap import open_window
with open_window(Path(sys.argv[1]), language="fr") as (window, workplace):
    window.show()
    window.grab()
    loaded = [name for name in {heavy!r} if name in sys.modules]
print(json.dumps(loaded))
"""


def run(*arguments: str, code: str = "") -> str:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "ARCHWIRE_KEYRING": "off", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *(["-c", code] if code else ["main.py"]), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_heavy_is_imported_before_the_first_paint(demonstration: Path, tmp_path: Path) -> None:
    shutil.copytree(demonstration, tmp_path / "data")
    assert json.loads(run(str(tmp_path / "data"), code=START.format(heavy=HEAVY))) == []


def test_screens_are_read_ahead_in_a_thread_that_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "READ_AHEAD_AFTER_SECONDS", 0.0)
    loaded: list[str] = []
    monkeypatch.setattr(
        ScreenSpec, "load", lambda spec: loaded.append(f"{threading.current_thread().name}:{spec.name}")
    )
    with bootstrap.screens_read_ahead() as thread:
        thread.join()
    assert loaded == [f"screens:{spec.name}" for spec in discover()]
    assert not thread.is_alive()


def test_screens_are_listed_without_qt() -> None:
    listed = json.loads(run("screens", "--json"))
    assert {"patients", "patient", "patient_form", "journal", "settings"} <= {item["name"] for item in listed}
    code = (
        "import sys, ui.shell.verbs; from ui.shell.screens import discover; discover(); print('PySide6' in sys.modules)"
    )
    assert run(code=code).strip() == "False"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("verb", [verb.name for verb in verbs.VERBS])
def test_every_verb_of_the_window_explains_itself(verb: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main([verb, "--help", "--lang", language], ("ui.shell.verbs",)) == 0
    assert f"main.py {verb} " in capsys.readouterr().out


def test_a_slice_from_outside_brings_its_screens(tmp_path: Path, monkeypatch) -> None:
    package = tmp_path / "outside_slice"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from ui.shell.screens import ScreenSpec\n"
        "SCREENS = (ScreenSpec('outside', 'Outside', 'cube', 'outside_slice.view:OutsideView'),)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("ARCHWIRE_SLICES", "outside_slice")
    from ui.shell.screens import discover

    assert "outside" in {spec.name for spec in discover()}


class FakeApplication:
    """Stands where the event loop would run, and looks at the folder meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.held = folder, False

    def exec(self) -> int:
        database = Database(self.folder / "workstation.db", read_key(self.folder))
        end = time.monotonic() + 20
        while not self.held and time.monotonic() < end:
            with contextlib.closing(database.raw(read_only=True)) as run:
                self.held = run.execute("SELECT count(*) FROM job_lease WHERE until_at > 0").fetchone()[0] == 1
            time.sleep(0.01)
        database.close()
        return 0


def test_the_workstation_runs_the_jobs_while_its_window_is_open(
    qapp: QApplication, demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(demonstration, folder)
    looking = FakeApplication(folder)
    monkeypatch.setattr(bootstrap, "application", lambda: looking)
    monkeypatch.setattr(bootstrap, "JOBS_AFTER_SECONDS", 0.0)
    assert verbs._show(folder, "en") == 0
    assert looking.held
    with open_workplace(folder) as workplace:
        assert take_lease(workplace.runner, "next"), "given back when the window closed"
