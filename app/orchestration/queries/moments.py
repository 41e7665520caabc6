"""The day that is asked for, and the minute at which it is looked at."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select

from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.queries import Reading
from app.orchestration.loading import LoadedDay, load_loaded_day
from app.practice.calendar import load_calendar
from app.practice.local_time import whole_minute
from app.practice.model import Clinic


def loaded_day(
    read: Reading, clinic_id: ClinicId | None, day: date | None, now: datetime | None
) -> tuple[LoadedDay, int]:
    """The day that is asked for, and the minute at which it is looked at."""
    minute = whole_minute(now or read.now)
    clinic = clinic_id or _first_clinic(read)
    on = day or load_calendar(read, clinic).date_of(minute)
    return load_loaded_day(read, clinic, on), minute


def _first_clinic(read: Reading) -> ClinicId:
    statement = (
        select(Clinic.id)
        .where(Clinic.withdrawn_at.is_(None), or_(Clinic.retired_on.is_(None), Clinic.retired_on > read.today))
        .order_by(Clinic.position, Clinic.id)
    )
    found = read.execute(statement).scalars().first()
    if found is None:
        raise NotFound(N_("clinic"), "")
    return ClinicId(found)
