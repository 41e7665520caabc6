"""A computer joins the practice: code → certificate that it pins → its own key → a copy of everything → its folder.

Until the folder is whole it stands beside its place under another name, with the device's key: a stop on the way goes
on from there by the same verb, and needs no new code. Order at the end: key of the folder, key of the device, rename.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import io
import os
import shutil
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.access.authority import StaffAuthority
from app.cli.staging import is_free
from app.core.clock import Clock, to_millis
from app.core.database import DATABASE_FILE, connect
from app.core.errors import IntegrityFailure, PermissionDenied, RuleViolation, Unreachable, UsageError
from app.core.i18n import N_
from app.core.ids import new_id
from app.core.keys import KEY_IN_FILE, Keyring, forget_key, key_file_of, move_key, read_key
from app.devices.codes import Code
from app.devices.permissions import MANAGE_WORKSTATIONS
from app.journal.operations import SERVER_CONTACT, set_state
from app.journal.workplace import create_folder, open_workplace
from sync.client.channel import CONNECT_SECONDS, Answer, Channel, ServerClock, Unanswered
from sync.client.connection import (
    Connection,
    device_key,
    forget_connection,
    read_connection,
    store_device_key,
    write_connection,
)
from sync.client.fetching import CopyLost, Download
from sync.client.store import ACKNOWLEDGED, CURSOR, EPOCH
from sync.protocol.enrolment import ENROLMENT, Enrol, Enrolled, opening_key, opening_text
from sync.protocol.sealing import SealedStream, unwrap_key
from sync.protocol.signing import Signer, public_text
from sync.protocol.snapshot import Head, SnapshotReader, adopt_snapshot

SUFFIX: Final = ".joining"
TRIES: Final = 3
"""How often a copy is asked for again that the server has lost."""
CACHE_KIB: Final = 128 * 1024
_DATA: Final = "data"
_PART: Final = "copy.part"


class Says(Protocol):
    """Told what is being done, as a msgid."""

    def __call__(self, message: str, **values: Any) -> None:
        """Say it; raising stops."""
        ...


@dataclass(frozen=True, slots=True)
class Joined:
    """A folder that is ready. `recovery_key` is to be printed once; `notices` are msgids with values."""

    device: str
    practice: str
    name: str
    rows: int
    recovery_key: str
    notices: tuple[tuple[str, dict[str, str]], ...] = ()


def join_practice(folder: Path, code: str, name: str, say: Says, keyring: Keyring | None = None) -> Joined:
    """Make `folder` this computer's copy of the practice that the code is for.

    Raises `UsageError` for a folder that holds something or a text that is no code, `PermissionDenied` for a code that
    is refused, `Unreachable`, `IntegrityFailure` for a server that is not the one of the code or a damaged copy.
    """
    if not is_free(folder):
        raise UsageError(N_("The folder {path} is not empty."), path=str(folder))
    place = folder.with_name(folder.name + SUFFIX)
    connection = read_connection(place) if place.exists() else None
    if connection is None:
        connection = _enrol(place, Code.parse(code), name, say, keyring)
    for left in range(TRIES - 1, -1, -1):
        try:
            head, rows, recovery_key, stale = _fetch(place, connection, say, keyring)
            break
        except CopyLost:
            if not left:
                raise
    with open_workplace(place / _DATA, authority=StaffAuthority(), keyring=keyring) as workplace:
        if stale:
            say(N_("Computing what is derived"))
            workplace.rebuild(stale)
    _put_in_place(place, folder, keyring)
    key_file = key_file_of(folder)
    notices = ((KEY_IN_FILE, {"path": str(key_file)}),) if key_file is not None else ()
    return Joined(connection.device, head.practice, name, rows, recovery_key, notices)


# -- being let in ---------------------------------------------------------------------------------------------------


def _enrol(place: Path, code: Code, name: str, say: Says, keyring: Keyring | None) -> Connection:
    say(N_("Looking for the server at {address}"), address=code.address)
    authority = pinned_authority(code)
    key, device = Ed25519PrivateKey.generate(), new_id()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = Connection(f"https://{code.address}", "", device, authority)
    asked = Enrol(code.secret.hex(), device, public_text(key), opening_text(key), name)
    enrolled = _let_in(connection, asked)
    store_device_key(place, key, keyring)
    connection = msgspec.structs.replace(connection, practice=enrolled.practice)
    write_connection(place, connection)
    return connection


def _let_in(connection: Connection, asked: Enrol) -> Enrolled:
    channel = Channel(connection, None, ServerClock())
    with contextlib.closing(channel):
        try:
            answer = channel.ask("POST", ENROLMENT, msgspec.json.encode(asked))
        except Unanswered as error:
            raise _silent(connection.url) from error
    if answer.status in {401, 403}:
        raise CodeNotTaken()
    if answer.status == 429:
        raise RuleViolation(N_("Too many tries. Wait a minute and try again."))
    return _decoded(answer)


class CodeNotTaken(PermissionDenied):
    """The server does not take the code."""

    def __init__(self) -> None:
        super().__init__(MANAGE_WORKSTATIONS.name, MANAGE_WORKSTATIONS.label)
        self.message_id = N_(
            "The server does not take this code: it was used, withdrawn or is too old. Ask for a new one."
        )
        self.values = {}


def _decoded(answer: Answer) -> Enrolled:
    try:
        return msgspec.json.decode(answer.body, type=Enrolled)
    except msgspec.DecodeError as error:
        raise RuleViolation(N_("The server refuses this workstation ({code})."), code=answer.code) from error


def pinned_authority(code: Code) -> str:
    """The server's authority (PEM), fetched over a line that proves nothing, and believed only if the code pins it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    line = http.client.HTTPSConnection(code.address, timeout=CONNECT_SECONDS, context=context)
    try:
        with contextlib.closing(line):
            line.request("GET", "/health")
            said = msgspec.json.decode(line.getresponse().read(1 << 16), type=dict[str, str])
        pem = said["authority"]
        found = x509.load_pem_x509_certificate(pem.encode())
    except (OSError, http.client.HTTPException, msgspec.DecodeError, KeyError, ValueError) as error:
        raise _silent(code.address) from error
    if not code.pins(found.public_bytes(serialization.Encoding.DER)):
        raise IntegrityFailure(N_("The server at {address} is not the one of this code."), address=code.address)
    return pem


