"""Who stands on the twelve lists of patients who fell through the cracks, worked out from what is kept.

A slice of a higher storey adds its own list with `@follow_up_source`: what is paid is not the schedule's to know.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Select, func, or_, select

from app.core.ids import PatientId
from app.core.permissions import Permission
from app.journal.projections import chunks
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.patients.model import Patient
from app.patients.queries import chart_ids
from app.scheduling.fold import LIVE, OPEN
from app.scheduling.model import Appointment, AppointmentState, ExpectedEnd, Recall, ShortNotice, VisitSummary
from app.scheduling.projections import stage_of
from app.scheduling.settings import LAB_AHEAD_DAYS, NOT_SEEN_WEEKS
from app.scheduling.vocabulary import FollowUpList, LabState, RecallKind, RecallState

BATCH: Final = 400
STANDING: Final = (RecallState.OPEN, RecallState.BOOKED)
Found = tuple[str, date, str | None]
"""Patient, since when, the row that put the patient on the list."""


@dataclass(frozen=True, slots=True)
class VisitHistory:
    """What the lists need to know of one patient's visits: the last of some effects, the last kept, what is booked."""

    start_at: datetime | None = None
    end_at: datetime | None = None
    exam_at: datetime | None = None
    later_at: datetime | None = None
    seen_at: datetime | None = None
    missed_at: datetime | None = None
    missed_id: str | None = None
    booked_until: datetime | None = None

    def treated_since(self) -> datetime | None:
        """Since when appliances are on: the last start without a later debond."""
        return self.start_at if stage_of(self.start_at, self.end_at) == "treatment" else None

    def to_come(self, now: datetime) -> bool:
        """Whether a visit is booked."""
        return self.booked_until is not None and self.booked_until >= now

    def joined(self, other: VisitHistory) -> VisitHistory:
        """With the visits of another chart of the same patient."""
        names = [name for name in VisitHistory.__dataclass_fields__ if name != "missed_id"]
        values = {name: _later(getattr(self, name), getattr(other, name)) for name in names}
        missed = self if values["missed_at"] == self.missed_at else other
        return VisitHistory(**values, missed_id=missed.missed_id)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


_HISTORY: Final = (VisitSummary.id, *(getattr(VisitSummary, name) for name in VisitHistory.__dataclass_fields__))


class Look:
    """One look at the clinic, shared by the lists that are asked together: what was merged is read once."""

    def __init__(self, read: Reading) -> None:
        self.read = read

    def histories(self, *where: ColumnElement[bool]) -> Iterator[tuple[str, VisitHistory]]:
        """The visits of the charts that a condition on `VisitSummary` leaves, and of all that were merged.

        What counts for a patient of several charts is all of them together, which no condition on one chart can tell.
        """
        for row in self.read.execute(select(*_HISTORY).where(*where)):
            if row.id not in self.kept_of:
                yield row.id, VisitHistory(*row[1:])
        yield from self.merged.items()

    def treated(self, patients: Collection[str]) -> dict[str, datetime]:
        """Since when appliances are on, of those of these patients who wear any."""
        found = self.histories(VisitSummary.stage == "treatment", VisitSummary.id.in_(among(patients)))
        since = {patient: history.treated_since() for patient, history in found if patient in patients}
        return {patient: at for patient, at in since.items() if at is not None}

    @cached_property
    def kept_of(self) -> dict[str, str]:
        """The kept chart of each chart that was merged or into which one was."""
        rows = self.read.execute(select(Patient.id).where(Patient.merged_into_id.is_not(None))).scalars()
        found: dict[str, str] = {chart: chart_ids(self.read, PatientId(chart))[0] for chart in list(rows)}
        return found | {kept: kept for kept in found.values()}

    @cached_property
    def merged(self) -> dict[str, VisitHistory]:
        """The visits of all charts of each patient who has several, by the chart that is kept."""
        found: dict[str, VisitHistory] = {}
        for part in chunks(sorted(self.kept_of), BATCH):
            for row in self.read.execute(select(*_HISTORY).where(VisitSummary.id.in_(part))):
                kept, history = self.kept_of[row.id], VisitHistory(*row[1:])
                found[kept] = found[kept].joined(history) if kept in found else history
        return found

    @cached_property
    def long_ago(self) -> datetime:
        """Whoever is treated and was not seen since then is missed."""
        return self.read.now - timedelta(weeks=value_of(self.read, NOT_SEEN_WEEKS))

    @cached_property
    def recalled(self) -> frozenset[str]:
        """Whoever is called back later."""
        return frozenset(self.kept_chart(row.patient_id) for row in self.read.execute(_RECALLED))

    def kept_chart(self, patient_id: str) -> str:
        """The chart that stands for this one after merging."""
        return self.kept_of.get(patient_id, patient_id)

    def charts_of(self, patients: Collection[str]) -> frozenset[str]:
        """All charts of these patients, those that were merged into theirs too."""
        return frozenset(patients).union(chart for chart, kept in self.kept_of.items() if kept in patients)

    def next_visits(self, patients: Collection[str]) -> dict[str, datetime]:
        """The next booked visit of each of these patients."""
        mine = self.kept_of
        found: dict[str, datetime] = {}
        for part in chunks(sorted(self.charts_of(patients)), BATCH):
            statement = select(AppointmentState.patient_id, func.min(AppointmentState.starts_at).label("at")).where(
                AppointmentState.patient_id.in_(part), AppointmentState.status.in_(sorted(LIVE)),
                AppointmentState.starts_at >= self.read.now,
            )  # fmt: skip
            for row in self.read.execute(statement.group_by(AppointmentState.patient_id)):
                kept = mine.get(row.patient_id, row.patient_id)
                found[kept] = min(found.get(kept, row.at), row.at)
        return found

    def day(self, at: datetime) -> date:
        """The clinic's day of an instant."""
        return self.read.clock.day_of(at)


