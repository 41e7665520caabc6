"""The gateway inside the server: a device that a workstation adds may call; what it sends reaches the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.access.authority import StaffAuthority
from app.gateway.commands import add_peer
from app.gateway.settings import GATEWAY_AE_TITLE, GATEWAY_HOST, GATEWAY_PORT
from app.journal.queries import SYSTEM, Actor
from app.journal.settings_store import change_setting
from app.journal.workplace import Workplace, open_workplace
from sync.dicom.hosting import hosted_gateway
from tests.sync.dicom.orthanc import free_port
from tests.sync.dicom.peers import films, instances, let_in, run
from tests.sync.dicom.test_storing import until
from tests.sync.test_kill import Machines

CALL = ("-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1")


@pytest.fixture
def port(workplace: Workplace, boss: Actor) -> int:
    """Where the gateway is to listen."""
    found = free_port()
    workplace.runner.run(boss, change_setting, GATEWAY_HOST.name, "127.0.0.1")
    workplace.runner.run(boss, change_setting, GATEWAY_PORT.name, str(found))
    return found


def test_nothing_listens_before_somebody_may_call(workplace: Workplace, boss: Actor, port: int) -> None:
    with hosted_gateway(workplace, quiet=True) as hosted:
        until(lambda: not hosted._wake.is_set())
        assert hosted.ports == []
        let_in(workplace)
        until(lambda: hosted.ports == [port])
        assert run("echoscu", *CALL, port).returncode == 0
        workplace.runner.run(boss, change_setting, GATEWAY_AE_TITLE.name, "CLINIQUE")
        until(lambda: run("echoscu", "-aet", "PANO", "-aec", "CLINIQUE", "127.0.0.1", port).returncode == 0)
    assert run("echoscu", "-aet", "PANO", "-aec", "CLINIQUE", "127.0.0.1", port).returncode != 0


def test_a_port_that_is_taken_stops_nothing(workplace: Workplace, port: int) -> None:
    let_in(workplace)
    with hosted_gateway(workplace, quiet=True) as first:
        until(lambda: first.ports == [port])
        with hosted_gateway(workplace, quiet=True) as second:
            until(lambda: not second._wake.is_set())
            assert second.ports == []
        assert run("echoscu", *CALL, port).returncode == 0


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machines, int]]:
    """A server whose gateway will listen on a port that is free, and two workstations."""
    found, folder = free_port(), tmp_path / "machines"

    class WithPort(Machines):
        def serve(self) -> None:
            (practice,) = (folder / "server" / "practices").iterdir()
            with open_workplace(practice, authority=StaffAuthority()) as place:
                for setting, value in ((GATEWAY_HOST, "127.0.0.1"), (GATEWAY_PORT, str(found))):
                    place.runner.run(SYSTEM, change_setting, setting.name, value)
            super().serve()

    made = WithPort(folder)
    yield made, found
    made.kill()


def test_what_a_unit_sends_to_the_server_reaches_the_workstations(
    machines: tuple[Machines, int], tmp_path: Path
) -> None:
    practice, port = machines
    with open_workplace(practice.folder / "A", authority=StaffAuthority()) as place:
        place.runner.run(place.runner.actor("boss"), add_peer, "Pano", "PANO")
    practice.sync("A", 20)
    until(lambda: run("echoscu", *CALL, port).returncode == 0)
    assert run("storescu", "-R", *CALL, port, *films(tmp_path / "given", 3)).returncode == 0

    def arrived() -> bool:
        practice.sync("B", 20)
        with open_workplace(practice.folder / "B", authority=StaffAuthority()) as place:
            return len(instances(place)) == 3

    until(arrived)
