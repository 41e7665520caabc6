"""Whom to call about a visit: telephones that copy themselves, the last contact, confirmed or message left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.patients.queries import (
    RELATION_LABELS,
    ContactKind,
    ContactLine,
    Family,
    HolderId,
    contacts_of,
    family_of,
    shown_phone,
)
from app.scheduling.commands import note_contact
from app.scheduling.queries import (
    OUTCOME_LABELS,
    ContactChannel,
    ContactEntry,
    ContactOutcome,
    contacts_with,
)
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.shell.bench import Bench
from ui.shell.formats import moment
from ui.widgets.announce import announce
from ui.widgets.buttons import Button
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow

PHONES = frozenset({ContactKind.MOBILE, ContactKind.HOME, ContactKind.WORK})


class Contacts(QWidget):
    """The telephones of one patient's family; `show_patient` asks for them."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._patient_id = PatientId("")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._phones, self._last = QVBoxLayout(), WrapLabel("", "small", "muted")
        self._phones.setSpacing(6)
        self._column.addLayout(self._phones)
        self._column.addWidget(self._last)
        self._own: tuple[ContactLine, ...] = ()

    def show_patient(self, patient_id: PatientId) -> None:
        """Ask for the telephones and the last contact."""
        if patient_id != self._patient_id:
            empty(self._phones)
            self._last.setText("")
            self._own = ()
        self._patient_id = patient_id
        if not patient_id:
            return
        if self._bench.may(family_of):
            self._bench.ask(contacts_of, self._take_own, HolderId(patient_id))
            self._bench.ask(family_of, self._take_family, patient_id)
        if self._bench.may(contacts_with):
            self._bench.ask(contacts_with, self._take_contacts, patient_id)

    def _take_own(self, own: tuple[ContactLine, ...]) -> None:
        self._own = own

    def _take_family(self, family: Family) -> None:
        empty(self._phones)
        found = 0
        for person in family.persons:
            words = f"{plain_name(person)}, {_(RELATION_LABELS[person.relation]).lower()}"
            found += self._person(words, person.contacts)
        found += self._person(_(N_("The patient")), self._own)
        if not found:
            self._phones.addWidget(WrapLabel(_(N_("No telephone is known.")), "small", "muted"))

    def _person(self, words: str, contacts: tuple[ContactLine, ...]) -> int:
        phones = [contact for contact in contacts if contact.kind in PHONES]
        if not phones:
            return 0
        self._phones.addWidget(WrapLabel(words, "small", "muted"))
        row = Flow(gap=6, row_gap=6)
        for contact in phones:
            row.add(self._phone(words, contact))
        self._phones.addWidget(row)
        return len(phones)

    def _phone(self, who: str, contact: ContactLine) -> Button:
        number = shown_phone(contact.value)
        button = Button(number, "secondary", "phone", size="compact")
        button.setAccessibleName(_(N_("Copy {number}, {name}"), number=number, name=who))
        button.set_help(_(N_("Copy the number")))
        button.clicked.connect(lambda *_args: self._copy(button, number, contact.value))
        return button

    @staticmethod
    def _copy(button: Button, number: str, value: str) -> None:
        QApplication.clipboard().setText(value)
        button.set_icon("check")
        announce(button, _(N_("{number} copied"), number=number))

    def _take_contacts(self, entries: tuple[ContactEntry, ...]) -> None:
        last = next((entry for entry in entries if not entry.voided), None)
        clock = self._bench.runner.clock
        self._last.setText(
            _(N_("Last contact: {what}, {when}"), what=_(OUTCOME_LABELS[last.outcome]), when=moment(last.at, clock))
            if last
            else ""
        )
        self._last.setVisible(last is not None)


def message_left(bench: Bench, patient_id: PatientId, name: str, then: Callable[[Any], None] = lambda _c: None) -> None:
    """Keep that a message was left by telephone."""
    running = bench.run(note_contact, patient_id, ContactChannel.PHONE, ContactOutcome.LEFT_MESSAGE)
    running.say(_(N_("Message left for {name}"), name=name)).then(then)
