"""Looking for times: free slots, what stands against a time, brothers and sisters together, who could come sooner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_, translate
from app.core.ids import ClinicId, PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.patients.model import PatientSearch
from app.practice.calendar import WEEKDAYS
from app.practice.local_time import clock_minute, from_minute, whole_minute
from app.practice.model import Clinic, Operatory
from app.practice.vocabulary import EquipmentId, OperatoryId, ProviderId, Weekday
from app.scheduling.conflicts import Conflict, find_conflicts
from app.scheduling.fold import LIVE
from app.scheduling.free_times import Fit, Search, Wish, inside
from app.scheduling.model import Appointment, AppointmentState, ShortNotice
from app.scheduling.occupancy import Occupancy
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.placing import propose, segments_for
from app.scheduling.rooms import may_stand, suits
from app.scheduling.scene import Scene, load_scene
from app.scheduling.segments import Segment, length_of, segments_from
from app.scheduling.settings import GRID_MINUTES
from app.scheduling.visit_types import type_named, type_of
from app.scheduling.vocabulary import AppointmentId, ConflictKind, Severity, ShortNoticeId

MOST_DAYS: Final = 120
MOST_ANSWERS: Final = 2000


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A time that fits, with the people and the device that are free. `in_template` is empty without a template."""

    starts_at: datetime
    ends_at: datetime
    minutes: int
    clinic_id: ClinicId
    operatory_id: OperatoryId
    doctor_id: ProviderId | None
    assistant_id: ProviderId | None
    coordinator_id: ProviderId | None
    equipment_id: EquipmentId | None
    in_template: bool | None


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """What stands against a time; `sentence` is in the language in force."""

    kind: ConflictKind
    severity: Severity
    starts_at: datetime
    ends_at: datetime
    sentence: str
    with_appointment_id: str | None


@dataclass(frozen=True, slots=True)
class FamilySlot:
    """Times side by side, one a patient in the order that was asked; `wait_minutes` is what is idle between them."""

    slots: tuple[FreeSlot, ...]
    wait_minutes: int


@dataclass(frozen=True, slots=True)
class SoonerFit:
    """Somebody of the short-notice list whose visit fits a free time to the minute, the doctor's included."""

    short_notice_id: ShortNoticeId
    patient_id: PatientId
    family_name: str
    given_name: str
    appointment_id: AppointmentId | None
    type_code: str
    slot: FreeSlot
    waits_days: int


def _slot(fit: Fit, clinic_id: ClinicId) -> FreeSlot:
    start, end = fit.proposal.span
    return FreeSlot(
        from_minute(start), from_minute(end), end - start, clinic_id, fit.proposal.operatory_id, fit.doctor_id,
        fit.assistant_id, fit.coordinator_id, fit.proposal.equipment_id, fit.in_template,
    )  # fmt: skip


def clinics_in_order(read: Reading, clinic_id: ClinicId | None = None) -> list[ClinicId]:
    """The clinic that is asked for, else every one in its place."""
    if clinic_id is not None:
        return [clinic_id]
    statement = select(Clinic.id).where(Clinic.withdrawn_at.is_(None)).order_by(Clinic.position, Clinic.id)
    return list(read.execute(statement).scalars())


def _days(read: Reading, scene_day: date | None, days: int) -> list[date]:
    first = scene_day or read.today
    return [first + timedelta(days=ahead) for ahead in range(min(max(days, 1), MOST_DAYS))]


def _scene(read: Reading, clinic_id: ClinicId, days: Sequence[date], own: str = "") -> Scene:
    """The scene of whole days; noon of each is inside in any time zone, and hours may pass midnight."""
    middle = [whole_minute(datetime(day.year, day.month, day.day, 12, tzinfo=read.now.tzinfo)) for day in days]
    return load_scene(read, clinic_id, (middle[0] - 1440, middle[-1] + 2 * 1440), [own] if own else [])


def _bounded(wish: Wish, earliest: str, latest: str) -> Wish:
    low = clock_minute(earliest, "earliest") if earliest else wish.earliest
    return replace(wish, earliest=low, latest=clock_minute(latest, "latest") if latest else wish.latest)


