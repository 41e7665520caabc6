"""Opening a data folder: key, database, schema, capture guard, sealed files, runner."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from app.core.clock import Clock
from app.core.database import DATABASE_FILE, Database, connect
from app.core.errors import IntegrityFailure, NotFound, UsageError
from app.core.i18n import N_
from app.core.ids import new_id
from app.core.keys import KEY_IN_FILE, DataKey, Keyring, escrow, key_file_of, read_key, store_key
from app.core.sealed import SealedStore
from app.core.settings import SETTINGS
from app.journal import verify
from app.journal.anchors import is_contradicted, read_anchor
from app.journal.changes import ChangeSet
from app.journal.copies import must_be_here
from app.journal.discovery import load_slices
from app.journal.effects import TRAINING_KIND
from app.journal.operations import set_state, state
from app.journal.parking import replay_parked
from app.journal.projections import PROJECTIONS
from app.journal.queries import SYSTEM, Reading
from app.journal.refusals import in_sentences
from app.journal.runner import Authority, Place, Runner, Step
from app.journal.schema_steps import SCHEMA, bring_up_to_date
from app.journal.settings_store import value_of

KINDS: Final = ("clinic", "demo", "test")
TRAINING_MARK: Final = N_("Training: invented people, nothing is sent")
"""What stands on every screen and print of a training folder."""
SEALED_FOLDER: Final = "sealed"
ZONE_SETTING: Final = "clinic_time_zone"
"""The name of the clinic's setting that holds its IANA time zone."""
CUT: Final = N_("The journal is not the one that the anchor file remembers. “verify” says what is wrong.")


@dataclass(slots=True)
class Workplace:
    """An open data folder. `notices` are sentences (msgids with values) that the person should see."""

    folder: Path
    database: Database
    files: SealedStore
    clock: Clock
    runner: Runner
    kind: str
    device: str
    recovery_key: str = ""
    notices: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __enter__(self) -> Workplace:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def is_training(self) -> bool:
        """Whether every screen and print carries `TRAINING_MARK`, and nothing is sent."""
        return self.kind == TRAINING_KIND

    def close(self) -> None:
        """End the writer and close the database."""
        self.runner.close()
        self.database.close()

    def verify(self) -> verify.Report:
        """Check everything, without holding a write lock."""
        return verify_folder(self.folder, self.database, self.files, self.device)

    def rebuild(self, names: Collection[str] | None = None) -> dict[str, int]:
        """Compute projections again, all unless some are named; returns the rows of each."""
        built: dict[str, int] = {}

        def work(step: Step) -> ChangeSet:
            for name in PROJECTIONS if names is None else names:
                built[name] = PROJECTIONS[name].rebuild(Reading(step.connection, self.clock, SYSTEM))
            return ChangeSet(dict.fromkeys(built, frozenset({"*"})))

        self.runner.transact(work)
        return built


def verify_folder(folder: Path, database: Database, files: SealedStore, device: str) -> verify.Report:
    """The verification of a folder whose database is open."""
    report = verify.Report()
    anchor = None
    try:
        anchor = read_anchor(folder, database.key.derive("anchor"))
    except IntegrityFailure:
        report.add("anchor", "file", "was not written by this workstation")
    with in_sentences(), contextlib.closing(database.raw(read_only=True)) as run:
        verify.verify_triggers(run, report)
        verify.verify_open(run, report)
        verify.verify_chain(run, report, device)
        verify.check_anchor(run, anchor, report, device)
        verify.verify_access_log(run, report)
        verify.verify_tables(run, report)
        needed = must_be_here(run)
        verify.verify_files(run, report, lambda name: files.exists(name) or not needed(name))
    with database.readers.connect() as connection, connection.begin():  # one snapshot for both sides
        verify.verify_projections(Reading(connection, Clock(), SYSTEM), report)
    return report


def exists(folder: Path) -> bool:
    """Whether there is a database in this folder."""
    return (folder / DATABASE_FILE).exists()


