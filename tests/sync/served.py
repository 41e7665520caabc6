"""A real server over TLS in this process, and workstations that it has let in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.access.authority import StaffAuthority
from app.core.ids import new_id
from app.journal.changes import ChangeSet
from app.journal.operations import set_state
from app.journal.runner import Step
from app.journal.workplace import Workplace, open_workplace
from sync.client.channel import Channel, ServerClock
from sync.client.connection import Connection
from sync.protocol.signing import Signer, public_text
from sync.server.practices import Practice, PracticeStores
from sync.server.serving import Serving
from sync.server.settings import ServerSettings


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

        def work(step: Step) -> ChangeSet:
            set_state(step.raw, "practice", self.practice.id)
            step.wrote = True
            return ChangeSet()

        workplace.runner.transact(work)
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


@contextlib.contextmanager
def station(server: Served, name: str) -> Iterator[Station]:
    """A new workstation that the server has let in."""
    with open_workplace(server.folder / name, create=True, kind="test", authority=StaffAuthority()) as workplace:
        yield server.join(workplace)
