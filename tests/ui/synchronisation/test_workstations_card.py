"""The computers of the practice in the Sync Centre: invited by a code to scan or type, renamed, shut out, hosted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel

from app.devices.codes import Code, code_hash
from app.devices.commands import enrol_device
from app.devices.model import WorkstationId
from app.devices.queries import open_invitations, workstations
from app.devices.settings import SERVER_ADDRESS, SERVER_PIN
from app.journal.queries import SYSTEM
from app.journal.settings_store import change_setting
from tests.ui.synchronisation.test_centre_view import button, until, words
from ui.shell.offscreen import settle, wear
from ui.shell.window import Window
from ui.synchronisation.centre_view import WORKSTATION, CentreView
from ui.synchronisation.code_panel import QrMark
from ui.synchronisation.workstations_card import WorkstationsCard
from ui.widgets.fields import TextField


@pytest.fixture
def card(window: Window) -> Iterator[WorkstationsCard]:
    """A practice with a server and two computers, of which one is this."""
    run = window.bench.runner.run
    run(SYSTEM, change_setting, SERVER_ADDRESS.name, "192.168.1.20:8443")
    run(SYSTEM, change_setting, SERVER_PIN.name, "ab" * 32)
    run(SYSTEM, enrol_device, WorkstationId(window.bench.runner.place.device), "Réception 1")
    run(SYSTEM, enrol_device, WorkstationId("another"), "Fauteuil 3")
    window.open("synchronisation")
    settle(window)
    shown = window.stack.currentWidget()
    assert isinstance(shown, CentreView)
    shown.show_section(WORKSTATION)
    until(window, lambda: "Fauteuil 3" in words(shown.station.workstations))
    yield shown.station.workstations
    window.bench.server.set_up = None


def test_who_is_in_is_listed(card: WorkstationsCard) -> None:
    said = words(card)
    assert "Réception 1" in said
    assert "2 computers are in." in said
    assert "nothing received from it yet" in said


def test_a_computer_is_invited_by_a_code_that_is_shown_once(window: Window, card: WorkstationsCard) -> None:
    button(card, "Invite a workstation").click()
    settle(window)
    (name,) = (it for it in card.code.findChildren(TextField) if it.isVisibleTo(card))
    button(card, "Make the code").click()
    until(window, lambda: "has a name" in " ".join(it.text() for it in card.code.findChildren(QLabel)))
    name.set_value("Fauteuil 4")
    button(card, "Make the code").click()
    until(window, lambda: "Fauteuil 4 joins" in words(card.code))
    code = next(text for text in (it.text() for it in card.code.findChildren(QLabel)) if "@192.168.1.20:8443" in text)
    runner = window.bench.runner
    (kept,) = _hashes(window)
    assert kept == code_hash(Code.parse(code).secret)
    until(window, lambda: "Fauteuil 4 is invited" in words(card))
    button(card, "Withdraw the invitation").click()
    until(window, lambda: not runner.ask(SYSTEM, open_invitations))
    until(window, lambda: "Fauteuil 4 joins" not in words(card.code))


def test_the_mark_is_a_qr_symbol_of_the_code_in_every_theme(window: Window, card: WorkstationsCard) -> None:
    mark = QrMark()
    for look in ("light", "dark", "high_contrast"):
        wear(window, "en", look, "100")
        mark.show_text("ABCD@HOST:8443")
        mark.resize(mark.sizeHint())
        image = QImage(mark.size(), QImage.Format.Format_RGB32)
        mark.render(image)
        black, white = QColor(Qt.GlobalColor.black).rgb(), QColor(Qt.GlobalColor.white).rgb()
        side = image.width()
        assert image.pixel(2, 2) == white, "the quiet zone"
        assert {image.pixel(x, y) for x in range(0, side, 3) for y in range(0, side, 3)} == {black, white}
    wear(window, "en", "light", "100")


def test_a_computer_is_renamed_and_shut_out(window: Window, card: WorkstationsCard) -> None:
    runner = window.bench.runner
    rename = [it for it in card.findChildren(type(card.invite)) if it.accessibleName().endswith(": Fauteuil 3")]
    rename[0].click()
    settle(window)
    (name,) = (it for it in card.findChildren(TextField) if it.isVisibleTo(card))
    name.set_value("Fauteuil 5")
    button(card, "Rename the workstation").click()
    until(window, lambda: any(it.name == "Fauteuil 5" for it in runner.ask(SYSTEM, workstations)))
    until(window, lambda: "Fauteuil 5" in words(card))
    out = [it for it in card.findChildren(type(card.invite)) if it.accessibleName().endswith(": Fauteuil 5")]
    out[-1].click()
    settle(window)
    assert "For ever" in words(card)
    button(card, "Revoke the workstation").click()
    until(window, lambda: any(it.revoked_at for it in runner.ask(SYSTEM, workstations)))
    until(window, lambda: "1 computer is in." in words(card))


def test_what_is_typed_stays_when_others_write(window: Window, card: WorkstationsCard) -> None:
    rename = [it for it in card.findChildren(type(card.invite)) if it.accessibleName().endswith(": Fauteuil 3")]
    rename[0].click()
    settle(window)
    (name,) = (it for it in card.findChildren(TextField) if it.isVisibleTo(card))
    name.set_value("à moitié")
    card.ask()
    settle(window)
    assert [it.value() for it in card.findChildren(TextField) if it.isVisibleTo(card)] == ["à moitié"]


def test_a_workstation_alone_may_become_the_server(window: Window, card: WorkstationsCard) -> None:
    founded: list[bool] = []
    window.bench.server.set_up = lambda: founded.append(True)
    card.ask()
    settle(window)
    button(card, "Set up the server on this computer").click()
    until(window, lambda: "open it again" in words(card))
    assert founded == [True]


def _hashes(window: Window) -> list[str]:
    with window.bench.runner.read(SYSTEM) as read:
        return [row[0] for row in read.sql("SELECT code_hash FROM workstation_invitation WHERE name = 'Fauteuil 4'")]
