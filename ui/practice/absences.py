"""Absences: a calendar of people by days, the list, and the form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QHBoxLayout

from app.core.i18n import N_, _
from app.core.unchanged import mark_of
from app.practice.commands import change_absence, record_absence, withdraw_absence
from app.practice.queries import (
    ABSENCE,
    ABSENCE_LABELS,
    AbsenceKind,
    AbsenceLine,
    ProviderId,
    ProviderLine,
    absence_list,
    clock_minute,
    instant_of,
    providers,
    typed_instant,
)
from ui.practice.absence_calendar import AbsenceCalendar
from ui.practice.editors import ClockField, Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.words import labelled, local_clock, local_day, named
from ui.shell.formats import day
from ui.shell.table_card import TableCard
from ui.widgets.buttons import IconButton
from ui.widgets.fields import TextArea
from ui.widgets.labels import ElidedLabel
from ui.widgets.paged_model import Column
from ui.widgets.typed_fields import DateField

DAYS = 21


class AbsencePane(ListPane[AbsenceLine]):
    """Who is away, and when. Why is shown only to those who plan the shifts."""

    title = N_("Absences")
    add, change = record_absence, change_absence
    others = (withdraw_absence,)
    icon = "calendar-blank"
    nothing = (N_("Nobody is away."), N_("An absence holds whatever the shifts say."))

    def __init__(self, screen: Any) -> None:
        self._people: tuple[ProviderLine, ...] = ()
        super().__init__(screen)
        today = self.bench.runner.clock.today()
        self._first = today - timedelta(days=today.weekday())
        self.calendar = AbsenceCalendar(self._start_for)
        self._span = ElidedLabel("", "name")
        self._back, self._on = IconButton("caret-left", ""), IconButton("caret-right", "")
        self._back.clicked.connect(lambda: self._turn(-DAYS))
        self._on.clicked.connect(lambda: self._turn(DAYS))
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 6, 0)
        head.addWidget(self._span, 1)
        head.addWidget(self._back)
        head.addWidget(self._on)
        card = TableCard()
        card.add(head)
        card.add(self.calendar)
        self.left.insertWidget(1, card)
        self.words.put(self._back.set_name, N_("Three weeks back"))
        self.words.put(self._on.set_name, N_("Three weeks on"))
        self.words.put(self.calendar.setAccessibleName, N_("Calendar of absences"))

    @property
    def zone(self) -> ZoneInfo:
        """The practice's time zone."""
        return self.bench.runner.clock.zone

    def items(self) -> Sequence[Item]:
        """Who, why, when."""
        today = self.bench.runner.clock.today
        return (
            Item("provider_id", N_("Who"), lambda: Picker(lambda: named(self._people)), fresh=True),
            Item("kind", N_("Why"), lambda: Picker(lambda: labelled(ABSENCE_LABELS))),
            Item("from_on", N_("From"), lambda: DateField(today=today, written=day)),
            Item("to_on", N_("Until, included"), lambda: DateField(today=today, written=day)),
            Item("start", N_("From what time"), ClockField, help=N_("Empty: the whole day.")),
            Item("end", N_("Until what time"), ClockField),
            Item("note", N_("Note"), lambda: TextArea(lines=2), whole=True),
        )

    def columns(self) -> list[Column]:
        """Who, when, why."""
        return [
            Column("who", _(N_("Who")), strong=True, sortable=False),
            Column("when", _(N_("Days")), width=200, sortable=False),
            Column("kind", _(N_("Why")), width=130, sortable=False),
        ]

    def title_of(self, line: AbsenceLine) -> str:
        """Who is away."""
        return next((item.name for item in self._people if item.id == line.provider_id), "")

    def days_of(self, line: AbsenceLine) -> tuple[date, date]:
        """First and last day of an absence; one that ends at midnight ends on the day before."""
        return local_day(line.starts_at, self.zone), local_day(line.ends_at - timedelta(seconds=1), self.zone)

    def cells(self, line: AbsenceLine) -> Sequence[Any]:
        """The words of an absence."""
        first, last = self.days_of(line)
        days = day(first, short=True)
        if first != last:
            days = _(N_("{start} to {end}"), start=days, end=day(last, short=True))
        return self.title_of(line), days, _(ABSENCE_LABELS[line.kind]) if line.kind else ""

    def reload(self) -> None:
        """People, then absences from the first day of the calendar on."""
        self.view.ask(providers, self.show_people)
        self.ask(absence_list, self._first)

    def show_people(self, lines: tuple[ProviderLine, ...]) -> None:
        """Keep them for the form, the list and the calendar."""
        self._people = lines
        self.form.retranslate()
        self.refilter()

    def refilter(self) -> None:
        """The calendar too."""
        super().refilter()
        if hasattr(self, "calendar"):
            last = self._first + timedelta(days=DAYS - 1)
            start, end = day(self._first, short=True), day(last, short=True)
            self._span.setText(_(N_("{start} to {end}"), start=start, end=end))
            away = [(line.provider_id, *self.days_of(line), self.cells(line)[2]) for line in self.lines]
            self.calendar.show_days([(item.id, item.name) for item in self._people], self._first, DAYS, away)

    def _turn(self, days: int) -> None:
        self._first += timedelta(days=days)
        self.reload()

    def _start_for(self, provider_id: str, on: date) -> None:
        """A day of the calendar: the absence that covers it, or a new one that begins there."""
        for line in self.lines:
            first, last = self.days_of(line)
            if line.provider_id == provider_id and first <= on <= last:
                self._wanted, self.fresh, self._asked_new = line.id, False, False
                self.refilter()
                return
        if self.bench.may(record_absence):
            self.start_new()
            for name, value in (("provider_id", provider_id), ("from_on", on), ("to_on", on)):
                editor: Any = self.form.fields[name].editor
                editor.set_value(value)
            self.form.fields["kind"].editor.setFocus()

    def values_of(self, line: AbsenceLine) -> Values:
        """Days, and clock times unless whole days."""
        first, last = self.days_of(line)
        start, end = local_clock(line.starts_at, self.zone), local_clock(line.ends_at, self.zone)
        whole = (start, end) == ("00:00", "00:00")
        return {
            "provider_id": line.provider_id, "kind": line.kind or "", "from_on": first, "to_on": last,
            "start": "" if whole else start, "end": "" if whole else end, "note": line.note or "",
        }  # fmt: skip

    def fresh_values(self) -> Values:
        """Today."""
        return {"from_on": self.bench.runner.clock.today()}

    def saved_words(self, values: Values) -> str:
        """Of whom."""
        name = next((item.name for item in self._people if item.id == values["provider_id"]), self._title_now())
        return _(N_("Absence of {name} saved"), name=name)

    def mark(self, line: AbsenceLine) -> str:
        """Of what the form holds."""
        return mark_of(line, ABSENCE)

    def _instant(self, on: date, typed: str, field: str, was: datetime | None) -> datetime | None:
        """None for whole days."""
        return typed_instant(on, clock_minute(typed, field), self.zone, field, was) if typed else None

    def send(self, values: Values, line: AbsenceLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Record or write anew; whole days end at the midnight after the last one."""
        first = values["from_on"] or self.bench.runner.clock.today()
        last = values["to_on"] or first
        was = (line.starts_at, line.ends_at) if line is not None else (None, None)
        starts_at = self._instant(first, str(values["start"]), "start", was[0]) or instant_of(first, 0, self.zone)
        ends_at = self._instant(last, str(values["end"]), "end", was[1]) or instant_of(last, 1440, self.zone)
        kind = AbsenceKind(values["kind"] or "other")
        if line is None:
            args: tuple[Any, ...] = (ProviderId(str(values["provider_id"] or "")), kind, starts_at, ends_at)
            return record_absence, args, {"note": values["note"]}
        return change_absence, (line.id, kind, starts_at, ends_at), {"note": values["note"], "seen": seen}
