"""Find the system libraries that Qt needs on Debian and Ubuntu, and install or name the missing ones.

Everywhere else Qt brings its own, and nothing is missing by definition.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Need(NamedTuple):
    """One Debian package, what proves that it is there, and whether Archwire can start without it."""

    package: str
    proof: str  # a shared library to load, or one of the two words that `present` explains
    essential: bool


VENV, FONTS = "venv", "fonts"
NEEDS = (
    Need("python3-venv", VENV, essential=True),
    Need("libegl1", "libEGL.so.1", essential=True),
    Need("libgl1", "libGL.so.1", essential=True),
    Need("libglib2.0-0", "libgthread-2.0.so.0", essential=True),
    Need("libfontconfig1", "libfontconfig.so.1", essential=True),
    Need("libgssapi-krb5-2", "libgssapi_krb5.so.2", essential=True),  # QtNetwork links to it
    Need("libdbus-1-3", "libdbus-1.so.3", essential=True),
    Need("libxkbcommon0", "libxkbcommon.so.0", essential=True),
    Need("fonts-dejavu-core", FONTS, essential=False),
    # These draw a window on an X screen; tests and servers do without.
    Need("libx11-xcb1", "libX11-xcb.so.1", essential=False),
    Need("libxcb-cursor0", "libxcb-cursor.so.0", essential=False),
    Need("libxcb-icccm4", "libxcb-icccm.so.4", essential=False),
    Need("libxcb-image0", "libxcb-image.so.0", essential=False),
    Need("libxcb-keysyms1", "libxcb-keysyms.so.1", essential=False),
    Need("libxcb-randr0", "libxcb-randr.so.0", essential=False),
    Need("libxcb-render-util0", "libxcb-render-util.so.0", essential=False),
    Need("libxcb-shape0", "libxcb-shape.so.0", essential=False),
    Need("libxcb-xkb1", "libxcb-xkb.so.1", essential=False),
    Need("libxkbcommon-x11-0", "libxkbcommon-x11.so.0", essential=False),
)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_KINDS = {".ttf", ".otf", ".ttc"}
# Debian 13 and Ubuntu 24.04 renamed the libraries that hold 64-bit times.
RENAMED = {"libglib2.0-0": "libglib2.0-0t64"}
RENAMED_SINCE = {"debian": (13, 0), "ubuntu": (24, 4)}
APT_OPTIONS = ("-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30")


def present(proof: str) -> bool:
    """Tell whether a library loads, a scalable font exists, or an environment with pip can be made."""
    if proof == VENV:
        return any(importlib.util.find_spec(module) for module in ("ensurepip", "pip"))
    if proof == FONTS:
        folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
        return any(file.suffix in FONT_KINDS for folder in folders for file in folder.rglob("*"))
    try:
        ctypes.CDLL(proof)
    except OSError:
        return False
    return True


def missing(essential_only: bool = False) -> list[Need]:
    """Return the needs that this machine lacks; none outside Linux."""
    if sys.platform != "linux":
        return []
    return [need for need in NEEDS if (need.essential or not essential_only) and not present(need.proof)]


def package_names(needs: list[Need], os_release: str) -> list[str]:
    """Return the packages to ask for, by the names of the release that /etc/os-release describes."""
    release = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    version = release.get("VERSION_ID", "0").strip('"').split(".")
    number = (int(version[0]), int(version[1]) if len(version) > 1 else 0)
    renamed = number >= RENAMED_SINCE.get(release.get("ID", "").strip('"'), (sys.maxsize, 0))
    return [RENAMED.get(need.package, need.package) if renamed else need.package for need in needs]


def root_prefix() -> list[str] | None:
    """Return what to put before a command to run it as root without being asked anything; None when impossible."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def install(packages: list[str]) -> None:
    """Install packages with apt where that needs no password; the caller looks again at what is missing."""
    prefix = root_prefix() if shutil.which("apt-get") else None
    if prefix is None:
        return
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", *APT_OPTIONS]
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run([*apt, *step], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr.strip(), file=sys.stderr)


def provide(needs: list[Need]) -> bool:
    """Install what is missing, or name it with the one command to type. Return False when Archwire cannot start."""
    if not needs:
        return True
    os_release = Path("/etc/os-release")
    text = os_release.read_text(encoding="utf-8") if os_release.exists() else ""
    install(package_names(needs, text))
    importlib.invalidate_caches()
    left = [need for need in needs if not present(need.proof)]
    if not left:
        return True
    fatal = any(need.essential for need in left)
    effect = "Archwire cannot start without them" if fatal else "Archwire works, but may not open a window on a screen"
    print(f"\nSystem packages are missing; {effect}. To install them, type:", file=sys.stderr)
    names = " ".join(package_names(left, text))
    print(f"    sudo apt-get update && sudo apt-get install --no-install-recommends {names}\n", file=sys.stderr)
    return not fatal
