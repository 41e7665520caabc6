"""Workspaces: offered by role, arranged as declared, remembered for a person at a workstation, large at the chair."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget

from app.access.settings import WORKSPACE
from app.core.permissions import Role
from ui.shell.faces import faces_of
from ui.shell.menus import workspace_menu
from ui.shell.nav_button import NavButton
from ui.shell.offscreen import enter
from ui.shell.screens import Group, ScreenSpec
from ui.shell.window import Window
from ui.shell.workspaces import WorkspaceSpec, discover_workspaces, home_of, offered_to
from ui.theme.style import theme

Rest = Callable[[Window], None]
SPECS = discover_workspaces()
LEAST_TARGET = 44


def spec(name: str, group: Group = Group.MAIN, needs: tuple[str, ...] = ()) -> ScreenSpec:
    return ScreenSpec(name, name, "user", "m:C", group, needs=needs)


def test_the_four_workspaces_in_order() -> None:
    assert [workspace.name for workspace in SPECS] == ["reception", "chairside", "doctor", "manager"]


@pytest.mark.parametrize(
    ("roles", "home", "offered"),
    [
        ((Role.FRONT_DESK,), "reception", ["reception"]),
        ((Role.ASSISTANT,), "chairside", ["chairside"]),
        ((Role.CLINICAL_STAFF,), "chairside", ["reception", "chairside"]),
        ((Role.ORTHODONTIST,), "doctor", ["reception", "chairside", "doctor", "manager"]),
        ((Role.PRACTICE_MANAGER,), "manager", ["reception", "chairside", "manager"]),
        ((), "reception", ["reception", "chairside", "doctor", "manager"]),
    ],
)
def test_roles_decide_what_is_offered_and_where_one_begins(
    roles: tuple[Role, ...], home: str, offered: list[str]
) -> None:
    assert [workspace.name for workspace in offered_to(roles, SPECS)] == offered
    assert home_of(roles, SPECS).name == home


def test_named_screens_come_first_others_follow_the_foot_stays_and_some_are_put_away() -> None:
    workspace = WorkspaceSpec("w", "W", "user", ("b", "a", "gone"), "b", (), without=("c",))
    screens = [spec("a"), spec("c"), spec("new"), spec("b"), spec("inner", Group.INNER), spec("foot", Group.FOOT)]
    assert [screen.name for screen in workspace.arrange(screens)] == ["b", "a", "new", "foot"]
    assert workspace.first_of({"a", "b"}, screens) == "b"
    assert workspace.first_of({"a", "new"}, screens) == "a"
    assert workspace.first_of(set(), screens) is None


def test_another_workspace_changes_the_rail_and_is_remembered_for_the_person_here(window: Window, rest: Rest) -> None:
    assert window.workspace.name == "manager"
    assert [button.spec.name for button in window.rail.buttons if button.isVisible()] == [
        screen.name for screen in window.rail_specs()
    ]
    assert "journal" in [screen.name for screen in window.rail_specs()]
    window.choose_workspace("reception")
    rest(window)
    assert "journal" not in [screen.name for screen in window.rail_specs()]
    assert window.rail.head.accessibleName() == "Workspace: Reception"
    window.open("journal")  # put away, not forbidden
    rest(window)
    window.sign_out()
    rest(window)
    enter(window, "frontdesk")
    assert window.bench.setting(WORKSPACE) == ""
    window.sign_out()
    rest(window)
    enter(window, "claire")
    assert (window.bench.setting(WORKSPACE), window.workspace.name) == ("reception", "reception")


def test_the_numbers_of_the_keys_follow_the_rail(window: Window, rest: Rest) -> None:
    window.choose_workspace("chairside")
    rest(window)
    names = [screen.name for screen in window.rail_specs()]
    tips = [button.toolTip() for button in window.rail.buttons if button.isVisible()]
    assert [f"Ctrl {n}" in tip for n, tip in enumerate(tips[:9], 1)] == [True] * min(
        len(tips), 9
    )  # as far as digits go
    window.setFocus()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    rest(window)
    assert window.current is not None
    assert window.current.name == names[1]


def test_a_workspace_that_is_not_offered_falls_back_to_the_home(window: Window, rest: Rest) -> None:
    window.bench.remember(WORKSPACE, "doctor")
    rest(window)
    window.sign_out()
    rest(window)
    enter(window, "claire")
    assert window.workspace.name == "manager"
    assert [action.text() for action in workspace_menu(window).actions()] == ["Reception", "Chairside", "Manager"]


@pytest.mark.timeout(600)
def test_chairside_has_targets_for_fingers_and_leaving_it_gives_the_density_back(window: Window, rest: Rest) -> None:
    """Every face of every screen that the chair offers, and of those that open from them."""
    window.choose_workspace("chairside")
    rest(window)
    assert theme.density_name == "touch"
    small: dict[str, list[str]] = {}
    names = [screen.name for screen in window.rail_specs()]
    for face in faces_of(window, [*names, "patient", "appointment", "patient_form", "photographs", "command"]):
        face.bring()
        rest(window)
        if told := [fault for widget in window.findChildren(QWidget) if (fault := too_small(widget))]:
            small[face.label] = told
    assert small == {}
    window.choose_workspace("manager")
    rest(window)
    assert theme.density_name == "normal"


def test_the_pages_of_the_settings_scroll_at_the_chair_with_the_one_that_is_shown_in_sight(
    window: Window, rest: Rest
) -> None:
    window.choose_workspace("chairside")
    window.open("settings")
    rest(window)
    lines = window.screens["settings"].findChildren(NavButton)
    assert not lines[-1].visibleRegion().boundingRect().contains(lines[-1].rect()), "there are more than there is room"
    lines[0].setFocus(Qt.FocusReason.TabFocusReason)
    for line in lines[1:]:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
        rest(window)
        assert line.isChecked()
        assert line.visibleRegion().boundingRect() == line.rect()
    window.open("patients")
    rest(window)
    window.open("settings")
    rest(window)
    shown = next(line for line in window.screens["settings"].findChildren(NavButton) if line.isChecked())
    assert shown.accessibleName() == lines[-1].accessibleName()
    assert shown.visibleRegion().boundingRect() == shown.rect()


def too_small(widget: QWidget) -> str:
    """A visible control that a finger misses; what stands inside another control is part of it."""
    kinds = QAbstractButton | QLineEdit | QComboBox
    inside = isinstance(widget.parentWidget(), kinds)
    if not isinstance(widget, kinds) or not widget.isVisible() or inside or not widget.focusPolicy():
        return ""
    if widget.height() >= LEAST_TARGET and widget.width() >= LEAST_TARGET:
        return ""
    return f"{type(widget).__name__} {widget.accessibleName()} {widget.width()}×{widget.height()}"
