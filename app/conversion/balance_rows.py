"""Rows of opening balances. An amount is never changed: another amount voids the row before and adds one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from app.billing.commands import check_opening
from app.billing.model import OpeningBalance
from app.conversion.drafts import (
    PATIENT_UNKNOWN,
    Change,
    Comparing,
    Draft,
    Plan,
    Work,
    full_row,
    patients_of,
)
from app.conversion.rows import GivenRow, Problem
from app.conversion.vocabulary import Outcome
from app.core.i18n import N_
from app.core.ids import new_id
from app.core.money import ZERO, Money
from app.journal.records import Record

SUM_DIFFERS: Final = N_("The contract less the payments is not the balance; all three are kept as given.")


def draft_balances(work: Work, rows: Sequence[GivenRow]) -> list[Draft]:
    """What rows of opening balances ask for."""
    patients = patients_of(work, [row.values["patient"] for row in rows])
    return [_draft(work, row, patients) for row in rows]


def _draft(work: Work, row: GivenRow, patients: dict[str, str]) -> Draft:
    given, draft = row.values, Draft(row)
    draft.subject_id = patients.get(given["patient"])
    if draft.subject_id is None:
        draft.problems.append(Problem("patient", PATIENT_UNKNOWN, {"number": given["patient"]}))
    balance = int(given["balance"])
    contract, paid = int(given.get("contract", "0")), int(given.get("paid", "0"))
    as_of_on = date.fromisoformat(given["as_of_on"])
    draft.take("as_of_on", lambda: check_opening(as_of_on, work.today, contract, paid))
    if {"contract", "paid"} <= set(given) and contract - paid != balance:
        draft.warnings.append(Problem("balance", SUM_DIFFERS))
    draft.target_id = new_id()
    draft.want(
        OpeningBalance,
        draft.target_id,
        patient_id=draft.subject_id,
        as_of_on=as_of_on,
        contract_total=Money(contract),
        paid_to_date=Money(paid),
        balance=Money(balance),
        system=work.system,
        legacy_number=row.number,
        recorded_at=work.now,
        recorded_by=work.read.actor.id,
    )
    return draft


def void_before(work: Work, comparing: Comparing, plans: Sequence[Plan]) -> None:
    """Void the balances that changed rows stand for, and keep all of it in the operation that inserts."""
    for plan in plans:
        before = comparing.legacy.get(plan.row.number)
        if plan.outcome is not Outcome.CHANGED or before is None:
            continue
        key = new_id()
        plan.inserts.append(Change(OpeningBalance, key, void_row(work, plan, before.target_id, key)))
        new = next(one.id for one in plan.inserts if "corrects_id" in one.values and not one.values["corrects_id"])
        plan.returns += [Change(one.record, one.id, one.values | {"target_id": new}) for one in plan.changes]
        plan.changes = []


def void_row(work: Work, plan: Plan, wrong: str, key: str) -> dict[str, Any]:
    """The row that voids an opening balance."""
    record: type[Record] = OpeningBalance
    values = {
        "patient_id": plan.inserts[0].values["patient_id"], "as_of_on": work.today, "contract_total": ZERO,
        "paid_to_date": ZERO, "balance": ZERO, "recorded_at": work.now, "recorded_by": work.read.actor.id,
        "corrects_id": wrong,
    }  # fmt: skip
    return full_row(record, key, values)
