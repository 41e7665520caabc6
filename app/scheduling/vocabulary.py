"""The words of the schedule: ids, enumerations and their labels."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

AppointmentTypeId = NewType("AppointmentTypeId", str)
AppointmentId = NewType("AppointmentId", str)
AppointmentEventId = NewType("AppointmentEventId", str)
VisitGroupId = NewType("VisitGroupId", str)
ReasonId = NewType("ReasonId", str)
TemplateId = NewType("TemplateId", str)
TemplateCellId = NewType("TemplateCellId", str)
TemplateDayId = NewType("TemplateDayId", str)
ExpectedEndId = NewType("ExpectedEndId", str)
ShortNoticeId = NewType("ShortNoticeId", str)
RecallId = NewType("RecallId", str)
TaskId = NewType("TaskId", str)
ContactId = NewType("ContactId", str)
FollowUpId = NewType("FollowUpId", str)


class SegmentKind(enum.StrEnum):
    """Who or what the minutes of a visit need, the chair always included."""

    ASSISTANT = "assistant"
    DOCTOR = "doctor"
    COORDINATOR = "coordinator"
    XRAY = "xray"
    CHAIR = "chair"


class AppointmentClass(enum.StrEnum):
    """The class of a type: what cells of a template and counts go by."""

    EXAM = "exam"
    RECALL = "recall"
    RECORDS = "records"
    ADJUSTMENT = "adjustment"
    START = "start"
    REPAIR = "repair"
    EMERGENCY = "emergency"
    DEBAND = "deband"
    RETENTION = "retention"


class VisitEffect(enum.StrEnum):
    """What a kept visit says of the treatment."""

    NONE = "none"
    EXAM = "exam"
    OBSERVATION = "observation"
    RECORDS = "records"
    START = "start"
    DEBAND = "deband"
    RETENTION = "retention"


class LabState(enum.StrEnum):
    """Where the lab case of a visit stands."""

    NONE = "none"
    MUST_GO = "must_go"
    MUST_BE_BACK = "must_be_back"
    BACK = "back"


class EventKind(enum.StrEnum):
    """What happened to an appointment."""

    MADE = "made"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled_late"
    MISSED = "missed"
    REINSTATED = "reinstated"
    RUNNING_LATE = "running_late"
    ARRIVED = "arrived"
    ON_DECK = "on_deck"
    SEATED = "seated"
    PAUSED = "paused"
    RESUMED = "resumed"
    DOCTOR_NEEDED = "doctor_needed"
    DOCTOR_NEEDED_FIRST = "doctor_needed_first"
    DOCTOR_ARRIVED = "doctor_arrived"
    DOCTOR_LEFT = "doctor_left"
    OUT_DECK = "out_deck"
    COMPLETED = "completed"
    LEFT = "left"
    VOIDED = "voided"


class Stage(enum.StrEnum):
    """Where a visit of the day stands, in one word: the three states of a visit taken together."""

    EXPECTED = "expected"
    LATE = "late"
    WAITING = "waiting"
    SEATED = "seated"
    NEEDED = "needed"
    HERE = "here"
    PAUSED = "paused"
    CHECKOUT = "checkout"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


class DaySort(enum.StrEnum):
    """What the list of a day is sorted by."""

    TIME = "time"
    PATIENT = "patient"
    TYPE = "type"
    CHAIR = "chair"
    PROVIDER = "provider"
    STAGE = "stage"
    WAIT = "wait"


class PauseReason(enum.StrEnum):
    """What a paused visit waits for."""

    DOCTOR = "doctor"
    XRAY = "xray"
    LAB = "lab"
    PARENT = "parent"
    STERILISATION = "sterilisation"
    OTHER = "other"


class ReasonKind(enum.StrEnum):
    """What a reason explains."""

    CANCEL = "cancel"
    MOVE = "move"


class ConflictKind(enum.StrEnum):
    """What two things want at once, or what is missing."""

    PATIENT = "patient"
    HOLIDAY = "holiday"
    HOURS = "hours"
    CHAIR = "chair"
    ROOM = "room"
    DOCTOR = "doctor"
    ASSISTANT = "assistant"
    EQUIPMENT = "equipment"
    SKILL = "skill"
    ABSENCE = "absence"
    SHIFT = "shift"
    BREAK = "break"
    TEMPLATE = "template"
    WALK = "walk"
    PAST = "past"


DOUBLE_BOOKING: Final = "double_booking"
"""The detector of visits that two workstations placed apart on one chair, one person or one device."""


class Severity(enum.StrEnum):
    """How much a conflict weighs: told, overridden with a right, or refused."""

    WARNING = "warning"
    SERIOUS = "serious"
    IMPOSSIBLE = "impossible"


class RecallKind(enum.StrEnum):
    """Why somebody is called back."""

    OBSERVATION = "observation"
    PHASE_2 = "phase_2"
    RETENTION = "retention"
    CLEANING = "cleaning"
    PROGRESS_RECORDS = "progress_records"
    OTHER = "other"


class RecallState(enum.StrEnum):
    """Where a recall stands."""

    OPEN = "open"
    BOOKED = "booked"
    DONE = "done"
    DROPPED = "dropped"


class ContactChannel(enum.StrEnum):
    """How a family was reached, or tried."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    IN_PERSON = "in_person"
    LETTER = "letter"


