"""The desk: called to the chair, told of a delay, never gone without a next visit, asked how it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.core.errors import RuleViolation
from app.core.i18n import set_language
from app.journal.settings_store import change_setting
from app.orchestration import commands as day
from app.orchestration.events import OpinionDue
from app.orchestration.queries import (
    MessageKind,
    MessageState,
    NoNextReason,
    chair_calls,
    day_messages,
    left_without_next,
    next_visit_offers,
)
from app.patients.commands import add_contact, add_person, link_person
from app.patients.vocabulary import ContactKind, Relation
from app.practice.commands import give_skill
from app.scheduling import commands as do
from app.scheduling.queries import appointment_page, patient_visits
from tests.app.clinic_world import World
from tests.app.orchestration.test_snapshot import NINE, at, book


def test_who_waits_is_called_once_and_no_longer_when_seated(world: World) -> None:
    visit = book(world, 0, NINE)
    with pytest.raises(RuleViolation, match="is here and waits"):
        world.run(day.call_to_chair, visit)
    world.run(do.check_in_patient, visit)
    done = world.submit(day.call_to_chair, visit)
    (call,) = world.ask(chair_calls)
    assert (call.appointment_id, call.chair, call.given_name) == (visit, "Fauteuil 1", "Léa")
    world.undo(done)
    assert world.ask(chair_calls) == ()
    world.run(day.call_to_chair, visit, world.chairs[1])
    assert [line.chair for line in world.ask(chair_calls)] == ["Fauteuil 2"]
    at(world, 16)
    assert world.ask(chair_calls) == (), "a call ends by itself"
    world.run(day.call_to_chair, visit)
    world.run(do.seat_patient, visit)
    assert world.ask(chair_calls) == ()


def test_a_call_and_its_message_are_taken_back_at_the_desk(world: World) -> None:
    world.run(change_setting, "call_messages", "true")
    visit = book(world, 0, NINE)
    world.run(do.check_in_patient, visit)
    world.run(day.end_call, world.run(day.call_to_chair, visit))
    assert world.ask(chair_calls) == ()
    (message,) = world.ask(day_messages)
    world.run(day.drop_message, message.id)
    assert [line for line in world.ask(day_messages) if line.state is MessageState.DRAFT] == []


def test_a_call_drafts_a_message_where_the_clinic_wants_it(world: World) -> None:
    visit = book(world, 0, NINE)
    world.run(do.check_in_patient, visit)
    world.run(day.call_to_chair, visit)
    assert world.ask(day_messages) == ()
    world.run(change_setting, "call_messages", "true")
    world.run(day.call_to_chair, visit)
    (message,) = world.ask(day_messages)
    assert (message.kind, message.state) == (MessageKind.CALL, MessageState.DRAFT)
    assert "Léa" in message.text
    assert "Fauteuil 1" in message.text


def test_a_delay_is_drafted_in_the_language_of_the_family_and_sent_by_a_person(world: World) -> None:
    """The chair runs 25 minutes over: who comes at 9:40 and is not here yet is told, in French, once."""
    first, second = book(world, 0, NINE), book(world, 1, NINE + timedelta(minutes=40))
    parent = world.run(add_person, "Tremblay", "Marc")
    world.run(link_person, world.patients[1], parent, Relation.FATHER)
    world.run(add_contact, parent, ContactKind.MOBILE, "514 555-0142", may_text=True)
    world.run(do.seat_patient, first)
    at(world, 20)
    world.run(do.announce_late, second, 30)
    set_language("en")
    assert world.run(day.draft_delay_messages, world.clinic) == 1
    (message,) = world.ask(day_messages)
    assert (message.appointment_id, message.minutes, message.phone) == (second, 30, "5145550142")
    assert message.text.startswith("Bonjour")
    assert "10 h 10" in message.text.replace("\u00a0", " ")
    assert world.run(day.draft_delay_messages, world.clinic) == 0, "the same delay is not drafted twice"
    world.run(day.mark_message_sent, message.id, "Bonjour, venez plutôt à 10 h 10.")
    (message,) = world.ask(day_messages)
    assert (message.state, message.text) == (MessageState.SENT, "Bonjour, venez plutôt à 10 h 10.")
    with pytest.raises(RuleViolation, match="already"):
        world.run(day.drop_message, message.id)
    world.run(change_setting, "delay_messages_after_minutes", "0")
    assert world.run(day.draft_delay_messages, world.clinic) == 0


def in_treatment(world: World, patient: int = 0) -> None:
    """Appliances are on since a visit of last month."""
    start = NINE - timedelta(days=28)
    world.run(do.record_past_visit, world.patients[patient], "BD1", world.chairs[0], start)


def over(world: World, patient: int = 0) -> Any:
    """A visit that is at the checkout."""
    visit = book(world, patient, NINE)
    world.run(do.seat_patient, visit)
    world.run(do.complete_appointment, visit)
    return visit


def test_nobody_in_treatment_leaves_without_a_next_visit_or_a_reason(world: World) -> None:
    world.run(change_setting, "next_visit_needed", "true")
    in_treatment(world)
    visit = over(world)
    with pytest.raises(RuleViolation, match="Book the next visit"):
        world.run(do.check_out_patient, visit)
    with pytest.raises(RuleViolation, match="what the reason is"):
        world.run(day.check_out_without_next, visit, NoNextReason.OTHER)
    done = world.submit(day.check_out_without_next, visit, NoNextReason.CALLS_BACK, "Vendredi")
    (line,) = world.ask(left_without_next)
    assert (line.reason, line.note) == (NoNextReason.CALLS_BACK, "Vendredi")
    world.undo(done)
    assert world.ask(left_without_next) == ()
    world.run(day.check_out_without_next, visit, NoNextReason.CALLS_BACK, "Vendredi")
    world.run(day.take_checkout_back, world.ask(appointment_page, visit).events[-1].id)
    assert world.ask(left_without_next) == ()


def test_who_is_not_in_treatment_just_leaves(world: World) -> None:
    world.run(change_setting, "next_visit_needed", "true")
    world.run(do.check_out_patient, over(world))


def test_three_times_are_offered_and_one_is_booked_in_the_same_step(world: World) -> None:
    world.run(change_setting, "next_visit_needed", "true")
    in_treatment(world)
    visit = over(world)
    offers = world.ask(next_visit_offers, visit, weeks=1)
    assert len(offers) == 3
    assert len({offer.slot.starts_at.date() for offer in offers}) == 3
    assert {offer.type_code for offer in offers} == {"ADJ"}
    assert all("after school" in offer.reasons for offer in offers)
    slot = offers[0].slot
    before = len(world.ask(patient_visits, world.patients[0]))
    done = world.submit(
        day.check_out_with_next, visit, offers[0].type_code, slot.operatory_id, slot.starts_at, slot.doctor_id,
        slot.assistant_id,
    )  # fmt: skip
    visits = world.ask(patient_visits, world.patients[0])
    assert len(visits) == before + 1
    assert next(line.flow for line in visits if line.id == visit) == "gone"
    world.undo(done)
    visits = world.ask(patient_visits, world.patients[0])
    assert next(line.flow for line in visits if line.id == visit) == "checkout"


def test_a_brother_or_a_sister_on_the_day_comes_first(world: World) -> None:
    parent = world.run(add_person, "Tremblay", "Marc")
    for patient in world.patients[:2]:
        world.run(link_person, patient, parent, Relation.FATHER)
    there = NINE + timedelta(days=9)
    world.run(do.book_appointment, world.patients[1], "ADJ", world.chairs[0], there, None, world.hands[0])
    offers = world.ask(next_visit_offers, over(world), weeks=1)
    beside = [offer for offer in offers if "with a brother or a sister" in offer.reasons]
    assert [offer.slot.starts_at.date() for offer in beside] == [there.date()]


def test_offers_fit_by_segments(world: World) -> None:
    """Nobody holds the skill of the type: there is no time; with it there are three."""
    from app.scheduling.commands import TypeFlags
    from app.scheduling.queries import appointment_types

    type_id = next(line.id for line in world.ask(appointment_types) if line.code == "ADJ")
    visit = over(world)
    world.run(do.change_appointment_type, type_id, flags=TypeFlags(skills=["WIRE"]))
    assert world.ask(next_visit_offers, visit, weeks=1) == ()
    world.run(give_skill, world.hands[1], "WIRE")
    assert len(world.ask(next_visit_offers, visit, weeks=1)) == 3


def test_who_has_left_may_be_asked_how_it_was(world: World) -> None:
    """The event is there for automation; a message is drafted only where the clinic wants it."""
    visit = book(world, 0, NINE)
    world.run(do.check_in_patient, visit)
    at(world, 12)
    world.run(do.seat_patient, visit)
    world.run(do.complete_appointment, visit)
    world.run(do.check_out_patient, visit)
    with world.runner.read(world.boss) as read:
        rows = read.execute(text("SELECT payload FROM event WHERE type = :code"), {"code": OpinionDue.code}).all()
    assert len(rows) == 1
    assert '"waited":12' in str(rows[0][0]).replace(" ", "")
    assert world.ask(day_messages) == ()
    world.run(change_setting, "ask_opinion", "true")
    at(world, 45)
    other = book(world, 1, NINE + timedelta(minutes=45))
    for step in (do.seat_patient, do.complete_appointment, do.check_out_patient):
        world.run(step, other)
    assert [line.kind for line in world.ask(day_messages)] == [MessageKind.OPINION]
