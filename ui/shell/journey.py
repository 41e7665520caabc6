"""Playing a journey: pressing, typing and looking as a person would, by accessible names."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QRadioButton,
    QTabBar,
    QWidget,
)

from app.core.errors import RuleViolation
from app.core.i18n import N_, _
from app.core.secret import Secret
from ui.shell.offscreen import settle
from ui.shell.steps import Step

if TYPE_CHECKING:
    from ui.shell.window import Window

T = TypeVar("T", bound=QWidget)
PATIENCE = 4.0
"""Seconds that an expectation waits."""
MOST_TABS = 300
MOST_CHOICES = 40
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


class Journey:
    """Plays steps on a window; `keyboard_only` refuses the mouse and reaches controls by Tab, arrows and shortcuts."""

    def __init__(self, window: Window, *, keyboard_only: bool = False) -> None:
        self._window, self._keyboard_only = window, keyboard_only

    def follow(self, window: Window) -> None:
        """Go on in another window."""
        self._window = window

    def play(self, steps: list[Step]) -> list[str]:
        """Play all; `RuleViolation` names the step that failed. Returns the steps as told."""
        told = []
        for step in steps:
            act: Callable[..., None] = getattr(self, "_" + step.verb.replace("-", "_"))
            try:
                act(*step.words)
            except AssertionError as error:
                raise RuleViolation(
                    N_("Line {number}, {step}: {problem}"), number=step.number, step=step.text, problem=str(error)
                ) from error
            settle(self._window)
            told.append(step.text)
        return told

    # -- steps ----------------------------------------------------------------------------------------------
    def _open(self, name: str) -> None:
        if self._keyboard_only:
            place = [b.spec.name for b in self._window.rail.buttons if not b.isHidden()]
            keys = self._window.specs[name].keys or (f"Ctrl+{place.index(name) + 1}" if name in place[:9] else "")
            assert keys, _(N_("no shortcut opens this screen"))
            self._keys(keys)
            return
        self._window.open(name)

    def _press(self, name: str) -> None:
        buttons = [widget for widget in self._visible(QAbstractButton) if _name_of(widget) == name]
        if self._press_tab(name) or (not buttons and self._press_row(name)):
            return
        target = self._one(QAbstractButton, name)
        assert target.isEnabled(), _(N_("it cannot be pressed: {reason}"), reason=target.toolTip())
        if self._keyboard_only and isinstance(target, QRadioButton):
            self._choose_radio(name)
        elif self._keyboard_only:
            self._reach(target)
            self._key(target, Qt.Key.Key_Space)
        else:
            QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.rect().center())

    def _choose_radio(self, name: str) -> None:
        """One of several: Tab leads to the group, arrows to the choice; a choice may make the group anew."""
        for _turn in range(MOST_CHOICES):
            target = self._one(QRadioButton, name)
            family, together = target.parentWidget(), target.group()
            group: list[QAbstractButton] = [target]
            if together is not None:
                group = list(together.buttons())
            elif family is not None:
                group = list(family.findChildren(QRadioButton, options=DIRECT))
            if target.isChecked():
                return
            here = self._reach(*group)
            self._key(here, Qt.Key.Key_Space if here is target else Qt.Key.Key_Down)
        raise AssertionError(_(N_("the Tab key does not lead there")))

    def _press_tab(self, name: str) -> bool:
        for bar in self._visible(QTabBar):
            texts = [bar.tabText(place) for place in range(bar.count())]
            if name in texts:
                if self._keyboard_only:
                    self._reach(bar)
                    while bar.currentIndex() != texts.index(name):
                        forward = bar.currentIndex() < texts.index(name)
                        self._key(bar, Qt.Key.Key_Right if forward else Qt.Key.Key_Left)
                else:
                    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(texts.index(name)).center())
                return True
        return False

    def _press_row(self, name: str) -> bool:
        for view in self._visible(QAbstractItemView):
            row = self._row_of(view, name)
            if row is None:
                continue
            if self._keyboard_only:
                if view.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    self._reach(view)
                target = QApplication.focusWidget() or view
                while view.currentIndex().row() != row:
                    self._key(target, Qt.Key.Key_Down if view.currentIndex().row() < row else Qt.Key.Key_Up)
                self._key(target, Qt.Key.Key_Return)
            else:
                rect = view.visualRect(view.model().index(row, 0))
                QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
                if not view.isHidden():
                    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
            return True
        return False

    @staticmethod
    def _row_of(view: QAbstractItemView, name: str) -> int | None:
        model = view.model()
        for row in range(model.rowCount() if model is not None else 0):
            if any(name == str(model.index(row, column).data() or "") for column in range(_columns(view))):
                return row
        return None

    def _type(self, name: str, text: str) -> None:
        field = self._field(name)
        self._reach(field) if self._keyboard_only else field.setFocus()
        if isinstance(field, QLineEdit | QPlainTextEdit):
            field.selectAll()
        for letter in text:
            # QTest.keyClicks ends the process on letters that are not Latin.
            self._send(field, Qt.Key.Key_unknown, letter)

    def _keys(self, sequence: str) -> None:
        keys = QKeySequence(sequence)
        combination = keys[0]  # type: ignore[index]  # the stubs leave __getitem__ out
        target = QApplication.focusWidget() or self._window.workbench
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())

    def _choose(self, name: str, word: str) -> None:
        box = self._one(QComboBox, name)
        place = box.findText(word)
        assert place >= 0, _(N_("the list has no “{word}”"), word=word)
        if self._keyboard_only:
            self._reach(box)
            while box.currentIndex() != place:
                self._key(box, Qt.Key.Key_Down if box.currentIndex() < place else Qt.Key.Key_Up)
            return
        box.setCurrentIndex(place)
        box.activated.emit(place)

    def _expect(self, text: str) -> None:
        assert self._wait_for(lambda: self._sees(text)), _(N_("it is not on the screen"))

    def _expect_not(self, text: str) -> None:
        assert self._wait_for(lambda: not self._sees(text)), _(N_("it is on the screen"))

    def _wait(self, milliseconds: str) -> None:
        end = time.monotonic() + int(milliseconds) / 1000
        while time.monotonic() < end:
            settle(self._window, 0.05)

    def _sign_in(self, username: str, password: str) -> None:
        self._window.session.become(self._window.session.gatekeeper.sign_in(username, Secret(password)))

    def _retype_key(self) -> None:
        raise AssertionError(_(N_("there is no recovery key here")))

    def _lock(self) -> None:
        self._window.lock()

    # -- looking --------------------------------------------------------------------------------------------
    def _wait_for(self, holds: Callable[[], bool]) -> bool:
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                return False
            settle(self._window, 0.1)
        return True

    def _sees(self, text: str) -> bool:
        return any(text in shown for shown in self.texts())

    def texts(self) -> Iterator[str]:
        """Everything that can be read now: words, values of fields, cells, names of painted controls."""
        for widget in self._visible(QWidget):
            if isinstance(widget, QLabel | QAbstractButton):
                yield widget.text().strip()
            if isinstance(widget, QLineEdit):
                yield widget.displayText()
            if isinstance(widget, QPlainTextEdit):
                yield widget.toPlainText()
            if isinstance(widget, QComboBox):
                yield widget.currentText()
            if isinstance(widget, QTabBar):
                yield from (widget.tabText(place) for place in range(widget.count()))
            if isinstance(widget, QAbstractItemView) and widget.model() is not None:
                yield from self._cells(widget)
            if isinstance(widget, QAbstractButton):
                yield widget.accessibleName()

    @staticmethod
    def _cells(view: QAbstractItemView) -> Iterator[str]:
        model = view.model()
        for row in range(min(model.rowCount(), 200)):
            for column in range(_columns(view)):
                yield str(model.index(row, column).data() or "")

    def _visible(self, kind: type[T]) -> list[T]:
        return [widget for widget in self._window.findChildren(kind) if widget.isVisible()]

    def _one(self, kind: type[T], name: str) -> T:
        found = [widget for widget in self._visible(kind) if _name_of(widget) == name]
        assert found, _(N_("nothing here is called “{name}”"), name=name)
        return found[0]

    def _field(self, name: str) -> QWidget:
        for kind in (QLineEdit, QPlainTextEdit):
            for widget in self._visible(kind):
                if _name_of(widget) == name:
                    return widget
        raise AssertionError(_(N_("no field here is called “{name}”"), name=name))

    # -- keys -----------------------------------------------------------------------------------------------
    def _reach(self, *targets: QWidget) -> QWidget:
        """Go to one of them by Tab alone, as somebody without a mouse does; which one has the focus then."""
        targets[0].window().activateWindow()
        for _turn in range(MOST_TABS):
            now = QApplication.focusWidget()
            for target in targets:
                if now is not None and (now is target or target.isAncestorOf(now) or now.focusProxy() is target):
                    return target
            if now is None:
                self._window.workbench.setFocus()
            QTest.keyClick(now or self._window, Qt.Key.Key_Tab)
            QCoreApplication.processEvents()
        raise AssertionError(_(N_("the Tab key does not lead there")))

    def _key(self, target: QWidget, key: Qt.Key) -> None:
        QTest.keyClick(target, key)
        settle(self._window, 1.0)

    @staticmethod
    def _send(target: QWidget, key: Qt.Key, text: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def _name_of(widget: QWidget) -> str:
    if widget.accessibleName():
        return widget.accessibleName()
    node = QAccessible.queryAccessibleInterface(widget)
    return node.text(QAccessible.Text.Name).strip() if node is not None else ""


def _columns(view: QAbstractItemView) -> int:
    """Columns of what a view shows. A list has one, and its model keeps the count to itself."""
    model = view.model()
    return 1 if isinstance(view, QListView) or model is None else model.columnCount()
