"""Round the flow: calls on the wall, messages, the way of the patients, use, who could, checkout, morning, record."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.core.i18n import set_language
from app.journal.queries import Actor
from app.journal.settings_store import change_setting
from app.orchestration.commands import call_to_chair, draft_delay_messages, watch_day
from app.orchestration.queries import (
    AlertState,
    MessageState,
    NoNextReason,
    chair_calls,
    day_messages,
    day_wall,
    left_without_next,
    standing_alerts,
)
from app.orchestration.settings import CHAIR_HERE
from app.practice.commands import add_procedure, give_skill
from app.scheduling import commands as do
from app.scheduling.commands import TypeFlags
from app.scheduling.queries import EventKind, appointment_types, patient_visits
from tests.ui.orchestration.conftest import Day
from tests.ui.orchestration.test_panels import ONLOOKER, open_screen
from ui.orchestration.briefing_view import ALERTS, RECORD, BriefingView
from ui.orchestration.checkout_view import CheckoutView
from ui.orchestration.light_strip import LightStrip
from ui.orchestration.wall_view import WallView
from ui.printing.documents import compose
from ui.printing.marks import Text
from ui.printing.orders import Order, Sources
from ui.shell.a11y import tree_of


def button(widget: QWidget, name: str) -> QPushButton:
    """A button by its accessible name."""
    return next(each for each in widget.findChildren(QPushButton) if each.accessibleName() == name)


def words(widget: QWidget) -> str:
    """Everything that a panel says."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_a_call_goes_from_the_queue_to_the_wall_with_a_chime_and_without_a_name(day: Day) -> None:
    visit = day.book(minutes=0)
    day.run(do.check_in_patient, visit)
    wall: WallView = open_screen(day, WallView)
    chimes: list[int] = []
    wall.chimed.connect(lambda: chimes.append(1))
    day.view.panels._thinker.stop()
    button(day.view.panels.queue, "Call the patient to the chair: Léa Tremblay").click()
    day.rest()
    assert [call.appointment_id for call in day.world.ask(chair_calls)] == [visit]
    (patient,) = day.world.ask(day_wall).waiting
    assert (patient.initials, patient.chair) == ("L. T.", "Fauteuil 1")
    assert chimes == [1]
    names = str(tree_of(wall))
    assert "called to Fauteuil 1" in names
    assert "Tremblay" not in names
    assert "Léa" not in names
    day.run(do.seat_patient, visit)
    assert day.world.ask(chair_calls) == ()


def test_a_workstation_may_keep_still(day: Day) -> None:
    day.world.run(change_setting, "call_chime", "false")
    visit = day.book(minutes=0)
    day.run(do.check_in_patient, visit)
    wall: WallView = open_screen(day, WallView)
    chimes: list[int] = []
    wall.chimed.connect(lambda: chimes.append(1))
    day.run(call_to_chair, visit)
    assert chimes == []


def test_a_message_is_copied_and_sent_by_a_person(day: Day) -> None:
    first, second = day.book(minutes=0), day.book(patient=1, minutes=40)
    day.run(do.seat_patient, first)
    day.later(20)
    day.run(do.announce_late, second, 30)
    day.run(draft_delay_messages, day.world.clinic)
    panel = day.view.panels.messages
    assert panel.isVisibleTo(day.view)
    (line,) = day.world.ask(day_messages)
    assert line.text in words(panel)
    button(panel, "Copy: Noah Tremblay").click()
    assert QGuiApplication.clipboard().text() == line.text
    button(panel, "Sent: Noah Tremblay").click()
    day.rest()
    assert [line.state for line in day.world.ask(day_messages)] == [MessageState.SENT]
    assert not panel.isVisibleTo(day.view)


def test_the_way_of_the_patients_and_the_use_of_the_day_stand_beside_it(day: Day) -> None:
    visit = day.book(minutes=0)
    day.run(do.check_in_patient, visit)
    day.later(10)
    day.run(do.seat_patient, visit)
    day.later(50)
    panel, use = day.view.panels.journey, day.view.panels.use
    assert "In the waiting room" in words(panel)
    assert "10 min" in words(panel)
    assert "used too little" in words(use)
    assert "Karim · 1 visits" in words(use)


