"""Roles: what each may do, as a table to read and to change; and what one person can do, and why."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.access.commands import reset_role, set_role_permission
from app.access.queries import PermissionRow, roles_and_permissions
from app.core.i18n import N_, _
from app.core.permissions import ROLE_LABELS, Role
from app.core.text import fold
from ui.access.matrix import Matrix
from ui.access.person_rights import PersonRights
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.widgets.buttons import Button
from ui.widgets.cards import EmptyState
from ui.widgets.fields import Choice, SearchField
from ui.widgets.form import Message
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import effective_width
from ui.widgets.segmented import Segment, SegmentedControl

STACKED_BELOW = 1000


class RolesView(Screen):
    """Two views: every role, or one person."""

    def build(self) -> None:
        """Head, matrix, person."""
        self._rows: tuple[PermissionRow, ...] = ()
        self._views: SegmentedControl | None = None
        self._search = SearchField("")
        self._search.changed.connect(lambda _text: self._show_rows())
        self._role = Choice()
        self._role.changed.connect(lambda _value: self._tell_reset())
        self._reset = Button("", "quiet", "arrow-counter-clockwise")
        self._reset.clicked.connect(self._reset_role)
        self.matrix = Matrix(self._toggle)
        self._none = EmptyState("magnifying-glass", "", "")
        self._message = Message()
        self._legend = WrapLabel("", "small", "muted")
        self.person = PersonRights(self)
        self._tools = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._tools.setSpacing(8)
        self._tools.addWidget(self._search, 3)
        self._tools.addWidget(self._role, 1)
        self._tools.addWidget(self._reset)
        card = TableCard()
        card.add(self.matrix, 1)
        card.add(self._none, 1)
        roles = QWidget()
        column = QVBoxLayout(roles)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._tools)
        column.addWidget(self._message)
        column.addWidget(card, 1)
        column.addWidget(self._legend)
        self._stack = QStackedLayout()
        self._stack.addWidget(roles)
        self._stack.addWidget(self.person)
        self._head = QHBoxLayout()
        whole = QVBoxLayout(self.body)
        whole.setContentsMargins(14, 12, 14, 12)
        whole.setSpacing(10)
        whole.addLayout(self._head)
        whole.addLayout(self._stack, 1)
        self._message.show_text("", False)
        self._say_views()
        self.words.put(self._search.setPlaceholderText, N_("Find a permission"))
        self.words.put(self._search.setAccessibleName, N_("Find a permission"))
        self.words.put(self._role.setAccessibleName, N_("Role"))
        self.words.put(self._reset.setText, N_("Back to the preset"))
        self.words.put(self.matrix.setAccessibleName, N_("Roles and permissions"))
        self.words.put(
            self._legend.setText,
            N_("Space changes a permission. A ring marks what the clinic decided otherwise than the preset."),
        )

    def _say_views(self) -> None:
        """Made anew for another language: a segment keeps its word."""
        chosen = self._views.value() if self._views is not None else "roles"
        if self._views is not None:
            self._views.hide()
            self._views.deleteLater()
            self._head.takeAt(0)
            self._head.takeAt(0)
        words = (Segment("roles", _(N_("What a role may do"))), Segment("person", _(N_("What a person can do"))))
        self._views = SegmentedControl(_(N_("View")), words)
        self._views.set_value(chosen)
        self._views.changed.connect(self._switch)
        self._head.addWidget(self._views)
        self._head.addStretch(1)

    def subheading(self) -> str:
        """What a role is."""
        return _(N_("A person’s rights are those of all their roles together"))

    def focus_first(self) -> None:
        """The matrix."""
        self.matrix.setFocus(self.focus_reason)

    def filter_field(self) -> QWidget:
        """The search."""
        return self._search

    def choose(self, **chosen: Any) -> None:
        """`person=id` opens the view of one person, `view` that of whoever was looked at last."""
        if self._views is not None and (chosen.get("person") or chosen.get("view")):
            self.person.wanted = str(chosen.get("person") or self.person.wanted)
            self._views.set_value("person" if chosen.get("person") else chosen["view"])

    def faces(self) -> dict[str, dict[str, Any]]:
        """The rights of a person, then the roles again."""
        return {view: {"view": view} for view in ("person", "roles")}

    def _switch(self, value: object) -> None:
        self._stack.setCurrentIndex(1 if value == "person" else 0)
        self.freshen()

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """The matrix, and the person when that view is shown."""
        self._role.set_options([(role.value, _(label)) for role, label in ROLE_LABELS.items()])
        self.ask(roles_and_permissions, self.show_rows)
        if self._stack.currentIndex() == 1:
            self.person.reload()

    def show_rows(self, rows: tuple[PermissionRow, ...]) -> None:
        """The table."""
        self._rows = rows
        self._show_rows()
        self.person.name_permissions(rows)
        reason = self.bench.reason(set_role_permission)
        self.matrix.set_allowed(not reason, reason)
        if reason:
            self._message.show_text(reason, False)
        self._tell_reset()
        self.show_body()

    def _show_rows(self) -> None:
        words = fold(self._search.text()).split()
        shown = [row for row in self._rows if all(word in fold(f"{_(row.label)} {row.permission}") for word in words)]
        self.matrix.show_rows(shown)
        self.matrix.setVisible(bool(shown))
        self._none.setVisible(not shown)
        self._none.tell(
            _(N_("No permission matches “{text}”."), text=self._search.text().strip()), _(N_("Try other words."))
        )

    def _decided(self, role: Role) -> int:
        return sum(cell.is_decided for row in self._rows for cell in row.cells if cell.role is role)

    def _tell_reset(self) -> None:
        reason = self.bench.reason(reset_role)
        if not reason and not self._decided(Role(str(self._role.value()))):
            reason = _(N_("This role follows its preset."))
        self._reset.set_available(not reason, reason)

    # -- changing -------------------------------------------------------------------------------------------
    def _toggle(self, permission: str, role: Role) -> None:
        row = next(item for item in self._rows if item.permission == permission)
        cell = next(item for item in row.cells if item.role is role)
        granted = not cell.is_granted
        self._message.show_text("", False)
        sentence = N_("{role} may now: {permission}") if granted else N_("{role} may no longer: {permission}")
        running = self.bench.run_for(None, set_role_permission, role, permission, granted)
        running.say(_(sentence, role=ROLE_LABELS[role], permission=row.label)).instead(self._refused)

    def _refused(self, error: BaseException) -> bool:
        """The last who can manage stays: said above the table, where the eyes are."""
        from app.core.errors import ClinicError

        if isinstance(error, ClinicError):
            self._message.show_text(str(error), True)
            return True
        return False

    def _reset_role(self) -> None:
        self._message.show_text("", False)
        self.bench.run_for(None, reset_role, Role(str(self._role.value()))).instead(self._refused)

    # -- language and room ----------------------------------------------------------------------------------
    def retranslate(self) -> None:
        """The segments and the person too."""
        self._say_views()
        self.person.retranslate()
        super().retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tools under each other when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < STACKED_BELOW
        self._tools.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.person.fold_room(narrow)
