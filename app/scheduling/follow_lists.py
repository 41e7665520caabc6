"""Who stands on the twelve lists of patients who fell through the cracks, worked out from what is kept.

A slice of a higher storey adds its own list with `@follow_up_source`: what is paid is not the schedule's to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final

from sqlalchemy import or_, select

from app.core.ids import PatientId
from app.core.permissions import Permission
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.patients.model import Patient
from app.patients.queries import chart_ids
from app.scheduling.fold import LIVE, OPEN
from app.scheduling.model import Appointment, AppointmentState, AppointmentType, ExpectedEnd, Recall, ShortNotice
from app.scheduling.settings import LAB_AHEAD_DAYS, NOT_SEEN_WEEKS
from app.scheduling.vocabulary import FollowUpList, LabState, RecallKind, RecallState, VisitEffect

STANDING: Final = (RecallState.OPEN, RecallState.BOOKED)
Found = tuple[str, date, str | None]
"""Patient, since when, the row that put the patient on the list."""


@dataclass(slots=True)
class VisitHistory:
    """What the lists need to know of one patient's visits: the last of each effect, the last kept, what is to come."""

    last: dict[VisitEffect, datetime]
    seen_at: datetime | None = None
    missed: tuple[datetime, str] | None = None
    next_at: datetime | None = None

    @property
    def to_come(self) -> bool:
        """Whether a visit is booked."""
        return self.next_at is not None

    def treated_since(self) -> datetime | None:
        """Since when appliances are on: the last start without a later debond."""
        start, end = self.last.get(VisitEffect.START), self.last.get(VisitEffect.DEBAND)
        return start if start is not None and (end is None or end < start) else None


class Look:
    """One look at the clinic, shared by the lists that are asked together: every visit is read once."""

    def __init__(self, read: Reading) -> None:
        self.read = read

    @cached_property
    def histories(self) -> dict[str, VisitHistory]:
        """The visits of each chart that is kept."""
        found: dict[str, VisitHistory] = {}
        statement = (
            select(
                AppointmentState.id, AppointmentState.patient_id, AppointmentState.status, AppointmentState.starts_at,
                AppointmentType.effect,
            )
            .join(AppointmentType, AppointmentType.id == AppointmentState.type_id)
            .order_by(AppointmentState.starts_at)
        )  # fmt: skip
        now = self.read.now
        for row in self.read.execute(statement):
            history = found.setdefault(self.kept_chart(row.patient_id), VisitHistory({}))
            if row.status == "kept" and row.starts_at is not None:
                history.last[row.effect] = history.seen_at = row.starts_at
            elif row.status == "missed" and row.starts_at is not None:
                history.missed = (row.starts_at, row.id)
            elif row.status in LIVE and row.starts_at is not None and row.starts_at >= now:
                history.next_at = history.next_at or row.starts_at
        return found

    @cached_property
    def _merged(self) -> dict[str, str]:
        rows = self.read.execute(select(Patient.id).where(Patient.merged_into_id.is_not(None))).scalars()
        return {chart: chart_ids(self.read, PatientId(chart))[0] for chart in list(rows)}

    def kept_chart(self, patient_id: str) -> str:
        """The chart that stands for this one after merging."""
        return self._merged.get(patient_id, patient_id)

    def day(self, at: datetime) -> date:
        """The clinic's day of an instant."""
        return self.read.clock.day_of(at)


Source = Callable[[Look], Iterator[Found]]
SOURCES: Final[dict[FollowUpList, Source]] = {}
RIGHTS: Final[dict[FollowUpList, Permission]] = {}
"""The right that a list asks for besides that of following up: who may not see amounts does not see who is behind."""


def follow_up_source(code: FollowUpList, permission: Permission | None = None) -> Callable[[Source], Source]:
    """Say who stands on a list, and which right it needs besides following up; one source each."""

    def add(source: Source) -> Source:
        if code in SOURCES:
            raise ValueError(f"the list {code} has two sources")
        SOURCES[code] = source
        if permission is not None:
            RIGHTS[code] = permission
        return source

    return add


@follow_up_source(FollowUpList.ACTIVE_WITHOUT_NEXT)
def _active_without_next(look: Look) -> Iterator[Found]:
    for patient, history in look.histories.items():
        since = history.treated_since()
        if since is not None and not history.to_come:
            yield patient, look.day(history.seen_at or since), None


@follow_up_source(FollowUpList.ACTIVE_NOT_SEEN)
def _active_not_seen(look: Look) -> Iterator[Found]:
    limit = look.read.now - timedelta(weeks=value_of(look.read, NOT_SEEN_WEEKS))
    for patient, history in look.histories.items():
        if history.treated_since() is not None and history.seen_at is not None and history.seen_at < limit:
            yield patient, look.day(history.seen_at), None


