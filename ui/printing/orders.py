"""What is asked to be printed, and what a maker of a document may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, ParamSpec, TypeVar

from app.core.clock import Clock
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.core.settings import Setting
from app.journal.commands import Query
from app.journal.effects import TRAINING_KIND
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.practice.queries import ClinicLine, clinics
from app.scheduling.queries import AppointmentId

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
TRAINING_WORDS: Final = "FORMATION / TRAINING"
"""In both languages, whatever the document speaks: nobody may take it for the real thing."""


@dataclass(frozen=True, slots=True)
class Order:
    """A document for somebody or some day. Empty parts take the document's default; `first` and `count` are for labels.

    `first` is the place of the first free label, from 0; `days` how many open days after `after` (today) paper mode
    holds.
    """

    document: str
    patient_id: PatientId | None = None
    appointment_id: AppointmentId | None = None
    clinic_id: ClinicId | None = None
    on: date | None = None
    after: date | None = None
    paper: str = ""
    sheet: str = ""
    first: int = 0
    count: int = 1
    days: int = 1
    language: str = ""


class Sources:
    """The questions of a maker, asked for one person; nothing is ever written."""

    def __init__(self, runner: Runner, actor: Actor) -> None:
        self.runner, self.actor = runner, actor

    def ask(self, query: Query[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer of a query; `PermissionDenied` as everywhere."""
        return self.runner.ask(self.actor, query, *args, **kwargs)

    def setting(self, setting: Setting[T]) -> T:
        """The value in force."""
        value: T = self.runner.setting(self.actor, setting)
        return value

    @property
    def clock(self) -> Clock:
        """The clinic's clock."""
        return self.runner.clock

    @property
    def now(self) -> datetime:
        """The moment of printing."""
        return self.runner.clock.now()

    @property
    def training(self) -> bool:
        """Whether the people are invented: every page says so."""
        return self.runner.place.kind == TRAINING_KIND

    def clinics(self) -> tuple[ClinicLine, ...]:
        """The clinics that are open, in their order."""
        return self.ask(clinics)

    def clinic(self, clinic_id: ClinicId | None = None) -> ClinicLine:
        """The clinic asked for, or the first; `RuleViolation` when none is set up."""
        known = self.clinics()
        found = next((line for line in known if clinic_id in {None, line.id}), None)
        if found is None:
            raise RuleViolation(N_("No clinic is set up yet."))
        return found
