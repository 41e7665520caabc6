"""The clinic from day to day: who is due is booked where the day has room, comes, comes late, or does not come."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from app.cli.demonstration.packing import Board, Kind, kinds
from app.cli.demonstration.rhythm import Part, Rhythm
from app.cli.demonstration.shifts import DAYS_AHEAD, Presence
from app.cli.demonstration.stories import DAYS_OF_HISTORY, ENTRY_DAYS, TREATED, Life
from app.cli.demonstration.visits import DAY, FULL_DAYS, MINUTE, Traffic, Visit, call_off, draw_outcome, prepare
from app.core.clock import to_millis
from app.scheduling.vocabulary import EventKind, LabState

MOST_A_DAY: Final = 64
LOST: Final = 0.006
"""Of the visits in treatment: nobody booked the next one, and the family comes back months later."""
LOST_AFTER_NO_SHOW: Final = 0.2
FORGOTTEN: Final = 0.2
"""Of observations and retention checks: the family is called back weeks after the check was due."""
NOT_BOOKED: Final = 0.15
"""Of observations and retention checks: a recall stands instead of a booked visit."""
_LONG: Final = frozenset({"BD1", "BD2", "DB", "ALA", "EXP"})
_SCHOOL: Final = ((480, 560), (905, 1000))
"""Minutes in which families of school children like to come."""


@dataclass(slots=True)
class Simulation:
    """One clinic over its history, its day, and what is booked."""

    presence: Presence
    rhythm: Rhythm
    chance: random.Random
    lives: list[Life]
    idle: list[Life] = field(default_factory=list)
    """Those who have nothing booked, at the end."""
    future: dict[str, Visit] = field(default_factory=dict)
    _due: list[tuple[int, int, Life]] = field(default_factory=list)
    _count: int = 0
    _awaited: bool = False

    def past(self) -> Iterator[list[Visit]]:
        """The visits of each day before today, day by day; only those of the history that is kept."""
        for life in self.lives:
            self._push(life, life.due)
        today = self.rhythm.today
        for back in range(ENTRY_DAYS, 0, -1):
            on = today - timedelta(days=back)
            found = [visit for part in self.rhythm.parts(on) for visit in self._past_day(on, part)]
            if back <= DAYS_OF_HISTORY and found:
                yield found

    def _past_day(self, on: date, part: Part) -> list[Visit]:
        board, base = Board(self.presence, on, part), self.rhythm.base(on, part)
        traffic, found = Traffic(self.chance), []
        full = (self.rhythm.today - on).days <= FULL_DAYS
        for life, visit in self._fill(board, base, on):
            visit.outcome, visit.full = draw_outcome(self.chance), full
            if visit.outcome in {EventKind.CANCELLED, EventKind.CANCELLED_LATE}:
                board.free(visit.kind, visit.place)
            found.append((life, visit))
        found.sort(key=lambda pair: pair[1].starts)
        for life, visit in found:
            self.end(life, visit, traffic)
        return [visit for _life, visit in found]

    def end(self, life: Life, visit: Visit, traffic: Traffic) -> None:
        """Let a visit of the past end as it was drawn, and its patient go on."""
        assert visit.outcome is not None
        if visit.outcome is EventKind.COMPLETED:
            traffic.keep(visit)
            visit.lab_state = LabState.BACK if visit.kind.lab_state is LabState.MUST_BE_BACK else visit.kind.lab_state
            visit.prep_done = True
        else:
            call_off(visit, visit.outcome, self.chance)
        if visit.full:
            prepare(visit, self.chance, visit.starts)
        self.advance(life, visit)

    def advance(self, life: Life, visit: Visit) -> None:
        """What a patient does after a visit of the past."""
        on, chance = visit.on.toordinal(), self.chance
        code, _gap = life.steps[-1]
        life.booked = visit.ends + 3 * MINUTE
        if visit.outcome is not EventKind.COMPLETED:
            lost = visit.outcome is EventKind.MISSED and chance.random() < LOST_AFTER_NO_SHOW
            again = chance.randrange(60, 200) if lost else chance.randrange(6, 22)
            life.booked = life.booked + (again - 3) * DAY if lost else life.booked + 60 * MINUTE
            self._push(life, on + again)
            return
        life.steps.pop()
        life.last = on
        life.seen.append(code)
        life.treated = code in TREATED or (life.treated and code != "DB")
        following = life.next
        if following is None:
            self.idle.append(life)
            return
        gap = following[1]
        if following[0] in {"OB", "RK"} and chance.random() < FORGOTTEN:
            delay = chance.randrange(20, 150)
            life.booked += (gap + delay - 2) * DAY
            self._push(life, on + gap + delay)
            life.due = on + gap  # the recall came due then, and nobody called
            return
        if life.treated and chance.random() < LOST:
            gap += chance.randrange(60, 160)
            life.booked += (gap - 5) * DAY
        self._push(life, on + gap)

    def _push(self, life: Life, due: int) -> None:
        self._count += 1
        life.due = due
        heapq.heappush(self._due, (due, self._count, life))

    def _fill(self, board: Board, base: int, on: date, most: int = MOST_A_DAY) -> list[tuple[Life, Visit]]:
        """Book those who are due on a day, the long visits first; who finds no room comes on the next day."""
        day = on.toordinal()
        waiting: list[Life] = []
        while self._due and self._due[0][0] <= day and len(waiting) < most:
            waiting.append(heapq.heappop(self._due)[2])
        waiting.sort(key=lambda life: life.steps[-1][0] not in _LONG)
        found = []
        for life in waiting:
            visit = self.book(board, base, on, life, self._wish(life, board.part))
            if visit is None:
                self._push(life, day + 1)
            else:
                found.append((life, visit))
        return found

    def _wish(self, life: Life, part: Part) -> int:
        code, chance = life.steps[-1][0], self.chance
        if code in _LONG:
            return chance.choice((570, 570, 660, 810))
        if not life.adult and chance.random() < 0.45:
            return chance.randrange(*chance.choice(_SCHOOL))
        return chance.randrange(part[0], part[1])

    def book(
        self, board: Board, base: int, on: date, life: Life, wish: int, near: int = 1440, kind: Kind | None = None
    ) -> Visit | None:
        """A visit of a patient at the nearest free place, or None."""
        kind = kind or kinds()[life.steps[-1][0]]
        place = board.place(kind, wish, near=near)
        if place is None:
            return None
        starts = (base + place.start) * MINUTE
        booked = life.booked or starts - self.chance.randrange(5, 40) * DAY
        return Visit(life.patient_id, kind, on, place, starts, min(booked, starts - 60 * MINUTE), None,
                     lab_state=kind.lab_state)  # fmt: skip

    def ahead(self) -> Iterator[list[Visit]]:
        """The visits that are booked after today; every patient has one at most."""
        now = to_millis(self.rhythm.now)
        self._leave_unbooked()
        for ahead in range(1, DAYS_AHEAD + 1):
            on = self.rhythm.today + timedelta(days=ahead)
            found = []
            for part in self.rhythm.parts(on):
                board, base = Board(self.presence, on, part), self.rhythm.base(on, part)
                for _life, visit in self._fill(board, base, on):
                    visit.booked = min(visit.booked, now - self.chance.randrange(5, 2000) * MINUTE)
                    self._from_the_lab(visit)
                    prepare(visit, self.chance, now)
                    self.future[visit.patient_id] = visit
                    found.append(visit)
            yield found
        self.idle += [life for _due, _count, life in self._due]
        self._due.clear()

    def _from_the_lab(self, visit: Visit) -> None:
        """Most cases of the coming week are back; not the first one, so that somebody has to be called."""
        soon = visit.on <= self.rhythm.today + timedelta(days=7)
        if visit.lab_state is LabState.MUST_BE_BACK and soon:
            if self._awaited and self.chance.random() < 0.7:
                visit.lab_state = LabState.BACK
            self._awaited = True

    def _leave_unbooked(self) -> None:
        """Recalls stand instead of some checks, and who was lost has nothing booked."""
        now, kept = to_millis(self.rhythm.now), []
        for due, count, life in self._due:
            unbooked = life.steps[-1][0] in {"OB", "RK"} and self.chance.random() < NOT_BOOKED
            if unbooked or life.booked > now:
                self.idle.append(life)
            else:
                kept.append((due, count, life))
        self._due = kept
        heapq.heapify(self._due)

    def take_due(self) -> list[Life]:
        """The patients who have a visit before them, those who are due first in front; not those who are lost."""
        now, found, lost = to_millis(self.rhythm.now), [], []
        while self._due:
            item = heapq.heappop(self._due)
            if item[2].booked < now:
                found.append(item[2])
            else:
                lost.append(item)
        self._due = lost
        return found

    def give_back(self, life: Life) -> None:
        """A patient for whom the day had no room."""
        self._push(life, max(life.due, self.rhythm.today.toordinal() + 1))
