"""Packing the visits of a day so that no chair, person or device is taken twice; one bit for each minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from app.cli.demonstration.practice import Site, type_id
from app.cli.demonstration.rhythm import Part
from app.cli.demonstration.shifts import Presence
from app.practice.vocabulary import EquipmentKind, OperatoryId, OperatoryKind, ProviderId, ProviderKind
from app.scheduling.seeds import TYPES
from app.scheduling.segments import length_of, read_segments
from app.scheduling.vocabulary import AppointmentTypeId, LabState, SegmentKind

GRID: Final = 5
DAY_BITS: Final = 1440


@dataclass(frozen=True, slots=True)
class Kind:
    """An appointment type as the packing needs it; masks have one bit for each minute of the visit."""

    code: str
    id: AppointmentTypeId
    minutes: int
    segments: tuple[tuple[SegmentKind, int], ...]
    doctor: int
    assistant: int
    coordinator: int
    device: int
    room: OperatoryKind
    skilled: bool
    lab_state: LabState
    should_confirm: bool


def mask(part: Part) -> int:
    """The bits of some minutes."""
    return ((1 << (part[1] - part[0])) - 1) << part[0]


@cache
def kinds() -> dict[str, Kind]:
    """The seeded types by code."""
    return {item.code: _kind(item) for item in TYPES}


def _kind(item: Any) -> Kind:
    segments = tuple((part.kind, part.minutes) for part in read_segments(item.segments))
    minutes = length_of(read_segments(item.segments))
    xray = item.more.get("equipment_kind") is EquipmentKind.XRAY
    return Kind(
        item.code, type_id(item.code), minutes, segments, _bits(segments, SegmentKind.DOCTOR),
        _bits(segments, SegmentKind.ASSISTANT, SegmentKind.XRAY), _bits(segments, SegmentKind.COORDINATOR),
        _bits(segments, SegmentKind.XRAY) if xray else 0, item.more.get("operatory_kind", OperatoryKind.CHAIR), xray,
        item.more.get("lab_state", LabState.NONE), item.more.get("should_confirm", True),
    )  # fmt: skip


def _bits(segments: Iterable[tuple[SegmentKind, int]], *wanted: SegmentKind) -> int:
    at = bits = 0
    for kind, minutes in segments:
        if kind in wanted:
            bits |= mask((at, at + minutes))
        at += minutes
    return bits


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit stands: minutes after midnight, chair, people, device."""

    start: int
    operatory_id: OperatoryId
    doctor_id: ProviderId | None
    assistant_id: ProviderId | None
    coordinator_id: ProviderId | None
    equipment_id: str | None


@dataclass(slots=True)
class Board:
    """One opening of one day: what is taken of every chair, person and device."""

    presence: Presence
    on: date
    part: Part
    taken: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        everything = (1 << DAY_BITS) - 1
        site = self.presence.site
        for provider in site.people:
            free = 0
            for part in self.presence.free(provider, self.on):
                free |= mask(part)
            self.taken[provider] = everything & ~free
        down = self.presence.device_down.get(self.on)
        self.taken[site.xray] = mask(down) if down else 0
        for room in (*site.chairs, *site.consultation, *site.records):
            self.taken[room] = 0

    @property
    def site(self) -> Site:
        """The clinic."""
        return self.presence.site

    def place(
        self, kind: Kind, wanted: int, rooms: list[OperatoryId] | None = None, near: int = DAY_BITS
    ) -> Place | None:
        """The free place nearest after (or else before) a wanted minute; None when there is none."""
        for start in self._starts(kind, wanted, near):
            for room in rooms or self._rooms(kind, start):
                found = self._fits(kind, start, room)
                if found is not None:
                    self._take(kind, found)
                    return found
        return None

    def free(self, kind: Kind, place: Place) -> None:
        """Give a place back: a visit that was called off."""
        for resource, bits in self._wanted(kind, place):
            self.taken[resource] &= ~(bits << place.start)

    def _starts(self, kind: Kind, wanted: int, near: int) -> Iterator[int]:
        first, last = self.part[0], self.part[1] - kind.minutes
        middle = min(max(wanted, first), last)
        middle -= (middle - first) % GRID
        for away in range(0, min(near, DAY_BITS), GRID):
            if middle + away <= last:
                yield middle + away
            if away and middle - away >= first:
                yield middle - away
            if middle + away > last and middle - away < first:
                return

    def _rooms(self, kind: Kind, start: int) -> list[OperatoryId]:
        if kind.room is OperatoryKind.CONSULTATION:
            return self.site.consultation
        if kind.room is OperatoryKind.RECORDS:
            return self.site.records
        chairs = self.site.chairs
        if kind.code in {"BD1", "BD2", "DB", "ALA"}:
            return chairs
        if kind.code in {"EMG", "RK", "RD", "OB"}:
            return chairs[::-1]
        turn = 2 + start // GRID % 3
        return [*chairs[turn:], *chairs[:turn]]

    def _fits(self, kind: Kind, start: int, room: OperatoryId) -> Place | None:
        taken = self.taken
        if taken[room] & (mask((0, kind.minutes)) << start):
            return None
        if kind.device and taken[self.site.xray] & (kind.device << start):
            return None
        coordinator = doctor = assistant = None
        if kind.coordinator:
            coordinator = self._first(self.site.of_kind(ProviderKind.COORDINATOR), kind.coordinator << start)
            if coordinator is None:
                return None
        if kind.doctor:
            wide = (kind.doctor << 1 | kind.doctor | kind.doctor >> 1) << start  # a minute to walk between chairs
            doctors = self.site.of_kind(ProviderKind.DOCTOR)
            doctor = self._first(doctors if start % 2 else doctors[::-1], wide)
            if doctor is None:
                return None
        if kind.assistant:
            assistant = self._first(self._assistants(kind, room), kind.assistant << start)
            if assistant is None:
                return None
        return Place(start, room, doctor, assistant, coordinator, self.site.xray if kind.device else None)

    def _assistants(self, kind: Kind, room: OperatoryId) -> list[ProviderId]:
        """Of a chair, its own assistant first; in the rooms, the hygienist."""
        own = self.site.of_kind(ProviderKind.ASSISTANT)
        hygienist = self.site.of_kind(ProviderKind.HYGIENIST)
        if kind.skilled:
            return hygienist + [one for one in own if "XRAY" in self.site.people[one].skills]
        if room in self.site.chairs[: len(own)]:
            mine = own[self.site.chairs.index(room)]
            return [mine, *(one for one in own if one != mine)]
        return hygienist + own

    def _first(self, people: list[ProviderId], bits: int) -> ProviderId | None:
        return next((one for one in people if not self.taken[one] & bits), None)

    def _wanted(self, kind: Kind, place: Place) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = [(place.operatory_id, mask((0, kind.minutes)))]
        people = (
            (place.doctor_id, kind.doctor), (place.assistant_id, kind.assistant),
            (place.coordinator_id, kind.coordinator), (place.equipment_id, kind.device),
        )  # fmt: skip
        return found + [(who, bits) for who, bits in people if who is not None]

    def _take(self, kind: Kind, place: Place) -> None:
        for resource, bits in self._wanted(kind, place):
            self.taken[resource] |= bits << place.start
