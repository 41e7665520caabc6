"""A lock or a change of user in the middle of a form loses no character, in any field of any screen."""

from collections.abc import Callable

from app.cli.demo_people import PASSWORD, PIN
from app.journal.commands import COMMANDS
from ui.patients.form_view import PatientFormView
from ui.shell.argument_fields import fill, value_of
from ui.shell.window import Window

Rest = Callable[[Window], None]


def come_back(window: Window, rest: Rest, username: str) -> None:
    person = next(p for p in window.session.people.values() if p.username == username)
    if person.session_id:
        window.session.enter(username, PIN, session_id=person.session_id, pin=True)
    else:
        window.session.enter(username, PASSWORD)
    rest(window)


def test_each_person_finds_what_was_typed(window: Window, rest: Rest) -> None:
    window.open("patient_form", patient_id="", typed="")
    rest(window)
    form = window.screens["patient_form"]
    assert isinstance(form, PatientFormView)
    form._given.setText("Éloïse")
    form._given.setFocus()
    form._given.setCursorPosition(3)
    window.lock()
    rest(window)
    come_back(window, rest, "frontdesk")
    assert window.bench.actor.name == "Julie Roy"
    assert "patient_form" not in window.screens
    assert window.parking.people == {next(p.staff_id for p in window.session.people.values() if p.username == "claire")}
    window.open("patient_form", patient_id="", typed="")
    rest(window)
    hers = window.screens["patient_form"]
    assert isinstance(hers, PatientFormView)
    assert hers._given.text() == ""
    hers._given.setText("Rosalie")
    window.lock()
    rest(window)
    come_back(window, rest, "claire")
    assert window.current is not None
    assert window.current.name == "patient_form"
    assert window.screens["patient_form"] is form
    assert (form._given.text(), form._given.cursorPosition()) == ("Éloïse", 3)
    assert window.focusWidget() is form._given
    window.lock()
    rest(window)
    come_back(window, rest, "frontdesk")
    assert window.screens["patient_form"] is hers
    assert hers._given.text() == "Rosalie"


def test_the_form_of_a_command_is_kept_too(window: Window, rest: Rest) -> None:
    window.give_command(COMMANDS["create_patient"], {})
    rest(window)
    form = window.screens["command"]
    fill(form.fields["family_name"].editor, "Zimmer")
    window.lock()
    rest(window)
    come_back(window, rest, "frontdesk")
    window.lock()
    rest(window)
    come_back(window, rest, "claire")
    assert value_of(form.fields["family_name"].editor) == "Zimmer"


def test_who_signs_out_leaves_nothing(window: Window, rest: Rest) -> None:
    window.open("patient_form", patient_id="", typed="Éloïse Côté")
    rest(window)
    window.lock()
    rest(window)
    come_back(window, rest, "frontdesk")
    window.lock()
    rest(window)
    come_back(window, rest, "claire")
    window.sign_out()
    rest(window)
    come_back(window, rest, "claire")
    assert "patient_form" not in window.screens
    assert len(window.parking.people) == 1
