"""The navigation rail: the workspace at its head, then its screens in order; the settings at the foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from ui.shell.rail_button import ICON, RailButton, WorkspaceButton
from ui.shell.rail_shaft import Shaft
from ui.shell.screens import Group, ScreenSpec
from ui.theme.style import theme


class Rail(QWidget):
    """The screens of a workspace that the person may open; `chosen(name)` when one is pressed."""

    chosen = Signal(str)

    def __init__(self, specs: Sequence[ScreenSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._group = QButtonGroup(self)
        self.buttons = [RailButton(spec) for spec in specs if spec.group is not Group.INNER]
        self.head = WorkspaceButton()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 10)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addSpacing(4)
        self._area = self._scroll()
        column.addWidget(self._area, 1)
        for button in self.buttons:
            self._group.addButton(button)
            button.clicked.connect(self._press)
        self.retranslate()

    def _scroll(self) -> Shaft:
        """At 200 % text the list is higher than the window: it scrolls, and says that there is more."""
        inner = QWidget()
        inner.setProperty("surface", "rail")
        self._column = column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for button in (b for b in self.buttons if b.spec.group is Group.MAIN):
            column.addWidget(button)
        column.addStretch()
        for button in (b for b in self.buttons if b.spec.group is Group.FOOT):
            column.addWidget(button)
        return Shaft(inner)

    def retranslate(self) -> None:
        """Say the words in the language in force; the rail is as wide as its longest word."""
        self.setAccessibleName(_(N_("Screens")))
        for button in self.buttons:
            button.retranslate()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """80 px, or the longest word."""
        return QSize(
            max(
                part.sizeHint().width()
                for part in (self.head, *self.buttons)
                if part is self.head or not part.isHidden()
            ),
            super().sizeHint().height(),
        )

    def minimumSizeHint(self) -> QSize:
        """The same width."""
        return QSize(self.sizeHint().width(), 0)

    def mark(self, name: str | None) -> None:
        """Show which screen is open; None for one that is not in the rail."""
        for button in self.buttons:
            if button.spec.name == name:
                button.setChecked(True)
                self._area.ensureWidgetVisible(button, 0, theme.px(ICON) + ICON)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How much waits, by screen."""
        for button in self.buttons:
            button.show_count(counts.get(button.spec.name, 0))

    def offer(self, offered: Sequence[ScreenSpec]) -> None:
        """Show these screens in this order, and hide the others."""
        places = {spec.name: place for place, spec in enumerate(offered)}
        self.buttons.sort(key=lambda button: places.get(button.spec.name, len(places)))
        for number, button in enumerate(self.buttons, 1):
            shown = button.spec.name in places
            button.set_number(number if shown else 0)
            button.setVisible(shown)
        for place, button in enumerate(b for b in self.buttons if b.spec.group is Group.MAIN):
            self._column.insertWidget(place, button)
        self._column.activate()
        self.updateGeometry()
        for before, after in pairwise([self.head, *self.buttons]):
            QWidget.setTabOrder(before, after)

    def name_at(self, number: int) -> str | None:
        """The screen that Ctrl and this number open."""
        shown = [button.spec.name for button in self.buttons if not button.isHidden()]
        return shown[number - 1] if number <= len(shown) else None

    def _press(self) -> None:
        pressed = self.sender()
        if isinstance(pressed, RailButton):
            self.chosen.emit(pressed.spec.name)
