"""A module of verbs as `ui.shell.verbs` is one."""

from __future__ import annotations

from argparse import Namespace

from app.cli.verbs import Console, Verb, no_arguments


def _greet(arguments: Namespace, console: Console) -> int:
    console.emit({"hello": str(arguments.data)}, f"hello {arguments.data}")
    return 0


VERBS = [Verb("greet", "Say hello.", no_arguments, _greet)]
