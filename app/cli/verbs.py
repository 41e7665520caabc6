"""A verb of the command line, as data."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from app.cli.console import Console

__all__ = ["Console", "Verb"]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb. `help` is an English msgid; `run` returns the exit code, and raises `ClinicError` to refuse.

    `add_arguments` is given the verb's own parser, which already has `--data`, `--json` and `--lang`: `run` finds
    them as `data: Path | None`, `json: bool` and `lang: str`.
    """

    name: str
    help: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Console], int]


def no_arguments(parser: ArgumentParser) -> None:
    """For a verb that takes nothing of its own."""
