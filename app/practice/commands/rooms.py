"""Operatories, equipment and its maintenance."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.core.unchanged import require_unchanged
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.practice.entries import EQUIPMENT, OPERATORY
from app.practice.entry import NAME_LIMIT, clean_name, clean_text
from app.practice.living import living
from app.practice.model import Clinic, Equipment, Maintenance, Operatory
from app.practice.permissions import EDIT_PRACTICE
from app.practice.vocabulary import EquipmentId, EquipmentKind, MaintenanceId, OperatoryId, OperatoryKind

_VIRTUAL = frozenset({OperatoryKind.LAB, OperatoryKind.EMERGENCY})


@command(permission=EDIT_PRACTICE, label=N_("Withdraw the chair"))
def withdraw_operatory(tx: Transaction, operatory_id: OperatoryId) -> None:
    """Take out a chair or column that was entered by mistake."""
    living(tx, Operatory, operatory_id, "operatory_id").withdrawn_at = tx.now


@command(permission=EDIT_PRACTICE, label=N_("Add a chair"), undo=(withdraw_operatory, Operatory), icon="office-chair")
def add_operatory(
    tx: Transaction,
    clinic_id: ClinicId,
    name: str,
    kind: OperatoryKind = OperatoryKind.CHAIR,
    short_name: str = "",
    virtual: bool | None = None,
) -> OperatoryId:
    """Add a chair, room or virtual column at the end. Lab and emergency columns are virtual unless said otherwise."""
    living(tx, Clinic, clinic_id, "clinic_id")
    last = tx.first(select(func.max(Operatory.position)).where(Operatory.clinic_id == clinic_id)) or 0
    operatory = tx.add(
        Operatory(
            clinic_id=clinic_id,
            name=clean_name(name),
            short_name=clean_text(short_name, "short_name", 8) or str(last + 1),
            kind=kind,
            virtual=kind in _VIRTUAL if virtual is None else virtual,
            position=last + 1,
        )
    )
    return operatory.id


@command(permission=EDIT_PRACTICE, label=N_("Change the chair"))
def change_operatory(
    tx: Transaction,
    operatory_id: OperatoryId,
    name: str | None = None,
    short_name: str | None = None,
    kind: OperatoryKind | None = None,
    virtual: bool | None = None,
    seen: str = "",
) -> None:
    """Change what is given and leave the rest."""
    operatory = living(tx, Operatory, operatory_id, "operatory_id")
    require_unchanged(operatory, OPERATORY, seen)
    if name is not None:
        operatory.name = clean_name(name)
    if short_name is not None:
        operatory.short_name = clean_name(short_name, "short_name")[:8]
    operatory.kind = kind or operatory.kind
    operatory.virtual = operatory.virtual if virtual is None else virtual


@command(permission=EDIT_PRACTICE, label=N_("Order the chairs"))
def order_operatories(tx: Transaction, clinic_id: ClinicId, operatory_ids: list[OperatoryId]) -> None:
    """Set the order of the columns; every chair of the clinic is named once."""
    rows = tx.all(select(Operatory).where(Operatory.clinic_id == clinic_id, Operatory.withdrawn_at.is_(None)))
    known = {row.id: row for row in rows}
    if sorted(known) != sorted(operatory_ids):
        raise RuleViolation(N_("Name every chair of the clinic once."), field="operatory_ids")
    for position, operatory_id in enumerate(operatory_ids, start=1):
        known[operatory_id].position = position


@command(permission=EDIT_PRACTICE, label=N_("Retire the chair"))
def retire_operatory(tx: Transaction, operatory_id: OperatoryId, on: date | None = None) -> None:
    """Nobody is booked at the chair from this day on; what was stays on file."""
    living(tx, Operatory, operatory_id, "operatory_id").retired_on = on or tx.today


@command(permission=EDIT_PRACTICE, label=N_("Withdraw the equipment"))
def withdraw_equipment(tx: Transaction, equipment_id: EquipmentId) -> None:
    """Take out a device that was entered by mistake."""
    living(tx, Equipment, equipment_id, "equipment_id").withdrawn_at = tx.now


@command(permission=EDIT_PRACTICE, label=N_("Add equipment"), undo=(withdraw_equipment, Equipment), icon="toolbox")
def add_equipment(
    tx: Transaction,
    clinic_id: ClinicId,
    name: str,
    kind: EquipmentKind,
    operatory_id: OperatoryId | None = None,
    serial_number: str = "",
) -> EquipmentId:
    """Add a device that one visit uses at a time, in a room or carried about."""
    living(tx, Clinic, clinic_id, "clinic_id")
    if operatory_id is not None and living(tx, Operatory, operatory_id, "operatory_id").clinic_id != clinic_id:
        raise RuleViolation(N_("This chair belongs to another clinic."), field="operatory_id")
    device = tx.add(
        Equipment(
            clinic_id=clinic_id,
            operatory_id=operatory_id,
            kind=kind,
            name=clean_name(name),
            serial_number=clean_text(serial_number, "serial_number", NAME_LIMIT),
        )
    )
    return device.id


@command(permission=EDIT_PRACTICE, label=N_("Change the equipment"))
def change_equipment(
    tx: Transaction,
    equipment_id: EquipmentId,
    name: str | None = None,
    kind: EquipmentKind | None = None,
    serial_number: str | None = None,
    operatory_id: OperatoryId | None = None,
    carried: bool = False,
    seen: str = "",
) -> None:
    """Change what is given and leave the rest; `carried` takes the device out of its room."""
    device = living(tx, Equipment, equipment_id, "equipment_id")
    require_unchanged(device, EQUIPMENT, seen)
    if operatory_id is not None:
        if living(tx, Operatory, operatory_id, "operatory_id").clinic_id != device.clinic_id:
            raise RuleViolation(N_("This chair belongs to another clinic."), field="operatory_id")
        device.operatory_id = operatory_id
    elif carried:
        device.operatory_id = None
    if name is not None:
        device.name = clean_name(name)
    if serial_number is not None:
        device.serial_number = clean_text(serial_number, "serial_number", NAME_LIMIT)
    device.kind = kind or device.kind


@command(permission=EDIT_PRACTICE, label=N_("Retire the equipment"))
def retire_equipment(tx: Transaction, equipment_id: EquipmentId, on: date | None = None) -> None:
    """The device is used no more from this day on."""
    living(tx, Equipment, equipment_id, "equipment_id").retired_on = on or tx.today


@command(permission=EDIT_PRACTICE, label=N_("Withdraw the maintenance"))
def withdraw_maintenance(tx: Transaction, maintenance_id: MaintenanceId) -> None:
    """The device can be used at that time after all."""
    living(tx, Maintenance, maintenance_id, "maintenance_id").withdrawn_at = tx.now


@command(
    permission=EDIT_PRACTICE, label=N_("Plan maintenance"), undo=(withdraw_maintenance, Maintenance), icon="wrench"
)
def plan_maintenance(
    tx: Transaction, equipment_id: EquipmentId, starts_at: datetime, ends_at: datetime, reason: str = ""
) -> MaintenanceId:
    """Keep a device free of bookings from one instant to another."""
    living(tx, Equipment, equipment_id, "equipment_id")
    if ends_at <= starts_at:
        raise RuleViolation(N_("The end is not after the start."), field="ends_at")
    row = tx.add(
        Maintenance(
            equipment_id=equipment_id, starts_at=starts_at, ends_at=ends_at, reason=clean_text(reason, "reason")
        )
    )
    return row.id
