"""Driving the window without a screen: coming to rest, signing in to a demonstration, drawing pictures."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

from app.core.i18n import use_catalogue
from app.core.pseudo_locale import PseudoTranslations
from app.core.secret import Secret
from app.journal.settings_store import change_setting
from ui.shell.faces import faces_of, picture_of
from ui.shell.preferences import DENSITY, LANGUAGE, TEXT_SIZE, THEME
from ui.theme.style import theme

if TYPE_CHECKING:
    from ui.shell.window import Window

REST_SECONDS = 8.0


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
    window.session.locks_by_itself = False
    window.session.become(window.session.gatekeeper.sign_in(username, Secret(secrets[0])))
    settle(window)


def speak(window: Window, language: str) -> None:
    """Choose the language of the screen as the person would."""
    window.bench.run(change_setting, LANGUAGE.name, language).say("")
    settle(window)


def go(window: Window, name: str) -> None:
    """Open a screen, for the patient of the pictures when it needs one."""
    next(faces_of(window, [name], every=False)).bring()


@dataclass(frozen=True, slots=True)
class Look:
    """One way in which everything can look; values of the settings of these names."""

    language: str = "fr"
    theme: str = "light"
    text: str = "100"
    density: str = "normal"
    pseudo: bool = False
    """English in words that are a third longer."""

    @property
    def label(self) -> str:
        """`fr-dark-200`; the usual density goes without saying."""
        spoken = "pseudo" if self.pseudo else self.language
        return "-".join((spoken, self.theme, self.text, *(() if self.density == "normal" else (self.density,))))


def wear(window: Window, language: str, colours: str, text: str, density: str = "normal") -> None:
    """Choose language, theme, text size and density as the person would."""
    chosen = ((LANGUAGE, language), (THEME, colours), (TEXT_SIZE, text), (DENSITY, density))
    for setting, value in chosen:
        window.bench.run(change_setting, setting.name, value).say("")
    settle(window)


@contextmanager
def dressed(window: Window, look: Look) -> Iterator[None]:
    """The look, until the end."""
    use_catalogue("en", PseudoTranslations() if look.pseudo else None)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    moved = theme.reduced_motion
    theme.apply(app, reduce_motion=True, only_changes=True)  # a picture is of what has come to rest
    try:
        wear(window, "en" if look.pseudo else look.language, look.theme, look.text, look.density)
        window.prefer_now()
        yield
    finally:
        use_catalogue("en", None)
        theme.apply(app, reduce_motion=moved, only_changes=True)


def draw_all(
    window: Window, where: Path, looks: Sequence[Look], wanted: Collection[str] | None, *, plain: bool, every: bool
) -> list[str]:
    """One PNG a face and look, with `every` also of the faces of screens; returns the file names."""
    names = []
    for look in looks:
        with dressed(window, look):
            for face in faces_of(window, wanted, every=every):
                away = face.bring()
                settle(window)
                name = f"{face.label}.png" if plain else f"{face.label}-{look.label}.png"
                picture_of(window).save(str(where / name))
                names.append(name)
                away()
                settle(window)
    return names
