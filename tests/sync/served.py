"""A real server over TLS in this process, and workstations that it has let in."""

from __future__ import annotations

import atexit
import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.access.authority import StaffAuthority
from app.access.commands import create_first_administrator
from app.access.credentials import prepared
from app.core.ids import new_id
from app.core.secret import Secret
from app.journal.changes import ChangeSet
from app.journal.digest import digest
from app.journal.operations import set_state
from app.journal.queries import NOBODY, SYSTEM
from app.journal.runner import Step
from app.journal.workplace import Workplace, open_workplace
from sync.client.channel import Channel, ServerClock
from sync.client.connection import Connection, device_key, store_device_key
from sync.client.once import Outcome, synchronise
from sync.client.service import SyncService
from sync.protocol.packing import run_of
from sync.protocol.signing import Signer, public_text
from sync.server.founding import found_server
from sync.server.practices import Practice, PracticeStores
from sync.server.serving import Serving
from sync.server.settings import ServerSettings
from tests.sync.proxy import Proxy


@dataclass(slots=True)
class Station:
    """A workstation that is let in: its folder, its connection, its key."""

    workplace: Workplace
    connection: Connection
    signer: Signer

    def channel(self) -> Channel:
        """A connection of its own to the server."""
        return Channel(self.connection, self.signer, ServerClock())


@dataclass(slots=True)
class Served:
    """The running server of one practice."""

    folder: Path
    serving: Serving
    practice: Practice

    @property
    def base(self) -> str:
        """The path under which the practice's routes stand."""
        return f"/v1/practices/{self.practice.id}"

    def connection(self, device: str) -> Connection:
        """How a device reaches the server."""
        url = f"https://127.0.0.1:{self.serving.port}"
        return Connection(url, self.practice.id, device, self.serving.authority)

    def join(self, workplace: Workplace) -> Station:
        """Let a workstation in, without the ceremony of a code."""

        workplace.runner.transact(partial(_of_practice, self.practice.id))
        key = Ed25519PrivateKey.generate()
        self.practice.enrol(workplace.device, workplace.folder.name, public_text(key))
        return Station(workplace, self.connection(workplace.device), Signer(workplace.device, key))


@contextlib.contextmanager
def served(folder: Path, settings: ServerSettings | None = None) -> Iterator[Served]:
    """A server on a free port of this computer, over a new practice."""
    settings = settings or ServerSettings(host="127.0.0.1", port=0, announced=False)
    with PracticeStores(folder / "server") as practices:
        practice = practices.create(new_id(), "test")
        serving = Serving(folder / "server", practices, settings)
        serving.start()
        try:
            yield Served(folder, serving, practice)
        finally:
            serving.stop()


class Chairs:
    """A practice at work: A has the clinic and founded the server, the others joined it with empty folders."""

    def __init__(self, folder: Path, names: str = "AB") -> None:
        shutil.copytree(founded(names), folder, dirs_exist_ok=True)
        self.folder = folder
        self.places = {name: open_workplace(folder / name, authority=StaffAuthority()) for name in names}
        self.boss = self.places["A"].runner.actor("boss")
        self.settings = ServerSettings(host="127.0.0.1", port=0, announced=False)
        self.keys = {name: device_key(folder / name) for name in names}
        self.start()
        self.proxies = {name: Proxy(self.serving.port) for name in names}

    def start(self) -> None:
        """Start the server, on a port that is free."""
        self.practices = PracticeStores(self.folder / "server").open_all()
        (self.practice,) = self.practices
        self.serving = Serving(self.folder / "server", self.practices, self.settings)
        self.serving.start()

    def stop(self) -> None:
        """Stop the server."""
        self.serving.stop()
        self.practices.close()

    def restart(self) -> None:
        """Stop the server and start it; the wires lead to where it listens now."""
        self.stop()
        self.start()
        for proxy in self.proxies.values():
            proxy.target = self.serving.port
            proxy.break_all()

    def connection(self, name: str) -> Connection:
        """How a workstation reaches the server: through its own wire."""
        url = f"https://127.0.0.1:{self.proxies[name].port}"
        return Connection(url, self.practice.id, self.places[name].device, self.serving.authority)

    def service(self, name: str) -> SyncService:
        """The threads of a workstation, not started."""
        return SyncService(self.places[name].runner, self.connection(name), self.keys[name])

    def sync(self, name: str, seconds: float = 30) -> Outcome:
        """Bring one in step, as the command line does."""
        return synchronise(self.places[name].runner, self.connection(name), self.keys[name], seconds)

    def run(self, name: str, command: Any, *args: Any, **kwargs: Any) -> Any:
        """Somebody does something at a workstation."""
        return self.places[name].runner.run(self.boss, command, *args, **kwargs)

    def rows(self, name: str, query: str) -> list[tuple[Any, ...]]:
        """What a workstation, or the server (S), holds."""
        place = self.practice.workplace if name == "S" else self.places[name]
        with place.runner.read(SYSTEM) as read:
            return [tuple(row) for row in read.sql(query)]

    def digests(self) -> set[str]:
        """The hashes of the synced state of all, the server too: one, when they are in step."""
        found = set()
        for place in (*self.places.values(), self.practice.workplace):
            with place.runner.read(SYSTEM) as read:
                found.add(digest(run_of(read)))
        return found

    def close(self) -> None:
        """End everything."""
        for proxy in self.proxies.values():
            proxy.close()
        self.stop()
        for place in self.places.values():
            place.close()


@cache
def founded(names: str) -> Path:
    """The folders of such a practice, closed: made once, and copied for each test."""
    folder = Path(tempfile.mkdtemp(prefix="archwire-chairs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with open_workplace(folder / "A", create=True, kind="test", authority=StaffAuthority()) as first:
        first.runner.run(NOBODY, create_first_administrator, "boss", "Boss", prepared(Secret("mesange-boreale-42")))
        made = found_server(first, "A", folder / "server")
    with PracticeStores(folder / "server") as practices:
        for name in names[1:]:
            with open_workplace(folder / name, create=True, kind="test") as place:
                place.runner.transact(partial(_of_practice, made.practice))
                key = Ed25519PrivateKey.generate()
                store_device_key(place.folder, key)
                practices.get(made.practice).enrol(place.device, name, public_text(key))
    return folder


def _of_practice(practice: str, step: Step) -> ChangeSet:
    set_state(step.raw, "practice", practice)
    step.wrote = True
    return ChangeSet()


@contextlib.contextmanager
def station(server: Served, name: str) -> Iterator[Station]:
    """A new workstation that the server has let in."""
    with open_workplace(server.folder / name, create=True, kind="test", authority=StaffAuthority()) as workplace:
        yield server.join(workplace)
