"""The screen of devices and archives: empty, and with devices, archives, rules and what happened at the door."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.archives.commands import add_archive, add_routing_rule, note_answer
from app.archives.routing import Condition
from app.archives.sending import Answered
from app.archives.vocabulary import ArchiveKind, Comparison, Fact, Failure
from app.gateway.commands import Noted, add_peer, note_gateway
from app.gateway.vocabulary import GatewayEvent, Refusal
from app.journal.queries import SYSTEM
from tests.ui.set_up_window import BOSS
from ui.archives.network_view import TABS, NetworkView
from ui.shell.offscreen import settle
from ui.shell.window import Window
from ui.widgets.labels import Label


@pytest.fixture
def view(window: Window) -> NetworkView:
    window.open("devices")
    settle(window)
    shown = window.stack.currentWidget()
    assert isinstance(shown, NetworkView)
    return shown


def words(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(Label))


def fill(window: Window) -> None:
    """An X-ray unit, two archives of which one is dead, two rules, and what happened at the door."""
    run = window.bench.runner.run
    run(BOSS, add_peer, "Panoramique", "PANO", "192.168.1.20")
    first = run(BOSS, add_archive, "Orthanc", ArchiveKind.ORTHANC, "192.168.1.5", 4242, "ORTHANC", is_default=True)
    second = run(BOSS, add_archive, "VNA hospitalière", ArchiveKind.CLASSIC, "10.0.0.9", 104, "VNA")
    run(SYSTEM, note_answer, Answered(first))
    for _time in range(2):
        run(SYSTEM, note_answer, Answered(second, Failure.TRANSPORT))
    kinds = Condition(Fact.MODALITY, Comparison.ONE_OF, ["CT", "PX"])
    volumes = [kinds, Condition(Fact.SIZE_KB, Comparison.BETWEEN, ["100", "90000"])]
    run(BOSS, add_routing_rule, "Volumes", [second, first], volumes)
    run(BOSS, add_routing_rule, "Tout", [first])
    refused = Noted(GatewayEvent.REFUSED, "STRANGER", "192.168.1.77", Refusal.UNKNOWN_CALLER)
    served = Noted(GatewayEvent.SERVED, "PANO", "192.168.1.20", count=4, size_bytes=40_000_000)
    run(SYSTEM, note_gateway, [refused, served])


def until(window: Window, view: NetworkView, said: str) -> None:
    for _turn in range(300):
        settle(window)
        if said in words(view):
            return
        QTest.qWait(10)
    raise AssertionError(f"{said} is not said: {words(view)}")


def test_an_empty_network_says_what_to_do(window: Window, view: NetworkView) -> None:
    until(window, view, "No device may connect yet.")
    until(window, view, "There is no archive yet.")
    assert set(view.faces()) == set(TABS)


def test_devices_archives_rules_and_the_monitor_are_told_in_words(window: Window, view: NetworkView) -> None:
    fill(window)
    until(window, view, "Panoramique")
    until(window, view, "VNA hospitalière")
    until(window, view, "Modality is one of CT, PX and Size in kilobytes is between 100 and 90000")
    until(window, view, "The archive does not answer.")
    until(window, view, "No device of this AE title is known.")
    for name in TABS:
        view.choose(tab=name)
        settle(window)
        if folder := os.environ.get("ARCHWIRE_PICTURES"):
            window.grab().save(str(Path(folder) / f"devices-{name}.png"))
