"""A small practice that tests of the clinic stand on: a clinic with chairs, two doctors, hands, shifts for a week."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.core.ids import ClinicId, PatientId, StaffId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands import create_patient
from app.practice.commands import (
    add_clinic,
    add_equipment,
    add_operatory,
    add_provider,
    repeat_shift,
)
from app.practice.vocabulary import EquipmentKind, OperatoryId, OperatoryKind, ProviderId, ProviderKind, Weekday
from app.scheduling.commands import seed_appointment_types, seed_reasons

MONTREAL = ZoneInfo("America/Toronto")
WORKDAYS = list(Weekday)[:5]


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, fold: int = 0) -> datetime:
    """A clock time of Montréal as an instant."""
    return datetime(year, month, day, hour, minute, tzinfo=MONTREAL, fold=fold).astimezone(UTC)


@dataclass
class World:
    """The practice and short ways to work in it."""

    runner: Runner
    boss: Actor
    clinic: ClinicId
    chairs: list[OperatoryId] = field(default_factory=list)
    records: OperatoryId | None = None
    emergency: OperatoryId | None = None
    doctors: list[ProviderId] = field(default_factory=list)
    hands: list[ProviderId] = field(default_factory=list)
    patients: list[PatientId] = field(default_factory=list)

    def run(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a command as the boss."""
        return self.runner.run(self.boss, command, *args, **kwargs)

    def ask(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Ask a query as the boss."""
        return self.runner.ask(self.boss, query, *args, **kwargs)

    def submit(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a command and give what it did."""
        return self.runner.submit(self.boss, command, *args, **kwargs).result()

    def undo(self, done: Any) -> None:
        """Take back what a command did."""
        self.runner.undo(self.boss, done.operation_id)


def build(runner: Runner, boss: Actor, from_on: date = date(2026, 11, 23), to_on: date = date(2026, 12, 4)) -> World:
    """Make the practice; the first doctor and two assistants work 8:00 to 17:00 on workdays."""
    world = World(runner, boss, runner.run(boss, add_clinic, "Clinique Rosemont"))
    world.chairs = [world.run(add_operatory, world.clinic, f"Fauteuil {number}") for number in (1, 2)]
    world.records = world.run(add_operatory, world.clinic, "Radiologie", OperatoryKind.RECORDS)
    world.emergency = world.run(add_operatory, world.clinic, "Urgences", OperatoryKind.EMERGENCY)
    world.run(add_equipment, world.clinic, "Pano", EquipmentKind.XRAY, world.records)
    for number, name in enumerate(("Dre Gagnon", "Dr Nguyen")):
        world.doctors.append(world.run(add_provider, StaffId(f"doctor {number}"), name, ProviderKind.DOCTOR))
    for number, name in enumerate(("Karim", "Sophie")):
        world.hands.append(world.run(add_provider, StaffId(f"hand {number}"), name, ProviderKind.ASSISTANT))
    for who in (world.doctors[0], *world.hands):
        world.run(repeat_shift, who, world.clinic, from_on, to_on, WORKDAYS, "8:00", "17:00")
    world.run(seed_appointment_types)
    world.run(seed_reasons)
    for name in ("Léa", "Noah", "Emma"):
        world.patients.append(world.run(create_patient, "Tremblay", name, date(2012, 5, 17)))
    return world
