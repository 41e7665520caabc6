"""The Sync Centre: every section with its states, and the settlements run from the keyboard's buttons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.archives.queries import backup_standing
from app.archives.settings import BACKUP_FOLDER
from app.journal.changes import ChangeSet
from app.journal.conflicts import conflict_list, refused_work
from app.journal.detectors import Finding, open_conflicts
from app.journal.operations import Draft
from app.journal.queries import SYSTEM
from app.journal.runner import Step
from app.journal.settings_store import change_setting
from app.patients.queries import patient_list
from sync.client.status import Link, StatusBoard, SyncStatus
from tests.conftest import NOW
from ui.shell.offscreen import settle, wear
from ui.shell.window import Window
from ui.synchronisation.centre_view import ATTENTION, CONFLICTS, HISTORY, SENDING, WORKSTATION, CentreView
from ui.synchronisation.edit_panel import FieldCard
from ui.synchronisation.rows import InboxList
from ui.synchronisation.station_panel import size_words
from ui.widgets.buttons import Button
from ui.widgets.checks import Radio
from ui.widgets.labels import Label


def until(window: Window, done: Callable[[], bool]) -> None:
    for _turn in range(400):
        settle(window)
        if done():
            settle(window)
            return
        QTest.qWait(10)
    raise AssertionError("it did not happen")


@pytest.fixture
def centre(window: Window) -> CentreView:
    window.open("synchronisation")
    settle(window)
    shown = window.stack.currentWidget()
    assert isinstance(shown, CentreView)
    return shown


@pytest.fixture
def edited(window: Window) -> str:
    """A patient whose family name two people changed apart; and work that was refused."""
    row = window.bench.runner.ask(SYSTEM, patient_list, limit=1).rows[0]

    def work(step: Step) -> ChangeSet:
        details = {
            "column": "family_name", "base": "Avant", "mine": row.family_name, "theirs": "Autrement",
            "operation": "x", "device": "d1", "actor": "", "names": {"d1": "Fauteuil 3"},
        }  # fmt: skip
        found = [Finding("concurrent_edit", "patient", row.id, row.id, ("x", "y"), details)]
        _count, made, _rows = step.operation(
            SYSTEM, Draft("open_conflicts", "system"), lambda tx: open_conflicts(tx, found)
        )
        (operation,) = step.raw.execute("SELECT id FROM operation ORDER BY n LIMIT 1").fetchone()
        content = f'{{"changes":[["patient","{row.id}","upd",{{"family_name":["Roy","Roi"]}}]]}}'
        step.raw.execute(
            "INSERT INTO inbox_item(id, operation, code, content, received_at) VALUES('i', ?, 'no_permission', ?, 1)",
            (operation, content),
        )
        step.wrote = True
        return made.joined({"inbox_item": frozenset({"i"})})

    window.bench.runner.transact(work)
    return str(row.id)


def button(part: QWidget, text: str) -> Button:
    found = [it for it in part.findChildren(Button) if it.text() == text and it.isVisibleTo(part)]
    assert found, text
    return found[0]


def words(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(Label) if label.isVisibleTo(part))


def test_a_workstation_alone_says_so_in_every_section(window: Window, centre: CentreView) -> None:
    assert "workstation alone" in words(centre.facts[0]).lower()
    for section in (CONFLICTS, ATTENTION, SENDING, HISTORY, WORKSTATION):
        centre.show_section(section)
        settle(window)
        assert centre.sections is not None
        assert centre.sections.value() == section
        assert words(centre)
    centre.show_section("elsewhere")
    assert centre.sections is not None
    assert centre.sections.value() == CONFLICTS


def test_the_pill_leads_here(window: Window) -> None:
    window.open("patients")
    settle(window)
    QTest.mouseClick(window.top.state, Qt.MouseButton.LeftButton)
    settle(window)
    assert isinstance(window.stack.currentWidget(), CentreView)


def test_a_server_that_does_not_answer_is_told_since_when(window: Window, centre: CentreView) -> None:
    tried: list[bool] = []
    board = StatusBoard(SyncStatus(Link.OFFLINE, NOW, to_send=2, server="https://serveur:8443"))
    stop = window.bench.server.follow(board, lambda: tried.append(True))
    until(window, lambda: "does not answer" in words(centre.facts[0]))
    assert "https://serveur:8443" in words(centre.facts[0])
    centre.show_section(WORKSTATION)
    settle(window)
    button(centre.station, "Try now").click()
    assert tried == [True]
    board.publish(SyncStatus())
    until(window, lambda: "workstation alone" in words(centre.facts[0]))
    stop()


def test_a_field_is_settled_by_its_choice(window: Window, edited: str, centre: CentreView) -> None:
    until(window, lambda: bool(centre.findChildren(FieldCard)))
    (card,) = centre.findChildren(FieldCard)
    theirs, mine = card.findChildren(Radio)
    assert (theirs.text(), mine.isChecked()) == ("Autrement", True)
    assert "Fauteuil 3" in words(card)
    theirs.setChecked(True)
    assert "Autrement" in words(card)
    button(card, "Keep the value").click()
    runner = window.bench.runner
    until(window, lambda: not runner.ask(SYSTEM, conflict_list))
    assert runner.ask(SYSTEM, patient_list, limit=1).rows
    centre.show_section(HISTORY)
    until(window, lambda: "earlier value taken back" in words(centre.history))
    button(centre.history, "Open the conflict again").click()
    until(window, lambda: len(runner.ask(SYSTEM, conflict_list)) == 1)


def test_refused_work_shows_what_was_typed(window: Window, edited: str, centre: CentreView) -> None:
    centre.show_section(ATTENTION)
    inbox = centre.findChild(InboxList)
    assert inbox is not None
    until(window, lambda: "Roy → Roi" in words(inbox))
    assert "right for this was missing" in words(inbox)
    button(inbox, "Put aside").click()
    until(window, lambda: not window.bench.runner.ask(SYSTEM, refused_work))
    until(window, lambda: "Nothing was refused" in words(inbox))


def test_a_backup_is_made_from_here(window: Window, centre: CentreView, tmp_path: Path) -> None:
    centre.show_section(WORKSTATION)
    settle(window)
    assert not button(centre.station, "Back up now").isEnabled()
    window.bench.runner.run(SYSTEM, change_setting, BACKUP_FOLDER.name, str(tmp_path))
    centre.freshen()
    until(window, lambda: button(centre.station, "Back up now").isEnabled())
    button(centre.station, "Back up now").click()
    until(window, lambda: window.bench.runner.ask(SYSTEM, backup_standing).last is not None)
    until(window, lambda: "whole, read back" in words(centre.station))
    assert list(tmp_path.iterdir())


@pytest.mark.parametrize(("language", "look", "text"), [("fr", "dark", "100"), ("en", "high_contrast", "200")])
def test_it_fits_every_language_theme_and_text(
    window: Window, edited: str, centre: CentreView, language: str, look: str, text: str
) -> None:
    wear(window, language, look, text)
    for section in (CONFLICTS, ATTENTION, SENDING, HISTORY, WORKSTATION):
        centre.show_section(section)
        settle(window)
        assert centre.sections is not None
        assert centre.sections.minimumSizeHint().width() <= centre.width()
    wear(window, "en", "light", "100")


def test_sizes_are_said_in_both_languages() -> None:
    assert size_words(12_000_000) == "12 MB"
    assert size_words(1_400_000_000) == "1.4 GB"
