"""The words of the day: ids, enumerations and their labels."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

VisitPriorityId = NewType("VisitPriorityId", str)
LearntDurationId = NewType("LearntDurationId", str)
FlowAlertId = NewType("FlowAlertId", str)
FloorPlaceId = NewType("FloorPlaceId", str)
DayLookId = NewType("DayLookId", str)
OwnStateId = NewType("OwnStateId", str)
VisitOwnStateId = NewType("VisitOwnStateId", str)


class ChairState(enum.StrEnum):
    """What a chair is doing now."""

    FREE = "free"
    OCCUPIED = "occupied"
    CLEANING = "cleaning"
    MAINTENANCE = "maintenance"


class PersonState(enum.StrEnum):
    """What somebody who treats is doing now."""

    AT_CHAIR = "at_chair"
    FREE = "free"
    BREAK = "break"
    AWAY = "away"
    NOT_HERE = "not_here"


class DeviceState(enum.StrEnum):
    """What a device is doing now."""

    FREE = "free"
    IN_USE = "in_use"
    MAINTENANCE = "maintenance"


class VisitFlag(enum.StrEnum):
    """What is to be seen of a visit at a glance, besides its stage."""

    NEW = "new"
    ALERT = "alert"
    LAB = "lab"
    PREP = "prep"
    IMAGING = "imaging"
    IMAGED = "imaged"
    URGENT = "urgent"
    UNCONFIRMED = "unconfirmed"
    DELAYED = "delayed"
    OVERRUN = "overrun"
    WAITS_LONG = "waits_long"
    SHARED_CHAIR = "shared_chair"
    INFERRED = "inferred"
    EDITED = "edited"
    PAPERS = "papers"


class AlertKind(enum.StrEnum):
    """What an alert of the day speaks of."""

    LATE_ARRIVAL = "late_arrival"
    OVERRUN = "overrun"
    LONG_WAIT = "long_wait"
    DOCTOR_WAIT = "doctor_wait"
    RESOURCE_CONFLICT = "resource_conflict"
    STAFF_UNAVAILABLE = "staff_unavailable"
    EMERGENCY = "emergency"
    TOO_MANY = "too_many"
    OVERTIME = "overtime"
    BREAK_DUE = "break_due"
    PREPARATION = "preparation"
    PAPERS = "papers"


class AlertState(enum.StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ACTED = "acted"
    ENDED = "ended"
    FALSE = "false"


class SuggestionKind(enum.StrEnum):
    """What could make the rest of the day shorter."""

    SWAP = "swap"
    IDLE_CHAIR = "idle_chair"
    SPLIT = "split"
    CALL_LATER = "call_later"


class FloorKind(enum.StrEnum):
    """What stands on the plan of a clinic."""

    CHAIR = "chair"
    WAITING = "waiting"
    CHECKOUT = "checkout"
    ROOM = "room"


class FlowStep(enum.StrEnum):
    """What several visits can be taken through at once."""

    CONFIRM = "confirm"
    ARRIVE = "arrive"
    SEAT = "seat"
    CALL_DOCTOR = "call_doctor"
    COMPLETE = "complete"
    LEAVE = "leave"
    NO_SHOW = "no_show"


FLOOR_LABELS: Final = {
    FloorKind.CHAIR: N_("Chair on the plan"),
    FloorKind.WAITING: N_("Waiting room"),
    FloorKind.CHECKOUT: N_("Reception and checkout"),
    FloorKind.ROOM: N_("Room"),
}
FLOW_STEP_LABELS: Final = {
    FlowStep.CONFIRM: N_("Confirm them"),
    FlowStep.ARRIVE: N_("They have arrived"),
    FlowStep.SEAT: N_("Seat them"),
    FlowStep.CALL_DOCTOR: N_("Call the doctor to them"),
    FlowStep.COMPLETE: N_("They go to the checkout"),
    FlowStep.LEAVE: N_("They have left"),
    FlowStep.NO_SHOW: N_("They did not come"),
}
CHAIR_STATE_LABELS: Final = {
    ChairState.FREE: N_("Free chair"),
    ChairState.OCCUPIED: N_("Occupied"),
    ChairState.CLEANING: N_("Being cleaned"),
    ChairState.MAINTENANCE: N_("Out of use"),
}
PERSON_STATE_LABELS: Final = {
    PersonState.AT_CHAIR: N_("At a chair"),
    PersonState.FREE: N_("Free now"),
    PersonState.BREAK: N_("On a break"),
    PersonState.AWAY: N_("Away"),
    PersonState.NOT_HERE: N_("Not at work"),
}
DEVICE_STATE_LABELS: Final = {
    DeviceState.FREE: N_("Free now"),
    DeviceState.IN_USE: N_("In use"),
    DeviceState.MAINTENANCE: N_("Under maintenance"),
}
FLAG_LABELS: Final = {
    VisitFlag.NEW: N_("First visit"),
    VisitFlag.ALERT: N_("Critical alert"),
    VisitFlag.LAB: N_("Lab case not back"),
    VisitFlag.PREP: N_("Chair to prepare"),
    VisitFlag.IMAGING: N_("Images are being taken"),
    VisitFlag.IMAGED: N_("Images taken"),
    VisitFlag.URGENT: N_("Goes first"),
    VisitFlag.UNCONFIRMED: N_("Not confirmed"),
    VisitFlag.DELAYED: N_("Delayed"),
    VisitFlag.OVERRUN: N_("Runs over"),
    VisitFlag.WAITS_LONG: N_("Waits too long"),
    VisitFlag.SHARED_CHAIR: N_("Two patients at one chair"),
    VisitFlag.INFERRED: N_("Taken from what was done"),
    VisitFlag.EDITED: N_("Time corrected"),
    VisitFlag.PAPERS: N_("Papers missing"),
}
ALERT_LABELS: Final = {
    AlertKind.LATE_ARRIVAL: N_("Patient late"),
    AlertKind.OVERRUN: N_("Visit runs over"),
    AlertKind.LONG_WAIT: N_("Long wait"),
    AlertKind.DOCTOR_WAIT: N_("Chair waits for the doctor"),
    AlertKind.RESOURCE_CONFLICT: N_("Two visits want the same"),
    AlertKind.STAFF_UNAVAILABLE: N_("Somebody is not available"),
    AlertKind.EMERGENCY: N_("Emergency inserted"),
    AlertKind.TOO_MANY: N_("Too many at once"),
    AlertKind.OVERTIME: N_("Overtime"),
    AlertKind.BREAK_DUE: N_("Break due"),
    AlertKind.PREPARATION: N_("Not ready for the visit"),
    AlertKind.PAPERS: N_("Papers missing for the visit"),
}
ALERT_STATE_LABELS: Final = {
    AlertState.OPEN: N_("Open"),
    AlertState.ACKNOWLEDGED: N_("Acknowledged"),
    AlertState.ACTED: N_("Acted upon"),
    AlertState.ENDED: N_("Ended by itself"),
    AlertState.FALSE: N_("False alarm"),
}
SUGGESTION_LABELS: Final = {
    SuggestionKind.SWAP: N_("Change the order"),
    SuggestionKind.IDLE_CHAIR: N_("Use a free chair"),
    SuggestionKind.SPLIT: N_("Split the visit"),
    SuggestionKind.CALL_LATER: N_("Let the patient come later"),
}
