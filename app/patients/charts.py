"""Which charts are one: a merged chart leads to the kept one, through any chain of merges.

Nothing is moved by a merge. Whoever asks for the rows of a patient asks for those of `chart_ids`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from app.core.ids import PatientId
from app.journal.queries import Reading

_UP: Final = text(
    "WITH RECURSIVE up(id, into_id) AS (SELECT id, merged_into_id FROM patient WHERE id = :id"
    " UNION SELECT p.id, p.merged_into_id FROM patient p JOIN up ON p.id = up.into_id)"
    " SELECT id, into_id FROM up"
)
_DOWN: Final = text(
    "WITH RECURSIVE down(id) AS (SELECT id FROM patient WHERE id = :id"
    " UNION SELECT p.id FROM patient p JOIN down ON p.merged_into_id = down.id)"
    " SELECT id FROM down"
)


def kept_id(read: Reading, patient_id: PatientId) -> PatientId:
    """The chart that is kept of this one; itself when it was never merged.

    Two workstations may merge crosswise while apart: of such a circle the first id is the one kept, everywhere.
    """
    rows = read.execute(_UP, {"id": patient_id}).all()
    ends = [row.id for row in rows if row.into_id is None]
    return PatientId(ends[0] if ends else min([row.id for row in rows], default=patient_id))


def chart_ids(read: Reading, patient_id: PatientId) -> tuple[PatientId, ...]:
    """Every chart of the same patient, the kept one first."""
    kept = kept_id(read, patient_id)
    others = [row.id for row in read.execute(_DOWN, {"id": kept}) if row.id != kept]
    return (kept, *(PatientId(item) for item in sorted(others)))
