"""The board knows that images are being taken: what a unit reports by MPPS stands on the visit and its device."""

from __future__ import annotations

from datetime import timedelta

from app.gateway.commands import begin_imaging_step, change_imaging_step
from app.gateway.vocabulary import StepState
from app.journal.queries import SYSTEM
from app.orchestration.vocabulary import FLAG_LABELS, DeviceState, VisitFlag
from app.practice.queries import equipment
from tests.app.clinic_world import World
from tests.app.orchestration.test_snapshot import NINE, book, look
from ui.orchestration.picture import FLAG_LOOKS


def flags(world: World) -> set[VisitFlag]:
    return set(look(world).visits[0].flags)


def test_a_visit_is_seen_to_have_images_taken(world: World) -> None:
    visit = book(world, 0, NINE + timedelta(hours=1))
    run = world.runner.run
    assert flags(world).isdisjoint({VisitFlag.IMAGING, VisitFlag.IMAGED})
    (pano,) = world.ask(equipment)
    run(SYSTEM, begin_imaging_step, "1.2.3", "PANO", visit, world.patients[0], pano.id, "PX")
    assert VisitFlag.IMAGING in flags(world), "the snapshot is read again when a unit reports"
    run(SYSTEM, change_imaging_step, "1.2.3", StepState.COMPLETED, 2)
    assert flags(world) >= {VisitFlag.IMAGED}
    assert VisitFlag.IMAGING not in flags(world)
    run(SYSTEM, begin_imaging_step, "1.2.4", "PANO", visit, world.patients[0], pano.id, "PX")
    run(SYSTEM, change_imaging_step, "1.2.4", StepState.DISCONTINUED)
    assert VisitFlag.IMAGING not in flags(world)


def test_the_device_of_the_visit_is_in_use(world: World) -> None:
    (pano,) = world.ask(equipment)
    visit = book(world, 0, NINE + timedelta(hours=1), equipment_id=pano.id)
    assert [lane.state for lane in look(world).devices] == [DeviceState.FREE]
    world.runner.run(SYSTEM, begin_imaging_step, "1.2.3", "PANO", visit, world.patients[0], pano.id, "PX")
    (lane,) = look(world).devices
    assert (lane.state, lane.visit_id) == (DeviceState.IN_USE, visit)


def test_every_new_flag_has_words_and_a_shape() -> None:
    assert {VisitFlag.IMAGING, VisitFlag.IMAGED} <= FLAG_LABELS.keys() & FLAG_LOOKS.keys()
