"""A window on the small practice, with visits booked by commands; no thread outlives its test."""

from __future__ import annotations

import dataclasses
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.clock import Clock
from app.journal.queries import Actor
from app.journal.workplace import Workplace, open_workplace
from app.scheduling import commands as do
from app.scheduling.queries import VisitLine, appointment_page
from tests.app.clinic_world import World, build
from tests.conftest import NOW
from ui.scheduling.schedule_view import ScheduleView
from ui.scheduling.timegrid import Item
from ui.shell.bench import Bench, Ran
from ui.theme.style import theme


@dataclass
class Stage:
    """The schedule on show, and short ways to use it."""

    view: ScheduleView
    bench: Bench
    world: World
    said: list[tuple[str, str]]
    ran: list[Ran]
    opened: list[tuple[str, dict[str, Any]]]

    def rest(self, seconds: float = 8.0) -> None:
        """Let answers arrive."""
        end, quiet = time.monotonic() + seconds, 0
        while time.monotonic() < end and quiet < 3:
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            quiet = 0 if self.bench.busy else quiet + 1
            time.sleep(0.002)

    def book(self, patient: int = 0, chair: int = 0, minutes: int = 30, kind: str = "ADJ", **more: Any) -> Any:
        """Book a visit some minutes after nine."""
        at = NOW + timedelta(minutes=minutes)
        world = self.world
        return world.run(
            do.book_appointment, world.patients[patient], kind, world.chairs[chair], at, world.doctors[0],
            world.hands[chair], **more,
        )  # fmt: skip

    def line(self, visit: Any) -> VisitLine:
        """A visit as the database has it."""
        found: VisitLine = self.world.ask(appointment_page, visit).visit
        return found

    def minutes(self, visit: Any) -> float:
        """Minutes after nine at which a visit begins."""
        starts = self.line(visit).starts_at
        assert starts is not None
        return (starts - NOW).total_seconds() / 60

    def item(self, visit: Any) -> Item:
        """A visit on the schedule."""
        return next(item for item in self.view.grid.items if item.visit is not None and item.visit.id == visit)

    def middle(self, visit: Any) -> QPoint:
        """Where to take a block."""
        self.view.grid.show_item(self.item(visit))
        return self.view.grid.item_rect(self.item(visit)).center().toPoint()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key on the schedule, and let answers arrive."""
        QTest.keyClick(self.view.grid, key, modifiers)
        self.rest()

    def drag(self, begin: QPoint, end: QPoint, *, drop: bool = True) -> None:
        """Drag from one point of the viewport to another."""
        viewport, left = self.view.grid.viewport(), Qt.MouseButton.LeftButton
        QTest.mousePress(viewport, left, pos=begin)
        for part in (1, 2, 3, 4):
            QTest.mouseMove(viewport, begin + (end - begin) * part / 4)
        self.rest()
        if drop:
            QTest.mouseRelease(viewport, left, pos=end)
            self.rest()

    def steps(self, minutes: int, lanes: int = 0) -> QPoint:
        """Pixels of some minutes and lanes on a clock that runs right."""
        grid = self.view.grid.grid
        return QPoint(round(minutes * grid.scale), round(lanes * grid.thickness[0]))


@pytest.fixture(scope="session")
def small_practice(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> tuple[Path, World]:
    """A closed folder that holds the practice, and its ids."""
    folder = Path(shutil.copytree(empty_folder, tmp_path_factory.mktemp("practice") / "data"))
    with open_workplace(folder, clock=Clock.fixed(NOW)) as opened:
        world = build(opened.runner, Actor("boss", "Claire Brunet", everything=True))
    return folder, world


@pytest.fixture
def place(tmp_path: Path, small_practice: tuple[Path, World]) -> Iterator[Workplace]:
    """A copy of it, open."""
    folder = Path(shutil.copytree(small_practice[0], tmp_path / "data"))
    before = set(threading.enumerate())
    with open_workplace(folder, clock=Clock.fixed(NOW)) as opened:
        yield opened
    assert set(threading.enumerate()) <= before, "a thread outlives its window"


@pytest.fixture
def stage_of(
    qapp: QApplication, place: Workplace, small_practice: tuple[Path, World]
) -> Iterator[Callable[..., Stage]]:
    """Make a schedule for somebody; everything is closed afterwards."""
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    made: list[Stage] = []

    def make(actor: Actor | None = None, *, at: datetime | None = None) -> Stage:
        boss = Actor("boss", "Claire Brunet", everything=True)
        world = dataclasses.replace(small_practice[1], runner=place.runner, boss=boss)
        bench = Bench(place.runner)
        bench.sign_in(actor or boss)
        view = ScheduleView(bench)
        view.title = "Schedule"
        stage = Stage(view, bench, world, [], [], [])
        bench.presenter.said.connect(lambda severity, words: stage.said.append((severity, words)))
        bench.ran.connect(stage.ran.append)
        view.open_screen.connect(lambda name, chosen: stage.opened.append((name, chosen)))
        view.resize(1400, 860)
        if at is not None:
            view.choose(on=at.date())
        view.show()
        stage.rest()
        made.append(stage)
        return stage

    yield make
    for stage in made:
        stage.view.close()
        stage.view.deleteLater()
        stage.bench.close()
        stage.bench.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def stage(stage_of: Callable[..., Stage]) -> Stage:
    """The schedule of Tuesday 24 November 2026, 9:00, for somebody who may do everything."""
    return stage_of()
