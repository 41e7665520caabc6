"""The short reads and writes of signing in. Not commands: only `sign_in.Gatekeeper` runs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from app.access.local import count_try, credential_of, end_sessions, forget_failures
from app.access.model import Credential, Language, SignInSession, Staff
from app.access.sessions import PinState, SessionState, SessionTimes, pin_state, session_state
from app.access.settings import AUTO_LOCK_MINUTES, PIN_ALLOWED, SESSION_HOURS
from app.core.clock import from_millis
from app.core.errors import NotFound, StaleRecord
from app.core.i18n import N_
from app.core.ids import StaffId, new_id
from app.core.text import fold
from app.journal.operations import SERVER_CONTACT
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.journal.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Person:
    """A staff member with what this workstation knows of their credentials. Stays inside this slice."""

    staff_id: StaffId
    username: str
    name: str
    is_active: bool
    language: Language
    password_hash: str | None
    is_stale: bool
    """The password was changed on another workstation since."""
    must_change: bool
    pin_hash: str | None


@dataclass(frozen=True, slots=True)
class PinAttempt:
    """A try that has been counted: the state before it, how many tries there were, the hash to compare."""

    state: PinState
    failures: int
    pin_hash: str


def _people() -> Select[*tuple[Any, ...]]:
    return select(
        Staff.id, Staff.username, Staff.display_name, Staff.is_active, Staff.language, Staff.credential_changed_at,
        Credential.password_hash, Credential.password_set_at, Credential.must_change, Credential.pin_hash,
    ).outerjoin(Credential, Credential.id == Staff.id)  # fmt: skip


def _person(row: Any) -> Person:
    changed, kept = row.credential_changed_at, row.password_set_at
    stale = changed is not None and kept is not None and changed > kept
    return Person(
        row.id, row.username, row.display_name, row.is_active, row.language, row.password_hash, stale,
        bool(row.must_change), row.pin_hash,
    )  # fmt: skip


def person_named(read: Reading, username: str) -> Person | None:
    """The person with this username: active ones first, then the elder."""
    wanted = fold(username)
    found = [row for row in read.execute(_people()) if wanted and fold(row.username) == wanted]
    found.sort(key=lambda row: (not row.is_active, row.id))
    return _person(found[0]) if found else None


def person_of(read: Reading, session_id: str) -> Person:
    """The person of a session."""
    statement = _people().join(SignInSession, SignInSession.staff_id == Staff.id).where(SignInSession.id == session_id)
    row = read.execute(statement).first()
    if row is None:
        raise NotFound(N_("session"), session_id)
    return _person(row)


def last_contact(read: Reading) -> datetime | None:
    """When the practice's server was last heard of; None where there is none."""
    rows = read.sql("SELECT v FROM journal_state WHERE k = :it", it=SERVER_CONTACT)
    return from_millis(int(rows[0][0])) if rows else None


def open_sessions(read: Reading) -> list[str]:
    """The sessions that are neither locked nor ended."""
    statement = select(SignInSession.id).where(SignInSession.ended_at.is_(None), SignInSession.locked_at.is_(None))
    return list(read.execute(statement).scalars())


def state_of(read: Reading, session_id: str) -> SessionState:
    """Where a session stands now."""
    columns = (
        SignInSession.started_at, SignInSession.seen_at, SignInSession.locked_at, SignInSession.confirmed_at,
        SignInSession.ended_at,
    )  # fmt: skip
    row = read.execute(select(*columns).where(SignInSession.id == session_id)).first()
    if row is None:
        raise NotFound(N_("session"), session_id)
    hours, minutes = value_of(read, SESSION_HOURS), value_of(read, AUTO_LOCK_MINUTES)
    times = SessionTimes(row.started_at, row.seen_at, row.locked_at, row.confirmed_at, row.ended_at)
    return session_state(times, read.now, hours=hours, minutes=minutes)


def begin_try(tx: Transaction, throttle_id: str) -> timedelta:
    """Count a try of a password; a wait above zero means that it may not be checked yet."""
    return count_try(tx, throttle_id)


