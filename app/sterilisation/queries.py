"""What screens ask about sterilisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.patients.model import Patient
from app.practice.model import Equipment
from app.practice.vocabulary import EquipmentId
from app.scheduling.vocabulary import AppointmentId
from app.sterilisation.model import PackUse, SterilisationCycle
from app.sterilisation.permissions import SEE_STERILISATION
from app.sterilisation.vocabulary import (
    CYCLE_LABELS,
    INDICATOR_LABELS,
    CycleState,
    Indicator,
    SterilisationCycleId,
)

__all__ = [
    "CYCLE_LABELS",
    "INDICATOR_LABELS",
    "CycleLine",
    "CycleState",
    "Indicator",
    "PackLine",
    "SterilisationCycleId",
    "opened_packs",
    "sterilisation_cycles",
]


@dataclass(frozen=True, slots=True)
class CycleLine:
    """A load, and how many of its packs were opened."""

    id: SterilisationCycleId
    equipment_id: EquipmentId
    equipment: str
    code: str
    program: str
    contents: str
    packs: int
    state: CycleState
    started_at: datetime
    ended_at: datetime | None
    tenths_celsius: int | None
    kilopascals: int | None
    hold_minutes: int | None
    chemical: Indicator
    biological: Indicator
    settled_at: datetime | None
    settled_by: str | None
    note: str | None
    opened: int

    @property
    def left(self) -> int:
        """Packs that may still be opened."""
        return max(0, self.packs - self.opened) if self.state is CycleState.RELEASED else 0


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack that was opened for a visit."""

    code: str
    state: CycleState
    appointment_id: AppointmentId
    patient_id: PatientId
    given_name: str
    family_name: str
    used_at: datetime


@query(permission=SEE_STERILISATION, label=N_("Sterilisation cycles"))
def sterilisation_cycles(read: Reading, clinic_id: ClinicId | None = None, days: int = 7) -> tuple[CycleLine, ...]:
    """The loads of the last days, and older ones that still wait; the newest first."""
    row, device = SterilisationCycle, Equipment
    names = [name for name in CycleLine.__dataclass_fields__ if name not in {"equipment", "opened"}]
    uses = select(func.count()).where(PackUse.cycle_id == row.id, PackUse.withdrawn_at.is_(None)).scalar_subquery()
    waits = row.state.in_([CycleState.RUNNING.value, CycleState.ENDED.value])
    statement = (
        select(*(getattr(row, name) for name in names), device.name.label("equipment"), uses.label("opened"))
        .join(device, device.id == row.equipment_id)
        .where(row.withdrawn_at.is_(None), or_(row.started_at > read.now - timedelta(days=days), waits))
        .order_by(row.started_at.desc(), row.id)
    )
    if clinic_id is not None:
        statement = statement.where(row.clinic_id == clinic_id)
    rows: Iterable[Any] = read.execute(statement)
    return tuple(CycleLine(**each._mapping) for each in rows)


@query(permission=SEE_STERILISATION, label=N_("Opened packs"))
def opened_packs(
    read: Reading, cycle_id: SterilisationCycleId | None = None, appointment_id: AppointmentId | None = None
) -> tuple[PackLine, ...]:
    """Which packs were opened for whom: of a load, or of a visit."""
    use, row = PackUse, SterilisationCycle
    statement = (
        select(row.code, row.state, use.appointment_id, use.patient_id, Patient.given_name, Patient.family_name,
               use.used_at)
        .join(row, row.id == use.cycle_id)
        .join(Patient, Patient.id == use.patient_id)
        .where(use.withdrawn_at.is_(None))
        .order_by(use.used_at, use.id)
    )  # fmt: skip
    if cycle_id is not None:
        statement = statement.where(use.cycle_id == cycle_id)
    if appointment_id is not None:
        statement = statement.where(use.appointment_id == appointment_id)
    rows: Iterable[Any] = read.execute(statement)
    return tuple(PackLine(*each) for each in rows)
