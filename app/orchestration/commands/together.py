"""One step for several visits, and a step back: each is one operation, one line of the audit trail, one undo."""

from __future__ import annotations

from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.orchestration.permissions import STEER_DAY
from app.orchestration.together import STEPS, checked
from app.orchestration.vocabulary import FlowStep
from app.practice.entry import clean_text
from app.scheduling.commands.booking import void_appointment_event
from app.scheduling.fold import effective
from app.scheduling.happening import living_appointment, visit_of
from app.scheduling.model import AppointmentEvent
from app.scheduling.permissions import CORRECT_VISITS
from app.scheduling.vocabulary import AppointmentEventId, AppointmentId, EventKind

MOST: Final = 60
_FIXED: Final = frozenset({EventKind.MADE, EventKind.MOVED})


@command(
    permission=STEER_DAY, label=N_("Take several visits a step further"),
    undo=(void_appointment_event, AppointmentEvent), icon="check-square",
)  # fmt: skip
def step_together(tx: Transaction, step: FlowStep, appointment_ids: list[AppointmentId]) -> int:
    """The same step for several visits, all of them or none. Returns how many there were."""
    asked, _kind = STEPS[step]
    if asked.permission is not None:
        tx.require(asked.permission)
    once = checked(appointment_ids, MOST)
    for appointment_id in once:
        asked.function(tx, appointment_id)
    return len(once)


@command(permission=CORRECT_VISITS, label=N_("Take the visit a step back"), icon="arrow-u-up-left")
def step_back(tx: Transaction, appointment_id: AppointmentId, reason: str = "") -> None:
    """What was last recorded of the visit, by hand or inferred, does not count; the row and the reason stay."""
    living_appointment(tx, appointment_id)
    events, _visit = visit_of(tx, appointment_id)
    standing = [event for event in effective(events) if event.kind not in _FIXED]
    if not standing:
        raise RuleViolation(N_("Nothing of this visit can be taken back."), field="appointment_id")
    last = max(standing, key=lambda event: (event.recorded_at, event.id))
    void_appointment_event.function(tx, AppointmentEventId(last.id), clean_text(reason, "reason") or "")
