"""`admin`: folders, keys, people, repair, erasure."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from app.cli import rekey as rekeying
from app.core.keys import KEY_FILE, read_key
from app.core.secret import Secret
from app.journal.commands import COMMANDS, Command
from app.journal.transaction import Transaction
from app.journal.workplace import open_workplace
from tests.cli.conftest import Call
from tests.cli.test_integrity import tamper
from tests.sample.commands import create_sample_owner
from tests.sample.model import Owner
from tests.sample.permissions import EDIT_OWNERS


def owners(cli: Call) -> list[str]:
    return sorted(row["line"] for row in cli("ask", "sample_owners", "--as", "desk", "--json").json)


def test_a_clinic_s_folder_is_made_with_a_recovery_key_shown_once(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "clinic"
    made = call("admin", "create-clinic", "--name", "Orthodontie du Parc", "--data", folder, "--json")
    assert made.code == 0, made.out
    assert (made.json["kind"], made.json["folder"]) == ("clinic", str(folder))
    assert len(made.json["recovery_key"].replace("-", "")) == 32
    assert str(folder / KEY_FILE) in made.err
    assert call("verify", "--data", folder).code == 0
    again = call("admin", "create-clinic", "--name", "Autre", "--data", folder, "--json")
    assert again.code == 3
    for answer in (again, call("journal", "--data", folder, "--json"), call("dump", "--data", folder)):
        assert made.json["recovery_key"] not in answer.out + answer.err
    spoken = call(
        "admin", "create-clinic", "--name", "Autre", "--data", tmp_path / "b", "--lang", "fr", "--kind", "test"
    )
    assert "Clé de secours" in spoken.out
    assert "n’a pas de trousseau" in spoken.err


def test_a_clinic_s_own_record_is_made_where_the_practice_can(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def create_clinic(tx: Transaction, name: str, language: str = "fr") -> str:
        """Stands for the practice's command."""
        return str(tx.add(Owner(name=f"{name} {language}")).id)

    monkeypatch.setitem(COMMANDS, "create_clinic", Command(create_clinic, EDIT_OWNERS, "Create the clinic"))
    options = ("--data", tmp_path / "c", "--json")
    made = call("admin", "create-clinic", "--name", "Du Parc", "--language", "en", "--kind", "test", *options)
    rows = call("dump", *options).json["sample_owner"]
    assert [(row["id"], row["name"]) for row in rows] == [(made.json["clinic"], "Du Parc en")]


