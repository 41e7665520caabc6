"""`journal` and `undo`."""

from __future__ import annotations

from pathlib import Path

from app.journal.workplace import open_workplace
from tests.cli.conftest import DESK, Call
from tests.sample.commands import create_sample_owner


def create(cli: Call, name: str) -> dict[str, str]:
    done = cli("do", "create_sample_owner", f"name={name}", "phone=5145550199", "--as", "desk", "--json").json
    assert isinstance(done, dict)
    return done


def test_the_journal_gives_each_operation_with_its_changes(cli: Call) -> None:
    owner = create(cli, "Léo")["result"]
    cli("do", "change_sample_owner", f"owner_id={owner}", "name=Léa", "--as", "desk")
    first, second = cli("journal", "--json").json
    assert (first["command"], second["command"]) == ("create_sample_owner", "change_sample_owner")
    assert second["changes"] == [
        {"table": "sample_owner", "id": owner, "subject": owner, "kind": "upd", "delta": {"name": ["Léo", "Léa"]}}
    ]
    assert second["n"] == first["n"] + 1
    assert (second["actor"], second["actor_name"]) == ("staff-desk", "Léa Roy")
    assert "Léa Roy" in cli("journal").out


def test_the_journal_gives_every_value_before_and_after(cli: Call) -> None:
    """Sensitive ones too: whoever checks a direct write needs to see what it was."""
    create(cli, "Léo")
    cli("sql", "UPDATE sample_owner SET phone = '4505550100'", "--write", "--as", "boss")
    raw = cli("journal", "--json").json[-1]
    assert (raw["actor"], raw["changes"][0]["delta"]) == ("raw", {"phone": ["5145550199", "4505550100"]})
    assert "phone 5145550199 → 4505550100" in cli("journal").out


def test_since_and_limit_bound_the_journal(cli: Call) -> None:
    for name in ("Léo", "Léa", "Noé"):
        create(cli, name)
    numbers = [row["n"] for row in cli("journal", "--json").json]
    assert [row["n"] for row in cli("journal", "--since", numbers[0], "--json").json] == numbers[1:]
    assert [row["n"] for row in cli("journal", "--limit", 1, "--json").json] == numbers[2:]
    assert cli("journal", "--since", numbers[2], "--json").json == []
    assert cli("journal").out.count("create_sample_owner") == 3


def test_undo_takes_back_one_operation(cli: Call) -> None:
    owner = create(cli, "Léo")["result"]
    changed = cli("do", "change_sample_owner", f"owner_id={owner}", "name=Léa", "--as", "desk", "--json").json
    undone = cli("undo", "--operation", changed["operation"], "--as", "desk", "--json")
    assert undone.code == 0
    assert undone.json["changes"]["sample_owner"] == [owner]
    assert cli("ask", "sample_owners", "--as", "desk", "--json").json[0]["line"].startswith("Léo")
    again = cli("undo", "--operation", changed["operation"], "--as", "desk", "--json")
    assert again.code == 3


def test_undo_of_a_group(cli: Call, folder: Path) -> None:

    with open_workplace(folder) as workplace, workplace.runner.group(DESK, "Import") as group:
        group.run(create_sample_owner, "Léo")
        group.run(create_sample_owner, "Léa")
    assert cli("undo", "--group", group.id, "--as", "desk").code == 0
    assert cli("ask", "sample_owners", "--as", "desk", "--json").json == []


def test_undo_needs_somebody_and_an_operation_that_there_is(cli: Call) -> None:
    assert cli("undo", "--operation", "x").code == 2
    assert cli("undo", "--as", "desk").code == 2
    assert cli("undo", "--operation", "x", "--group", "y", "--as", "desk").code == 2
    assert cli("undo", "--operation", "x", "--as", "desk").code == 5
