"""Letting workstations in and shutting them out."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.devices.codes import Code, code_hash
from app.devices.model import Invitation, InvitationId, Revocation, Workstation, WorkstationId
from app.devices.permissions import MANAGE_WORKSTATIONS
from app.devices.settings import SERVER_ADDRESS, SERVER_PIN
from app.journal.commands import command
from app.journal.transaction import Transaction

INVITATION_MINUTES: Final = 10
LONGEST_MINUTES: Final = 24 * 60
NAME_LIMIT: Final = 60


@command(permission=MANAGE_WORKSTATIONS, label=N_("Withdraw the invitation"), icon="x-circle")
def withdraw_invitation(tx: Transaction, invitation_id: InvitationId) -> None:
    """Make a code that was not used yet worthless."""
    invitation = tx.get(Invitation, invitation_id)
    if invitation.used_at is not None:
        raise RuleViolation(N_("This code was used already. Revoke the workstation instead."))
    invitation.withdrawn_at = tx.now


@command(
    permission=MANAGE_WORKSTATIONS,
    label=N_("Invite a workstation"),
    undo=(withdraw_invitation, Invitation),
    icon="desktop",
)
def invite_device(tx: Transaction, name: str, minutes: int = INVITATION_MINUTES) -> str:
    """Make a code by which one computer joins the practice, once, within ten minutes unless said otherwise.

    The code is the result; it is kept nowhere.
    """
    address, pin = tx.setting(SERVER_ADDRESS), tx.setting(SERVER_PIN)
    if not address or not pin:
        raise RuleViolation(N_("This practice has no server yet, so there is nothing to join."))
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise RuleViolation(
            N_("A code lasts from 1 to {most} minutes."), field="minutes", most=LONGEST_MINUTES
        )  # fmt: skip
    code = Code.new(pin, address)
    tx.add(
        Invitation(name=_clean(name), code_hash=code_hash(code.secret), expires_at=tx.now + timedelta(minutes=minutes))
    )
    return code.text()


@command(permission=MANAGE_WORKSTATIONS, label=N_("Rename the workstation"), icon="pencil-simple")
def rename_device(tx: Transaction, workstation_id: WorkstationId, name: str) -> None:
    """Give a workstation the name under which everybody knows it."""
    tx.get(Workstation, workstation_id).name = _clean(name)


@command(permission=MANAGE_WORKSTATIONS, label=N_("Revoke the workstation"), icon="prohibit")
def revoke_device(tx: Transaction, workstation_id: WorkstationId, reason: str = "") -> None:
    """Shut a computer out for ever. At its next contact it destroys its keys; what it still sends is set aside."""
    workstation = tx.get(Workstation, workstation_id)
    shut_out = select(Revocation.id).where(Revocation.workstation_id == workstation_id).limit(1)
    if tx.connection.execute(shut_out).first() is not None:
        raise RuleViolation(N_("This workstation was revoked already."))
    tx.add(Revocation(workstation_id=workstation.id, at=tx.now, reason=reason.strip()))


@command(permission=MANAGE_WORKSTATIONS, label=N_("Let the workstation in"), hidden=True)
def enrol_device(
    tx: Transaction, workstation_id: WorkstationId, name: str, invitation_id: InvitationId | None = None
) -> None:
    """Note that the server has let a computer in. Alone, it opens no door: the server keeps the keys."""
    tx.add(Workstation(id=workstation_id, name=_clean(name), enrolled_at=tx.now))
    if invitation_id is not None:
        invitation = tx.get(Invitation, invitation_id)
        invitation.used_at, invitation.workstation_id = tx.now, workstation_id


def _clean(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > NAME_LIMIT:
        raise RuleViolation(N_("A workstation has a name of 1 to {most} characters."), field="name", most=NAME_LIMIT)
    return cleaned
