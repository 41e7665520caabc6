"""Values as JSON carries them and as people read them."""

from __future__ import annotations

import enum
from collections import namedtuple
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.sql.elements import quoted_name

from app.cli.arguments import secret_line
from app.cli.plain import CELL_WIDTH, answer, cell, listing, plain, table
from app.core.i18n import set_language
from app.core.money import Money
from app.core.secret import Secret


class Colour(enum.StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Tooth:
    number: int
    bonded: bool = False


class Arch(msgspec.Struct):
    teeth: list[Tooth]


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Colour.RED, "red"),
        (quoted_name("id", None), "id"),
        (Secret("agrafe"), "***"),
        (b"\x00\xff", "00ff"),
        (datetime(2026, 11, 24, 14, 0, tzinfo=UTC), "2026-11-24T14:00:00Z"),
        (date(2026, 11, 24), "2026-11-24"),
        (timedelta(minutes=1, milliseconds=5), 60_005),
        (Money(1250), {"cents": 1250}),
        (Arch([Tooth(36)]), {"teeth": [{"number": 36, "bonded": False}]}),
        (Point(1, None), {"x": 1, "y": None}),
        ({Colour.RED: {3, 1}, 7: ()}, {"red": [1, 3], "7": []}),
        (Path("a"), "a"),
        (Tooth, str(Tooth)),
    ],
)
def test_plain_values(value: object, expected: object) -> None:
    assert plain(value) == expected
    assert msgspec.json.decode(msgspec.json.encode(plain(value))) == expected


def test_a_row_of_the_database() -> None:
    with create_engine("sqlite://").connect() as connection:
        row = connection.execute(text("SELECT 1 AS one, 'é' AS two")).one()
    assert plain([row]) == [{"one": 1, "two": "é"}]


def test_cells() -> None:
    assert cell(None) == ""
    assert cell("two\n lines") == "two lines"
    assert cell(Money(-5)) == "-0.05"
    assert cell([1, "two"]) == "1, two"
    assert cell([[1], None]) == "[[1],null]"
    set_language("fr")
    assert (cell(True), cell(False)) == ("Oui", "Non")


def test_a_table_is_aligned_whatever_the_width_of_its_letters() -> None:
    rows = [{"a": "é", "b": "x"}, {"a": "e\u0301", "b": "y"}, {"a": "日本", "b": "z"}, {"a": "n" * 200, "b": "w"}]
    lines = table(rows, {"a": "A", "b": "B"}).splitlines()
    assert lines[2] == "é" + " " * (CELL_WIDTH + 1) + "x"
    assert lines[3] == "e\u0301" + " " * (CELL_WIDTH + 1) + "y"
    assert lines[4] == "日本" + " " * (CELL_WIDTH - 2) + "z"
    assert lines[5] == "n" * (CELL_WIDTH - 1) + "…  w"
    assert table([], {"a": "A"}) == "Nothing to show."


def test_answers() -> None:
    assert answer(None) == answer([]) == answer(()) == "Nothing to show."
    assert answer("word") == "word"
    assert answer([1, 2]) == "1\n2"
    assert answer([Tooth(36), Tooth(37, True)]).splitlines()[2:] == ["36      No", "37      Yes"]
    assert answer(Tooth(36)) == listing({"number": 36, "bonded": False}) == "number  36\nbonded  No"
    assert answer(Arch([Tooth(36)])).splitlines()[0] == "teeth"


def test_a_secret_is_asked_for_without_echo_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or "agrafe")
    assert secret_line("-", "Password") == "agrafe"
    assert asked == ["Password: "]
    assert secret_line("given", "Password") == "given"
