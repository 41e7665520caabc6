"""Exceptions to the presets are ended directly as well as by undo."""

from __future__ import annotations

from app.access.commands import follow_preset, follow_roles, set_role_permission, set_staff_permission
from app.core.permissions import Role
from app.journal.queries import Actor
from app.journal.runner import Runner
from tests.app.access.conftest import Team


def rows(runner: Runner, actor: Actor, table: str) -> list[str]:
    with runner.read(actor) as read:
        return [row[0] for row in read.sql(f"SELECT id FROM {table}")]


def test_a_role_follows_its_preset_again(runner: Runner, claire: Actor, team: Team) -> None:
    runner.run(claire, set_role_permission, Role.ASSISTANT, "read_audit", True)
    assert runner.actor(team.karim).permissions >= {"read_audit"}
    (grant,) = rows(runner, claire, "role_grant")
    runner.run(claire, follow_preset, grant)
    assert "read_audit" not in runner.actor(team.karim).permissions


def test_a_person_follows_their_roles_again(runner: Runner, claire: Actor, team: Team) -> None:
    runner.run(claire, set_staff_permission, team.karim, "read_audit", True, "replaces the manager in July")
    assert runner.actor(team.karim).permissions >= {"read_audit"}
    (grant,) = rows(runner, claire, "staff_grant")
    runner.run(claire, follow_roles, grant)
    assert "read_audit" not in runner.actor(team.karim).permissions
