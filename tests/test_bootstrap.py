"""The set-up script knows when there is nothing to do, and says plainly what it cannot do."""

import hashlib
import subprocess
import sys
import zipfile
from contextlib import nullcontext
from pathlib import Path

import bootstrap
import pytest
import system_libraries
from system_libraries import Need

ROOT = Path(__file__).resolve().parent.parent
ABSENT = Need("libabsent0", "libabsent.so.0", essential=True)
UBUNTU_24 = 'NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="24.04"\n'
UBUNTU_22 = 'NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="22.04"\n'
DEBIAN_12 = 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two locks and an environment that vouches for the first one."""
    (tmp_path / "requirements").mkdir()
    for name in bootstrap.LISTS:
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1\n", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", tmp_path / ".venv" / "python")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "python").touch()
    bootstrap.write_stamp(["runtime"])
    return tmp_path


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the set-up installs, in order, with 'afresh' where it made the environment anew."""
    calls: list[str] = []

    def create() -> list[str]:
        calls.append("afresh")
        for stamp in bootstrap.VENV.glob("*.stamp"):
            stamp.unlink()
        return []

    monkeypatch.setattr(bootstrap, "create_environment", create)
    monkeypatch.setattr(bootstrap, "install_locked", lambda _pip, name: calls.append(name))
    return calls


def no_apt(_packages: list[str]) -> None:
    """Stand for apt on a machine where it may not be used."""


def test_a_matching_stamp_installs_nothing(project: Path, installed: list[str]) -> None:
    assert bootstrap.stamp_matches(["runtime"])
    bootstrap.set_up(["runtime"])
    assert installed == []


def test_the_second_list_is_added_to_the_first(project: Path, installed: list[str]) -> None:
    assert not bootstrap.stamp_matches(bootstrap.LISTS)
    bootstrap.set_up(bootstrap.LISTS)
    assert installed == ["dev"]
    assert bootstrap.stamp_matches(bootstrap.LISTS)


@pytest.mark.parametrize("name", bootstrap.LISTS)
def test_a_changed_lock_starts_afresh(project: Path, installed: list[str], name: str) -> None:
    bootstrap.write_stamp(bootstrap.LISTS)
    (project / "requirements" / f"{name}.txt").write_text("other==2\n", encoding="utf-8")
    bootstrap.set_up(bootstrap.LISTS)
    assert installed == ["afresh", "runtime", "dev"]


def test_an_environment_whose_python_went_away_starts_afresh(project: Path, installed: list[str]) -> None:
    (project / ".venv" / "python").unlink()
    bootstrap.set_up(["runtime"])
    assert installed == ["afresh", "runtime"]


def test_a_failed_installation_leaves_no_stamp(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "pip_of_environment", lambda: [sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(bootstrap.SetupFailed, match="could not be installed"):
        bootstrap.set_up(bootstrap.LISTS)
    assert not bootstrap.stamp_matches(bootstrap.LISTS)


@pytest.mark.parametrize("locked_one", [True, False], ids=["the locked file", "another file"])
def test_only_the_locked_file_is_installed(project: Path, monkeypatch: pytest.MonkeyPatch, locked_one: bool) -> None:
    wheel = make_wheel(project)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest() if locked_one else "0" * 64
    (project / "requirements" / "dev.txt").write_text(f"planted==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(project))
    monkeypatch.setenv("PIP_TARGET", str(project / "target"))
    with nullcontext() if locked_one else pytest.raises(bootstrap.SetupFailed):
        bootstrap.install_locked([sys.executable, "-m", "pip"], "dev")
    assert (project / "target" / "planted-1.0.dist-info").exists() == locked_one


def make_wheel(folder: Path) -> Path:
    """Write a wheel that holds nothing but its own description."""
    path, described = folder / "planted-1.0-py3-none-any.whl", "planted-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{described}/METADATA", "Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n")
        wheel.writestr(f"{described}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{described}/RECORD", "")
    return path


def test_an_unknown_argument_is_an_error() -> None:
    script = ROOT / "installers" / "bootstrap.py"
    done = subprocess.run([sys.executable, str(script), "--nonsense"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Unknown argument --nonsense" in done.stderr


def test_packages_have_the_name_of_the_release() -> None:
    glib = [need for need in system_libraries.NEEDS if need.package == "libglib2.0-0"]
    assert system_libraries.package_names(glib, UBUNTU_24) == ["libglib2.0-0t64"]
    assert system_libraries.package_names(glib, UBUNTU_22) == ["libglib2.0-0"]
    assert system_libraries.package_names(glib, DEBIAN_12) == ["libglib2.0-0"]
    assert system_libraries.package_names(glib, "") == ["libglib2.0-0"]


def test_a_missing_essential_library_stops_with_the_command_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_libraries, "install", no_apt)
    assert not system_libraries.provide([ABSENT])
    said = capsys.readouterr().err
    assert "cannot start without" in said
    assert "sudo apt-get install --no-install-recommends libabsent0" in said


def test_another_missing_library_is_named_and_does_not_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_libraries, "install", no_apt)
    assert system_libraries.provide([ABSENT._replace(essential=False)])
    assert "libabsent0" in capsys.readouterr().err


def test_what_apt_has_installed_is_not_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there: list[str] = []
    monkeypatch.setattr(system_libraries, "install", there.extend)
    monkeypatch.setattr(system_libraries, "present", lambda _proof: bool(there))
    assert system_libraries.provide([ABSENT])
    assert there == ["libabsent0"]
    assert capsys.readouterr().err == ""
