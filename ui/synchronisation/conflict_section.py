"""The conflicts that wait: one at a time, with the others a step away."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.journal.conflicts import ConflictLine
from ui.shell.screen import Screen
from ui.synchronisation.double_panel import DoublePanel
from ui.synchronisation.edit_panel import EditPanel
from ui.synchronisation.other_panel import OtherPanel
from ui.synchronisation.words import CONCURRENT_EDIT, DOUBLE_BOOKING
from ui.widgets.buttons import IconButton
from ui.widgets.cards import EmptyState
from ui.widgets.labels import Label


class ConflictSection(QWidget):
    """Which of them is shown; the fields of one row count as one."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._lines: list[ConflictLine] = []
        self._at = 0
        self.double, self.edit, self.other = DoublePanel(screen), EditPanel(screen), OtherPanel(screen)
        self.none = EmptyState("check-circle", "", "")
        self._place = Label("", "small", "muted")
        self._before, self._after = IconButton("caret-left", ""), IconButton("caret-right", "")
        self._before.clicked.connect(lambda: self._step(-1))
        self._after.clicked.connect(lambda: self._step(1))
        head = QHBoxLayout()
        head.addStretch(1)
        for part in (self._place, self._before, self._after):
            head.addWidget(part)
        self._head = QWidget()
        self._head.setLayout(head)
        head.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._head)
        for panel in (self.double, self.edit, self.other, self.none):
            column.addWidget(panel)
        column.addStretch(1)

    def name_people(self, people: Mapping[str, str]) -> None:
        """Who is who."""
        self.double.people = self.edit.people = people

    def name_subjects(self, subjects: Mapping[str, str]) -> None:
        """Which patient is which."""
        self.edit.subjects = self.other.subjects = subjects

    def choose(self, conflict_id: str) -> None:
        """Show this one."""
        self._at = next((n for n, line in enumerate(self._lines) if line.id == conflict_id), self._at)
        self.show_current()

    def show_lines(self, lines: tuple[ConflictLine, ...]) -> None:
        """The conflicts that wait; the one that was shown stays shown while it does."""
        held = self._lines[self._at].id if self._lines else ""
        seen: dict[tuple[str, str, str], ConflictLine] = {}
        for line in lines:
            key = (line.kind, line.table, line.row_id if line.kind == CONCURRENT_EDIT else line.id)
            seen.setdefault(key, line)
        self._lines = list(seen.values())
        self._at = next((n for n, line in enumerate(self._lines) if line.id == held), 0)
        self.show_current()

    def _step(self, by: int) -> None:
        self._at = (self._at + by) % max(1, len(self._lines))
        self.show_current()

    def show_current(self) -> None:
        """Ask for what belongs to the conflict that is shown."""
        self._before.set_name(_(N_("Previous conflict")))
        self._after.set_name(_(N_("Next conflict")))
        line = self._lines[self._at] if self._lines else None
        self._head.setVisible(len(self._lines) > 1)
        self._place.setText(_(N_("{n} of {count}"), n=self._at + 1, count=len(self._lines)))
        self.none.setVisible(line is None)
        self.double.setVisible(line is not None and line.kind == DOUBLE_BOOKING)
        self.edit.setVisible(line is not None and line.kind == CONCURRENT_EDIT)
        self.other.setVisible(line is not None and line.kind not in (DOUBLE_BOOKING, CONCURRENT_EDIT))
        if line is None:
            following = N_("When two workstations write what does not go together, it is settled here.")
            self.none.tell(_(N_("No conflict waits for a decision.")), _(following))
        elif line.kind == DOUBLE_BOOKING:
            self.double.show_conflict(line.id)
        elif line.kind == CONCURRENT_EDIT:
            self.edit.show_conflict(line.table, line.row_id)
        else:
            self.other.show_conflict(line)
