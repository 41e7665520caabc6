"""Taking over a better plan of the day: all of its moves in one step, and one undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.orchestration.commands.suggested import take_suggestion_back
from app.orchestration.permissions import STEER_DAY
from app.practice.vocabulary import OperatoryId
from app.scheduling.commands.booking import replace_appointment
from app.scheduling.happening import happen, living_appointment
from app.scheduling.model import AppointmentEvent
from app.scheduling.permissions import BOOK_APPOINTMENTS
from app.scheduling.placing import placement
from app.scheduling.vocabulary import AppointmentId, EventKind


@dataclass(frozen=True, slots=True)
class VisitMove:
    """A visit, where and when it will be."""

    appointment_id: AppointmentId
    operatory_id: OperatoryId
    starts_at: datetime


@command(
    permission=STEER_DAY, label=N_("Take over the better plan"), undo=(take_suggestion_back, AppointmentEvent),
    icon="calendar-check",
)  # fmt: skip
def take_over_plan(tx: Transaction, moves: list[VisitMove], override: bool = False) -> int:
    """Move several visits at once, all of them or none; returns how many there were."""
    tx.require(BOOK_APPOINTMENTS)
    once = {move.appointment_id: move for move in moves}
    if not once or len(once) < len(moves):
        raise RuleViolation(N_("A plan moves each visit once."), field="moves")
    visits = {key: living_appointment(tx, key) for key in once}
    before = {key: placement(visit) for key, visit in visits.items()}
    for visit in visits.values():
        visit.starts_at = None
    tx.session.flush()
    for key, move in once.items():
        replace_appointment(tx, visits[key], move.operatory_id, move.starts_at, None, None, override)
        tx.session.flush()
    for key, visit in visits.items():
        happen(tx, visit, EventKind.MOVED, detail={"before": before[key], "after": placement(visit)})
    return len(once)
