"""What X-ray units say of the visits of a day (MPPS): images are being taken, or were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from app.gateway.model import ImagingStep
from app.gateway.queries import StepState, imaging_steps
from app.journal.queries import Reading
from app.orchestration.vocabulary import VisitFlag
from app.scheduling.queries.schedule import VisitLine

Marks: TypeAlias = dict[str, tuple[str, ...]]
TABLES: Final = frozenset({ImagingStep.__tablename__})
MARKS: Final = {StepState.IN_PROGRESS: VisitFlag.IMAGING, StepState.COMPLETED: VisitFlag.IMAGED}


def imaging_marks(read: Reading, lines: Sequence[VisitLine]) -> Marks:
    """The flag of each visit for which a unit reports; the step that began last decides."""
    found: Marks = {}
    for step in imaging_steps.function(read, [line.id for line in lines]):
        if step.appointment_id is not None and step.state in MARKS:
            found.setdefault(step.appointment_id, (MARKS[step.state].value,))
    return found


def with_imaging(read: Reading, lines: Sequence[VisitLine], marks: Marks) -> Marks:
    """The marks of the visits, with what units report."""
    imaging = imaging_marks(read, lines)
    return {key: (*marks.get(key, ()), *imaging.get(key, ())) for key in marks.keys() | imaging.keys()}
