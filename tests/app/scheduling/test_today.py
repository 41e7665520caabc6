"""The day as reception works through it: stages, figures, pages, order, filters, gaps, attendance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core import i18n
from app.core.clock import Clock
from app.core.errors import PermissionDenied, RuleViolation
from app.journal.queries import Actor
from app.patients.commands import link_person, raise_alert
from app.patients.queries import AlertKind, AlertSeverity, Relation
from app.scheduling import commands as do
from app.scheduling.queries import (
    ContactChannel,
    DaySort,
    EventKind,
    LabState,
    Stage,
    appointment_page,
    attendance,
    day_gaps,
    day_list,
    day_schedule,
    family_slots,
    family_visits,
    gap_fits,
    patient_visits,
    visit_reasons,
)
from tests.app.clinic_world import World, local

TODAY = local(2026, 11, 24).date()
NINE = local(2026, 11, 24, 9)


def book(world: World, patient: int, at: Any, chair: int = 0, type: str = "ADJ", **more: Any) -> Any:
    return world.run(
        do.book_appointment, world.patients[patient], type, world.chairs[chair], at, None, world.hands[chair], **more
    )


def later(world: World, minutes: int) -> None:
    """Let time pass from nine o’clock."""
    clock = world.runner.clock
    world.runner.clock = Clock(clock.zone, lambda: NINE + timedelta(minutes=minutes))


def page(world: World, **filters: Any) -> Any:
    return world.ask(day_list, world.clinic, TODAY, **filters)


def test_a_visit_passes_through_its_stages(world: World) -> None:
    visit = book(world, 0, NINE + timedelta(minutes=30))
    seen = []

    def look() -> None:
        (row,) = page(world).rows
        seen.append(row.stage)
        assert page(world).stages[row.stage] == 1
        assert sum(page(world).stages.values()) == 1

    look()
    later(world, 36)
    look()
    for minute, (command, more) in enumerate(
        [
            (do.check_in_patient, ()), (do.seat_patient, ()), (do.call_doctor, ()), (do.mark_doctor_here, ()),
            (do.mark_doctor_left, ()), (do.complete_appointment, ()), (do.check_out_patient, ()),
        ],
        37,
    ):  # fmt: skip
        later(world, minute)
        world.run(command, visit, *more)
        look()
    assert seen == [
        Stage.EXPECTED, Stage.LATE, Stage.WAITING, Stage.SEATED, Stage.NEEDED, Stage.HERE, Stage.SEATED,
        Stage.CHECKOUT, Stage.DONE,
    ]  # fmt: skip


def test_late_on_the_list_is_late_on_the_schedule(world: World) -> None:
    """Two queries work lateness out, one in SQL: they agree at each minute around the threshold."""
    book(world, 0, NINE)
    for minute in range(4, 9):
        later(world, minute)
        (row,) = page(world).rows
        assert (row.stage is Stage.LATE) == (row.visit.flow == "late") == (minute > 5)


def test_missed_counts_and_cancelled_shows_when_asked(world: World) -> None:
    missed, off = book(world, 0, NINE), book(world, 1, NINE + timedelta(minutes=30))
    later(world, 40)
    world.run(do.mark_no_show, missed, "", world.ask(visit_reasons)[0].id)
    world.run(do.cancel_appointment, off)
    found = page(world)
    assert [row.stage for row in found.rows] == [Stage.MISSED]
    assert found.stages[Stage.CANCELLED] == 1
    assert [row.stage for row in page(world, stages=[Stage.CANCELLED]).rows] == [Stage.CANCELLED]
    assert world.ask(appointment_page, missed).visit.reason_id is not None


def test_pages_follow_each_other(world: World) -> None:
    for number in range(6):
        book(world, number % 3, NINE + timedelta(minutes=30 * number), number % 2)
    first = page(world, limit=4)
    second = page(world, limit=4, offset=first.next)
    assert (first.total, first.next, second.next) == (6, 4, None)
    assert [row.visit.starts_at for row in (*first.rows, *second.rows)] == [
        NINE + timedelta(minutes=30 * number) for number in range(6)
    ]


def test_each_column_sorts_both_ways(world: World) -> None:
    world.run(do.check_in_patient, book(world, 2, NINE, 1, "RPR"))
    book(world, 0, NINE + timedelta(minutes=30))
    book(world, 1, NINE + timedelta(minutes=60), 1, "DB")
    for sort, key in (
        (DaySort.TIME, lambda row: row.visit.starts_at), (DaySort.PATIENT, lambda row: row.visit.given_name),
        (DaySort.CHAIR, lambda row: row.operatory), (DaySort.TYPE, lambda row: ["ADJ", "RPR", "DB"].index(
            row.visit.type_code)), (DaySort.STAGE, lambda row: list(Stage).index(row.stage)),
        (DaySort.PROVIDER, lambda row: row.doctor), (DaySort.WAIT, lambda row: row.since is None),
    ):  # fmt: skip
        up, down = page(world, sort=sort).rows, page(world, sort=sort, descending=True).rows
        assert [key(row) for row in up] == sorted(key(row) for row in up), sort
        assert [key(row) for row in down] == sorted((key(row) for row in down), reverse=True), sort


def test_filters_join(world: World) -> None:
    book(world, 0, NINE, 0, "ADJ")
    book(world, 1, NINE + timedelta(minutes=30), 1, "DB")
    world.run(do.confirm_appointment, book(world, 2, NINE + timedelta(minutes=100), 1), channel=ContactChannel.PHONE)
    (only,) = page(world, operatory_ids=[world.chairs[1]], type_ids=[page(world).rows[0].visit.type_id]).rows
    assert only.visit.given_name == "Emma"
    assert [row.visit.given_name for row in page(world, words="noa tremblay").rows] == ["Noah"]
    assert [row.visit.given_name for row in page(world, unconfirmed=True).rows] == ["Léa", "Noah"]
    assert page(world).unconfirmed == 2
    assert len(page(world, provider_ids=[world.hands[1]]).rows) == 2
    assert page(world, stages=[Stage.SEATED]).rows == ()
    assert page(world, words="%zzz").rows == ()


def test_flags_of_a_row(world: World) -> None:
    visit = book(world, 0, NINE + timedelta(minutes=30), type="ALN")
    world.run(raise_alert, world.patients[0], AlertKind.FINANCIAL, "60 jours", AlertSeverity.NOTE)
    world.run(raise_alert, world.patients[0], AlertKind.ALLERGY, "Latex", AlertSeverity.CRITICAL)
    (row,) = page(world).rows
    assert [alert.kind for alert in row.alerts] == [AlertKind.ALLERGY, AlertKind.FINANCIAL]
    assert row.lab_missing
    assert row.unconfirmed
    assert (row.operatory, row.doctor, row.assistant) == ("Fauteuil 1", "Dre Gagnon", "Karim")
    world.run(do.change_appointment, visit, lab_state=LabState.BACK)
    assert not page(world).rows[0].lab_missing


def test_a_family_that_runs_late_is_still_expected_and_undo_forgets_it(world: World) -> None:
    visit = book(world, 0, NINE + timedelta(minutes=30))
    done = world.submit(do.announce_late, visit, 15, "Trafic")
    (row,) = page(world).rows
    assert (row.stage, row.late_minutes) == (Stage.EXPECTED, 15)
    world.run(do.announce_late, visit, 25)
    assert page(world).rows[0].late_minutes == 25
    world.undo(done)
    assert page(world).rows[0].late_minutes == 25
    assert EventKind.RUNNING_LATE in [event.kind for event in world.ask(appointment_page, visit).events]


@pytest.mark.parametrize("minutes", [0, 241])
def test_an_impossible_delay_is_refused_in_both_languages(world: World, minutes: int) -> None:
    visit = book(world, 0, NINE + timedelta(minutes=30))
    with pytest.raises(RuleViolation) as caught:
        world.run(do.announce_late, visit, minutes)
    english = str(caught.value)
    i18n.set_language("fr")
    assert str(caught.value) != english


def test_gaps_name_those_who_fit_and_giving_the_time_can_be_undone(world: World) -> None:
    later_visit = book(world, 0, local(2026, 12, 2, 10))
    entry = world.run(do.add_short_notice, world.patients[0], later_visit)
    book(world, 1, NINE + timedelta(minutes=30))
    gaps = world.ask(day_gaps, world.clinic, TODAY)
    first = next(gap for gap in gaps if gap.operatory_id == world.chairs[0])
    assert (first.starts_at, first.minutes) == (NINE, 30)
    (fit,) = first.fits
    assert fit.short_notice_id == entry
    slot = fit.slot
    done = world.submit(
        do.give_sooner_time, entry, slot.operatory_id, slot.starts_at, slot.doctor_id, slot.assistant_id
    )
    assert [row.visit.given_name for row in page(world).rows] == ["Léa", "Noah"]
    assert not any(gap.fits for gap in world.ask(day_gaps, world.clinic, TODAY))
    world.undo(done)
    assert world.ask(appointment_page, later_visit).visit.starts_at == local(2026, 12, 2, 10)
    assert world.ask(day_gaps, world.clinic, TODAY) == gaps


def test_a_sooner_time_books_a_kind_of_visit_too(world: World) -> None:
    entry = world.run(do.add_short_notice, world.patients[0], type="RPR")
    done = world.submit(do.give_sooner_time, entry, world.chairs[0], NINE, world.doctors[0], world.hands[0])
    assert [row.visit.type_code for row in page(world).rows] == ["RPR"]
    with pytest.raises(RuleViolation):
        world.run(do.give_sooner_time, entry, world.chairs[0], NINE + timedelta(hours=1), None, world.hands[0])
    world.undo(done)
    assert page(world).rows == ()
    world.run(do.give_sooner_time, entry, world.chairs[0], NINE, world.doctors[0], world.hands[0])
    with world.runner.read(world.boss) as read:
        made = read.sql("SELECT id FROM appointment_event WHERE kind = 'made' ORDER BY id DESC LIMIT 1")[0][0]
    world.run(do.give_sooner_back, made)
    assert page(world).rows == ()


def test_no_gap_on_a_closed_day(world: World) -> None:
    assert world.ask(day_gaps, world.clinic, local(2026, 12, 25).date()) == ()
    assert world.ask(day_gaps, world.clinic, local(2026, 11, 20).date()) == (), "the past has none"


def test_saving_changes_all_at_once_and_undo_puts_all_back(world: World) -> None:
    visit = book(world, 0, NINE + timedelta(minutes=30))
    before = world.ask(appointment_page, visit).visit
    done = world.submit(
        do.save_appointment, visit, "RPR", world.chairs[1], NINE + timedelta(hours=2), segments="A10 D3 A12",
        note="Broche", prep_done=True, lab_state=LabState.MUST_GO, move_note="École",
    )  # fmt: skip
    after = world.ask(appointment_page, visit)
    assert (after.visit.type_code, after.visit.minutes, after.visit.note) == ("RPR", 25, "Broche")
    assert (after.visit.operatory_id, after.visit.prep_done, after.visit.moves) == (world.chairs[1], True, 1)
    assert after.events[-1].note == "École"
    world.undo(done)
    back = world.ask(appointment_page, visit).visit
    assert back == before


def test_saving_a_note_is_no_move_and_keeps_the_confirmation(world: World) -> None:
    visit = book(world, 0, NINE + timedelta(minutes=30))
    world.run(do.confirm_appointment, visit)
    done = world.submit(do.save_appointment, visit, note="Photos")
    line = world.ask(appointment_page, visit).visit
    assert (line.status, line.moves, line.note) == ("confirmed", 0, "Photos")
    world.undo(done)
    assert world.ask(appointment_page, visit).visit.note is None
    with pytest.raises(RuleViolation, match="changes nothing"):
        world.run(do.save_appointment, visit)


def test_saving_takes_the_assistant_off_and_undo_gives_the_hands_back(world: World) -> None:
    visit = book(world, 0, NINE + timedelta(minutes=30))
    assert world.ask(appointment_page, visit).visit.assistant_id == world.hands[0]
    world.run(do.save_appointment, visit, note="Photos")
    assert world.ask(appointment_page, visit).visit.assistant_id == world.hands[0], "what is left out stays"
    done = world.submit(do.save_appointment, visit, unassisted=True)
    assert world.ask(appointment_page, visit).visit.assistant_id is None
    world.undo(done)
    assert world.ask(appointment_page, visit).visit.assistant_id == world.hands[0]


def test_a_planned_visit_can_lose_its_assistant_too(world: World) -> None:
    visit = book(world, 0, NINE + timedelta(minutes=30))
    world.run(do.park_appointment, visit)
    world.run(do.save_appointment, visit, assistant_id=world.hands[1])
    assert world.ask(appointment_page, visit).visit.assistant_id == world.hands[1]
    world.run(do.save_appointment, visit, unassisted=True)
    assert world.ask(appointment_page, visit).visit.assistant_id is None


def test_nobody_of_the_short_notice_list_fits_a_place_of_another_kind(world: World) -> None:
    later_visit = book(world, 0, local(2026, 12, 2, 10))
    world.run(do.add_short_notice, world.patients[0], later_visit)
    found = {gap.operatory_id: len(gap.fits) for gap in world.ask(day_gaps, world.clinic, TODAY)}
    assert found[world.chairs[0]] == 1
    assert found[world.records] == 0
    drawn = {fit.operatory_id for fit in world.ask(gap_fits, world.clinic, TODAY)}
    assert drawn == {chair for chair, count in found.items() if count}, "desk and schedule count alike"


def test_saving_looks_at_the_schedule(world: World) -> None:
    visit = book(world, 0, NINE + timedelta(minutes=30))
    book(world, 1, NINE + timedelta(minutes=50))
    with pytest.raises(RuleViolation, match="is taken from"):
        world.run(do.save_appointment, visit, segments="A8 D4 A20")
    other = Actor("julie", "Julie", frozenset({"book_appointments", "see_schedule"}))
    with pytest.raises(PermissionDenied):
        world.runner.run(other, do.save_appointment, visit, segments="A8 D4 A20", override=True)
    world.run(do.save_appointment, visit, segments="A8 D4 A20", override=True)
    assert world.ask(appointment_page, visit).visit.allowed == ("assistant", "chair")


def test_why_a_conflict_was_overridden_is_kept(world: World) -> None:
    book(world, 0, NINE)
    made = book(world, 1, NINE + timedelta(minutes=5), override=True, override_reason="Urgence, vu avec la Dre Gagnon")
    assert world.ask(appointment_page, made).events[0].note == "Urgence, vu avec la Dre Gagnon"


def test_a_series_is_booked_whole_or_not_at_all(world: World) -> None:
    visits = [
        do.SeriesVisit("ADJ", world.chairs[0], local(2026, 11, day, 14), None, world.hands[0]) for day in (25, 27)
    ]
    done = world.submit(do.book_series, world.patients[0], visits)
    assert len({line.group_id for line in world.ask(patient_visits, world.patients[0])}) == 1
    with pytest.raises(RuleViolation):
        world.run(do.book_series, world.patients[1], [*visits[:1], visits[1]])
    assert world.ask(patient_visits, world.patients[1]) == ()
    world.undo(done)
    assert world.ask(patient_visits, world.patients[0]) == ()


def test_a_walk_in_is_booked_and_here_in_one_step(world: World) -> None:
    done = world.submit(
        do.insert_walk_in, world.patients[0], "EMG", world.chairs[0], None, None, world.hands[0], "Fil qui pique"
    )
    (row,) = page(world).rows
    assert (row.stage, row.visit.starts_at, row.visit.note) == (Stage.WAITING, NINE, "Fil qui pique")
    world.undo(done)
    assert page(world).rows == ()
    mistaken = world.run(do.insert_walk_in, world.patients[0], "EMG", world.chairs[0], None, None, world.hands[0])
    world.run(do.withdraw_walk_in, mistaken)
    assert page(world).rows == ()
    again = world.submit(do.insert_walk_in, world.patients[0], "EMG", world.chairs[0], None, None, world.hands[0])
    world.run(do.seat_patient, again.result)
    with pytest.raises(RuleViolation, match="at the chair already"):
        world.undo(again)
    with pytest.raises(RuleViolation, match="seen today"):
        world.run(do.insert_walk_in, world.patients[1], "EMG", world.chairs[1], local(2026, 11, 25, 9))


def test_how_somebody_keeps_appointments(world: World) -> None:
    for day, outcome, arrived in (
        (2, EventKind.COMPLETED, 0), (3, EventKind.COMPLETED, 12), (4, EventKind.MISSED, 0),
        (5, EventKind.CANCELLED_LATE, 0),
    ):  # fmt: skip
        at = local(2026, 11, day, 10)
        world.run(
            do.record_past_visit, world.patients[0], "ADJ", world.chairs[0], at, outcome,
            arrived_at=at + timedelta(minutes=arrived),
        )  # fmt: skip
    found = world.ask(attendance, world.patients[0])
    assert (found.kept, found.missed, found.cancelled_late, found.cancelled) == (2, 1, 1, 0)
    assert (found.late_arrivals, found.typical_late_minutes) == (1, 12)


def test_brothers_and_sisters_one_after_another(world: World) -> None:
    people = world.patients[:2]
    pair = world.ask(family_slots, people, ["ADJ", "ADJ"], world.clinic, TODAY, 1, one_after_another=True, limit=1)[0]
    assert pair.slots[1].starts_at >= pair.slots[0].ends_at
    side_by_side = world.ask(family_slots, people, ["ADJ", "ADJ"], world.clinic, TODAY, 1, limit=1)[0]
    assert side_by_side.slots[1].starts_at < side_by_side.slots[0].ends_at


def test_the_visits_of_the_family(world: World) -> None:
    from app.patients.commands import add_person

    mother = world.run(add_person, "Tremblay", "Anne")
    for patient in world.patients[:2]:
        world.run(link_person, patient, mother, Relation.MOTHER)
    book(world, 1, NINE + timedelta(minutes=30))
    book(world, 2, NINE + timedelta(minutes=60))
    assert [line.given_name for line in world.ask(family_visits, world.patients[0])] == ["Noah"]
    with pytest.raises(PermissionDenied):
        world.runner.ask(Actor("x", "X", frozenset({"see_schedule"})), family_visits, world.patients[0])


def test_the_list_reads_the_clinics_own_day(world: World) -> None:
    assert page(world).on == TODAY
    assert world.ask(day_list, world.clinic).on == datetime(2026, 11, 24, tzinfo=UTC).date()
    assert world.ask(day_schedule, world.clinic, TODAY) == ()
