"""Settings of sign-in and privacy, the practice's own name and time zone, and how each person likes the screens."""

from __future__ import annotations

import enum
from typing import Final

from app.core.clock import CLINIC_ZONE
from app.core.i18n import N_
from app.core.settings import APPEARANCE, SECURITY, Page, Scope, Setting

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
OFFLINE_SIGN_IN_DAYS: Final = Setting(
    "offline_sign_in_days",
    Scope.CLINIC,
    int,
    7,
    N_("Sign in without the server for"),
    N_("A workstation that has not reached the server for longer opens for nobody until it has."),
    SECURITY,
    minimum=1,
    maximum=90,
    unit=N_("days"),
)


class Language(enum.StrEnum):
    """Languages of the screen."""

    FRENCH = "fr"
    ENGLISH = "en"


class ThemeChoice(enum.StrEnum):
    """Looks; `system` follows the computer."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


class TextSize(enum.StrEnum):
    """Text sizes in percent."""

    P90 = "90"
    P100 = "100"
    P125 = "125"
    P150 = "150"
    P200 = "200"


class DensityChoice(enum.StrEnum):
    """Heights of rows and controls."""

    COMPACT = "compact"
    NORMAL = "normal"
    TOUCH = "touch"


THEME: Final = Setting(
    "theme", Scope.USER, ThemeChoice, ThemeChoice.SYSTEM, N_("Theme"),
    N_("Follows the computer when nothing is chosen. Imaging always stays dark."), APPEARANCE,
    labels=(
        ("system", N_("System")), ("light", N_("Light")), ("dark", N_("Dark")),
        ("high_contrast", N_("High contrast")),
    ),
)  # fmt: skip
TEXT_SIZE: Final = Setting(
    "text_size", Scope.USER, TextSize, TextSize.P100, N_("Text size"),
    N_("From 90 to 200%. Applies at once."), APPEARANCE,
    labels=(("90", "90"), ("100", "100"), ("125", "125"), ("150", "150"), ("200", N_("200%"))),
)  # fmt: skip
DENSITY: Final = Setting(
    "density", Scope.WORKSTATION, DensityChoice, DensityChoice.NORMAL, N_("Density"),
    N_("Compact at the front desk, touch at the chair."), APPEARANCE,
    labels=(("compact", N_("Compact")), ("normal", N_("Normal")), ("touch", N_("Touch"))),
)  # fmt: skip
LANGUAGE: Final = Setting(
    "language", Scope.USER, Language, Language.FRENCH, N_("Screen language"),
    N_("Letters and messages follow the language of each family."), APPEARANCE,
    labels=(("fr", "Français (Canada)"), ("en", "English (Canada)")),
)  # fmt: skip
REDUCE_MOTION: Final = Setting(
    "reduce_motion", Scope.USER, bool, False, N_("Reduce animations"), N_("Changes become immediate."), APPEARANCE
)
WORKSPACE: Final = Setting(
    "workspace", Scope.SEAT, str, "", N_("Workspace"),
    N_("The screens, panels and density of the work done at this workstation; empty: that of the person’s role."),
    APPEARANCE, shown=False,
)  # fmt: skip
PANEL_LAYOUTS: Final = Setting(
    "panel_layouts", Scope.SEAT, str, "", N_("Layout of the panels"),
    N_("Where the panels of each workspace stand. Kept by itself when a panel is moved."), APPEARANCE, shown=False,
)  # fmt: skip
WINDOW_PLACES: Final = Setting(
    "window_places", Scope.SEAT, str, "", N_("Places of the windows"),
    N_("Where the windows stand, for each set of monitors. Kept by itself."), APPEARANCE, shown=False,
)  # fmt: skip
PALETTE_RECENT: Final = Setting(
    "palette_recent", Scope.USER, str, "", N_("Recent choices of the palette"),
    N_("What was chosen last in the command palette, offered first. Kept by itself."), APPEARANCE, shown=False,
)  # fmt: skip
NEWS_SEEN: Final = Setting(
    "news_seen", Scope.SEAT, str, "", N_("Version seen last"),
    N_("What’s new is shown once for each version. Kept by itself."), APPEARANCE, shown=False,
)  # fmt: skip
NOTICES_PUT_AWAY: Final = Setting(
    "notices_put_away", Scope.USER, str, "", N_("Notifications put away"),
    N_("Which notifications the person has dealt with. Kept by itself."), APPEARANCE, shown=False,
)  # fmt: skip
