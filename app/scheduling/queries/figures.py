"""What the visits of some time say in figures: kept, missed, late, and how the types share them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.core.i18n import N_
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.practice.local_time import instant_of
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.settings import LATE_AFTER


@dataclass(frozen=True, slots=True)
class TypeShare:
    """How many visits a type has; `per_mille` of all visits of the time."""

    code: str
    visits: int
    per_mille: int


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """Counts of visits by what became of them.

    `no_show_per_mille` is of those kept or missed, `late_per_mille` of those kept: the patient arrived later after the
    planned start than the clinic’s setting allows.
    """

    from_on: date
    to_on: date
    visits: int
    kept: int
    missed: int
    cancelled: int
    cancelled_late: int
    open: int
    late: int
    no_show_per_mille: int
    late_per_mille: int
    types: tuple[TypeShare, ...]


_COUNTS = """
SELECT count(*) visits, coalesce(sum(status = 'kept'), 0) kept, coalesce(sum(status = 'missed'), 0) missed,
  coalesce(sum(status = 'cancelled'), 0) cancelled, coalesce(sum(status = 'cancelled_late'), 0) cancelled_late,
  coalesce(sum(status IN ('scheduled', 'confirmed')), 0) still_open,
  coalesce(sum(status = 'kept' AND arrived_at > starts_at + :late), 0) late
FROM appointment_state WHERE starts_at >= :first AND starts_at < :last
"""
_TYPES = """
SELECT t.code, count(*) visits FROM appointment_state s JOIN appointment_type t ON t.id = s.type_id
WHERE s.starts_at >= :first AND s.starts_at < :last GROUP BY t.code ORDER BY visits DESC, t.code
"""


@query(permission=SEE_SCHEDULE, label=N_("Figures of the visits"))
def visit_figures(read: Reading, from_on: date | None = None, to_on: date | None = None) -> VisitFigures:
    """How many visits were kept, missed, cancelled and late, and the share of each type; three years unless said."""
    last = to_on or read.today
    first = from_on or last - timedelta(days=3 * 365)
    zone = read.clock.zone
    span = {
        "first": int(instant_of(first, 0, zone).timestamp() * 1000),
        "last": int(instant_of(last + timedelta(days=1), 0, zone).timestamp() * 1000),
    }
    counts = next(iter(read.sql(_COUNTS, late=value_of(read, LATE_AFTER) * 60_000, **span)))
    types = tuple(
        TypeShare(row.code, row.visits, _per_mille(row.visits, counts.visits)) for row in read.sql(_TYPES, **span)
    )
    return VisitFigures(
        first, last, counts.visits, counts.kept, counts.missed, counts.cancelled, counts.cancelled_late,
        counts.still_open, counts.late, _per_mille(counts.missed, counts.kept + counts.missed),
        _per_mille(counts.late, counts.kept), types,
    )  # fmt: skip


def _per_mille(part: int, whole: int) -> int:
    return round(1000 * part / whole) if whole else 0
