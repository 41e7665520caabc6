"""How the day is looked at: the plan of the clinic, saved views, what a step would do, and what a wall may show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.core.i18n import N_
from app.core.ids import ClinicId
from app.core.text import fold
from app.journal.commands import query
from app.journal.queries import Reading
from app.orchestration.floor import FloorSpot, usual_plan
from app.orchestration.model import DayLook, FloorPlace
from app.orchestration.permissions import SEE_DAY, STEER_DAY
from app.orchestration.together import refusals
from app.orchestration.vocabulary import DayLookId, FlowStep
from app.practice.model import Operatory
from app.practice.vocabulary import OperatoryId
from app.scheduling.vocabulary import AppointmentId


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """The plan of a clinic; `drawn` is false for the usual one, shown while nobody has drawn another.

    `missing` are chairs of the clinic that are not on the plan.
    """

    clinic_id: ClinicId
    drawn: bool
    spots: tuple[FloorSpot, ...]
    missing: tuple[OperatoryId, ...]


@dataclass(frozen=True, slots=True)
class DayLookLine:
    """A saved view; `mine` tells that the reader saved it."""

    id: DayLookId
    name: str
    shared: bool
    mine: bool
    look: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepLine:
    """What a step would do to one visit: `refusal` says why nothing, empty when it goes."""

    appointment_id: AppointmentId
    refusal: str


@query(permission=SEE_DAY, label=N_("Plan of the clinic"))
def floor_plan(read: Reading, clinic_id: ClinicId) -> FloorPlan:
    """What stands where in a clinic, in units of a plan of 1010 by 690."""
    chairs = (
        select(Operatory.id)
        .where(Operatory.clinic_id == clinic_id, Operatory.withdrawn_at.is_(None), Operatory.virtual.is_(False),
               or_(Operatory.retired_on.is_(None), Operatory.retired_on > read.today))
        .order_by(Operatory.position, Operatory.id)
    )  # fmt: skip
    ids = [OperatoryId(row.id) for row in read.execute(chairs)]
    place = FloorPlace
    columns = (place.kind, place.across, place.down, place.width, place.height, place.operatory_id, place.label)
    standing = (place.clinic_id == clinic_id, place.withdrawn_at.is_(None))
    statement = select(*columns).where(*standing).order_by(place.down, place.across, place.id)
    spots = tuple(
        FloorSpot(row.kind, row.across, row.down, row.width, row.height, row.operatory_id, row.label)
        for row in read.execute(statement)
    )
    living = tuple(spot for spot in spots if spot.operatory_id is None or spot.operatory_id in ids)
    if not living:
        return FloorPlan(clinic_id, False, usual_plan(ids), ())
    shown = {spot.operatory_id for spot in living}
    return FloorPlan(clinic_id, True, living, tuple(key for key in ids if key not in shown))


@query(permission=SEE_DAY, label=N_("Saved views of the day"))
def day_looks(read: Reading) -> tuple[DayLookLine, ...]:
    """One’s own saved views, then those that are shared."""
    statement = select(DayLook.id, DayLook.name, DayLook.shared, DayLook.owner_id, DayLook.look).where(
        DayLook.withdrawn_at.is_(None), or_(DayLook.owner_id == read.actor.id, DayLook.shared.is_(True))
    )
    lines = [
        DayLookLine(row.id, row.name, row.shared, row.owner_id == read.actor.id, row.look or {})
        for row in read.execute(statement)
    ]
    return tuple(sorted(lines, key=lambda line: (line.shared, fold(line.name), line.id)))


@query(permission=STEER_DAY, label=N_("What a step for several visits would do"))
def step_preview(read: Reading, step: FlowStep, appointment_ids: list[AppointmentId]) -> tuple[StepLine, ...]:
    """For each of some visits whether the step is possible now, and why not."""
    found = refusals(read, step, appointment_ids)
    return tuple(StepLine(key, refusal) for key, refusal in found.items())
