"""Running schedules: one seed, one schedule, one trace."""

from __future__ import annotations

from dataclasses import dataclass

from sync.simulation.invariants import Broken, after_every_step, at_rest
from sync.simulation.world import World


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a schedule ended. `broken` is empty when every invariant held; `trace` is the hash of all that happened."""

    seed: int
    steps: int
    operations: int
    trace: str
    broken: str = ""


def run_schedule(seed: int, steps: int = 500, workstations: int = 3) -> Outcome:
    """One schedule: `steps` things happen, then everything is mended and delivered. Same seed, same outcome."""
    world = World(seed, workstations)
    broken, done = "", 0
    try:
        for _step in range(steps):
            done += 1
            world.step()
            after_every_step(world)
        if not world.settle():
            broken = "I18 what waits is not delivered within the bound"
        else:
            at_rest(world)
    except Broken as error:
        broken = str(error)
    finally:
        world.close()
    return Outcome(seed, done, len(world.written), world.trace.hexdigest(), broken)
