"""An image is imported and matched by keyboard alone, in both languages."""

from pathlib import Path

import pytest

from ui.shell.journey import Journey
from ui.shell.offscreen import speak
from ui.shell.steps import read_steps
from ui.shell.window import Window

JOURNEYS = Path(__file__).parent / "journeys"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_import_and_match(window: Window, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).resolve().parents[3])
    speak(window, language)
    steps = read_steps((JOURNEYS / f"import_and_match.{language}.txt").read_text(encoding="utf-8"))
    assert len(Journey(window, keyboard_only=True).play(steps)) == len(steps)
    speak(window, "en")
