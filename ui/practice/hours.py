"""Opening hours by weekday, drawn on a week or typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.practice.commands import Opening, set_opening_hours
from app.practice.queries import (
    WEEKDAY_LABELS,
    ClinicLine,
    Weekday,
    WeekdayHours,
    clinics,
    clock_minute,
    clock_text,
    opening_hours,
)
from ui.practice.editors import ClockField, Picker
from ui.practice.entry_form import Item
from ui.practice.grid_pane import GridPane
from ui.practice.span_tile import Block
from ui.practice.words import labelled, named
from ui.widgets.buttons import Button

DAYS = tuple(Weekday)


class HoursPane(GridPane):
    """A block for each stretch of opening; `key` is weekday and number."""

    title = N_("Opening hours")

    def __init__(self, screen: Any) -> None:
        self._clinics: tuple[ClinicLine, ...] = ()
        self._hours: dict[Weekday, list[tuple[int, int]]] = {}
        super().__init__(screen)
        self._clinic = Picker(lambda: named(self._clinics))
        self._clinic.changed.connect(lambda _value: self._ask_hours())
        self.bar.addWidget(self._clinic, 1)
        self.bar.addStretch(1)
        self._away = Button("", "quiet", "trash")
        self._away.clicked.connect(lambda: self.remove(self.grid.choice))
        self.form.others.add(self._away)
        self.words.put(self._clinic.setAccessibleName, N_("Clinic"))
        self.words.put(self.grid.setAccessibleName, N_("Opening hours of the week"))
        self.words.put(self._away.setText, N_("Close at that time"))

    def items(self) -> Sequence[Item]:
        """Day, from, until."""
        return (
            Item("weekday", N_("Day"), lambda: Picker(lambda: labelled(WEEKDAY_LABELS)), whole=True),
            Item("start", N_("Opens at"), ClockField),
            Item("end", N_("Closes at"), ClockField, help=N_("Not after the opening: on the next day.")),
        )

    def reload(self) -> None:
        """Clinics, then the hours of the chosen one."""
        self.view.ask(clinics, self.show_clinics)

    def show_clinics(self, lines: tuple[ClinicLine, ...]) -> None:
        """Keep the chosen one."""
        self._clinics = lines
        self._clinic.renew()
        self.say_no_clinic(not lines)
        self.form.retranslate()
        if lines:
            self._ask_hours()

    def _ask_hours(self) -> None:
        self.view.ask(opening_hours, self.show_hours, ClinicId(str(self._clinic.value())))

    def show_hours(self, found: tuple[WeekdayHours, ...]) -> None:
        """Draw the week."""
        self._hours = {item.weekday: list(item.spans) for item in found}
        blocks = [
            Block(f"{day.value}/{number}", DAYS.index(day), start, end, _(N_("open")))
            for day, spans in self._hours.items()
            for number, (start, end) in enumerate(spans)
        ]
        reason = self.bench.reason(set_opening_hours)
        self.grid.editable = not reason
        self.grid.show_blocks([_(WEEKDAY_LABELS[day]) for day in DAYS], blocks)
        if not self.form.dirty:
            self.choose_block(self.grid.choice)
        self.form.set_allowed(not reason, reason)

    def choose_block(self, key: str) -> None:
        """Its hours in the form; nothing chosen: a new stretch."""
        block = self.grid.block(key)
        self._away.setVisible(block is not None)
        may = self.bench.may(set_opening_hours)
        self._away.set_available(may, self.bench.reason(set_opening_hours))
        if block is None:
            self.form.show_entry("", _(N_("New opening")), {"weekday": DAYS[0].value, "start": "", "end": ""})
            return
        values = {
            "weekday": DAYS[block.column].value, "start": clock_text(block.start), "end": clock_text(block.end),
        }  # fmt: skip
        self.form.show_entry(key, _(WEEKDAY_LABELS[DAYS[block.column]]), values)

    def begin(self, column: int, start: int, end: int) -> None:
        """A stretch that was drawn is kept at once."""
        self._send(DAYS[column], [*self._hours.get(DAYS[column], []), (start, end)])

    def move_block(self, key: str, column: int, start: int, end: int) -> None:
        """To other hours, or to another day: two days change then."""
        day, number = self._place(key)
        rest = [span for place, span in enumerate(self._hours[day]) if place != number]
        if DAYS[column] is day:
            self._send(day, [*rest, (start, end)])
            return
        self._send(DAYS[column], [*self._hours.get(DAYS[column], []), (start, end)], then=(day, rest))

    def remove(self, key: str) -> None:
        """Closed at that time."""
        if self.grid.block(key) is not None and self.bench.may(set_opening_hours):
            day, number = self._place(key)
            self._send(day, [span for place, span in enumerate(self._hours[day]) if place != number])

    @staticmethod
    def _place(key: str) -> tuple[Weekday, int]:
        day, _slash, number = key.partition("/")
        return Weekday(day), int(number)

    def save(self) -> None:
        """What is typed."""
        if not self.form.check():
            return
        values, key = self.form.values(), self.form.key
        try:
            start, end = clock_minute(values["start"], "start"), clock_minute(values["end"], "end")
        except ClinicError as error:
            self.bench.presenter.present(error, set_opening_hours.name, self.form)
            return
        day = Weekday(values["weekday"])
        if key:
            self.move_block(key, DAYS.index(day), start, end)
        else:
            self._send(day, [*self._hours.get(day, []), (start, end)])

    def _send(
        self, day: Weekday, spans: list[tuple[int, int]], then: tuple[Weekday, list[tuple[int, int]]] | None = None
    ) -> None:
        clinic, key = ClinicId(str(self._clinic.value())), self.form.key
        openings = [Opening(clock_text(start), clock_text(end)) for start, end in spans]
        running = self.bench.run_for(self.form, set_opening_hours, clinic, day, openings)
        running.say(_(N_("Hours of {day} set"), day=WEEKDAY_LABELS[day]))

        def after(_none: object) -> None:
            self.form.forget(key)
            if then is not None:
                self._send(*then)

        running.then(after)
