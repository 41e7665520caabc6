"""The one-time code by which a computer joins: as a QR mark to scan, as text to type, with until when it is good."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.clock import Clock
from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.devices.commands import INVITATION_MINUTES, invite_device
from app.devices.queries import InvitationLine
from ui.printing.barcodes import qr_mark
from ui.printing.marks import Modules
from ui.printing.painting import WHITE, paint_modules
from ui.shell.formats import hour
from ui.shell.screen import Screen
from ui.theme.style import on_theme_change
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import TextField
from ui.widgets.form import Field
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow, effective_width

QR_SIDE = 220
SIDE_BY_SIDE = 620


class QrMark(QWidget):
    """A QR symbol, black on white in every theme: scanners read no other. Its text stands beside it in words."""

    def __init__(self) -> None:
        super().__init__()
        self._mark: Modules | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        on_theme_change(self.updateGeometry)

    def show_text(self, text: str) -> None:
        """Another symbol; an empty text: none."""
        self._mark = qr_mark(text, 0, 0, 1.0) if text else None
        self.setAccessibleName(_(N_("QR code of the enrolment code")))
        self.update()

    def sizeHint(self) -> QSize:
        """A square that a telephone reads at arm’s length, whatever the size of the text."""
        return QSize(QR_SIDE, QR_SIDE)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The white ground with its quiet zone, then the modules."""
        if self._mark is None:
            return
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), WHITE)
        painter.scale(self.width(), self.height())
        paint_modules(painter, self._mark)


class CodePanel(QWidget):
    """Asks for a name, has the code made, shows it until it is used or done with. `closed` when it goes."""

    closed = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._bench, self._screen = screen.bench, screen
        self._clock: Clock = screen.bench.runner.clock
        self._invited = ""
        self._seen = False
        self._ask, self._shown = Card(" "), Card(" ", icon="desktop")
        self._name = TextField()
        self._field = Field(" ", self._name)
        self._make, self._back = Button("", "primary", "desktop"), Button("", "quiet")
        self._ask.add(self._field)
        self._ask.add(Flow(self._make, self._back))
        self._mark, self._code = QrMark(), WrapLabel("", "name")
        self._code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._how, self._until = WrapLabel("", "body"), Label("", "small", "muted")
        self._copy, self._done = Button("", "secondary", "copy"), Button("", "quiet", "check")
        self._build_shown()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._ask)
        column.addWidget(self._shown)
        self._make.clicked.connect(self._invite)
        self._name.returnPressed.connect(self._invite)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._code.text()))
        for button in (self._back, self._done):
            button.clicked.connect(self.leave)

    def _build_shown(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(8)
        for part in (self._how, self._code, self._until):
            words.addWidget(part)
        words.addWidget(Flow(self._copy, self._done))
        words.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(16)
        self._row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(words, 1)
        self._shown.add(self._row)

    def begin(self) -> None:
        """Ask for the name of the computer that is to join."""
        self._name.set_value("")
        self._field.set_error("")
        self._tell(code="")
        self.show()
        self._name.setFocus()

    def leave(self) -> None:
        """The code is not kept anywhere: whoever did not note it asks for another one."""
        self._tell(code="")
        self.hide()
        self.closed.emit()

    def _invite(self) -> None:
        name = str(self._name.value() or "")
        until = self._clock.now() + timedelta(minutes=INVITATION_MINUTES)
        running = self._bench.run_for(self, invite_device, name)
        running.say("").then(lambda code: self._show(name, code, until))

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """The name is missing or cannot be one."""
        self._field.set_error(str(problem))
        return True

    def _show(self, name: str, code: str, until: datetime) -> None:
        self._invited, self._seen = " ".join(name.split()), False
        self._tell(code, until)
        self._copy.setFocus()

    def follow(self, invitations: list[InvitationLine]) -> None:
        """Once the code that is shown is no longer open, somebody has used it: it is worth nothing any more."""
        if not self._invited:
            return
        is_open = any(line.name == self._invited for line in invitations)
        if self._seen and not is_open:
            self.leave()
        self._seen = self._seen or is_open

    def _tell(self, code: str, until: datetime | None = None) -> None:
        self._invited = self._invited if code else ""
        self._ask.setVisible(not code)
        self._shown.setVisible(bool(code))
        self._mark.show_text(code)
        self._code.setText(code)
        self._until.setText(_(N_("Good once, until {hour}."), hour=hour(until, self._clock)) if until else "")
        self._shown.set_title(_(N_("{name} joins"), name=self._invited) if code else " ")
        self.retell()

    def retell(self) -> None:
        """In the language in force."""
        self._ask.set_title(_(N_("Invite a workstation")))
        self._field.set_label(_(N_("Name of the computer")))
        self._field.set_help(_(N_("As people call it: Chair 4, Reception 2.")))
        self._make.setText(_(N_("Make the code")))
        self._make.set_help(_(invite_device.help))
        self._back.setText(_(N_("Back")))
        self._copy.setText(_(N_("Copy the code")))
        self._done.setText(_(N_("Close")))
        self._how.setText(
            _(N_("On the other computer, start Archwire, choose “Join our practice” and enter this code."))
        )
        self.fit()

    def fit(self) -> None:
        """The mark above the words where there is little room."""
        narrow = effective_width(self._screen) < SIDE_BY_SIDE
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
