"""Papers that a visit needs and the chart does not hold: consent to care, a medical history that is not too old."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import or_, select

from app.core.i18n import N_
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.orchestration.settings import CONSENT_BEFORE_START, HISTORY_MONTHS
from app.patients.model import Consent, Document, DocumentVersion, Patient
from app.patients.vocabulary import ConsentDecision, ConsentPurpose, DocumentKind
from app.scheduling.queries.schedule import VisitLine

TABLES: Final = frozenset(
    record.__tablename__ for record in (Consent, Document, DocumentVersion, Patient)
)  # fmt: skip
NO_CONSENT: Final = N_("No consent to care is recorded.")
NO_HISTORY: Final = N_("The medical history is missing or too old.")


def missing_papers(
    read: Reading, lines: Collection[VisitLine], starts: Collection[str]
) -> Mapping[str, tuple[str, ...]]:
    """For each visit what is missing (msgids); `starts` are the types that begin treatment. Others are left out."""
    months = value_of(read, HISTORY_MONTHS)
    wanted = [line for line in lines if line.type_id in starts] if value_of(read, CONSENT_BEFORE_START) else []
    charts = _charts(read, {line.patient_id for line in (lines if months else wanted)})
    consents = _consents(read, charts) if wanted else frozenset[str]()
    told = _histories(read, charts, read.now - timedelta(days=30 * months)) if months else frozenset[str]()
    begins = {line.id for line in wanted}
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        missing = [NO_CONSENT] if line.id in begins and line.patient_id not in consents else []
        missing += [NO_HISTORY] if months and line.patient_id not in told else []
        if missing:
            found[line.id] = tuple(missing)
    return found


def _charts(read: Reading, patients: Collection[str]) -> dict[str, str]:
    """The charts of some patients, those that were merged into them included: {chart: patient}."""
    ids = list(patients)
    rows: Iterable[Any] = read.execute(
        select(Patient.id, Patient.merged_into_id).where(or_(Patient.id.in_(ids), Patient.merged_into_id.in_(ids)))
    )
    return {row.id: row.merged_into_id if row.merged_into_id in patients else row.id for row in rows}


def _consents(read: Reading, charts: Mapping[str, str]) -> frozenset[str]:
    """Whose consent to care is given and stands: the last decision that was not voided."""
    voided = select(Consent.corrects_id).where(Consent.corrects_id.is_not(None))
    statement = (
        select(Consent.patient_id, Consent.decision)
        .where(Consent.patient_id.in_(list(charts)), Consent.purpose == ConsentPurpose.CARE,
               Consent.decision != ConsentDecision.VOIDED, Consent.id.not_in(voided))
        .order_by(Consent.decided_on, Consent.recorded_at, Consent.id)
    )  # fmt: skip
    rows: Iterable[Any] = read.execute(statement)
    last = {charts[row.patient_id]: row.decision for row in rows}
    return frozenset(patient for patient, decision in last.items() if decision is ConsentDecision.GIVEN)


def _histories(read: Reading, charts: Mapping[str, str], since: datetime) -> frozenset[str]:
    statement = (
        select(Document.patient_id)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .where(Document.patient_id.in_(list(charts)), Document.kind == DocumentKind.MEDICAL_HISTORY,
               Document.withdrawn_at.is_(None), DocumentVersion.added_at >= since,
               DocumentVersion.withdraws_id.is_(None))
    )  # fmt: skip
    return frozenset(charts[owner] for owner in read.execute(statement).scalars())
