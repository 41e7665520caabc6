"""States that follow from what is done: marked, allowed by the table only, undone with it, corrected by an event."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.core.errors import RuleViolation
from app.core.ids import StaffId
from app.imaging.events import ImagesReceived
from app.imaging.model import Study
from app.imaging.vocabulary import StudyId
from app.journal.commands import COMMANDS, command
from app.journal.queries import Actor
from app.journal.settings_store import change_setting
from app.journal.transaction import Transaction
from app.orchestration import commands as day
from app.orchestration.queries import DayQuality, day_quality
from app.orchestration.queries.quality import missing_of
from app.orchestration.vocabulary import VisitFlag
from app.scheduling import commands as do
from app.scheduling.fold import Happened
from app.scheduling.queries import EventKind, Stage, appointment_page
from tests.app.clinic_world import World
from tests.app.orchestration.test_snapshot import NINE, TODAY, at, book, look


def stage(world: World, visit: Any) -> Stage:
    return next(item.stage for item in look(world).visits if item.id == visit)


def inferred(world: World, visit: Any) -> tuple[EventKind, ...]:
    return next(item.inferred for item in look(world).visits if item.id == visit)


def quality(world: World) -> DayQuality:
    found: DayQuality = world.ask(day_quality, world.clinic, TODAY)
    return found


def test_a_chart_opened_at_a_chair_seats_its_patient(world: World) -> None:
    visit = book(world, 0, NINE)
    world.run(do.check_in_patient, visit)
    done = world.submit(day.note_chart_opened, world.patients[0], world.chairs[1])
    (line,) = look(world).visits
    assert (line.stage, line.operatory_id, line.inferred) == (Stage.SEATED, world.chairs[1], (EventKind.SEATED,))
    assert VisitFlag.INFERRED in line.flags
    world.run(day.note_chart_opened, world.patients[0], world.chairs[1])
    assert inferred(world, visit) == (EventKind.SEATED,), "a second look seats nobody again"
    world.undo(done)
    assert stage(world, visit) is Stage.WAITING


def test_a_chart_opened_elsewhere_or_for_another_day_writes_nothing(world: World) -> None:
    book(world, 0, NINE + timedelta(days=1))
    book(world, 1, NINE + timedelta(hours=5))
    for patient in world.patients:
        assert not world.submit(day.note_chart_opened, patient, world.chairs[0]).operation_id
    assert not world.submit(day.note_chart_opened, world.patients[0]).operation_id, "no chair is known here"


def test_the_workstation_knows_its_chair(world: World) -> None:
    visit = book(world, 0, NINE)
    world.run(change_setting, "chair_here", world.chairs[0])
    world.run(day.note_chart_opened, world.patients[0])
    assert stage(world, visit) is Stage.SEATED


def test_a_doctor_is_where_she_signs_on_and_nowhere_else(world: World) -> None:
    one, two = book(world, 0, NINE), book(world, 1, NINE, chair=1, override=True)
    for visit in (one, two):
        world.run(do.seat_patient, visit)
    at(world, 9)
    gagnon = Actor("doctor 0", "Dre Gagnon", everything=True)
    world.runner.run(gagnon, day.note_signed_on, world.chairs[0])
    assert stage(world, one) is Stage.HERE
    at(world, 13)
    world.runner.run(gagnon, day.note_signed_on, world.chairs[1])
    assert (stage(world, one), stage(world, two)) == (Stage.SEATED, Stage.HERE)
    assert inferred(world, one) == (EventKind.DOCTOR_ARRIVED, EventKind.DOCTOR_LEFT)
    assert world.ask(appointment_page, one).visit.doctor_seconds == 240
    world.run(day.note_signed_on, world.chairs[0], world.hands[0])
    assert stage(world, one) is Stage.SEATED, "an assistant is no doctor"


def test_another_doctor_does_not_take_the_first_away(world: World) -> None:
    one = book(world, 0, NINE)
    two = book(world, 1, NINE, chair=1, override=True)
    for visit in (one, two):
        world.run(do.seat_patient, visit)
    world.run(day.note_signed_on, world.chairs[0], world.doctors[0])
    world.run(day.note_signed_on, world.chairs[1], world.doctors[1])
    assert (stage(world, one), stage(world, two)) == (Stage.HERE, Stage.HERE)


def test_the_next_patient_frees_the_chair_of_who_should_be_done(world: World) -> None:
    one, two = book(world, 0, NINE), book(world, 1, NINE + timedelta(minutes=20))
    world.run(do.seat_patient, one)
    at(world, 15)
    world.run(do.seat_patient, two)
    assert stage(world, one) is Stage.SEATED, "five minutes too early: both sit there, as a fault"
    assert VisitFlag.SHARED_CHAIR in look(world).visits[0].flags
    at(world, 25)
    done = world.submit(do.seat_patient, two)
    assert stage(world, one) is Stage.CHECKOUT
    assert inferred(world, one) == (EventKind.OUT_DECK,)
    world.undo(done)
    assert stage(world, one) is Stage.SEATED


@command(permission=None, label="Receive pictures", hidden=True)
def receive_pictures(tx: Transaction, study_id: str, patient_id: str, studied_on: date) -> None:
    """What an import records."""
    tx.add(Study(id=StudyId(study_id), study_instance_uid="1.2.3", patient_id=patient_id, studied_on=studied_on))
    tx.session.flush()
    tx.record(ImagesReceived(StudyId(study_id), patient_id, 3))


COMMANDS.pop("receive_pictures")


def test_pictures_of_today_seat_who_waits(world: World) -> None:
    visit = world.run(do.book_appointment, world.patients[0], "RC", world.records, NINE, None, world.hands[0])
    world.run(receive_pictures, "s1", world.patients[0], TODAY)
    assert stage(world, visit) is Stage.EXPECTED, "who has not come may have sent pictures from elsewhere"
    world.run(do.check_in_patient, visit)
    world.run(receive_pictures, "s2", world.patients[0], TODAY - timedelta(days=30))
    assert stage(world, visit) is Stage.WAITING, "old pictures"
    world.run(receive_pictures, "s3", world.patients[0], TODAY)
    assert (stage(world, visit), inferred(world, visit)) == (Stage.SEATED, (EventKind.SEATED,))


def test_a_signature_completes_and_time_lets_them_go(world: World) -> None:
    visit = book(world, 0, NINE)
    world.run(do.seat_patient, visit)
    at(world, 20)
    world.run(day.note_visit_signed, world.patients[0])
    assert stage(world, visit) is Stage.CHECKOUT
    at(world, 29)
    assert world.run(day.infer_departures, world.clinic) == 0
    at(world, 30)
    assert world.run(day.infer_departures, world.clinic) == 1
    assert (stage(world, visit), inferred(world, visit)) == (Stage.DONE, (EventKind.COMPLETED, EventKind.LEFT))


def test_the_clinic_may_want_no_inference(world: World) -> None:
    visit = book(world, 0, NINE)
    world.run(change_setting, "infer_states", "false")
    world.run(day.note_chart_opened, world.patients[0], world.chairs[0])
    assert stage(world, visit) is Stage.EXPECTED


def test_what_was_inferred_wrongly_is_corrected_with_a_reason(world: World) -> None:
    """Both events stay; the share of corrected ones rises."""
    visit = book(world, 0, NINE)
    world.run(day.note_chart_opened, world.patients[0], world.chairs[0])
    at(world, 10)
    event = next(item for item in world.ask(appointment_page, visit).events if item.kind is EventKind.SEATED)
    assert quality(world).edited_per_mille == 0
    world.run(do.correct_event_time, event.id, NINE - timedelta(minutes=4), "Assise avant l’ouverture du dossier")
    page = world.ask(appointment_page, visit)
    assert page.visit.seated_at == NINE - timedelta(minutes=4)
    assert [(item.kind, item.counts) for item in page.events if item.kind is EventKind.SEATED] == [
        (EventKind.SEATED, False), (EventKind.SEATED, True),
    ]  # fmt: skip
    assert quality(world).edited_per_mille == 1000
    assert VisitFlag.EDITED in look(world).visits[0].flags
    with pytest.raises(RuleViolation):
        world.run(do.correct_event_time, event.id, NINE, "Encore")


def test_a_day_with_few_clicks(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Three visits by what is done anyway. Clicked: who arrives, who is completed, and the doctor’s last leaving: 7 of
    18 transitions; 11 follow (611 ‰)."""
    visits = [book(world, number, NINE + timedelta(minutes=begin), number % 2, override=True)
              for number, begin in enumerate((0, 10, 30))]  # fmt: skip
    gagnon = Actor(StaffId("doctor 0"), "Dre Gagnon", everything=True)
    script: list[tuple[int, Any, tuple[Any, ...]]] = []
    for number, (begin, doctor, end) in enumerate(((0, 8, 22), (10, 18, 40), (30, 38, 52))):
        chair = world.chairs[number % 2]
        script += [
            (begin, do.check_in_patient, (visits[number],)),
            (begin + 1, day.note_chart_opened, (world.patients[number], chair)),
            (doctor, day.note_signed_on, (chair,)),
            (end, do.complete_appointment, (visits[number],)),
        ]
    script.append((45, do.mark_doctor_left, (visits[2],)))
    for minute, command_, given in sorted(script, key=lambda row: row[0]):
        at(world, minute)
        world.runner.run(gagnon, command_, *given)
    at(world, 70)
    world.run(day.infer_departures, world.clinic)
    found = quality(world)
    print(f"{found.inferred_per_mille} ‰ of {found.transitions} transitions without a click of their own")
    assert "611 ‰ of 18" in capsys.readouterr().out
    assert found.missing_per_mille == 0


def test_what_must_have_happened_and_was_not_recorded() -> None:
    def event(kind: EventKind) -> Happened:
        return Happened(kind.value, kind, NINE, NINE)

    gone = [event(EventKind.SEATED), event(EventKind.COMPLETED), event(EventKind.LEFT)]
    assert missing_of("gone", gone, True) == [EventKind.ARRIVED, EventKind.DOCTOR_ARRIVED, EventKind.DOCTOR_LEFT]
    assert missing_of("gone", gone, False) == [EventKind.ARRIVED]
    assert missing_of("seated", gone[:1], True) == [EventKind.ARRIVED]
    assert missing_of("expected", [], True) == []
