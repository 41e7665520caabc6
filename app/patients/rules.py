"""What must hold of charts whoever writes them, an undo included."""

from __future__ import annotations

from sqlalchemy import func, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.rules import rule
from app.journal.transaction import Transaction
from app.patients.charts import kept_id
from app.patients.model import Patient, Responsibility


@rule(Patient, columns=("merged_into_id", "withdrawn_at"))
def merges_end(tx: Transaction, ids: frozenset[str]) -> None:
    """A chain of merges ends in a chart that is not merged."""
    read = tx.reading()
    merged = select(Patient.id).where(Patient.id.in_(ids), Patient.merged_into_id.is_not(None))
    for patient_id in tx.all(merged):
        end = tx.get(Patient, kept_id(read, PatientId(patient_id)))
        if end.merged_into_id is not None:
            raise RuleViolation(N_("These charts would be merged in a circle."), field="keep")
        if end.withdrawn_at is not None:
            raise RuleViolation(N_("The chart that is kept has been withdrawn."), field="keep")


@rule(Responsibility)
def shares_fit(tx: Transaction, ids: frozenset[str]) -> None:
    """The payers of a patient pay at most the whole bill."""
    patients = select(Responsibility.patient_id).where(Responsibility.id.in_(ids))
    total = func.sum(Responsibility.payer_share_percent)
    too_much = (
        select(Responsibility.patient_id)
        .where(
            Responsibility.patient_id.in_(patients),
            Responsibility.withdrawn_at.is_(None),
            Responsibility.to_on.is_(None),
        )
        .group_by(Responsibility.patient_id)
        .having(total > 100)
    )
    if tx.first(too_much) is not None:
        raise RuleViolation(N_("The payers’ shares come to more than 100%."), field="payer_share_percent")
