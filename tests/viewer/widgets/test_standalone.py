"""The viewer alone: its own window over files, without the rest of the program; its words; the screen check."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date, time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.viewer.conftest import DATA
from viewer.command_line import REFUSED, main
from viewer.widgets.look import Look
from viewer.widgets.screen_check import CARD_MM, ScreenCheck
from viewer.widgets.standalone import words
from viewer.widgets.texts import PREVIEW_PART, TileTexts

ROOT = Path(__file__).parents[3]
ALONE = """
import sys, time
from pathlib import Path


def main():
    from PySide6.QtWidgets import QApplication
    from viewer.widgets.standalone import darken, window

    application = QApplication([])
    darken(application)
    shown = window([Path(sys.argv[1])], "fr")
    shown.show()
    end = time.monotonic() + 60
    while time.monotonic() < end and not (shown.panes and shown.panes[0].may_measure):
        application.processEvents()
    print(shown.panes[0].state.name, shown.panes[0].picture.columns)
    shown.close()
    assert not {"app", "ui", "sync"} & set(sys.modules)


if __name__ == "__main__":
    main()
"""


def test_a_window_opens_with_nothing_else_of_ours(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "viewer", tmp_path / "viewer", ignore=shutil.ignore_patterns("__pycache__"))
    script = tmp_path / "alone.py"
    script.write_text(ALONE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(DATA / "pydicom" / "MR_small_jp2klossless.dcm")],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["SHOWN", "64"], done.stderr


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open", str(tmp_path / "nothing.dcm")]) == REFUSED
    assert "cannot be read" in capsys.readouterr().err


def test_words_in_both_languages() -> None:
    french, english = words("fr"), words("en")
    values = {"pixels": 800, "percent": 62}
    assert french.say(PREVIEW_PART, **values) == "Aperçu 800 px · original à 62\u00a0%"
    assert english.say(PREVIEW_PART, **values) == "800 px preview · original 62%"
    assert (french.day(date(2026, 11, 24)), french.clock(time(9, 5))) == ("24 novembre 2026", "9 h 05")
    assert (english.day(date(2026, 11, 24)), english.clock(time(9, 5))) == ("November 24, 2026", "09:05")
    assert french.direction("RA") == "DA"
    assert french.window.startswith("F ")


def test_the_screen_is_measured_with_a_card(qtbot: QtBot) -> None:
    check = ScreenCheck(TileTexts(), Look(), 0.25)
    qtbot.addWidget(check)
    assert check.millimetres_of_a_pixel() == pytest.approx(0.25)
    before = check._card.width()
    check._size.setValue(200.0)
    assert check.millimetres_of_a_pixel() == pytest.approx(0.2)
    assert check._card.width() == pytest.approx(before * 1.25, abs=3)
    ratio = check.devicePixelRatioF()
    assert check._card.width() * 0.2 * ratio == pytest.approx(CARD_MM[0], abs=1)


def test_the_pattern_has_sixteen_greys_and_both_squares(qtbot: QtBot) -> None:
    from viewer.widgets.screen_check import HIGH, LOW, Pattern

    pattern = Pattern(TileTexts())
    qtbot.addWidget(pattern)
    pattern.resize(640, 400)
    image = pattern.grab().toImage()
    greys = {image.pixelColor(x, y).red() for x in range(0, 640, 2) for y in range(0, 400, 2)}
    assert {round(step * 255 / 15) for step in range(16)} | {LOW, HIGH, 128} <= greys
