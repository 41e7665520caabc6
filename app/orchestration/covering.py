"""Who could do something instead: by skill, by who is at work and free, the least booked first. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.i18n import N_
from app.orchestration.loading import LoadedDay
from app.orchestration.snapshot import DaySnapshot, PersonLane
from app.orchestration.vocabulary import PersonState
from app.practice.spans import Span, covers
from app.practice.vocabulary import HANDS, ProviderId, ProviderKind
from app.scheduling.vocabulary import AppointmentId


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who could. `reason` (a msgid filled by `until`, minutes since 1970, and `skills`) says why not."""

    id: ProviderId
    name: str
    kind: ProviderKind
    fits: bool
    booked: int
    reason: str
    skills: tuple[str, ...] = ()
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """What somebody leaves behind while away, and who could take it."""

    provider_id: ProviderId
    span: Span
    needed: tuple[tuple[AppointmentId, Span], ...]
    people: tuple[StandIn, ...]

    @property
    def covered(self) -> bool:
        """Whether nothing is left behind, or somebody fits."""
        return not self.needed or any(person.fits for person in self.people)


def kinds_like(kind: ProviderKind) -> tuple[ProviderKind, ...]:
    """Whose work can stand for whose: hands for hands, a doctor for a doctor."""
    return HANDS if kind in HANDS else (kind,)


def stand_ins(
    loaded: LoadedDay, shot: DaySnapshot, spans: Sequence[Span], kinds: Collection[ProviderKind],
    skills: Iterable[str] = (), without: Collection[str] = (), visit: str = "",
) -> tuple[StandIn, ...]:  # fmt: skip
    """Everybody of some kinds at work today: who fits first, then the least booked.

    The minutes of `visit` do not make its own people busy.
    """
    wanted = tuple(sorted(skills))
    found = [
        _weigh(loaded, shot, lane, spans, wanted, visit)
        for lane in shot.people
        if lane.kind in kinds and lane.id not in without and lane.shifts
    ]
    return tuple(sorted(found, key=lambda each: (not each.fits, each.booked, each.name, each.id)))


def _weigh(
    loaded: LoadedDay, shot: DaySnapshot, lane: PersonLane, spans: Sequence[Span], skills: tuple[str, ...], visit: str
) -> StandIn:
    person = loaded.roster.people[lane.id]
    lacks = tuple(skill for skill in skills if not person.holds(skill, _day(loaded)))
    busy = next(
        (span for owner, span in lane.parts if owner != visit and any(_touch(span, each) for each in spans)), None
    )
    off = next((span for span in (*lane.absences, *lane.breaks) if any(_touch(span, each) for each in spans)), None)
    rules = (
        (bool(lacks), _LACKS, None),
        (lane.state in _GONE and _is_now(spans, shot.now), _AWAY, None),
        (not all(covers(lane.shifts, each) for each in spans), _SHIFT, None),
        (off is not None, _OFF, off[1] if off else None),
        (busy is not None, _BUSY, busy[1] if busy else None),
    )
    for holds, reason, until in rules:
        if holds:
            return StandIn(lane.id, lane.name, lane.kind, False, lane.booked, reason, lacks, until)
    return StandIn(lane.id, lane.name, lane.kind, True, lane.booked, _FREE)


def _day(loaded: LoadedDay) -> date:
    return loaded.on


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_now(spans: Sequence[Span], now: int) -> bool:
    return any(start <= now < end for start, end in spans)


_GONE: Final = frozenset({PersonState.AWAY, PersonState.NOT_HERE, PersonState.BREAK})
_FREE: Final = N_("is free and has the skills")
_LACKS: Final = N_("lacks the skill {skills}")
_AWAY: Final = N_("is not here now")
_SHIFT: Final = N_("does not work then")
_OFF: Final = N_("is away until {until}")
_BUSY: Final = N_("is at a chair until {until}")
