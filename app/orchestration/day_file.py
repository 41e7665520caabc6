"""Days written down in a file: what `main.py day --events FILE --now T` reads.

The format is JSON and described in the help page “command-line”; every length is in minutes.
The events are folded by the same table of states as those of the clinic.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from app.core.errors import UsageError
from app.core.i18n import N_
from app.orchestration.day import Day, DayChair, DayDevice, DayPerson, DayVisit, facts_of
from app.orchestration.freed import freed_at
from app.practice.local_time import instant_of, whole_minute
from app.practice.spans import Span
from app.practice.vocabulary import ProviderId, ProviderKind
from app.scheduling.fold import Happened, effective, fold
from app.scheduling.segments import Segment, read_segments, with_people
from app.scheduling.vocabulary import EventKind

_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})")


class FileChair(msgspec.Struct, forbid_unknown_fields=True):
    """A chair; a virtual one holds any number at once."""

    id: str
    virtual: bool = False


class FilePerson(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody who treats. `off` are breaks and absences, `shifts` when an unnamed assistant can be had."""

    id: str
    kind: ProviderKind = ProviderKind.ASSISTANT
    shifts: list[tuple[str, str]] = []
    off: list[tuple[str, str]] = []


class FileDevice(msgspec.Struct, forbid_unknown_fields=True):
    """A device, and when it is under maintenance."""

    id: str
    off: list[tuple[str, str]] = []


class FileVisit(msgspec.Struct, forbid_unknown_fields=True):
    """A booked visit. `segments` like “A8 D4 A8”; `expected` are their minutes where they are known to differ."""

    id: str
    at: str
    segments: str
    chair: str | None = None
    doctor: str | None = None
    assistant: str | None = None
    coordinator: str | None = None
    equipment: str | None = None
    cleaning: int = 0
    urgent: bool = False
    expected: list[int] = []


class FileEvent(msgspec.Struct, forbid_unknown_fields=True):
    """Something that happened to a visit, in the words of `EventKind`. `recorded_at` is when it was written down."""

    visit: str
    kind: EventKind
    at: str
    chair: str | None = None
    minutes: int | None = None
    recorded_at: str | None = None


class DayFile(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    date: date
    zone: str
    chairs: list[FileChair]
    visits: list[FileVisit]
    people: list[FilePerson] = []
    equipment: list[FileDevice] = []
    events: list[FileEvent] = []
    walk_minutes: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A day of a file, and how its clock times are read."""

    day: Day
    on: date
    zone: ZoneInfo
    now: int


def read_day(raw: bytes, now: str) -> Written:
    """The day of a file as it stands at `now`; `UsageError` names the first thing that cannot be read."""
    try:
        told = msgspec.json.decode(raw, type=DayFile)
        zone = ZoneInfo(told.zone)
    except (msgspec.MsgspecError, ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(N_("The file is no day: {why}"), field="events", why=str(error)) from error
    reader = _Reader(told, zone)
    moment = reader.instant(now)
    return Written(reader.day(moment), told.date, zone, whole_minute(moment))


@dataclass(slots=True)
class _Reader:
    told: DayFile
    zone: ZoneInfo

    def instant(self, text: str) -> datetime:
        """A clock time of the day (25:10 is 1:10 of the next one), or an ISO 8601 instant.

        Like all times of a day file: of an hour that comes twice the first, unless an offset says which.
        """
        match = _CLOCK.fullmatch(text)
        if match is not None:
            return instant_of(self.told.date, int(match[1]) * 60 + int(match[2]), self.zone)
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise UsageError(N_("“{value}” is no clock time and no instant."), field="now", value=text) from error
        return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)

    def day(self, now: datetime) -> Day:
        """What has happened until now, and what is planned."""
        events = self._events(now)
        return Day(
            tuple(self._visit(visit, events.get(visit.id, [])) for visit in self.told.visits),
            tuple(DayChair(chair.id, chair.virtual) for chair in self.told.chairs),
            tuple(
                DayPerson(person.id, person.kind, self._spans(person.shifts), self._spans(person.off))
                for person in self.told.people
            ),
            tuple(DayDevice(device.id, self._spans(device.off)) for device in self.told.equipment),
            self.told.walk_minutes,
        )

    def _spans(self, spans: list[tuple[str, str]]) -> tuple[Span, ...]:
        return tuple((whole_minute(self.instant(start)), whole_minute(self.instant(end))) for start, end in spans)

    def _events(self, now: datetime) -> dict[str, list[Happened]]:
        known = {visit.id for visit in self.told.visits}
        found: dict[str, list[Happened]] = {}
        for number, event in enumerate(self.told.events):
            if event.visit not in known:
                raise UsageError(N_("There is no visit “{visit}” in the file."), field="events", visit=event.visit)
            at = self.instant(event.at)
            recorded = self.instant(event.recorded_at) if event.recorded_at else at
            if recorded <= now:
                detail = {"minutes": event.minutes} if event.minutes is not None else {}
                happened = Happened(f"{number:06d}", event.kind, at, recorded, event.chair, None, detail)
                found.setdefault(event.visit, []).append(happened)
        return found

    def _visit(self, visit: FileVisit, events: list[Happened]) -> DayVisit:
        start = self.instant(visit.at)
        made = Happened("", EventKind.MADE, start, datetime.fromtimestamp(0, UTC))
        chair = visit.chair
        seated = [_at_chair(event, chair) for event in events]
        folded = fold([made, *seated])
        if folded.ineffective:
            raise UsageError(N_("The events of the visit “{visit}” cannot follow one another."), visit=visit.id)
        standing = effective(seated)
        counts = Counter(event.kind for event in standing)
        told = [event.detail.get("minutes", 0) for event in standing if event.kind is EventKind.RUNNING_LATE]
        return DayVisit(
            visit.id, chair, whole_minute(start), self._segments(visit), tuple(visit.expected), visit.equipment,
            visit.cleaning, visit.urgent, freed=freed_at(standing), announced=told[-1] if told else 0,
            **facts_of(folded, counts),  # type: ignore[arg-type]  # fields by name
        )  # fmt: skip

    def _segments(self, visit: FileVisit) -> tuple[Segment, ...]:
        segments = read_segments(visit.segments)
        if visit.expected and len(visit.expected) != len(segments):
            raise UsageError(N_("“expected” of the visit “{visit}” has one number for each segment."), visit=visit.id)
        named = (visit.doctor, visit.assistant, visit.coordinator)
        return with_people(segments, *(None if name is None else ProviderId(name) for name in named))


def _at_chair(event: Happened, chair: str | None) -> Happened:
    """Somebody who is seated sits in the planned chair unless another is named."""
    if event.kind is not EventKind.SEATED or event.operatory_id is not None:
        return event
    return Happened(event.id, event.kind, event.at, event.recorded_at, chair, None, event.detail)
