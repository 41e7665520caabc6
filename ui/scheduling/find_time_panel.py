"""Find time: free times that nothing stands against, by weeks ahead, days, after school, doctor and chair."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.i18n import N_, _
from app.practice.queries import WEEKDAY_LABELS, Weekday
from app.scheduling.queries import FreeSlot, TypeLine, free_slots
from ui.patients.facts import empty
from ui.scheduling.editor_draft import Draft
from ui.shell.bench import Bench
from ui.shell.formats import day, hour
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.choices import Chip
from ui.widgets.fields import Choice
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow
from ui.widgets.pills import Tag

MOST: Final = 6
APART: Final = 120
"""Minutes between two times of one day that are offered: more of one morning is no choice."""
SPAN_DAYS: Final = 21
WEEKS: Final = (0, 1, 2, 4, 6, 8, 10, 12, 26)
TIMES: Final = {
    "": (N_("Any time"), "", ""), "morning": (N_("Morning"), "", "12:00"), "afternoon": (N_("Afternoon"), "12:00", ""),
    "school": (N_("After school"), "15:15", ""), "before": (N_("Before school"), "", "9:00"),
}  # fmt: skip
"""Word, earliest start, latest end."""


class FindTime(Card):
    """`picked` with the slot that is taken."""

    picked = Signal(object)

    def __init__(self, bench: Bench, draft: Callable[[], Draft]) -> None:
        super().__init__(" ", icon="magnifying-glass")
        self._bench, self._draft = bench, draft
        self._weeks, self._times = Choice(), Choice()
        self._chips: list[Chip] = []
        self._fields = (Field(" ", self._weeks), Field(" ", self._times))
        row = QHBoxLayout()
        row.setSpacing(8)
        for field in self._fields:
            row.addWidget(field, 1)
        self._flow = Flow(gap=4, row_gap=4)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._search = Button(" ", "secondary", "magnifying-glass")
        self._search.clicked.connect(self.search)
        self.add(row)
        self.add(self._flow)
        self.add(self._search)
        self.add(self._list)
        self._slots: tuple[FreeSlot, ...] = ()
        self._weeks.changed.connect(lambda _value: self.search())
        self._times.changed.connect(lambda _value: self.search())

    def retranslate(self) -> None:
        """Say everything in the language in force; chips are made anew, for their words decide their width."""
        self.set_title(_(N_("Find time")))
        self._fields[0].set_label(_(N_("From")))
        self._fields[1].set_label(_(N_("Time of day")))
        self._weeks.set_options([(weeks, _weeks_words(weeks)) for weeks in WEEKS])
        self._times.set_options([(key, _(words[0])) for key, words in TIMES.items()])
        self._search.setText(_(N_("Search")))
        ticked = [chip.isChecked() for chip in self._chips] or [False] * 8
        empty(self._flow.flow)
        words = [_(WEEKDAY_LABELS[weekday])[:3].lower() for weekday in tuple(Weekday)[:6]]
        chips = [Chip(text, checkable=True) for text in (*words, _(N_("Same doctor")), _(N_("Same chair")))]
        for chip, on, full in zip(
            chips, ticked, (*(_(WEEKDAY_LABELS[each]) for each in tuple(Weekday)[:6]), "", ""), strict=True
        ):
            chip.setChecked(on)
            if full:
                chip.setAccessibleName(full)
            chip.toggled.connect(lambda _on: self.search())
            self._flow.add(chip)
            chip.show()
        self._chips = chips
        self._show_slots()

    def begin(self, interval: TypeLine | None, weeks: int | None = None) -> None:
        """Start from the interval of the type, where it has one."""
        wanted = weeks if weeks is not None else (interval.interval_weeks if interval is not None else 0) or 0
        nearest = min(WEEKS, key=lambda each: abs(each - wanted))
        self._weeks.set_value(nearest)

    def search(self) -> None:
        """Ask for free times."""
        draft = self._draft()
        empty(self._list)
        if not draft.type:
            self._list.addWidget(WrapLabel(_(N_("Choose the type of visit first.")), "small", "muted"))
            return
        _word, earliest, latest = TIMES[str(self._times.value() or "")]
        first = self._bench.runner.clock.today() + timedelta(weeks=int(str(self._weeks.value() or 0)))
        more: dict[str, Any] = {}
        if self._ticked(6) and draft.doctor_id:
            more["doctor_id"] = draft.doctor_id
        if self._ticked(7) and draft.operatory_id:
            more["operatory_id"] = draft.operatory_id
        self._bench.ask(
            free_slots, self._arrived, draft.type, None, first, SPAN_DAYS, patient_id=draft.patient_id or None,
            segments=draft.segments, earliest=earliest, latest=latest, limit=MOST, apart=APART,
            weekdays=[each for place, each in enumerate(Weekday) if place < 6 and self._ticked(place)], **more,
        )  # fmt: skip

    def _ticked(self, place: int) -> bool:
        """Whether a chip is ticked: six days, then the doctor and the chair."""
        return place < len(self._chips) and self._chips[place].isChecked()

    def _arrived(self, slots: tuple[FreeSlot, ...]) -> None:
        self._slots = slots
        self._show_slots(searched=True)

    def _show_slots(self, *, searched: bool = False) -> None:
        empty(self._list)
        if not self._slots and searched:
            nothing = _(N_("Nothing is free with these wishes. Take one away, or start later."))
            self._list.addWidget(WrapLabel(nothing, "small", "muted"))
        for slot in self._slots:
            self._list.addLayout(self._line(slot))

    def _line(self, slot: FreeSlot) -> QHBoxLayout:
        clock = self._bench.runner.clock
        local = slot.starts_at.astimezone(clock.zone)
        row = QHBoxLayout()
        row.setSpacing(8)
        when = f"{day(local.date(), short=True)}, {hour(slot.starts_at, clock)}"
        weekday = _(WEEKDAY_LABELS[tuple(Weekday)[local.weekday()]])
        words = WrapLabel(f"{weekday[:3].lower()}. {when}")
        row.addWidget(words, 1)
        if slot.in_template:
            row.addWidget(Tag(_(N_("template")), "check"))
        take = Button(_(N_("Choose")), "secondary", size="compact")
        take.setAccessibleName(_(N_("Choose {weekday} {time}"), weekday=weekday, time=when))
        take.clicked.connect(lambda *_args: self.picked.emit(slot))
        row.addWidget(take)
        return row


def _weeks_words(weeks: int) -> str:
    if weeks == 0:
        return _(N_("now"))
    return _(N_("in {n} week"), n=weeks) if weeks == 1 else _(N_("in {n} weeks"), n=weeks)
