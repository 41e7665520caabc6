"""Whose list of studies to be read is gone through: one’s own, another doctor’s, or everybody’s."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.access.queries import StaffLine, staff_list
from app.core.i18n import N_, _
from app.core.ids import StaffId
from app.core.permissions import Role
from app.imaging.permissions import READ_STUDIES
from ui.shell.screen import Screen
from ui.widgets.fields import Choice

EVERYBODY = ""


class QueuePicker(Choice):
    """Of a screen. `reader()` is the doctor whose list is shown; None for all that waits."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(name=_(N_("List of studies to be read")), parent=parent)
        self._screen = screen
        self._staff: tuple[StaffLine, ...] = ()
        self._mine = self._own()
        screen.words.put(self.setAccessibleName, N_("List of studies to be read"))
        screen.words.put(lambda _words: self._offer(), N_("List of studies to be read"))
        self.set_value(self._mine)

    def _own(self) -> str:
        bench = self._screen.bench
        return str(bench.actor.id) if bench.may(READ_STUDIES) else EVERYBODY

    def reload(self) -> None:
        """Ask who the doctors are; another person at the keyboard starts with their own list."""
        if self._own() != self._mine:
            self._mine = self._own()
            self._offer()
            self.set_value(self._mine)
        if self._screen.bench.may(staff_list):
            self._screen.bench.ask_for(None, staff_list, self._take)

    def reader(self) -> StaffId | None:
        """The doctor; None for everybody."""
        value = str(self.value() or "")
        return StaffId(value) if value else None

    def _take(self, staff: tuple[StaffLine, ...]) -> None:
        self._staff = tuple(line for line in staff if Role.ORTHODONTIST in line.roles)
        self._offer()

    def _offer(self) -> None:
        mine = self._mine
        own = [(mine, _(N_("My list")))] if mine else []
        others = [(str(one.staff_id), one.display_name) for one in self._staff if str(one.staff_id) != mine]
        self.set_options([*own, *others, (EVERYBODY, _(N_("All that waits")))])
