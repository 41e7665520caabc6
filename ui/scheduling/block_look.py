"""What a visit looks like on the schedule: its status, the minutes that it takes, its words and its strip.

Minutes are whole minutes since 1970. A visit that runs is drawn where it runs; its plan stays under it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.core.clock import Clock
from app.core.i18n import N_, _, language
from app.scheduling.queries import PAUSE_LABELS, PauseReason, SegmentKind, VisitLine
from ui.patients.words import plain_name
from ui.shell.formats import hour
from ui.theme.tokens import STATUSES

OFF: Final = frozenset({"cancelled", "cancelled_late", "deleted"})
WAIT: Final = "wait"
Span = tuple[int, int]
_SHIFTED: Final = 5
_FLOWS: Final = {
    "expected": "expected", "late": "late", "arrived": "waiting", "on_deck": "waiting", "seated": "seated",
    "paused": "paused", "out_deck": "checkout", "checkout": "checkout", "gone": "done",
}  # fmt: skip
_DOCTOR: Final = {"needed": "needed", "needed_first": "needed", "here": "here"}
_TITLES: Final = frozenset({"dr", "dre", "dr.", "dre."})
MARK_ICONS: Final = {"alert": "warning", "new": "star", "lab": "flask", "prep": "clipboard-text"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the strip, as a part of the block's length: `kind` is a segment kind or WAIT."""

    kind: str
    start: int
    end: int
    words: str = ""
    clash: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that the painter of a block needs; two equal looks of one size are one picture."""

    status: str
    name: str
    short: str
    initials: str
    type_name: str
    type_code: str
    state: str
    state_short: str
    minutes: int
    pieces: tuple[Piece, ...]
    marks: tuple[str, ...] = ()
    past: bool = False
    dim: bool = False


def minute_of(instant: datetime) -> int:
    """Whole minutes since 1970."""
    return int(instant.timestamp()) // 60


def status_of(visit: VisitLine) -> str:
    """The status of the design that the states of a visit come to."""
    if visit.status in OFF:
        return "cancelled"
    if visit.status == "missed":
        return "missed"
    shown = _FLOWS.get(visit.flow, "expected")
    return _DOCTOR.get(visit.doctor, shown) if shown == "seated" else shown


def running(visit: VisitLine) -> bool:
    """Whether somebody sits at the chair now."""
    return visit.flow in {"seated", "paused"}


def movable(visit: VisitLine) -> bool:
    """Whether the events of a visit allow another place."""
    open_ = visit.status in {"scheduled", "confirmed", "planned", "unscheduled"}
    return open_ and visit.flow in {"expected", "late", "arrived", "on_deck"}


def planned_span(visit: VisitLine) -> tuple[int, int]:
    """The minutes that were booked."""
    start = minute_of(visit.starts_at) if visit.starts_at else 0
    return start, start + visit.minutes


def drawn_span(visit: VisitLine, now: int) -> tuple[int, int]:
    """The minutes that the visit takes: as it ran, as it is likely to run, or as it was booked."""
    planned = planned_span(visit)
    if visit.seated_at is None or visit.status in OFF or visit.flow in {"expected", "late", "arrived", "on_deck"}:
        return planned
    start = minute_of(visit.seated_at)
    ended = visit.completed_at or visit.left_at
    if ended is not None:
        return start, max(start + 1, minute_of(ended))
    return start, max(start + visit.minutes + _waited(visit, now), now + 1)


def _waited(visit: VisitLine, now: int) -> int:
    """Minutes that the visit stands still because the doctor has not come."""
    if visit.doctor not in {"needed", "needed_first"} or visit.doctor_needed_at is None:
        return 0
    return max(0, now - minute_of(visit.doctor_needed_at))


def chair_of(visit: VisitLine) -> str | None:
    """The chair in which somebody sits or sat, else the one that was booked."""
    sat = visit.seated_at is not None and visit.flow not in {"expected", "late", "arrived", "on_deck"}
    return (visit.seated_operatory_id if sat else None) or visit.operatory_id


def short_name(visit: VisitLine) -> str:
    """“Léa T.”"""
    return f"{visit.given_name} {visit.family_name[:1]}.".strip() if visit.family_name else visit.given_name


def doctor_name(name: str) -> str:
    """“Dre Gagnon” of “Dre Marie Gagnon”; a name without a title stays as it is."""
    words = name.split()
    return f"{words[0]} {words[-1]}" if len(words) > 2 and words[0].lower() in _TITLES else name


def initials_of(name: str) -> str:
    """The first letters of a name without its title: “MG” of “Dre Marie Gagnon”."""
    words = [word for word in name.replace("-", " ").split() if word.lower() not in _TITLES]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def type_name(visit: VisitLine) -> str:
    """The type in the language in force."""
    return visit.type_name_fr if language() == "fr" else visit.type_name_en


def minutes_words(minutes: int) -> str:
    """“6 min”, “1 h 20”: how long."""
    if minutes < 60:
        return _(N_("{n} min"), n=minutes)
    return _(N_("{hours} h {minutes}"), hours=minutes // 60, minutes=f"{minutes % 60:02d}")


def state_words(visit: VisitLine, now: int, clock: Clock, span: Span | None = None) -> tuple[str, str]:
    """The state line, and the same without its detail; `span` is where the visit is drawn."""
    status = status_of(visit)
    start, end = span or drawn_span(visit, now)
    over = end - planned_span(visit)[1]
    late = f" · +{minutes_words(over)}" if over >= 5 and status in {"needed", "here", "seated", "paused"} else ""
    until = _(N_("ends ≈ {time}"), time=_hour(end, clock))
    match status:
        case "here":
            words, brief = f"{_(N_('Dr here'))} · {until}", _(N_("Dr here"))
        case "seated":
            words = brief = until
        case "expected":
            words, brief = _expected(visit, start, clock)
        case _:
            words = brief = _since(visit, status, now) or _hour(start, clock)
    return words + late, brief


def _expected(visit: VisitLine, start: int, clock: Clock) -> tuple[str, str]:
    """The booked time; said as such when the visit is likely to begin at another."""
    planned = planned_span(visit)[0]
    time = _hour(planned, clock)
    if start - planned >= _SHIFTED:
        time = _(N_("planned {time}"), time=time)
    return (_(N_("{time} · confirmed"), time=time) if visit.confirmed_at else time), time


def _since(visit: VisitLine, status: str, now: int) -> str:
    """What is waited for and since when; empty for a status of which there is no more to say."""
    match status:
        case "needed":
            return _(N_("Waits for Dr {time}"), time=minutes_words(_ago(visit.doctor_needed_at, now)))
        case "waiting":
            return _(N_("waits {time}"), time=minutes_words(_ago(visit.arrived_at, now)))
        case "late":
            return _(N_("late {time}"), time=minutes_words(visit.late_minutes))
        case "paused":
            reason = visit.pause_reason
            return _(PAUSE_LABELS[PauseReason(reason)]) if reason else _(STATUSES["paused"].label)
        case "checkout":
            return _(N_("at the desk"))
        case _:
            return ""


def _ago(since: datetime | None, now: int) -> int:
    return max(0, now - minute_of(since)) if since is not None else 0


def _hour(minute: int, clock: Clock) -> str:
    return hour(datetime.fromtimestamp(minute * 60, clock.zone), clock)


def pieces_of(
    visit: VisitLine, now: int, people: Mapping[str, str], clashes: frozenset[tuple[str, int]], span: Span
) -> tuple[Piece, ...]:
    """The strip of a visit, in minutes from its drawn start; the wait stands before the doctor’s minutes."""
    start, end = span
    wait = _waited(visit, now)
    found: list[Piece] = []
    at = 0
    for number, part in enumerate(visit.segments):
        if wait and part.kind is SegmentKind.DOCTOR:
            needed = max(at, minute_of(visit.doctor_needed_at) - start) if visit.doctor_needed_at else at
            if needed > at and found:
                found[-1] = Piece(found[-1].kind, found[-1].start, needed, found[-1].words)
            found.append(Piece(WAIT, needed, needed + wait, _(N_("wait"))))
            at, wait = needed + wait, 0
        words = initials_of(people.get(part.provider_id or "", "")) if part.kind is SegmentKind.DOCTOR else ""
        found.append(Piece(part.kind.value, at, at + part.minutes, words, (visit.id, number) in clashes))
        at += part.minutes
    return _cut(found, end - start)


def _cut(pieces: list[Piece], length: int) -> tuple[Piece, ...]:
    """Cut at the end of the block; what is missing at the end is more of the last."""
    kept = [Piece(p.kind, p.start, min(p.end, length), p.words, p.clash) for p in pieces if p.start < length]
    if kept and kept[-1].end < length:
        last = kept[-1]
        tail = "assistant" if last.kind == SegmentKind.DOCTOR.value else last.kind
        if tail == last.kind:
            kept[-1] = Piece(last.kind, last.start, length, last.words, last.clash)
        else:
            kept.append(Piece(tail, last.end, length))
    return tuple(kept)


def doctor_clashes(visits: Iterable[VisitLine], now: int) -> frozenset[tuple[str, int]]:
    """The doctor’s minutes (visit, number of the segment) that two chairs want at once and that are still to come."""
    wanted: dict[str, list[tuple[int, int, tuple[str, int]]]] = {}
    for visit in visits:
        if visit.starts_at is None or visit.status not in {"scheduled", "confirmed"} or visit.doctor_left_at:
            continue
        at = drawn_span(visit, now)[0]
        for number, part in enumerate(visit.segments):
            if part.kind is SegmentKind.DOCTOR and part.provider_id and at + part.minutes > now:
                wanted.setdefault(part.provider_id, []).append((at, at + part.minutes, (visit.id, number)))
            at += part.minutes
    found: set[tuple[str, int]] = set()
    for stretches in wanted.values():
        stretches.sort()
        for place, (_start, end, key) in enumerate(stretches):
            for other_start, _other_end, other in stretches[place + 1 :]:
                if other_start >= end:
                    break
                if other[0] != key[0]:
                    found |= {key, other}
    return frozenset(found)


def look_of(
    visit: VisitLine, span: Span, now: int, clock: Clock, people: Mapping[str, str],
    clashes: frozenset[tuple[str, int]], marks: tuple[str, ...], dim: bool,
) -> Look:  # fmt: skip
    """The look of a visit now, drawn over some minutes."""
    status = status_of(visit)
    state, brief = state_words(visit, now, clock, span)
    return Look(
        status, plain_name(visit), short_name(visit), f"{visit.given_name[:1]}{visit.family_name[:1]}".upper(),
        type_name(visit), visit.type_code, state, brief, max(span[1] - span[0], 1),
        pieces_of(visit, now, people, clashes, span), marks, status in {"done", "missed", "cancelled"}, dim,
    )  # fmt: skip


def spoken(visit: VisitLine, now: int, clock: Clock, chair: str) -> str:
    """A block for those who hear it: time, name, type, chair, status and since when."""
    state, _brief = state_words(visit, now, clock)
    time = _hour(drawn_span(visit, now)[0], clock)
    words = [time, plain_name(visit), type_name(visit), chair, _(STATUSES[status_of(visit)].label)]
    if state and state != time:
        words.append(state)
    return ", ".join(word for word in words if word)
