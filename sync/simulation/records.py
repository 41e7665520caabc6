"""Small records, one of each merge word, with which a simulated clinic works. They are in no real folder."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NewType

from sqlalchemy.orm import Mapped

from app.core.money import Money
from app.journal.detectors import Arrived, Finding, detector
from app.journal.projections import projection
from app.journal.queries import Reading
from app.journal.records import Merge, Record, cents, integer, key, text

STREAM = "simulation"
CardId = NewType("CardId", str)


class SimCard(Record, merge=Merge.FIELD, stream=STREAM, subject="id", sensitive=("name",)):
    """A chart: two merged fields, one of them sensitive."""

    __tablename__ = "sim_card"

    id: Mapped[CardId] = key()
    name: Mapped[str] = text()
    phone: Mapped[str | None] = text()
    extra: Mapped[str | None] = text()
    """A column that older workstations do not know."""


class SimEntry(Record, merge=Merge.EVENT, stream=STREAM, subject="card_id"):
    """An entry with an amount, as a ledger has them; both halves of a pair are written by one operation."""

    __tablename__ = "sim_entry"

    id: Mapped[str] = key()
    card_id: Mapped[CardId] = text(index=True)
    pair: Mapped[str] = text(index=True)
    amount: Mapped[Money] = cents()


class SimBalance(Record, merge=Merge.PROJECTION):
    """What the entries of a card come to."""

    __tablename__ = "sim_balance"

    id: Mapped[CardId] = key()
    amount: Mapped[Money] = cents()


class SimRule(Record, merge=Merge.CONFIG, stream=STREAM):
    """A decision of the clinic."""

    __tablename__ = "sim_rule"

    id: Mapped[str] = key()
    value: Mapped[str] = text()


class SimSlot(Record, merge=Merge.FIELD, stream=STREAM):
    """Minutes of a chair."""

    __tablename__ = "sim_slot"

    id: Mapped[str] = key()
    chair: Mapped[str] = text(index=True)
    start: Mapped[int] = integer()
    minutes: Mapped[int] = integer()


class SimLate(Record, merge=Merge.FIELD, stream=STREAM):
    """A table that older workstations do not know."""

    __tablename__ = "sim_late"

    id: Mapped[str] = key()
    value: Mapped[str] = text()


class SimFile(Record, merge=Merge.EVENT, stream=STREAM):
    """An image, whose bytes are sealed beside the database."""

    __tablename__ = "sim_file"

    id: Mapped[str] = key()
    sha256: Mapped[str] = text()


@projection(target=SimBalance, of=(SimEntry,))
def balances(read: Reading, keys: Collection[str] | None) -> Iterable[dict[str, Any]]:
    """The sum of each card's entries."""
    rows = read.sql("SELECT card_id, sum(amount) FROM sim_entry GROUP BY card_id")
    return [{"id": card, "amount": Money(total)} for card, total in rows if keys is None or card in keys]


@detector("sim_double_booking", of=(SimSlot,))
def double_booking(read: Reading, arrived: Arrived) -> Iterable[Finding]:
    """Two slots of one chair that overlap."""
    for (other,) in read.sql(
        "SELECT b.id FROM sim_slot a JOIN sim_slot b ON b.chair = a.chair AND b.id <> a.id"
        " AND b.start < a.start + a.minutes AND a.start < b.start + b.minutes WHERE a.id = :it",
        it=arrived.key,
    ):
        yield Finding("sim_double_booking", "sim_slot", arrived.key, None, (arrived.key, other), {"other": other})
