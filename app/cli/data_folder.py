"""Where the data folder stands when `--data` does not say."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

VARIABLE: Final = "ARCHWIRE_DATA"
DEMO_VARIABLE: Final = "ARCHWIRE_DEMO"


def default_folder(
    environment: Mapping[str, str] = os.environ, platform: str = sys.platform, home: Path | None = None
) -> Path:
    """`ARCHWIRE_DATA`, or the place where the system keeps a program's data for one person.

    XDG Base Directory Specification on Linux; Application Support on macOS; the local (not roaming) application data
    on Windows, because a roaming profile would copy the database over the network at sign-out.
    """
    if environment.get(VARIABLE):
        return Path(environment[VARIABLE]).expanduser()
    return _place(environment, platform, home or Path.home()) / _name(platform)


def demo_folder(
    environment: Mapping[str, str] = os.environ, platform: str = sys.platform, home: Path | None = None
) -> Path:
    """The folder of the demonstration, beside the clinic's and never the same."""
    if environment.get(DEMO_VARIABLE):
        return Path(environment[DEMO_VARIABLE]).expanduser()
    return _place(environment, platform, home or Path.home()) / f"{_name(platform)}-demo"


def _place(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if platform == "darwin":
        return home / "Library" / "Application Support"
    given = Path(environment.get("XDG_DATA_HOME", ""))
    return given if given.is_absolute() else home / ".local" / "share"


def _name(platform: str) -> str:
    return "Archwire" if platform in {"win32", "darwin"} else "archwire"
