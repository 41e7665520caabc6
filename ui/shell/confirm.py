"""Asking again who is at the keyboard, before what must not be done in somebody else's name: signing, a new password.

A command that is refused with `ConfirmationNeeded` waits; the right password, or the PIN of who has one, lets it run
again, as the same person.
"""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.access.queries import PinState
from app.access.sign_in import PinRefused
from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.secret import Secret
from ui.shell.errors import log_fault, sentence_of
from ui.theme.style import on_theme_change, theme
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import Button
from ui.widgets.fields import SecretField
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel

if TYPE_CHECKING:
    from ui.shell.running import Running
    from ui.shell.session import Session

WIDTH = 420


class ConfirmDialog(QDialog):
    """Who, for what, and the password or the PIN. Escape gives up: the command is then not done, and says so."""

    def __init__(self, session: Session, doing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = session.bench.actor.name
        title = _(N_("Is it still you, {name}?"), name=name)
        body = _(N_("This is done in your name: {doing}"), doing=doing)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(body)
        head = QHBoxLayout()
        head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(WrapLabel(title, "title"))
        words.addWidget(WrapLabel(body, "body", "muted"))
        head.addWidget(Avatar(name, 44), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.password = SecretField()
        self._by_pin = session.signed is not None and session.signed.has_pin
        self.field = Field(_(N_("PIN or password") if self._by_pin else N_("Password")), self.password)
        self.confirm, self.give_up = Button(_(N_("Confirm")), "primary", "check"), Button(_(N_("Cancel")))
        self.confirm.clicked.connect(self._try)
        self.give_up.clicked.connect(self.reject)
        self.password.returnPressed.connect(self._try)
        self.password.textEdited.connect(lambda _text: self.field.set_error(""))
        answers = QHBoxLayout()
        answers.setSpacing(8)
        answers.addStretch(1)
        answers.addWidget(self.give_up)
        answers.addWidget(self.confirm)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 18)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.field)
        column.addLayout(answers)
        on_theme_change(self._fit)

    def _fit(self) -> None:
        self.setFixedWidth(max(theme.px(WIDTH), self.minimumSizeHint().width()))

    def _try(self) -> None:
        if not self.password.text() or self._session.signed is None:
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._busy(True)
        keeper, session = self._session.gatekeeper, self._session.signed.session_id
        given = Secret(self.password.text())
        digits = self.password.text().isascii() and self.password.text().isdigit()
        prove = keeper.confirm_with_pin if self._by_pin and digits else keeper.confirm_identity
        self._session.bench.background(lambda: prove(session, given), self._answered)

    def _answered(self, future: Future[datetime]) -> None:
        error = future.exception()
        if error is None:
            self.accept()
            return
        if not isinstance(error, ClinicError):
            log_fault(error, "confirm")
        if isinstance(error, PinRefused) and error.state is not PinState.READY:
            self._by_pin = False
            self.field.set_label(_(N_("Password")))
        self._busy(False)
        self.password.clear()
        self.field.set_error(error if isinstance(error, ClinicError) else sentence_of(error))
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _busy(self, busy: bool) -> None:
        for widget in (self.password, self.confirm):
            widget.setEnabled(not busy)

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard in the password."""
        super().showEvent(event)
        self.adjustSize()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)


class Confirmer(QObject):
    """One dialog for all commands that wait: the password is asked for once."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._waiting: list[Running[Any]] = []
        self.dialog: ConfirmDialog | None = None
        session.bench.confirms = True
        session.bench.confirmation_needed.connect(self._ask)

    def _ask(self, running: Running[Any]) -> None:
        self._waiting.append(running)
        if self.dialog is None:
            window = self._session.active_window()
            self.dialog = ConfirmDialog(self._session, _(running.label), window)
            self.dialog.finished.connect(self._ended)
            self.dialog.open()

    def _ended(self, result: int) -> None:
        self.dialog = None
        waiting, self._waiting = self._waiting, []
        for running in waiting:
            if result == QDialog.DialogCode.Accepted:
                running.again()
            else:
                running.give_up()