def open_session(tx: Transaction, staff_id: StaffId, used_hash: str | None, fresh_hash: str | None) -> str:
    """Begin a session after a right password; the person’s earlier ones on this workstation end."""
    keep_use(tx, staff_id, used_hash, fresh_hash)
    end_sessions(tx, staff_id)
    session = SignInSession(id=new_id(), staff_id=staff_id, started_at=tx.now, seen_at=tx.now, confirmed_at=tx.now)
    tx.add(session)
    tx.touch_local(SignInSession, session.id)
    return session.id


def confirm_session(tx: Transaction, session_id: str, used_hash: str | None, fresh_hash: str | None) -> None:
    """Keep that the person gave their password again."""
    session = _session(tx, session_id)
    keep_use(tx, session.staff_id, used_hash, fresh_hash)
    session.confirmed_at = session.seen_at = tx.now


def keep_use(tx: Transaction, staff_id: str, used_hash: str | None, fresh_hash: str | None) -> None:
    """Keep that a right password was given; the tries start afresh."""
    credential = credential_of(tx, staff_id)
    if used_hash is not None and credential.password_hash != used_hash:
        raise StaleRecord(N_("The password was changed a moment ago. Sign in again."))
    if fresh_hash is not None:
        credential.password_hash = fresh_hash
        if used_hash is None:
            credential.password_set_at, credential.must_change = tx.now, False
    credential.password_used_at = tx.now
    forget_failures(tx, staff_id)


def lock_session(tx: Transaction, session_id: str) -> bool:
    """Lock; False when it was locked or over already."""
    session = _session(tx, session_id)
    if session.locked_at is not None or session.ended_at is not None:
        return False
    session.locked_at, session.confirmed_at = tx.now, None
    tx.touch_local(SignInSession, session_id)
    return True


def try_pin(tx: Transaction, session_id: str) -> PinAttempt:
    """Count a try of the PIN before it is checked, so that many at once gain nothing."""
    credential = credential_of(tx, _session(tx, session_id).staff_id)
    state = pin_state(
        allowed=tx.setting(PIN_ALLOWED),
        has_pin=credential.pin_hash is not None,
        failures=credential.pin_failures,
        password_used_at=credential.password_used_at,
        now=tx.now,
    )
    if state is PinState.READY:
        credential.pin_failures += 1
        tx.touch_local(Credential, credential.id)
    return PinAttempt(state, credential.pin_failures, credential.pin_hash or "")


def confirm_by_pin(tx: Transaction, session_id: str, pin_hash: str) -> None:
    """Keep that the person gave the PIN whose hash was checked."""
    session = _session(tx, session_id)
    credential = credential_of(tx, session.staff_id)
    if session.ended_at is not None or session.locked_at is not None or credential.pin_hash != pin_hash:
        raise StaleRecord(N_("The password was changed a moment ago. Sign in again."))
    session.confirmed_at = session.seen_at = tx.now
    credential.pin_failures = 0
    tx.touch_local(SignInSession, session_id)


def reopen_session(tx: Transaction, session_id: str, pin_hash: str | None) -> None:
    """Unlock; `pin_hash` is the one that was checked, None after a password."""
    session = _session(tx, session_id)
    credential = credential_of(tx, session.staff_id)
    if session.ended_at is not None or (pin_hash is not None and credential.pin_hash != pin_hash):
        raise StaleRecord(N_("The password was changed a moment ago. Sign in again."))
    session.locked_at = None
    session.seen_at = tx.now
    credential.pin_failures = 0
    tx.touch_local(SignInSession, session_id)


def end_session(tx: Transaction, session_id: str) -> bool:
    """End; False when it was over already."""
    session = _session(tx, session_id)
    if session.ended_at is not None:
        return False
    session.ended_at = tx.now
    tx.touch_local(SignInSession, session_id)
    return True


def touch_session(tx: Transaction, session_id: str) -> None:
    """Somebody is at the screen. A session that is locked, or ought to be, is not touched."""
    if state_of(tx.reading(), session_id) is SessionState.OPEN:
        _session(tx, session_id).seen_at = tx.now


def _session(tx: Transaction, session_id: str) -> SignInSession:
    found = tx.find(SignInSession, session_id)
    if found is None:
        raise NotFound(N_("session"), session_id)
    return found
