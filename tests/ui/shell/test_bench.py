"""The bench: everything arrives in the main thread, late answers are dropped, commits refresh what they touch."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from app.core.errors import ClinicError, NotFound, RuleViolation, Unreachable
from app.core.ids import PatientId
from app.journal.changes import ChangeSet
from app.journal.commands import command, query
from app.journal.queries import Actor, Reading
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from app.journal.workplace import Workplace
from app.patients.commands import change_patient, create_patient
from app.patients.queries import PatientListPage, patient_list
from ui.shell.bench import Bench
from ui.shell.running import Ran
from ui.shell.screen import Screen


@query(permission=None, label="Slow echo")
def slow_echo(read: Reading, word: str, seconds: float) -> str:
    """Answer with the word, after a while."""
    time.sleep(seconds)
    return word


@query(permission=None, label="Failing answer")
def failing_answer(read: Reading) -> str:
    """Fail as a program fails."""
    raise ValueError("Florence Bergeron 514 555-0142")


@command(permission=None, label="Refuse the name")
def refuse_name(tx: Transaction, name: str) -> None:
    """Refuse, naming the field."""
    raise RuleViolation("A name is needed here.", field="name")


@command(permission=None, label="Call the server")
def call_nobody(tx: Transaction) -> None:
    """Another machine does not answer."""
    raise Unreachable("The server does not answer.")


class Seeing(Screen):
    """Counts its readings."""

    def build(self) -> None:
        self.readings, self.seen = 0, []

    def reload(self) -> None:
        self.readings += 1
        self.ask(patient_list, self.show_list)

    def show_list(self, found: PatientListPage) -> None:
        self.seen.append(threading.current_thread())


@pytest.fixture
def bench(qapp: QApplication, runner: Runner, boss: Actor) -> Iterator[Bench]:
    made = Bench(runner)
    made.sign_in(boss)
    yield made
    made.close()


def wait(bench: Bench, until: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not until() and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.001)
    assert until()


def test_answers_arrive_in_the_main_thread(bench: Bench) -> None:
    arrived: list[tuple[str, threading.Thread]] = []
    bench.ask(slow_echo, lambda word: arrived.append((word, threading.current_thread())), "a", 0.0)
    wait(bench, lambda: bool(arrived))
    assert arrived == [("a", threading.main_thread())]


def test_of_two_questions_with_one_answer_only_the_last_counts(bench: Bench) -> None:
    arrived: list[str] = []
    bench.ask(slow_echo, arrived.append, "first", 0.15)
    bench.ask(slow_echo, arrived.append, "second", 0.0)
    wait(bench, lambda: not bench.busy)
    assert arrived == ["second"]


class Counting(Screen):
    """Hands its answer to a lambda, which does not tell whose it is."""

    def build(self) -> None:
        self.total = -1

    def reload(self) -> None:
        self.bench.ask(patient_list, lambda found: setattr(self, "total", found.total))


def test_a_screen_that_answers_to_a_lambda_is_refreshed_too(bench: Bench) -> None:
    screen = Counting(bench)
    screen.show()
    wait(bench, lambda: screen.total == 0)
    bench.run(create_patient, "Bergeron", "Florence")
    wait(bench, lambda: screen.total == 1)
    wait(bench, lambda: not bench.busy)
    screen.close()
    screen.deleteLater()


def test_a_commit_refreshes_visible_screens_that_read_the_table(bench: Bench) -> None:
    shown, hidden = Seeing(bench), Seeing(bench)
    shown.show()
    hidden.show()
    wait(bench, lambda: bool(shown.seen) and bool(hidden.seen))
    hidden.hide()
    bench.run(create_patient, "Bergeron", "Florence")
    wait(bench, lambda: shown.readings == 2)
    wait(bench, lambda: not bench.busy)
    assert hidden.readings == 1
    assert hidden.stale
    hidden.show()
    wait(bench, lambda: hidden.readings == 2)
    assert {thread for screen in (shown, hidden) for thread in screen.seen} == {threading.main_thread()}
    wait(bench, lambda: not bench.busy)
    for screen in (shown, hidden):
        screen.deleteLater()


def test_a_commit_elsewhere_leaves_a_screen_alone(bench: Bench) -> None:
    screen = Seeing(bench)
    screen.show()
    wait(bench, lambda: bool(screen.seen))
    bench._apply(ChangeSet({"another_table": frozenset({"x"})}))
    assert screen.readings == 1
    screen.deleteLater()


def test_a_rule_goes_under_its_field(bench: Bench) -> None:
    said: list[tuple[str, str]] = []
    bench.presenter.said.connect(lambda severity, sentence: said.append((severity, sentence)))

    class Holder:
        def __init__(self) -> None:
            self.errors: dict[str, str] = {}

        def show_field_error(self, field: str, problem: ClinicError) -> bool:
            self.errors[field] = str(problem)
            return field == "name"

    form = Holder()
    ended: list[bool] = []
    bench.run_for(form, refuse_name, "x").at_end(lambda: ended.append(True))
    wait(bench, lambda: bool(ended))
    assert form.errors == {"name": "A name is needed here."}
    assert said == []
    bench.run(refuse_name, "x")
    wait(bench, lambda: bool(said))
    assert said == [("warn", "A name is needed here.")]


def test_an_unreachable_machine_only_moves_the_indicator(bench: Bench) -> None:
    said: list[str] = []
    told: list[str] = []
    bench.presenter.said.connect(lambda _severity, sentence: said.append(sentence))
    bench.presenter.unreachable.connect(told.append)
    bench.run(call_nobody)
    wait(bench, lambda: bool(told))
    assert (said, told) == ([], ["The server does not answer."])


def test_a_fault_is_a_short_sentence_and_the_log_holds_no_patient(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[tuple[str, str]] = []
    bench.presenter.said.connect(lambda severity, sentence: said.append((severity, sentence)))
    bench.ask(failing_answer, print)
    wait(bench, lambda: bool(said))
    assert said[0][0] == "danger"
    assert "Florence" not in said[0][1]
    assert "ValueError" in caplog.text
    assert "failing_answer" in caplog.text
    assert "Florence" not in caplog.text
    assert "0142" not in caplog.text


def test_a_command_offers_undo_and_undo_takes_it_back(bench: Bench, boss: Actor) -> None:
    ran: list[Ran] = []
    bench.ran.connect(ran.append)
    made: list[PatientId] = []
    bench.run(create_patient, "Bergeron", "Florence").say("").then(made.append)
    wait(bench, lambda: bool(made))
    bench.run(change_patient, made[0], given_name="Flore").say("Renamed")
    wait(bench, lambda: bool(ran))
    assert ran[0].sentence == "Renamed"
    assert ran[0].undoable
    assert bench.undo_last()
    wait(bench, lambda: len(ran) == 2)
    assert [row.given_name for row in bench.runner.ask(boss, patient_list).rows] == ["Florence"]


def test_who_may_not_is_told_why(bench: Bench) -> None:
    assert bench.may(create_patient)
    bench.sign_in(Actor("x", "Nobody in particular"))
    assert not bench.may(create_patient)
    assert "permission" in bench.reason(create_patient)


def test_a_screen_shows_why_it_has_no_content(bench: Bench, workplace: Workplace) -> None:
    screen = Screen(bench)
    screen.show_error(NotFound("patient", "x"))
    assert not screen.shows_body
    screen.show_body()
    assert screen.shows_body
    screen.deleteLater()
