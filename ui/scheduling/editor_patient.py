"""Whose visit it is: found while one types, or a stub of a new chart with two names and a telephone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.patients.commands import add_contact, create_patient
from app.patients.queries import ContactKind, HolderId, PatientBanner
from ui.patients.facts import empty
from ui.patients.words import ALERT_ICONS, SEVERITIES, alert_words, full_name, number
from ui.scheduling.editor_suggest import PatientField
from ui.shell.bench import Bench
from ui.shell.formats import age, phone
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import TextField
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow
from ui.widgets.pills import SeverityChip


class PatientPart(Card):
    """`taken(id, name)` when the patient is chosen or made."""

    taken = Signal(str, str)

    def __init__(self, bench: Bench) -> None:
        super().__init__(" ", icon="user")
        self._bench = bench
        self.finder = PatientField(bench)
        self.finder.taken.connect(self.taken)
        self.field = Field(" ", self.finder)
        self._new = Button(" ", "quiet", "user-plus", size="compact")
        self._new.clicked.connect(self._open_stub)
        self.head.addWidget(self._new)
        self._who = QVBoxLayout()
        self._stub = QWidget()
        self._given, self._family, self._phone = TextField(), TextField(), TextField("514 555-0142")
        self._stub_fields = {
            "given_name": Field(" ", self._given), "family_name": Field(" ", self._family),
            "value": Field(" ", self._phone),
        }  # fmt: skip
        row = QHBoxLayout()
        row.setSpacing(8)
        for field in self._stub_fields.values():
            row.addWidget(field, 1)
        self._make = Button(" ", "secondary", "user-plus")
        self._make.clicked.connect(self._create)
        column = QVBoxLayout(self._stub)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        answers = QHBoxLayout()
        answers.addStretch(1)
        answers.addWidget(self._make)
        column.addLayout(answers)
        self._stub.hide()
        self.add(self.field)
        self.add(self._stub)
        self.add(self._who)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.set_title(_(N_("Patient")))
        self.field.set_label(_(N_("Name, phone, birth date or file number")))
        self._new.setText(_(N_("New patient")))
        self._new.set_available(self._bench.may(create_patient), self._bench.reason(create_patient))
        self._make.setText(_(N_("Open the file")))
        for name, label in (
            ("given_name", N_("Given name")), ("family_name", N_("Family name")), ("value", N_("Mobile phone")),
        ):  # fmt: skip
            self._stub_fields[name].set_label(_(label))

    def fix(self, fixed: bool) -> None:
        """A visit that exists keeps its patient."""
        self.field.setVisible(not fixed)
        self._new.setVisible(not fixed)
        self._stub.hide()

    def show_banner(self, banner: PatientBanner | None) -> None:
        """Who was chosen, with what to mind."""
        empty(self._who)
        if banner is None:
            return
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Avatar(full_name(banner), 36, banner.id))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(WrapLabel(full_name(banner), "name"))
        today = self._bench.runner.clock.today()
        called = banner.responsible.phone if banner.responsible and banner.responsible.phone else banner.phone
        parts = (
            age(banner.born_on, today) if banner.born_on else "", number(banner.file_number),
            phone(called) if called else "",
        )  # fmt: skip
        words.addWidget(WrapLabel(" · ".join(part for part in parts if part), "small", "muted"))
        row.addLayout(words, 1)
        self._who.addLayout(row)
        if banner.alerts:
            marks = Flow(gap=6, row_gap=6)
            for alert in banner.alerts:
                words_ = alert_words(alert.kind, alert.text)
                marks.add(SeverityChip(SEVERITIES[alert.severity], words_, ALERT_ICONS[alert.kind]))
            self._who.addWidget(marks)

    # -- a stub ---------------------------------------------------------------------------------------------
    def _open_stub(self) -> None:
        self._stub.setVisible(self._stub.isHidden())
        if self._stub.isVisible():
            given, _space, family = str(self.finder.value()).partition(" ")
            if not any(letter.isdigit() for letter in given):
                self._given.setText(given[:1].upper() + given[1:])
                self._family.setText(family[:1].upper() + family[1:])
            self._given.setFocus()

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field of the stub that the rule names."""
        box = self._stub_fields.get(field)
        if box is not None:
            box.set_error(problem)
        return box is not None

    def _create(self) -> None:
        for field in self._stub_fields.values():
            field.set_error("")
        name = f"{self._given.text().strip()} {self._family.text().strip()}"
        self._make.setEnabled(False)
        running = self._bench.run_for(self, create_patient, self._family.text().strip(), self._given.text().strip())
        running.say(_(N_("File of {name} opened"), name=name))
        running.then(lambda made: self._made(made, name)).at_end(lambda: self._make.setEnabled(True))

    def _made(self, patient_id: PatientId, name: str) -> None:
        called = self._phone.text().strip()
        if called:
            holder = HolderId(patient_id)
            self._bench.run_for(self, add_contact, holder, ContactKind.MOBILE, called, preferred=True).say("")
        self._stub.hide()
        self.finder.show_taken(name)
        self.taken.emit(patient_id, name)
