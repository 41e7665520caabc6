"""Each of the five roles with the rights of its presets: palette, keys, screens and `do` refuse the same things."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.access.commands import set_role_permission
from app.core.errors import PermissionDenied
from app.core.i18n import _
from app.core.permissions import PERMISSIONS, Role
from app.journal.commands import COMMANDS
from app.patients.permissions import EDIT_PATIENTS
from tests.ui.shell.test_refused import KEYS, MOMENT, close_popups, refused
from ui.shell.offscreen import enter, settle
from ui.shell.palette_entries import command_entries
from ui.shell.window import Window

WHO = {
    Role.ORTHODONTIST: "gagnon", Role.PRACTICE_MANAGER: "claire", Role.FRONT_DESK: "frontdesk",
    Role.CLINICAL_STAFF: "nadia", Role.ASSISTANT: "karim",
}  # fmt: skip
"""Of the demonstration, somebody of each role."""


@pytest.fixture(params=list(Role), ids=lambda role: role.value)
def somebody(request: pytest.FixtureRequest, gate: Window) -> Window:
    """The window with somebody of the role at the keyboard, who holds what the presets give and nothing else."""
    role = request.param
    enter(gate, WHO[role])
    presets = {name for name, item in PERMISSIONS.items() if role in item.presets}
    assert gate.bench.actor.permissions == presets
    assert not gate.bench.actor.everything
    return gate


def test_palette_and_do_agree_with_the_role(somebody: Window) -> None:
    actor = somebody.bench.actor
    entries = {entry.key: entry for entry in command_entries(somebody)}
    denied = {command.name for command in refused(actor)}
    assert denied or actor.permissions == set(PERMISSIONS)
    for command in COMMANDS.values():
        if not command.hidden:
            assert bool(entries[f"command:{command.name}"].reason) is (command.name in denied), command.name
        if command.name in denied:
            with pytest.raises(PermissionDenied):
                somebody.bench.runner.submit_bound(actor, command, {}).result()


def test_screens_that_the_role_may_not_see_are_absent(somebody: Window) -> None:
    actor = somebody.bench.actor
    hidden = [spec for spec in somebody.specs.values() if spec.permission and spec.permission not in actor.permissions]
    offered = {spec.name for spec in somebody.rail_specs()}
    shown = somebody.current
    for spec in hidden:
        assert spec.name not in offered
        somebody.open_by_keys(spec.name)
        assert somebody.current is shown, spec.name


def test_no_shortcut_attempts_what_the_role_may_not(somebody: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the day, which has the most keys; tests/ui/shell/test_refused.py goes through every screen."""
    attempts: list[str] = []
    for way in ("submit_bound", "run_bound"):
        kept = getattr(somebody.bench.runner, way)

        def send(actor: Any, command: Any, *given: Any, kept: Any = kept, **named: Any) -> Any:
            if not actor.may(command.permission):
                attempts.append(command.name)
            return kept(actor, command, *given, **named)

        monkeypatch.setattr(somebody.bench.runner, way, send)
    for key, modifier in KEYS:
        if somebody.current is None or somebody.current.name != "today":
            somebody.open("today")
            settle(somebody)
        QTest.keyClick(QApplication.focusWidget() or somebody, key, modifier)
        close_popups()
        settle(somebody, MOMENT)
    assert attempts == []


def test_a_decision_of_the_clinic_on_a_role_holds_at_once(gate: Window) -> None:
    """The manager takes a right from the front desk while she works: palette, button and `do` follow."""
    enter(gate, WHO[Role.FRONT_DESK])
    gate.open("patients")
    settle(gate)
    view: Any = gate.screens["patients"]
    new = next(b for b in view.findChildren(QAbstractButton) if b.text() == _("New patient"))
    assert new.isEnabled()
    runner = gate.bench.runner
    runner.run(runner.actor("claire"), set_role_permission, Role.FRONT_DESK, EDIT_PATIENTS.name, False)
    settle(gate)
    entries = {entry.key: entry for entry in command_entries(gate)}
    assert entries["command:create_patient"].reason
    assert not (new.isVisible() and new.isEnabled())
    if new.isVisible():
        assert new.toolTip(), "why stands on it"
    with pytest.raises(PermissionDenied):
        runner.submit_bound(gate.bench.actor, COMMANDS["create_patient"], {}).result()
