"""Jobs: automatic work by the clock or by a cursor over events, in the one process that holds the lease.

Between the server and the workstations there is no election: before a server is set up, a workstation process of the
folder holds the lease. A job may run twice (a crash between its work and its cursor); therefore what it creates has
ids made by `JobContext.derived_id`, so that nothing happens twice.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, ParamSpec, TypeVar

import msgspec

from app.core.clock import to_millis
from app.core.ids import derived_id, new_id
from app.journal.changes import ChangeSet
from app.journal.commands import Command, Query
from app.journal.events import DomainEvent
from app.journal.queries import SYSTEM
from app.journal.runner import Runner, Step

P = ParamSpec("P")
R = TypeVar("R")
LEASE: Final = timedelta(seconds=90)
RENEWAL: Final = timedelta(seconds=30)
CURSOR_EVERY: Final = timedelta(seconds=5)
EVENTS_AT_ONCE: Final = 100
SEARCHED_FAR: Final = 10_000
"""Changes that were looked through in vain for an event; after so many, a job that starts again begins behind them."""
_log = logging.getLogger("archwire.jobs")


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as a job reads it: its id, code, patient, instant (ms UTC) and payload."""

    id: str
    type: str
    subject: str | None
    at: int
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a job is given. It acts as `system`, through commands and queries like everybody."""

    runner: Runner
    job: str

    @property
    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.runner.clock.now()

    def run(self, command: Command[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a command."""
        return self.runner.run(SYSTEM, command, *args, **kwargs)

    def ask(self, query: Query[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Ask a query."""
        return self.runner.ask(SYSTEM, query, *args, **kwargs)

    def derived_id(self, event: EventRow, *parts: str) -> str:
        """The id of what this job makes of an event: the same however often it runs."""
        return derived_id(event.id, self.job, *parts)


@dataclass(frozen=True, slots=True)
class Job:
    """A declared job: `every` or `daily_at` (clinic time) by the clock, `event` by the cursor.

    `everywhere`: it looks after the machine that it runs on (its files, its printer), so that every machine runs it.
    """

    name: str
    function: Callable[..., None]
    every: timedelta | None = None
    daily_at: time | None = None
    event: str | None = None
    everywhere: bool = False

    @property
    def help(self) -> str:
        """The docstring's first line."""
        return (self.function.__doc__ or "").strip().split("\n", maxsplit=1)[0]


JOBS: dict[str, Job] = {}
EFFECT_HANDLERS: dict[str, Callable[[JobContext, dict[str, Any]], None]] = {}


def job(
    *,
    every: timedelta | None = None,
    daily_at: time | None = None,
    on: type[DomainEvent] | None = None,
    everywhere: bool = False,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a job, by exactly one of an interval, a time of day or an event.

    Where there is a server it runs there, once for the practice; with `everywhere`, on each machine.
    """
    if sum(given is not None for given in (every, daily_at, on)) != 1:
        raise TypeError("a job runs by an interval, at a time of day or on an event")

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        name = function.__name__
        JOBS[name] = Job(name, function, every, daily_at, on.code if on else None, everywhere)
        return function

    return declare


def handles_effect(kind: str) -> Callable[[Callable[[JobContext, dict[str, Any]], None]], Callable[..., None]]:
    """Declare the function that does the outside work of one kind of effect; it raises when it could not."""

    def declare(function: Callable[[JobContext, dict[str, Any]], None]) -> Callable[..., None]:
        EFFECT_HANDLERS[kind] = function
        return function

    return declare


def take_lease(runner: Runner, holder: str) -> bool:
    """Take or renew the lease of this folder's jobs; False while another process holds it."""
    now = runner.clock.now()
    taken = False

    def work(step: Step) -> ChangeSet:
        nonlocal taken
        step.raw.execute(
            "INSERT INTO job_lease(id, holder, until_at) VALUES('jobs', ?, ?) ON CONFLICT(id) DO UPDATE"
            " SET holder = excluded.holder, until_at = excluded.until_at"
            " WHERE holder = excluded.holder OR until_at < ?",
            (holder, to_millis(now + LEASE), to_millis(now)),
        )
        step.wrote = True
        row = step.raw.execute("SELECT holder FROM job_lease WHERE id = 'jobs'").fetchone()
        taken = row[0] == holder
        return ChangeSet()

    runner.transact(work)
    return taken


def give_lease_back(runner: Runner, holder: str) -> None:
    """End the lease of a process that stops, so that the next one need not wait for its end."""

    def work(step: Step) -> ChangeSet:
        step.raw.execute("UPDATE job_lease SET until_at = 0 WHERE id = 'jobs' AND holder = ?", (holder,))
        step.wrote = True
        return ChangeSet()

    runner.transact(work)


def missed(runner: Runner, item: Job) -> bool:
    """Whether a daily job has not run since its hour came last: a computer that is off at night misses it."""
    assert item.daily_at is not None
    now = runner.clock.now().astimezone(runner.clock.zone)
    due = datetime.combine(now.date(), item.daily_at, runner.clock.zone)
    last = due if due <= now else datetime.combine(now.date() - timedelta(days=1), item.daily_at, runner.clock.zone)
    with runner.read(SYSTEM) as read:
        rows = read.sql("SELECT last_at FROM job_run WHERE id = :name", name=item.name)
    return not rows or rows[0][0] is None or int(rows[0][0]) < to_millis(last)


def run_job(runner: Runner, item: Job, searched: dict[str, int] | None = None) -> int:
    """Run one job now: once, or for each event behind its cursor. Returns how many times it ran.

    `searched` keeps up to which change there is no event for a job: for a type that rarely happens, all events of the
    clinic would be looked through each time.
    """
    context = JobContext(runner, item.name)
    if item.event is None:
        item.function(context)
        _note(runner, item.name, None)
        return 1
    done = 0
    since = max(_cursor(runner, item.name), (searched or {}).get(item.name, 0))
    head, found = _events_after(runner, item, since)
    for n, event in found:
        item.function(context, event)
        _note(runner, item.name, n)
        done += 1
    if searched is not None and done < EVENTS_AT_ONCE:
        searched[item.name] = head
        if not done and head - since > SEARCHED_FAR:
            _note(runner, item.name, head)
    return done


def _cursor(runner: Runner, name: str) -> int:
    with runner.read(SYSTEM) as read:
        rows = read.sql("SELECT cursor FROM job_run WHERE id = :name", name=name)
    return int(rows[0][0]) if rows else 0


def _events_after(runner: Runner, item: Job, cursor: int) -> tuple[int, list[tuple[int, EventRow]]]:
    """The newest change, and the next events of the job's type after another one."""
    with runner.read(SYSTEM) as read:
        head = int(read.sql("SELECT coalesce(max(n), 0) FROM change")[0][0])
        if head <= cursor:
            return head, []
        rows = read.sql(
            "SELECT c.n, e.id, e.type, e.subject, e.at, e.payload FROM change c JOIN event e ON e.id = c.pk"
            " WHERE c.tbl = 'event' AND c.kind = 'ins' AND c.n > :cursor AND e.type = :type ORDER BY c.n LIMIT :most",
            cursor=cursor,
            type=item.event,
            most=EVENTS_AT_ONCE,
        )
    return head, [
        (row[0], EventRow(row[1], row[2], row[3], row[4], msgspec.json.decode(row[5] or "{}") or {})) for row in rows
    ]


def _note(runner: Runner, name: str, cursor: int | None, failure: str | None = None) -> None:
    def work(step: Step) -> ChangeSet:
        step.raw.execute(
            "INSERT INTO job_run(id, last_at, cursor, failure) VALUES(?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET"
            " last_at = excluded.last_at, cursor = max(cursor, excluded.cursor), failure = excluded.failure",
            (name, to_millis(runner.clock.now()), cursor or 0, failure),
        )
        step.wrote = True
        return ChangeSet()

    runner.transact(work)


def work_off_effects(runner: Runner) -> int:
    """Do the outside work that is due and that this process has a handler for; returns how much was done."""
    from app.journal.effects import finish_effect

    with runner.read(SYSTEM) as read:
        rows = read.sql(
            "SELECT id, kind, payload FROM effect WHERE state = 'waiting' AND due_at <= :now ORDER BY due_at",
            now=to_millis(runner.clock.now()),
        )
    done = 0
    for identity, kind, payload in rows:
        handler = EFFECT_HANDLERS.get(kind)
        if handler is None:
            continue
        failure = None
        try:
            handler(JobContext(runner, f"effect {kind}"), msgspec.json.decode(payload))
        except Exception as error:
            failure = type(error).__name__  # the text may name a patient; the type does not
        runner.run(SYSTEM, finish_effect, identity, failure)
        done += failure is None
    return done


class JobHost:
    """Runs the declared jobs over APScheduler while this process holds the lease.

    With `own_only`, those of the machine only: a server runs the practice's, and does the outside work.
    """

    def __init__(self, runner: Runner, *, own_only: bool = False) -> None:
        self.runner = runner
        self.own_only = own_only
        self.holder = f"{runner.place.device}:{os.getpid()}:{new_id()}"
        self._scheduler: Any = None
        self._searched: dict[str, int] = {}
        self._holds = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the scheduler; the lease is tried now and every 30 s."""
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone=self.runner.clock.zone)
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler.add_job(self._renew, "interval", seconds=RENEWAL.total_seconds(), **options)
        scheduler.add_job(self._run_event_jobs, "interval", seconds=CURSOR_EVERY.total_seconds(), **options)
        for item in self._jobs():
            if item.every is not None:
                scheduler.add_job(self._run, "interval", seconds=item.every.total_seconds(), args=[item], **options)
            elif item.daily_at is not None:
                at = item.daily_at
                first = {"next_run_time": datetime.now(UTC)} if missed(self.runner, item) else {}
                scheduler.add_job(self._run, "cron", hour=at.hour, minute=at.minute, args=[item], **options, **first)
        self._renew()
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """Stop after the running job has ended, and give the lease back."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
            self._scheduler = None
            self._holds = False
            give_lease_back(self.runner, self.holder)

    @property
    def holds_lease(self) -> bool:
        """Whether this process runs the jobs of the folder."""
        return self._holds

    def _renew(self) -> None:
        self._holds = take_lease(self.runner, self.holder)

    def _run_event_jobs(self) -> None:
        if not self._holds:
            return
        for item in self._jobs():
            if item.event is not None:
                self._run(item)
        if not self.own_only:
            work_off_effects(self.runner)

    def _jobs(self) -> list[Job]:
        return [item for item in JOBS.values() if item.everywhere or not self.own_only]

    def _run(self, item: Job) -> None:
        if not self._holds:
            return
        try:
            with self._lock:
                run_job(self.runner, item, self._searched)
        except Exception as error:
            _log.warning("job %s failed: %s", item.name, type(error).__name__)
            _note(self.runner, item.name, None, type(error).__name__)
