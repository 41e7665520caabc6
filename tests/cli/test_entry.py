"""Options before and after the verb, one document, exit codes, languages, faults."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from app.cli.console import Console
from app.cli.entry import EXIT_CODES, FAMILIES, all_verbs, main
from app.core import i18n
from app.core.fault_log import NAME, recent_faults
from main import EXTENSIONS
from tests.cli.conftest import Call
from tests.cli.trial import NAME_IN_A_FAULT

ROOT = Path(__file__).resolve().parents[2]


def test_shared_options_work_on_both_sides_of_the_verb(call: Call, folder: Path) -> None:
    before = call("--data", folder, "--json", "--lang", "fr", "digest")
    after = call("digest", "--data", folder, "--json", "--lang", "fr")
    assert before == after
    assert before.code == 0
    assert len(before.json["digest"]) == 64


def test_the_later_of_two_folders_counts(call: Call, folder: Path, tmp_path: Path) -> None:
    assert call("--data", tmp_path / "nowhere", "digest", "--data", folder).code == 0


def test_options_may_stand_between_the_arguments_of_a_command(cli: Call) -> None:
    done = cli("do", "create_sample_owner", "name=Léo", "--as", "desk", "phone=514", "--json")
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("do", "change_sample_owner", "--as", "desk", "owner_id=none"), 5),
        (("do", "change_sample_owner", "--as", "desk"), 2),
        (("do", "create_sample_owner", "name=Léo", "--as", "guest"), 4),
        (("do", "create_sample_owner", "name=Léo", "--as", "nobody"), 5),
        (("do", "create_sample_owner", "name=Léo"), 2),
        (("do", "trial_unreachable", "--as", "desk"), 6),
        (("do", "trial_damaged", "--as", "desk"), 7),
        (("do", "trial_fault", "--as", "desk"), 1),
        (("do", "add_sample_pet", "owner_id=none", "name=Rex", "--as", "desk"), 3),
        (("do",), 2),
        (("frobnicate",), 2),
        (("digest", "--frobnicate"), 2),
        (("digest", "superfluous"), 2),
        (("--lang", "de", "digest"), 2),
        (("journal", "--since", "many"), 2),
        (("commands", "no_such_name"), 5),
        (("digest",), 0),
    ],
)
def test_exit_codes(cli: Call, words: tuple[str, ...], code: int) -> None:
    spoken = cli(*words)
    assert spoken.code == code
    assert bool(spoken.err) == (code != 0)
    told = cli(*words, "--json")
    assert told.code == code
    if code:
        assert told.json["exit"] == code
        assert told.json["error"]
        assert {"error", "message_id", "field", "values", "exit"} == set(told.json)


def test_the_help_lists_every_exit_code_and_verb(call: Call) -> None:
    page = call("--help")
    assert page.code == 0
    assert [code for code, _text in EXIT_CODES] == list(range(8))
    for verb in all_verbs():
        assert f"  {verb.name} " in page.out
        assert call(verb.name, "--help").code == 0
        assert call("--help", verb.name).out == call(verb.name, "--help").out


def test_no_verb_prints_the_help_and_is_a_mistake(call: Call) -> None:
    nothing = call()
    assert (nothing.code, nothing.out) == (2, "")
    assert "digest" in nothing.err
    assert call("--json").code == 2


def test_the_families_hold_the_verbs_that_they_name() -> None:
    for module, names in FAMILIES:
        found = __import__(module, fromlist=["VERBS"]).VERBS
        assert tuple(verb.name for verb in found) == names


def test_an_error_is_one_document_with_message_values_and_field(cli: Call) -> None:
    cli("do", "create_sample_owner", "name=Léo", "--as", "desk")
    twice = cli("do", "create_sample_owner", "name=Léo", "--as", "desk", "--json")
    assert twice.json == {
        "error": "Two owners are called “Léo”.",
        "message_id": "Two owners are called “{name}”.",
        "field": "name",
        "values": {"name": "Léo"},
        "exit": 3,
    }
    assert twice.err == ""


def test_refusals_of_the_parser_speak_french(cli: Call) -> None:
    assert "il manque" in cli("do", "--lang", "fr").err
    assert cli("do", "--json", "--lang", "fr").json["error"].startswith("il manque")
    assert "usage\u00a0: " in cli("--lang", "fr", "do", "--help").out


@pytest.mark.parametrize(("spoken", "word"), [("en_CA.UTF-8", "Nothing"), ("fr_CA.UTF-8", "Rien"), ("C", "Rien")])
def test_the_language_is_the_system_s_and_french_otherwise(
    cli: Call, monkeypatch: pytest.MonkeyPatch, spoken: str, word: str
) -> None:
    monkeypatch.setenv("LC_ALL", spoken)
    assert cli("journal").out.startswith(word)


def test_the_language_of_the_caller_is_left_as_it_was(cli: Call) -> None:
    cli("digest", "--lang", "fr")
    assert i18n.language() == "en"


def test_a_fault_shows_and_keeps_no_value(cli: Call, folder: Path) -> None:
    spoken = cli("do", "trial_fault", "--as", "desk")
    told = cli("do", "trial_fault", "--as", "desk", "--json")
    assert spoken.code == told.code == 1
    assert told.json["values"] == {"kind": "KeyError"}
    for text in (spoken.out, spoken.err, told.out, told.err, (folder / NAME).read_text()):
        assert "Traceback" not in text
        assert "Beausoleil" not in text
        assert "phirine" not in text
    noted = recent_faults(folder)
    assert [(fault["where"], fault["type"]) for fault in noted] == [("do", "KeyError")] * 2
    assert noted[0]["lines"][-1].startswith("tests.cli.trial:")
    assert NAME_IN_A_FAULT not in str(noted)


def test_a_fault_makes_no_folder(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.session.folder_of", lambda arguments: 1 / 0)
    assert call("digest", "--data", tmp_path / "mistyped").code == 1
    assert not (tmp_path / "mistyped").exists()


def test_a_missing_folder_is_not_found_and_not_made(call: Call, tmp_path: Path) -> None:
    gone = call("digest", "--data", tmp_path / "nowhere", "--json")
    assert gone.code == 5
    assert "admin create-clinic" in gone.json["error"]
    assert not (tmp_path / "nowhere").exists()


def test_the_folder_of_the_environment_is_the_default(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHWIRE_DATA", str(folder))
    assert call("digest").code == 0


def test_an_interrupt_ends_quietly(cli: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.cli.integrity._dump", interrupt)
    monkeypatch.setattr("app.cli.session.folder_of", interrupt)
    stopped = cli("digest")
    assert (stopped.code, stopped.err) == (130, "")


def test_a_verb_of_an_installed_extension_is_found(call: Call, folder: Path) -> None:
    found = call("greet", "--data", folder, "--json", extensions=("no.such.package", "tests.cli.extension"))
    assert found.json == {"hello": str(folder)}
    assert call(extensions=("tests.cli.extension",), default="greet").out == "hello None\n"
    assert "greet" in call("--help", extensions=("tests.cli.extension",)).out
    assert call("greet", extensions=("no.such.package",)).code == 2
    assert call(extensions=("no.such.package",), default="greet").code == 2


def test_a_refusal_after_an_answer_replaces_it(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(sys.stdout, sys.stderr, as_json=True)
    console.emit({"half": True})
    console.fault("ValueError", None)
    console.close()
    assert msgspec.json.decode(capsys.readouterr().out)["exit"] == 1


def test_a_reader_that_goes_away_is_no_fault(folder: Path, tmp_path: Path) -> None:
    shell = f'"{sys.executable}" main.py commands --json | head -c 1'
    done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=True, env=_plain())
    assert done.stdout == "["
    assert done.stderr == ""


def test_the_main_program_is_short_and_starts_light() -> None:
    assert len((ROOT / "main.py").read_text().splitlines()) <= 25
    heavy = ["PySide6", "alembic", "apscheduler", "pydicom", "numpy", "babel", "cryptography", "vtk", "sqlite_utils"]
    program = (
        "import sys, contextlib, io\n"
        "from app.cli.entry import main\n"
        "main(['settings', '--json'])\n"
        "sys.stdout = io.StringIO()\n"
        "code = main(['commands', '--json'], ('ui.shell.verbs', 'sync.verbs'))\n"
        f"sys.exit(','.join(name for name in {heavy} if name in sys.modules) or code)\n"
    )
    main(["commands", "--lang", "fr"])  # compiles the catalogues, so that babel is not needed below
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, env=_plain()
    )
    assert (done.returncode, done.stderr) == (0, "")


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "ARCHWIRE_SLICES"} | {"LC_ALL": "C.UTF-8"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", [verb.name for verb in all_verbs(EXTENSIONS)])
def test_every_verb_explains_itself(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help", "--lang", language], EXTENSIONS) == 0
    assert name in capsys.readouterr().out
