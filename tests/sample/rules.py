"""Rules of the sample slice."""

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.journal.rules import rule
from app.journal.transaction import Transaction
from tests.sample.model import Owner


@rule(Owner)
def names_are_unique(tx: Transaction, ids: frozenset[str]) -> None:
    for name in tx.all(select(Owner.name).where(Owner.id.in_(ids), Owner.withdrawn_at.is_(None), Owner.name > "")):
        if len(tx.all(select(Owner.id).where(Owner.name == name, Owner.withdrawn_at.is_(None)))) > 1:
            raise RuleViolation("Two owners are called “{name}”.", field="name", name=name)
