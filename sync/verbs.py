"""The verbs of synchronisation. What they need is imported when one runs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any, Final

from app.cli.console import Console
from app.cli.verbs import Verb
from app.core.errors import IntegrityFailure, NotFound
from app.core.i18n import N_, _
from sync.client import joining_verbs
from sync.client import verbs as client_verbs
from sync.server import devices_verbs
from sync.server import verbs as server_verbs

STEPS: Final = 500


def _simulate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--seed", type=int, action="append", help=_(N_("the first schedule; may be given several times"))
    )
    parser.add_argument("--schedules", type=int, default=1, help=_(N_("how many schedules, one seed after the other")))
    parser.add_argument("--steps", type=int, default=STEPS, help=_(N_("how many things happen in each")))
    parser.add_argument("--workstations", type=int, default=3, help=_(N_("how many workstations there are")))
    parser.add_argument(
        "--mutant",
        action="append",
        metavar="NAME[=SEED]",
        help=_(N_("break one rule of the protocol, to see whether it is noticed; may be given several times")),
    )
    parser.add_argument(
        "--stops",
        metavar="COUNT",
        help=_(
            N_("play each schedule again with a machine that goes off between two statements: so many times, or all")
        ),
    )
    parser.add_argument("--list-mutants", action="store_true", help=_(N_("list the rules that can be broken")))


def _simulate(arguments: Namespace, console: Console) -> int:
    """Exit 0 when every invariant held in every schedule, 7 when one was broken; of several mutants, when each was."""
    from sync.simulation.mutants import MUTANTS

    if arguments.list_mutants:
        console.emit(list(MUTANTS), "\n".join(MUTANTS))
        return 0
    outcomes: list[dict[str, Any]] = []
    if arguments.stops:
        return _stops(arguments, console)
    for name, seed in _wanted(arguments):
        if name is not None and name not in MUTANTS:
            raise NotFound(N_("rule of the protocol"), name)
        outcomes.append(_one(seed, name, arguments))
    console.emit(outcomes, "\n".join(_line(outcome) for outcome in outcomes))
    noticed = (all if arguments.mutant else any)(outcome["broken"] for outcome in outcomes)
    return IntegrityFailure.exit_code if noticed else 0


def _stops(arguments: Namespace, console: Console) -> int:
    from dataclasses import asdict

    from sync.simulation.schedule import run_with_stops

    sample = int(arguments.stops) if arguments.stops.isdigit() else None
    outcomes = [
        asdict(outcome)
        for seed in _seeds(arguments)
        for outcome in run_with_stops(seed, arguments.steps, arguments.workstations, sample)
    ]
    console.emit(outcomes, "\n".join(_line(outcome) for outcome in outcomes))
    return IntegrityFailure.exit_code if any(outcome["broken"] for outcome in outcomes) else 0


def _wanted(arguments: Namespace) -> Iterator[tuple[str | None, int]]:
    """The mutant and the seed of each schedule."""
    for given in arguments.mutant or [None]:
        name, _sign, seed = (given or "").partition("=")
        if seed.isdigit():
            yield name, int(seed)
            continue
        for one in _seeds(arguments):
            yield name or None, one


def _seeds(arguments: Namespace) -> Iterator[int]:
    for first in arguments.seed or [1]:
        yield from range(first, first + arguments.schedules)


def _one(seed: int, mutant: str | None, arguments: Namespace) -> dict[str, Any]:
    """One schedule. With a mutant an error anywhere counts: a broken protocol may well break the machine."""
    from dataclasses import asdict

    from sync.simulation.mutants import alive
    from sync.simulation.schedule import Outcome, run_schedule

    if mutant is None:
        return asdict(run_schedule(seed, arguments.steps, arguments.workstations))
    try:
        with alive(mutant):
            return asdict(run_schedule(seed, arguments.steps, arguments.workstations))
    except Exception as error:
        return asdict(Outcome(seed, arguments.steps, 0, "", f"{type(error).__name__}: {error}"))


def _line(outcome: dict[str, Any]) -> str:
    head = f"{outcome['seed']}  {outcome['trace'][:16]}  "
    return head + (
        outcome["broken"] or _(N_("every invariant held over {count} operations"), count=outcome["operations"])
    )


VERBS: Final = (
    Verb(
        "simulate",
        N_("Simulate workstations, a server and a bad network, from a seed."),
        _simulate_arguments,
        _simulate,
    ),
    *server_verbs.VERBS,
    *client_verbs.VERBS,
    *joining_verbs.VERBS,
    *devices_verbs.VERBS,
)