@query(permission=SEE_SCHEDULE, label=N_("Free times"))
def free_slots(
    read: Reading,
    type: str,
    clinic_id: ClinicId | None = None,
    from_on: date | None = None,
    days: int = 14,
    doctor_id: ProviderId | None = None,
    assistant_id: ProviderId | None = None,
    operatory_id: OperatoryId | None = None,
    patient_id: PatientId | None = None,
    segments: str = "",
    earliest: str = "",
    latest: str = "",
    templated: bool = False,
    limit: int = 20,
    weekdays: list[Weekday] | None = None,
    apart: int = 0,
) -> tuple[FreeSlot, ...]:
    """Times at which nothing stands against a visit of a type: chair, doctor, hands, device, skills and hours.

    With `templated`, only where the day's template keeps the time for the class of the type. With `apart`, times of
    one day lie at least so many minutes from each other: a choice, and not every chair of one morning.
    """
    wanted = type_named(read, type)
    wish = _bounded(
        Wish(wanted, segments_for(wanted, segments), doctor_id, assistant_id, operatory_id, patient_id),
        earliest,
        latest,
    )
    found: list[FreeSlot] = []
    most = min(max(limit, 1), MOST_ANSWERS)
    for clinic in clinics_in_order(read, clinic_id):
        if operatory_id is not None and clinic != _clinic_of(read, operatory_id):
            continue
        wanted_days = [on for on in _days(read, from_on, days) if not weekdays or WEEKDAYS[on.weekday()] in weekdays]
        found += _search(read, clinic, wanted_days, wish, most, templated, apart)
    return tuple(sorted(found, key=lambda slot: (slot.starts_at, slot.clinic_id))[:most])


def search_days(
    read: Reading, clinic_id: ClinicId, first: date, days: int, wish: Wish, most: int, apart: int = 0
) -> list[FreeSlot]:
    """The free times of a wish on the days from `first` on, as `free_slots` gives them."""
    return _search(read, clinic_id, _days(read, first, days), wish, most, False, apart)


def _clinic_of(read: Reading, operatory_id: OperatoryId) -> ClinicId:
    found: ClinicId | None = read.execute(select(Operatory.clinic_id).where(Operatory.id == operatory_id)).scalar()
    if found is None:
        raise NotFound(N_("chair"), operatory_id)
    return found


def _search(
    read: Reading, clinic_id: ClinicId, days: list[date], wish: Wish, most: int, templated: bool, apart: int
) -> list[FreeSlot]:
    if not days:
        return []
    search = Search(_scene(read, clinic_id, days, wish.own), wish, value_of(read, GRID_MINUTES))
    found: list[FreeSlot] = []
    for on in days:
        after = 0
        for fit in search.fits_on(on):
            start = fit.proposal.start
            if (fit.in_template or not templated) and (start >= after or not apart):
                found.append(_slot(fit, clinic_id))
                after = start + apart
            if len(found) >= most:
                return found
    return found


@query(permission=SEE_SCHEDULE, label=N_("Conflicts of a time"))
def booking_conflicts(
    read: Reading,
    patient_id: PatientId,
    type: str,
    operatory_id: OperatoryId,
    starts_at: datetime,
    doctor_id: ProviderId | None = None,
    assistant_id: ProviderId | None = None,
    segments: str = "",
    appointment_id: AppointmentId | None = None,
) -> tuple[ConflictLine, ...]:
    """Everything that stands against a visit at a time and chair, the worst first; before it is booked or moved."""
    wanted = type_named(read, type)
    parts = segments_for(wanted, segments)
    scene, proposal = propose(
        read, patient_id, wanted, operatory_id, starts_at, parts, doctor_id, assistant_id,
        clinic_id=_clinic_of(read, operatory_id), own=appointment_id or "",
    )  # fmt: skip
    return tuple(conflict_line(item) for item in find_conflicts(scene, proposal))


def conflict_line(item: Conflict) -> ConflictLine:
    """A conflict in the words of the language in force."""
    sentence = translate(item.message, **item.values)
    start, end = (from_minute(minute) for minute in item.span)
    return ConflictLine(item.kind, item.severity, start, end, sentence, item.with_appointment_id)


