"""Answers that a commit overtook, commits in a row, and two windows that ask the same."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.journal.commands import query
from app.journal.queries import Actor, Reading
from app.journal.runner import Runner
from app.patients.commands import create_patient
from app.patients.queries import patient_list
from ui.shell.bench import Bench
from ui.shell.screen import Screen

PATIENCE = 20.0


class Gate:
    """Holds a query after it has read, until it is let go."""

    def __init__(self) -> None:
        self.closed = False
        self.reached, self.open = threading.Event(), threading.Event()
        self.asked = 0


GATE = Gate()


@query(permission=None, label="Count behind a gate")
def held_count(read: Reading, _which: str = "") -> int:
    """How many charts there are, told late."""
    GATE.asked += 1
    found = patient_list.function(read).total
    if GATE.closed:
        GATE.reached.set()
        GATE.open.wait(PATIENCE)
    return found


class Counter(Screen):
    """Shows how many charts there are."""

    def build(self) -> None:
        self.shown: list[int] = []

    def reload(self) -> None:
        self.ask(held_count, self.shown_now)

    def shown_now(self, total: int) -> None:
        self.shown.append(total)


@pytest.fixture
def gate() -> Iterator[Gate]:
    GATE.__init__()
    yield GATE
    GATE.open.set()


@pytest.fixture
def bench(qapp: QApplication, runner: Runner, boss: Actor) -> Iterator[Bench]:
    made = Bench(runner)
    made.sign_in(boss)
    yield made
    made.close()


@pytest.fixture
def counter(bench: Bench, gate: Gate) -> Iterator[Callable[[], Counter]]:
    made: list[Counter] = []

    def make() -> Counter:
        made.append(Counter(bench))
        made[-1].show()
        return made[-1]

    yield make
    gate.open.set()
    wait(lambda: not bench.busy)
    for screen in made:
        screen.close()
        screen.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def wait(until: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end, "it never came"
        QCoreApplication.processEvents()
        time.sleep(0.001)


def turn() -> None:
    """Let everything that has arrived be dealt with."""
    for _round in range(20):
        QCoreApplication.processEvents()


def test_a_commit_that_a_first_answer_missed_is_asked_for(
    bench: Bench, runner: Runner, boss: Actor, gate: Gate, counter: Callable[[], Counter]
) -> None:
    """Nobody knows yet which tables the screen reads when the commit comes."""
    gate.closed = True
    screen = counter()
    wait(gate.reached.is_set)
    gate.closed = False
    runner.run(boss, create_patient, "Bergeron", "Florence")
    turn()
    gate.open.set()
    wait(lambda: screen.shown == [0, 1])


def test_an_answer_read_before_a_commit_is_shown_and_asked_for_again(
    bench: Bench, runner: Runner, boss: Actor, gate: Gate, counter: Callable[[], Counter]
) -> None:
    screen = counter()
    wait(lambda: screen.shown == [0])
    gate.closed = True
    screen.freshen()
    wait(gate.reached.is_set)
    gate.closed = False
    for name in ("Bergeron", "Thibault", "Roy"):
        runner.run(boss, create_patient, name, "Florence")
    turn()
    assert screen.shown == [0], "three commits must not ask three times while an answer is on its way"
    gate.open.set()
    wait(lambda: screen.shown == [0, 0, 3])
    assert gate.asked == 3


def test_two_screens_that_ask_the_same_are_given_one_answer(
    bench: Bench, runner: Runner, boss: Actor, gate: Gate, counter: Callable[[], Counter]
) -> None:
    gate.closed = True
    first = counter()
    wait(gate.reached.is_set)
    second = counter()
    turn()
    assert gate.asked == 1
    gate.closed = False
    gate.open.set()
    wait(lambda: first.shown == [0] and second.shown == [0])
    runner.run(boss, create_patient, "Bergeron", "Florence")
    wait(lambda: first.shown[-1] == 1 and second.shown[-1] == 1)


def test_an_answer_from_before_a_commit_is_not_given_to_who_asks_after_it(
    bench: Bench, runner: Runner, boss: Actor, gate: Gate, counter: Callable[[], Counter]
) -> None:
    gate.closed = True
    counter()
    wait(gate.reached.is_set)
    gate.closed = False
    runner.run(boss, create_patient, "Bergeron", "Florence")
    second = counter()
    wait(lambda: second.shown == [1])
    gate.open.set()


def test_what_somebody_else_may_see_is_not_shared(
    bench: Bench, boss: Actor, gate: Gate, counter: Callable[[], Counter]
) -> None:
    gate.closed = True
    counter()
    wait(gate.reached.is_set)
    gate.closed = False
    bench.sign_in(Actor("other", "Somebody else"))
    counter()
    wait(lambda: gate.asked == 2)


def test_a_question_with_a_list_is_asked_too(bench: Bench, runner: Runner, gate: Gate) -> None:
    found: list[int] = []
    bench.ask(held_count, found.append, ["a list"])
    wait(lambda: found == [0])


def test_more_commits_than_are_remembered_count_as_missed(
    bench: Bench, runner: Runner, gate: Gate, counter: Callable[[], Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.journal.changes import ChangeSet
    from ui.shell.asking import REMEMBERED

    gate.closed = True
    screen = counter()
    wait(gate.reached.is_set)
    gate.closed = False
    for _commit in range(REMEMBERED + 1):
        bench._notice(ChangeSet({"another_table": frozenset({"x"})}))
    turn()
    gate.open.set()
    wait(lambda: screen.shown == [0, 0])
