"""What every section of the set-up is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.shell.words import Words

if TYPE_CHECKING:
    from app.journal.queries import Actor
    from ui.shell.screen import Screen


class Pane(QWidget):
    """One section: it asks through its screen, which reads again when the tables of an answer change."""

    title: ClassVar[str] = ""
    """A msgid."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.view, self.bench = screen, screen.bench
        self.words = Words()
        self.narrow = False
        self._typist = self.bench.actor.id

    def somebody_else(self, actor: Actor) -> bool:
        """Whether another person sits here now; the one who locked and came back is the same."""
        if not actor.id or actor.id == self._typist:
            return False
        self._typist = actor.id
        return True

    def reload(self) -> None:
        """Ask the queries that this section shows."""

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.words.again()

    def focus_first(self, reason: Qt.FocusReason) -> None:
        """Put the keyboard where work begins."""

    def filter_field(self) -> QWidget | None:
        """What Ctrl F goes to."""
        return None

    def fold_room(self, narrow: bool) -> None:
        """Arrange for a narrow or a wide window."""
        self.narrow = narrow
