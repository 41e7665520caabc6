"""Fetching records that may still be worked with."""

from __future__ import annotations

from typing import TypeVar

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.transaction import Transaction
from app.practice.model import Absence, Clinic, Closure, Equipment, Maintenance, Operatory, Procedure, Provider, Shift

Kept = TypeVar("Kept", Clinic, Operatory, Equipment, Provider, Shift, Absence, Closure, Maintenance, Procedure)


def living(tx: Transaction, record: type[Kept], key: str, field: str) -> Kept:
    """The record, refused when it was withdrawn."""
    found = tx.get(record, key)
    if found.withdrawn_at is not None:
        raise RuleViolation(N_("This entry was withdrawn."), field=field)
    return found
