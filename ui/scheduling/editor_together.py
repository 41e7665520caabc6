"""Booking more than one visit in one step: brothers and sisters together, or the next visits at an interval."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.i18n import N_, _
from app.core.ids import ClinicId, PatientId
from app.patients.queries import Family, Sibling, family_of
from app.scheduling.commands import FamilyVisit, SeriesVisit, book_family, book_series
from app.scheduling.queries import FamilySlot, FreeSlot, TypeLine, family_slots, free_slots
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.scheduling.editor_draft import Draft
from ui.scheduling.today_words import type_name
from ui.shell.bench import Bench
from ui.shell.formats import day, hour
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.choices import Chip
from ui.widgets.fields import Choice
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.typed_fields import NumberField

MOST: Final = 4
AROUND: Final = 3
"""Days before and after the exact week in which a visit of a series may lie."""
WINDOW: Final = 120
"""Minutes before the time of day of the first visit from which the next ones are looked for."""


class FamilyBooking(Card):
    """Brothers and sisters of the patient with a kind of visit each; `booked` when all are."""

    booked = Signal()

    def __init__(self, bench: Bench, draft: Callable[[], Draft], clinic: Callable[[], ClinicId]) -> None:
        super().__init__(" ", icon="users-three")
        self._bench, self._draft, self._clinic = bench, draft, clinic
        self._patient = ""
        self._types: tuple[TypeLine, ...] = ()
        self._siblings: tuple[Sibling, ...] = ()
        self._rows: dict[str, tuple[Chip, Choice]] = {}
        self._people, self._found, self._how = QVBoxLayout(), QVBoxLayout(), Choice()
        self._search = Button(" ", "secondary", "magnifying-glass")
        self._search.clicked.connect(self.search)
        self._how_field = Field(" ", self._how)
        self.add(self._people)
        self.add(self._how_field)
        self.add(self._search)
        self.add(self._found)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.set_title(_(N_("With brothers and sisters")))
        self._how_field.set_label(_(N_("How")))
        self._how.set_options([(False, _(N_("Side by side"))), (True, _(N_("One after another")))])
        self._search.setText(_(N_("Search for times together")))
        self._show_people()

    def show_patient(self, patient_id: PatientId, types: tuple[TypeLine, ...]) -> None:
        """Ask for the brothers and sisters."""
        self._types = types
        if patient_id != self._patient:
            self._siblings = ()
            empty(self._found)
        self._patient = patient_id
        self._show_people()
        if patient_id and self._bench.may(family_of):
            self._bench.ask(family_of, self._take_family, patient_id)

    def _take_family(self, family: Family) -> None:
        self._siblings = family.siblings
        self._show_people()

    def _show_people(self) -> None:
        ticked = {key: (chip.isChecked(), choice.value()) for key, (chip, choice) in self._rows.items()}
        empty(self._people)
        self._rows = {}
        self.setVisible(bool(self._siblings))
        for sibling in self._siblings:
            chip = Chip(plain_name(sibling), "user", checkable=True)
            choice = Choice([(line.code, type_name(line)) for line in self._types])
            choice.setAccessibleName(_(N_("Type of visit of {name}"), name=plain_name(sibling)))
            on, code = ticked.get(sibling.id, (False, self._draft().type))
            chip.setChecked(on)
            choice.set_value(code)
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(chip)
            row.addWidget(choice, 1)
            self._people.addLayout(row)
            self._rows[sibling.id] = (chip, choice)

    def search(self) -> None:
        """Ask for times at which all of them can come."""
        draft = self._draft()
        empty(self._found)
        chosen = [(key, str(choice.value())) for key, (chip, choice) in self._rows.items() if chip.isChecked()]
        if not draft.type or not chosen:
            said = _(N_("Choose the type of visit, and who comes along."))
            self._found.addWidget(WrapLabel(said, "small", "muted"))
            return
        people = [draft.patient_id, *(PatientId(key) for key, _code in chosen)]
        kinds = [draft.type, *(code for _key, code in chosen)]
        self._asked = (people, kinds)
        first = draft.on or self._bench.runner.clock.today()
        self._bench.ask(
            family_slots, self._arrived, people, kinds, self._clinic(), first, 14, limit=MOST,
            one_after_another=bool(self._how.value()),
        )  # fmt: skip

    def _arrived(self, slots: tuple[FamilySlot, ...]) -> None:
        empty(self._found)
        if not slots:
            self._found.addWidget(WrapLabel(_(N_("No time suits them all in two weeks.")), "small", "muted"))
        clock = self._bench.runner.clock
        for found in slots:
            first = found.slots[0]
            times = ", ".join(hour(slot.starts_at, clock) for slot in found.slots)
            words = f"{day(clock.day_of(first.starts_at), short=True)} · {times}"
            row = QHBoxLayout()
            row.addWidget(WrapLabel(words), 1)
            take = Button(_(N_("Book all")), "secondary", size="compact")
            take.setAccessibleName(_(N_("Book all: {when}"), when=words))
            take.set_available(self._bench.may(book_family), self._bench.reason(book_family))
            take.clicked.connect(lambda *_args, found=found: self._book(found))
            row.addWidget(take)
            self._found.addLayout(row)

    def _book(self, found: FamilySlot) -> None:
        people, kinds = self._asked
        visits = [
            FamilyVisit(who, kind, slot.operatory_id, slot.starts_at, slot.doctor_id, slot.assistant_id)
            for who, kind, slot in zip(people, kinds, found.slots, strict=True)
        ]
        running = self._bench.run(book_family, visits)
        running.say(_(N_("{n} visits are booked for the family"), n=len(visits)))
        running.then(lambda _made: self.booked.emit())


class SeriesBooking(Card):
    """The next visits at an interval of weeks: the nearest free time to each, all booked in one step."""

    booked = Signal()

    def __init__(self, bench: Bench, draft: Callable[[], Draft]) -> None:
        super().__init__(" ", icon="calendar-dots")
        self._bench, self._draft = bench, draft
        self._every, self._count = NumberField(least=1, most=52), NumberField(least=1, most=12)
        self._every.set_value(8)
        self._count.set_value(3)
        self._fields = (Field(" ", self._every), Field(" ", self._count))
        row = QHBoxLayout()
        row.setSpacing(8)
        for field in self._fields:
            row.addWidget(field, 1)
        self._look, self._act = Button(" ", "secondary", "magnifying-glass"), Button(" ", "secondary", "calendar-dots")
        self._look.clicked.connect(self.search)
        self._act.clicked.connect(self.book)
        self._found = QVBoxLayout()
        self._found.setSpacing(4)
        self._slots: list[FreeSlot | None] = []
        self.add(row)
        self.add(self._look)
        self.add(self._found)
        self.add(self._act)
        self._act.hide()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.set_title(_(N_("Next visits")))
        self._fields[0].set_label(_(N_("Every so many weeks")))
        self._fields[1].set_label(_(N_("How many")))
        self._look.setText(_(N_("Search for the next visits")))
        self._act.setText(_(N_("Book them all")))
        self._act.set_available(self._bench.may(book_series), self._bench.reason(book_series))
        self._show()

    def begin(self, line: TypeLine | None) -> None:
        """Start from the interval of the type."""
        if line is not None and line.interval_weeks:
            self._every.set_value(line.interval_weeks)

    def search(self) -> None:
        """Look for the free time nearest to each week."""
        draft, every, count = self._draft(), self._every.value(), self._count.value()
        start = draft.starts_at(self._bench.runner.clock.zone)
        self._slots = []
        if not draft.complete or start is None or every is None or count is None:
            empty(self._found)
            said = _(N_("Choose patient, type, time and chair of the first visit."))
            self._found.addWidget(WrapLabel(said, "small", "muted"))
            self._act.hide()
            return
        self._wanted = [start + timedelta(weeks=int(every) * number) for number in range(1, int(count) + 1)]
        self._ask_next()

    def _ask_next(self) -> None:
        """One week after the other: each answer asks for the next."""
        if len(self._slots) == len(self._wanted):
            self._show()
            return
        draft, clock = self._draft(), self._bench.runner.clock
        wanted = self._wanted[len(self._slots)]
        on, local = clock.day_of(wanted) - timedelta(days=AROUND), wanted.astimezone(clock.zone)
        earliest = max(0, local.hour * 60 + local.minute - WINDOW)
        self._bench.ask(
            free_slots, self._arrived, draft.type, None, on, 2 * AROUND + 1, draft.doctor_id,
            patient_id=draft.patient_id, segments=draft.segments, earliest=f"{earliest // 60}:{earliest % 60:02d}",
            limit=2000,
        )  # fmt: skip

    def _arrived(self, slots: tuple[FreeSlot, ...]) -> None:
        wanted, chair = self._wanted[len(self._slots)], self._draft().operatory_id
        nearest = min(slots, key=lambda slot: (abs(slot.starts_at - wanted), slot.operatory_id != chair), default=None)
        self._slots.append(nearest)
        self._ask_next()

    def _show(self) -> None:
        empty(self._found)
        clock = self._bench.runner.clock
        for slot, wanted in zip(self._slots, getattr(self, "_wanted", []), strict=False):
            if slot is None:
                on = day(clock.day_of(wanted), short=True)
                self._found.addWidget(WrapLabel(_(N_("Nothing is free around {day}."), day=on), "small", "warn"))
            else:
                words = f"{day(clock.day_of(slot.starts_at), weekday=True)}, {hour(slot.starts_at, clock)}"
                self._found.addWidget(WrapLabel(words, "small"))
        self._act.setVisible(any(slot is not None for slot in self._slots))

    def book(self) -> None:
        """Book what was found, in one step."""
        draft = self._draft()
        visits = [
            SeriesVisit(
                draft.type, slot.operatory_id, slot.starts_at, slot.doctor_id, slot.assistant_id, draft.segments
            )
            for slot in self._slots
            if slot is not None
        ]
        self._act.setEnabled(False)
        running = self._bench.run(book_series, draft.patient_id, visits)
        running.say(_(N_("{n} next visits are booked"), n=len(visits)))
        running.then(lambda _made: self._end()).at_end(lambda: self._act.setEnabled(True))

    def _end(self) -> None:
        self._slots = []
        self._show()
        self.booked.emit()
