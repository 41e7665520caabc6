"""What one person can do here and why: by a role, by an exception with its reason, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.access.commands import follow_roles, set_staff_permission
from app.access.queries import (
    PermissionRow,
    RightsException,
    StaffLine,
    StaffMember,
    staff_list,
    staff_member,
    titled,
)
from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.ids import StaffId
from app.core.permissions import ROLE_LABELS
from app.core.text import fold
from ui.access.subjects import subject_order, subjects_of
from ui.patients.facts import empty
from ui.shell.growing import GrowingModel
from ui.shell.table_card import TableCard
from ui.shell.words import Words
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Card, EmptyState
from ui.widgets.fields import Choice, SearchField, TextField
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import VScroll
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

if TYPE_CHECKING:
    from ui.shell.screen import Screen


class Right:
    """One permission of one person."""

    __slots__ = ("granted", "label", "permission", "subject", "why")

    def __init__(self, permission: str, label: str, subject: str, granted: bool, why: str) -> None:
        self.permission, self.label, self.subject = permission, label, subject
        self.granted, self.why = granted, why


def columns() -> list[Column]:
    """Permission, whether, why, subject."""
    return [
        Column("label", _(N_("Permission")), strong=True, sortable=False),
        Column("granted", _(N_("Can do it")), lambda on: _(N_("yes")) if on else _(N_("no")), 110, sortable=False,
               icon=lambda on: ("check", "accent") if on else ("prohibit", "muted")),
        Column("why", _(N_("Why")), width=190, sortable=False),
        Column("subject", _(N_("Subject")), width=112, sortable=False),
    ]  # fmt: skip


class _Rights(GrowingModel[Right]):
    def row_of(self, item: Right) -> Row:
        return item.label, item.granted, item.why, item.subject


class PersonRights(QWidget):
    """The list of rights at the left, the exceptions of the person at the right."""

    def __init__(self, view: Screen) -> None:
        super().__init__()
        self._view, self.bench = view, view.bench
        self.words = Words()
        self.wanted = ""
        self._rows: tuple[PermissionRow, ...] = ()
        self._member: StaffMember | None = None
        self._rights: list[Right] = []
        self._person = Choice()
        self._person.changed.connect(lambda _value: self._ask_member())
        self._search = SearchField("")
        self._search.changed.connect(lambda _text: self._fill())
        self._model = _Rights(columns())
        self._model.setParent(self)
        self.table = Table("", self._model)
        self.table.row_changed.connect(lambda _row: self._tell_form())
        self._denied = EmptyState("lock", "", "")
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self._person, 1)
        bar.addWidget(self._search, 1)
        self._card = TableCard()
        self._card.add(self.table, 1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(bar)
        left.addWidget(self._card, 1)
        left.addWidget(self._denied, 1)
        self._side = self._make_side()
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(12)
        self._whole.addLayout(left, 5)
        self._whole.addWidget(self._side, 3)
        self.words.put(self._person.setAccessibleName, N_("Person"))
        self.words.put(self._search.setPlaceholderText, N_("Find a permission"))
        self.words.put(self._search.setAccessibleName, N_("Find a permission of this person"))
        self.words.put(self.table.setAccessibleName, N_("What this person can do"))
        self._tell_denied()

    def _make_side(self) -> QWidget:
        self._exceptions, self._form = Card(" ", icon="user-circle"), Card(" ", icon="shield-check")
        self._told, self._list = WrapLabel("", "small", "muted"), QVBoxLayout()
        self._exceptions.add(self._told)
        self._exceptions.add(self._list)
        self._what = WrapLabel("")
        self.reason = TextField()
        self._field = Field("", self.reason)
        self.give = Button("", "secondary", "check")
        self.give.clicked.connect(self.decide)
        answers = QHBoxLayout()
        answers.addStretch(1)
        answers.addWidget(self.give)
        self._form.add(self._what)
        self._form.add(self._field)
        self._form.add(answers)
        self.words.put(self._exceptions.set_title, N_("Exceptions for this person"))
        self.words.put(self._form.set_title, N_("Make an exception"))
        self.words.put(self._field.set_label, N_("Reason of the exception"))
        self.words.put(self.reason.setPlaceholderText, N_("E.g. replaces the manager in July"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(10)
        column.addWidget(self._form)
        column.addWidget(self._exceptions)
        column.addStretch(1)
        return VScroll(inner)

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """The staff, then the person."""
        self._tell_denied()
        if self.bench.may(staff_member):
            self._view.ask(staff_list, self.show_staff)

    def _tell_denied(self) -> None:
        allowed = self.bench.may(staff_member)
        self._denied.tell(_(N_("This view needs a right that you do not hold.")), self.bench.reason(staff_member))
        self._denied.setVisible(not allowed)
        for part in (self._card, self._side, self._person, self._search):
            part.setVisible(allowed)

    def name_permissions(self, rows: tuple[PermissionRow, ...]) -> None:
        """Keep what each role may do: it says why."""
        self._rows = rows
        self._work_out()

    def show_staff(self, staff: tuple[StaffLine, ...]) -> None:
        """The chosen one stays chosen."""
        self._person.set_options([(line.staff_id, titled(line.title, line.display_name)) for line in staff])
        if self.wanted:
            self._person.set_value(self.wanted)
            self.wanted = ""
        self._ask_member()

    def _ask_member(self) -> None:
        if self._person.value() is not None:
            self._view.ask(staff_member, self.show_member, StaffId(str(self._person.value())))

    def show_member(self, member: StaffMember) -> None:
        """Rights and exceptions of the person."""
        self._member = member
        self._work_out()
        roles = ", ".join(_(ROLE_LABELS[role]) for role in member.line.roles)
        self._told.setText(_(N_("Roles: {roles}"), roles=roles))
        empty(self._list)
        for item in member.exceptions:
            self._list.addLayout(self._exception(item))
        if not member.exceptions:
            self._list.addWidget(WrapLabel(_(N_("None: the roles decide.")), "small", "muted"))

    def _exception(self, item: RightsException) -> QHBoxLayout:
        sign = _(N_("may")) if item.is_granted else _(N_("may not"))
        words = WrapLabel(f"{_(item.label)} · {sign} · {item.reason}", "small")
        away = IconButton("trash", _(N_("End the exception “{permission}”"), permission=item.label))
        away.set_available(self.bench.may(follow_roles), self.bench.reason(follow_roles))
        away.clicked.connect(lambda: self.bench.run_for(self, follow_roles, item.id))  # type: ignore[arg-type]  # its id
        row = QHBoxLayout()
        row.addWidget(words, 1)
        row.addWidget(away, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _work_out(self) -> None:
        member = self._member
        if member is None:
            return
        subjects = subjects_of()
        excepted = {item.permission: item for item in member.exceptions}
        self._rights = []
        for row in self._rows:
            held = row.permission in member.permissions
            roles = [_(ROLE_LABELS[c.role]) for c in row.cells if c.is_granted and c.role in member.line.roles]
            why = ", ".join(roles)
            if row.permission in excepted:
                why = _(N_("Exception: {reason}"), reason=excepted[row.permission].reason)
            elif not roles:
                why = _(N_("No role of theirs holds it"))
            subject = subjects[row.permission]
            self._rights.append(Right(row.permission, _(row.label), subject, held, why))
        order = subject_order()
        self._rights.sort(key=lambda right: (order.index(right.subject), right.label))
        for right in self._rights:
            right.subject = _(right.subject)
        self._fill()

    def _fill(self) -> None:
        words = fold(self._search.text()).split()
        chosen = self._chosen()
        shown = [r for r in self._rights if all(word in fold(f"{r.label} {r.subject}") for word in words)]
        self._model.start(shown, columns())
        names = [right.permission for right in shown]
        if shown:
            self.table.choose(names.index(chosen.permission) if chosen and chosen.permission in names else 0)
        self._tell_form()

    def _chosen(self) -> Right | None:
        return self._model.item(self.table.currentIndex().row())

    def _tell_form(self) -> None:
        right = self._chosen()
        self._form.setVisible(right is not None)
        if right is None or self._member is None:
            return
        name = self._member.line.display_name
        sentence = N_("Withhold “{permission}” from {name}") if right.granted else N_("Give “{permission}” to {name}")
        self._what.setText(_(sentence, permission=right.label, name=name))
        self.give.setText(_(N_("Withhold it")) if right.granted else _(N_("Give it")))
        reason = self.bench.reason(set_staff_permission)
        self.give.set_available(not reason, reason)
        self.reason.setEnabled(not reason)

    # -- changing -------------------------------------------------------------------------------------------
    def decide(self) -> None:
        """Give or withhold for the stated reason."""
        right, member = self._chosen(), self._member
        if right is None or member is None:
            return
        self._field.set_error("")
        person, reason = member.line.staff_id, self.reason.text()
        running = self.bench.run_for(self, set_staff_permission, person, right.permission, not right.granted, reason)
        running.instead(self._refused).then(lambda _none: self.reason.clear())

    def _refused(self, error: BaseException) -> bool:
        if isinstance(error, ClinicError):
            self._field.set_error(error)
            return True
        return False

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the reason."""
        self._field.set_error(problem)
        return True

    # -- language and room ----------------------------------------------------------------------------------
    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.words.again()
        self._work_out()

    def fold_room(self, narrow: bool) -> None:
        """The exceptions under the list when narrow."""
        self._whole.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
