"""Which decision is in force for each purpose: the last one decided that was not voided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.core.ids import PatientId, PersonId
from app.journal.queries import Reading
from app.patients.charts import chart_ids
from app.patients.model import Consent
from app.patients.vocabulary import ConsentDecision, ConsentId, ConsentPurpose


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision in force."""

    id: ConsentId
    purpose: ConsentPurpose
    decision: ConsentDecision
    by_person_id: PersonId | None
    decided_on: date


def decisions_in_force(read: Reading, patient_id: PatientId) -> Mapping[ConsentPurpose, Decision]:
    """The decision in force for each purpose on which one was ever recorded, merged charts included.

    Of two decisions of one day the one recorded later holds.
    """
    columns = (Consent.id, Consent.purpose, Consent.decision, Consent.by_person_id, Consent.decided_on)
    voided = select(Consent.corrects_id).where(Consent.corrects_id.is_not(None))
    statement = (
        select(*columns)
        .where(
            Consent.patient_id.in_(chart_ids(read, patient_id)),
            Consent.decision != ConsentDecision.VOIDED,
            Consent.id.not_in(voided),
        )
        .order_by(Consent.decided_on, Consent.recorded_at, Consent.id)
    )
    return {
        row.purpose: Decision(row.id, row.purpose, row.decision, row.by_person_id, row.decided_on)
        for row in read.execute(statement)
    }


def has_consent(read: Reading, patient_id: PatientId, purpose: ConsentPurpose) -> bool:
    """Whether consent to the purpose is given and stands."""
    found = decisions_in_force(read, patient_id).get(purpose)
    return found is not None and found.decision is ConsentDecision.GIVEN
