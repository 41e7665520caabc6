"""Making a backup while the clinic works: whole or not at all, read back before it counts.

Order: a copy of the database beside the others, of one moment → the sealed files that no copy has yet → everything
new is read back → the folder takes its name → the oldest go. Whatever ends it on the way, the copies of before are
whole; what was left is swept by the next.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.archives.generations import (
    FILES,
    HOST_KEY,
    MANIFEST,
    UNFINISHED,
    Generation,
    generations,
    house_of,
    key_id,
    pool_of,
    write_manifest,
)
from app.archives.server_folder import identity_of, wrapped
from app.core.clock import to_millis
from app.core.database import DATABASE_FILE, Database
from app.core.errors import ClinicError, IntegrityFailure, RuleViolation
from app.core.i18n import N_
from app.core.keys import RECOVERY_FILE, DataKey
from app.core.sealed import SealedReader, SealedStore
from app.journal.operations import state
from app.journal.workplace import SEALED_FOLDER

LOCK_FILE: Final = "backup.lock"
PIECE: Final = 1 << 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: what it is, how much of it is new (bytes), and the sealed files that were unreadable."""

    generation: Generation
    new_bytes: int
    damaged: tuple[str, ...] = ()
    hosted: tuple[Generation, ...] = ()
    """The practices of the server that this workstation hosts: they are part of its backup."""

    @property
    def size_bytes(self) -> int:
        """All of it, databases and sealed files."""
        return sum(it.database_bytes + it.sealed_bytes for it in (self.generation, *self.hosted))

    @property
    def files(self) -> int:
        """The sealed files of all of it."""
        return sum(it.files for it in (self.generation, *self.hosted))


def make_backup(
    folder: Path,
    database: Database,
    target: Path,
    *,
    now: datetime,
    kept: int,
    progress: Progress = lambda done, total: None,
    host: DataKey | None = None,
) -> Made:
    """Back a data folder up into `target` and keep the newest `kept` backups of it there.

    `host` is the key of the workstation that hosts the server whose folder this is: it then opens the backup too.
    Raises `RuleViolation` with a sentence when the place cannot be written, is full or is inside the data folder, and
    while another backup of this folder is being made; `IntegrityFailure` when what was written is not what is read.
    """
    _refuse(folder, target)
    with _alone(folder), _said(target):
        with contextlib.closing(database.raw(read_only=True)) as run:
            practice, device = state(run, "practice") or "", state(run, "device") or ""
        house = house_of(target, practice, device)
        house.mkdir(parents=True, exist_ok=True, mode=0o700)
        sweep(house)
        making = house / f"{UNFINISHED}-{secrets.token_hex(4)}"
        making.mkdir(mode=0o700)
        try:
            made = _fill(making, folder, database, now, progress, host)
            named = _take_name(making, house, now)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        _drop_old(house, kept)
        return replace(made, generation=replace(made.generation, folder=named))


