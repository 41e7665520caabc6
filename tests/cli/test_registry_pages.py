"""`commands`, `queries`, `events`, `permissions`, `settings`: the registry as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.permissions import PERMISSIONS
from app.core.settings import SECURITY, SETTINGS, Scope, Setting
from app.journal.commands import COMMANDS, QUERIES
from app.journal.events import EVENTS, REACTIONS, Reaction
from tests.cli.conftest import Call
from tests.sample.events import OwnerVisited
from tests.sample.model import Mood


def row(call: Call, page: str, name: str) -> dict[str, Any]:
    (found,) = call(page, name, "--json").json
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("page", ["commands", "queries", "events", "permissions", "settings"])
def test_each_page_is_one_document_and_one_table(call: Call, page: str) -> None:
    table = {"commands": COMMANDS, "queries": QUERIES, "events": EVENTS, "permissions": PERMISSIONS}.get(page, SETTINGS)
    listed = call(page, "--json")
    assert listed.code == 0
    assert sorted(item.get("name") if page != "events" else item["code"] for item in listed.json) == sorted(table)
    shown = call(page, "--lang", "fr")
    assert shown.code == 0
    for name in table:
        assert name in shown.out


def test_a_command_s_row(call: Call) -> None:
    found = row(call, "commands", "create_sample_owner")
    parameters = {item.pop("name"): item for item in found.pop("parameters")}
    assert found == {
        "name": "create_sample_owner",
        "slice": "sample",
        "label": "Create a sample owner",
        "help": "Add an owner.",
        "permission": "edit_sample_owners",
        "undoable": True,
        "undone_by": "withdraw_sample_owner",
        "hidden": False,
        "shortcut": "",
    }
    same = {"required": False, "secret": False, "default": None, "choices": None, "fields": None}
    assert parameters == {
        "name": same | {"type": "text", "required": True, "optional": False},
        "phone": same | {"type": "text", "optional": True},
        "born_on": same | {"type": "day", "optional": True},
        "mood": same | {"type": "Mood", "optional": False, "default": "calm", "choices": ["calm", "wild"]},
    }


def test_secrets_lists_and_structures_in_a_row(call: Call) -> None:
    found = row(call, "queries", "trial_everything")
    parameters = {item["name"]: item for item in found["parameters"]}
    assert found["returns"] == "Everything"
    assert {name: item["type"] for name, item in parameters.items()} == {
        "count": "integer",
        "lasting": "list of text",
        "moods": "list of Mood",
        "seen": "list of instant",
        "measure": "Measure",
        "note": "text",
        "secret": "secret",
    }
    assert parameters["moods"]["choices"] == [mood.value for mood in Mood]
    assert parameters["measure"]["fields"] == {"tooth": "integer", "note": "text"}
    assert [name for name, item in parameters.items() if item["secret"]] == ["secret"]


def test_an_event_s_row_names_its_reactions(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def remind(tx: object, event: OwnerVisited) -> None:
        """Stands for another slice's."""

    monkeypatch.setitem(REACTIONS, OwnerVisited.code, [Reaction(OwnerVisited, remind)])
    found = row(call, "events", "OWNER_VISITED")
    assert (found["subject"], found["fields"], found["slice"]) == ("owner_id", {"owner_id": "OwnerId"}, "sample")
    assert found["reactions"][0].endswith("remind")


def test_a_permission_s_row(call: Call) -> None:
    found = row(call, "permissions", "edit_sample_owners")
    assert found["presets"] == ["practice_manager", "front_desk"]
    assert found["roles"] == ["Practice manager", "Front desk"]
    assert "create_sample_owner" in found["commands"]
    assert call("permissions", "edit_sample_owners", "--json", "--lang", "fr").json[0]["roles"] == [
        "Gestionnaire",
        "Réception",
    ]


@pytest.fixture
def settings() -> Iterator[None]:
    """One setting of each kind."""
    made = [
        Setting("trial_minutes", Scope.CLINIC, int, 5, "Minutes", "How | long.", SECURITY, 1, 60, unit="min"),
        Setting("trial_any", Scope.USER, int, 0, "Any", "Any number.", SECURITY, minimum=0),
        Setting("trial_mood", Scope.USER, Mood, Mood.CALM, "Mood", "How.", SECURITY, labels=(("calm", "Calm"),)),
        Setting("trial_open", Scope.WORKSTATION, bool, True, "Open", "Whether.", SECURITY),
        Setting("trial_word", Scope.CLINIC, str, "", "Word", "Which.", SECURITY),
    ]
    yield
    for setting in made:
        SETTINGS.pop(setting.name)


@pytest.mark.usefixtures("settings")
def test_a_setting_s_row(call: Call) -> None:
    assert row(call, "settings", "trial_minutes") == {
        "name": "trial_minutes",
        "scope": "clinic",
        "type": "integer",
        "default": 5,
        "minimum": 1,
        "maximum": 60,
        "unit": "min",
        "choices": None,
        "label": "Minutes",
        "help": "How | long.",
        "page": "security",
    }
    assert row(call, "settings", "trial_mood")["choices"] == ["calm", "wild"]


@pytest.mark.usefixtures("settings")
def test_the_documentation_page_of_the_settings(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "settings.md"
    assert call("settings", "--markdown", page).code == 0
    text = page.read_text(encoding="utf-8")
    assert call("settings", "--markdown").out == text
    assert call("settings", "--markdown", "--json").json == {"markdown": text}
    assert "## Sign-in and privacy" in text
    assert "| Minutes | `trial_minutes` | Clinic | 1 to 60 min | 5 min | How \\| long. |" in text
    assert "| Any | `trial_any` | Me | 0 to ∞ | 0 | Any number. |" in text
    assert "| Mood | `trial_mood` | Me | `calm` Calm, `wild` | calm | How. |" in text
    assert "| Open | `trial_open` | This workstation | Yes, No | Yes | Whether. |" in text
    assert "| Word | `trial_word` | Clinic | any text | — | Which. |" in text
    assert "# Réglages" in call("settings", "--markdown", "--lang", "fr").out


def test_only_one_slice_can_be_listed(call: Call) -> None:
    assert {item["slice"] for item in call("commands", "sample", "--json").json} == {"sample"}
    assert call("commands", "teeth").code == 5


def test_the_settings_of_a_page_and_of_all_three_scopes_are_listed(call: Call) -> None:
    listed = call("settings", "--json").json
    assert {item["scope"] for item in listed} == {"workstation", "user", "clinic", "seat"}
    looks = {item["name"] for item in call("settings", "appearance", "--json").json}
    assert looks >= {"theme", "text_size", "density", "language", "reduce_motion", "workspace"}
