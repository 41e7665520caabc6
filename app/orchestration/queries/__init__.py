"""What screens ask about the day as it goes."""

from __future__ import annotations

from datetime import date, datetime

from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.commands import query
from app.journal.queries import Reading
from app.orchestration.answers import Outlook, Suggestion
from app.orchestration.covering import Cover, StandIn
from app.orchestration.floor import HEIGHT as FLOOR_HEIGHT
from app.orchestration.floor import LEAST as FLOOR_LEAST
from app.orchestration.floor import WIDTH as FLOOR_WIDTH
from app.orchestration.floor import FloorSpot
from app.orchestration.folding import shot_of
from app.orchestration.model import visit_own_state_id, visit_priority_id
from app.orchestration.optimising import BetterPlan, Method, PlanCost, PlannedMove, optimise
from app.orchestration.permissions import SEE_DAY
from app.orchestration.queries.alerts import (
    AlertFigures,
    AlertLine,
    alert_figures,
    alert_history,
    standing_alerts,
)
from app.orchestration.queries.huddle import (
    FlowRecord,
    Huddle,
    HuddleFact,
    HuddleVisit,
    flow_record,
    morning_huddle,
)
from app.orchestration.queries.looks import (
    DayLookLine,
    FloorPlan,
    StepLine,
    day_looks,
    floor_plan,
    step_preview,
)
from app.orchestration.queries.moments import loaded_day
from app.orchestration.queries.own_states import OwnStateLine, own_states
from app.orchestration.queries.quality import DayQuality, TransitionQuality, day_quality
from app.orchestration.queries.reception import (
    CallLine,
    LeftLine,
    MessageLine,
    NextOffer,
    chair_calls,
    day_messages,
    left_without_next,
    next_visit_offers,
)
from app.orchestration.queries.team import DeviceUse, break_cover, day_use, device_log, who_could
from app.orchestration.queries.wall import WallBoard, WallChair, WallDoctor, WallPatient, day_wall
from app.orchestration.reception_words import (
    MESSAGE_LABELS,
    NO_NEXT_LABELS,
    MessageKind,
    MessageState,
    NoNextReason,
)
from app.orchestration.snapshot import (
    ChairLane,
    DaySnapshot,
    DayVisitLine,
    DeviceLane,
    OpenGap,
    OwnMark,
    PersonLane,
    Ribbon,
)
from app.orchestration.use import ChairUse, DayUse, PersonUse, RevenueUse
from app.orchestration.vocabulary import (
    ALERT_LABELS,
    ALERT_STATE_LABELS,
    CHAIR_STATE_LABELS,
    DEVICE_STATE_LABELS,
    FLAG_LABELS,
    FLOOR_LABELS,
    FLOW_STEP_LABELS,
    PERSON_STATE_LABELS,
    SUGGESTION_LABELS,
    AlertKind,
    AlertState,
    ChairState,
    DayLookId,
    DeviceState,
    FloorKind,
    FlowAlertId,
    FlowStep,
    OwnStateId,
    PersonState,
    SuggestionKind,
    VisitFlag,
)
from app.scheduling.permissions import SEE_SCHEDULE

__all__ = [
    "ALERT_LABELS",
    "ALERT_STATE_LABELS",
    "CHAIR_STATE_LABELS",
    "DEVICE_STATE_LABELS",
    "FLAG_LABELS",
    "FLOOR_HEIGHT",
    "FLOOR_LABELS",
    "FLOOR_LEAST",
    "FLOOR_WIDTH",
    "FLOW_STEP_LABELS",
    "MESSAGE_LABELS",
    "NO_NEXT_LABELS",
    "PERSON_STATE_LABELS",
    "SUGGESTION_LABELS",
    "AlertFigures",
    "AlertKind",
    "AlertLine",
    "AlertState",
    "BetterPlan",
    "CallLine",
    "ChairLane",
    "ChairState",
    "ChairUse",
    "Cover",
    "DayLookId",
    "DayLookLine",
    "DayQuality",
    "DaySnapshot",
    "DayUse",
    "DayVisitLine",
    "DeviceLane",
    "DeviceState",
    "DeviceUse",
    "FloorKind",
    "FloorPlan",
    "FloorSpot",
    "FlowAlertId",
    "FlowRecord",
    "FlowStep",
    "Huddle",
    "HuddleFact",
    "HuddleVisit",
    "LeftLine",
    "MessageKind",
    "MessageLine",
    "MessageState",
    "Method",
    "NextOffer",
    "NoNextReason",
    "OpenGap",
    "Outlook",
    "OwnMark",
    "OwnStateId",
    "OwnStateLine",
    "PersonLane",
    "PersonState",
    "PersonUse",
    "PlanCost",
    "PlannedMove",
    "RevenueUse",
    "Ribbon",
    "StandIn",
    "StepLine",
    "Suggestion",
    "SuggestionKind",
    "TransitionQuality",
    "VisitFlag",
    "WallBoard",
    "WallChair",
    "WallDoctor",
    "WallPatient",
    "alert_figures",
    "alert_history",
    "better_plan",
    "break_cover",
    "chair_calls",
    "day_looks",
    "day_messages",
    "day_outlook",
    "day_quality",
    "day_snapshot",
    "day_suggestions",
    "day_use",
    "day_wall",
    "device_log",
    "floor_plan",
    "flow_record",
    "left_without_next",
    "loaded_day",
    "morning_huddle",
    "next_visit_offers",
    "own_states",
    "standing_alerts",
    "step_preview",
    "visit_own_state_id",
    "visit_priority_id",
    "who_could",
]


@query(permission=SEE_DAY, label=N_("The day as it goes"))
def day_snapshot(
    read: Reading, clinic_id: ClinicId | None = None, day: date | None = None, now: datetime | None = None
) -> DaySnapshot:
    """Everything that a view of the day draws: visits, chairs, people, devices, the load of the doctors, free time.

    The first clinic, the clinic's own day and the present moment unless said otherwise.
    """
    read.require(SEE_SCHEDULE)
    loaded, minute = loaded_day(read, clinic_id, day, now)
    return shot_of(loaded, minute)


@query(permission=SEE_DAY, label=N_("Suggestions for the rest of the day"))
def day_suggestions(
    read: Reading, clinic_id: ClinicId | None = None, day: date | None = None, now: datetime | None = None
) -> tuple[Suggestion, ...]:
    """What would make patients wait less, each change on its own, with the minutes that it saves, the best first."""
    read.require(SEE_SCHEDULE)
    loaded, minute = loaded_day(read, clinic_id, day, now)
    from app.orchestration.suggestions import suggest

    return suggest(loaded.day, minute, seed=minute)


@query(permission=SEE_DAY, label=N_("A better plan for the rest of the day"))
def better_plan(
    read: Reading, clinic_id: ClinicId | None = None, day: date | None = None, now: datetime | None = None
) -> BetterPlan:
    """What could still be moved so that patients wait and doctors stand idle less, with the cost before and after."""
    read.require(SEE_SCHEDULE)
    loaded, minute = loaded_day(read, clinic_id, day, now)
    return optimise(loaded.day, minute)


@query(permission=SEE_DAY, label=N_("When visits may begin"))
def day_outlook(
    read: Reading, clinic_id: ClinicId | None = None, day: date | None = None, now: datetime | None = None
) -> tuple[Outlook, ...]:
    """For each visit that has not begun, the median of its begin and the range of eight days out of ten."""
    read.require(SEE_SCHEDULE)
    loaded, minute = loaded_day(read, clinic_id, day, now)
    from app.orchestration.simulation import simulate

    return simulate(loaded.day, minute, seed=minute)
