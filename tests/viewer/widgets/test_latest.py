"""Work of which only the newest is wanted: what fails is heard, and the next piece is done all the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from viewer.widgets.volume.latest import Latest


class Now(Executor):
    """Does it at once, and keeps what went wrong to itself, as a pool does."""

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work(*given, **named))
        except BaseException as error:
            done.set_exception(error)
        return done


class Waiting:
    """What is posted, until the screen's thread comes to it."""

    def __init__(self) -> None:
        self.posted: list[Callable[[], None]] = []

    def post(self, deed: Callable[[], None]) -> None:
        self.posted.append(deed)


def _broken() -> int:
    raise ValueError("no such plane")


def test_what_fails_is_heard_and_the_next_is_done() -> None:
    came: list[int] = []
    screen = Waiting()
    work = Latest(Now(), screen, came.append)
    work.ask(_broken)
    work.ask(lambda: 7)
    with pytest.raises(ValueError, match="no such plane"):
        screen.posted.pop(0)()
    screen.posted.pop(0)()
    assert (came, work.busy) == ([7], False)
