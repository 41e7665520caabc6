"""Beside the list: the free gaps with those who could come, the visits to confirm, and the walk-in at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.ids import ClinicId, PatientId
from app.practice.queries import OperatoryId, OperatoryLine
from app.scheduling.commands import confirm_appointment, give_sooner_time, insert_walk_in
from app.scheduling.permissions import OVERRIDE_CONFLICTS
from app.scheduling.queries import ContactChannel, DayGap, DayPage, DayRow, SoonerFit, TypeLine, day_gaps, day_list
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.scheduling.editor_suggest import PatientField
from ui.scheduling.today_contacts import message_left
from ui.scheduling.today_words import minutes_words, type_name, who
from ui.shell.bench import Bench
from ui.shell.formats import hour, phone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.choices import Switch
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.pills import Tag

MOST_GAPS = 6
MOST_FITS = 3
MOST_TO_CONFIRM = 8


class Gaps(Card):
    """What is free for the rest of the day, and who of the short-notice list fits."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(" ", icon="lightning")
        self._bench = bench
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.add(self._list)

    def ask(self, clinic_id: ClinicId, on: date) -> None:
        """Ask for the gaps of a day."""
        self.set_title(_(N_("Free gaps")))
        self._bench.ask(day_gaps, self._show, clinic_id, on)

    def _show(self, gaps: tuple[DayGap, ...]) -> None:
        empty(self._list)
        shown = sorted(gaps, key=lambda gap: (not gap.fits, gap.starts_at))[:MOST_GAPS]
        if not shown:
            self._list.addWidget(WrapLabel(_(N_("No chair is free any more on this day.")), "small", "muted"))
        for gap in sorted(shown, key=lambda gap: gap.starts_at):
            self._list.addLayout(self._gap(gap))

    def _gap(self, gap: DayGap) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        clock = self._bench.runner.clock
        row = QHBoxLayout()
        words = _(N_("{start} to {end}"), start=hour(gap.starts_at, clock), end=hour(gap.ends_at, clock))
        row.addWidget(WrapLabel(f"{words} · {gap.operatory}".replace(" ", "\u00a0").replace("\u00a0·\u00a0", " · ")), 1)
        row.addWidget(Tag(minutes_words(gap.minutes)), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        for fit in gap.fits[:MOST_FITS]:
            column.addLayout(self._fit(fit))
        return column

    def _fit(self, fit: SoonerFit) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        name = plain_name(fit)
        row.addWidget(WrapLabel(f"{name} · {fit.type_code}", "small"), 1)
        give = Button(_(N_("Give the time")), "secondary", size="compact")
        give.setAccessibleName(
            _(N_("Give {time} to {name}"), time=hour(fit.slot.starts_at, self._bench.runner.clock), name=name)
        )
        give.set_available(self._bench.may(give_sooner_time), self._bench.reason(give_sooner_time))
        give.clicked.connect(lambda *_args: self._give(fit))
        row.addWidget(give, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _give(self, fit: SoonerFit) -> None:
        slot = fit.slot
        running = self._bench.run(
            give_sooner_time, fit.short_notice_id, slot.operatory_id, slot.starts_at, slot.doctor_id, slot.assistant_id
        )
        at = hour(slot.starts_at, self._bench.runner.clock)
        running.say(_(N_("{name} comes at {time}"), name=plain_name(fit), time=at))


class ToConfirm(Card):
    """The visits of the day whose family has not confirmed, with whom to call."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(" ", icon="phone")
        self._bench = bench
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.add(self._list)

    def ask(self, clinic_id: ClinicId, on: date) -> None:
        """Ask for the visits."""
        self.set_title(_(N_("To confirm")))
        self._bench.ask(day_list, self._show, clinic_id, on, unconfirmed=True, limit=MOST_TO_CONFIRM)

    def _show(self, page: DayPage) -> None:
        empty(self._list)
        self.setVisible(bool(page.rows))
        for row in page.rows:
            self._list.addLayout(self._line(row))
        if page.total > len(page.rows):
            self._list.addWidget(WrapLabel(_(N_("and {n} more"), n=page.total - len(page.rows)), "small", "muted"))

    def _line(self, row: DayRow) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        at = hour(row.visit.starts_at, self._bench.runner.clock) if row.visit.starts_at else ""
        column.addWidget(WrapLabel(f"{at} · {who(row)}"))
        called = phone(row.phone) if row.phone else _(N_("no phone"))
        reach = " · ".join(part for part in (row.responsible or "", called) if part)
        column.addWidget(WrapLabel(reach, "small", "muted"))
        acts = QHBoxLayout()
        acts.setSpacing(6)
        confirm = Button(_(N_("Confirm")), "secondary", "check", size="compact")
        confirm.setAccessibleName(_(N_("Confirm {name}"), name=who(row)))
        confirm.set_available(self._bench.may(confirm_appointment), self._bench.reason(confirm_appointment))
        confirm.clicked.connect(lambda *_args: self._confirm(row))
        message = Button(_(N_("Message left")), "quiet", size="compact")
        message.setAccessibleName(_(N_("Message left for {name}"), name=who(row)))
        message.clicked.connect(lambda *_args: message_left(self._bench, row.visit.patient_id, who(row)))
        acts.addWidget(confirm)
        acts.addWidget(message)
        acts.addStretch(1)
        column.addLayout(acts)
        return column

    def _confirm(self, row: DayRow) -> None:
        running = self._bench.run(confirm_appointment, row.visit.id, channel=ContactChannel.PHONE)
        running.say(_(N_("{name} is confirmed"), name=who(row)))


class WalkIn(Card):
    """Somebody at the desk without an appointment: patient, kind, chair; booked and checked in at once."""

    closed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__(_(insert_walk_in.label), icon="first-aid")
        self._bench = bench
        self._patient_id = PatientId("")
        self._name = ""
        self._patient = PatientField(bench)
        self._patient.taken.connect(self._take)
        self._type, self._chair, self._note = Choice(), Choice(), TextField(_(N_("E.g. wire pokes, lower left")))
        self._override = Switch(_(N_("In spite of a conflict")))
        self.fields = {
            "patient_id": Field(_(N_("Patient")), self._patient), "type": Field(_(N_("Type")), self._type),
            "operatory_id": Field(_(N_("Chair")), self._chair), "note": Field(_(N_("Note")), self._note),
        }  # fmt: skip
        for field in self.fields.values():
            self.add(field)
        self.add(self._override)
        self._override.setVisible(bench.may(OVERRIDE_CONFLICTS))
        self._act, back = Button(_(N_("Insert")), "primary", "first-aid"), Button(_(N_("Cancel")))
        self._act.clicked.connect(self.send)
        back.clicked.connect(self.closed)
        self._act.set_available(bench.may(insert_walk_in), bench.reason(insert_walk_in))
        answers = QHBoxLayout()
        answers.addStretch(1)
        answers.addWidget(back)
        answers.addWidget(self._act)
        self.add(answers)

    def begin(self, types: Sequence[TypeLine], chairs: Sequence[OperatoryLine]) -> None:
        """Offer the kinds of visit, emergencies first, and the chairs."""
        ordered = sorted(types, key=lambda line: not line.is_emergency)
        self._type.set_options([(line.code, type_name(line)) for line in ordered])
        self._chair.set_options([(chair.id, chair.name) for chair in chairs])
        self._patient.setFocus(Qt.FocusReason.TabFocusReason)

    def _take(self, patient_id: str, shown: str) -> None:
        self._patient_id, self._name = PatientId(patient_id), shown

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field that the rule names; what stands against the time, under the chair."""
        box = self.fields.get({"starts_at": "operatory_id", "doctor_id": "operatory_id"}.get(field, field))
        if box is not None:
            box.set_error(problem)
        return box is not None

    def send(self) -> None:
        """Run the command."""
        for field in self.fields.values():
            field.set_error("")
        if not self._patient_id:
            self.fields["patient_id"].set_error(_(N_("Choose the patient first.")))
            return
        self._act.setEnabled(False)
        running = self._bench.run_for(
            self, insert_walk_in, self._patient_id, str(self._type.value()), OperatoryId(str(self._chair.value())),
            note=self._note.text().strip(), override=self._override.isChecked(),
        )  # fmt: skip
        running.say(_(N_("{name} is inserted and has arrived"), name=self._name))
        running.then(lambda _made: self.closed.emit()).at_end(lambda: self._act.setEnabled(True))
