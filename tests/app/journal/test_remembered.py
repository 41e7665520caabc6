"""What is kept in memory is given again, and never once a row behind it changed, however it was written."""

from __future__ import annotations

import pytest

from app.core.errors import RuleViolation
from app.journal.queries import Actor, Reading
from app.journal.remembered import MOST, remembered
from app.journal.runner import Runner
from app.journal.settings_store import change_setting
from app.practice.commands import add_clinic
from app.scheduling.settings import WALK_MINUTES

TABLES = frozenset({"clinic_setting"})


def settings(read: Reading, loaded: list[int], key: str = "a key of this test") -> int:
    """How many settings are kept; each time that they are really read is noted."""

    def load() -> int:
        loaded.append(1)
        return int(read.sql("SELECT count(*) FROM clinic_setting")[0][0])

    return remembered(read, key, TABLES, load)


def test_a_value_is_read_once_until_its_table_is_written(runner: Runner, boss: Actor) -> None:
    loaded: list[int] = []
    for _turn in range(3):
        with runner.read(boss) as read:
            assert settings(read, loaded) == 0
    assert len(loaded) == 1
    runner.run(boss, add_clinic, "Clinique Rosemont")
    with runner.read(boss) as read:
        assert settings(read, loaded) == 0
    assert len(loaded) == 1, "a clinic is no setting"
    runner.run(boss, change_setting, WALK_MINUTES.name, "3")
    with runner.read(boss) as read:
        assert settings(read, loaded) == 1
    assert len(loaded) == 2


def test_a_write_outside_any_command_counts(runner: Runner, boss: Actor) -> None:
    loaded: list[int] = []
    with runner.read(boss) as read:
        assert settings(read, loaded) == 0
    raw = runner.database.raw()
    raw.execute("INSERT INTO clinic_setting(id, value) VALUES('walk_minutes', '2')")
    raw.commit()
    raw.close()
    with runner.read(boss) as read:
        assert settings(read, loaded) == 1


def test_what_a_rolled_back_operation_wrote_is_forgotten(runner: Runner, boss: Actor) -> None:
    """The numbers of its change rows are given again to the next operation."""
    loaded: list[int] = []

    def half_way(bulk: object) -> None:
        from app.journal.step import Bulk

        assert isinstance(bulk, Bulk)
        bulk.run(change_setting, WALK_MINUTES.name, "3")
        read = Reading(bulk.step.connection, runner.clock, boss)
        assert settings(read, loaded) == 1
        raise RuleViolation("No.")

    with pytest.raises(RuleViolation):
        runner.bulk(boss, "A test", half_way)

    def again(bulk: object) -> int:
        from app.journal.step import Bulk

        assert isinstance(bulk, Bulk)
        bulk.run(add_clinic, "Clinique Rosemont")
        return settings(Reading(bulk.step.connection, runner.clock, boss), loaded)

    assert runner.bulk(boss, "A test", again).result == 0
    assert len(loaded) == 2


def test_the_tables_count_as_read_when_the_answer_comes_from_memory(runner: Runner, boss: Actor) -> None:
    loaded: list[int] = []
    for _turn in range(2):
        with runner.read(boss) as read:
            settings(read, loaded)
            assert read.tables >= TABLES
    assert len(loaded) == 1


def test_the_oldest_goes(runner: Runner, boss: Actor) -> None:
    loaded: list[int] = []
    with runner.read(boss) as read:
        for number in range(MOST + 1):
            settings(read, loaded, f"key {number}")
        settings(read, loaded, f"key {MOST}")
        assert len(loaded) == MOST + 1
        settings(read, loaded, "key 0")
    assert len(loaded) == MOST + 2
