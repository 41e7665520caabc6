"""`support-bundle`: what somebody far away needs to find a fault, and not one byte about a patient.

Everything in it is made from a list of what may leave: versions, counts, names that the program itself declares.
No path, no identifier, no text that a person has typed, no message of an exception.
"""

from __future__ import annotations

import contextlib
import io
import platform
import re
import sys
import zipfile
from argparse import ArgumentParser, Namespace
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from app.cli.console import Console
from app.cli.plain import plain
from app.cli.session import folder_of, opened
from app.cli.verbs import Verb
from app.core.errors import ClinicError
from app.core.fault_log import recent_faults
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from app.journal.workplace import Workplace

PACKAGES: Final = (
    "PySide6-Essentials", "SQLAlchemy", "sqlcipher3", "alembic", "APScheduler", "msgspec", "cryptography",
    "argon2-cffi", "keyring", "pydicom", "numpy", "imagecodecs", "pillow", "vtk", "pyqtgraph", "pynetdicom", "boto3",
)  # fmt: skip
JOURNAL_TABLES: Final = ("operation", "change", "access_log")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,80}")
_LINE: Final = re.compile(r"((?:app|viewer|sync|ui)(?:\.[a-z0-9_]+)*):[0-9]{1,6}")
_ROOT: Final = Path(__file__).resolve().parents[2]


def contents(workplace: Workplace) -> dict[str, Any]:
    """The documents that need the database, by file name."""
    return {
        "settings.json": _settings(workplace),
        "capture.json": _capture(workplace),
        "counts.json": _counts(workplace),
        "verify.json": _verification(workplace),
    }


def versions() -> dict[str, Any]:
    """The program, its packages and the system."""
    found: dict[str, str] = {}
    for name in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return {
        "made_at": datetime.now(UTC),
        "program": program_version(),
        "python": platform.python_version(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "bits": 64 if sys.maxsize > 2**32 else 32,
        "encoding": sys.getfilesystemencoding(),
        "packages": found,
    }


def program_version() -> str:
    """The version of the source tree, else of the installed package."""
    import tomllib

    project = _ROOT / "pyproject.toml"
    if project.exists():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version("archwire")
    return "unknown"


def faults(folder: Path) -> list[dict[str, Any]]:
    """The last faults: types and our own lines, checked once more to be nothing but that."""
    return [
        {
            "at": entry["at"] if _is_instant(entry.get("at")) else None,
            "where": _word(entry.get("where")),
            "type": _word(entry.get("type")),
            "caused_by": [_word(name) for name in entry.get("caused_by") or ()],
            "lines": [line for line in entry.get("lines") or () if _is_ours(line)],
        }
        for entry in recent_faults(folder)
    ]


def _is_ours(line: Any) -> bool:
    """Whether it is `module:line` of a module that this program has."""
    found = _LINE.fullmatch(line) if isinstance(line, str) else None
    place = _ROOT.joinpath(*found[1].split(".")) if found else None
    return place is not None and (place.with_suffix(".py").is_file() or (place / "__init__.py").is_file())


def _is_instant(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _word(value: Any) -> str | None:
    """A name that the program declares: an exception class, a verb or a command; anything else is left out."""
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        return None
    return value if value in _declared_words() or value.endswith(("Error", "Exception", "Warning")) else None


def _declared_words() -> set[str]:
    import builtins

    from app.cli.entry import FAMILIES
    from app.journal.commands import COMMANDS, QUERIES

    verbs = {name for _module, names in FAMILIES for name in names}
    ours = {kind.__name__ for kind in _descendants(ClinicError)}
    return verbs | ours | set(COMMANDS) | set(QUERIES) | set(dir(builtins))


def _descendants(kind: type[Any]) -> set[type[Any]]:
    found: set[type[Any]] = {kind}
    for child in kind.__subclasses__():
        found |= _descendants(child)
    return found


def _settings(workplace: Workplace) -> list[dict[str, Any]]:
    """Clinic and workstation settings that differ from their default; of a text, only that it differs."""
    from app.core.settings import SETTINGS, Scope
    from app.journal.queries import SYSTEM
    from app.journal.settings_store import value_of

    found = []
    with workplace.runner.read(SYSTEM) as read:
        for name, setting in sorted(SETTINGS.items()):
            if setting.scope in {Scope.USER, Scope.SEAT}:
                continue
            value = value_of(read, setting)
            if value != setting.default:
                found.append({"name": name, "value": None if setting.kind is str else value, "default": False})
    return found


def _capture(workplace: Workplace) -> dict[str, Any]:
    """What is wrong with our triggers, and a fingerprint of the schema; foreign names are only counted."""
    from app.journal.capture import check_capture
    from app.journal.records import REGISTRY

    with contextlib.closing(workplace.database.raw(read_only=True)) as connection:
        problems = check_capture(connection, REGISTRY.captured())
        statements = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
        library = connection.execute("SELECT sqlite_version()").fetchone()[0]
        cipher = connection.execute("PRAGMA cipher_version").fetchone()[0]
    ours = [problem for problem in problems if not problem.startswith("foreign ")]
    return {
        "sqlite": library,
        "sqlcipher": cipher,
        "schema": workplace.runner.place.schema,
        "kind": workplace.kind,
        "fingerprint": sha256("\n".join(row[0] for row in statements).encode()).hexdigest(),
        "problems": ours,
        "foreign": len(problems) - len(ours),
    }


def _counts(workplace: Workplace) -> dict[str, int]:
    from app.journal.records import REGISTRY

    names = [*(row.table for row in REGISTRY), *JOURNAL_TABLES]
    with contextlib.closing(workplace.database.raw(read_only=True)) as connection:
        present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
            if name in present
        }


def _verification(workplace: Workplace) -> dict[str, Any]:
    """How many problems of which kind; where, only when that is the name of a table of ours."""
    from app.journal.records import REGISTRY

    report = workplace.verify()
    kinds = Counter((item.kind, item.where if item.where in REGISTRY else "") for item in report.problems)
    figures = {name: value for name, value in plain(report).items() if isinstance(value, bool | int)}
    problems = [{"kind": kind, "table": where, "count": count} for (kind, where), count in sorted(kinds.items())]
    return {"sound": report.sound, **figures, "problems": problems}


def _support_bundle(arguments: Namespace, console: Console) -> int:
    folder = folder_of(arguments)
    documents: dict[str, Any] = {"versions.json": versions()}
    try:
        with opened(arguments, console, repair=False) as workplace:
            documents |= contents(workplace)
    except ClinicError as error:
        documents["opening.json"] = {"refused": type(error).__name__, "message": error.message_id}
    documents["faults.json"] = faults(folder)
    path = arguments.output or Path(f"archwire-support-{datetime.now():%Y%m%d-%H%M%S}.zip")
    path.write_bytes(zipped(documents))
    console.emit(
        {"written": str(path), "files": sorted(documents)},
        _(N_("Written to {path}. It holds no patient data."), path=str(path)),
    )
    return 0


def zipped(documents: dict[str, Any]) -> bytes:
    """The documents as JSON in a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in sorted(documents.items()):
            archive.writestr(name, msgspec.json.format(msgspec.json.encode(plain(document)), indent=2))
    return out.getvalue()


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--output", type=Path, metavar="FILE", help=_(N_("the ZIP file to write")))


VERBS: Final = [
    Verb(
        "support-bundle",
        N_("Write a file for support, without any patient data."),
        _arguments,
        _support_bundle,
    )
]
