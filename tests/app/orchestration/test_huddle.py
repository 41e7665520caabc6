"""Before the day and after it: the sheet of the morning, missing papers, whom it concerns, who did what."""

from __future__ import annotations

from datetime import date, timedelta

from app.core.permissions import PERMISSIONS, Role
from app.journal.notices import notifications
from app.journal.queries import Actor
from app.journal.settings_store import change_setting
from app.orchestration import commands as day
from app.orchestration.papers import NO_CONSENT, NO_HISTORY
from app.orchestration.queries import NoNextReason, flow_record, morning_huddle, standing_alerts
from app.orchestration.vocabulary import AlertKind
from app.patients.commands import raise_alert, record_consent
from app.patients.vocabulary import AlertKind as ChartAlert
from app.patients.vocabulary import AlertSeverity, ConsentPurpose
from app.practice.commands import plan_maintenance, record_absence
from app.practice.queries import equipment
from app.practice.vocabulary import AbsenceKind
from app.scheduling import commands as do
from tests.app.clinic_world import World
from tests.app.orchestration.test_snapshot import NINE, at, book


def test_the_sheet_says_what_each_visit_needs_and_what_else_is_to_be_known(world: World) -> None:
    at(world, -90)
    world.run(raise_alert, world.patients[0], ChartAlert.MEDICAL, "Latex", AlertSeverity.CRITICAL)
    start = book(world, 0, NINE, type="BD1")
    book(world, 1, NINE + timedelta(hours=2), chair=1)
    world.run(record_absence, world.hands[1], AbsenceKind.SICK, NINE, NINE + timedelta(hours=3))
    (device,) = world.ask(equipment)
    world.run(plan_maintenance, device.id, NINE, NINE + timedelta(hours=1))
    huddle = world.ask(morning_huddle, world.clinic)
    first = next(line for line in huddle.visits if line.appointment_id == start)
    assert first.needs[:2] == ("Critical alert: read it before the visit", NO_CONSENT)
    assert "Prepare the chair" in first.needs
    assert [message.message for message in huddle.facts][:2] == [
        "{name} is away from {start} to {end}.", "{name} is under maintenance from {start} to {end}.",
    ]  # fmt: skip
    assert huddle.coming == ()
    at(world, -20)
    assert [line.appointment_id for line in world.ask(morning_huddle, world.clinic).coming] == [start]


def test_a_start_without_consent_is_told_until_it_is_recorded(world: World) -> None:
    book(world, 0, NINE + timedelta(minutes=20), type="BD1")
    world.run(day.watch_day, world.clinic)
    kinds = {line.kind for line in world.ask(standing_alerts)}
    assert AlertKind.PAPERS in kinds
    world.run(
        record_consent, world.patients[0], ConsentPurpose.CARE, True, decided_on=date(2026, 11, 20)
    )  # fmt: skip
    world.run(day.watch_day, world.clinic)
    assert AlertKind.PAPERS not in {line.kind for line in world.ask(standing_alerts)}


def test_a_medical_history_is_asked_for_only_where_the_clinic_wants_it(world: World) -> None:
    book(world, 0, NINE + timedelta(minutes=20))
    assert all(NO_HISTORY not in line.needs for line in world.ask(morning_huddle, world.clinic).visits)
    world.run(change_setting, "medical_history_months", "12")
    assert [NO_HISTORY in line.needs for line in world.ask(morning_huddle, world.clinic).visits] == [True]


def member(staff: str) -> Actor:
    """Somebody with the rights of clinical staff."""
    held = frozenset(key for key, permission in PERMISSIONS.items() if Role.CLINICAL_STAFF in permission.presets)
    return Actor(staff, staff, held)


def said(world: World, staff: str) -> list[str]:
    """What the notifications tell somebody of their patients."""
    lines = world.runner.ask(member(staff), notifications)
    return [line.detail.format(**line.values) for line in lines if line.title == "Your patients"]


def test_changes_of_state_are_told_to_whom_they_concern(world: World) -> None:
    """The hands learn that their patient is here, the doctor that she is wanted; nobody else is told."""
    visit = book(world, 0, NINE + timedelta(minutes=5))
    assert said(world, "hand 0") == ["Next: Léa Tremblay at Fauteuil 1."]
    world.run(do.check_in_patient, visit)
    assert said(world, "hand 0") == ["Léa Tremblay is here, for Fauteuil 1."]
    assert said(world, "hand 1") == []
    world.run(do.seat_patient, visit)
    world.run(do.call_doctor, visit)
    assert said(world, "doctor 0") == ["Léa Tremblay at Fauteuil 1 waits for you."]
    assert said(world, "hand 0") == []
    world.run(do.mark_doctor_here, visit)
    assert said(world, "doctor 0") == []


def test_who_did_what_is_counted_by_person(world: World) -> None:
    """Two states entered, one corrected, one taken back, a booking, an alert looked after, a patient let go."""
    visit = book(world, 0, NINE)
    at(world, 10)
    world.run(day.watch_day, world.clinic)
    (alert,) = [line for line in world.ask(standing_alerts) if line.kind is AlertKind.LATE_ARRIVAL]
    world.run(day.acknowledge_alert, alert.id)
    arrived = world.run(do.check_in_patient, visit)
    world.run(do.correct_event_time, arrived, NINE + timedelta(minutes=8))
    world.run(do.seat_patient, visit)
    world.run(day.step_back, visit)
    world.run(do.seat_patient, visit)
    world.run(do.complete_appointment, visit)
    world.run(day.check_out_without_next, visit, NoNextReason.CALLS_BACK)
    (line,) = [each for each in world.ask(flow_record) if each.by == world.boss.id]
    assert (line.transitions, line.corrections, line.taken_back, line.acknowledged, line.left_without) == (
        5,
        1,
        1,
        1,
        1,
    )
    assert line.moves >= 1
    assert world.ask(flow_record, date(2026, 11, 20), date(2026, 11, 20)) == ()
