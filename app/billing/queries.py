"""What families owed at the start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

import app.billing.list_filters  # noqa: F401  adds filter and column to the patient list
from app.billing.exposure import STANDING, Exposure, exposures
from app.billing.model import OpeningBalance
from app.billing.permissions import SEE_BALANCES
from app.billing.vocabulary import OpeningBalanceId
from app.core.i18n import N_
from app.core.ids import PatientId
from app.core.money import Money, total
from app.journal.commands import query
from app.journal.queries import Reading
from app.patients.charts import chart_ids
from app.scheduling.follow_lists import Look

__all__ = [
    "Exposure",
    "OpeningBalanceLine",
    "OpeningTotals",
    "opening_balances_of",
    "opening_totals",
    "treatment_exposures",
]


@dataclass(frozen=True, slots=True)
class OpeningBalanceLine:
    """One opening balance that stands; amounts in cents."""

    id: OpeningBalanceId
    patient_id: PatientId
    as_of_on: date
    contract_total: Money
    paid_to_date: Money
    balance: Money
    system: str | None
    legacy_number: str | None


@dataclass(frozen=True, slots=True)
class OpeningTotals:
    """All opening balances that stand together."""

    count: int
    contract_total: Money
    paid_to_date: Money
    balance: Money


_COLUMNS = tuple(getattr(OpeningBalance, name) for name in OpeningBalanceLine.__dataclass_fields__)


@query(permission=SEE_BALANCES, label=N_("Opening balance"))
def opening_balances_of(read: Reading, patient_id: PatientId) -> tuple[OpeningBalanceLine, ...]:
    """The opening balances of a patient that were not voided, merged charts included, the newest first."""
    statement = (
        select(*_COLUMNS)
        .where(OpeningBalance.patient_id.in_(chart_ids(read, patient_id)), *STANDING)
        .order_by(OpeningBalance.as_of_on.desc(), OpeningBalance.id)
    )
    return tuple(OpeningBalanceLine(*list(row)) for row in read.execute(statement))


@query(permission=SEE_BALANCES, label=N_("Opening balances in all"))
def opening_totals(read: Reading) -> OpeningTotals:
    """How many opening balances stand, and their sums."""
    columns = (OpeningBalance.contract_total, OpeningBalance.paid_to_date, OpeningBalance.balance)
    rows = read.execute(select(*columns).where(*STANDING)).all()
    return OpeningTotals(len(rows), *(total(row[place] for row in rows) for place in range(3)))


@query(permission=SEE_BALANCES, label=N_("Payment beside treatment"))
def treatment_exposures(read: Reading) -> tuple[Exposure, ...]:
    """The patients in treatment who have paid all, or whose treatment is ahead of their payments."""
    return tuple(exposures(Look(read)))
