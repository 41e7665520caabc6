"""States of a visit that follow from what is done anyway. Each is an event like any other, marked as inferred.

Nothing is inferred that the state table does not allow from where the visit stands, and nothing twice. What was wrong
is corrected like every event: taken back, or given its true time, with a reason.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.core.i18n import N_
from app.journal.transaction import Transaction
from app.orchestration.settings import INFER_STATES
from app.practice.local_time import instant_of
from app.practice.model import Operatory
from app.practice.vocabulary import OperatoryId, ProviderId
from app.scheduling.fold import AT_CHAIR, LIVE, Happened, fold
from app.scheduling.happening import happen, visit_of
from app.scheduling.model import Appointment, AppointmentState
from app.scheduling.vocabulary import EventKind

NEAR: Final = timedelta(minutes=90)
"""How far from its time a visit is still the one that something at a chair belongs to."""


class Source(enum.StrEnum):
    """What a state was inferred from."""

    CHART = "chart"
    SIGN_ON = "sign_on"
    IMAGES = "images"
    SIGNATURE = "signature"
    NEXT_PATIENT = "next_patient"
    OTHER_CHAIR = "other_chair"
    TIME = "time"


SOURCE_LABELS: Final = {
    Source.CHART: N_("The chart was opened at the chair"),
    Source.SIGN_ON: N_("The doctor signed on at the chair"),
    Source.IMAGES: N_("Images were received"),
    Source.SIGNATURE: N_("The visit was signed"),
    Source.NEXT_PATIENT: N_("The next patient sits there"),
    Source.OTHER_CHAIR: N_("The doctor is at another chair"),
    Source.TIME: N_("Some time has passed"),
}


def infer(
    tx: Transaction,
    appointment_id: str,
    kind: EventKind,
    source: Source,
    *,
    operatory_id: OperatoryId | None = None,
    provider_id: ProviderId | None = None,
    at: datetime | None = None,
) -> bool:
    """Add the event if the visit can take it now and the clinic wants states to be inferred; whether it did."""
    if not tx.setting(INFER_STATES):
        return False
    appointment = tx.find(Appointment, appointment_id)
    if appointment is None or appointment.withdrawn_at is not None:
        return False
    events, before = visit_of(tx, appointment_id)
    step = Happened("~", kind, at or tx.now, tx.now, operatory_id)
    if fold([*events, step]).ineffective > before.ineffective:
        return False
    happen(
        tx, appointment, kind, at=at, operatory_id=operatory_id, provider_id=provider_id,
        detail={"inferred": source.value},
    )  # fmt: skip
    return True


def visits_today(tx: Transaction, *where: Any) -> Sequence[Any]:
    """The states of today's visits of a condition, by time; the projection as the operation found it."""
    first = instant_of(tx.today, 0, tx.clock.zone)
    state = AppointmentState
    statement = (
        select(state.id, state.status, state.flow, state.doctor, state.starts_at, state.ends_at,
               state.seated_operatory_id, state.completed_at, Appointment.operatory_id, Appointment.doctor_id)
        .join(Appointment, Appointment.id == state.id)
        .where(state.starts_at >= first, state.starts_at < first + timedelta(hours=36), *where)
        .order_by(state.starts_at, state.id)
    )  # fmt: skip
    rows = tx.reading().execute(statement).all()
    return [row for row in rows if tx.clock.day_of(row.starts_at) == tx.today]


def visit_to_seat(tx: Transaction, patient_id: str, only_here: bool = False) -> Any | None:
    """The visit of a patient that would begin now: here already, or due about now."""
    state = AppointmentState
    for row in visits_today(tx, state.patient_id == patient_id, state.status.in_(sorted(LIVE))):
        here = row.flow in {"arrived", "on_deck"}
        if here or (row.flow == "expected" and not only_here and abs(row.starts_at - tx.now) <= NEAR):
            return row
    return None


def seated_at(tx: Transaction, operatory_id: str) -> Sequence[Any]:
    """The visits whose patients sit in a chair."""
    state = AppointmentState
    return visits_today(tx, state.seated_operatory_id == operatory_id, state.flow.in_(sorted(AT_CHAIR)))


def holds_many(tx: Transaction, operatory_id: str) -> bool:
    """Whether a column holds any number at once."""
    chair = tx.find(Operatory, operatory_id)
    return chair is None or bool(chair.virtual)
