"""The wizard: page by page, errors beside the fields, back and forth, closed half way, played by keys."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.cli import first_run
from app.cli.staging import LOCK_SUFFIX, is_free
from app.core.i18n import set_language
from app.core.keys import recover
from app.journal.workplace import exists
from tests.ui.conftest import settle
from ui.first_run import pictures, play
from ui.first_run.end_pages import MakingPage, SummaryPage
from ui.first_run.people_pages import AdministratorPage, StaffPage
from ui.first_run.place_pages import ChairsPage, HoursPage, PracticePage
from ui.first_run.safety_pages import BackupPage, RecoveryPage
from ui.first_run.wizard import CLINIC_PAGES, Wizard
from ui.shell.preferences import TEXT_SIZE, THEME
from ui.shell.steps import read_steps
from ui.theme.style import Theme

JOURNEYS = Path(__file__).parent


def go_to(wizard: Wizard, kind: type) -> Any:
    while not isinstance(wizard.page, kind):
        pictures.fill(wizard)
        before = wizard.page
        wizard.go_on()
        assert wizard.page is not before, f"{type(before).__name__} does not let go on"
    settle(wizard)
    return wizard.page


def test_a_clinic_is_made_from_the_first_page_to_the_last(wizard: Wizard, tmp_path: Path) -> None:
    opened: list[Path] = []
    wizard.finished.connect(opened.append)
    go_to(wizard, SummaryPage)
    assert is_free(tmp_path / "data"), "nothing is written before the last page"
    page = go_to(wizard, MakingPage)
    pictures.wait(wizard)
    assert page.done
    assert wizard.onward.hasFocus()
    key = wizard.answers.plan.recovery_key
    assert recover(tmp_path / "data", key).hex() == (tmp_path / "data" / "database.key").read_text()
    wizard.go_on()
    assert opened == [tmp_path / "data"]


@pytest.mark.parametrize("last", [kind for kind in CLINIC_PAGES if kind is not MakingPage])
def test_closing_on_any_page_writes_nothing(wizard: Wizard, tmp_path: Path, last: type) -> None:
    go_to(wizard, last)
    wizard.close()
    assert list(tmp_path.iterdir()) == []


def test_closing_while_it_is_made_leaves_nothing(
    wizard: Wizard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(folder: Path, plan: first_run.Plan, say: first_run.Says) -> list[Any]:
        with first_run.staged(folder) as place:
            place.mkdir()
            for _turn in range(10_000):
                say("Nearly done")
                time.sleep(0.002)
        return []

    monkeypatch.setattr("ui.first_run.making.make_clinic", slow)
    go_to(wizard, MakingPage)
    assert wizard.busy
    wizard.close()
    assert wizard.isVisible(), "it waits for the making to stop"
    pictures.wait(wizard)
    settle(wizard)
    assert not wizard.isVisible()
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(LOCK_SUFFIX)] == []


def test_stopping_says_so_and_another_try_succeeds(
    wizard: Wizard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = first_run.make_clinic

    def stopped(folder: Path, plan: first_run.Plan, say: first_run.Says) -> list[Any]:
        raise first_run.Stopped

    monkeypatch.setattr("ui.first_run.making.make_clinic", stopped)
    page = go_to(wizard, MakingPage)
    pictures.wait(wizard)
    settle(wizard)
    assert page.stuck
    assert not wizard.onward.isEnabled()
    assert wizard.back.isEnabled()
    monkeypatch.setattr("ui.first_run.making.make_clinic", real)
    page.start()
    pictures.wait(wizard)
    settle(wizard)
    assert page.done
    assert exists(tmp_path / "data")


def test_a_full_disk_is_said_without_a_trace_of_what_was_typed(
    wizard: Wizard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(folder: Path, plan: first_run.Plan, say: first_run.Says) -> list[Any]:
        raise OSError("no space for Marie Gagnon")

    monkeypatch.setattr("ui.first_run.making.make_clinic", failing)
    page = go_to(wizard, MakingPage)
    pictures.wait(wizard)
    settle(wizard)
    assert page.stuck
    assert "Gagnon" not in caplog.text


def test_going_back_keeps_what_is_typed(wizard: Wizard) -> None:
    go_to(wizard, HoursPage)
    wizard.go_back()
    assert isinstance(wizard.page, PracticePage)
    assert wizard.page.text("practice") == pictures.TYPED["practice"]
    key = wizard.answers.plan.recovery_key
    go_to(wizard, BackupPage)
    first = wizard.answers.plan.recovery_key
    wizard.go_back()
    assert isinstance(wizard.page, RecoveryPage)
    assert key == first == wizard.answers.plan.recovery_key, "the key that was printed stays the key"


def test_errors_stand_beside_their_fields(wizard: Wizard) -> None:
    page = go_to(wizard, PracticePage)
    wizard.go_on()
    assert wizard.page is page
    assert page.fields["practice"].error()
    assert page.fields["practice"].editor.hasFocus()
    page.fields["practice"].editor.setText("")
    QTest.keyClicks(page.fields["practice"].editor, "Clinique")
    assert not page.fields["practice"].error(), "mended while one types"

    hours = go_to(wizard, HoursPage)
    hours._days[2].end.set_value("7:00")
    wizard.go_on()
    assert wizard.page is hours
    assert hours._days[2].message.text()
    hours._days[2].end.set_value("17:00")

    chairs = go_to(wizard, ChairsPage)
    chairs.fields["1"].editor.set_value("Chair 1")
    wizard.go_on()
    assert chairs.fields["1"].error()
    chairs.fields["1"].editor.set_value("Chair 2")

    staff = go_to(wizard, StaffPage)
    for name in ("Léa Roy", "Lea Roy"):
        staff.add_person(name)
    wizard.go_on()
    assert staff.people()[1].fields["username"].error()
    staff.people()[1].username.set_value("lea2")

    boss = go_to(wizard, AdministratorPage)
    for name, text in (("display_name", "Marie"), ("password", "court"), ("repeated", ""), ("pin", "111111")):
        boss.fields[name].editor.set_value(text)
    wizard.go_on()
    assert [name for name in boss.fields if boss.fields[name].error()] == ["password", "pin"]
    for name in ("display_name", "password", "repeated", "pin"):
        boss.fields[name].editor.set_value(pictures.TYPED[name])

    key = go_to(wizard, RecoveryPage)
    wizard.go_on()
    assert wizard.page is key
    assert all(field.error() for field in key.fields.values())

    backup = go_to(wizard, BackupPage)
    backup.fields["backup_folder"].editor.set_value("/nowhere/at/all")
    wizard.go_on()
    assert wizard.page is backup
    assert backup.fields["backup_folder"].error()


def test_monday_is_copied_to_the_open_days_only(wizard: Wizard) -> None:
    page = go_to(wizard, HoursPage)
    page._days[0].start.set_value("07:30")
    page._same.click()
    wizard.go_on()
    hours = dict(wizard.answers.plan.hours)
    assert {opening.start for opening in hours.values()} == {"07:30"}
    assert len(hours) == 5


def test_fewer_chairs_again(wizard: Wizard) -> None:
    page = go_to(wizard, ChairsPage)
    for text, count in (("6", 6), ("2", 2)):
        page.fields["count"].editor.setText(text)
        settle(wizard)
        assert len(page._chairs) == count
    page.fields["count"].editor.setText("many")
    wizard.go_on()
    assert wizard.page is page
    assert page.fields["count"].error()


def test_the_key_is_kept_as_pdf_and_text(wizard: Wizard, tmp_path: Path) -> None:
    page = go_to(wizard, RecoveryPage)
    place = tmp_path / "usb"
    place.mkdir()
    page.save_to(place / "key.pdf")
    page.save_to(place / "key.txt")
    assert (place / "key.pdf").read_bytes().startswith(b"%PDF")
    assert wizard.answers.plan.recovery_key in (place / "key.txt").read_text(encoding="utf-8")
    page.save_to(place / "absent" / "key.pdf")
    assert "cannot be written" in page._told.text()
    page.save_to(tmp_path / "data" / "key.txt")
    assert "lost with it" in page._told.text()
    shutil.rmtree(place)


def test_the_language_switches_on_any_page(wizard: Wizard, french: Callable[..., str]) -> None:
    page = go_to(wizard, ChairsPage)
    page.fields["0"].editor.set_value("Soleil")
    set_language("fr")
    settle(wizard)
    assert wizard.back.text() == "Retour"
    assert [editor.text() for editor in page._chairs] == ["Soleil", "Fauteuil 2", "Fauteuil 3", "Fauteuil 4"]
    assert "Étape" in wizard._count.text()


@pytest.mark.parametrize("text", ["100", "200"])
@pytest.mark.parametrize("code", ["fr", "en"])
def test_every_page_is_named_and_whole(
    wizard: Wizard, code: str, text: str, unnamed: Callable[[QWidget], list[str]],
    clipped: Callable[[QWidget], list[str]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    set_language(code)
    wizard.wear(TEXT_SIZE.name, text)
    wizard.wear(THEME.name, "light")
    monkeypatch.setattr("ui.first_run.making.make_clinic", lambda *_given: [])
    faults: list[str] = []
    while True:
        pictures.fill(wizard)
        pictures.wait(wizard)
        settle(wizard)
        faults += [f"{wizard.place}: {fault}" for fault in (*unnamed(wizard), *clipped(wizard))]
        if isinstance(wizard.page, MakingPage):
            break
        wizard.go_on()
    wizard.wear(TEXT_SIZE.name, "100")
    assert faults == []


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_journey_by_keys_alone(themed: Theme, tmp_path: Path, code: str) -> None:
    """From the first page to the first screen after signing in, without the mouse."""
    set_language(code)
    made = Wizard(tmp_path / "data", tmp_path / "demo")
    made.resize(1180, 780)
    made.show()
    settle(made)
    steps = read_steps((JOURNEYS / f"clinic_{code}.journey").read_text(encoding="utf-8"))
    assert len(play.play(made, steps, keyboard_only=True)) == len(steps)
    assert exists(tmp_path / "data")


def test_enter_goes_on_from_a_field(wizard: Wizard) -> None:
    page = go_to(wizard, PracticePage)
    QTest.keyClicks(page.fields["practice"].editor, "Clinique")
    QTest.keyClick(page.fields["practice"].editor, Qt.Key.Key_Return)
    assert isinstance(wizard.page, HoursPage)
    wizard.activateWindow()
    QTest.keyClick(wizard, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert isinstance(wizard.page, PracticePage)
