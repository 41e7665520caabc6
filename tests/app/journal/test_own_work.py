"""The undo history: one’s own work alone, groups as one line, what was undone told so."""

from __future__ import annotations

from app.journal.own_work import own_work
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.settings_store import change_setting
from app.patients.commands import change_patient, create_patient

JULIE = Actor("julie", "Julie Roy", everything=True)


def test_one_sees_ones_own_work_newest_first(runner: Runner, boss: Actor) -> None:
    patient = runner.run(boss, create_patient, "Bergeron", "Florence")
    runner.run(JULIE, create_patient, "Lavoie", "Olivia")
    runner.run(boss, change_patient, patient, preferred_name="Flo")
    runner.run(boss, change_setting, "text_size", "125")
    assert [(line.command, line.patient_id) for line in runner.ask(boss, own_work)] == [
        ("change_patient", patient),
        ("create_patient", patient),
    ]
    assert [line.command for line in runner.ask(JULIE, own_work)] == ["create_patient"]


def test_what_was_undone_is_told_and_a_subject_narrows(runner: Runner, boss: Actor) -> None:
    one = runner.run(boss, create_patient, "Bergeron", "Florence")
    other = runner.run(boss, create_patient, "Lavoie", "Olivia")
    line = runner.ask(boss, own_work, other)[0]
    assert not line.is_undone
    runner.undo(boss, line.operation_id)
    undo, done = runner.ask(boss, own_work, other)
    assert (undo.command, undo.undoes, done.is_undone) == ("undo", done.operation_id, True)
    assert [entry.patient_id for entry in runner.ask(boss, own_work, one)] == [one]


def test_a_group_is_one_line(runner: Runner, boss: Actor) -> None:
    with runner.group(boss, "Several charts") as group:
        group.run(create_patient, "Bergeron", "Florence")
        group.run(create_patient, "Lavoie", "Olivia")
    lines = runner.ask(boss, own_work)
    assert [(line.label, line.times, line.patient_id) for line in lines] == [("Several charts", 2, "")]


def test_the_list_is_as_long_as_asked(runner: Runner, boss: Actor) -> None:
    for n in range(4):
        runner.run(boss, create_patient, f"Roy{n}", "Anna")
    assert len(runner.ask(boss, own_work, limit=3)) == 3
