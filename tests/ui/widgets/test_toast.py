"""Toast: ten seconds by a clock of the test, resting under the mouse or with the focus."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.style import Theme
from ui.widgets.toast import LIFETIME_S, Toast


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def host(qtbot: QtBot, themed: Theme) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 500)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


@pytest.fixture
def toast(host: QWidget, clock: Clock) -> Toast:
    shown = Toast(host, clock)
    shown.tell("Olivia Lavoie assise au fauteuil 5")
    return shown


def test_it_goes_after_ten_seconds(toast: Toast, clock: Clock, qtbot: QtBot) -> None:
    clock.now += LIFETIME_S - 0.1
    toast.tick()
    assert toast.isVisible()
    with qtbot.waitSignal(toast.closed):
        clock.now += 0.2
        toast.tick()
    assert not toast.isVisible()


def test_the_time_rests_while_undo_has_the_focus(toast: Toast, clock: Clock) -> None:
    toast._undo.setFocus(Qt.FocusReason.TabFocusReason)
    assert toast.resting
    clock.now += 60
    toast.tick()
    assert toast.seconds_left == LIFETIME_S
    toast._undo.clearFocus()
    clock.now += 4
    toast.tick()
    assert toast.seconds_left == pytest.approx(6.0)


def test_the_time_rests_under_the_mouse(toast: Toast, clock: Clock) -> None:
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)
    clock.now += 60
    toast.tick()
    assert toast.isVisible()
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    clock.now += LIFETIME_S
    toast.tick()
    assert not toast.isVisible()


def test_the_seconds_left_are_shown(toast: Toast, clock: Clock) -> None:
    clock.now += 6.5
    toast.tick()
    assert toast._seconds.text().startswith("4")


def test_undo_works_once(toast: Toast, qtbot: QtBot) -> None:
    with qtbot.waitSignal(toast.undone):
        toast._undo.click()
    with qtbot.assertNotEmitted(toast.undone):
        toast.undo()


def test_without_a_way_back_there_is_no_undo(toast: Toast, qtbot: QtBot) -> None:
    toast.tell("Lettre imprimée", undo=False)
    assert not toast._undo.isVisible()
    with qtbot.assertNotEmitted(toast.undone):
        toast.undo()
    assert toast.isVisible()


def test_a_new_one_takes_the_place_and_its_own_time(toast: Toast, clock: Clock) -> None:
    clock.now += 9
    toast.tick()
    toast.tell("Nathan Girard au départ")
    assert toast.seconds_left == LIFETIME_S


def test_it_stays_at_the_bottom_centre(toast: Toast, host: QWidget) -> None:
    for width in (900, 640):
        host.resize(width, 500)
        QApplication.sendEvent(host, QResizeEvent(host.size(), host.size()))
        assert abs(toast.geometry().center().x() - width // 2) <= 1
        assert 0 < host.height() - toast.geometry().bottom() < 40


def test_a_long_sentence_wraps_at_large_text(toast: Toast, host: QWidget, themed: Theme, qapp: QApplication) -> None:
    themed.apply(qapp, text_scale=2.0)
    toast.tell("Béatrice Thibault-Lachance déplacée du fauteuil 2 au fauteuil 4, jeudi à 15 h 40")
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert toast.width() <= host.width()
    assert toast._words.height() >= toast._words.heightForWidth(toast._words.width())
