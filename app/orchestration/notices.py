"""Notifications of the day: alerts whose turn is the reader’s, and what concerns whoever treats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from app.core.i18n import N_
from app.journal.notices import Gravity, Notice, notices
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.orchestration.permissions import ANSWER_ALERTS
from app.orchestration.queries.alerts import standing_alerts
from app.orchestration.settings import REMIND_AHEAD
from app.orchestration.vocabulary import ALERT_LABELS, AlertState
from app.patients.model import Patient
from app.practice.model import Operatory, Provider
from app.scheduling.model import Appointment, AppointmentState
from app.scheduling.permissions import SEE_SCHEDULE


@notices(permission=ANSWER_ALERTS)
def alerts_of_the_day(read: Reading) -> Iterable[Notice]:
    """Alerts that nobody has acknowledged and that are the turn of one of the reader’s roles."""
    for line in standing_alerts.function(read, None, True):
        if line.state is AlertState.OPEN:
            yield Notice(
                f"alert:{line.id}:{line.level}", Gravity.DANGER if line.interrupts else Gravity.INFO,
                ALERT_LABELS[line.kind], line.message, line.facts, line.escalated_at, "today",
            )  # fmt: skip


@notices(permission=SEE_SCHEDULE)
def patients_of_the_reader(read: Reading) -> Iterable[Notice]:
    """To whoever treats: the doctor is wanted at a chair, one’s own patient is here, or comes next."""
    own = select(Provider.id).where(Provider.staff_id == read.actor.id, Provider.withdrawn_at.is_(None))
    mine = set(read.execute(own).scalars())
    if not mine:
        return
    ahead = read.now + timedelta(minutes=value_of(read, REMIND_AHEAD))
    state = AppointmentState
    statement = (
        select(state.id, state.flow, state.doctor, state.status, state.starts_at, state.arrived_at,
               state.doctor_needed_at, Appointment.doctor_id, Appointment.assistant_id, Patient.given_name,
               Patient.family_name, Operatory.name.label("chair"))
        .join(Appointment, Appointment.id == state.id)
        .join(Patient, Patient.id == state.patient_id)
        .outerjoin(Operatory, Operatory.id == Appointment.operatory_id)
        .where(state.starts_at > read.now - timedelta(hours=12), state.starts_at < read.now + timedelta(hours=2),
               or_(Appointment.doctor_id.in_(sorted(mine)), Appointment.assistant_id.in_(sorted(mine))))
        .order_by(state.starts_at, state.id)
    )  # fmt: skip
    rows: Iterable[Any] = read.execute(statement)
    for row in rows:
        found = _concern(row, row.doctor_id in mine, row.assistant_id in mine)
        if found is None and row.flow == "expected" and read.now <= row.starts_at <= ahead > read.now:
            found = "next", Gravity.INFO, N_("Next: {name} at {chair}."), row.starts_at
        if found is not None:
            code, gravity, message, at = found
            values = {"name": f"{row.given_name} {row.family_name}", "chair": row.chair or ""}
            chosen = {"appointment_id": row.id}
            yield Notice(f"visit:{row.id}:{code}", gravity, N_("Your patients"), message, values, at, "day", chosen)


def _concern(row: Any, doctor: bool, hands: bool) -> tuple[str, Gravity, str, Any] | None:
    """What a change of state means to somebody of the visit."""
    if doctor and row.flow == "seated" and row.doctor in {"needed", "needed_first"}:
        gravity = Gravity.DANGER if row.doctor == "needed_first" else Gravity.WARN
        return row.doctor, gravity, N_("{name} at {chair} waits for you."), row.doctor_needed_at
    if hands and row.flow in {"arrived", "on_deck"}:
        return "here", Gravity.INFO, N_("{name} is here, for {chair}."), row.arrived_at
    return None
