"""The records of sterilisation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.journal.records import Merge, Record, choice, instant, integer, key, link, reference, text
from app.practice.vocabulary import EquipmentId
from app.scheduling.vocabulary import AppointmentId
from app.sterilisation.vocabulary import CycleState, Indicator, PackUseId, SterilisationCycleId

STREAM = "sterilisation"


class SterilisationCycle(Record, merge=Merge.FIELD, stream=STREAM):
    """One load of a steriliser. `tenths_celsius` and `kilopascals` are the peak, `hold_minutes` how long it held.

    `contents` says what is in it, `packs` how many packs. `code` is printed on each pack.
    """

    __tablename__ = "sterilisation_cycle"
    __noun__ = N_("sterilisation cycle")

    id: Mapped[SterilisationCycleId] = key()
    clinic_id: Mapped[ClinicId] = reference("clinic")
    equipment_id: Mapped[EquipmentId] = reference("equipment")
    code: Mapped[str] = text(index=True)
    program: Mapped[str] = text()
    contents: Mapped[str] = text()
    packs: Mapped[int] = integer(default=0)
    state: Mapped[CycleState] = choice(CycleState, default=CycleState.RUNNING)
    started_at: Mapped[datetime] = instant(index=True)
    started_by: Mapped[str] = link(index=False)
    ended_at: Mapped[datetime | None] = instant()
    tenths_celsius: Mapped[int | None] = integer()
    kilopascals: Mapped[int | None] = integer()
    hold_minutes: Mapped[int | None] = integer()
    chemical: Mapped[Indicator] = choice(Indicator, default=Indicator.WAITING)
    biological: Mapped[Indicator] = choice(Indicator, default=Indicator.NOT_USED)
    settled_at: Mapped[datetime | None] = instant()
    settled_by: Mapped[str | None] = link(index=False)
    note: Mapped[str | None] = text()
    withdrawn_at: Mapped[datetime | None] = instant()


class PackUse(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """A pack of a load that was opened for a visit."""

    __tablename__ = "pack_use"
    __noun__ = N_("opened pack")

    id: Mapped[PackUseId] = key()
    cycle_id: Mapped[SterilisationCycleId] = reference("sterilisation_cycle")
    appointment_id: Mapped[AppointmentId] = reference("appointment")
    patient_id: Mapped[PatientId] = reference("patient")
    used_at: Mapped[datetime] = instant()
    used_by: Mapped[str] = link(index=False)
    withdrawn_at: Mapped[datetime | None] = instant()
