"""People and things of a day: how they are used, who could take a visit, what a device was used for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.errors import RuleViolation
from app.core.permissions import PERMISSIONS, Role
from app.journal.queries import Actor
from app.orchestration.queries import day_use, device_log, who_could
from app.practice.commands import add_procedure, give_skill, plan_maintenance, record_absence
from app.practice.queries import equipment
from app.practice.vocabulary import AbsenceKind
from app.scheduling import commands as do
from app.scheduling.commands import TypeFlags
from app.scheduling.queries import appointment_types
from tests.app.clinic_world import World
from tests.app.orchestration.test_snapshot import NINE, TODAY, at, book


def test_chairs_people_and_revenue_until_now(world: World) -> None:
    """From 8:00 to 10:00 chair 1 is used for 60 of 120 minutes, chair 2 not at all: it is used too little."""
    type_id = next(line.id for line in world.ask(appointment_types) if line.code == "ADJ")
    world.run(do.change_appointment_type, type_id, flags=TypeFlags())
    visit = book(world, 0, NINE)
    book(world, 1, NINE + timedelta(hours=2))
    at(world, 0)
    world.run(do.seat_patient, visit)
    at(world, 10)
    world.run(do.mark_doctor_here, visit, world.doctors[0])
    at(world, 16)
    world.run(do.mark_doctor_left, visit)
    at(world, 60)
    use = world.ask(day_use, world.clinic)
    chairs = {chair.name: chair for chair in use.chairs}
    assert (chairs["Fauteuil 1"].used, chairs["Fauteuil 1"].open, chairs["Fauteuil 1"].per_mille) == (60, 120, 500)
    assert [name for name, chair in chairs.items() if chair.little] == ["Fauteuil 2"]
    people = {person.name: person for person in use.people}
    assert (people["Karim"].visits, people["Karim"].hands_on, people["Karim"].present) == (1, 60, 120)
    assert (people["Dre Gagnon"].hands_on, people["Sophie"].hands_on) == (6, 0)
    assert people["Karim"].per_mille == 500


def test_expected_revenue_runs_with_the_day_and_only_for_who_may_see_it(world: World) -> None:
    world.run(add_procedure, "80672", "Ajustement", "Adjustment", "100.00", 4, 20)
    world.run(add_procedure, "01202", "Examen", "Exam", "25.00", 2, 5)
    type_id = next(line.id for line in world.ask(appointment_types) if line.code == "ADJ")
    with pytest.raises(RuleViolation, match="99999"):
        world.run(do.change_appointment_type, type_id, flags=TypeFlags(procedures=["99999"]))
    world.run(do.change_appointment_type, type_id, flags=TypeFlags(procedures=["80672", "01202"]))
    first = book(world, 0, NINE)
    book(world, 1, NINE + timedelta(hours=1))
    use = world.ask(day_use, world.clinic)
    assert use.revenue is not None
    assert (use.revenue.earned.cents, use.revenue.to_come.cents) == (0, 25_000)
    world.run(do.seat_patient, first)
    world.run(do.complete_appointment, first)
    use = world.ask(day_use, world.clinic)
    assert use.revenue is not None
    assert (use.revenue.earned.cents, use.revenue.to_come.cents) == (12_500, 12_500)
    held = frozenset(key for key, permission in PERMISSIONS.items() if Role.ASSISTANT in permission.presets)
    assert world.runner.ask(Actor("a", "A", held), day_use, world.clinic).revenue is None


def test_skills_decide_who_is_proposed_then_who_is_free(world: World) -> None:
    type_id = next(line.id for line in world.ask(appointment_types) if line.code == "ADJ")
    karim, sophie = world.hands
    world.run(give_skill, karim, "WIRE")
    world.run(do.change_appointment_type, type_id, flags=TypeFlags(skills=["WIRE"]))
    visit = book(world, 0, NINE + timedelta(minutes=30))
    found = world.ask(who_could, visit)
    assert [(person.id, person.fits) for person in found] == [(karim, True), (sophie, False)]
    assert found[1].skills == ("WIRE",)
    world.run(give_skill, sophie, "WIRE")
    assert [person.id for person in world.ask(who_could, visit)] == [sophie, karim], "the least booked first"
    world.run(record_absence, sophie, AbsenceKind.SICK, NINE, NINE + timedelta(hours=4))
    found = world.ask(who_could, visit)
    assert [(person.id, person.fits) for person in found] == [(karim, True), (sophie, False)]
    doctors = world.ask(who_could, visit, True)
    assert [(person.id, person.fits) for person in doctors] == [(world.doctors[0], True)]


def test_a_device_has_a_log_of_bookings_uses_and_maintenance(world: World) -> None:
    (device,) = world.ask(equipment)
    visit = world.run(do.book_appointment, world.patients[0], "RC", world.records, NINE, None, world.hands[0])
    world.run(do.book_appointment, world.patients[1], "RC", world.records, NINE + timedelta(hours=2), None,
              world.hands[0])  # fmt: skip
    world.run(plan_maintenance, device.id, NINE + timedelta(hours=4), NINE + timedelta(hours=5), "Étalonnage")
    world.run(do.seat_patient, visit)
    log = world.ask(device_log, device.id)
    assert [(line.given_name, line.booked, line.reason) for line in log] == [
        ("Léa", False, ""), ("Noah", True, ""), ("", True, "Étalonnage"),
    ]  # fmt: skip
    assert world.ask(device_log, device.id, TODAY + timedelta(days=1)) == ()
