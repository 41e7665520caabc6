"""Running schedules: one seed, one schedule, one trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from random import Random
from typing import Final

from sync.simulation.files import FileWorld
from sync.simulation.invariants import Broken, after_every_step, at_rest, files_after_every_step, files_at_rest
from sync.simulation.world import Stop, World

FILES_EACH: Final = 6
FILE_STEPS: Final = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a schedule ended. `broken` is empty when every invariant held; `trace` is the hash of all that happened."""

    seed: int
    steps: int
    operations: int
    trace: str
    broken: str = ""


def run_schedule(seed: int, steps: int = 500, workstations: int = 3) -> Outcome:
    """One schedule: `steps` things happen, then everything is mended and delivered. Same seed, same outcome.

    Each sixth seed also has files taken in, sent and given up, in a clinic beside.
    """
    outcome = _run(World(seed, workstations), seed, steps)
    if seed % FILES_EACH or outcome.broken:
        return outcome
    beside = _run_files(FileWorld(seed, workstations), seed)
    trace = sha256(f"{outcome.trace} {beside.trace}".encode()).hexdigest()
    return replace(outcome, trace=trace, operations=outcome.operations + beside.operations, broken=beside.broken)


def run_with_stops(seed: int, steps: int, workstations: int = 3, sample: int | None = None) -> list[Outcome]:
    """The schedule once for each place between two statements where a machine can go off, or for `sample` of them.

    The first outcome is that of the schedule itself.
    """
    world = World(seed, workstations)
    outcomes = [_run(world, seed, steps)]
    stops = [Stop(event, place) for event, count in enumerate(world.statements) for place in range(count)]
    if sample is not None and sample < len(stops):
        stops = Random(seed).sample(stops, sample)
    for stop in stops:
        found = _run(World(seed, workstations, stop), seed, steps)
        where = f"off at {stop.event}, statement {stop.statement}: "
        outcomes.append(replace(found, broken=where + found.broken if found.broken else ""))
    return outcomes


def _run(world: World, seed: int, steps: int) -> Outcome:
    return _play(world, seed, steps, lambda: after_every_step(world), lambda: at_rest(world))


def _run_files(world: FileWorld, seed: int) -> Outcome:
    def after() -> None:
        after_every_step(world)
        files_after_every_step(world)

    def rest() -> None:
        at_rest(world)
        files_at_rest(world)

    return _play(world, seed, FILE_STEPS, after, rest)


def _play(world: World, seed: int, steps: int, after: Callable[[], None], rest: Callable[[], None]) -> Outcome:
    broken, done = "", 0
    try:
        for _step in range(steps):
            done += 1
            world.step()
            after()
        if not world.settle():
            broken = "I18 what waits is not delivered within the bound"
        else:
            rest()
    except Broken as error:
        broken = str(error)
    finally:
        world.close()
    return Outcome(seed, done, len(world.written), world.trace.hexdigest(), broken)
