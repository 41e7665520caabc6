"""States of the clinic’s own: what a stage is called here, and finer states within it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.unchanged import require_unchanged
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.orchestration.folding import snapshot
from app.orchestration.loading import load_loaded_day
from app.orchestration.model import OwnState, VisitOwnState, visit_own_state_id
from app.orchestration.permissions import OWN_STATES
from app.orchestration.vocabulary import OwnStateId, VisitOwnStateId
from app.practice.calendar import load_calendar
from app.practice.entry import clean_name
from app.practice.local_time import whole_minute
from app.scheduling.happening import living_appointment
from app.scheduling.model import Appointment
from app.scheduling.permissions import TREAT_AT_CHAIR
from app.scheduling.vocabulary import AppointmentId, Stage

OWN_STATE = ("name_fr", "name_en", "colour")


def _living(tx: Transaction, own_state_id: OwnStateId) -> OwnState:
    row = tx.get(OwnState, own_state_id)
    if row.withdrawn_at is not None:
        raise RuleViolation(N_("This entry was withdrawn."), field="own_state_id")
    return row


@command(permission=OWN_STATES, label=N_("Withdraw the own state"), icon="trash")
def withdraw_own_state(tx: Transaction, own_state_id: OwnStateId) -> None:
    """Offer a state no more; a stage that it renamed is called as before."""
    _living(tx, own_state_id).withdrawn_at = tx.now


@command(permission=OWN_STATES, label=N_("Add an own state"), undo=(withdraw_own_state, OwnState), icon="tag")
def add_own_state(
    tx: Transaction, stage: Stage, name_fr: str, name_en: str, renames: bool = False, colour: Stage | None = None
) -> OwnStateId:
    """Give a stage another name and colour, or add a finer state within it; figures go by the stage in any case."""
    if renames and tx.first(
        select(OwnState.id).where(OwnState.stage == stage, OwnState.renames.is_(True), OwnState.withdrawn_at.is_(None))
    ):
        raise RuleViolation(N_("This stage has a name of its own already: change that one."), field="stage")
    row = OwnState(
        stage=stage, renames=renames, name_fr=clean_name(name_fr, "name_fr"), name_en=clean_name(name_en, "name_en"),
        colour=colour or stage,
    )  # fmt: skip
    return tx.add(row).id


@command(permission=OWN_STATES, label=N_("Change the own state"), icon="pencil-simple")
def change_own_state(
    tx: Transaction, own_state_id: OwnStateId, name_fr: str | None = None, name_en: str | None = None,
    colour: Stage | None = None, seen: str = "",
) -> None:  # fmt: skip
    """Change what is given and leave the rest."""
    row = _living(tx, own_state_id)
    require_unchanged(row, OWN_STATE, seen)
    if name_fr is not None:
        row.name_fr = clean_name(name_fr, "name_fr")
    if name_en is not None:
        row.name_en = clean_name(name_en, "name_en")
    row.colour = colour or row.colour


@command(permission=TREAT_AT_CHAIR, label=N_("Take the visit out of the own state"), icon="x")
def leave_own_state(tx: Transaction, visit_own_state_id: VisitOwnStateId) -> None:
    """The visit stands in its stage alone."""
    tx.get(VisitOwnState, visit_own_state_id).own_state_id = None


@command(
    permission=TREAT_AT_CHAIR, label=N_("Put the visit into the own state"), undo=(leave_own_state, VisitOwnState),
    icon="tag",
)  # fmt: skip
def put_in_own_state(tx: Transaction, appointment_id: AppointmentId, own_state_id: OwnStateId) -> VisitOwnStateId:
    """A finer state of the clinic’s own; possible while the visit is at its stage, and over with it."""
    visit, wanted = living_appointment(tx, appointment_id), _living(tx, own_state_id)
    if wanted.renames:
        raise RuleViolation(N_("This names a stage: the visit comes to it by itself."), field="own_state_id")
    if _stage(tx, visit) is not wanted.stage:
        raise RuleViolation(N_("The visit is not at the stage of this state."), field="own_state_id")
    key = visit_own_state_id(appointment_id)
    row = tx.find(VisitOwnState, key)
    if row is None:
        row = tx.add(
            VisitOwnState(
                id=key, appointment_id=visit.id, patient_id=visit.patient_id, set_at=tx.now, set_by=tx.actor.id
            )
        )
    row.own_state_id, row.set_at, row.set_by = wanted.id, tx.now, tx.actor.id
    return key


def _stage(tx: Transaction, visit: Appointment) -> Stage | None:
    at: datetime | None = visit.starts_at
    if at is None:
        return None
    read, now = tx.reading(), whole_minute(tx.now)
    on = load_calendar(read, visit.clinic_id).date_of(whole_minute(at))
    shot = snapshot(load_loaded_day(read, visit.clinic_id, on), now)
    return next((line.stage for line in shot.visits if line.id == visit.id), None)
