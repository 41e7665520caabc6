"""Driving the window without a screen: coming to rest, signing in to a demonstration, drawing pictures."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

from app.core.ids import PatientId
from app.core.secret import Secret
from app.journal.settings_store import change_setting
from app.patients.queries import patient_list, search_patients
from ui.shell.preferences import LANGUAGE, TEXT_SIZE, THEME
from ui.shell.screens import discover

if TYPE_CHECKING:
    from ui.shell.window import Window

REST_SECONDS = 8.0
SHOWN_PATIENT = "florence bergeron"


def settle(window: Window, seconds: float = REST_SECONDS) -> None:
    """Let answers arrive and layouts come to rest."""
    end, quiet = time.monotonic() + seconds, 0
    while time.monotonic() < end and quiet < 3:
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        quiet = 0 if window.busy else quiet + 1
        time.sleep(0.002)


def enter(window: Window, username: str) -> None:
    """Sign in to a demonstration; the password is the one that stands on its gate."""
    secrets = window.session.demo_secrets
    assert secrets is not None, "only a demonstration is entered without a person"
    window.session.become(window.session.gatekeeper.sign_in(username, Secret(secrets[0])))
    settle(window)


def speak(window: Window, language: str) -> None:
    """Choose the language of the screen as the person would."""
    window.bench.run(change_setting, LANGUAGE.name, language).say("")
    settle(window)


def go(window: Window, name: str) -> None:
    """Open a screen, for the patient of the pictures when it needs one."""
    spec = next(spec for spec in discover() if spec.name == name)
    chosen: dict[str, Any] = {}
    if "patient" in spec.needs:
        chosen["patient_id"] = shown_patient(window)
    window.open(name, **chosen)


def shown_patient(window: Window) -> PatientId:
    """The patient of the pictures: Florence Bergeron when she is here, else the first of the list."""
    runner, actor = window.bench.runner, window.bench.actor
    found = runner.ask(actor, search_patients, SHOWN_PATIENT).rows
    return found[0].id if found else runner.ask(actor, patient_list, limit=1).rows[0].id


def wear(window: Window, language: str, theme: str, text: str) -> None:
    """Choose language, theme and text size as the person would."""
    for setting, value in ((LANGUAGE, language), (THEME, theme), (TEXT_SIZE, text)):
        window.bench.run(change_setting, setting.name, value).say("")
    settle(window)


def draw_all(
    window: Window, where: Path, combinations: list[tuple[str, str, str]], wanted: list[str] | None, *, plain: bool
) -> list[str]:
    """One PNG a screen and combination (language, theme, text size); returns the file names."""
    names = []
    specs = [spec for spec in discover() if wanted is None or spec.name in wanted]
    for language, theme, text in combinations:
        wear(window, language, theme, text)
        for spec in specs:
            go(window, spec.name)
            settle(window)
            name = f"{spec.name}.png" if plain else f"{spec.name}-{language}-{theme}-{text}.png"
            window.grab().save(str(where / name))
            names.append(name)
    return names
