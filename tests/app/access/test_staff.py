"""Staff, their roles, and the rules that hold whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from app.access.authority import StaffAuthority
from app.access.commands import (
    assign_role,
    change_staff,
    create_clinic,
    create_first_administrator,
    create_staff,
    deactivate_staff,
    reactivate_staff,
    remove_role,
    reset_role,
    set_password,
    set_role_permission,
    set_staff_permission,
)
from app.access.model import Language, Title
from app.access.names import titled
from app.access.queries import Cell, roles_and_permissions, staff_list, staff_member
from app.access.settings import CLINIC_TIME_ZONE, PRACTICE_NAME, TimeZone
from app.core import i18n
from app.core.errors import NotFound, PermissionDenied, RuleViolation, StaleRecord
from app.core.permissions import PERMISSIONS, Permission, Role
from app.core.secret import Secret
from app.journal.queries import NOBODY, Actor
from app.journal.runner import Runner
from tests.app.access.conftest import CLAIRE, Team

PASSWORD = Secret("neuf goélands sur le quai")


def names(runner: Runner, actor: Actor, *, everybody: bool = False) -> list[str]:
    return [line.display_name for line in runner.ask(actor, staff_list, everybody)]


def test_the_first_administrator_needs_no_sign_in_and_only_once(runner: Runner) -> None:
    with pytest.raises(RuleViolation, match="Nobody could manage"):
        runner.run(NOBODY, create_first_administrator, "aline", "A B", Secret(CLAIRE), roles=[Role.ASSISTANT])
    runner.run(NOBODY, create_first_administrator, "claire", "Claire Brunet", Secret(CLAIRE))
    with pytest.raises(RuleViolation, match="There is staff already"):
        runner.run(NOBODY, create_first_administrator, "eve", "Eve Intruse", Secret(CLAIRE))
    assert names(runner, runner.actor("claire")) == ["Claire Brunet"]


def test_a_weak_first_password_creates_nobody(runner: Runner) -> None:
    with pytest.raises(RuleViolation):
        runner.run(NOBODY, create_first_administrator, "claire", "Claire Brunet", Secret("clairebrunet"))
    runner.run(NOBODY, create_first_administrator, "claire", "Claire Brunet", Secret(CLAIRE))


def test_staff_carry_title_initials_language_and_roles(runner: Runner, claire: Actor) -> None:
    made = runner.run(
        claire, create_staff, "anne", "  Anne-Marie   St-Onge ", [Role.ORTHODONTIST, Role.PRACTICE_MANAGER],
        title=Title.DRE, pronoun="elle", language=Language.ENGLISH,
    )  # fmt: skip
    member = runner.ask(claire, staff_member, made)
    assert (member.line.display_name, member.line.initials) == ("Anne-Marie St-Onge", "AS")
    assert member.line.roles == (Role.ORTHODONTIST, Role.PRACTICE_MANAGER)
    assert (member.line.title, member.pronoun, member.line.language) == (Title.DRE, "elle", Language.ENGLISH)
    assert not member.has_password_here
    assert member.credential_changed_at is None


@pytest.mark.parametrize("taken", ["CLAIRE", "claire", "Clàire", " claire "])
def test_usernames_differ_without_case_and_accents(runner: Runner, claire: Actor, taken: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        runner.run(claire, create_staff, taken, "Somebody Else", [Role.ASSISTANT])
    assert refused.value.field == "username"


def test_a_username_stays_taken_by_who_left(runner: Runner, team: Team, claire: Actor) -> None:
    runner.run(claire, deactivate_staff, team.karim)
    with pytest.raises(RuleViolation):
        runner.run(claire, create_staff, "karim", "Karim Autre", [Role.ASSISTANT])
    with pytest.raises(RuleViolation):
        runner.run(claire, change_staff, team.julie, username="Karim")


@pytest.mark.parametrize(
    ("field", "given"),
    [("username", "x"), ("username", "x" * 41), ("username", "..."), ("username", "a\tb"), ("display_name", " ")],
)
def test_names_are_checked(runner: Runner, claire: Actor, field: str, given: str) -> None:
    values = {"username": "someone", "display_name": "Some One", field: given}
    with pytest.raises(RuleViolation) as refused:
        runner.run(claire, create_staff, values["username"], values["display_name"], [Role.ASSISTANT])
    assert refused.value.field == field


def test_somebody_has_a_role(runner: Runner, team: Team, claire: Actor) -> None:
    with pytest.raises(RuleViolation):
        runner.run(claire, create_staff, "someone", "Some One", [])
    with pytest.raises(RuleViolation) as refused:
        runner.run(claire, remove_role, team.karim, Role.ASSISTANT)
    assert refused.value.field == "role"


def test_leaving_and_coming_back(runner: Runner, team: Team, claire: Actor) -> None:
    runner.run(claire, deactivate_staff, team.karim, date(2026, 11, 27))
    assert "Karim Benali" not in names(runner, claire)
    assert "Karim Benali" in names(runner, claire, everybody=True)
    assert runner.ask(claire, staff_member, team.karim).line.left_on == date(2026, 11, 27)
    with pytest.raises(NotFound):
        runner.actor("karim")
    with runner.read(claire) as read:
        assert StaffAuthority().name(read, team.karim) == "Karim Benali"
    runner.run(claire, reactivate_staff, team.karim)
    assert runner.actor("karim").id == team.karim
    assert runner.ask(claire, staff_member, team.karim).line.left_on is None


def test_the_last_manager_stays(runner: Runner, team: Team, claire: Actor) -> None:
    runner.run(claire, deactivate_staff, team.marie)
    attempts: list[Callable[[], object]] = [
        lambda: runner.run(claire, deactivate_staff, team.claire),
        lambda: runner.run(claire, set_role_permission, Role.PRACTICE_MANAGER, "manage_staff", False),
        lambda: runner.run(claire, set_role_permission, Role.PRACTICE_MANAGER, "manage_roles", False),
        lambda: runner.run(claire, set_staff_permission, team.claire, "manage_roles", False, "test"),
    ]
    for attempt in attempts:
        with pytest.raises(RuleViolation, match="Nobody could manage"):
            attempt()
    runner.run(claire, assign_role, team.claire, Role.ASSISTANT)
    with pytest.raises(RuleViolation, match="Nobody could manage"):
        runner.run(claire, remove_role, team.claire, Role.PRACTICE_MANAGER)
    runner.run(claire, reactivate_staff, team.marie)
    runner.run(claire, deactivate_staff, team.claire)


def test_an_undo_may_not_take_the_last_manager_either(runner: Runner, team: Team, claire: Actor) -> None:
    back = runner.submit(claire, assign_role, team.julie, Role.PRACTICE_MANAGER).result()
    assert back.undoable
    runner.run(claire, deactivate_staff, team.marie)
    runner.run(claire, deactivate_staff, team.claire)
    julie = runner.actor("julie")
    with pytest.raises(RuleViolation, match="Nobody could manage"):
        runner.undo(julie, back.operation_id)


def test_change_staff_is_undone(runner: Runner, team: Team, claire: Actor) -> None:
    done = runner.submit(claire, change_staff, team.julie, display_name="Julie Roy-Caron", title=Title.DRE).result()
    assert done.undoable
    assert "Julie Roy-Caron" in names(runner, claire)
    runner.undo(claire, done.operation_id)
    line = runner.ask(claire, staff_member, team.julie).line
    assert (line.display_name, line.title) == ("Julie Roy", Title.NONE)


def test_undo_names_who_changed_it_since(runner: Runner, team: Team, claire: Actor) -> None:
    done = runner.submit(claire, change_staff, team.julie, initials="JX").result()
    runner.run(runner.actor("m.gagnon"), change_staff, team.julie, initials="JZ")
    with pytest.raises(StaleRecord, match="Marie Gagnon"):
        runner.undo(claire, done.operation_id)


def test_creating_is_undone_by_deactivating(runner: Runner, claire: Actor) -> None:
    done = runner.submit(claire, create_staff, "tam", "Tam Nguyen", [Role.ORTHODONTIST]).result()
    assert done.undoable
    runner.undo(claire, done.operation_id)
    assert "Tam Nguyen" not in names(runner, claire)


def test_a_password_change_is_not_undone(runner: Runner, team: Team, claire: Actor) -> None:
    done = runner.submit(claire, set_password, team.karim, PASSWORD).result()
    assert not done.undoable
    assert runner.ask(claire, staff_member, team.karim).credential_changed_at == runner.clock.now()
    with pytest.raises(RuleViolation):
        runner.undo(claire, done.operation_id)


def test_presets_decide_where_the_clinic_did_not(runner: Runner, team: Team) -> None:
    for username, role in (("claire", Role.PRACTICE_MANAGER), ("julie", Role.FRONT_DESK), ("karim", Role.ASSISTANT)):
        expected = {name for name, item in PERMISSIONS.items() if role in item.presets}
        assert runner.actor(username).permissions == expected
        assert expected, role


def test_a_permission_declared_later_works_at_once(runner: Runner, team: Team) -> None:
    late = Permission("polish_brackets", "Polish brackets", (Role.ASSISTANT,))
    try:
        assert runner.actor("karim").may(late)
        assert not runner.actor("julie").may(late)
    finally:
        del PERMISSIONS[late.name]


def test_the_clinic_decides_otherwise_and_back(runner: Runner, team: Team, claire: Actor) -> None:
    assert not runner.actor("karim").may(PERMISSIONS["read_audit"])
    given = runner.submit(claire, set_role_permission, Role.ASSISTANT, "read_audit", True).result()
    assert runner.actor("karim").may(PERMISSIONS["read_audit"])
    cell = assistant_cell(runner, claire, "read_audit")
    assert (cell.is_granted, cell.is_decided, cell.preset) == (True, True, False)
    runner.undo(claire, given.operation_id)
    assert not runner.actor("karim").may(PERMISSIONS["read_audit"])
    assert not assistant_cell(runner, claire, "read_audit").is_decided
    taken = runner.submit(claire, set_role_permission, Role.ASSISTANT, "see_staff", False).result()
    assert not runner.actor("karim").may(PERMISSIONS["see_staff"])
    assert taken.undoable
    runner.run(claire, reset_role, Role.ASSISTANT)
    assert runner.actor("karim").may(PERMISSIONS["see_staff"])


def assistant_cell(runner: Runner, actor: Actor, permission: str) -> Cell:
    row = next(row for row in runner.ask(actor, roles_and_permissions) if row.permission == permission)
    return next(cell for cell in row.cells if cell.role is Role.ASSISTANT)


def test_the_matrix_has_every_permission_and_role(runner: Runner, claire: Actor) -> None:
    matrix = runner.ask(claire, roles_and_permissions)
    assert {row.permission for row in matrix} == set(PERMISSIONS)
    assert all([cell.role for cell in row.cells] == list(Role) for row in matrix)


def test_an_exception_for_one_person_needs_a_reason(runner: Runner, team: Team, claire: Actor) -> None:
    with pytest.raises(RuleViolation) as refused:
        runner.run(claire, set_staff_permission, team.karim, "read_audit", True, "  ")
    assert refused.value.field == "reason"
    with pytest.raises(NotFound):
        runner.run(claire, set_staff_permission, team.karim, "no_such_right", True, "why")
    done = runner.submit(claire, set_staff_permission, team.karim, "read_audit", True, "Prépare l’inspection").result()
    assert runner.actor("karim").may(PERMISSIONS["read_audit"])
    assert [item.reason for item in runner.ask(claire, staff_member, team.karim).exceptions] == ["Prépare l’inspection"]
    runner.undo(claire, done.operation_id)
    assert not runner.actor("karim").may(PERMISSIONS["read_audit"])
    runner.run(claire, set_staff_permission, team.julie, "see_staff", False, "Stage")
    assert not runner.actor("julie").may(PERMISSIONS["see_staff"])


def test_rights_are_those_of_all_roles_together(runner: Runner, team: Team, claire: Actor) -> None:
    runner.run(claire, assign_role, team.karim, Role.CLINICAL_STAFF)
    assert runner.actor("karim").may(PERMISSIONS["sign_documents"])
    runner.run(claire, set_role_permission, Role.ASSISTANT, "sign_documents", False)
    assert runner.actor("karim").may(PERMISSIONS["sign_documents"]), "one role that grants is enough"
    runner.run(claire, remove_role, team.karim, Role.CLINICAL_STAFF)
    assert not runner.actor("karim").may(PERMISSIONS["sign_documents"])


def test_nobody_gives_rights_that_they_lack(runner: Runner, team: Team, claire: Actor) -> None:
    runner.run(claire, set_role_permission, Role.FRONT_DESK, "manage_staff", True)
    julie = runner.actor("julie")
    runner.run(julie, create_staff, "new", "New Receptionist", [Role.FRONT_DESK])
    attempts: list[Callable[[], object]] = [
        lambda: runner.run(julie, create_staff, "eve", "Eve Intruse", [Role.PRACTICE_MANAGER]),
        lambda: runner.run(julie, assign_role, team.julie, Role.ORTHODONTIST),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied) as refused:
            attempt()
        assert refused.value.permission == "manage_roles"


def test_a_role_grant_is_one_row_however_often(runner: Runner, claire: Actor) -> None:
    for granted in (True, False, True):
        runner.run(claire, set_role_permission, Role.ASSISTANT, "read_audit", granted)
    with runner.read(claire) as read:
        assert [tuple(row) for row in read.sql("SELECT role, permission, is_granted FROM role_grant")] == [
            ("assistant", "read_audit", 1)
        ]


def test_two_offline_workstations_made_one_username(runner: Runner, team: Team) -> None:
    """A raw write stands for a remote change: the rule did not run there."""
    runner.database.raw().execute("UPDATE staff SET username = 'KARIM' WHERE id = ?", (team.julie,))
    assert runner.actor("karim").id == min(team.julie, team.karim)
    assert runner.actor(team.julie).id == team.julie


def test_the_practice_has_a_name_and_a_time_zone(runner: Runner, team: Team, claire: Actor) -> None:
    with pytest.raises(PermissionDenied):
        runner.run(runner.actor("julie"), create_clinic, "Orthodontie Rosemont")
    with pytest.raises(RuleViolation):
        runner.run(claire, create_clinic, " ")
    runner.run(claire, create_clinic, " Orthodontie  Rosemont ", TimeZone.BLANC_SABLON)
    assert runner.setting(claire, PRACTICE_NAME) == "Orthodontie Rosemont"
    assert runner.setting(claire, CLINIC_TIME_ZONE) is TimeZone.BLANC_SABLON


def test_every_time_zone_exists() -> None:
    from zoneinfo import ZoneInfo

    assert [ZoneInfo(zone.value).key for zone in TimeZone] == [zone.value for zone in TimeZone]


def test_titles_in_both_languages() -> None:
    assert [titled(title, "Marie Gagnon") for title in Title] == [
        "Marie Gagnon", "Dr. Marie Gagnon", "Dr. Marie Gagnon"
    ]  # fmt: skip
    i18n.set_language("fr")
    assert [titled(title, "Marie Gagnon") for title in Title] == ["Marie Gagnon", "Dr Marie Gagnon", "Dre Marie Gagnon"]
