"""Faults of the program, noted under the data folder without a value: type, module, line, and nothing else.

An exception's text may hold a patient's name, so that it is never written; nor is a source line, which may hold a
literal of a test or a demo.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

NAME: Final = "faults.jsonl"
LARGEST: Final = 1 << 20
"""Bytes after which the older half is dropped."""


def note_fault(folder: Path, error: BaseException, where: str = "") -> Path | None:
    """Append one line and return the file; None when the folder is not there or cannot be written.

    `where` is the name of the verb, command or screen, never a value.
    """
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "where": where,
        "type": type(error).__name__,
        "caused_by": [type(cause).__name__ for cause in _causes(error)],
        "lines": _lines(error),
    }
    path = folder / NAME
    try:
        _shorten(path)
        with path.open("ab") as log:
            log.write(msgspec.json.encode(entry) + b"\n")
    except OSError:
        return None
    return path


def recent_faults(folder: Path, limit: int = 50) -> list[dict[str, Any]]:
    """The last faults, oldest first; lines that cannot be read are left out."""
    try:
        lines = (folder / NAME).read_bytes().splitlines()[-limit:]
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            found.append(msgspec.json.decode(line, type=dict[str, Any]))
        except msgspec.DecodeError:
            continue
    return found


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen = {id(error)}
    cause = error.__cause__ or error.__context__
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _lines(error: BaseException) -> list[str]:
    """`module:line` of each frame, outermost first."""
    walked = traceback.walk_tb(error.__traceback__)
    return [f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in walked]


def _shorten(path: Path) -> None:
    if path.exists() and path.stat().st_size > LARGEST:
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[len(lines) // 2 :]))
