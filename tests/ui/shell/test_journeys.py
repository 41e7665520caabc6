"""The journeys of `play`, by keyboard alone and in both languages: files that anybody may play on a demonstration."""

from pathlib import Path

import pytest

from ui.shell.journey import Journey
from ui.shell.offscreen import speak
from ui.shell.steps import read_steps
from ui.shell.window import Window

FOLDER = Path(__file__).resolve().parents[2] / "journeys"
NAMES = sorted(path.stem for path in (FOLDER / "fr").glob("*.txt"))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_it_is_played_to_its_end(window: Window, name: str, language: str) -> None:
    speak(window, language)
    steps = read_steps((FOLDER / language / f"{name}.txt").read_text(encoding="utf-8"))
    assert len(Journey(window, keyboard_only=True).play(steps)) == len(steps)


def test_both_languages_have_the_same_journeys() -> None:
    assert sorted(path.stem for path in (FOLDER / "en").glob("*.txt")) == NAMES
    assert len(NAMES) >= 5
