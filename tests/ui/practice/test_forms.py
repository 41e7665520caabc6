"""The forms of the set-up: adding, correcting, withdrawing, drafts, refusals, a colleague who is faster, rights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.access.queries import staff_list
from app.core.errors import PermissionDenied
from app.practice import queries as ask
from app.practice.commands import add_clinic, change_clinic
from app.scheduling.queries import appointment_types, day_templates, visit_reasons
from tests.ui.set_up_window import BOSS, enter, put, section
from ui.practice.practice_view import SECTIONS
from ui.shell.journey import Journey
from ui.shell.offscreen import settle, wear
from ui.shell.steps import read_steps
from ui.shell.window import Window

NAMES = [item.page.name for item in SECTIONS]


def answers(window: Window, query: Any, *args: Any, **kwargs: Any) -> Any:
    return window.bench.runner.ask(BOSS, query, *args, **kwargs)


def save(window: Window, pane: Any) -> None:
    pane.save()
    settle(window)


NEW = {
    "clinics": ({"name": "Clinique Laval"}, ask.clinics, "name"),
    "chairs": ({"name": "Labo", "kind": "lab"}, ask.operatories, "name"),
    "equipment": ({"name": "iTero", "kind": "scanner"}, ask.equipment, "name"),
    "closures": ({"reason": "Congrès"}, ask.closures, "reason"),
    "absences": ({"kind": "sick"}, ask.absence_list, "kind"),
    "types": ({"code": "ZZ", "name_fr": "Essai", "segments": "A5 D5"}, appointment_types, "name_fr"),
    "catalogue": ({"code": "81000", "name_fr": "Acte", "fee": "100"}, ask.procedures, "name_fr"),
    "reasons": ({"code": "ZZ", "name_fr": "Essai", "name_en": "Trial"}, visit_reasons, "name_fr"),
    "staff": (
        {"display_name": "Marie Gagnon", "username": "m.gagnon", "roles": ("orthodontist",)}, staff_list,
        "display_name",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NEW)
def test_an_entry_is_added_shown_and_taken_back(window: Window, name: str) -> None:
    values, query, told = NEW[name]
    pane = section(window, name)
    before = len(answers(window, query))
    pane.start_new()
    put(pane, **values)
    save(window, pane)
    found = answers(window, query)
    assert len(found) == before + 1
    assert str(values[told]) in {str(getattr(line, told)) for line in found}
    assert pane.chosen is not None, "what was added is chosen"
    assert not pane.form.dirty
    window.bench.undo_last()
    settle(window)
    still = answers(window, query)
    assert len(still) == before


def test_a_refusal_stands_under_its_field_and_nothing_is_written(window: Window) -> None:
    pane = section(window, "clinics")
    pane.start_new()
    put(pane, name="clinique ROSEMONT")
    save(window, pane)
    assert pane.form.fields["name"].error() == "Another clinic is called “clinique ROSEMONT”."
    assert len(answers(window, ask.clinics)) == 1
    assert pane.form.value_of("name") == "clinique ROSEMONT"


def test_what_the_fields_find_themselves_is_not_sent(window: Window) -> None:
    pane = section(window, "closures")
    pane.start_new()
    put(pane, reason="Congrès")
    pane.form.fields["from_on"].editor.setText("31 février")
    save(window, pane)
    assert "not in the calendar" in pane.form.fields["from_on"].error()
    assert answers(window, ask.closures) == ()


def test_a_draft_waits_for_each_entry_and_through_a_lock_and_a_language(window: Window) -> None:
    pane = section(window, "chairs")
    pane.table.choose(0)
    put(pane, name="Fauteuil bleu")
    pane.table.choose(1)
    assert pane.form.value_of("name") == "Fauteuil 2"
    pane.table.choose(0)
    assert pane.form.value_of("name") == "Fauteuil bleu"
    assert pane.form.draft_mark.isVisibleTo(pane)
    section(window, "clinics")
    wear(window, "fr", "light", "100")
    window.lock()
    settle(window)
    enter(window, "claire")
    again = section(window, "chairs")
    assert again.form.value_of("name") == "Fauteuil bleu"
    again.form.drop_draft()
    assert again.form.value_of("name") == "Fauteuil 1"


def test_a_colleague_who_is_faster_is_not_overwritten_unseen(window: Window) -> None:
    pane = section(window, "clinics")
    put(pane, phone="514 555-0100")
    clinic = answers(window, ask.clinics)[0].id
    window.bench.runner.run(BOSS, change_clinic, clinic, phone="514 555-0199")
    settle(window)
    assert pane.form.value_of("phone") == "514 555-0100"
    assert "514 555-0199" in pane.form.fields["phone"].error()
    save(window, pane)
    assert answers(window, ask.clinics)[0].phone == "514 555-0199", "the first save is refused"
    assert "Somebody changed this entry" in pane.form.remark.text()
    save(window, pane)
    assert answers(window, ask.clinics)[0].phone == "514 555-0100", "the second is a decision"


def test_without_the_right_the_form_is_closed_with_the_reason_on_screen_by_key_and_by_command(gate: Window) -> None:
    enter(gate, "julie")
    pane = section(gate, "clinics")
    reason = "You need the permission “Set up clinics, chairs and equipment”."
    assert not pane.form.save.isEnabled()
    assert pane.form.save.toolTip() == reason
    assert not pane.new.isEnabled()
    assert not pane.form.fields["name"].editor.isEnabled()
    pane.table.setFocus()
    QTest.keyClick(pane.form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(gate)
    with pytest.raises(PermissionDenied, match="Set up clinics"):
        gate.bench.runner.run(gate.bench.actor, add_clinic, "Clinique Laval")
    assert len(answers(gate, ask.clinics)) == 1


def test_withdrawing_asks_nothing_and_is_taken_back(window: Window) -> None:
    pane = section(window, "reasons")
    before, chosen = answers(window, visit_reasons), pane.chosen.id
    pane._buttons[0].click()
    settle(window)
    assert chosen not in {line.id for line in answers(window, visit_reasons)}
    window.bench.undo_last()
    settle(window)
    assert answers(window, visit_reasons) == before


def test_the_catalogue_is_imported_after_a_look_and_in_one_step(window: Window, tmp_path: Path) -> None:
    file = tmp_path / "actes.csv"
    lines = ["code;name_fr;fee", *(f"A{n:03d};Acte {n};{n},50" for n in range(200)), "é;Mauvais;1", "B1;Cher;beaucoup"]
    file.write_bytes("\n".join(lines).encode("cp1252"))
    pane = section(window, "catalogue")
    pane.box.open_file(file)
    settle(window)
    assert answers(window, ask.procedures) == (), "a look writes nothing"
    assert "200 new procedures" in pane.box.told.text()
    shown = [pane.box.errors.row(row) for row in range(pane.box.errors.rowCount())]
    assert [(row[0], row[1]) for row in shown if row] == [(202, "code"), (203, "fee")]
    pane.box.take_in()
    settle(window)
    assert len(answers(window, ask.procedures)) == 200
    assert pane.model.rowCount() == 100
    pane._scrolled(pane.table.verticalScrollBar().maximum())
    settle(window)
    assert pane.model.rowCount() == 200
    window.bench.undo_last()
    settle(window)
    assert answers(window, ask.procedures) == ()


def test_a_file_that_is_no_catalogue_is_a_sentence(window: Window, tmp_path: Path) -> None:
    pane = section(window, "catalogue")
    for content, sentence in ((b"", "empty"), (b"a,b\n1,2\n", "lacks the column “code”")):
        file = tmp_path / "x.csv"
        file.write_bytes(content)
        pane.box.open_file(file)
        settle(window)
        assert sentence in pane.box._message.text()
        assert not pane.box.go.isEnabled()


def test_staff_is_added_by_keyboard_alone(window: Window) -> None:
    steps = """
    keys Ctrl+F
    press "Create the staff member"
    type Name "Marie Gagnon"
    type Username m.gagnon
    choose "Works in" English
    press Orthodontist
    press Save
    expect "Account of Marie Gagnon saved"
    """
    section(window, "staff")
    Journey(window, keyboard_only=True).play(read_steps(steps))
    assert "m.gagnon" in {line.username for line in answers(window, staff_list)}


def test_staff_is_added_by_keyboard_alone_in_french(window: Window) -> None:
    wear(window, "fr", "light", "100")
    steps = """
    press "Créer le membre du personnel"
    type Nom "Élise Côté"
    type "Nom d’utilisateur" elise
    press "Personnel clinique"
    press Enregistrer
    expect "Compte de Élise Côté enregistré"
    """
    section(window, "staff")
    Journey(window, keyboard_only=True).play(read_steps(steps))
    assert "elise" in {line.username for line in answers(window, staff_list)}


@pytest.mark.parametrize("text", ["100", "200"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_section_is_named_and_nothing_is_cut(
    window: Window, language: str, text: str, clipped: Callable[[QWidget], list[str]],
    unnamed: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    wear(window, language, "light", text)
    found = {}
    for name in NAMES:
        section(window, name)
        faults = [*clipped(window), *unnamed(window)]
        if faults:
            found[name] = faults
    assert found == {}


def test_templates_are_made_painted_and_said_to_be_wrong(window: Window) -> None:
    pane = section(window, "templates")
    pane.box.name.set_value("Mardi")
    pane.box.make.click()
    settle(window)
    clinic = answers(window, ask.clinics)[0].id
    assert [line.name for line in answers(window, day_templates, clinic)] == ["Mardi"]
    pane.grid.mark = (0, 6 * 60)
    pane.grid.setFocus()
    QTest.keyClick(pane.grid, Qt.Key.Key_Return)
    settle(window)
    (line,) = answers(window, day_templates, clinic)
    assert (line.cells[0].start_minute, line.cells[0].end_minute) == (360, 420)
    assert pane.remarks.isVisibleTo(pane)
    pane.box.days.set_value(("tuesday",))
    pane.box._decide_days(("tuesday",))
    settle(window)
    assert any("closed" in block.fault for block in pane.grid.blocks)


def test_an_absence_is_begun_from_its_calendar(window: Window) -> None:
    pane = section(window, "absences")
    calendar = pane.calendar
    calendar.setCurrentIndex(calendar.model().index(1, 3))
    QTest.keyClick(calendar, Qt.Key.Key_Return)
    assert pane.form.value_of("from_on") == date(2026, 11, 26)
    save(window, pane)
    (line,) = answers(window, ask.absence_list)
    told = calendar.model().index(1, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Vacation" in told
    assert line.provider_id == pane._people[1].id
