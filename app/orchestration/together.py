"""Steps that several visits are taken through at once, and why one of them cannot go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_, _
from app.journal.commands import Command
from app.journal.queries import Reading
from app.orchestration.vocabulary import FlowStep
from app.scheduling.commands import (
    call_doctor,
    check_in_patient,
    check_out_patient,
    complete_appointment,
    confirm_appointment,
    mark_no_show,
    seat_patient,
)
from app.scheduling.fold import Happened, fold
from app.scheduling.happening import impossible
from app.scheduling.model import Appointment
from app.scheduling.projections import events_of
from app.scheduling.vocabulary import AppointmentId, EventKind

STEPS: Final[Mapping[FlowStep, tuple[Command[..., Any], EventKind]]] = MappingProxyType({
    FlowStep.CONFIRM: (confirm_appointment, EventKind.CONFIRMED),
    FlowStep.ARRIVE: (check_in_patient, EventKind.ARRIVED),
    FlowStep.SEAT: (seat_patient, EventKind.SEATED),
    FlowStep.CALL_DOCTOR: (call_doctor, EventKind.DOCTOR_NEEDED),
    FlowStep.COMPLETE: (complete_appointment, EventKind.COMPLETED),
    FlowStep.LEAVE: (check_out_patient, EventKind.LEFT),
    FlowStep.NO_SHOW: (mark_no_show, EventKind.MISSED),
})  # fmt: skip
"""The command of each step, and the event that it writes."""
_TODAY: Final = frozenset({FlowStep.ARRIVE, FlowStep.SEAT})


def refusals(read: Reading, step: FlowStep, ids: Sequence[AppointmentId]) -> dict[AppointmentId, str]:
    """For each of some visits why the step is not possible from where it stands, empty when it is."""
    kind = STEPS[step][1]
    events = events_of(read, ids)
    columns = (Appointment.id, Appointment.starts_at, Appointment.withdrawn_at)
    statement = select(*columns).where(Appointment.id.in_(list(ids)))
    rows = {row.id: row for row in read.execute(statement)}
    found: dict[AppointmentId, str] = {}
    for key in ids:
        row, before = rows.get(key), fold(events.get(key, ()))
        happened = Happened("~", kind, read.now, read.now)
        if row is None or row.withdrawn_at is not None:
            found[key] = _(N_("This appointment was withdrawn."))
        elif step in _TODAY and row.starts_at and read.clock.day_of(row.starts_at) != read.today:
            found[key] = _(N_("This visit is not today: move it first."))
        elif step is FlowStep.NO_SHOW and row.starts_at and row.starts_at > read.now:
            found[key] = _(N_("This visit has not begun yet."))
        elif fold([*events.get(key, ()), happened]).ineffective > before.ineffective:
            found[key] = str(impossible(kind, before))
        else:
            found[key] = ""
    return found


def checked(ids: Sequence[AppointmentId], most: int) -> list[AppointmentId]:
    """Each visit once; `RuleViolation` when there are none or too many for one step."""
    once = list(dict.fromkeys(ids))
    if not once or len(once) > most:
        raise RuleViolation(N_("Choose between one and {count} visits."), field="appointment_ids", count=most)
    return once
