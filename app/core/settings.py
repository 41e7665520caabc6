"""Typed settings in three scopes. A declaration gives the page, the validation and the documentation."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from app.core.errors import RuleViolation
from app.core.i18n import N_

T = TypeVar("T")


class Scope(enum.StrEnum):
    """Whom a setting applies to."""

    WORKSTATION = "workstation"
    USER = "user"
    CLINIC = "clinic"
    SEAT = "seat"
    """One person at one workstation: how that person has arranged the windows of this computer."""


SCOPE_LABELS: dict[Scope, str] = {
    Scope.WORKSTATION: N_("This workstation"),
    Scope.USER: N_("Me"),
    Scope.CLINIC: N_("Clinic"),
    Scope.SEAT: N_("Me, at this workstation"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the settings screen; pages sort by `order`, then title."""

    name: str
    title: str
    icon: str = "gear-six"
    order: int = 100


APPEARANCE = Page("appearance", N_("Appearance and language"), "palette", 10)
SECURITY = Page("security", N_("Sign-in and privacy"), "shield-check", 20)
WORKSTATION = Page("workstation", N_("This workstation"), "desktop", 90)


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting: `kind` is bool, int, str or a StrEnum; `unit` is the msgid of the word after a number.

    `minimum` and `maximum` bound a number, inclusive. `labels` are the msgids of an enumeration's members. One that is
    not `shown` is kept by what it arranges (a layout, a list of recent entries) and has no row on the settings screen.
    """

    name: str
    scope: Scope
    kind: type[T]
    default: T
    label: str
    help: str
    page: Page
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    shown: bool = True

    def __post_init__(self) -> None:
        known = SETTINGS.setdefault(self.name, self)
        if known != self:
            raise ValueError(f"setting {self.name} is declared twice, differently")
        self.parse(self.default)

    def parse(self, value: Any) -> T:
        """The typed value of what a form, a file or the command line gives; `RuleViolation` when it is not one."""
        try:
            parsed = msgspec.convert(value, self.kind, strict=False)
        except (msgspec.ValidationError, ValueError) as error:
            raise RuleViolation(
                N_("“{value}” is not a value of the setting “{setting}”."),
                field="value",
                value=str(value),
                setting=self.label,
            ) from error
        if isinstance(parsed, int) and not isinstance(parsed, bool):
            self._check_bounds(parsed)
        return parsed

    def _check_bounds(self, number: int) -> None:
        low, high = self.minimum, self.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            raise RuleViolation(
                N_("“{setting}” lies between {low} and {high}."),
                field="value",
                setting=self.label,
                low=low if low is not None else "−∞",
                high=high if high is not None else "∞",
            )


SETTINGS: dict[str, Setting[Any]] = {}
"""Every setting that has been declared, by name."""
