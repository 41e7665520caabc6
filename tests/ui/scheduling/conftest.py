"""A demonstration with one clinic and three visits of known people, at nine o’clock; no thread outlives a test."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.access.authority import StaffAuthority
from app.core.clock import Clock
from app.core.ids import ClinicId, PatientId, StaffId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.settings_store import change_setting
from app.journal.workplace import open_workplace
from app.patients.commands import add_contact, add_person, create_patient, link_person, raise_alert
from app.patients.queries import AlertKind, AlertSeverity, ContactKind, HolderId, Relation
from app.practice.commands import add_clinic, add_operatory, add_provider, repeat_shift
from app.practice.vocabulary import OperatoryId, ProviderId, ProviderKind, Weekday
from app.scheduling.commands import add_short_notice, book_appointment, seed_appointment_types, seed_reasons
from app.scheduling.vocabulary import AppointmentId
from tests.app.clinic_world import local
from tests.conftest import NOW
from ui.shell.bootstrap import end_workers, make_window
from ui.shell.offscreen import enter, settle
from ui.shell.preferences import LANGUAGE
from ui.shell.window import Window
from ui.theme.style import theme

WORKDAYS = list(Weekday)[:5]


@dataclass
class Desk:
    """What the tests know of the day."""

    clinic: ClinicId
    chairs: list[OperatoryId]
    doctor: ProviderId
    hands: list[ProviderId]
    patients: list[PatientId]
    visits: list[AppointmentId]


def staff_folder(folder: Path) -> None:
    """Manager and receptionist of the demonstration, without its practice: this day is the tests' own."""
    from app.cli.demo import _make_staff

    with open_workplace(
        folder, create=True, kind="demo", clock=Clock.fixed(NOW), authority=StaffAuthority()
    ) as workplace:
        manager, _people = _make_staff(workplace)
        workplace.runner.run(manager, change_setting, LANGUAGE.name, "en")


def fill(runner: Runner, boss: Actor) -> Desk:
    """One clinic, two chairs, one doctor, two assistants, four patients, three visits."""

    def run(command: Any, *args: Any, **more: Any) -> Any:
        return runner.run(boss, command, *args, **more)

    clinic = run(add_clinic, "Clinique Test")
    chairs = [run(add_operatory, clinic, f"Fauteuil {number}") for number in (1, 2)]
    doctor = run(add_provider, StaffId("d"), "Dre Gagnon", ProviderKind.DOCTOR)
    hands = [run(add_provider, StaffId(f"h{name}"), name, ProviderKind.ASSISTANT) for name in ("Karim", "Sophie")]
    for who in (doctor, *hands):
        run(repeat_shift, who, clinic, NOW.date(), local(2027, 2, 26).date(), WORKDAYS, "8:00", "17:00")
    run(seed_appointment_types)
    run(seed_reasons)
    names = (("Lavoie", "Olivia"), ("Girard", "Nathan"), ("Bergeron", "Florence"), ("Lavoie", "Hugo"))
    patients = [run(create_patient, family, given) for family, given in names]
    mother = run(add_person, "Lavoie", "Anne")
    run(add_contact, HolderId(mother), ContactKind.MOBILE, "514 555-0142", preferred=True)
    for child in (patients[0], patients[3]):
        run(link_person, child, mother, Relation.MOTHER)
    run(raise_alert, patients[0], AlertKind.ALLERGY, "Latex", AlertSeverity.CRITICAL)
    visits = [
        run(
            book_appointment, patients[place], code, chairs[place % 2], local(2026, 11, 24, *at), None, hands[place % 2]
        )
        for place, code, at in ((0, "ADJ", (9, 30)), (1, "ALN", (10, 0)), (2, "RPR", (11, 0)))
    ]
    later = run(book_appointment, patients[3], "ADJ", chairs[0], local(2026, 12, 2, 10), None, hands[0])
    run(add_short_notice, patients[3], later)
    return Desk(clinic, chairs, doctor, hands, patients, visits)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Desk]:
    """The folder, made once; copy it."""
    folder = tmp_path_factory.mktemp("desk") / "data"
    staff_folder(folder)
    with open_workplace(folder, clock=Clock.fixed(NOW), authority=StaffAuthority()) as workplace:
        desk = fill(workplace.runner, workplace.runner.actor("claire"))
    return folder, desk


@pytest.fixture
def desk(prepared: tuple[Path, Desk]) -> Desk:
    """The ids of the day."""
    return prepared[1]


@pytest.fixture
def gate(qapp: QApplication, prepared: tuple[Path, Desk], tmp_path: Path) -> Iterator[Window]:
    """A window on a copy, at the gate."""
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    before = set(threading.enumerate())
    shutil.copytree(prepared[0], tmp_path / "data")
    with open_workplace(tmp_path / "data", clock=Clock.fixed(NOW), authority=StaffAuthority()) as workplace:
        window = make_window(workplace)
        window.resize(1440, 900)
        window.show()
        settle(window)
        yield window
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        end_workers()
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    assert set(threading.enumerate()) <= before, "a thread outlives its window"


@pytest.fixture
def window(gate: Window) -> Window:
    """The manager is signed in."""
    enter(gate, "claire")
    gate.resize(1440, 900)
    settle(gate)
    return gate
