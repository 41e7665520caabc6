"""What the practice decides about its holidays and breaks."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.settings import WORKSTATION, Page, Scope, Setting
from app.practice.holidays import EasterChoice

WORKING_TIME: Final = Page("working_time", N_("Working time"), "clock", 45)

CLOSED_ON_HOLIDAYS: Final = Setting(
    "closed_on_holidays",
    Scope.CLINIC,
    bool,
    True,
    N_("Closed on statutory holidays"),
    N_("Nobody is booked on a statutory holiday of Québec, unless that day is opened by exception."),
    WORKING_TIME,
)
EASTER_HOLIDAY: Final = Setting(
    "easter_holiday",
    Scope.CLINIC,
    EasterChoice,
    EasterChoice.GOOD_FRIDAY,
    N_("Easter holiday"),
    N_("The employer chooses Good Friday or Easter Monday (Act respecting labour standards, s. 60)."),
    WORKING_TIME,
    labels=(
        (EasterChoice.GOOD_FRIDAY.value, N_("Good Friday")),
        (EasterChoice.EASTER_MONDAY.value, N_("Easter Monday")),
        (EasterChoice.BOTH.value, N_("Good Friday and Easter Monday")),
    ),
)
MEAL_AFTER_MINUTES: Final = Setting(
    "meal_after_minutes",
    Scope.CLINIC,
    int,
    300,
    N_("Meal break due after"),
    N_("After this long at work a meal break of 30 minutes is due (Act respecting labour standards, s. 79)."),
    WORKING_TIME,
    minimum=60,
    maximum=720,
    unit=N_("minutes"),
)
BACKUP_FOLDER: Final = Setting(
    "backup_folder",
    Scope.WORKSTATION,
    str,
    "",
    N_("Backup folder"),
    N_("Where backups of this workstation are to be kept. This version keeps the place; it copies nothing by itself."),
    WORKSTATION,
)
