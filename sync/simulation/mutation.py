"""The protocol broken on purpose, one rule at a time: a simulation that lets one of these live proves nothing.

Each is a mistake that was really made in some synchronisation (sync.md §2 and §7.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

Mutant = Callable[[], Any]
MUTANTS: Final[dict[str, Mutant]] = {}


def mutant(make: Mutant) -> Mutant:
    """Register a mutant under its function's name; it returns a context manager that breaks one rule."""
    MUTANTS[make.__name__] = make
    return make


@contextmanager
def alive(name: str) -> Iterator[None]:
    """The protocol with this mistake in it."""
    with MUTANTS[name]():
        yield


@contextmanager
def both(*patches: Any) -> Iterator[None]:
    with patches[0], patches[1]:
        yield
