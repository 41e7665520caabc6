"""`sql`: reading only reads; writing is for who may, is captured, adopted under `raw`, and bounded."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from app.cli.sql import statements
from app.journal.workplace import open_workplace
from tests.cli.conftest import Call

INSERT = "INSERT INTO sample_owner(id, name, mood, vip, balance) VALUES('{0}', '{1}', 'calm', 0, 0)".format


def write(cli: Call, *words: object) -> object:
    answer = cli("sql", *words, "--write", "--as", "boss", "--json")
    assert answer.code == 0, answer.out
    return answer.json


def test_statements_end_at_semicolons_that_end_them() -> None:
    assert statements("SELECT ';' ; -- a; b\nSELECT 2") == ["SELECT ';' ;", "-- a; b\nSELECT 2;"]
    assert statements(" ; ;") == []


def test_reading_gives_columns_and_rows(cli: Call) -> None:
    answer = cli("sql", "SELECT 1 AS one, 'é' AS two, x'00ff' AS three, NULL AS one", "--json")
    assert answer.json == {
        "columns": ["one", "two", "three", "one_2"],
        "rows": [{"one": 1, "two": "é", "three": "00ff", "one_2": None}],
        "count": 1,
    }
    assert cli("sql", "SELECT 1 AS one; SELECT 2 AS two", "--json").json["rows"] == [{"two": 2}]
    assert "one" in cli("sql", "SELECT 1 AS one").out


@pytest.mark.parametrize(
    "statement",
    [
        INSERT("a", "b"),
        "DELETE FROM sample_owner",
        "UPDATE operation SET hash = NULL",
        "DROP TABLE sample_owner",
        "CREATE TABLE x(y)",
        "PRAGMA query_only = OFF",
        "PRAGMA recursive_triggers = 0",
        "PRAGMA writable_schema = ON",
        "PRAGMA rekey = 'x'",
        "PRAGMA wal_checkpoint",
        "ATTACH 'x.db' AS x KEY ''",
        "SELECT sqlcipher_export('main')",
        "BEGIN; " + INSERT("a", "b"),
        "VACUUM INTO 'x.db'",
    ],
)
def test_reading_only_reads(cli: Call, statement: str) -> None:
    before = cli("dump").out
    refused = cli("sql", statement, "--json")
    assert refused.code == 2, refused.out
    assert "--write" in refused.json["error"]
    assert cli("dump").out == before
    assert cli("verify").code == 0


def test_the_schema_may_be_read(cli: Call) -> None:
    assert cli("sql", "PRAGMA table_info(sample_owner)", "--json").json["rows"][0]["name"] == "id"
    assert cli("sql", "PRAGMA integrity_check", "--json").json["rows"] == [{"integrity_check": "ok"}]
    assert cli("sql", "SELECT count(*) AS n FROM sqlite_master", "--json").json["rows"][0]["n"] > 10


@pytest.mark.parametrize("statement", ["SELEC 1", "SELECT * FROM nowhere", "SELECT nothing", ";", "SELECT ?"])
def test_what_is_not_sql_is_a_mistake_of_the_call(cli: Call, statement: str) -> None:
    assert cli("sql", statement, "--json").code == 2


def test_who_reads_with_a_name_needs_the_right_to(cli: Call) -> None:
    assert cli("sql", "SELECT 1", "--as", "boss").code == 0
    assert cli("sql", "SELECT 1", "--as", "desk").code == 4


def test_writing_needs_a_name_and_the_right(cli: Call) -> None:
    assert cli("sql", INSERT("a", "Léo"), "--write").code == 2
    refused = cli("sql", INSERT("a", "Léo"), "--write", "--as", "desk", "--json")
    assert (refused.code, refused.json["message_id"]) == (4, "You need the permission “{permission}”.")
    assert cli("sql", "SELECT count(*) AS n FROM sample_owner", "--json").json["rows"] == [{"n": 0}]


def test_a_write_is_captured_adopted_and_projected(cli: Call) -> None:
    done = write(
        cli, f"{INSERT('a', 'Léo')}; UPDATE sample_owner SET phone = '514' WHERE id = 'a'; {INSERT('b', 'Léa')}"
    )
    assert isinstance(done, dict)
    assert done["written"] == 3
    assert [(row["actor"], row["origin"], row["changes"], row["tables"]) for row in done["operations"]] == [
        ("raw", "raw", 3, ["sample_owner"])
    ]
    kept = cli("journal", "--json").json
    assert [row["id"] for row in kept] == [done["operations"][0]["id"]]
    assert [change["kind"] for change in kept[0]["changes"]] == ["ins", "upd", "ins"]
    assert len(cli("ask", "sample_owners", "--as", "desk", "--json").json) == 2
    report = cli("verify", "--json").json
    assert (report["sound"], report["unadopted"], report["raw_operations"]) == (True, 0, 1)


def test_many_rows_come_from_a_file(cli: Call, tmp_path: Path) -> None:
    table, listed, places = tmp_path / "owners.csv", tmp_path / "owners.json", tmp_path / "places.json"
    table.write_text("id,name,phone\na,Léo,514\nb,Léa,\n", encoding="utf-8-sig")
    listed.write_bytes(msgspec.json.encode([{"id": f"c{n}", "name": f"Nom {n}", "phone": None} for n in range(500)]))
    places.write_bytes(msgspec.json.encode([["Zoé", "a"]]))
    insert = "INSERT INTO sample_owner(id, name, phone, mood, vip, balance) VALUES(:id, :name, :phone, 'calm', 0, 0)"
    first, second = write(cli, insert, "--many", table), write(cli, insert, "--many", listed)
    third = write(cli, "UPDATE sample_owner SET name = ? WHERE id = ?", "--many", places)
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert isinstance(third, dict)
    assert [answer["written"] for answer in (first, second, third)] == [2, 500, 1]
    assert [row["changes"] for row in second["operations"]] == [400, 100]
    rows = cli("sql", "SELECT name, phone FROM sample_owner WHERE id < 'c' ORDER BY id", "--json").json["rows"]
    assert rows == [{"name": "Zoé", "phone": "514"}, {"name": "Léa", "phone": None}]
    assert cli("verify").code == 0


def test_a_large_write_is_one_group_and_is_undone_as_one(cli: Call, tmp_path: Path) -> None:
    rows = tmp_path / "rows.json"
    rows.write_bytes(msgspec.json.encode([{"id": f"o{n:04}", "name": f"Owner {n}"} for n in range(1000)]))
    made = write(cli, INSERT("{0}", "{1}").replace("'{0}'", ":id").replace("'{1}'", ":name"), "--many", rows)
    before = cli("dump").out
    written = write(cli, "UPDATE sample_owner SET name = 'Nobody'")
    (group,) = {item["group"] for item in written["operations"]}
    assert [item["changes"] for item in written["operations"]] == [400, 400, 200]
    assert group not in {item["group"] for item in made["operations"]}
    assert cli("dump").out != before
    assert cli("undo", "--group", group, "--as", "boss").code == 0
    assert cli("dump").out == before
    assert cli("verify").code == 0
    assert write(cli, "UPDATE sample_owner SET name = 'x' WHERE id = 'o0001'")["operations"][0]["group"] is None


def test_a_file_that_cannot_serve(cli: Call, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("[1, 2]")
    writing = ("--write", "--as", "boss")
    assert cli("sql", INSERT("a", "b"), "--many", broken, *writing).code == 2
    assert cli("sql", INSERT("a", "b"), "--many", tmp_path / "no.csv", *writing).code == 2
    assert cli("sql", "SELECT 1", "--many", broken).code == 2
    assert cli("sql", "SELECT 1; SELECT 2", "--many", broken, *writing).code == 2


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO journal_state VALUES('pruning', '1')",
        "DELETE FROM operation",
        "DELETE FROM change",
        "INSERT INTO access_log SELECT * FROM access_log",
        "UPDATE sample_owner_line SET line = 'x'",
        "DROP TRIGGER capture_sample_owner_update",
        "CREATE TRIGGER mine AFTER INSERT ON sample_owner BEGIN SELECT 1; END",
        "ALTER TABLE sample_owner ADD COLUMN x TEXT",
        "PRAGMA recursive_triggers = OFF",
        "UPDATE sqlite_master SET sql = ''",
        "COMMIT",
        "ROLLBACK",
        "UPDATE sample_visit SET note = 'x'",
        "DELETE FROM sample_visit",
        "INSERT INTO sample_owner(id) VALUES('x')",
        "INSERT INTO sample_pet(id, owner_id, name) VALUES('p', 'nobody', 'Rex')",
    ],
)
def test_what_could_write_past_the_triggers_is_refused_whole(cli: Call, statement: str) -> None:
    owner = cli("do", "create_sample_owner", "name=Léo", "--as", "desk", "--json").json["result"]
    cli("do", "record_sample_visit", f"owner_id={owner}", "--as", "desk")
    before = cli("dump").out
    refused = cli("sql", f"{INSERT('a', 'Noé')}; {statement}", "--write", "--as", "boss", "--json")
    assert refused.code == 3, refused.out
    assert cli("dump").out == before
    assert cli("verify").code == 0


def test_reading_and_writing_stand_in_the_access_log(cli: Call, folder: Path) -> None:
    cli("sql", "SELECT 1", "--as", "boss")
    cli("sql", INSERT("a", "Léo"), "--write", "--as", "boss")
    cli("sql", INSERT("b", "Léa"), "--write", "--as", "desk")
    with open_workplace(folder) as workplace, workplace.database.readers.connect() as connection:
        entries = connection.exec_driver_sql("SELECT actor, kind, detail FROM access_log ORDER BY n").fetchall()
    assert [tuple(entry) for entry in entries] == [
        ("staff-boss", "export", "command line: sql"),
        ("staff-boss", "raw_write", "command line: sql"),
        ("staff-desk", "refused", "command line: sql"),
    ]
