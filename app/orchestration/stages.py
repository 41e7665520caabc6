"""Where a visit stands in one word, and since when: the same as the list of a day computes in the database."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.practice.states import DELAYED, MACHINES, Machine
from app.scheduling.fold import LIVE
from app.scheduling.queries.schedule import VisitLine
from app.scheduling.vocabulary import Stage

_BY_FLOW: Final = {
    "gone": Stage.DONE, "checkout": Stage.CHECKOUT, "out_deck": Stage.CHECKOUT, "paused": Stage.PAUSED,
    "arrived": Stage.WAITING, "on_deck": Stage.WAITING, "late": Stage.LATE,
}  # fmt: skip
_BY_DOCTOR: Final = {"needed": Stage.NEEDED, "needed_first": Stage.NEEDED, "here": Stage.HERE}


def stage_of(line: VisitLine) -> Stage:
    """The stage of a visit as it stands at its moment."""
    if line.status in {"cancelled", "cancelled_late"}:
        return Stage.CANCELLED
    if line.status == "missed":
        return Stage.MISSED
    if line.flow == "seated":
        return _BY_DOCTOR.get(line.doctor, Stage.SEATED)
    return _BY_FLOW.get(line.flow, Stage.EXPECTED)


_SINCE: Final = {
    Stage.LATE: "starts_at", Stage.WAITING: "arrived_at", Stage.SEATED: "seated_at", Stage.NEEDED: "doctor_needed_at",
    Stage.HERE: "doctor_here_at", Stage.PAUSED: "seated_at", Stage.DONE: "left_at", Stage.MISSED: "ended_at",
    Stage.CANCELLED: "ended_at", Stage.CHECKOUT: "completed_at",
}  # fmt: skip


def since_of(line: VisitLine, stage: Stage, paused_at: datetime | None = None) -> datetime | None:
    """When the present stage began, where that is known."""
    if stage is Stage.PAUSED and paused_at is not None:
        return paused_at
    name = _SINCE.get(stage)
    found: datetime | None = getattr(line, name) if name else None
    return line.seated_at if found is None and stage is Stage.CHECKOUT else found


def mission_of(line: VisitLine, delayed: bool) -> str:
    """The label of the product's eight states (a msgid); a visit that stands and is behind its time is “Delayed”."""
    if line.status not in LIVE:
        return MACHINES[Machine.APPOINTMENT][line.status].mission
    if delayed and line.flow in {"expected", "late"}:
        return DELAYED
    return MACHINES[Machine.FLOW][line.flow].mission
