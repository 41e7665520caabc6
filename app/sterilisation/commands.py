"""A load: started, ended with its parameters, released or failed; packs opened for visits.

What is written of a cycle follows CAN/CSA-Z314 and the guidance of the Ordre des dentistes du Québec: parameters,
contents, operator, indicators, and who released the load.
"""

from __future__ import annotations

from sqlalchemy import func, select

from app.core.errors import RuleViolation
from app.core.i18n import N_, _
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.practice.entry import bounded, clean_text
from app.practice.living import living
from app.practice.model import Equipment
from app.practice.vocabulary import EquipmentId, EquipmentKind
from app.scheduling.happening import living_appointment
from app.scheduling.vocabulary import AppointmentId
from app.sterilisation.events import LoadFailed, LoadReleased
from app.sterilisation.model import PackUse, SterilisationCycle
from app.sterilisation.permissions import RELEASE_LOADS, STERILISE
from app.sterilisation.vocabulary import CYCLE_LABELS, CycleState, Indicator, PackUseId, SterilisationCycleId


def _cycle(tx: Transaction, cycle_id: SterilisationCycleId, *states: CycleState) -> SterilisationCycle:
    row = tx.get(SterilisationCycle, cycle_id)
    if row.withdrawn_at is not None:
        raise RuleViolation(N_("This entry was withdrawn."), field="cycle_id")
    if states and row.state not in states:
        state = _(CYCLE_LABELS[row.state])
        raise RuleViolation(N_("The load stands as “{state}”: this does not follow."), field="cycle_id", state=state)
    return row


@command(permission=STERILISE, label=N_("Withdraw the cycle"), icon="trash")
def withdraw_cycle(tx: Transaction, sterilisation_cycle_id: SterilisationCycleId) -> None:
    """Take out a cycle that was entered by mistake, while no pack of it was opened."""
    row = _cycle(tx, sterilisation_cycle_id)
    used = select(PackUse.id).where(PackUse.cycle_id == row.id, PackUse.withdrawn_at.is_(None))
    if tx.first(used):
        raise RuleViolation(N_("Packs of this load were opened."), field="sterilisation_cycle_id")
    row.withdrawn_at = tx.now


@command(
    permission=STERILISE, label=N_("Start a sterilisation cycle"), undo=(withdraw_cycle, SterilisationCycle),
    icon="timer",
)  # fmt: skip
def start_cycle(
    tx: Transaction, equipment_id: EquipmentId, contents: str, packs: int, program: str = "",
    biological: bool = False,
) -> SterilisationCycleId:  # fmt: skip
    """A load goes into the steriliser; its code is for the labels of the packs."""
    device = living(tx, Equipment, equipment_id, "equipment_id")
    if device.kind is not EquipmentKind.STERILISER:
        raise RuleViolation(N_("“{name}” is no steriliser."), field="equipment_id", name=device.name)
    running = select(SterilisationCycle.id).where(
        SterilisationCycle.equipment_id == equipment_id, SterilisationCycle.state == CycleState.RUNNING,
        SterilisationCycle.withdrawn_at.is_(None),
    )  # fmt: skip
    if tx.first(running):
        raise RuleViolation(N_("A cycle is running in “{name}”."), field="equipment_id", name=device.name)
    what = clean_text(contents, "contents")
    if not what:
        raise RuleViolation(N_("Say what is in the load."), field="contents")
    row = SterilisationCycle(
        clinic_id=device.clinic_id, equipment_id=device.id, code=_code(tx, device), contents=what,
        program=clean_text(program, "program") or "", packs=bounded(packs, 1, 200, "packs"), started_at=tx.now,
        started_by=tx.actor.id, biological=Indicator.WAITING if biological else Indicator.NOT_USED,
    )  # fmt: skip
    return tx.add(row).id


def _code(tx: Transaction, device: Equipment) -> str:
    """The day, and the number of the load of this steriliser on it; unlike a counter, it needs no other workstation."""
    prefix = f"{tx.today:%Y%m%d}-{device.id[-3:].upper()}-"
    statement = select(func.count()).where(SterilisationCycle.code.startswith(prefix))
    return f"{prefix}{(tx.first(statement) or 0) + 1}"


