"""What a screen draws in one answer, and what a move would bring before it is made."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import Clock
from app.core.errors import RuleViolation
from app.journal.queries import Actor
from app.journal.workplace import open_workplace
from app.patients.commands import raise_alert
from app.patients.vocabulary import AlertKind, AlertSeverity
from app.practice.commands import add_closure, record_absence, repeat_shift
from app.practice.local_time import whole_minute
from app.practice.vocabulary import AbsenceKind
from app.scheduling import commands as do
from app.scheduling.chair_delay import Turn, accumulated_delay
from app.scheduling.permissions import BOOK_APPOINTMENTS, SEE_SCHEDULE
from app.scheduling.queries import (
    Segment,
    SegmentKind,
    Severity,
    appointment_page,
    gap_fits,
    preview_move,
    read_segments,
    schedule_board,
    segments_text,
    stretched,
)
from tests.app.clinic_world import WORKDAYS, World, local
from tests.conftest import NOW

TUESDAY = date(2026, 11, 24)


def book(world: World, patient: int = 0, kind: str = "ADJ", chair: int = 0, at: Any = NOW, **more: Any) -> Any:
    return world.run(
        do.book_appointment, world.patients[patient], kind, world.chairs[chair], at, world.doctors[0],
        world.hands[chair], **more,
    )  # fmt: skip


def test_one_answer_holds_chairs_people_hours_visits_and_free_time(world: World) -> None:
    visit = book(world, at=NOW + timedelta(minutes=30))
    world.run(record_absence, world.hands[1], AbsenceKind.SICK, local(2026, 11, 24, 13), local(2026, 11, 24, 17))
    board = world.ask(schedule_board)
    assert [chair.name for chair in board.chairs] == ["Fauteuil 1", "Fauteuil 2", "Radiologie", "Urgences"]
    assert [person.name for person in board.people] == ["Dre Gagnon", "Karim", "Sophie"]
    assert board.people[2].absences == ((whole_minute(local(2026, 11, 24, 13)), whole_minute(local(2026, 11, 24, 17))),)
    assert [line.id for line in board.visits] == [visit]
    assert board.marks[visit] == ("new",)
    assert board.days[0].on == TUESDAY
    assert board.days[0].openings
    assert {line.doctor_id for line in board.days[0].load} == {world.doctors[0]}
    first = [gap for gap in board.days[0].gaps if gap.operatory_id == world.chairs[0]]
    assert first[0].span == (whole_minute(NOW), whole_minute(NOW) + 30)
    assert world.emergency not in {gap.operatory_id for gap in board.days[0].gaps} or not board.chairs[3].virtual


def test_marks_name_alerts_and_what_was_called_off_is_left_out_unless_asked(world: World) -> None:
    visit = book(world, at=NOW + timedelta(minutes=30))
    world.run(raise_alert, world.patients[0], AlertKind.ALLERGY, "Latex", AlertSeverity.CRITICAL)
    assert world.ask(schedule_board).marks[visit] == ("alert", "new")
    world.run(do.cancel_appointment, visit)
    assert world.ask(schedule_board).visits == ()
    assert [line.status for line in world.ask(schedule_board, cancelled=True).visits] == ["cancelled_late"]


def test_a_closed_day_says_why_and_a_day_of_another_length_is_as_long_as_it_is(world: World) -> None:
    world.run(add_closure, date(2026, 11, 26), "Congrès")
    week = world.ask(schedule_board, on=date(2026, 11, 23), days=7)
    assert [day.reason for day in week.days][3] == "Congrès"
    assert [len(day.openings) > 0 for day in week.days][3:] == [False, True, False, False]
    lengths = [world.ask(schedule_board, on=on).days[0].span for on in (date(2026, 11, 1), date(2027, 3, 14))]
    assert [end - start for start, end in lengths] == [25 * 60, 23 * 60]


def test_a_practice_without_a_clinic_has_no_board(tmp_path: Path, empty_folder: Path, boss: Actor) -> None:
    bare = Path(shutil.copytree(empty_folder, tmp_path / "bare"))
    with open_workplace(bare, clock=Clock.fixed(NOW)) as opened:
        assert opened.runner.ask(boss, schedule_board) is None


def test_a_free_move_says_who_is_wanted_when_and_whom_to_tell(world: World) -> None:
    visit = book(world, at=NOW + timedelta(minutes=30))
    preview = world.ask(preview_move, visit, NOW + timedelta(minutes=60), world.chairs[1])
    assert preview.conflicts == ()
    assert preview.allowed
    assert preview.chair == "Fauteuil 2"
    assert [person.name for person in preview.people] == ["Karim", "Dre Gagnon"]
    assert preview.tell_family
    assert world.ask(appointment_page, visit).visit.operatory_id == world.chairs[0]  # nothing was written


def test_a_taken_chair_needs_the_right_to_override(world: World) -> None:
    visit = book(world, at=NOW + timedelta(minutes=120))
    book(world, 1, at=NOW + timedelta(minutes=30))
    at = NOW + timedelta(minutes=30)
    preview = world.ask(preview_move, visit, at, world.chairs[0])
    assert preview.serious
    assert preview.allowed
    assert any("“Fauteuil 1” is taken" in line.sentence for line in preview.conflicts)
    clerk = Actor("clerk", "Clerk", permissions=frozenset({SEE_SCHEDULE.name, BOOK_APPOINTMENTS.name}))
    assert not world.runner.ask(clerk, preview_move, visit, at, world.chairs[0]).allowed


def test_the_same_patient_twice_is_refused_to_everybody(world: World) -> None:
    visit = book(world, at=NOW + timedelta(minutes=120))
    book(world, 0, chair=1, at=NOW + timedelta(minutes=30))
    preview = world.ask(preview_move, visit, NOW + timedelta(minutes=30), world.chairs[0])
    assert "another visit" in preview.refusal
    assert not preview.allowed
    assert preview.conflicts[0].severity is Severity.IMPOSSIBLE


def test_who_sits_at_the_chair_is_not_moved_and_who_waits_is(world: World) -> None:
    visit = book(world)
    world.run(do.check_in_patient, visit)
    preview = world.ask(preview_move, visit, NOW + timedelta(minutes=30), world.chairs[1])
    assert preview.wait_minutes == 30
    assert not preview.tell_family
    moved = world.submit(do.move_appointment, visit, NOW + timedelta(minutes=30), world.chairs[1])
    line = world.ask(appointment_page, visit).visit
    assert (line.flow, line.operatory_id) == ("arrived", world.chairs[1])
    world.undo(moved)
    assert world.ask(appointment_page, visit).visit.operatory_id == world.chairs[0]
    with pytest.raises(RuleViolation, match="not possible now"):
        world.run(do.park_appointment, visit)
    world.run(do.seat_patient, visit)
    refused = world.ask(preview_move, visit, NOW + timedelta(minutes=30), world.chairs[1])
    assert refused.refusal == "The patient is at the chair: this visit is not moved."


def test_two_doctors_at_work_ask_for_a_choice_in_the_preview(world: World) -> None:
    planned = world.run(do.plan_appointment, world.patients[0], "ADJ", world.clinic)
    world.run(repeat_shift, world.doctors[1], world.clinic, TUESDAY, TUESDAY, WORKDAYS, "8:00", "17:00")
    preview = world.ask(preview_move, planned, NOW + timedelta(minutes=30), world.chairs[0])
    assert preview.refusal == "Choose the doctor of this visit."


def test_a_move_tells_how_much_later_the_chair_runs(world: World) -> None:
    book(world, 1, at=NOW + timedelta(minutes=10))
    visit = book(world, at=NOW + timedelta(minutes=120))
    preview = world.ask(preview_move, visit, NOW, world.chairs[0])
    length = world.ask(appointment_page, visit).visit.minutes
    assert [(fact.name, fact.change_minutes) for fact in preview.delays] == [("Fauteuil 1", length - 10)]


def test_a_longer_visit_is_previewed_with_its_segments(world: World) -> None:
    visit = book(world, at=NOW + timedelta(minutes=30))
    line = world.ask(appointment_page, visit).visit
    typed = segments_text(stretched(line.segments, line.minutes + 15))
    preview = world.ask(preview_move, visit, line.starts_at, world.chairs[0], segments=typed)
    assert preview.ends_at - preview.starts_at == timedelta(minutes=line.minutes + 15)


def test_short_notice_is_counted_by_segments_that_fit(world: World) -> None:
    late = book(world, at=local(2026, 11, 27, 10))
    assert world.ask(gap_fits, world.clinic) == ()
    world.run(do.add_short_notice, world.patients[0], late)
    found = {fit.operatory_id: fit.patients for fit in world.ask(gap_fits, world.clinic)}
    assert found[world.chairs[0]] == found[world.chairs[1]] == 1
    assert world.records not in found
    world.run(record_absence, world.doctors[0], AbsenceKind.SICK, local(2026, 11, 24, 8), local(2026, 11, 24, 17))
    assert world.ask(gap_fits, world.clinic) == ()


def test_stretching_keeps_the_doctors_minutes() -> None:
    parts = read_segments("A8 D4 A8")
    assert segments_text(stretched(parts, 30)) == "A8 D4 A18"
    assert segments_text(stretched(parts, 15)) == "A8 D4 A3"
    assert segments_text(stretched(parts, 10)) == "A6 D4"
    assert segments_text(stretched(parts, 3)) == "D3"
    assert sum(item.minutes for item in stretched((Segment(SegmentKind.DOCTOR, 5),), 25)) == 25


def test_a_chairs_delay_runs_down_the_day() -> None:
    turns = [Turn("a", 0, 20), Turn("b", 20, 20), Turn("c", 100, 20)]
    assert accumulated_delay(turns, -10) == 0
    assert accumulated_delay([Turn("a", 0, 20, seated=15), *turns[1:]], 20) == 15
    assert accumulated_delay([Turn("a", 0, 20, seated=0, ended=18), *turns[1:]], 20) == 0
    assert accumulated_delay([*turns, Turn("x", 10, 20)], -10) == 30
