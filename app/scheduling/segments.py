"""The minutes of a visit: who or what each stretch needs.

A visit is a chair block of segments. As text: “A20 D10 A25 D5” is 20 minutes of the assistant, 10 of the doctor, 25 of
the assistant, 5 of the doctor; T is the coordinator, X imaging (run by the assistant), C the chair alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.practice.spans import Span
from app.practice.vocabulary import ProviderId
from app.scheduling.vocabulary import SegmentKind

LONGEST_VISIT: Final = 720
LETTERS: Final = {
    "A": SegmentKind.ASSISTANT,
    "D": SegmentKind.DOCTOR,
    "T": SegmentKind.COORDINATOR,
    "X": SegmentKind.XRAY,
    "C": SegmentKind.CHAIR,
}
_LETTER_OF: Final = {kind: letter for letter, kind in LETTERS.items()}
_PART: Final = re.compile(r"([ADTXC])(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Segment:
    """Some minutes of one kind, with the person when one is named."""

    kind: SegmentKind
    minutes: int
    provider_id: ProviderId | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A segment laid on the clock: whole minutes since 1970."""

    kind: SegmentKind
    span: Span
    provider_id: ProviderId | None


def read_segments(text: str, field: str = "segments") -> tuple[Segment, ...]:
    """The segments of a text; refused when it cannot be read or is longer than 12 hours."""
    found = []
    for word in text.upper().replace(",", " ").split():
        match = _PART.fullmatch(word)
        if match is None or int(match[2]) == 0:
            raise RuleViolation(N_("Segments are written like A8 D4 A8."), field=field)
        found.append(Segment(LETTERS[match[1]], int(match[2])))
    if not found or length_of(found) > LONGEST_VISIT:
        raise RuleViolation(N_("A visit lasts 1 to {most} minutes."), field=field, most=LONGEST_VISIT)
    return tuple(found)


def segments_text(segments: Iterable[Segment]) -> str:
    """The text of segments."""
    return " ".join(f"{_LETTER_OF[item.kind]}{item.minutes}" for item in segments)


def length_of(segments: Iterable[Segment]) -> int:
    """Minutes in all."""
    return sum(item.minutes for item in segments)


def minutes_of(segments: Iterable[Segment], kind: SegmentKind) -> int:
    """Minutes of one kind."""
    return sum(item.minutes for item in segments if item.kind is kind)


def stretched(segments: Sequence[Segment], minutes: int) -> tuple[Segment, ...]:
    """The segments made to last so many minutes in all; the doctor’s minutes stay as they are as long as they can.

    The last minutes that are not the doctor’s grow or shrink first; what comes to nothing falls away.
    """
    change = minutes - length_of(segments)
    lengths = [item.minutes for item in segments]
    order = sorted(range(len(lengths)), key=lambda at: (segments[at].kind is SegmentKind.DOCTOR, -at))
    for at in order:
        new = max(0, lengths[at] + change)
        change -= new - lengths[at]
        lengths[at] = new
    pairs = zip(segments, lengths, strict=True)
    return tuple(Segment(item.kind, length, item.provider_id) for item, length in pairs if length)


def kept_segments(segments: Iterable[Segment]) -> list[list[Any]]:
    """As a record keeps them."""
    return [[item.kind.value, item.minutes, item.provider_id] for item in segments]


def segments_from(kept: Any, minutes: int) -> tuple[Segment, ...]:
    """From a record; the chair alone when the person's data has been erased."""
    if not kept:
        return (Segment(SegmentKind.CHAIR, minutes),)
    return tuple(Segment(SegmentKind(kind), length, *rest) for kind, length, *rest in kept)


def with_people(
    segments: Iterable[Segment],
    doctor: ProviderId | None,
    assistant: ProviderId | None,
    coordinator: ProviderId | None = None,
) -> tuple[Segment, ...]:
    """The segments with their people; one that is named already stays."""
    who = {
        SegmentKind.DOCTOR: doctor,
        SegmentKind.ASSISTANT: assistant,
        SegmentKind.XRAY: assistant,
        SegmentKind.COORDINATOR: coordinator,
    }
    return tuple(Segment(item.kind, item.minutes, item.provider_id or who.get(item.kind)) for item in segments)


def parts_of(segments: Iterable[Segment], start: int) -> Iterator[Part]:
    """The segments one after the other from a minute on."""
    for item in segments:
        yield Part(item.kind, (start, start + item.minutes), item.provider_id)
        start += item.minutes
