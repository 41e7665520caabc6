"""How a patient is written on screen: name, birth and age, status, alerts. One place, so that every screen agrees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol

from app.core.clock import Clock, from_millis
from app.core.i18n import N_, _
from app.patients.queries import (
    ALERT_LABELS,
    AlertKind,
    AlertSeverity,
    FileStatus,
)
from ui.shell.columns import code_words
from ui.shell.formats import age, day, moment

SEVERITIES: Final = {AlertSeverity.CRITICAL: "danger", AlertSeverity.WARNING: "warn", AlertSeverity.NOTE: "info"}
ALERT_ICONS: Final = {
    AlertKind.ALLERGY: "warning-circle", AlertKind.MEDICAL: "first-aid", AlertKind.BEHAVIOUR: "smiley",
    AlertKind.LEGAL: "identification-badge", AlertKind.FINANCIAL: "currency-circle-dollar",
}  # fmt: skip
STATUS_ICONS: Final = {FileStatus.ACTIVE: "check", FileStatus.INACTIVE: "pause-circle", FileStatus.ARCHIVED: "folder"}


FLAGS: Final = frozenset({"may_text", "may_consent", "preferred"})


class Named(Protocol):
    """What has a name."""

    @property
    def family_name(self) -> str: ...
    @property
    def given_name(self) -> str: ...


class AlsoCalled(Named, Protocol):
    """What may have a preferred name."""

    @property
    def preferred_name(self) -> str | None: ...


def plain_name(person: Named) -> str:
    """Given name, family name."""
    return f"{person.given_name} {person.family_name}".strip()


def full_name(patient: AlsoCalled) -> str:
    """Given name, the name the patient goes by when it is another, family name."""
    called = patient.preferred_name
    if not called or called == patient.given_name:
        return plain_name(patient)
    return f"{patient.given_name} {_(N_('“{name}”'), name=called)} {patient.family_name}"


def born(born_on: date | None, today: date) -> str:
    """Birth date and age: `3 mars 2012 · 14 ans`."""
    return f"{day(born_on, short=True)} · {age(born_on, today)}" if born_on else ""


def number(file_number: str) -> str:
    """`no 20418`."""
    return _(N_("no. {number}"), number=file_number)


def alert_words(kind: AlertKind, text: str) -> str:
    """`Allergie : latex`."""
    return _(N_("{kind}: {text}"), kind=ALERT_LABELS[kind], text=text)


def value_words(clock: Clock, column: str, value: str | int, people: Mapping[str, str]) -> str:
    """A value of the history as people read it: instants, days, yes and no, codes, names of the staff."""
    if isinstance(value, int):
        if column.endswith("_at"):
            return moment(from_millis(value), clock)
        return _(N_("yes") if value else N_("no")) if column in FLAGS else str(value)
    return code_words(column, value, people)
