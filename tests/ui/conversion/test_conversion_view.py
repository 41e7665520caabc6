"""The page of the old system: by the keyboard from the folder to the undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.conversion.importing import Source, convert
from app.conversion.mapping import guess_mapping
from app.conversion.queries import DateOrder
from app.patients.queries.finding import search_patients
from ui.conversion.conversion_view import ConversionView
from ui.shell.offscreen import enter, settle
from ui.shell.window import Window

FILES = {
    "patients.csv": (
        "No;Nom;Prénom;Date de naissance;Langue\n1;Xylander;Léa;17/05/2012;Fr\n2;Xylander;Eve;31/02/2013;Fr\n"
    ),
    "soldes.csv": "No patient;Date;Solde\n1;31/10/2026;12,50\n",
}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    place = tmp_path / "old"
    place.mkdir()
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="cp1252")
    return place


def page(window: Window) -> ConversionView:
    window.open("conversion")
    settle(window)
    (found,) = window.findChildren(ConversionView)
    return found


def until(window: Window, done: Callable[[], bool]) -> None:
    for _turn in range(400):
        settle(window)
        if done():
            settle(window)
            return
        QTest.qWait(10)
    raise AssertionError("it did not happen")


def press(button: QWidget) -> None:
    button.setFocus()
    assert button.isEnabled(), button.toolTip()
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_from_the_folder_to_the_undo_by_the_keyboard(
    window: Window, old: Path, unnamed: Callable[[QWidget], list[str]], clipped: Callable[[QWidget], list[str]]
) -> None:
    view = page(window)
    assert not view.next.isEnabled() or view.choosing.files
    view.files.read(old)
    until(window, lambda: len(view.choosing.files) == 2)
    assert unnamed(view) == []
    assert clipped(view) == []
    press(view.next)
    until(window, lambda: view.step == "mapping" and view.mapping.table.model().rowCount() == 2)
    assert unnamed(view) == []
    press(view.next)
    until(window, lambda: view.step == "trial")
    assert view.choosing.report is not None
    assert view.choosing.report.dry_run
    assert view.trial.remarks.model().rowCount() == 1
    assert unnamed(view) == []
    assert clipped(view) == []
    press(view.next)
    until(window, lambda: view.step == "result" and view.undo.isVisible())
    assert len(window.bench.runner.ask(window.bench.actor, search_patients, "Xylander").rows) == 1
    view.undo_run(view._runs[0])
    until(window, lambda: not view.undo.isVisible())
    assert window.bench.runner.ask(window.bench.actor, search_patients, "Xylander").rows == ()


def test_a_second_run_that_brings_nothing_does_not_hide_the_undo_of_the_first(window: Window, old: Path) -> None:
    runner, actor, mapping = window.bench.runner, window.bench.actor, guess_mapping(old, "Vieux", "Vieux")
    for _time in range(2):
        convert(runner, actor, Source.of_folder(old, mapping), mapping)
    view = page(window)
    until(window, lambda: len(view._runs) == 2)
    found = view._undoable()
    assert found is not None
    view.undo_run(found)
    until(window, lambda: view._runs[1].undone_at is not None)
    assert view._undoable() is None
    assert runner.ask(actor, search_patients, "Xylander").rows == ()


def test_a_column_a_word_and_an_order_of_days_are_told(window: Window, old: Path) -> None:
    (old / "patients.csv").write_text(
        "No;Nom;Prénom;Jour;Langue\n1;Xylander;Léa;03/04/2012;Klingon\n", encoding="utf-8"
    )
    view = page(window)
    view.files.read(old)
    until(window, lambda: len(view.choosing.files) == 2)
    view.go("mapping")
    view.mapping._column("born_on", "Jour")
    until(window, lambda: "two ways" in view.mapping._missing.text())
    view.mapping._other_dates(DateOrder.DAY_FIRST.value)
    view.mapping._word("language", "Klingon", "en")
    until(window, lambda: view.mapping._missing.text() == "")
    until(window, lambda: view.mapping._rows.items[0].problem == "")
    assert "2012-04-03" in view.mapping._rows.items[0].cells


def test_a_column_that_is_needed_and_not_told_stops_the_trial(window: Window, old: Path) -> None:
    view = page(window)
    view.files.read(old)
    until(window, lambda: len(view.choosing.files) == 2)
    view.go("mapping")
    view.mapping._column("number", "")
    settle(window)
    assert not view.next.isEnabled()


def test_a_folder_that_cannot_be_read_is_a_sentence(window: Window, tmp_path: Path) -> None:
    view = page(window)
    view.files.read(tmp_path / "nowhere")
    until(window, lambda: "cannot be read" in view.files._problem.text())


def test_the_page_is_only_for_who_may(gate: Window) -> None:
    enter(gate, "frontdesk")
    view = page(gate)
    until(gate, lambda: not view.shows_body)
    assert not view.next.isEnabled()
