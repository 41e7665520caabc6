"""The small day of the desk with names that are long and accented, as a maker of documents sees it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.access.authority import StaffAuthority
from app.core.clock import Clock
from app.core.i18n import set_language
from app.journal.workplace import Workplace, open_workplace
from app.patients.commands import add_contact, change_patient, raise_alert
from app.patients.queries import AlertKind, AlertSeverity, ContactKind, HolderId, family_of
from app.scheduling.commands import book_appointment, check_in_patient, seat_patient
from app.scheduling.queries import DayRow, day_list
from tests.app.clinic_world import local
from tests.conftest import NOW
from tests.ui.scheduling.conftest import Desk, fill, staff_folder
from ui.printing import visit_words
from ui.printing.orders import Sources
from ui.shell.bootstrap import end_workers, make_window
from ui.shell.offscreen import enter, settle
from ui.shell.window import Window
from ui.theme.style import theme

LONG = ("de la Bruère-Saint-Germain-Desrochers", "Marie-Françoise-Élisabeth")


def furnish(workplace: Workplace) -> Desk:
    """The day, with an address, alerts of every severity, somebody in the chair and somebody who waits."""
    runner = workplace.runner
    boss = runner.actor("claire")
    desk = fill(runner, boss)
    olivia, nathan = desk.patients[:2]
    runner.run(boss, change_patient, nathan, family_name=LONG[0], given_name=LONG[1])
    mother = runner.ask(boss, family_of, olivia).persons[0].person_id
    runner.run(
        boss, add_contact, HolderId(mother), ContactKind.ADDRESS, "12, rue de l’Église, app. 4", city="Montréal",
        province="QC", postal_code="H2X 1Y4",
    )  # fmt: skip
    for kind, text, severity in (
        (AlertKind.MEDICAL, "Souffle au cœur, antibiotique avant les bagues " * 4, AlertSeverity.WARNING),
        (AlertKind.FINANCIAL, "Deux versements en retard", AlertSeverity.NOTE),
        (AlertKind.LEGAL, "Garde partagée", AlertSeverity.NOTE),
    ):
        runner.run(boss, raise_alert, olivia, kind, text.strip(), severity)
    runner.run(boss, book_appointment, olivia, "ADJ", desk.chairs[0], local(2026, 12, 15, 9), None, desk.hands[0])
    runner.run(boss, book_appointment, olivia, "ADJ", desk.chairs[0], local(2026, 11, 25, 9), None, desk.hands[0])
    runner.run(boss, check_in_patient, desk.visits[0])
    runner.run(boss, seat_patient, desk.visits[0], desk.chairs[0])
    runner.run(boss, check_in_patient, desk.visits[1])
    return desk


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Desk]:
    """The folder, made once; copy it."""
    folder = tmp_path_factory.mktemp("paper") / "data"
    staff_folder(folder)
    with open_workplace(folder, clock=Clock.fixed(NOW), authority=StaffAuthority()) as workplace:
        desk = furnish(workplace)
    return folder, desk


@pytest.fixture
def desk(furnished: tuple[Path, Desk]) -> Desk:
    """The ids of the day."""
    return furnished[1]


@pytest.fixture
def workplace(qapp: QApplication, furnished: tuple[Path, Desk], tmp_path: Path) -> Iterator[Workplace]:
    """A copy of the folder, open."""
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    set_language("fr")
    shutil.copytree(furnished[0], tmp_path / "data")
    with open_workplace(tmp_path / "data", clock=Clock.fixed(NOW), authority=StaffAuthority()) as opened:
        yield opened


@pytest.fixture
def sources(workplace: Workplace) -> Sources:
    """What the manager may ask."""
    return Sources(workplace.runner, workplace.runner.actor("claire"))


@pytest.fixture
def crowd(sources: Sources, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let every day have as many visits as asked for: the rows of the real day again and again."""
    rows = sources.ask(day_list, desk.clinic, NOW.date()).rows

    def fill_up(count: int) -> None:
        def many(*_args: object, **_more: object) -> tuple[DayRow, ...]:
            return tuple(replace(rows[at % len(rows)]) for at in range(count))

        for module in ("day_sheets", "paper_day", "evacuation"):
            monkeypatch.setattr(f"ui.printing.{module}.day_rows", many)
        assert visit_words.PAGE >= 500

    return fill_up


@pytest.fixture
def window(qapp: QApplication, furnished: tuple[Path, Desk], tmp_path: Path) -> Iterator[Window]:
    """A window on a copy, the manager signed in."""
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    before = set(threading.enumerate())
    shutil.copytree(furnished[0], tmp_path / "data")
    with open_workplace(tmp_path / "data", clock=Clock.fixed(NOW), authority=StaffAuthority()) as opened:
        made = make_window(opened)
        made.resize(1440, 900)
        made.show()
        settle(made)
        enter(made, "claire")
        yield made
        made.close()
        made.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        end_workers()
    assert set(threading.enumerate()) <= before, "a thread outlives its window"
