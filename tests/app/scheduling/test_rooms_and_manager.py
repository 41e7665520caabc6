"""A visit in a room of another kind is warned of; who manages the clinic has a roster and is never offered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core import i18n
from app.core.errors import RuleViolation
from app.core.ids import StaffId
from app.practice.commands import add_break, add_operatory, add_provider, add_shift, give_skill
from app.practice.queries import providers, roster
from app.practice.vocabulary import OperatoryId, OperatoryKind, ProviderId, ProviderKind
from app.scheduling.commands import book_appointment
from app.scheduling.queries import booking_conflicts, free_slots, preview_move, schedule_board
from app.scheduling.seeds import TYPES
from app.scheduling.vocabulary import ConflictKind, Severity
from tests.app.clinic_world import World, local
from tests.app.scheduling.test_free_times import ByMinute, answered

ON = date(2026, 11, 26)
AT = local(2026, 11, 26, 10, 0)
HELD = {
    item.code: {
        OperatoryKind.CHAIR: {"chair"}, OperatoryKind.RECORDS: {"records"},
        OperatoryKind.CONSULTATION: {"consultation", "chair"},
    }[item.more.get("operatory_kind", OperatoryKind.CHAIR)] | {"emergency"}
    for item in TYPES
}  # fmt: skip
"""Where each type may stand, written out by hand and not by the rule that is tested."""


@pytest.fixture
def rooms(world: World) -> dict[str, OperatoryId]:
    """One room of each kind."""
    talk = world.run(add_operatory, world.clinic, "Consultation", OperatoryKind.CONSULTATION)
    lab = world.run(add_operatory, world.clinic, "Laboratoire", OperatoryKind.LAB)
    assert world.records is not None
    assert world.emergency is not None
    return {
        "chair": world.chairs[0], "records": world.records, "consultation": talk, "lab": lab,
        "emergency": world.emergency,
    }  # fmt: skip


def kinds(world: World, code: str, room: OperatoryId, who: Any = None) -> dict[ConflictKind, Severity]:
    hand = who or world.hands[0]
    found = world.ask(booking_conflicts, world.patients[0], code, room, AT, world.doctors[0], hand)
    return {item.kind: item.severity for item in found}


def test_every_type_in_every_kind_of_room(world: World, rooms: dict[str, OperatoryId]) -> None:
    told = {
        (code, name): ConflictKind.ROOM in kinds(world, code, room)
        for code in HELD
        for name, room in rooms.items()
    }  # fmt: skip
    assert told == {(code, name): name not in HELD[code] for code in HELD for name in rooms}


def test_a_bonding_in_the_records_room_is_told_and_can_be_booked(world: World, rooms: dict[str, OperatoryId]) -> None:
    assert kinds(world, "BD1", rooms["records"]) == {ConflictKind.ROOM: Severity.WARNING}
    (line,) = world.ask(
        booking_conflicts, world.patients[0], "BD1", rooms["records"], AT, world.doctors[0], world.hands[0]
    )
    assert line.sentence == "This type of visit is held elsewhere (Chair), not in “Radiologie”."
    i18n.set_language("fr")
    (line,) = world.ask(
        booking_conflicts, world.patients[0], "BD1", rooms["records"], AT, world.doctors[0], world.hands[0]
    )
    i18n.set_language("en")
    assert line.sentence == ("Ce type de visite se fait ailleurs (Fauteuil), pas dans «\u00a0Radiologie\u00a0».")
    visit = world.run(book_appointment, world.patients[0], "BD1", rooms["chair"], AT, assistant_id=world.hands[0])
    seen = world.ask(preview_move, visit, AT, rooms["records"])
    assert [item.kind for item in seen.conflicts] == [ConflictKind.ROOM]
    assert seen.allowed
    again = world.run(
        book_appointment, world.patients[1], "ADJ", rooms["records"], local(2026, 11, 26, 13, 0),
        assistant_id=world.hands[1],
    )  # fmt: skip
    assert again, "a warning needs no override"


@pytest.mark.parametrize("code", ["BD1", "ADJ", "RC", "PRG"])
def test_free_times_by_minute_in_every_kind_of_room(world: World, rooms: dict[str, OperatoryId], code: str) -> None:
    """As the search by minute says, and none where the visit is held elsewhere."""
    truth = ByMinute(world, ON, 1)
    for name, room in rooms.items():
        device = code == "RC" and name != "records"  # the device stands there and is carried nowhere
        wanted = truth.starts(code, room, ON) if name in HELD[code] and not device else set()
        assert answered(world, code, room, ON) == wanted, name
    offered = {slot.operatory_id for slot in world.ask(free_slots, code, world.clinic, ON, 1, limit=2000)}
    suiting = {room for name, room in rooms.items() if name in HELD[code] - {"emergency"}}
    assert offered <= suiting | set(world.chairs)
    assert rooms["emergency"] not in offered


@pytest.fixture
def manager(world: World) -> ProviderId:
    """At work like everybody, with a skill and a break."""
    made: ProviderId = world.run(add_provider, StaffId("claire"), "Claire Brunet", ProviderKind.MANAGER)
    world.run(give_skill, made, "PLANS")
    shift = world.run(add_shift, made, world.clinic, ON, "8:00", "16:00")
    world.run(add_break, shift, local(2026, 11, 26, 12, 0), 45)
    return made


def test_the_manager_has_a_roster_and_no_lane(world: World, manager: ProviderId) -> None:
    (shift,) = [line for line in world.ask(roster, world.clinic, ON).shifts if line.provider_id == manager]
    assert (shift.minutes, len(shift.breaks)) == (480, 1)
    (line,) = [line for line in world.ask(providers) if line.id == manager]
    assert (line.kind, [skill.skill for skill in line.skills]) == (ProviderKind.MANAGER, ["PLANS"])
    assert manager not in [person.id for person in world.ask(schedule_board, world.clinic, ON).people]


def test_the_manager_is_never_offered_and_cannot_stand_in(world: World, manager: ProviderId) -> None:
    people = {
        who
        for code in HELD
        for slot in world.ask(free_slots, code, world.clinic, ON, 1, limit=2000)
        for who in (slot.doctor_id, slot.assistant_id)
    }
    assert manager not in people
    assert world.ask(free_slots, "ADJ", world.clinic, ON, 1, assistant_id=manager) == ()
    assert kinds(world, "ADJ", world.chairs[0], manager) == {ConflictKind.SKILL: Severity.SERIOUS}
    with pytest.raises(RuleViolation, match="Claire Brunet is not booked with patients"):
        world.run(book_appointment, world.patients[0], "ADJ", world.chairs[0], AT, assistant_id=manager)
    with pytest.raises(RuleViolation, match="is not an orthodontist"):
        world.run(book_appointment, world.patients[0], "ADJ", world.chairs[0], AT, manager, world.hands[0])
