"""Closures and openings by exception, beside the statutory holidays of the year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.core.unchanged import mark_of
from app.journal.settings_store import CHANGE_CLINIC_SETTINGS, change_setting
from app.practice.commands import add_closure, change_closure, withdraw_closure
from app.practice.queries import (
    CLOSURE,
    CLOSURE_LABELS,
    ClinicLine,
    ClosureKind,
    ClosureLine,
    Holiday,
    clinics,
    clock_text,
    closures,
    holidays,
)
from app.practice.settings import CLOSED_ON_HOLIDAYS, EASTER_HOLIDAY
from ui.patients.facts import Facts
from ui.practice.editors import ClockField, Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.words import labelled, named, span_words
from ui.shell.formats import day
from ui.shell.words import Words
from ui.widgets.buttons import IconButton
from ui.widgets.cards import Card
from ui.widgets.choices import Switch
from ui.widgets.fields import Choice
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.paged_model import Column
from ui.widgets.typed_fields import DateField


class HolidayCard(Card):
    """The statutory holidays of one year, and the two choices that the law leaves."""

    def __init__(self, pane: ClosurePane) -> None:
        super().__init__(" ", icon="flag")
        self._pane = pane
        self.words = Words()
        self.year = pane.bench.runner.clock.today().year
        self._back, self._on = IconButton("caret-left", ""), IconButton("caret-right", "")
        self._back.clicked.connect(lambda: self._turn(-1))
        self._on.clicked.connect(lambda: self._turn(1))
        self.head.addWidget(self._back)
        self.head.addWidget(self._on)
        self._facts = Facts()
        self._closed = Switch("", show_name=False)
        self._closed.clicked.connect(self._decide_closed)
        self._closed_words = WrapLabel("")
        self._easter = Choice()
        self._easter.changed.connect(self._decide_easter)
        self._law = WrapLabel("", "small", "muted")
        self._easter_words = Label("")
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self._closed_words, 1)
        first.addWidget(self._closed)
        second.addWidget(self._easter_words, 1)
        second.addWidget(self._easter)
        self.add(self._facts)
        self.add(first)
        self.add(second)
        self.add(self._law)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.set_title(_(N_("Statutory holidays of {year}"), year=self.year))
        self._back.set_name(_(N_("Year before")))
        self._on.set_name(_(N_("Next year")))
        self._closed_words.setText(_(CLOSED_ON_HOLIDAYS.label))
        self._closed.setAccessibleName(_(CLOSED_ON_HOLIDAYS.label))
        self._easter_words.setText(_(EASTER_HOLIDAY.label))
        self._easter.setAccessibleName(_(EASTER_HOLIDAY.label))
        self._easter.set_options([(value, _(word)) for value, word in EASTER_HOLIDAY.labels])
        self._law.setText(
            _(N_("Act respecting labour standards, s. 60; National Holiday Act, s. 2. Computed for any year."))
        )

    def show_holidays(self, found: tuple[Holiday, ...]) -> None:
        """The days in order, and the choices in force."""
        self.retranslate()
        self._facts.show_facts((day(item.on, short=True, weekday=True), _(item.name)) for item in found)
        self._closed.setChecked(self._pane.bench.setting(CLOSED_ON_HOLIDAYS))
        self._easter.set_value(str(self._pane.bench.setting(EASTER_HOLIDAY)))
        may = self._pane.bench.may(CHANGE_CLINIC_SETTINGS)
        self._closed.setEnabled(may)
        self._easter.setEnabled(may)
        reason = "" if may else self._pane.bench.reason(change_setting)
        self._easter.setToolTip(reason)
        self._closed.setToolTip(reason)

    def _turn(self, step: int) -> None:
        self.year = min(max(self.year + step, 1970), 2999)
        self._pane.ask_holidays()

    def _decide_closed(self) -> None:
        value = "true" if self._closed.isChecked() else "false"
        self._pane.bench.run(change_setting, CLOSED_ON_HOLIDAYS.name, value)

    def _decide_easter(self, value: object) -> None:
        self._pane.bench.run(change_setting, EASTER_HOLIDAY.name, str(value))


class ClosurePane(ListPane[ClosureLine]):
    """Days on which the weekly hours do not hold."""

    title = N_("Holidays and closures")
    add, change = add_closure, change_closure
    others = (withdraw_closure,)
    icon = "calendar-blank"
    nothing = (N_("No closure is planned."), N_("The statutory holidays hold by themselves."))

    def __init__(self, screen: Any) -> None:
        self._clinics: tuple[ClinicLine, ...] = ()
        super().__init__(screen)
        self._holidays = HolidayCard(self)
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._holidays)
        self._scroll.widget().layout().insertWidget(1, beside)  # type: ignore[union-attr]  # made with a layout

    def items(self) -> Sequence[Item]:
        """What, why, when, where."""
        today = self.bench.runner.clock.today
        every = ("", N_("Every clinic"))
        return (
            Item("kind", N_("What"), lambda: Picker(lambda: labelled(CLOSURE_LABELS))),
            Item("reason", N_("Reason"), example=N_("E.g. Congress of the association")),
            Item("from_on", N_("From"), lambda: DateField(today=today, written=day)),
            Item("to_on", N_("Until, included"), lambda: DateField(today=today, written=day)),
            Item("start", N_("From what time"), ClockField, help=N_("Empty: the whole day.")),
            Item("end", N_("Until what time"), ClockField),
            Item("clinic_id", N_("Where"), lambda: Picker(lambda: named(self._clinics, every)), whole=True),
        )

    def columns(self) -> list[Column]:
        """When, why, where."""
        return [
            Column("when", _(N_("Days")), sortable=False),
            Column("reason", _(N_("Reason")), strong=True, sortable=False),
            Column("clinic", _(N_("Where")), width=116, sortable=False),
        ]

    def title_of(self, line: ClosureLine) -> str:
        """Its reason."""
        return line.reason

    def cells(self, line: ClosureLine) -> Sequence[Any]:
        """The words of a closure."""
        days = day(line.from_on, short=True)
        if line.to_on != line.from_on:
            days = _(N_("{start} to {end}"), start=days, end=day(line.to_on, short=True))
        if line.start_minute is not None and line.end_minute is not None:
            days = f"{days}, {span_words(line.start_minute, line.end_minute)}"
        place = next((item.short_name for item in self._clinics if item.id == line.clinic_id), _(N_("Every clinic")))
        opened = f" · {_(CLOSURE_LABELS[line.kind])}" if line.kind is ClosureKind.OPEN else ""
        return days, f"{line.reason}{opened}", place

    def reload(self) -> None:
        """Clinics, closures, holidays."""
        self.view.ask(clinics, self.show_clinics)
        self.ask(closures)
        self.ask_holidays()

    def ask_holidays(self) -> None:
        """Of the year on show, for the first clinic: whether it opens on Sundays moves 24 June."""
        first = self._clinics[0].id if self._clinics else None
        self.view.ask(holidays, self._holidays.show_holidays, self._holidays.year, first)

    def show_clinics(self, lines: tuple[ClinicLine, ...]) -> None:
        """Keep them for the form and the list."""
        before, self._clinics = self._clinics, lines
        self.form.retranslate()
        self.refilter()
        if not before and lines:
            self.ask_holidays()

    def values_of(self, line: ClosureLine) -> Values:
        """Clock times as texts."""
        start = "" if line.start_minute is None else clock_text(line.start_minute)
        end = "" if line.end_minute is None else clock_text(line.end_minute)
        return super().values_of(line) | {"start": start, "end": end}

    def saved_words(self, values: Values) -> str:
        """Which."""
        return _(N_("“{name}” saved"), name=str(values["reason"]))

    def mark(self, line: ClosureLine) -> str:
        """Of what the form holds."""
        return mark_of(line, CLOSURE)

    def send(self, values: Values, line: ClosureLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or write anew."""
        clinic = str(values["clinic_id"] or "")
        first = values["from_on"] or self.bench.runner.clock.today()
        given: Values = {
            "to_on": values["to_on"] or None, "clinic_id": ClinicId(clinic) if clinic else None,
            "start": values["start"], "end": values["end"], "kind": ClosureKind(values["kind"]),
        }  # fmt: skip
        if line is None:
            return add_closure, (first, values["reason"]), given
        return change_closure, (line.id, first, values["reason"]), given | {"seen": seen}

    def fresh_values(self) -> Values:
        """Today."""
        return {"from_on": self.bench.runner.clock.today()}

    def retranslate(self) -> None:
        """The holidays too."""
        super().retranslate()
        self._holidays.retranslate()
