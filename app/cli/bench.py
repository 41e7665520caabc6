"""`bench NAME`: run a measurement of `tests/benchmarks`, which stands beside the program in a source tree."""

from __future__ import annotations

import argparse
import contextlib
import io
import runpy
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from app.cli.absent import Absent
from app.cli.arguments import Parser, add_shared
from app.cli.console import Console
from app.cli.verbs import Verb
from app.core.i18n import N_, _

FOLDER: Final = Path(__file__).resolve().parents[2] / "tests" / "benchmarks"


def names(folder: Path) -> list[str]:
    """The measurements that there are."""
    return sorted(path.stem for path in folder.glob("[!_]*.py")) if folder.is_dir() else []


def _bench(arguments: Namespace, console: Console, folder: Path | None = None) -> int:
    """Without a name, every measurement, one after the other."""
    folder = folder or FOLDER
    known = names(folder)
    if arguments.list:
        console.emit(known, "\n".join(known) or _(N_("Nothing to show.")))
        return 0
    wanted = known if arguments.name is None else [arguments.name.replace("-", "_")]
    if not set(wanted) <= set(known):
        raise Absent(N_("There is no measurement “{name}”."), name=arguments.name)
    done = [_measure(folder, name, _own_arguments(arguments.rest), console) for name in wanted]
    console.emit(done)
    return max((int(item["exit"]) for item in done), default=0)


def _measure(folder: Path, name: str, given: list[str], console: Console) -> dict[str, Any]:
    """Run one; in JSON mode its own JSON, or its lines, are part of the answer."""
    main = runpy.run_path(str(folder / f"{name}.py"), run_name=f"benchmarks.{name}")["main"]
    if not console.as_json:
        return {"name": name, "exit": int(main(given) or 0)}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = int(main([*given, "--json"]) or 0)
    return {"name": name, "exit": code, "output": _read(printed.getvalue())}


def _own_arguments(rest: Sequence[str]) -> list[str]:
    """What stands after the name, without the options of every verb."""
    parser = Parser(add_help=False)
    add_shared(parser)
    return parser.parse_known_args(rest)[1]


def _read(printed: str) -> Any:
    """The measurement's own JSON document, or its lines when it prints none."""
    try:
        return msgspec.json.decode(printed)
    except msgspec.DecodeError:
        return printed.splitlines()


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help=_(N_("which measurement; without it, all")))
    parser.add_argument("--list", action="store_true", help=_(N_("only list the measurements")))
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="…", help=_(N_("arguments of the measurement")))


VERBS: Final = [Verb("bench", N_("Run a measurement of speed."), _arguments, _bench)]
