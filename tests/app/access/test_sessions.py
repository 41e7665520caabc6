"""The pure decisions on sessions and PINs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.access.sessions import (
    PIN_TRIES,
    PinState,
    SessionState,
    SessionTimes,
    is_confirmed,
    lock_due,
    pin_state,
    session_state,
)

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def state(**changed: datetime) -> SessionState:
    times = {"started_at": NOW - HOUR, "seen_at": NOW, **changed}
    return session_state(SessionTimes(**times), NOW, hours=12, minutes=4)


def test_states_of_a_session() -> None:
    assert state() is SessionState.OPEN
    assert state(locked_at=NOW) is SessionState.LOCKED
    assert state(seen_at=NOW - 4 * MINUTE) is SessionState.LOCKED
    assert state(seen_at=NOW - 4 * MINUTE + timedelta(seconds=1)) is SessionState.OPEN
    assert state(started_at=NOW - 12 * HOUR) is SessionState.OPEN
    assert state(started_at=NOW - 12 * HOUR - timedelta(milliseconds=1)) is SessionState.EXPIRED
    assert state(locked_at=NOW, ended_at=NOW) is SessionState.ENDED


def test_a_clock_set_back_locks_and_ends() -> None:
    assert state(seen_at=NOW + HOUR) is SessionState.LOCKED
    assert state(started_at=NOW + HOUR) is SessionState.EXPIRED
    assert state(seen_at=NOW + MINUTE) is SessionState.OPEN, "a small correction of the clock is no attack"


@pytest.mark.parametrize(("idle", "due"), [(0, False), (59, False), (60, True), (61, True)])
def test_auto_lock_after_a_minute(idle: int, due: bool) -> None:
    assert lock_due(NOW - timedelta(seconds=idle), NOW, 1) is due


def pin(**changed: object) -> PinState:
    given: dict[str, object] = {
        "allowed": True, "has_pin": True, "failures": 0, "password_used_at": NOW - HOUR, "now": NOW, **changed
    }  # fmt: skip
    return pin_state(**given)


def test_when_a_pin_may_be_tried() -> None:
    assert pin() is PinState.READY
    assert pin(allowed=False) is PinState.NOT_ALLOWED
    assert pin(has_pin=False) is PinState.NOT_SET
    assert pin(failures=PIN_TRIES - 1) is PinState.READY
    assert pin(failures=PIN_TRIES) is PinState.TOO_MANY_TRIES
    assert pin(password_used_at=None) is PinState.PASSWORD_NEEDED
    assert pin(password_used_at=NOW - 12 * HOUR) is PinState.READY
    assert pin(password_used_at=NOW - 12 * HOUR - MINUTE) is PinState.PASSWORD_NEEDED
    assert pin(password_used_at=NOW + HOUR) is PinState.PASSWORD_NEEDED


def test_a_confirmation_lasts_two_minutes() -> None:
    assert is_confirmed(NOW - 2 * MINUTE, NOW)
    assert not is_confirmed(NOW - 2 * MINUTE - timedelta(seconds=1), NOW)
    assert not is_confirmed(None, NOW)
