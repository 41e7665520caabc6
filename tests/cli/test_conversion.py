"""`convert`: an old system from the command line."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.cli.conftest import Call


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Three patients, one of them without a birth date that exists, and what they owe."""
    place = tmp_path / "old"
    place.mkdir()
    (place / "patients.csv").write_text(
        "No;Nom;Prénom;Date de naissance\n1;Roy;Léa;17/05/2012\n2;Roy;Eve;31/02/2013\n3;Côté;Max;28/11/2011\n",
        encoding="cp1252",
    )
    (place / "soldes.csv").write_text("No patient;Date;Solde\n1;31/10/2026;12,50\n2;31/10/2026;7\n", encoding="utf-8")
    return place


def test_a_dry_run_a_run_and_a_second_run(call: Call, folder: Path, old: Path, tmp_path: Path) -> None:
    dry = call("--data", folder, "--json", "convert", old, "--dry-run", "--as", "boss")
    assert dry.code == 0, dry.err
    figures = [(one["file"], one["given"], one["taken_in"], one["rejected"]) for one in dry.json["files"]]
    assert figures == [("patients.csv", 3, 2, 1), ("soldes.csv", 2, 1, 1)]
    assert dry.json["run_id"] is None
    outputs = ("--errors", tmp_path / "e.csv", "--reconciliation", tmp_path / "r.csv", "--rejected", tmp_path / "out")
    done = call("--data", folder, "--json", "convert", old, "--as", "boss", "--save", *outputs)
    assert done.code == 0, done.err
    assert done.json["adds_up"] is True
    assert {one["line"] for one in done.json["remarks"]} == {3}
    assert all(one["fr"] != one["en"] for one in done.json["remarks"])
    assert (tmp_path / "out" / "patients.rejected.csv").exists()
    assert "31/02/2013" in (tmp_path / "e.csv").read_text(encoding="utf-8-sig")
    assert "12.50" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    again = call("--data", folder, "--json", "convert", old, "--mapping", "old", "--as", "boss")
    assert [one["already"] for one in again.json["files"]] == [2, 1]
    listed = call("--data", folder, "--json", "convert", "--mappings", "--as", "boss")
    assert [one["name"] for one in listed.json] == ["old"]
    assert call("--data", folder, "verify").code == 0


def test_an_undo_and_the_reports(call: Call, folder: Path, old: Path) -> None:
    call("--data", folder, "convert", old, "--as", "boss")
    undone = call("--data", folder, "--json", "convert", "--undo", "--as", "boss")
    assert undone.code == 0, undone.err
    reports = call("--data", folder, "--json", "convert", "--report", "--as", "boss").json
    assert [one["undone_at"] is not None for one in reports] == [True]
    found = call("--data", folder, "--json", "ask", "search_patients", "words=Roy", "--as", "boss").json
    assert found["rows"] == []
    assert call("--data", folder, "convert", "--undo", "--as", "boss").code == 5


def test_the_undo_of_the_last_one_passes_over_a_run_that_brought_nothing(call: Call, folder: Path, old: Path) -> None:
    call("--data", folder, "convert", old, "--as", "boss")
    call("--data", folder, "convert", old, "--as", "boss")
    assert call("--data", folder, "convert", "--undo", "--as", "boss").code == 0
    found = call("--data", folder, "--json", "ask", "search_patients", "words=Roy", "--as", "boss").json
    assert found["rows"] == []
    assert call("--data", folder, "convert", "--undo", "--as", "boss").code == 5
    reports = call("--data", folder, "--json", "convert", "--report", "--as", "boss").json
    assert [one["undone_at"] is None for one in reports] == [True, False]
    assert call("--data", folder, "convert", "--undo", reports[0]["id"], "--as", "boss").code == 0


def test_refusals_have_their_codes(call: Call, folder: Path, old: Path, tmp_path: Path) -> None:
    assert call("--data", folder, "convert", "--as", "boss").code == 2
    assert call("--data", folder, "convert", tmp_path / "nowhere", "--as", "boss").code == 5
    assert call("--data", folder, "convert", old, "--mapping", "no such", "--as", "boss").code == 5
    assert call("--data", folder, "convert", old, "--as", "guest").code == 4
    (old / "patients.csv").write_text("No;Nom;Prénom;Naissance\n1;Roy;Léa;03/04/2012\n", encoding="utf-8")
    asked = call("--data", folder, "convert", old, "--as", "boss")
    assert asked.code == 3
    assert "03/04/2012" in asked.err
    assert call("--data", folder, "convert", old, "--dates", "dmy", "--as", "boss").code == 0


def test_a_guessed_mapping_can_be_edited_and_given_back(call: Call, folder: Path, old: Path, tmp_path: Path) -> None:
    guessed = call("--data", folder, "--json", "convert", old, "--guess", "--as", "boss").json
    guessed["files"][0]["columns"].pop("born_on")
    path = tmp_path / "mapping.json"
    path.write_bytes(msgspec.json.encode(guessed))
    done = call("--data", folder, "--json", "convert", old, "--mapping", path, "--as", "boss")
    assert [(one["taken_in"], one["rejected"]) for one in done.json["files"]] == [(3, 0), (2, 0)]
    path.write_text("{")
    assert call("--data", folder, "convert", old, "--mapping", path, "--as", "boss").code == 2
