"""Domain events and their in-transaction reactions.

An event is a frozen dataclass in the past tense; it is kept as a captured EVENT row that server jobs read in order.
A reaction is a rule of a higher slice: it runs in the same transaction and operation, only where the command ran.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from app.journal.transaction import Transaction

E = TypeVar("E", bound="DomainEvent")

EVENTS: dict[str, type[DomainEvent]] = {}
"""Every event class that has been imported, by code."""


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """Base of events. `subject` names the field that holds the patient's id, if any; `code` is the mission's code."""

    code: ClassVar[str] = ""
    subject: ClassVar[str | None] = None

    def __init_subclass__(cls) -> None:
        if not cls.code:
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).upper()
        EVENTS[cls.code] = cls

    def payload(self) -> dict[str, Any]:
        """The fields, as the event row keeps them."""
        return {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}


@dataclass(frozen=True, slots=True)
class Reaction:
    """A rule that answers an event in the same transaction."""

    event: type[DomainEvent]
    function: Callable[[Transaction, Any], None]

    @property
    def name(self) -> str:
        """Where it stands, for the events page."""
        return f"{self.function.__module__}.{self.function.__qualname__}"


REACTIONS: dict[str, list[Reaction]] = {}


def reaction(event: type[E]) -> Callable[[Callable[[Transaction, E], None]], Callable[[Transaction, E], None]]:
    """Register a function that runs inside the transaction that records the event."""

    def register(function: Callable[[Transaction, E], None]) -> Callable[[Transaction, E], None]:
        REACTIONS.setdefault(event.code, []).append(Reaction(event, function))
        return function

    return register
