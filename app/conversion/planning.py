"""Planning the rows of one kind: those that have not changed are recognised first, the others drafted and compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from app.conversion.balance_rows import draft_balances, void_before
from app.conversion.drafts import Comparing, Draft, Plan, Work, remembered
from app.conversion.family_rows import draft_responsible
from app.conversion.following_rows import draft_notes, draft_recalls
from app.conversion.patient_rows import draft_patients
from app.conversion.rows import GivenRow
from app.conversion.visit_rows import draft_visits
from app.conversion.vocabulary import Outcome, RowKind

DRAFTERS: Final[dict[RowKind, Callable[[Work, Sequence[GivenRow]], list[Draft]]]] = {
    RowKind.PATIENTS: draft_patients,
    RowKind.RESPONSIBLE: draft_responsible,
    RowKind.APPOINTMENTS: draft_visits,
    RowKind.RECALLS: draft_recalls,
    RowKind.NOTES: draft_notes,
    RowKind.BALANCES: draft_balances,
}


def plan_rows(work: Work, rows: Sequence[GivenRow]) -> list[Plan]:
    """What becomes of rows, in their order."""
    legacy = remembered(work, [row.number for row in rows])
    same = {
        row.number: Plan(row, Outcome.IN if legacy[row.number].run_id == work.run_id else Outcome.ALREADY)
        for row in rows
        if row.number in legacy and not legacy[row.number].withdrawn and legacy[row.number].digest == row.digest
    }
    other = [row for row in rows if row.number not in same]
    plans = same | {plan.row.number: plan for plan in _compared(work, other)}
    if work.expected is not None and work.kind is RowKind.PATIENTS:
        taken = [row for row in rows if plans[row.number].outcome is not Outcome.REJECTED]
        work.expected |= {row.number: row.values.get("household") for row in taken}
    return [plans[row.number] for row in rows]


def _compared(work: Work, rows: Sequence[GivenRow]) -> list[Plan]:
    if not rows:
        return []
    drafts = DRAFTERS[work.kind](work, rows)
    comparing = Comparing(work, drafts)
    plans = [comparing.plan(draft) for draft in drafts]
    if work.kind is RowKind.BALANCES:
        void_before(work, comparing, plans)
    return plans


def weight_of(kind: RowKind, row: GivenRow) -> int:
    """The most changes that a row may make in one operation, its remembered number included."""
    contacts = sum(bool(row.values.get(name)) for name in ("mobile", "home", "work", "email", "street"))
    if kind is RowKind.PATIENTS:
        return 2 + contacts
    if kind is RowKind.RESPONSIBLE:
        return 2 + contacts + (1 if row.values.get("patient") else 20)
    return {RowKind.APPOINTMENTS: 7, RowKind.BALANCES: 3}.get(kind, 2)
