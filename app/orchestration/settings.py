"""What the clinic decides about the day as it goes."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.permissions import ROLE_LABELS, Role
from app.core.settings import Page, Scope, Setting

FLOW: Final = Page("flow", N_("Flow of the day"), "heartbeat", 52)


def _number(name: str, default: int, label: str, text: str, high: int, unit: str, low: int = 1) -> Setting[int]:
    return Setting(name, Scope.CLINIC, int, default, label, text, FLOW, minimum=low, maximum=high, unit=unit)


MINUTES: Final = N_("minutes")
VISITS: Final = N_("visits")

CLEANING_SHOWN: Final = _number(
    "cleaning_shown_minutes", 3, N_("Chair being cleaned for"),
    N_("So long after a patient has left, a chair shows as being cleaned, unless the type of visit says longer."),
    60, MINUTES, 0,
)  # fmt: skip
LEARN_FROM: Final = _number(
    "learn_from_visits", 12, N_("Learn from at least"),
    N_("With fewer kept visits of a type, the planned minutes are reckoned with."), 200, VISITS, 3,
)  # fmt: skip
DELAY_SHOWN: Final = _number(
    "delay_shown_after_minutes", 5, N_("Delayed after"),
    N_("A visit that will begin or end later than this shows as delayed."), 60, MINUTES,
)  # fmt: skip

ALERT_LATE: Final = _number(
    "alert_late_minutes", 10, N_("Alert when a patient is late by"),
    N_("From then on the desk is told of a patient who has not come."), 120, MINUTES,
)  # fmt: skip
ALERT_OVERRUN: Final = _number(
    "alert_overrun_minutes", 5, N_("Alert when a visit runs over by"),
    N_("Counted from what such visits take at this clinic, or from the plan where too few are known."), 120, MINUTES,
)  # fmt: skip
ALERT_DOCTOR_WAIT: Final = _number(
    "alert_doctor_wait_minutes", 10, N_("Alert when a chair waits for the doctor for"),
    N_("From then on the doctor is told of a chair that waits."), 120, MINUTES,
)  # fmt: skip
ALERT_OVERTIME: Final = _number(
    "alert_overtime_minutes", 15, N_("Alert when overtime will be"),
    N_("How far past the end of a shift the day may run as it is reckoned now."), 240, MINUTES,
)  # fmt: skip
PREPARE_AHEAD: Final = _number(
    "prepare_ahead_minutes", 30, N_("Ready before a visit"),
    N_("So long beforehand a chair that is not prepared or a lab case that is not back is told."), 240, MINUTES,
)  # fmt: skip
MOST_WAITING: Final = _number(
    "most_waiting", 6, N_("Most patients who wait"),
    N_("When more wait for a chair, the role below is told."), 50, VISITS,
)  # fmt: skip
MOST_CALLS: Final = _number(
    "most_calls", 2, N_("Most chairs that wait for the doctor"),
    N_("When more chairs wait for the doctor, the role below is told."), 20, VISITS,
)  # fmt: skip
TOO_MANY_ROLE: Final = Setting(
    "too_many_role", Scope.CLINIC, Role, Role.PRACTICE_MANAGER, N_("Who is told of too many at once"),
    N_("Only this role is told; it is not passed on."), FLOW,
    labels=tuple((role.value, label) for role, label in ROLE_LABELS.items()),
)  # fmt: skip
ESCALATE_AFTER: Final = _number(
    "escalate_after_minutes", 5, N_("Pass an alert on after"),
    N_("An alert that nobody acknowledges goes to the next role after this long."), 120, MINUTES,
)  # fmt: skip
INTERRUPT_EVERY: Final = _number(
    "interrupt_every_minutes", 15, N_("Interrupt a role at most every"),
    N_("Further alerts within this time are shown quietly."), 240, MINUTES,
)  # fmt: skip
INFER_STATES: Final = Setting(
    "infer_states", Scope.CLINIC, bool, True, N_("States follow what is done"),
    N_("A chart opened or a sign-on at a chair, images and signatures move the visit on. Such states are marked."),
    FLOW,
)  # fmt: skip
CONSENT_BEFORE_START: Final = Setting(
    "consent_before_start", Scope.CLINIC, bool, True, N_("Consent before treatment begins"),
    N_("A visit that starts treatment is marked while no consent to care is recorded."), FLOW,
)  # fmt: skip
HISTORY_MONTHS: Final = _number(
    "medical_history_months", 0, N_("Medical history at least every"),
    N_("A visit is marked while no medical history of this age or newer is in the chart. 0: never."),
    60, N_("months"), 0,
)  # fmt: skip
REMIND_AHEAD: Final = _number(
    "remind_ahead_minutes", 10, N_("Remind staff of the next patient before"),
    N_("Whoever treats is told of the next visit so long beforehand. 0: never."), 60, MINUTES, 0,
)  # fmt: skip
LEAVES_AFTER: Final = _number(
    "leaves_after_minutes", 10, N_("Gone after the checkout within"),
    N_("Who has been at the checkout for this long is taken to have left. 0: only when somebody says so."),
    120, MINUTES, 0,
)  # fmt: skip
CHAIR_HERE: Final = Setting(
    "chair_here", Scope.WORKSTATION, str, "", N_("Chair of this workstation"),
    N_("What is done at this computer is done at this chair."), FLOW, shown=False,
)  # fmt: skip
CALL_MESSAGES: Final = Setting(
    "call_messages", Scope.CLINIC, bool, False, N_("Draft a message when a patient is called"),
    N_("For families who wait outside; somebody sends it."), FLOW,
)  # fmt: skip
CALL_CHIME: Final = Setting(
    "call_chime", Scope.WORKSTATION, bool, True, N_("Chime when a patient is called"),
    N_("This workstation sounds when the wall it shows calls somebody."), FLOW,
)  # fmt: skip
DELAY_MESSAGES: Final = _number(
    "delay_messages_after_minutes", 20, N_("Draft a message about a delay of"),
    N_("For families who are not here yet; somebody sends it. 0: never."), 120, MINUTES, 0,
)  # fmt: skip
NEXT_NEEDED: Final = Setting(
    "next_visit_needed", Scope.CLINIC, bool, False, N_("Nobody in treatment leaves without a next visit"),
    N_("At the checkout, a patient in treatment needs a booked visit or a reason why not."), FLOW,
)  # fmt: skip
ASK_OPINION: Final = Setting(
    "ask_opinion", Scope.CLINIC, bool, False, N_("Draft a message that asks how the visit was"),
    N_("When a patient has left; somebody sends it."), FLOW,
)  # fmt: skip
MEAL_WARNING: Final = _number(
    "meal_warning_minutes", 15, N_("Tell of a meal break before it is due by"),
    N_("After five hours of work a meal break of thirty minutes is due by law."), 60, MINUTES, 0,
)  # fmt: skip
DAY_PANELS: Final = Setting(
    "day_panels_away", Scope.USER, str, "", N_("Panels put away beside the day"),
    N_("What one does not want beside the day."), FLOW, shown=False,
)  # fmt: skip
DAY_START: Final = Setting(
    "day_start", Scope.USER, str, "", N_("View in which the day opens"),
    N_("The view, its lanes and its direction as they were left."), FLOW, shown=False,
)  # fmt: skip
