"""Read the licences of the distributions that Archwire installs, and tell which ones it may not ship.

Archwire may link to LGPL libraries (they stay separate files that can be replaced), never to GPL or AGPL ones.
Where a distribution offers a plain choice (``A OR B``), one acceptable branch is enough.
"""

import re
import sys
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?:\s*;\s*(?P<marker>.+?))?\s*\\$")
# The linking exceptions by which GCC's own runtime may travel with any program.
EXCEPTION = re.compile(r"\S+\s+WITH\s+(?:GCC-exception-[\d.]+|Classpath-exception-[\d.]+)", re.IGNORECASE)
COPYLEFT = re.compile(r"(?<![A-Za-z])A?GPL|(?<!Lesser )(?<!Library )General Public License", re.IGNORECASE)
UNKNOWN = "unknown"
# Distributions whose metadata names no licence, read from the licence file that each one ships.
FROM_FILE = {"sqlcipher3": "Zlib"}
# Distributions that are installed on one system only, so that the list is the same wherever it is made.
ONE_SYSTEM = {"jeepney": "MIT", "pywin32-ctypes": "BSD-3-Clause", "secretstorage": "BSD-3-Clause"}


class Pin(NamedTuple):
    """One line of a lock: the distribution, its version, and the environment marker ('' for every system)."""

    name: str
    version: str
    marker: str


def pins(lock: str) -> list[Pin]:
    """Return the distributions that the text of a lock pins, in its order."""
    found = (PINNED.match(line) for line in lock.splitlines())
    return [Pin(line["name"], line["version"], line["marker"] or "") for line in found if line]


def runtime_pins() -> list[Pin]:
    """Return what the runtime lock of this project pins."""
    return pins((REQUIREMENTS / "runtime.txt").read_text(encoding="utf-8"))


def declared(name: str) -> str:
    """Return the licence that a distribution's own metadata declares, or `UNKNOWN`.

    Raises importlib.metadata.PackageNotFoundError when it is not installed.
    """
    fields = metadata.metadata(name)
    expression = next(iter(fields.get_all("License-Expression") or []), "")
    if expression:
        return expression
    text = next(iter(fields.get_all("License") or []), "")
    parts = [text] if text and "\n" not in text else []
    for classifier in fields.get_all("Classifier") or []:
        kind, _, last = classifier.rpartition(" :: ")
        if kind.startswith("License") and (not parts or COPYLEFT.search(last) or "LGPL" in last):
            parts.append(last)
    return " AND ".join(parts) or FROM_FILE.get(name, UNKNOWN)


def licence(name: str) -> str:
    """Return a distribution's licence, also for one that belongs to another system than this."""
    try:
        return declared(name)
    except metadata.PackageNotFoundError:
        return ONE_SYSTEM.get(name, UNKNOWN)


def acceptable(expression: str) -> bool:
    """Tell whether Archwire may ship a distribution under this licence; an unknown licence is not acceptable."""
    if not expression or expression == UNKNOWN:
        return False
    plain = EXCEPTION.sub("", expression)
    branches = [plain] if " AND " in plain else re.split(r"\s+OR\s+", plain)
    return any(not COPYLEFT.search(branch) for branch in branches)


def main() -> int:
    """Print what may not be shipped; exit status 1 when there is any."""
    refused = [(pin.name, licence(pin.name)) for pin in runtime_pins() if not acceptable(licence(pin.name))]
    for name, expression in refused:
        print(f"{name}: {expression}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
