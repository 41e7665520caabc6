"""Recording a consent, a refusal or a withdrawal: purpose, who decided, on which day."""

from __future__ import annotations

from collections.abc import Callable

from app.core.i18n import N_, _
from app.core.ids import PatientId, PersonId
from app.patients.commands import record_consent, withdraw_consent
from app.patients.queries import PURPOSE_LABELS, ConsentPurpose, Family, family_of
from ui.patients.inline_form import InlineForm
from ui.patients.words import plain_name
from ui.shell.bench import Bench
from ui.widgets.fields import Choice, TextField

GIVEN, REFUSED = "given", "refused"


class ConsentForm(InlineForm):
    """With a purpose, the consent to it is withdrawn; without one, a decision is recorded."""

    def __init__(
        self, bench: Bench, patient_id: Callable[[], PatientId], withdrawn: ConsentPurpose | None = None
    ) -> None:
        super().__init__(bench, patient_id, N_("Record") if withdrawn is None else N_("Withdraw"))
        self._withdrawn = withdrawn
        self._day = self.day_field()
        self._by = Choice()
        if withdrawn is None:
            self.put("purpose", _(N_("Purpose")), Choice([(key.value, _(w)) for key, w in PURPOSE_LABELS.items()]))
            decisions = [(GIVEN, _(N_("Gives consent"))), (REFUSED, _(N_("Refuses")))]
            self.put("decision", _(N_("Decision")), Choice(decisions))
        self.put("by_person_id", _(N_("Who decided")), self._by)
        self.put("decided_on", _(N_("On the day")), self._day)
        self.put("note", _(N_("Note")), TextField(_(N_("E.g. form signed at reception"))))
        if withdrawn is None:
            self.put("text_version", _(N_("Text that was read")), TextField(_(N_("E.g. photos 2026-1"))))
        self._show_family(Family((), ()))
        bench.ask_for(None, family_of, self._show_family, patient_id())

    def _show_family(self, family: Family) -> None:
        persons = [(person.person_id, plain_name(person)) for person in family.persons]
        self._by.set_options([("", _(N_("The patient"))), *persons])

    def open(self) -> None:
        """Today, unless it is changed."""
        super().open()
        self._day.set_value(self.bench.runner.clock.today())

    def send(self) -> None:
        """One command."""
        who, on = self.chosen("by_person_id"), self.day("decided_on")
        person = PersonId(who) if who else None
        if self._withdrawn is not None:
            taking = self.bench.run_for(
                self, withdraw_consent, self.patient_id(), self._withdrawn, person, on, self.text("note")
            )
            taking.then(lambda _id: self.close_form())
            return
        recording = self.bench.run_for(
            self, record_consent, self.patient_id(), ConsentPurpose(self.chosen("purpose")),
            self.chosen("decision") == GIVEN, person, on, text_version=self.text("text_version"),
            note=self.text("note"),
        )  # fmt: skip
        recording.then(lambda _id: self.close_form())
