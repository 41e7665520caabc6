"""The command centre on the small practice, with visits booked by commands; no thread outlives its test."""

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
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.clock import Clock
from app.journal.queries import Actor
from app.journal.workplace import Workplace, open_workplace
from app.scheduling import commands as do
from tests.app.clinic_world import World, build
from tests.conftest import NOW
from ui.orchestration.card_space import CardSpace, Spot
from ui.orchestration.day_view import DayView
from ui.shell.bench import Bench, Ran
from ui.shell.screen import Screen
from ui.theme.style import theme

BOSS = Actor("boss", "Claire Brunet", everything=True)


@dataclass
class Day:
    """The screen of the day on show, and short ways to use it."""

    view: DayView
    bench: Bench
    world: World
    moment: list[datetime]
    said: list[tuple[str, str]]
    ran: list[Ran]
    opened: list[tuple[str, dict[str, Any]]]
    others: list[Screen]

    def rest(self, seconds: float = 8.0) -> None:
        """Let answers arrive."""
        end, quiet = time.monotonic() + seconds, 0
        while time.monotonic() < end and quiet < 3:
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            quiet = 0 if self.bench.busy or self.view.afterwards.isActive() else quiet + 1
            time.sleep(0.002)

    def book(self, patient: int = 0, chair: int = 0, minutes: int = 30, kind: str = "ADJ", **more: Any) -> Any:
        """Book a visit some minutes after nine."""
        at, world = NOW + timedelta(minutes=minutes), self.world
        return world.run(
            do.book_appointment, world.patients[patient], kind, world.chairs[chair], at, world.doctors[0],
            world.hands[chair], **more,
        )  # fmt: skip

    def run(self, command: Any, *args: Any, **more: Any) -> Any:
        """Run a command elsewhere, and let it be seen here."""
        result = self.world.run(command, *args, **more)
        self.rest()
        return result

    def later(self, minutes: int) -> None:
        """Let time pass."""
        self.moment[0] += timedelta(minutes=minutes)
        self.view.freshen()
        self.rest()

    def look(self, **chosen: Any) -> None:
        """Change the view."""
        self.view.choose(**chosen)
        self.rest()

    def stage(self, visit: Any) -> str:
        """Where a visit stands."""
        assert self.view.picture is not None
        return self.view.picture.visits[visit].stage.value

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in the view that is on show, and let answers arrive."""
        QTest.keyClick(self.view.keyboard_place(), key, modifiers)
        self.rest()

    def spot(self, space: CardSpace, visit: Any) -> Spot:
        """A visit in a painted view."""
        return next(spot for spot in space.spots if spot.visit_id == visit)

    def drag(self, space: CardSpace, begin: QPointF, end: QPointF) -> None:
        """Drag from one point of the viewport to another, and let go."""
        viewport, left = space.viewport(), Qt.MouseButton.LeftButton
        first, last = begin.toPoint(), end.toPoint()
        QTest.mousePress(viewport, left, pos=first)
        for part in (1, 2, 3, 4):
            QTest.mouseMove(viewport, first + (last - first) * part / 4)
        QTest.mouseRelease(viewport, left, pos=QPoint(last))
        self.rest()


@pytest.fixture(scope="session")
def small_practice(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> tuple[Path, World]:
    """A closed folder that holds the practice, and its ids."""
    folder = Path(shutil.copytree(empty_folder, tmp_path_factory.mktemp("practice") / "data"))
    with open_workplace(folder, clock=Clock.fixed(NOW)) as opened:
        world = build(opened.runner, BOSS)
    return folder, world


@pytest.fixture
def place(tmp_path: Path, small_practice: tuple[Path, World]) -> Iterator[tuple[Workplace, list[datetime]]]:
    """A copy of it, open, with a clock that the test moves."""
    folder = Path(shutil.copytree(small_practice[0], tmp_path / "data"))
    before, moment = set(threading.enumerate()), [NOW]
    clock = Clock(Clock.fixed(NOW).zone, lambda: moment[0])
    with open_workplace(folder, clock=clock) as opened:
        yield opened, moment
    assert set(threading.enumerate()) <= before, "a thread outlives its window"


@pytest.fixture
def day_of(
    qapp: QApplication, place: tuple[Workplace, list[datetime]], small_practice: tuple[Path, World]
) -> Iterator[Callable[..., Day]]:
    """Make the screen of the day for somebody; everything is closed afterwards."""
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    made: list[Day] = []

    def make(actor: Actor | None = None, *, size: tuple[int, int] = (1400, 860)) -> Day:
        workplace, moment = place
        world = dataclasses.replace(small_practice[1], runner=workplace.runner, boss=BOSS)
        bench = Bench(workplace.runner)
        bench.sign_in(actor or BOSS)
        view = DayView(bench)
        view.title = "The day"
        day = Day(view, bench, world, moment, [], [], [], [])
        bench.presenter.said.connect(lambda severity, words: day.said.append((severity, words)))
        bench.ran.connect(day.ran.append)
        view.open_screen.connect(lambda name, chosen: day.opened.append((name, chosen)))
        view.resize(*size)
        view.show()
        day.rest()
        made.append(day)
        return day

    yield make
    for day in made:
        for screen in (*day.others, day.view):
            screen.close()
            screen.deleteLater()
        day.bench.close()
        day.bench.deleteLater()
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True, only_changes=True)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def day(day_of: Callable[..., Day]) -> Day:
    """Tuesday 24 November 2026, 9:00, for somebody who may do everything."""
    return day_of()
