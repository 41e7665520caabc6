"""Screens are made while nobody touches the workstation, and only then; only those that the person may open."""

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication

from app.journal.queries import Actor
from ui.shell import ahead
from ui.shell.ahead import ScreensAhead
from ui.shell.bootstrap import screens_made_ahead, screens_read_ahead
from ui.shell.offscreen import enter, settle
from ui.shell.window import Window

PATIENCE = 60.0


@pytest.fixture
def few(window: Window, monkeypatch: pytest.MonkeyPatch) -> Window:
    """Three screens instead of twenty; pauses are not waited for."""
    monkeypatch.setattr(ahead, "OPENED_FROM_OTHERS", ("about", "practice", "patient"))
    monkeypatch.setattr(ahead, "STEP_MS", 0)
    monkeypatch.setattr(ahead, "LOOK_AGAIN_MS", 1)
    monkeypatch.setattr(Window, "rail_specs", lambda _window: [])
    return window


def until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not holds():
        QCoreApplication.processEvents()
    return holds()


def calm(window: Window, monkeypatch: pytest.MonkeyPatch, seconds: float = 60.0) -> None:
    monkeypatch.setattr(window.session, "idle_seconds", lambda: seconds)


def test_they_are_made_once_nobody_touches_anything(few: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = ScreensAhead(few.group, lambda: True)
    calm(few, monkeypatch, 0.0)
    for _turn in range(50):
        QCoreApplication.processEvents()
        time.sleep(0.001)
    assert not {"about", "practice", "patient"} & set(few.screens)
    calm(few, monkeypatch)
    assert until(lambda: maker.done)
    assert {"about", "practice", "patient"} <= set(few.screens)
    assert few.current is not None
    assert few.current.name == "today", "what is shown stays"
    made = few.screens["practice"]
    few.open("practice")
    settle(few)
    assert few.screens["practice"] is made
    assert made.shows_body
    maker.stop()


def test_what_a_person_may_not_open_is_not_made(few: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    few.bench.actor = Actor(few.bench.actor.id, "Nobody in particular")
    calm(few, monkeypatch)
    maker = ScreensAhead(few.group, lambda: True)
    assert until(lambda: maker.done)
    assert "about" in few.screens
    assert "practice" not in few.screens
    maker.stop()


def test_every_window_and_whoever_comes_next_have_theirs(few: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    calm(few, monkeypatch)
    with screens_read_ahead() as read, screens_made_ahead(few, read) as maker:
        second = few.group.add(few)
        assert second is not None
        assert until(lambda: maker.done and not read.is_alive())
        assert "about" in few.screens
        assert "about" in second.screens
        few.sign_out()
        settle(few)
        assert "about" not in few.screens
        enter(few, "frontdesk")
        assert until(lambda: "about" in few.screens)


def test_a_screen_that_goes_while_it_is_made_is_left(few: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "SLICE_MS", -1.0)
    work = ahead._made(few, "practice")
    next(work)
    next(work)
    next(work)
    few.sign_out()
    settle(few)
    assert next(work, None) is None
