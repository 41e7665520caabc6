"""The records of the day: who goes first and why, what the clinic has learnt of its own minutes, alerts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId, StaffId, derived_id
from app.core.permissions import Role
from app.journal.records import (
    Merge,
    Record,
    choice,
    day,
    flag,
    instant,
    integer,
    json,
    key,
    link,
    reference,
    text,
)
from app.orchestration.reception_words import (
    ChairCallId,
    DayMessageId,
    LeftWithoutId,
    MessageKind,
    MessageState,
    NoNextReason,
)
from app.orchestration.vocabulary import (
    AlertKind,
    AlertState,
    DayLookId,
    FloorKind,
    FloorPlaceId,
    FlowAlertId,
    LearntDurationId,
    OwnStateId,
    VisitOwnStateId,
    VisitPriorityId,
)
from app.practice.vocabulary import OperatoryId
from app.scheduling.vocabulary import AppointmentId, AppointmentTypeId, Stage

STREAM = "orchestration"


class VisitPriority(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """A visit that goes before others, and why. One row a visit; `ended_at` when it no longer does."""

    __tablename__ = "visit_priority"
    __noun__ = N_("priority of a visit")

    id: Mapped[VisitPriorityId] = key()
    appointment_id: Mapped[AppointmentId] = reference("appointment")
    patient_id: Mapped[PatientId] = reference("patient")
    reason: Mapped[str] = text()
    set_at: Mapped[datetime] = instant()
    ended_at: Mapped[datetime | None] = instant()


class LearntDuration(Record, merge=Merge.FIELD, stream=STREAM):
    """What visits of a type really take at this practice: medians in minutes over `visits` kept ones. One row a type.

    `before_minutes`, `doctor_minutes` and `after_minutes` are the medians of what comes before the doctor's first
    segment, of all of the doctor's, and of what comes after the last; None where too few were recorded. `low_minutes`
    and `high_minutes` are the quartiles of the whole.
    """

    __tablename__ = "learnt_duration"
    __noun__ = N_("learnt duration")

    id: Mapped[LearntDurationId] = key()
    type_id: Mapped[AppointmentTypeId] = reference("appointment_type")
    visits: Mapped[int] = integer()
    whole_minutes: Mapped[int] = integer()
    low_minutes: Mapped[int] = integer()
    high_minutes: Mapped[int] = integer()
    before_minutes: Mapped[int | None] = integer()
    doctor_minutes: Mapped[int | None] = integer()
    after_minutes: Mapped[int | None] = integer()
    learnt_on: Mapped[date] = day()


class FlowAlert(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """Something of the day that somebody must look at; one row for each occurrence, whoever noticed it.

    It is `role`'s turn since `escalated_at`; `level` counts how often it was passed on. `interrupts` is false while
    the role's budget of interruptions is used up: then it is shown, but nobody is interrupted. `told` lists [role,
    milliseconds since 1970, 1 when it interrupted] of everybody whose turn it was. `facts` fill the msgid `message`.
    """

    __tablename__ = "flow_alert"
    __noun__ = N_("alert of the day")

    id: Mapped[FlowAlertId] = key()
    clinic_id: Mapped[ClinicId] = reference("clinic")
    kind: Mapped[AlertKind] = choice(AlertKind)
    subject: Mapped[str] = link()
    appointment_id: Mapped[AppointmentId | None] = reference("appointment")
    patient_id: Mapped[PatientId | None] = reference("patient")
    message: Mapped[str] = text()
    facts: Mapped[Any] = json()
    state: Mapped[AlertState] = choice(AlertState, default=AlertState.OPEN, index=True)
    role: Mapped[Role] = choice(Role)
    level: Mapped[int] = integer(default=0)
    interrupts: Mapped[bool] = flag(default=False)
    told: Mapped[Any] = json()
    fired_at: Mapped[datetime] = instant(index=True)
    escalated_at: Mapped[datetime] = instant()
    acknowledged_at: Mapped[datetime | None] = instant()
    acknowledged_by: Mapped[str | None] = link(index=False)
    settled_at: Mapped[datetime | None] = instant()
    settled_by: Mapped[str | None] = link(index=False)
    note: Mapped[str | None] = text()


class FloorPlace(Record, merge=Merge.FIELD, stream=STREAM):
    """Something on the plan of a clinic, in units of a plan that is 1010 wide and 690 high. One row a place.

    A chair names its `operatory_id`; a room its `label`.
    """

    __tablename__ = "floor_place"
    __noun__ = N_("place on the plan")

    id: Mapped[FloorPlaceId] = key()
    clinic_id: Mapped[ClinicId] = reference("clinic")
    kind: Mapped[FloorKind] = choice(FloorKind)
    operatory_id: Mapped[OperatoryId | None] = reference("operatory")
    label: Mapped[str] = text()
    across: Mapped[int] = integer()
    down: Mapped[int] = integer()
    width: Mapped[int] = integer()
    height: Mapped[int] = integer()
    withdrawn_at: Mapped[datetime | None] = instant()


class DayLook(Record, merge=Merge.FIELD, stream=STREAM):
    """How somebody looks at the day, under a name: view, filters, order, columns; `shared` with everybody or not.

    `look` is {word: value}; what it means belongs to the screen.
    """

    __tablename__ = "day_look"
    __noun__ = N_("saved view of the day")

    id: Mapped[DayLookId] = key()
    name: Mapped[str] = text()
    owner_id: Mapped[StaffId] = link()
    shared: Mapped[bool] = flag(default=False)
    look: Mapped[Any] = json()
    saved_at: Mapped[datetime] = instant()
    withdrawn_at: Mapped[datetime | None] = instant()


class ChairCall(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """Somebody who waits was called to a chair. One row a visit; `ended_at` when they sit or the call is taken back."""

    __tablename__ = "chair_call"
    __noun__ = N_("call to a chair")

    id: Mapped[ChairCallId] = key()
    appointment_id: Mapped[AppointmentId] = reference("appointment")
    patient_id: Mapped[PatientId] = reference("patient")
    clinic_id: Mapped[ClinicId] = reference("clinic", index=False)
    operatory_id: Mapped[OperatoryId] = reference("operatory", index=False)
    called_at: Mapped[datetime] = instant(index=True)
    called_by: Mapped[str] = link(index=False)
    ended_at: Mapped[datetime | None] = instant()


class DayMessage(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id", sensitive=("text",)):
    """A message to a family, drafted in their language; a person sends it. One row a visit and kind."""

    __tablename__ = "day_message"
    __noun__ = N_("message to a family")

    id: Mapped[DayMessageId] = key()
    appointment_id: Mapped[AppointmentId] = reference("appointment")
    patient_id: Mapped[PatientId] = reference("patient")
    clinic_id: Mapped[ClinicId] = reference("clinic", index=False)
    kind: Mapped[MessageKind] = choice(MessageKind)
    state: Mapped[MessageState] = choice(MessageState, default=MessageState.DRAFT)
    text: Mapped[str] = text()
    minutes: Mapped[int] = integer(default=0)
    drafted_at: Mapped[datetime] = instant(index=True)
    settled_at: Mapped[datetime | None] = instant()
    settled_by: Mapped[str | None] = link(index=False)


class LeftWithout(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """Why a patient left without a next visit. One row a visit."""

    __tablename__ = "left_without"
    __noun__ = N_("reason for no next visit")

    id: Mapped[LeftWithoutId] = key()
    appointment_id: Mapped[AppointmentId] = reference("appointment")
    patient_id: Mapped[PatientId] = reference("patient")
    reason: Mapped[NoNextReason] = choice(NoNextReason)
    note: Mapped[str | None] = text()
    noted_at: Mapped[datetime] = instant()
    noted_by: Mapped[str] = link(index=False)
    withdrawn_at: Mapped[datetime | None] = instant()


class OwnState(Record, merge=Merge.CONFIG, stream=STREAM):
    """A state of the clinic’s own. It always belongs to a stage, so that figures stay what they are.

    `renames`: the stage itself is called and coloured so; otherwise it is a finer state within the stage. `colour` is
    the stage whose colours it takes.
    """

    __tablename__ = "own_state"
    __noun__ = N_("own state of visits")

    id: Mapped[OwnStateId] = key()
    stage: Mapped[Stage] = choice(Stage)
    renames: Mapped[bool] = flag(default=False)
    name_fr: Mapped[str] = text()
    name_en: Mapped[str] = text()
    colour: Mapped[Stage] = choice(Stage)
    withdrawn_at: Mapped[datetime | None] = instant()


class VisitOwnState(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """The finer state in which a visit stands; it counts while the visit is at its stage. One row a visit."""

    __tablename__ = "visit_own_state"
    __noun__ = N_("own state of a visit")

    id: Mapped[VisitOwnStateId] = key()
    appointment_id: Mapped[AppointmentId] = reference("appointment")
    patient_id: Mapped[PatientId] = reference("patient")
    own_state_id: Mapped[OwnStateId | None] = reference("own_state")
    set_at: Mapped[datetime] = instant()
    set_by: Mapped[str] = link(index=False)


def visit_own_state_id(appointment_id: str) -> VisitOwnStateId:
    """The same row on every workstation for one visit."""
    return VisitOwnStateId(derived_id("visit_own_state", appointment_id))


def chair_call_id(appointment_id: str) -> ChairCallId:
    """The same row on every workstation for one visit."""
    return ChairCallId(derived_id("chair_call", appointment_id))


def day_message_id(appointment_id: str, kind: MessageKind) -> DayMessageId:
    """The same row on every workstation for one visit and kind."""
    return DayMessageId(derived_id("day_message", appointment_id, kind.value))


def left_without_id(appointment_id: str) -> LeftWithoutId:
    """The same row on every workstation for one visit."""
    return LeftWithoutId(derived_id("left_without", appointment_id))


def floor_place_id(clinic_id: str, kind: FloorKind, thing: str) -> FloorPlaceId:
    """The same row on every workstation for one chair, or for one room by its name."""
    return FloorPlaceId(derived_id("floor_place", clinic_id, kind.value, thing))


def visit_priority_id(appointment_id: str) -> VisitPriorityId:
    """The same row on every workstation for one visit."""
    return VisitPriorityId(derived_id("visit_priority", appointment_id))


def learnt_duration_id(type_id: str) -> LearntDurationId:
    """The same row on every workstation for one type."""
    return LearntDurationId(derived_id("learnt_duration", type_id))
