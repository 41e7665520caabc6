"""The five roles of the mission against the commands of the day, by `do`: exactly 0 or 4; and money by `ask`."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.access.commands import create_first_administrator, create_staff
from app.cli.entry import main
from app.core.clock import Clock
from app.core.permissions import Role
from app.core.secret import Secret
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import open_workplace
from app.orchestration.commands import watch_day
from app.practice.commands import add_equipment, add_procedure
from app.practice.vocabulary import EquipmentKind
from app.scheduling import commands as do
from app.scheduling.commands import TypeFlags
from app.scheduling.queries import appointment_types
from tests.app.clinic_world import World, build
from tests.conftest import NOW

D, M, F, C, A = Role.ORTHODONTIST, Role.PRACTICE_MANAGER, Role.FRONT_DESK, Role.CLINICAL_STAFF, Role.ASSISTANT
EVERYBODY = frozenset(Role)
CLINIC = EVERYBODY - {A}
LEADERS = frozenset({D, M})
MAY: dict[str, frozenset[Role]] = {
    "check_in_patient": EVERYBODY, "seat_patient": EVERYBODY, "call_doctor": EVERYBODY,
    "complete_appointment": EVERYBODY, "check_out_patient": EVERYBODY, "check_out_without_next": EVERYBODY,
    "call_to_chair": EVERYBODY, "acknowledge_alert": EVERYBODY, "clock_in": EVERYBODY, "ask_break": EVERYBODY,
    "confirm_appointment": CLINIC, "move_appointment": CLINIC, "cancel_appointment": CLINIC,
    "prioritise_visit": CLINIC, "step_together": CLINIC, "step_back": CLINIC, "correct_event_time": CLINIC,
    "start_cycle": EVERYBODY - {F}, "watch_day": LEADERS, "draw_floor": LEADERS, "answer_break": LEADERS,
    "plan_maintenance": LEADERS, "learn_durations": LEADERS, "change_appointment_type": LEADERS,
}  # fmt: skip
"""The mission: the orthodontist and the manager do everything of the day, the desk and the clinical staff what is
theirs, assistants less."""


@dataclasses.dataclass
class Place:
    """The folder, who works there, and what the commands need."""

    folder: Path
    given: dict[str, list[str]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> Place:
    """The small practice with somebody of each role and a visit for each command."""
    folder = Path(shutil.copytree(empty_folder, tmp_path_factory.mktemp("roles") / "data"))
    with open_workplace(folder, clock=Clock.fixed(NOW)) as opened:
        runner = opened.runner
        boss = Actor("boss", "Claire Brunet", everything=True)
        world = build(runner, boss)
        runner.run(SYSTEM, create_first_administrator, "admin", "Ada Roy", Secret("cheval agrafe pile"), roles=[D])
        staff = {role: runner.run(boss, create_staff, role.value, f"Dr {role.value}", [role]) for role in Role}
        given = _given(world, staff)
    return Place(folder, given)


def _given(world: World, staff: dict[Role, Any]) -> dict[str, list[str]]:
    """The arguments of each command, on things of its own."""
    from app.practice.commands import add_provider
    from app.practice.vocabulary import ProviderKind

    for role, key in staff.items():
        kind = ProviderKind.DOCTOR if role is D else ProviderKind.ASSISTANT
        world.run(add_provider, key, role.value, kind)
    world.run(add_procedure, "80672", "Ajustement", "Adjustment", "100.00", 4, 20)
    type_id = next(line.id for line in world.ask(appointment_types) if line.code == "ADJ")
    world.run(do.change_appointment_type, type_id, flags=TypeFlags(procedures=["80672"]))
    visit = world.run(
        do.book_appointment, world.patients[0], "ADJ", world.chairs[0], NOW - timedelta(minutes=10), None,
        world.hands[0], override=True,
    )  # fmt: skip
    world.run(watch_day, world.clinic)
    steriliser = world.run(add_equipment, world.clinic, "Autoclave", EquipmentKind.STERILISER)
    return {"visit": [visit], "chair": [world.chairs[1]], "clinic": [world.clinic], "device": [steriliser],
            "type": [type_id], "patient": [world.patients[1]], "hand": [world.hands[0]]}  # fmt: skip


def words(command: str, given: dict[str, list[str]]) -> list[str]:
    """What stands after `do COMMAND` for a try that is refused or not by the right alone."""
    visit, clinic = given["visit"][0], given["clinic"][0]
    later = (NOW + timedelta(hours=2)).isoformat()
    known = {
        "watch_day": [f"clinic_id={clinic}"], "learn_durations": [], "clock_in": [], "ask_break": ["minutes=10"],
        "draw_floor": [f"clinic_id={clinic}", "spots=[]"],
        "answer_break": ["break_request_id=none", "granted=true"],
        "plan_maintenance": [f"equipment_id={given['device'][0]}", f"starts_at={later}",
                             f"ends_at={(NOW + timedelta(hours=3)).isoformat()}"],
        "start_cycle": [f"equipment_id={given['device'][0]}", "contents=x", "packs=1"],
        "change_appointment_type": [f"type_id={given['type'][0]}", "name_fr=Ajustement"],
        "acknowledge_alert": ["alert_id=none"], "correct_event_time": ["event_id=none", f"at={NOW.isoformat()}"],
        "prioritise_visit": [f"appointment_id={visit}", "reason=x"],
        "step_together": ["step=arrive", f"appointment_ids={visit}"],
        "check_out_without_next": [f"appointment_id={visit}", "reason=calls_back"],
        "move_appointment": [f"appointment_id={visit}", f"starts_at={later}"],
    }  # fmt: skip
    return known.get(command, [f"appointment_id={visit}"])


@pytest.fixture
def call(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """`main.py --data …` on a copy."""
    folder = shutil.copytree(place.folder, tmp_path / "data")

    def run(*given: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["--data", str(folder), *given, "--at", NOW.isoformat()])
        return code, capsys.readouterr().out

    return run


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_each_command_is_done_or_refused_by_the_right_alone(
    role: Role, place: Place, call: Callable[..., tuple[int, str]]
) -> None:
    """4 for who does not hold the right, whatever the state; for the others never 4, and 0 for what is possible."""
    refused = set()
    for command in MAY:
        code, _out = call("do", command, *words(command, place.given), "--as", role.value)
        assert code in {0, 3, 4, 5}, command
        if code == 4:
            refused.add(command)
    assert refused == {command for command, roles in MAY.items() if role not in roles}


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_visit_is_received_treated_and_let_go_by_every_role(
    role: Role, place: Place, call: Callable[..., tuple[int, str]]
) -> None:
    visit = f"appointment_id={place.given['visit'][0]}"
    steps = ("check_in_patient", "call_to_chair", "seat_patient", "call_doctor", "mark_doctor_here",
             "mark_doctor_left", "complete_appointment", "check_out_patient")  # fmt: skip
    assert [call("do", step, visit, "--as", role.value)[0] for step in steps] == [0] * len(steps)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_money_is_hidden_where_the_role_says_so(role: Role, call: Callable[..., tuple[int, str]]) -> None:
    code, out = call("ask", "day_snapshot", "--as", role.value, "--json")
    assert code == 0
    assert ("10000" in out or "100.00" in out) is (role in {D, M, F})


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_figures_and_records_are_for_leaders(role: Role, call: Callable[..., tuple[int, str]]) -> None:
    for query in ("alert_history", "flow_record", "alert_figures"):
        assert call("ask", query, "--as", role.value)[0] == (0 if role in LEADERS else 4), query