@query(permission=SEE_SCHEDULE, label=N_("Free times for the family"))
def family_slots(
    read: Reading,
    patient_ids: list[PatientId],
    types: list[str],
    clinic_id: ClinicId,
    from_on: date | None = None,
    days: int = 14,
    most_wait: int = 30,
    limit: int = 10,
    one_after_another: bool = False,
) -> tuple[FamilySlot, ...]:
    """Times at which brothers and sisters come together: each begins within some minutes of the first.

    `types` gives the kind of visit of each patient, in the same order. Visits run side by side where chairs allow,
    or `one_after_another`: each then begins within some minutes of the end of the one before.
    """
    if not 2 <= len(patient_ids) <= 6 or len(types) != len(patient_ids):
        raise RuleViolation(N_("Give two to six patients, each with a type."), field="patient_ids")
    wanted = [type_named(read, name, "types") for name in types]
    wishes = [Wish(kind, kind.segments, patient_id=who) for kind, who in zip(wanted, patient_ids, strict=True)]
    grid = value_of(read, GRID_MINUTES)
    all_days = _days(read, from_on, days)
    scene = _scene(read, clinic_id, all_days)
    found: list[FamilySlot] = []
    for on in all_days:
        for first in Search(scene, wishes[0], grid).fits_on(on):
            fits = _together(scene, [first], wishes[1:], (grid, most_wait, one_after_another), on)
            if fits is not None:
                found.append(_family(fits, clinic_id))
            if len(found) >= max(limit, 1):
                return tuple(found)
    return tuple(found)


def _family(fits: list[Fit], clinic_id: ClinicId) -> FamilySlot:
    starts = [fit.proposal.start for fit in fits]
    return FamilySlot(tuple(_slot(fit, clinic_id) for fit in fits), max(starts) - min(starts))


def _together(
    scene: Scene, chosen: list[Fit], rest: list[Wish], how: tuple[int, int, bool], on: date
) -> list[Fit] | None:
    """Add the earliest fit of each further wish near the first, with those chosen before taking their minutes."""
    if not rest:
        return chosen
    grid, most_wait, one_after_another = how
    start = chosen[-1].proposal.span[1] if one_after_another else chosen[0].proposal.start
    crowded = _crowded(scene, chosen)
    midnight = scene.calendar.day(on)[0]
    near = replace(rest[0], earliest=max(0, start - midnight))
    for fit in Search(crowded, near, grid).fits_on(on):
        if fit.proposal.start - start > most_wait:
            return None
        found = _together(scene, [*chosen, fit], rest[1:], how, on)
        if found is not None:
            return found
    return None


def _crowded(scene: Scene, chosen: list[Fit]) -> Scene:
    """The scene with some visits more."""
    old, new = scene.occupancy, Occupancy()
    for name in ("chairs", "people", "devices", "patients"):
        for key, taken in getattr(old, name).items():
            getattr(new, name)[key] = list(taken)
    for number, fit in enumerate(chosen):
        new.add(replace(fit.proposal, appointment_id=f"chosen {number}").booked())
    return replace(scene, occupancy=new)


@query(permission=SEE_SCHEDULE, label=N_("Who could come sooner"))
def sooner_fits(
    read: Reading, operatory_id: OperatoryId, starts_at: datetime, ends_at: datetime
) -> tuple[SoonerFit, ...]:
    """Of the short-notice list, those whose visit fits a free time, the doctor’s minutes included.

    Length alone would not do: the doctor may be elsewhere in the middle of it.
    """
    clinic_id = _clinic_of(read, operatory_id)
    span = (whole_minute(starts_at), whole_minute(ends_at))
    return fits_into(read, seekers(read, load_scene(read, clinic_id, span)), operatory_id, span)


@dataclass(frozen=True, slots=True)
class Seeker:
    """An entry of the short-notice list and the search for its visit: of one scene, for as many free times as asked."""

    row: Any
    search: Search


