"""The schedule on paper: once an evening, for the next open day, also when the workstation was off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from app.core.errors import RuleViolation, Unreachable
from app.journal.jobs import JOBS, JobContext
from app.journal.queries import SYSTEM
from app.journal.settings_store import change_setting
from app.journal.workplace import Workplace
from app.practice.commands import add_closure
from app.practice.settings import (
    PAPER_MODE,
    PAPER_MODE_DAYS,
    PAPER_MODE_DONE,
    PAPER_MODE_FOLDER,
    PAPER_MODE_PRINTER,
)
from tests.app.clinic_world import local
from tests.ui.scheduling.conftest import Desk
from ui.printing.paper_mode import evening_due, make_evening, remove_old, safe_folder
from ui.shell.bootstrap import load_jobs


@pytest.fixture
def at(workplace: Workplace) -> Callable[[datetime], None]:
    """Let it be another moment."""

    def move(moment: datetime) -> None:
        workplace.clock.source = lambda: moment

    return move


@pytest.fixture
def place(workplace: Workplace, tmp_path: Path) -> Path:
    """Paper mode is on and writes here."""
    folder = tmp_path / "paper"
    turn = [(PAPER_MODE.name, "true"), (PAPER_MODE_FOLDER.name, str(folder))]
    for name, value in turn:
        workplace.runner.run(SYSTEM, change_setting, name, value)
    return folder


def test_it_is_due_in_the_evening_and_the_next_morning(
    workplace: Workplace, place: Path, at: Callable[[datetime], None]
) -> None:
    runner = workplace.runner
    runner.run(SYSTEM, change_setting, PAPER_MODE_DONE.name, "2026-11-23")
    at(local(2026, 11, 24, 17, 59))
    assert evening_due(runner) is None
    at(local(2026, 11, 24, 18))
    assert evening_due(runner) == date(2026, 11, 24)
    at(local(2026, 11, 25, 7))  # it was off in the evening
    assert evening_due(runner) == date(2026, 11, 24)
    runner.run(SYSTEM, change_setting, PAPER_MODE.name, "false")
    assert evening_due(runner) is None


def test_the_next_open_day_is_written_once(
    workplace: Workplace, desk: Desk, place: Path, at: Callable[[datetime], None]
) -> None:
    runner = workplace.runner
    boss = runner.actor("claire")
    runner.run(boss, add_closure, date(2026, 11, 25), "Formation")
    at(local(2026, 11, 24, 18, 3))
    load_jobs()
    JOBS["schedule_on_paper"].function(JobContext(runner, "schedule_on_paper"))
    assert [file.name for file in place.iterdir()] == ["archwire-schedule-2026-11-26.pdf"]
    assert evening_due(runner) is None
    JOBS["schedule_on_paper"].function(JobContext(runner, "schedule_on_paper"))
    assert len(list(place.iterdir())) == 1


def test_several_days_are_logged_for_their_patients(
    workplace: Workplace, desk: Desk, place: Path, at: Callable[[datetime], None]
) -> None:
    runner = workplace.runner
    at(local(2026, 11, 24, 18))
    runner.run(SYSTEM, change_setting, PAPER_MODE_DAYS.name, "2")
    made = make_evening(runner, date(2026, 11, 24))
    assert [file.name for file in made.files] == ["archwire-schedule-2026-11-25.pdf"]
    runner.flush()
    with runner.read(SYSTEM) as read:
        rows = read.sql("SELECT subject FROM access_log WHERE kind = 'print' AND detail = 'paper_mode'")
    assert [row[0] for row in rows] == [desk.patients[0]]


def test_old_files_of_ours_go_and_nothing_else(workplace: Workplace, place: Path) -> None:
    place.mkdir()
    for name in ("archwire-schedule-2026-11-10.pdf", "archwire-schedule-2026-11-20.pdf", "taxes-2020-01-01.pdf"):
        (place / name).write_bytes(b"%PDF")
    gone = remove_old(place, date(2026, 11, 17))
    assert [file.name for file in gone] == ["archwire-schedule-2026-11-10.pdf"]
    assert len(list(place.iterdir())) == 2


def test_a_folder_in_the_data_folder_is_refused(workplace: Workplace, tmp_path: Path) -> None:
    for chosen in (str(workplace.folder), str(workplace.folder / "sealed" / "x"), "paper"):
        with pytest.raises(RuleViolation):
            safe_folder(chosen, workplace.folder)
    assert safe_folder(str(tmp_path / "other"), workplace.folder) == (tmp_path / "other").resolve()


def test_what_could_not_be_printed_is_tried_again(
    workplace: Workplace, place: Path, at: Callable[[datetime], None]
) -> None:
    at(local(2026, 11, 24, 18))
    workplace.runner.run(SYSTEM, change_setting, PAPER_MODE_PRINTER.name, "There is no such printer")
    with pytest.raises(Unreachable):
        make_evening(workplace.runner, date(2026, 11, 24))
    assert evening_due(workplace.runner) == date(2026, 11, 24)
    assert len(list(place.iterdir())) == 1, "the file is there all the same"
