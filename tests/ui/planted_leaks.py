"""Tests that forget something, each in its own way; `test_left_over` runs them and demands that each fails.

The name keeps them out of the ordinary run.
"""

import threading

from PySide6.QtCore import QTimer, qWarning
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget

KEPT: list[object] = []


def test_nothing_is_forgotten(qapp: QApplication) -> None:
    window, timer = QWidget(), QTimer()
    window.show()
    timer.start(1000)
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    timer.stop()
    window.close()
    window.deleteLater()


def test_a_warning(qapp: QApplication) -> None:
    qWarning("planted")


def test_a_warning_of_qt_itself(qapp: QApplication) -> None:
    QPainter().setPen("black")  # it paints on nothing


def test_a_thread(qapp: QApplication) -> None:
    waiting = threading.Event()
    KEPT.append(waiting)
    threading.Thread(target=waiting.wait, name="planted", daemon=True).start()


def test_a_running_timer(qapp: QApplication) -> None:
    timer = QTimer()
    timer.start(1000)
    KEPT.append(timer)


def test_a_timer_of_something_that_lives_on(qapp: QApplication) -> None:
    timer = QTimer(qapp)
    timer.start(1000)


def test_a_window_on_show(qapp: QApplication) -> None:
    window = QWidget()
    window.show()
    KEPT.append(window)


def test_a_widget_that_was_never_shown(qapp: QApplication) -> None:
    KEPT.append(QWidget())
