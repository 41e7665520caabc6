"""When a session is open, locked or over, and when a PIN may open it again. Pure: the instant is always given."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.core.i18n import N_

PIN_TRIES: Final = 5
PIN_WINDOW: Final = timedelta(hours=12)
CONFIRMATION_VALID: Final = timedelta(minutes=2)
CLOCK_STEP: Final = timedelta(minutes=5)
"""How far a corrected clock may step back before a time in the future counts as tampered with."""


class SessionState(enum.StrEnum):
    """Where a session stands."""

    OPEN = "open"
    LOCKED = "locked"
    EXPIRED = "expired"
    ENDED = "ended"


class PinState(enum.StrEnum):
    """Whether a PIN may open the screen."""

    READY = "ready"
    NOT_ALLOWED = "not_allowed"
    NOT_SET = "not_set"
    TOO_MANY_TRIES = "too_many_tries"
    PASSWORD_NEEDED = "password_needed"


PIN_STATE_LABELS: dict[PinState, str] = {
    PinState.READY: N_("Enter your PIN."),
    PinState.NOT_ALLOWED: N_("PINs are not used on this workstation. Enter your password."),
    PinState.NOT_SET: N_("You have no PIN on this workstation. Enter your password."),
    PinState.TOO_MANY_TRIES: N_("Five wrong PINs. Enter your password."),
    PinState.PASSWORD_NEEDED: N_("Your password was not used here in the last 12 hours. Enter it."),
}


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """The instants of a session that decide its state."""

    started_at: datetime
    seen_at: datetime
    locked_at: datetime | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None


def within(since: datetime | None, now: datetime, span: timedelta) -> bool:
    """Whether `since` is known, at most `span` ago, and not in the future beyond a clock correction."""
    return since is not None and -CLOCK_STEP <= now - since <= span


def lock_due(seen_at: datetime, now: datetime, minutes: int) -> bool:
    """Whether nobody has touched the workstation for `minutes`."""
    return not within(seen_at, now, timedelta(minutes=minutes) - timedelta(milliseconds=1))


def session_state(times: SessionTimes, now: datetime, *, hours: int, minutes: int) -> SessionState:
    """The state of a session that lasts `hours` and locks after `minutes` without a touch."""
    if times.ended_at is not None:
        return SessionState.ENDED
    if not within(times.started_at, now, timedelta(hours=hours)):
        return SessionState.EXPIRED
    if times.locked_at is not None or lock_due(times.seen_at, now, minutes):
        return SessionState.LOCKED
    return SessionState.OPEN


def pin_state(
    *, allowed: bool, has_pin: bool, failures: int, password_used_at: datetime | None, now: datetime
) -> PinState:
    """Whether the PIN may be tried: at most five wrong in a row, and the password used here in the last 12 h."""
    if not allowed:
        return PinState.NOT_ALLOWED
    if not has_pin:
        return PinState.NOT_SET
    if failures >= PIN_TRIES:
        return PinState.TOO_MANY_TRIES
    if not within(password_used_at, now, PIN_WINDOW):
        return PinState.PASSWORD_NEEDED
    return PinState.READY


def is_confirmed(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether the person proved who they are in the last two minutes."""
    return within(confirmed_at, now, CONFIRMATION_VALID)
