"""Screens of people who are away: a colleague comes in, and what the first had typed is there again afterwards.

The screens themselves are kept, not a copy of their fields: nothing that was typed, chosen or scrolled to can be lost
on the way. They are hidden, nobody else can reach them, and they go when their person signs out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.shell.screen import Screen
from ui.shell.screens import ScreenSpec


@dataclass(slots=True)
class Desk:
    """What one person has open in one window: the screens, the way through them, and where the keyboard was."""

    screens: dict[str, Screen] = field(default_factory=dict)
    trail: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    current: ScreenSpec | None = None
    keyboard: QWidget | None = None


class Parking(QStackedWidget):
    """Hidden, one for a window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._desks: dict[str, Desk] = {}
        self.hide()

    def park(self, person: str, desk: Desk) -> None:
        """Keep what a person has open."""
        for screen in desk.screens.values():
            self.addWidget(screen)
        self._desks[person] = desk

    def fetch(self, person: str) -> Desk:
        """What the person had open, empty when nothing."""
        desk = self._desks.pop(person, Desk())
        for screen in desk.screens.values():
            self.removeWidget(screen)
        return desk

    def forget(self, person: str) -> None:
        """The person has signed out."""
        for screen in self.fetch(person).screens.values():
            screen.deleteLater()

    @property
    def people(self) -> frozenset[str]:
        """Whose screens are kept."""
        return frozenset(self._desks)
