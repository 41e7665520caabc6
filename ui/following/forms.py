"""The small forms of the lists: a contact, whose and until when, an expected end, a recall."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import date

from PySide6.QtWidgets import QVBoxLayout

from app.core.i18n import N_, _
from app.core.ids import PatientId, StaffId
from app.patients.queries import (
    PHONES,
    RELATION_LABELS,
    ContactLine,
    Family,
    HolderId,
    contacts_of,
    family_of,
    shown_phone,
)
from app.scheduling.commands import (
    add_recall,
    assign_together,
    change_recall,
    note_contact,
    set_expected_end,
)
from app.scheduling.queries import (
    BLOCKER_LABELS,
    CHANNEL_LABELS,
    OUTCOME_LABELS,
    RECALL_LABELS,
    Blocker,
    ContactChannel,
    ContactOutcome,
    ExpectedEndLine,
    FollowUpList,
    RecallKind,
    RecallLine,
    expected_end,
)
from ui.following.patient_pick import PatientPick
from ui.patients.inline_form import InlineForm
from ui.patients.words import plain_name
from ui.shell.screen import Screen
from ui.widgets.fields import Choice, TextField
from ui.widgets.labels import WrapLabel
from ui.widgets.typed_fields import NumberField

SAVE = N_("Save")


def people_options(people: dict[str, str], nobody: str) -> list[tuple[object, str]]:
    """Nobody (a msgid), then everybody who works here."""
    return [("", _(nobody)), *people.items()]


class ContactForm(InlineForm):
    """Note a call or a message; every phone of the family stands above, so that nobody looks for it elsewhere."""

    def __init__(self, screen: Screen, patient_id: PatientId) -> None:
        super().__init__(screen.bench, lambda: patient_id, SAVE)
        self._screen = screen
        self.phones = WrapLabel("", "name")
        whole = self.layout()
        assert isinstance(whole, QVBoxLayout), "a form is made with its layout"
        whole.insertWidget(0, self.phones)
        outcomes = [(key.value, _(word)) for key, word in OUTCOME_LABELS.items() if key is not ContactOutcome.VOIDED]
        self.put("outcome", _(N_("Outcome")), Choice(outcomes))
        self.put(
            "channel", _(N_("Means of contact")), Choice([(key.value, _(word)) for key, word in CHANNEL_LABELS.items()])
        )
        self.put("note", _(N_("Note")), TextField(_(N_("E.g. calls back on Friday"))))
        self._own: tuple[ContactLine, ...] = ()
        self._family = Family((), ())
        self.bench.ask_for(None, contacts_of, self._show_own, HolderId(patient_id))
        self.bench.ask_for(None, family_of, self._show_family, patient_id)

    def _show_own(self, contacts: tuple[ContactLine, ...]) -> None:
        self._own = contacts
        self._say_phones()

    def _show_family(self, family: Family) -> None:
        self._family = family
        self._say_phones()

    def _say_phones(self) -> None:
        lines = [f"{_(N_('Patient'))} : {words}" for words in (_phones(self._own),) if words]
        for person in self._family.persons:
            words = _phones(person.contacts)
            if words:
                lines.append(f"{plain_name(person)} ({_(RELATION_LABELS[person.relation]).lower()}) : {words}")
        self.phones.setText("\n".join(lines) or _(N_("No phone is known.")))

    def send(self) -> None:
        """One command."""
        channel, outcome = ContactChannel(self.chosen("channel")), ContactOutcome(self.chosen("outcome"))
        running = self.bench.run_for(self, note_contact, self.patient_id(), channel, outcome, self.text("note"))
        running.then(lambda _contact: self.close_form())


def _phones(contacts: Sequence[ContactLine]) -> str:
    return ", ".join(shown_phone(contact.value) for contact in contacts if contact.kind in PHONES)


class AssignForm(InlineForm):
    """Who looks after the chosen patients, what stands in the way, until when they rest."""

    def __init__(
        self, screen: Screen, patients: Sequence[PatientId], code: FollowUpList, people: dict[str, str]
    ) -> None:
        super().__init__(screen.bench, lambda: patients[0], SAVE)
        self._patients, self._code = tuple(patients), code
        blockers = [("", _(N_("Unchanged"))), *((key.value, _(word)) for key, word in BLOCKER_LABELS.items())]
        self.put("owner_id", _(N_("Owner")), Choice(people_options(people, N_("Unchanged"))))
        self.put("blocker", _(N_("What stands in the way")), Choice(blockers))
        self.put("rests_until_on", _(N_("Rests until")), self.day_field())

    def send(self) -> None:
        """One operation a patient, one step to undo."""
        runner, actor, bench = self.bench.runner, self.bench.actor, self.bench
        owner, blocker = self.chosen("owner_id"), self.chosen("blocker")
        patients, code, rests = self._patients, self._code, self.day("rests_until_on")
        owner_id, stands = StaffId(owner) if owner else None, Blocker(blocker) if blocker else None

        def done(future: Future[str]) -> None:
            error = future.exception()
            if error is not None:
                bench.presenter.present(error, "assign_follow_up", self)
                return
            bench.note_done("", _(N_("The list has been shared out.")), future.result())
            self.close_form()

        bench.background(lambda: assign_together(runner, actor, patients, code, owner_id, stands, rests), done)


class ExpectedEndForm(InlineForm):
    """The day on which the treatment should end."""

    def __init__(self, screen: Screen, patient_id: PatientId) -> None:
        super().__init__(screen.bench, lambda: patient_id, SAVE)
        self._day = self.day_field()
        self.put("expected_on", _(N_("Expected end")), self._day)
        self.put("note", _(N_("Reason")), TextField(_(N_("E.g. elastics not worn"))))
        self.bench.ask_for(None, expected_end, self._show, patient_id)

    def _show(self, line: ExpectedEndLine | None) -> None:
        if line is not None and not self._day.text():
            self._day.set_value(line.expected_on)

    def send(self) -> None:
        """One command."""
        on = self.day("expected_on")
        if on is None:
            self.fields["expected_on"].set_error(_(N_("Write a day.")))
            return
        running = self.bench.run_for(self, set_expected_end, self.patient_id(), on, self.text("note"))
        running.then(lambda _end: self.close_form())


class RecallForm(InlineForm):
    """Add a recall for a patient, or change one: day, rhythm, owner, note."""

    def __init__(self, screen: Screen, people: dict[str, str], line: RecallLine | None = None) -> None:
        super().__init__(screen.bench, lambda: PatientId(""), N_("Add") if line is None else SAVE)
        self._line = line
        self._pick = PatientPick(screen)
        self._due, self._every = self.day_field(), NumberField(least=1, most=260)
        if line is None:
            self.put("patient_id", _(N_("Patient")), self._pick)
            self.put("kind", _(N_("Kind")), Choice([(key.value, _(word)) for key, word in RECALL_LABELS.items()]))
        else:
            self._pick.setParent(self)
            self._pick.hide()
        self.put("due_on", _(N_("Due on")), self._due)
        self.put("every_weeks", _(N_("Every (weeks)")), self._every)
        self.put("owner_id", _(N_("Owner")), Choice(people_options(people, N_("Nobody"))))
        self.put("note", _(N_("Note")), TextField())

    def open(self) -> None:
        """Start with what the recall has."""
        super().open()
        if self._line is not None:
            self._due.set_value(self._line.due_on)
            self._every.set_value(self._line.every_weeks)
            owner, note = self.fields["owner_id"].editor, self.fields["note"].editor
            if isinstance(owner, Choice) and isinstance(note, TextField):
                owner.set_value(self._line.owner_id or "")
                note.set_value(self._line.note or "")

    def send(self) -> None:
        """One command."""
        due = self.day("due_on")
        if due is None:
            self.fields["due_on"].set_error(_(N_("Write a day.")))
            return
        if self._line is None:
            self._add_recall(due)
            return
        owner = self.chosen("owner_id")
        running = self.bench.run_for(
            self, change_recall, self._line.id, due, self.number("every_weeks"),
            StaffId(owner) if owner else None, self.text("note"),
        )  # fmt: skip
        running.then(lambda _none: self.close_form())

    def _add_recall(self, due: date) -> None:
        patient = self._pick.patient_id()
        if patient is None:
            self.fields["patient_id"].set_error(_(N_("Choose a patient of the list.")))
            return
        owner = self.chosen("owner_id")
        running = self.bench.run_for(
            self, add_recall, patient, RecallKind(self.chosen("kind")), due, self.number("every_weeks"),
            StaffId(owner) if owner else None, self.text("note"),
        )  # fmt: skip
        running.then(lambda _recall: self.close_form())
