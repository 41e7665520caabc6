"""Writes to what only this workstation knows: credentials and the count of failed tries. Never captured or synced."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from app.access.credentials import FORGOTTEN_AFTER, hash_of, wait_after
from app.access.events import PasswordChanged
from app.access.model import Credential, SignInSession, SignInThrottle, Staff
from app.access.passwords import check_password
from app.core.secret import Secret
from app.journal.transaction import Transaction


def keep_password(tx: Transaction, staff: Staff, password: Secret, *, temporary: bool = False) -> None:
    """Check and hash a new password; the journal sees only when. Tries start afresh.

    `temporary`: somebody else chose it, and the person must replace it at the next sign-in; their PIN is dropped.
    """
    check_password(password.reveal(), staff.username, staff.display_name)
    credential = credential_of(tx, staff.id)
    credential.password_hash = hash_of(password)
    credential.password_set_at = staff.credential_changed_at = tx.now
    credential.must_change = temporary
    if temporary:
        credential.pin_hash = credential.pin_set_at = credential.password_used_at = None
    forget_failures(tx, staff.id)
    # The event row also keeps this operation from being undone: the former hash is gone.
    tx.record(PasswordChanged(staff.id, by_colleague=temporary))


def credential_of(tx: Transaction, staff_id: str) -> Credential:
    """The person’s credential on this workstation, made when absent."""
    return tx.find(Credential, staff_id) or tx.add(Credential(id=staff_id, pin_failures=0, must_change=False))


def forget_failures(tx: Transaction, staff_id: str) -> None:
    """Start the count of failed tries afresh, of the password and of the PIN."""
    throttle = tx.find(SignInThrottle, staff_id)
    if throttle is not None:
        throttle.failures, throttle.wait_until_at = 0, None
    credential = tx.find(Credential, staff_id)
    if credential is not None:
        credential.pin_failures = 0


def end_sessions(tx: Transaction, staff_id: str) -> None:
    """End a person’s sessions on this workstation."""
    still_open = update(SignInSession).where(SignInSession.staff_id == staff_id, SignInSession.ended_at.is_(None))
    tx.session.execute(still_open.values(ended_at=tx.now))


def count_try(tx: Transaction, throttle_id: str) -> timedelta:
    """Count a try before it is checked, so that many at once gain nothing; returns how long to wait if refused.

    A success forgets the count. Zero means that the password may be checked now.
    """
    throttle = tx.find(SignInThrottle, throttle_id) or tx.add(SignInThrottle(id=throttle_id, failures=0))
    if throttle.wait_until_at is not None and timedelta() < throttle.wait_until_at - tx.now <= wait_after(
        throttle.failures
    ):
        return throttle.wait_until_at - tx.now
    if throttle.failed_at is not None and tx.now - throttle.failed_at > FORGOTTEN_AFTER:
        throttle.failures = 0
    throttle.failures += 1
    throttle.failed_at = tx.now
    throttle.wait_until_at = tx.now + wait_after(throttle.failures)
    return timedelta()
