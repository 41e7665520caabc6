"""A window on a small practice with staff, for the screens of the set-up: filled once, copied for each test."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.access.authority import StaffAuthority
from app.access.commands import create_first_administrator, create_staff
from app.core.clock import Clock
from app.core.permissions import Role
from app.core.secret import Secret
from app.journal.queries import NOBODY, Actor
from app.journal.settings_store import change_setting
from app.journal.workplace import open_workplace
from tests.app.clinic_world import build
from tests.conftest import NOW
from ui.shell.bootstrap import make_window
from ui.shell.offscreen import settle
from ui.shell.preferences import LANGUAGE
from ui.shell.window import Window
from ui.theme.style import theme

PASSWORD = "le lilas fleurit en mai"
BOSS = Actor("boss", "Claire Brunet", everything=True)


@pytest.fixture(scope="session")
def practice_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic with chairs, doctors and shifts, and three people who sign in; copy it, do not write in it."""
    folder = tmp_path_factory.mktemp("practice") / "data"
    with open_workplace(folder, create=True, kind="test", clock=Clock.fixed(NOW), authority=StaffAuthority()) as place:
        run = place.runner.run
        run(NOBODY, create_first_administrator, "claire", "Claire Brunet", Secret(PASSWORD))
        run(BOSS, create_staff, "julie", "Julie Roy", [Role.FRONT_DESK], Secret(PASSWORD))
        run(BOSS, create_staff, "karim", "Karim Benali", [Role.ASSISTANT])
        build(place.runner, BOSS)
        for name in ("claire", "julie"):
            run(place.runner.actor(name), change_setting, LANGUAGE.name, "en")  # texts are compared by their msgid
    return folder


def enter(window: Window, username: str) -> None:
    """Sign in."""
    window.session.become(window.session.gatekeeper.sign_in(username, Secret(PASSWORD)))
    settle(window)


@pytest.fixture
def gate(qapp: QApplication, practice_folder: Path, tmp_path: Path) -> Iterator[Window]:
    """A window on a copy, nobody signed in."""
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    before = set(threading.enumerate())
    folder = tmp_path / "data"
    shutil.copytree(practice_folder, folder)
    with open_workplace(folder, clock=Clock.fixed(NOW), authority=StaffAuthority()) as workplace:
        window = make_window(workplace)
        window.show()
        settle(window)
        yield window
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    assert set(threading.enumerate()) <= before, "a thread outlives its window"


@pytest.fixture
def window(gate: Window) -> Window:
    """The manager is signed in."""
    enter(gate, "claire")
    return gate


def section(window: Window, name: str) -> Any:
    """The pane of a section, opened."""
    window.open("practice", section=name)
    settle(window)
    return window.screens["practice"].pane


def put(pane: Any, **values: object) -> None:
    """Type into the form of a pane."""
    for name, value in values.items():
        pane.form.fields[name].editor.set_value(value)
