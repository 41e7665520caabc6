"""Alerts of the day: what fires them, whose turn it is, how often somebody is interrupted, what becomes of them."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import RuleViolation
from app.core.i18n import _, set_language
from app.core.permissions import Role
from app.journal.commands import COMMANDS
from app.journal.settings_store import change_setting
from app.orchestration import commands as day
from app.orchestration.queries import alert_figures, alert_history, standing_alerts
from app.orchestration.vocabulary import ALERT_LABELS, AlertKind, AlertState
from app.practice.commands import add_break, record_absence
from app.practice.vocabulary import AbsenceKind
from app.scheduling import commands as do
from app.scheduling.vocabulary import LabState
from tests.app.clinic_world import World
from tests.app.orchestration.test_snapshot import NINE, TODAY, at, book, look


def watch(world: World) -> dict[AlertKind, Any]:
    """Look at the day, and give what stands by kind."""
    world.run(day.watch_day, world.clinic)
    return {line.kind: line for line in world.ask(standing_alerts, world.clinic)}


def test_a_late_patient_and_an_overrun_fire_once(world: World) -> None:
    """A 20-minute visit at +25 is over by 5; who is 10 minutes late is told to the desk."""
    one = book(world, 0, NINE)
    two = book(world, 1, NINE, chair=1, override=True)
    world.run(do.seat_patient, one)
    at(world, 9)
    assert watch(world) == {}
    at(world, 24)
    assert set(watch(world)) == {AlertKind.LATE_ARRIVAL}
    at(world, 25)
    found = watch(world)
    assert set(found) == {AlertKind.LATE_ARRIVAL, AlertKind.OVERRUN}
    assert (found[AlertKind.OVERRUN].appointment_id, found[AlertKind.OVERRUN].facts["minutes"]) == (one, 5)
    assert (found[AlertKind.LATE_ARRIVAL].appointment_id, found[AlertKind.LATE_ARRIVAL].role) == (two, Role.FRONT_DESK)
    assert found[AlertKind.OVERRUN].role is Role.CLINICAL_STAFF
    before = len(world.ask(alert_history))
    watch(world)
    assert len(world.ask(alert_history)) == before == 2


def test_what_nobody_acknowledges_goes_to_the_next_role(world: World) -> None:
    """After five minutes each, to the end of the chain and no further."""
    one = book(world, 0, NINE)
    world.run(do.seat_patient, one)
    turns = []
    for minute in range(25, 45):
        at(world, minute)
        turns.append(watch(world)[AlertKind.OVERRUN].role)
    assert [turns[each] for each in (0, 4, 5, 9, 10, 19)] == [
        Role.CLINICAL_STAFF, Role.CLINICAL_STAFF, Role.PRACTICE_MANAGER, Role.PRACTICE_MANAGER, Role.ORTHODONTIST,
        Role.ORTHODONTIST,
    ]  # fmt: skip


def test_acknowledging_stops_the_clock_and_can_be_undone(world: World) -> None:
    one = book(world, 0, NINE)
    world.run(do.seat_patient, one)
    at(world, 25)
    alert = watch(world)[AlertKind.OVERRUN]
    at(world, 28)
    done = world.submit(day.acknowledge_alert, alert.id)
    with pytest.raises(RuleViolation):
        world.run(day.acknowledge_alert, alert.id)
    at(world, 40)
    kept = watch(world)[AlertKind.OVERRUN]
    assert (kept.role, kept.level, kept.state) == (Role.CLINICAL_STAFF, 0, AlertState.ACKNOWLEDGED)
    assert (kept.acknowledged_by, kept.acknowledged_at) == (world.boss.id, NINE + timedelta(minutes=28))
    world.undo(done)
    assert watch(world)[AlertKind.OVERRUN].role is Role.PRACTICE_MANAGER


def test_history_counts_fired_acted_and_false(world: World) -> None:
    """Of three overruns one is acted upon, one is false, one ends by itself."""
    visits = [book(world, number, NINE, chair=number % 2, override=True) for number in (0, 1)]
    visits.append(world.run(do.book_appointment, world.patients[2], "RC", world.records, NINE, None, world.hands[0],
                            override=True))  # fmt: skip
    for visit in visits:
        world.run(do.seat_patient, visit)
    at(world, 36)
    world.run(day.watch_day, world.clinic)
    alerts = {line.appointment_id: line for line in world.ask(standing_alerts) if line.kind is AlertKind.OVERRUN}
    assert set(alerts) == set(visits)
    at(world, 38)
    world.run(day.acknowledge_alert, alerts[visits[0]].id)
    world.run(day.mark_alert_false, alerts[visits[1]].id, "Le chronomètre traîne")
    world.run(do.complete_appointment, visits[0])
    world.run(do.complete_appointment, visits[2])
    at(world, 39)
    watch(world)
    assert AlertKind.OVERRUN not in watch(world), "a false alarm does not come back"
    (figures,) = (item for item in world.ask(alert_figures) if item.kind is AlertKind.OVERRUN)
    assert (figures.fired, figures.acknowledged, figures.acted, figures.ended, figures.false) == (3, 2, 1, 1, 1)
    assert figures.minutes == 2
    with pytest.raises(RuleViolation):
        world.run(day.settle_alert, alerts[visits[0]].id)


def test_a_role_is_interrupted_once_in_a_quarter_of_an_hour(world: World) -> None:
    """A scripted hour: three patients do not come, the chair waits, and nobody acknowledges anything."""
    visits = [book(world, number, NINE + timedelta(minutes=5 * number), number % 2, override=True)
              for number in range(3)]  # fmt: skip
    world.run(do.seat_patient, visits[0])
    world.run(do.call_doctor, visits[0])
    interrupted: dict[Role, set[Any]] = {}
    quiet = 0
    for minute in range(60):
        at(world, minute)
        world.run(day.watch_day, world.clinic)
        for line in world.ask(standing_alerts):
            quiet += not line.interrupts
            if line.interrupts:
                interrupted.setdefault(line.role, set()).add(line.escalated_at)
    assert set(interrupted) >= {Role.FRONT_DESK, Role.PRACTICE_MANAGER, Role.ORTHODONTIST}
    assert quiet
    for times in interrupted.values():
        pairs = itertools.pairwise(sorted(times))
        assert all(later - sooner >= timedelta(minutes=15) for sooner, later in pairs)


def test_too_many_at_once_is_told_to_the_role_named(world: World) -> None:
    """The limit is 2; with the third who waits, the orthodontist is told and nobody else, however long it lasts."""
    world.run(change_setting, "most_waiting", "2")
    world.run(change_setting, "too_many_role", "orthodontist")
    visits = [book(world, 0, NINE), book(world, 1, NINE, chair=1, override=True)]
    visits.append(book(world, 2, NINE + timedelta(minutes=20)))
    for visit in visits[:2]:
        world.run(do.check_in_patient, visit)
    assert AlertKind.TOO_MANY not in watch(world)
    world.run(do.check_in_patient, visits[2])
    alert = watch(world)[AlertKind.TOO_MANY]
    assert (alert.role, alert.facts) == (Role.ORTHODONTIST, {"count": 3, "most": 2})
    at(world, 15)
    assert watch(world)[AlertKind.TOO_MANY].role is Role.ORTHODONTIST
    world.run(do.seat_patient, visits[0])
    assert AlertKind.TOO_MANY not in watch(world)


def test_two_visits_that_want_the_same_and_a_missing_person(world: World) -> None:
    one = book(world, 0, NINE)
    two = book(world, 1, NINE + timedelta(minutes=30))
    world.run(do.seat_patient, one)
    world.run(do.seat_patient, two, world.chairs[0])
    found = watch(world)
    assert found[AlertKind.RESOURCE_CONFLICT].facts == {"chair": "Fauteuil 1"}
    later = book(world, 2, NINE + timedelta(minutes=60), chair=1)
    assert AlertKind.STAFF_UNAVAILABLE not in watch(world)
    world.run(record_absence, world.hands[1], AbsenceKind.SICK, NINE, NINE + timedelta(hours=8))
    alert = watch(world)[AlertKind.STAFF_UNAVAILABLE]
    assert (alert.appointment_id, alert.facts) == (later, {"name": "Sophie"})


def test_overtime_and_breaks_follow_the_projection(world: World) -> None:
    """At 16:55 a visit of 60 minutes begins: 55 past the end of the shift. At 16:30 Karim works into the break."""
    shift = next(iter(_shifts(world, world.hands[0])))
    world.run(add_break, shift, NINE + timedelta(hours=7, minutes=55), 5)
    visit = book(world, 0, NINE + timedelta(hours=7, minutes=50), type="BD1", override=True)
    at(world, 7 * 60 + 50)
    world.run(do.seat_patient, visit)
    at(world, 7 * 60 + 57)
    found = watch(world)
    assert found[AlertKind.OVERTIME].facts["minutes"] >= 15
    assert found[AlertKind.BREAK_DUE].facts == {"name": "Karim", "minutes": 2}


def _shifts(world: World, provider: Any) -> list[Any]:
    from app.practice.queries import roster

    return [line.id for line in world.ask(roster, world.clinic, TODAY).shifts if line.provider_id == provider]


def test_what_is_not_ready_is_told_beforehand(world: World) -> None:
    """Half an hour before; the lab case that is not back counts more than the chair."""
    visit = book(world, 0, NINE + timedelta(minutes=31), type="BD1")
    assert AlertKind.PREPARATION not in watch(world)
    at(world, 1)
    alert = watch(world)[AlertKind.PREPARATION]
    assert (alert.message, alert.role) == ("The chair is not prepared.", Role.ASSISTANT)
    world.run(do.change_appointment, visit, lab_state=LabState.MUST_BE_BACK)
    assert watch(world)[AlertKind.PREPARATION].message == "The lab case is not back."
    world.run(do.change_appointment, visit, lab_state=LabState.BACK, prep_done=True)
    assert AlertKind.PREPARATION not in watch(world)


def test_thresholds_are_settings(world: World) -> None:
    world.run(change_setting, "alert_late_minutes", "20")
    book(world, 0, NINE)
    at(world, 19)
    assert watch(world) == {}
    at(world, 20)
    assert set(watch(world)) == {AlertKind.LATE_ARRIVAL}
    world.run(change_setting, "escalate_after_minutes", "1")
    at(world, 21)
    assert watch(world)[AlertKind.LATE_ARRIVAL].role is Role.PRACTICE_MANAGER


def test_a_patient_who_waits_and_a_chair_that_waits(world: World) -> None:
    one, two = book(world, 0, NINE), book(world, 1, NINE, chair=1, override=True)
    world.run(do.check_in_patient, one)
    world.run(do.seat_patient, two)
    at(world, 8)
    world.run(do.call_doctor, two)
    at(world, 20)
    found = watch(world)
    assert (found[AlertKind.LONG_WAIT].appointment_id, found[AlertKind.DOCTOR_WAIT].appointment_id) == (one, two)
    assert found[AlertKind.DOCTOR_WAIT].role is Role.ORTHODONTIST
    assert look(world).visits[1].doctor_wait == 12


def test_alerts_speak_both_languages() -> None:
    try:
        for label in ALERT_LABELS.values():
            set_language("en")
            english = _(label)
            set_language("fr")
            assert _(label) != english
    finally:
        set_language("en")


def test_every_command_of_alerts_is_audited() -> None:
    assert {"watch_day", "acknowledge_alert", "settle_alert", "mark_alert_false"} <= set(COMMANDS)


def test_an_alert_that_somebody_settled_stands_no_more(world: World) -> None:
    one = book(world, 0, NINE)
    world.run(do.seat_patient, one)
    at(world, 25)
    alert = watch(world)[AlertKind.OVERRUN]
    world.run(day.settle_alert, alert.id, "Le docteur arrive")
    assert AlertKind.OVERRUN not in {line.kind for line in world.ask(standing_alerts, world.clinic)}
    (line,) = (item for item in world.ask(alert_history) if item.id == alert.id)
    assert line.state is AlertState.ACTED
