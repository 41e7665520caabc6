"""What the forms of the set-up stand on: marks against lost corrections, refused doubles, pages, weeks of a person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core.errors import RuleViolation, StaleRecord
from app.core.unchanged import mark_of
from app.practice import commands as do
from app.practice import queries as ask
from app.practice.vocabulary import AbsenceKind, ClosureKind, EquipmentKind
from tests.app.clinic_world import World, local


def test_a_correction_of_what_somebody_else_changed_is_refused(world: World) -> None:
    (before,) = world.ask(ask.clinics)
    seen = mark_of(before, ask.CLINIC)
    world.run(do.change_clinic, before.id, name="Clinique Beaubien", seen=seen)
    with pytest.raises(StaleRecord):
        world.run(do.change_clinic, before.id, name="Clinique Masson", seen=seen)
    (now,) = world.ask(ask.clinics)
    assert now.name == "Clinique Beaubien"
    world.run(do.change_clinic, before.id, name="Clinique Masson", seen=mark_of(now, ask.CLINIC))
    assert world.ask(ask.clinics)[0].name == "Clinique Masson"


@pytest.mark.parametrize("kind", ["chair", "device", "provider"])
def test_each_form_has_its_mark(world: World, kind: str) -> None:
    query, names, command = {
        "chair": (ask.operatories, ask.OPERATORY, do.change_operatory),
        "device": (ask.equipment, ask.EQUIPMENT, do.change_equipment),
        "provider": (ask.providers, ask.PROVIDER, do.change_provider),
    }[kind]
    line = world.ask(query)[0]
    seen = mark_of(line, names)
    world.run(command, line.id, name="Autre nom", seen=seen)
    with pytest.raises(StaleRecord):
        world.run(command, line.id, name="Encore", seen=seen)


def test_names_are_not_given_twice(world: World) -> None:
    with pytest.raises(RuleViolation, match="Another clinic is called") as refused:
        world.run(do.add_clinic, "CLINIQUE rosemont")
    assert refused.value.field == "name"
    with pytest.raises(RuleViolation, match="Another chair"):
        world.run(do.add_operatory, world.clinic, "fauteuil 1")
    with pytest.raises(RuleViolation, match="Another device"):
        world.run(do.add_equipment, world.clinic, "PANO", EquipmentKind.XRAY)
    laval = world.run(do.add_clinic, "Clinique Laval")
    world.run(do.add_operatory, laval, "Fauteuil 1")
    world.run(do.retire_operatory, world.chairs[0])
    world.run(do.add_operatory, world.clinic, "Fauteuil 1")


def test_a_device_changes_its_room_or_is_carried(world: World) -> None:
    (device,) = world.ask(ask.equipment)
    world.run(do.change_equipment, device.id, operatory_id=world.chairs[0])
    assert world.ask(ask.equipment)[0].operatory_id == world.chairs[0]
    world.run(do.change_equipment, device.id, carried=True)
    assert world.ask(ask.equipment)[0].operatory_id is None
    laval = world.run(do.add_clinic, "Clinique Laval")
    elsewhere = world.run(do.add_operatory, laval, "Fauteuil 1")
    with pytest.raises(RuleViolation, match="another clinic"):
        world.run(do.change_equipment, device.id, operatory_id=elsewhere)


def test_a_closure_is_written_anew_and_taken_back(world: World) -> None:
    closure = world.run(do.add_closure, date(2026, 12, 24), "Noël", date(2026, 12, 31))
    done = world.submit(
        do.change_closure, closure, date(2026, 12, 24), "Veille de Noël", start="12:00", end="17:00",
        clinic_id=world.clinic,
    )  # fmt: skip
    (line,) = world.ask(ask.closures)
    assert (line.to_on, line.start_minute, line.clinic_id) == (date(2026, 12, 24), 720, world.clinic)
    with pytest.raises(RuleViolation, match="from when to when"):
        world.run(do.change_closure, closure, date(2026, 12, 24), "Ouvert", kind=ClosureKind.OPEN)
    with pytest.raises(RuleViolation, match="before the first"):
        world.run(do.change_closure, closure, date(2026, 12, 24), "Noël", date(2026, 12, 1))
    world.undo(done)
    assert world.ask(ask.closures)[0].to_on == date(2026, 12, 31)


def test_an_absence_is_written_anew(world: World) -> None:
    start = local(2026, 11, 25)
    absence = world.run(do.record_absence, world.hands[0], AbsenceKind.SICK, start, start + timedelta(days=1))
    world.run(do.change_absence, absence, AbsenceKind.TRAINING, start, start + timedelta(days=2), "Congrès")
    (line,) = world.ask(ask.absence_list)
    assert (line.kind, line.ends_at, line.note) == (AbsenceKind.TRAINING, start + timedelta(days=2), "Congrès")
    with pytest.raises(StaleRecord):
        world.run(do.change_absence, absence, AbsenceKind.SICK, start, start + timedelta(days=1), seen="old")
    with pytest.raises(RuleViolation, match="not after the start"):
        world.run(do.change_absence, absence, AbsenceKind.SICK, start, start)
    assert world.ask(ask.absence_list, date(2026, 12, 24)) == ()


def test_a_week_of_a_travelling_doctor_spans_the_clinics(world: World) -> None:
    laval = world.run(do.add_clinic, "Clinique Laval")
    doctor, other = world.doctors[1], world.hands[0]
    world.run(do.add_shift, doctor, world.clinic, date(2026, 11, 24), "8:00", "12:00")
    world.run(do.add_shift, doctor, laval, date(2026, 11, 26), "9:00", "17:00")
    start = local(2026, 11, 27)
    world.run(do.record_absence, doctor, AbsenceKind.VACATION, start, start + timedelta(days=1))
    world.run(do.record_absence, other, AbsenceKind.VACATION, start, start + timedelta(days=1))
    week = world.ask(ask.provider_week, doctor, date(2026, 11, 23))
    assert [shift.clinic_id for shift in week.shifts] == [world.clinic, laval]
    assert [absence.provider_id for absence in week.absences] == [doctor]
    assert world.ask(ask.provider_week, doctor, date(2026, 11, 30)).shifts == ()


def test_the_catalogue_is_searched_sorted_and_paged(world: World) -> None:
    for number in range(25):
        world.run(do.add_procedure, f"P{number:03d}", f"Ajustement {number}", f"Adjustment {number}", "10")
    world.run(do.add_procedure, "OLD", "Ancien", from_on=date(2025, 1, 1), to_on=date(2025, 12, 31))
    page = world.ask(ask.procedure_page, limit=10, offset=20)
    assert (page.total, len(page.rows), page.rows[0].code) == (25, 5, "P020")
    falling = world.ask(ask.procedure_page, sort=ask.ProcedureSort.NAME_EN, falling=True, limit=1)
    assert falling.rows[0].name_en == "Adjustment 9"
    assert [row.code for row in world.ask(ask.procedure_page, "ajust 12").rows] == ["P012"]
    assert world.ask(ask.procedure_page, "100%").total == 0
    assert world.ask(ask.procedure_page, every_version=True).total == 26


def test_the_holidays_of_a_clinic_that_opens_on_sundays(world: World) -> None:
    names = [item.on for item in world.ask(ask.holidays, 2029)]
    assert date(2029, 6, 25) in names, "24 June 2029 is a Sunday"
    world.run(do.set_opening_hours, world.clinic, ask.Weekday.SUNDAY, [do.Opening("9:00", "12:00")])
    assert date(2029, 6, 25) not in [item.on for item in world.ask(ask.holidays, 2029, world.clinic)]
