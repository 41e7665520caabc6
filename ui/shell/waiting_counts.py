"""The counts on the rail: asked once for a window, again when what they count has changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from app.journal.queries import NOBODY
from ui.shell.bench import Bench
from ui.shell.rail import Rail
from ui.shell.screens import ScreenSpec


class WaitingCounts(QObject):
    """Reads what the screens that a person may open declare in `waiting`."""

    def __init__(self, bench: Bench, rail: Rail, specs: Sequence[ScreenSpec]) -> None:
        super().__init__(rail)
        self._bench, self._rail = bench, rail
        self._counted = {spec.name: waiting for spec in specs if (waiting := spec.load_waiting()) is not None}
        self._takers = {name: partial(self._take, name) for name in self._counted}
        self._counts: dict[str, int] = {}
        bench.actor_changed.connect(self._somebody_else)

    def _somebody_else(self, _actor: object) -> None:
        self._counts = {}
        self._rail.show_counts({})
        self.freshen()

    def freshen(self) -> None:
        """Ask again, for whoever is here now."""
        if self._bench.actor is NOBODY:
            return
        for name, waiting in self._counted.items():
            if self._bench.may(waiting.query):
                self._bench.ask_for(self, waiting.query, self._takers[name])

    def show_error(self, error: BaseException) -> None:
        """A look that failed leaves the count out; the next one may do better."""
        self._bench.presenter.present(error, "rail")

    def _take(self, name: str, answer: Any) -> None:
        self._counts[name] = self._counted[name].count(answer)
        self._rail.show_counts(self._counts)
