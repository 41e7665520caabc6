"""What happens at the steriliser, as automation may want to answer it."""

from __future__ import annotations

from dataclasses import dataclass

from app.journal.events import DomainEvent
from app.sterilisation.vocabulary import SterilisationCycleId


@dataclass(frozen=True, slots=True)
class LoadReleased(DomainEvent):
    """A load may be used."""

    cycle_id: SterilisationCycleId


@dataclass(frozen=True, slots=True)
class LoadFailed(DomainEvent):
    """A load must not be used; what was opened of it is to be looked at."""

    cycle_id: SterilisationCycleId
