"""The schedule by mouse and by keyboard, with real commands: what follows is said first, and undo gives it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.core import i18n
from app.journal.queries import Actor
from app.practice.commands import add_closure
from app.scheduling import commands as do
from app.scheduling.permissions import BOOK_APPOINTMENTS, CHECK_IN_PATIENTS, SEE_SCHEDULE, TREAT_AT_CHAIR
from tests.conftest import NOW
from tests.ui.schedule.conftest import Stage
from ui.scheduling.editor_draft import start_of
from ui.scheduling.schedule_bar import WEEK
from ui.scheduling.schedule_lanes import By
from ui.scheduling.timegrid import Run
from ui.scheduling.timegrid_paint import free_words

CLERK = Actor(
    "clerk", "Julie Roy",
    frozenset(p.name for p in (SEE_SCHEDULE, BOOK_APPOINTMENTS, CHECK_IN_PATIENTS, TREAT_AT_CHAIR)),
)  # fmt: skip
Key = Qt.Key


def card_words(stage: Stage) -> list[str]:
    return [
        label.text() for label in stage.view.dropper.card.findChildren(QLabel) if label.text() and label.isVisible()
    ]


def test_the_day_stands_in_lanes_with_free_time_and_hours(stage: Stage) -> None:
    visit = stage.book()
    stage.rest()
    lanes = stage.view.grid.grid.lanes
    assert [lane.name for lane in lanes] == ["Fauteuil 1", "Fauteuil 2", "Radiologie", "Urgences"]
    assert stage.item(visit).lane == 0
    free = [free_words(item) for item in stage.view.grid.items if item.visit is None and item.lane == 0]
    assert free[0] == "30 min free"
    assert lanes[0].hatches
    assert stage.view.subheading() == "Tuesday, November\u00a024, 2026 · Clinique Rosemont"
    assert stage.view.grid.scene.ribbons[0].name == "Dre Gagnon"


def test_a_block_is_dragged_to_another_time_and_chair_in_one_command(stage: Stage) -> None:
    visit = stage.book()
    stage.rest()
    begin = stage.middle(visit)
    stage.drag(begin, begin + stage.steps(32, 1), drop=False)
    words = card_words(stage)
    assert words[0] == "Léa Tremblay · Fauteuil 2 at 10:00"  # snapped to five minutes
    assert "Release to move" in words
    assert stage.minutes(visit) == 30  # nothing is written before release
    QTest.mouseRelease(stage.view.grid.viewport(), Qt.MouseButton.LeftButton, pos=begin + stage.steps(32, 1))
    stage.rest()
    assert stage.minutes(visit) == 60
    assert stage.line(visit).operatory_id == stage.world.chairs[1]
    assert [ran.sentence for ran in stage.ran] == ["Léa Tremblay moved to Fauteuil 2 at 10:00"]
    assert stage.item(visit).key == stage.view.grid.cursor_key
    ran = stage.ran[0]
    assert ran.operation_id is not None
    stage.bench.undo(ran.operation_id)
    stage.rest()
    assert stage.minutes(visit) == 30
    assert stage.item(visit).lane == 0


def test_escape_gives_back_what_is_dragged(stage: Stage) -> None:
    visit = stage.book()
    stage.rest()
    begin = stage.middle(visit)
    stage.drag(begin, begin + stage.steps(60), drop=False)
    stage.key(Key.Key_Escape)
    QTest.mouseRelease(stage.view.grid.viewport(), Qt.MouseButton.LeftButton, pos=begin + stage.steps(60))
    stage.rest()
    assert stage.minutes(visit) == 30
    assert stage.view.dropper.card.isHidden()
    assert stage.ran == []


def test_the_end_of_a_block_is_dragged_to_make_it_longer(stage: Stage) -> None:
    visit = stage.book()
    stage.rest()
    stage.middle(visit)
    box = stage.view.grid.item_rect(stage.item(visit))
    edge = QPoint(round(box.right()) - 3, round(box.center().y()))
    stage.drag(edge, edge + stage.steps(15))
    length = stage.line(visit)
    assert length.minutes == 35
    assert sum(part.minutes for part in length.segments if part.kind == "doctor") == 4
    stage.bench.undo_last()
    stage.rest()
    assert stage.line(visit).minutes == 20


def test_a_taken_chair_is_told_before_release_and_needs_the_right(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of(CLERK)
    visit = stage.book(minutes=120)
    stage.book(1, minutes=60)
    stage.rest()
    begin = stage.middle(visit)
    stage.drag(begin, begin + stage.steps(-60), drop=False)
    words = card_words(stage)
    assert any("“Fauteuil 1” is taken from 10:00 to" in text for text in words)
    assert "Cannot be dropped here" in words
    QTest.mouseRelease(stage.view.grid.viewport(), Qt.MouseButton.LeftButton, pos=begin + stage.steps(-60))
    stage.rest()
    assert stage.minutes(visit) == 120
    assert "Book in spite of a conflict" in stage.said[0][1]


def test_who_may_override_drops_anyway(stage: Stage) -> None:
    visit = stage.book(minutes=120)
    stage.book(1, minutes=60)
    stage.rest()
    begin = stage.middle(visit)
    stage.drag(begin, begin + stage.steps(-60), drop=False)
    assert "Drop anyway" in card_words(stage)
    QTest.mouseRelease(stage.view.grid.viewport(), Qt.MouseButton.LeftButton, pos=begin + stage.steps(-60))
    stage.rest()
    assert stage.minutes(visit) == 60
    assert "chair" in stage.line(visit).allowed
    assert {stage.item(visit).rows} == {2}  # booked at once on purpose: side by side


def test_the_same_patient_twice_is_refused_to_everybody(stage: Stage) -> None:
    visit = stage.book(minutes=120)
    stage.book(0, 1, minutes=60)
    stage.rest()
    begin = stage.middle(visit)
    stage.drag(begin, begin + stage.steps(-60))
    assert stage.minutes(visit) == 120
    assert "another visit" in stage.said[0][1]


def test_everything_by_keyboard(stage: Stage) -> None:
    visit = stage.book()
    stage.rest()
    stage.view.grid.choose_visit(visit)
    stage.key(Key.Key_M)
    stage.key(Key.Key_Right)
    stage.key(Key.Key_Down)
    assert "Enter to drop" in card_words(stage)
    stage.key(Key.Key_Return)
    assert (stage.minutes(visit), stage.item(visit).lane) == (35, 1)
    stage.key(Key.Key_R)
    stage.key(Key.Key_Right)
    stage.key(Key.Key_Return)
    assert stage.line(visit).minutes == 25
    stage.key(Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    stage.key(Key.Key_Escape)
    assert stage.minutes(visit) == 35
    stage.key(Key.Key_F5)
    stage.key(Key.Key_F6)
    stage.key(Key.Key_F7)
    line = stage.line(visit)
    assert (line.flow, line.doctor) == ("seated", "needed")
    stage.key(Key.Key_F8)
    stage.key(Key.Key_F9)
    assert stage.line(visit).flow == "checkout"
    assert [ran.sentence for ran in stage.ran][-1] == "Léa Tremblay goes to the desk"


def test_arrows_go_through_visits_and_free_time_and_enter_opens(stage: Stage) -> None:
    visit = stage.book()
    stage.book(1, 1, minutes=42)
    stage.rest()
    grid = stage.view.grid
    grid.choose_visit(visit)
    stage.key(Key.Key_Return)
    assert stage.opened[-1] == ("patient", {"patient_id": stage.world.patients[0]})
    stage.key(Key.Key_Down)
    assert grid.cursor_item is not None
    assert grid.cursor_item.visit is not None
    assert grid.cursor_item.visit.patient_id == stage.world.patients[1]
    stage.key(Key.Key_Right)
    assert grid.cursor_item.visit is None
    stage.key(Key.Key_Return)
    name, chosen = stage.opened[-1]
    assert name == "appointment"
    assert chosen["operatory_id"] == stage.world.chairs[1]
    assert chosen["starts_at"] == NOW + timedelta(minutes=62)


def test_a_stretch_of_free_time_is_selected_to_book(stage: Stage) -> None:
    stage.rest()
    grid = stage.view.grid
    gap = next(item for item in grid.items if item.visit is None)
    box = grid.item_rect(gap)
    begin = QPoint(round(box.left()) + 40, round(box.center().y()))
    stage.drag(begin, begin + stage.steps(30))
    name, chosen = stage.opened[-1]
    assert name == "appointment"
    assert 30 <= chosen["minutes"] <= 35
    assert chosen["starts_at"].minute % 5 == 0


def test_what_is_cut_is_put_on_another_day(stage: Stage) -> None:
    visit = stage.book()
    stage.rest()
    stage.view.grid.choose_visit(visit)
    stage.key(Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert stage.view.bar.paste.text() == "Put Léa T. here"
    stage.key(Key.Key_PageDown)
    assert stage.view.on == date(2026, 11, 25)
    stage.key(Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    stage.key(Key.Key_Return)
    assert stage.minutes(visit) == 30 + 24 * 60
    assert stage.view.bar.paste.isHidden()
    stage.key(Key.Key_T)
    assert stage.view.on == date(2026, 11, 24)


def test_week_people_and_columns(stage: Stage) -> None:
    visit = stage.book()
    stage.world.run(add_closure, date(2026, 11, 26), "Congrès")
    stage.rest()
    stage.key(Key.Key_W)
    lanes = stage.view.grid.grid.lanes
    assert len(lanes) == 5 * 4
    assert [lane.hatches[0].words for lane in lanes[::4]][3] == "Congrès"
    stage.key(Key.Key_P)
    assert {lane.name for lane in stage.view.grid.grid.lanes} == {"Dre Gagnon", "Karim", "Sophie"}
    assert {item.lane for item in stage.view.grid.items if item.visit is not None} == {3, 4}
    stage.view.bar.set_value("run", Run.DOWN)
    stage.rest()
    box = stage.view.grid.grid.item_box(stage.item(visit))
    assert box.height() == pytest.approx(20 * stage.view.grid.grid.scale - 1)
    assert (stage.view.bar.value("span"), stage.view.bar.value("by")) == (WEEK, By.PROVIDER)


def test_a_new_visit_takes_the_doctor_or_the_hands_of_its_lane(stage: Stage) -> None:
    stage.rest()
    stage.key(Key.Key_P)
    doctor, hands = stage.world.doctors[0], stage.world.hands[0]
    given = []
    for person in (doctor, hands):
        lane = next(at for at, each in enumerate(stage.view.grid.grid.lanes) if each.resource == person)
        stage.view._book(lane, stage.view.grid.scene.first + 30, 20)
        draft = start_of(stage.opened[-1][1], stage.bench.runner.clock.zone)
        given.append((draft.doctor_id, draft.assistant_id))
    assert given == [(doctor, None), (None, hands)]


def test_among_people_a_visit_is_given_to_somebody_else(stage: Stage) -> None:
    visit = stage.book()
    stage.rest()
    stage.key(Key.Key_P)
    item = next(each for each in stage.view.grid.items if each.visit is not None and each.lane == 1)
    stage.view.grid.choose_item(item)
    stage.key(Key.Key_M)
    stage.key(Key.Key_Down)
    assert "Karim → Sophie" in card_words(stage)
    stage.key(Key.Key_Return)
    assert stage.line(visit).assistant_id == stage.world.hands[1]


def test_another_writer_is_seen_at_once_in_every_window(stage_of: Callable[..., Stage]) -> None:
    one, two = stage_of(), stage_of()
    visit = one.book()
    one.rest()
    two.rest()
    assert one.item(visit).span == two.item(visit).span
    one.world.run(do.check_in_patient, visit)
    two.rest()
    one.rest()
    assert {stage.view.grid.scene.look(stage.item(visit)).status for stage in (one, two)} == {"waiting"}


def test_what_runs_late_pushes_what_follows_and_keeps_the_plan(stage: Stage) -> None:
    first, second = stage.book(minutes=0), stage.book(1, minutes=20)
    stage.world.run(do.seat_patient, first)
    stage.rest()
    assert stage.item(second).plan is None
    stage.world.runner.clock.source = lambda: NOW + timedelta(minutes=35)
    stage.view.freshen()
    stage.rest()
    pushed = stage.item(second)
    assert pushed.span[0] - stage.item(first).span[1] == 0
    assert pushed.plan is not None
    look = stage.view.grid.scene.look(pushed)
    assert (look.status, look.state) == ("late", "late 15 min")


@pytest.mark.parametrize(("on", "hours"), [(date(2026, 11, 1), 25), (date(2027, 3, 14), 23)])
def test_days_of_another_length_are_drawn_as_long_as_they_are(stage: Stage, on: date, hours: int) -> None:
    stage.view.go_to(on)
    stage.rest()
    lane = stage.view.grid.grid.lanes[0]
    start, end = stage.view._board.days[0].span
    assert end - start == hours * 60
    along = stage.view.grid.grid.along
    assert along(0, end) - along(0, start) == pytest.approx(hours * 60 * stage.view.grid.grid.scale)
    zone = stage.bench.runner.clock.zone
    assert datetime.fromtimestamp(lane.noon * 60, zone).hour == 12


def test_in_french(stage: Stage) -> None:
    visit = stage.book()
    i18n.set_language("fr")
    stage.view.retranslate()
    stage.rest()
    stage.view.grid.choose_visit(visit)
    stage.key(Key.Key_M)
    stage.key(Key.Key_Right)
    words = card_words(stage)
    assert words[0] == "Léa Tremblay · Fauteuil 1 à 9\u00a0h\u00a035"
    assert "Entrée pour relâcher" in words
    stage.key(Key.Key_Return)
    assert stage.ran[-1].sentence == "Léa Tremblay\u00a0: déplacement au Fauteuil 1 à 9\u00a0h\u00a035"