@follow_up_source(FollowUpList.OVER_ESTIMATE)
def _over_estimate(look: Look) -> Iterator[Found]:
    """Appliances are on and the day on which they should have come off is past."""
    for patient, row_id, on in expected_ends(look):
        history = look.histories.get(patient)
        if on < look.read.today and history is not None and history.treated_since() is not None:
            yield patient, on, row_id


def expected_ends(look: Look) -> Iterator[tuple[str, str, date]]:
    """Patient, row and day of each expected end of treatment that stands."""
    statement = select(ExpectedEnd.patient_id, ExpectedEnd.id, ExpectedEnd.expected_on).where(
        ExpectedEnd.withdrawn_at.is_(None)
    )
    for row in look.read.execute(statement.order_by(ExpectedEnd.expected_on, ExpectedEnd.id)):
        yield look.kept_chart(row.patient_id), row.id, row.expected_on


@follow_up_source(FollowUpList.MISSED_NOT_REBOOKED)
def _missed_not_rebooked(look: Look) -> Iterator[Found]:
    for patient, history in look.histories.items():
        if history.missed is not None and not history.to_come:
            at, appointment_id = history.missed
            if history.seen_at is None or history.seen_at < at:
                yield patient, look.day(at), appointment_id


@follow_up_source(FollowUpList.PENDING_START)
def _pending_start(look: Look) -> Iterator[Found]:
    """Seen for an exam, and since neither started, observed nor called back later."""
    standing = select(Recall.patient_id).where(Recall.withdrawn_at.is_(None), Recall.state.in_(STANDING))
    recalled = set(look.read.execute(standing).scalars())
    later = (VisitEffect.START, VisitEffect.OBSERVATION, VisitEffect.DEBAND, VisitEffect.RETENTION)
    for patient, history in look.histories.items():
        exam = history.last.get(VisitEffect.EXAM)
        if exam is None or history.to_come or patient in recalled:
            continue
        if not any(history.last.get(effect, exam) > exam for effect in later):
            yield patient, look.day(exam), None


def _recalls(kind: RecallKind) -> Source:
    def due(look: Look) -> Iterator[Found]:
        statement = select(Recall.patient_id, Recall.due_on, Recall.id).where(
            Recall.withdrawn_at.is_(None), Recall.state == RecallState.OPEN, Recall.kind == kind,
            Recall.due_on <= look.read.today, Recall.due_on >= date(1970, 1, 1),
        )  # fmt: skip
        for row in look.read.execute(statement.order_by(Recall.due_on, Recall.id)):
            yield look.kept_chart(row.patient_id), row.due_on, row.id

    return due


follow_up_source(FollowUpList.OBSERVATION_DUE)(_recalls(RecallKind.OBSERVATION))
follow_up_source(FollowUpList.PHASE_2_DUE)(_recalls(RecallKind.PHASE_2))
follow_up_source(FollowUpList.RETENTION_DUE)(_recalls(RecallKind.RETENTION))
follow_up_source(FollowUpList.CLEANING_DUE)(_recalls(RecallKind.CLEANING))


@follow_up_source(FollowUpList.LAB_NOT_BACK)
def _lab_not_back(look: Look) -> Iterator[Found]:
    until = look.read.now + timedelta(days=value_of(look.read, LAB_AHEAD_DAYS))
    statement = (
        select(Appointment.patient_id, Appointment.starts_at, Appointment.id, Appointment.booked_at)
        .join(AppointmentState, AppointmentState.id == Appointment.id)
        .where(
            Appointment.lab_state == LabState.MUST_BE_BACK, AppointmentState.status.in_(sorted(LIVE)),
            Appointment.starts_at >= look.read.now, Appointment.starts_at <= until,
        )
    )  # fmt: skip
    for row in look.read.execute(statement.order_by(Appointment.starts_at, Appointment.id)):
        yield row.patient_id, look.day(row.booked_at), row.id


@follow_up_source(FollowUpList.SHORT_NOTICE)
def _short_notice(look: Look) -> Iterator[Found]:
    statement = (
        select(ShortNotice.patient_id, ShortNotice.added_at, ShortNotice.id)
        .outerjoin(AppointmentState, AppointmentState.id == ShortNotice.appointment_id)
        .where(
            ShortNotice.withdrawn_at.is_(None), ShortNotice.ended_at.is_(None),
            or_(ShortNotice.until_on.is_(None), ShortNotice.until_on >= look.read.today),
            or_(AppointmentState.id.is_(None), AppointmentState.status.in_(sorted(OPEN))),
        )
    )  # fmt: skip
    for row in look.read.execute(statement.order_by(ShortNotice.added_at, ShortNotice.id)):
        yield row.patient_id, look.day(row.added_at), row.id
