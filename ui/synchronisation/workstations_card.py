"""The computers of the practice: who is in, who was heard of when, who is invited; letting in and shutting out."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError, PermissionDenied
from app.core.i18n import N_, _
from app.devices.commands import invite_device, rename_device, revoke_device, withdraw_invitation
from app.devices.permissions import MANAGE_WORKSTATIONS
from app.devices.queries import InvitationLine, WorkstationLine, open_invitations, workstations
from ui.patients.facts import empty
from ui.shell.formats import counted, hour, moment
from ui.shell.screen import Screen
from ui.synchronisation.code_panel import CodePanel
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, Hairline, ThemedIcon
from ui.widgets.fields import TextField
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow, effective_width
from ui.widgets.pills import SeverityChip, Tag

SIDE_BY_SIDE = 720


class _Row(QWidget):
    """One computer; under it, when asked for, its new name or why it is shut out."""

    def __init__(self, card: WorkstationsCard, line: WorkstationLine) -> None:
        super().__init__()
        self._card, self._bench, self.line = card, card.screen_of.bench, line
        self._field: Field | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row, words = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(10)
        words.setSpacing(1)
        words.addWidget(WrapLabel(line.name, "name", "muted" if line.revoked_at else ""))
        words.addWidget(WrapLabel(self._under(), "small", "muted"))
        row.addWidget(ThemedIcon("desktop", 20))
        row.addLayout(words, 1)
        if line.is_this:
            row.addWidget(Tag(_(N_("This workstation")), "check"))
        if line.revoked_at is not None:
            row.addWidget(SeverityChip("danger", _(N_("Shut out"))))
        column.addLayout(row)
        self._more = QVBoxLayout()
        if line.revoked_at is None:
            acts = self._offer()
            if effective_width(card.screen_of) >= SIDE_BY_SIDE:
                for act in acts:
                    row.addWidget(act)
            else:
                column.addWidget(Flow(*acts))
        column.addLayout(self._more)

    @property
    def is_unfolded(self) -> bool:
        """Whether something is being typed under it."""
        return self._more.count() > 0

    def _under(self) -> str:
        line, clock = self.line, self._card.clock
        if line.revoked_at is not None:
            return _(N_("Since {moment}"), moment=moment(line.revoked_at, clock))
        joined = _(N_("in since {moment}"), moment=moment(line.enrolled_at, clock))
        if line.last_work_at is None:
            return _(N_("{joined} · nothing received from it yet"), joined=joined)
        return _(N_("{joined} · last work of {moment}"), joined=joined, moment=moment(line.last_work_at, clock))

    def _offer(self) -> tuple[Button, Button]:
        rename = Button(_(N_("Rename")), "quiet", "pencil-simple", size="compact")
        revoke = Button(_(N_("Shut out…")), "quiet", "prohibit", size="compact")
        rename.setAccessibleName(f"{_(rename_device.label)}: {self.line.name}")
        revoke.setAccessibleName(f"{_(revoke_device.label)}: {self.line.name}")
        rename.clicked.connect(self._ask_name)
        revoke.clicked.connect(self._ask_why)
        for button, command in ((rename, rename_device), (revoke, revoke_device)):
            reason = self._bench.reason(command)
            button.set_available(not reason, reason)
            button.set_help(_(command.help))
        return rename, revoke

    def _ask_name(self) -> None:
        name = TextField()
        name.set_value(self.line.name)
        keep = Button(_(rename_device.label), "primary", "check")
        keep.clicked.connect(lambda: self._rename(str(name.value() or "")))
        name.returnPressed.connect(lambda: self._rename(str(name.value() or "")))
        self._unfold(Field(_(N_("Name of the computer")), name), keep)

    def _ask_why(self) -> None:
        why = TextField(_(N_("E.g. stolen, replaced")))
        do = Button(_(revoke_device.label), "danger", "prohibit")
        do.clicked.connect(lambda: self._revoke(str(why.value() or "")))
        warned = WrapLabel(
            _(
                N_(
                    "For ever: it hears nothing any more, what it still sends is set aside, and at its next contact"
                    " it makes its data unreadable. It comes back only by a new code."
                )
            )
        )
        self._unfold(Field(_(N_("Reason")), why), do, warned)

    def _unfold(self, field: Field, button: Button, warned: WrapLabel | None = None) -> None:
        empty(self._more)
        self._field = field
        back = Button(_(N_("Back")), "quiet")
        back.clicked.connect(lambda: empty(self._more))
        if warned is not None:
            self._more.addWidget(warned)
        self._more.addWidget(field)
        self._more.addWidget(Flow(button, back))
        field.editor.setFocus()

    def _rename(self, name: str) -> None:
        self._bench.run_for(self, rename_device, self.line.workstation_id, name)

    def _revoke(self, reason: str) -> None:
        said = _(N_("{name} is shut out."), name=self.line.name)
        self._bench.run_for(self, revoke_device, self.line.workstation_id, reason).say(said)

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """The name cannot be one."""
        if self._field is not None:
            self._field.set_error(str(problem))
        return self._field is not None


class WorkstationsCard(QWidget):
    """The list, and above it the code that is being shown."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.screen_of, self.clock = screen, screen.bench.runner.clock
        self._lines: tuple[WorkstationLine, ...] = ()
        self._is_narrow = False
        self.code = CodePanel(screen)
        self.code.hide()
        self._card = Card(" ", icon="desktop")
        self.invite = Button("", "secondary", "plus")
        self.invite.clicked.connect(self._begin)
        self.host, self._told = Button("", "secondary", "hard-drives"), WrapLabel("", "small", "muted")
        self._is_founded = False
        self.host.clicked.connect(self._set_up)
        self.code.closed.connect(self._ended)
        self._rows, self._invited = QVBoxLayout(), QVBoxLayout()
        for part in (self._rows, self._invited):
            part.setSpacing(8)
            self._card.add(part)
        self._card.add(Flow(self.invite, self.host))
        self._card.add(self._told)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.code)
        column.addWidget(self._card)

    def ask(self) -> None:
        """Ask who is in, for who may know; and who is invited."""
        bench = self.screen_of.bench
        self.setVisible(bench.may(workstations))
        if bench.may(workstations):
            self.screen_of.ask(workstations, self._take)
        if bench.may(open_invitations):
            self.screen_of.ask(open_invitations, self._take_invitations)
        else:
            empty(self._invited)
        reason = bench.reason(invite_device)
        self.invite.set_available(not reason, reason)
        self.invite.setText(_(invite_device.label))
        self.invite.set_help(_(invite_device.help))
        self.host.setText(_(N_("Set up the server on this computer")))
        may_host = bench.may(MANAGE_WORKSTATIONS)
        lacking = PermissionDenied(MANAGE_WORKSTATIONS.name, MANAGE_WORKSTATIONS.label)
        self.host.set_available(may_host, "" if may_host else str(lacking))
        self._say_host()
        self.code.retell()

    def _say_host(self) -> None:
        offered = self.screen_of.bench.server.set_up is not None
        self.host.setVisible(offered and not self._is_founded)
        self._told.setVisible(offered)
        before = N_("Other computers then join this practice. This one must be on while they work together.")
        after = N_("The server is set up. Close Archwire on this computer and open it again: it then runs the server.")
        self._told.setText(_(after if self._is_founded else before))

    def _set_up(self) -> None:
        work = self.screen_of.bench.server.set_up
        if work is not None:
            self.host.setEnabled(False)
            self.screen_of.bench.background(work, self._founded)

    def _founded(self, future: Future[None]) -> None:
        self.host.setEnabled(True)
        error = future.exception()
        if error is not None:
            self.screen_of.bench.presenter.present(error, "host")
            return
        self._is_founded = True
        self._say_host()

    def _begin(self) -> None:
        self.invite.hide()
        self.code.begin()

    def _ended(self) -> None:
        self.invite.show()
        self.invite.setFocus()

    def _take(self, lines: list[WorkstationLine]) -> None:
        if any(row.is_unfolded for row in self._card.findChildren(_Row)) and self._same_computers(lines):
            return  # somebody types in it
        self._lines = tuple(lines)
        self._card.set_title(_(N_("Workstations of the practice")))
        empty(self._rows)
        inside = sum(line.revoked_at is None for line in lines)
        told = counted(N_("{n} computer is in."), N_("{n} computers are in."), inside)
        alone = _(N_("No other computer: this workstation has no server yet."))
        self._rows.addWidget(WrapLabel(told if lines else alone, "small", "muted"))
        for number, line in enumerate(lines):
            if number:
                self._rows.addWidget(Hairline())
            self._rows.addWidget(_Row(self, line))
        self.invite.setVisible(bool(lines) and not self.code.isVisibleTo(self))

    def _same_computers(self, lines: list[WorkstationLine]) -> bool:
        known, now = [
            [(line.workstation_id, line.name, line.revoked_at) for line in them] for them in (self._lines, lines)
        ]
        return known == now

    def _take_invitations(self, lines: list[InvitationLine]) -> None:
        self.code.follow(lines)
        empty(self._invited)
        reason = self.screen_of.bench.reason(withdraw_invitation)
        for line in lines:
            row = QHBoxLayout()
            row.setSpacing(10)
            words = _(N_("{name} is invited, until {hour}"), name=line.name, hour=hour(line.expires_at, self.clock))
            row.addWidget(ThemedIcon("hourglass-medium", 18, severity="info"))
            row.addWidget(WrapLabel(words), 1)
            away = Button(_(withdraw_invitation.label), "quiet", "x-circle", size="compact")
            away.setAccessibleName(f"{_(withdraw_invitation.label)}: {line.name}")
            away.set_available(not reason, reason)
            away.clicked.connect(partial(self._withdraw, line))
            row.addWidget(away)
            self._invited.addLayout(row)

    def _withdraw(self, line: InvitationLine) -> None:
        self.screen_of.bench.run(withdraw_invitation, line.invitation_id)

    def fit(self) -> None:
        """Follow the room: the buttons beside each computer, or under it."""
        self.code.fit()
        is_narrow = effective_width(self.screen_of) < SIDE_BY_SIDE
        if is_narrow is not self._is_narrow:
            self._is_narrow = is_narrow
            self._take(list(self._lines))