class ContactOutcome(enum.StrEnum):
    """What came of it."""

    REACHED = "reached"
    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"
    WILL_CALL_BACK = "will_call_back"
    REFUSED = "refused"
    VOIDED = "voided"


class FollowUpList(enum.StrEnum):
    """The twelve “fell through the cracks” lists."""

    ACTIVE_WITHOUT_NEXT = "active_without_next"
    ACTIVE_NOT_SEEN = "active_not_seen"
    OVER_ESTIMATE = "over_estimate"
    MISSED_NOT_REBOOKED = "missed_not_rebooked"
    OBSERVATION_DUE = "observation_due"
    PENDING_START = "pending_start"
    PHASE_2_DUE = "phase_2_due"
    RETENTION_DUE = "retention_due"
    CLEANING_DUE = "cleaning_due"
    LAB_NOT_BACK = "lab_not_back"
    PAYMENT_AND_TREATMENT = "payment_and_treatment"
    SHORT_NOTICE = "short_notice"


class Blocker(enum.StrEnum):
    """The one thing that keeps a pending patient from starting, or a follow-up from ending."""

    COST = "cost"
    TIMING = "timing"
    INSURANCE = "insurance"
    CONFIDENCE = "confidence"
    UNREACHABLE = "unreachable"
    OTHER = "other"


