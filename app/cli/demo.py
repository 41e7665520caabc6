"""The demonstration folder: an invented practice, the same for the same seed and instant.

Ids come from the seed while it is made, so that two folders of one seed and one instant hold the same synced state
(`digest`). What staff set up is made by their commands; the history of thousands of visits is filled in by operations
of 400 rows, which are captured, projected and checked by the rules like any other.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from app.access.authority import StaffAuthority
from app.access.commands import create_clinic, create_first_administrator, create_staff
from app.access.credentials import hasher, prepared
from app.cli.demo_people import HOUSEHOLDS, PASSWORD, PIN, fill_household
from app.cli.demonstration.clinic import Filling
from app.cli.demonstration.pictures import import_pictures
from app.cli.demonstration.practice import in_charge, make_setup, make_site, make_template
from app.cli.demonstration.rhythm import Rhythm
from app.cli.demonstration.shifts import make_closures
from app.cli.demonstration.staff import STAFF
from app.core import ids
from app.core.clock import Clock, to_millis
from app.core.i18n import N_
from app.core.ids import PatientId, StaffId
from app.core.secret import Secret
from app.journal.changes import ChangeSet
from app.journal.queries import NOBODY, Actor
from app.journal.runner import Bulk, Step
from app.journal.workplace import Workplace, open_workplace

PATIENTS: Final = 1500
"""Besides the families that are known by name."""
AT_ONE_CLINIC: Final = 1500
"""Patients for whom six chairs are enough; more of them have more clinics."""
HISTORY_OF_FURTHER: Final = 365
"""Days of visits that the further clinics of a large demonstration keep; the first one has three years."""
CACHE_KIB: Final = 512 * 1024
"""Pages that the writer keeps in memory while a large demonstration is made: beyond a few gigabytes each new row of an
index would else be a page read and deciphered again."""
SEED: Final = 7
PICTURED_FROM: Final = 500
"""Patients from which on a score of charts have images; a smaller demonstration has the first two charts only."""
NAMES: Final = ("Rosemont", "Ahuntsic", "Verdun", "Lachine", "Anjou", "Longueuil", "Laval", "Brossard", "Repentigny")


class Progress(Protocol):
    """Told what is being done: a msgid with its values."""

    def __call__(self, message: str, **values: Any) -> None: ...


class Stopped(Exception):
    """The making was cancelled."""


def make_demo(
    folder: Path,
    *,
    seed: int = SEED,
    at: datetime | None = None,
    patients: int = PATIENTS,
    progress: Progress = lambda message, **values: None,
) -> list[tuple[str, dict[str, str]]]:
    """Make the demonstration in a folder that holds no database yet: some seconds for each thousand of patients.

    Returns the notices of the opening (msgids with values), which the person should see. When it fails or is cancelled
    (Ctrl C), nothing of it stays in the folder.
    """
    instant = at or Clock().now()
    chance = random.Random(seed)
    ids.use_source(lambda: to_millis(instant), chance.getrandbits)
    stop = threading.Event()
    try:
        with _whole_or_nothing(folder), _opened(folder, instant, stop) as workplace:
            progress(N_("Inventing the staff"))
            manager, staff = _make_staff(workplace)
            known, others = _make_clinics(workplace, manager, staff, seed, patients, progress, stop)
            progress(N_("Importing the images"))
            import_pictures(workplace.runner, manager, known[:2], others, seed)
            return workplace.notices
    finally:
        ids.use_source()


@contextlib.contextmanager
def _opened(folder: Path, instant: datetime, stop: threading.Event) -> Iterator[Workplace]:
    """The folder, made; an interruption ends what the writer is doing before the folder is closed."""
    with open_workplace(
        folder, create=True, kind="demo", clock=Clock.fixed(instant), authority=StaffAuthority()
    ) as workplace:
        try:
            yield workplace
        except BaseException:
            stop.set()
            raise


@contextlib.contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[None]:
    """Take away what was made, and only that, when the making does not come to its end."""
    stood = folder.exists()
    before = set(folder.iterdir()) if stood else set()
    try:
        yield
    except BaseException:
        for made in set(folder.iterdir()) - before if folder.exists() else ():
            shutil.rmtree(made) if made.is_dir() else made.unlink(missing_ok=True)
        if not stood and folder.exists():
            folder.rmdir()
        raise


def _make_staff(workplace: Workplace) -> tuple[Actor, dict[str, StaffId]]:
    runner, first, password = workplace.runner, STAFF[0], prepared(Secret(PASSWORD))
    runner.run(NOBODY, create_first_administrator, first.username, first.display_name, password)
    manager = runner.actor(first.username)
    runner.run(manager, create_clinic, "Clinique d’orthodontie Rosemont")
    staff = {first.username: StaffId(manager.id)}

    def hire(bulk: Bulk) -> None:
        staff.update(_hire(bulk, 1, password))

    runner.bulk(manager, N_("Demonstration staff"), hire)
    runner.transact(_signs_in_at_once)
    return manager, staff


def _hire(bulk: Bulk, number: int, password: Secret) -> dict[str, StaffId]:
    """The people of a clinic besides its manager; those of further clinics carry its number."""
    found = {}
    for member in STAFF[1:]:
        username = member.username if number == 1 else f"{member.username}{number}"
        shown = member.display_name if number == 1 else f"{member.display_name} {number}"
        found[member.username] = bulk.run(
            create_staff, username, shown, [member.role], password, title=member.title, language=member.language
        )
    return found


def _remembers_more(step: Step) -> ChangeSet:
    """For this connection only: the next opening has the ordinary cache."""
    step.raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    return ChangeSet()


def _signs_in_at_once(step: Step) -> ChangeSet:
    """The password is on the screen: replacing it at the first sign-in would only be in the way."""
    now = to_millis(step.runner.clock.now())
    pin = hasher().hash(PIN)
    step.raw.execute("UPDATE credential SET must_change = 0, pin_hash = ?, pin_set_at = ?", (pin, now))
    step.wrote = True
    return ChangeSet()


def _make_clinics(
    workplace: Workplace,
    manager: Actor,
    staff: dict[str, StaffId],
    seed: int,
    count: int,
    progress: Progress,
    stop: threading.Event,
) -> tuple[list[PatientId], list[PatientId]]:
    """One clinic after the other, each in a commit of its own; returns those known by name, and who has images."""
    rhythm = Rhythm(workplace.clock.now(), workplace.clock.zone)
    clinics = max(1, -(-count // AT_ONE_CLINIC))
    known: list[PatientId] = []
    pictured: list[PatientId] = []
    number = 0

    def heed() -> None:
        if stop.is_set():
            raise Stopped

    if clinics > 1:
        workplace.runner.transact(_remembers_more)
    for clinic in range(1, clinics + 1):
        patients = count // clinics + (clinic <= count % clinics)
        progress(
            N_("Inventing clinic {clinic} of {clinics} with {patients} patients"),
            clinic=clinic, clinics=clinics, patients=patients,
        )  # fmt: skip

        def invent(bulk: Bulk, clinic: int = clinic, patients: int = patients, number: int = number) -> int:
            people = staff
            if clinic == 1:
                make_setup(bulk)
                make_closures(bulk, rhythm)
                known.extend(patient for home in HOUSEHOLDS for patient in fill_household(bulk, home))
            else:
                people = {
                    STAFF[0].username: staff[STAFF[0].username],
                    **_hire(bulk, clinic, prepared(Secret(PASSWORD))),
                }
            name = NAMES[(clinic - 1) % len(NAMES)] + (f" {clinic}" if clinic > len(NAMES) else "")
            site = make_site(bulk, clinic, f"Clinique {name}", name, people)
            make_template(bulk, site, rhythm)
            named = list(known) if clinic == 1 else []
            following = number if clinic > 1 else _next_number(bulk)
            filling = Filling(bulk, site, rhythm, random.Random(f"{seed}-{clinic}"), following, heed)
            filling.history = filling.history if clinic == 1 else HISTORY_OF_FURTHER
            following = filling.fill(patients, [str(patient) for patient in named])
            if clinic == 1 and count >= PICTURED_FROM:
                pictured.extend([*known[2:], *filling.shown[:8]])
            return following

        number = workplace.runner.bulk(in_charge(manager), N_("Demonstration families"), invent).result
    if clinics > 1:
        workplace.runner.transact(_signs_in_at_once)
    return known, pictured


def _next_number(bulk: Bulk) -> int:
    """The file number after those of the families that are known by name."""
    return int(bulk.step.raw.execute("SELECT max(CAST(file_number AS INTEGER)) FROM patient").fetchone()[0]) + 1
