"""What must hold of the schedule whoever writes it, an undo included."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from datetime import date
from typing import Final

import msgspec
from sqlalchemy import or_, select

from app.core.clock import to_millis
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.core.text import fold
from app.journal.detectors import finding_id
from app.journal.model import Conflict as KnownConflict
from app.journal.model import ConflictState
from app.journal.rules import rule
from app.journal.transaction import Transaction
from app.practice.local_time import from_minute, whole_minute
from app.practice.model import Equipment, Operatory, Provider
from app.practice.spans import Span
from app.scheduling.conflicts import find_conflicts
from app.scheduling.fold import LIVE
from app.scheduling.model import (
    Appointment,
    AppointmentEvent,
    AppointmentType,
    DayTemplate,
    TemplateCell,
    VisitReason,
)
from app.scheduling.placing import refusal
from app.scheduling.scene import Proposal, Scene, load_scene
from app.scheduling.segments import segments_from
from app.scheduling.visit_types import type_of
from app.scheduling.vocabulary import DOUBLE_BOOKING, ConflictKind, EventKind, Severity

PLACES: Final = frozenset(
    {"starts_at", "operatory_id", "minutes", "segments", "doctor_id", "assistant_id", "equipment_id", "withdrawn_at",
     "patient_id"}
)  # fmt: skip
TWICE: Final = frozenset(
    {ConflictKind.PATIENT, ConflictKind.CHAIR, ConflictKind.DOCTOR, ConflictKind.ASSISTANT, ConflictKind.EQUIPMENT}
)
COMING_BACK: Final = (EventKind.REINSTATED, EventKind.VOIDED, EventKind.ARRIVED)


@rule(Appointment)
def nothing_is_taken_twice(tx: Transaction, ids: frozenset[str]) -> None:
    """A visit that was placed stands alone at its chair, with its people and device, unless that was overridden."""
    _check(tx, _placed(tx, ids))


@rule(AppointmentEvent)
def nobody_comes_back_to_a_taken_place(tx: Transaction, ids: frozenset[str]) -> None:
    """A cancelled visit stands again only where nobody was booked since."""
    kinds = ", ".join(f"'{kind}'" for kind in COMING_BACK)
    back = tx.raw.execute(
        "SELECT appointment_id FROM appointment_event WHERE id IN (SELECT value FROM json_each(?))"
        f" AND kind IN ({kinds})",
        (_as_json(ids),),
    )
    _check(tx, {row[0] for row in back})


def _placed(tx: Transaction, ids: frozenset[str]) -> set[str]:
    """Those whose place was written by this operation, and not only a note."""
    rows = tx.raw.execute(
        "SELECT c.pk, c.delta FROM change c JOIN operation o ON o.n = c.operation"
        " WHERE o.id = ? AND c.tbl = 'appointment'",
        (tx.operation_id,),
    ).fetchall()
    return {key for key, delta in rows if key in ids and delta and not PLACES.isdisjoint(msgspec.json.decode(delta))}


def _check(tx: Transaction, ids: set[str]) -> None:
    """Look at those that stand and are not over; the visits of one clinic and day share what is loaded for it."""
    still = _still_ahead(tx, ids) if ids else []
    if not still:
        return
    standing = (
        select(Appointment)
        .where(Appointment.id.in_(still), Appointment.starts_at.is_not(None), Appointment.operatory_id.is_not(None))
        .order_by(Appointment.id)
    )
    days: dict[tuple[str, date], list[Appointment]] = {}
    for appointment in tx.all(standing):
        days.setdefault((appointment.clinic_id, tx.clock.day_of(appointment.starts_at)), []).append(appointment)
    for (clinic_id, _day), appointments in days.items():
        spans = [_span(appointment) for appointment in appointments]
        whole = (min(start for start, _end in spans), max(end for _start, end in spans))
        scene = load_scene(tx.reading(), ClinicId(clinic_id), whole)
        for appointment in appointments:
            _stands_alone(tx, scene, appointment)


def _still_ahead(tx: Transaction, ids: set[str]) -> list[str]:
    """Of these visits, those that stand and end later than now: few of the many that a conversion writes."""
    statuses = ", ".join(f"'{status}'" for status in sorted(LIVE))
    rows = tx.raw.execute(
        f"SELECT id FROM appointment_state WHERE id IN (SELECT value FROM json_each(?)) AND status IN ({statuses})"
        " AND ends_at > ?",
        (_as_json(ids), to_millis(from_minute(whole_minute(tx.now)))),
    )
    return [row[0] for row in rows]


def _as_json(ids: Collection[str]) -> str:
    return msgspec.json.encode(list(ids)).decode()


def _span(appointment: Appointment) -> Span:
    assert appointment.starts_at is not None
    start = whole_minute(appointment.starts_at)
    return start, start + appointment.minutes


def _stands_alone(tx: Transaction, scene: Scene, appointment: Appointment) -> None:
    assert appointment.operatory_id is not None
    proposal = Proposal(
        appointment.patient_id, type_of(tx.reading(), appointment.type_id), appointment.operatory_id,
        _span(appointment)[0], segments_from(appointment.segments, appointment.minutes), appointment.equipment_id,
        appointment.id,
    )  # fmt: skip
    for conflict in find_conflicts(scene, proposal):
        against_a_visit = conflict.kind in TWICE and conflict.with_appointment_id is not None
        accepted = conflict.kind.value in (appointment.allowed or ()) and conflict.severity is not Severity.IMPOSSIBLE
        if against_a_visit and conflict.severity is not Severity.WARNING and not accepted:
            other = tx.get(Appointment, conflict.with_appointment_id or "")
            if _waits_for_a_decision(tx, appointment.id, other.id):
                continue
            if conflict.severity is Severity.IMPOSSIBLE or conflict.kind.value not in (other.allowed or ()):
                raise refusal(conflict)


def _waits_for_a_decision(tx: Transaction, one: str, two: str) -> bool:
    """Whether two workstations booked these apart and people are still to settle it: until then both stand."""
    known = tx.find(KnownConflict, finding_id(DOUBLE_BOOKING, (one, two)))
    return known is not None and known.state is ConflictState.OPEN


@rule(Operatory)
def a_chair_with_visits_stays(tx: Transaction, ids: frozenset[str]) -> None:
    """A chair that was entered by mistake has no visit: they would stand in no column. One that was used is retired."""
    taken = select(Operatory.name).where(
        Operatory.id.in_(ids), Operatory.withdrawn_at.is_not(None), Appointment.operatory_id == Operatory.id,
        Appointment.withdrawn_at.is_(None),
    )  # fmt: skip
    _stays(tx.first(taken), "operatory_id")


@rule(Provider)
def a_provider_with_visits_stays(tx: Transaction, ids: frozenset[str]) -> None:
    """Somebody who was entered by mistake treats nobody; the work of somebody who did is ended."""
    taken = select(Provider.name).where(
        Provider.id.in_(ids), Provider.withdrawn_at.is_not(None), Appointment.withdrawn_at.is_(None),
        or_(Appointment.doctor_id == Provider.id, Appointment.assistant_id == Provider.id),
    )  # fmt: skip
    _stays(tx.first(taken), "provider_id")


@rule(Equipment)
def equipment_with_visits_stays(tx: Transaction, ids: frozenset[str]) -> None:
    """A device that was entered by mistake serves no visit; one that did is retired."""
    taken = select(Equipment.name).where(
        Equipment.id.in_(ids), Equipment.withdrawn_at.is_not(None), Appointment.equipment_id == Equipment.id,
        Appointment.withdrawn_at.is_(None),
    )  # fmt: skip
    _stays(tx.first(taken), "equipment_id")


def _stays(name: str | None, field: str) -> None:
    if name is not None:
        message = N_("“{name}” has visits: give an end to its use instead of withdrawing the entry.")
        raise RuleViolation(message, field=field, name=name)


@rule(AppointmentType)
def one_type_a_code(tx: Transaction, ids: frozenset[str]) -> None:
    """A code names one type."""
    codes = tx.all(select(AppointmentType.code).where(AppointmentType.id.in_(ids)))
    living = tx.all(
        select(AppointmentType.code).where(AppointmentType.code.in_(codes), AppointmentType.withdrawn_at.is_(None))
    )
    if len(living) != len(set(living)):
        raise RuleViolation(N_("Another type has this code."), field="code")


@rule(TemplateCell)
def cells_do_not_overlap(tx: Transaction, ids: frozenset[str]) -> None:
    """A template keeps the minutes of a chair for one class."""
    templates = select(TemplateCell.template_id).where(TemplateCell.id.in_(ids))
    cells = tx.all(
        select(TemplateCell)
        .where(TemplateCell.template_id.in_(templates), TemplateCell.withdrawn_at.is_(None))
        .order_by(TemplateCell.template_id, TemplateCell.operatory_id, TemplateCell.start_minute)
    )
    for one, two in itertools.pairwise(cells):
        same = (one.template_id, one.operatory_id) == (two.template_id, two.operatory_id)
        if same and two.start_minute < one.end_minute:
            raise RuleViolation(N_("Two cells of the template overlap."), field="start")


@rule(VisitReason)
def one_reason_a_code(tx: Transaction, ids: frozenset[str]) -> None:
    """A code names one reason for cancelling, and one for moving."""
    living = tx.all(select(VisitReason).where(VisitReason.withdrawn_at.is_(None)))
    codes = [(row.kind, row.code) for row in living if row.id not in ids]
    mine = [(row.kind, row.code) for row in living if row.id in ids]
    if set(mine) & set(codes) or len(mine) != len(set(mine)):
        raise RuleViolation(N_("Another reason has this code."), field="code")


@rule(DayTemplate)
def template_names_differ(tx: Transaction, ids: frozenset[str]) -> None:
    """No two templates of a clinic have one name, compared without case and accents."""
    living = tx.all(select(DayTemplate).where(DayTemplate.withdrawn_at.is_(None)))
    names = [(row.clinic_id, fold(row.name)) for row in living]
    for row in living:
        if row.id in ids and names.count((row.clinic_id, fold(row.name))) > 1:
            raise RuleViolation(N_("Another template is called “{name}”."), field="name", name=row.name)
