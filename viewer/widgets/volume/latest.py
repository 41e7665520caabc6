"""Work off the screen's thread of which only the newest is wanted."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Generic, TypeVar

from viewer.widgets.posting import Post

Result = TypeVar("Result")


class Latest(Generic[Result]):
    """One piece of work at a time; of what is asked for meanwhile the last is done next, the others never.

    What a hand drags is drawn as often as it can be, however fast the hand is: each piece that was begun is shown.
    """

    def __init__(self, pool: Executor, post: Post, arrive: Callable[[Result], None]) -> None:
        self._pool, self._post, self._arrive = pool, post, arrive
        self._next: Callable[[], Result] | None = None
        self._number, self.busy = 0, False

    def ask(self, work: Callable[[], Result]) -> None:
        """Do this soon and have its result arrive on the screen's thread."""
        if self.busy:
            self._next = work
            return
        number = self._number

        def run() -> None:
            try:
                found = work()
            except BaseException as error:
                self._post.post(partial(self._fail, number, error))
                return
            self._post.post(lambda: self._end(number, found))

        with contextlib.suppress(RuntimeError):  # the pool was shut down: nothing is shown any more
            self._pool.submit(run)
            self.busy = True

    def forget(self) -> None:
        """What is under way or waits is wanted no more."""
        self._number += 1
        self._next = None

    def _end(self, number: int, found: Result) -> None:
        if number == self._number:
            self._arrive(found)
        self._go_on()

    def _fail(self, number: int, error: BaseException) -> None:
        """What went wrong is raised where it is heard, if it was still wanted: a pool keeps it to itself."""
        wanted = number == self._number
        self._go_on()
        if wanted:
            raise error

    def _go_on(self) -> None:
        self.busy, following, self._next = False, self._next, None
        if following is not None:
            self.ask(following)
