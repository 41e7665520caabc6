"""A better plan for the visits of a day that can still be moved: less waiting, and less idle time of the doctors.

Two ways, weighed by the same projection of the day: a constraint model (CP-SAT of OR-Tools, where it is installed) and
a greedy one that needs nothing. A visit moves by at most `FAR` minutes, to a chair of its sort, and only when its
family can still be told. Minutes are whole, since 1970.
"""

from __future__ import annotations

import enum
import importlib.util
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.orchestration.day import Day, DayVisit
from app.orchestration.projection import project_day
from app.practice.spans import Span, union
from app.practice.vocabulary import ProviderKind
from app.scheduling.segments import parts_of
from app.scheduling.vocabulary import SegmentKind

FAR: Final = 45
NOTICE: Final = 30
GRID: Final = 5
SECONDS: Final = 0.8
IDLE_WEIGHT: Final = 20
MOVE_WEIGHT: Final = 1
"""A minute of an idle doctor weighs as twenty minutes by which somebody is moved."""


class Method(enum.StrEnum):
    """How a plan was found."""

    AS_IT_IS = "as_it_is"
    GREEDY = "greedy"
    CP_SAT = "cp_sat"


@dataclass(frozen=True, slots=True)
class PlanCost:
    """What a plan costs as the day is projected: minutes that patients wait, and that doctors stand idle between
    their first and their last patient."""

    waiting: int
    idle: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.waiting + self.idle


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """A visit at another time or chair; `starts_at` in minutes since 1970."""

    visit_id: str
    chair: str
    starts_at: int


@dataclass(frozen=True, slots=True)
class BetterPlan:
    """What was found: the cost as it is, of the greedy way, and of the plan; `gap_per_mille` is how far the solver
    was from knowing that nothing is better, None without it."""

    method: Method
    before: PlanCost
    greedy: PlanCost
    after: PlanCost
    moves: tuple[PlannedMove, ...]
    gap_per_mille: int | None


Places = Mapping[str, tuple[str, int]]
"""Chair and start of some visits."""


def cost_of(day: Day, now: int, promised: Mapping[str, int]) -> PlanCost:
    """The cost of a day as it is projected; who was promised an earlier time waits from then on."""
    projections = project_day(day, now)
    waiting, busy = 0, defaultdict[str, list[Span]](list)
    doctors = {person.id for person in day.people if person.kind is ProviderKind.DOCTOR}
    for visit in day.visits:
        item = projections.get(visit.id)
        if item is None or visit.over:
            continue
        if visit.to_come:
            waiting += max(0, item.span[0] - max(visit.start, promised.get(visit.id, visit.start)))
            waiting += max(0, item.span[1] - item.span[0] - sum(visit.lengths))
        for part in item.parts:
            if part.provider_id in doctors:
                busy[part.provider_id].append(part.span)
    idle = sum(max(end for _s, end in spans) - min(start for start, _e in spans) - _covered(spans)
               for spans in busy.values())  # fmt: skip
    return PlanCost(waiting, idle)


def _covered(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in union(spans))


def optimise(day: Day, now: int, seconds: float = SECONDS) -> BetterPlan:
    """The best of the plan as it is, the greedy one and, where the solver is there, its own."""
    room = _Room(day, now)
    before = cost_of(day, now, {})
    tried: list[tuple[Method, Places, int | None]] = [(Method.GREEDY, greedy(room), None)]
    if solver_is_there() and room.movable:
        found = solve(room, tried[0][1], seconds)
        if found is not None:
            tried.append((Method.CP_SAT, *found))
    costs = [cost_of(moved(day, places), now, {}) for _method, places, _gap in tried]
    best = min(range(len(tried)), key=lambda place: (costs[place].total, place))
    method, places, gap = tried[best]
    if costs[best].total >= before.total:
        return BetterPlan(Method.AS_IT_IS, before, costs[0], before, (), None)
    starts = {visit.id: (visit.chair, visit.start) for visit in day.visits}
    moves = tuple(
        PlannedMove(key, chair, start) for key, (chair, start) in sorted(places.items(), key=lambda item: item[1][1])
        if starts[key] != (chair, start)
    )  # fmt: skip
    return BetterPlan(method, before, costs[0], costs[best], moves, gap)


