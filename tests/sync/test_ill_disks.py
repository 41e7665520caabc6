"""Disks that are full or may not be written, here and at the server: said since when, waited for by nobody, mended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.core.errors import ClinicError
from app.journal.workplace import Workplace
from app.patients.commands import create_patient
from sync.client import service as service_module
from sync.client.channel import Channel
from sync.client.service import SyncService
from sync.client.status import FAULT, Link, SyncStatus
from tests.sync.proxy import Fault
from tests.sync.served import Chairs
from tests.sync.test_transport import ENOUGH, level, patients, until

FULL = ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1073741823")
READ_ONLY = ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")


@pytest.fixture
def running(chairs: Chairs, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, SyncService]]:
    monkeypatch.setattr(service_module, "REOPEN_SECONDS", 0.2)
    monkeypatch.setattr(service_module, "POLL_SECONDS", 0.1)
    monkeypatch.setattr("sync.client.engine.FIRST_WAIT", 50)
    monkeypatch.setattr("sync.client.engine.LONGEST_WAIT", 200)
    services = {name: chairs.service(name).start() for name in chairs.places}
    until(lambda: level(chairs, services))
    yield services
    for service in services.values():
        service.stop()


def tell(place: Workplace, pragma: str) -> None:
    """Say it to the connection that writes: SQLite itself then refuses, as for a real disk."""

    place.runner._thread.call(lambda: place.runner._raw().execute(pragma).fetchall())


def create(chairs: Chairs, name: str, family: str, given: str) -> None:
    """So many charts that a disk without room is noticed."""
    for number in range(40):
        chairs.run(name, create_patient, family, f"{given} {number} " + "x" * 80)


def statuses(service: SyncService) -> list[SyncStatus]:
    told: list[SyncStatus] = []
    service.board.subscribe(told.append)
    return told


@pytest.mark.parametrize("ill", [FULL, READ_ONLY], ids=["full", "read-only"])
def test_a_workstation_whose_disk_is_ill_says_since_when_and_catches_up(
    chairs: Chairs, running: dict[str, SyncService], ill: tuple[str, str]
) -> None:
    place, service = chairs.places["A"], running["A"]
    tell(place, ill[0])
    told = statuses(service)
    create(chairs, "B", "Roy", "Inès")
    assert service.board.wait(lambda status: status.must == FAULT, ENOUGH)
    with pytest.raises(ClinicError):  # a sentence at once, not a wait
        create(chairs, "A", "Lavoie", "Olivia")
    until(lambda: sum(status.must == FAULT for status in told) >= 1)
    assert len({status.since for status in told if status.must == FAULT}) == 1, "since the first time"
    tell(place, ill[1])
    until(lambda: level(chairs, running))
    assert sum(name.startswith("Inès") for name in patients(chairs, "A")) == 40
    assert service.board.status.link is Link.LIVE


@pytest.mark.parametrize("ill", [FULL, READ_ONLY], ids=["full", "read-only"])
def test_a_server_whose_disk_is_ill_is_told_apart_from_one_in_step(
    chairs: Chairs, running: dict[str, SyncService], ill: tuple[str, str]
) -> None:
    tell(chairs.practice.workplace, ill[0])
    told = statuses(running["A"])
    create(chairs, "A", "Lavoie", "Olivia")
    assert len(patients(chairs, "A")) == 40, "who works here notices nothing"
    until(lambda: running["A"].board.status.link is Link.OFFLINE)
    until(lambda: len([status for status in told if status.link is Link.OFFLINE]) > 0)
    since = running["A"].board.status.since
    time.sleep(0.5)  # many tries later
    assert running["A"].board.status.link is Link.OFFLINE
    assert running["A"].board.status.since == since
    tell(chairs.practice.workplace, ill[1])
    until(lambda: level(chairs, running))
    assert len(patients(chairs, "B")) == 40


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.RESET, Fault.STALLED, Fault.REPLIES_LOST])
def test_nothing_that_a_person_does_goes_over_the_wire(
    chairs: Chairs, running: dict[str, SyncService], fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes and whoever reads never asks the server: however long it takes, they do not wait for it."""
    asking: set[str] = set()
    once: Callable[..., Any] = Channel._once

    def noted(channel: Channel, *given: Any) -> Any:
        asking.add(threading.current_thread().name)
        return once(channel, *given)

    monkeypatch.setattr(Channel, "_once", noted)
    chairs.proxies["A"].fault = fault
    made = [chairs.run("A", create_patient, "Lavoie", name) for name in ("Olivia", "Hugo")]
    assert len(made) == len(patients(chairs, "A"))
    until(lambda: bool(asking))
    assert asking <= {"archwire-sync", "archwire-sync-stream"}
    chairs.proxies["A"].fault = Fault.NONE
    until(lambda: level(chairs, running))
