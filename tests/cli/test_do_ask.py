"""`do` and `ask`: texts become typed arguments, secrets stay unseen, the clock only moves where it may."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.cli.session import ZONE_SETTING
from app.core.ids import PatientId
from app.core.settings import SECURITY, SETTINGS, Scope, Setting
from app.journal.workplace import open_workplace
from app.practice.local_time import localised
from app.practice.vocabulary import OperatoryId
from app.scheduling.commands import FamilyVisit
from tests.cli.conftest import Call


def ask_back(cli: Call, *words: str) -> dict[str, object]:
    answer = cli("ask", "trial_everything", *words, "--as", "desk", "--json")
    assert answer.code == 0, answer.out
    assert isinstance(answer.json, dict)
    return answer.json


def test_every_kind_of_argument(cli: Call) -> None:
    given = ask_back(
        cli, "count=12", "lasting=a,b", "moods=calm,wild", 'measure={"tooth": 36, "note": "x=y"}',
        "seen=2026-11-24T09:00,2026-11-24T09:00+00:00",
    )  # fmt: skip
    assert given == {
        "count": 12,
        "lasting": ["a", "b"],
        "moods": ["calm", "wild"],
        "seen": ["2026-11-24T14:00:00Z", "2026-11-24T09:00:00Z"],
        "measure": {"tooth": 36, "note": "x=y"},
        "note": "unsaid",
        "secret": None,
    }


def test_json_lists_keep_commas_and_equals_signs(cli: Call) -> None:
    assert ask_back(cli, "count=1", 'lasting=["a,b", "c=d"]', "note=e=f")["lasting"] == ["a,b", "c=d"]
    assert ask_back(cli, "count=1", "note=e=f")["note"] == "e=f"


def test_nothing_after_the_equals_sign_is_no_value(cli: Call) -> None:
    assert ask_back(cli, "count=1", "note=")["note"] is None


def test_a_file_and_the_doubled_sign(cli: Call, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Première ligne\nseconde\n", encoding="utf-8")
    assert ask_back(cli, "count=1", f"note=@{note}")["note"] == "Première ligne\nseconde\n"
    assert ask_back(cli, "count=1", "note=@@canadiens")["note"] == "@canadiens"
    missing = cli("ask", "trial_everything", "count=1", f"note=@{tmp_path / 'no'}", "--as", "desk", "--json")
    assert (missing.code, missing.json["field"]) == (2, "note")


def test_a_secret_is_read_from_the_input_and_never_shown(cli: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("cheval-agrafe\nsecond\n"))
    words = ("ask", "trial_everything", "count=1", "secret=-", "note=-", "--as", "desk")
    told = cli(*words, "--json")
    assert told.json["secret"] == "***"
    assert told.json["note"] == "second"
    assert "cheval" not in told.out + told.err


def test_a_secret_is_neither_in_the_refusal_nor_in_the_journal(cli: Call) -> None:
    owner = cli("do", "create_sample_owner", "name=Léo", "--as", "desk", "--json").json["result"]
    done = cli("do", "keep_sample_secret", f"owner_id={owner}", "password=cheval-agrafe", "--as", "desk")
    refused = cli("do", "fail_sample", f"owner_id={owner}", "password=cheval-agrafe", "--as", "desk", "--json")
    unknown = cli("do", "keep_sample_secret", "cheval-agrafe", "--as", "desk", "--json")
    assert (done.code, refused.code, unknown.code) == (0, 3, 2)
    everything = [done, refused, unknown, cli("journal", "--json"), cli("dump", "--json"), cli("commands", "--json")]
    for answer in everything:
        assert "cheval" not in answer.out + answer.err
    assert cli("journal", "--json").json[-1]["arguments"] == {"owner_id": owner, "password": "***"}


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("count=many",), "count"),
        (("count=1", "moods=calm,furious"), "moods"),
        (("count=1", "count=2"), "count"),
        (("count=1", "colour=red"), None),
        ((), None),
    ],
)
def test_arguments_that_cannot_be_read(cli: Call, words: tuple[str, ...], field: str | None) -> None:
    refused = cli("ask", "trial_everything", *words, "--as", "desk", "--json")
    assert (refused.code, refused.json["field"]) == (2, field)


def test_a_near_name_is_offered(cli: Call) -> None:
    assert "create_sample_owner" in cli("do", "creat_sample_owner").err
    assert "trial_time" in cli("ask", "trial_tim").err
    assert "Did you" not in cli("do", "zzz").err + cli("ask", "zzz").err


def test_what_a_command_did(cli: Call) -> None:
    done = cli("do", "create_sample_owner", "name=Léo", "--as", "desk", "--reason", "au téléphone", "--json").json
    assert done["undoable"] is True
    assert done["changes"] == {"sample_owner": [done["result"]], "sample_owner_line": [done["result"]]}
    kept = cli("journal", "--json").json
    assert [(row["id"], row["reason"], row["actor"]) for row in kept] == [
        (done["operation"], "au téléphone", "staff-desk")
    ]
    same = cli("do", "change_sample_owner", f"owner_id={done['result']}", "name=Léo", "--as", "desk", "--json").json
    assert (same["operation"], same["changes"]) == (None, {})
    assert (
        "nothing was changed"
        in cli("do", "change_sample_owner", f"owner_id={done['result']}", "name=Léo", "--as", "desk").out
    )


def test_text_shows_the_same_as_json(cli: Call) -> None:
    spoken = cli("do", "create_sample_owner", "name=Léo", "--as", "desk")
    kept = cli("journal", "--json").json[0]
    assert kept["id"] in spoken.out
    assert "sample_owner 1" in spoken.out
    lines = cli("ask", "sample_owners", "--as", "desk").out.splitlines()
    assert lines[0].split() == ["id", "line", "visits"]
    assert lines[2].split() == [kept["changes"][0]["id"], "Léo", "0"]


def test_only_what_needs_no_permission_needs_nobody(cli: Call) -> None:
    assert cli("ask", "trial_time").code == 0
    assert cli("ask", "sample_owners").code == 2
    assert cli("ask", "sample_owners", "--as", "guest").code == 4


def test_the_clock_stands_where_it_is_told(cli: Call) -> None:
    assert cli("ask", "trial_time", "--at", "2026-11-24T09:00", "--json").json == "2026-11-24T14:00:00Z"
    assert cli("ask", "trial_time", "--at", "2026-07-01T09:00", "--json").json == "2026-07-01T13:00:00Z"
    assert cli("ask", "trial_time", "--at", "2026-11-24T09:00:00-08:00", "--json").json == "2026-11-24T17:00:00Z"
    assert cli("ask", "trial_time", "--at", "tomorrow", "--json").json["field"] == "at"


def test_the_zone_is_the_clinic_s_own(cli: Call) -> None:
    made = None
    if ZONE_SETTING not in SETTINGS:
        made = Setting(ZONE_SETTING, Scope.CLINIC, str, "America/Toronto", "Time zone", "", SECURITY)
    try:
        assert cli("do", "change_setting", f"name={ZONE_SETTING}", "value=America/Halifax", "--as", "boss").code == 0
        assert cli("ask", "trial_time", "--at", "2026-11-24T09:00", "--json").json == "2026-11-24T13:00:00Z"
        assert ask_back(cli, "count=1", "seen=2026-11-24T09:00")["seen"] == ["2026-11-24T13:00:00Z"]
    finally:
        if made is not None:
            SETTINGS.pop(made.name)


def test_an_instant_within_a_structure_is_the_clinic_s_too() -> None:
    visit = FamilyVisit(PatientId("p"), "ADJ", OperatoryId("o"), datetime(2026, 11, 24, 9))
    (local,) = localised([visit], ZoneInfo("America/Toronto"), "visits")
    assert local.starts_at == datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert local == replace(visit, starts_at=local.starts_at)


def test_an_operation_is_written_at_the_time_told(cli: Call) -> None:
    cli("do", "create_sample_owner", "name=Léo", "--as", "desk", "--at", "2031-03-04T10:00")
    assert cli("journal", "--json").json[0]["at"] == "2031-03-04T15:00:00Z"


@pytest.mark.parametrize("words", [("do", "create_sample_owner", "name=Léo"), ("ask", "sample_owners")])
def test_a_clinic_s_clock_does_not_move(call: Call, templates: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    clinic = shutil.copytree(templates / "clinic", tmp_path / "clinic")
    at = ("--as", "desk", "--at", "2026-11-24T09:00", "--json")
    refused = call("--data", clinic, *words, *at)
    assert (refused.code, refused.json["field"]) == (2, "at")
    assert call("--data", clinic, "journal", "--json").json == []
    demo = shutil.copytree(templates / "demo", tmp_path / "demo")
    assert call("--data", demo, *words, *at).code == 0


def test_reading_a_chart_stands_in_the_access_log(cli: Call, folder: Path) -> None:
    cli("ask", "trial_chart", "patient_id=p-1", "--as", "desk")
    cli("ask", "sample_owners", "--as", "desk")
    cli("ask", "sample_owners", "--as", "guest")
    query = "SELECT actor, kind, subject, detail FROM access_log ORDER BY n"
    with open_workplace(folder) as workplace, workplace.database.readers.connect() as connection:
        entries = [tuple(row) for row in connection.exec_driver_sql(query)]
    assert entries == [
        ("staff-desk", "open", "p-1", "trial_chart"),
        ("staff-guest", "refused", None, "sample_owners"),
    ]