def test_expected_revenue_and_procedures_show_only_with_the_right(day: Day, day_of: Any) -> None:
    world = day.world
    world.run(add_procedure, "80672", "Ajustement", "Adjustment", "100.00", 4, 20)
    type_id = next(line.id for line in world.ask(appointment_types) if line.code == "ADJ")
    world.run(do.change_appointment_type, type_id, flags=TypeFlags(procedures=["80672"]))
    visit = day.book(minutes=0)
    day.run(do.seat_patient, visit)
    day.run(do.complete_appointment, visit)
    day.view.take_choice(visit)
    day.rest()
    card = words(day.view.panels.visit_card)
    assert "80672 · Adjustment · chair 20, doctor 4 min" in card
    assert "Assistant 8 · Doctor 4 · Assistant 8 min" in card
    assert "$100.00 by visits that were kept" in words(day.view.panels.use)
    other = day_of(ONLOOKER)
    other.rest()
    assert "$" not in words(other.view.panels.side)


def test_who_could_treat_is_proposed_by_skill_and_given_by_a_click(day: Day) -> None:
    world = day.world
    type_id = next(line.id for line in world.ask(appointment_types) if line.code == "ADJ")
    world.run(do.change_appointment_type, type_id, flags=TypeFlags(skills=["WIRE"]))
    for who in world.hands:
        world.run(give_skill, who, "WIRE")
    visit = day.book(minutes=30)
    day.view.freshen()
    day.rest()
    day.view.take_choice(visit)
    card = day.view.panels.visit_card
    card.ask_who_could()
    day.rest()
    button(card, "Give the visit to Sophie").click()
    day.rest()
    assert day.view.picture is not None
    assert day.view.picture.visits[visit].line.assistant_id == world.hands[1]
    assert day.ran[-1].sentence == "Sophie treats Léa Tremblay"


@pytest.fixture
def at_checkout(day: Day) -> Any:
    """A visit at the checkout."""
    visit = day.book(minutes=0)
    day.run(do.seat_patient, visit)
    day.run(do.complete_appointment, visit)
    return visit


def test_the_card_leads_to_the_checkout(day: Day, at_checkout: Any) -> None:
    day.view.take_choice(at_checkout)
    day.rest()
    next(b for b in day.view.panels.visit_card.findChildren(QPushButton) if b.text() == "Next visit…").click()
    assert day.opened[-1] == ("checkout", {"appointment_id": at_checkout})


def test_one_of_three_times_is_booked_and_the_patient_leaves_in_one_step(day: Day, at_checkout: Any) -> None:
    view: CheckoutView = open_screen(day, CheckoutView)
    view.choose(appointment_id=at_checkout)
    view.weeks.setText("1")
    view._ask_offers()
    day.rest()
    assert len(view.offers) == 3
    assert "after school" in words(view)
    first = view.offers[0]
    view.take(first)
    day.rest()
    visits = {line.id: line for line in day.world.ask(patient_visits, day.world.patients[0])}
    assert visits[at_checkout].flow == "gone"
    assert {line.starts_at for line in visits.values()} >= {first.slot.starts_at}
    assert day.bench.undo_last()
    day.rest()
    visits = {line.id: line for line in day.world.ask(patient_visits, day.world.patients[0])}
    assert visits[at_checkout].flow == "checkout"


def test_without_a_next_visit_the_reason_is_needed_and_kept(day: Day, at_checkout: Any) -> None:
    view: CheckoutView = open_screen(day, CheckoutView)
    view.choose(appointment_id=at_checkout)
    day.rest()
    view.reason.set_value(NoNextReason.OTHER.value)
    view.leave.click()
    day.rest()
    assert view._note_field.error() == "Say what the reason is."
    view.note.setText("Déménage")
    view.leave.click()
    day.rest()
    assert [(line.reason, line.note) for line in day.world.ask(left_without_next)] == [
        (NoNextReason.OTHER, "Déménage")
    ]  # fmt: skip


