"""Contract and treatment side by side: paid in full but not finished, or treated further than paid.

Exposure is the share of the treatment that has passed (from the start visit to the expected end) less the share of the
contract that is paid, in points of a percent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.billing.model import OpeningBalance
from app.billing.permissions import SEE_BALANCES
from app.billing.settings import EXPOSURE_PERCENT
from app.core.ids import PatientId
from app.journal.settings_store import value_of
from app.scheduling.follow_lists import Found, Look, expected_ends, follow_up_source
from app.scheduling.vocabulary import FollowUpList

VOIDS = aliased(OpeningBalance)
STANDING = (
    OpeningBalance.corrects_id.is_(None),
    ~select(VOIDS.id).where(VOIDS.corrects_id == OpeningBalance.id).exists(),
)
"""Opening balances that were not voided."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Where payment and treatment of a patient stand, in whole percent; `elapsed_percent` is empty without an end."""

    patient_id: PatientId
    row_id: str
    paid_percent: int
    elapsed_percent: int | None
    since_on: date

    @property
    def paid_in_full(self) -> bool:
        """Whether nothing is left to pay while the appliances are still on."""
        return self.paid_percent >= 100


def exposures(look: Look) -> Iterator[Exposure]:
    """The patients in treatment who have paid all, or whose treatment is ahead of their payments by the setting."""
    limit = value_of(look.read, EXPOSURE_PERCENT)
    contracts = _contracts(look)
    treated = look.treated(contracts)
    ends = {patient: on for patient, _row, on in expected_ends(look, of=treated)}
    for patient, started in treated.items():
        found = _exposure(look, patient, contracts[patient], look.day(started), ends.get(patient), limit)
        if found is not None:
            yield found


def _contracts(look: Look) -> dict[str, Any]:
    """The latest contract of each chart that is kept."""
    columns = (
        OpeningBalance.id, OpeningBalance.patient_id, OpeningBalance.as_of_on, OpeningBalance.contract_total,
        OpeningBalance.paid_to_date, OpeningBalance.balance,
    )  # fmt: skip
    statement = select(*columns).where(*STANDING).order_by(OpeningBalance.as_of_on, OpeningBalance.id)
    found = {look.kept_chart(row.patient_id): row for row in look.read.execute(statement)}
    return {patient: row for patient, row in found.items() if row.contract_total.cents > 0}


def _exposure(look: Look, patient: str, row: Any, start: date, end: date | None, limit: int) -> Exposure | None:
    total, paid, owed = row.contract_total.cents, row.paid_to_date.cents, row.balance.cents
    percent = 100 if owed <= 0 else min(99, max(0, paid * 100 // total))
    length = (end - start).days if end is not None else 0
    passed = (look.read.today - start).days
    elapsed = max(0, min(100, passed * 100 // length)) if length > 0 else None
    if percent == 100:
        return Exposure(PatientId(patient), row.id, percent, elapsed, max(start, row.as_of_on))
    if elapsed is None or elapsed - percent < limit:
        return None
    crossed = start + timedelta(days=-(-length * (percent + limit) // 100))
    return Exposure(PatientId(patient), row.id, percent, elapsed, min(look.read.today, max(start, crossed)))


@follow_up_source(FollowUpList.PAYMENT_AND_TREATMENT, SEE_BALANCES)
def _payment_and_treatment(look: Look) -> Iterator[Found]:
    for found in exposures(look):
        yield found.patient_id, found.since_on, found.row_id