def _silent(address: str) -> Unreachable:
    return Unreachable(N_("No server answers at {address}."), address=address)


# -- the copy -------------------------------------------------------------------------------------------------------


def _fetch(place: Path, connection: Connection, say: Says, keyring: Keyring | None) -> tuple[Head, int, str, set[str]]:
    """Fetch the copy and put it into a new folder as it arrives."""
    key = device_key(place, keyring)
    base = f"/v1/practices/{connection.practice}"
    channel = Channel(connection, Signer(connection.device, key), ServerClock())
    with contextlib.closing(channel):
        say(N_("Fetching the practice’s data"))
        download = Download(channel, base, place / _PART)
        secret = unwrap_key(base64.b64decode(download.copy.key), connection.device, opening_key(key))
        thread = threading.Thread(target=download.run, name="archwire-download", daemon=True)
        thread.start()
        data = place / _DATA
        _remove(data, keyring)
        rows: list[int] = [0]
        with contextlib.closing(download.reader()) as arriving:
            reader = SnapshotReader(io.BufferedReader(SealedStream(arriving, secret), 1 << 18))
            recovery_key = create_folder(data, reader.head.kind, keyring)
            with contextlib.closing(connect(data / DATABASE_FILE, read_key(data, keyring))) as run:
                _hurry(run)
                stale = adopt_snapshot(run, reader, lambda count: rows.__setitem__(0, count))
                _become(run, reader.head, connection.device)
            _settle(data / DATABASE_FILE)
        thread.join()
        download.wait_beyond(download.copy.size)  # raises what stopped it, also after the last row
        download.drop()
    (place / _PART).unlink()
    return reader.head, rows[0], recovery_key, stale


def _hurry(run: Any) -> None:
    """A folder that nobody has yet needs no log: every page is sealed and written once. What fails is thrown away."""
    for pragma in ("journal_mode = MEMORY", "synchronous = OFF", f"cache_size = -{CACHE_KIB}"):
        run.execute(f"PRAGMA {pragma}").fetchall()


def _settle(file: Path) -> None:
    """Make durable what was written in a hurry, before the folder gets its name; the next opening takes the log."""
    with file.open("r+b") as written:
        os.fsync(written.fileno())


def _become(run: Any, head: Head, device: str) -> None:
    """From here on the folder is this device's: what comes next is after the copy's sequence."""
    run.execute("BEGIN IMMEDIATE")
    for name, value in (
        ("device", device), (EPOCH, head.epoch), (CURSOR, str(head.sequence)), (ACKNOWLEDGED, "0"),
        (SERVER_CONTACT, str(to_millis(Clock().now()))),
    ):  # fmt: skip
        set_state(run, name, value)
    run.execute("COMMIT")


def _put_in_place(place: Path, folder: Path, keyring: Keyring | None) -> None:
    data = place / _DATA
    connection, key = read_connection(place), device_key(place, keyring)
    assert connection is not None
    write_connection(data, connection)
    store_device_key(data, key, keyring)
    move_key(data, folder, keyring)
    if folder.exists():
        folder.rmdir()
    data.rename(folder)
    store_device_key(folder, key, keyring)
    forget_key(data, keyring)
    for old in (data, place):
        forget_connection(old, keyring)
    shutil.rmtree(place)


def _remove(data: Path, keyring: Keyring | None) -> None:
    """What an earlier try has left holds nothing that was in use."""
    if data.exists():
        shutil.rmtree(data)
        forget_key(data, keyring)
