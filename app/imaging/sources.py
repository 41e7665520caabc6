"""Which files an import reads: files, folders, members of ZIP files, and what a DICOMDIR names."""

from __future__ import annotations

import errno
import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from app.imaging.found import Limits, Refused, RefusedFile, Source
from app.imaging.kinds import HEAD_BYTES
from app.imaging.vocabulary import Reason

LEFT_BY_SYSTEMS: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".directory"})
"""What Windows, macOS and Linux leave in folders; nobody gave these to us."""
SMALL_MEMBER: Final = 1 << 20
_PIECE: Final = 1 << 20
_LOCKED: Final = 0x1


def listed(paths: Sequence[Path], limits: Limits) -> tuple[list[Source], list[Refused]]:
    """Every file under the paths, in order of the names, and what could not even be listed."""
    sources: list[Source] = []
    refused: list[Refused] = []
    number = 0
    for path in _files(paths):
        try:
            members = _members(path, limits)
        except RefusedFile as error:
            refused.append(Refused(number, path.name, error.reason, error.details))
            number += 1
            continue
        for member in members:
            sources.append(Source(number, path, member))
            number += 1
    return sources, refused


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """What is given, folders opened. `os.path` is asked: `Path` raises below a folder that is closed to us."""
    seen: set[Path] = set()
    for given in paths:
        for path in _walk(given) if os.path.isdir(given) else (given,):
            real = Path(os.path.realpath(path))
            if real not in seen:
                seen.add(real)
                yield path


def _walk(folder: Path) -> Iterator[Path]:
    """Files below a folder, and folders that may not be read.

    Links to folders are not followed: they may lead round in circles.
    """
    closed: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = sorted(name for name in folders if name != "__MACOSX")
        for name in sorted(names):
            if name.lower() not in LEFT_BY_SYSTEMS and not name.startswith("._"):
                yield Path(place) / name
    yield from closed


def _members(path: Path, limits: Limits) -> list[str | None]:
    """The members of a ZIP file; `[None]` for any other file, or one that cannot be opened (its reading will say)."""
    if os.path.isdir(path):
        raise RefusedFile(Reason.UNREADABLE)
    if os.path.exists(path) and not os.path.isfile(path):  # a pipe would be waited for, a device may never end
        raise RefusedFile(Reason.NOT_SUPPORTED)
    try:
        with path.open("rb") as opened:
            if opened.read(4) not in {b"PK\x03\x04", b"PK\x05\x06"}:
                return [None]
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and _is_given(info.filename)]
    except OSError:
        return [None]
    except (zipfile.BadZipFile, ValueError, RuntimeError, zlib.error):
        raise RefusedFile(Reason.ARCHIVE_DAMAGED) from None
    if len(infos) > limits.archive_members:
        raise RefusedFile(Reason.ARCHIVE_MEMBERS, limit=limits.archive_members)
    if sum(info.file_size for info in infos) > limits.archive_gb << 30:
        raise RefusedFile(Reason.ARCHIVE_SIZE, limit=limits.archive_gb)
    return [info.filename for info in infos]


def _is_given(name: str) -> bool:
    last = name.replace("\\", "/").rpartition("/")[2]
    return not name.startswith("__MACOSX/") and last.lower() not in LEFT_BY_SYSTEMS and not last.startswith("._")


def read_bytes(source: Source, limits: Limits) -> bytes:
    """All bytes of a source, within the limits; raises `RefusedFile`."""
    if source.member is None:
        _check_size(size_of(source.path), limits)
        try:
            return source.path.read_bytes()
        except OSError as error:
            raise refused_by_system(error) from None
    return _read_member(source.path, source.member, limits)


def head_of(path: Path) -> bytes:
    """The first bytes of a file on disk."""
    try:
        with path.open("rb") as opened:
            return opened.read(HEAD_BYTES)
    except OSError as error:
        raise refused_by_system(error) from None


def size_of(path: Path) -> int:
    """The size of a file on disk in bytes."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise refused_by_system(error) from None


def check_limits(size: int, limits: Limits) -> None:
    """Refuse an empty file and one beyond the limit."""
    _check_size(size, limits)


def _check_size(size: int, limits: Limits) -> None:
    if size == 0:
        raise RefusedFile(Reason.EMPTY)
    if size > limits.file_mb << 20:
        raise RefusedFile(Reason.TOO_LARGE, limit=limits.file_mb)


def _read_member(path: Path, member: str, limits: Limits) -> bytes:
    """A ZIP member, never in clear on disk. What it says of its size is not believed: the bytes are counted."""
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(member)
            if info.flag_bits & _LOCKED:
                raise RefusedFile(Reason.ARCHIVE_LOCKED)
            _check_size(info.file_size, limits)
            allowed = max(SMALL_MEMBER, info.compress_size * limits.archive_ratio)
            with archive.open(info) as opened:
                return _counted(opened, allowed, limits)
    except OSError as error:
        raise refused_by_system(error) from None
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError, ValueError):
        raise RefusedFile(Reason.ARCHIVE_DAMAGED) from None


def _counted(opened: IO[bytes], allowed: int, limits: Limits) -> bytes:
    parts: list[bytes] = []
    total = 0
    while piece := opened.read(_PIECE):
        total += len(piece)
        if total > allowed:
            raise RefusedFile(Reason.ARCHIVE_RATIO, limit=limits.archive_ratio)
        if total > limits.file_mb << 20:
            raise RefusedFile(Reason.TOO_LARGE, limit=limits.file_mb)
        parts.append(piece)
    if not total:
        raise RefusedFile(Reason.EMPTY)
    return b"".join(parts)


def refused_by_system(error: OSError) -> RefusedFile:
    """The reason that an operating system's refusal amounts to."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return RefusedFile(Reason.DISK_FULL if full else Reason.UNREADABLE)


def below(folder: Path, relative: Sequence[str]) -> Path | None:
    """The file that a DICOMDIR names; None for a name that leads out of the medium or to nothing.

    Media are written in capitals (PS3.10 §8.2) and read on systems that care: the spelling on disk wins.
    """
    place = folder
    for part in relative:
        if part in {"", ".", ".."} or "/" in part or "\\" in part or ":" in part:
            return None
        exact = place / part
        if not exact.exists():
            try:
                matching = [item for item in place.iterdir() if item.name.lower() == part.lower()]
            except OSError:
                return None
            if not matching:
                return None
            exact = matching[0]
        place = exact
    return place if place.is_file() else None
