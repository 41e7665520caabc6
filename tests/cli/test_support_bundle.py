"""The support bundle: useful, and without one patient byte."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import msgspec

from app.core.fault_log import NAME, note_fault, recent_faults
from app.core.settings import SECURITY, SETTINGS, Scope, Setting
from app.journal.workplace import open_workplace
from tests.cli.conftest import BOSS, Call
from tests.cli.test_integrity import tamper
from tests.sample.commands import record_sample_visit

TELLING = (
    "Zéphirine",
    "Zephirine",
    "Beausoleil",
    "Quesnel",
    "5145550199",
    "514 555-0199",
    "BEAZ12345678",
    "1987-06-05",
)


def unzipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def documents(path: Path) -> dict[str, Any]:
    return {name: msgspec.json.decode(content) for name, content in unzipped(path).items()}


def bundle(cli: Call, path: Path) -> dict[str, Any]:
    answer = cli("support-bundle", "--output", path, "--json")
    assert answer.code == 0, answer.out
    return documents(path)


def fill(cli: Call, folder: Path) -> str:
    words = (
        "name=Zéphirine Beausoleil-Quesnel",
        "phone=514 555-0199",
        "born_on=1987-06-05",
        "--reason",
        "BEAZ12345678",
    )
    owner: str = cli("do", "create_sample_owner", *words, "--as", "desk", "--json").json["result"]
    cli("do", "trial_fault", "--as", "desk")
    with open_workplace(folder) as workplace:
        workplace.runner.run(BOSS, record_sample_visit, owner, "Zéphirine a oublié ses élastiques")
        workplace.files.put("Zéphirine".encode())
        workplace.runner.access(BOSS, "open", owner, "Beausoleil")
    return owner


def check_nothing_of_a_patient(path: Path, *further: str) -> None:
    """Neither in the files nor in their names, in any usual encoding."""
    for name, content in unzipped(path).items():
        for telling in (*TELLING, *further):
            for encoding in ("utf-8", "latin-1", "utf-16-le"):
                assert telling.encode(encoding, "ignore") not in content + name.encode(), (name, telling)


def test_no_patient_byte_leaves(cli: Call, folder: Path, tmp_path: Path) -> None:
    owner = fill(cli, folder)
    path = tmp_path / "bundle.zip"
    found = bundle(cli, path)
    assert found["counts.json"]["sample_owner"] == 1
    assert found["verify.json"]["sound"] is True
    check_nothing_of_a_patient(path, owner, str(folder), "staff-desk", "Claire")


def test_no_byte_of_a_real_chart_leaves(cli: Call, tmp_path: Path) -> None:
    def do(*words: str) -> str | None:
        answer = cli("do", *words, "--as", "boss", "--json")
        return str(answer.json["result"]) if answer.code == 0 else None

    name = ("family_name=Beausoleil-Quesnel", "given_name=Zéphirine", "born_on=1987-06-05", "sex_at_ramq=F")
    patient = do("create_patient", *name, "preferred_name=Zéphie")
    assert patient
    nams = [f"BEAZ8756051{digit}" for digit in range(10)]
    kept = [nam for nam in nams if do("set_nam", f"patient_id={patient}", f"nam={nam}", "nam_expires=2030-12")]
    assert kept
    assert do("add_contact", f"holder_id={patient}", "kind=mobile", "value=514 555-0199")
    assert do("add_contact", f"holder_id={patient}", "kind=email", "value=zephie@exemple.ca")
    assert do("raise_alert", f"patient_id={patient}", "kind=allergy", "text=Allergie au nickel de Zéphirine")
    cli("ask", "patient_page", f"patient_id={patient}", "--as", "boss")
    cli("sql", "SELECT * FROM patient WHERE family_name = 'Beausoleil-Quesnel'", "--as", "boss")
    path = tmp_path / "bundle.zip"
    assert bundle(cli, path)["counts.json"]["patient"] == 1
    check_nothing_of_a_patient(path, patient, *kept, "5550199", "exemple.ca", "Zéphie", "nickel")


def test_nor_does_one_that_hides_where_only_names_should_be(cli: Call, folder: Path, tmp_path: Path) -> None:
    owner = fill(cli, folder)
    tamper(
        folder,
        "CREATE TRIGGER Zéphirine AFTER INSERT ON sample_owner BEGIN SELECT 'Beausoleil'; END",
        "CREATE TABLE Quesnel(x)",
        "UPDATE sample_owner_line SET line = 'Zéphirine'",
    )
    planted = {
        "at": "1987-06-05 Zéphirine", "where": "Zephirine", "type": "Beausoleil", "caused_by": ["Quesnel", "KeyError"],
        "lines": ["app.Zephirine:1", "app.zephirine:1", "app.cli.entry:5145550199", "app.cli.entry:12"],
    }  # fmt: skip
    with (folder / NAME).open("ab") as log:
        log.write(msgspec.json.encode(planted) + b"\nZephirine not JSON\n")
    path = tmp_path / "bundle.zip"
    found = bundle(cli, path)
    check_nothing_of_a_patient(path, owner)
    assert found["capture.json"]["foreign"] == 1
    assert found["verify.json"]["sound"] is False
    assert {"kind": "projection", "table": "sample_owner_line", "count": 1} in found["verify.json"]["problems"]
    kept = found["faults.json"][-1]
    assert kept == {
        "at": None,
        "where": None,
        "type": None,
        "caused_by": [None, "KeyError"],
        "lines": ["app.cli.entry:12"],
    }


def test_it_says_what_support_asks_first(cli: Call, folder: Path, tmp_path: Path) -> None:
    fill(cli, folder)
    found = bundle(cli, tmp_path / "bundle.zip")
    versions, capture = found["versions.json"], found["capture.json"]
    assert versions["program"][0].isdigit()
    assert versions["packages"]["SQLAlchemy"][0].isdigit()
    assert {"python", "system", "release", "machine", "made_at"} <= set(versions)
    assert (capture["kind"], capture["problems"], capture["foreign"]) == ("test", [], 0)
    assert len(capture["fingerprint"]) == 64
    fault = found["faults.json"][0]
    assert (fault["where"], fault["type"]) == ("do", "KeyError")
    assert any(line.startswith("app.journal.runner:") for line in fault["lines"])


def test_settings_that_differ_are_named_and_texts_are_not_given(cli: Call, tmp_path: Path) -> None:
    minutes = Setting("trial_minutes", Scope.CLINIC, int, 5, "Minutes", "", SECURITY, minimum=1, maximum=60)
    greeting = Setting("trial_greeting", Scope.CLINIC, str, "", "Greeting", "", SECURITY)
    same = Setting("trial_same", Scope.CLINIC, bool, True, "Same", "", SECURITY)
    try:
        cli("do", "change_setting", "name=trial_minutes", "value=12", "--as", "boss")
        cli("do", "change_setting", "name=trial_greeting", "value=Bonjour Zéphirine", "--as", "boss")
        found = bundle(cli, tmp_path / "bundle.zip")["settings.json"]
    finally:
        for setting in (minutes, greeting, same):
            SETTINGS.pop(setting.name)
    assert found == [
        {"name": "trial_greeting", "value": None, "default": False},
        {"name": "trial_minutes", "value": 12, "default": False},
    ]


def test_a_folder_that_does_not_open_gives_a_bundle_all_the_same(cli: Call, folder: Path, tmp_path: Path) -> None:
    (folder / "database.key").unlink()
    found = bundle(cli, tmp_path / "bundle.zip")
    assert found["opening.json"]["refused"] == "NotFound"
    assert "counts.json" not in found
    assert str(folder) not in msgspec.json.encode(found).decode()


def test_it_changes_nothing(cli: Call, folder: Path, tmp_path: Path) -> None:
    tamper(folder, "DROP TRIGGER capture_sample_owner_update")
    found = bundle(cli, tmp_path / "bundle.zip")
    assert found["capture.json"]["problems"] == ["missing capture_sample_owner_update"]
    assert cli("verify").code == 7


def test_the_fault_log_keeps_causes_forgets_the_old_and_survives_damage(tmp_path: Path) -> None:
    try:
        try:
            raise ValueError("Zéphirine")
        except ValueError as error:
            raise RuntimeError("Beausoleil") from error
    except RuntimeError as error:
        path = note_fault(tmp_path, error, "do")
    assert path is not None
    (fault,) = recent_faults(tmp_path)
    assert (fault["type"], fault["caused_by"]) == ("RuntimeError", ["ValueError"])
    assert "phirine" not in path.read_text()
    path.write_bytes(path.read_bytes() * 8_000)
    note_fault(tmp_path, KeyError("x"))
    assert path.stat().st_size < 1 << 20
    assert recent_faults(tmp_path)[-1]["type"] == "KeyError"
    assert note_fault(tmp_path / "nowhere", KeyError("x")) is None
    assert recent_faults(tmp_path / "nowhere") == []


def test_the_check_itself_sees_a_name(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.json", '{"a": "Zéphirine"}')
    leaking = tmp_path / "leaking.zip"
    leaking.write_bytes(out.getvalue())
    try:
        check_nothing_of_a_patient(leaking)
    except AssertionError:
        return
    raise AssertionError("a name in the bundle went unseen")