def test_the_morning_the_history_and_the_record_in_both_languages(day: Day) -> None:
    day.book(minutes=20, kind="BD1")
    visit = day.book(patient=1, chair=1, minutes=-10, override=True)
    day.run(watch_day, day.world.clinic)
    view: BriefingView = open_screen(day, BriefingView)
    assert "Prepare the chair" in str(tree_of(view))
    (alert,) = [line for line in day.world.ask(standing_alerts) if line.appointment_id == visit]
    from app.orchestration.commands import settle_alert

    day.run(settle_alert, alert.id, "Appelée")
    view.choose(part=ALERTS)
    day.rest()
    row = next(view.history.cells(item) for item in view.history.lines.items if item.id == alert.id)
    assert row[1] == "Patient late"
    assert "Appelée" in str(row[2])
    assert row[4] == "Acted upon"
    view.choose(part=RECORD)
    day.rest()
    assert any(item.moves >= 2 for item in view.record.lines.items)
    set_language("fr")
    view.retranslate()
    day.rest()
    assert "Qui a fait quoi" in str(tree_of(view))
    assert AlertState.ACTED in {item.state for item in view.history._all}


def test_the_record_is_for_leaders(day_of: Any) -> None:
    day = day_of(ONLOOKER)
    view: BriefingView = open_screen(day, BriefingView)
    view.choose(part=ALERTS)
    day.rest()
    assert view._part == "morning"


def test_a_new_emergency_is_an_alert_on_the_screen(day: Day) -> None:
    """An emergency is let in between: who waits and goes first is told, and stands first in the queue."""
    from app.orchestration.commands import prioritise_visit

    day.book(minutes=0)
    urgent = day.book(patient=1, minutes=5, chair=1, override=True)
    day.run(do.check_in_patient, urgent)
    day.run(prioritise_visit, urgent, "Fil qui pique")
    day.run(watch_day, day.world.clinic)
    assert "Goes first and waits for a chair." in words(day.view.panels.alerts)
    assert "Goes first: Fil qui pique" in words(day.view.panels.queue)


def test_the_morning_is_printed_with_what_visits_need(day: Day) -> None:
    visit = day.book(minutes=20, kind="BD1")
    sources = Sources(day.world.runner, day.world.boss)
    view: BriefingView = open_screen(day, BriefingView)
    printed = view.printed()
    pages = compose(sources, Order(printed["document"], on=printed["on"])).pages
    said = " ".join(mark.text for page in pages for mark in page.marks if isinstance(mark, Text))
    assert "Léa Tremblay" in said
    assert "□ Prepare the chair" in said
    assert visit


def test_a_chart_or_a_sign_on_at_the_chair_moves_the_visit_and_is_marked(day: Day) -> None:
    """No click on the day: the chart is opened at the chair, the doctor signs on there."""
    world = day.world
    visit = day.book(minutes=0)
    day.bench.remember(CHAIR_HERE, world.chairs[0])
    day.rest()
    strip: LightStrip = open_screen(day, LightStrip, (1200, 150))
    strip.choose(patient_id=world.patients[0], appointment_id=visit)
    day.rest()
    assert day.stage(visit) == "expected", "a card that is chosen on the day is no chart that is opened"
    strip.choose(patient_id=world.patients[0])
    day.rest()
    assert day.stage(visit) == "seated"
    assert day.view.picture is not None
    line = day.view.picture.visits[visit]
    assert line.operatory_id == world.chairs[0]
    assert EventKind.SEATED in line.inferred
    day.bench.sign_in(Actor("doctor 0", "Dre Gagnon", everything=True))
    day.rest()
    assert day.stage(visit) == "here"
    assert day.bench.undo_last()
    day.rest()
    assert day.stage(visit) == "seated"
    strip.choose(patient_id=world.patients[1])
    day.rest()
    assert day.stage(visit) == "seated", "nothing is written for anybody else"


def test_a_better_plan_is_shown_with_its_difference_and_taken_over_in_one_step(day: Day) -> None:
    for number in (0, 1, 2):
        day.book(patient=number, minutes=60 + 20 * (number // 2), chair=number % 2, override=True)
    day.view.freshen()
    day.rest()
    panel = day.view.panels.plan
    panel.ask()
    day.rest()
    said = words(panel)
    assert "Waiting: " in said
    assert " → " in said
    assert day.view.picture is not None
    before = {visit.id: visit.line.starts_at for visit in day.view.picture.shot.visits}
    next(b for b in panel.findChildren(QPushButton) if b.text() == "Take over the better plan").click()
    day.rest()
    assert {visit.id: visit.line.starts_at for visit in day.view.picture.shot.visits} != before
    assert day.bench.undo_last()
    day.rest()
    assert {visit.id: visit.line.starts_at for visit in day.view.picture.shot.visits} == before
