"""The matrix of roles, what one person can do, and the accounts: by keyboard, told to a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.access.commands import set_role_permission
from app.access.queries import roles_and_permissions, staff_list, staff_member
from app.core.errors import PermissionDenied
from app.core.permissions import PERMISSIONS, Role
from tests.ui.set_up_window import BOSS, enter, put, section
from ui.access.subjects import OTHERS, subjects_of
from ui.shell.offscreen import settle, wear
from ui.shell.window import Window


def roles(window: Window) -> Any:
    window.open("roles")
    settle(window)
    return window.screens["roles"]


def held(window: Window, role: Role, permission: str) -> bool:
    rows = window.bench.runner.ask(BOSS, roles_and_permissions)
    row = next(row for row in rows if row.permission == permission)
    return next(cell.is_granted for cell in row.cells if cell.role is role)


def go_to(view: Any, permission: str, role: Role) -> None:
    model = view.matrix.model()
    row = next(n for n, line in enumerate(model.lines) if getattr(line, "permission", "") == permission)
    view.matrix.setCurrentIndex(model.index(row, 1 + list(Role).index(role)))


def test_space_changes_a_cell_and_undo_takes_it_back(window: Window) -> None:
    view = roles(window)
    go_to(view, "edit_shifts", Role.FRONT_DESK)
    QTest.keyClick(view.matrix, Qt.Key.Key_Space)
    settle(window)
    assert held(window, Role.FRONT_DESK, "edit_shifts")
    told = view.matrix.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Edit shifts, breaks and absences, Front desk: granted, the clinic decided so"
    window.bench.undo_last()
    settle(window)
    assert not held(window, Role.FRONT_DESK, "edit_shifts")


def test_the_last_manager_is_not_locked_out_and_the_sentence_stands_above_the_table(window: Window) -> None:
    view = roles(window)
    go_to(view, "manage_roles", Role.PRACTICE_MANAGER)
    QTest.keyClick(view.matrix, Qt.Key.Key_Space)
    settle(window)
    assert held(window, Role.PRACTICE_MANAGER, "manage_roles")
    assert "Nobody could manage staff and roles any more" in view._message.text()


def test_a_screen_reader_is_told_every_cell_of_a_table(window: Window) -> None:
    QAccessible.setActive(True)
    view = roles(window)
    node = QAccessible.queryAccessibleInterface(view.matrix)
    assert node.role() == QAccessible.Role.Table
    texts = {node.child(n).text(QAccessible.Text.Name) for n in range(node.childCount())}
    assert "Manage staff, Assistant: not granted, as in the preset" in texts
    assert "Practice manager" in texts


def test_every_permission_has_its_row_once_and_the_search_narrows(window: Window) -> None:
    view = roles(window)
    listed = [line.permission for line in view.matrix.model().lines if not isinstance(line, str)]
    assert sorted(listed) == sorted(PERMISSIONS)
    view._search.setText("shifts")
    view._show_rows()
    assert [line.permission for line in view.matrix.model().lines if not isinstance(line, str)] == ["edit_shifts"]
    assert subjects_of()["edit_shifts"] != OTHERS


def test_a_role_goes_back_to_its_preset(window: Window) -> None:
    window.bench.runner.run(BOSS, set_role_permission, Role.ASSISTANT, "edit_shifts", True)
    view = roles(window)
    view._role.set_value("assistant")
    view._tell_reset()
    view._reset.click()
    settle(window)
    assert not held(window, Role.ASSISTANT, "edit_shifts")
    view._tell_reset()
    assert view._reset.toolTip() == "This role follows its preset."


def test_what_a_person_can_do_with_why_and_an_exception_with_its_reason(window: Window) -> None:
    view = roles(window)
    julie = next(line for line in window.bench.runner.ask(BOSS, staff_list) if line.username == "julie")
    view.choose(person=julie.staff_id)
    settle(window)
    person = view.person
    right = next(item for item in person._rights if item.permission == "edit_shifts")
    assert (right.granted, right.why) == (False, "No role of theirs holds it")
    person.table.choose(person._model.items.index(right))
    person.decide()
    settle(window)
    assert person._field.error() == "An exception needs a reason."
    person.reason.setText("plans July")
    person.decide()
    settle(window)
    assert "edit_shifts" in window.bench.runner.ask(BOSS, staff_member, julie.staff_id).permissions
    right = next(item for item in person._rights if item.permission == "edit_shifts")
    assert (right.granted, right.why) == (True, "Exception: plans July")


def test_a_denied_permission_closes_screen_key_and_command_alike(gate: Window) -> None:
    enter(gate, "julie")
    view = roles(gate)
    go_to(view, "edit_shifts", Role.FRONT_DESK)
    reason = "You need the permission “Manage roles and permissions”."
    assert view.matrix.accessibleDescription() == reason
    assert view._message.text() == reason
    QTest.keyClick(view.matrix, Qt.Key.Key_Space)
    settle(gate)
    assert not held(gate, Role.FRONT_DESK, "edit_shifts")
    assert view._reset.toolTip() == reason
    with pytest.raises(PermissionDenied, match="Manage roles"):
        gate.bench.runner.run(gate.bench.actor, set_role_permission, Role.FRONT_DESK, "edit_shifts", True)
    view._views.set_value("person")
    settle(gate)
    assert view.person._denied.isVisibleTo(view)


def test_roles_of_an_account_are_ticked_and_a_temporary_password_is_set(window: Window) -> None:
    pane = section(window, "staff")
    place = next(n for n, item in enumerate(pane.model.items) if item.line.username == "julie")
    pane.table.choose(place)
    settle(window)
    put(pane, roles=("front_desk", "assistant"))
    pane.save()
    settle(window)
    julie = next(line for line in window.bench.runner.ask(BOSS, staff_list) if line.username == "julie")
    assert julie.roles == (Role.FRONT_DESK, Role.ASSISTANT)
    pane._box.password.setText("short")
    pane._box.set_password()
    settle(window)
    assert "at least 12 characters" in pane._box._field.error()
    pane._box.password.setText("rosemont, quatre fauteuils bleus")
    pane._box.set_password()
    settle(window)
    assert pane._box.password.text() == ""
    pane._buttons[0].click()
    settle(window)
    active = {line.username for line in window.bench.runner.ask(BOSS, staff_list)}
    assert "julie" not in active


@pytest.mark.parametrize("text", ["100", "200"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_both_views_are_named_and_nothing_is_cut(
    window: Window, language: str, text: str, clipped: Callable[[QWidget], list[str]],
    unnamed: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    wear(window, language, "light", text)
    view = roles(window)
    for name in ("roles", "person"):
        view._views.set_value(name)
        settle(window)
        assert [*clipped(window), *unnamed(window)] == [], name
