"""Commands as values: their parameters, and typed arguments from the texts of a form or a command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NewType

import pytest

from app.core.errors import RuleViolation, UsageError
from app.core.secret import Secret
from app.journal.commands import COMMANDS, QUERIES, Command, Query, command, query
from app.journal.queries import Reading
from app.journal.transaction import Transaction
from tests.sample.commands import create_sample_owner
from tests.sample.model import Mood, OwnerId

ToothId = NewType("ToothId", str)
Millimetres = NewType("Millimetres", int)


@dataclass(frozen=True)
class Line:
    """A structure."""

    code: str
    cents: int
    on: date | None = None


def everything(
    tx: Transaction, name: str, number: int, yes: bool, on: date, at: datetime, mood: Mood, owner: OwnerId, pin: Secret,
    line: Line, teeth: list[ToothId], lines: list[Line], width: Millimetres, maybe: int | None = None,
    maybe_mood: Mood | None = None, maybe_line: Line | None = None, maybe_teeth: list[ToothId] | None = None,
    maybe_pin: Secret | None = None, pair: tuple[str, int] = ("a", 1),
) -> None:  # fmt: skip
    """First paragraph,
    on two lines.

    Second.
    """


TRIAL = Command(everything, None, "Everything")

READ: tuple[tuple[str, Any, Any], ...] = (
    ("name", "Tremblay", "Tremblay"), ("name", "5", "5"), ("name", "", ""), ("name", "[x", "[x"),
    ("name", "null", "null"),
    ("number", "-12", -12), ("number", 7, 7), ("yes", "true", True), ("yes", "false", False), ("yes", "1", True),
    ("yes", False, False), ("on", "2026-11-24", date(2026, 11, 24)), ("on", date(2026, 1, 2), date(2026, 1, 2)),
    ("at", "2026-11-24T09:00:00Z", datetime(2026, 11, 24, 9, tzinfo=UTC)), ("mood", "wild", Mood.WILD),
    ("mood", Mood.CALM, Mood.CALM), ("owner", "o1", "o1"), ("line", '{"code":"a","cents":5}', Line("a", 5)),
    ("line", {"code": "a", "cents": 5, "on": "2026-01-02"}, Line("a", 5, date(2026, 1, 2))),
    ("line", Line("b", 1), Line("b", 1)),
    ("teeth", "11,12", ["11", "12"]), ("teeth", '["11"]', ["11"]), ("teeth", "", []), ("teeth", ["11"], ["11"]),
    ("lines", '[{"code":"a","cents":1},{"code":"b","cents":2}]', [Line("a", 1), Line("b", 2)]), ("width", "3", 3),
    ("maybe", "4", 4), ("maybe", None, None), ("maybe_mood", "calm", Mood.CALM), ("maybe_mood", None, None),
    ("maybe_line", '{"code":"a","cents":5}', Line("a", 5)), ("maybe_line", None, None), ("maybe_teeth", "11", ["11"]),
    ("maybe_teeth", None, None), ("pair", '["x", 2]', ("x", 2)),
)  # fmt: skip


def convert(name: str, value: Any) -> Any:
    needed = {
        "name": "x", "number": 1, "yes": True, "on": "2026-01-01", "at": "2026-01-01T00:00:00Z", "mood": "calm",
        "owner": "o", "pin": "1", "line": {"code": "a", "cents": 1}, "teeth": [], "lines": [], "width": 1,
    }  # fmt: skip
    return TRIAL.parse(needed | {name: value})[name]


@pytest.mark.parametrize(("name", "given", "value"), READ)
def test_arguments_are_typed(name: str, given: Any, value: Any) -> None:
    found = convert(name, given)
    assert found == value
    assert type(found) is type(value)


UNREADABLE = (
    ("number", "ten"), ("number", "1.5"), ("number", ""), ("yes", "perhaps"), ("on", "24/11/2026"),
    ("on", "2026-02-30"),
    ("at", "yesterday"), ("mood", "furious"), ("line", "x"), ("line", '{"code":"a"}'), ("line", "{"), ("lines", "a,b"),
    ("lines", "[1"), ("pair", '["x"]'), ("maybe", "x"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "given"), UNREADABLE)
def test_what_cannot_be_read_is_named(name: str, given: Any) -> None:
    with pytest.raises(UsageError) as refused:
        convert(name, given)
    assert refused.value.field == name
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("on", "9999-12-31"), ("on", "0001-01-01"), ("at", "9999-12-31T23:59:00Z"), ("at", "0001-01-01T00:00:00"),
        ("line", {"code": "a", "cents": 5, "on": "2200-01-01"}),
        ("lines", '[{"code":"a","cents":1,"on":"1799-12-31"}]'),
    ],
)  # fmt: skip
def test_a_mistyped_year_is_refused_before_anything_counts_days(name: str, given: Any) -> None:
    with pytest.raises(RuleViolation, match="1800 to 2199") as refused:
        convert(name, given)
    assert refused.value.field == name


def test_secrets_are_wrapped_and_never_shown() -> None:
    for given in ("1234", Secret("1234")):
        pin = convert("pin", given)
        assert isinstance(pin, Secret)
        assert (pin.reveal(), str(pin), "1234" in repr(pin)) == ("1234", "***", False)
    assert convert("maybe_pin", "99").reveal() == "99"
    assert convert("maybe_pin", None) is None


def test_a_secret_that_cannot_be_read_is_not_told() -> None:
    def numbers(tx: Transaction, pins: list[Secret]) -> None:
        """A list of secrets."""

    with pytest.raises(UsageError) as refused:
        Command(numbers, None, "x").parse({"pins": '[{"a": "hunter2"}'})
    assert "hunter2" not in str(refused.value)


def test_unknown_and_missing_arguments_are_named() -> None:
    with pytest.raises(UsageError, match="has no argument “nam”"):
        create_sample_owner.parse({"nam": "x"})
    with pytest.raises(UsageError, match="needs the argument “name”"):
        create_sample_owner.parse({"phone": "x"})


def test_a_command_tells_what_a_form_needs() -> None:
    assert TRIAL.help == "First paragraph, on two lines."
    assert (create_sample_owner.name, create_sample_owner.slice) == ("create_sample_owner", "sample")
    shown = [(item.name, item.required, item.default, item.secret) for item in create_sample_owner.parameters]
    assert shown == [
        ("name", True, None, False), ("phone", False, None, False), ("born_on", False, None, False),
        ("mood", False, Mood.CALM, False),
    ]  # fmt: skip
    assert [item.name for item in TRIAL.parameters if item.secret] == ["pin", "maybe_pin"]


@pytest.fixture
def registries() -> Iterator[None]:
    commands, queries = dict(COMMANDS), dict(QUERIES)
    yield
    for table, kept in ((COMMANDS, commands), (QUERIES, queries)):
        table.clear()
        table.update(kept)


def test_a_name_is_declared_once(registries: None) -> None:
    @command(permission=None, label="x")
    def trial_command(tx: Transaction) -> None:
        """A command."""

    assert COMMANDS["trial_command"] is trial_command
    assert isinstance(trial_command, Command)

    def create_sample_owner(tx: Transaction) -> None:
        """The name of another slice’s command."""

    with pytest.raises(ValueError, match="twice"):
        command(permission=None, label="x")(create_sample_owner)

    @query(permission=None, label="x")
    def trial_query(read: Reading) -> int:
        """A query."""
        return 1

    assert isinstance(trial_query, Query)
    assert not isinstance(trial_query, Command)
    assert not callable(trial_command), "a query given to `run` must be a mistake that mypy sees"
