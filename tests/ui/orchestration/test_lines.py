"""What the command centre promises, line by line, on the screen: figures, delays, alerts beforehand, devices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.journal.settings_store import change_setting
from app.orchestration.commands import acknowledge_alert, watch_day
from app.orchestration.queries import standing_alerts
from app.orchestration.settings import FLOW
from app.orchestration.vocabulary import AlertKind
from app.practice.commands import add_equipment, plan_maintenance, record_absence
from app.practice.vocabulary import AbsenceKind, EquipmentKind
from app.scheduling import commands as do
from app.scheduling.vocabulary import LabState
from tests.ui.orchestration.conftest import Day
from ui.orchestration.kpi import usual_words, value_words


def words(widget: QWidget) -> str:
    """Everything that a panel says."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def figure(day: Day, code: str) -> Any:
    """A figure of the day as the screen has it."""
    figures = day.view.panels._figures
    assert figures is not None
    return next(each for each in figures.figures if each.today.definition.code == code)


def treated(day: Day, patient: int = 0, minutes: int = 0, long: int = 20) -> Any:
    """A visit that took so long."""
    visit = day.book(patient=patient, minutes=minutes)
    day.run(do.check_in_patient, visit)
    day.run(do.seat_patient, visit)
    day.later(long)
    day.run(do.complete_appointment, visit)
    return visit


def test_four_shares_of_the_chairs_time_and_the_change_between_patients_are_looked_into(day: Day) -> None:
    """20 minutes, 10 between, 20 minutes: of 100 minutes at two chairs with hands since eight."""
    treated(day)
    day.later(10)
    treated(day, patient=1, minutes=30)
    day.later(0)
    panel = day.view.panels.figure
    for code in ("chair_raw", "chair_adjusted", "chair_productive", "chair_booked", "turnaround", "duration"):
        panel.show_figure(code)
        day.rest()
        found = figure(day, code)
        said = words(panel)
        assert value_words(found.today.value, found.today.definition.unit) in said, code
        assert "definition 1" in said, code
    assert (
        value_words(figure(day, "turnaround").today.value, figure(day, "turnaround").today.definition.unit) == "10 min"
    )
    assert value_words(figure(day, "duration").today.value, figure(day, "duration").today.definition.unit) == "20 min"
    assert figure(day, "chair_raw").today.value < figure(day, "chair_adjusted").today.value


def test_a_figure_stands_beside_yesterday_and_the_usual_weekday_and_names_the_busy_hour(day: Day) -> None:
    """The same visit a week ago and yesterday; two hours of today with two visits and one."""
    world, now = day.world, day.moment[0]
    for back in (7, 1):
        start = now - timedelta(days=back, minutes=30)
        world.run(
            do.record_past_visit, world.patients[2], "ADJ", world.chairs[0], start, arrived_at=start, seated_at=start,
            ended_at=start + timedelta(minutes=25),
        )  # fmt: skip
    treated(day)
    day.book(patient=1, minutes=40, chair=1)
    day.book(patient=2, minutes=100)
    day.later(0)
    said = usual_words(figure(day, "seen"))
    assert said == "usual 1–1 · yesterday 1"
    panel = day.view.panels.figure
    panel.show_figure("seen")
    day.rest()
    assert "Busiest hour: 9:00 (2 visits); slowest: 10:00 (1)." in words(panel)


def test_what_a_delay_costs_the_rest_of_the_day_is_said(day: Day) -> None:
    """After 30 minutes the doctor’s 4 and the last 8 are still to come: who was due at 9:20 begins at 9:42."""
    first, second = day.book(minutes=0), day.book(patient=1, minutes=20)
    day.run(do.seat_patient, first)
    day.later(30)
    day.run(watch_day, day.world.clinic)
    assert "At the chair 10 min longer than such visits take; 22 min late in all afterwards." in words(
        day.view.panels.alerts
    )
    assert day.view.picture is not None
    assert day.view.picture.visits[second].delay == 22
    assert day.view.picture.shot.delay == 22


def test_the_queue_says_how_long_it_will_take_and_the_range(day: Day) -> None:
    first, second = day.book(minutes=0), day.book(patient=1, minutes=20)
    day.run(do.seat_patient, first)
    day.run(do.check_in_patient, second)
    day.view.panels.think()
    day.rest()
    said = words(day.view.panels.queue).replace("\u00a0", " ")
    assert "≈ 20 min more" in said
    assert " to " in said.split("≈ 20 min more", 1)[1].split("\n", 1)[0]


