"""The day in full swing: whoever opens the folder sees chairs taken, doctors wanted, people waiting, late and gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.cli.demonstration.packing import Board, kinds
from app.cli.demonstration.practice import reason_id
from app.cli.demonstration.simulation import Simulation
from app.cli.demonstration.stories import Life
from app.cli.demonstration.visits import DAY, MINUTE, Traffic, Visit, call_off, prepare
from app.core.clock import to_millis
from app.practice.vocabulary import OperatoryId, OperatoryKind
from app.scheduling.vocabulary import EventKind, LabState, PauseReason, ReasonKind

FULL_DAY: Final = 72
"""Visits of the day, where there are patients enough; a small demonstration does not call all of its own."""
LEAST_FULL: Final = 32
AWAITED: Final = 2
"""The chair (from 0) whose patient is late."""
_ENDS: Final = frozenset({EventKind.COMPLETED, EventKind.MISSED, EventKind.CANCELLED_LATE})
AROUND: Final = 20
"""Minutes before and after the moment in which it is told in detail what goes on."""


@dataclass(slots=True)
class FullSwing:
    """The visits of today, and what happened to them until now."""

    simulation: Simulation
    named: Sequence[str] = ()
    """Patients whom pictures and journeys know: they come first."""
    visits: list[tuple[Life, Visit]] = field(default_factory=list)
    _told: set[int] = field(default_factory=set)
    _seats: dict[str, int] = field(default_factory=dict)
    _leaving: int = 0

    def fill(self) -> list[Visit]:
        """Book the day around the moment and let it run until then."""
        rhythm = self.simulation.rhythm
        part = rhythm.parts(rhythm.today)[-1]
        board, base = Board(self.simulation.presence, rhythm.today, part), rhythm.base(rhythm.today, part)
        lives = self._those_who_come()
        self._at_the_chairs(board, base, lives)
        self._around_them(board, base, lives)
        for life in lives:
            wish = self.simulation.chance.randrange(part[0], part[1])
            self._book(board, base, life, wish, near=1440)
        self._run()
        return [visit for _life, visit in self.visits]

    @property
    def now(self) -> int:
        """The moment, in milliseconds."""
        return to_millis(self.simulation.rhythm.now)

    def _those_who_come(self) -> list[Life]:
        lives = self.simulation.take_due()
        place = {patient: number for number, patient in enumerate(self.named)}
        lives.sort(key=lambda life: place.get(life.patient_id, len(place)))
        most = max(LEAST_FULL, min(FULL_DAY, len(self.simulation.lives) // 14))
        for life in lives[most:]:
            self.simulation.give_back(life)
        return lives[:most]

    def _book(
        self, board: Board, base: int, life: Life, wish: int, *, near: int, rooms: list[OperatoryId] | None = None
    ) -> Visit | None:
        simulation = self.simulation
        kind = kinds()[life.steps[-1][0]]
        place = board.place(kind, wish, rooms, near)
        if place is None:
            if rooms is None and near > 100:
                simulation.give_back(life)
            return None
        starts = (base + place.start) * MINUTE
        booked = min(life.booked or starts - 20 * DAY, self.now - DAY, starts - DAY)
        visit = Visit(life.patient_id, kind, simulation.rhythm.today, place, starts, booked, None)
        visit.lab_state = LabState.BACK if kind.lab_state is LabState.MUST_BE_BACK else kind.lab_state
        self.visits.append((life, visit))
        return visit

    def _take(
        self, lives: list[Life], fits: Callable[[Life], bool], book: Callable[[Life], Visit | None]
    ) -> Visit | None:
        for life in lives:
            if fits(life):
                visit = book(life)
                if visit is not None:
                    lives.remove(life)
                    return visit
        return None

    def _at_the_chairs(self, board: Board, base: int, lives: list[Life]) -> None:
        """Somebody in every chair but one, each at another point of the visit; at that one, the patient is late."""
        minute = self.simulation.rhythm.minute
        for number, chair in enumerate(board.site.chairs):
            visit = self._take(
                lives,
                lambda life: _room(life) is OperatoryKind.CHAIR and kinds()[life.steps[-1][0]].minutes >= 15,
                lambda life, chair=chair: self._book(  # type: ignore[misc]  # mypy infers no lambda that has a default
                    board, base, life, minute - min(14, _minutes(life) - 4), near=15, rooms=[chair]
                ),
            )
            if visit is None or visit.starts >= self.now:
                continue
            if number == AWAITED:
                self._tell_late(visit)
            else:
                self._tell_seated(visit, number)

    def _tell_seated(self, visit: Visit, number: int) -> None:
        now, chair = self.now, visit.place.operatory_id
        seated = min(visit.starts + MINUTE, now - 4 * MINUTE)
        visit.happen(EventKind.ARRIVED, seated - 7 * MINUTE)
        visit.happen(EventKind.SEATED, seated, operatory_id=chair)
        doctor = visit.place.doctor_id
        if number == 0:
            visit.happen(EventKind.DOCTOR_NEEDED, now - 3 * MINUTE)
        elif number in {1, 5} and doctor not in self._seats:
            visit.happen(EventKind.DOCTOR_NEEDED, now - 3 * MINUTE + 20_000)
            visit.happen(EventKind.DOCTOR_ARRIVED, now - 2 * MINUTE, provider_id=doctor)
            self._seats[str(doctor)] = 1
        elif number == 3:
            visit.happen(EventKind.DOCTOR_NEEDED_FIRST, now - MINUTE)
        elif number == 4:
            visit.happen(EventKind.PAUSED, now - 2 * MINUTE, detail={"pause": PauseReason.XRAY.value})
        visit.prep_done = True
        self._told.add(id(visit))
        self._seats[chair] = seated

    def _around_them(self, board: Board, base: int, lives: list[Life]) -> None:
        """Two at the checkout, three who wait, two who are late, one who did not come."""
        minute = self.simulation.rhythm.minute
        wishes: tuple[tuple[Callable[[Life], int], Callable[[Visit], None]], ...] = (
            (lambda life: minute - 20, self._tell_late),
            (lambda life: minute + 5, self._tell_waiting),
            (lambda life: minute - _minutes(life) - 4, self._tell_leaving),
            (lambda life: minute + 10, self._tell_on_deck),
            (lambda life: minute - 75, self._tell_missed),
            (lambda life: minute - _minutes(life) - 6, self._tell_leaving),
            (lambda life: minute + 15, self._tell_waiting),
            (lambda life: minute - 25, self._tell_late),
            (lambda life: minute + 40, self._tell_cancelled),
        )
        for wish, tell in wishes:
            visit = self._take(
                lives, lambda life: True,
                lambda life, wish=wish: self._book(board, base, life, wish(life), near=25),  # type: ignore[misc]  # mypy infers no lambda that has a default
            )  # fmt: skip
            if visit is not None:
                tell(visit)

    def _tell_late(self, visit: Visit) -> None:
        if visit.starts < self.now - 5 * MINUTE:
            self._told.add(id(visit))

    def _tell_waiting(self, visit: Visit) -> None:
        if self.now - 5 * MINUTE < visit.starts:
            visit.happen(EventKind.ARRIVED, self.now - 6 * MINUTE)
            self._told.add(id(visit))

    def _tell_on_deck(self, visit: Visit) -> None:
        if self.now - 5 * MINUTE < visit.starts:
            visit.happen(EventKind.ARRIVED, self.now - 9 * MINUTE)
            visit.happen(EventKind.ON_DECK, self.now - MINUTE)
            self._told.add(id(visit))

    def _tell_leaving(self, visit: Visit) -> None:
        if visit.ends > self.now - MINUTE:
            return
        seated, doctor = visit.starts + MINUTE, visit.place.doctor_id
        visit.happen(EventKind.ARRIVED, visit.starts - 5 * MINUTE)
        visit.happen(EventKind.SEATED, seated, operatory_id=visit.place.operatory_id)
        if doctor is not None:
            visit.happen(EventKind.DOCTOR_ARRIVED, seated + 2 * MINUTE, provider_id=doctor)
            visit.happen(EventKind.DOCTOR_LEFT, seated + 5 * MINUTE)
        visit.happen(EventKind.OUT_DECK, self.now - 3 * MINUTE)
        if self._leaving % 2 == 0:
            visit.happen(EventKind.COMPLETED, self.now - 2 * MINUTE)
        self._leaving += 1
        self._told.add(id(visit))

    def _tell_missed(self, visit: Visit) -> None:
        if visit.ends < self.now:
            visit.outcome = EventKind.MISSED
            call_off(visit, EventKind.MISSED, self.simulation.chance)
            self._told.add(id(visit))

    def _tell_cancelled(self, visit: Visit) -> None:
        reason = reason_id(ReasonKind.CANCEL, "ILL")
        visit.happen(EventKind.CANCELLED_LATE, self.now - 70 * MINUTE, reason_id=reason)
        self._told.add(id(visit))

    def _run(self) -> None:
        """What was not told in detail goes its way; nobody is in two places, and nothing lies after the moment."""
        simulation = self.simulation
        traffic = Traffic(simulation.chance)
        self.visits.sort(key=lambda pair: pair[1].starts)
        for _life, visit in self.visits:
            if id(visit) not in self._told:
                self._course(visit, traffic)
            prepare(visit, simulation.chance, self.now)
        for life, visit in self.visits:
            ended = [kind for kind, at, _more in visit.steps if at <= self.now and kind in _ENDS]
            if ended:
                visit.outcome = ended[0]
                simulation.advance(life, visit)

    def _course(self, visit: Visit, traffic: Traffic) -> None:
        if visit.starts > self.now + AROUND * MINUTE:
            return
        traffic.keep(visit)
        limit = self._seats.get(visit.place.operatory_id)
        if limit is None or visit.starts > limit:
            return
        done = next(at for kind, at, _more in visit.steps if kind is EventKind.COMPLETED)
        if done > limit - MINUTE:
            begin = visit.steps[0][1]
            squeeze = (limit - MINUTE - begin) / (done - begin) if limit - MINUTE > begin else 0
            visit.steps = [(kind, begin + round((at - begin) * squeeze), more) for kind, at, more in visit.steps]
            traffic.chairs[visit.place.operatory_id] = limit - MINUTE


def _room(life: Life) -> OperatoryKind:
    return kinds()[life.steps[-1][0]].room


def _minutes(life: Life) -> int:
    return kinds()[life.steps[-1][0]].minutes
