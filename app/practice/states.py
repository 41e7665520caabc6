"""The five state machines of an orthodontic practice, in one table: canonical code, mission label, names, transitions.

They are five on purpose: where the patient stands with the practice, in which phase the treatment is, what became of
an appointment, where in the building somebody is today, and what the doctor does at a chair. `name` is the English
msgid whose French stands in the catalogue; `mission` is the label of the product's requirements, where one exists.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.core.i18n import N_


class Machine(enum.StrEnum):
    """Which of the five."""

    PATIENT = "patient"
    PHASE = "phase"
    APPOINTMENT = "appointment"
    FLOW = "flow"
    DOCTOR = "doctor"


@dataclass(frozen=True, slots=True)
class State:
    """One state. `to` are the codes that it may pass to; `computed` states follow from the clock and are not kept."""

    machine: Machine
    code: str
    name: str
    mission: str = ""
    to: tuple[str, ...] = ()
    initial: bool = False
    computed: bool = False


SCHEDULED, CHECKED_IN, IN_PROGRESS = N_("Scheduled"), N_("Checked in"), N_("In progress")
PAUSED, COMPLETED, DELAYED = N_("Paused"), N_("Completed"), N_("Delayed")
NO_SHOW, CANCELLED = N_("No-show"), N_("Cancelled")

_AFTER_EXAM: Final = ("pending", "observation", "declined", "start_scheduled", "active")
_LEAVING: Final = ("transferred_out", "discontinued", "on_hold")
_P, _T, _A, _F, _D = Machine


def _patient() -> Iterator[State]:
    yield State(_P, "new_lead", N_("New lead"), to=("exam_scheduled", *_AFTER_EXAM, "transferred_in"), initial=True)
    yield State(_P, "exam_scheduled", N_("Exam scheduled"), to=(*_AFTER_EXAM, "new_lead"))
    yield State(_P, "pending", N_("Pending"), to=("observation", "declined", "start_scheduled", "active"))
    yield State(_P, "observation", N_("Observation"), to=("pending", "declined", "start_scheduled", "active"))
    yield State(_P, "declined", N_("Declined"), to=("exam_scheduled", "pending", "start_scheduled", "active"))
    yield State(_P, "start_scheduled", N_("Start scheduled"), to=("active", "pending", "declined", "observation"))
    yield State(_P, "active", N_("Active"), to=("retention", "observation", *_LEAVING))
    yield State(_P, "retention", N_("Retention"), to=("finished", "active", "transferred_out", "discontinued"))
    yield State(_P, "finished", N_("Finished"), to=("active", "retention"))
    yield State(_P, "transferred_in", N_("Transferred in"), to=("active", "pending", "observation", "retention"))
    yield State(_P, "transferred_out", N_("Transferred out"), to=("active", "retention"))
    yield State(_P, "discontinued", N_("Discontinued"), to=("active", "retention"))
    yield State(_P, "on_hold", N_("On hold"), to=("active", "transferred_out", "discontinued"))


def _phase() -> Iterator[State]:
    whole = ("comprehensive", "limited", "aligner")
    yield State(_T, "pre_treatment", N_("Pre-treatment"), to=("phase_1", *whole), initial=True)
    yield State(_T, "phase_1", N_("Phase I"), to=("between_phases", "phase_2", "retention"))
    yield State(_T, "between_phases", N_("Between phases"), to=("phase_2", *whole, "retention"))
    yield State(_T, "phase_2", N_("Phase II"), to=("retention",))
    yield State(_T, "comprehensive", N_("Comprehensive treatment"), to=("retention", "aligner"))
    yield State(_T, "limited", N_("Limited treatment"), to=("retention", "comprehensive", "aligner"))
    yield State(_T, "aligner", N_("Aligner treatment"), to=("retention", "comprehensive"))
    yield State(_T, "retention", N_("Retention phase"), to=("phase_2", *whole))


def _appointment() -> Iterator[State]:
    over = ("kept", "missed", "cancelled", "cancelled_late", "deleted")
    yield State(_A, "planned", N_("Planned"), to=("unscheduled", "scheduled", "cancelled", "deleted"))
    yield State(_A, "unscheduled", N_("Unscheduled"), to=("scheduled", "cancelled", "deleted"))
    yield State(_A, "scheduled", N_("Scheduled"), SCHEDULED, ("confirmed", "unscheduled", *over), initial=True)
    yield State(_A, "confirmed", N_("Confirmed"), SCHEDULED, ("scheduled", "unscheduled", *over))
    yield State(_A, "kept", N_("Kept"), COMPLETED, ("scheduled", "confirmed"))
    yield State(_A, "missed", N_("Missed"), NO_SHOW, ("scheduled", "kept"))
    yield State(_A, "cancelled", N_("Cancelled"), CANCELLED, ("scheduled",))
    yield State(_A, "cancelled_late", N_("Cancelled late"), CANCELLED, ("scheduled",))
    yield State(_A, "deleted", N_("Deleted"), CANCELLED)


def _flow() -> Iterator[State]:
    yield State(_F, "expected", N_("Expected"), SCHEDULED, ("arrived", "seated"), initial=True)
    yield State(_F, "late", N_("Late"), DELAYED, ("arrived", "seated"), computed=True)
    yield State(_F, "arrived", N_("Arrived"), CHECKED_IN, ("on_deck", "seated", "gone"))
    yield State(_F, "on_deck", N_("On deck"), CHECKED_IN, ("arrived", "seated", "gone"))
    yield State(_F, "seated", N_("Seated"), IN_PROGRESS, ("seated", "paused", "out_deck", "checkout", "arrived"))
    yield State(_F, "paused", N_("Paused"), PAUSED, ("seated", "out_deck", "checkout"))
    yield State(_F, "out_deck", N_("Out deck"), IN_PROGRESS, ("seated", "checkout"))
    yield State(_F, "checkout", N_("Checkout"), COMPLETED, ("gone", "seated"))
    yield State(_F, "gone", N_("Gone"), COMPLETED)


def _doctor() -> Iterator[State]:
    yield State(_D, "none", N_("Doctor not needed"), to=("needed", "needed_first", "here"), initial=True)
    yield State(_D, "needed", N_("Dr needed"), to=("needed_first", "here", "none"))
    yield State(_D, "needed_first", N_("Dr needed first"), to=("needed", "here", "none"))
    yield State(_D, "here", N_("Dr at chair"), to=("was_here",))
    yield State(_D, "was_here", N_("Dr was here"), to=("needed", "needed_first", "here"))


MACHINES: Final[dict[Machine, dict[str, State]]] = {
    machine: {item.code: item for item in states()}
    for machine, states in zip(Machine, (_patient, _phase, _appointment, _flow, _doctor), strict=True)
}
"""Every state by machine and code."""


def state(machine: Machine, code: str) -> State:
    """The state of a code; `KeyError` for one that the machine does not have."""
    return MACHINES[machine][code]


def may_pass(machine: Machine, code: str, to: str) -> bool:
    """Whether a state may pass to another."""
    return to in MACHINES[machine][code].to