@command(permission=STERILISE, label=N_("End the sterilisation cycle"), icon="check")
def end_cycle(
    tx: Transaction, sterilisation_cycle_id: SterilisationCycleId, celsius_tenths: int, kilopascals: int,
    hold_minutes: int, chemical: Indicator = Indicator.PASSED,
) -> None:  # fmt: skip
    """The steriliser is done: what it reached (tenths of a degree, kilopascals), for how long, and the indicator."""
    row = _cycle(tx, sterilisation_cycle_id, CycleState.RUNNING)
    row.tenths_celsius = bounded(celsius_tenths, 1000, 2000, "celsius_tenths")
    row.kilopascals = bounded(kilopascals, 50, 500, "kilopascals")
    row.hold_minutes = bounded(hold_minutes, 1, 120, "hold_minutes")
    row.chemical, row.state, row.ended_at = chemical, CycleState.ENDED, tx.now


@command(permission=STERILISE, label=N_("Note the biological indicator"), icon="flask")
def note_biological(tx: Transaction, sterilisation_cycle_id: SterilisationCycleId, result: Indicator) -> None:
    """What the incubated indicator says. One that failed fails the load, even a released one."""
    row = _cycle(tx, sterilisation_cycle_id, CycleState.ENDED, CycleState.RELEASED)
    row.biological = result
    if result is Indicator.FAILED:
        _fail(tx, row, _(N_("The biological indicator failed.")))


@command(permission=RELEASE_LOADS, label=N_("Release the load"), icon="check-circle")
def release_load(tx: Transaction, sterilisation_cycle_id: SterilisationCycleId) -> None:
    """The packs may be used: the cycle has ended, its chemical indicator passed and no biological one is awaited."""
    row = _cycle(tx, sterilisation_cycle_id, CycleState.ENDED)
    if row.chemical is not Indicator.PASSED:
        raise RuleViolation(N_("The chemical indicator has not passed."), field="sterilisation_cycle_id")
    if row.biological in {Indicator.WAITING, Indicator.FAILED}:
        raise RuleViolation(N_("The biological indicator has not passed."), field="sterilisation_cycle_id")
    row.state, row.settled_at, row.settled_by = CycleState.RELEASED, tx.now, tx.actor.id
    tx.record(LoadReleased(row.id))


@command(permission=STERILISE, label=N_("Mark the load as failed"), icon="warning-octagon")
def fail_load(tx: Transaction, sterilisation_cycle_id: SterilisationCycleId, note: str) -> None:
    """Nothing of this load may be used; the instruments are processed again."""
    row = _cycle(tx, sterilisation_cycle_id, CycleState.RUNNING, CycleState.ENDED, CycleState.RELEASED)
    why = clean_text(note, "note")
    if not why:
        raise RuleViolation(N_("Say why the load failed."), field="note")
    _fail(tx, row, why)


def _fail(tx: Transaction, row: SterilisationCycle, why: str) -> None:
    row.state, row.note, row.settled_at, row.settled_by = CycleState.FAILED, why, tx.now, tx.actor.id
    tx.record(LoadFailed(row.id))


@command(permission=STERILISE, label=N_("Take the opened pack back"), hidden=True)
def withdraw_pack_use(tx: Transaction, pack_use_id: PackUseId) -> None:
    """The pack was not opened for this visit."""
    tx.get(PackUse, pack_use_id).withdrawn_at = tx.now


@command(permission=STERILISE, label=N_("Open a pack"), undo=(withdraw_pack_use, PackUse), icon="toolbox")
def open_pack(tx: Transaction, code: str, appointment_id: AppointmentId) -> PackUseId:
    """A pack of a released load is opened for a visit; `code` is what its label says."""
    wanted = code.strip().upper()
    row: SterilisationCycle | None = tx.first(
        select(SterilisationCycle).where(SterilisationCycle.code == wanted, SterilisationCycle.withdrawn_at.is_(None))
    )
    if row is None:
        raise RuleViolation(N_("No load has the code “{code}”."), field="code", code=wanted)
    if row.state is not CycleState.RELEASED:
        state = _(CYCLE_LABELS[row.state])
        raise RuleViolation(N_("The load stands as “{state}”: its packs may not be used."), field="code", state=state)
    used = select(func.count()).where(PackUse.cycle_id == row.id, PackUse.withdrawn_at.is_(None))
    if (tx.first(used) or 0) >= row.packs:
        raise RuleViolation(N_("All {count} packs of this load were opened."), field="code", count=row.packs)
    visit = living_appointment(tx, appointment_id)
    use = PackUse(
        cycle_id=row.id, appointment_id=visit.id, patient_id=visit.patient_id, used_at=tx.now, used_by=tx.actor.id
    )
    return tx.add(use).id