def test_conflicts_missing_people_and_preparation_are_told_on_the_screen(day: Day) -> None:
    world = day.world
    one, two = day.book(minutes=0), day.book(patient=1, minutes=5, chair=1, override=True)
    day.book(patient=2, minutes=25, kind="BD1", chair=1, override=True)
    world.run(do.seat_patient, one)
    world.run(do.seat_patient, two, world.chairs[0])
    world.run(record_absence, world.hands[1], AbsenceKind.SICK, day.moment[0], day.moment[0] + timedelta(hours=4))
    day.run(watch_day, world.clinic)
    said = words(day.view.panels.alerts) + " ".join(
        line.kind.value for line in day.world.ask(standing_alerts, world.clinic)
    )
    assert "Two patients at “Fauteuil 1”." in said
    assert "Sophie is planned and is not here." in said
    assert AlertKind.PREPARATION.value in said


def test_a_lab_case_that_is_not_back_is_told_beforehand(day: Day) -> None:
    visit = day.book(minutes=20, kind="ALN")
    day.run(watch_day, day.world.clinic)
    kinds = {line.kind: line for line in day.world.ask(standing_alerts)}
    assert kinds[AlertKind.PREPARATION].appointment_id == visit
    assert LabState.MUST_BE_BACK
    assert "The lab case is not back." in words(day.view.panels.alerts)


def test_who_does_not_answer_is_passed_over_and_the_screen_says_so(day: Day) -> None:
    visit = day.book(minutes=0)
    day.run(do.seat_patient, visit)
    day.later(25)
    day.run(watch_day, day.world.clinic)
    assert "Clinical staff: told at 9:25" in words(day.view.panels.alerts)
    day.later(5)
    day.run(watch_day, day.world.clinic)
    assert "Practice manager: told at 9:30, passed on" in words(day.view.panels.alerts)
    (alert,) = [line for line in day.world.ask(standing_alerts) if line.kind is AlertKind.OVERRUN]
    day.run(acknowledge_alert, alert.id)
    assert "looked after since 9:30" in words(day.view.panels.alerts)


def test_a_threshold_is_changed_in_the_settings_and_holds_at_once(day: Day) -> None:
    """Each threshold has a row on the page of the flow; 15 minutes in place of 5."""
    from app.core.settings import SETTINGS

    rows = {name for name, setting in SETTINGS.items() if setting.page == FLOW and setting.shown}
    assert {"alert_late_minutes", "alert_overrun_minutes", "alert_doctor_wait_minutes", "alert_overtime_minutes",
            "prepare_ahead_minutes", "most_waiting", "most_calls", "escalate_after_minutes",
            "interrupt_every_minutes", "meal_warning_minutes", "delay_messages_after_minutes"} <= rows  # fmt: skip
    visit = day.book(minutes=0)
    day.run(do.seat_patient, visit)
    day.run(change_setting, "alert_overrun_minutes", "15")
    day.later(30)
    day.run(watch_day, day.world.clinic)
    assert AlertKind.OVERRUN not in {line.kind for line in day.world.ask(standing_alerts)}
    day.later(5)
    day.run(watch_day, day.world.clinic)
    assert AlertKind.OVERRUN in {line.kind for line in day.world.ask(standing_alerts)}


def test_devices_stand_at_their_place_on_the_plan_with_their_state(day: Day) -> None:
    world = day.world
    scanner = world.run(add_equipment, world.clinic, "Scanner", EquipmentKind.SCANNER, world.chairs[0])
    now = day.moment[0]
    day.run(plan_maintenance, scanner, now, now + timedelta(minutes=30))
    day.look(view="floor")
    chair = next(spot for spot in day.view.floor.space.spots if "Fauteuil 1" in spot.sentence)
    assert "Scanner: Under maintenance until 9:30" in chair.sentence
    card = words(day.view.panels.devices)
    assert "Scanner" in card
    assert "Pano" in card
    assert "Fauteuil 1 · back at 9:30" in card
    day.later(31)
    chair = next(spot for spot in day.view.floor.space.spots if "Fauteuil 1" in spot.sentence)
    assert "Scanner: Free" in chair.sentence


def test_each_person_arranges_the_panels_and_finds_them_again(day: Day, day_of: Any) -> None:
    """Put away for me only; the next time I come, the same view and the same panels stand there."""
    day.book(minutes=0)
    day.view.freshen()
    day.rest()
    assert day.view.panels.queue.isVisibleTo(day.view)
    day.view.panels.set_shown("queue", shown=False)
    day.view.bar.take({"view": "board"})
    day.rest()
    assert not day.view.panels.queue.isVisibleTo(day.view)
    again = day_of()
    again.rest()
    assert again.view.bar.value("view") == "board"
    again.view.bar.beside.setChecked(True)
    again.rest()
    assert not again.view.panels.queue.isVisibleTo(again.view)
    again.view.panels.set_shown("queue", shown=True)
    again.rest()
    assert again.view.panels.queue.isVisibleTo(again.view)
    names = [button.accessibleName() for button in again.view.findChildren(QPushButton)]
    assert "Which panels stand here" in names
