"""Under a shift: its breaks, and the form that repeats the same hours over weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError, RuleViolation
from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.practice.commands import add_break, repeat_shift, withdraw_break
from app.practice.queries import (
    BREAK_LABELS,
    WEEKDAY_LABELS,
    BreakKind,
    BreakLine,
    ShiftLine,
    Weekday,
    clock_minute,
    typed_instant,
)
from ui.patients.facts import empty
from ui.practice.editors import Checks, ClockField, Picker
from ui.practice.words import labelled, local_day, local_minute, named, span_words, texts, whole_number
from ui.shell.formats import counted, day
from ui.shell.words import Words
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Card, Hairline
from ui.widgets.form import Field, Message, SelfChecking
from ui.widgets.labels import ElidedLabel, WrapLabel, section
from ui.widgets.typed_fields import DateField, NumberField

if TYPE_CHECKING:
    from ui.practice.shifts import ShiftPane


class BreakBox(QWidget):
    """The breaks of the chosen shift."""

    def __init__(self, pane: ShiftPane) -> None:
        super().__init__()
        self._pane = pane
        self._shift: ShiftLine | None = None
        self._zone = pane.bench.runner.clock.zone
        self.words = Words()
        self._head = section("")
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.start, self.minutes = ClockField(), NumberField(least=5, most=180, step=5)
        self.kind = Picker(lambda: labelled(BREAK_LABELS))
        self.minutes.set_value(30)
        self.fields = {
            "starts_at": Field("", self.start), "minutes": Field("", self.minutes), "kind": Field("", self.kind),
        }  # fmt: skip
        self._add = Button("", "secondary", "plus")
        self._add.clicked.connect(self.add)
        self.words.put(self._head.setText, N_("Breaks"))
        self.words.put(self.fields["starts_at"].set_label, N_("Break begins at"))
        self.words.put(self.fields["minutes"].set_label, N_("Minutes"))
        self.words.put(self.fields["kind"].set_label, N_("Kind"))
        self.words.put(self._add.setText, add_break.label)
        row = QHBoxLayout()
        row.setSpacing(10)
        for field in self.fields.values():
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        answers = QHBoxLayout()
        answers.addStretch(1)
        answers.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Hairline())
        column.addWidget(self._head)
        column.addLayout(self._list)
        column.addLayout(row)
        column.addLayout(answers)

    def show_shift(self, shift: ShiftLine | None, zone: ZoneInfo) -> None:
        """The breaks, and whether a meal is due."""
        self._shift, self._zone = shift, zone
        self.setVisible(shift is not None)
        self.kind.renew()
        empty(self._list)
        reason = self._pane.bench.reason(add_break)
        self._add.set_available(not reason, reason)
        if shift is None:
            return
        if shift.meal_due:
            self._list.addWidget(WrapLabel(_(N_("A meal break is due in so long a shift.")), "small", "warn"))
        for item in shift.breaks:
            self._list.addLayout(self._row(item))

    def _row(self, item: BreakLine) -> QHBoxLayout:
        start, end = local_minute(item.starts_at, self._zone), local_minute(item.ends_at, self._zone)
        told = f"{_(BREAK_LABELS[item.kind])} · {span_words(start, end)}"
        away = IconButton("trash", _(N_("Withdraw the break of {time}"), time=span_words(start, end)))
        away.set_available(self._pane.bench.may(withdraw_break), self._pane.bench.reason(withdraw_break))
        away.clicked.connect(lambda: self._pane.bench.run(withdraw_break, item.id))
        row = QHBoxLayout()
        row.addWidget(ElidedLabel(told), 1)
        row.addWidget(away)
        return row

    def add(self) -> None:
        """Run the command; the hour is that of the shift's clinic."""
        for field in self.fields.values():
            field.set_error("")
        problem = self.start.problem() or ("" if self.start.value() else _(N_("This is needed.")))
        if problem or self._shift is None:
            self.fields["starts_at"].set_error(problem)
            return
        minute, first = clock_minute(self.start.value(), "starts_at"), local_day(self._shift.starts_at, self._zone)
        on = first + timedelta(days=minute < local_minute(self._shift.starts_at, self._zone))
        length = whole_number(self.minutes.value())
        try:
            starts_at = typed_instant(on, minute, self._zone, "starts_at")
        except RuleViolation as twice_or_none:
            self.fields["starts_at"].set_error(twice_or_none)
            return
        self._pane.bench.run_for(
            self, add_break, self._shift.id, starts_at, length, BreakKind(str(self.kind.value()))
        ).then(lambda _made: self.start.clear())

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field that the rule names."""
        self.fields.get(field, self.fields["starts_at"]).set_error(problem)
        return True


class RepeatBox(Card):
    """The same hours on weekdays until a day, every week or every second, third… week."""

    def __init__(self, pane: ShiftPane) -> None:
        super().__init__(" ", icon="arrows-clockwise")
        self._pane = pane
        self.words = Words()
        today = pane.bench.runner.clock.today
        self.editors: dict[str, Any] = {
            "weekdays": Checks(lambda: labelled(WEEKDAY_LABELS)), "start": ClockField(), "end": ClockField(),
            "from_on": DateField(today=today, written=day), "to_on": DateField(today=today, written=day),
            "every_weeks": NumberField(least=1, most=12), "clinic_id": Picker(lambda: named(pane.clinics)),
        }  # fmt: skip
        self.fields = {name: Field("", editor) for name, editor in self.editors.items()}
        for name, label in (
            ("weekdays", N_("On")), ("start", N_("Begins at")), ("end", N_("Ends at")), ("from_on", N_("From")),
            ("to_on", N_("Until, included")), ("every_weeks", N_("Every so many weeks")), ("clinic_id", N_("Clinic")),
        ):  # fmt: skip
            self.words.put(self.fields[name].set_label, label)
        self.words.put(self.fields["every_weeks"].set_help, N_("2 for a doctor who comes every second week."))
        self._message = Message()
        self._message.show_text("", False)
        self.go = Button("", "secondary", "arrows-clockwise")
        self.go.clicked.connect(self.send)
        self.words.put(self.go.setText, repeat_shift.label)
        self.words.put(self.set_title, N_("Repeat the same hours"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(10)
        grid.addWidget(self.fields["weekdays"], 0, 0, 1, 2)
        for place, name in enumerate(("start", "end", "from_on", "to_on", "every_weeks", "clinic_id")):
            grid.addWidget(self.fields[name], 1 + place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.go)
        self.add(grid)
        self.add(self._message)
        self.add(row)
        self._filled = False

    def refresh(self) -> None:
        """The right, the clinics, and hours to begin with."""
        reason = self._pane.bench.reason(repeat_shift)
        self.go.set_available(not reason, reason)
        self.editors["clinic_id"].renew()
        if not self._filled and self._pane.clinics:
            self._filled = True
            monday = self._pane.monday
            first: dict[str, object] = {
                "weekdays": tuple(item.value for item in tuple(Weekday)[:5]), "start": "08:00", "end": "17:00",
                "from_on": monday, "to_on": monday + timedelta(days=27), "every_weeks": 1,
            }  # fmt: skip
            for name, value in first.items():
                self.editors[name].set_value(value)

    def send(self) -> None:
        """One command, one undo step for all the shifts."""
        self._message.show_text("", False)
        for field in self.fields.values():
            field.set_error(field.editor.problem() if isinstance(field.editor, SelfChecking) else "")
        if any(field.error() for field in self.fields.values()):
            return
        values = {name: editor.value() for name, editor in self.editors.items()}
        for name in ("from_on", "to_on"):
            if not values[name]:
                self.fields[name].set_error(_(N_("This is needed.")))
                return
        days = [Weekday(code) for code in texts(values["weekdays"])]
        self._pane.bench.run_for(
            self, repeat_shift, self._pane.person_id, ClinicId(str(values["clinic_id"])), values["from_on"],
            values["to_on"], days, str(values["start"]), str(values["end"]), None, whole_number(values["every_weeks"]),
        ).then(self._tell)  # fmt: skip

    def _tell(self, made: list[Any]) -> None:
        self._message.show_text(counted(N_("{n} shift planned"), N_("{n} shifts planned"), len(made)), False)

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field that the rule names, else above the button."""
        if field in self.fields:
            self.fields[field].set_error(problem)
        else:
            self._message.show_text(str(problem), True)
        return True

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.words.again()
        self.editors["weekdays"].renew()
