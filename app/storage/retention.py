"""Which records the policy of the clinic would let go: a list for people. Nothing is ever removed by itself.

Counted from the last entry of any kind in the chart (D-3, r. 16 asks for the file as a whole). Who was a minor then is
kept up to an age; a chart under a legal hold is shown with it, and is kept. What has been imported from an older system
counts as entered on the day of the import: later than true, never sooner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.core.clock import from_millis, to_millis
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.storage.permissions import MANAGE_STORAGE
from app.storage.settings import RETENTION_MINORS, RETENTION_YEARS

MAJORITY = 18
MOST = 500


@dataclass(frozen=True, slots=True)
class PastRetention:
    """A chart whose time is over. `kept_until` is the last day of the policy; `is_held`: it is kept all the same."""

    patient_id: PatientId
    file_number: str
    family_name: str
    given_name: str
    born_on: date | None
    last_entry_on: date
    kept_until: date
    images: int
    is_held: bool


@query(permission=MANAGE_STORAGE, label=N_("Records past the retention policy"))
def past_retention(read: Reading, most: int = MOST) -> tuple[PastRetention, ...]:
    """List the charts that the policy would let go, the longest over first. Nothing is removed by itself."""
    years, until_age = value_of(read, RETENTION_YEARS), value_of(read, RETENTION_MINORS)
    before = read.now - timedelta(days=years * 365)
    rows = read.sql(
        "SELECT p.id, p.file_number, p.family_name, p.given_name, p.born_on, max(o.hlc >> 16),"
        " (SELECT count(*) FROM study s JOIN image_state i ON i.study_id = s.id WHERE s.patient_id = p.id),"
        " EXISTS (SELECT 1 FROM legal_hold h WHERE h.patient_id = p.id AND h.lifted_at IS NULL)"
        " FROM patient p JOIN change c ON c.subject = p.id AND c.tbl <> 'legal_hold' JOIN operation o ON o.n = c.n"
        " GROUP BY p.id HAVING max(o.hlc >> 16) < :before ORDER BY max(o.hlc >> 16), p.id",
        before=to_millis(before),
    )
    found: list[PastRetention] = []
    for key, number, family, given, born, last, images, held in rows:
        entered = from_millis(int(last)).astimezone(read.clock.zone).date()
        born_on = date.fromisoformat(born) if born else None
        end = kept_until(entered, born_on, years, until_age)
        if end < read.today:
            found.append(
                PastRetention(PatientId(key), number, family, given, born_on, entered, end, images, bool(held))
            )
    return tuple(found[:most])


def kept_until(last_entry_on: date, born_on: date | None, years: int, until_age: int) -> date:
    """The last day on which the policy keeps a record; of a minor at the last entry, at least up to an age."""
    end = _after(last_entry_on, years)
    if born_on is not None and last_entry_on < _after(born_on, MAJORITY):
        end = max(end, _after(born_on, until_age))
    return end


def _after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)
