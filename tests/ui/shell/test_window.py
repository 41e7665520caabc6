"""The window as people use it: coming in, finding, opening, correcting, undoing, locking, switching language."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.access.queries import access_log_entries
from app.access.settings import AUTO_LOCK_MINUTES
from app.cli.demo_people import PASSWORD, PIN
from app.core.errors import RuleViolation
from app.core.i18n import N_, language
from app.core.settings import SETTINGS
from app.journal.queries import SYSTEM
from app.patients.queries import patient_list, search_patients
from ui.journal.access_log_view import AccessLogView
from ui.journal.journal_view import JournalView
from ui.patients.form_view import PatientFormView
from ui.patients.patient_view import PatientView
from ui.patients.patients_view import PatientsView
from ui.settings.settings_view import SettingsView
from ui.shell.faces import shown_patient
from ui.shell.journey import Journey
from ui.shell.offscreen import enter, go
from ui.shell.preferences import LANGUAGE, TEXT_SIZE, THEME
from ui.shell.steps import read_steps
from ui.shell.window import Window
from ui.theme.style import theme

Rest = Callable[[Window], None]


def type_text(widget: QWidget, text: str) -> None:
    for letter in text:
        QCoreApplication.sendEvent(
            widget, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
        )


def texts(window: Window) -> list[str]:
    return list(Journey(window).texts())


def test_the_gate_lets_in_by_password_and_says_what_is_wrong(gate: Window, rest: Rest) -> None:
    assert not gate.workbench.isVisible()
    gate.session.enter("claire", "not the password")
    rest(gate)
    assert not gate.workbench.isVisible()
    assert "This username and password do not go together." in texts(gate)
    gate.session.enter("claire", PASSWORD)
    rest(gate)
    assert gate.workbench.isVisible()
    assert gate.bench.actor.name == "Claire Brunet"


def test_a_temporary_password_is_replaced_before_anything_else(gate: Window, rest: Rest) -> None:
    from app.access.commands import set_password
    from app.core.ids import StaffId
    from app.core.secret import Secret

    manager = gate.bench.runner.actor("claire")
    person = next(p for p in gate.session.people.values() if p.username == "frontdesk")
    gate.bench.runner.run(manager, set_password, StaffId(person.staff_id), Secret("lent to Julie for a day"))
    gate.session.enter("frontdesk", "lent to Julie for a day")
    rest(gate)
    assert not gate.workbench.isVisible()
    assert "A colleague chose this password. Choose one of your own." in texts(gate)
    gate.session.choose_password("rosemont, quatre fauteuils bleus")
    rest(gate)
    assert gate.workbench.isVisible()
    assert gate.bench.actor.name == "Julie Roy"


def test_the_password_hint_stands_in_demonstrations_only(gate: Window) -> None:
    assert PASSWORD in gate.session.hint()
    gate.session.workplace.kind = "clinic"
    assert gate.session.hint() == ""


def test_a_lock_keeps_the_screen_and_what_is_typed(window: Window, rest: Rest) -> None:
    window.open("patient_form", patient_id="", typed="")
    rest(window)
    form = window.screens["patient_form"]
    assert isinstance(form, PatientFormView)
    type_text(form._given, "Éloïse")
    window.lock()
    rest(window)
    assert not form.isVisible()
    person = next(p for p in window.session.people.values() if p.username == "claire")
    window.session.enter("claire", PIN, session_id=person.session_id, pin=True)
    rest(window)
    assert window.current is not None
    assert window.current.name == "patient_form"
    assert form._given.text() == "Éloïse"


def test_after_a_lock_the_keyboard_is_where_it_was_and_its_shortcuts_hold(window: Window, rest: Rest) -> None:
    window.open("patient_form", patient_id="", typed="")
    rest(window)
    form = window.screens["patient_form"]
    assert isinstance(form, PatientFormView)
    form._family.setFocus()
    window.lock()
    rest(window)
    person = next(p for p in window.session.people.values() if p.username == "claire")
    window.session.enter("claire", PIN, session_id=person.session_id, pin=True)
    rest(window)
    assert window.focusWidget() is form._family
    form._family.clearFocus()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    rest(window)
    assert window.current is not None
    assert window.current.name == window.rail.name_at(2)


def test_no_shortcut_reaches_through_the_gate(window: Window, rest: Rest) -> None:
    window.open("settings")
    window.lock()
    rest(window)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    rest(window)
    assert window.current is not None
    assert window.current.name == "settings"


def test_another_person_finds_no_screen_of_the_first(window: Window, rest: Rest) -> None:
    window.open("patient_form", patient_id="", typed="Éloïse Côté")
    rest(window)
    window.lock()
    rest(window)
    window.session.enter("frontdesk", PASSWORD)
    rest(window)
    assert window.bench.actor.name == "Julie Roy"
    assert "patient_form" not in window.screens
    assert "journal" not in window.allowed()


def test_it_locks_by_itself(window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    session = window.session
    session._clock = lambda: now[0]
    session._touched = 0.0
    now[0] = 60.0 * AUTO_LOCK_MINUTES.default - 1
    session._look_at_clock()
    assert window.workbench.isVisible()
    window.toast.tell("File of Florence Bergeron corrected", undo=True)
    menu = QWidget(window)
    menu.show()
    monkeypatch.setattr(QApplication, "activePopupWidget", lambda: menu)
    now[0] += 1
    session._look_at_clock()
    rest(window)
    assert not window.workbench.isVisible()
    assert not window.toast.isVisible()
    assert not menu.isVisible()
    window.bench.runner.flush()
    entry = window.bench.runner.ask(SYSTEM, access_log_entries, kind="lock").lines[0]
    assert entry.detail == "automatic"


def test_coming_back_to_a_chart_is_in_the_access_log(window: Window, rest: Rest) -> None:
    patient = window.bench.runner.ask(window.bench.actor, search_patients, "florence").rows[0].id
    for _time in range(2):
        window.open("patient", patient_id=patient)
        rest(window)
        window.open("patient", patient_id=patient, tab="family")  # another tab is not another opening
        window.open("patients")
        rest(window)
    window.bench.runner.flush()
    assert len(window.bench.runner.ask(SYSTEM, access_log_entries, kind="open", subject=patient).lines) == 2


def test_search_answers_each_keystroke_and_enter_opens(window: Window, rest: Rest) -> None:
    window.open("patients")
    rest(window)
    view = window.screens["patients"]
    assert isinstance(view, PatientsView)
    type_text(view._field, "eloi")
    rest(window)
    assert [row.given_name for row in view._model.items] == ["Éloïse"]
    QTest.keyClick(view._field, Qt.Key.Key_Return)
    rest(window)
    assert window.current is not None
    assert window.current.name == "patient"
    assert "Éloïse Tremblay" in texts(window)


def test_nobody_found_says_what_to_try(window: Window, rest: Rest) -> None:
    window.open("patients")
    rest(window)
    view = window.screens["patients"]
    assert isinstance(view, PatientsView)
    type_text(view._field, "florr")
    rest(window)
    assert "No patient matches “florr”." in texts(window)


def test_a_refusal_stands_under_its_field(window: Window, rest: Rest) -> None:
    window.open("patient_form", patient_id="", typed="")
    rest(window)
    form = window.screens["patient_form"]
    assert isinstance(form, PatientFormView)
    type_text(form._given, "Ève")
    form.save()
    rest(window)
    assert form.fields["family_name"].error() == "A name is needed here."
    assert form.fields["given_name"].error() == ""
    assert not window.banner_host.isVisible()


def test_a_file_is_opened_with_a_duplicate_warning_and_undone(window: Window, rest: Rest) -> None:
    actor, runner = window.bench.actor, window.bench.runner
    before = runner.ask(actor, patient_list).total
    window.open("patient_form", patient_id="", typed="florence bergeron")
    rest(window)
    form = window.screens["patient_form"]
    assert isinstance(form, PatientFormView)
    assert form._doubles.isVisible()
    form.save()
    rest(window)
    assert runner.ask(actor, patient_list).total == before + 1
    assert window.toast.isVisible()
    window.undo_last()
    rest(window)
    assert runner.ask(actor, patient_list).total == before


def test_a_file_is_corrected_and_the_nam_warned_about(window: Window, rest: Rest) -> None:
    patient = window.bench.runner.ask(window.bench.actor, search_patients, "florence").rows[0].id
    window.open("patient_form", patient_id=patient, typed="")
    rest(window)
    form = window.screens["patient_form"]
    assert isinstance(form, PatientFormView)
    assert form._family.text() == "Bergeron"
    type_text(form._nam, "TREZ 1253 0311")
    assert "do not match the family name" in form._warning.text()
    form._preferred.setText("Flo")
    form.save()
    rest(window)
    assert "Florence “Flo” Bergeron" in texts(window)


def test_language_theme_and_text_size_switch_live(window: Window, rest: Rest) -> None:
    window.open("patients")
    rest(window)
    assert "New patient" in texts(window)
    window.prefer(LANGUAGE, "fr")
    rest(window)
    assert language() == "fr"
    assert {"Nouveau patient", "18 patients", "Ce poste seul", "Réglages"} <= set(texts(window))
    window.prefer(THEME, "dark")
    window.prefer(TEXT_SIZE, "150")
    rest(window)
    assert (theme.tokens.name, theme.text_scale) == ("dark", 1.5)
    window.sign_out()
    rest(window)
    enter(window, "frontdesk")
    assert (theme.text_scale, language()) == (1.0, "fr")


def test_every_setting_has_its_row_and_a_change_can_be_reset(window: Window, rest: Rest) -> None:
    window.open("settings")
    rest(window)
    view = window.screens["settings"]
    assert isinstance(view, SettingsView)
    seen: set[str] = set()
    for page in view._index._pages:
        view._index._press(page)
        seen |= set(view._rows)
    assert seen == {name for name, setting in SETTINGS.items() if setting.shown}
    row_page = SETTINGS["auto_lock_minutes"].page
    view._index._press(row_page)
    view._rows["auto_lock_minutes"].control.chosen.emit("61")
    rest(window)
    assert "lies between 1 and 60" in view._rows["auto_lock_minutes"]._message.text()
    view._rows["auto_lock_minutes"].control.chosen.emit("9")
    rest(window)
    assert window.bench.setting(AUTO_LOCK_MINUTES) == 9
    assert "modified" in texts(window)
    view._reset_page()
    rest(window)
    assert window.bench.setting(AUTO_LOCK_MINUTES) == 4


def test_the_journal_shows_before_and_after_and_undoes(window: Window, rest: Rest) -> None:
    patient = window.bench.runner.ask(window.bench.actor, search_patients, "florence").rows[0].id
    from app.patients.commands import change_patient

    window.bench.run(change_patient, patient, preferred_name="Flo")
    rest(window)
    window.open("journal")
    rest(window)
    view = window.screens["journal"]
    assert isinstance(view, JournalView)
    line = view._lines.items[0]
    assert (line.command, line.actor_name) == ("change_patient", "Claire Brunet")
    assert view._lines.patients_of(line) == "Florence Bergeron"
    assert "– → Flo" in texts(window)
    QTest.mouseClick(view._detail._undo, Qt.MouseButton.LeftButton)
    rest(window)
    assert view._lines.items[1].is_undone
    assert window.focusWidget() is view._table


def test_the_journal_says_settings_and_people_in_words(window: Window, rest: Rest) -> None:
    from app.journal.settings_store import change_setting

    window.bench.run(change_setting, TEXT_SIZE.name, "125")
    rest(window)
    window.open("journal")
    rest(window)
    said = texts(window)
    assert "Personal setting · Text size" in said
    assert not any(TEXT_SIZE.name in text or '"' in text for text in said)


def test_the_history_names_who_collected_a_consent(window: Window, rest: Rest) -> None:
    patient = window.bench.runner.ask(window.bench.actor, search_patients, "florence").rows[0].id
    window.open("patient", patient_id=patient, tab="history")
    rest(window)
    said = texts(window)
    assert "Collected by" in said
    assert window.bench.actor.name in said
    assert window.bench.actor.id not in said


def test_a_tab_is_offered_to_who_may_open_it(window: Window, rest: Rest) -> None:
    patient = window.bench.runner.ask(window.bench.actor, search_patients, "florence").rows[0].id
    for username, offered in (("claire", True), ("anais", False)):
        window.lock()
        rest(window)
        window.session.enter(username, PASSWORD)
        rest(window)
        window.open("patient", patient_id=patient)
        rest(window)
        view = window.screens["patient"]
        assert isinstance(view, PatientView)
        place = [tab.name for tab in view._tabs].index("history")
        assert view._bar.isTabVisible(place) is offered


def test_a_refusal_follows_the_language(window: Window, rest: Rest) -> None:
    window.open("patient_form", patient_id="", typed="")
    rest(window)
    form = window.screens["patient_form"]
    assert isinstance(form, PatientFormView)
    form._born.setText("35 mars 2012")
    form._born.editingFinished.emit()
    form.show_field_error("family_name", RuleViolation(N_("A name is needed here."), field="family_name"))
    assert form.fields["family_name"].error() == "A name is needed here."
    window.prefer(LANGUAGE, "fr")
    rest(window)
    assert form.fields["family_name"].error() == "Il manque un nom ici."
    assert form.fields["born_on"].error().startswith("Cette date n’est pas au calendrier")
    assert form._born.text() == "35 mars 2012"


def test_a_screen_too_small_for_the_first_size_is_filled(gate: Window) -> None:
    from ui.shell.bootstrap import SIZE, show_window

    free = gate.screen().availableGeometry()
    show_window(gate)
    assert gate.isMaximized() is (free.width() <= SIZE[0] or free.height() <= SIZE[1])


def test_the_journal_is_exported(window: Window, rest: Rest, tmp_path: Path) -> None:
    window.open("journal")
    rest(window)
    view = window.screens["journal"]
    assert isinstance(view, JournalView)
    path = tmp_path / "journal.csv"
    view.export_to(path)
    rest(window)
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) > 50


def test_the_access_log_is_read_filtered_and_exported(window: Window, rest: Rest, tmp_path: Path) -> None:
    runner, actor = window.bench.runner, window.bench.actor
    patient = shown_patient(window)
    runner.access(actor, "open", patient)
    runner.access(actor, "print", patient, "letter")
    runner.flush()
    window.open("access_log")
    rest(window)
    screen = window.screens["access_log"]
    assert isinstance(screen, AccessLogView)
    kinds = [line.kind for line in screen._lines.items]
    assert kinds[:2] == ["print", "open"]
    assert "Florence Bergeron" in screen._lines.row_of(screen._lines.items[0])
    screen._kind.set_value("print")
    screen.reload()
    rest(window)
    assert [line.kind for line in screen._lines.items] == ["print"]
    screen.export_to(tmp_path / "log.csv")
    rest(window)
    rows = (tmp_path / "log.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 2
    assert runner.ask(actor, access_log_entries, kind="export").lines[0].detail == "access_log: 1"


def test_help_opens_for_the_screen_and_follows_it(window: Window, rest: Rest) -> None:
    window.open("patients")
    window.toggle_help()
    rest(window)
    assert "A whole NAM finds its chart" in window.help._text.toPlainText()
    go(window, "journal")
    rest(window)
    assert "every value before and after" in window.help._text.toPlainText()
    window.toggle_help()
    assert not window.help.isVisible()


def test_what_another_commit_changes_is_read_again(window: Window, rest: Rest) -> None:
    window.open("patients")
    rest(window)
    from app.patients.commands import create_patient

    window.bench.runner.run(window.bench.actor, create_patient, "Zimmer", "Anna")
    rest(window)
    view = window.screens["patients"]
    assert isinstance(view, PatientsView)
    assert "Zimmer" in [row.family_name for row in view._model.items]


def test_an_alert_and_a_parent_are_added_on_the_page(window: Window, rest: Rest) -> None:
    journey = Journey(window)
    journey.play(
        read_steps(
            """
            open patients
            press "Aidan O’Connor"
            press "Raise an alert"
            press Add
            expect "A text is needed here."
            type "What to mind" latex
            press Add
            expect "Allergy: latex"
            press Family
            press "Add a responsible person"
            type "Given name" Sean
            type "Family name" O’Connor
            choose Relation Father
            type "Mobile phone" "514 555-0199"
            press Add
            expect "Sean O’Connor, father"
            expect "514 555-0199"
            """
        )
    )


JOURNEY = """
open patients
type "Search patients" Éloïse
expect "Éloïse Tremblay"
press "Éloïse Tremblay"
expect "Josée Tremblay"
press Family
expect "Josée Tremblay, mother"
press "Edit the file"
type "Goes by" Élo
press Save
expect "Éloïse “Élo” Tremblay"
expect-not "Florence Bergeron"
"""


@pytest.mark.parametrize("keyboard_only", [False, True])
def test_a_journey_is_played_by_mouse_and_by_keyboard(window: Window, keyboard_only: bool) -> None:
    told = Journey(window, keyboard_only=keyboard_only).play(read_steps(JOURNEY))
    assert len(told) == 12


def test_a_journey_that_fails_names_its_line(window: Window) -> None:
    from app.core.errors import RuleViolation

    with pytest.raises(RuleViolation, match="Line 2"):
        Journey(window).play(read_steps("open patients\npress Nowhere\n"))
