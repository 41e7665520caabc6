"""What visits stand on cannot be pulled away, and what they are given must fit."""

from __future__ import annotations

from typing import Any

import pytest

from app.practice import commands as practice
from app.practice import queries as practice_queries
from app.practice.vocabulary import EquipmentKind
from app.scheduling import commands as do
from app.scheduling import queries as ask
from tests.app.clinic_world import World
from tests.app.scheduling.test_moments import after, refused


@pytest.fixture
def visit(world: World) -> Any:
    """A visit of 10:00 today."""
    return world.run(
        do.book_appointment, world.patients[0], "ADJ", world.chairs[0], after(60), assistant_id=world.hands[0]
    )


def test_chairs_people_and_devices_of_a_visit_are_not_withdrawn(world: World, visit: Any) -> None:
    world.run(do.book_appointment, world.patients[1], "RC", world.records, after(60), assistant_id=world.hands[1])
    (device,) = [line.id for line in world.ask(practice_queries.equipment, world.clinic)]
    has_visits = "“{}” has visits: give an end to its use instead of withdrawing the entry."
    for command, which, name in (
        (practice.withdraw_operatory, world.chairs[0], "Fauteuil 1"),
        (practice.withdraw_provider, world.doctors[0], "Dre Gagnon"),
        (practice.withdraw_provider, world.hands[0], "Karim"),
        (practice.withdraw_equipment, device, "Pano"),
    ):
        assert refused(world, command, which)[0] == has_visits.format(name)
    world.run(practice.retire_operatory, world.chairs[0])
    world.run(practice.withdraw_operatory, world.chairs[1])
    world.run(do.withdraw_appointment, visit)
    world.run(practice.withdraw_operatory, world.chairs[0])


def test_an_x_ray_is_not_taken_with_a_camera(world: World) -> None:
    camera = world.run(practice.add_equipment, world.clinic, "Nikon", EquipmentKind.CAMERA)
    place = (world.patients[0], "RC", world.records, after(60))
    said = refused(world, do.book_appointment, *place, assistant_id=world.hands[0], equipment_id=camera)
    assert said == ("This visit needs equipment of another kind.", "equipment_id")


def test_a_visit_waits_once_for_a_sooner_time(world: World, visit: Any) -> None:
    first = world.run(do.add_short_notice, world.patients[0], visit)
    said = refused(world, do.add_short_notice, world.patients[0], visit)
    assert said == ("This visit is on the short-notice list already.", "appointment_id")
    world.run(do.end_short_notice, first)
    second = world.run(do.add_short_notice, world.patients[0], visit)
    assert [line.id for line in world.ask(ask.short_notices)] == [second]
