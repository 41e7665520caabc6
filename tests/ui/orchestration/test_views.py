"""Four views of one day agree: the same choice, filters, keys and undo; each card is in the tree with its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.core import i18n
from app.journal.queries import Actor
from app.orchestration.permissions import SEE_DAY
from app.scheduling import commands as do
from app.scheduling.permissions import SEE_SCHEDULE
from tests.conftest import NOW
from tests.ui.orchestration.conftest import Day
from ui.orchestration.board import COLUMNS
from ui.orchestration.card_space import CardSpace
from ui.orchestration.picture import DayFilter
from ui.orchestration.timeline import By
from ui.scheduling.timegrid import Run
from ui.shell.a11y import mute_nodes, tree_of
from ui.theme.style import theme

Key = Qt.Key
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
ONLOOKER = Actor("onlooker", "Ann", frozenset({SEE_DAY.name, SEE_SCHEDULE.name}))


def item_of(day: Day, visit: object) -> object:
    return next(item for item in day.view.timeline.grid.items if item.visit is not None and item.visit.id == visit)


def names_in(day: Day) -> list[str]:
    nodes = tree_of(day.view)
    assert mute_nodes(nodes) == []
    return [str(node["name"]) for node in nodes]


def column(day: Day, key: str) -> list[str]:
    place = next(number for number, each in enumerate(COLUMNS) if each.key == key)
    rect = day.view.board._columns[place]
    return [spot.visit_id for spot in day.view.board.spots if rect.contains(spot.rect) and spot.visit_id]


# -- timeline ------------------------------------------------------------------------------------------------------
def test_a_visit_stands_where_it_will_begin_with_its_plan_under_it(day: Day) -> None:
    first, second = day.book(minutes=0), day.book(patient=1, minutes=20)
    day.run(do.check_in_patient, first)
    day.run(do.seat_patient, first)
    day.later(40)  # the first runs over by 20 minutes
    assert day.view.picture is not None
    shown = day.view.picture.visits[second]
    item = item_of(day, second)
    assert item.span == shown.projected
    assert item.span[0] > item.plan[0]
    assert day.view.timeline.grid.scene.ribbons[0].name == "Dre Gagnon"


def test_lanes_are_chairs_doctors_or_staff_and_the_clock_runs_both_ways(day: Day) -> None:
    visit = day.book()
    day.rest()
    grid = day.view.timeline.grid
    assert [lane.name for lane in grid.grid.lanes] == ["Fauteuil 1", "Fauteuil 2", "Radiologie", "Urgences"]
    day.look(by=By.PROVIDER)
    assert [lane.name for lane in grid.grid.lanes] == ["Dre Gagnon"]
    day.look(by=By.STAFF)
    assert [lane.name for lane in grid.grid.lanes] == ["Karim", "Sophie"]
    assert item_of(day, visit).lane == 0
    day.look(by=By.CHAIR, run=Run.DOWN)
    assert grid.grid.run is Run.DOWN


def test_a_block_is_moved_by_keyboard_after_its_consequence_was_said(day: Day) -> None:
    visit = day.book()
    day.rest()
    day.view.take_choice(visit)
    day.key(Key.Key_M)
    day.key(Key.Key_Right)
    day.key(Key.Key_Down)
    words = [label.text() for label in day.view.timeline.dropper.card.findChildren(QLabel) if label.isVisible()]
    assert any("Fauteuil 2" in each for each in words)
    assert "Enter to drop" in words
    day.key(Key.Key_Return)
    assert day.view.picture is not None
    line = day.view.picture.visits[visit].line
    assert line.operatory_id == day.world.chairs[1]
    assert line.starts_at == NOW + timedelta(minutes=35)
    assert day.bench.undo_last()
    day.rest()
    assert day.view.picture.visits[visit].line.starts_at == NOW + timedelta(minutes=30)


def test_free_time_says_who_of_the_short_notice_list_fits(day: Day) -> None:
    later = day.book(patient=1, minutes=24 * 60)
    day.run(do.add_short_notice, day.world.patients[1], later)
    gaps = [item for item in day.view.timeline.grid.items if item.visit is None]
    assert any(item.patients == 1 for item in gaps)


# -- board ---------------------------------------------------------------------------------------------------------
def test_a_drag_to_the_next_column_is_the_command_and_has_its_undo(day: Day) -> None:
    visit = day.book(minutes=10)
    day.look(view="board")
    board = day.view.board
    assert column(day, "expected") == [visit]
    target = QPointF(board._columns[2].center().x(), 200)
    day.drag(board, day.spot(board, visit).rect.center(), target)
    assert day.stage(visit) == "waiting"
    assert column(day, "waiting") == [visit]
    assert day.ran[-1].sentence == "Léa Tremblay has arrived"
    assert day.bench.undo_last()
    day.rest()
    assert day.stage(visit) == "expected"


def test_what_does_not_come_next_is_said_and_nothing_is_written(day: Day) -> None:
    visit = day.book(minutes=10)
    day.look(view="board")
    board = day.view.board
    day.drag(board, day.spot(board, visit).rect.center(), QPointF(board._columns[6].center().x(), 200))
    assert day.stage(visit) == "expected"
    assert day.said == [("warn", "Léa Tremblay is “Expected”: this does not come next.")]


def test_shift_with_arrows_goes_through_the_visit_and_back(day: Day) -> None:
    visit = day.book(minutes=0)
    day.look(view="board")
    day.view.take_choice(visit)
    stages = []
    for _step in range(5):
        day.key(Key.Key_Right, SHIFT)
        stages.append(day.stage(visit))
    assert stages == ["waiting", "seated", "needed", "checkout", "done"]
    day.key(Key.Key_Left, SHIFT)
    assert day.stage(visit) == "checkout"


def test_who_waits_for_the_doctor_is_a_queue_and_a_limit_is_said(day: Day) -> None:
    from app.journal.settings_store import change_setting
    from app.orchestration.commands import watch_day
    from app.orchestration.settings import MOST_CALLS

    day.run(change_setting, MOST_CALLS.name, "1")
    visits = [day.book(patient=number, chair=number, minutes=0, override=True) for number in (0, 1)]
    for visit in visits:
        day.world.run(do.check_in_patient, visit)
        day.world.run(do.seat_patient, visit)
        day.world.run(do.call_doctor, visit, first=visit == visits[1])
    day.run(watch_day, day.world.clinic)
    day.look(view="board")
    needed = next(each for each in COLUMNS if each.key == "needed")
    assert column(day, "needed") == [visits[1], visits[0]]  # who was asked for first
    words = day.view.board._limit_words(needed, 2)
    assert words.startswith("Limit of 1 exceeded. Practice manager told at 9:00")
    assert day.view.board._limit_words(needed, 1) == ""


def test_cards_age_in_two_steps(day: Day) -> None:
    visit = day.book(minutes=60)
    day.run(do.check_in_patient, visit)
    assert day.view.picture is not None
    first, second = day.view.picture.ages.wait
    severities = []
    for minutes in (0, first, second - first):
        day.later(minutes)
        age = day.view.picture.age(day.view.picture.visits[visit])
        assert age is not None
        severities.append(age.severity)
    assert severities == ["", "warn", "danger"]


# -- floor ---------------------------------------------------------------------------------------------------------
def test_a_patient_is_dragged_from_the_waiting_room_to_another_chair(day: Day) -> None:
    visit = day.book(minutes=5)
    day.run(do.check_in_patient, visit)
    day.look(view="floor")
    space = day.view.floor.space
    chair = next(rect for spot, rect in space._rects if spot.operatory_id == day.world.chairs[1])
    day.drag(space, day.spot(space, visit).rect.center(), chair.center())
    assert day.stage(visit) == "seated"
    assert day.view.picture is not None
    assert day.view.picture.visits[visit].operatory_id == day.world.chairs[1]
    assert any("Fauteuil 2" in name and "In chair" in name and "Léa Tremblay" in name for name in names_in(day))


def test_a_chair_is_cleaned_for_a_while_and_then_free_by_itself(day: Day) -> None:
    visit = day.book(minutes=0)
    for command in (do.check_in_patient, do.seat_patient):
        day.world.run(command, visit)
    day.later(20)
    day.run(do.complete_appointment, visit)
    day.look(view="floor")
    assert any("Being cleaned" in name and "ready in 3 min" in name for name in names_in(day))
    day.later(4)
    assert not any("Being cleaned" in name for name in names_in(day))


def test_the_plan_is_drawn_kept_in_one_step_and_given_back(day: Day) -> None:
    day.look(view="floor")
    pane, space = day.view.floor, day.view.floor.space
    assert space.plan is not None
    assert not space.plan.drawn
    pane.begin()
    space.choose_spot(space.spots[0])
    before = space.draft[0]
    day.key(Key.Key_Right, ALT)
    day.key(Key.Key_Down, SHIFT)
    after = space.draft[0]
    assert (after.across, after.height) == (30, before.height // 10 * 10 + (20 if before.height % 10 > 5 else 10))
    pane.put("room")
    pane.name.setText("Stérilisation")
    pane._rename()
    pane.keep()
    day.rest()
    assert space.plan.drawn
    assert "Stérilisation" in [spot.label for spot in space.plan.spots]
    assert day.bench.undo_last()
    day.rest()
    assert not space.plan.drawn


# -- one day -------------------------------------------------------------------------------------------------------
def test_choice_and_filters_hold_in_every_view(day: Day) -> None:
    visits = [day.book(patient=number, minutes=30 * number) for number in range(3)]
    day.rest()
    day.view.take_choice(visits[1])
    for view in ("grid", "board", "floor", "timeline"):
        day.look(view=view)
        assert day.view.visit() is not None
        assert day.view.chosen == visits[1]
    day.view.filters.put(DayFilter(text="noah"))
    day.rest()
    dim = {item.visit.id: item.dim for item in day.view.timeline.grid.items if item.visit is not None}
    assert dim == {visits[0]: True, visits[1]: False, visits[2]: True}
    day.look(view="grid")
    assert [visit.id for visit in day.view.grid.rows.items] == [visits[1]]
    day.look(view="board")
    assert [spot.visit_id for spot in day.view.board.spots] == [visits[1]]


def test_a_write_elsewhere_shows_at_once_in_every_view(day: Day) -> None:
    visit = day.book(minutes=0)
    for view, stage, command in (
        ("timeline", "waiting", do.check_in_patient), ("grid", "seated", do.seat_patient),
        ("board", "needed", do.call_doctor), ("floor", "here", do.mark_doctor_here),
    ):  # fmt: skip
        day.look(view=view)
        day.run(command, visit)
        assert day.stage(visit) == stage


@pytest.mark.parametrize("view", ["timeline", "board", "floor"])
def test_a_whole_visit_by_keys_in_each_view(day: Day, view: str) -> None:
    visit = day.book(minutes=0)
    day.look(view=view)
    day.view.take_choice(visit)
    stages = []
    for key, modifiers in (
        (Key.Key_F5, None), (Key.Key_F6, None), (Key.Key_F7, None), (Key.Key_F8, None), (Key.Key_F8, SHIFT),
        (Key.Key_F9, None), (Key.Key_F10, None),
    ):  # fmt: skip
        day.key(key, modifiers or Qt.KeyboardModifier.NoModifier)
        stages.append(day.stage(visit))
    assert stages == ["waiting", "seated", "needed", "here", "seated", "checkout", "done"]
    day.key(Key.Key_F5)
    assert day.said[-1] == ("warn", "Léa Tremblay is “Done”: this does not come next.")


@pytest.mark.parametrize("view", ["timeline", "grid", "board", "floor"])
def test_every_card_is_in_the_tree_with_its_state(day: Day, view: str) -> None:
    expected, seated = day.book(minutes=60), day.book(patient=1, chair=1, minutes=0)
    day.world.run(do.check_in_patient, seated)
    day.run(do.seat_patient, seated)
    day.look(view=view)
    spoken = names_in(day)
    if view == "grid":
        table = day.view.grid.rows
        role = Qt.ItemDataRole.AccessibleDescriptionRole
        spoken = [str(table.data(table.index(row, 1), role)) for row in range(table.rowCount())]
    assert any("Noah Tremblay" in name and "In chair" in name and "Fauteuil 2" in name for name in spoken)
    if view != "floor":  # the plan shows who is here
        assert any("Léa Tremblay" in name and "Expected" in name for name in spoken)
    assert day.stage(expected) == "expected"


@pytest.mark.parametrize("view", ["board", "floor"])
def test_arrows_go_from_card_to_card_and_enter_opens_the_file(day: Day, view: str) -> None:
    visits = [day.book(patient=number, chair=number, minutes=0, override=True) for number in (0, 1)]
    for visit in visits:
        day.world.run(do.check_in_patient, visit)
        day.run(do.seat_patient, visit)
    day.look(view=view)
    place = day.view.keyboard_place()
    assert isinstance(place, CardSpace)
    place.setFocus(Qt.FocusReason.TabFocusReason)
    place.choose_spot(day.spot(place, visits[0]))
    day.key(Key.Key_Down if view == "board" else Key.Key_Right)
    assert day.view.chosen == visits[1]
    interface = QAccessible.queryAccessibleInterface(place)
    assert interface.text(QAccessible.Text.Value) == day.spot(place, visits[1]).sentence
    day.key(Key.Key_Return)
    assert day.opened[-1] == ("patient", {"patient_id": day.world.patients[1]})


def test_alt_with_a_number_stands_on_the_visit_at_a_chair(day: Day) -> None:
    visit = day.book(chair=1, minutes=10)
    day.rest()
    day.look(view="board")
    day.key(Key.Key_2, ALT)
    assert day.view.chosen == visit


def test_a_right_that_is_not_held_is_said(day_of: Callable[..., Day]) -> None:
    day = day_of(ONLOOKER)
    visit = day.book(minutes=10)
    day.rest()
    day.look(view="board")
    day.view.take_choice(visit)
    day.key(Key.Key_F5)
    assert day.stage(visit) == "expected"
    assert day.said[-1][0] == "warn"
    day.look(view="floor")
    assert not day.view.floor.edit.isEnabled()
    day.look(view="grid")
    assert not day.view.grid.export.isEnabled()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_clipped_and_everything_has_a_name(
    day: Day, qapp: QApplication, language: str, scale: float, clipped: Callable[[QWidget], list[str]],
    unnamed: Callable[[QWidget], list[str]], settled: Callable[[QWidget], None],
) -> None:  # fmt: skip
    visit = day.book(minutes=0)
    day.run(do.check_in_patient, visit)
    before = i18n.language()
    try:
        i18n.set_language(language)
        theme.apply(qapp, "light", scale, "normal", reduce_motion=True)
        day.view.resize(1600, 900)
        day.view.retranslate()
        day.view.bar.filters.setChecked(True)
        for view in ("timeline", "grid", "board", "floor"):
            day.look(view=view)
            day.view.take_choice(visit)
            day.rest()
            settled(day.view)
            assert clipped(day.view) == [], view
            assert unnamed(day.view) == [], view
    finally:
        i18n.set_language(before)


def test_a_tablet_keeps_targets_for_fingers(day_of: Callable[..., Day], qapp: QApplication) -> None:
    day = day_of(size=(1200, 700))  # 1280 × 800 less rail, top and status
    theme.apply(qapp, "light", 1.0, "touch", reduce_motion=True)
    visit = day.book(minutes=10)
    day.run(do.check_in_patient, visit)
    for view in ("board", "floor"):
        day.look(view=view)
        space = day.view.keyboard_place()
        assert isinstance(space, CardSpace)
        assert all(min(spot.rect.width(), spot.rect.height()) >= 44 for spot in space.spots)
    for button in (day.view.bar.today, day.view.bar.filters, day.view.bar.new):
        assert button.height() >= 44
