"""Setting a server up from the workstation that has the clinic: an empty database that takes everything in.

What the founder did before there was a server was authorised on the founder and is taken in as it is: its first
operations made the very people and rights that would have to judge them. From the number of that day on, it is judged
like any other workstation.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.archives.server_folder import SERVER_FOLDER, SETTINGS_FILE
from app.core.errors import NotFound, UsageError
from app.core.i18n import N_
from app.journal.changes import ChangeSet
from app.journal.operations import set_state, state
from app.journal.queries import SYSTEM
from app.journal.runner import Step
from app.journal.workplace import Workplace
from sync.client.connection import Connection, device_key, read_connection, store_device_key, write_connection
from sync.protocol.enrolment import opening_text
from sync.protocol.packing import run_of
from sync.protocol.signing import public_text
from sync.server.certificates import ensure_certificates
from sync.server.practices import PracticeStores
from sync.server.settings import ServerSettings, read_settings, write_settings
from sync.server.standing import FOUNDER, FOUNDER_UNTIL


@dataclass(frozen=True, slots=True)
class Founded:
    """A server that was set up."""

    folder: Path
    practice: str
    port: int
    authority: str


def found_server(workplace: Workplace, name: str, folder: Path | None = None, port: int = 0) -> Founded:
    """Make the server's folder for this practice and join it; `UsageError` when there is a server already.

    Without `folder` the server belongs to this workstation, whose window starts it. `port` 0: the usual one.
    """
    if read_connection(workplace.folder) is not None:
        raise UsageError(N_("This workstation has a server already."))
    embedded = folder is None
    place = folder or workplace.folder / SERVER_FOLDER
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = _settings(place, port)
    authority = ensure_certificates(place)
    with workplace.runner.read(SYSTEM) as read:
        practice_id, last = state(run_of(read), "practice") or "", _last_number(run_of(read), workplace.device)
    key = _own_key(workplace.folder)
    with PracticeStores(place) as practices:
        practice = practices.create(practice_id, workplace.kind)
        practice.enrol(workplace.device, name, public_text(key), opening_text(key))
        practice.workplace.runner.transact(lambda step: _trust(step, workplace.device, last))
    url = f"https://127.0.0.1:{settings.port}"
    write_connection(workplace.folder, Connection(url, practice_id, workplace.device, authority, embedded))
    return Founded(place, practice_id, settings.port, authority)


def _settings(folder: Path, port: int) -> ServerSettings:
    settings = read_settings(folder)
    settings.port = port or settings.port
    if not (folder / SETTINGS_FILE).exists():
        settings.operator_token = secrets.token_urlsafe(32)
    write_settings(folder, settings)
    return settings


def _own_key(folder: Path) -> Ed25519PrivateKey:
    try:
        return device_key(folder)
    except NotFound:
        key = Ed25519PrivateKey.generate()
        store_device_key(folder, key)
        return key


def _last_number(run: Any, device: str) -> int:
    return int(run.execute("SELECT coalesce(max(number), 0) FROM operation WHERE device = ?", (device,)).fetchone()[0])


def _trust(step: Step, device: str, until: int) -> ChangeSet:
    """Once: a server that was put back from a backup has its founder already."""
    if state(step.raw, FOUNDER) is not None:
        return ChangeSet()
    set_state(step.raw, FOUNDER, device)
    set_state(step.raw, FOUNDER_UNTIL, str(until))
    step.wrote = True
    return ChangeSet()
