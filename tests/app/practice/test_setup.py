"""Clinics, chairs, equipment, people, shifts and the procedure catalogue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.core import i18n
from app.core.errors import RuleViolation
from app.core.ids import StaffId
from app.core.money import Money
from app.journal.queries import Actor
from app.practice import commands as do
from app.practice import queries as ask
from app.practice.catalogue import read_fee
from app.practice.vocabulary import AbsenceKind, ClinicLanguages, EquipmentKind, OperatoryKind, ProviderKind, Weekday
from tests.app.clinic_world import WORKDAYS, World, local

READER = Actor("reader", "Anaïs", frozenset({"see_practice"}))


def test_clinics(world: World) -> None:
    done = world.submit(do.add_clinic, "Clinique Laval", "Laval", "America/Toronto", ClinicLanguages.FRENCH)
    world.run(
        do.change_clinic, done.result, "Clinique de Laval", "LAV", "America/Halifax", phone="450 555-0110", position=5
    )
    line = world.ask(ask.clinics)[1]
    assert (line.name, line.short_name, line.time_zone, line.position) == (
        "Clinique de Laval",
        "LAV",
        "America/Halifax",
        5,
    )
    with pytest.raises(RuleViolation, match="time zone is not known"):
        world.run(do.change_clinic, done.result, time_zone="America/Nowhere")
    with pytest.raises(RuleViolation, match="has chairs"):
        world.run(do.withdraw_clinic, world.clinic)
    world.run(do.retire_clinic, done.result)
    assert len(world.ask(ask.clinics)) == 1
    assert len(world.ask(ask.clinics, True)) == 2
    world.run(do.withdraw_clinic, done.result)
    with pytest.raises(RuleViolation, match="was withdrawn"):
        world.run(do.change_clinic, done.result, "Encore")


def test_chairs_in_their_order(world: World) -> None:
    lines = world.ask(ask.operatories, world.clinic)
    assert [line.virtual for line in lines] == [False, False, False, True]
    order = [line.id for line in reversed(lines)]
    world.run(do.order_operatories, world.clinic, order)
    assert [line.id for line in world.ask(ask.operatories, world.clinic)] == order
    with pytest.raises(RuleViolation, match="Name every chair"):
        world.run(do.order_operatories, world.clinic, order[1:])
    done = world.submit(do.add_operatory, world.clinic, "Labo", OperatoryKind.LAB)
    world.run(do.change_operatory, done.result, "Laboratoire", "LAB", OperatoryKind.LAB, True)
    world.undo(done)
    world.run(do.retire_operatory, order[0])
    assert len(world.ask(ask.operatories)) == 3
    assert len(world.ask(ask.operatories, retired=True)) == 4
    world.run(do.withdraw_operatory, order[0])


def test_a_chair_that_a_shift_names_is_not_withdrawn(world: World) -> None:
    world.run(do.add_shift, world.doctors[1], world.clinic, date(2026, 12, 1), "8:00", "12:00", world.chairs[0])
    with pytest.raises(RuleViolation, match="still names the chair"):
        world.run(do.withdraw_operatory, world.chairs[0])


def test_equipment_and_maintenance(world: World) -> None:
    device = world.run(do.add_equipment, world.clinic, "iTero", EquipmentKind.SCANNER, serial_number="SN 1")
    world.run(do.change_equipment, device, "iTero 5D", EquipmentKind.SCANNER, "SN 2")
    at = local(2026, 11, 25, 8)
    planned = world.submit(do.plan_maintenance, device, at, at + timedelta(hours=2), "Étalonnage")
    (line,) = [item for item in world.ask(ask.equipment, world.clinic) if item.id == device]
    assert (line.name, line.serial_number, len(line.maintenance)) == ("iTero 5D", "SN 2", 1)
    world.undo(planned)
    with pytest.raises(RuleViolation, match="not after the start"):
        world.run(do.plan_maintenance, device, at, at)
    world.run(do.retire_equipment, device)
    assert device not in [item.id for item in world.ask(ask.equipment)]
    world.run(do.withdraw_equipment, device)
    elsewhere = world.run(do.add_clinic, "Laval")
    with pytest.raises(RuleViolation, match="another clinic"):
        world.run(do.add_equipment, elsewhere, "Caméra", EquipmentKind.CAMERA, world.chairs[0])


def test_providers_and_skills(world: World) -> None:
    nurse = world.run(do.add_provider, StaffId("nadia"), "Nadia", ProviderKind.HYGIENIST, "12-345", "OHDQ", "#2a7f9e")
    world.run(do.change_provider, nurse, "Nadia H.", ProviderKind.HYGIENIST, "12-346", "OHDQ", "#2a7f9f", 9)
    given = world.submit(do.give_skill, nurse, "radiographs", date(2026, 11, 23))
    (line,) = [item for item in world.ask(ask.providers) if item.id == nurse]
    assert (line.name, line.licence_number, line.colour, line.position) == ("Nadia H.", "12-346", "#2A7F9F", 9)
    assert [(item.skill, item.expired) for item in line.skills] == [("RADIOGRAPHS", True)]
    world.run(do.give_skill, nurse, "radiographs", date(2028, 1, 1))
    world.run(do.withdraw_skill, given.result)
    assert next(item for item in world.ask(ask.providers) if item.id == nurse).skills == ()
    with pytest.raises(RuleViolation, match="is a provider already"):
        world.run(do.add_provider, StaffId("nadia"), "Nadia", ProviderKind.ASSISTANT)
    for wrong in ({"colour": "red"}, {"licence_number": "x" * 101}):
        with pytest.raises(RuleViolation):
            world.run(do.change_provider, nurse, **wrong)
    world.run(do.end_provider, nurse)
    assert nurse not in [item.id for item in world.ask(ask.providers)]
    assert nurse in [item.id for item in world.ask(ask.providers, True)]
    world.run(do.withdraw_provider, nurse)


def test_a_travelling_doctor_is_at_one_clinic_at_a_time(world: World) -> None:
    laval = world.run(do.add_clinic, "Laval")
    other = world.doctors[1]
    made = world.run(
        do.repeat_shift, other, laval, date(2026, 11, 23), date(2026, 12, 18), [Weekday.TUESDAY], "9:00", "16:00",
        every_weeks=2,
    )  # fmt: skip
    assert len(made) == 2
    with pytest.raises(RuleViolation, match="Dr Nguyen already works"):
        world.run(do.add_shift, other, world.clinic, date(2026, 11, 24), "15:00", "19:00")
    done = world.submit(do.add_shift, other, world.clinic, date(2026, 11, 24), "16:00", "19:00")
    withdrawn = world.submit(do.withdraw_shift, done.result)
    world.run(do.add_shift, other, laval, date(2026, 11, 24), "17:00", "18:00")
    with pytest.raises(RuleViolation, match="already works"):
        world.undo(withdrawn)


def test_shifts_breaks_absences(world: World) -> None:
    on = date(2026, 12, 1)
    shift = world.ask(ask.roster, world.clinic, on).shifts[0]
    assert (shift.minutes, shift.meal_due) == (540, True)
    rest = world.submit(do.add_break, shift.id, local(2026, 12, 1, 12), 30)
    assert not world.ask(ask.roster, world.clinic, on).shifts[0].meal_due
    for at in (local(2026, 12, 1, 7, 50), local(2026, 12, 1, 16, 45)):
        with pytest.raises(RuleViolation, match="within its shift"):
            world.run(do.add_break, shift.id, at)
    with pytest.raises(RuleViolation, match="within its shift"):
        world.run(do.change_shift, shift.id, ends_at=local(2026, 12, 1, 12, 15))
    world.run(do.change_shift, shift.id, local(2026, 12, 1, 9), None, world.chairs[1], "Remplace")
    world.undo(rest)
    world.run(do.withdraw_break, rest.result)
    with pytest.raises(RuleViolation, match="at most 16 hours"):
        world.run(do.change_shift, shift.id, ends_at=local(2026, 12, 1, 8))
    with pytest.raises(RuleViolation, match="at most 16 hours"):
        world.run(do.add_shift, world.doctors[1], world.clinic, on, "6:00", "23:00")
    away = world.submit(
        do.record_absence, shift.provider_id, AbsenceKind.SICK, local(2026, 12, 1, 9), local(2026, 12, 2, 9)
    )
    (line,) = world.ask(ask.roster, world.clinic, on).absences
    assert line.kind is AbsenceKind.SICK
    (line,) = world.runner.ask(READER, ask.roster, world.clinic, on).absences
    assert line.kind is None, "why somebody is away is not everybody’s business"
    world.undo(away)
    again = world.run(
        do.record_absence, shift.provider_id, AbsenceKind.OTHER, local(2026, 12, 1, 9), local(2026, 12, 2, 9)
    )
    world.run(do.withdraw_absence, again)
    world.run(do.withdraw_shift, shift.id)
    with pytest.raises(RuleViolation, match="six months"):
        world.run(do.repeat_shift, world.doctors[1], world.clinic, on, date(2027, 12, 1), WORKDAYS, "8:00", "9:00")


CATALOGUE = """code;name_fr;name_en;fee;doctor_minutes;chair_minutes;skills;from_on
80671;Examen orthodontique;Orthodontic exam;1 250,00 $;10;45;;2026-01-01
81121;Collage;;350;10;60;bonding scan;2026-01-01
;Sans code;;10;;;;
81122;Trop cher;;abc;;;;
81123;Minutes;;10;dix;;;
81124;Jour;;10;;;;2026-13-01
80671;Deux fois;;10;;;;2026-01-01
"""


def test_a_catalogue_is_imported_and_bad_rows_are_named(world: World) -> None:
    report = world.run(do.import_procedures, CATALOGUE, dry_run=True)
    assert (report.added, world.ask(ask.procedures)) == (2, ())
    done = world.submit(do.import_procedures, CATALOGUE)
    report = done.result
    assert (report.added, report.replaced, report.unchanged) == (2, 0, 0)
    assert [(error.line, error.column) for error in report.errors] == [
        (4, "code"), (5, "fee"), (6, "doctor_minutes"), (7, "from_on"), (8, "code"),
    ]  # fmt: skip
    assert all(i18n.is_translated("fr", error.message) for error in report.errors)
    exam, bond = world.ask(ask.procedures)
    assert (exam.fee, exam.name_en) == (Money.of(1250), "Orthodontic exam")
    assert (bond.name_en, bond.skills, bond.chair_minutes) == ("Collage", ("BONDING", "SCAN"), 60)
    assert world.runner.ask(READER, ask.procedures)[0].fee is None
    assert world.run(do.import_procedures, CATALOGUE).unchanged == 2
    world.undo(done)
    assert world.ask(ask.procedures) == ()
    with pytest.raises(RuleViolation, match="lacks the column"):
        world.run(do.import_procedures, "code,name_fr\n1,Un\n")


def test_versions_by_day_and_their_undo(world: World) -> None:
    first = world.run(do.add_procedure, "80671", "Examen", fee="100", from_on=date(2026, 1, 1))
    done = world.submit(do.add_procedure, "80671", "Examen", fee="110", from_on=date(2027, 1, 1))
    fees = {on: world.ask(ask.procedures, on)[0].fee for on in (date(2026, 12, 31), date(2027, 1, 1))}
    assert fees == {date(2026, 12, 31): Money.of(100), date(2027, 1, 1): Money.of(110)}
    world.undo(done)
    assert [line.to_on for line in world.ask(ask.procedure_versions, "80671")] == [None]
    report = world.run(do.import_procedures, "code,name_fr,fee,from_on\n80671,Examen,105,2026-01-01\n")
    assert (report.replaced, world.ask(ask.procedures)[0].fee) == (1, Money.of(105))
    with pytest.raises(RuleViolation, match="before the first"):
        world.run(do.end_procedure, world.ask(ask.procedures)[0].id, date(2025, 1, 1))
    world.run(do.end_procedure, world.ask(ask.procedures)[0].id)
    assert world.ask(ask.procedures, date(2026, 11, 25)) == ()
    with pytest.raises(RuleViolation, match="was withdrawn"):
        world.run(do.end_procedure, first)
    later = world.run(do.add_procedure, "80671", "Examen", fee="120", from_on=date(2028, 1, 1))
    report = world.run(do.import_procedures, "code,name_fr,fee,from_on,to_on\n80671,E,1,2027-01-01,2028-06-01\n")
    assert [error.column for error in report.errors] == ["to_on"]
    world.run(do.withdraw_procedure, later)


def test_a_second_entry_of_one_day_takes_the_place_of_the_first(world: World) -> None:
    first = world.run(do.add_procedure, "80671", "Examen", fee="100", from_on=date(2026, 1, 1))
    second = world.run(do.add_procedure, "80671", "Examen", fee="110", from_on=date(2026, 1, 1))
    found = [line for line in world.ask(ask.procedures, on=date(2026, 6, 1)) if line.code == "80671"]
    assert [line.id for line in found] == [second]
    assert first != second


def test_a_long_catalogue_is_one_undo_step(world: World) -> None:
    lines = "\n".join(f"P{number},Acte {number},{number}" for number in range(1, 321))
    with pytest.raises(RuleViolation, match="at most 150 lines"):
        world.run(do.import_procedures, f"code,name_fr,fee\n{lines}")
    with world.runner.group(world.boss, "Import the catalogue") as group:
        report = do.import_catalogue(group, f"code,name_fr,fee\n{lines}\nX Y,Erreur,1", date(2026, 1, 1))
        group_id = group.id
    assert (report.added, [error.line for error in report.errors]) == (320, [322])
    world.runner.undo_group(world.boss, group_id)
    assert world.ask(ask.procedures) == ()


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1 250,00 $", 125000), ("1,250.50", 125050), ("12", 1200), ("0.05", 5), ("1\u202f000,10", 100010)],
)
def test_amounts_in_both_notations(text: str, cents: int) -> None:
    assert read_fee(text).cents == cents


@pytest.mark.parametrize("text", ["", "-5", "1.234", "1,2,3", "douze", "NaN", "1e9", "200000"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(RuleViolation, match="is not an amount"):
        read_fee(text)


def test_verify_finds_nothing(world: World, workplace: Any) -> None:
    assert workplace.verify().sound


def test_a_break_and_a_maintenance_are_withdrawn_by_themselves(world: World) -> None:
    on = date(2026, 12, 1)
    shift = world.ask(ask.roster, world.clinic, on).shifts[0]
    rest = world.run(do.add_break, shift.id, local(2026, 12, 1, 12))
    world.run(do.withdraw_break, rest)
    assert world.ask(ask.roster, world.clinic, on).shifts[0].breaks == ()
    (device,) = world.ask(ask.equipment)
    planned = world.run(do.plan_maintenance, device.id, local(2026, 12, 1, 12), local(2026, 12, 1, 13))
    world.run(do.withdraw_maintenance, planned)
    assert world.ask(ask.equipment)[0].maintenance == ()
