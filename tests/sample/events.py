"""Events of the sample slice."""

from dataclasses import dataclass

from app.journal.events import DomainEvent
from tests.sample.model import OwnerId


@dataclass(frozen=True, slots=True)
class OwnerVisited(DomainEvent):
    subject = "owner_id"
    owner_id: OwnerId