def moved(day: Day, places: Places) -> Day:
    """The day with some visits elsewhere."""
    visits = tuple(
        replace(visit, chair=places[visit.id][0], start=places[visit.id][1]) if visit.id in places else visit
        for visit in day.visits
    )
    return Day(visits, day.chairs, day.people, day.devices, day.walk)


def solver_is_there() -> bool:
    """Whether OR-Tools can be imported."""
    return importlib.util.find_spec("ortools") is not None


class _Room:
    """What can move where, and what stands in the way."""

    def __init__(self, day: Day, now: int) -> None:
        self.day, self.now = day, now
        sorts = {chair.id: chair.sort for chair in day.chairs if not chair.virtual}
        self.chairs = {key: [other for other, sort in sorts.items() if sort == sorts[key]] for key in sorts}
        self.movable = [
            visit for visit in day.visits
            if visit.to_come and visit.arrived is None and visit.start - now >= NOTICE and visit.chair in sorts
        ]  # fmt: skip
        self.movable.sort(key=lambda visit: (visit.start, visit.id))
        self.taken: dict[str, list[Span]] = defaultdict(list)
        moving, projections = {visit.id for visit in self.movable}, project_day(day, now)
        for visit in day.visits:
            item = projections.get(visit.id)
            if item is None or visit.id in moving:
                continue
            if item.chair in sorts:
                self.taken[f"chair {item.chair}"].append((item.span[0], item.span[1] + visit.cleaning))
            for part in item.parts:
                if part.provider_id is not None:
                    self.taken[f"person {part.provider_id}"].append(part.span)
        for person in day.people:
            self.taken[f"person {person.id}"] += list(person.off)
        for device in day.devices:
            self.taken[f"device {device.id}"] += list(device.off)

    def starts(self, visit: DayVisit) -> range:
        """The starts that are possible for a visit, on its own grid."""
        first = max(visit.start - FAR, self.now + NOTICE)
        first += (visit.start - first) % GRID
        return range(first, visit.start + FAR + 1, GRID)

    def wants(self, visit: DayVisit) -> Iterator[tuple[str, int, int]]:
        """What a visit wants besides its chair: (thing, minutes from its start, how long); doctors walk."""
        lengths = visit.lengths
        for part, (begin, long) in zip(parts_of(visit.segments, 0), _spread(lengths), strict=True):
            if part.provider_id is not None:
                walk = self.day.walk if part.kind is SegmentKind.DOCTOR else 0
                yield f"person {part.provider_id}", begin, long + walk
            if visit.equipment is not None and part.kind is SegmentKind.XRAY:
                yield f"device {visit.equipment}", begin, long

    def spans(self, visit: DayVisit, chair: str, start: int) -> Iterator[tuple[str, Span]]:
        """What a visit takes at a place."""
        yield f"chair {chair}", (start, start + sum(visit.lengths) + visit.cleaning)
        for thing, begin, long in self.wants(visit):
            yield thing, (start + begin, start + begin + long)


