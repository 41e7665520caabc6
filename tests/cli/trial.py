"""Commands and queries that meet what the sample slice does not: every kind of argument, every kind of failure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.errors import IntegrityFailure, Unreachable
from app.core.ids import PatientId
from app.core.secret import Secret
from app.journal.commands import command, query
from app.journal.queries import Reading
from app.journal.transaction import Transaction
from tests.sample.model import Mood, Owner
from tests.sample.permissions import EDIT_OWNERS, READ_OWNERS

NAME_IN_A_FAULT = "Zéphirine Beausoleil-Quesnel"


@dataclass(frozen=True, slots=True)
class Measure:
    tooth: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Everything:
    count: int
    lasting: list[str]
    moods: list[Mood]
    seen: list[datetime]
    measure: Measure | None
    note: str | None
    secret: Secret | None


@query(permission=READ_OWNERS, label="Everything that can be given")
def trial_everything(
    read: Reading,
    count: int,
    lasting: list[str] | None = None,
    moods: list[Mood] | None = None,
    seen: list[datetime] | None = None,
    measure: Measure | None = None,
    note: str | None = "unsaid",
    secret: Secret | None = None,
) -> Everything:
    """Give every argument back."""
    return Everything(count, lasting or [], moods or [], seen or [], measure, note, secret)


@query(permission=None, label="The time")
def trial_time(read: Reading) -> datetime:
    """What time it is taken to be."""
    return read.now


@query(permission=READ_OWNERS, label="One chart")
def trial_chart(read: Reading, patient_id: PatientId) -> str:
    """Read one chart."""
    return str(patient_id)


@command(permission=EDIT_OWNERS, label="See the sample owner")
def trial_see(tx: Transaction, owner_id: str, seen_at: datetime) -> None:
    """Keep when an owner was seen."""
    tx.get(Owner, owner_id).seen_at = seen_at


@command(permission=EDIT_OWNERS, label="Call another machine")
def trial_unreachable(tx: Transaction) -> None:
    """Call a machine that does not answer."""
    raise Unreachable("The server does not answer.")


@command(permission=EDIT_OWNERS, label="Find damage")
def trial_damaged(tx: Transaction) -> None:
    """Meet a damaged file."""
    raise IntegrityFailure("A sealed file is damaged.")


@command(permission=EDIT_OWNERS, label="Stop on a fault")
def trial_fault(tx: Transaction) -> None:
    """Fail as only a bug does, with a name in the message."""
    raise KeyError(NAME_IN_A_FAULT)
