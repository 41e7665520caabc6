"""Watches every runner of the test session: what commands write must lie inside their checked-in footprints.

With ARCHWIRE_FOOTPRINTS=<folder> each test process writes what it saw there instead, for `make footprints`.
"""

from __future__ import annotations

import os
from pathlib import Path

from app.journal.commands import COMMANDS
from app.journal.footprint import Footprint, footprint_of, load_footprints, merged, outside, save_footprints
from app.journal.runner import Observation, Runner

SEEN: dict[str, Footprint] = {}
BEYOND: list[str] = []
_known = load_footprints()
_start = Runner.start


def shipped(name: str) -> bool:
    """Whether a command belongs to the product and not to a test."""
    return name in COMMANDS and COMMANDS[name].function.__module__.startswith("app.")


def observe(seen: Observation) -> None:
    """Note what a command wrote."""
    if not shipped(seen.command):
        return
    SEEN[seen.command] = merged(SEEN.get(seen.command, {}), footprint_of(seen.rows))
    if seen.command in _known:
        BEYOND.extend(f"{seen.command}: {text}" for text in outside(_known[seen.command], seen.rows))


def _watched_start(runner: Runner) -> Runner:
    runner.observers.append(observe)
    return _start(runner)


def install() -> None:
    """Watch every runner that is started from now on."""
    Runner.start = _watched_start


def recording() -> Path | None:
    """The folder to record into, if any."""
    folder = os.environ.get("ARCHWIRE_FOOTPRINTS")
    return Path(folder) if folder else None


def write_seen(folder: Path) -> None:
    """Write what this process saw."""
    folder.mkdir(parents=True, exist_ok=True)
    save_footprints(SEEN, folder / f"{os.getpid()}.json")


def main(folder: Path) -> None:
    """Join what the test processes saw into the checked-in file."""
    joined: dict[str, Footprint] = {}
    for path in sorted(folder.glob("*.json")):
        for name, footprint in load_footprints(path).items():
            joined[name] = merged(joined.get(name, {}), footprint)
    save_footprints(joined)


if __name__ == "__main__":
    import sys

    main(Path(sys.argv[1]))
