"""A demonstration to open windows on: filled once, copied for each test; no thread and no timer outlives a test."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.access.authority import StaffAuthority
from app.cli.demo import make_demo
from app.core.clock import Clock
from app.journal.settings_store import change_setting
from app.journal.workplace import open_workplace
from tests.conftest import NOW
from ui.shell.bootstrap import end_workers, make_window
from ui.shell.offscreen import enter, settle
from ui.shell.preferences import LANGUAGE
from ui.shell.window import Window
from ui.theme.style import theme


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled demo folder; copy it, do not write in it."""
    folder = tmp_path_factory.mktemp("demonstration") / "data"
    clock = Clock.fixed(NOW)
    make_demo(folder, at=NOW, patients=0)
    with open_workplace(folder, clock=clock, authority=StaffAuthority()) as workplace:
        manager = workplace.runner.actor("claire")
        workplace.runner.run(manager, change_setting, LANGUAGE.name, "en")  # texts are compared by their msgid
    return folder


@pytest.fixture
def gate(qapp: QApplication, demonstration: Path, tmp_path: Path) -> Iterator[Window]:
    """A window on a copy of the demonstration, at the gate."""
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    before = set(threading.enumerate())
    folder = tmp_path / "data"
    shutil.copytree(demonstration, folder)
    with open_workplace(folder, clock=Clock.fixed(NOW), authority=StaffAuthority()) as workplace:
        window = make_window(workplace)
        window.show()
        settle(window)
        yield window
        window.group.close_all()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        end_workers()
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    assert set(threading.enumerate()) <= before, "a thread outlives its window"


@pytest.fixture
def window(gate: Window) -> Window:
    """The same with the practice manager signed in."""
    enter(gate, "claire")
    return gate


@pytest.fixture
def rest() -> Callable[[Window], None]:
    """Let answers arrive and layouts come to rest."""
    return settle
