"""What happened to the bucket that others may want to know."""

from __future__ import annotations

from dataclasses import dataclass

from app.journal.events import DomainEvent


@dataclass(frozen=True, slots=True)
class StorageTestAsked(DomainEvent):
    """Somebody wants to know whether a bucket works: the machine that transfers tries it out."""

    target_id: str
