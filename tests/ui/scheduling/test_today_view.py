"""Today at the desk: the list, the keys, the reasons, the panel, the lanes, empty days, missing rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.core import i18n
from app.scheduling.commands import check_in_patient, seat_patient
from app.scheduling.queries import Stage, day_list
from tests.ui.scheduling.conftest import Desk
from ui.scheduling.today_lanes import VisitBlock
from ui.scheduling.today_view import TodayView
from ui.shell.journey import Journey
from ui.shell.offscreen import enter, settle, speak, wear
from ui.shell.window import Window
from ui.theme.style import theme


@pytest.fixture
def today(window: Window) -> TodayView:
    """The screen, open."""
    window.open("today")
    settle(window)
    screen = window.screens["today"]
    assert isinstance(screen, TodayView)
    return screen


def stages(window: Window, desk: Desk) -> list[Stage]:
    """The stages of the three visits by time."""
    page = window.bench.runner.ask(window.bench.actor, day_list, desk.clinic, stages=list(Stage))
    return [row.stage for row in page.rows]


def press(window: Window, key: Qt.Key, target: QWidget | None = None) -> None:
    QTest.keyClick(target or QApplication.focusWidget() or window, key)
    settle(window)


def texts(window: Window) -> list[str]:
    return list(Journey(window).texts())


def test_it_is_the_first_screen_of_the_rail(window: Window) -> None:
    assert window.current is not None
    assert window.current.name == "today"


def test_a_whole_visit_by_keys(window: Window, today: TodayView, desk: Desk) -> None:
    today._table.setFocus()
    seen = []
    for key in (Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_F7, Qt.Key.Key_F8, Qt.Key.Key_F9, Qt.Key.Key_F10):
        press(window, key)
        seen.append(stages(window, desk)[0])
    assert seen == [Stage.WAITING, Stage.SEATED, Stage.NEEDED, Stage.HERE, Stage.CHECKOUT, Stage.DONE]


def test_a_key_out_of_turn_is_refused_in_both_languages(window: Window, today: TodayView, desk: Desk) -> None:
    today._table.setFocus()
    press(window, Qt.Key.Key_F9)
    assert "Olivia Lavoie is “Expected”: this does not come next." in texts(window)
    speak(window, "fr")
    today._table.setFocus()
    press(window, Qt.Key.Key_F9, today._table)
    assert any("ce n’est pas l’étape suivante" in text for text in texts(window))
    assert stages(window, desk)[0] is Stage.EXPECTED


def test_undo_takes_a_step_back(window: Window, today: TodayView, desk: Desk) -> None:
    today._table.setFocus()
    press(window, Qt.Key.Key_F5)
    assert stages(window, desk)[0] is Stage.WAITING
    assert window.bench.undo_last()
    settle(window)
    assert stages(window, desk)[0] is Stage.EXPECTED


def test_the_row_button_takes_the_next_step(window: Window, today: TodayView, desk: Desk) -> None:
    column = [c.key for c in today._model.columns].index("next")
    place = today._table.visualRect(today._model.index(1, column)).center()
    QTest.mouseClick(today._table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settle(window)
    assert stages(window, desk)[1] is Stage.WAITING


def test_cancelling_wants_the_form_and_frees_the_place(window: Window, today: TodayView, desk: Desk) -> None:
    today._table.setFocus()
    press(window, Qt.Key.Key_Delete)
    form = today._detail._form
    assert form is not None
    press(window, Qt.Key.Key_Escape, form)
    assert stages(window, desk)[0] is Stage.EXPECTED
    press(window, Qt.Key.Key_Delete, today._table)
    form = today._detail._form
    assert form is not None
    assert form._reason is not None
    form._reason.setCurrentIndex(1)
    form.send()
    settle(window)
    assert stages(window, desk).count(Stage.CANCELLED) == 1


def test_running_late_is_shown_and_an_impossible_delay_refused(window: Window, today: TodayView) -> None:
    from app.scheduling.commands import announce_late

    today._detail.ask_why(announce_late)
    form = today._detail._form
    assert form is not None
    assert form._minutes is not None
    form._minutes.setText("999")
    form.send()
    settle(window)
    assert form._fields["minutes"].error()
    form._minutes.setText("15")
    form.send()
    settle(window)
    assert "will be 15 min late" in texts(window)


def test_figures_filter_the_list(window: Window, today: TodayView, desk: Desk) -> None:
    window.bench.runner.run(window.bench.actor, check_in_patient, desk.visits[1])
    settle(window)
    assert today._model.rowCount() == 3
    tile = next(tile for tile in today._figures.tiles if tile.figure.key == "waiting")
    tile.click()
    settle(window)
    assert [item.visit.given_name for item in today._model.items] == ["Nathan"]
    tile.click()
    settle(window)
    assert today._model.rowCount() == 3


def test_a_write_elsewhere_shows_at_once(window: Window, today: TodayView, desk: Desk) -> None:
    window.bench.runner.run(window.bench.actor, seat_patient, desk.visits[0])
    settle(window)
    assert today._model.items[0].stage is Stage.SEATED


def test_telephones_copy_themselves(window: Window, today: TodayView) -> None:
    Journey(window)._press("Copy 514 555-0142, Anne Lavoie, mother")
    assert QApplication.clipboard().text() == "5145550142"


def test_the_gap_is_given_to_who_waits(window: Window, today: TodayView, desk: Desk) -> None:
    Journey(window)._press("Give 9:00 to Hugo Lavoie")
    settle(window)
    assert [item.visit.given_name for item in today._model.items] == ["Hugo", "Olivia", "Nathan", "Florence"]


def test_a_walk_in_is_inserted(window: Window, today: TodayView, desk: Desk) -> None:
    today._ask_walk_in()
    item = today._walk_in_place.itemAt(0)
    assert item is not None
    form: Any = item.widget()
    form.send()
    assert form.fields["patient_id"].error() == "Choose the patient first."
    form._take(desk.patients[3], "Hugo Lavoie")
    form.send()
    settle(window)
    assert [row.stage for row in today._model.items if row.visit.given_name == "Hugo"] == [Stage.WAITING]


def test_lanes_hold_every_visit_by_name_and_arrows_move(window: Window, today: TodayView) -> None:
    assert today._bar._view is not None
    today._bar._view.set_value("lanes")
    settle(window)
    blocks = [block for block in today._lanes.findChildren(VisitBlock) if block.isVisible()]
    assert len(blocks) == 3
    assert any("Olivia Lavoie" in block.accessibleName() and "Latex" in block.accessibleName() for block in blocks)
    first = next(block for block in blocks if block.row.visit.given_name == "Olivia")
    first.setFocus()
    press(window, Qt.Key.Key_Right, first)
    assert today._detail.row is not None
    assert today._detail.row.visit.given_name == "Florence"


def test_empty_days_say_why_in_both_languages(window: Window, today: TodayView) -> None:
    today.choose(on="2026-12-25")
    settle(window)
    assert "The clinic is closed: Christmas Day." in texts(window)
    today.choose(on="2026-11-29")
    settle(window)
    assert "The clinic is closed on this day." in texts(window)
    speak(window, "fr")
    assert "La clinique est fermée ce jour-là." in texts(window)


def test_who_lacks_the_right_reads_why(gate: Window, desk: Desk) -> None:
    from app.journal.queries import Actor

    enter(gate, "frontdesk")
    actor = gate.bench.actor
    gate.bench.actor = Actor(actor.id, actor.name, actor.permissions - {"check_in_patients"}, actor.session)
    gate.open("today")
    settle(gate)
    screen = gate.screens["today"]
    assert isinstance(screen, TodayView)
    screen.freshen()
    settle(gate)
    button = screen._detail.next_button
    assert button is not None
    assert not button.isEnabled()
    assert button.toolTip()
    before = stages(gate, desk)
    QTest.keyClick(screen._table, Qt.Key.Key_F5)
    settle(gate)
    assert stages(gate, desk) == before


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("view", ["list", "lanes"])
def test_nothing_is_clipped_and_everything_has_a_name(
    window: Window, today: TodayView, language: str, view: str, clipped: Callable[[QWidget], list[str]],
    unnamed: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    speak(window, language)
    assert today._bar._view is not None
    today._bar._view.set_value(view)
    settle(window)
    assert clipped(today) == []
    assert unnamed(today) == []


@pytest.mark.parametrize(("width", "text"), [(1440, "100"), (1440, "200"), (1280, "150"), (820, "100")])
def test_the_list_never_runs_out_at_the_side(window: Window, today: TodayView, width: int, text: str) -> None:
    window.resize(width, 900)
    wear(window, "fr", "light", text)
    assert today._table.horizontalScrollBar().maximum() == 0
    assert [column.key for column in today._model.columns][-1] == "next"
    assert today._table.columnWidth(1) >= theme.px(120)


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    yield
    i18n.set_language("en")
