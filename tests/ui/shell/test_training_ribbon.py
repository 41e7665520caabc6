"""The mark of a training folder: on the gate and on every screen, in both languages, and in no clinic’s window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.core import i18n
from app.journal.workplace import TRAINING_MARK, open_workplace
from ui.shell.bootstrap import make_window
from ui.shell.journey import Journey
from ui.shell.window import Window


def test_the_mark_stands_on_the_gate_and_on_every_screen(gate: Window, rest: Callable[[Window], None]) -> None:
    assert gate.ribbon is not None
    rest(gate)
    assert gate.ribbon.isVisible()
    assert TRAINING_MARK in list(Journey(gate).texts())


def test_it_stands_on_every_screen_in_both_languages(window: Window, rest: Callable[[Window], None]) -> None:
    assert window.ribbon is not None
    for name in ("patients", "settings"):
        window.open(name)
        rest(window)
        assert window.ribbon.isVisible()
        assert window.ribbon.height() > 10
    i18n.set_language("fr")
    window.ribbon.retranslate()
    assert window.ribbon.accessibleName() == i18n.translate(TRAINING_MARK) != TRAINING_MARK


def test_a_real_clinic_bears_no_mark(qapp: QApplication, tmp_path: Path) -> None:
    with open_workplace(tmp_path / "data", create=True, kind="clinic") as workplace:
        window = make_window(workplace)
        assert window.ribbon is None
        window.close()
        window.deleteLater()
