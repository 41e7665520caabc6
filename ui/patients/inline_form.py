"""Small forms inside the page of a patient: an alert, a responsible person. Closed until one asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.ids import PatientId, PersonId
from app.patients.commands import add_contact, add_person, link_person, raise_alert
from app.patients.queries import (
    ALERT_LABELS,
    RELATION_LABELS,
    SEVERITY_LABELS,
    AlertKind,
    AlertSeverity,
    ContactKind,
    HolderId,
    Relation,
)
from ui.shell.bench import Bench
from ui.shell.formats import day
from ui.widgets.buttons import Button
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Field, SelfChecking
from ui.widgets.typed_fields import DateField, NumberField


class InlineForm(QWidget):
    """Fields side by side, *Add* and *Cancel*; a refusal stands under the field that it names."""

    closed = Signal()

    def __init__(self, bench: Bench, patient_id: Callable[[], PatientId], verb: str = N_("Add")) -> None:
        super().__init__()
        self.bench, self.patient_id = bench, patient_id
        self.fields: dict[str, Field] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(8)
        for place in (0, 1):
            self._grid.setColumnStretch(place, 1)
        self._add, self._cancel = Button(_(verb), "primary"), Button(_(N_("Cancel")))
        self._add.clicked.connect(self._press)
        self._cancel.clicked.connect(self.close_form)
        self._answers = QHBoxLayout()
        self._answers.addStretch(1)
        self._answers.addWidget(self._cancel)
        self._answers.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(10)
        column.addLayout(self._grid)
        column.addLayout(self._answers)
        self.hide()

    def put(self, name: str, label: str, editor: QWidget) -> None:
        """Add a field, two in a row; a sentence under one does not move its neighbour."""
        place = len(self.fields)
        field = self.fields[name] = Field(label, editor)
        self._grid.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)

    def open(self) -> None:
        """Show the form, empty, with the keyboard in its first field."""
        for field in self.fields.values():
            field.set_error("")
            if isinstance(field.editor, TextField):
                field.editor.clear()
        self.show()
        next(iter(self.fields.values())).editor.setFocus()

    def close_form(self) -> None:
        """Done, or given up."""
        self.hide()
        self.closed.emit()

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field that the rule names."""
        if field in self.fields:
            self.fields[field].set_error(problem)
        return field in self.fields

    def text(self, name: str) -> str:
        """What is typed in a field."""
        editor = self.fields[name].editor
        return editor.text().strip() if isinstance(editor, TextField) else ""

    def day(self, name: str) -> date | None:
        """The date in a field; what cannot be read is told under it."""
        editor = self.fields[name].editor
        return editor.value() if isinstance(editor, DateField) else None

    def number(self, name: str) -> int | None:
        """The whole number in a field."""
        editor = self.fields[name].editor
        found = editor.value() if isinstance(editor, NumberField) else None
        return None if found is None else int(found)

    def day_field(self) -> DateField:
        """A field for a day, which counts from the clinic’s today and writes dates as everywhere."""
        return DateField(today=self.bench.runner.clock.today, written=lambda value: day(value, short=True))

    def chosen(self, name: str) -> str:
        """What is chosen in a list."""
        editor = self.fields[name].editor
        return str(editor.value()) if isinstance(editor, Choice) else ""

    def _press(self) -> None:
        for field in self.fields.values():
            found = field.editor.problem() if isinstance(field.editor, SelfChecking) else ""
            field.set_error(found)
        if not any(field.error() for field in self.fields.values()):
            self.send()

    def send(self) -> None:
        """Run the command."""


class AlertForm(InlineForm):
    """Raise an alert."""

    def __init__(self, bench: Bench, patient_id: Callable[[], PatientId]) -> None:
        super().__init__(bench, patient_id)
        self.put("text", _(N_("What to mind")), TextField(_(N_("E.g. latex"))))
        self.put("kind", _(N_("Kind")), Choice([(kind.value, _(word)) for kind, word in ALERT_LABELS.items()]))
        severities = [(severity.value, _(word)) for severity, word in SEVERITY_LABELS.items()]
        self.put("severity", _(N_("Severity")), Choice(severities))

    def send(self) -> None:
        """One command; the form closes when it has been committed."""
        kind, severity = AlertKind(self.chosen("kind")), AlertSeverity(self.chosen("severity"))
        running = self.bench.run_for(self, raise_alert, self.patient_id(), kind, self.text("text"), severity)
        running.then(lambda _alert: self.close_form())


class PersonForm(InlineForm):
    """Add somebody who answers for the patient: the person, the link, the telephone."""

    def __init__(self, bench: Bench, patient_id: Callable[[], PatientId]) -> None:
        super().__init__(bench, patient_id)
        self.put("given_name", _(N_("Given name")), TextField())
        self.put("family_name", _(N_("Family name")), TextField())
        self.put("relation", _(N_("Relation")), Choice([(r.value, _(word)) for r, word in RELATION_LABELS.items()]))
        self.put("value", _(N_("Mobile phone")), TextField(_(N_("E.g. 514 555-0142"))))

    def open(self) -> None:
        """Start with nobody."""
        self._person: PersonId | None = None
        super().open()

    def send(self) -> None:
        """The person, the telephone, the link: a refusal of one does not make the ones before it twice."""
        if self._person is not None:
            self._call(self._person)
            return
        adding = self.bench.run_for(self, add_person, self.text("family_name"), self.text("given_name"))
        adding.say("").then(self._call)

    def _call(self, person_id: PersonId) -> None:
        self._person, number = person_id, self.text("value")
        if not number:
            self._link(person_id)
            return
        holder = HolderId(person_id)
        calling = self.bench.run_for(self, add_contact, holder, ContactKind.MOBILE, number, preferred=True)
        calling.say("").then(lambda _contact: self._link(person_id))

    def _link(self, person_id: PersonId) -> None:
        relation = Relation(self.chosen("relation"))
        linking = self.bench.run_for(self, link_person, self.patient_id(), person_id, relation)
        linking.then(lambda _link: self.close_form())
