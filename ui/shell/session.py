"""Who is at the keyboard: opening, locking, switching and ending sessions, and what follows the person around.

Password hashes are computed in a reader thread; the window only hears what came of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication

from app.access.queries import PersonHere, SignInScreen, sign_in_screen
from app.access.settings import AUTO_LOCK_MINUTES
from app.access.sign_in import Gatekeeper, SignedIn
from app.core.errors import ClinicError
from app.core.i18n import N_, _, language
from app.core.permissions import ROLE_LABELS, Role
from app.core.secret import Secret
from app.journal.queries import NOBODY
from sync.client.status import Link, SyncStatus
from ui.shell.bench import Bench
from ui.shell.confirm import Confirmer
from ui.shell.holding import TOUCHES, HoldWatch
from ui.shell.preferences import LANGUAGE, LOOKS, Language
from ui.shell.scanning import ScanWatch
from ui.shell.versions import tell_news

if TYPE_CHECKING:
    from app.journal.workplace import Workplace
    from ui.shell.sign_in import SignIn
    from ui.shell.window import Window

WATCH_MS: Final = 5000
_TOUCHES: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.MouseButtonRelease,
        *TOUCHES,
    }
)
REVOKED: Final = "revoked"
"""What a status says that the workstation must do once it was shut out."""


class Session(QObject):
    """The sessions of this workstation as the window sees them; several people may have one locked."""

    refused = Signal(object)
    """An exception: the gate says it."""
    entered = Signal()
    new_password_asked = Signal()
    """The password that let somebody in was chosen by a colleague: the gate asks for another."""

    def __init__(self, bench: Bench, workplace: Workplace, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(bench)
        self.bench, self.workplace = bench, workplace
        self.gatekeeper = Gatekeeper(workplace.runner)
        self.signed: SignedIn | None = None
        self.people: dict[str, PersonHere] = {}
        self.at_gate: dict[str, Any] = {}
        """Looks chosen on the sign-in screen, which belong to nobody."""
        self.demo_secrets: tuple[str, str] | None = None
        self._given = Secret("")
        self._waiting: SignedIn | None = None
        self._clock, self._touched = clock, clock()
        self._gates: dict[Window, SignIn] = {}
        self.confirmer = Confirmer(self)
        self._holds = HoldWatch(self)
        self._scans = ScanWatch(self)
        self._scans.scanned.connect(self._scanned)
        self._watch = QTimer(self, interval=WATCH_MS)
        self._watch.timeout.connect(self._look_at_clock)
        self.locks_by_itself = True
        """Off where a program drives the window: pictures of every screen take longer than a person may be away."""
        self._is_shut = False
        bench.server.changed.connect(self._look_at_server)

    def attach(self, window: Window) -> None:
        """Stand before this window too."""
        from ui.shell.sign_in import SignIn

        if not self._gates:
            app = QApplication.instance()
            if app is not None:
                app.installEventFilter(self)
        gate = self._gates[window] = SignIn(self)
        window.root.addWidget(gate)

    def active_window(self) -> Window | None:
        """The window that somebody works in."""
        return next((window.group.active() for window in self._gates), None)

    def detach(self, window: Window) -> None:
        """A window is closed, others stay."""
        gate = self._gates.pop(window, None)
        if gate is not None:
            gate.deleteLater()

    def close(self) -> None:
        """The last window goes: nobody is watched any more."""
        self._watch.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def _scanned(self, number: str) -> None:
        for window in self._gates:
            if window.group.active() is window:
                window.open_file_number(number)

    # -- the gate -------------------------------------------------------------------------------------------
    def _look_at_server(self, status: SyncStatus) -> None:
        """A workstation that was revoked has destroyed its keys: whoever works at it is told, and can only leave."""
        if self._is_shut or status.link is not Link.STOPPED or status.must != REVOKED:
            return
        from ui.shell.shut_out import ShutOut

        for window in self._gates:
            window.give_up_screens()
        self.sign_out()
        self._is_shut = True
        for window in self._gates:
            page = ShutOut(window)
            window.root.addWidget(page)
            window.cover(page)
            page.setFocus()

    def show_gate(self) -> None:
        """Cover the workbench of every window and read who works here."""
        if self._is_shut:
            return
        for window, gate in self._gates.items():
            window.cover(gate)
        self._open_gates()

    def _open_gates(self) -> None:
        for gate in self._gates.values():
            gate.open()

    def read_people(self, then: Callable[[SignInScreen], None]) -> None:
        """The people who may sign in, with how."""

        def keep(future: Future[SignInScreen]) -> None:
            found = future.result()
            self.people = {person.staff_id: person for person in found.people}
            then(found)

        runner = self.bench.runner
        self.bench.background(lambda: runner.ask(NOBODY, sign_in_screen), keep)

    def enter(self, username: str, secret: str, *, session_id: str = "", pin: bool = False) -> None:
        """Open a session, or open a locked one again; `refused` or `entered` follows."""
        keeper, given = self.gatekeeper, Secret(secret)
        self._given = given

        def work() -> SignedIn:
            if session_id and pin:
                return keeper.unlock_with_pin(session_id, given)
            return keeper.unlock_with_password(session_id, given) if session_id else keeper.sign_in(username, given)

        self.bench.background(work, self._arrived)

    def _arrived(self, future: Future[SignedIn]) -> None:
        error = future.exception()
        if error is not None:
            self.refused.emit(error)
            return
        signed = future.result()
        if signed.must_change_password:
            self._waiting = signed
            self.new_password_asked.emit()
            return
        self.become(signed)

    def choose_password(self, secret: str) -> None:
        """Replace the temporary password; `refused` or `entered` follows."""
        keeper, signed, current, new = self.gatekeeper, self._waiting, self._given, Secret(secret)
        if signed is None:
            return

        def work() -> SignedIn:
            keeper.change_password(signed.session_id, current, new)
            return keeper.signed_in(signed.session_id)

        self.bench.background(work, self._arrived)

    def become(self, signed: SignedIn) -> None:
        """This person is at the keyboard now."""
        before = self.signed.staff_id if self.signed is not None else ""
        another = before != signed.staff_id
        if another:
            for window in self._gates:
                window.change_desk(before, signed.staff_id)
        self.signed = signed
        self.at_gate, self._given, self._waiting = {}, Secret(""), None
        self._touched = self._clock()
        if self.locks_by_itself:
            self._watch.start()
        for window in self._gates:
            window.uncover()
        self.bench.sign_in(signed.actor)
        if another:
            for window in list(self._gates)[:1]:
                window.group.restore_places(signed.actor)
        for window in self._gates:
            window.give_keyboard_back()
        if another and self._gates:
            tell_news(next(iter(self._gates)))
        self.entered.emit()

    def lock(self, *, by_itself: bool = False) -> None:
        """Cover the screen at once; the session is locked behind it. What is typed stays where it is.

        `by_itself`: nobody asked, the person was away; the access log says so.
        """
        if self.signed is None or self.bench.actor is NOBODY:
            return
        self._watch.stop()
        keeper, session = self.gatekeeper, self.signed.session_id
        self.at_gate = {setting.name: self.bench.setting(setting) for setting in LOOKS}  # no flash of white at night
        for window in list(self._gates)[:1]:
            window.group.keep_places(self.signed.actor)
        for window in self._gates:
            window.docks.keep_now()
        self.bench.sign_in(NOBODY)
        self.show_gate()
        self.bench.background(lambda: keeper.lock(session, by_itself=by_itself), self._settled)

    def sign_out(self) -> None:
        """End the session."""
        if self.signed is None:
            return
        self._watch.stop()
        keeper, session = self.gatekeeper, self.signed.session_id
        self.signed = None
        self.bench.sign_in(NOBODY)
        for window in self._gates:
            window.prefer_now()  # the gate belongs to nobody
        self.show_gate()
        self.bench.background(lambda: keeper.sign_out(session), self._settled)

    def _settled(self, future: Future[None]) -> None:
        error = future.exception()
        if error is not None and not isinstance(error, ClinicError):
            self.bench.presenter.present(error, "session")
        if self.bench.actor is NOBODY:
            self._open_gates()

    # -- being there ----------------------------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is at the screen; a key may be a scanner's.

        Every event of every widget comes through here, thousands for each screen that is laid out: one filter does.
        """
        kind = event.type()
        if kind not in _TOUCHES:
            return False
        self._touched = self._clock()
        if kind in TOUCHES and isinstance(watched, QWindow):  # the window is told of each, its widgets of some
            self._holds.touched(watched, event)
        if kind == QEvent.Type.MouseButtonRelease:
            return self._holds.uses_up(watched)
        return kind == QEvent.Type.KeyPress and self._scans.eventFilter(watched, event)

    def idle_seconds(self) -> float:
        """How long nobody has touched keyboard, mouse or screen."""
        return self._clock() - self._touched

    def _look_at_clock(self) -> None:
        if self.signed is None:
            return
        idle = self.idle_seconds()
        if idle >= 60 * self.bench.runner.setting(NOBODY, AUTO_LOCK_MINUTES):
            self.lock(by_itself=True)
        elif idle < WATCH_MS / 1000:
            keeper, session = self.gatekeeper, self.signed.session_id
            self.bench.background(lambda: keeper.seen(session), lambda _future: None)

    def refresh_rights(self) -> None:
        """Somebody's roles have changed: take the rights of now."""
        if self.signed is None or self.bench.actor is NOBODY:
            return
        keeper, session = self.gatekeeper, self.signed.session_id
        self.bench.background(lambda: keeper.signed_in(session), self._renewed)

    def _renewed(self, future: Future[SignedIn]) -> None:
        if future.exception() is not None:
            self.lock()
        elif future.result().actor != self.bench.actor:
            self.signed = future.result()
            self.bench.sign_in(self.signed.actor)

    # -- what follows the person ----------------------------------------------------------------------------
    def roles(self) -> tuple[Role, ...]:
        """The roles of whoever is signed in."""
        tile = self.people.get(self.bench.actor.id)
        return tuple(tile.roles) if tile else ()

    def role_words(self) -> str:
        """The same in words."""
        return ", ".join(_(ROLE_LABELS[role]) for role in self.roles())

    def looks(self) -> dict[str, Any]:
        """Language and looks in force: the person's, else those chosen at the gate."""
        actor = self.bench.actor
        values = {setting.name: self.bench.setting(setting, actor) for setting in (*LOOKS, LANGUAGE)}
        if self.signed is None or actor is NOBODY:
            return values | {LANGUAGE.name: language()} | self.at_gate
        if not self._has_chosen(LANGUAGE.name):
            values[LANGUAGE.name] = Language(self.signed.language.value)
        return values

    def _has_chosen(self, setting: str) -> bool:
        key = f"{self.bench.actor.id}:{setting}"

        def look() -> bool:
            with self.bench.runner.read(self.bench.actor) as read:
                return bool(read.sql("SELECT 1 FROM user_setting WHERE id = :key AND value IS NOT NULL", key=key))

        return self.bench.kept((self.bench.actor.id, f"chosen {setting}"), look)

    def hint(self) -> str:
        """What everybody invented signs in with; empty anywhere but in a demo folder."""
        if self.demo_secrets is None or self.workplace.kind != "demo":
            return ""
        password, pin = self.demo_secrets
        return f"{_(N_('Demonstration: the password and the PIN of everyone'))}\n{password}  ·  {pin}"
