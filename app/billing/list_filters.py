"""What the patient list may know of amounts: whether a family owed something at the start, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from app.billing.exposure import STANDING
from app.billing.model import OpeningBalance
from app.billing.permissions import SEE_BALANCES
from app.core.i18n import N_
from app.core.money import ZERO
from app.journal.queries import Reading
from app.patients.list_filters import Value, patient_column, patient_filter, whoever

BALANCES = (("owed", N_("Owes something")), ("credit", N_("Has a credit")), ("none", N_("Nothing open")))


@patient_filter("balance", N_("Opening balance"), lambda _read: BALANCES, SEE_BALANCES)
def _balance(read: Reading, value: str) -> ColumnElement[bool]:
    who = select(OpeningBalance.patient_id).where(*STANDING)
    if value == "none":
        return ~whoever(read, who.where(OpeningBalance.balance != ZERO))
    above = OpeningBalance.balance > ZERO if value == "owed" else OpeningBalance.balance < ZERO
    return whoever(read, who.where(above))


@patient_column("balance", N_("Opening balance"), permission=SEE_BALANCES)
def _balances(read: Reading, ids: Sequence[str]) -> dict[str, Value]:
    statement = select(OpeningBalance.patient_id, OpeningBalance.balance).where(
        OpeningBalance.patient_id.in_(ids), *STANDING
    )
    rows: list[Any] = list(read.execute(statement.order_by(OpeningBalance.as_of_on, OpeningBalance.id)))
    return {row.patient_id: row.balance for row in rows}
