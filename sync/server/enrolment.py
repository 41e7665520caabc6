"""Letting a device in by its one-time code, and shutting out the devices whose revocation has arrived."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import socket
from typing import Any, Final

from app.core.clock import to_millis
from app.core.errors import PermissionDenied, RuleViolation
from app.core.i18n import N_
from app.devices.codes import code_hash
from app.devices.commands import enrol_device
from app.devices.model import InvitationId, WorkstationId
from app.devices.permissions import MANAGE_WORKSTATIONS
from app.devices.settings import SERVER_ADDRESS, SERVER_PIN
from app.journal.changes import ChangeSet
from app.journal.operations import Draft
from app.journal.queries import SYSTEM
from app.journal.runner import Runner, Step
from app.journal.settings_store import change_setting
from sync.protocol.enrolment import Enrol

REVOCATIONS: Final = "workstation_revocation"
_OPEN: Final = (
    "SELECT id, name, used_at, workstation_id FROM workstation_invitation"
    " WHERE code_hash = ? AND withdrawn_at IS NULL AND expires_at > ?"
)


class CodeRefused(PermissionDenied):
    """The code is unknown, used, withdrawn or too old; which of them is not said."""

    def __init__(self) -> None:
        super().__init__(MANAGE_WORKSTATIONS.name, MANAGE_WORKSTATIONS.label)


class DeviceKnown(RuleViolation):
    """Another key was let in under this device's id."""

    def __init__(self) -> None:
        super().__init__(N_("A workstation with this identifier is known already."))


def let_in_by_code(runner: Runner, asked: Enrol) -> tuple[str, ChangeSet]:
    """Let the device in and use the code up, in one transaction; returns the workstation's name.

    The same device with the same key and code gets the same answer again: its first one may have been lost.
    Raises `CodeRefused`, `DeviceKnown`, `RuleViolation` for what is no key or no name.
    """
    hashed = code_hash(_bytes_of(asked.secret))
    for text in (asked.public_key, asked.opening_key):
        _check_key(text)
    names: list[str] = []

    def work(step: Step) -> ChangeSet:
        now = to_millis(runner.clock.now())
        row = step.raw.execute(_OPEN, (hashed, now)).fetchone()
        if row is None:
            raise CodeRefused()
        invitation, name, used_at, device = row
        names.append(asked.name.strip() or name)
        if used_at is not None:
            if device != asked.device or _key_of(step.raw, asked.device) != asked.public_key:
                raise CodeRefused()
            return ChangeSet()
        return _let_in(step, asked, names[0], invitation, now)

    changes = runner.transact(work)
    return names[0], changes


def let_in(runner: Runner, asked: Enrol) -> ChangeSet:
    """Let a device in without a code: the one that runs this server itself. Once more is no fault."""

    def work(step: Step) -> ChangeSet:
        return _let_in(step, asked, asked.name, None, to_millis(runner.clock.now()))

    return runner.transact(work)


def _let_in(step: Step, asked: Enrol, name: str, invitation: str | None, now: int) -> ChangeSet:
    known = step.raw.execute("SELECT public_key FROM server_device WHERE id = ?", (asked.device,)).fetchone()
    if known is not None and known[0] not in {None, asked.public_key}:
        raise DeviceKnown()
    step.raw.execute(
        "INSERT INTO server_device(id, name, public_key, opening_key, enrolled_at, last_number, last_hlc, cursor)"
        " VALUES(?, ?, ?, ?, ?, 0, 0, 0) ON CONFLICT(id) DO UPDATE SET name = excluded.name,"
        " public_key = excluded.public_key, opening_key = excluded.opening_key",
        (asked.device, name, asked.public_key, asked.opening_key, now),
    )
    step.wrote = True
    if step.raw.execute("SELECT 1 FROM workstation WHERE id = ?", (asked.device,)).fetchone():
        return ChangeSet()
    device, used = WorkstationId(asked.device), InvitationId(invitation) if invitation else None
    draft = Draft(enrol_device.name, SYSTEM.id)
    _none, changes, _rows = step.operation(SYSTEM, draft, lambda tx: enrol_device.function(tx, device, name, used))
    return changes


def follow_revocations(runner: Runner) -> bool:
    """Shut out every device that a revocation names; whether there was one that still had its door open."""
    shut: list[int] = []

    def work(step: Step) -> ChangeSet:
        found = step.raw.execute(
            "UPDATE server_device SET revoked_at = ? WHERE revoked_at IS NULL"
            " AND id IN (SELECT workstation_id FROM workstation_revocation)",
            (to_millis(runner.clock.now()),),
        )
        shut.append(found.rowcount)
        step.wrote = found.rowcount > 0
        return ChangeSet()

    runner.transact(work)
    return shut[0] > 0


def note_whereabouts(runner: Runner, address: str, pin: str) -> None:
    """Keep where the server is, for the codes that any workstation of the practice makes."""
    for setting, value in ((SERVER_ADDRESS, address), (SERVER_PIN, pin)):
        if runner.setting(SYSTEM, setting) != value:
            runner.run(SYSTEM, change_setting, setting.name, value)


def reachable_address(host: str, port: int, name: str = "") -> str:
    """`host:port` for other computers: the given name, else the address of the interface that leads outside."""
    if name:
        return f"{name}:{port}"
    try:
        given = ipaddress.ip_address(host)
    except ValueError:
        return f"{host}:{port}"
    if not given.is_unspecified:
        return f"[{given}]:{port}" if given.version == 6 else f"{given}:{port}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): nothing is sent, the system only picks a way
            return f"{probe.getsockname()[0]}:{port}"
        except OSError:
            return f"{socket.gethostname()}:{port}"


def _key_of(run: Any, device: str) -> str | None:
    row = run.execute("SELECT public_key FROM server_device WHERE id = ?", (device,)).fetchone()
    return row[0] if row else None


def _bytes_of(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise CodeRefused() from None


def _check_key(text: str) -> None:
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != 32:
        raise RuleViolation(N_("This is no key of a workstation."))
