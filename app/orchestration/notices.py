"""Notifications of the day: alerts whose turn is the reader’s."""

from __future__ import annotations

from collections.abc import Iterable

from app.journal.notices import Gravity, Notice, notices
from app.journal.queries import Reading
from app.orchestration.permissions import ANSWER_ALERTS
from app.orchestration.queries.alerts import standing_alerts
from app.orchestration.vocabulary import ALERT_LABELS, AlertState


@notices(permission=ANSWER_ALERTS)
def alerts_of_the_day(read: Reading) -> Iterable[Notice]:
    """Alerts that nobody has acknowledged and that are the turn of one of the reader’s roles."""
    for line in standing_alerts.function(read, None, True):
        if line.state is AlertState.OPEN:
            yield Notice(
                f"alert:{line.id}:{line.level}", Gravity.DANGER if line.interrupts else Gravity.INFO,
                ALERT_LABELS[line.kind], line.message, line.facts, line.escalated_at, "today",
            )  # fmt: skip
