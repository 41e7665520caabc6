"""The checkout: the next visit at one of three times that fit, or a reason why there is none; then they leave."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError
from app.core.i18n import N_, _, language
from app.orchestration.commands import check_out_with_next, check_out_without_next
from app.orchestration.queries import NO_NEXT_LABELS, NextOffer, NoNextReason, next_visit_offers
from app.scheduling.queries import (
    AppointmentId,
    TypeLine,
    VisitLine,
    VisitPage,
    appointment_page,
    appointment_types,
)
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.shell.formats import day, hour
from ui.shell.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Field, Message
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import VScroll
from ui.widgets.tint import Tinted
from ui.widgets.typed_fields import NumberField


class CheckoutView(Screen):
    """`choose(appointment_id=…)`."""

    def build(self) -> None:
        """What is booked next at the left, why nothing is at the right."""
        self._visit: VisitLine | None = None
        self._id = AppointmentId("")
        self.offers: tuple[NextOffer, ...] = ()
        self._types: tuple[TypeLine, ...] = ()
        self.next_card, self.none_card = Card(""), Card("")
        self.kind, self.weeks = Choice(), NumberField("", least=0, most=104)
        self._kind_field, self._weeks_field = Field("", self.kind), Field("", self.weeks)
        self.kind.changed.connect(lambda _value: self._ask_offers())
        self.weeks.editingFinished.connect(self._ask_offers)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(8)
        self.other = Button("", "quiet", "calendar-plus")
        self.other.clicked.connect(self._elsewhere)
        self.reason, self.note, self.leave = Choice(), TextField(""), Button("", "secondary", "sign-out")
        self._reason_field, self._note_field = Field("", self.reason), Field("", self.note)
        self.leave.clicked.connect(self._leave)
        self.problem = Message()
        self._lay_out()

    def _lay_out(self) -> None:
        wishes = QHBoxLayout()
        wishes.setSpacing(10)
        wishes.addWidget(self._kind_field, 2)
        wishes.addWidget(self._weeks_field, 1)
        for card, parts in (
            (self.next_card, (wishes, self.rows, self.other)),
            (self.none_card, (self._reason_field, self._note_field, self.problem, self.leave)),
        ):
            for part in parts:
                card.add(part)
            card.body.addStretch(1)
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.next_card, 3)
        row.addWidget(self.none_card, 2)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 10)
        column.addWidget(VScroll(inner))
        self._say()

    def _say(self) -> None:
        """Everything in the language in force."""
        self.next_card.set_title(_(N_("Next visit")))
        self.none_card.set_title(_(N_("No next visit")))
        self._kind_field.set_label(_(N_("Kind of visit")))
        self._weeks_field.set_label(_(N_("In how many weeks")))
        self._reason_field.set_label(_(N_("Why")))
        self._note_field.set_label(_(N_("Note")))
        self.other.setText(_(N_("Another time…")))
        self.leave.setText(_(check_out_without_next.label))
        self.reason.set_options([(key.value, _(words)) for key, words in NO_NEXT_LABELS.items()])

    def retranslate(self) -> None:
        """The cards are made of words too."""
        self._say()
        super().retranslate()

    def choose(self, **chosen: Any) -> None:
        """Whose checkout it is."""
        self._id = AppointmentId(str(chosen.get("appointment_id") or self._id))
        self.offers = ()
        self.freshen()

    def subheading(self) -> str:
        """Who leaves."""
        return plain_name(self._visit) if self._visit is not None else ""

    def context(self) -> dict[str, Any]:
        """The visit."""
        if self._visit is None:
            return {}
        return {"appointment_id": self._visit.id, "patient_id": self._visit.patient_id}

    def focus_first(self) -> None:
        """The first time that is offered."""
        button = next(iter(self.next_card.findChildren(Button)), self.leave)
        button.setFocus(self.focus_reason)

    def reload(self) -> None:
        """Ask for the visit, the kinds, the times."""
        if not self._id:
            self.show_state("calendar-blank", N_("Choose a visit at the checkout."), N_("The day shows who is there."))
            return
        self.ask(appointment_types, self._keep_types)
        self.ask(appointment_page, self.show_visit, self._id)
        self._ask_offers()

    def _keep_types(self, types: tuple[TypeLine, ...]) -> None:
        if types != self._types or not self.kind.count():
            self._types = types
            names = [(line.code, line.name_fr if language() == "fr" else line.name_en) for line in types]
            self.kind.blockSignals(True)
            self.kind.set_options([("", _(N_("What usually follows"))), *names])
            self.kind.blockSignals(False)

    def show_visit(self, page: VisitPage) -> None:
        """Say whose checkout it is; who has left is not let go again."""
        self._visit = page.visit
        reason = self.bench.reason(check_out_without_next)
        if not reason and page.visit.flow not in {"checkout", "out_deck", "gone"}:
            reason = _(N_("The visit is not at the checkout."))
        self.leave.set_available(not reason, reason)
        self.show_body()
        self.titled.emit()

    def _ask_offers(self) -> None:
        if self._id:
            weeks = self.weeks.value()
            kind = str(self.kind.value() or "")
            self.ask(next_visit_offers, self.show_offers, self._id, kind, int(weeks or 0))

    def show_offers(self, offers: tuple[NextOffer, ...]) -> None:
        """One button for each time, with what speaks for it."""
        if offers == self.offers and self.rows.count():
            return
        self.offers = offers
        empty(self.rows)
        for offer in offers:
            self.rows.addWidget(self._offer(offer))
        if not offers:
            self.rows.addWidget(WrapLabel(_(N_("No time fits within two weeks of it.")), "body", "muted"))

    def _offer(self, offer: NextOffer) -> QWidget:
        clock = self.bench.runner.clock
        when = f"{day(clock.day_of(offer.slot.starts_at), weekday=True)} · {hour(offer.slot.starts_at, clock)}"
        box = Tinted()
        row = QHBoxLayout(box)
        row.setContentsMargins(10, 8, 10, 8)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(WrapLabel(when, "name"))
        said = " · ".join(_(reason) for reason in offer.reasons)
        words.addWidget(WrapLabel(said or _(N_("fits by minutes of doctor, hands and chair")), "small", "muted"))
        row.addLayout(words, 1)
        take = Button(_(N_("Book and leave")), "primary", "calendar-plus")
        take.setAccessibleName(_(N_("{verb}: {what}"), verb=_(N_("Book and leave")), what=when))
        take.set_help(_(check_out_with_next.help))
        take.set_available(self.bench.may(check_out_with_next), self.bench.reason(check_out_with_next))
        take.clicked.connect(lambda: self.take(offer))
        row.addWidget(take)
        return box

    # -- deeds ----------------------------------------------------------------------------------------------
    def take(self, offer: NextOffer) -> None:
        """Book a time, and let the patient leave."""
        slot = offer.slot
        running = self.bench.run(
            check_out_with_next, self._id, offer.type_code, slot.operatory_id, slot.starts_at, slot.doctor_id,
            slot.assistant_id,
        )  # fmt: skip
        running.then(lambda _booked: self._back())

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the note, or under the reason."""
        if field == "note":
            self._note_field.set_error(problem)
        else:
            self.problem.show_text(str(problem), error=True)
        return True

    def _leave(self) -> None:
        self._note_field.set_error("")
        self.problem.show_text("", error=False)
        reason = NoNextReason(str(self.reason.value()))
        running = self.bench.run_for(self, check_out_without_next, self._id, reason, self.note.text().strip())
        running.then(lambda _row: self._back())

    def _elsewhere(self) -> None:
        if self._visit is not None:
            self.open_screen.emit("appointment", {"patient_id": self._visit.patient_id})

    def _back(self) -> None:
        self.note.clear()
        self.open_screen.emit("day", {})
