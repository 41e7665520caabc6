"""Alerts of the day: those that stand, for whom, and what became of those that were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.access.model import StaffRole
from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.core.permissions import Role
from app.journal.commands import query
from app.journal.queries import Reading
from app.orchestration.learnt import quantile
from app.orchestration.model import FlowAlert
from app.orchestration.permissions import ANSWER_ALERTS, SEE_FLOW_FIGURES
from app.orchestration.vocabulary import AlertKind, AlertState, FlowAlertId
from app.practice.local_time import instant_of
from app.scheduling.vocabulary import AppointmentId


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert. `message` is a msgid that `facts` fill; `role` is whose turn it is, for the `level`-th time passed on.

    `interrupts` is false when it is only shown quietly.
    """

    id: FlowAlertId
    clinic_id: ClinicId
    kind: AlertKind
    appointment_id: AppointmentId | None
    patient_id: PatientId | None
    message: str
    facts: Mapping[str, Any]
    state: AlertState
    role: Role
    level: int
    interrupts: bool
    fired_at: datetime
    escalated_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    settled_at: datetime | None
    settled_by: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class AlertFigures:
    """How alerts of a kind fared: fired, looked after, acted upon, ended by themselves, false, passed on.

    `minutes` is the median from firing to acknowledging, None when nobody did.
    """

    kind: AlertKind
    fired: int
    acknowledged: int
    acted: int
    ended: int
    false: int
    escalated: int
    minutes: int | None


def alert_lines(read: Reading, *where: Any) -> tuple[AlertLine, ...]:
    """The alerts of a condition, the newest first."""
    columns = [getattr(FlowAlert, name) for name in AlertLine.__dataclass_fields__]
    statement = select(*columns).where(*where).order_by(FlowAlert.escalated_at.desc(), FlowAlert.id)
    rows: Iterable[Any] = read.execute(statement)
    return tuple(replace(line, facts=line.facts or {}) for line in (AlertLine(*row) for row in rows))


def roles_of(read: Reading) -> frozenset[Role]:
    """The roles of whoever reads; all of them for somebody without a row who may do everything."""
    statement = select(StaffRole.role).where(StaffRole.staff_id == read.actor.id, StaffRole.is_held.is_(True))
    held = frozenset(read.execute(statement).scalars())
    return held or (frozenset(Role) if read.actor.everything else frozenset())


@query(permission=ANSWER_ALERTS, label=N_("Alerts that stand"))
def standing_alerts(read: Reading, clinic_id: ClinicId | None = None, mine: bool = False) -> tuple[AlertLine, ...]:
    """The alerts that nobody has settled, the newest first; of the reader’s own roles only if asked."""
    where: list[Any] = [FlowAlert.state.in_([AlertState.OPEN.value, AlertState.ACKNOWLEDGED.value])]
    if clinic_id is not None:
        where.append(FlowAlert.clinic_id == clinic_id)
    if mine:
        where.append(FlowAlert.role.in_(sorted(roles_of(read))))
    return alert_lines(read, *where)


@query(permission=SEE_FLOW_FIGURES, label=N_("History of alerts"))
def alert_history(
    read: Reading, from_on: date | None = None, to_on: date | None = None, clinic_id: ClinicId | None = None
) -> tuple[AlertLine, ...]:
    """Every alert that was fired on some days, the newest first; of today unless said otherwise."""
    return alert_lines(read, *_between(read, from_on, to_on, clinic_id))


@query(permission=SEE_FLOW_FIGURES, label=N_("How alerts fare"))
def alert_figures(
    read: Reading, from_on: date | None = None, to_on: date | None = None, clinic_id: ClinicId | None = None
) -> tuple[AlertFigures, ...]:
    """For each kind of alert of some days: fired, acknowledged, acted upon, false, and how soon."""
    lines = alert_lines(read, *_between(read, from_on, to_on, clinic_id))
    kinds = [kind for kind in AlertKind if any(line.kind is kind for line in lines)]
    return tuple(_figures(kind, [line for line in lines if line.kind is kind]) for kind in kinds)


def _between(read: Reading, from_on: date | None, to_on: date | None, clinic_id: ClinicId | None) -> list[Any]:
    first = from_on or read.today
    last = max(to_on or read.today, first)
    where: list[Any] = [
        FlowAlert.fired_at >= instant_of(first, 0, read.clock.zone),
        FlowAlert.fired_at < instant_of(last + timedelta(days=1), 0, read.clock.zone),
    ]
    return where if clinic_id is None else [*where, FlowAlert.clinic_id == clinic_id]


def _figures(kind: AlertKind, lines: list[AlertLine]) -> AlertFigures:
    def count(state: AlertState) -> int:
        return sum(1 for line in lines if line.state is state)

    waits = sorted(
        int((line.acknowledged_at - line.fired_at).total_seconds() // 60)
        for line in lines
        if line.acknowledged_at is not None
    )
    return AlertFigures(
        kind, len(lines), len(waits), count(AlertState.ACTED), count(AlertState.ENDED), count(AlertState.FALSE),
        sum(1 for line in lines if line.level), quantile(waits, 1, 2) if waits else None,
    )  # fmt: skip
