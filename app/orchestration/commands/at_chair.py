"""What a workstation at a chair says of itself: a chart was opened here, somebody signed on here."""

from __future__ import annotations

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.orchestration.events import ChartOpenedAtChair, ProviderSignedOnAtChair, VisitSigned
from app.orchestration.inference import visit_to_seat
from app.orchestration.settings import CHAIR_HERE
from app.practice.living import living
from app.practice.model import Operatory, Provider
from app.practice.vocabulary import OperatoryId, ProviderId
from app.scheduling.commands.booking import void_appointment_event
from app.scheduling.model import AppointmentEvent
from app.scheduling.permissions import TREAT_AT_CHAIR

_BACK = (void_appointment_event, AppointmentEvent)


def _chair(tx: Transaction, operatory_id: OperatoryId | None) -> OperatoryId | None:
    chair = operatory_id or OperatoryId(tx.setting(CHAIR_HERE))
    return living(tx, Operatory, chair, "operatory_id").id if chair else None


@command(permission=TREAT_AT_CHAIR, label=N_("Note that the chart was opened at the chair"), undo=_BACK, hidden=True)
def note_chart_opened(tx: Transaction, patient_id: PatientId, operatory_id: OperatoryId | None = None) -> None:
    """A chart was opened at a chair: whoever is expected there sits there. Nothing is written for anybody else."""
    chair = _chair(tx, operatory_id)
    if chair is not None and visit_to_seat(tx, patient_id) is not None:
        tx.record(ChartOpenedAtChair(patient_id, chair))


@command(permission=TREAT_AT_CHAIR, label=N_("Note that somebody signed on at the chair"), undo=_BACK, hidden=True)
def note_signed_on(
    tx: Transaction, operatory_id: OperatoryId | None = None, provider_id: ProviderId | None = None
) -> None:
    """Whoever treats is at the chair where they sign on; the one who signs on unless another is named."""
    chair = _chair(tx, operatory_id)
    mine = select(Provider).where(Provider.staff_id == tx.actor.id, Provider.withdrawn_at.is_(None))
    provider = living(tx, Provider, provider_id, "provider_id") if provider_id else tx.first(mine)
    if chair is not None and provider is not None:
        tx.record(ProviderSignedOnAtChair(chair, provider.id))


@command(permission=TREAT_AT_CHAIR, label=N_("Note that the visit was signed"), undo=_BACK, hidden=True)
def note_visit_signed(tx: Transaction, patient_id: PatientId) -> None:
    """The notes of today’s visit were signed: the visit is over."""
    if not patient_id:
        raise RuleViolation(N_("Say whose visit was signed."), field="patient_id")
    tx.record(VisitSigned(patient_id))
