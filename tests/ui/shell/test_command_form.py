"""The form of a command: a field for every argument of every command, defaults kept, refusals under their fields."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from app.journal.commands import COMMANDS
from app.patients.queries import alerts_of, search_patients
from ui.shell.argument_fields import MomentField, PatientField, RowChoice, fill, shape_of, value_of
from ui.shell.columns import COLUMNS
from ui.shell.command_form import CommandForm
from ui.shell.command_words import ARGUMENTS, argument_words
from ui.shell.faces import shown_patient
from ui.shell.id_sources import sources
from ui.shell.window import Window
from ui.widgets.fields import Choice, TextArea, TextField

Rest = Callable[[Window], None]


def form_of(window: Window, rest: Rest, name: str, **context: str) -> CommandForm:
    window.give_command(COMMANDS[name], context)
    rest(window)
    form = window.screens["command"]
    assert isinstance(form, CommandForm)
    return form


def test_every_command_has_a_form_with_named_fields(
    window: Window, rest: Rest, unnamed: Callable[[QWidget], list[str]]
) -> None:
    form = form_of(window, rest, "create_patient")
    for command in COMMANDS.values():
        if not command.hidden and not command.function.__module__.startswith("tests."):
            form.choose(command=command.name)
            assert set(form.fields) == {item.name for item in command.parameters}
            assert all(field.editor.accessibleName() for field in form.fields.values()), command.name
    assert unnamed(form) == []


def test_every_argument_of_ours_has_words() -> None:
    bare = {
        item.name
        for command in COMMANDS.values()
        if not command.hidden and command.function.__module__.startswith("app.")
        for item in command.parameters
        if item.name not in ARGUMENTS and item.name not in COLUMNS
    }
    assert bare == set()
    assert argument_words("no_such_argument") == "No such argument"


def test_types_choose_their_fields(window: Window, rest: Rest) -> None:
    form = form_of(window, rest, "raise_alert")
    kinds = {name: type(field.editor) for name, field in form.fields.items()}
    assert kinds["patient_id"] is PatientField
    assert kinds["kind"] is Choice
    assert kinds["text"] is TextArea
    assert (shape_of(str | None).optional, shape_of(list[str]).many) == (True, True)
    moment = MomentField(window.bench)
    moment.setText("2026-11-24 10 h 42")
    assert value_of(moment) == "2026-11-24T10:42:00"
    moment.setText("2026-11-01 01:30-05:00")
    assert value_of(moment) == "2026-11-01T01:30:00-05:00"
    moment.setText("tomorrow")
    assert value_of(moment) == "tomorrow"
    moment.deleteLater()


def test_a_moment_is_the_clinic_s_and_one_that_is_none_or_two_is_refused(window: Window, rest: Rest) -> None:
    from app.practice.queries import absence_list, providers

    actor, runner = window.bench.actor, window.bench.runner
    who = runner.ask(actor, providers)[0].id
    before = {line.id for line in runner.ask(actor, absence_list)}
    form = form_of(window, rest, "record_absence", provider_id=who)
    fill(form.fields["kind"].editor, "training")
    for typed, told in (
        ("2027-03-14 02:30", "02:30 does not exist on 2027-03-14"), ("2026-11-01 01:30", "Write 2026-11-01T01:30-04:00")
    ):  # fmt: skip
        for name, text in (("starts_at", typed), ("ends_at", "2027-03-20 08:00")):
            form.fields[name].editor.setText(text)
        form.save()
        rest(window)
        assert told in form.fields["starts_at"].error()
    form.fields["starts_at"].editor.setText("2027-03-14 01:30")
    form.save()
    rest(window)
    (made,) = [line for line in runner.ask(actor, absence_list) if line.id not in before]
    assert made.starts_at == datetime(2027, 3, 14, 6, 30, tzinfo=UTC)


def test_what_is_missing_and_what_is_refused_stands_under_its_field(window: Window, rest: Rest) -> None:
    form = form_of(window, rest, "create_patient")
    form.save()
    assert form.fields["family_name"].error() == "This is needed."
    assert window.focusWidget() is form.fields["family_name"].editor
    fill(form.fields["family_name"].editor, "Zimmer")
    fill(form.fields["given_name"].editor, "Anna")
    born = form.fields["born_on"].editor
    assert isinstance(born, TextField)
    born.setText("2999-01-01")
    form.save()
    rest(window)
    assert any(field.error() for field in form.fields.values()) or form._problem.isVisible()
    assert window.current is not None
    assert window.current.name == "command"


def test_a_command_is_run_told_and_undone(window: Window, rest: Rest) -> None:
    window.open("patients")
    rest(window)
    form = form_of(window, rest, "create_patient")
    fill(form.fields["family_name"].editor, "Zimmer")
    fill(form.fields["given_name"].editor, "Anna")
    form.save()
    rest(window)
    actor, runner = window.bench.actor, window.bench.runner
    assert [row.given_name for row in runner.ask(actor, search_patients, "zimmer").rows] == ["Anna"]
    assert window.toast.isVisible()
    assert window.current is not None
    assert window.current.name == "patients"
    window.undo_last()
    rest(window)
    assert runner.ask(actor, search_patients, "zimmer").rows == ()
    window.redo_last()
    rest(window)
    assert len(runner.ask(actor, search_patients, "zimmer").rows) == 1
    window.undo_last()
    rest(window)
    assert runner.ask(actor, search_patients, "zimmer").rows == ()


def test_there_is_nothing_to_do_again_after_another_command(window: Window, rest: Rest) -> None:
    from app.patients.commands import create_patient

    window.bench.run(create_patient, "Zimmer", "Anna")
    rest(window)
    window.undo_last()
    rest(window)
    window.bench.run(create_patient, "Lavoie", "Olivia")
    rest(window)
    assert not window.bench.redo_last()
    window.redo_last()
    assert window.toast._words.text() == "There is nothing of yours to do again."


def test_rows_of_the_patient_are_offered(window: Window, rest: Rest) -> None:
    patient = shown_patient(window)
    form = form_of(window, rest, "end_alert", patient_id=patient) if "end_alert" in COMMANDS else None
    alerts = window.bench.runner.ask(window.bench.actor, alerts_of, patient)
    source = sources()["AlertId"]
    choice = RowChoice(window.bench, source, {"patient_id": patient}, optional=False)
    rest(window)
    assert [choice.itemText(n) for n in range(1, choice.count())] == [alert.text for alert in alerts]
    choice.deleteLater()
    assert form is None or "alert_id" in form.fields


def test_a_right_that_is_missing_closes_the_form(window: Window, rest: Rest) -> None:
    from ui.shell.offscreen import enter

    window.sign_out()
    rest(window)
    enter(window, "anais")
    refused = next(item for item in COMMANDS.values() if not item.hidden and not window.bench.may(item))
    form = form_of(window, rest, refused.name)
    assert not form.shows_body
