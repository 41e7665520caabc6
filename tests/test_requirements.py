"""The lists of requirements are complete for every system, locked by hash, and name no place to download from."""

import re
from importlib import metadata
from pathlib import Path

import licences
import lock
import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
LOCKS = ("runtime", "dev")
LISTS = [ROOT / "pyproject.toml", *sorted(REQUIREMENTS.iterdir())]
PLACE = re.compile(
    r"""://|\bindex|find-links|trusted-host|@\ |file:    # how pip is told where to look
    |\b[a-z0-9-]+\.(?:org|com|net|io|dev|local|internal)\b    # a host
    |(?<![\w.-])/\w    # a path of one machine""",
    re.IGNORECASE | re.VERBOSE,
)
SYSTEMS = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
)
PYTHONS = ("3.11", "3.12", "3.13")
# pip comes with the environment; sqlite-utils names it for a command of its own that installs plug-ins.
WITH_THE_ENVIRONMENT = {"pip"}


def text_of(name: str) -> str:
    """Return the text of one lock."""
    return (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")


def locked() -> list[licences.Pin]:
    """Return every pin of every lock."""
    return [pin for name in LOCKS for pin in licences.pins(text_of(name))]


def blocks(text: str) -> list[str]:
    """Return each requirement of a lock with its hash lines."""
    return re.findall(r"^[A-Za-z0-9].*(?:\n    --hash.*)*", text, flags=re.MULTILINE)


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_names_no_place_to_download_from(path: Path) -> None:
    assert PLACE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    ["--index-url x", "x @ file:y", "# from mirror.example.com", "https://x", "-f /wheels", "--find-links=w"],
)
def test_a_planted_place_is_noticed(line: str) -> None:
    assert PLACE.search(line)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_line_is_pinned_and_hashed(name: str) -> None:
    text = text_of(name)
    assert len(blocks(text)) == len(licences.pins(text)) > 0
    for block in blocks(text):
        assert re.fullmatch(r"[^\n]+ \\(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\(?=\n)|$))+", block), block


def test_the_locks_agree_where_they_overlap() -> None:
    versions: dict[str, set[str]] = {}
    for pin in locked():
        versions.setdefault(pin.name, set()).add(pin.version)
    assert [name for name, found in versions.items() if len(found) > 1] == []


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_answers_its_list(name: str) -> None:
    wanted, markers = lock.take_markers((REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8"))
    pins = {pin.name: pin for pin in licences.pins(text_of(name))}
    lines = (line.partition("#")[0].strip() for line in wanted.splitlines())
    for requirement in (Requirement(line) for line in lines if line and not line.startswith("-")):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)].version)
    assert {pin.name: pin.marker for pin in pins.values() if pin.marker} == markers


def test_a_marker_that_finds_no_line_is_refused() -> None:
    with pytest.raises(ValueError, match="absent has 0 lines"):
        lock.put_markers("present==1 \\\n", {"absent": 'sys_platform == "win32"'})


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system["sys_platform"])
def test_the_locks_hold_all_that_is_needed_on(system: dict[str, str], python: str) -> None:
    environment = {**system, "python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    here = {pin.name: pin for pin in locked() if not pin.marker or Marker(pin.marker).evaluate(environment)}
    lacking = []
    for pin in here.values():
        try:
            needs = metadata.requires(pin.name) or []
        except metadata.PackageNotFoundError:
            assert pin.marker, f"{pin.name} is locked for this system and not installed"
            continue
        for need in map(Requirement, needs):
            found = here.get(canonicalize_name(need.name))
            unneeded = need.name in WITH_THE_ENVIRONMENT or (need.marker and not need.marker.evaluate(environment))
            if not unneeded and not (found and need.specifier.contains(found.version)):
                lacking.append(f"{pin.name} needs {need}")
    assert lacking == []


def test_what_is_installed_is_what_is_locked() -> None:
    wrong = []
    for pin in locked():
        if not pin.marker or Marker(pin.marker).evaluate():
            installed = metadata.version(pin.name)
            if not SpecifierSet(f"=={pin.version}").contains(installed):
                wrong.append(f"{pin.name}: {installed} is not {pin.version}")
    assert wrong == []


def test_qt_is_the_version_that_keeps_its_references() -> None:
    assert "PySide6-Essentials==6.11.3" in (REQUIREMENTS / "runtime.in").read_text(encoding="utf-8")
    assert {pin.version for pin in locked() if pin.name.startswith(("pyside6", "shiboken6"))} == {"6.11.3"}


def test_the_heif_package_is_the_one_without_a_gpl_encoder() -> None:
    names = {pin.name for pin in locked()}
    assert "pi-heif" in names
    assert "pillow-heif" not in names
