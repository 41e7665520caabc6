"""Records of the sample slice."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any, NewType

from sqlalchemy.orm import Mapped

from app.core.money import Money
from app.journal.records import (
    Merge,
    Record,
    cents,
    choice,
    day,
    flag,
    instant,
    integer,
    json,
    key,
    reference,
    text,
)  # fmt: skip

OwnerId = NewType("OwnerId", str)
PetId = NewType("PetId", str)


class Mood(enum.StrEnum):
    CALM = "calm"
    WILD = "wild"


class Owner(Record, merge=Merge.FIELD, stream="sample", subject="id", sensitive=("phone",)):
    __tablename__ = "sample_owner"

    id: Mapped[OwnerId] = key()
    name: Mapped[str] = text()
    phone: Mapped[str | None] = text()
    born_on: Mapped[date | None] = day()
    mood: Mapped[Mood] = choice(Mood, default=Mood.CALM)
    vip: Mapped[bool] = flag(default=False)
    height_um: Mapped[int | None] = integer()
    balance: Mapped[Money] = cents(default=Money(0))
    extra: Mapped[Any | None] = json()
    seen_at: Mapped[datetime | None] = instant()
    withdrawn_at: Mapped[datetime | None] = instant()
    photo_sha256: Mapped[str | None] = text()


class Pet(Record, merge=Merge.FIELD, stream="sample", subject="owner_id"):
    __tablename__ = "sample_pet"

    id: Mapped[PetId] = key()
    owner_id: Mapped[OwnerId] = reference("sample_owner")
    name: Mapped[str] = text()


class Visit(Record, merge=Merge.EVENT, stream="sample", subject="owner_id"):
    __tablename__ = "sample_visit"

    id: Mapped[str] = key()
    owner_id: Mapped[OwnerId] = reference("sample_owner")
    note: Mapped[str] = text()


class Rate(Record, merge=Merge.CONFIG, stream="sample"):
    __tablename__ = "sample_rate"

    id: Mapped[str] = key()
    amount: Mapped[Money] = cents()


class OwnerLine(Record, merge=Merge.PROJECTION):
    __tablename__ = "sample_owner_line"

    id: Mapped[OwnerId] = key()
    line: Mapped[str] = text()
    visits: Mapped[int] = integer()