def _refuse(folder: Path, target: Path) -> None:
    if not target.is_dir():
        raise RuleViolation(N_("The backup folder {path} is not there. Is its disk connected?"), path=str(target))
    if target.resolve() == folder.resolve() or folder.resolve() in target.resolve().parents:
        raise RuleViolation(N_("A backup inside the data folder would be lost with it."))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup of a folder at a time; the system lets go of the lock when the process ends, however it ends."""
    lock = sqlite3.connect(folder / LOCK_FILE, timeout=0, isolation_level=None)
    with contextlib.closing(lock):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise RuleViolation(N_("A backup of this workstation is being made already.")) from error
        yield


@contextlib.contextmanager
def _said(target: Path) -> Iterator[None]:
    """What the system refuses, in a sentence."""
    from sqlcipher3.dbapi2 import DatabaseError

    try:
        yield
    except ClinicError:
        raise
    except (OSError, DatabaseError) as error:
        full = "full" in str(error) or getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        if full:
            raise RuleViolation(
                N_("There is no room for the backup in {path}. The backups of before are whole."), path=str(target)
            ) from error
        raise RuleViolation(
            N_("The backup could not be written in {path}. The backups of before are whole."), path=str(target)
        ) from error


def sweep(house: Path) -> None:
    """Remove what backups left that did not come to their end."""
    for left in house.glob(f"{UNFINISHED}-*"):
        shutil.rmtree(left, ignore_errors=True)
    for pool in house.glob("sealed-*"):
        for left in pool.glob("??/.*"):
            left.unlink(missing_ok=True)


def _fill(
    making: Path, folder: Path, database: Database, now: datetime, progress: Progress, host: DataKey | None
) -> Made:
    copy, key = making / DATABASE_FILE, database.key
    head = _copy_database(database, copy)
    _copy_keys(making, folder, key, host)
    sealing = key.derive("sealed files")
    source = SealedStore(folder / SEALED_FOLDER, sealing)
    pool = SealedStore(pool_of(making.parent, key_id(key)), sealing)
    identity = pool.put(packed) if (packed := identity_of(folder)) else ""
    names = sorted({*source.names(), *([identity] if identity else [])})
    missing = [name for name in names if not pool.exists(name)]
    new_bytes, damaged = _copy_files(making, source, pool, missing, sealing, progress)
    whole = [name for name in names if pool.exists(name)]
    listed = "".join(f"{name}\n" for name in whole).encode("ascii")
    (making / FILES).write_bytes(listed)
    with contextlib.closing(database.raw(read_only=True)) as run:
        told = {name: state(run, name) or "" for name in ("practice", "device", "kind")}
    made = Generation(
        making, to_millis(now), told["practice"], told["device"], told["kind"], head[0], head[1], _sha256(copy),
        copy.stat().st_size, len(whole), hashlib.sha256(listed).hexdigest(),
        sum(pool.path(name).stat().st_size for name in whole), key_id(key), identity=identity,
    )  # fmt: skip
    made = write_manifest(made, key)
    for path in sorted(making.iterdir()):
        _make_durable(path)
    _make_durable(making)
    return Made(made, new_bytes + made.database_bytes, tuple(damaged))


def _copy_keys(making: Path, folder: Path, key: DataKey, host: DataKey | None) -> None:
    """The key of the folder, as it is wrapped for whoever may open the backup."""
    if (folder / RECOVERY_FILE).exists():
        shutil.copyfile(folder / RECOVERY_FILE, making / RECOVERY_FILE)
    if host is not None:
        (making / HOST_KEY).write_bytes(wrapped(key, host))


def _copy_files(
    making: Path, source: SealedStore, pool: SealedStore, missing: Sequence[str], sealing: bytes, progress: Progress
) -> tuple[int, list[str]]:
    """The sealed files that no backup has yet; returns their bytes, and those that are damaged here."""
    new_bytes, damaged = 0, []
    _refuse_without_room(making, sum(source.path(name).stat().st_size for name in missing if source.exists(name)))
    for number, name in enumerate(missing, 1):
        try:
            new_bytes += copy_sealed(source, pool, name, sealing)
        except IntegrityFailure:
            damaged.append(name)  # this one is damaged here: the others are kept all the same
        progress(number, len(missing))
    return new_bytes, damaged


def _copy_database(database: Database, copy: Path) -> tuple[int, int]:
    """A copy of one moment, page by page in one step: writers go on, rows keep their numbers.

    Returns the schema's number and the last operation, as read back from the copy.
    """
    import sqlcipher3.dbapi2 as sqlcipher

    target = sqlcipher.connect(str(copy), isolation_level=None)
    try:
        target.execute(f"PRAGMA key = \"x'{database.key.hex()}'\"")
        with contextlib.closing(database.raw(read_only=True)) as source:
            source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    finally:
        target.close()
    os.chmod(copy, 0o600)
    return check_database(copy, database.key)


def check_database(copy: Path, key: DataKey) -> tuple[int, int]:
    """Read a copied database through: every page's authentication, its structure, its journal's head.

    Returns (schema, last operation); `IntegrityFailure` when it is not whole.
    """
    import sqlcipher3.dbapi2 as sqlcipher

    try:
        run = sqlcipher.connect(f"file:{copy.as_posix()}?mode=ro&immutable=1", isolation_level=None, uri=True)
        with contextlib.closing(run):
            run.execute("PRAGMA cipher_log_level = NONE")
            run.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            bad = run.execute("PRAGMA cipher_integrity_check").fetchall()
            sound = run.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            head = run.execute("SELECT coalesce(max(n), 0) FROM operation WHERE hash IS NOT NULL").fetchone()[0]
            schema = int(state(run, "schema") or 0)
    except sqlcipher.DatabaseError as error:
        raise IntegrityFailure(N_("The copy of the database cannot be read back.")) from error
    if bad or not sound:
        raise IntegrityFailure(N_("The copy of the database cannot be read back."))
    return schema, int(head)


def copy_sealed(source: SealedStore, target: SealedStore, name: str, key: bytes) -> int:
    """Copy a sealed file as it is and read the copy back; returns its size in bytes, 0 when it was erased meanwhile.

    `IntegrityFailure`, and no copy, when what is read back is not what the name says.
    """
    path = target.path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{name}.{secrets.token_hex(4)}")
    try:
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(source.path(name), temporary)
            os.chmod(temporary, 0o600)
            _make_durable(temporary)
            check_sealed(temporary, name, key)
            size = temporary.stat().st_size
            temporary.replace(path)
            return size
    finally:
        temporary.unlink(missing_ok=True)
    return 0


def check_sealed(path: Path, name: str, key: bytes) -> None:
    """Read a sealed file through; `IntegrityFailure` when its bytes are not those that it is named for."""
    digest = hashlib.sha256()
    with SealedReader(path, key) as source:
        while piece := source.read(PIECE):
            digest.update(piece)
    if digest.hexdigest() != name:
        raise IntegrityFailure(N_("A sealed file is damaged."))


def _refuse_without_room(place: Path, wanted: int) -> None:
    """Before the first byte of the images, not in the middle of them."""
    free = shutil.disk_usage(place).free
    if wanted > free:
        raise OSError(errno.ENOSPC, "full")


def _take_name(making: Path, house: Path, now: datetime) -> Path:
    """The moment, and a number after it for the second of one second."""
    stem = now.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    for number in range(1, 1000):
        named = house / (stem if number == 1 else f"{stem}-{number}")
        if not named.exists():
            making.rename(named)
            _make_durable(house)
            return named
    raise RuleViolation(N_("A backup of this workstation is being made already."))


def _drop_old(house: Path, kept: int) -> None:
    """The oldest beyond the number go, and the sealed files that none of the others names."""
    found = generations(house)
    for old in found[kept:]:
        (old.folder / MANIFEST).unlink()  # from here on it is none: half a removal is never taken for a backup
        shutil.rmtree(old.folder, ignore_errors=True)
    wanted: dict[Path, set[str]] = {}
    for generation in found[:kept]:
        wanted.setdefault(generation.pool, set()).update(generation.names())
    for pool in house.glob("sealed-*"):
        for path in pool.glob("??/*"):
            if path.name not in wanted.get(pool, set()):
                path.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _make_durable(path: Path) -> None:
    """Wait until the disk has it; a folder only where the system lets one be opened (not on Windows)."""
    if path.is_dir() and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # a network folder that knows no such thing
            raise
    finally:
        os.close(descriptor)
