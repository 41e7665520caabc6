"""Who comes sooner if possible, and who of them could come on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.practice.local_time import whole_minute
from app.practice.vocabulary import Weekday
from app.scheduling.model import AppointmentType
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.queries.searching import SoonerFit, clinics_in_order, fits_into, seekers, waiting_rows
from app.scheduling.scene import load_scene
from app.scheduling.visit_types import type_of
from app.scheduling.vocabulary import AppointmentId, ShortNoticeId


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """An entry of the short-notice list. `booked_for` is the visit that would be moved; minutes count from midnight.

    Empty `weekdays` are all of them.
    """

    id: ShortNoticeId
    patient_id: PatientId
    family_name: str
    given_name: str
    phone: str | None
    appointment_id: AppointmentId | None
    booked_for: datetime | None
    type_code: str
    type_name_fr: str
    type_name_en: str
    minutes: int
    clinic_id: ClinicId | None
    weekdays: tuple[Weekday, ...]
    earliest_minute: int | None
    latest_minute: int | None
    until_on: date | None
    note: str | None
    added_at: datetime
    waits_days: int


@query(permission=SEE_SCHEDULE, label=N_("Short-notice list"))
def short_notices(read: Reading) -> tuple[WaitingLine, ...]:
    """Everybody who comes sooner if possible, with what they asked for; who waits longest stands first."""
    named = select(AppointmentType.id, AppointmentType.name_fr, AppointmentType.name_en)
    names = {row.id: (row.name_fr, row.name_en) for row in read.execute(named)}
    return tuple(_line(read, row, names) for row in waiting_rows(read))


def _line(read: Reading, row: Any, names: dict[str, tuple[str, str]]) -> WaitingLine:
    wanted = type_of(read, row.booked_type_id or row.type_id)
    minutes = row.minutes if row.appointment_id else sum(segment.minutes for segment in wanted.segments)
    return WaitingLine(
        row.id, row.patient_id, row.family_name, row.given_name, row.phone, row.appointment_id, row.starts_at,
        wanted.code, *names[wanted.id], minutes, row.clinic_id,
        tuple(Weekday(value) for value in row.weekdays or ()), row.earliest_minute, row.latest_minute, row.until_on,
        row.note, row.added_at, (read.now - row.added_at).days,
    )  # fmt: skip


@query(permission=SEE_SCHEDULE, label=N_("Who could come sooner on a day"))
def sooner_on(read: Reading, on: date) -> tuple[SoonerFit, ...]:
    """Of the short-notice list, the first time of a day that fits each, the doctor’s minutes included.

    Each is looked for alone: two of them may be offered the same time.
    """
    midnight = datetime.combine(on, time.min, tzinfo=read.clock.zone)
    span = whole_minute(max(midnight, read.now)), whole_minute(midnight + timedelta(days=1))
    if span[0] >= span[1]:
        return ()
    found = {}
    for clinic in reversed(clinics_in_order(read)):
        for fit in fits_into(read, seekers(read, load_scene(read, clinic, span)), None, span):
            found[fit.short_notice_id] = fit
    return tuple(sorted(found.values(), key=lambda item: (-item.waits_days, item.short_notice_id)))