def _spread(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    at = 0
    for long in lengths:
        yield at, long
        at += long


def greedy(room: _Room) -> dict[str, tuple[str, int]]:
    """One visit after the other, each at the free place nearest to its time, its own chair first."""
    taken = {thing: list(spans) for thing, spans in room.taken.items()}
    places: dict[str, tuple[str, int]] = {}
    for visit in room.movable:
        assert visit.chair is not None
        own = visit.chair
        offers = [
            (abs(start - visit.start), start < visit.start, chair != own, chair, start)
            for chair in room.chairs[own] for start in room.starts(visit)
        ]  # fmt: skip
        chosen = (own, visit.start)
        for *_rank, chair, start in sorted(offers):
            if not any(_hits(taken.get(thing, ()), span) for thing, span in room.spans(visit, chair, start)):
                chosen = (chair, start)
                break
        places[visit.id] = chosen
        for thing, span in room.spans(visit, *chosen):
            taken.setdefault(thing, []).append(span)
    return places


def _hits(spans: Iterable[Span], span: Span) -> bool:
    return any(start < span[1] and span[0] < end for start, end in spans)


def solve(room: _Room, hint: Places, seconds: float) -> tuple[dict[str, tuple[str, int]], int] | None:
    """The constraint model: nothing is wanted twice, the doctors' days as short as possible, few minutes moved."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    intervals: dict[str, list[Any]] = defaultdict(list)
    starts: dict[str, Any] = {}
    seats: dict[str, dict[str, Any]] = {}
    terms: list[Any] = []
    for visit in room.movable:
        _add_visit(model, room, visit, hint, intervals, starts, seats, terms)
    for thing, spans in room.taken.items():
        for start, end in union(spans):
            if end > start:
                intervals[thing].append(model.new_fixed_size_interval_var(start, end - start, thing))
    for found in intervals.values():
        model.add_no_overlap(found)
    terms += _doctor_days(model, room, starts, hint)
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    places = {
        visit.id: (next(chair for chair, on in seats[visit.id].items() if solver.value(on)),
                   solver.value(starts[visit.id]))
        for visit in room.movable
    }  # fmt: skip
    best, bound = solver.objective_value, solver.best_objective_bound
    return places, round(1000 * (best - bound) / max(best, 1))


def _add_visit(
    model: Any, room: _Room, visit: DayVisit, hint: Places, intervals: dict[str, list[Any]], starts: dict[str, Any],
    seats: dict[str, dict[str, Any]], terms: list[Any],
) -> None:  # fmt: skip
    """One visit: when, at which chair, what it takes, and by how much it moves."""
    from ortools.sat.python import cp_model

    assert visit.chair is not None
    options = room.starts(visit)
    start = model.new_int_var_from_domain(cp_model.Domain.from_values(list(options)), f"start {visit.id}")
    starts[visit.id], seats[visit.id] = start, {}
    whole = sum(visit.lengths) + visit.cleaning
    for chair in room.chairs[visit.chair]:
        on = model.new_bool_var(f"{visit.id} {chair}")
        seats[visit.id][chair] = on
        interval = model.new_optional_fixed_size_interval_var(start, whole, on, f"{visit.id} {chair}")
        intervals[f"chair {chair}"].append(interval)
    model.add_exactly_one(list(seats[visit.id].values()))
    for thing, begin, long in room.wants(visit):
        intervals[thing].append(model.new_fixed_size_interval_var(start + begin, long, f"{visit.id} {thing}"))
    away = model.new_int_var(0, FAR, f"away {visit.id}")
    model.add_abs_equality(away, start - visit.start)
    terms.append(MOVE_WEIGHT * away)
    place = hint.get(visit.id)
    if place is not None and place[1] in options:
        model.add_hint(start, place[1])
        model.add_hint(away, abs(place[1] - visit.start))
        for chair, on in seats[visit.id].items():
            model.add_hint(on, int(chair == place[0]))


def _doctor_days(model: Any, room: _Room, starts: Mapping[str, Any], hint: Places) -> list[Any]:
    """From the first to the last minute of each doctor, what is already taken included."""
    terms = []
    for person in room.day.people:
        if person.kind is not ProviderKind.DOCTOR:
            continue
        wanted = [
            (starts[visit.id] + begin, starts[visit.id] + begin + long)
            for visit in room.movable
            for thing, begin, long in room.wants(visit)
            if thing == f"person {person.id}"
        ]
        if not wanted:
            continue
        low = min(visit.start for visit in room.movable) - 2 * FAR
        high = max(visit.start + visit.minutes for visit in room.movable) + 2 * FAR
        first, last = (model.new_int_var(low, high, f"{edge} {person.id}") for edge in ("first", "last"))
        for begin, end in wanted:
            model.add(first <= begin)
            model.add(last >= end)
        told = [
            (hint[visit.id][1] + begin, hint[visit.id][1] + begin + long)
            for visit in room.movable
            for thing, begin, long in room.wants(visit)
            if thing == f"person {person.id}"
        ]
        model.add_hint(first, min(begin for begin, _end in told))
        model.add_hint(last, max(end for _begin, end in told))
        terms.append(IDLE_WEIGHT * (last - first))
    return terms
