"""The runner: one command, one transaction, one operation; whatever raises leaves nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.core.errors import NotFound, PermissionDenied, RuleViolation, StaleRecord
from app.core.money import Money
from app.core.secret import Secret
from app.journal.changes import ChangeSet
from app.journal.commands import Query
from app.journal.events import REACTIONS, Reaction
from app.journal.model import JobRun
from app.journal.operations import MAXIMUM_CHANGES
from app.journal.projections import PROJECTIONS
from app.journal.queries import Actor, Reading
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from app.journal.workplace import Workplace
from tests.app.journal.trial import WAIT, count, plain
from tests.sample.commands import (
    add_sample_pet,
    change_sample_owner,
    create_sample_owner,
    fail_sample,
    keep_sample_secret,
    record_sample_visit,
)
from tests.sample.events import OwnerVisited
from tests.sample.model import Mood, Owner, OwnerId, Rate
from tests.sample.permissions import EDIT_OWNERS, READ_OWNERS
from tests.sample.queries import sample_owners

NOBODY_MUCH = Actor("guest", "A guest")


def journal(raw: Any) -> list[Any]:
    return list(raw.execute("SELECT command, actor, arguments, origin FROM operation ORDER BY n").fetchall())


# -- order and refusals ----------------------------------------------------------------------------------------------


def test_a_command_runs_its_steps_in_order(
    runner: Runner, boss: Actor, make_owner: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    owner = make_owner()
    compute = PROJECTIONS["sample_owner_line"].compute

    def noted(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            steps.append(name)
            return work(*args, **named)

        return call

    import dataclasses

    from app.journal import operations, rules

    spied = dataclasses.replace(PROJECTIONS["sample_owner_line"], compute=noted("projection", compute))
    monkeypatch.setitem(PROJECTIONS, "sample_owner_line", spied)
    reactions = [Reaction(OwnerVisited, noted("reaction", lambda tx, event: None))]
    monkeypatch.setitem(REACTIONS, OwnerVisited.code, reactions)
    monkeypatch.setitem(rules.RULES, "sample_visit", [(None, noted("rule", lambda tx, ids: None))])
    monkeypatch.setattr(operations, "open_operation", noted("open", operations.open_operation))
    monkeypatch.setattr(operations, "seal", noted("seal", operations.seal))
    runner.subscribe(lambda changes: steps.append("publish"))

    def work(tx: Transaction) -> None:
        steps.append("function")
        record_sample_visit.function(tx, OwnerId(owner))

    runner.run(boss, plain(work))
    assert steps == ["open", "function", "reaction", "projection", "rule", "seal", "publish"]


def test_without_the_permission_nothing_starts_and_the_log_says_who(runner: Runner, raw: Any) -> None:
    with pytest.raises(PermissionDenied) as refused:
        runner.run(NOBODY_MUCH, create_sample_owner, "Ada")
    assert refused.value.permission == EDIT_OWNERS.name
    with pytest.raises(PermissionDenied):
        runner.ask(NOBODY_MUCH, sample_owners)
    runner.flush()
    assert count(raw, "operation") == 0
    assert raw.execute("SELECT actor, kind, detail FROM access_log ORDER BY n").fetchall() == [
        ("guest", "refused", "create_sample_owner"),
        ("guest", "refused", "sample_owners"),
    ]


def test_a_right_that_is_held_is_enough(runner: Runner) -> None:
    desk = Actor("desk", "Front desk", frozenset({EDIT_OWNERS.name, READ_OWNERS.name}))
    runner.run(desk, create_sample_owner, "Ada")
    assert [line.line for line in runner.ask(desk, sample_owners)] == ["Ada"]


def test_an_error_leaves_nothing(runner: Runner, boss: Actor, raw: Any, make_owner: Callable[..., str]) -> None:
    owner = make_owner("Ada")
    before = (journal(raw), count(raw, "change"))
    with pytest.raises(RuleViolation) as refused:
        runner.run(boss, fail_sample, OwnerId(owner), Secret("hunter2"))
    assert refused.value.field == "owner_id"
    assert (journal(raw), count(raw, "change")) == before
    assert raw.execute("SELECT name FROM sample_owner").fetchall() == [("Ada",)]


def test_a_bug_leaves_nothing_and_the_next_command_works(
    runner: Runner, boss: Actor, raw: Any, make_owner: Callable[..., str]
) -> None:
    def broken(tx: Transaction) -> None:
        tx.add(Owner(name="half"))
        tx.session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        runner.run(boss, plain(broken))
    assert count(raw, "operation") == count(raw, "change") == 0
    make_owner()
    assert count(raw, "operation") == 1


def test_another_connection_sees_the_commit(runner: Runner, boss: Actor, stranger: Any) -> None:
    """With `control_fully`, closing the session would roll the command back while COMMIT reports success."""
    owner = runner.run(boss, create_sample_owner, "Ada")
    assert stranger.execute("SELECT id, name FROM sample_owner").fetchall() == [(owner, "Ada")]
    assert stranger.execute("SELECT count(*) FROM operation WHERE hash IS NOT NULL").fetchone() == (1,)


def test_no_error_text_carries_a_value(runner: Runner, boss: Actor, caplog: pytest.LogCaptureFixture) -> None:
    def broken(tx: Transaction) -> None:
        tx.connection.execute(text("INSERT INTO nowhere VALUES(:name)"), {"name": "Tremblay"})

    def wrong(tx: Transaction) -> None:
        tx.session.add(Owner(id="x", name="Tremblay"))
        tx.session.flush()
        tx.connection.execute(Owner.__table__.insert(), {"id": "x", "name": "Tremblay"})

    caplog.set_level(logging.DEBUG)
    for work in (broken, wrong):
        with pytest.raises(DBAPIError) as failed:
            runner.run(boss, plain(work))
        assert "Tremblay" not in f"{failed.value} {failed.value!r} {failed.value.__cause__}"
    assert "Tremblay" not in caplog.text


def test_a_reference_that_fails_at_commit_is_a_sentence(
    runner: Runner, boss: Actor, raw: Any, make_owner: Callable[..., str]
) -> None:
    with pytest.raises(RuleViolation, match="refers"):
        runner.run(boss, add_sample_pet, OwnerId("nobody"), "Rex")
    assert count(raw, "operation") == count(raw, "sample_pet") == 0
    runner.run(boss, add_sample_pet, OwnerId(make_owner()), "Rex")
    assert count(raw, "sample_pet") == 1


def test_a_forged_event_is_a_sentence(runner: Runner, boss: Actor, raw: Any, make_owner: Callable[..., str]) -> None:
    visit = runner.run(boss, record_sample_visit, OwnerId(make_owner()), "true")

    def by_core(tx: Transaction) -> None:
        tx.connection.execute(text("UPDATE sample_visit SET note = 'forged'"))

    def by_the_driver(tx: Transaction) -> None:
        tx.database()["sample_visit"].delete(visit)

    for forge in (by_core, by_the_driver):
        with pytest.raises(StaleRecord, match="add a correction"):
            runner.run(boss, plain(forge))
    assert raw.execute("SELECT id, note FROM sample_visit").fetchall() == [(visit, "true")]


def test_a_missing_record_is_named_by_kind(runner: Runner, boss: Actor) -> None:
    with pytest.raises(NotFound, match="sample owner"):
        runner.run(boss, change_sample_owner, OwnerId("nobody"), "x")


def test_more_positional_arguments_than_the_command_has_are_refused(runner: Runner, boss: Actor) -> None:
    with pytest.raises(TypeError):
        runner.submit(boss, add_sample_pet, "a", "b", "c")


# -- operations ------------------------------------------------------------------------------------------------------


def test_a_command_that_changes_nothing_leaves_no_operation(
    runner: Runner, boss: Actor, raw: Any, make_owner: Callable[..., str]
) -> None:
    owner = make_owner("Ada")
    published: list[ChangeSet] = []
    runner.subscribe(published.append)
    done = runner.submit(boss, change_sample_owner, OwnerId(owner), "Ada").result(WAIT)
    assert (done.operation_id, done.undoable, bool(done.changes)) == ("", False, False)
    assert count(raw, "operation") == 1
    assert published == []
    runner.run(boss, change_sample_owner, OwnerId(owner), "Ada B")
    assert raw.execute("SELECT number FROM operation").fetchall() == [(1,), (2,)], "numbers have no gap"


def test_at_most_400_changes(runner: Runner, boss: Actor, raw: Any) -> None:
    def many(tx: Transaction, number: int) -> None:
        for index in range(number):
            tx.add(Rate(id=f"{number}-{index}", amount=Money(1)))

    runner.run(boss, plain(many), MAXIMUM_CHANGES)
    with pytest.raises(RuleViolation, match="401"):
        runner.run(boss, plain(many), MAXIMUM_CHANGES + 1)
    assert count(raw, "sample_rate") == MAXIMUM_CHANGES


def test_what_stays_on_this_workstation_is_kept_without_an_operation(runner: Runner, boss: Actor, raw: Any) -> None:
    published: list[ChangeSet] = []
    runner.subscribe(published.append)

    def keep(tx: Transaction) -> None:
        tx.session.merge(JobRun(id="mine", cursor=3))
        tx.touch_local(JobRun, "mine")

    done = runner.submit(boss, plain(keep)).result(WAIT)
    assert raw.execute("SELECT id, cursor FROM job_run").fetchall() == [("mine", 3)]
    assert count(raw, "operation") == count(raw, "change") == 0
    assert done.operation_id == ""
    assert [dict(changes.tables) for changes in published] == [{"job_run": frozenset({"mine"})}]


def test_a_secret_is_stored_nowhere(
    workplace: Workplace, boss: Actor, raw: Any, make_owner: Callable[..., str]
) -> None:
    owner = make_owner()
    workplace.runner.run(boss, keep_sample_secret, OwnerId(owner), Secret("hunter2"))
    arguments = raw.execute("SELECT arguments FROM operation ORDER BY n DESC").fetchone()[0]
    assert msgspec.json.decode(arguments) == {"owner_id": owner, "password": "***"}
    names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    dump = "".join(str(raw.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names)
    assert "hunter2" not in dump
    assert "Ada" in dump


@dataclass(frozen=True)
class Parts:
    """A structure as an argument."""

    name: str


def test_only_what_says_nothing_of_a_person_is_kept_of_the_arguments(runner: Runner, boss: Actor, raw: Any) -> None:
    def many(
        tx: Transaction, owner_id: OwnerId, others: list[OwnerId], maybe: OwnerId | None, name: str, mood: Mood,
        on: date,
        at: datetime, number: int, yes: bool, words: list[str], parts: Parts,
    ) -> None:  # fmt: skip
        tx.add(Owner(name=name))

    runner.run(
        boss, plain(many), OwnerId("o1"), [OwnerId("o2")], None, "Tremblay", Mood.WILD, date(2026, 1, 2),
        datetime(2026, 1, 2, 3, tzinfo=UTC), 7, True, ["Tremblay"], Parts("Tremblay"),
    )  # fmt: skip
    assert msgspec.json.decode(raw.execute("SELECT arguments FROM operation").fetchone()[0]) == {
        "owner_id": "o1", "others": ["o2"], "maybe": None, "name": "…", "mood": "wild", "on": "2026-01-02",
        "at": "2026-01-02T03:00:00+00:00", "number": 7, "yes": True, "words": ["…"], "parts": "…",
    }  # fmt: skip


def test_reactions_and_effects_share_the_operation(
    runner: Runner, boss: Actor, raw: Any, make_owner: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = make_owner("Ada")
    monkeypatch.setitem(
        REACTIONS, OwnerVisited.code, [Reaction(OwnerVisited, lambda tx, event: welcome(tx, event.owner_id))]
    )

    def welcome(tx: Transaction, owner_id: str) -> None:
        tx.get(Owner, owner_id).vip = True
        tx.effect("mail", {"to": owner_id}, subject=owner_id)

    runner.run(boss, record_sample_visit, OwnerId(owner), "first")
    rows = raw.execute("SELECT tbl, kind FROM change WHERE operation = 2 ORDER BY tbl").fetchall()
    assert rows == [("effect", "ins"), ("event", "ins"), ("sample_owner", "upd"), ("sample_visit", "ins")]
    assert raw.execute("SELECT type, subject, payload FROM event").fetchall() == [
        ("OWNER_VISITED", owner, f'{{"owner_id":"{owner}"}}')
    ]
    assert raw.execute("SELECT kind, state, subject FROM effect").fetchall() == [("mail", "waiting", owner)]


def test_a_reaction_that_fails_takes_the_command_back(
    runner: Runner, boss: Actor, raw: Any, make_owner: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = make_owner()

    def refuse(tx: Transaction, event: Any) -> None:
        raise RuleViolation("Not today.")

    monkeypatch.setitem(REACTIONS, OwnerVisited.code, [Reaction(OwnerVisited, refuse)])
    with pytest.raises(RuleViolation):
        runner.run(boss, record_sample_visit, OwnerId(owner))
    assert count(raw, "sample_visit") == count(raw, "event") == 0


def test_rules_refuse_and_projections_follow(runner: Runner, boss: Actor, make_owner: Callable[..., str]) -> None:
    owner = make_owner("Ada")
    with pytest.raises(RuleViolation) as refused:
        make_owner("Ada")
    assert refused.value.field == "name"
    runner.run(boss, record_sample_visit, OwnerId(owner))
    assert [(line.id, line.visits) for line in runner.ask(boss, sample_owners)] == [(owner, 1)]


def test_a_rule_that_writes_is_a_bug(runner: Runner, boss: Actor, raw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.journal import rules

    def write(tx: Transaction, ids: frozenset[str]) -> None:
        tx.add(Rate(id="by a rule", amount=Money(1)))

    monkeypatch.setitem(rules.RULES, "sample_owner", [(None, write)])
    with pytest.raises(RuntimeError):
        runner.run(boss, create_sample_owner, "Ada")
    assert count(raw, "operation") == 0


def test_bulk_work_stays_in_the_transaction(runner: Runner, boss: Actor, raw: Any) -> None:
    rows = [{"id": f"r{n}", "amount": n} for n in range(300)]

    def bulk(tx: Transaction, fail: bool) -> None:
        tx.database()["sample_rate"].insert_all(rows, batch_size=100)
        if fail:
            raise RuleViolation("No.")

    with pytest.raises(RuleViolation):
        runner.run(boss, plain(bulk), True)
    assert count(raw, "sample_rate") == 0
    runner.run(boss, plain(bulk), False)
    assert raw.execute("SELECT count(*), count(DISTINCT operation) FROM change").fetchone() == (300, 1)


def test_a_group_is_one_undo_step_of_several_operations(runner: Runner, boss: Actor, raw: Any) -> None:
    with runner.group(boss, "Import the owners") as group:
        for name in ("Ada", "Bob", "Cy"):
            group.run(create_sample_owner, name)
    assert raw.execute("SELECT grp, reason FROM operation").fetchall() == [(group.id, "Import the owners")] * 3


def test_queries_name_the_tables_they_were_read_from(
    runner: Runner, boss: Actor, make_owner: Callable[..., str]
) -> None:
    def both(read: Reading) -> int:
        read.execute(select(Owner.id)).all()
        return len(read.sql("SELECT 1 FROM sample_pet"))

    for _time in range(2):  # the second time the statement is prepared already
        _answer, tables = runner.ask_with_tables(boss, Query(both, None, "Both"))
        assert tables == {"sample_owner", "sample_pet"}
        assert runner.ask_with_tables(boss, sample_owners)[1] == {"sample_owner_line"}


def test_a_query_cannot_write(runner: Runner, boss: Actor) -> None:
    with pytest.raises(DBAPIError, match="readonly"):
        runner.ask(boss, Query(lambda read: read.sql("DELETE FROM sample_owner"), None, "Write"))
