"""Panels: shown, moved, floated, put away; their layout is kept for each workspace and survives a monitor that goes."""

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from app.access.settings import PANEL_LAYOUTS
from ui.shell import docks
from ui.shell.offscreen import enter
from ui.shell.screens import PanelSpec, discover_panels
from ui.shell.window import Window

Rest = Callable[[Window], None]


def test_the_shell_brings_two_panels() -> None:
    assert [spec.name for spec in discover_panels() if spec.factory.startswith("ui.shell.")] == [
        "notices",
        "recent_work",
    ]


def test_a_panel_is_made_when_it_is_first_shown(window: Window, rest: Rest) -> None:
    panel = window.docks.panels["recent_work"]
    assert panel.content is None
    window.docks.toggle("recent_work")
    rest(window)
    assert panel.isVisible()
    assert panel.content is not None
    window.docks.toggle("recent_work")
    assert panel.isHidden()


def test_every_move_is_in_the_menu_of_the_panel(window: Window, rest: Rest) -> None:
    window.docks.toggle("notices")
    panel = window.docks.panels["notices"]
    actions = {action.text(): action for action in panel.menu(panel).actions() if action.text()}
    assert list(actions) == [
        "Dock at the left", "Dock at the right", "Dock above", "Dock below", "Float in a window of its own", "Put away",
    ]  # fmt: skip
    actions["Dock at the left"].trigger()
    assert window.docks.dockWidgetArea(panel) == Qt.DockWidgetArea.LeftDockWidgetArea
    actions["Float in a window of its own"].trigger()
    rest(window)
    assert panel.isFloating()
    actions["Dock below"].trigger()
    assert not panel.isFloating()
    actions["Put away"].trigger()
    assert panel.isHidden()


def test_the_layout_is_kept_for_each_workspace_and_person(window: Window, rest: Rest) -> None:
    window.docks.toggle("notices")
    window.docks.panels["notices"].dock_at("left")
    window.docks.keep_now()
    rest(window)
    assert list(json.loads(window.bench.setting(PANEL_LAYOUTS))) == ["manager"]
    window.choose_workspace("reception")
    rest(window)
    assert window.docks.panels["notices"].isHidden()
    window.choose_workspace("manager")
    rest(window)
    assert window.docks.panels["notices"].isVisible()
    window.sign_out()
    rest(window)
    enter(window, "frontdesk")
    assert window.bench.setting(PANEL_LAYOUTS) == ""
    window.sign_out()
    rest(window)
    enter(window, "claire")
    panel = window.docks.panels["notices"]
    assert panel.isVisible()
    assert window.docks.dockWidgetArea(panel) == Qt.DockWidgetArea.LeftDockWidgetArea


def test_reset_puts_everything_back(window: Window, rest: Rest) -> None:
    window.docks.toggle("notices")
    window.docks.panels["notices"].float_now()
    window.docks.reset()
    rest(window)
    panel = window.docks.panels["notices"]
    assert not panel.isFloating()
    assert panel.isHidden()
    assert window.docks.dockWidgetArea(panel) == Qt.DockWidgetArea.RightDockWidgetArea


def test_a_layout_that_cannot_be_read_is_as_none(window: Window, rest: Rest) -> None:
    for nonsense in ("{broken", "[]", '{"manager": "bm90IGEgbGF5b3V0"}'):
        window.bench.remember(PANEL_LAYOUTS, nonsense)
        rest(window)
        window.sign_out()
        rest(window)
        enter(window, "claire")
        assert window.docks.panels["notices"].isHidden()


def test_a_panel_on_a_monitor_that_is_gone_comes_back(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.docks.toggle("notices")
    panel = window.docks.panels["notices"]
    panel.float_now()
    panel.move(5000, 100)
    rest(window)
    monkeypatch.setattr(docks, "available_areas", lambda: [QRect(0, 0, 10_000, 900)])
    window.docks._bring_back()
    assert panel.isFloating()
    monkeypatch.setattr(docks, "available_areas", lambda: [QRect(0, 0, 1440, 900)])
    window.docks._bring_back()
    assert not panel.isFloating()
    assert panel.isVisible()


def test_the_gate_hides_a_panel_that_floats_and_the_layout_stays(window: Window, rest: Rest) -> None:
    window.docks.toggle("recent_work")
    panel = window.docks.panels["recent_work"]
    panel.float_now()
    rest(window)
    window.docks.keep_now()
    rest(window)
    before = window.bench.runner.setting(window.bench.actor, PANEL_LAYOUTS)
    window.lock()
    rest(window)
    assert not panel.isVisible()
    enter(window, "claire")
    rest(window)
    assert panel.isVisible()
    assert panel.isFloating()
    assert window.bench.setting(PANEL_LAYOUTS) == before


def test_a_panel_needs_its_right(window: Window, rest: Rest) -> None:
    secret = PanelSpec("secret", "Secret", "lock", "ui.shell.work_panel:WorkPanel", permission="read_audit")
    window.docks.specs.append(secret)
    window.sign_out()
    rest(window)
    enter(window, "frontdesk")
    assert "secret" not in window.docks.panels
    window.sign_out()
    rest(window)
    enter(window, "claire")
    assert "secret" in window.docks.panels


def test_panels_have_names_in_both_languages(
    window: Window, rest: Rest, unnamed: Callable[[QWidget], list[str]], clipped: Callable[[QWidget], list[str]]
) -> None:
    from ui.shell.offscreen import wear

    for language in ("fr", "en"):
        wear(window, language, "light", "200")
        for name in ("notices", "recent_work"):
            if window.docks.panels[name].isHidden():
                window.docks.toggle(name)
        rest(window)
        for name in ("notices", "recent_work"):
            panel = window.docks.panels[name]
            assert [*unnamed(panel), *clipped(panel)] == []
