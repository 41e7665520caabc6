"""Settings of sign-in and privacy, and the practice's own name and time zone."""

from __future__ import annotations

import enum
from typing import Final

from app.core.clock import CLINIC_ZONE
from app.core.i18n import N_
from app.core.settings import SECURITY, Page, Scope, Setting

PRACTICE: Final = Page("practice", N_("Practice"), "buildings", 15)


class TimeZone(enum.StrEnum):
    """The time zones of Canada (IANA names)."""

    ST_JOHNS = "America/St_Johns"
    HALIFAX = "America/Halifax"
    BLANC_SABLON = "America/Blanc-Sablon"
    MONCTON = "America/Moncton"
    TORONTO = "America/Toronto"
    WINNIPEG = "America/Winnipeg"
    REGINA = "America/Regina"
    EDMONTON = "America/Edmonton"
    VANCOUVER = "America/Vancouver"
    WHITEHORSE = "America/Whitehorse"


TIME_ZONE_LABELS: Final[dict[TimeZone, str]] = {
    TimeZone.ST_JOHNS: N_("Newfoundland (St. John’s)"),
    TimeZone.HALIFAX: N_("Atlantic (Halifax, Îles-de-la-Madeleine)"),
    TimeZone.BLANC_SABLON: N_("Atlantic without summer time (Blanc-Sablon)"),
    TimeZone.MONCTON: N_("Atlantic (Moncton)"),
    TimeZone.TORONTO: N_("Eastern (Montréal, Québec, Toronto)"),
    TimeZone.WINNIPEG: N_("Central (Winnipeg)"),
    TimeZone.REGINA: N_("Central without summer time (Regina)"),
    TimeZone.EDMONTON: N_("Mountain (Edmonton)"),
    TimeZone.VANCOUVER: N_("Pacific (Vancouver)"),
    TimeZone.WHITEHORSE: N_("Yukon (Whitehorse)"),
}

PRACTICE_NAME: Final = Setting(
    "practice_name",
    Scope.CLINIC,
    str,
    "",
    N_("Practice name"),
    N_("As it stands on the sign-in screen, letters and receipts."),
    PRACTICE,
)
CLINIC_TIME_ZONE: Final = Setting(
    "clinic_time_zone",
    Scope.CLINIC,
    TimeZone,
    TimeZone(CLINIC_ZONE),
    N_("Time zone"),
    N_("Decides which day it is and at what time an appointment stands."),
    PRACTICE,
    labels=tuple((zone.value, label) for zone, label in TIME_ZONE_LABELS.items()),
)
AUTO_LOCK_MINUTES: Final = Setting(
    "auto_lock_minutes",
    Scope.WORKSTATION,
    int,
    4,
    N_("Lock after"),
    N_("Without a touch for this long, the screen is covered and asks who works here."),
    SECURITY,
    minimum=1,
    maximum=60,
    unit=N_("minutes"),
)
PIN_ALLOWED: Final = Setting(
    "pin_allowed",
    Scope.WORKSTATION,
    bool,
    True,
    N_("Unlock with a PIN"),
    N_("A PIN opens the screen again for someone whose password was used here in the last 12 hours."),
    SECURITY,
)
SESSION_HOURS: Final = Setting(
    "session_hours",
    Scope.CLINIC,
    int,
    12,
    N_("Ask for the password again after"),
    N_("A sign-in ends by itself after this long, even when the workstation was used all the time."),
    SECURITY,
    minimum=1,
    maximum=24,
    unit=N_("hours"),
)
