"""What each figure means: its formula in words, its version, its unit. A formula that changes takes a new version."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from app.core.i18n import N_


class Unit(enum.StrEnum):
    """What the value of a figure counts. Per mille and tenths of a minute keep it a whole number."""

    COUNT = "count"
    PER_MILLE = "per_mille"
    TENTH_MINUTES = "tenth_minutes"


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure. `name` and `formula` are msgids; `more_is_better` is None where neither is."""

    code: str
    version: int
    name: str
    formula: str
    unit: Unit
    more_is_better: bool | None = None


_C, _P, _M = Unit.COUNT, Unit.PER_MILLE, Unit.TENTH_MINUTES

SEEN: Final = Definition("seen", 1, N_("Patients seen"), N_("Visits that were kept."), _C, True)
DURATION: Final = Definition(
    "duration", 1, N_("Length of a visit"), N_("Minutes from seated to completed, by visit that was kept."), _M
)
ON_TIME: Final = Definition(
    "on_time",
    1,
    N_("On time"),
    N_("Seated at most 5 minutes after the planned begin, of all who were seated."),
    _P,
    True,
)
PATIENT_WAIT: Final = Definition(
    "patient_wait", 1, N_("Wait of patients"),
    N_("Minutes from arrival, or from the planned begin for who came early, to seated, by patient."), _M, False,
)  # fmt: skip
DOCTOR_WAIT: Final = Definition(
    "doctor_wait", 1, N_("Wait for the doctor"),
    N_("Minutes from the call of the doctor to the doctor’s coming, by call."), _M, False,
)  # fmt: skip
NET_DOCTOR: Final = Definition(
    "net_doctor", 1, N_("Doctor’s time beyond the plan"),
    N_("Minutes of the doctor at the chair less planned ones, by visit with the doctor."), _M,
)  # fmt: skip
NET_PROCEDURE: Final = Definition(
    "net_procedure", 1, N_("Time at the chair beyond the plan"),
    N_("Minutes at the chair less planned ones, by visit that was kept."), _M,
)  # fmt: skip
CHECKOUT: Final = Definition(
    "checkout", 1, N_("Time at the checkout"), N_("Minutes from completed to gone, by visit."), _M, False
)
NO_SHOW: Final = Definition(
    "no_show", 1, N_("No-shows"), N_("Visits that were missed, of those kept or missed, by count."), _P, False
)
SHOW: Final = Definition("show", 1, N_("Show rate"), N_("Visits that were kept, of those kept or missed."), _P, True)
RAW: Final = Definition(
    "chair_raw", 1, N_("Chairs in use, raw"),
    N_("Minutes with a patient while open, of the minutes in which chairs are open and have hands."), _P, True,
)  # fmt: skip
ADJUSTED: Final = Definition(
    "chair_adjusted", 1, N_("Chairs in use, with turnover"),
    N_("As raw, with the minutes up to 15 between two patients at one chair."), _P, True,
)  # fmt: skip
PRODUCTIVE: Final = Definition(
    "chair_productive", 1, N_("Chairs in use, productive"),
    N_("As raw, without the minutes in which a chair waits for the doctor."), _P, True,
)  # fmt: skip
BOOKED: Final = Definition(
    "chair_booked", 1, N_("Chairs in use, booked"), N_("Planned minutes, of the open minutes of chairs with hands."), _P
)
TURNAROUND: Final = Definition(
    "turnaround", 1, N_("Time between two patients"),
    N_("Minutes from one patient’s leaving a chair to the next one’s sitting down, up to 60, by change."), _M, False,
)  # fmt: skip
DOCTOR_IDLE: Final = Definition(
    "doctor_idle", 1, N_("Doctor not at a chair"),
    N_("Minutes of the doctors’ shifts in which they are at no chair, of all minutes of their shifts."), _P,
)  # fmt: skip
DEFINITIONS: Final = (
    SEEN, SHOW, NO_SHOW, ON_TIME, PATIENT_WAIT, DURATION, NET_PROCEDURE, DOCTOR_WAIT, NET_DOCTOR, DOCTOR_IDLE,
    CHECKOUT, TURNAROUND, RAW, ADJUSTED, PRODUCTIVE, BOOKED,
)  # fmt: skip
"""Every figure of a day, in the order in which it is shown."""
