"""Notifications: every source answers, rights hide them, and what was put away is a bounded list of keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.core.permissions import Permission
from app.journal.notices import PUT_AWAY_MOST, SOURCES, Gravity, Notice, notices, notifications, read_put_away
from app.journal.notices import with_put_away as added
from app.journal.queries import Actor, Reading
from app.journal.runner import Runner


def write(runner: Runner, statement: str, *values: object) -> None:
    from app.journal.changes import ChangeSet
    from app.journal.runner import Step

    def work(step: Step) -> ChangeSet:
        step.raw.execute(statement, values)
        step.wrote = True
        return ChangeSet()

    runner.transact(work)


@pytest.fixture
def planted() -> Iterator[None]:
    permission = Permission("sample_see_planted", "See", ())

    @notices(permission=permission)
    def planted_notices(read: Reading) -> list[Notice]:
        return [Notice("planted", Gravity.DANGER, "Planted")]

    yield
    SOURCES.pop("planted_notices")


def test_a_quiet_clinic_has_none(runner: Runner, boss: Actor) -> None:
    assert runner.ask(boss, notifications) == ()


def test_a_failed_job_is_told_until_it_succeeds_and_each_failure_anew(runner: Runner, boss: Actor) -> None:
    write(runner, "INSERT INTO job_run(id, last_at, cursor, failure) VALUES('sweep', 1000, 0, 'OSError')")
    first = runner.ask(boss, notifications)
    assert [(notice.gravity, notice.values["job"]) for notice in first] == [(Gravity.WARN, "sweep")]
    write(runner, "UPDATE job_run SET last_at = 2000 WHERE id = 'sweep'")
    assert runner.ask(boss, notifications)[0].key != first[0].key
    write(runner, "UPDATE job_run SET failure = NULL WHERE id = 'sweep'")
    assert runner.ask(boss, notifications) == ()


def test_a_refused_operation_and_a_raw_write_are_told(runner: Runner, boss: Actor) -> None:
    write(
        runner,
        "INSERT INTO inbox_item(id, operation, code, content, received_at) VALUES('i', 'o', 'refused', '{}', 5)",
    )
    with runner.database.writer.connect() as other, other.begin():
        other.exec_driver_sql("INSERT INTO clinic_setting(id, value) VALUES('practice_name', '\"Rosemont\"')")
    found = {notice.key.split(":")[0] for notice in runner.ask(boss, notifications)}
    assert "inbox" in found


def test_technical_notices_are_for_those_who_hold_the_right(runner: Runner) -> None:
    write(runner, "INSERT INTO job_run(id, last_at, cursor, failure) VALUES('sweep', 1000, 0, 'OSError')")
    assert runner.ask(Actor("julie", "Julie Roy"), notifications) == ()
    holder = Actor("claire", "Claire", permissions=frozenset({"see_technical_notices"}))
    assert len(runner.ask(holder, notifications)) == 1


@pytest.mark.usefixtures("planted")
def test_a_slice_adds_its_own_and_the_gravest_come_first(runner: Runner, boss: Actor) -> None:
    write(runner, "INSERT INTO job_run(id, last_at, cursor, failure) VALUES('sweep', 1000, 0, 'OSError')")
    assert [notice.key for notice in runner.ask(boss, notifications)] == ["planted", "job:sweep:1000"]


def test_the_list_of_what_was_put_away_is_bounded_and_survives_nonsense() -> None:
    assert read_put_away("") == ()
    assert read_put_away("{broken") == ()
    assert read_put_away(added(added("", ["a"]), ["b", "a"])) == ("a", "b")
    full = added("", [str(n) for n in range(PUT_AWAY_MOST + 5)])
    assert len(read_put_away(full)) == PUT_AWAY_MOST
    assert read_put_away(full)[-1] == str(PUT_AWAY_MOST + 4)
