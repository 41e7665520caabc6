"""The records of the time clock. Entries are never changed: a correction is a row that stands in place of another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped

from app.attendance.vocabulary import BreakRequestId, ClockEntryId, ClockKind, RequestState
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.records import Merge, Record, choice, instant, integer, key, link, reference, text
from app.practice.vocabulary import BreakKind, ProviderId

STREAM = "attendance"


class ClockEntry(Record, merge=Merge.EVENT, stream=STREAM):
    """Somebody came, went, began or ended a break. `minutes` and `cover_id`: for how long, and who stands in."""

    __tablename__ = "clock_entry"
    __noun__ = N_("entry of the time clock")

    id: Mapped[ClockEntryId] = key()
    provider_id: Mapped[ProviderId] = reference("provider")
    clinic_id: Mapped[ClinicId] = reference("clinic")
    kind: Mapped[ClockKind] = choice(ClockKind)
    at: Mapped[datetime] = instant(index=True)
    recorded_at: Mapped[datetime] = instant()
    by: Mapped[str] = link(index=False)
    break_kind: Mapped[BreakKind | None] = choice(BreakKind)
    minutes: Mapped[int | None] = integer()
    cover_id: Mapped[ProviderId | None] = reference("provider", index=False)
    note: Mapped[str | None] = text()
    corrects_id: Mapped[ClockEntryId | None] = reference("clock_entry")


class BreakRequest(Record, merge=Merge.FIELD, stream=STREAM):
    """A break in between that somebody would like, and what was answered."""

    __tablename__ = "break_request"
    __noun__ = N_("break that was asked for")

    id: Mapped[BreakRequestId] = key()
    provider_id: Mapped[ProviderId] = reference("provider")
    clinic_id: Mapped[ClinicId] = reference("clinic")
    state: Mapped[RequestState] = choice(RequestState, default=RequestState.ASKED)
    wanted_at: Mapped[datetime] = instant(index=True)
    minutes: Mapped[int] = integer()
    note: Mapped[str | None] = text()
    cover_id: Mapped[ProviderId | None] = reference("provider", index=False)
    answered_by: Mapped[str | None] = link(index=False)
    answered_at: Mapped[datetime | None] = instant()
    answer: Mapped[str | None] = text()
