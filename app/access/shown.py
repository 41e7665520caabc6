"""A stored value of the journal as people read it: money, days and instants by the column's type."""

from __future__ import annotations

from typing import Any

import msgspec

from app.core.clock import Clock, from_millis
from app.core.i18n import N_, translate
from app.core.money import Money
from app.journal.records import REGISTRY, Cents, Flag, Instant

YES, NO = N_("yes"), N_("no")


def shown_value(clock: Clock, table: str, column: str, value: Any) -> str:
    """Text for a value that is not None. Instants are the clinic's time, to the second, in ISO 8601 order."""
    kind = _column_type(table, column)
    if isinstance(value, int):
        if isinstance(kind, Flag):
            return translate(YES if value else NO)
        if isinstance(kind, Instant):
            return f"{from_millis(value).astimezone(clock.zone):%Y-%m-%d %H:%M:%S}"
        if isinstance(kind, Cents):
            return str(Money(value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _column_type(table: str, column: str) -> Any:
    if table not in REGISTRY or column not in REGISTRY[table].columns:
        return None
    return REGISTRY[table].record.__table__.c[column].type
