"""Signing in, locking, unlocking, confirming. Blocking calls: run them in a worker thread, never in Qt's.

Argon2 runs in the caller's thread; the writer thread only keeps what was decided, in short writes of rows that are
never captured. Nothing here is a registered command, so that nobody opens a session without a password.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Concatenate, Final, NoReturn, ParamSpec, TypeVar

from app.access import sign_in_rows as rows
from app.access.authority import StaffAuthority
from app.access.commands import set_password
from app.access.credentials import hasher, prepared
from app.access.model import Language
from app.access.ports import PasswordCheck
from app.access.sessions import CONFIRMATION_VALID, PIN_STATE_LABELS, PIN_TRIES, PinState, SessionState, within
from app.access.settings import OFFLINE_SIGN_IN_DAYS
from app.access.sign_in_rows import Person
from app.core.errors import RuleViolation, Unreachable
from app.core.i18n import N_
from app.core.ids import StaffId
from app.core.secret import Secret
from app.core.text import fold
from app.journal.commands import Command, Query
from app.journal.queries import NOBODY, Actor, Reading
from app.journal.runner import Runner
from app.journal.transaction import Transaction

P = ParamSpec("P")
R = TypeVar("R")
TOUCH_EVERY: Final = timedelta(seconds=15)


class SignInRefused(RuleViolation):
    """The one answer to an unknown name and to a wrong password."""

    def __init__(self) -> None:
        super().__init__(N_("This username and password do not go together."), field="password")


class TooManyTries(RuleViolation):
    """The next try must wait; also answered for names that nobody has."""

    def __init__(self, wait: timedelta) -> None:
        seconds = -(-wait // timedelta(seconds=1))
        super().__init__(N_("Too many tries. Try again in {seconds} s."), field="password", seconds=seconds)
        self.wait = wait


class OfflineTooLong(Unreachable):
    """The server was not reached for so long that what this workstation remembers of passwords counts no more."""

    def __init__(self, days: int) -> None:
        super().__init__(
            N_("This workstation has not reached the server for {days} days. Connect it, then sign in."), days=days
        )


class PinRefused(RuleViolation):
    """A wrong PIN, or one that may not be tried now; `state` says which way in is left."""

    def __init__(self, state: PinState, message_id: str, **values: int) -> None:
        super().__init__(message_id, field="pin", **values)
        self.state = state


class SessionClosed(RuleViolation):
    """The session is over: the password is needed."""

    def __init__(self) -> None:
        super().__init__(N_("Your session is over. Sign in with your password."))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who works at this workstation now."""

    actor: Actor
    staff_id: StaffId
    session_id: str
    language: Language
    must_change_password: bool
    has_pin: bool


