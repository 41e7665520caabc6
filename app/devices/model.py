"""Workstations, invitations, revocations. All of it is synced: any workstation can show and decide it."""

from __future__ import annotations

from datetime import datetime
from typing import NewType

from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.journal.records import Merge, Record, instant, key, link, reference, text

STREAM = "devices"
WorkstationId = NewType("WorkstationId", str)
InvitationId = NewType("InvitationId", str)


class Workstation(Record, merge=Merge.FIELD, stream=STREAM):
    """A computer that the server has let in; its id is the device's in every operation."""

    __tablename__ = "workstation"
    __noun__ = N_("workstation")

    id: Mapped[WorkstationId] = key()
    name: Mapped[str] = text()
    enrolled_at: Mapped[datetime] = instant()


class Invitation(Record, merge=Merge.FIELD, stream=STREAM):
    """A code that lets one computer in, once; only a hash of its secret is kept."""

    __tablename__ = "workstation_invitation"
    __noun__ = N_("invitation of a workstation")

    id: Mapped[InvitationId] = key()
    name: Mapped[str] = text()
    code_hash: Mapped[str] = text(index=True)
    expires_at: Mapped[datetime] = instant()
    used_at: Mapped[datetime | None] = instant()
    workstation_id: Mapped[WorkstationId | None] = link(index=False)
    withdrawn_at: Mapped[datetime | None] = instant()


class Revocation(Record, merge=Merge.EVENT, stream=STREAM):
    """A computer was shut out. Immutable and without an opposite: it comes back by a new code, as a new computer."""

    __tablename__ = "workstation_revocation"
    __noun__ = N_("revocation of a workstation")

    id: Mapped[str] = key()
    workstation_id: Mapped[WorkstationId] = reference("workstation")
    at: Mapped[datetime] = instant()
    reason: Mapped[str] = text(default="")
