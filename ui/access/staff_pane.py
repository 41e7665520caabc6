"""Accounts of the staff: create, correct, roles, password, PIN, leaving and coming back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.access.commands import (
    assign_role,
    change_staff,
    clear_pin,
    create_staff,
    deactivate_staff,
    reactivate_staff,
    remove_role,
    set_password,
)
from app.access.queries import (
    LANGUAGE_LABELS,
    STAFF_ENTRY,
    TITLE_LABELS,
    Language,
    StaffLine,
    StaffMember,
    Title,
    staff_list,
    staff_member,
    titled,
)
from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.ids import StaffId
from app.core.permissions import ROLE_LABELS, Role
from app.core.secret import Secret
from app.core.unchanged import mark_of
from ui.practice.editors import Checks, Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.words import labelled, texts
from ui.shell.command_button import CommandButton
from ui.shell.formats import day, moment
from ui.shell.words import Words
from ui.widgets.buttons import Button
from ui.widgets.cards import Hairline
from ui.widgets.fields import SecretField
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel, section
from ui.widgets.paged_model import Column


class Person:
    """A line of the list; `id` is what every list goes by."""

    __slots__ = ("id", "line")

    def __init__(self, line: StaffLine) -> None:
        self.id, self.line = line.staff_id, line


class CredentialBox(QWidget):
    """What this workstation knows of a colleague's password and PIN, and a temporary password for them."""

    def __init__(self, pane: StaffPane) -> None:
        super().__init__()
        self._pane = pane
        self.words = Words()
        self._head = section("")
        self._told = WrapLabel("", "small", "muted")
        self.password = SecretField()
        self._field = Field("", self.password)
        self._set = Button("", "secondary", "key")
        self._set.clicked.connect(self.set_password)
        self._clear = CommandButton(pane.bench, clear_pin, pane.chosen_id, "secondary")
        self.words.put(self._head.setText, N_("Password and PIN"))
        self.words.put(self._field.set_label, N_("New temporary password"))
        self.words.put(self._field.set_help, N_("At least 12 characters; they choose their own at the next sign-in."))
        self.words.put(self._set.setText, N_("Set the password"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._clear)
        row.addWidget(self._set)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Hairline())
        column.addWidget(self._head)
        column.addWidget(self._told)
        column.addWidget(self._field)
        column.addLayout(row)

    def show_member(self, member: StaffMember) -> None:
        """Whether there is a password and a PIN here, and since when."""
        clock = self._pane.bench.runner.clock
        here = (
            _(N_("A password is kept on this workstation."))
            if member.has_password_here
            else _(N_("No password is kept on this workstation: set one before the first sign-in here."))
        )
        pin = _(N_("A PIN too.")) if member.has_pin_here else _(N_("No PIN."))
        since = ""
        if member.credential_changed_at is not None:
            since = _(N_("Changed {time}."), time=moment(member.credential_changed_at, clock))
        self._told.setText(f"{here} {pin} {since}".strip())
        self._clear.set_available(member.has_pin_here, "" if member.has_pin_here else _(N_("There is no PIN here.")))
        reason = self._pane.bench.reason(change_staff)
        self._set.set_available(not reason, reason)

    def set_password(self) -> None:
        """Run the command; the password is not kept in the field."""
        person, text = self._pane.chosen_id(), self.password.text()
        if person is None:
            return
        self._field.set_error("")
        running = self._pane.bench.run_for(self, set_password, person, Secret(text))
        running.then(lambda _none: self.password.clear())

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the password."""
        self._field.set_error(problem)
        return True

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.words.again()
        self._clear.retranslate()


class StaffPane(ListPane[Person]):
    """Everybody who signs in."""

    title = N_("Staff accounts")
    add, change = create_staff, change_staff
    others = (deactivate_staff, reactivate_staff)
    icon = "users"
    nothing = (N_("There is nobody here yet."), N_("Each person signs in with an account of their own."))

    def __init__(self, screen: Any) -> None:
        super().__init__(screen)
        self._box = CredentialBox(self)
        self.form.extra.addWidget(self._box)

    def items(self) -> Sequence[Item]:
        """Name, how to address, what they may do."""
        return (
            Item("display_name", N_("Name"), example=N_("E.g. Marie Gagnon")),
            Item("username", N_("Username"), example=N_("E.g. m.gagnon")),
            Item("title", N_("Title"), lambda: Picker(lambda: labelled(TITLE_LABELS))),
            Item("initials", N_("Initials"), help=N_("Taken from the name when left empty.")),
            Item("language", N_("Works in"), lambda: Picker(lambda: labelled(LANGUAGE_LABELS))),
            Item(
                "password", N_("Temporary password"), SecretField, fresh=True,
                help=N_("At least 12 characters; they choose their own at the next sign-in."),
            ),
            Item("roles", N_("Roles"), lambda: Checks(lambda: labelled(ROLE_LABELS)), whole=True),
        )  # fmt: skip

    def columns(self) -> list[Column]:
        """Name, roles, username, whether they work here."""
        return [
            Column("name", _(N_("Name")), strong=True, sortable=False),
            Column("roles", _(N_("Roles")), sortable=False),
            Column("state", _(N_("Account")), width=130, sortable=False),
            Column("username", _(N_("Username")), width=110, sortable=False),
        ]

    def title_of(self, line: Person) -> str:
        """With the title."""
        return titled(line.line.title, line.line.display_name)

    def cells(self, line: Person) -> Sequence[Any]:
        """The words of a person."""
        person = line.line
        left = _(N_("left {day}"), day=day(person.left_on, short=True)) if person.left_on else _(N_("closed"))
        roles = ", ".join(_(ROLE_LABELS[role]) for role in person.roles)
        return self.title_of(line), roles, _(N_("active")) if person.is_active else left, person.username

    def reload(self) -> None:
        """Everybody, those who left too."""
        self.view.ask(staff_list, self.show_staff, include_inactive=True)
        self._ask_member(self.chosen_id())

    def show_staff(self, staff: tuple[StaffLine, ...]) -> None:
        """Who is still here first."""
        self.show_lines([Person(line) for line in sorted(staff, key=lambda line: not line.is_active)])

    def values_of(self, line: Person) -> Values:
        """What the form holds."""
        person = line.line
        return {
            "display_name": person.display_name, "username": person.username, "title": person.title.value,
            "initials": person.initials, "language": person.language.value,
            "roles": tuple(role.value for role in person.roles), "password": "",
        }  # fmt: skip

    def fresh_values(self) -> Values:
        """Nothing is chosen for a new person but French."""
        return {"title": Title.NONE.value, "language": Language.FRENCH.value, "roles": (), "password": ""}

    def mark(self, line: Person) -> str:
        """Of what the form holds."""
        return mark_of(line.line, STAFF_ENTRY)

    def saved_words(self, values: Values) -> str:
        """Who."""
        return _(N_("Account of {name} saved"), name=str(values["display_name"]))

    def send(self, values: Values, line: Person | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Create with the roles, or correct; roles that changed follow when that has been committed."""
        given: Values = {
            "title": Title(values["title"]), "initials": values["initials"], "language": Language(values["language"]),
        }  # fmt: skip
        names = {"username": values["username"], "display_name": values["display_name"]}
        if line is None:
            secret = Secret(str(values["password"])) if values["password"] else None
            roles = [Role(code) for code in texts(values["roles"])]
            return create_staff, (), {**names, "roles": roles, "password": secret, **given}
        return change_staff, (line.id,), {**names, **given, "seen": seen}

    def _saved(self, key: str, made: Any) -> None:
        """The roles that were ticked or not; each is a step of its own, as in the journal."""
        if key and self.chosen is not None:
            wanted, held = set(texts(self.form.value_of("roles"))), {role.value for role in self.chosen.line.roles}
            person = StaffId(key)
            for code in sorted(wanted - held):
                self.bench.run_for(self.form, assign_role, person, Role(code))
            for code in sorted(held - wanted):
                self.bench.run_for(self.form, remove_role, person, Role(code))
        super()._saved(key, made)

    def show_more(self, line: Person | None) -> None:
        """The credentials of who is chosen."""
        self._box.setVisible(line is not None and self.bench.may(staff_member))
        away, back = self._buttons
        active = line is not None and line.line.is_active
        away.setVisible(active)
        back.setVisible(line is not None and not active)
        if line is not None:
            self._ask_member(line.id)

    def _ask_member(self, person: Any) -> None:
        if person is not None and self.bench.may(staff_member):
            self.view.ask(staff_member, self.show_member, person)

    def show_member(self, member: StaffMember) -> None:
        """Of the person who is still chosen."""
        if member.line.staff_id == self.chosen_id():
            self._box.show_member(member)

    def retranslate(self) -> None:
        """The box too."""
        super().retranslate()
        self._box.retranslate()
