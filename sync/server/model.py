"""What only the server keeps: its devices, and what it refused. Nothing here is synced."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NewType

import msgspec
from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.journal.erasure import forgets
from app.journal.records import Merge, Record, instant, integer, json, key, text

DeviceId = NewType("DeviceId", str)


class Device(Record, merge=Merge.LOCAL):
    """A workstation that may speak to the server, and how far its operations have been taken in.

    `last_hash` is the hash, in hexadecimal, of operation `last_number` as the device sealed it; `last_hlc` its clock,
    corrected.
    """

    __tablename__ = "server_device"
    __noun__ = N_("workstation of the server")

    id: Mapped[DeviceId] = key()
    name: Mapped[str] = text()
    public_key: Mapped[str | None] = text()
    opening_key: Mapped[str | None] = text()
    enrolled_at: Mapped[datetime] = instant()
    revoked_at: Mapped[datetime | None] = instant()
    seen_at: Mapped[datetime | None] = instant()
    last_number: Mapped[int] = integer(default=0)
    last_hash: Mapped[str | None] = text()
    last_hlc: Mapped[int] = integer(default=0)
    cursor: Mapped[int] = integer(default=0)


class Receipt(Record, merge=Merge.LOCAL):
    """What was answered to one operation; `id` is `device/number`. `content` is kept of those that were refused."""

    __tablename__ = "server_receipt"
    __noun__ = N_("receipt of the server")

    id: Mapped[str] = key()
    hash: Mapped[str] = text()
    result: Mapped[str] = text()
    why: Mapped[str] = text()
    sequence: Mapped[int | None] = integer()
    hlc: Mapped[int | None] = integer()
    content: Mapped[Any | None] = json()


@forgets
def refused_of(run: Any, subject: str) -> None:
    """What was refused of a person who is erased."""
    told = f'"subject":{msgspec.json.encode(subject).decode()}'
    run.execute("UPDATE server_receipt SET content = NULL WHERE instr(content, ?)", (told,))


class ArrivingPiece(Record, merge=Merge.LOCAL):
    """A piece of a file that is being sent; `id` is `name/place`, `place` its offset in bytes.

    `name` is the SHA-256 of the whole file, `sha256` that of the piece, under which its bytes are sealed meanwhile.
    """

    __tablename__ = "server_piece"
    __noun__ = N_("part of a file that arrives")

    id: Mapped[str] = key()
    name: Mapped[str] = text(index=True)
    place: Mapped[int] = integer()
    length: Mapped[int] = integer()
    sha256: Mapped[str] = text(index=True)
