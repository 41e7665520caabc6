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
from app.scheduling.queries.board import schedule_board
from app.scheduling.queries.searching import SoonerFit, fits_into, seekers
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


@dataclass(frozen=True, slots=True)
class GapFit:
    """Free minutes of a chair (since 1970) and how many of the short-notice list fit them, doctor included."""

    operatory_id: OperatoryId
    start: int
    patients: int


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
    wanted = seekers(read, scene, MOST_WAITING)
    return tuple(
        DayGap(
            chair.id, chair.name, from_minute(span[0]), from_minute(span[1]), span[1] - span[0],
            fits_into(read, wanted, chair.id, span),
        )
        for span, chair in sorted(found, key=lambda item: (item[0], item[1].position))[:MOST_GAPS]
    )  # fmt: skip


@query(permission=SEE_SCHEDULE, label=N_("Short-notice patients for free times"))
def gap_fits(read: Reading, clinic_id: ClinicId, on: date | None = None) -> tuple[GapFit, ...]:
    """For each free time of a day’s chairs, how many of the short-notice list fit it; those with nobody are left out.

    The scene is loaded once for all of them: `sooner_fits` names the people of one free time.
    """
    board = schedule_board.function(read, clinic_id, on)
    if board is None:
        return ()
    day = board.days[0]
    wanted = seekers(read, load_scene(read, clinic_id, day.span))
    if not wanted:
        return ()
    counted = ((gap, len(fits_into(read, wanted, gap.operatory_id, gap.span))) for gap in day.gaps)
    return tuple(GapFit(gap.operatory_id, gap.span[0], count) for gap, count in counted if count)
