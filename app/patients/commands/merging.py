"""Two charts of one patient become one. Nothing moves: the merged chart leads to the kept one, and can leave it."""

from __future__ import annotations

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.commands.patients import living_patient
from app.patients.model import Patient
from app.patients.permissions import MERGE_PATIENTS


@command(permission=MERGE_PATIENTS, label=N_("Merge the charts"))
def merge_patients(tx: Transaction, keep: PatientId, merged: PatientId) -> None:
    """Make two charts of the same patient one.

    The kept chart shows the alerts, consents, documents and visits of both; the merged one leaves lists and search
    and is only found by its file number, which leads to the kept one.
    """
    if keep == merged:
        raise RuleViolation(N_("A chart is not merged into itself."), field="merged")
    living_patient(tx, keep)
    living_patient(tx, merged).merged_into_id = keep


@command(permission=MERGE_PATIENTS, label=N_("Separate the charts"))
def unmerge_patients(tx: Transaction, merged: PatientId) -> None:
    """Make a merged chart one of its own again, with everything that was in it."""
    patient = tx.get(Patient, merged)
    if patient.merged_into_id is None:
        raise RuleViolation(N_("This chart is not merged into another."), field="merged")
    patient.merged_into_id = None
