"""A finger that rests: what a right click does, else the tooltip; a touch screen has neither (design §6)."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QTimer
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QTouchEvent, QWindow
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

HOLD_MS: Final = 450
SLACK: Final = 12.0
"""Px by which a finger that rests may wander."""
TOUCHES: Final = frozenset(
    {QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel}
)


class HoldWatch(QObject):
    """Told of every touch and every release of the mouse that Qt makes of one; whether the release is used up."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._from = QPointF()
        self._held = False
        self._window: QWindow | None = None
        self._timer = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._timer.timeout.connect(self._hold)

    def touched(self, window: QWindow, event: QEvent) -> None:
        """One finger that rests is waited for; a second one, or one that wanders, means something else."""
        points = event.points() if isinstance(event, QTouchEvent) else []
        if event.type() == QEvent.Type.TouchBegin and len(points) == 1:
            self._from, self._held, self._window = points[0].globalPosition(), False, window
            self._timer.start()
        elif event.type() == QEvent.Type.TouchUpdate and len(points) == 1:
            moved = points[0].globalPosition() - self._from
            if moved.manhattanLength() > SLACK:
                self._timer.stop()
        else:
            self._timer.stop()

    def uses_up(self, watched: QObject) -> bool:
        """Whether a release belongs to a finger that rested: the button under it is not pressed with it."""
        if not self._held or not isinstance(watched, QWidget):
            return False
        self._held = False
        if isinstance(watched, QAbstractButton):
            watched.setDown(False)
        return True

    def _hold(self) -> None:
        place = self._from.toPoint()
        top = QWidget.find(self._window.winId()) if self._window is not None and isValid(self._window) else None
        if top is None:
            return
        self._held, target = True, top.childAt(top.mapFromGlobal(place)) or top
        if not self._ask_menu(target, place):
            QApplication.sendEvent(target, QHelpEvent(QEvent.Type.ToolTip, target.mapFromGlobal(place), place))

    @staticmethod
    def _ask_menu(target: QWidget, place: QPoint) -> bool:
        """Whether something under the finger has a menu."""
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, target.mapFromGlobal(place), place)
        QApplication.sendEvent(target, asked)
        return asked.isAccepted()
