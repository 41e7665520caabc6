"""Keys: in the keyring where there is one, else in a file that only its owner reads; recoverable from paper."""

from __future__ import annotations

import os
from pathlib import Path

import keyring
import msgspec
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from app.core import keys
from app.core.errors import IntegrityFailure, NotFound, UsageError
from app.core.keys import KEY_FILE, RECOVERY_FILE, DataKey, escrow, read_key, recover, store_key, system_keyring
from app.journal.workplace import open_workplace


class Ring:
    """A keyring in memory."""

    def __init__(self, broken: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.broken = broken

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.broken:
            raise RuntimeError("locked")
        self.kept[service, username] = password


class Backend(KeyringBackend):
    """A keyring of the system, for `keyring` itself."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        return None


def test_without_a_keyring_the_key_is_in_a_private_file(tmp_path: Path) -> None:
    key = DataKey.generate()
    assert store_key(tmp_path, key) is False
    file = tmp_path / KEY_FILE
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text()) == 96
    assert read_key(tmp_path) == key


def test_with_a_keyring_no_file_holds_the_key(tmp_path: Path) -> None:
    ring, key = Ring(), DataKey.generate()
    store_key(tmp_path, key)
    assert store_key(tmp_path, key, ring) is True
    assert not (tmp_path / KEY_FILE).exists()
    assert read_key(tmp_path, ring) == key
    with pytest.raises(NotFound):
        read_key(tmp_path)
    with pytest.raises(NotFound):
        read_key(tmp_path / "another", ring)


def test_a_keyring_that_refuses_falls_back_to_the_file(tmp_path: Path) -> None:
    ring, key = Ring(broken=True), DataKey.generate()
    assert store_key(tmp_path, key, ring) is False
    assert read_key(tmp_path, ring) == key


def test_a_folder_opens_with_the_key_of_the_keyring(tmp_path: Path) -> None:
    ring = Ring()
    open_workplace(tmp_path / "data", create=True, kind="test", keyring=ring).close()
    assert not (tmp_path / "data" / KEY_FILE).exists()
    with open_workplace(tmp_path / "data", keyring=ring) as again:
        assert again.verify().sound
    with pytest.raises(NotFound):
        open_workplace(tmp_path / "data")


@pytest.mark.parametrize(("backend", "trusted"), [(fail.Keyring, False), (null.Keyring, False), (Backend, True)])
def test_a_keyring_that_keeps_nothing_is_none(
    monkeypatch: pytest.MonkeyPatch, backend: type[KeyringBackend], trusted: bool
) -> None:
    monkeypatch.delenv("ARCHWIRE_KEYRING")
    monkeypatch.setattr(keyring, "get_keyring", backend)
    assert (system_keyring() is not None) is trusted
    monkeypatch.setenv("ARCHWIRE_KEYRING", "off")
    assert system_keyring() is None


@pytest.mark.parametrize("content", ["", "zz", "00" * 47, "00" * 49, "é"])
def test_a_damaged_key_file_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / KEY_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(IntegrityFailure, match="key of this folder"):
        read_key(tmp_path)


def test_the_recovery_key_gives_the_key_back(tmp_path: Path) -> None:
    key = DataKey.generate()
    printed = escrow(tmp_path, key)
    assert [len(part) for part in printed.split("-")] == [4] * 8
    for typed in (printed, printed.lower(), printed.replace("-", " "), f"  {printed.replace('-', '')}\n"):
        assert recover(tmp_path, typed) == key
    content = (tmp_path / RECOVERY_FILE).read_bytes()
    assert key.key.hex().encode() not in content
    assert printed.replace("-", "").encode() not in content


def test_another_recovery_key_is_refused(tmp_path: Path) -> None:
    first = escrow(tmp_path, DataKey.generate())
    escrow(tmp_path, DataKey.generate())
    for wrong in (first, "", "AAAA-BBBB", "é"):
        with pytest.raises(UsageError):
            recover(tmp_path, wrong)
    (tmp_path / RECOVERY_FILE).unlink()
    with pytest.raises(NotFound):
        recover(tmp_path, first)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"salt": 5}'])
def test_a_damaged_recovery_file_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    printed = escrow(tmp_path, DataKey.generate())
    (tmp_path / RECOVERY_FILE).write_bytes(content)
    with pytest.raises(IntegrityFailure):
        recover(tmp_path, printed)


def test_keys_of_other_purposes_differ() -> None:
    key = DataKey.generate()
    derived = {key.derive("sealed files"), key.derive("anchor"), DataKey.generate().derive("anchor")}
    assert len(derived) == 3
    assert all(len(item) == 32 for item in derived)
    assert key.derive("anchor") == key.derive("anchor")
    assert "key" not in repr(key) or key.key.hex() not in repr(key)


def test_writing_a_private_file_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f"
    keys.write_private(path, b"old")

    def fail_to_sync(_descriptor: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fail_to_sync)
    with pytest.raises(OSError, match="full"):
        keys.write_private(path, b"new")
    assert path.read_bytes() == b"old"


def test_the_escrow_names_its_version(tmp_path: Path) -> None:
    escrow(tmp_path, DataKey.generate())
    content = msgspec.json.decode((tmp_path / RECOVERY_FILE).read_bytes())
    assert (content["version"], content["n"]) == (1, 32768)
