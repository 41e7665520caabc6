"""Amounts that were received."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from app.core.money import Money
from app.journal.records import Merge, Record, cents, key, text


class CashEntry(Record, merge=Merge.EVENT, stream="cashbook"):
    """An amount that somebody received; it never changes."""

    __tablename__ = "cash_entry"

    id: Mapped[str] = key()
    received_by: Mapped[str] = text()
    amount: Mapped[Money] = cents()
