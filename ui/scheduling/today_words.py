"""How a visit is said at the desk: one place, so that the list, the lanes and the panel agree."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.core.clock import Clock
from app.core.i18n import N_, _, language
from app.patients.queries import AlertKind, AlertSeverity
from app.scheduling.queries import DayRow, Stage, TypeLine, VisitLine
from ui.patients.words import full_name
from ui.shell.formats import hour
from ui.theme.tokens import STATUSES

WAITS: Final = frozenset({Stage.LATE, Stage.WAITING, Stage.NEEDED, Stage.PAUSED, Stage.CHECKOUT})
"""Stages in which somebody must act, so that the minutes count against the clinic."""


class _Called:
    """A visit's patient with the name that he or she goes by."""

    def __init__(self, row: DayRow) -> None:
        self.family_name, self.given_name = row.visit.family_name, row.visit.given_name
        self.preferred_name = row.preferred_name


def who(row: DayRow) -> str:
    """The patient's name, with the preferred one."""
    return full_name(_Called(row))


def type_name(line: VisitLine | TypeLine) -> str:
    """The type in the language in force."""
    french = line.type_name_fr if isinstance(line, VisitLine) else line.name_fr
    english = line.type_name_en if isinstance(line, VisitLine) else line.name_en
    return french if language() == "fr" else english


def minutes_words(minutes: int) -> str:
    """`6 min`, `1 h 20`."""
    if minutes < 60:
        return _(N_("{n} min"), n=minutes)
    return _(N_("{hours} h {minutes}"), hours=minutes // 60, minutes=f"{minutes % 60:02d}")


def waited(row: DayRow, now: datetime) -> int | None:
    """Whole minutes of the present wait; None while nobody waits."""
    return None if row.since is None else max(0, int((now - row.since).total_seconds() // 60))


def wait_words(row: DayRow, now: datetime) -> str:
    """The present wait, or what the family announced."""
    minutes = waited(row, now)
    if minutes is not None:
        return minutes_words(minutes)
    return _(N_("will be {n} min late"), n=row.late_minutes) if row.late_minutes else ""


def stage_words(row: DayRow) -> str:
    """The word of the stage."""
    return _(STATUSES[row.stage.value].label)


def flags_of(row: DayRow) -> list[tuple[str, str, str]]:
    """(icon, severity, words) of what to mind; the loudest first."""
    found = [
        (
            "warning" if alert.severity is not AlertSeverity.CRITICAL else "warning-octagon",
            {AlertSeverity.CRITICAL: "danger", AlertSeverity.WARNING: "warn"}.get(alert.severity, "info"),
            alert.text,
        )
        for alert in row.alerts
        if alert.kind is not AlertKind.FINANCIAL
    ]
    found += [
        ("currency-circle-dollar", "warn", alert.text) for alert in row.alerts if alert.kind is AlertKind.FINANCIAL
    ]
    if row.lab_missing:
        found.append(("flask", "warn", _(N_("Lab case not back"))))
    if row.visit.needs_prep and not row.visit.prep_done:
        found.append(("clipboard-text", "info", _(N_("Chair to prepare"))))
    if row.first_visit:
        found.append(("star", "info", _(N_("New patient"))))
    if row.unconfirmed:
        found.append(("question", "warn", _(N_("Not confirmed"))))
    return found


def row_sentence(row: DayRow, clock: Clock) -> str:
    """What assistive technology reads of a visit: `10 h 21, Florence Bergeron, Ajustement, Fauteuil 2, …`."""
    visit = row.visit
    parts = [
        hour(visit.starts_at, clock) if visit.starts_at else "", who(row), type_name(visit), row.operatory,
        stage_words(row), wait_words(row, clock.now()), *(words for _icon, _severity, words in flags_of(row)),
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


def short_person(name: str) -> str:
    """`Dre Gagnon` of `Dre Marie Gagnon`; somebody without a title keeps the whole name."""
    words = name.split()
    titled = len(words) > 2 and words[0].rstrip(".").lower() in {"dr", "dre"}
    return f"{words[0]} {words[-1]}" if titled else name
