"""Giving somebody of the short-notice list the earlier time that was found."""

from __future__ import annotations

from app.core.i18n import N_
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.step import Bulk
from app.scheduling.commands.booking import move_appointment
from app.scheduling.commands.following import end_short_notice
from app.scheduling.queries.searching import FreeSlot
from app.scheduling.vocabulary import AppointmentId, ShortNoticeId

COME_SOONER = N_("Give an earlier time")


def come_sooner(
    runner: Runner, actor: Actor, short_notice_id: ShortNoticeId, appointment_id: AppointmentId, slot: FreeSlot
) -> str:
    """Move the visit and end the entry, both or neither; returns the group by which both are undone."""

    def work(bulk: Bulk) -> None:
        bulk.run(move_appointment, appointment_id, slot.starts_at, slot.operatory_id, slot.doctor_id, slot.assistant_id)
        bulk.run(end_short_notice, short_notice_id)

    return runner.bulk(actor, COME_SOONER, work).group_id or ""
