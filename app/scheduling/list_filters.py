"""What the schedule knows of the patient list: next visit, last visit, stage of treatment, doctor.

Visits of a chart that was merged count for the kept chart in the follow-up lists, not here: the list asks one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.core.i18n import N_
from app.journal.queries import Reading
from app.patients.list_filters import Trait, Value, patient_column, patient_filter, whoever
from app.practice.model import Provider
from app.practice.vocabulary import ProviderKind
from app.scheduling.fold import LIVE
from app.scheduling.model import Appointment, AppointmentState, VisitSummary
from app.scheduling.permissions import SEE_SCHEDULE

WITHIN_DAYS = (7, 14, 30, 90)
DOCTOR_DAYS = 365
STAGES = (
    ("before", N_("Not started")), ("treatment", N_("In treatment")), ("retention", N_("In retention")),
)  # fmt: skip
NEXT_VISIT = (
    ("none", N_("No visit booked")), ("any", N_("A visit is booked")), ("7", N_("In the next 7 days")),
    ("14", N_("In the next 14 days")), ("30", N_("In the next 30 days")), ("90", N_("In the next 90 days")),
)  # fmt: skip


@patient_filter("next_visit", N_("Next visit"), lambda _read: NEXT_VISIT, SEE_SCHEDULE)
def _next_visit(read: Reading, value: str) -> ColumnElement[bool] | Trait:
    """`booked_until` is the start of the last visit that is booked."""
    booked = VisitSummary.booked_until
    if value == "any":
        return Trait(VisitSummary.id, booked >= read.now)
    if value == "none":
        return Trait(VisitSummary.id, or_(booked.is_(None), booked < read.now), absent=True)
    who = select(AppointmentState.patient_id).where(
        AppointmentState.starts_at >= read.now, AppointmentState.status.in_(sorted(LIVE)),
        AppointmentState.starts_at < read.now + timedelta(days=int(value)),
    )  # fmt: skip
    return whoever(read, who)


@patient_filter("stage", N_("Stage"), lambda _read: STAGES, SEE_SCHEDULE)
def _stage(_read: Reading, value: str) -> Trait:
    if value == "before":  # whoever has no visits has not started either
        return Trait(VisitSummary.id, VisitSummary.stage.not_in(("treatment", "retention")), absent=True)
    return Trait(VisitSummary.id, VisitSummary.stage == value)


def _doctors(read: Reading) -> Sequence[tuple[str, str]]:
    statement = select(Provider.id, Provider.name).where(
        Provider.kind == ProviderKind.DOCTOR, Provider.withdrawn_at.is_(None)
    )
    return [(row.id, row.name) for row in read.execute(statement.order_by(Provider.name, Provider.id))]


@patient_filter("doctor", N_("Doctor"), _doctors, SEE_SCHEDULE)
def _doctor(read: Reading, value: str) -> ColumnElement[bool]:
    """Whoever has seen this doctor in the past year, or is booked with him or her."""
    since = read.now - timedelta(days=DOCTOR_DAYS)
    who = select(Appointment.patient_id).where(
        Appointment.doctor_id == value, Appointment.starts_at >= since, Appointment.withdrawn_at.is_(None)
    )
    return whoever(read, who)


@patient_column("next_visit", N_("Next visit"), permission=SEE_SCHEDULE)
def _next_visits(read: Reading, ids: Sequence[str]) -> dict[str, Value]:
    first = func.min(AppointmentState.starts_at)
    live = AppointmentState.status.in_(sorted(LIVE)) & (AppointmentState.starts_at >= read.now)
    return _moments(read, ids, first, live)


@patient_column("last_visit", N_("Last visit"), permission=SEE_SCHEDULE)
def _last_visits(read: Reading, ids: Sequence[str]) -> dict[str, Value]:
    return _moments(read, ids, func.max(AppointmentState.starts_at), AppointmentState.status == "kept")


def _moments(read: Reading, ids: Sequence[str], found: Any, which: ColumnElement[bool]) -> dict[str, Value]:
    statement = select(AppointmentState.patient_id, found.label("at")).where(
        AppointmentState.patient_id.in_(ids), which
    )
    rows: list[Any] = list(read.execute(statement.group_by(AppointmentState.patient_id)))
    return {row.patient_id: row.at for row in rows if row.at is not None}


@patient_column("stage", N_("Stage"), STAGES, SEE_SCHEDULE)
def _stages(read: Reading, ids: Sequence[str]) -> dict[str, Value]:
    statement = select(VisitSummary.id, VisitSummary.stage).where(VisitSummary.id.in_(ids))
    return dict.fromkeys(ids, "before") | {row.id: row.stage for row in read.execute(statement)}


@patient_column("doctor", N_("Doctor"), permission=SEE_SCHEDULE)
def _doctor_names(read: Reading, ids: Sequence[str]) -> dict[str, Value]:
    statement = (
        select(Appointment.patient_id, Provider.name)
        .join(Provider, Provider.id == Appointment.doctor_id)
        .where(Appointment.patient_id.in_(ids), Appointment.withdrawn_at.is_(None), Appointment.starts_at.is_not(None))
        .order_by(Appointment.starts_at)
    )
    return {row.patient_id: row.name for row in read.execute(statement)}
