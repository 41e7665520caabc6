"""What of a day is still free, and who of the short-notice list could come into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.commands import query
from app.journal.queries import Reading
from app.practice.calendar import load_calendar
from app.practice.local_time import from_minute
from app.practice.spans import common, without
from app.practice.vocabulary import OperatoryId
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.queries.searching import SoonerFit, fits_into, waiting_rows
from app.scheduling.scene import load_scene

LEAST_MINUTES: Final = 10
MOST_GAPS: Final = 24
MOST_WAITING: Final = 40


@dataclass(frozen=True, slots=True)
class DayGap:
    """A stretch of a day in which a chair is free, with those who could come then."""

    operatory_id: OperatoryId
    operatory: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    fits: tuple[SoonerFit, ...]


@query(permission=SEE_SCHEDULE, label=N_("Free gaps of a day"))
def day_gaps(
    read: Reading, clinic_id: ClinicId, on: date | None = None, least: int = LEAST_MINUTES
) -> tuple[DayGap, ...]:
    """The free stretches of a day from now on, at least so many minutes long, by time; who fits is worked out
    to the minute, the doctor’s minutes included."""
    first = read.today if on is None else on
    day = load_calendar(read, clinic_id).day(first)
    scene = load_scene(read, clinic_id, day)
    begin = max(scene.now, day[0])
    opened = common(scene.calendar.openings(first), [(begin, day[1])]) if begin < day[1] else []
    found = []
    for chair in scene.roster.chairs.values():
        if chair.virtual or (chair.retired_on is not None and chair.retired_on <= first):
            continue
        taken = [item.span for item in scene.occupancy.chairs.get(chair.id, ())]
        found += [(span, chair) for span in without(opened, taken) if span[1] - span[0] >= least]
    rows = waiting_rows(read)[:MOST_WAITING]
    return tuple(
        DayGap(
            chair.id, chair.name, from_minute(span[0]), from_minute(span[1]), span[1] - span[0],
            fits_into(read, scene, rows, chair.id, span),
        )
        for span, chair in sorted(found, key=lambda item: (item[0], item[1].position))[:MOST_GAPS]
    )  # fmt: skip
