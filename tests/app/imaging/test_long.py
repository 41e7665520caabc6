"""What takes minutes: two thousand damaged files, and an import that is killed at many moments. `make soak` runs it."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.core.clock import Clock
from app.imaging import workers
from app.imaging.importing import import_paths
from app.imaging.indexing import Outcome
from app.imaging.sweeping import named_files
from app.imaging.vocabulary import Reason
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import Workplace, open_workplace
from tests.app.imaging import samples
from tests.app.imaging.mutants import mutants
from tests.app.imaging.test_kill import PROGRAM, ROOT
from tests.app.imaging.test_mutants import FILES
from tests.app.imaging.test_showing import Take

pytestmark = pytest.mark.soak
MUTANTS, KILLS, FILES_TO_IMPORT = 2000, 20, 60
MOST_KILOBYTES = 1 << 20
"""Resident memory that no process of ours may reach: 1 GB."""


def test_two_thousand_mutants(workplace: Workplace, take: Take, given: Path) -> None:
    for name, data in mutants(FILES, MUTANTS, seed=3):
        (given / name).write_bytes(data)
    report = take(given)
    assert sum(item.outcome is not Outcome.MISSING for item in report.files) == report.total >= MUTANTS
    assert not [item.name for item in report.files if item.reason in {Reason.DECODER_FAILED, Reason.TOO_LONG}]
    assert all(item.sentence for item in report.files if item.outcome is Outcome.REFUSED)
    assert workplace.verify().sound
    workers.close()
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    assert max(peaks) < MOST_KILOBYTES


def test_killed_at_any_moment(tmp_path: Path, clock: Clock, boss: Actor, given: Path) -> None:
    for number in range(FILES_TO_IMPORT):
        samples.dicom_file(given / f"{number:02}.dcm", f"1.2.3.{number}", shade=number % 250)
    folder, program = tmp_path / "data", tmp_path / "run_import.py"
    open_workplace(folder, create=True, kind="test", clock=clock).close()
    program.write_text(PROGRAM)
    dice = random.Random(7)
    for _time in range(KILLS):
        running = subprocess.Popen(
            [sys.executable, str(program), str(folder), str(given)],
            stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        time.sleep(dice.uniform(0.3, 6))
        running.kill()
        running.wait()
        with open_workplace(folder, clock=clock) as place:
            assert place.verify().sound
            with place.runner.read(SYSTEM) as read:
                assert named_files(read) <= set(place.files.names())
    with open_workplace(folder, clock=clock) as place:
        report = import_paths(place.runner, boss, [given])
        assert report.already + report.imported == FILES_TO_IMPORT
        assert place.verify().sound
