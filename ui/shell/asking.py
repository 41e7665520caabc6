"""Questions on their way: who asked, which tables the answer came from, and which commits it may have missed.

A view is right when its last answer was read after the last commit that touches its tables. Three things follow:
an answer that was read before such a commit is shown and asked for again; while a screen waits for answers, further
commits are gathered into one more reading, so that a row of commits never keeps it from showing any; and two windows
that ask the same since the same commit are given one answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol
from weakref import WeakKeyDictionary, WeakSet

from PySide6.QtCore import QObject
from shiboken6 import isValid

if TYPE_CHECKING:
    from app.journal.changes import ChangeSet
    from app.journal.commands import Query
    from app.journal.queries import Actor
    from app.journal.runner import Runner

READERS: Final = 2
REMEMBERED: Final = 256
"""Commits that an answer on its way is compared with; one that was asked before the oldest is asked again."""

Answer = tuple[Any, frozenset[str]]
"""What a query gave, and the tables that it read."""


class Reader(Protocol):
    """Who asks and is told when the answer is stale: a screen, or what stands in for one."""

    def freshen(self) -> None:
        """Something that was asked for has changed."""

    def show_error(self, error: BaseException) -> None:
        """A question was refused."""


class Asking:
    """The questions of the windows of one bench. Lives in the main thread, but for `note`.

    `deliver(future, arrive)` calls `arrive` in the main thread once the future is done.
    """

    def __init__(
        self,
        runner: Runner,
        deliver: Callable[[Future[Answer], Callable[[Future[Answer]], None]], None],
        refused: Callable[[Reader | None, BaseException, str], None],
    ) -> None:
        self.readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self.reloading: Reader | None = None
        self._runner, self._deliver, self._refused = runner, deliver, refused
        self._generations: dict[Callable[..., Any], int] = {}
        self._tables: WeakKeyDictionary[Reader, dict[str, frozenset[str]]] = WeakKeyDictionary()
        self._waiting: WeakKeyDictionary[Reader, int] = WeakKeyDictionary()
        self._once_more: WeakSet[Reader] = WeakSet()
        self._shared: dict[Hashable, tuple[int, Future[Answer]]] = {}
        self._epoch = self._told = 0
        self._commits: deque[tuple[int, ChangeSet]] = deque(maxlen=REMEMBERED)

    @contextmanager
    def for_screen(self, screen: Reader) -> Iterator[None]:
        """What is asked meanwhile is asked for this screen: a lambda as `then` does not tell whose it is."""
        before, self.reloading = self.reloading, screen
        try:
            yield
        finally:
            self.reloading = before

    # -- asking ---------------------------------------------------------------------------------------------------
    def ask(
        self,
        screen: Reader | None,
        actor: Actor,
        query: Query[..., Any],
        then: Callable[[Any], None],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        """Answer `then(result)`. Of several questions with the same `then`, only the last counts."""
        generation = self._generations[then] = self._generations.get(then, 0) + 1
        asked = self._epoch
        if screen is not None:
            self._waiting[screen] = self._waiting.get(screen, 0) + 1

        def arrive(answer: Future[Answer]) -> None:
            try:
                if self._generations.get(then) == generation:
                    del self._generations[then]
                    self._answer(screen, query.name, then, answer, asked)
            finally:
                self._one_less(screen)

        self._deliver(self._submit(actor, query, args, kwargs), arrive)

    def _submit(
        self, actor: Actor, query: Query[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Future[Answer]:
        """On a reader; or the answer that is being read for another window since the same commit."""

        def work() -> Answer:
            return self._runner.ask_with_tables(actor, query, *args, **kwargs)

        question = (actor, query.name, args, tuple(sorted(kwargs.items())))
        try:
            shared = self._shared.get(question)
        except TypeError:  # a list among the arguments: nobody else is expected to ask just that
            return self.readers.submit(work)
        if shared is not None and shared[0] == self._epoch and not shared[1].done():
            return shared[1]
        future = self.readers.submit(work)
        self._shared = {key: kept for key, kept in self._shared.items() if not kept[1].done()}
        self._shared[question] = (self._epoch, future)
        return future

    def _answer(
        self, screen: Reader | None, name: str, then: Callable[..., Any], answer: Future[Answer], asked: int
    ) -> None:
        owner = getattr(then, "__self__", None)
        if isinstance(owner, QObject) and not isValid(owner):
            return
        error = answer.exception()
        if error is not None:
            self._refused(screen, error, name)
            return
        result, tables = answer.result()
        if screen is not None:
            self._tables.setdefault(screen, {})[name] = tables
            if self._missed(asked, tables):
                self._once_more.add(screen)
        then(result)

    def _missed(self, asked: int, tables: frozenset[str]) -> bool:
        """Whether a commit that screens were told of since may be missing in an answer."""
        if asked >= self._told:
            return False
        known = [(epoch, changes) for epoch, changes in tuple(self._commits) if asked < epoch <= self._told]
        return len(known) < self._told - asked or any(changes.touches(tables) for _epoch, changes in known)

    def _one_less(self, screen: Reader | None) -> None:
        if screen is None or screen not in self._waiting:
            return
        self._waiting[screen] -= 1
        if self._waiting[screen] == 0 and screen in self._once_more:
            self._once_more.discard(screen)
            if isValid(screen):
                screen.freshen()

    # -- commits ----------------------------------------------------------------------------------------------------
    def note(self, changes: ChangeSet) -> int:
        """On the writer thread: what is asked from now on is read after this commit. Returns its number."""
        self._commits.append((self._epoch + 1, changes))
        self._epoch += 1
        return self._epoch

    def tell(self, changes: ChangeSet, number: int) -> None:
        """In the main thread, for each commit in its turn: screens whose tables it touches read again."""
        self._told = max(self._told, number)
        for screen in list(self._tables):
            if not isValid(screen) or not changes.touches(self.tables_of(screen)):
                continue
            if self._waiting.get(screen):
                self._once_more.add(screen)
            else:
                screen.freshen()

    def tables_of(self, screen: Reader) -> frozenset[str]:
        """The tables that the answers on a screen came from."""
        return frozenset().union(*self._tables.get(screen, {}).values())
