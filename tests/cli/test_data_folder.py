"""Where the data stands when nobody says."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.data_folder import default_folder, demo_folder

HOME = Path("/home/lea")


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", HOME / ".local/share/archwire"),
        ({"XDG_DATA_HOME": "/srv/share"}, "linux", Path("/srv/share/archwire")),
        ({"XDG_DATA_HOME": "relative"}, "linux", HOME / ".local/share/archwire"),
        ({}, "darwin", HOME / "Library/Application Support/Archwire"),
        ({}, "win32", HOME / "AppData/Local/Archwire"),
        ({"LOCALAPPDATA": "/d/local"}, "win32", Path("/d/local/Archwire")),
        ({"ARCHWIRE_DATA": "/data/parc", "XDG_DATA_HOME": "/srv"}, "linux", Path("/data/parc")),
    ],
)
def test_the_place_of_each_system(environment: dict[str, str], platform: str, expected: Path) -> None:
    assert default_folder(environment, platform, HOME) == expected
    assert demo_folder(environment, platform, HOME) != expected


def test_the_demonstration_never_stands_in_the_clinic_s_folder() -> None:
    assert demo_folder({}, "linux", HOME) == HOME / ".local/share/archwire-demo"
    assert demo_folder({"ARCHWIRE_DATA": "/data/parc"}, "linux", HOME) == HOME / ".local/share/archwire-demo"
    assert demo_folder({"ARCHWIRE_DEMO": "/data/demo"}, "linux", HOME) == Path("/data/demo")
