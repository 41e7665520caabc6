"""Every screen, tab and workspace in a language of longer words, and in French: nothing is cut, nothing overlaps."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QWidget

from app.core import i18n
from app.core.pseudo_locale import PseudoTranslations
from tests.ui.shell.test_accessible import SCREENS, TABS
from ui.shell.faces import shown_patient
from ui.shell.offscreen import go, settle, wear
from ui.shell.window import Window

Walk = Callable[[QWidget], list[str]]


@pytest.fixture
def pseudo_words() -> Iterator[None]:
    """English is spoken in longer words."""
    i18n.use_catalogue("en", PseudoTranslations())
    yield
    i18n.use_catalogue("en", None)


def faults_of_screens(window: Window, walks: list[Walk]) -> dict[str, list[str]]:
    """What the walks find, by screen and tab."""
    found = {}
    for name in SCREENS:
        go(window, name)
        settle(window)
        for tab in TABS if name == "patient" else [""]:
            if tab:
                window.open("patient", patient_id=shown_patient(window), tab=tab)
                settle(window)
            faults = [fault for walk in walks for fault in walk(window)]
            if faults:
                found[f"{name} {tab}".strip()] = faults
    return found


@pytest.mark.usefixtures("pseudo_words")
@pytest.mark.parametrize("text", ["100", "200"])
def test_longer_words_are_whole(window: Window, text: str, clipped: Walk, overlapping: Walk) -> None:
    wear(window, "en", "light", text)
    assert faults_of_screens(window, [clipped, overlapping]) == {}


@pytest.mark.parametrize("text", ["100", "200"])
def test_nothing_stands_on_something_else_in_french(window: Window, text: str, overlapping: Walk) -> None:
    wear(window, "fr", "light", text)
    assert faults_of_screens(window, [overlapping]) == {}


@pytest.mark.parametrize("text", ["100", "200"])
def test_every_workspace_is_named_and_whole(
    window: Window, text: str, clipped: Walk, overlapping: Walk, unnamed: Walk
) -> None:
    wear(window, "fr", "light", text)
    found = {}
    for spec in window.workspaces():
        window.choose_workspace(spec.name)
        settle(window)
        for panel in window.docks.panels.values():
            if not panel.isVisible():
                window.docks.toggle(panel.spec.name)
        settle(window)
        faults = [*clipped(window), *overlapping(window), *unnamed(window)]
        if faults:
            found[spec.name] = faults
    assert found == {}


def test_planted_neighbours_that_overlap_are_reported(window: Window, overlapping: Walk) -> None:
    from PySide6.QtWidgets import QLabel

    window.open("patients")
    settle(window)
    assert overlapping(window) == []
    for place in (0, 10):
        label = QLabel("Planted", window.workbench)
        label.setGeometry(place, 0, 60, 20)
        label.show()
    assert len(overlapping(window)) == 1
