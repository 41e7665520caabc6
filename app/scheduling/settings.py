"""What the clinic decides about its schedule."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.settings import Page, Scope, Setting

SCHEDULE: Final = Page("schedule", N_("Schedule"), "calendar-blank", 50)


def _minutes(name: str, default: int, label: str, text: str, high: int, low: int = 0) -> Setting[int]:
    return Setting(
        name, Scope.CLINIC, int, default, label, text, SCHEDULE, minimum=low, maximum=high, unit=N_("minutes")
    )


def _number(name: str, default: int, label: str, text: str, high: int, unit: str) -> Setting[int]:
    return Setting(name, Scope.CLINIC, int, default, label, text, SCHEDULE, minimum=1, maximum=high, unit=unit)


GRID_MINUTES: Final = _minutes(
    "grid_minutes", 5, N_("Grid of the schedule"), N_("Free times begin on multiples of this."), 60, 1
)
DOCTOR_TOLERANCE: Final = _minutes(
    "doctor_tolerance_minutes",
    0,
    N_("Doctor overlap that is only told"),
    N_("Two visits that need the same doctor at once for no longer than this are a warning."),
    15,
)
WALK_MINUTES: Final = _minutes(
    "walk_minutes",
    1,
    N_("Walk between chairs"),
    N_("The doctor needs this long from one chair to another; less is a warning."),
    10,
)
LATE_AFTER: Final = _minutes(
    "late_after_minutes", 5, N_("Late after"), N_("A patient who has not arrived by then shows as late."), 60, 1
)
WAIT_WARNS: Final = _minutes(
    "wait_warns_after_minutes",
    10,
    N_("Wait that draws attention"),
    N_("From then on the wait of a patient is shown in the colour of lateness."),
    120,
    1,
)
WAIT_ALARMS: Final = _minutes(
    "wait_alarms_after_minutes",
    20,
    N_("Wait that is too long"),
    N_("From then on the wait of a patient is shown as something to act on now."),
    240,
    1,
)
LATE_CANCEL_HOURS: Final = _number(
    "late_cancel_hours",
    24,
    N_("Late cancellation within"),
    N_("A visit that is cancelled less than this before it begins counts as cancelled late."),
    168,
    N_("hours"),
)
NOT_SEEN_WEEKS: Final = _number(
    "not_seen_weeks",
    12,
    N_("Not seen lately after"),
    N_("Patients in treatment whose last visit is longer ago stand on the list."),
    52,
    N_("weeks"),
)
LAB_AHEAD_DAYS: Final = _number(
    "lab_ahead_days",
    7,
    N_("Look ahead for lab cases"),
    N_("Visits within this time whose lab case is not back stand on the list."),
    60,
    N_("days"),
)