class TaskPriority(enum.StrEnum):
    """How soon a task matters."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


SEGMENT_LABELS: Final = {
    SegmentKind.ASSISTANT: N_("Assistant"),
    SegmentKind.DOCTOR: N_("Doctor"),
    SegmentKind.COORDINATOR: N_("Coordinator"),
    SegmentKind.XRAY: N_("Imaging"),
    SegmentKind.CHAIR: N_("Chair only"),
}
CLASS_LABELS: Final = {
    AppointmentClass.EXAM: N_("Exam"),
    AppointmentClass.RECALL: N_("Recall visit"),
    AppointmentClass.RECORDS: N_("Records"),
    AppointmentClass.ADJUSTMENT: N_("Adjustment"),
    AppointmentClass.START: N_("Start of treatment"),
    AppointmentClass.REPAIR: N_("Repair"),
    AppointmentClass.EMERGENCY: N_("Emergency"),
    AppointmentClass.DEBAND: N_("Debond"),
    AppointmentClass.RETENTION: N_("Retention visit"),
}
EFFECT_LABELS: Final = {
    VisitEffect.NONE: N_("No effect"),
    VisitEffect.EXAM: N_("Counts as an exam"),
    VisitEffect.OBSERVATION: N_("Counts as an observation"),
    VisitEffect.RECORDS: N_("Records are taken"),
    VisitEffect.START: N_("Treatment starts"),
    VisitEffect.DEBAND: N_("Appliances come off"),
    VisitEffect.RETENTION: N_("Retention is checked"),
}
LAB_LABELS: Final = {
    LabState.NONE: N_("No lab case"),
    LabState.MUST_GO: N_("Must go to the lab"),
    LabState.MUST_BE_BACK: N_("Must be back from the lab"),
    LabState.BACK: N_("Back from the lab"),
}
EVENT_LABELS: Final = {
    EventKind.MADE: N_("Booked"),
    EventKind.CONFIRMED: N_("Confirmed"),
    EventKind.MOVED: N_("Moved"),
    EventKind.CANCELLED: N_("Cancelled"),
    EventKind.CANCELLED_LATE: N_("Cancelled late"),
    EventKind.MISSED: N_("Missed"),
    EventKind.REINSTATED: N_("Reinstated"),
    EventKind.RUNNING_LATE: N_("Running late"),
    EventKind.ARRIVED: N_("Arrived"),
    EventKind.ON_DECK: N_("On deck"),
    EventKind.SEATED: N_("Seated"),
    EventKind.PAUSED: N_("Paused"),
    EventKind.RESUMED: N_("Resumed"),
    EventKind.DOCTOR_NEEDED: N_("Dr needed"),
    EventKind.DOCTOR_NEEDED_FIRST: N_("Dr needed first"),
    EventKind.DOCTOR_ARRIVED: N_("Dr at chair"),
    EventKind.DOCTOR_LEFT: N_("Dr was here"),
    EventKind.OUT_DECK: N_("Out deck"),
    EventKind.COMPLETED: N_("Completed"),
    EventKind.LEFT: N_("Gone"),
    EventKind.VOIDED: N_("Corrected"),
}
PAUSE_LABELS: Final = {
    PauseReason.DOCTOR: N_("Waiting for the doctor"),
    PauseReason.XRAY: N_("Waiting for an X-ray"),
    PauseReason.LAB: N_("Waiting for the lab"),
    PauseReason.PARENT: N_("Waiting for a parent"),
    PauseReason.STERILISATION: N_("Waiting for sterilisation"),
    PauseReason.OTHER: N_("Other reason"),
}
REASON_KIND_LABELS: Final = {ReasonKind.CANCEL: N_("Cancelling"), ReasonKind.MOVE: N_("Moving")}
CONFLICT_LABELS: Final = {
    ConflictKind.PATIENT: N_("Patient twice"),
    ConflictKind.CHAIR: N_("Chair taken"),
    ConflictKind.ROOM: N_("Another kind of room"),
    ConflictKind.DOCTOR: N_("Doctor taken"),
    ConflictKind.ASSISTANT: N_("Person taken"),
    ConflictKind.EQUIPMENT: N_("Equipment not free"),
    ConflictKind.SKILL: N_("Skill missing"),
    ConflictKind.ABSENCE: N_("Away"),
    ConflictKind.SHIFT: N_("Not at work"),
    ConflictKind.BREAK: N_("On a break"),
    ConflictKind.HOURS: N_("Outside opening hours"),
    ConflictKind.HOLIDAY: N_("Holiday or closure"),
    ConflictKind.TEMPLATE: N_("Another class in the template"),
    ConflictKind.WALK: N_("No time to walk"),
    ConflictKind.PAST: N_("In the past"),
}
SEVERITY_LABELS: Final = {
    Severity.WARNING: N_("Warning"),
    Severity.SERIOUS: N_("Needs an override"),
    Severity.IMPOSSIBLE: N_("Impossible"),
}
RECALL_LABELS: Final = {
    RecallKind.OBSERVATION: N_("Observation recall"),
    RecallKind.PHASE_2: N_("Phase II recall"),
    RecallKind.RETENTION: N_("Retention check"),
    RecallKind.CLEANING: N_("Dental cleaning"),
    RecallKind.PROGRESS_RECORDS: N_("Progress records"),
    RecallKind.OTHER: N_("Other recall"),
}
RECALL_STATE_LABELS: Final = {
    RecallState.OPEN: N_("Open"),
    RecallState.BOOKED: N_("Booked"),
    RecallState.DONE: N_("Done"),
    RecallState.DROPPED: N_("Dropped"),
}
CHANNEL_LABELS: Final = {
    ContactChannel.PHONE: N_("Phone"),
    ContactChannel.TEXT: N_("Text message"),
    ContactChannel.EMAIL: N_("E-mail"),
    ContactChannel.IN_PERSON: N_("In person"),
    ContactChannel.LETTER: N_("Letter"),
}
OUTCOME_LABELS: Final = {
    ContactOutcome.REACHED: N_("Reached"),
    ContactOutcome.LEFT_MESSAGE: N_("Message left"),
    ContactOutcome.NO_ANSWER: N_("No answer"),
    ContactOutcome.WILL_CALL_BACK: N_("Will call back"),
    ContactOutcome.REFUSED: N_("Does not want to come"),
    ContactOutcome.VOIDED: N_("Entered by mistake"),
}
LIST_LABELS: Final = {
    FollowUpList.ACTIVE_WITHOUT_NEXT: N_("In treatment without next appointment"),
    FollowUpList.ACTIVE_NOT_SEEN: N_("In treatment and not seen lately"),
    FollowUpList.OVER_ESTIMATE: N_("Over the estimated end of treatment"),
    FollowUpList.MISSED_NOT_REBOOKED: N_("Missed and not rescheduled"),
    FollowUpList.OBSERVATION_DUE: N_("Observation recall due"),
    FollowUpList.PENDING_START: N_("Exam done, no start"),
    FollowUpList.PHASE_2_DUE: N_("Phase II recall due"),
    FollowUpList.RETENTION_DUE: N_("Retention check due"),
    FollowUpList.CLEANING_DUE: N_("Cleaning overdue"),
    FollowUpList.LAB_NOT_BACK: N_("Lab case not back for a booked visit"),
    FollowUpList.PAYMENT_AND_TREATMENT: N_("Treatment ahead of payment, or paid and not finished"),
    FollowUpList.SHORT_NOTICE: N_("Sooner if possible"),
}
BLOCKER_LABELS: Final = {
    Blocker.COST: N_("Cost"),
    Blocker.TIMING: N_("Timing"),
    Blocker.INSURANCE: N_("Insurance"),
    Blocker.CONFIDENCE: N_("Confidence"),
    Blocker.UNREACHABLE: N_("Cannot be reached"),
    Blocker.OTHER: N_("Other reason"),
}
PRIORITY_LABELS: Final = {
    TaskPriority.HIGH: N_("High"),
    TaskPriority.NORMAL: N_("Normal"),
    TaskPriority.LOW: N_("Low"),
}
