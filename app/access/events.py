"""What happens to credentials, as automation may want to answer it."""

from __future__ import annotations

from dataclasses import dataclass

from app.journal.events import DomainEvent


@dataclass(frozen=True, slots=True)
class PasswordChanged(DomainEvent):
    """A password was set; `by_colleague` when the person did not choose it themselves."""

    staff_id: str
    by_colleague: bool
