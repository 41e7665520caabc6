"""Family: who answers for the patient, how to reach them, and the brothers and sisters who are patients too."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.i18n import N_, _
from app.patients.commands import add_person
from app.patients.queries import (
    LANGUAGE_LABELS,
    LIVES_WITH_LABELS,
    RELATION_LABELS,
    Family,
    FamilyPerson,
    HolderId,
    Sibling,
    family_of,
)
from ui.patients.facts import Facts, empty
from ui.patients.inline_form import PersonForm
from ui.patients.patient_view import PatientTab
from ui.patients.reach import Reach
from ui.patients.words import born, number, plain_name
from ui.shell.formats import percent
from ui.theme.style import theme
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow
from ui.widgets.pills import SeverityChip, Tag

FORM_WIDTH = 640


class FamilyTab(PatientTab):
    """Cards by calling order."""

    def build(self) -> None:
        """One column."""
        whole = self.page()
        self._add = Button("", "secondary", "user-plus")
        self._form_place, self._column = QVBoxLayout(), QVBoxLayout()
        self._form: PersonForm | None = None
        self._reaches: list[Reach] = []
        self._kept = Family((), ())
        head = QHBoxLayout()
        head.addStretch(1)
        head.addWidget(self._add)
        whole.addLayout(head)
        whole.addLayout(self._form_place)
        whole.addLayout(self._column, 1)
        self._add.clicked.connect(self._open_form)
        self.words.put(self._add.setText, add_person.label)

    def _open_form(self) -> None:
        empty(self._form_place)
        self._form = PersonForm(self.bench, lambda: self.patient_id)
        card = Card(_(add_person.label), icon="user-plus")
        card.setMaximumWidth(theme.px(FORM_WIDTH))
        card.add(self._form)
        self._form.closed.connect(card.hide)
        self._form_place.addWidget(card)
        self._form.open()

    def reload(self) -> None:
        """Ask for the family."""
        self._add.set_available(self.bench.may(add_person), self.bench.reason(add_person))
        self.ask(family_of, self.show_family, self.patient_id)

    def show_family(self, family: Family) -> None:
        """One card a person, then the other children; not while somebody types in one of the cards."""
        self._kept = family
        if any(reach.editing for reach in self._reaches):
            return
        self._reaches = []
        empty(self._column)
        if not family.persons:
            self._column.addWidget(
                EmptyState(
                    "users",
                    _(N_("Nobody answers for this patient yet.")),
                    _(N_("An adult may answer for himself or herself.")),
                )
            )
        for place, person in enumerate(family.persons, 1):
            self._column.addWidget(self._person_card(person, place))
        if family.siblings:
            card = Card(_(N_("Other children of these persons")), icon="users")
            for sibling in family.siblings:
                card.add(self._sibling_row(sibling))
            self._column.addWidget(card)
        self._column.addStretch(1)
        self.show_body()

    def _person_card(self, person: FamilyPerson, place: int) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Avatar(plain_name(person), 40, person.person_id), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(WrapLabel(f"{plain_name(person)}, {_lower(_(RELATION_LABELS[person.relation]))}", "name"))
        marks = Flow(
            Tag(_(LIVES_WITH_LABELS[person.lives_with]), "house"),
            Tag(_(LANGUAGE_LABELS[person.language]), "translate"),
            gap=6,
        )
        if place == 1:
            marks.add(SeverityChip("info", _(N_("Call first")), "phone"))
        if person.may_consent:
            marks.add(SeverityChip("ok", _(N_("May consent")), "signature"))
        if person.payer_share_percent:
            marks.add(Tag(_(N_("Pays {share}"), share=percent(person.payer_share_percent)), "wallet"))
        words.addWidget(marks)
        head.addLayout(words, 1)
        card.add(head)
        reach = Reach(self.bench)
        self._reaches.append(reach)
        reach.form_closed.connect(lambda: self.show_family(self._kept))
        reach.show_contacts(HolderId(person.person_id), person.contacts)
        card.add(reach)
        if person.note:
            facts = Facts()
            facts.show_facts([(_(N_("Note")), person.note)])
            card.add(facts)
        return card

    def _sibling_row(self, sibling: Sibling) -> QHBoxLayout:
        row = QHBoxLayout()
        today = self.bench.runner.clock.today()
        parts = [plain_name(sibling), born(sibling.born_on, today), number(sibling.file_number)]
        row.addWidget(WrapLabel(" · ".join(part for part in parts if part)), 1)
        go = Button(_(N_("Show")), size="compact")
        go.setAccessibleName(_(N_("Open the file of {name}"), name=plain_name(sibling)))
        go.clicked.connect(lambda *_args: self.open_screen.emit("patient", {"patient_id": sibling.id}))
        row.addWidget(go)
        return row


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