class Gatekeeper:
    """Opens, locks and ends the sessions of one workstation. Safe to call from several threads."""

    def __init__(self, runner: Runner, elsewhere: PasswordCheck | None = None) -> None:
        self._runner = runner
        self.elsewhere = elsewhere
        """Who judges passwords that were set on another workstation; it may come later, with the network."""
        self._touched: dict[str, datetime] = {}

    def sign_in(self, username: str, password: Secret) -> SignedIn:
        """Open a session. `SignInRefused`, `TooManyTries`, or `Unreachable` when only the server could tell."""
        person = self._ask(rows.person_named, username)
        used, fresh = self._prove(person, username, password, "sign_in_failed")
        assert person is not None
        if not person.is_active:
            self._runner.access(_as(person), "refused", detail="inactive")
            raise RuleViolation(N_("This account is closed. Ask a manager."), field="username")
        session = self._write(rows.open_session, person.staff_id, used, fresh)
        self._runner.access(_as(person, session), "sign_in")
        return self.signed_in(session)

    def confirm_identity(self, session_id: str, password: Secret) -> datetime:
        """Prove again who is at the keyboard; returns until when commands that require it go through."""
        person = self._person_of(session_id, SessionState.OPEN)
        used, fresh = self._prove(person, person.username, password, "confirm_failed")
        self._write(rows.confirm_session, session_id, used, fresh)
        self._runner.access(_as(person, session_id), "confirm")
        return self._runner.clock.now() + CONFIRMATION_VALID

    def confirm_with_pin(self, session_id: str, pin: Secret) -> datetime:
        """As `confirm_identity`, by the PIN while it holds: somebody who may open the screen by it is who they are.

        `PinRefused`, with what is left of the tries, or with why only the password will do.
        """
        person = self._person_of(session_id, SessionState.OPEN)
        self._write(rows.confirm_by_pin, session_id, self._prove_pin(person, session_id, pin))
        self._runner.access(_as(person, session_id), "confirm", detail="pin")
        return self._runner.clock.now() + CONFIRMATION_VALID

    def change_password(self, session_id: str, current: Secret, new: Secret) -> None:
        """Replace one's own password, proven by the present one; every hash is computed here."""
        self.confirm_identity(session_id, current)
        actor = self.signed_in(session_id).actor
        self._runner.run(actor, set_password, StaffId(actor.id), prepared(new))

    def lock(self, session_id: str, *, by_itself: bool = False) -> None:
        """Cover the screen; `by_itself` when nobody touched it for the set time."""
        person = self._person_of(session_id)
        if self._write(rows.lock_session, session_id):
            self._runner.access(_as(person, session_id), "lock", detail="automatic" if by_itself else None)

    def lock_all(self) -> None:
        """Lock every session left open by a process that has ended; call it once at start."""
        for session_id in self._ask(rows.open_sessions):
            self.lock(session_id, by_itself=True)

    def unlock_with_pin(self, session_id: str, pin: Secret) -> SignedIn:
        """Open a locked session again. `PinRefused` or `SessionClosed`; never opens a new session."""
        person = self._person_of(session_id, SessionState.OPEN, SessionState.LOCKED)
        self._write(rows.reopen_session, session_id, self._prove_pin(person, session_id, pin))
        self._runner.access(_as(person, session_id), "unlock", detail="pin")
        return self.signed_in(session_id)

    def unlock_with_password(self, session_id: str, password: Secret) -> SignedIn:
        """Open a locked session again by the password, whoever forgot their PIN."""
        person = self._person_of(session_id, SessionState.OPEN, SessionState.LOCKED)
        used, fresh = self._prove(person, person.username, password, "unlock_failed")
        self._write(rows.confirm_session, session_id, used, fresh)
        self._write(rows.reopen_session, session_id, None)
        self._runner.access(_as(person, session_id), "unlock", detail="password")
        return self.signed_in(session_id)

    def sign_out(self, session_id: str) -> None:
        """End a session; a PIN does not open it again."""
        person = self._person_of(session_id)
        if self._write(rows.end_session, session_id):
            self._runner.access(_as(person, session_id), "sign_out")

    def seen(self, session_id: str) -> None:
        """Note that somebody is at the screen; call it freely, it writes at most every 15 s."""
        now, last = self._runner.clock.now(), self._touched.get(session_id)
        if last is None or abs(now - last) >= TOUCH_EVERY:
            self._touched[session_id] = now
            self._write(rows.touch_session, session_id)

    def state(self, session_id: str) -> SessionState:
        """Where the session stands now; `NotFound` for an unknown one."""
        return self._ask(rows.state_of, session_id)

    def signed_in(self, session_id: str) -> SignedIn:
        """The person of an open session with the rights of now: call it again when roles change.

        `SessionClosed` when the session is over or locked, or the person has left.
        """
        if self.state(session_id) is not SessionState.OPEN:
            raise SessionClosed()
        person = self._person_of(session_id)
        if not person.is_active:
            raise SessionClosed()
        with self._runner.read(NOBODY) as read:
            actor = replace(StaffAuthority().actor(read, person.staff_id), session=session_id)
        return SignedIn(
            actor, person.staff_id, session_id, person.language, person.must_change, person.pin_hash is not None
        )

    # -- inside -------------------------------------------------------------------------------------------------

    def _prove(self, person: Person | None, typed: str, password: Secret, kind: str) -> tuple[str | None, str | None]:
        """Check a password, equally long for strangers; returns (the hash it matched, a fresh hash to keep)."""
        throttle = person.staff_id if person else _bucket(typed)
        wait = self._write(rows.begin_try, throttle)
        if wait:
            self._runner.access(_as(person), "refused", detail="too_many_tries")
            raise TooManyTries(wait)
        known = person.password_hash if person and not person.is_stale else None
        matches = hasher().verify(known or hasher().decoy, password.reveal())
        if matches and known is not None and person is not None and self._counts_no_more():
            known = self._counts_again(person, password)
        if matches and known is not None:
            return known, hasher().hash(password.reveal()) if hasher().needs_rehash(known) else None
        if person is not None and known is None and self._confirmed_elsewhere(person, password):
            return None, hasher().hash(password.reveal())
        self._runner.access(_as(person), kind)
        raise SignInRefused()

    def _counts_no_more(self) -> bool:
        """Whether the server, where there is one, was not heard of for longer than the clinic allows."""
        contact = self._ask(rows.last_contact)
        if contact is None:
            return False
        days = timedelta(days=self._runner.setting(NOBODY, OFFLINE_SIGN_IN_DAYS))
        return not within(contact, self._runner.clock.now(), days)

    def _counts_again(self, person: Person, password: Secret) -> str | None:
        """The hash kept here, once the server has said that it is still right; `OfflineTooLong` when it is silent."""
        with contextlib.suppress(Unreachable):
            if self.elsewhere is not None:
                return person.password_hash if self._confirmed_elsewhere(person, password) else None
        self._runner.access(_as(person), "refused", detail="offline_too_long")
        raise OfflineTooLong(self._runner.setting(NOBODY, OFFLINE_SIGN_IN_DAYS))

    def confirms(self, username: str, password: Secret) -> bool:
        """Whether this is the person’s present password, asked by another machine. Raises `TooManyTries`."""
        person = self._ask(rows.person_named, username)
        try:
            used, fresh = self._prove(person, username, password, "sign_in_failed")
        except SignInRefused:
            return False
        assert person is not None
        if not person.is_active:
            return False
        self._write(rows.keep_use, person.staff_id, used, fresh)
        return True

    def _confirmed_elsewhere(self, person: Person, password: Secret) -> bool:
        return self.elsewhere is not None and self.elsewhere.confirms(person.username, password)

    def _prove_pin(self, person: Person, session_id: str, pin: Secret) -> str:
        """Check a PIN; the hash that it matched. Each try is counted before it is checked."""
        attempt = self._write(rows.try_pin, session_id)
        if attempt.state is not PinState.READY:
            self._runner.access(_as(person, session_id), "pin_failed", detail=attempt.state.value)
            raise PinRefused(attempt.state, PIN_STATE_LABELS[attempt.state])
        if not hasher().verify(attempt.pin_hash, pin.reveal()):
            self._runner.access(_as(person, session_id), "pin_failed", detail=f"{attempt.failures}/{PIN_TRIES}")
            self._refuse_pin(PIN_TRIES - attempt.failures)
        return attempt.pin_hash

    def _refuse_pin(self, left: int) -> NoReturn:
        if left <= 0:
            raise PinRefused(PinState.TOO_MANY_TRIES, PIN_STATE_LABELS[PinState.TOO_MANY_TRIES])
        raise PinRefused(PinState.READY, N_("This is not your PIN. Tries left: {left}."), left=left)

    def _person_of(self, session_id: str, *states: SessionState) -> Person:
        if states and self.state(session_id) not in states:
            raise SessionClosed()
        return self._ask(rows.person_of, session_id)

    def _ask(self, function: Callable[Concatenate[Reading, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self._runner.ask(NOBODY, Query(function, None, ""), *args, **kwargs)

    def _write(self, function: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self._runner.run(NOBODY, Command(function, None, ""), *args, **kwargs)


def _as(person: Person | None, session: str | None = None) -> Actor:
    return Actor(person.staff_id, person.name, session=session) if person else NOBODY


def _bucket(typed: str) -> str:
    """One of 256 counts for names that nobody has; the name is not kept, it may be a password typed too early."""
    return f"unknown-{hashlib.sha256(fold(typed).encode()).hexdigest()[:2]}"
