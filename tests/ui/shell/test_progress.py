"""Long work: told from any thread, paused, stopped, and how long it still takes."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from ui.shell.progress import ProgressCentre, time_left
from ui.shell.progress_list import ProgressChip, WorkRow


class Clockwork:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clockwork:
    return Clockwork()


@pytest.fixture
def centre(qapp: QApplication, clock: Clockwork) -> Iterator[ProgressCentre]:
    made = ProgressCentre(clock=clock)
    yield made
    made.deleteLater()


def nothing() -> None:
    """A work that only looks at its handle."""


def nothing_paused(_paused: bool) -> None:
    """The same."""


def test_amount_and_time_left(centre: ProgressCentre, clock: Clockwork) -> None:
    work = centre.start("Import", total=240)
    assert work.standing().words() == "0%"
    work.advance(60)
    clock.now = 60.0
    assert work.standing().words() == "25% · about 3 min left"
    work.advance(179)
    assert work.standing().words() == "100% · less than a minute left"
    assert time_left(61) == "about 2 min left"


def test_without_a_total_only_what_is_done(centre: ProgressCentre, clock: Clockwork) -> None:
    work = centre.start("Scrub")
    assert work.standing().words() == "Under way"
    work.advance(3)
    clock.now = 10.0
    assert work.standing().words() == "3 steps done"
    work.set_total(6)
    assert work.standing().fraction == 0.5


def test_a_pause_does_not_count_as_work(centre: ProgressCentre, clock: Clockwork) -> None:
    asked: list[bool] = []
    work = centre.start("Import", total=4, pause=asked.append)
    work.advance(2)
    clock.now = 10.0
    work.set_paused(True)
    clock.now = 1000.0
    assert work.standing().words() == "50% · paused"
    work.set_paused(False)
    assert work.standing().seconds_left == 10.0
    assert asked == [True, False]


def test_threads_advance_it_and_the_main_thread_is_told_once_a_turn(centre: ProgressCentre) -> None:
    told: list[threading.Thread] = []
    ended: list[str] = []
    centre.changed.connect(lambda: told.append(threading.current_thread()))
    centre.finished.connect(ended.append)
    work = centre.start("Import", total=4000)

    def run() -> None:
        for _step in range(1000):
            work.advance()

    threads = [threading.Thread(target=run) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work.finish("4000 images imported")
    for _turn in range(5):
        QCoreApplication.processEvents()
    assert work.standing().done == 4000
    assert set(told) == {threading.main_thread()}
    assert len(told) < 10
    assert ended == ["4000 images imported"]
    assert centre.works() == []


def test_a_work_that_is_stopped_wakes_and_says_nothing(centre: ProgressCentre) -> None:
    ended: list[str] = []
    centre.finished.connect(ended.append)
    work = centre.start("Import", total=4, cancel=nothing, pause=nothing_paused)
    work.set_paused(True)
    woke = threading.Event()

    def run() -> None:
        work.wait_while_paused()
        if work.cancelled:
            woke.set()
        work.finish()

    thread = threading.Thread(target=run)
    thread.start()
    work.cancel()
    thread.join(5)
    QCoreApplication.processEvents()
    assert woke.is_set()
    assert ended == []


def test_a_failure_reaches_the_presenter(centre: ProgressCentre) -> None:
    failed: list[tuple[object, str]] = []
    centre.failed.connect(lambda error, title: failed.append((error, title)))
    fault = OSError("disk")
    with pytest.raises(OSError, match="disk"), centre.start("Export"):
        raise fault
    QCoreApplication.processEvents()
    assert failed == [(fault, "Export")]


def test_the_chip_shows_while_something_goes_on(centre: ProgressCentre) -> None:
    chip = ProgressChip(centre)
    assert chip.isHidden()
    one = centre.start("Import", total=4)
    chip.refresh()
    assert not chip.isHidden()
    assert chip.text() == "Import · 0%"
    other = centre.start("Export")
    chip.refresh()
    assert chip.text() == "2 works in progress"
    one.finish()
    other.finish()
    chip.refresh()
    assert chip.isHidden()
    chip.deleteLater()


def test_a_row_offers_only_what_the_work_can(centre: ProgressCentre) -> None:
    bare, full = WorkRow(centre.start("Scrub")), WorkRow(centre.start("Import", 4, nothing, nothing_paused))
    assert bare._pause.isHidden()
    assert bare._stop.isHidden()
    full._pause.click()
    assert full.work.paused
    assert full._pause.accessibleName() == "Resume “Import”"
    full._stop.click()
    assert full.work.cancelled
    assert not full._stop.isEnabled()
    for row in (bare, full):
        row.deleteLater()
