"""What the clinic decides about the day as it goes."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
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
