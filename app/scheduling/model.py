"""The records of the schedule.

What became of an appointment is not written on it: it follows from its events, which are never changed. Undoing an
event adds one that voids it. `AppointmentState` is what the events say now.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId, StaffId
from app.core.money import Money
from app.journal.records import (
    Merge,
    Record,
    cents,
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
from app.practice.vocabulary import EquipmentId, EquipmentKind, OperatoryId, OperatoryKind, ProviderId, Weekday
from app.scheduling.vocabulary import (
    AppointmentClass,
    AppointmentEventId,
    AppointmentId,
    AppointmentTypeId,
    Blocker,
    ContactChannel,
    ContactId,
    ContactOutcome,
    EventKind,
    ExpectedEndId,
    FollowUpId,
    FollowUpList,
    LabState,
    ReasonId,
    ReasonKind,
    RecallId,
    RecallKind,
    RecallState,
    ShortNoticeId,
    TaskId,
    TaskPriority,
    TemplateCellId,
    TemplateDayId,
    TemplateId,
    VisitEffect,
    VisitGroupId,
)

STREAM = "scheduling"


class AppointmentType(Record, merge=Merge.CONFIG, stream=STREAM):
    """A kind of visit with its minutes. `segments` is a list of [kind, minutes]; their sum is the visit's length.

    `procedure_codes` are codes of the catalogue, apart by blanks: what is done, and what it costs.
    """

    __tablename__ = "appointment_type"
    __noun__ = N_("appointment type")

    id: Mapped[AppointmentTypeId] = key()
    code: Mapped[str] = text(index=True)
    name_fr: Mapped[str] = text()
    name_en: Mapped[str] = text()
    appointment_class: Mapped[AppointmentClass] = choice(AppointmentClass)
    effect: Mapped[VisitEffect] = choice(VisitEffect, default=VisitEffect.NONE)
    segments: Mapped[Any] = json()
    buffer_minutes: Mapped[int] = integer(default=0)
    operatory_kind: Mapped[OperatoryKind] = choice(OperatoryKind, default=OperatoryKind.CHAIR)
    equipment_kind: Mapped[EquipmentKind | None] = choice(EquipmentKind)
    skills: Mapped[Any] = json()
    lab_state: Mapped[LabState] = choice(LabState, default=LabState.NONE)
    needs_prep: Mapped[bool] = flag(default=False)
    records_due: Mapped[bool] = flag(default=False)
    should_confirm: Mapped[bool] = flag(default=True)
    is_emergency: Mapped[bool] = flag(default=False)
    length_locked: Mapped[bool] = flag(default=False)
    interval_weeks: Mapped[int | None] = integer()
    expected_charge: Mapped[Money | None] = cents()
    procedure_codes: Mapped[str | None] = text()
    colour: Mapped[str | None] = text()
    position: Mapped[int] = integer(default=0)
    withdrawn_at: Mapped[datetime | None] = instant()


class Appointment(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """A visit. `starts_at` is empty while it is not scheduled. `segments` is a list of [kind, minutes, provider id].

    `allowed` lists the kinds of serious conflict that somebody with the right accepted.
    """

    __tablename__ = "appointment"
    __noun__ = N_("appointment")

    id: Mapped[AppointmentId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    type_id: Mapped[AppointmentTypeId] = reference("appointment_type")
    clinic_id: Mapped[ClinicId] = reference("clinic")
    operatory_id: Mapped[OperatoryId | None] = reference("operatory")
    starts_at: Mapped[datetime | None] = instant()
    minutes: Mapped[int] = integer()
    segments: Mapped[Any] = json()
    doctor_id: Mapped[ProviderId | None] = reference("provider")
    assistant_id: Mapped[ProviderId | None] = reference("provider")
    equipment_id: Mapped[EquipmentId | None] = reference("equipment")
    group_id: Mapped[VisitGroupId | None] = link()
    lab_state: Mapped[LabState] = choice(LabState, default=LabState.NONE)
    prep_done: Mapped[bool] = flag(default=False)
    note: Mapped[str | None] = text()
    allowed: Mapped[Any] = json()
    booked_at: Mapped[datetime] = instant()
    withdrawn_at: Mapped[datetime | None] = instant()

    # The index of the clinic alone has nearly every row: SQLite would read them all to find those of a day.
    __table_args__ = (
        Index("appointment_by_start", "starts_at"),
        Index("appointment_of_day", "clinic_id", "starts_at"),
    )


class AppointmentEvent(Record, merge=Merge.EVENT, stream=STREAM, subject="patient_id"):
    """One thing that happened to an appointment: at `at`, written down at `recorded_at`.

    `previous_id` is the event that its author saw last; `corrects_id` the one that a `VOIDED` takes back. `detail`
    holds the places and times of a move, the accepted conflicts of a booking, a pause's reason.
    """

    __tablename__ = "appointment_event"
    __noun__ = N_("event of an appointment")

    id: Mapped[AppointmentEventId] = key()
    appointment_id: Mapped[AppointmentId] = reference("appointment")
    patient_id: Mapped[PatientId] = reference("patient")
    kind: Mapped[EventKind] = choice(EventKind)
    at: Mapped[datetime] = instant(index=True)
    recorded_at: Mapped[datetime] = instant()
    by: Mapped[str] = link(index=False)
    operatory_id: Mapped[OperatoryId | None] = reference("operatory", index=False)
    provider_id: Mapped[ProviderId | None] = reference("provider", index=False)
    reason_id: Mapped[ReasonId | None] = reference("visit_reason", index=False)
    note: Mapped[str | None] = text()
    detail: Mapped[Any] = json()
    previous_id: Mapped[AppointmentEventId | None] = link(index=False)
    corrects_id: Mapped[AppointmentEventId | None] = reference("appointment_event")


class AppointmentState(Record, merge=Merge.PROJECTION):
    """What the events of an appointment say: one row each. Codes are those of `app.practice.states`."""

    __tablename__ = "appointment_state"
    __noun__ = N_("state of an appointment")

    id: Mapped[AppointmentId] = key()
    patient_id: Mapped[PatientId] = link(index=False)
    type_id: Mapped[AppointmentTypeId] = link()
    clinic_id: Mapped[ClinicId] = link(index=False)
    status: Mapped[str] = text()
    flow: Mapped[str] = text()
    doctor: Mapped[str] = text()
    starts_at: Mapped[datetime | None] = instant(index=True)
    ends_at: Mapped[datetime | None] = instant()
    confirmed_at: Mapped[datetime | None] = instant()
    arrived_at: Mapped[datetime | None] = instant()
    seated_at: Mapped[datetime | None] = instant()
    seated_operatory_id: Mapped[OperatoryId | None] = link(index=False)
    doctor_needed_at: Mapped[datetime | None] = instant()
    doctor_here_at: Mapped[datetime | None] = instant()
    doctor_left_at: Mapped[datetime | None] = instant()
    completed_at: Mapped[datetime | None] = instant()
    left_at: Mapped[datetime | None] = instant()
    ended_at: Mapped[datetime | None] = instant()
    paused_at: Mapped[datetime | None] = instant()
    pause_reason: Mapped[str | None] = text()
    paused_seconds: Mapped[int] = integer(default=0)
    doctor_seconds: Mapped[int] = integer(default=0)
    moves: Mapped[int] = integer(default=0)
    reason_id: Mapped[ReasonId | None] = link(index=False)
    last_event_id: Mapped[AppointmentEventId | None] = link(index=False)
    ineffective: Mapped[int] = integer(default=0)

    __table_args__ = (
        Index("appointment_state_booked", "status", "starts_at", "patient_id"),
        Index("appointment_state_of", "patient_id", "status", "starts_at"),
    )


class VisitSummary(Record, merge=Merge.PROJECTION):
    """What a chart's visits come to: one row for each chart that has visits; lists and filters ask it for its stage.

    Of the visits that took place, the last of some effects: `later_at` is the last start, observation, debond or
    retention. `booked_until` is the start of the last visit that is booked, past or to come.
    """

    __tablename__ = "visit_summary"
    __noun__ = N_("summary of the visits")

    id: Mapped[PatientId] = key()
    stage: Mapped[str] = text()
    start_at: Mapped[datetime | None] = instant()
    end_at: Mapped[datetime | None] = instant()
    exam_at: Mapped[datetime | None] = instant(index=True)
    later_at: Mapped[datetime | None] = instant()
    seen_at: Mapped[datetime | None] = instant()
    missed_at: Mapped[datetime | None] = instant(index=True)
    missed_id: Mapped[AppointmentId | None] = link(index=False)
    booked_until: Mapped[datetime | None] = instant()

    __table_args__ = (Index("visit_summary_stage", "stage", "booked_until", "seen_at", "id"),)


class VisitReason(Record, merge=Merge.CONFIG, stream=STREAM):
    """Why visits are cancelled or moved; `by_patient` tells the family's reasons from the clinic's."""

    __tablename__ = "visit_reason"
    __noun__ = N_("reason")

    id: Mapped[ReasonId] = key()
    kind: Mapped[ReasonKind] = choice(ReasonKind)
    code: Mapped[str] = text()
    name_fr: Mapped[str] = text()
    name_en: Mapped[str] = text()
    by_patient: Mapped[bool] = flag(default=True)
    position: Mapped[int] = integer(default=0)
    withdrawn_at: Mapped[datetime | None] = instant()


class DayTemplate(Record, merge=Merge.CONFIG, stream=STREAM):
    """A day as the clinic wants it booked."""

    __tablename__ = "day_template"
    __noun__ = N_("template")

    id: Mapped[TemplateId] = key()
    clinic_id: Mapped[ClinicId] = reference("clinic")
    name: Mapped[str] = text()
    withdrawn_at: Mapped[datetime | None] = instant()


class TemplateCell(Record, merge=Merge.CONFIG, stream=STREAM):
    """Clock minutes of one chair that a template keeps for a class of visits."""

    __tablename__ = "template_cell"
    __noun__ = N_("kept time of a template")

    id: Mapped[TemplateCellId] = key()
    template_id: Mapped[TemplateId] = reference("day_template")
    operatory_id: Mapped[OperatoryId] = reference("operatory")
    start_minute: Mapped[int] = integer()
    end_minute: Mapped[int] = integer()
    appointment_class: Mapped[AppointmentClass] = choice(AppointmentClass)
    withdrawn_at: Mapped[datetime | None] = instant()


class TemplateDay(Record, merge=Merge.CONFIG, stream=STREAM):
    """When a template holds: on one day, or on a weekday from a day on. The day wins over the weekday."""

    __tablename__ = "template_day"
    __noun__ = N_("day of a template")

    id: Mapped[TemplateDayId] = key()
    clinic_id: Mapped[ClinicId] = reference("clinic")
    template_id: Mapped[TemplateId | None] = reference("day_template")
    on_day: Mapped[date | None] = day(index=True)
    weekday: Mapped[Weekday | None] = choice(Weekday)
    from_on: Mapped[date | None] = day()
    withdrawn_at: Mapped[datetime | None] = instant()


class ShortNotice(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """A patient who comes sooner if possible, with a visit to move or a kind of visit to book."""

    __tablename__ = "short_notice"
    __noun__ = N_("entry of the short-notice list")

    id: Mapped[ShortNoticeId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    appointment_id: Mapped[AppointmentId | None] = reference("appointment")
    type_id: Mapped[AppointmentTypeId | None] = reference("appointment_type", index=False)
    clinic_id: Mapped[ClinicId | None] = reference("clinic", index=False)
    weekdays: Mapped[Any] = json()
    earliest_minute: Mapped[int | None] = integer()
    latest_minute: Mapped[int | None] = integer()
    until_on: Mapped[date | None] = day()
    note: Mapped[str | None] = text()
    added_at: Mapped[datetime] = instant()
    ended_at: Mapped[datetime | None] = instant()
    withdrawn_at: Mapped[datetime | None] = instant()


class Recall(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """Somebody to be called back."""

    __tablename__ = "recall"
    __noun__ = N_("recall")

    id: Mapped[RecallId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    kind: Mapped[RecallKind] = choice(RecallKind)
    due_on: Mapped[date] = day(index=True)
    every_weeks: Mapped[int | None] = integer()
    state: Mapped[RecallState] = choice(RecallState, default=RecallState.OPEN)
    appointment_id: Mapped[AppointmentId | None] = reference("appointment")
    owner_id: Mapped[StaffId | None] = link()
    note: Mapped[str | None] = text()
    made_at: Mapped[datetime] = instant()
    announced_at: Mapped[datetime | None] = instant()
    withdrawn_at: Mapped[datetime | None] = instant()


class ExpectedEnd(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """The day on which a patient's treatment should end, and how often it was put off. One row a patient."""

    __tablename__ = "expected_end"
    __noun__ = N_("expected end of treatment")

    id: Mapped[ExpectedEndId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    expected_on: Mapped[date] = day(index=True)
    first_expected_on: Mapped[date] = day()
    changes: Mapped[int] = integer(default=0)
    note: Mapped[str | None] = text()
    withdrawn_at: Mapped[datetime | None] = instant()


class ContactAttempt(Record, merge=Merge.EVENT, stream=STREAM, subject="patient_id"):
    """A call, a message, a talk. `corrects_id` is the one that a `VOIDED` row takes back."""

    __tablename__ = "contact_attempt"
    __noun__ = N_("contact with a family")

    id: Mapped[ContactId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    channel: Mapped[ContactChannel] = choice(ContactChannel)
    outcome: Mapped[ContactOutcome] = choice(ContactOutcome)
    at: Mapped[datetime] = instant()
    by: Mapped[str] = link(index=False)
    note: Mapped[str | None] = text()
    corrects_id: Mapped[ContactId | None] = reference("contact_attempt")


class FollowUp(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """Who looks after a patient on one of the lists, what stands in the way, and until when it rests."""

    __tablename__ = "follow_up"
    __noun__ = N_("follow-up")

    id: Mapped[FollowUpId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    list_code: Mapped[FollowUpList] = choice(FollowUpList)
    owner_id: Mapped[StaffId | None] = link()
    blocker: Mapped[Blocker | None] = choice(Blocker)
    rests_until_on: Mapped[date | None] = day()
    note: Mapped[str | None] = text()
    withdrawn_at: Mapped[datetime | None] = instant()


class Task(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """Something to do, with an owner and a day; about a patient or not."""

    __tablename__ = "task"
    __noun__ = N_("task")

    id: Mapped[TaskId] = key()
    title: Mapped[str] = text()
    detail: Mapped[str | None] = text()
    owner_id: Mapped[StaffId | None] = link()
    due_on: Mapped[date | None] = day(index=True)
    priority: Mapped[TaskPriority] = choice(TaskPriority, default=TaskPriority.NORMAL)
    patient_id: Mapped[PatientId | None] = reference("patient")
    appointment_id: Mapped[AppointmentId | None] = reference("appointment")
    made_at: Mapped[datetime] = instant()
    made_by: Mapped[str] = link(index=False)
    done_at: Mapped[datetime | None] = instant()
    done_by: Mapped[str | None] = link(index=False)
    withdrawn_at: Mapped[datetime | None] = instant()
