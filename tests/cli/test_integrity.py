"""`verify`, `rebuild`, `digest`, `dump`, seen from outside."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import msgspec
import pytest

from app.core.database import DATABASE_FILE, connect
from app.core.keys import read_key
from tests.cli.conftest import Call


def tamper(folder: Path, *statements: str) -> None:
    with contextlib.closing(connect(folder / DATABASE_FILE, read_key(folder))) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def filled(cli: Call) -> Call:
    for name in ("Léo", "Léa"):
        assert cli("do", "create_sample_owner", f"name={name}", "phone=514", "--as", "desk").code == 0
    return cli


def test_a_sound_folder(filled: Call) -> None:
    report = filled("verify", "--json")
    assert report.code == 0
    assert report.json["sound"] is True
    assert (report.json["operations"], report.json["rows"], report.json["problems"]) == (2, 2, [])
    assert "Everything is as it was written." in filled("verify").out


def test_a_direct_write_that_waits_to_be_taken_in_is_counted_and_no_fault(filled: Call, folder: Path) -> None:
    """The derived tables follow at the next start; until then they may lag for these rows, and for no others."""
    tamper(folder, "UPDATE sample_owner SET name = 'Zoé' WHERE name = 'Léo'")
    report = filled("verify", "--json")
    assert (report.code, report.json["unadopted"], report.json["raw_operations"]) == (0, 1, 0)
    tamper(folder, "UPDATE sample_owner_line SET line = 'X' WHERE line LIKE 'Léa%'")
    assert [problem["kind"] for problem in filled("verify", "--json").json["problems"]] == ["projection"]
    assert filled("journal", "--json").json[-1]["actor"] == "raw"
    report = filled("verify", "--json")
    assert (report.json["unadopted"], report.json["raw_operations"], len(report.json["problems"])) == (0, 1, 1)


@pytest.mark.parametrize(
    ("statements", "kind"),
    [
        (["DROP TRIGGER capture_sample_owner_update", "UPDATE sample_owner SET name = 'X'"], "table"),
        (["DROP TRIGGER capture_sample_owner_update"], "trigger"),
        (["UPDATE sample_owner_line SET line = 'X'"], "projection"),
        (["DROP TRIGGER journal_fixed_text", "UPDATE change SET delta = '{}'"], "chain"),
    ],
)
def test_tampering_is_exit_code_seven_and_stays_to_be_seen(
    filled: Call, folder: Path, statements: list[str], kind: str
) -> None:
    tamper(folder, *statements)
    for _time in range(2):
        report = filled("verify", "--json")
        assert report.code == 7
        assert kind in {problem["kind"] for problem in report.json["problems"]}
    assert filled("verify").code == 7


def test_a_damaged_page_is_exit_code_seven(filled: Call, folder: Path) -> None:
    file = folder / DATABASE_FILE
    with contextlib.closing(connect(file, read_key(folder))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'change'").fetchone()
    content = bytearray(file.read_bytes())
    content[4096 * (page - 1) + 100] ^= 1
    file.write_bytes(content)
    answer = filled("verify", "--json")
    assert (answer.code, answer.json["message_id"]) == (7, "The database file is damaged.")


def test_a_key_that_does_not_open_is_exit_code_seven(filled: Call, folder: Path) -> None:
    (folder / "database.key").write_text("ab" * 48)
    assert filled("digest", "--json").json["exit"] == 7
    assert filled("verify").code == 7


def test_rebuild_puts_a_projection_right(filled: Call, folder: Path) -> None:
    tamper(folder, "UPDATE sample_owner_line SET line = 'X'")
    built = filled("rebuild", "--json")
    assert built.json["projections"]["sample_owner_line"] == 2
    assert filled("verify").code == 0


def test_the_digest_follows_the_synced_state_and_nothing_else(filled: Call, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "twin")
    twin = filled("--data", folder, "digest", "--data", tmp_path / "twin", "--json").json
    mine = filled("digest", "--json").json
    assert twin == mine
    assert mine["rows"]["sample_owner"] == 2
    assert "sample_owner_line" not in mine["rows"]
    filled("rebuild")
    assert filled("digest").out.strip() == mine["digest"]
    filled("do", "create_sample_owner", "name=Noé", "--as", "desk")
    assert filled("digest").out.strip() != mine["digest"]


def test_the_dump_is_the_same_state_row_by_row(filled: Call) -> None:
    tables = filled("dump", "--json").json
    assert sorted(row["name"] for row in tables["sample_owner"]) == ["Léa", "Léo"]
    lines = [msgspec.json.decode(line) for line in filled("dump").out.splitlines()]
    assert [line["row"] for line in lines if line["table"] == "sample_owner"] == tables["sample_owner"]
