"""What assistive technology is told of the schedule, its menu, its filters, and what a missing right leaves."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

from app.core import i18n
from app.journal.queries import Actor
from app.scheduling import commands as do
from app.scheduling.permissions import SEE_SCHEDULE
from tests.conftest import NOW
from tests.ui.schedule.conftest import Stage
from ui.scheduling.schedule_acts import Hands, visit_menu
from ui.scheduling.schedule_bar import MonthPopup
from ui.shell.a11y import mute_nodes, tree_of
from ui.theme.style import theme
from ui.widgets import painted_items
from ui.widgets.painted_items import GridInterface


def items(stage: Stage) -> list[dict[str, object]]:
    nodes = tree_of(stage.view)
    assert mute_nodes(nodes) == []
    return [node for node in nodes if node["role"] == "ListItem"]


def menu_of(stage: Stage, visit: object) -> QMenu:
    item = stage.item(visit)
    assert item.visit is not None

    def nothing(*_arguments: object) -> None:
        """No hand does anything here."""

    hands = Hands(stage.bench, *([nothing] * 7))
    return visit_menu(stage.view, item.visit, stage.view._reasons, hands)


def test_every_visit_and_free_time_is_in_the_tree_with_its_state(stage: Stage) -> None:
    visit = stage.book()
    stage.world.run(do.check_in_patient, visit)
    stage.rest()
    names = [str(node["name"]) for node in items(stage)]
    assert "9:30, Léa Tremblay, Adjustment, wire change, Fauteuil 1, Waiting, waits 0 min" in names
    assert "9:00, Fauteuil 1, 30 min free" in names
    stage.view.grid.choose_visit(visit)
    selected = [node["name"] for node in items(stage) if "selected" in node["states"]]
    assert len(selected) == 1
    grid = QAccessible.queryAccessibleInterface(stage.view.grid)
    assert grid.text(QAccessible.Text.Value) == selected[0]
    stage.world.run(do.seat_patient, visit)
    stage.rest()
    assert any("In chair" in str(node["name"]) for node in items(stage))


def test_what_qt_keeps_is_never_ended_by_python(stage: Stage) -> None:
    """Qt asks for a second interface once Python has extended the metaobject of the grid; both stay."""
    QAccessible.setActive(True)
    stage.book()
    stage.rest()
    first = QAccessible.queryAccessibleInterface(stage.view.grid)
    items_of_first = [first.child(place) for place in range(first.childCount())]
    stage.view.grid.destroyed.connect(stage.view.grid.viewport().update)  # a slot more: another metaobject
    second = QAccessible.queryAccessibleInterface(stage.view.grid)
    assert all(isinstance(one, GridInterface) for one in (first, second))
    gc.collect()
    kept = [one for one in painted_items._kept if one._grid is stage.view.grid]
    assert {id(first), id(second)} <= {id(one) for one in kept}
    assert all(isValid(one) for one in (*kept, *items_of_first))
    first.let_go()
    assert not any(isValid(one) for one in items_of_first), "Qt has ended them, and knows it"
    assert isValid(first.child(0)), "what is asked for again is made anew"


def test_items_of_other_days_are_let_go(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painted_items, "MOST_GONE", 0)
    visit = stage.book()
    stage.rest()
    grid = QAccessible.queryAccessibleInterface(stage.view.grid)
    gone = [grid.child(place) for place in range(grid.childCount())]
    stage.world.run(do.cancel_appointment, visit)
    stage.view.choose(on=date(2026, 12, 1))
    stage.rest()
    now = [grid.child(place) for place in range(grid.childCount())]
    assert all(isValid(one) for one in now)
    assert not all(isValid(one) for one in gone)


def test_items_that_are_gone_are_not_in_the_tree(stage: Stage) -> None:
    visit = stage.book()
    stage.rest()
    before = len(items(stage))
    stage.world.run(do.cancel_appointment, visit)
    stage.rest()
    assert len(items(stage)) == before - 2  # the visit, and the free time that it had cut in two


def test_without_the_right_to_book_everything_says_why(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of(Actor("guest", "Guest", frozenset({SEE_SCHEDULE.name})))
    visit = stage.book()
    stage.rest()
    menu = menu_of(stage, visit)
    confirm = next(action for action in menu.actions() if action.text().startswith("Confirm"))
    assert not confirm.isEnabled()
    assert "Book, move and cancel appointments" in confirm.toolTip()
    begin = stage.middle(visit)
    stage.drag(begin, begin + stage.steps(60))
    assert stage.minutes(visit) == 30
    assert "Book, move and cancel appointments" in stage.said[-1][1]
    menu.deleteLater()


def test_the_menu_cancels_with_a_reason(stage: Stage) -> None:
    visit = stage.book()
    stage.rest()
    stage.view.grid.choose_visit(visit)
    item = stage.item(visit)
    assert item.visit is not None
    hands = Hands(stage.bench, stage.view.act, *([lambda *_given: None] * 6))
    menu = visit_menu(stage.view, item.visit, stage.view._reasons, hands)
    below = next(action.menu() for action in menu.actions() if action.text() == "Cancel the appointment")
    assert isinstance(below, QMenu)
    below.actions()[0].trigger()
    stage.rest()
    assert stage.line(visit).status == "cancelled_late"
    assert stage.line(visit).reason_id is not None
    assert stage.ran[-1].sentence == "The visit of Léa Tremblay is cancelled"
    menu.deleteLater()


def test_filters_dim_what_is_not_looked_for(stage: Stage) -> None:
    visit, other = stage.book(), stage.book(1, 1, minutes=90)
    stage.world.run(do.check_in_patient, visit)
    stage.rest()
    stage.view.filters.status.set_value("waiting")
    stage.view.filters.changed.emit()
    assert (stage.item(visit).dim, stage.item(other).dim) == (False, True)
    stage.view.filters.clear.click()
    assert not stage.item(other).dim


def test_free_time_names_who_could_come_sooner_and_moves_them(stage: Stage) -> None:
    later = stage.book(minutes=24 * 60)
    stage.world.run(do.add_short_notice, stage.world.patients[0], later)
    stage.rest()
    gap = next(item for item in stage.view.grid.items if item.visit is None and item.lane == 0)
    assert gap.patients == 1
    stage.view.grid.choose_item(gap)
    stage.rest()
    button = next(b for b in stage.view.panel.findChildren(QWidget) if b.accessibleName() == "Move Léa Tremblay here")
    button.click()
    stage.rest()
    assert stage.line(later).starts_at == NOW
    assert stage.item(later).visit is not None


def test_large_text_and_other_themes_cut_no_words(
    stage: Stage, clipped: Callable[[QWidget], list[str]], qapp: object
) -> None:
    visit = stage.book()
    stage.view.grid.choose_visit(visit)
    for name, scale, language in (("light", 1.5, "fr"), ("high_contrast", 1.25, "en"), ("dark", 1.0, "fr")):
        i18n.set_language(language)
        theme.apply(qapp, name, scale)
        stage.view.resize(round(1400 * max(scale, 1.0)), 900)
        stage.view.retranslate()
        stage.rest()
        assert clipped(stage.view) == [], (name, scale)
    theme.apply(qapp, "light", 1.0)


def test_the_calendar_goes_to_a_day_by_keyboard(stage: Stage) -> None:
    popup = MonthPopup(NOW.date(), NOW.date(), stage.view)  # offscreen, Qt warns of a popup that is shown
    popup.chosen.connect(stage.view.go_to)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Left, Qt.Key.Key_Return):
        QTest.keyClick(popup, key)
    stage.rest()
    assert stage.view.on == date(2026, 12, 31)
    assert "December 31, 2026" in stage.view.bar.date.accessibleName().replace("\u00a0", " ")
