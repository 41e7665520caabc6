"""Finding the slices: every package of `app`, and those named in `ARCHWIRE_SLICES` (comma-separated).

Importing their files is what registers records, commands, queries, events, projections, settings and permissions;
nothing is listed by hand anywhere.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
from pathlib import Path
from typing import Final

import app
from app.core import i18n

FILES: Final = (
    "permissions", "settings", "model", "events", "ports", "rules", "detectors", "projections", "queries", "commands",
    "reactions", "jobs", "notices",
)  # fmt: skip
OWN_FILES: Final = (
    "model", "settings_store", "effects", "filling", "undo", "erasure", "raw", "notices", "own_work", "settling",
    "conflicts",
)  # fmt: skip
KERNEL: Final = frozenset({"core", "journal", "cli"})
ENVIRONMENT: Final = "ARCHWIRE_SLICES"


def slice_packages() -> list[str]:
    """The dotted names of the slices, shipped ones first."""
    own = sorted(item.name for item in pkgutil.iter_modules(app.__path__) if item.ispkg and item.name not in KERNEL)
    outside = [name.strip() for name in os.environ.get(ENVIRONMENT, "").split(",") if name.strip()]
    return [f"app.{name}" for name in own] + outside


def load_slices() -> list[str]:
    """Import the kernel's own records and every slice; returns the packages."""
    for module in OWN_FILES:
        importlib.import_module(f"app.journal.{module}")
    packages = slice_packages()
    for package in packages:
        _add_catalogues(package)
        for name in FILES:
            if _exists(f"{package}.{name}"):
                importlib.import_module(f"{package}.{name}")
    return packages


def _exists(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _add_catalogues(package: str) -> None:
    if package.startswith("app."):
        return
    found = importlib.util.find_spec(package)
    for place in (found.submodule_search_locations if found else None) or ():
        i18n.add_catalogue_folder(Path(place) / "locale")
