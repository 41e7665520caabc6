"""The practice's computers, as screens and the command line list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.core.clock import hlc_instant
from app.core.i18n import N_
from app.devices.model import Invitation, InvitationId, Revocation, Workstation, WorkstationId
from app.devices.permissions import MANAGE_WORKSTATIONS, SEE_WORKSTATIONS
from app.journal.commands import query
from app.journal.queries import Reading


@dataclass(frozen=True, slots=True)
class WorkstationLine:
    """One computer; `revoked_at` is when it was shut out, `last_work_at` of when the last is that came from it."""

    workstation_id: WorkstationId
    name: str
    enrolled_at: datetime
    revoked_at: datetime | None
    is_this: bool
    last_work_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """A code that may still be used."""

    invitation_id: InvitationId
    name: str
    expires_at: datetime


@query(permission=SEE_WORKSTATIONS, label=N_("Workstations"))
def workstations(read: Reading) -> list[WorkstationLine]:
    """Every computer that was ever let in, in order of the names; those that were shut out last."""
    here = read.sql("SELECT v FROM journal_state WHERE k = 'device'")[0][0]
    revoked = func.min(Revocation.at)
    listed = (
        select(Workstation.id, Workstation.name, Workstation.enrolled_at, revoked.label("revoked_at"))
        .outerjoin(Revocation, Revocation.workstation_id == Workstation.id)
        .group_by(Workstation.id)
        .order_by(revoked.is_not(None), Workstation.name, Workstation.id)
    )
    return [
        WorkstationLine(
            row.id, row.name, row.enrolled_at, row.revoked_at, row.id == here, _last_work(read, row.id)
        )
        for row in read.execute(listed)
    ]  # fmt: skip


def _last_work(read: Reading, device: str) -> datetime | None:
    """The clock of the last operation of a device that is here."""
    rows = read.sql("SELECT hlc FROM operation WHERE device = :it ORDER BY number DESC LIMIT 1", it=device)
    return hlc_instant(rows[0][0]) if rows else None


@query(permission=MANAGE_WORKSTATIONS, label=N_("Open invitations"))
def open_invitations(read: Reading) -> list[InvitationLine]:
    """The codes that were neither used nor withdrawn and have not expired."""
    listed = (
        select(Invitation.id, Invitation.name, Invitation.expires_at)
        .where(Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > read.now)
        .order_by(Invitation.expires_at)
    )
    return [InvitationLine(row.id, row.name, row.expires_at) for row in read.execute(listed)]
