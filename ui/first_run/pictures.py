"""The pages of the wizard as pictures, filled in as a clinic would."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.core.permissions import Role
from ui.first_run.end_pages import MakingPage
from ui.first_run.page import shown
from ui.first_run.people_pages import StaffPage
from ui.first_run.safety_pages import RecoveryPage
from ui.first_run.wizard import Wizard
from ui.shell.preferences import TEXT_SIZE, THEME

TYPED: dict[str, str] = {
    "practice": "Orthodontie des Érables", "clinic": "", "address": "2450, rue Masson, Montréal (Québec)  H1Y 1W2",
    "phone": "514 555-0142", "display_name": "Marie Gagnon", "password": "les outardes repassent en avril",
    "repeated": "les outardes repassent en avril", "pin": "492715",
}  # fmt: skip
COLLEAGUES = (("Léa Tremblay", Role.ASSISTANT), ("Samuel Nguyen", Role.CLINICAL_STAFF))
PATIENCE = 60.0


def settle() -> None:
    """Let layouts come to rest."""
    for _turn in range(8):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        QCoreApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def fill(wizard: Wizard) -> None:
    """Type what the page on show asks for."""
    page: Any = wizard.page
    for name, field in page.fields.items():
        if name in TYPED and not field.value():
            field.editor.set_value(TYPED[name])
    if isinstance(page, StaffPage) and not page.people():
        for name, role in COLLEAGUES:
            page.add_person(name, role)
    if isinstance(page, RecoveryPage):
        for place in page.asked:
            shown(page.fields[f"group{place}"].editor, page.groups[place])
    settle()


def draw(wizard: Wizard, where: Path, code: str, looks: list[tuple[str, str]]) -> list[str]:
    """One PNG a page and look, the last one of a clinic that was really made; returns the file names."""
    names: list[str] = []
    while True:
        fill(wizard)
        wait(wizard)
        for theme, text in looks:
            wizard.wear(THEME.name, theme)
            wizard.wear(TEXT_SIZE.name, text)
            settle()
            name = f"first-run-{wizard.place + 1:02d}-{code}-{theme}-{text}.png"
            wizard.grab().save(str(where / name))
            names.append(name)
        if isinstance(wizard.page, MakingPage):
            return names
        wizard.go_on()


def wait(wizard: Wizard) -> None:
    """Until nothing is being made any more."""
    end = time.monotonic() + PATIENCE
    page = wizard.page
    while isinstance(page, MakingPage) and page.making.busy and time.monotonic() < end:
        settle()
        time.sleep(0.01)
