"""A button that is its command: words, enabled state, reason, shortcut and accessible name all come from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from app.core.i18n import N_, _
from ui.widgets.buttons import Button, Kind

if TYPE_CHECKING:
    from app.journal.commands import Command
    from ui.shell.bench import Bench
    from ui.shell.running import Running

A = TypeVar("A")


class CommandButton(Button, Generic[A]):
    """Runs a one-argument command on what `argument()` gives; None disables it. Others go through a form."""

    def __init__(
        self,
        bench: Bench,
        command: Command[[A], Any],
        argument: Callable[[], A | None],
        kind: Kind = "secondary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_(command.label), kind, command.icon, parent=parent)
        self._bench, self._command, self._argument = bench, command, argument
        self.clicked.connect(self._press)
        bench.actor_changed.connect(self.refresh)
        self.refresh()

    def retranslate(self) -> None:
        """Say the command in the language in force."""
        self.setText(_(self._command.label))
        self.refresh()

    def refresh(self, _actor: object = None) -> None:
        """Look again at the right and at the argument."""
        reason = self._bench.reason(self._command)
        if not reason and self._argument() is None:
            reason = _(N_("Nothing is chosen."))
        help_text = _(self._command.help)
        if self._command.shortcut:
            help_text += f" ({QKeySequence(self._command.shortcut).toString(QKeySequence.SequenceFormat.NativeText)})"
            self.setShortcut(QKeySequence(self._command.shortcut))  # setText takes the shortcut away
        self.set_help(help_text)
        self.set_available(not reason, reason)

    def _press(self) -> None:
        chosen = self._argument()
        if chosen is None:
            return
        running: Running[Any] = self._bench.run(self._command, chosen)
        self.setEnabled(False)
        running.at_end(self.refresh)
