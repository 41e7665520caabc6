"""A whole old system: everything is in once, adds up, and goes as a whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.billing.queries import opening_balances_of, opening_totals
from app.conversion.importing import undo_conversion
from app.conversion.queries import conversion_remarks, conversion_runs, old_notes
from app.conversion.report import Report
from app.conversion.taking_in import withdraw_conversion_run, withdraw_rows
from app.conversion.vocabulary import Weight
from app.core.errors import PermissionDenied, RuleViolation
from app.core.ids import PatientId
from app.core.money import Money
from app.journal.queries import NOBODY, Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace
from app.patients.commands import change_patient
from app.patients.queries.finding import search_patients
from app.scheduling.commands import book_appointment
from tests.app.clinic_world import World, local
from tests.app.conversion.conftest import BALANCES, Convert

ALL_IN = {
    "patients.csv": (3, 3, 0, 0, 0),
    "responsables.csv": (2, 2, 0, 0, 0),
    "rendez-vous.csv": (3, 3, 0, 0, 0),
    "rappels.csv": (1, 1, 0, 0, 0),
    "notes.csv": (1, 1, 0, 0, 0),
    "soldes.csv": (2, 2, 0, 0, 0),
}
TABLES = (
    "patient", "person", "responsibility", "contact_point", "appointment", "recall", "old_note", "legacy_row",
)  # fmt: skip


def counts(report: Report) -> dict[str, tuple[int, ...]]:
    return {one.file: (one.given, one.taken_in, one.already, one.changed, one.rejected) for one in report.files}


def living(world: World) -> dict[str, int]:
    with world.runner.read(world.boss) as read:
        return {table: read.sql(f"SELECT count(*) FROM {table} WHERE withdrawn_at IS NULL")[0][0] for table in TABLES}


def names(world: World, words: str) -> set[str]:
    return {f"{hit.given_name} {hit.family_name}" for hit in world.ask(search_patients, words).rows}


def elodie(world: World) -> PatientId:
    (hit,) = world.ask(search_patients, "Élodie Côté").rows
    return PatientId(hit.id)


def test_a_dry_run_writes_nothing_and_says_what_the_run_will_do(take_in: Convert, world: World) -> None:
    before = living(world)
    dry = take_in(dry_run=True)
    assert [one.text for one in dry.remarks] == []
    assert counts(dry) == ALL_IN
    assert living(world) == before
    assert dry.run_id is None
    assert counts(take_in()) == ALL_IN


def test_everything_is_in_and_a_second_run_adds_nothing(take_in: Convert, world: World, workplace: Workplace) -> None:
    before = living(world)
    report = take_in()
    assert report.adds_up
    assert [one.text for one in report.remarks] == []
    assert names(world, "Côté") == {"Élodie Côté", "Noah Côté"}
    (balance,) = world.ask(opening_balances_of, elodie(world))
    assert (balance.contract_total, balance.paid_to_date, balance.balance, balance.as_of_on) == (
        Money(650_000), Money(200_000), Money(450_000), date(2026, 10, 31),
    )  # fmt: skip
    assert [note.text for note in world.ask(old_notes, elodie(world))] == ['Dit: "ça pince".\nArc changé.']
    after = living(world)
    grown = {table: after[table] - before[table] for table in TABLES}
    assert grown == {
        "patient": 3, "person": 2, "responsibility": 4, "contact_point": 6, "appointment": 3, "recall": 1,
        "old_note": 1, "legacy_row": 12,
    }  # fmt: skip
    again = take_in()
    assert counts(again) == {file: (n[0], 0, n[0], 0, 0) for file, n in ALL_IN.items()}
    assert living(world) == after
    assert workplace.verify().sound


def test_one_undo_withdraws_all_of_it_and_it_can_be_taken_in_again(
    take_in: Convert, world: World, workplace: Workplace
) -> None:
    before = living(world)
    report = take_in()
    patient = elodie(world)
    after = living(world)
    assert report.run_id
    undo_conversion(world.runner, world.boss, report.run_id)
    assert living(world) == before
    assert names(world, "Côté") == set()
    assert names(world, "A-101") == set()
    assert names(world, "5145550142") == set()
    assert world.ask(opening_totals).count == 0
    assert world.ask(opening_balances_of, patient) == ()
    assert world.ask(old_notes, patient) == ()
    with world.runner.read(world.boss) as read:
        assert read.sql("SELECT count(*) FROM appointment_state")[0][0] == 0
    (run,) = world.ask(conversion_runs)
    assert run.undone_at is not None
    assert run.finished_at is not None
    assert workplace.verify().sound
    again = take_in()
    assert counts(again) == ALL_IN
    assert again.run_id != report.run_id
    assert living(world) == after
    assert elodie(world) == patient
    assert world.ask(opening_totals).balance == Money(450_000)
    assert again.run_id
    undo_conversion(world.runner, world.boss, again.run_id)
    assert living(world) == before
    assert workplace.verify().sound


def test_rows_that_say_something_else_are_changed_and_what_was_edited_here_stays(
    take_in: Convert, world: World, old: Path
) -> None:
    take_in()
    world.run(change_patient, elodie(world), preferred_name="Élo", given_name="Élodie-Anne")
    text = (old / "patients.csv").read_bytes().decode("cp1252")
    changed = text.replace("Élodie;", "Elodie;").replace("12, rue Saint-Denis", "14, rue Saint-Denis")
    (old / "patients.csv").write_bytes(changed.encode("cp1252"))
    (old / "soldes.csv").write_bytes(BALANCES.replace("4 500,00", "4 400,00").encode("cp1252"))
    report = take_in()
    assert counts(report)["patients.csv"] == (3, 0, 2, 1, 0)
    assert counts(report)["soldes.csv"] == (2, 0, 1, 1, 0)
    assert [one.weight for one in report.remarks] == [Weight.WARNING, Weight.WARNING]
    assert names(world, "Élodie-Anne") == {"Élodie-Anne Côté"}
    with world.runner.read(world.boss) as read:
        streets = read.sql("SELECT value FROM contact_point WHERE kind = 'address' AND withdrawn_at IS NULL")
    assert [row[0] for row in streets] == ["14, rue Saint-Denis"]
    patient = PatientId(world.ask(search_patients, "Élodie-Anne").rows[0].id)
    assert [line.balance for line in world.ask(opening_balances_of, patient)] == [Money(440_000)]
    assert report.run_id
    undo_conversion(world.runner, world.boss, report.run_id)
    assert [line.balance for line in world.ask(opening_balances_of, patient)] == [Money(450_000)]
    with world.runner.read(world.boss) as read:
        streets = read.sql("SELECT value FROM contact_point WHERE kind = 'address' AND withdrawn_at IS NULL")
    assert [row[0] for row in streets] == ["12, rue Saint-Denis"]


def test_the_parts_of_the_undo_work_one_by_one(take_in: Convert, world: World) -> None:
    before = living(world)
    report = take_in()
    with world.runner.read(world.boss) as read:
        batches = [row[0] for row in read.sql("SELECT id FROM conversion_batch ORDER BY id DESC")]
    for batch in batches:
        world.runner.run(world.boss, withdraw_rows, batch)
    world.runner.run(world.boss, withdraw_conversion_run, report.run_id)
    assert living(world) == before


def test_the_undo_is_refused_when_work_was_done_since(take_in: Convert, world: World) -> None:
    report = take_in()
    before = living(world)
    starts = local(2026, 11, 30, 13)
    world.run(book_appointment, elodie(world), "ADJ", world.chairs[1], starts, world.doctors[0], override=True)
    assert report.run_id
    with pytest.raises(RuleViolation, match="Work has been done since"):
        undo_conversion(world.runner, world.boss, report.run_id)
    assert living(world) == before | {"appointment": before["appointment"] + 1}


def test_a_conversion_that_was_cancelled_goes_on_in_the_same_undo_step(take_in: Convert, world: World) -> None:
    before = living(world)
    stopped = take_in(progress=lambda done, total, name: name != "responsables.csv")
    assert stopped.cancelled
    report = take_in()
    assert report.resumed
    assert report.run_id == stopped.run_id
    assert counts(report) == ALL_IN
    assert report.run_id
    undo_conversion(world.runner, world.boss, report.run_id)
    assert living(world) == before


def test_only_those_who_may_take_in_an_old_system(take_in: Convert, runner: Runner, old: Path) -> None:
    from app.conversion.importing import Source, convert
    from app.conversion.mapping import guess_mapping

    mapping = guess_mapping(old, "Vieux", "Vieux")
    for nobody in (NOBODY, Actor("desk", "Léa", frozenset({"edit_patients", "book_appointments"}))):
        with pytest.raises(PermissionDenied):
            convert(runner, nobody, Source.of_folder(old, mapping), mapping)
    with pytest.raises(PermissionDenied):
        runner.ask(NOBODY, conversion_runs)


def test_remarks_are_kept_on_this_workstation(take_in: Convert, world: World, old: Path) -> None:
    (old / "rappels.csv").write_bytes(
        "No rappel;No patient;Date;Type\r\n7001;999;2027-01-15;Autre\r\n".encode("cp1252")
    )
    report = take_in()
    (remark,) = report.remarks
    assert (remark.file, remark.line, remark.column) == ("rappels.csv", 2, "No patient")
    assert "999" in remark.in_language("fr")
    assert "999" in remark.in_language("en")
    assert report.run_id
    assert world.ask(conversion_remarks, report.run_id) == (remark,)
