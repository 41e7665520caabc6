"""The watch over tests reports what a test forgets: planted, each kind is named."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import alive, left_by


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
