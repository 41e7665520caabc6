"""The figures of the day: each says its definition and version, what it is made of, and how honest its times are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.core.i18n import N_, _
from app.core.money import Money
from app.measures.queries import Figure, Unit
from app.orchestration.queries import DayQuality
from app.scheduling.queries import EventKind
from ui.orchestration.picture import DayPicture
from ui.shell.formats import amount, percent

STRIP: Final = ("seen", "on_time", "patient_wait", "doctor_wait", "chair_raw")
"""The figures of the strip; all others are in the panel behind it."""
ROUNDED_UP: Final = 5
"""From so many per mille on, a share is told as a per cent."""
EVENTS: Final[Mapping[str, tuple[EventKind, ...]]] = {
    "seen": (EventKind.COMPLETED, EventKind.LEFT), "show": (EventKind.COMPLETED, EventKind.LEFT),
    "no_show": (EventKind.COMPLETED, EventKind.LEFT), "on_time": (EventKind.SEATED,),
    "patient_wait": (EventKind.ARRIVED, EventKind.SEATED), "duration": (EventKind.SEATED, EventKind.COMPLETED),
    "net_procedure": (EventKind.SEATED, EventKind.COMPLETED),
    "doctor_wait": (EventKind.DOCTOR_NEEDED, EventKind.DOCTOR_NEEDED_FIRST, EventKind.DOCTOR_ARRIVED),
    "net_doctor": (EventKind.DOCTOR_ARRIVED, EventKind.DOCTOR_LEFT),
    "doctor_idle": (EventKind.DOCTOR_ARRIVED, EventKind.DOCTOR_LEFT),
    "checkout": (EventKind.COMPLETED, EventKind.LEFT), "turnaround": (EventKind.COMPLETED, EventKind.SEATED),
    "chair_raw": (EventKind.SEATED, EventKind.COMPLETED), "chair_adjusted": (EventKind.SEATED, EventKind.COMPLETED),
    "chair_productive": (EventKind.SEATED, EventKind.COMPLETED, EventKind.DOCTOR_ARRIVED),
    "chair_booked": (),
}  # fmt: skip
"""The transitions whose times a figure is made of."""


def value_words(value: int | None, unit: Unit) -> str:
    """A value in the unit of its definition; a dash where there is nothing to divide by."""
    if value is None:
        return "–"
    if unit is Unit.PER_MILLE:
        return percent((value + 5) // 10)
    if unit is Unit.TENTH_MINUTES:
        return _(N_("{n} min"), n=(value + 5) // 10)
    return str(value)


def usual_words(figure: Figure) -> str:
    """The range of the same weekday, and the day before."""
    unit, parts = figure.today.definition.unit, []
    if figure.low is not None and figure.high is not None:
        low, high = value_words(figure.low, unit), value_words(figure.high, unit)
        parts.append(_(N_("usual {low}–{high}"), low=low, high=high))
    if figure.yesterday is not None:
        parts.append(_(N_("yesterday {value}"), value=value_words(figure.yesterday, unit)))
    return " · ".join(parts)


def shares(quality: DayQuality | None, code: str) -> tuple[int, int, int]:
    """Per mille of the transitions behind a figure that are inferred, corrected, missing."""
    kinds = [item for item in quality.kinds if item.kind in EVENTS.get(code, ())] if quality is not None else []
    known = sum(item.entered + item.inferred for item in kinds)
    happened = known + sum(item.missing for item in kinds)
    if not happened:
        return 0, 0, 0
    inferred, edited = sum(item.inferred for item in kinds), sum(item.edited for item in kinds)
    return 1000 * inferred // max(known, 1), 1000 * edited // max(known, 1), 1000 * (happened - known) // happened


def honest_words(quality: DayQuality | None, code: str) -> str:
    """“3 % inferred, 1 % corrected, 2 % missing”; empty while there is nothing to say it of."""
    if quality is None or not EVENTS.get(code):
        return ""
    return ", ".join(_share_words(shares(quality, code)))


def brief_words(quality: DayQuality | None, code: str) -> str:
    """As `honest_words`, for a small tile: only the shares that are not zero, or that everything was entered."""
    if quality is None or not EVENTS.get(code):
        return ""
    return brief(shares(quality, code))


def brief(per_mille: tuple[int, int, int]) -> str:
    """The shares of inferred, corrected and missing times that are not zero."""
    told = [words for words, part in zip(_share_words(per_mille), per_mille, strict=True) if part >= ROUNDED_UP]
    return ", ".join(told) or _(N_("all entered"))


def _share_words(per_mille: tuple[int, int, int]) -> list[str]:
    names = (N_("{share} inferred"), N_("{share} corrected"), N_("{share} missing"))
    return [_(name, share=percent((part + ROUNDED_UP) // 10)) for name, part in zip(names, per_mille, strict=True)]


def worse(figure: Figure) -> bool:
    """Whether a figure is out of its usual range, to the bad side."""
    better, value = figure.today.definition.more_is_better, figure.today.value
    if better is None or value is None or figure.low is None or figure.high is None:
        return False
    return value < figure.low if better else value > figure.high


def expected_revenue(picture: DayPicture) -> Money | None:
    """What the visits of the day that were not missed or cancelled are expected to bring; None when not to be seen."""
    charges = [v.expected_charge for v in picture.shot.visits if v.expected_charge is not None and
               v.stage.value not in {"missed", "cancelled"}]  # fmt: skip
    return Money(sum(charge.cents for charge in charges)) if charges else None


def money_words(picture: DayPicture) -> str:
    """The expected revenue as an amount."""
    found = expected_revenue(picture)
    return amount(found) if found is not None else ""
