"""Several windows over one session: each with its screen; lock and user act on all; closing one keeps the rest."""

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from app.access.settings import WINDOW_PLACES
from app.cli.demo_people import PASSWORD, PIN
from app.patients.commands import create_patient
from ui.shell import window_group
from ui.shell.faces import shown_patient
from ui.shell.preferences import LANGUAGE, TEXT_SIZE
from ui.shell.window import Window
from ui.shell.window_group import MOST, monitors
from ui.theme.style import theme
from ui.theme.tokens import THEMES
from ui.widgets.buttons import _ThemedButton

Rest = Callable[[Window], None]


@pytest.fixture
def second(window: Window, rest: Rest) -> Window:
    window.open("patients")
    window.open_new_window()
    rest(window)
    return window.group.open[1]


def test_each_window_has_a_screen_of_its_own(window: Window, second: Window, rest: Rest) -> None:
    assert second.current is not None
    assert second.current.name == "patients"
    second.open("journal")
    rest(window)
    assert window.current is not None
    assert window.current.name == "patients"
    assert second.screens["patients"] is not window.screens["patients"]


def test_the_keys_open_one_for_the_same_patient(window: Window, rest: Rest) -> None:
    patient = shown_patient(window)
    window.open("patient", patient_id=patient)
    rest(window)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_N, keys)
    rest(window)
    assert len(window.group.open) == 2
    assert window.group.open[1].context() == {"patient_id": patient}


def test_a_commit_reaches_both(window: Window, second: Window, rest: Rest) -> None:
    window.bench.run(create_patient, "Zimmer", "Anna")
    rest(window)
    for one in (window, second):
        names = [row.family_name for row in one.screens["patients"]._model.items]
        assert "Zimmer" in names


def test_what_was_done_is_told_in_the_window_where_one_works(window: Window, second: Window, rest: Rest) -> None:
    window.activateWindow()
    rest(window)
    window.bench.run(create_patient, "Zimmer", "Anna")
    rest(window)
    assert (window.toast.isVisible(), second.toast.isVisible()) == (True, False)
    second.activateWindow()
    rest(window)
    second.bench.presenter.said.emit("warn", "Something")
    assert (window.banner_host.isVisible(), second.banner_host.isVisible()) == (False, True)


def test_a_lock_covers_every_window_and_one_way_in_opens_all(window: Window, second: Window, rest: Rest) -> None:
    second.lock()
    rest(window)
    assert not window.workbench.isVisible()
    assert not second.workbench.isVisible()
    person = next(p for p in window.session.people.values() if p.username == "claire")
    window.session.enter("claire", PIN, session_id=person.session_id, pin=True)
    rest(window)
    assert window.workbench.isVisible()
    assert second.workbench.isVisible()


def test_another_person_finds_neither_window_of_the_first(window: Window, second: Window, rest: Rest) -> None:
    second.open("journal")
    window.lock()
    rest(window)
    window.session.enter("frontdesk", PASSWORD)
    rest(window)
    assert second.current is not None
    assert second.current.name == second.workspace.first_of(second.allowed(), list(second.specs.values()))
    assert "journal" not in second.screens
    assert second.top.person.accessibleName().startswith("Julie Roy")


def test_closing_one_keeps_the_rest_whichever_it_is(window: Window, second: Window, rest: Rest) -> None:
    window.close()
    rest(second)
    assert window.group.open == [second]
    second.open("journal")
    second.bench.run(create_patient, "Zimmer", "Anna")
    rest(second)
    assert second.toast.isVisible()
    second.lock()
    rest(second)
    assert not second.workbench.isVisible()


def test_the_language_changes_in_every_window(window: Window, second: Window, rest: Rest) -> None:
    window.prefer(LANGUAGE, "fr")
    rest(window)
    assert second.rail.head.accessibleName() == "Espace de travail\u00a0: Gestion"


def test_there_is_an_end_to_windows(window: Window, rest: Rest) -> None:
    window.open("settings")
    for _n in range(MOST + 2):
        window.open_new_window()
    assert len(window.group.open) == MOST
    assert window.banner_host.isVisible() or any(one.banner_host.isVisible() for one in window.group.open)


def test_places_are_kept_for_these_monitors(
    window: Window, second: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    second.setGeometry(0, 0, 800, 570)
    window.group.keep_places(window.bench.actor)
    rest(window)
    kept = json.loads(window.bench.setting(WINDOW_PLACES))
    assert {key: len(places) for key, places in kept.items()} == {monitors(): 2}
    second.setGeometry(0, 0, 800, 620)
    window.group.restore_places(window.bench.actor)
    assert second.height() == 570
    monkeypatch.setattr(window_group, "monitors", lambda: "another set")
    second.setGeometry(0, 0, 800, 620)
    window.group.restore_places(window.bench.actor)
    assert second.height() == 620


def test_only_the_reading_room_is_dark_and_to_come_and_go_restyles_nothing(window: Window, rest: Rest) -> None:
    spec = window.specs["reading"]
    usual, restyled = theme.tokens, []
    theme.changed.connect(lambda: restyled.append(theme.tokens.name))
    window.open(spec.name, patient_id=shown_patient(window))
    window.show_help("reading")
    rest(window)
    room, dark = window.screens[spec.name], THEMES[str(spec.theme)]
    buttons = [button for button in room.findChildren(_ThemedButton) if button.isVisible()]
    assert len(buttons) > 3
    assert all(theme.of(button) is theme.of(room) for button in buttons)
    assert all(button._worn is dark for button in buttons), "their icons are light on dark"
    strip = buttons[0].parentWidget()
    assert strip.grab().toImage().pixelColor(1, 1) == QColor(dark.colours.surface)
    assert theme.tokens is usual
    assert window.help.grab().toImage().pixelColor(2, 2) == QColor(usual.colours.surface)
    window.open("patients")
    rest(window)
    window.open(spec.name, patient_id=shown_patient(window))
    rest(window)
    assert restyled == []
    sheet_before = room.styleSheet()
    window.prefer(TEXT_SIZE, "150")
    rest(window)
    assert restyled
    assert room.styleSheet() != sheet_before, "it grows with the text of everything else"