def create_folder(folder: Path, kind: str, keyring: Keyring | None = None, recovery_key: str = "") -> str:
    """Make the folder, its key and an empty database; returns the recovery key, to be printed once.

    `recovery_key` is one that was printed before (`new_recovery_key`).
    """
    if kind not in KINDS:
        raise UsageError(N_("A folder is of the kind clinic, demo or test."))
    if exists(folder):
        raise UsageError(N_("There is already a database in this folder."))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise UsageError(N_("The folder {path} cannot be made."), path=str(folder)) from error
    key = DataKey.generate()
    store_key(folder, key, keyring)
    recovery_key = escrow(folder, key, recovery_key)
    load_slices()
    making = folder / f"{DATABASE_FILE}.new"
    for left in folder.glob(f"{making.name}*"):
        left.unlink()
    with contextlib.closing(connect(making, key, create=True)) as run:
        bring_up_to_date(run)
        run.execute("BEGIN IMMEDIATE")
        set_state(run, "device", new_id())
        set_state(run, "practice", new_id())
        set_state(run, "kind", kind)
        run.execute("COMMIT")
    making.replace(folder / DATABASE_FILE)  # whole or not at all: closing has emptied the log into it
    return recovery_key


def open_workplace(
    folder: Path,
    *,
    create: bool = False,
    kind: str = "clinic",
    clock: Clock | None = None,
    authority: Authority | None = None,
    repair: bool = True,
    keyring: Keyring | None = None,
) -> Workplace:
    """Open a folder; with `create`, make it first when it is not there. `NotFound` without a database.

    `repair=False` (verification) changes nothing: missing triggers stay missing.
    """
    recovery_key = ""
    if not exists(folder):
        if not create:
            raise NotFound(N_("data folder"), str(folder))
        recovery_key = create_folder(folder, kind, keyring)
    load_slices()
    key = read_key(folder, keyring)
    database = Database(folder / DATABASE_FILE, key)
    with contextlib.closing(database.raw(read_only=not repair)) as run:
        brought = bring_up_to_date(run, repair=repair)
        device, found_kind = state(run, "device") or "", state(run, "kind") or "clinic"
        cut = is_contradicted(run, folder, device, key.derive("anchor"))
    files = SealedStore(folder / SEALED_FOLDER, key.derive("sealed files"))
    clock = clock or Clock()
    place = Place(folder, device, SCHEMA, key.derive("anchor"), found_kind)
    runner = Runner(database, files, clock, place, authority)
    opened = Workplace(folder, database, files, clock, runner, found_kind, device, recovery_key)
    key_file = key_file_of(folder)
    if recovery_key and key_file is not None:
        opened.notices.append((KEY_IN_FILE, {"path": str(key_file)}))
    if cut:
        opened.notices.append((CUT, {}))
    if repair:
        runner.start()
        if brought.stale_projections:
            opened.rebuild(brought.stale_projections)
        replay_parked(runner)
        _tell_repairs(opened, brought.faults)
        _follow_time_zone(opened)
    return opened


def _follow_time_zone(opened: Workplace) -> None:
    """The clock's days are the clinic's: now, and after the setting changes on any workstation."""

    def follow(changes: ChangeSet | None = None) -> None:
        if ZONE_SETTING in SETTINGS and (changes is None or changes.touches({"clinic_setting"})):
            with opened.runner.read(SYSTEM) as read:
                opened.clock.zone = ZoneInfo(str(value_of(read, SETTINGS[ZONE_SETTING])))

    follow()
    opened.runner.subscribe(follow)


def _tell_repairs(opened: Workplace, faults: list[str]) -> None:
    if not faults:
        return
    names = ", ".join(fault.split()[-1] for fault in faults)
    opened.notices.append(
        (N_("The capture of changes was incomplete and has been repaired: {names}."), {"names": names})
    )
    opened.runner.access(SYSTEM, "capture_repaired", detail=names)


def fixed_clock(kind: str, at: datetime | None) -> Clock | None:
    """A clock that stands at `at`; refused outside demo and test folders."""
    if at is None:
        return None
    if kind == "clinic":
        raise UsageError(N_("The moment can only be chosen in a demo or test folder."))
    return Clock.fixed(at)


def kind_of(folder: Path, keyring: Keyring | None = None) -> str:
    """The kind of an existing folder."""
    database = Database(folder / DATABASE_FILE, read_key(folder, keyring))
    with contextlib.closing(database.raw(read_only=True)) as run:
        return state(run, "kind") or "clinic"
