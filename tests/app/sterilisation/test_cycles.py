"""A load from the steriliser to the chair: parameters, indicators, release, packs; what failed is never used."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import RuleViolation
from app.journal.notices import notifications
from app.practice.commands import add_equipment
from app.practice.vocabulary import EquipmentKind
from app.scheduling import commands as do
from app.sterilisation import commands as ster
from app.sterilisation.queries import CycleLine, CycleState, Indicator, opened_packs, sterilisation_cycles
from tests.app.clinic_world import World, local

NINE = local(2026, 11, 24, 9)


@pytest.fixture
def device(world: World) -> Any:
    """A steriliser."""
    return world.run(add_equipment, world.clinic, "Autoclave 1", EquipmentKind.STERILISER)


def load(world: World) -> CycleLine:
    """The newest load."""
    line: CycleLine = world.ask(sterilisation_cycles, world.clinic)[0]
    return line


def test_a_load_is_run_released_and_opened_for_a_patient(world: World, device: Any) -> None:
    cycle = world.run(ster.start_cycle, device, "6 cassettes", 2, "B 134")
    assert (load(world).state, load(world).packs, load(world).left) == (CycleState.RUNNING, 2, 0)
    visit = world.run(do.book_appointment, world.patients[0], "ADJ", world.chairs[0], NINE, None, world.hands[0])
    with pytest.raises(RuleViolation, match="may not be used"):
        world.run(ster.open_pack, load(world).code, visit)
    with pytest.raises(RuleViolation, match="does not follow"):
        world.run(ster.release_load, cycle)
    world.run(ster.end_cycle, cycle, 1342, 206, 4)
    assert "waits for release" in _said(world)
    world.run(ster.release_load, cycle)
    assert "6 cassettes" in _said(world)
    done = world.submit(ster.open_pack, load(world).code.lower(), visit)
    world.run(ster.open_pack, load(world).code, visit)
    with pytest.raises(RuleViolation, match="All 2 packs"):
        world.run(ster.open_pack, load(world).code, visit)
    assert load(world).left == 0
    world.undo(done)
    (line,) = world.ask(opened_packs, appointment_id=visit)
    assert (line.code, line.given_name, line.state) == (load(world).code, "Léa", CycleState.RELEASED)
    with pytest.raises(RuleViolation, match="were opened"):
        world.run(ster.withdraw_cycle, cycle)


def _said(world: World) -> str:
    return " ".join(f"{line.detail}".format(**line.values) for line in world.ask(notifications))


def test_nothing_is_released_without_its_indicators(world: World, device: Any) -> None:
    cycle = world.run(ster.start_cycle, device, "Pinces", 4, biological=True)
    world.run(ster.end_cycle, cycle, 1210, 205, 20)
    with pytest.raises(RuleViolation, match="biological"):
        world.run(ster.release_load, cycle)
    world.run(ster.note_biological, cycle, Indicator.PASSED)
    world.run(ster.release_load, cycle)
    world.run(ster.note_biological, cycle, Indicator.FAILED)
    assert load(world).state is CycleState.FAILED, "a late result takes the load back"
    assert "must not be used" in _said(world)
    other = world.run(ster.start_cycle, device, "Pinces", 4)
    world.run(ster.end_cycle, other, 1210, 205, 20, Indicator.FAILED)
    with pytest.raises(RuleViolation, match="chemical"):
        world.run(ster.release_load, other)
    with pytest.raises(RuleViolation, match="Say why"):
        world.run(ster.fail_load, other, "")
    world.run(ster.fail_load, other, "Indicateur non viré")
    assert "Indicateur non viré" in {line.note for line in world.ask(sterilisation_cycles)}


def test_a_load_belongs_to_a_steriliser_that_is_free(world: World, device: Any) -> None:
    first = world.submit(ster.start_cycle, device, "Cassettes", 3)
    with pytest.raises(RuleViolation, match="A cycle is running"):
        world.run(ster.start_cycle, device, "Cassettes", 3)
    scanner = world.run(add_equipment, world.clinic, "Scanner", EquipmentKind.SCANNER)
    with pytest.raises(RuleViolation, match="no steriliser"):
        world.run(ster.start_cycle, scanner, "Cassettes", 3)
    world.undo(first)
    with pytest.raises(RuleViolation, match="what is in"):
        world.run(ster.start_cycle, device, " ", 3)
    assert world.ask(sterilisation_cycles) == ()
    with pytest.raises(RuleViolation, match="withdrawn"):
        world.run(ster.end_cycle, first.result, 1342, 206, 4)
    visit = world.run(do.book_appointment, world.patients[0], "ADJ", world.chairs[0], NINE, None, world.hands[0])
    with pytest.raises(RuleViolation, match="No load"):
        world.run(ster.open_pack, "X", visit)


def test_a_cycle_and_an_opened_pack_are_taken_out_by_themselves(world: World, device: Any) -> None:
    world.run(ster.withdraw_cycle, world.run(ster.start_cycle, device, "Cassettes", 1))
    assert world.ask(sterilisation_cycles) == ()
    cycle = world.run(ster.start_cycle, device, "Cassettes", 1)
    world.run(ster.end_cycle, cycle, 1342, 206, 4)
    world.run(ster.release_load, cycle)
    visit = world.run(do.book_appointment, world.patients[0], "ADJ", world.chairs[0], NINE, None, world.hands[0])
    use = world.run(ster.open_pack, load(world).code, visit)
    world.run(ster.withdraw_pack_use, use)
    assert load(world).left == 1
    world.run(ster.open_pack, load(world).code, visit)
