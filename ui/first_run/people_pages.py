"""The people who work at the clinic, and the one who manages it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.access.queries import TITLE_LABELS, Title
from app.cli.first_run import (
    Administrator,
    Person,
    Strength,
    administrator_problems,
    person_problems,
    proposed_username,
    strength,
)
from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.permissions import ROLE_LABELS, Role
from app.core.secret import Secret
from ui.first_run.page import Page, Pairs
from ui.practice.editors import Picker
from ui.practice.words import labelled
from ui.widgets.announce import announce
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, ProgressBar
from ui.widgets.checks import CheckBox
from ui.widgets.fields import SecretField, TextField
from ui.widgets.form import Field
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow

MOST_PEOPLE = 60


def follow_name(name: TextField, username: TextField) -> None:
    """The username is proposed from the name until somebody types one."""
    own = [False]

    def typed(text: str) -> None:
        own[0] = bool(text)

    def propose(text: str) -> None:
        if not own[0]:
            username.set_value(proposed_username(text))

    username.textEdited.connect(typed)
    name.textChanged.connect(propose)


class PersonCard(Card):
    """Name, username, role, title and a way out."""

    def __init__(self, page: StaffPage) -> None:
        super().__init__(" ")
        self.name, self.username = TextField(), TextField()
        self.role, self.titled = Picker(lambda: labelled(ROLE_LABELS)), Picker(lambda: labelled(TITLE_LABELS))
        self.role.set_value(Role.ASSISTANT.value)
        self.fields = {
            "display_name": Field(" ", self.name),
            "username": Field(" ", self.username),
            "role": Field(" ", self.role),
            "title": Field(" ", self.titled),
        }
        for key in ("display_name", "username"):
            held = self.fields[key]
            (self.name if key == "display_name" else self.username).textChanged.connect(
                lambda _text, held=held: held.set_error("")
            )
        follow_name(self.name, self.username)
        self.away = Button("", "quiet", "x", size="compact")
        self.away.clicked.connect(lambda: page.remove(self))
        self.head.addWidget(self.away)
        self.pairs = Pairs()
        self.pairs.put(*self.fields.values())
        self.add(self.pairs)

    def say(self, number: int) -> None:
        """The words of the card, with its number, so that no two fields have one name."""
        self.set_title(_(N_("Person {number}"), number=number))
        for key, text in (
            ("display_name", N_("Name of person {number}")), ("username", N_("Username of person {number}")),
            ("role", N_("Role of person {number}")), ("title", N_("Title of person {number}")),
        ):  # fmt: skip
            self.fields[key].set_label(_(text, number=number))
        self.away.setText(_(N_("Remove person {number}"), number=number))
        self.role.renew()
        self.titled.renew()

    def person(self) -> Person:
        """What is typed."""
        return Person(
            str(self.name.value()), str(self.username.value()), Role(str(self.role.value())),
            Title(str(self.titled.value())),
        )  # fmt: skip


class StaffPage(Page):
    """Everybody but the administrator."""

    step = N_("Staff")
    title = N_("Who works here?")
    blurb = N_(
        "You come next, so leave yourself out. Give each person a temporary password later, under Practice, Staff."
    )

    def build(self) -> None:
        """A card for each person."""
        self._cards: list[PersonCard] = []
        self._narrow = False
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._none = WrapLabel("", "body", "muted")
        self._more = Button("", "secondary", "user-plus")
        self._more.clicked.connect(self._add)
        self.add(self._none)
        self.add(self._list)
        self.add(Flow(self._more))
        self.words.put(self._none.setText, N_("Nobody yet. You can go on and add people later."))
        self.words.put(self._more.setText, N_("Add a person"))

    def _add(self) -> None:
        self.add_person()

    def people(self) -> list[PersonCard]:
        """The cards."""
        return list(self._cards)

    def add_person(self, name: str = "", role: Role = Role.ASSISTANT) -> None:
        """One card more."""
        if len(self._cards) >= MOST_PEOPLE:
            return
        card = PersonCard(self)
        card.name.set_value(name)
        card.role.set_value(role.value)
        card.pairs.fold(self._narrow)
        self._cards.append(card)
        self._list.addWidget(card)
        self._say()
        card.name.setFocus(Qt.FocusReason.TabFocusReason)

    def remove(self, card: PersonCard) -> None:
        """Take a card away."""
        self._cards.remove(card)
        self._list.removeWidget(card)
        card.hide()
        card.deleteLater()
        self._say()
        self._more.setFocus(Qt.FocusReason.TabFocusReason)

    def _say(self) -> None:
        self._none.setVisible(not self._cards)
        for number, card in enumerate(self._cards, 1):
            card.say(number)

    def take(self) -> None:
        """Into the plan; a card without any name is nobody."""
        for card in [card for card in self._cards if not (card.name.value() or card.username.value())]:
            self.remove(card)
        self.answers.plan = replace(self.answers.plan, staff=tuple(card.person() for card in self._cards))

    def problems(self) -> Mapping[str, ClinicError]:
        """By `number.field`."""
        return person_problems(self.answers.plan.staff)

    def check(self) -> bool:
        """Under the fields of each card."""
        self.take()
        found, first = self.problems(), None
        for number, card in enumerate(self._cards):
            for key in ("display_name", "username"):
                card.fields[key].set_error(found.get(f"{number}.{key}", ""))
                if first is None and f"{number}.{key}" in found:
                    first = card.fields[key].editor
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
        return not found

    def first(self) -> QWidget:
        """The first card, else the button that makes one."""
        return self._cards[0].name if self._cards else self._more

    def retranslate(self) -> None:
        """The cards too."""
        super().retranslate()
        self._say()

    def fold(self, narrow: bool) -> None:
        """One column."""
        self._narrow = narrow
        for card in self._cards:
            card.pairs.fold(narrow)


_STANDING = {
    Strength.REFUSED: (0.2, "departed", N_("Too weak")),
    Strength.ENOUGH: (0.6, "waiting", N_("Good enough")),
    Strength.STRONG: (1.0, "seated", N_("Strong")),
}


class AdministratorPage(Page):
    """Who manages the practice: the person at the keyboard."""

    step = N_("First administrator")
    title = N_("And who are you?")
    blurb = N_(
        "The first administrator manages the practice: staff, rights and settings. Nobody can read the password."
    )

    def build(self) -> None:
        """Name, username, title, password twice, PIN."""
        self._pairs = Pairs()
        name, username = TextField(), TextField()
        follow_name(name, username)
        self._password, self._again, self._pin = SecretField(), SecretField(), SecretField()
        self._treats = CheckBox(" ")
        self._strength, self._bar = Label("", "small", "muted"), ProgressBar("")
        self._pairs.put(
            self.put("display_name", N_("Your name"), name),
            self.put("username", N_("Username"), username),
            self.put("title", N_("Title"), Picker(lambda: labelled(TITLE_LABELS))),
        )
        self.add(self._pairs)
        self.add(self._treats)
        self._secrets = Pairs()
        self._secrets.put(
            self.put(
                "password", N_("Password"), self._password, N_("12 characters or more. A short sentence is fine.")
            ),
            self.put("repeated", N_("Password, once more"), self._again),
        )
        meter = QHBoxLayout()
        meter.setSpacing(10)
        meter.addWidget(self._bar, 1)
        meter.addWidget(self._strength, 1)
        self._meter = QWidget()
        self._meter.setLayout(meter)
        meter.setContentsMargins(0, 0, 0, 0)
        self._pin_row = Pairs()
        self._pin_row.put(
            self.put(
                "pin", N_("PIN (may stay empty)"), self._pin,
                N_("6 digits or more, to unlock the screen quickly. It never replaces the password."),
            )
        )  # fmt: skip
        self.add(self._secrets)
        self.add(self._meter)
        self.add(self._pin_row)
        self.words.put(self._name_treats, N_("I also treat patients, as an orthodontist"))
        self._password.textChanged.connect(lambda _text: self._judge())
        for field in (name, username):
            field.textChanged.connect(lambda _text: self._judge())
        self._judge()

    def _name_treats(self, said: str) -> None:
        self._treats.setText(said)
        self._treats.setAccessibleName(said)
        self._treats.updateGeometry()

    def _judge(self) -> None:
        self._meter.setVisible(bool(self._password.text()))
        fraction, status, words = _STANDING[strength(self._person())]
        said = _(N_("Strength: {words}"), words=_(words))
        if said != self._strength.text() and self._password.text():
            announce(self._password, said)
        self._strength.setText(said)
        self._bar.set_fraction(fraction, status)

    def _person(self) -> Administrator:
        return Administrator(
            self.text("display_name"), self.text("username"), Title(self.text("title")), self._treats.isChecked(),
            Secret(self._password.text()), Secret(self._pin.text()),
        )  # fmt: skip

    def take(self) -> None:
        """Into the plan."""
        self.answers.plan = replace(self.answers.plan, administrator=self._person())
        self.answers.repeated = Secret(self._again.text())

    def problems(self) -> Mapping[str, ClinicError]:
        """By field."""
        plan = self.answers.plan
        taken = [person.username for person in plan.staff]
        return administrator_problems(plan.administrator, self.answers.repeated, date.today(), taken)

    def retranslate(self) -> None:
        """The strength too."""
        super().retranslate()
        self._judge()

    def fold(self, narrow: bool) -> None:
        """One column."""
        for pairs in (self._pairs, self._secrets, self._pin_row):
            pairs.fold(narrow)
