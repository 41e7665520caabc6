"""The program is killed in the middle of an import: nothing is half-written, and the import can be run again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from app.core.clock import Clock
from app.imaging.importing import import_paths
from app.imaging.sweeping import named_files
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import open_workplace
from tests.app.imaging import samples

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from pathlib import Path
from app.imaging import importing
from app.journal.queries import Actor
from app.journal.workplace import open_workplace

def tell(done, total, name):
    print(done, flush=True)

if __name__ == "__main__":
    importing.BATCH = 4
    with open_workplace(Path(sys.argv[1])) as place:
        importing.import_paths(place.runner, Actor("boss", "B", everything=True), [Path(sys.argv[2])], tell)
"""


def test_a_killed_import_leaves_everything_sound(tmp_path: Path, clock: Clock, boss: Actor, given: Path) -> None:
    for number in range(30):
        samples.dicom_file(given / f"{number:02}.dcm", f"1.2.3.{number}", shade=number)
    folder = tmp_path / "data"
    open_workplace(folder, create=True, kind="test", clock=clock).close()
    program = tmp_path / "run_import.py"
    program.write_text(PROGRAM)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        [sys.executable, str(program), str(folder), str(given)], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert running.stdout is not None
    for line in running.stdout:
        if int(line) >= 10:
            break
    running.kill()  # SIGKILL, or TerminateProcess on Windows
    running.wait()
    running.stdout.close()
    with open_workplace(folder, clock=clock) as place:
        assert place.verify().sound
        with place.runner.read(SYSTEM) as read:
            before = read.sql("SELECT count(*) FROM instance")[0][0]
            assert named_files(read) <= set(place.files.names())
        assert 4 <= before < 30
        report = import_paths(place.runner, boss, [given])
        assert (report.already, report.imported) == (before, 30 - before)
        assert place.verify().sound
