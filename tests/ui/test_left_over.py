"""The watch over tests reports what a test forgets: planted, each kind is named."""

import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import alive, left_by

PLANTED = Path(__file__).with_name("planted_leaks.py")


def test_a_forgotten_window_timer_and_thread_are_named(qapp: QApplication) -> None:
    before = alive()
    window, timer, going = QWidget(), QTimer(), threading.Event()
    window.setObjectName("planted")
    window.show()
    timer.start(1000)
    thread = threading.Thread(target=going.wait, name="planted", daemon=True)
    thread.start()
    kinds = sorted(text.split()[0] for text in left_by(before))
    assert kinds == ["running", "thread", "window"]
    going.set()
    thread.join()
    timer.stop()
    window.close()
    window.deleteLater()
    del window
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert left_by(before) == []


def test_what_ends_with_its_test_is_not_reported(qapp: QApplication, settled: Callable[[QWidget], None]) -> None:
    before = alive()
    parent = QWidget()
    child = QWidget(parent)
    timer = QTimer(parent)
    timer.start(1000)
    timer.stop()
    settled(child)
    parent.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert left_by(before) == []


def test_a_test_that_forgets_something_fails() -> None:
    """The fixtures themselves, in a run of their own."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-n", "0", str(PLANTED)],
        cwd=PLANTED.parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = run.stdout + run.stderr
    outcomes: dict[str, set[str]] = {}
    for outcome, name in re.findall(r"^(PASSED|ERROR|FAILED) \S+::(test_\w+)", said, re.MULTILINE):
        outcomes.setdefault(name, set()).add(outcome)
    planted = re.findall(r"^def (test_\w+)", PLANTED.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(planted) == set(outcomes), said
    assert outcomes.pop("test_nothing_is_forgotten") == {"PASSED"}, said
    assert {name: found for name, found in outcomes.items() if found == {"PASSED"}} == {}, said
