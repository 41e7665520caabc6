"""The clinic's own cephalometric norms and measures, and the sex by which norms are chosen."""

from __future__ import annotations

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId, StaffId, derived_id
from app.imaging.model import ClinicAnalysis, Study
from app.imaging.permissions import EDIT_NORMS, VIEW_IMAGES
from app.imaging.vocabulary import AnalysisId
from app.journal.commands import command, query
from app.journal.queries import Reading
from app.journal.transaction import Transaction
from app.patients.charts import chart_ids
from app.patients.model import Patient
from viewer.model.cephalometry.functions import CephError
from viewer.model.cephalometry.storage import analysis_from_json, analysis_to_json

LARGEST = 1_000_000
"""Characters of one analysis: far above any table of norms."""
SEXES = ("F", "M")


@command(permission=EDIT_NORMS, label=N_("Restore the published norms"))
def withdraw_analysis(tx: Transaction, analysis_row_id: AnalysisId) -> None:
    """Go back to the analysis as it was published; the norms of the clinic are withdrawn."""
    row = tx.get(ClinicAnalysis, analysis_row_id)
    if row.withdrawn_at is None:
        row.withdrawn_at = tx.now


@command(
    permission=EDIT_NORMS, label=N_("Save the norms of the clinic"), undo=(withdraw_analysis, ClinicAnalysis),
    hidden=True,
)  # fmt: skip
def keep_analysis(tx: Transaction, document: str) -> AnalysisId:
    """Keep an analysis with the norms or measures of the clinic, in the place of the one of its name."""
    analysis_id, kept = _checked(document)
    row = tx.find(ClinicAnalysis, analysis_id)
    if row is None:
        tx.add(ClinicAnalysis(id=analysis_id, document=kept, saved_at=tx.now, saved_by_id=StaffId(tx.actor.id)))
    elif (row.document, row.withdrawn_at) != (kept, None):
        row.document, row.saved_at, row.saved_by_id, row.withdrawn_at = kept, tx.now, StaffId(tx.actor.id), None
    return analysis_id


def analysis_row_id(analysis_id: str) -> AnalysisId:
    """The same row on every workstation for one analysis."""
    return AnalysisId(derived_id("analysis", analysis_id))


def _checked(document: str) -> tuple[AnalysisId, str]:
    """The row's id and the document as the viewer writes it, so that the same norms are the same text."""
    try:
        analysis = analysis_from_json(document if len(document) <= LARGEST else "")
    except CephError:
        raise RuleViolation(N_("These norms cannot be read."), field="document") from None
    return analysis_row_id(analysis.analysis_id), analysis_to_json(analysis)


@query(permission=VIEW_IMAGES, label=N_("Cephalometric norms of the clinic"))
def clinic_analyses(read: Reading) -> tuple[str, ...]:
    """The analyses that the clinic has changed or added, as JSON of the viewer."""
    wanted = select(ClinicAnalysis.document).where(ClinicAnalysis.withdrawn_at.is_(None)).order_by(ClinicAnalysis.id)
    return tuple(read.execute(wanted).scalars())


@query(permission=VIEW_IMAGES, label=N_("Sex for the norms"))
def sex_for_norms(read: Reading, patient_id: PatientId) -> str:
    """F or M, by which some norms differ: of the RAMQ where it is recorded, else as the images state it.

    Empty where nothing is said, or where the images contradict each other (Patient's Sex, PS3.3 §C.7.1.1).
    """
    charts = chart_ids(read, patient_id)
    recorded = select(Patient.sex_at_ramq).where(Patient.id.in_(charts), Patient.sex_at_ramq.is_not(None))
    found = {sex.value[:1].upper() for sex in read.execute(recorded).scalars()}
    if not found:
        stated = select(Study.received_sex).where(Study.patient_id.in_(charts), Study.received_sex.is_not(None))
        found = {sex.strip().upper() for sex in read.execute(stated.distinct()).scalars()} & set(SEXES)
    return found.pop() if len(found) == 1 else ""
