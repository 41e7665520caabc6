"""States of the clinic’s own: names of stages, finer states within them; figures go by the stage."""

from __future__ import annotations

import pytest

from app.core.errors import RuleViolation
from app.orchestration import commands as day
from app.orchestration.queries import own_states
from app.scheduling import commands as do
from app.scheduling.vocabulary import Stage
from tests.app.clinic_world import World
from tests.app.orchestration.test_snapshot import NINE, book, look


def test_a_finer_state_counts_while_the_visit_is_at_its_stage(world: World) -> None:
    brushing = world.run(day.add_own_state, Stage.WAITING, "Brossage", "Brushing", colour=Stage.HERE)
    visit = book(world, 0, NINE)
    with pytest.raises(RuleViolation, match="not at the stage"):
        world.run(day.put_in_own_state, visit, brushing)
    world.run(do.check_in_patient, visit)
    done = world.submit(day.put_in_own_state, visit, brushing)
    (line,) = look(world).visits
    assert line.own_state is not None
    assert (line.stage, line.own_state.name_en, line.own_state.colour) == (Stage.WAITING, "Brushing", Stage.HERE)
    assert look(world).stages[Stage.WAITING] == 1
    world.undo(done)
    assert look(world).visits[0].own_state is None
    world.run(day.put_in_own_state, visit, brushing)
    world.run(do.seat_patient, visit)
    assert look(world).visits[0].own_state is None
    world.run(day.withdraw_own_state, brushing)
    assert world.ask(own_states) == ()
    with pytest.raises(RuleViolation, match="withdrawn"):
        world.run(day.put_in_own_state, visit, brushing)


def test_a_stage_has_one_name_of_its_own(world: World) -> None:
    done = world.submit(day.add_own_state, Stage.SEATED, "Au fauteuil!", "Seated!", True)
    with pytest.raises(RuleViolation, match="already"):
        world.run(day.add_own_state, Stage.SEATED, "Assis", "Sitting", True)
    world.run(day.change_own_state, done.result, name_fr="Assis", colour=Stage.DONE)
    (line,) = world.ask(own_states)
    assert (line.name_fr, line.name_en, line.colour, line.renames) == ("Assis", "Seated!", Stage.DONE, True)
    visit = book(world, 0, NINE)
    world.run(do.seat_patient, visit)
    with pytest.raises(RuleViolation, match="names a stage"):
        world.run(day.put_in_own_state, visit, done.result)