def among(ids: Collection[str]) -> Select[Any]:
    """These ids, as many as there are, for `IN` in one statement."""
    values = func.json_each(msgspec.json.encode(sorted(ids)).decode()).table_valued("value")
    return select(values.c.value)


Source = Callable[[Look], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class HistorySource:
    """A list that follows from the visits alone.

    `where` says of a patient of one chart whether he or she stands on it, so that SQL can tell who without the visits.
    `since` says it of the visits of all charts of a patient: since when and by which row, None when not.
    """

    where: Callable[[Look], Sequence[ColumnElement[bool]]]
    since: Callable[[Look, str, VisitHistory], tuple[datetime, str | None] | None]

    def __call__(self, look: Look) -> Iterator[Found]:
        """Who stands on the list."""
        for patient, history in look.histories(*self.where(look)):
            found = self.since(look, patient, history)
            if found is not None:
                yield patient, look.day(found[0]), found[1]

    def who(self, look: Look) -> Iterator[str]:
        """The same patients, without reading when they were here."""
        for row in look.read.execute(select(VisitSummary.id).where(*self.where(look))):
            if row.id not in look.kept_of:
                yield row.id
        for patient, history in look.merged.items():
            if self.since(look, patient, history) is not None:
                yield patient


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


_TREATED: Final = VisitSummary.stage == "treatment"


def _nothing_booked(look: Look) -> ColumnElement[bool]:
    return or_(VisitSummary.booked_until.is_(None), VisitSummary.booked_until < look.read.now)


def _without_next(look: Look, _patient: str, history: VisitHistory) -> tuple[datetime, str | None] | None:
    since = history.treated_since()
    return None if since is None or history.to_come(look.read.now) else (history.seen_at or since, None)


follow_up_source(FollowUpList.ACTIVE_WITHOUT_NEXT)(
    HistorySource(lambda look: (_TREATED, _nothing_booked(look)), _without_next)
)


def _not_seen(look: Look, _patient: str, history: VisitHistory) -> tuple[datetime, str | None] | None:
    at = history.seen_at if history.treated_since() is not None else None
    return None if at is None or at >= look.long_ago else (at, None)


follow_up_source(FollowUpList.ACTIVE_NOT_SEEN)(
    HistorySource(lambda look: (_TREATED, VisitSummary.seen_at < look.long_ago), _not_seen)
)


@follow_up_source(FollowUpList.OVER_ESTIMATE)
def _over_estimate(look: Look) -> Iterator[Found]:
    """Appliances are on and the day on which they should have come off is past."""
    ends = list(expected_ends(look, look.read.today))
    treated = look.treated({patient for patient, _row_id, _on in ends})
    for patient, row_id, on in ends:
        if patient in treated:
            yield patient, on, row_id


def expected_ends(
    look: Look, before: date | None = None, of: Collection[str] | None = None
) -> Iterator[tuple[str, str, date]]:
    """Patient, row and day of each expected end of treatment that stands; of those before a day, of these patients."""
    statement = select(ExpectedEnd.patient_id, ExpectedEnd.id, ExpectedEnd.expected_on).where(
        ExpectedEnd.withdrawn_at.is_(None), *([ExpectedEnd.expected_on < before] if before is not None else [])
    )
    if of is not None:
        statement = statement.where(ExpectedEnd.patient_id.in_(among(look.charts_of(of))))
    for row in look.read.execute(statement.order_by(ExpectedEnd.expected_on, ExpectedEnd.id)):
        yield look.kept_chart(row.patient_id), row.id, row.expected_on


def _missed(look: Look, _patient: str, history: VisitHistory) -> tuple[datetime, str | None] | None:
    at = history.missed_at
    seen_since = at is not None and history.seen_at is not None and history.seen_at >= at
    return None if at is None or seen_since or history.to_come(look.read.now) else (at, history.missed_id)


_NOT_SEEN_SINCE: Final = or_(VisitSummary.seen_at.is_(None), VisitSummary.seen_at < VisitSummary.missed_at)
follow_up_source(FollowUpList.MISSED_NOT_REBOOKED)(
    HistorySource(lambda look: (VisitSummary.missed_at.is_not(None), _NOT_SEEN_SINCE, _nothing_booked(look)), _missed)
)


def _not_started(look: Look, patient: str, history: VisitHistory) -> tuple[datetime, str | None] | None:
    """Seen for an exam, and since neither started, observed nor called back later."""
    exam = history.exam_at
    if exam is None or history.to_come(look.read.now) or (history.later_at is not None and history.later_at > exam):
        return None
    return None if patient in look.recalled else (exam, None)


_NOTHING_SINCE: Final = or_(VisitSummary.later_at.is_(None), VisitSummary.later_at <= VisitSummary.exam_at)
_RECALLED: Final = select(Recall.patient_id).where(Recall.withdrawn_at.is_(None), Recall.state.in_(STANDING))
follow_up_source(FollowUpList.PENDING_START)(
    HistorySource(
        lambda look: (
            VisitSummary.exam_at.is_not(None), _NOTHING_SINCE, _nothing_booked(look), VisitSummary.id.not_in(_RECALLED),
        ),
        _not_started,
    )
)  # fmt: skip


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
            AppointmentState.starts_at >= look.read.now, AppointmentState.starts_at <= until,
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
