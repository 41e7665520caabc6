"""Make Archwire's isolated Python environment in .venv: ``python3 installers/bootstrap.py [--dev]``.

Needs nothing but Python 3.11 or newer. The first call installs the locked requirements, each file checked against its
SHA-256; later calls compare one stamp and return at once. ``--dev`` adds what the checks and tests need.
Exit status: 0 when the environment is ready, 1 with one sentence saying what to do when it is not.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.dont_write_bytecode = True

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
LISTS = ["runtime", "dev"]  # each stamp vouches for its own list and for those before it
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")


class SetupFailed(Exception):
    """The environment could not be made; the message is a sentence for the person who typed the command."""


def require_python() -> None:
    """Go on under a newer Python when the one that runs this is too old and another is installed."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER_NAMES:
        found = shutil.which(name)
        if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
            os.execv(found, [found, *sys.argv])
    raise SetupFailed(f"Archwire needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")


def lock_file(name: str) -> Path:
    """Return the path of one locked list of requirements."""
    return ROOT / "requirements" / f"{name}.txt"


def stamp_text(names: list[str]) -> str:
    """Return what the stamp must say: the digest of the locks, and the Python and the place that they were made for."""
    digest = hashlib.sha256(b"".join(lock_file(name).read_bytes() for name in names)).hexdigest()
    return f"{digest}\nPython {sys.version_info.major}.{sys.version_info.minor}\n{VENV}\n"


def stamp_matches(names: list[str]) -> bool:
    """Tell whether .venv already holds exactly these locked requirements."""
    stamp = VENV / f"{names[-1]}.stamp"
    return VENV_PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == stamp_text(names)


@contextmanager
def only_one_setup() -> Iterator[None]:
    """Make a second set-up in the same folder wait for the first (``make run`` and ``make test`` side by side)."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with lock_file("runtime").open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def create_environment() -> list[str]:
    """Make an empty .venv and return the command that runs a pip which installs into it."""
    import importlib.util
    import venv

    own_pip = importlib.util.find_spec("ensurepip") is not None
    print(f"Setting up Archwire in {VENV.name} with Python {sys.version.split()[0]}: about a minute, once.", flush=True)
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise SetupFailed("The locked requirements have changed: leave the environment (type: deactivate), then retry.")
    venv.EnvBuilder(clear=True, symlinks=os.name != "nt", with_pip=own_pip).create(VENV)
    if own_pip:
        return [str(VENV_PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]


def install_locked(pip: list[str], name: str) -> None:
    """Install one locked list. The lock is complete, so that pip neither chooses a version nor builds anything."""
    command = [*pip, "install", "-qq", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--requirement", str(lock_file(name))]
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SetupFailed("The packages could not be installed: see above. Check the network or proxy, then retry.")


def set_up(names: list[str]) -> None:
    """Bring .venv up to these locked lists; start afresh when any list in it is out of date, else add what lacks."""
    stamped = [name for name in LISTS if (VENV / f"{name}.stamp").exists()]
    if not stamped or not stamp_matches(stamped):
        install_locked(create_environment(), names[0])
        write_stamp(names[:1])
    for count in range(2, len(names) + 1):
        if not stamp_matches(names[:count]):
            install_locked(pip_of_environment(), names[count - 1])
            write_stamp(names[:count])


def pip_of_environment() -> list[str]:
    """Return the command for a pip that installs into the existing .venv."""
    if any(VENV.glob("**/site-packages/pip")):
        return [str(VENV_PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]


def write_stamp(names: list[str]) -> None:
    """Record that these lists are installed; last of all, so that an interrupted set-up starts again."""
    (VENV / f"{names[-1]}.stamp").write_text(stamp_text(names), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Set up what is lacking; see the module's docstring."""
    unknown = [argument for argument in arguments if argument != "--dev"]
    if unknown:
        print(f"Unknown argument {unknown[0]}. Usage: python3 installers/bootstrap.py [--dev]", file=sys.stderr)
        return 2
    names = LISTS if "--dev" in arguments else LISTS[:1]
    try:
        require_python()
        import system_libraries

        ready = stamp_matches(names)
        if not system_libraries.provide(system_libraries.missing(essential_only=ready)):
            return 1
        if not ready:
            with only_one_setup():
                set_up(names)
            print("Archwire is set up.", flush=True)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
