"""The week of one person over all clinics: shifts, breaks in them, absences; and shifts that come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.core.errors import RuleViolation
from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.practice.commands import add_shift, change_shift, withdraw_shift
from app.practice.queries import (
    WEEKDAY_LABELS,
    ClinicLine,
    OperatoryId,
    OperatoryLine,
    ProviderId,
    ProviderLine,
    RosterDays,
    ShiftId,
    ShiftLine,
    Weekday,
    clinics,
    clock_minute,
    clock_text,
    operatories,
    provider_week,
    providers,
    typed_instant,
)
from ui.practice.editors import ClockField, Picker
from ui.practice.entry_form import Item
from ui.practice.grid_pane import GridPane
from ui.practice.shift_boxes import BreakBox, RepeatBox
from ui.practice.span_tile import Block
from ui.practice.words import local_day, local_minute, named
from ui.shell.command_button import CommandButton
from ui.shell.formats import day
from ui.widgets.buttons import IconButton
from ui.widgets.labels import ElidedLabel
from ui.widgets.typed_fields import DateField


class ShiftPane(GridPane):
    """A shift at another clinic stands in the same week: nobody is at two places at once."""

    title = N_("Shifts and breaks")

    def __init__(self, screen: Any) -> None:
        self._people: tuple[ProviderLine, ...] = ()
        self.clinics: tuple[ClinicLine, ...] = ()
        self._chairs: tuple[OperatoryLine, ...] = ()
        self._week = RosterDays((), ())
        super().__init__(screen)
        today = self.bench.runner.clock.today()
        self.monday = today - timedelta(days=today.weekday())
        self._person = Picker(lambda: named(self._people))
        self._person.changed.connect(lambda _value: self._other_person())
        self._span = ElidedLabel("", "name")
        back, on = IconButton("caret-left", ""), IconButton("caret-right", "")
        back.clicked.connect(lambda: self._turn(-7))
        on.clicked.connect(lambda: self._turn(7))
        for widget, stretch in ((self._person, 2), (back, 0), (on, 0), (self._span, 3)):
            self.bar.addWidget(widget, stretch)
        self._away = CommandButton(self.bench, withdraw_shift, self._chosen_id, "quiet")
        self.form.others.add(self._away)
        self.breaks, self.repeat = BreakBox(self), RepeatBox(self)
        self.form.extra.addWidget(self.breaks)
        self.side.insertWidget(1, self.repeat)
        self.words.put(self._person.setAccessibleName, N_("Person"))
        self.words.put(back.set_name, N_("Week before"))
        self.words.put(on.set_name, N_("Next week"))
        self.words.put(self.grid.setAccessibleName, N_("Shifts of the week"))

    def items(self) -> Sequence[Item]:
        """Day, clinic, hours, chair."""
        today, every = self.bench.runner.clock.today, ("", N_("Any chair"))
        return (
            Item("on", N_("Day"), lambda: DateField(today=today, written=day), fresh=True),
            Item("clinic_id", N_("Clinic"), lambda: Picker(lambda: named(self.clinics)), fresh=True),
            Item("start", N_("Begins at"), ClockField),
            Item("end", N_("Ends at"), ClockField, help=N_("Not after the beginning: on the next day.")),
            Item("operatory_id", N_("Chair"), lambda: Picker(lambda: named(self._chairs_here(), every))),
            Item("note", N_("Note")),
        )

    def _chairs_here(self) -> list[OperatoryLine]:
        shift = self.chosen_shift() if hasattr(self, "form") else None
        place = shift.clinic_id if shift is not None else None
        return [line for line in self._chairs if place in (None, line.clinic_id)]

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Clinics, chairs, people, then the week."""
        self.view.ask(clinics, self.show_clinics)
        self.view.ask(operatories, self.show_chairs)
        self.view.ask(providers, self.show_people)

    def show_clinics(self, lines: tuple[ClinicLine, ...]) -> None:
        """Keep them for the form."""
        self.clinics = lines
        self.say_no_clinic(not lines)
        self.form.retranslate()

    def show_chairs(self, lines: tuple[OperatoryLine, ...]) -> None:
        """Keep them for the form."""
        self._chairs = lines
        self.form.retranslate()

    def show_people(self, lines: tuple[ProviderLine, ...]) -> None:
        """The chosen one stays chosen."""
        self._people = lines
        self._person.renew()
        self._ask_week()

    def _ask_week(self) -> None:
        if self._people:
            self.view.ask(provider_week, self.show_week, self.person_id, self.monday)
        else:
            self.show_week(RosterDays((), ()))

    @property
    def person_id(self) -> ProviderId:
        """Whose week is on show."""
        return ProviderId(str(self._person.value()))

    def zone_of(self, clinic_id: object) -> ZoneInfo:
        """The time zone of a clinic; the practice's for one that is unknown."""
        found = next((line.time_zone for line in self.clinics if line.id == clinic_id), None)
        return ZoneInfo(found) if found else self.bench.runner.clock.zone

    def show_week(self, week: RosterDays) -> None:
        """Draw it."""
        self._week = week
        days = [self.monday + timedelta(days=ahead) for ahead in range(7)]
        heads = [f"{_(label)} {on.day}" for label, on in zip(WEEKDAY_LABELS.values(), days, strict=True)]
        start, end = day(days[0], short=True), day(days[6], short=True)
        self._span.setText(_(N_("{start} to {end}"), start=start, end=end))
        blocks = [*self._absences(week), *(self._block(shift) for shift in week.shifts)]
        reason = self.bench.reason(add_shift)
        self.grid.editable = not reason and bool(self._people) and bool(self.clinics)
        self.grid.show_blocks(heads, [block for block in blocks if 0 <= block.column < 7])
        if not self.form.dirty:
            self.choose_block(self.grid.choice)
        self.form.set_allowed(not reason, reason)
        self.repeat.refresh()

    def _block(self, shift: ShiftLine) -> Block:
        zone = self.zone_of(shift.clinic_id)
        start = local_minute(shift.starts_at, zone)
        place = next((line.short_name for line in self.clinics if line.id == shift.clinic_id), "")
        chair = next((line.name for line in self._chairs if line.id == shift.operatory_id), "")
        inner = tuple(
            (local_minute(item.starts_at, zone), local_minute(item.ends_at, zone), _(N_("break")))
            for item in shift.breaks
        )
        due = _(N_("A meal break is due in so long a shift.")) if shift.meal_due else ""
        column = (local_day(shift.starts_at, zone) - self.monday).days
        end = local_minute(shift.ends_at, zone)
        end += 1440 if end <= start else 0
        return Block(shift.id, column, start, end, place, chair, inner, due)

    def _absences(self, week: RosterDays) -> list[Block]:
        zone, found = self.bench.runner.clock.zone, []
        for item in week.absences:
            first, last = local_day(item.starts_at, zone), local_day(item.ends_at - timedelta(seconds=1), zone)
            for ahead in range((last - first).days + 1):
                on = first + timedelta(days=ahead)
                start = local_minute(item.starts_at, zone) if on == first else 0
                end = local_minute(item.ends_at, zone) or 1440
                start, end = max(start, self.grid.first), min(end if on == last else 1440, self.grid.last)
                if start < end:
                    column = (on - self.monday).days
                    found.append(Block(f"{item.id}/{ahead}", column, start, end, _(N_("away")), soft=True))
        return found

    # -- choosing -------------------------------------------------------------------------------------------
    def chosen_shift(self) -> ShiftLine | None:
        """The shift whose block is chosen."""
        return next((line for line in self._week.shifts if line.id == self.grid.choice), None)

    def _chosen_id(self) -> ShiftId | None:
        shift = self.chosen_shift() if hasattr(self, "_week") else None
        return shift.id if shift is not None else None

    def choose_block(self, key: str) -> None:
        """Its hours in the form; nothing chosen: a new shift on the day of the mark."""
        shift = self.chosen_shift()
        self.form.retranslate()
        if shift is None:
            on = self.monday + timedelta(days=self.grid.mark[0])
            first = str(self.clinics[0].id) if self.clinics else ""
            values = {"on": on, "clinic_id": first, "start": "08:00", "end": "17:00", "operatory_id": "", "note": ""}
            self.form.show_entry("", _(N_("New shift")), values)
        else:
            block = self._block(shift)
            values = {
                "start": clock_text(block.start), "end": clock_text(block.end),
                "operatory_id": shift.operatory_id or "", "note": shift.note or "",
            }  # fmt: skip
            on = self.monday + timedelta(days=block.column)
            self.form.show_entry(shift.id, f"{day(on, weekday=True)} · {block.words}", values)
        self._away.setVisible(shift is not None)
        self._away.refresh()
        self.breaks.show_shift(shift, self.zone_of(shift.clinic_id if shift is not None else None))

    def _other_person(self) -> None:
        self.grid.choice = ""
        self._ask_week()

    def _turn(self, days: int) -> None:
        self.monday += timedelta(days=days)
        self.grid.choice = ""
        self._ask_week()

    # -- commands -------------------------------------------------------------------------------------------
    def begin(self, column: int, start: int, end: int) -> None:
        """A shift that was drawn is kept at once, at the clinic of the form."""
        on = self.monday + timedelta(days=column)
        clinic = ClinicId(str(self.form.value_of("clinic_id") or self.clinics[0].id))
        self.bench.run_for(self.form, add_shift, self.person_id, clinic, on, clock_text(start), clock_text(end))

    def move_block(self, key: str, column: int, start: int, end: int) -> None:
        """To other hours or another day; breaks stay where they are, and the rule says when they no longer fit."""
        shift = next((line for line in self._week.shifts if line.id == key), None)
        if shift is not None:
            times = self._times(shift, self.monday + timedelta(days=column), start, end)
            if times is not None:
                self.bench.run_for(self.form, change_shift, shift.id, *times)

    def _times(self, shift: ShiftLine, on: date, start: int, end: int) -> tuple[datetime, datetime] | None:
        """The ends of a shift; None, and a sentence under the field, for a time that is on no clock or comes twice."""
        zone = self.zone_of(shift.clinic_id)
        try:
            starts_at = typed_instant(on, start, zone, "start", shift.starts_at)
            return starts_at, typed_instant(on, end, zone, "end", shift.ends_at)
        except RuleViolation as problem:
            self.form.show_field_error(problem.field or "start", problem)
            return None

    def remove(self, key: str) -> None:
        """Taken out of the plan."""
        if self.chosen_shift() is not None and self.bench.may(withdraw_shift):
            self.bench.run_for(self.form, withdraw_shift, ShiftId(key))

    def save(self) -> None:
        """What is typed."""
        if not self.form.check():
            return
        values, key, shift = self.form.values(), self.form.key, self.chosen_shift()
        chair = OperatoryId(str(values["operatory_id"])) if values["operatory_id"] else None
        if shift is None:
            clinic = ClinicId(str(values["clinic_id"] or ""))
            on = values["on"] or self.monday
            hours = str(values["start"]), str(values["end"])
            running: Any = self.bench.run_for(
                self.form, add_shift, self.person_id, clinic, on, *hours, chair, str(values["note"])
            )
        else:
            on = self.monday + timedelta(days=self._block(shift).column)
            start, end = clock_minute(values["start"], "start"), clock_minute(values["end"], "end")
            times = self._times(shift, on, start, end if end > start else end + 1440)
            if times is None:
                return
            running = self.bench.run_for(
                self.form, change_shift, shift.id, *times, chair, str(values["note"]), any_chair=chair is None
            )
        running.then(lambda _made: self.form.forget(key))

    def weekdays_shown(self) -> tuple[Weekday, ...]:
        """The weekdays on which the person works in the week on show."""
        columns = sorted({block.column for block in self.grid.blocks if not block.soft})
        return tuple(tuple(Weekday)[column] for column in columns)

    def retranslate(self) -> None:
        """The boxes too."""
        super().retranslate()
        self._away.retranslate()
        self.breaks.words.again()
        self.repeat.retranslate()
