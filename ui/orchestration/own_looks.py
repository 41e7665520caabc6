"""What the clinic calls its stages and which colours it gives them, in every view, in the language in force.

Only words and colours change: shape, order and what figures count by stay those of the stage.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.core.i18n import language, on_language_change
from app.journal.queries import NOBODY
from app.orchestration.queries import OwnStateLine, own_states
from ui.theme.style import OWN_COLOURS, theme
from ui.theme.tokens import STATUSES

if TYPE_CHECKING:
    from ui.shell.bench import Bench

_USUAL: Final = dict(STATUSES)


class OwnLooks(QObject):
    """Follows the states of the clinic for one bench."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._lines: tuple[OwnStateLine, ...] = ()
        bench.actor_changed.connect(lambda _actor: self.freshen())
        self._stop = on_language_change(lambda _code: self.apply())
        bench.closing.connect(self._end)

    def freshen(self) -> None:
        """Read the states of the clinic again."""
        if self._bench.actor is not NOBODY and self._bench.may(own_states):
            self._bench.ask_for(self, own_states, self._take)

    def show_error(self, error: BaseException) -> None:
        """What cannot be read leaves the usual words."""

    def _take(self, lines: tuple[OwnStateLine, ...]) -> None:
        if lines != self._lines:
            self._lines = lines
            self.apply()

    def apply(self) -> None:
        """Call and colour the stages as the clinic does."""
        STATUSES.update(_USUAL)
        OWN_COLOURS.clear()
        for line in self._lines:
            if line.renames:
                name = line.name_fr if language() == "fr" else line.name_en
                STATUSES[line.stage.value] = replace(_USUAL[line.stage.value], label=name)
                OWN_COLOURS[line.stage.value] = line.colour.value
        theme.changed.emit()

    def _end(self) -> None:
        self._stop()
        STATUSES.update(_USUAL)
        OWN_COLOURS.clear()


def follow(bench: Bench) -> None:
    """Begin with the program."""
    OwnLooks(bench)
