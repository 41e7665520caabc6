"""A double booking side by side: keep both, move one to a free time, or cancel one with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError
from app.core.i18n import N_, _, language
from app.journal.settling import close_conflict
from app.scheduling.commands import cancel_conflicting_visit, keep_both_visits, move_conflicting_visit
from app.scheduling.queries import (
    Booked,
    DoubleBooking,
    FreeSlot,
    ReasonId,
    ReasonKind,
    ReasonLine,
    VisitLine,
    double_booking,
    slots_for_visit,
    visit_reasons,
)
from ui.patients.facts import Facts, empty
from ui.patients.words import plain_name
from ui.shell.formats import hour, moment
from ui.shell.screen import Screen
from ui.synchronisation.overlap_strip import OverlapStrip
from ui.synchronisation.words import KINDS, author_words, span_words, station
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Field
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow, effective_width
from ui.widgets.pills import SeverityChip, Tag

SIDE_BY_SIDE = 900
SHOWN_SLOTS = 4


class VisitCard(Card):
    """One of the two visits, with the times that are free for it, and the way to call it off."""

    def __init__(self, panel: DoublePanel, side: Booked, conflict_id: str) -> None:
        line = side.visit
        super().__init__(f"{plain_name(line)} · {_type(line)}", Tag(station(side.booked), "desktop"))
        self._panel, self._bench, self.side, self._conflict = panel, panel.screen_of.bench, side, conflict_id
        self.add(WrapLabel(author_words(side.booked, panel.people, panel.clock), "small", "muted"))
        facts = Facts()
        facts.show_facts(self._facts())
        self.add(facts)
        self._slots_title = Label(_(N_("Move to a free time")), "small", "muted")
        self._slots = Flow(gap=6, row_gap=6)
        self._cancel = Button(_(cancel_conflicting_visit.label), "quiet", "prohibit")
        self._cancel.clicked.connect(self._ask_why)
        self._elsewhere = Button(_(N_("Another time…")), "quiet", "calendar-blank")
        self._elsewhere.clicked.connect(
            lambda: panel.screen_of.open_screen.emit("appointment", {"appointment_id": line.id})
        )
        self.add(self._slots_title)
        self.add(self._slots)
        self.add(Flow(self._elsewhere, self._cancel))
        self._why = QVBoxLayout()
        self.add(self._why)
        self.body.addStretch(1)
        reason = self._bench.reason(cancel_conflicting_visit)
        self._cancel.set_available(not reason, reason)
        self._reason, self._note = Choice(), TextField()
        self._reason.setParent(self)
        self._note.setParent(self)
        self._reason.hide()
        self._note.hide()

    def _facts(self) -> list[tuple[str, str | QWidget]]:
        line, clock = self.side.visit, self._panel.clock
        doctor = ", ".join(hour(start, clock) for start, _end in self.side.doctor_minutes)
        when = span_words(line.starts_at, line.ends_at, clock) if line.starts_at and line.ends_at else "–"
        confirmed = moment(line.confirmed_at, clock) if line.confirmed_at else _(N_("no"))
        return [
            (_(N_("When")), when),
            (_(N_("Chair")), self.side.chair or "–"),
            (_(N_("Doctor")), f"{self.side.doctor} · {doctor}" if doctor else self.side.doctor),
            (_(N_("Confirmed")), confirmed),
            (_(N_("Note")), line.note or ""),
        ]

    def show_slots(self, slots: tuple[FreeSlot, ...], chairs: Mapping[str, str]) -> None:
        """Offer the free times, one button each."""
        empty(self._slots.flow)
        reason = self._bench.reason(move_conflicting_visit)
        for slot in slots[:SHOWN_SLOTS]:
            when = self._when(slot)
            words = " · ".join(part for part in (when, chairs.get(slot.operatory_id, "")) if part)
            button = Button(words, "secondary", "arrows-out-cardinal")
            button.setAccessibleName(_(N_("Move {name} to {when}"), name=plain_name(self.side.visit), when=words))
            button.set_available(not reason, reason)
            button.clicked.connect(partial(self._move, slot))
            self._slots.add(button)
        if not slots:
            self._slots.add(Label(_(N_("Nothing is free in the next days.")), "small", "muted"))

    def _when(self, slot: FreeSlot) -> str:
        """The hour alone on the same day, with its day otherwise."""
        clock, at = self._panel.clock, self.side.visit.starts_at
        same = at is not None and clock.day_of(at) == clock.day_of(slot.starts_at)
        return hour(slot.starts_at, clock) if same else moment(slot.starts_at, clock)

    def _move(self, slot: FreeSlot) -> None:
        when = moment(slot.starts_at, self._panel.clock)
        self._bench.run(
            move_conflicting_visit, self._conflict, self.side.visit.id, slot.starts_at, slot.operatory_id
        ).say(_(N_("{name} now comes on {moment}."), name=plain_name(self.side.visit), moment=when))  # fmt: skip

    def _ask_why(self) -> None:
        """The reason, under the card: no dialog, and nothing happens before it is given."""
        empty(self._why)
        self._reason, self._note = Choice(), TextField(_(N_("E.g. the family will call back")))
        self._reason.set_options([("", _(N_("Choose a reason"))), *self._panel.reasons()])
        self._why.addWidget(Field(_(N_("Reason")), self._reason))
        self._field = Field(_(N_("Note")), self._note)
        self._why.addWidget(self._field)
        do, back = Button(_(cancel_conflicting_visit.label), "danger", "prohibit"), Button(_(N_("Back")), "quiet")
        do.clicked.connect(self._call_off)
        back.clicked.connect(self._drop_why)
        self._why.addWidget(Flow(do, back))
        self._reason.setFocus()

    def _drop_why(self) -> None:
        empty(self._why)
        self._cancel.setFocus()

    def _call_off(self) -> None:
        reason = ReasonId(str(self._reason.value())) if self._reason.value() else None
        self._bench.run_for(
            self, cancel_conflicting_visit, self._conflict, self.side.visit.id, reason, self._note.text()
        ).say(_(N_("The visit of {name} is cancelled."), name=plain_name(self.side.visit)))

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """A reason is missing, or cannot be used."""
        self._field.set_error(str(problem))
        return True


class DoublePanel(QWidget):
    """Shows one double booking."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.screen_of, self.clock = screen, screen.bench.runner.clock
        self.people: Mapping[str, str] = {}
        self.chairs: Mapping[str, str] = {}
        self._reasons: tuple[ReasonLine, ...] = ()
        self._conflict = ""
        self._cards: list[VisitCard] = []
        self._title, self._sentence = WrapLabel("", "heading"), WrapLabel("", "body", "muted")
        self._kinds = Flow(gap=6)
        self._strip = OverlapStrip(self.clock)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(10)
        self._keep = Button("", "secondary", "check")
        self._keep.clicked.connect(self._keep_both)
        self._close = Button("", "primary", "check")
        self._close.clicked.connect(self._close_it)
        self._foot = WrapLabel("", "small", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._title, self._sentence, self._kinds):
            column.addWidget(part)
        column.addLayout(self._sides)
        strip = Card()
        strip.add(self._strip)
        strip.add(Flow(self._keep, self._close))
        strip.add(self._foot)
        column.addWidget(strip)

    def show_conflict(self, conflict_id: str) -> None:
        """Ask for both sides."""
        self._conflict = conflict_id
        self.screen_of.ask(visit_reasons, self._take_reasons)
        self.screen_of.ask(double_booking, self._show, conflict_id)

    def _take_reasons(self, reasons: tuple[ReasonLine, ...]) -> None:
        self._reasons = reasons

    def reasons(self) -> list[tuple[object, str]]:
        """Why a visit may be called off."""
        lines = [line for line in self._reasons if line.kind is ReasonKind.CANCEL]
        return [(line.id, line.name_fr if language() == "fr" else line.name_en) for line in lines]

    def _show(self, found: DoubleBooking) -> None:
        if found.conflict_id != self._conflict:
            return
        where = found.visits[0].chair if found.visits else ""
        when = span_words(*found.overlap, self.clock) if found.overlap else ""
        self._title.setText(" · ".join(part for part in (_(N_("Double booking")), where, when) if part))
        self._sentence.setText(self._say(found))
        empty(self._kinds.flow)
        for kind in found.kinds if found.stands else ():
            self._kinds.add(SeverityChip("danger", _(KINDS.get(kind, kind)), "intersect"))
        empty(self._sides)
        self._cards = [VisitCard(self, side, found.conflict_id) for side in found.visits]
        for card in self._cards:
            self._sides.addWidget(card, 1)
            if found.stands:
                self.screen_of.ask(slots_for_visit, partial(self._offer, card), card.side.visit.id)
        bars = [
            (plain_name(side.visit), side.visit.starts_at, side.visit.ends_at)
            for side in found.visits
            if side.visit.starts_at is not None and side.visit.ends_at is not None
        ]
        self._strip.show_bars(bars if found.stands else [], found.overlap)
        self._say_acts(found)
        self.fit()

    def _say(self, found: DoubleBooking) -> str:
        if not found.stands:
            return _(N_("They no longer meet: one was moved or called off since. Nothing is left to decide."))
        return _(N_("Two workstations booked the same time, neither knowing of the other. Both visits stand."))

    def _offer(self, card: VisitCard, slots: tuple[FreeSlot, ...]) -> None:
        if card in self._cards:
            card.show_slots(slots, self.chairs)

    def _say_acts(self, found: DoubleBooking) -> None:
        bench = self.screen_of.bench
        self._keep.setText(_(keep_both_visits.label))
        self._keep.setVisible(found.stands)
        self._keep.set_available(not bench.reason(keep_both_visits), bench.reason(keep_both_visits))
        self._keep.set_help(_(keep_both_visits.help))
        self._close.setText(_(close_conflict.label))
        self._close.setVisible(not found.stands)
        self._close.set_available(not bench.reason(close_conflict), bench.reason(close_conflict))
        self._foot.setText(_(N_("Both versions stay in the journal. Nothing is deleted.")))

    def _keep_both(self) -> None:
        self.screen_of.bench.run(keep_both_visits, self._conflict)

    def _close_it(self) -> None:
        self.screen_of.bench.run(close_conflict, self._conflict)

    def fit(self) -> None:
        """Under each other where two cards do not stand side by side."""
        narrow = effective_width(self.screen_of) < SIDE_BY_SIDE
        directions = QBoxLayout.Direction
        self._sides.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the room."""
        super().resizeEvent(event)
        self.fit()


def _type(line: VisitLine) -> str:
    return line.type_name_fr if language() == "fr" else line.type_name_en
