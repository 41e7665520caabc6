"""The gate: who works at this workstation, and the PIN pad or the password. Covers the workbench while locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.access.queries import PersonHere, PinState, SignInScreen, titled
from app.core.errors import ClinicError
from app.core.i18n import N_, NAMES, _, language, set_language
from app.core.permissions import ROLE_LABELS
from ui.shell.errors import log_fault, sentence_of
from ui.shell.formats import counted
from ui.shell.pin_pad import PinPad
from ui.shell.preferences import TEXT_SIZE, THEME, TextSize, ThemeChoice, apply_looks
from ui.shell.rail_button import Mark
from ui.shell.staff_tile import StaffTile
from ui.shell.words import Words
from ui.theme.style import theme
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import Button
from ui.widgets.fields import SecretField, TextField
from ui.widgets.form import Field
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow, VScroll, effective_width

if TYPE_CHECKING:
    from ui.shell.session import Session

PANEL = 500
STACKED_BELOW = 1000
"""Effective width under which the margins shrink."""


class SignIn(QWidget):
    """Tiles of people at the left, the way in at the right; language, contrast and text size at the foot."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._person: PersonHere | None = None
        self._found: SignInScreen | None = None
        self._by_password = self._renewing = self._unnamed = False
        self.words = Words()
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._build()
        session.refused.connect(self._refuse)
        session.entered.connect(self._forget)
        session.new_password_asked.connect(self._ask_new_password)

    # -- building -------------------------------------------------------------------------------------------
    def _build(self) -> None:
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(VScroll(self._left()), 1)
        right = self._right()
        self._panel = VScroll(right)
        right.setAutoFillBackground(False)
        frame = QFrame()
        frame.setProperty("surface", "surface")
        frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QHBoxLayout(frame)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        line = QFrame()
        line.setProperty("kind", "hairline_v")
        inside.addWidget(line)
        inside.addWidget(self._panel, 1)
        self._frame = frame
        self._row.addWidget(frame)

    def _left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        self._left_column = column
        column.setSpacing(6)
        brand = QHBoxLayout()
        brand.setSpacing(10)
        mark = Mark("text", 40)
        mark.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        brand.addWidget(mark)
        brand.addWidget(Label("Archwire", "figure"))
        brand.addStretch()
        self._question, self._where = WrapLabel("", "figure_large"), WrapLabel("", "body", "muted")
        self._tiles = Flow(gap=12, row_gap=12)
        self._other = Button("", "secondary", "user", size="touch")
        self._other.clicked.connect(self.nobody_yet)
        column.addStretch(2)
        column.addLayout(brand)
        column.addSpacing(24)
        column.addWidget(self._question)
        column.addWidget(self._where)
        column.addSpacing(12)
        column.addWidget(self._tiles)
        column.addSpacing(12)
        column.addWidget(self._other, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(3)
        column.addWidget(self._foot())
        self.words.put(self._question.setText, N_("Who is working at this workstation?"))
        self.words.put(self._other.setText, N_("Someone else"))
        return left

    def _foot(self) -> QWidget:
        self._french, self._english = (Button(NAMES[code].partition(" ")[0], "link") for code in ("fr", "en"))
        self._bigger, self._contrast = Button("", "quiet"), Button("", "quiet")
        self._french.clicked.connect(lambda: self._speak("fr"))
        self._english.clicked.connect(lambda: self._speak("en"))
        self._bigger.clicked.connect(self._grow)
        self._contrast.clicked.connect(self._sharpen)
        self.words.put(self._bigger.setText, TEXT_SIZE.label)
        self.words.put(self._contrast.setText, N_("High contrast"))
        return Flow(self._french, self._english, self._bigger, self._contrast, gap=4)

    def _right(self) -> QWidget:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(56, 40, 56, 40)
        column.setSpacing(8)
        self._avatar, self._name = Avatar("Archwire", 82), WrapLabel("", "figure")
        self._ask = WrapLabel("", "body", "muted")
        for label in (self._name, self._ask):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._pad = PinPad()
        self._pad.entered.connect(self._enter_pin)
        self._username, self._password = TextField(), SecretField()
        self._username_field, self._password_field = Field("", self._username), Field("", self._password)
        self._go, self._swap = Button("", "primary", "sign-in", size="touch"), Button("", "quiet")
        self._problem, self._hint, self._note = (
            WrapLabel("", "body", "danger"),
            WrapLabel("", "small", "muted"),
            WrapLabel("", "small", "muted"),
        )
        for label in (self._problem, self._hint, self._note):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._go.clicked.connect(self._enter_password)
        self._swap.clicked.connect(self._other_way)
        for field in (self._username, self._password):
            field.returnPressed.connect(self._enter_password)
        column.addStretch(2)
        column.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignHCenter)
        for widget in (
            self._name,
            self._ask,
            self._pad,
            self._username_field,
            self._password_field,
            self._problem,
            self._go,
        ):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter if widget is self._pad else Qt.AlignmentFlag(0))
        column.addWidget(self._swap, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self._hint)
        column.addWidget(self._note)
        column.addStretch(3)
        self.words.put(self._username_field.set_label, N_("Username"))
        self.words.put(self._password_field.set_label, N_("Password"))
        self.words.put(self._go.setText, N_("Sign in"))
        self.words.put(self._note.setText, N_("Every action is signed in your name."))
        return right

    # -- what is shown --------------------------------------------------------------------------------------
    def open(self) -> None:
        """Read who may come in; the person who locked is chosen already."""
        self._session.read_people(self.show_people)

    def show_people(self, found: SignInScreen) -> None:
        """Lay out the tiles."""
        self._found = found
        minutes = counted(
            N_("locks after {n} minute without activity"),
            N_("locks after {n} minutes without activity"),
            found.auto_lock_minutes,
        )
        self._where.setText(" · ".join(part for part in (found.practice_name, minutes) if part))
        while self._tiles.flow.count():
            item = self._tiles.flow.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for person in found.people:
            roles = ", ".join(_(ROLE_LABELS[role]) for role in person.roles)
            tile = StaffTile(titled(person.title, person.display_name), roles, person.staff_id)
            tile.clicked.connect(lambda _on=False, person=person: self.choose(person))
            self._tiles.add(tile)
            tile.show()
        if self._unnamed:
            self.choose(None)
            return
        held = self._person.staff_id if self._person else self._session.signed.staff_id if self._session.signed else ""
        chosen = next((person for person in found.people if person.staff_id == held), None)
        last = next((person for person in found.people if person.session_id), None)
        self.choose(chosen or last or (found.people[0] if found.people else None))

    def nobody_yet(self) -> None:
        """Ask for a username, and keep asking while the people are read again."""
        self._unnamed = True
        self.choose(None)

    def choose(self, person: PersonHere | None) -> None:
        """Who wants to come in; None: somebody who says it by a username."""
        self._unnamed = person is None and self._unnamed
        changed = person is None or self._person is None or person.staff_id != self._person.staff_id
        self._person = person
        for number in range(self._tiles.flow.count()):
            tile = self._tiles.flow.itemAt(number)
            if tile is not None and isinstance(widget := tile.widget(), StaffTile):
                widget.setChecked(person is not None and widget.key == person.staff_id)
        if changed:
            self._by_password = self._renewing = False
            self._password_field.set_label(_(N_("Password")))
            self._wipe()
        self._show_way()

    @property
    def _pin_possible(self) -> bool:
        return self._person is not None and bool(self._person.session_id) and self._person.pin is PinState.READY

    def _show_way(self) -> None:
        person, pin = self._person, self._pin_possible and not self._by_password
        name = titled(person.title, person.display_name) if person else _(N_("Someone else"))
        self._avatar.set_person(name, person.staff_id if person else "?")
        self._name.setText(name)
        self._ask.setText(_(N_("Enter your 6-digit PIN")) if pin else _(N_("Enter your password")))
        self._pad.setVisible(pin)
        self._username_field.setVisible(person is None)
        for widget in (self._password_field, self._go):
            widget.setVisible(not pin)
        self._swap.setVisible(self._pin_possible)
        self._swap.setText(_(N_("Use my password")) if pin else _(N_("Use my PIN")))
        self._hint.setText(self._session.hint())
        (self._pad if pin else self._username if person is None else self._password).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    # -- coming in ------------------------------------------------------------------------------------------
    def _enter_pin(self, pin: str) -> None:
        if self._person is not None:
            self._busy(True)
            self._session.enter(self._person.username, pin, session_id=self._person.session_id, pin=True)

    def _enter_password(self) -> None:
        if self._renewing:
            self._busy(True)
            self._session.choose_password(self._password.text())
            return
        username = self._person.username if self._person else self._username.text().strip()
        if not username or not self._password.text():
            (self._password if username else self._username).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._busy(True)
        self._session.enter(username, self._password.text(), session_id=self._person.session_id if self._person else "")

    def _ask_new_password(self) -> None:
        self._renewing = True
        self._busy(False)
        self._wipe()
        self._ask.setText(_(N_("A colleague chose this password. Choose one of your own.")))
        self._password_field.set_label(_(N_("New password")))
        self._password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _busy(self, busy: bool) -> None:
        self._problem.setText("")
        self._password_field.set_error("")
        for widget in (self._go, self._pad, self._password, self._username):
            widget.setEnabled(not busy)

    def _refuse(self, error: BaseException) -> None:
        if not hasattr(error, "message_id"):
            log_fault(error, "sign_in")
        self._busy(False)
        self._wipe()
        state = getattr(error, "state", PinState.READY)
        if state is not PinState.READY:
            self._by_password = True
        if self._pad.isVisible() and not self._by_password:
            self._problem.setText(sentence_of(error))
        else:
            self._password_field.set_error(error if isinstance(error, ClinicError) else sentence_of(error))
        if self._renewing:
            return
        self._show_way()
        if self._person is not None and self._person.session_id:
            self._session.read_people(self._refreshed)

    def _refreshed(self, found: SignInScreen) -> None:
        held = self._person.staff_id if self._person else ""
        self._person = next((person for person in found.people if person.staff_id == held), None)
        self._show_way()

    def _other_way(self) -> None:
        self._by_password = not self._by_password
        self._wipe()
        self._show_way()

    def _wipe(self) -> None:
        self._problem.setText("")
        self._password_field.set_error("")
        self._password.clear()
        self._pad.clear()

    def _forget(self) -> None:
        self._busy(False)
        self._wipe()
        self._username.clear()
        self._person, self._renewing, self._unnamed = None, False, False
        self._password_field.set_label(_(N_("Password")))

    # -- looks ----------------------------------------------------------------------------------------------
    def _speak(self, code: str) -> None:
        self._session.at_gate["language"] = code
        set_language(code)

    def _grow(self) -> None:
        sizes = list(TextSize)
        now = sizes.index(TextSize(str(round(theme.text_scale * 100))))
        self._prefer(TEXT_SIZE.name, sizes[(now + 1) % len(sizes)])

    def _sharpen(self) -> None:
        strong = theme.choice == ThemeChoice.HIGH_CONTRAST
        self._prefer(THEME.name, ThemeChoice.SYSTEM if strong else ThemeChoice.HIGH_CONTRAST)

    def _prefer(self, name: str, value: Any) -> None:
        from PySide6.QtWidgets import QApplication

        self._session.at_gate[name] = value
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_looks(app, self._session.looks())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setLocale(QLocale("fr_CA" if language() == "fr" else "en_CA"))
            self.words.again()
            self._french.set_kind("link" if language() == "fr" else "quiet")
            self._english.set_kind("link" if language() == "en" else "quiet")
            if self._found is not None:
                self.show_people(self._found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Panel at the right, or under the tiles when narrow."""
        super().resizeEvent(event)
        side = 90 if effective_width(self) >= STACKED_BELOW else 32
        self._left_column.setContentsMargins(side, 40, 32, 40)
        self._frame.setFixedWidth(min(round(PANEL * min(theme.text_scale, 1.5)), round(self.width() * 0.5)))
