"""The template itself: its name, the weekdays that it holds on, and a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.practice.queries import Weekday
from app.scheduling.commands import (
    add_template,
    rename_template,
    use_template,
    withdraw_template,
    withdraw_template_day,
)
from app.scheduling.queries import TemplateLine
from ui.practice.editors import Checks
from ui.practice.words import texts
from ui.shell.command_button import CommandButton
from ui.shell.words import Words
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import TextField
from ui.widgets.form import Field

if TYPE_CHECKING:
    from app.scheduling.queries import TemplateId
    from ui.practice.templates import TemplatePane


class TemplateBox(Card):
    """A tick lets the template hold on a weekday from today on; taking it away gives the day back."""

    def __init__(self, pane: TemplatePane) -> None:
        super().__init__(" ", icon="grid-four")
        self._pane = pane
        self._line: TemplateLine | None = None
        self.words = Words()
        self.name, self.days = TextField(), Checks(pane.weekday_words)
        self._name_field, self._days_field = Field("", self.name), Field("", self.days)
        self.make, self._rename = Button("", "secondary", "plus"), Button("", "secondary")
        self.make.clicked.connect(self.make_template)
        self._rename.clicked.connect(self.rename)
        self.days.changed.connect(self._decide_days)
        self._away = CommandButton(pane.bench, withdraw_template, self._id, "quiet")
        row = QHBoxLayout()
        row.addWidget(self._away)
        row.addStretch(1)
        row.addWidget(self._rename)
        row.addWidget(self.make)
        self.add(self._name_field)
        self.add(row)
        self.add(self._days_field)
        self.words.put(self._name_field.set_label, N_("Name of the template"))
        self.words.put(self.name.setPlaceholderText, N_("E.g. Tuesday with two doctors"))
        self.words.put(self._days_field.set_label, N_("Holds on"))
        self.words.put(self._rename.setText, N_("Rename"))
        self.words.put(self.make.setText, add_template.label)
        self.words.put(self.set_title, N_("Template"))

    def _id(self) -> TemplateId | None:
        return self._line.id if self._line is not None else None

    def show_template(self, line: TemplateLine | None) -> None:
        """Its name and days."""
        if line is None or self._line is None or line.id != self._line.id or line.name != self._line.name:
            self.name.set_value(line.name if line is not None else "")
        self._line = line
        held = {day.weekday.value for day in line.days if day.weekday is not None} if line is not None else set()
        self.days.set_value(held)
        reason = self._pane.bench.reason(add_template)
        self.make.set_available(not reason, reason)
        nothing = "" if line is not None else _(N_("Nothing is chosen."))
        self._rename.set_available(line is not None and not reason, reason or nothing)
        self._days_field.setVisible(line is not None)
        self.days.setEnabled(not reason)
        self._away.setVisible(line is not None)
        self._away.refresh()

    def make_template(self) -> None:
        """Begin another template with the name that is typed."""
        self._name_field.set_error("")
        running = self._pane.bench.run_for(self, add_template, self._pane.clinic_id, self.name.text())
        running.then(self._pane.choose_template)

    def rename(self) -> None:
        """Give it the name that is typed."""
        self._name_field.set_error("")
        if self._line is not None:
            self._pane.bench.run_for(self, rename_template, self._line.id, self.name.text())

    def _decide_days(self, codes: object) -> None:
        if self._line is None:
            return
        held = {day.weekday.value: day.id for day in self._line.days if day.weekday is not None}
        ticked = set(texts(codes))
        for code in sorted(ticked - set(held)):
            self._pane.bench.run_for(self, use_template, self._pane.clinic_id, self._line.id, weekday=Weekday(code))
        for code in sorted(set(held) - ticked):
            self._pane.bench.run_for(self, withdraw_template_day, held[code])

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the name."""
        self._name_field.set_error(problem)
        return True

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.words.again()
        self.days.renew()
        self._away.retranslate()