def seekers(read: Reading, scene: Scene, most: int | None = None) -> list[Seeker]:
    """Those of the short-notice list who would come to the scene’s clinic, the longest listed first."""
    grid, found = value_of(read, GRID_MINUTES), []
    for row in waiting_rows(read)[:most]:
        if row.clinic_id not in {None, scene.calendar.clinic_id}:
            continue
        wanted = type_of(read, row.booked_type_id or row.type_id)
        parts = segments_from(row.segments, row.minutes) if row.appointment_id else wanted.segments
        bare = tuple(Segment(item.kind, item.minutes) for item in parts)
        wish = Wish(wanted, bare, patient_id=row.patient_id, own=row.appointment_id or "")
        found.append(Seeker(row, Search(scene, wish, grid)))
    return found


def fits_into(
    read: Reading, wanted: Sequence[Seeker], operatory_id: OperatoryId | None, span: tuple[int, int]
) -> tuple[SoonerFit, ...]:
    """Of some entries of the short-notice list, those that fit minutes of a chair (or of any), the longest waiting
    first."""
    fits = [fit for item in wanted if (fit := _sooner(read, item, operatory_id, span)) is not None]
    return tuple(sorted(fits, key=lambda item: (-item.waits_days, item.short_notice_id)))


def waiting_rows(read: Reading) -> list[Any]:
    """The entries of the short-notice list that stand, with the visit or the type of each."""
    statement = (
        select(
            *ShortNotice.__table__.c, PatientSearch.family_name, PatientSearch.given_name, PatientSearch.phone,
            Appointment.starts_at, Appointment.segments, Appointment.minutes,
            Appointment.type_id.label("booked_type_id"), AppointmentState.status,
        )
        .join(PatientSearch, PatientSearch.id == ShortNotice.patient_id)
        .outerjoin(Appointment, Appointment.id == ShortNotice.appointment_id)
        .outerjoin(AppointmentState, AppointmentState.id == Appointment.id)
        .where(ShortNotice.withdrawn_at.is_(None), ShortNotice.ended_at.is_(None))
        .order_by(ShortNotice.added_at, ShortNotice.id)
    )  # fmt: skip
    return [
        row
        for row in read.execute(statement)
        if (row.until_on is None or row.until_on >= read.today) and (row.appointment_id is None or row.status in LIVE)
    ]


def _sooner(read: Reading, seeker: Seeker, operatory_id: OperatoryId | None, span: tuple[int, int]) -> SoonerFit | None:
    row, scene, wanted = seeker.row, seeker.search.scene, seeker.search.wish.type
    on = scene.calendar.date_of(span[0])
    if row.weekdays and WEEKDAYS[on.weekday()].value not in row.weekdays:
        return None
    if row.starts_at is not None and whole_minute(row.starts_at) <= span[1]:
        return None
    fit = next(_fits(seeker, operatory_id, span, on), None)
    if fit is None:
        return None
    return SoonerFit(
        row.id, row.patient_id, row.family_name, row.given_name, row.appointment_id, wanted.code,
        _slot(fit, scene.calendar.clinic_id), (read.now - row.added_at).days,
    )  # fmt: skip


def _fits(seeker: Seeker, operatory_id: OperatoryId | None, span: tuple[int, int], on: date) -> Iterator[Fit]:
    """The starts inside a span at which a seeker’s visit fits, by time, then chair."""
    row, search = seeker.row, seeker.search
    scene, wanted = search.scene, search.wish.type
    midnight, length = scene.calendar.day(on)[0], length_of(search.wish.segments)
    begin = max(span[0], midnight + (row.earliest_minute or 0), scene.now)
    end = min(span[1], midnight + (row.latest_minute or 2880))
    chairs = [
        chair
        for chair in sorted(scene.roster.chairs.values(), key=lambda each: each.position)
        if operatory_id in {None, chair.id}
        and (may_stand if operatory_id else suits)(chair.kind, wanted.operatory_kind)
        and (chair.retired_on is None or chair.retired_on > on)
    ]
    for start in range(begin + (midnight - begin) % search.grid, end - length + 1, search.grid):
        taken = (start, start + length + wanted.buffer_minutes)
        if not inside(scene.calendar.openings(on), (start, start + length)):
            continue
        for chair in chairs:
            fit = search.fit(chair, start, on) if inside(search.free_chair(chair), taken) else None
            if fit is not None:
                yield fit
