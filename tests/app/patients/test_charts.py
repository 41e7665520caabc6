"""Opening, changing and leaving charts; undo; clear sentences for bad input."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.core.ids import PatientId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands import (
    archive_patient,
    change_patient,
    create_patient,
    make_patient_inactive,
    reactivate_patient,
    restore_patient,
    set_nam,
    withdraw_patient,
)
from app.patients.nam import BIRTH_DIFFERS, CHECKSUM_WRONG
from app.patients.permissions import VIEW_PATIENTS
from app.patients.queries import (
    FileStatus,
    Language,
    PatientBanner,
    PatientField,
    RamqSex,
    patient_banner,
    patient_history,
    patient_list,
    patient_page,
)


def banner(runner: Runner, boss: Actor, patient: PatientId) -> PatientBanner:
    return runner.ask(boss, patient_banner, patient)


def test_a_new_chart(runner: Runner, boss: Actor) -> None:
    patient = runner.run(
        boss, create_patient, "  L’Écuyer ", "Marie-Ève", date(2012, 11, 25), Language.ENGLISH, "Eve", "elle"
    )
    found = banner(runner, boss, patient)
    assert (found.family_name, found.given_name, found.preferred_name) == ("L’Écuyer", "Marie-Ève", "Eve")
    assert (found.age_years, found.file_number, found.language) == (13, "10001", Language.ENGLISH)
    assert (found.status, found.pronouns) == (FileStatus.ACTIVE, "elle")


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"family_name": "  "}, "family_name"),
        ({"given_name": "123"}, "given_name"),
        ({"given_name": "x" * 101}, "given_name"),
        ({"family_name": "a\x00b"}, "family_name"),
        ({"family_name": "a\x07b"}, "family_name"),
        ({"born_on": date(2026, 11, 25)}, "born_on"),
        ({"born_on": date(1899, 12, 31)}, "born_on"),
        ({"nam": "TREM"}, "nam"),
        ({"nam_expires": "1327"}, "nam_expires"),
        ({"file_number": "---"}, "file_number"),
        ({"file_number": "10001"}, "file_number"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    runner: Runner, boss: Actor, florence: PatientId, fields: dict[str, Any], at_fault: str
) -> None:
    given = {"family_name": "Roy", "given_name": "Léa"} | fields
    with pytest.raises(RuleViolation) as refused:
        runner.run(boss, create_patient, **given)
    assert refused.value.field == at_fault
    assert str(refused.value).endswith(".")
    assert runner.ask(boss, patient_list).total == 1


def test_numbers_go_on_and_are_never_given_again(runner: Runner, boss: Actor, florence: PatientId) -> None:
    second = runner.run(boss, create_patient, "Roy", "Léa")
    assert banner(runner, boss, second).file_number == "10002"
    runner.run(boss, withdraw_patient, second)
    third = runner.run(boss, create_patient, "Roy", "Zoé")
    assert banner(runner, boss, third).file_number == "10003"
    odd = runner.run(boss, create_patient, "Roy", "Ida", file_number="2024-000777")
    assert banner(runner, boss, odd).file_number == "2024-000777"
    later = runner.run(boss, create_patient, "Roy", "Noé", file_number="20418")
    assert banner(runner, boss, later).file_number == "20418"
    assert banner(runner, boss, runner.run(boss, create_patient, "Roy", "Max")).file_number == "20419"


def test_only_what_is_given_changes(runner: Runner, boss: Actor, florence: PatientId) -> None:
    done = runner.submit(boss, change_patient, florence, preferred_name="Flo", sex_at_ramq=RamqSex.FEMALE).result()
    (line, *_rest) = runner.ask(boss, patient_history, florence)
    assert {change.column for change in line.changes} == {"preferred_name", "sex_at_ramq"}
    assert done.undoable
    runner.undo(boss, done.operation_id)
    assert banner(runner, boss, florence).preferred_name is None


def test_what_is_cleared_becomes_empty(runner: Runner, boss: Actor, florence: PatientId) -> None:
    runner.run(boss, change_patient, florence, preferred_name="Flo")
    runner.run(boss, change_patient, florence, clear=[PatientField.BORN_ON, PatientField.PREFERRED_NAME])
    found = banner(runner, boss, florence)
    assert (found.born_on, found.age_years, found.preferred_name) == (None, None, None)


def test_creating_is_undone_by_withdrawing(runner: Runner, boss: Actor) -> None:
    done = runner.submit(boss, create_patient, "Roy", "Léa").result()
    runner.undo(boss, done.operation_id)
    assert runner.ask(boss, patient_list).total == 0
    with pytest.raises(NotFound):
        banner(runner, boss, done.result)
    runner.run(boss, restore_patient, done.result)
    assert banner(runner, boss, done.result).given_name == "Léa"


def test_a_withdrawn_chart_is_not_worked_in(runner: Runner, boss: Actor, florence: PatientId) -> None:
    runner.run(boss, withdraw_patient, florence)
    with pytest.raises(RuleViolation, match="withdrawn"):
        runner.run(boss, change_patient, florence, given_name="Flo")


def test_the_states_of_a_file(runner: Runner, boss: Actor, florence: PatientId) -> None:
    for command, status in (
        (make_patient_inactive, FileStatus.INACTIVE),
        (archive_patient, FileStatus.ARCHIVED),
        (reactivate_patient, FileStatus.ACTIVE),
    ):
        runner.run(boss, command, florence)
        assert banner(runner, boss, florence).status is status


def test_a_doubtful_nam_is_kept_and_said(runner: Runner, boss: Actor, florence: PatientId) -> None:
    warnings = runner.run(boss, set_nam, florence, "berf 1253 1510", "2610")
    assert set(warnings) == {BIRTH_DIFFERS, CHECKSUM_WRONG}
    page = runner.ask(boss, patient_page, florence)
    assert (page.nam, page.nam_expires, page.banner.card_expired) == ("BERF 1253 1510", "2610", True)
    assert set(page.nam_warnings) == set(warnings)
    runner.run(boss, set_nam, florence, "")
    assert runner.ask(boss, patient_page, florence).nam is None


def test_the_nam_is_covered_for_who_may_not_see_it(runner: Runner, boss: Actor, florence: PatientId) -> None:
    runner.run(boss, set_nam, florence, "BERF12531510")
    assistant = Actor("a", "Assistant", frozenset({VIEW_PATIENTS.name, "view_patient_history"}))
    page = runner.ask(assistant, patient_page, florence)
    assert (page.nam, page.nam_warnings, page.nam_expires) == (None, (), None)
    seen = [change for line in runner.ask(assistant, patient_history, florence) for change in line.changes]
    assert "BERF12531510" not in repr(seen)
    assert "BERF12531510" in repr(runner.ask(boss, patient_history, florence))


def test_the_nam_is_in_no_stored_argument(runner: Runner, boss: Actor, florence: PatientId) -> None:
    runner.run(boss, set_nam, florence, "BERF12531510")
    with runner.read(boss) as read:
        (row,) = read.sql("SELECT arguments FROM operation WHERE command = 'set_nam'")
    assert "BERF" not in row.arguments
    assert florence in row.arguments


def test_rights(runner: Runner, florence: PatientId) -> None:
    reader = Actor("r", "Reader", frozenset({VIEW_PATIENTS.name}))
    assert runner.ask(reader, patient_banner, florence).family_name == "Bergeron"
    with pytest.raises(PermissionDenied):
        runner.run(reader, change_patient, florence, given_name="X")
    with pytest.raises(PermissionDenied):
        runner.ask(Actor("n", "Nobody"), patient_banner, florence)


def test_the_history_pages_backwards(runner: Runner, boss: Actor, florence: PatientId) -> None:
    for name in ("A", "B", "C"):
        runner.run(boss, change_patient, florence, preferred_name=name)
    whole = runner.ask(boss, patient_history, florence)
    assert [line.label for line in whole] == ["Change the patient"] * 3 + ["Create the patient"]
    first = runner.ask(boss, patient_history, florence, limit=2)
    assert first + runner.ask(boss, patient_history, florence, before=first[-1].operation_id) == whole


def test_a_birthday_on_29_february(runner: Runner, boss: Actor) -> None:
    patient = runner.run(boss, create_patient, "Roy", "Léa", date(2012, 2, 29))
    assert banner(runner, boss, patient).age_years == 14
