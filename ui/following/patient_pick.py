"""A field that finds a patient: type, choose with the arrows, Enter. What is not chosen is nobody."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.patients.queries import SearchPage, search_patients
from ui.patients.words import born, full_name, number
from ui.shell.screen import Screen
from ui.widgets.fields import TextField

MOST = 8


class PatientPick(TextField):
    """`patient_id()` is who was chosen. It checks itself: words that chose nobody are told under the field."""

    problem_changed = Signal(str)

    def __init__(self, screen: Screen) -> None:
        super().__init__(_(N_("Name, phone, birth date or file number")))
        self._screen = screen
        self._found: dict[str, PatientId] = {}
        self._words = QStringListModel(self)
        finder = QCompleter(self._words, self)
        finder.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = finder.popup()
        assert popup is not None, "a completer is made with its list"
        popup.setAccessibleName(_(N_("Patients found")))
        self.setCompleter(finder)
        self.textEdited.connect(self._find)
        self.editingFinished.connect(lambda: self.problem_changed.emit(self.problem()))

    def patient_id(self) -> PatientId | None:
        """Who was chosen, None without a choice."""
        return self._found.get(self.text().strip())

    def problem(self) -> str:
        """What is wrong with the words."""
        wrong = bool(self.text().strip()) and self.patient_id() is None
        return _(N_("Choose a patient of the list.")) if wrong else ""

    def set_patient(self, patient_id: PatientId, name: str) -> None:
        """Choose somebody."""
        self._found = {name: patient_id}
        self.setText(name)

    def _find(self, text: str) -> None:
        if text.strip():
            self._screen.bench.ask_for(None, search_patients, self._show, text.strip(), MOST)

    def _show(self, page: SearchPage) -> None:
        today = self._screen.bench.runner.clock.today()
        self._found = {
            " · ".join(part for part in (full_name(hit), born(hit.born_on, today), number(hit.file_number)) if part):
            hit.id for hit in page.rows
        }  # fmt: skip
        self._words.setStringList(list(self._found))
        if self._found and self.hasFocus():
            self.completer().complete()
