"""The small form before a visit is called off, marked as missed or late: why, how long, a note. Escape gives up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError
from app.core.i18n import N_, _, language
from app.scheduling.commands import announce_late, cancel_appointment, mark_no_show, park_appointment
from app.scheduling.queries import AppointmentId, ReasonId, ReasonLine
from ui.shell.bench import Bench
from ui.widgets.buttons import Button
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Field
from ui.widgets.typed_fields import NumberField


class ReasonForm(QWidget):
    """Runs one command with a reason or minutes. `closed` when it is over, `ended` with the visit when it was done."""

    closed = Signal()
    ended = Signal(str)

    def __init__(
        self,
        bench: Bench,
        command: Any,
        visit: tuple[AppointmentId, str],
        reasons: Sequence[ReasonLine] = (),
        said: Callable[[], str] = str,
    ) -> None:
        super().__init__()
        self._bench, self._command, self._said = bench, command, said
        self._id, name = visit
        self._fields: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        # Only what is shown is made: a widget without a parent would be collected at any moment.
        self._reason: Choice | None = None
        self._minutes: NumberField | None = None
        self._note = TextField(_(N_("E.g. calls back tomorrow")))
        if command is announce_late:
            self._minutes = NumberField(least=1, most=240, step=5)
            self._minutes.set_value(10)
            self._put(column, "minutes", _(N_("Minutes late")), self._minutes)
        else:
            french = language() == "fr"
            words = [(row.id, row.name_fr if french else row.name_en) for row in reasons]
            self._reason = Choice([("", _(N_("No reason given"))), *words])
            self._put(column, "reason_id", _(N_("Reason")), self._reason)
        self._put(column, "note", _(N_("Note")), self._note)
        self._act = Button(_(command.label), "danger" if command is cancel_appointment else "primary")
        self._act.set_available(bench.may(command), bench.reason(command))
        back = Button(_(N_("Keep as it is")))
        self._act.clicked.connect(self.send)
        back.clicked.connect(self.closed)
        answers = QHBoxLayout()
        answers.addStretch(1)
        answers.addWidget(back)
        answers.addWidget(self._act)
        column.addLayout(answers)
        self.setAccessibleName(f"{_(command.label)}, {name}")

    def _put(self, column: QVBoxLayout, name: str, label: str, editor: QWidget) -> None:
        field = self._fields[name] = Field(label, editor)
        column.addWidget(field)

    def begin(self) -> None:
        """The keyboard goes to the first field."""
        next(iter(self._fields.values())).editor.setFocus(Qt.FocusReason.TabFocusReason)

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field that the rule names."""
        if field in self._fields:
            self._fields[field].set_error(problem)
        return field in self._fields

    def send(self) -> None:
        """Run the command."""
        values: dict[str, Any] = {"note": self._note.text().strip()}
        if self._minutes is not None:
            minutes = self._minutes.value()
            if minutes is None:
                self._fields["minutes"].set_error(self._minutes.problem() or _(N_("Say how many minutes.")))
                return
            values["minutes"] = int(minutes)
        elif self._reason is not None:
            chosen = str(self._reason.value() or "")
            values["reason_id"] = ReasonId(chosen) if chosen else None
        self._act.setEnabled(False)
        running = self._bench.run_for(self, self._command, self._id, **values)
        running.say(self._said() or _(N_("Done: {label}"), label=self._command.label))
        running.then(lambda _event: self._end()).at_end(lambda: self._act.setEnabled(True))

    def _end(self) -> None:
        self.closed.emit()
        self.ended.emit(self._id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up, Enter sends."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send()
        else:
            super().keyPressEvent(event)


WITH_REASON = (cancel_appointment, mark_no_show, park_appointment, announce_late)
"""The commands that this form runs."""
