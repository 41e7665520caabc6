"""Patients in the search of the top bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.patients.queries import SearchPage, search_patients
from ui.patients.words import born, full_name, number
from ui.shell.bench import Bench
from ui.shell.screens import Found

LIMIT = 8


class PatientFinder(QObject):
    """Asks while one types; only the last text is answered."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._then: Callable[[list[Found]], None] = lambda found: None

    def find(self, text: str, then: Callable[[list[Found]], None]) -> None:
        """Look in names, telephones, birth dates and file numbers."""
        self._then = then
        if self._bench.may(search_patients):
            self._bench.ask(search_patients, self._found, text, limit=LIMIT)

    def _found(self, page: SearchPage) -> None:
        today = self._bench.runner.clock.today()
        lines = []
        for hit in page.rows:
            parts = [full_name(hit), born(hit.born_on, today), number(hit.file_number)]
            words = " · ".join(part for part in parts if part)
            lines.append(Found("user", words, "patient", {"patient_id": hit.id}))
        self._then(lines)
