"""What the pill and the line at the foot say of the server: never better than it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.core.clock import Clock
from sync.client.status import Link, StatusBoard, SyncStatus
from ui.shell.journey import Journey
from ui.shell.server_link import said
from ui.shell.window import Window

NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
CLOCK = Clock.fixed(NINE)
Rest = Callable[[Window], None]


@pytest.mark.parametrize(
    ("status", "severity", "short", "line"),
    [
        (SyncStatus(), "info", "This workstation alone", "no server is set up"),
        (SyncStatus(Link.CONNECTING, NINE), "info", "Connecting", "Looking for the server"),
        (SyncStatus(Link.LIVE, NINE, last_contact=NINE), "ok", "In step", "since 9:00"),
        (SyncStatus(Link.LIVE, NINE, 3, last_contact=NINE), "info", "Sending", "3 operations wait"),
        (SyncStatus(Link.LIVE, NINE, 0, 7, last_contact=NINE), "info", "Receiving", "7 changes to receive"),
        (SyncStatus(Link.OFFLINE, NINE, 41), "warn", "Offline since 9:00", "41 operations wait to be sent"),
        (SyncStatus(Link.STOPPED, NINE, must="reenrol"), "danger", "Stopped since 9:00", "enrolled again"),
        (SyncStatus(Link.LIVE, NINE, last_contact=NINE, attention=2), "danger", "2 need attention", "In step"),
        (SyncStatus(Link.LIVE, NINE, last_contact=NINE, clock_ahead_millis=90_000), "warn", "In step", "clock"),
    ],
)
def test_each_standing_has_its_words(status: SyncStatus, severity: str, short: str, line: str) -> None:
    words = said(status, CLOCK)
    assert (words.severity, words.short) == (severity, short)
    assert line in words.line


def test_the_pill_follows_the_board(window: Window, rest: Rest) -> None:
    board, tried = StatusBoard(), []
    stop = window.bench.server.follow(board, lambda: tried.append(1))
    board.publish(SyncStatus(Link.OFFLINE, NINE, 2))
    rest(window)
    texts = list(Journey(window).texts())
    assert any(text.startswith("Offline since") for text in texts)
    assert any("2 operations wait to be sent" in text for text in texts)
    window.bench.server.retry_now()
    assert tried == [1]
    stop()
    board.publish(SyncStatus(Link.LIVE, NINE, last_contact=NINE))
    rest(window)
    assert window.bench.server.status.link is Link.OFFLINE


def test_a_workstation_that_was_revoked_shuts_its_windows_with_a_sentence(window: Window, rest: Rest) -> None:
    board = StatusBoard()
    window.bench.server.follow(board, lambda: None)
    window.open_new_window()
    windows = list(window.group.open)
    assert len(windows) == 2
    board.publish(SyncStatus(Link.STOPPED, NINE, must="revoked"))
    for one in windows:
        rest(one)
        texts = list(Journey(one).texts())
        assert any("its data is unreadable now" in text for text in texts)
        assert one.root.currentWidget() is not one.workbench
        assert one.screens == {}
    window.session.show_gate()
    rest(window)
    assert any("its data is unreadable now" in text for text in Journey(window).texts())
