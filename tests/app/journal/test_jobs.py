"""Jobs, their lease and cursor, and the working off of outside effects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from threading import Event
from typing import Any

import pytest

from app.journal import jobs
from app.journal.commands import command
from app.journal.jobs import (
    EFFECT_HANDLERS,
    JOBS,
    EventRow,
    JobContext,
    JobHost,
    handles_effect,
    job,
    missed,
    run_job,
    take_lease,
    work_off_effects,
)
from app.journal.queries import Actor
from app.journal.transaction import Transaction
from app.journal.workplace import Workplace
from tests.conftest import NOW
from tests.sample.commands import create_sample_owner, record_sample_visit
from tests.sample.events import OwnerVisited


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    """Only the jobs of the test at hand; those of the slices come back after it."""
    jobs, handlers = dict(JOBS), dict(EFFECT_HANDLERS)
    JOBS.clear()
    EFFECT_HANDLERS.clear()
    yield
    for table, kept in ((JOBS, jobs), (EFFECT_HANDLERS, handlers)):
        table.clear()
        table.update(kept)


@command(permission=None, label="Ask for outside work")
def ask_for_sample_work(tx: Transaction) -> str:
    """Make an effect."""
    return tx.effect("sample_mail", {"to": "x"})


def test_what_was_searched_in_vain_is_not_searched_again(
    workplace: Workplace, boss: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job for what rarely happens goes on from the newest change that it has seen, also after a start."""
    heard: list[str] = []
    monkeypatch.setattr(jobs, "SEARCHED_FAR", 2)

    @job(on=OwnerVisited)
    def greet(context: JobContext, event: EventRow) -> None:
        heard.append(event.payload["owner_id"])

    def head() -> int:
        with workplace.runner.read(boss) as read:
            return int(read.sql("SELECT max(n) FROM change")[0][0])

    searched: dict[str, int] = {}
    owner, _bob, _cleo = (workplace.runner.run(boss, create_sample_owner, name) for name in ("Ann", "Bob", "Cleo"))
    assert run_job(workplace.runner, JOBS["greet"], searched) == 0
    assert searched == {"greet": head()}
    with workplace.runner.read(boss) as read:
        assert read.sql("SELECT cursor FROM job_run WHERE id = 'greet'")[0][0] == head()
    workplace.runner.run(boss, record_sample_visit, owner, "a")
    assert run_job(workplace.runner, JOBS["greet"], searched) == 1
    assert heard == [owner]
    assert run_job(workplace.runner, JOBS["greet"], {}) == 0


def test_an_event_job_reads_each_event_once(workplace: Workplace, boss: Actor) -> None:
    heard: list[str] = []

    @job(on=OwnerVisited)
    def greet(context: JobContext, event: EventRow) -> None:
        heard.append(event.payload["owner_id"])

    owner = workplace.runner.run(boss, create_sample_owner, "Ann")
    workplace.runner.run(boss, record_sample_visit, owner, "a")
    workplace.runner.run(boss, record_sample_visit, owner, "b")
    assert run_job(workplace.runner, JOBS["greet"]) == 2
    assert run_job(workplace.runner, JOBS["greet"]) == 0
    assert heard == [owner, owner]


def test_a_failing_event_is_met_again_and_derived_ids_are_the_same(workplace: Workplace, boss: Actor) -> None:
    made: list[str] = []

    @job(on=OwnerVisited)
    def remind(context: JobContext, event: EventRow) -> None:
        made.append(context.derived_id(event, "reminder"))
        if len(made) == 1:
            raise RuntimeError

    owner = workplace.runner.run(boss, create_sample_owner, "Ann")
    workplace.runner.run(boss, record_sample_visit, owner, "a")
    with pytest.raises(RuntimeError):
        run_job(workplace.runner, JOBS["remind"])
    assert run_job(workplace.runner, JOBS["remind"]) == 1
    assert made[0] == made[1]


def test_the_lease_is_held_by_one_until_it_runs_out(workplace: Workplace) -> None:
    assert take_lease(workplace.runner, "a")
    assert not take_lease(workplace.runner, "b")
    assert take_lease(workplace.runner, "a")
    workplace.clock.source = lambda: NOW + timedelta(minutes=2)
    assert take_lease(workplace.runner, "b")
    assert not take_lease(workplace.runner, "a")


def test_a_declaration_names_exactly_one_trigger() -> None:
    with pytest.raises(TypeError):
        job(every=timedelta(minutes=1), on=OwnerVisited)
    with pytest.raises(TypeError):
        job()


def test_effects_are_done_tried_again_and_given_up(workplace: Workplace) -> None:
    nobody = Actor("karim", "Karim")
    failures = iter([True] * 9)

    @handles_effect("sample_mail")
    def send(context: JobContext, payload: dict[str, Any]) -> None:
        if next(failures, False):
            raise OSError("no network")

    workplace.runner.run(nobody, ask_for_sample_work)
    assert work_off_effects(workplace.runner) == 0
    assert work_off_effects(workplace.runner) == 0, "it is not due again yet"
    for hours in range(1, 9):
        workplace.clock.source = lambda hours=hours: NOW + timedelta(hours=3 * hours)
        work_off_effects(workplace.runner)
    with workplace.runner.read(nobody) as read:
        assert tuple(read.sql("SELECT state, tries, failure FROM effect")[0]) == ("failed", 8, "OSError")


def test_an_effect_is_done_once(workplace: Workplace) -> None:
    nobody, sent = Actor("karim", "Karim"), []
    handles_effect("sample_mail")(lambda context, payload: sent.append(payload["to"]))
    workplace.runner.run(nobody, ask_for_sample_work)
    assert work_off_effects(workplace.runner) == 1
    assert work_off_effects(workplace.runner) == 0
    assert sent == ["x"]


def test_the_host_runs_jobs_while_it_holds_the_lease(workplace: Workplace) -> None:
    host, other = JobHost(workplace.runner), JobHost(workplace.runner)
    host.start()
    other.start()
    try:
        assert host.holds_lease
        assert not other.holds_lease
    finally:
        host.stop()
        other.stop()


def test_a_host_that_stops_gives_the_lease_back(workplace: Workplace) -> None:
    host = JobHost(workplace.runner)
    host.start()
    assert not take_lease(workplace.runner, "next")
    host.stop()
    assert not host.holds_lease
    assert take_lease(workplace.runner, "next")


def test_a_daily_job_is_missed_until_it_has_run_since_its_hour(workplace: Workplace) -> None:
    @job(daily_at=time(3, 0))
    def sweep_at_night(context: JobContext) -> None:
        """Sweep at night."""

    item, runner = JOBS["sweep_at_night"], workplace.runner
    assert missed(runner, item), "it never ran"
    run_job(runner, item)
    assert not missed(runner, item)
    at_two = NOW.astimezone(workplace.clock.zone).replace(hour=2, minute=0) + timedelta(days=1)
    workplace.clock.source = lambda: at_two
    assert not missed(runner, item)
    workplace.clock.source = lambda: at_two + timedelta(hours=1)
    assert missed(runner, item)


def test_a_host_makes_up_for_a_missed_night(workplace: Workplace) -> None:
    ran = Event()

    @job(daily_at=time(3, 0))
    def sweep_at_night(context: JobContext) -> None:
        """Sweep at night."""
        ran.set()

    host = JobHost(workplace.runner)
    host.start()
    try:
        assert ran.wait(20)
    finally:
        host.stop()
    assert not missed(workplace.runner, JOBS["sweep_at_night"])
