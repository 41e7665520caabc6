"""The time clock: come and go, breaks taken and asked for, and what is corrected with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from app.attendance.loading import first_clinic, punches_of
from app.attendance.model import BreakRequest, ClockEntry
from app.attendance.permissions import MANAGE_CLOCK, USE_CLOCK
from app.attendance.presence import presence_of
from app.attendance.vocabulary import CLOCK_STATE_LABELS, BreakRequestId, ClockEntryId, ClockKind, RequestState
from app.core.errors import RuleViolation
from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.practice.entry import bounded, clean_text
from app.practice.living import living
from app.practice.model import Clinic, Provider, Shift
from app.practice.vocabulary import BreakKind, ProviderId

EARLIER: Final = timedelta(hours=20)
"""How long ago an entry may still be made; an older one is corrected by whoever keeps the clock."""


def person_of(tx: Transaction, provider_id: ProviderId | None) -> Provider:
    """Oneself, or somebody else for who keeps the clock."""
    own: Provider | None = tx.first(
        select(Provider).where(Provider.staff_id == tx.actor.id, Provider.withdrawn_at.is_(None))
    )
    if provider_id is None:
        if own is None:
            raise RuleViolation(N_("Say whose time clock this is."), field="provider_id")
        return own
    if own is None or own.id != provider_id:
        tx.require(MANAGE_CLOCK)
    return living(tx, Provider, provider_id, "provider_id")


def _clinic(tx: Transaction, provider: Provider, clinic_id: ClinicId | None) -> ClinicId:
    """The clinic that is named, else that of the shift of today, else the first."""
    if clinic_id is not None:
        return living(tx, Clinic, clinic_id, "clinic_id").id
    near = timedelta(hours=12)
    shift = select(Shift.clinic_id).where(
        Shift.provider_id == provider.id, Shift.withdrawn_at.is_(None), Shift.starts_at < tx.now + near,
        Shift.ends_at > tx.now - near,
    )  # fmt: skip
    found: ClinicId | None = tx.first(shift.order_by(Shift.starts_at))
    return found or first_clinic(tx.reading())


def _punch(
    tx: Transaction, provider: Provider, kind: ClockKind, at: datetime | None, *, clinic_id: ClinicId | None = None,
    break_kind: BreakKind | None = None, minutes: int | None = None, cover_id: ProviderId | None = None,
    note: str | None = None, corrects_id: ClockEntryId | None = None,
) -> ClockEntryId:  # fmt: skip
    moment = at or tx.now
    if moment > tx.now:
        raise RuleViolation(N_("This moment is in the future."), field="at")
    if corrects_id is None and tx.now - moment > EARLIER:
        raise RuleViolation(N_("This is too long ago: have the entry corrected."), field="at")
    before = presence_of(punches_of(tx.reading(), provider.id, moment))
    row = tx.add(
        ClockEntry(
            provider_id=provider.id, clinic_id=_clinic(tx, provider, clinic_id), kind=kind, at=moment,
            recorded_at=tx.now, by=tx.actor.id, break_kind=break_kind, minutes=minutes, cover_id=cover_id, note=note,
            corrects_id=corrects_id,
        )
    )  # fmt: skip
    tx.session.flush()
    if presence_of(punches_of(tx.reading(), provider.id, moment)).faults > before.faults:
        stands = _(CLOCK_STATE_LABELS[before.state])
        raise RuleViolation(
            N_("{name} stands as “{state}”: this does not follow."), field="provider_id", name=provider.name,
            state=stands,
        )  # fmt: skip
    return row.id


@command(permission=USE_CLOCK, label=N_("Take the entry of the time clock back"), icon="arrow-u-up-left")
def void_clock_entry(tx: Transaction, clock_entry_id: ClockEntryId, note: str = "") -> None:
    """The entry was a mistake: it does not count, and both rows stay readable."""
    entry = _standing(tx, clock_entry_id)
    _punch(tx, person_of(tx, entry.provider_id), ClockKind.VOIDED, entry.at, clinic_id=entry.clinic_id,
           note=clean_text(note, "note"), corrects_id=entry.id)  # fmt: skip


def _standing(tx: Transaction, clock_entry_id: ClockEntryId) -> ClockEntry:
    entry = tx.get(ClockEntry, clock_entry_id)
    if entry.kind is ClockKind.VOIDED or tx.first(select(ClockEntry.id).where(ClockEntry.corrects_id == entry.id)):
        raise RuleViolation(N_("This was already taken back or corrected."), field="clock_entry_id")
    return entry


_BACK = (void_clock_entry, ClockEntry)


@command(permission=USE_CLOCK, label=N_("Clock in"), undo=_BACK, icon="sign-in")
def clock_in(
    tx: Transaction, provider_id: ProviderId | None = None, clinic_id: ClinicId | None = None,
    at: datetime | None = None,
) -> ClockEntryId:  # fmt: skip
    """Somebody has come to work: oneself, or another person for who keeps the clock."""
    return _punch(tx, person_of(tx, provider_id), ClockKind.IN, at, clinic_id=clinic_id)


@command(permission=USE_CLOCK, label=N_("Clock out"), undo=_BACK, icon="sign-out")
def clock_out(tx: Transaction, provider_id: ProviderId | None = None, at: datetime | None = None) -> ClockEntryId:
    """Somebody goes home; a break that lasts ends with it."""
    return _punch(tx, person_of(tx, provider_id), ClockKind.OUT, at)


@command(permission=USE_CLOCK, label=N_("Begin the break"), undo=_BACK, icon="coffee")
def begin_break(
    tx: Transaction, kind: BreakKind = BreakKind.REST, minutes: int = 15, provider_id: ProviderId | None = None,
    cover_id: ProviderId | None = None, at: datetime | None = None,
) -> ClockEntryId:  # fmt: skip
    """Somebody goes on a break of some minutes; whoever stands in meanwhile is named. A granted request is taken."""
    provider = person_of(tx, provider_id)
    if cover_id is not None and living(tx, Provider, cover_id, "cover_id").id == provider.id:
        raise RuleViolation(N_("Nobody stands in for themselves."), field="cover_id")
    granted = select(BreakRequest).where(
        BreakRequest.provider_id == provider.id, BreakRequest.state == RequestState.GRANTED,
        BreakRequest.wanted_at > tx.now - timedelta(hours=4), BreakRequest.wanted_at < tx.now + timedelta(hours=2),
    )  # fmt: skip
    request: BreakRequest | None = tx.first(granted.order_by(BreakRequest.wanted_at))
    if request is not None:
        request.state = RequestState.TAKEN
        cover_id = cover_id or request.cover_id
    long = bounded(minutes, 1, 180, "minutes")
    return _punch(tx, provider, ClockKind.BREAK_BEGUN, at, break_kind=kind, minutes=long, cover_id=cover_id)


@command(permission=USE_CLOCK, label=N_("End the break"), undo=_BACK, icon="play")
def end_break(tx: Transaction, provider_id: ProviderId | None = None, at: datetime | None = None) -> ClockEntryId:
    """Somebody is back from a break."""
    return _punch(tx, person_of(tx, provider_id), ClockKind.BREAK_ENDED, at)


@command(
    permission=MANAGE_CLOCK, label=N_("Correct the entry of the time clock"), undo=_BACK, icon="clock-counter-clockwise"
)
def correct_clock_entry(tx: Transaction, clock_entry_id: ClockEntryId, at: datetime, note: str) -> ClockEntryId:
    """Give an entry its true moment, with the reason; what stood there before stays readable."""
    entry = _standing(tx, clock_entry_id)
    why = clean_text(note, "note")
    if not why:
        raise RuleViolation(N_("Say why the time is corrected."), field="note")
    return _punch(
        tx, person_of(tx, entry.provider_id), entry.kind, at, clinic_id=entry.clinic_id, break_kind=entry.break_kind,
        minutes=entry.minutes, cover_id=entry.cover_id, note=why, corrects_id=entry.id,
    )  # fmt: skip


# -- breaks that are asked for -------------------------------------------------------------------------------------
@command(permission=USE_CLOCK, label=N_("Withdraw what was asked"), icon="x")
def withdraw_break_request(tx: Transaction, break_request_id: BreakRequestId) -> None:
    """The break is not wanted any more."""
    row = _request(tx, break_request_id, RequestState.ASKED, RequestState.GRANTED)
    person_of(tx, row.provider_id)
    row.state = RequestState.WITHDRAWN


@command(permission=USE_CLOCK, label=N_("Ask for a break"), undo=(withdraw_break_request, BreakRequest), icon="coffee")
def ask_break(
    tx: Transaction, minutes: int = 10, provider_id: ProviderId | None = None, wanted_at: datetime | None = None,
    note: str = "",
) -> BreakRequestId:  # fmt: skip
    """Ask for a break in between, from now on or from another moment of the day."""
    provider = person_of(tx, provider_id)
    at = wanted_at or tx.now
    if not tx.now - timedelta(minutes=5) <= at <= tx.now + timedelta(hours=12):
        raise RuleViolation(N_("Ask for a time of today."), field="wanted_at")
    row = BreakRequest(
        provider_id=provider.id, clinic_id=_clinic(tx, provider, None), wanted_at=at,
        minutes=bounded(minutes, 5, 60, "minutes"), note=clean_text(note, "note"),
    )  # fmt: skip
    return tx.add(row).id


@command(permission=MANAGE_CLOCK, label=N_("Answer the break"), icon="check")
def answer_break(
    tx: Transaction, break_request_id: BreakRequestId, granted: bool, cover_id: ProviderId | None = None,
    answer: str = "",
) -> None:  # fmt: skip
    """Grant a break, with whoever stands in, or refuse it with a word why."""
    row = _request(tx, break_request_id, RequestState.ASKED)
    why = clean_text(answer, "answer")
    if not granted and not why:
        raise RuleViolation(N_("Say why the break is refused."), field="answer")
    if cover_id is not None and living(tx, Provider, cover_id, "cover_id").id == row.provider_id:
        raise RuleViolation(N_("Nobody stands in for themselves."), field="cover_id")
    row.state = RequestState.GRANTED if granted else RequestState.REFUSED
    row.cover_id, row.answer, row.answered_by, row.answered_at = cover_id, why, tx.actor.id, tx.now


def _request(tx: Transaction, break_request_id: BreakRequestId, *states: RequestState) -> BreakRequest:
    row = tx.get(BreakRequest, break_request_id)
    if row.state not in states:
        raise RuleViolation(N_("This was answered already."), field="break_request_id")
    return row
