"""The demonstration folder: an invented practice, the same for the same seed and instant.

Everything in it is made by running the commands that staff run. Ids come from the seed while it is made, so that two
folders of one seed and one instant hold the same synced state (`digest`).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from app.access.authority import StaffAuthority
from app.access.commands import create_clinic, create_first_administrator, create_staff
from app.access.credentials import hasher, prepared
from app.cli.demo_people import HOUSEHOLDS, PASSWORD, PIN, fill_household
from app.cli.demonstration.clinic import Filling
from app.cli.demonstration.practice import in_charge, make_setup, make_site, make_template
from app.cli.demonstration.rhythm import Rhythm
from app.cli.demonstration.shifts import make_closures
from app.cli.demonstration.staff import STAFF
from app.core import ids
from app.core.clock import Clock, to_millis
from app.core.errors import IntegrityFailure
from app.core.i18n import N_
from app.core.ids import PatientId, StaffId
from app.core.secret import Secret
from app.imaging.importing import import_paths
from app.journal.changes import ChangeSet
from app.journal.queries import NOBODY, Actor
from app.journal.runner import Bulk, Step
from app.journal.workplace import Workplace, open_workplace

IMAGES: Final = Path(__file__).resolve().parents[2] / "resources" / "demo" / "images"
XRAYS: Final = (("panoramic_initial.dcm", "cephalogram_simulated.dcm"), ("panoramic_in_treatment.dcm",))
"""The images of the first charts, in order: real panoramics, and one simulated cephalogram."""
PATIENTS: Final = 1500
"""Besides the families that are known by name."""
SEED: Final = 7
Progress = Callable[[str], None]


def make_demo(
    folder: Path,
    *,
    seed: int = SEED,
    at: datetime | None = None,
    patients: int = PATIENTS,
    progress: Progress = lambda text: None,
) -> list[tuple[str, dict[str, str]]]:
    """Make the demonstration in a folder that holds no database yet; takes some seconds.

    Returns the notices of the opening (msgids with values), which the person should see.
    """
    instant = at or Clock().now()
    chance = random.Random(seed)
    ids.use_source(lambda: to_millis(instant), chance.getrandbits)
    try:
        clock = Clock.fixed(instant)
        with open_workplace(folder, create=True, kind="demo", clock=clock, authority=StaffAuthority()) as workplace:
            progress(N_("Inventing the staff"))
            manager, staff = _make_staff(workplace)
            made = _make_clinic(workplace, manager, staff, random.Random(seed), patients, progress)
            progress(N_("Importing the X-rays"))
            _import_images(workplace, manager, made)
            return workplace.notices
    finally:
        ids.use_source()


def _make_staff(workplace: Workplace) -> tuple[Actor, dict[str, StaffId]]:
    runner, first, password = workplace.runner, STAFF[0], prepared(Secret(PASSWORD))
    runner.run(NOBODY, create_first_administrator, first.username, first.display_name, password)
    manager = runner.actor(first.username)
    runner.run(manager, create_clinic, "Clinique d’orthodontie Rosemont")
    staff = {first.username: StaffId(manager.id)}
    for member in STAFF[1:]:
        names, held = (member.username, member.display_name), [member.role]
        staff[member.username] = runner.run(
            manager, create_staff, *names, held, password, title=member.title, language=member.language
        )
    runner.transact(_signs_in_at_once)
    return manager, staff


def _signs_in_at_once(step: Step) -> ChangeSet:
    """The password is on the screen: replacing it at the first sign-in would only be in the way."""
    now = to_millis(step.runner.clock.now())
    pin = hasher().hash(PIN)
    step.raw.execute("UPDATE credential SET must_change = 0, pin_hash = ?, pin_set_at = ?", (pin, now))
    step.wrote = True
    return ChangeSet()


def _make_clinic(
    workplace: Workplace,
    manager: Actor,
    staff: dict[str, StaffId],
    chance: random.Random,
    count: int,
    progress: Progress,
) -> list[PatientId]:
    rhythm = Rhythm(workplace.clock.now(), workplace.clock.zone)

    def invent(bulk: Bulk) -> list[PatientId]:
        progress(N_("Setting up the practice"))
        make_setup(bulk)
        make_closures(bulk, rhythm)
        site = make_site(bulk, 1, "Clinique Rosemont", "Rosemont", staff)
        make_template(bulk, site, rhythm)
        progress(N_("Inventing the families"))
        known = [patient for home in HOUSEHOLDS for patient in fill_household(bulk, home)]
        Filling(bulk, site, rhythm, chance, len(known) + 1).fill(count, list(known))
        return known

    return workplace.runner.bulk(in_charge(manager), N_("Demonstration families"), invent).result


def _import_images(workplace: Workplace, manager: Actor, patients: list[PatientId]) -> None:
    for patient, names in zip(patients, XRAYS, strict=False):
        report = import_paths(workplace.runner, manager, [IMAGES / name for name in names], None, patient_id=patient)
        if report.imported != len(names):
            raise IntegrityFailure(N_("The demonstration’s X-rays could not be imported."))
