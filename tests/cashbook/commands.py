"""What is done with the cash book."""

from __future__ import annotations

from app.core.money import Money
from app.journal.commands import command
from app.journal.transaction import Transaction
from tests.cashbook.model import CashEntry
from tests.cashbook.permissions import TAKE_CASH


@command(permission=TAKE_CASH, label="Take cash")
def take_cash(tx: Transaction, amount: int) -> str:
    """Enter an amount in cents, which nothing undoes."""
    return tx.add(CashEntry(received_by=tx.actor.id, amount=Money(amount))).id
