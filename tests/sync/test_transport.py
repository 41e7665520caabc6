"""Workstations and their server over real TLS and a wire that fails: nothing is lost, nobody waits for the network."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator

import pytest

from app.patients.commands import change_patient, create_patient
from sync.client import service as service_module
from sync.client.service import SyncService
from sync.client.status import Link, SyncStatus
from tests.sync.proxy import Fault
from tests.sync.served import Chairs

ENOUGH = 60.0
"""Seconds after which a thing that should happen has not."""


@pytest.fixture
def running(chairs: Chairs, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, SyncService]]:
    """Both workstations at work, waiting less than they would."""
    monkeypatch.setattr(service_module, "REOPEN_SECONDS", 0.2)
    monkeypatch.setattr("sync.client.engine.FIRST_WAIT", 50)
    monkeypatch.setattr("sync.client.engine.LONGEST_WAIT", 200)
    services = {name: chairs.service(name).start() for name in chairs.places}
    yield services
    for service in services.values():
        service.stop()


def until(done: Callable[[], bool]) -> None:
    """Wait for what other threads do."""
    end = time.monotonic() + ENOUGH
    while not done():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)


def level(chairs: Chairs, services: dict[str, SyncService]) -> bool:
    return all(it.board.status.is_done for it in services.values()) and len(chairs.digests()) == 1


def patients(chairs: Chairs, name: str) -> set[str]:
    return {row[0] for row in chairs.rows(name, "SELECT given_name FROM patient")}


def test_what_one_writes_the_other_shows(chairs: Chairs, running: dict[str, SyncService]) -> None:
    seen: list[frozenset[str]] = []
    until(lambda: level(chairs, running))
    chairs.places["B"].runner.subscribe(lambda changes: seen.append(changes.ids("patient")))
    made = chairs.run("A", create_patient, "Lavoie", "Olivia")
    until(lambda: any(made in ids for ids in seen))
    chairs.run("B", change_patient, made, family_name="Lavoye")
    until(lambda: chairs.rows("A", "SELECT family_name FROM patient") == [("Lavoye",)])
    until(lambda: level(chairs, running))
    for place in (*chairs.places.values(), chairs.practice.workplace):
        place.runner.flush()
        assert place.verify().sound


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.RESET, Fault.STALLED, Fault.REPLIES_LOST])
def test_a_bad_wire_delays_and_loses_nothing(
    chairs: Chairs, running: dict[str, SyncService], fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(lambda: level(chairs, running))
    chairs.proxies["A"].fault = fault
    for name in ("Olivia", "Hugo", "Zoé"):
        chairs.run("A", create_patient, "Lavoie", name)
    chairs.run("B", create_patient, "Roy", "Inès")
    assert patients(chairs, "A") == {"Olivia", "Hugo", "Zoé"}
    until(lambda: "Inès" in patients(chairs, "S"))
    if fault is Fault.REPLIES_LOST:
        until(lambda: chairs.proxies["A"].lost > 1)
    elif fault is not Fault.STALLED:
        until(lambda: running["A"].board.status.link is Link.OFFLINE)
        assert running["A"].board.status.since is not None
        assert running["A"].board.status.to_send == 3
    chairs.proxies["A"].fault = Fault.NONE
    until(lambda: level(chairs, running))
    assert patients(chairs, "B") == {"Olivia", "Hugo", "Zoé", "Inès"}
    assert chairs.rows("S", "SELECT count(*) FROM patient") == [(4,)]


def test_a_half_open_connection_is_given_up(chairs: Chairs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "SILENCE_SECONDS", 0.5)
    monkeypatch.setattr("sync.client.carrier.GREETING_SECONDS", 0.5)
    monkeypatch.setattr("sync.client.channel.CONNECT_SECONDS", 0.5)
    monkeypatch.setattr("sync.client.engine.LONGEST_WAIT", 200)
    service = chairs.service("A").start()
    try:
        assert service.board.wait(lambda status: status.is_done, ENOUGH)
        chairs.proxies["A"].fault = Fault.STALLED
        assert service.board.wait(lambda status: status.link is Link.OFFLINE, ENOUGH)
        chairs.proxies["A"].fault = Fault.NONE
        assert service.board.wait(lambda status: status.is_done, ENOUGH)
    finally:
        service.stop()


def test_a_server_that_comes_back_is_found(chairs: Chairs, running: dict[str, SyncService]) -> None:
    until(lambda: level(chairs, running))
    chairs.stop()
    chairs.run("A", create_patient, "Lavoie", "Olivia")
    chairs.run("B", create_patient, "Roy", "Inès")
    until(lambda: all(it.board.status.link is Link.OFFLINE for it in running.values()))
    chairs.start()
    for proxy in chairs.proxies.values():
        proxy.target = chairs.serving.port
    until(lambda: level(chairs, running))
    assert patients(chairs, "A") == patients(chairs, "S") == {"Olivia", "Inès"}


def test_a_revoked_workstation_hands_over_and_stops(chairs: Chairs, running: dict[str, SyncService]) -> None:
    until(lambda: level(chairs, running))
    chairs.practice.revoke(chairs.places["B"].device)
    chairs.run("B", create_patient, "Roy", "Inès")
    until(lambda: running["B"].board.status.link is Link.STOPPED)
    status = running["B"].board.status
    assert (status.must, status.to_send) == ("revoked", 0)
    quarantined = chairs.rows("S", "SELECT why FROM server_receipt WHERE result = 'rejected'")
    assert quarantined == [("revoked_device",)]
    assert patients(chairs, "S") == set()
    assert patients(chairs, "B") == {"Inès"}


def test_a_clock_that_is_years_ahead_wins_nothing(chairs: Chairs, running: dict[str, SyncService]) -> None:
    made = chairs.run("A", create_patient, "Lavoie", "Olivia")
    until(lambda: level(chairs, running))
    chairs.proxies["A"].fault = Fault.CUT
    until(lambda: running["A"].board.status.link is Link.OFFLINE)
    clock = chairs.places["A"].clock
    clock.offset, before = clock.offset.__class__(days=4 * 365), clock.offset
    chairs.run("A", change_patient, made, family_name="Avenir")
    clock.offset = before
    chairs.proxies["A"].fault = Fault.NONE
    until(lambda: level(chairs, running))
    chairs.run("B", change_patient, made, family_name="Lavoye")
    until(lambda: level(chairs, running))
    for name in ("A", "B", "S"):
        assert chairs.rows(name, "SELECT family_name FROM patient") == [("Lavoye",)]
    assert len(chairs.rows("A", "SELECT * FROM clock_fix")) == 1


def test_listeners_are_told_each_status_once(chairs: Chairs) -> None:
    service = chairs.service("A")
    told: list[SyncStatus] = []
    service.board.subscribe(told.append)
    service.board.subscribe(lambda status: 1 // 0)
    service.start()
    try:
        assert service.board.wait(lambda status: status.is_done, ENOUGH)
    finally:
        service.stop()
    assert told[-1].link is Link.LIVE
    assert all(one != two for one, two in itertools.pairwise(told))


def test_a_folder_is_brought_in_step_once(chairs: Chairs) -> None:
    chairs.run("A", create_patient, "Lavoie", "Olivia")
    first = chairs.sync("A")
    assert (first.done, first.sent, first.waiting) == (True, 2, 0)
    second = chairs.sync("B")
    assert (second.done, second.sent, second.received) == (True, 0, second.head)
    assert len(chairs.digests()) == 1
    chairs.proxies["B"].fault = Fault.CUT
    third = chairs.sync("B", 0.5)
    assert (third.done, third.standing) == (False, "offline")
