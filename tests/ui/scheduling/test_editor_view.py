"""The appointment editor and the visits of a patient: minutes by keys, conflicts, override, drafts, times, journeys."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core import i18n
from app.core.ids import StaffId
from app.journal.queries import Actor
from app.practice.commands import add_provider
from app.practice.vocabulary import ProviderKind
from app.scheduling.commands import book_appointment
from app.scheduling.queries import Severity, appointment_page, patient_visits
from tests.app.clinic_world import local
from tests.ui.scheduling.conftest import Desk
from ui.scheduling.editor_place import TimeField
from ui.scheduling.editor_view import EditorView
from ui.scheduling.visits_tab import VisitsTab
from ui.shell.journey import Journey
from ui.shell.offscreen import settle, speak
from ui.shell.steps import read_steps
from ui.shell.window import Window


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    yield
    i18n.set_language("en")


def rest(window: Window) -> None:
    """Let the pause before the conflicts pass too."""
    settle(window)
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        settle(window, 0.05)
    settle(window)


def editor(window: Window, **chosen: Any) -> EditorView:
    window.open("appointment", **chosen)
    rest(window)
    screen = window.screens["appointment"]
    assert isinstance(screen, EditorView)
    return screen


def visit(window: Window, key: str) -> Any:
    return window.bench.runner.ask(window.bench.actor, appointment_page, key).visit


def test_minutes_change_by_keys_and_are_saved_as_one_step(window: Window, desk: Desk) -> None:
    screen = editor(window, appointment_id=desk.visits[0])
    assert not screen._answers.save.isEnabled()
    piece = screen._type.minutes.strip._pieces[1]
    piece.setFocus()
    QTest.keyClick(piece, Qt.Key.Key_Up)
    assert screen.draft().segments == "A8 D5 A8"
    QTest.keyClick(screen._type.minutes.strip._pieces[0], Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert screen.draft().segments == "D5 A8 A8"
    QTest.keyClick(screen._type.minutes.strip._pieces[2], Qt.Key.Key_Delete)
    assert screen.draft().segments == "D5 A8"
    rest(window)
    screen.save()
    rest(window)
    assert visit(window, desk.visits[0]).minutes == 13
    assert window.bench.undo_last()
    rest(window)
    assert visit(window, desk.visits[0]).minutes == 20


def test_the_assistant_is_taken_off(window: Window, desk: Desk) -> None:
    assert visit(window, desk.visits[0]).assistant_id is not None
    screen = editor(window, appointment_id=desk.visits[0])
    screen._place.assistant.set_value("")
    rest(window)
    screen.save()
    rest(window)
    assert visit(window, desk.visits[0]).assistant_id is None


def test_unreadable_minutes_are_refused_in_both_languages(window: Window, desk: Desk) -> None:
    screen = editor(window, appointment_id=desk.visits[0])
    screen._type.minutes.text.setText("A8 Q4")
    screen._type.minutes._from_text()
    assert screen._type.minutes.field.error() == "Segments are written like A8 D4 A8."
    i18n.set_language("fr")
    assert screen._type.minutes.field.error() != "Segments are written like A8 D4 A8."


def test_a_conflict_is_told_and_overridden_with_a_reason(window: Window, desk: Desk) -> None:
    screen = editor(
        window, patient_id=desk.patients[3], starts_at=local(2026, 11, 24, 9, 35), operatory_id=desk.chairs[0]
    )
    screen._type._take("ADJ")
    rest(window)
    assert screen._conflicts.worst is Severity.SERIOUS
    assert not screen._answers.save.isEnabled()
    assert "is taken from 09:30" in screen._answers.reason
    assert screen._conflicts._override is not None
    screen._conflicts._override.setChecked(True)
    assert screen._answers.reason == "Say why it is booked in spite of the conflict."
    screen._conflicts.why.setText("Agreed")
    screen._conflicts.changed.emit()
    assert screen._answers.save.isEnabled()
    screen.save()
    rest(window)
    lines = window.bench.runner.ask(window.bench.actor, patient_visits, desk.patients[3])
    assert local(2026, 11, 24, 9, 35) in [line.starts_at for line in lines]


def test_a_time_that_is_none_or_two_stands_under_its_field_and_is_not_booked(window: Window, desk: Desk) -> None:
    actor, runner = window.bench.actor, window.bench.runner
    before = runner.ask(actor, patient_visits, desk.patients[1])
    screen = editor(
        window, patient_id=desk.patients[1], starts_at=local(2027, 3, 14, 8, 0), operatory_id=desk.chairs[0]
    )
    screen._type._take("ADJ")
    for day, typed, told in (("2027-03-14", "2:30", "does not exist"), ("2026-11-01", "1:30", "comes twice")):
        screen._place.on.set_value(date.fromisoformat(day))
        screen._place.at.setText(typed)
        screen._place.at.editingFinished.emit()
        rest(window)
        assert told in screen._place.fields["starts_at"].error()
        assert told in screen._answers.reason
        screen.save()
        rest(window)
    assert runner.ask(actor, patient_visits, desk.patients[1]) == before
    speak(window, "fr")
    rest(window)
    assert "revient deux fois" in screen._answers.reason


def test_the_second_of_two_hours_stays_when_the_note_changes(window: Window, desk: Desk) -> None:
    """A time that was told by its offset is not asked for again."""
    actor, runner = window.bench.actor, window.bench.runner
    at = local(2027, 11, 7, 1, 30, fold=1)
    made = runner.run(
        actor, book_appointment, desk.patients[1], "ADJ", desk.chairs[0], at, desk.doctor, desk.hands[0],
        override=True, override_reason="Nuit",
    )  # fmt: skip
    screen = editor(window, appointment_id=made)
    assert screen.draft().starts_at(runner.clock.zone) == at
    screen._place.note.set_value("Au téléphone")
    screen._place.changed.emit()
    rest(window)
    screen.save()
    rest(window)
    assert (visit(window, made).note, visit(window, made).starts_at) == ("Au téléphone", at)


def test_only_who_works_at_the_chair_is_offered_as_assistant(window: Window, desk: Desk) -> None:
    actor, runner = window.bench.actor, window.bench.runner
    for key, kind in (("m", ProviderKind.MANAGER), ("f", ProviderKind.FRONT_DESK), ("n", ProviderKind.HYGIENIST)):
        runner.run(actor, add_provider, StaffId(key), f"Personne {key}", kind)
    screen = editor(window, appointment_id=desk.visits[0])
    offered = [screen._place.assistant.itemText(place) for place in range(screen._place.assistant.count())]
    assert offered == ["Nobody named", "Karim", "Sophie", "Personne n"]


def test_who_may_not_override_reads_why(window: Window, desk: Desk) -> None:
    actor = window.bench.actor
    window.bench.actor = Actor(actor.id, actor.name, actor.permissions - {"override_conflicts"}, actor.session)
    screen = editor(
        window, patient_id=desk.patients[3], starts_at=local(2026, 11, 24, 9, 35), operatory_id=desk.chairs[0]
    )
    screen._type._take("ADJ")
    rest(window)
    assert screen._conflicts._override is not None
    assert not screen._conflicts._override.isEnabled()
    assert "Book in spite of a conflict" in screen._conflicts._override.toolTip()


def test_a_draft_that_was_left_is_there_again(window: Window, desk: Desk) -> None:
    screen = editor(window, appointment_id=desk.visits[0])
    screen._place.note.set_value("Photos")
    window.open("today")
    rest(window)
    editor(window, appointment_id=desk.visits[1])
    assert str(screen._place.note.value()) == ""
    editor(window, appointment_id=desk.visits[0])
    assert str(screen._place.note.value()) == "Photos"
    screen._throw_away()
    assert str(screen._place.note.value()) == ""


def test_find_time_offers_only_what_is_free_and_takes_it(window: Window, desk: Desk) -> None:
    screen = editor(window, patient_id=desk.patients[3])
    screen._type._take("RPR")
    rest(window)
    slots = screen._find._slots
    assert 1 <= len(slots) <= 6
    days = [slot.starts_at for slot in slots]
    assert all((b - a).total_seconds() >= 7200 for a, b in itertools.pairwise(days))
    screen._take_slot(slots[0])
    rest(window)
    assert screen._conflicts.lines == ()
    assert screen._answers.save.isEnabled()


def test_the_next_visits_are_booked_together(window: Window, desk: Desk) -> None:
    screen = editor(window, patient_id=desk.patients[3], starts_at=local(2026, 11, 25, 14), operatory_id=desk.chairs[0])
    screen._type._take("ADJ")
    screen._series._every.set_value(4)
    screen._series._count.set_value(2)
    screen._series.search()
    rest(window)
    assert [slot is not None for slot in screen._series._slots] == [True, True]
    screen._series.book()
    rest(window)
    lines = window.bench.runner.ask(window.bench.actor, patient_visits, desk.patients[3])
    assert len({line.group_id for line in lines if line.group_id}) == 1
    assert sum(1 for line in lines if line.group_id) == 2


@pytest.mark.parametrize(
    ("text", "minute"),
    [("9", 540), ("9h05", 545), ("9:05", 545), ("905", 545), ("13 h 30", 810), ("25:00", None), ("9:75", None)],
)
def test_times_as_people_type_them(window: Window, text: str, minute: int | None) -> None:
    field = TimeField()
    field.setText(text)
    assert field.value() == minute
    assert bool(field.problem()) == (minute is None)


def test_the_visits_tab_shows_past_and_next(window: Window, desk: Desk) -> None:
    window.open("patient", patient_id=desk.patients[3], tab="visits")
    rest(window)
    shown = list(Journey(window).texts())
    assert any("December\u00a02, 2026" in text for text in shown)
    assert "Olivia Lavoie · Nov.\u00a024, 2026, 9:30 · Adjustment, wire change" in shown
    tab = next(tab for tab in window.findChildren(VisitsTab) if tab.isVisible())
    tab._book_next()
    rest(window)
    assert window.current is not None
    assert window.current.name == "appointment"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_clipped_and_everything_has_a_name(
    window: Window, desk: Desk, language: str, clipped: Callable[[QWidget], list[str]],
    unnamed: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    speak(window, language)
    screen = editor(window, appointment_id=desk.visits[0])
    assert clipped(screen) == []
    assert unnamed(screen) == []
    window.open("patient", patient_id=desk.patients[3], tab="visits")
    rest(window)
    assert clipped(window.screens["patient"]) == []
    assert unnamed(window.screens["patient"]) == []


WORDS = {
    "en": {
        "patient": "Name, phone, birth date or file number", "type": "Type, by its code or name", "time": "Time",
        "chair": "Chair", "book": "Book", "save": "Save", "booked": "Hugo Lavoie is booked", "day": "Day",
        "saved": "The appointment of Hugo Lavoie is saved", "cancel": "Cancel the visit",
        "confirm": "Cancel the appointment", "cancelled": "The visit of Hugo Lavoie is cancelled",
        "hands": "Assistant", "date": "25 November 2026", "list": "Visits of the day",
    },
    "fr": {
        "patient": "Nom, téléphone, naissance ou numéro de dossier", "type": "Type, par son code ou son nom",
        "time": "Heure", "chair": "Fauteuil", "book": "Donner le rendez-vous", "save": "Enregistrer",
        "booked": "Rendez-vous donné\u00a0: Hugo Lavoie", "day": "Jour",
        "saved": "Rendez-vous enregistré\u00a0: Hugo Lavoie", "cancel": "Annuler la visite",
        "confirm": "Annuler le rendez-vous", "cancelled": "Le rendez-vous de Hugo Lavoie est annulé",
        "hands": "Assistante ou assistant", "date": "25 novembre 2026", "list": "Visites du jour",
    },
}  # fmt: skip
BOOK = """
open today
keys Ctrl+N
type "{patient}" "Hugo Lavoie"
keys Return
type "{type}" "ADJ"
keys Return
type "{day}" "{date}"
type "{time}" "14:00"
choose "{chair}" "Fauteuil 2"
choose "{hands}" "Sophie"
wait 400
keys Ctrl+Return
expect "{booked}"
"""
MOVE = """
type "{time}" "15:00"
wait 400
keys Ctrl+Return
expect "{saved}"
"""
CANCEL = """
press "{cancel}"
press "{confirm}"
expect "{cancelled}"
"""


@pytest.mark.parametrize("language", ["en", "fr"])
def test_book_move_and_cancel_by_keyboard_alone(window: Window, desk: Desk, language: str) -> None:
    words = WORDS[language]
    speak(window, language)

    def play(text: str) -> None:
        Journey(window, keyboard_only=True).play(read_steps(text.format(**words)))

    def there() -> Any:
        lines = window.bench.runner.ask(window.bench.actor, patient_visits, desk.patients[3])
        return next(line for line in lines if line.starts_at and line.starts_at.day == 25)

    play(BOOK)
    assert there().starts_at == local(2026, 11, 25, 14)
    editor(window, appointment_id=there().id)
    play(MOVE)
    moved = there()
    assert (moved.starts_at, moved.moves) == (local(2026, 11, 25, 15), 1)
    editor(window, appointment_id=moved.id)
    play(CANCEL)
    assert there().status in {"cancelled", "cancelled_late"}
    assert replace(there(), late_minutes=0).operatory_id == desk.chairs[1]
