"""Pausing, going on and cancelling an import, from another thread."""

from __future__ import annotations

import threading
from pathlib import Path

from app.imaging.commands import ImportControl, ImportState
from app.imaging.importing import ImportReport, import_paths
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import Workplace
from tests.app.imaging import samples

WAIT = 60
FILES = 24


def rows(workplace: Workplace) -> int:
    """How many images have their rows."""
    with workplace.runner.read(SYSTEM) as read:
        return int(read.sql("SELECT count(*) FROM instance")[0][0])


class Paused:
    """An import that pauses itself after some files, and what it says when it has come to rest."""

    def __init__(self, workplace: Workplace, boss: Actor, folder: Path) -> None:
        for number in range(FILES):
            samples.dicom_file(folder / f"{number:02}.dcm", f"1.2.3.{number}", shade=number)
        self.control, self.told, self.resting = ImportControl(), 0, threading.Event()
        self.report: ImportReport | None = None
        waits = self.control.wait

        def rest() -> None:
            self.resting.set()
            waits()

        self.control.wait = rest
        self.thread = threading.Thread(target=self._run, args=(workplace, boss, folder))
        self.thread.start()

    def _run(self, workplace: Workplace, boss: Actor, folder: Path) -> None:
        def tell(done: int, total: int, name: str) -> None:
            self.told += 1
            if self.told == 5:
                self.control.pause()

        self.report = import_paths(workplace.runner, boss, [folder], tell, control=self.control)


def test_a_paused_import_rests_with_every_row_written_and_goes_on(
    workplace: Workplace, boss: Actor, given: Path
) -> None:
    running = Paused(workplace, boss, given)
    assert running.resting.wait(WAIT)
    assert running.control.state is ImportState.PAUSED
    assert rows(workplace) == running.told < FILES, "nothing that was read waits for its row"
    assert workplace.verify().sound
    running.control.resume()
    running.thread.join(WAIT)
    assert running.report is not None
    assert (running.report.imported, running.report.cancelled) == (FILES, False)


def test_a_paused_import_can_be_cancelled_and_does_not_go_on(workplace: Workplace, boss: Actor, given: Path) -> None:
    running = Paused(workplace, boss, given)
    assert running.resting.wait(WAIT)
    running.control.cancel()
    running.control.pause()
    assert running.control.state is ImportState.CANCELLED
    running.thread.join(WAIT)
    assert running.report is not None
    assert running.report.cancelled
    assert rows(workplace) == running.report.imported == running.told < FILES
    assert import_paths(workplace.runner, boss, [given]).already == running.told


def test_an_import_that_is_cancelled_before_it_begins_reads_nothing(
    workplace: Workplace, boss: Actor, given: Path
) -> None:
    samples.dicom_file(given / "a.dcm", "1.1")
    control = ImportControl()
    control.cancel()
    report = import_paths(workplace.runner, boss, [given], control=control)
    assert (report.imported, report.cancelled) == (0, True)
