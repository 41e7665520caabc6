"""A clinic of the wizard's answers: checked by field, whole or not at all, whoever kills the program."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.access.authority import StaffAuthority
from app.access.queries import sign_in_screen, staff_list
from app.access.sign_in import Gatekeeper
from app.archives.settings import BACKUP_FOLDER
from app.cli.first_run import (
    Administrator,
    Chair,
    Person,
    Plan,
    Stopped,
    Strength,
    administrator_problems,
    chair_problems,
    check_backup_folder,
    hours_problems,
    make_clinic,
    openings_around,
    person_problems,
    practice_problems,
    proposed_username,
    strength,
)
from app.cli.staging import LOCK_SUFFIX, SUFFIX, is_free, staged
from app.core.clock import Clock
from app.core.errors import RuleViolation, UsageError
from app.core.keys import KEY_IN_FILE, new_recovery_key, recover
from app.core.permissions import Role
from app.core.secret import Secret
from app.journal.queries import NOBODY
from app.journal.workplace import exists, open_workplace
from app.practice.commands import Opening
from app.practice.queries import clinics, opening_hours, operatories
from app.practice.vocabulary import OperatoryKind, Weekday
from tests.app.core.test_keys import Ring
from tests.conftest import NOW

PASSWORD = "les outardes repassent en avril"
ROOT = Path(__file__).resolve().parents[3]


def plan() -> Plan:
    return Plan(
        practice="Clinique d’orthodontie des Érables",
        clinic="Érables",
        phone="514 555-0101",
        hours=((Weekday.MONDAY, Opening("8:00", "17:00")), (Weekday.TUESDAY, Opening("9:00", "18:30"))),
        chairs=(Chair("Fauteuil 1"), Chair("Laboratoire", OperatoryKind.LAB)),
        staff=(Person("Léa Tremblay", "lea.tremblay", Role.ASSISTANT),),
        administrator=Administrator(
            "Marie Gagnon", "marie", treats=True, password=Secret(PASSWORD), pin=Secret("492715")
        ),
        recovery_key=new_recovery_key(),
    )


def silent(message: str, **values: object) -> None:
    """Nobody listens."""


def test_the_clinic_holds_every_answer(tmp_path: Path) -> None:
    asked = replace(plan(), backup_folder=str(tmp_path))
    notices = make_clinic(tmp_path / "data", asked, silent, clock=Clock.fixed(NOW))
    assert [message for message, _values in notices] == [KEY_IN_FILE], "there is no keyring here: it is said"
    with open_workplace(tmp_path / "data", clock=Clock.fixed(NOW), authority=StaffAuthority()) as workplace:
        runner = workplace.runner
        screen = runner.ask(NOBODY, sign_in_screen)
        assert screen.practice_name == asked.practice
        keeper = Gatekeeper(runner)
        signed = keeper.sign_in("marie", Secret(PASSWORD))
        assert signed.has_pin
        assert not signed.must_change_password
        keeper.lock(signed.session_id)
        boss = keeper.unlock_with_pin(signed.session_id, Secret("492715")).actor
        (clinic,) = runner.ask(boss, clinics)
        assert (clinic.name, clinic.phone) == ("Érables", "514 555-0101")
        open_on = {item.weekday: list(item.spans) for item in runner.ask(boss, opening_hours, clinic.id) if item.spans}
        assert open_on == {Weekday.MONDAY: [(480, 1020)], Weekday.TUESDAY: [(540, 1110)]}
        assert [(c.name, c.virtual) for c in runner.ask(boss, operatories)] == [
            ("Fauteuil 1", False),
            ("Laboratoire", True),
        ]
        people = {line.username: set(line.roles) for line in runner.ask(boss, staff_list)}
        assert people == {
            "marie": {Role.PRACTICE_MANAGER, Role.ORTHODONTIST}, "lea.tremblay": {Role.ASSISTANT}
        }  # fmt: skip
        assert runner.setting(boss, BACKUP_FOLDER) == str(tmp_path)
        assert workplace.kind == "clinic"
        assert workplace.verify().sound


def test_the_recovery_key_that_was_printed_is_the_one_that_recovers(tmp_path: Path) -> None:
    asked = plan()
    make_clinic(tmp_path / "data", asked, silent)
    key_file = tmp_path / "data" / "database.key"
    assert recover(tmp_path / "data", asked.recovery_key.lower()).hex() == key_file.read_text()


@pytest.mark.parametrize("error", [Stopped, KeyboardInterrupt, RuleViolation])
def test_what_stops_half_way_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    told: list[str] = []

    def say(message: str, **values: object) -> None:
        told.append(message)
        if len(told) == 3:
            raise error("stopped")

    with pytest.raises(error):
        make_clinic(tmp_path / "data", plan(), say)
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(LOCK_SUFFIX)] == []


KILLED = """
import os, sys
from pathlib import Path
from tests.app.cli.test_first_run import plan
from app.cli.first_run import make_clinic
count = 0
def say(message, **values):
    global count
    count += 1
    if count == int(sys.argv[2]):
        os._exit(9)  # as a kill: nothing is tidied up
