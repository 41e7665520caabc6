"""The visit that is chosen in the list: who, what, the next step, whom to call, and what else can happen to it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.i18n import N_, _
from app.scheduling.commands import (
    announce_late,
    book_appointment,
    cancel_appointment,
    confirm_appointment,
    mark_no_show,
    note_contact,
    save_appointment,
)
from app.scheduling.queries import (
    ContactChannel,
    DayRow,
    ReasonKind,
    ReasonLine,
    Stage,
    appointment_page,
    visit_reasons,
)
from ui.patients.facts import empty
from ui.scheduling.today_contacts import Contacts, message_left
from ui.scheduling.today_reasons import ReasonForm
from ui.scheduling.today_steps import next_step, refusal, take
from ui.scheduling.today_words import flags_of, type_name, wait_words, who
from ui.shell.bench import Bench
from ui.shell.formats import age, hour
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, Hairline
from ui.widgets.labels import ElidedLabel, WrapLabel
from ui.widgets.layout import Flow
from ui.widgets.pills import SeverityChip, StatusPill

EXPECTED = frozenset({Stage.EXPECTED, Stage.LATE})
OPEN = EXPECTED | {Stage.WAITING}


class Detail(Card):
    """One visit. `go(screen, chosen)` leads elsewhere; `off` tells that a visit was called off."""

    go = Signal(str, dict)
    off = Signal(str)

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self.row: DayRow | None = None
        self._reasons: tuple[ReasonLine, ...] = ()
        self._head, self._marks, self._acts = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._form_place = QVBoxLayout()
        self._form: ReasonForm | None = None
        self._contacts = Contacts(bench)
        for part in (self._head, self._marks, self._acts, self._form_place):
            part.setSpacing(8)
            self.add(part)
        self._line = Hairline()
        self.add(self._line)
        self.add(self._contacts)
        self.next_button: Button | None = None

    def take_reasons(self) -> None:
        """Ask for the reasons of the clinic."""
        if self._bench.may(visit_reasons):
            self._bench.ask(visit_reasons, self._keep_reasons, ReasonKind.CANCEL)

    def _keep_reasons(self, reasons: tuple[ReasonLine, ...]) -> None:
        self._reasons = reasons

    # -- showing --------------------------------------------------------------------------------------------
    def show_row(self, row: DayRow | None) -> None:
        """Show a visit; a form that is open for the same visit stays as it is."""
        same = row is not None and self.row is not None and row.visit.id == self.row.visit.id
        self.row = row
        for part in (self._head, self._marks, self._acts):
            empty(part)
        self.next_button = None
        if not same:
            self._close_form()
        self._contacts.setVisible(row is not None)
        self._line.setVisible(row is not None)
        if row is None:
            hint = _(N_("Choose a visit to see whom to call and what comes next."))
            self._head.addWidget(WrapLabel(hint, "body", "muted"))
            return
        self._fill(row)
        self._contacts.show_patient(row.visit.patient_id)

    def _fill(self, row: DayRow) -> None:
        clock = self._bench.runner.clock
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(Avatar(who(row), 40, row.visit.patient_id), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(WrapLabel(who(row), "name"))
        years = age(row.born_on, clock.today()) if row.born_on else ""
        number = _(N_("no. {number}"), number=row.visit.file_number)
        words.addWidget(WrapLabel(" · ".join(part for part in (years, number) if part), "small", "muted"))
        top.addLayout(words, 1)
        self._head.addLayout(top)
        at = hour(row.visit.starts_at, clock) if row.visit.starts_at else ""
        length = _(N_("{n} min"), n=row.visit.minutes)
        what = " · ".join(part for part in (at, type_name(row.visit), length) if part)
        where = " · ".join(part for part in (row.operatory, row.doctor, row.assistant) if part)
        self._head.addWidget(WrapLabel(what))
        self._head.addWidget(WrapLabel(where, "small", "muted"))
        marks = Flow(StatusPill(row.stage.value, wait_words(row, clock.now())), gap=6, row_gap=6)
        for icon, severity, text in flags_of(row):
            marks.add(SeverityChip(severity, text, icon))
        self._marks.addWidget(marks)
        if row.visit.note:
            self._marks.addWidget(WrapLabel(row.visit.note, "small"))
        self._offer(row)

    def _offer(self, row: DayRow) -> None:
        step = next_step(row)
        if step is not None:
            button = Button(_(step.label), "primary", step.icon)
            reason = refusal(self._bench, step, row)
            button.set_available(not reason, reason)
            button.set_help(f"{_(step.command.help)} ({step.keys})" if step.keys else _(step.command.help))
            button.clicked.connect(lambda *_args: self._take_next())
            self.next_button = button
            self._acts.addWidget(button)
        more = Flow(gap=6, row_gap=6)
        for label, icon, command, act, offered in self._others(row):
            if not offered:
                continue
            other = Button(_(label), "secondary", icon, size="compact")
            other.set_available(self._bench.may(command), self._bench.reason(command))
            other.clicked.connect(lambda *_args, act=act: act())
            more.add(other)
        self._acts.addWidget(more)

    def _take_next(self) -> None:
        step = next_step(self.row) if self.row is not None else None
        if self.row is not None and step is not None:
            take(self._bench, step, self.row)

    def _others(self, row: DayRow) -> list[tuple[str, str, Any, Any, bool]]:
        """(verb, icon, command, what it does, whether the stage offers it)."""
        expected, patient_id = row.stage in EXPECTED, row.visit.patient_id
        return [
            (N_("Confirm"), "check", confirm_appointment, self.confirm, row.unconfirmed),
            (N_("Message left"), "phone", note_contact, lambda: message_left(self._bench, patient_id, who(row)),
             expected),
            (N_("Runs late"), "clock-countdown", announce_late, lambda: self.ask_why(announce_late), expected),
            (N_("No-show"), "x-circle", mark_no_show, lambda: self.ask_why(mark_no_show), row.stage is Stage.LATE),
            (N_("Change"), "pencil-simple", save_appointment, self.edit, row.stage in OPEN),
            (N_("Cancel the visit"), "prohibit", cancel_appointment, lambda: self.ask_why(cancel_appointment),
             row.stage in OPEN),
            (N_("Book the next visit"), "calendar-plus", book_appointment, self.book_next, not expected),
            (N_("Routing slip"), "clipboard-text", appointment_page, self.print_slip, row.stage in OPEN),
        ]  # fmt: skip

    # -- acting ---------------------------------------------------------------------------------------------
    def confirm(self) -> None:
        """The family confirmed by telephone."""
        if self.row is not None:
            running = self._bench.run(confirm_appointment, self.row.visit.id, channel=ContactChannel.PHONE)
            running.say(_(N_("{name} is confirmed"), name=who(self.row)))

    def edit(self) -> None:
        """Open the editor on this visit."""
        if self.row is not None:
            self.go.emit("appointment", {"appointment_id": self.row.visit.id})

    def book_next(self) -> None:
        """Open the editor for the next visit of this patient."""
        if self.row is not None:
            self.go.emit("appointment", {"patient_id": self.row.visit.patient_id})

    def print_slip(self) -> None:
        """Look at the slip that goes with the patient, and print it."""
        if self.row is not None:
            ids = {"patient_id": self.row.visit.patient_id, "appointment_id": self.row.visit.id}
            self.go.emit("print", {"document": "slip", **ids})

    def ask_why(self, command: Any) -> None:
        """Open the small form of a command that wants a reason."""
        if self.row is None or not self._bench.may(command):
            return
        self._close_form()
        name = who(self.row)
        said = {
            cancel_appointment: _(N_("The visit of {name} is cancelled"), name=name),
            mark_no_show: _(N_("{name} did not come"), name=name),
            announce_late: _(N_("{name} will be late"), name=name),
        }.get(command, "")
        form = ReasonForm(self._bench, command, (self.row.visit.id, name), self._reasons, lambda: said)
        form.closed.connect(self._close_form)
        if command is cancel_appointment:
            form.ended.connect(self.off)
        self._form = form
        self._form_place.addWidget(ElidedLabel(_(command.label), "name"))
        self._form_place.addWidget(form)
        form.begin()

    def _close_form(self) -> None:
        held = self._form is not None and self._form.isAncestorOf(self.focusWidget() or self)
        self._form = None
        empty(self._form_place)
        if held and self.next_button is not None:
            self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)