def test_a_lost_key_comes_back_with_the_recovery_key(
    cli: Call, folder: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recovery = (templates / "test.recovery").read_text()
    digest = cli("digest").out
    (folder / KEY_FILE).unlink()
    assert cli("digest").code == 5
    assert cli("admin", "recover", "--recovery-key", "AAAA-BBBB").code == 2
    monkeypatch.setattr("sys.stdin", io.StringIO(recovery.lower() + "\n"))
    back = cli("admin", "recover", "--json")
    assert (back.code, back.json) == (0, {"recovered": True, "keyring": False})
    assert recovery not in back.out
    assert cli("digest").out == digest
    assert (folder / KEY_FILE).stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_recovery_needs_a_folder_that_has_one(call: Call, tmp_path: Path) -> None:
    assert call("admin", "recover", "--recovery-key", "A", "--data", tmp_path).code == 5


def test_repair_makes_missing_triggers_again(cli: Call, folder: Path) -> None:
    tamper(folder, "DROP TRIGGER capture_sample_owner_update", "DROP TRIGGER journal_fixed")
    assert cli("verify").code == 7
    mended = cli("admin", "repair", "--json")
    assert mended.code == 0
    assert mended.json == {"repaired": ["missing capture_sample_owner_update", "missing journal_fixed"], "left": []}
    assert cli("verify").code == 0
    assert "nothing to repair" in cli("admin", "repair").out


def test_erasing_a_person_leaves_no_text_of_theirs(cli: Call) -> None:
    made = cli("do", "create_sample_owner", "name=Zéphirine", "phone=5145550199", "--as", "desk", "--json").json
    assert cli("admin", "erase-patient", made["result"]).code == 2
    assert cli("admin", "erase-patient", made["result"], "--as", "desk").code == 4
    assert cli("admin", "erase-patient", "nobody", "--as", "boss").code == 5
    erased = cli("admin", "erase-patient", made["result"], "--as", "boss", "--json")
    assert erased.json == {"patient": made["result"], "rows": 1}
    for verb in ("dump", "journal"):
        assert "phirine" not in cli(verb, "--json").out
        assert "5145550199" not in cli(verb, "--json").out
    assert cli("verify").code == 0


@pytest.fixture
def sealed(folder: Path) -> str:
    """A row that names a sealed file of several segments."""
    with open_workplace(folder) as workplace:
        name = workplace.files.put(b"pixels" * 50_000)
        owner = workplace.runner.run(workplace.runner.actor("boss"), create_sample_owner, "Léo")
        with workplace.database.raw() as connection:
            connection.execute("UPDATE sample_owner SET photo_sha256 = ? WHERE id = ?", (name, owner))
        workplace.runner.adopt_raw()
    return name


def check_rekeyed(cli: Call, folder: Path, sealed: str, recovery: str) -> None:
    assert cli("verify").code == 0
    with open_workplace(folder) as workplace:
        assert workplace.files.read(sealed) == b"pixels" * 50_000
    assert owners(cli) == ["Léo"]
    assert sorted(path.name for path in folder.glob("*.next")) == []
    assert not (folder / rekeying.OLD_FILES).exists()
    (folder / KEY_FILE).unlink()
    assert cli("admin", "recover", "--recovery-key", recovery).code == 0
    assert owners(cli) == ["Léo"]


def test_a_new_key_for_everything(cli: Call, folder: Path, sealed: str, templates: Path) -> None:
    before, digest = read_key(folder), cli("digest").out
    done = cli("admin", "rekey", "--json")
    assert done.code == 0, done.out
    assert read_key(folder).key != before.key
    assert cli("digest").out == digest
    assert cli("admin", "recover", "--recovery-key", (templates / "test.recovery").read_text()).code == 2
    check_rekeyed(cli, folder, sealed, done.json["recovery_key"])


@pytest.mark.parametrize("step", ["_seal_again", "store_key", "escrow", "write_anchor"])
def test_a_change_of_key_that_is_stopped_loses_nothing(
    cli: Call, folder: Path, sealed: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as stopped:
        stopped.setattr(rekeying, step, lambda *given: (_ for _ in ()).throw(OSError("no space")))
        assert cli("admin", "rekey").code == 1
    if step == "_seal_again":
        assert owners(cli) == ["Léo"]
    done = cli("admin", "rekey", "--json")
    assert done.code == 0, done.out
    check_rekeyed(cli, folder, sealed, done.json["recovery_key"])


def test_a_folder_that_is_open_or_unsound_keeps_its_key(cli: Call, folder: Path, sealed: str) -> None:
    before = read_key(folder)
    with open_workplace(folder):
        assert cli("admin", "rekey").code == 3
    tamper(folder, "UPDATE sample_owner_line SET line = 'X'")
    assert cli("admin", "rekey").code == 7
    assert read_key(folder) == before
    cli("rebuild")
    assert cli("admin", "rekey").code == 0


def staff_commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, dict[str, object]]]:
    """Stands for the access slice's commands; gives what they were called with."""
    called: list[tuple[str, str, dict[str, object]]] = []

    def create_first_administrator(
        tx: Transaction, username: str, display_name: str, password: Secret, roles: list[str] | None = None
    ) -> str:
        called.append((tx.actor.id, "first", {"username": username, "password": password.reveal(), "roles": roles}))
        return "staff-new"

    def create_staff(
        tx: Transaction, username: str, display_name: str, roles: list[str], password: Secret | None = None
    ) -> str:
        called.append((tx.actor.id, "staff", {"username": username, "roles": roles}))
        return "staff-new"

    def set_password(tx: Transaction, staff_id: str, password: Secret) -> None:
        called.append((tx.actor.id, "password", {"staff_id": staff_id, "password": password.reveal()}))

    for function, permission in ((create_first_administrator, None), (create_staff, EDIT_OWNERS), (set_password, None)):
        monkeypatch.setitem(COMMANDS, function.__name__, Command(function, permission, "Staff"))
    return called


def test_people_and_passwords(cli: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    called = staff_commands(monkeypatch)
    monkeypatch.setattr("sys.stdin", io.StringIO("cheval agrafe 1\ncheval agrafe 2\ncheval agrafe 3\n"))
    create = ("admin", "create-staff", "--username", "claire", "--name", "Claire Brunet", "--json")
    first = cli(*create)
    further = cli(*create, "--role", "front_desk", "--role", "assistant", "--as", "desk")
    assert cli(*create, "--role", "front_desk", "--as", "guest", "--password", "x").code == 4
    assert cli(*create, "--role", "pirate").code == 2
    reset = cli("admin", "reset-password", "desk", "--json")
    assert [first.code, further.code, reset.code] == [0, 0, 0], first.out + further.out + reset.out
    assert called == [
        ("", "first", {"username": "claire", "password": "cheval agrafe 1", "roles": None}),
        ("staff-desk", "staff", {"username": "claire", "roles": ["front_desk", "assistant"]}),
        ("system", "password", {"staff_id": "staff-desk", "password": "cheval agrafe 3"}),
    ]
    assert "cheval" not in first.out + first.err + further.out + reset.out + reset.err
    assert cli("admin", "reset-password", "nobody", "--password", "x").code == 5


def test_a_task_must_be_named(cli: Call) -> None:
    assert cli("admin").code == 2
    assert cli("admin", "frobnicate").code == 2
    assert cli("admin", "--help").code == cli("admin", "rekey", "--help").code == 0


def test_a_key_in_a_file_is_said_and_only_its_owner_reads_it(call: Call, tmp_path: Path) -> None:
    made = call("--data", tmp_path / "new", "admin", "create-clinic", "--name", "Parc", "--kind", "test")
    file = tmp_path / "new" / "database.key"
    assert made.code == 0
    assert str(file) in made.err
    assert file.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_a_sentence(cli: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    refused = cli("--data", tmp_path / "file" / "below", "admin", "create-clinic", "--name", "Parc", "--kind", "test")
    assert refused.code == 2
