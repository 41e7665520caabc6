"""The runner beside others: who hears of a commit, who else writes, and what its thread survives."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import InvalidRequestError

from app.core.clock import Clock, hlc_instant, to_millis
from app.core.errors import RuleViolation, StaleRecord
from app.core.secret import Secret
from app.journal.changes import ChangeSet
from app.journal.foreign import SINCE
from app.journal.projections import PROJECTIONS
from app.journal.queries import Actor, Reading
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from app.journal.workplace import Workplace, open_workplace
from tests.app.journal.trial import WAIT, count, heard_by, hold, plain
from tests.sample.commands import (
    change_sample_owner,
    create_sample_owner,
    fail_sample,
)
from tests.sample.model import Owner, OwnerId
from tests.sample.queries import sample_owners

# -- messages --------------------------------------------------------------------------------------------------------


def test_listeners_hear_what_was_touched(runner: Runner, boss: Actor, make_owner: Callable[..., str]) -> None:
    heard: list[ChangeSet] = []
    stop = runner.subscribe(heard.append)
    owner = make_owner("Ada")
    assert {table: set(ids) for table, ids in heard[0].tables.items()} == {
        "sample_owner": {owner},
        "sample_owner_line": {owner},
    }
    assert heard[0].subjects == {owner}
    assert len(heard[0].operations) == 1
    stop()
    make_owner("Bob")
    assert len(heard) == 1


def test_a_listener_that_raises_spoils_nothing(runner: Runner, boss: Actor, raw: Any) -> None:
    """The command is committed: whoever asked for it must hear so, and the next listener too."""
    heard: list[ChangeSet] = []

    def broken(changes: ChangeSet) -> None:
        raise ZeroDivisionError

    runner.subscribe(broken)
    runner.subscribe(heard.append)
    owner = runner.run(boss, create_sample_owner, "Ada")
    assert raw.execute("SELECT id FROM sample_owner").fetchall() == [(owner,)]
    assert len(heard) == 1
    raw.execute("UPDATE sample_owner SET phone = 'raw'")
    runner.adopt_raw()
    runner.run(boss, change_sample_owner, OwnerId(owner), "Bob")
    assert len(heard) == 3


def test_a_listener_may_run_a_command(runner: Runner, boss: Actor, raw: Any) -> None:
    """It stands on the writer thread: to queue the command and wait would be to wait for itself."""
    names = ["From a listener"]

    def listen(changes: ChangeSet) -> None:
        if names:
            runner.run(boss, create_sample_owner, names.pop())

    runner.subscribe(listen)
    runner.submit(boss, create_sample_owner, "Ada").result(WAIT)
    assert count(raw, "sample_owner") == 2


def test_a_command_inside_a_command_is_a_bug(runner: Runner, boss: Actor, raw: Any) -> None:
    def nested(tx: Transaction) -> None:
        tx.add(Owner(name="half"))
        runner.run(boss, create_sample_owner, "Ada")

    with pytest.raises(InvalidRequestError):
        runner.run(boss, plain(nested))
    runner.run(boss, create_sample_owner, "Bob")
    assert raw.execute("SELECT name FROM sample_owner").fetchall() == [("Bob",)]


def test_a_listener_may_submit(runner: Runner, boss: Actor, raw: Any) -> None:
    later: list[Future[Any]] = []

    def listen(changes: ChangeSet) -> None:
        if not later:
            later.append(runner.submit(boss, create_sample_owner, "From a listener"))

    runner.subscribe(listen)
    runner.run(boss, create_sample_owner, "Ada")
    later[0].result(WAIT)
    assert count(raw, "sample_owner") == 2


# -- other writers ---------------------------------------------------------------------------------------------------


def test_a_commit_of_another_runner_is_noticed(
    workplace: Workplace, boss: Actor, make_owner: Callable[..., str]
) -> None:
    owner = make_owner("Ada")
    heard, arrived = heard_by(workplace.runner)
    with open_workplace(workplace.folder, clock=workplace.clock) as other:
        other.runner.run(boss, change_sample_owner, OwnerId(owner), "Ada B")
        assert arrived.wait(WAIT)
    assert heard[0].tables == {"sample_owner": {owner}, "sample_owner_line": {owner}}
    assert heard[0].origin == "foreign"
    assert [line.line for line in workplace.runner.ask(boss, sample_owners)] == ["Ada B"]


def test_a_raw_write_is_noticed_adopted_projected_and_published(
    workplace: Workplace, boss: Actor, stranger: Any, make_owner: Callable[..., str]
) -> None:
    owner = make_owner("Ada")
    heard, arrived = heard_by(workplace.runner)
    stranger.execute("UPDATE sample_owner SET name = 'Raw'")
    assert arrived.wait(WAIT)
    assert heard[0].tables == {"sample_owner": {owner}, "sample_owner_line": {owner}}
    assert [line.line for line in workplace.runner.ask(boss, sample_owners)] == ["Raw"]
    rows = stranger.execute("SELECT origin, command, actor FROM operation ORDER BY n").fetchall()
    assert rows[-1] == ("raw", "raw_write", "raw")
    assert workplace.verify().sound


def test_the_next_command_adopts_a_raw_write_first(
    workplace: Workplace, boss: Actor, stranger: Any, make_owner: Callable[..., str]
) -> None:
    owner = make_owner("Ada")
    heard, _arrived = heard_by(workplace.runner)
    held = hold(workplace.runner)
    stranger.execute("UPDATE sample_owner SET phone = 'raw'")
    done = workplace.runner.submit(boss, change_sample_owner, OwnerId(owner), "Ada B")
    held.set()
    done.result(WAIT)
    assert stranger.execute("SELECT origin FROM operation ORDER BY number").fetchall() == [
        ("here",),
        ("raw",),
        ("here",),
    ]
    assert [changes.ids("sample_owner") for changes in heard] == [{owner}, {owner}]
    assert workplace.verify().sound


def test_a_refused_command_does_not_lose_a_raw_write(
    workplace: Workplace, boss: Actor, stranger: Any, make_owner: Callable[..., str]
) -> None:
    owner = make_owner("Ada")
    heard, arrived = heard_by(workplace.runner)
    held = hold(workplace.runner)
    stranger.execute("UPDATE sample_owner SET name = 'Raw'")
    refused = workplace.runner.submit(boss, fail_sample, OwnerId(owner), Secret("x"))
    held.set()
    with pytest.raises(RuleViolation):
        refused.result(WAIT)
    assert arrived.wait(WAIT)
    assert heard[0].ids("sample_owner") == {owner}
    assert workplace.verify().unadopted == 0


def test_writing_the_access_log_does_not_swallow_a_raw_write(
    workplace: Workplace, boss: Actor, stranger: Any, make_owner: Callable[..., str]
) -> None:
    owner = make_owner("Ada")
    heard, arrived = heard_by(workplace.runner)
    held = hold(workplace.runner)
    stranger.execute("UPDATE sample_owner SET name = 'Raw'")
    workplace.runner.access(boss, "open", owner)
    flushed = workplace.runner._thread.submit(workplace.runner._write_waiting)
    held.set()
    flushed.result(WAIT)
    assert arrived.wait(5), "the commit of the other connection was taken for our own"
    assert heard[0].ids("sample_owner") == {owner}


def test_raw_writes_before_the_start_are_adopted(
    workplace: Workplace, boss: Actor, make_owner: Callable[..., str]
) -> None:
    make_owner("Ada")
    workplace.runner.close()
    raw = workplace.database.raw()
    raw.execute("UPDATE sample_owner SET name = 'Raw'")
    with open_workplace(workplace.folder, clock=workplace.clock) as again:
        assert [line.line for line in again.runner.ask(boss, sample_owners)] == ["Raw"]
        assert again.verify().sound
    raw.close()


def test_a_thousand_raw_rows_are_adopted_in_operations_of_400(workplace: Workplace, raw: Any) -> None:
    held = hold(workplace.runner)
    raw.execute(
        "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 999)"
        " INSERT INTO sample_rate(id, amount) SELECT 'r' || n, n FROM c"
    )
    held.set()
    workplace.runner.adopt_raw()
    sizes = raw.execute("SELECT count(*) FROM change GROUP BY operation ORDER BY operation").fetchall()
    assert sizes == [(400,), (400,), (200,)]
    clocks = [row[0] for row in raw.execute("SELECT hlc FROM operation ORDER BY n")]
    assert len(set(clocks)) == 3, "two operations of one device never carry the same clock"
    assert workplace.verify().sound


POISON = {
    "a word that is no member": "UPDATE sample_owner SET mood = 'furious'",
    "an instant beyond the calendar": "UPDATE sample_owner SET withdrawn_at = 9223372036854775807",
    "a text that is not UTF-8": "UPDATE sample_owner SET name = CAST(x'ff41' AS TEXT)",
    "a day that is none": "UPDATE sample_owner SET born_on = 'yesterday'",
}


@pytest.mark.parametrize("statement", POISON.values(), ids=POISON)
def test_a_raw_write_that_nobody_can_read_does_not_stop_the_clinic(
    workplace: Workplace, boss: Actor, raw: Any, make_owner: Callable[..., str], statement: str
) -> None:
    make_owner("Ada")
    raw.execute(statement)
    make_owner("Bob")
    assert raw.execute("SELECT count(*) FROM sample_owner").fetchone() == (2,)
    assert workplace.runner._thread._thread.is_alive()


def test_a_projection_that_fails_on_a_raw_write_does_not_stop_the_clinic(
    workplace: Workplace, boss: Actor, raw: Any, make_owner: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    owner = make_owner("Ada")

    def broken(read: Reading, keys: Any) -> Any:
        if keys is not None and owner in keys:
            raise ValueError("cannot read this row")
        return PROJECTIONS_BEFORE(read, keys)

    PROJECTIONS_BEFORE = PROJECTIONS["sample_owner_line"].compute
    monkeypatch.setitem(
        PROJECTIONS, "sample_owner_line", dataclasses.replace(PROJECTIONS["sample_owner_line"], compute=broken)
    )
    raw.execute("UPDATE sample_owner SET phone = 'raw'")
    make_owner("Bob")
    assert raw.execute("SELECT line FROM sample_owner_line ORDER BY line").fetchall() == [("Ada",), ("Bob",)]
    assert count(raw, "operation") == 3


def test_eight_threads_submit_at_once(workplace: Workplace, boss: Actor, raw: Any) -> None:
    def submit(thread: int) -> None:
        for number in range(25):
            futures.append(workplace.runner.submit(boss, create_sample_owner, f"{thread}/{number}"))

    futures: list[Future[Any]] = []
    threads = [threading.Thread(target=submit, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({future.result(WAIT).result for future in futures}) == 200
    assert raw.execute("SELECT count(*), max(number) FROM operation").fetchone() == (200, 200)
    assert workplace.verify().sound


def test_the_logical_clock_only_goes_up(workplace: Workplace, boss: Actor, raw: Any) -> None:
    moment = workplace.clock.now()
    for hours in (0, 2, 1, -24, 2, 3):
        later = Clock.fixed(moment + timedelta(hours=hours))
        workplace.runner.clock = later
        workplace.runner.run(
            boss, create_sample_owner, f"at {hours}{raw.execute('SELECT count(*) FROM operation').fetchone()}"
        )
    clocks = [row[0] for row in raw.execute("SELECT hlc FROM operation ORDER BY number")]
    assert clocks == sorted(set(clocks))
    assert hlc_instant(clocks[3]) == moment + timedelta(hours=2), "a jump back costs counter values only"


def test_a_raw_write_of_the_morning_does_not_win_in_the_evening(
    workplace: Workplace, raw: Any, make_owner: Callable[..., str]
) -> None:
    """The raw operation carries the moment of its write; later commands stay above everything seen."""
    make_owner("Ada")
    first = raw.execute("SELECT hlc FROM operation").fetchone()[0]
    others = ", ".join(row[1] for row in raw.execute("PRAGMA table_info(sample_owner)") if row[1] != "id")
    held = hold(workplace.runner)
    raw.execute(f"INSERT INTO sample_owner(id, {others}) SELECT 'raw', {others} FROM sample_owner")
    at = raw.execute("SELECT at FROM change WHERE operation IS NULL").fetchone()[0]
    held.set()
    workplace.runner.adopt_raw()
    make_owner("Bob")
    rows = raw.execute("SELECT origin, hlc FROM operation ORDER BY number").fetchall()
    assert [origin for origin, _hlc in rows] == ["here", "raw", "here"]
    assert to_millis(hlc_instant(rows[1][1])) == at
    assert rows[2][1] > max(first, rows[1][1])


def test_a_raw_write_is_later_than_what_it_replaced(
    workplace: Workplace, raw: Any, make_owner: Callable[..., str]
) -> None:
    """The clock of this computer may be behind that of the workstation whose value was seen and replaced."""
    make_owner("Ada")
    first = raw.execute("SELECT hlc FROM operation").fetchone()[0]
    raw.execute("UPDATE sample_owner SET phone = 'raw'")
    workplace.runner.adopt_raw()
    assert raw.execute("SELECT hlc FROM operation ORDER BY number DESC").fetchone()[0] > first


def test_a_busy_database_is_a_sentence_and_the_runner_stays_usable(workplace: Workplace, boss: Actor, raw: Any) -> None:
    workplace.runner._thread.call(lambda: workplace.runner._raw().execute("PRAGMA busy_timeout = 50"))
    raw.execute("BEGIN IMMEDIATE")
    for _time in range(2):
        with pytest.raises(StaleRecord, match="Another program holds the database"):
            workplace.runner.run(boss, create_sample_owner, "Ada")
    raw.execute("ROLLBACK")
    workplace.runner.run(boss, create_sample_owner, "Ada")
    assert count(raw, "operation") == 1


# -- life ------------------------------------------------------------------------------------------------------------


def test_the_writer_survives_a_folder_it_cannot_write_the_anchor_to(
    workplace: Workplace, boss: Actor, make_owner: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.journal import anchors

    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    make_owner("Ada")
    monkeypatch.setattr(anchors, "write_anchor", full)
    make_owner("Bob")
    idle = workplace.runner._thread.submit(workplace.runner._idle)
    idle.result(WAIT)
    make_owner("Cy")
    monkeypatch.undo()
    make_owner("Di")
    workplace.runner.flush()
    assert workplace.verify().anchored


def test_the_log_is_settled_once_while_commit_follows_commit(
    workplace: Workplace, make_owner: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.journal import anchors, writing

    settled: list[int] = []
    monkeypatch.setattr(writing, "SETTLE_SECONDS", 3_600.0)
    workplace.runner.flush()
    monkeypatch.setattr(anchors, "advance_anchor", lambda *_given: settled.append(1))
    for name in ("Ada", "Bob", "Cy"):
        make_owner(name)
        workplace.runner._thread.submit(workplace.runner._idle).result(WAIT)
    assert settled == []
    workplace.runner.flush()
    assert settled == [1]


def test_a_closed_runner_refuses_and_keeps_nobody_waiting(workplace: Workplace, boss: Actor, raw: Any) -> None:
    release = hold(workplace.runner)
    before = workplace.runner.submit(boss, create_sample_owner, "Ada")
    closing = threading.Thread(target=workplace.runner.close)
    closing.start()
    while workplace.runner._thread._thread.is_alive() and not workplace.runner._thread._closing:
        closing.join(0.01)
    with pytest.raises(RuntimeError):
        workplace.runner.submit(boss, create_sample_owner, "Too late")
    release.set()
    closing.join(WAIT)
    assert before.result(WAIT).operation_id
    with pytest.raises(RuntimeError):
        workplace.runner.run(boss, create_sample_owner, "Bob")


def test_accesses_are_written_when_the_folder_closes(workplace: Workplace, boss: Actor, raw: Any) -> None:
    workplace.runner.access(boss, "open", "somebody")
    workplace.close()
    assert raw.execute("SELECT actor, kind, subject FROM access_log").fetchall() == [("boss", "open", "somebody")]


def test_what_others_wrote_is_found_without_reading_all_that_was_ever_written(workplace: Workplace) -> None:
    with contextlib.closing(workplace.database.raw(read_only=True)) as run:
        plan = [row[3] for row in run.execute(f"EXPLAIN QUERY PLAN {SINCE}", (0,))]
    assert not [line for line in plan if line.startswith("SCAN")], plan
