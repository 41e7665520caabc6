"""The palette: everything by a few letters, refused entries with who may, recent ones, and a scanned number."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core.i18n import _
from app.journal.commands import COMMANDS
from app.patients.queries import search_patients
from ui.shell.faces import shown_patient
from ui.shell.offscreen import enter, wear
from ui.shell.palette import Palette
from ui.shell.palette_entries import Section, split_prefix, who_may
from ui.shell.palette_list import ENTRY
from ui.shell.window import Window

Rest = Callable[[Window], None]


def look(window: Window, rest: Rest, typed: str) -> Palette:
    window.open_palette(typed)
    rest(window)
    return window.palette_sheet


def titles(palette: Palette, section: Section | None = None) -> list[str]:
    return [entry.title for entry in palette.list.entries() if section in {None, entry.section}]


def enter_key(palette: Palette) -> None:
    QTest.keyClick(palette.field, Qt.Key.Key_Return)


def test_ctrl_k_opens_it_and_escape_gives_the_keyboard_back(window: Window, rest: Rest) -> None:
    window.open("patients")
    rest(window)
    field = window.focusWidget()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    rest(window)
    assert window.focusWidget() is window.palette_sheet.field
    QTest.keyClick(window.palette_sheet.field, Qt.Key.Key_Escape)
    assert not window.palette_sheet.isVisible()
    assert window.focusWidget() is field


def test_the_field_of_the_top_bar_leads_there_with_what_is_typed(window: Window, rest: Rest) -> None:
    window.search.field.setFocus()
    QCoreApplication.sendEvent(
        window.search.field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F, Qt.KeyboardModifier.NoModifier, "f")
    )
    rest(window)
    QTest.keyClick(window.palette_sheet.field, Qt.Key.Key_L)
    assert window.palette_sheet.field.text() == "fl"


def test_a_patient_without_accents_then_what_one_does_with_her(window: Window, rest: Rest) -> None:
    palette = look(window, rest, "eloi")
    assert titles(palette, Section.PATIENTS) == ["Éloïse Tremblay"]
    assert titles(palette, Section.ACTIONS)[0] == "Open the file of Éloïse Tremblay"
    entry = next(entry for entry in palette.list.entries() if entry.section is Section.PATIENTS)
    assert [entry.title[a:b] for a, b in entry.answer.ranges] == ["Éloï"]
    enter_key(palette)
    rest(window)
    assert window.current is not None
    assert window.current.name == "patient"


def test_prefixes_narrow(window: Window, rest: Rest) -> None:
    assert {entry.section for entry in look(window, rest, ">patient").list.entries()} <= {
        Section.COMMANDS, Section.PAPER, Section.WINDOW, Section.ACTIONS,
    }  # fmt: skip
    assert {entry.section for entry in look(window, rest, "@flo").list.entries()} == {Section.PATIENTS}
    assert {entry.section for entry in look(window, rest, "#t").list.entries()} <= {Section.SCREENS, Section.SETTINGS}
    assert {entry.section for entry in look(window, rest, "?").list.entries()} == {Section.HELP}
    number = window.bench.runner.ask(window.bench.actor, search_patients, "florence").rows[0].file_number
    assert titles(look(window, rest, f"#{number}")) == ["Florence Bergeron"]
    assert split_prefix("> book ") == (split_prefix(">")[0], "book")


def test_a_setting_and_a_help_page_are_gone_to(window: Window, rest: Rest) -> None:
    palette = look(window, rest, "lock after")
    assert titles(palette, Section.SETTINGS) == ["Lock after"]
    enter_key(palette)
    rest(window)
    assert window.current is not None
    assert window.current.name == "settings"
    assert list(window.screens["settings"]._rows) == ["auto_lock_minutes"]
    palette = look(window, rest, "? journal")
    enter_key(palette)
    assert window.help.isVisible()
    assert "every value before and after" in window.help._text.toPlainText()


def test_every_command_that_people_give_is_there_and_the_refused_say_who_may(window: Window, rest: Rest) -> None:
    palette = look(window, rest, ">")
    shown = {entry.key for entry in palette._entries if entry.section is Section.COMMANDS}
    assert shown == {f"command:{command.name}" for command in COMMANDS.values() if not command.hidden}
    window.sign_out()
    rest(window)
    enter(window, "anais")
    command = next(item for item in COMMANDS.values() if not item.hidden and not window.bench.may(item))
    palette = look(window, rest, f"> {_(command.label)}")  # her screen is French
    refused = next(entry for entry in palette.list.entries() if entry.reason)
    assert refused.reason == who_may(COMMANDS[refused.key.removeprefix("command:")].permission)
    before = window.current
    rows = [palette.list.item(row).data(ENTRY) for row in range(palette.list.count())]
    palette.list.setCurrentRow(rows.index(refused))
    enter_key(palette)
    rest(window)
    assert window.current is before
    assert palette.isVisible()


def test_a_command_takes_the_patient_who_is_open(window: Window, rest: Rest) -> None:
    patient = shown_patient(window)
    window.open("patient", patient_id=patient)
    rest(window)
    palette = look(window, rest, "> raise an alert")
    enter_key(palette)
    rest(window)
    assert window.current is not None
    assert window.current.name == "command"
    form = window.screens["command"]
    assert form.heading() == "Raise an alert"
    assert form.fields["patient_id"].value() == patient
    assert form.fields["patient_id"].editor.text() == "Florence Bergeron"


def test_what_was_chosen_last_is_offered_first_to_that_person(window: Window, rest: Rest) -> None:
    palette = look(window, rest, "florence")
    enter_key(palette)
    rest(window)
    palette = look(window, rest, "journal")
    enter_key(palette)
    rest(window)
    palette = look(window, rest, "")
    assert titles(palette, Section.RECENT)[:2] == ["Florence Bergeron"] or titles(palette)[:2] == [
        "Journal", "Florence Bergeron",
    ]  # fmt: skip
    palette.close_now()
    window.sign_out()
    rest(window)
    enter(window, "frontdesk")
    assert window.palette_sheet.recent() == []


def test_nothing_found_says_what_to_try(window: Window, rest: Rest) -> None:
    palette = look(window, rest, "xyzzyq")
    assert palette.list.entries() == []
    assert "Nothing matches “xyzzyq”" in palette._note.text()


def test_a_number_scanned_into_the_palette_opens_the_chart_although_enter_comes_first(
    window: Window, rest: Rest
) -> None:
    number = window.bench.runner.ask(window.bench.actor, search_patients, "florence").rows[0].file_number
    window.open_palette(number)
    enter_key(window.palette_sheet)
    rest(window)
    assert window.current is not None
    assert (window.current.name, window.context()["patient_id"]) == ("patient", shown_patient(window))


def test_a_scan_anywhere_opens_the_chart_and_an_unknown_number_says_so(window: Window, rest: Rest) -> None:
    window.open("patients")
    number = window.bench.runner.ask(window.bench.actor, search_patients, "florence").rows[0].file_number
    window.session._scans.scanned.emit(number)
    rest(window)
    assert window.current is not None
    assert window.current.name == "patient"
    window.session._scans.scanned.emit("9999999")
    rest(window)
    assert window.banner._fact.text() == "No patient has the file number 9999999."
    window.lock()
    rest(window)
    window.session._scans.scanned.emit(number)
    rest(window)
    assert not window.workbench.isVisible()


def test_the_gate_covers_the_palette(window: Window, rest: Rest) -> None:
    palette = look(window, rest, "flor")
    window.lock()
    rest(window)
    assert not palette.isVisible()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_is_named_and_whole_at_200_percent(
    window: Window, rest: Rest, language: str, unnamed: Callable[[QWidget], list[str]],
    clipped: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    wear(window, language, "light", "200")
    palette = look(window, rest, "flor")
    assert [*unnamed(palette), *clipped(palette)] == []
    assert palette.rect().contains(palette._panel.geometry())
