"""Times that people type in the set-up on the days when the clocks change; the manager among those with shifts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.core.ids import StaffId
from app.practice import queries as ask
from app.practice.commands import add_provider, add_shift, record_absence
from app.practice.vocabulary import AbsenceKind, ProviderKind
from tests.app.clinic_world import local
from tests.ui.set_up_window import BOSS, section
from ui.shell.offscreen import settle, speak
from ui.shell.window import Window

SPRING = date(2027, 3, 14)


def answers(window: Window, query: Any, *args: Any) -> Any:
    return window.bench.runner.ask(BOSS, query, *args)


def typed(pane: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        pane.form.fields[name].editor.set_value(value)


def shown_week(window: Window, pane: Any, on: date) -> None:
    pane.monday = on - timedelta(days=on.weekday())
    pane._ask_week()
    settle(window)


def test_a_shift_at_a_time_that_is_none_says_so_under_its_field(window: Window) -> None:
    pane = section(window, "shifts")
    shown_week(window, pane, SPRING)
    pane.grid.choose("")
    typed(pane, {"on": SPRING, "start": "2:30", "end": "6:00"})
    pane.save()
    settle(window)
    assert "02:30 does not exist on 2027-03-14" in pane.form.fields["start"].error()
    speak(window, "fr")
    pane.save()
    settle(window)
    assert "n’existe pas le 2027-03-14" in pane.form.fields["start"].error()
    speak(window, "en")
    assert pane._week.shifts == ()


def test_a_shift_whose_end_came_twice_keeps_the_one_that_stands(window: Window) -> None:
    """Written by its offset, it ends at the second half past one; a new note does not move it."""
    from app.practice.commands import change_shift

    pane = section(window, "shifts")
    clinic = pane.clinics[0].id
    eve = date(2026, 10, 31)
    shift = window.bench.runner.run(BOSS, add_shift, pane.person_id, clinic, eve, "20:00", "23:00")
    second = local(2026, 11, 1, 1, 30, fold=1)
    window.bench.runner.run(BOSS, change_shift, shift, ends_at=second)
    shown_week(window, pane, eve)
    pane.grid.choose(shift)
    assert pane.form.fields["end"].editor.value() == "01:30"
    typed(pane, {"note": "Nuit"})
    pane.save()
    settle(window)
    (line,) = [one for one in answers(window, ask.roster, clinic, eve).shifts if one.id == shift]
    assert (line.note, line.ends_at) == ("Nuit", second)
    typed(pane, {"end": "1:45"})
    pane.save()
    settle(window)
    assert "comes twice" in pane.form.fields["end"].error()


def test_an_absence_and_a_break_at_a_time_that_is_none(window: Window) -> None:
    pane = section(window, "absences")
    pane.start_new()
    who = pane._people[0].id
    typed(pane, {"provider_id": who, "kind": "training", "from_on": SPRING, "to_on": SPRING, "start": "2:30",
                 "end": "6:00"})  # fmt: skip
    pane.save()
    settle(window)
    assert "does not exist" in pane.form.fields["start"].error()
    assert answers(window, ask.absence_list) == ()
    typed(pane, {"start": "", "end": ""})
    pane.save()
    settle(window)
    (line,) = answers(window, ask.absence_list)
    assert line.ends_at - line.starts_at == timedelta(hours=23), "the whole of a day of 23 hours"
    shifts = section(window, "shifts")
    clinic = shifts.clinics[0].id
    made = window.bench.runner.run(BOSS, add_shift, shifts.person_id, clinic, SPRING, "0:00", "8:00")
    shown_week(window, shifts, SPRING)
    shifts.grid.choose(made)
    shifts.breaks.start.setText("2:45")
    shifts.breaks.add()
    settle(window)
    assert "does not exist" in shifts.breaks.fields["starts_at"].error()


def test_maintenance_at_a_time_that_is_none(window: Window) -> None:
    pane = section(window, "equipment")
    pane.table.setFocus()
    box = pane._box
    for name, value in (("from", SPRING), ("start", "2:30"), ("to", SPRING), ("end", "5:00")):
        box.fields[name].editor.set_value(value)
    box.plan()
    settle(window)
    assert "does not exist" in box.fields["start"].error()


def test_the_manager_has_shifts_on_screen(window: Window) -> None:
    runner = window.bench.runner
    manager = runner.run(BOSS, add_provider, StaffId("claire"), "Claire Brunet", ProviderKind.MANAGER)
    clinic = answers(window, ask.clinics)[0].id
    runner.run(BOSS, add_shift, manager, clinic, date(2026, 11, 24), "8:00", "16:00")
    runner.run(
        BOSS, record_absence, manager, AbsenceKind.TRAINING, datetime(2026, 11, 26, 14, tzinfo=UTC),
        datetime(2026, 11, 26, 18, tzinfo=UTC),
    )  # fmt: skip
    pane = section(window, "shifts")
    settle(window)
    pane._person.set_value(manager)
    pane._other_person()
    settle(window)
    assert pane._person.currentText() == "Claire Brunet"
    assert [(line.minutes, line.provider_id) for line in pane._week.shifts] == [(480, manager)]
    assert [block.soft for block in pane.grid.blocks] == [False, True], "the shift, and the absence beside it"
    people = section(window, "providers")
    settle(window)
    row = next(people.cells(line) for line in people.lines if line.id == manager)
    assert "Practice manager" in [str(getattr(cell, "text", cell)) for cell in row]