make_clinic(Path(sys.argv[1]), plan(), say)
"""


@pytest.mark.parametrize("at", [2, 5])
def test_a_killed_program_leaves_no_clinic_and_the_next_try_succeeds(tmp_path: Path, at: int) -> None:
    folder = tmp_path / "data"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ARCHWIRE_KEYRING": "off"}
    command = [sys.executable, "-c", KILLED, str(folder), str(at)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 9
    assert not exists(folder)
    assert is_free(folder)
    assert (tmp_path / f"data{SUFFIX}").exists(), "the making had begun"
    make_clinic(folder, plan(), silent)
    assert exists(folder)
    assert not (tmp_path / f"data{SUFFIX}").exists()


def test_two_windows_do_not_make_one_folder(tmp_path: Path) -> None:
    with contextlib.suppress(Stopped), staged(tmp_path / "data") as place:
        place.mkdir()
        with pytest.raises(RuleViolation), staged(tmp_path / "data"):
            pass
        assert place.exists(), "the other one did not sweep it away"
        raise Stopped


def test_a_folder_that_holds_something_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_text("mine")
    with pytest.raises(UsageError):
        make_clinic(tmp_path / "data", plan(), silent)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["letter.txt"]


class Forgetful(Ring):
    """A keyring that can also forget."""

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def test_the_keyring_knows_the_folder_by_its_last_name_only(tmp_path: Path) -> None:
    ring = Forgetful()
    assert make_clinic(tmp_path / "data", plan(), silent, keyring=ring) == []
    assert [path for _service, path in ring.kept] == [str(tmp_path / "data")]
    assert not (tmp_path / "data" / "database.key").exists()
    open_workplace(tmp_path / "data", keyring=ring).close()
    with contextlib.suppress(Stopped), staged(tmp_path / "other", ring) as place:
        ring.set_password("Archwire database key", str(place), "00")
        place.mkdir()
        raise Stopped
    assert [path for _service, path in ring.kept] == [str(tmp_path / "data")]


def test_each_wrong_answer_is_said_under_its_field() -> None:
    assert set(practice_problems(Plan())) == {"practice"}
    assert practice_problems(plan()) == {}
    assert set(hours_problems([(Weekday.FRIDAY, Opening("17:00", "8:00"))])) == {"friday"}
    assert set(hours_problems([(Weekday.FRIDAY, Opening("8 heures", "17:00"))])) == {"friday"}
    assert set(hours_problems([])) == {"monday"}
    assert set(hours_problems(plan().hours, Opening("13:00", "12:00"))) == {"lunch"}
    assert hours_problems(plan().hours) == {}
    assert set(chair_problems([Chair("Un"), Chair(""), Chair("un")])) == {"1", "2"}
    two = [Person("Léa", "lea"), Person("", "LÉA"), Person("Zoé", "")]
    assert set(person_problems(two)) == {"1.display_name", "1.username", "2.username"}
    assert set(person_problems(two[:1], taken=["lea"])) == {"0.username"}


def test_the_administrator_is_checked() -> None:
    today = date(2026, 11, 24)
    good = plan().administrator
    assert administrator_problems(good, good.password, today) == {}
    assert set(administrator_problems(good, Secret("another one"), today)) == {"repeated"}
    bad = replace(good, display_name=" ", username="x", password=Secret("court"), pin=Secret("123456"))
    assert set(administrator_problems(bad, bad.password, today)) == {"display_name", "username", "password", "pin"}
    assert set(administrator_problems(good, good.password, today, ["MARIE"])) == {"username"}


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("marie gagnon", Strength.REFUSED),
        ("court", Strength.REFUSED),
        ("vingt pommes", Strength.ENOUGH),
        (PASSWORD, Strength.STRONG),
    ],
)
def test_the_strength_of_a_password(password: str, expected: Strength) -> None:
    assert strength(replace(plan().administrator, password=Secret(password))) is expected


@pytest.mark.parametrize(
    ("name", "username"),
    [("Marie Gagnon", "marie.gagnon"), ("Jean-René de l’Étoile", "jeanrene.letoile"), ("Zoé", "zoe"), ("", "")],
)
def test_a_username_is_proposed(name: str, username: str) -> None:
    assert proposed_username(name) == username


def test_a_place_for_backups_is_tried(tmp_path: Path) -> None:
    (tmp_path / "data" / "inside").mkdir(parents=True)
    (tmp_path / "disk").mkdir()
    assert check_backup_folder(tmp_path / "disk", tmp_path / "data") > 0
    assert list((tmp_path / "disk").iterdir()) == [], "the try leaves nothing"
    for wrong in ("data", "data/inside", "nowhere"):
        with pytest.raises(RuleViolation):
            check_backup_folder(tmp_path / wrong, tmp_path / "data")


def test_a_lunch_within_the_hours_makes_two_openings() -> None:
    day, noon = Opening("08:00", "17:00"), Opening("12:00", "13:00")
    assert openings_around(day, noon) == [Opening("08:00", "12:00"), Opening("13:00", "17:00")]
    assert openings_around(Opening("08:00", "12:00"), noon) == [Opening("08:00", "12:00")]
    assert openings_around(day, None) == [day]
