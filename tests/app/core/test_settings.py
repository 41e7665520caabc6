"""Settings: typed, bounded, in three scopes, and captured or not accordingly."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.core.settings import SETTINGS, WORKSTATION, Scope, Setting
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.settings_store import change_setting, reset_setting, values_of
from app.journal.transaction import Transaction
from tests.app.journal.trial import plain


class Shade(enum.StrEnum):
    LIGHT = "light"
    DARK = "dark"


@pytest.fixture
def declared() -> Iterator[dict[str, Setting[Any]]]:
    """One setting of each kind and scope, for the time of a test."""
    before = dict(SETTINGS)
    made: dict[str, Setting[Any]] = {
        "minutes": Setting("trial_minutes", Scope.CLINIC, int, 10, "Minutes", "", WORKSTATION, 1, 60),
        "shade": Setting("trial_shade", Scope.USER, Shade, Shade.LIGHT, "Shade", "", WORKSTATION),
        "sound": Setting("trial_sound", Scope.WORKSTATION, bool, False, "Sound", "", WORKSTATION),
        "title": Setting("trial_title", Scope.CLINIC, str, "", "Title", "", WORKSTATION),
    }
    yield made
    SETTINGS.clear()
    SETTINGS.update(before)


PARSED = (
    ("minutes", "15", 15), ("minutes", 60, 60), ("shade", "dark", Shade.DARK), ("sound", "true", True),
    ("sound", False, False), ("title", "Été", "Été"),
)  # fmt: skip
REFUSED = (
    ("minutes", "0"), ("minutes", "61"), ("minutes", "ten"), ("minutes", "1.5"), ("shade", "pink"), ("sound", "maybe"),
    ("title", 5), ("minutes", None),
)  # fmt: skip


@pytest.mark.parametrize(("name", "given", "value"), PARSED)
def test_values_are_typed(declared: dict[str, Setting[Any]], name: str, given: Any, value: Any) -> None:
    assert declared[name].parse(given) == value
    assert type(declared[name].parse(given)) is type(value)


@pytest.mark.parametrize(("name", "given"), REFUSED)
def test_other_values_are_refused(declared: dict[str, Setting[Any]], name: str, given: Any) -> None:
    with pytest.raises(RuleViolation) as refused:
        declared[name].parse(given)
    assert refused.value.field == "value"
    assert "{" not in str(refused.value)


def test_a_default_outside_its_bounds_is_a_bug(declared: dict[str, Setting[Any]]) -> None:
    with pytest.raises(RuleViolation):
        Setting("trial_bad", Scope.CLINIC, int, 99, "Bad", "", WORKSTATION, 1, 60)


def test_one_name_is_one_setting(declared: dict[str, Setting[Any]]) -> None:
    Setting("trial_sound", Scope.WORKSTATION, bool, False, "Sound", "", WORKSTATION)
    with pytest.raises(ValueError, match="twice"):
        Setting("trial_sound", Scope.USER, bool, False, "Sound", "", WORKSTATION)


def test_each_scope_keeps_its_own(runner: Runner, boss: Actor, declared: dict[str, Setting[Any]]) -> None:
    other = Actor("other", "Other", everything=True)
    for name, value in (("trial_minutes", "30"), ("trial_shade", "dark"), ("trial_sound", "true")):
        runner.run(boss, change_setting, name, value)
    assert [runner.setting(boss, declared[n]) for n in ("minutes", "shade", "sound")] == [30, Shade.DARK, True]
    assert [runner.setting(other, declared[n]) for n in ("minutes", "shade", "sound")] == [30, Shade.LIGHT, True]
    with runner.read(boss) as read:
        assert values_of(read)["trial_minutes"] == 30
    for name in ("trial_minutes", "trial_shade", "trial_sound"):
        runner.run(boss, reset_setting, name)
    assert [runner.setting(boss, declared[n]) for n in ("minutes", "shade", "sound")] == [10, Shade.LIGHT, False]


def test_what_is_of_this_workstation_is_not_synced(
    runner: Runner, boss: Actor, declared: dict[str, Setting[Any]]
) -> None:
    heard: list[Any] = []
    runner.subscribe(heard.append)
    done = runner.submit(boss, change_setting, "trial_sound", "true").result(20)
    assert done.operation_id == ""
    assert heard[0].tables == {"workstation_setting": {"trial_sound"}}
    done = runner.submit(boss, change_setting, "trial_minutes", "30").result(20)
    assert done.undoable is False
    again = runner.submit(boss, change_setting, "trial_minutes", "31").result(20)
    runner.undo(boss, again.operation_id)
    assert runner.setting(boss, declared["minutes"]) == 30


def test_the_clinic_s_settings_need_a_right(runner: Runner, declared: dict[str, Setting[Any]]) -> None:
    guest = Actor("guest", "Guest")
    with pytest.raises(PermissionDenied):
        runner.run(guest, change_setting, "trial_minutes", "30")
    runner.run(guest, change_setting, "trial_shade", "dark")
    with pytest.raises(NotFound):
        runner.run(guest, change_setting, "nothing", "1")
    with pytest.raises(RuleViolation):
        runner.run(guest, change_setting, "trial_shade", "pink")


def test_a_command_reads_what_it_has_just_set(runner: Runner, boss: Actor, declared: dict[str, Setting[Any]]) -> None:
    def both(tx: Transaction) -> tuple[int, int]:
        before = tx.setting(declared["minutes"])
        change_setting.function(tx, "trial_minutes", "45")
        return before, tx.setting(declared["minutes"])

    assert runner.run(boss, plain(both)) == (10, 45)


def test_a_stored_value_that_is_none_any_more_gives_the_default(
    runner: Runner, boss: Actor, declared: dict[str, Setting[Any]], workplace: Any
) -> None:
    """A newer version narrowed the bounds: the clinic must still be able to work, and to change the setting."""
    raw = workplace.database.raw()
    raw.execute("INSERT INTO clinic_setting(id, value) VALUES('trial_minutes', '600')")
    raw.close()
    runner.adopt_raw()
    assert runner.setting(boss, declared["minutes"]) == 10
    runner.run(boss, change_setting, "trial_minutes", "20")
    assert runner.setting(boss, declared["minutes"]) == 20
