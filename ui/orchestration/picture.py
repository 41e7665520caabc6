"""What every view of the day draws: one snapshot, one selection of it, and the same words for the same visit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from app.core.clock import Clock
from app.core.i18n import N_, _, language
from app.orchestration.queries import FLAG_LABELS, ChairLane, DaySnapshot, DayVisitLine, PersonLane, VisitFlag
from app.scheduling.queries import Stage, VisitLine
from ui.patients.words import plain_name
from ui.scheduling.block_look import doctor_name, minutes_words, spoken, type_name
from ui.shell.formats import hour

FLAG_LOOKS: Final[Mapping[VisitFlag, tuple[str, str]]] = {
    VisitFlag.ALERT: ("danger", "warning-octagon"), VisitFlag.SHARED_CHAIR: ("danger", "warning-octagon"),
    VisitFlag.URGENT: ("danger", "arrow-up"), VisitFlag.LAB: ("warn", "flask"),
    VisitFlag.PREP: ("warn", "clipboard-text"), VisitFlag.PAPERS: ("warn", "file-x"),
    VisitFlag.UNCONFIRMED: ("warn", "question"),
    VisitFlag.NEW: ("info", "star"), VisitFlag.INFERRED: ("info", "sparkle"),
    VisitFlag.EDITED: ("info", "clock-counter-clockwise"),
    VisitFlag.IMAGING: ("info", "scan"), VisitFlag.IMAGED: ("ok", "image"),
}  # fmt: skip
"""Severity and shape of the flags that have no other place on a card, the loudest first."""
WAITS: Final = frozenset({Stage.LATE, Stage.WAITING, Stage.NEEDED, Stage.PAUSED, Stage.CHECKOUT})
AT_CHAIR: Final = frozenset({Stage.SEATED, Stage.NEEDED, Stage.HERE, Stage.PAUSED})
OVER: Final = frozenset({Stage.DONE, Stage.MISSED, Stage.CANCELLED})


@dataclass(frozen=True, slots=True)
class Ages:
    """Minutes of waiting from which on a card warns, and from which on it is an alarm: (first, second)."""

    wait: tuple[int, int] = (10, 20)
    doctor: tuple[int, int] = (5, 10)
    late: tuple[int, int] = (5, 10)

    def of(self, stage: Stage) -> tuple[int, int]:
        """The two thresholds of a stage."""
        found = {Stage.NEEDED: self.doctor, Stage.PAUSED: self.doctor, Stage.LATE: self.late}.get(stage, self.wait)
        return found[0], max(found[1], found[0] + 1)


@dataclass(frozen=True, slots=True)
class Age:
    """How long somebody waits: minutes, as a part of the second threshold, and how bad that is."""

    minutes: int
    fraction: float
    severity: str = ""


@dataclass(frozen=True, slots=True)
class DayFilter:
    """Which visits are looked for; empty words take all."""

    text: str = ""
    stage: str = ""
    chair: str = ""
    person: str = ""
    kind: str = ""
    flag: str = ""

    @property
    def count(self) -> int:
        """How many are set."""
        return sum(map(bool, (self.text, self.stage, self.chair, self.person, self.kind, self.flag)))

    def takes(self, visit: DayVisitLine) -> bool:
        """Whether a visit is one of those."""
        line = visit.line
        people = {line.doctor_id, line.assistant_id, *visit.assistants, *(part.provider_id for part in line.segments)}
        words = f"{plain_name(line)} {type_name(line)} {line.file_number}".casefold()
        return (
            all(word in words for word in self.text.casefold().split())
            and self.stage in {"", visit.stage.value}
            and self.chair in {"", visit.operatory_id or line.operatory_id}
            and self.person in {"", *(who for who in people if who)}
            and self.kind in {"", line.appointment_class.value}
            and (not self.flag or self.flag in visit.flags)
        )

    def as_words(self) -> dict[str, str]:
        """What is set, to be kept."""
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def of(cls, words: Mapping[str, object]) -> DayFilter:
        """From what was kept; what is not known is left out."""
        known = {key: str(words[key]) for key in cls.__dataclass_fields__ if words.get(key)}
        return cls(**known)


@dataclass
class DayPicture:
    """A snapshot with what is looked for in it. `fits` counts short-notice patients by chair and begin of a gap."""

    shot: DaySnapshot
    clock: Clock
    wanted: DayFilter = field(default_factory=DayFilter)
    ages: Ages = field(default_factory=Ages)
    fits: Mapping[tuple[str, int], int] = field(default_factory=dict)
    limits: Mapping[Stage, int] = field(default_factory=dict)

    @cached_property
    def visits(self) -> dict[str, DayVisitLine]:
        """Every visit by its id, in the order of the day."""
        return {visit.id: visit for visit in self.shot.visits}

    @cached_property
    def shown(self) -> list[DayVisitLine]:
        """The visits that are looked for."""
        return [visit for visit in self.shot.visits if self.wanted.takes(visit)]

    @cached_property
    def chairs(self) -> dict[str, ChairLane]:
        """The chairs by id."""
        return {chair.id: chair for chair in self.shot.chairs}

    @cached_property
    def people(self) -> dict[str, PersonLane]:
        """Those who treat, by id."""
        return {person.id: person for person in self.shot.people}

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of those who treat."""
        return {person.id: person.name for person in self.shot.people}

    def with_filter(self, wanted: DayFilter) -> DayPicture:
        """The same day, looked at otherwise."""
        return replace(self, wanted=wanted)

    def dims(self, visit: DayVisitLine) -> bool:
        """Whether a visit is none of those that are looked for."""
        return bool(self.wanted.count) and not self.wanted.takes(visit)

    # -- words ----------------------------------------------------------------------------------------------
    def at(self, minute: int) -> str:
        """A minute as the clinic's clock shows it."""
        return hour(datetime.fromtimestamp(minute * 60, self.clock.zone), self.clock)

    def chair_name(self, operatory_id: str | None, *, short: bool = False) -> str:
        """The name of a chair."""
        chair = self.chairs.get(operatory_id or "")
        return "" if chair is None else chair.short_name if short else chair.name

    def person_name(self, provider_id: str | None) -> str:
        """`Dre Gagnon`; empty for nobody."""
        return doctor_name(self.names.get(provider_id or "", ""))

    def age(self, visit: DayVisitLine) -> Age | None:
        """How long a visit has been where somebody must act, or how far it is at the chair; None elsewhere."""
        if visit.stage in WAITS:
            if visit.stage is Stage.LATE:
                minutes = visit.line.late_minutes
            elif visit.since is None:
                return None
            else:
                minutes = max(0, self.shot.now - visit.since)
            first, second = self.ages.of(visit.stage)
            severity = "danger" if minutes >= second else "warn" if minutes >= first else ""
            return Age(minutes, minutes / second, severity)
        if visit.stage in AT_CHAIR and visit.projected is not None:
            start, end = visit.projected
            over = visit.over or 0
            severity = "danger" if over >= self.ages.wait[0] else "warn" if over > 0 else ""
            return Age(max(0, self.shot.now - start), (self.shot.now - start) / max(end - start, 1), severity)
        return None

    def flags(self, visit: DayVisitLine) -> list[tuple[str, str, str]]:
        """Severity, shape and words of what is to mind, the loudest first."""
        found = [(*FLAG_LOOKS[flag], _(FLAG_LABELS[flag])) for flag in FLAG_LOOKS if flag in visit.flags]
        if visit.own_state is not None:
            own = visit.own_state
            found.append(("info", "tag", own.name_fr if language() == "fr" else own.name_en))
        return found

    def when(self, visit: DayVisitLine) -> str:
        """When it will begin, where that is not the planned minute; empty otherwise."""
        if visit.projected is None or visit.stage in OVER or visit.stage in AT_CHAIR or visit.delay <= 0:
            return ""
        return _(N_("begins ≈ {time}, {n} min late"), time=self.at(visit.projected[0]), n=visit.delay)

    def sentence(self, visit: DayVisitLine) -> str:
        """A visit for those who hear it: time, name, procedure, chair, state, since when, and what to mind."""
        chair = self.chair_name(visit.operatory_id or visit.line.operatory_id)
        parts = [spoken(visit.line, self.shot.now, self.clock, chair), self.when(visit)]
        if visit.urgent and visit.urgent_reason:
            parts.append(_(N_("goes first: {reason}"), reason=visit.urgent_reason))
        if visit.over:
            parts.append(_(N_("{time} over"), time=minutes_words(visit.over)))
        parts += [words for _severity, _icon, words in self.flags(visit)]
        return ", ".join(part for part in parts if part)

    def initials(self, line: VisitLine) -> str:
        """`F. B.`"""
        return " ".join(f"{name[:1].upper()}." for name in (line.given_name, line.family_name) if name)


def look_text(words: Mapping[str, str]) -> str:
    """A look as it is kept: JSON, always the same for the same look."""
    return json.dumps(dict(words), sort_keys=True, ensure_ascii=False)


def in_order(visits: Sequence[DayVisitLine]) -> list[DayVisitLine]:
    """Who goes first, then by the time at which it began or will begin."""
    return sorted(visits, key=lambda visit: (not visit.urgent, visit.projected or (0, 0), visit.id))
