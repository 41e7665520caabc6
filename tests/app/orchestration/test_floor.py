"""The plan of a clinic: a place is taken off it, by hand and by undoing the drawing."""

from __future__ import annotations

import pytest

from app.core.errors import NotFound, PermissionDenied
from app.journal.queries import Actor
from app.orchestration.commands import draw_floor, take_off_floor
from app.orchestration.floor import FloorSpot
from app.orchestration.model import floor_place_id
from app.orchestration.queries import floor_plan
from app.orchestration.vocabulary import FloorKind, FloorPlaceId
from tests.app.clinic_world import World


def spots(world: World) -> list[FloorSpot]:
    """The first chair and the waiting room."""
    chair = FloorSpot(FloorKind.CHAIR, 20, 20, 200, 200, world.chairs[0])
    return [chair, FloorSpot(FloorKind.WAITING, 20, 400, 300, 100)]


def test_a_place_that_is_taken_off_is_shown_no_more_until_it_is_drawn_again(world: World) -> None:
    chair, waiting = spots(world)
    world.run(draw_floor, world.clinic, [chair, waiting])
    before = world.ask(floor_plan, world.clinic)
    assert (before.drawn, before.spots) == (True, (chair, waiting))
    assert world.chairs[0] not in before.missing
    place = floor_place_id(world.clinic, FloorKind.CHAIR, world.chairs[0])
    with pytest.raises(PermissionDenied):
        world.runner.run(Actor("x", "x"), take_off_floor, place)
    with pytest.raises(NotFound):
        world.run(take_off_floor, FloorPlaceId("none"))
    assert world.ask(floor_plan, world.clinic) == before
    done = world.submit(take_off_floor, place)
    after = world.ask(floor_plan, world.clinic)
    assert (after.drawn, after.spots) == (True, (waiting,))
    assert set(after.missing) == {*before.missing, world.chairs[0]}
    world.undo(done)
    assert world.ask(floor_plan, world.clinic) == before


def test_to_undo_the_first_drawing_gives_the_usual_plan_again(world: World) -> None:
    usual = world.ask(floor_plan, world.clinic)
    assert not usual.drawn
    done = world.submit(draw_floor, world.clinic, spots(world))
    assert world.ask(floor_plan, world.clinic).drawn
    world.undo(done)
    assert world.ask(floor_plan, world.clinic) == usual
