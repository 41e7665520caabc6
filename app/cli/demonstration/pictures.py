"""Images in the charts of a score of patients: each has copies of its own, with its own name, identifiers and dates.

The pixels are those of the few files of `resources/demo/images`; nothing but the header of a copy is written anew.
"""

from __future__ import annotations

import itertools
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_OID, uuid5

from app.core.errors import IntegrityFailure
from app.core.i18n import N_
from app.core.ids import PatientId
from app.imaging.importing import ImportReport, import_paths
from app.imaging.layouts import LAYOUTS
from app.imaging.mounting import create_mount, put_in_mount
from app.imaging.spatial import save_volume_plan, volumes_of
from app.imaging.vocabulary import MountId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.queries import PatientBanner, patient_banner

if TYPE_CHECKING:
    from pydicom.uid import UID

IMAGES: Final = Path(__file__).resolve().parents[3] / "resources" / "demo" / "images"
FIRST: Final = (("panoramic_initial.dcm", "cephalogram_simulated.dcm"), ("panoramic_in_treatment.dcm",))
"""The images of the first charts, as they are: real panoramics, and one simulated cephalogram."""
FULL_MOUTH: Final = "Série complète"
WITHOUT: Final = frozenset({"Rosalie"})
"""The chart in which a first image is put by whoever tries it."""
MOUNT: Final = "full_mouth_18"
BEFORE: Final = ("panoramic_second.dcm", "panoramic_third.dcm", "panoramic_fifth.dcm", "panoramic_initial.dcm")
DURING: Final = ("panoramic_fourth_in_treatment.dcm", "panoramic_in_treatment.dcm")
FILMS: Final = tuple(sorted(path.relative_to(IMAGES).as_posix() for path in (IMAGES / "full_mouth").glob("*.dcm")))
"""A full-mouth series of eighteen simulated films, each of which names its teeth."""
FILMED: Final = 3
"""Of those who have images, so many have it, laid into a mount."""
VOLUME: Final = "volume_simulated.dcm"
MODELS: Final = IMAGES.parent / "models"
"""Simulated study models, and how many days ago each was scanned."""
SCANS: Final = (("upper_initial.stl", 240), ("lower_initial.stl", 240), ("upper_progress.stl", 30))
PHOTOGRAPHS: Final = tuple(f"photograph_{view}.dcm" for view in ("front", "right", "left", "upper", "lower"))


@dataclass(frozen=True, slots=True)
class Sitting:
    """Images taken on one day."""

    days_ago: int
    description: str
    files: tuple[str, ...]


PROGRESS: Final = Sitting(120, "Photographies de progrès", PHOTOGRAPHS)
"""Of the first chart, which is the one of the pictures and of who tries the program."""


def sittings(place: int, chance: random.Random) -> Iterator[Sitting]:
    """What was taken of the patient at a place of the list."""
    began = chance.randrange(250, 600)
    ceph = ("cephalogram_simulated.dcm",) if place % 3 == 0 else ()
    photographs = PHOTOGRAPHS if place % 2 == 0 else ()
    yield Sitting(began, "Bilan orthodontique – départ", (BEFORE[place % len(BEFORE)], *ceph, *photographs))
    if place % 3 == 1:
        yield Sitting(began - 100, "Rétrocoronaire", ("bitewing_simulated.dcm",))
    if place < FILMED:
        yield Sitting(began - 30, FULL_MOUTH, FILMS)
    if place % 4 == 2:
        yield Sitting(began - 200, "Dossiers de progrès", (DURING[place % len(DURING)],))


def import_pictures(
    runner: Runner, actor: Actor, first: Sequence[PatientId], others: Sequence[PatientId], seed: int
) -> None:
    """Put the images into the charts; `others` is empty in a small demonstration, which has the first charts only.

    The copies bear file number and birth date, by which the import finds their charts as it does in a clinic.
    """
    for patient, names in zip(first, FIRST, strict=False):
        _all_of(import_paths(runner, actor, [IMAGES / name for name in names], None, patient_id=patient), len(names))
    chance = random.Random(seed)
    today = runner.clock.today()
    for patient in first[:1] if others else ():  # a small demonstration is made quickly
        _import_solids(runner, actor, patient, today)
    with tempfile.TemporaryDirectory() as folder:
        made = 0
        for place, patient in enumerate(others):
            whose = runner.ask(actor, patient_banner, patient)
            for sitting in sittings(place, chance) if whose.given_name not in WITHOUT else ():
                for name in sitting.files:
                    _copy(Path(folder), whose, name, sitting, today)
                    made += 1
        for patient in first[:1] if others else ():
            for name in PHOTOGRAPHS:
                _copy(Path(folder), runner.ask(actor, patient_banner, patient), name, PROGRESS, today)
                made += 1
        if made:
            _all_of(import_paths(runner, actor, [Path(folder)]), made)
    _mount_films(runner, actor)


def _import_solids(runner: Runner, actor: Actor, patient: PatientId, today: date) -> None:
    """The volume and the study models of one patient, each of its day."""
    _all_of(import_paths(runner, actor, [IMAGES / VOLUME], None, patient_id=patient), 1)
    drawn = (IMAGES.parent / "volume_plan.json").read_text(encoding="utf-8")
    for line in runner.ask(actor, volumes_of, patient):
        runner.run(actor, save_volume_plan, line.series_id, drawn)
    taken_on = {MODELS / name: today - timedelta(days=ago) for name, ago in SCANS}
    _all_of(import_paths(runner, actor, list(taken_on), None, patient_id=patient, taken_on=taken_on), len(SCANS))


def _mount_films(runner: Runner, actor: Actor) -> None:
    """Lay each full-mouth series into a mount: every film into the place of its teeth."""
    places = {position.teeth: position.key for position in LAYOUTS[MOUNT].positions}
    with runner.read(actor) as read:
        films = read.sql(
            "SELECT s.patient_id, i.id, i.teeth, i.acquired_on FROM instance i JOIN study s ON s.id = i.study_id"
            " WHERE s.description = :series AND s.patient_id IS NOT NULL ORDER BY s.patient_id, i.number",
            series=FULL_MOUTH,
        )
    for patient, series in itertools.groupby(films, key=lambda film: film[0]):
        mount: MountId | None = None
        with runner.group(actor, N_("Make a mount")) as group:
            for _patient, instance, teeth, taken in series:
                if mount is None:
                    mount = group.run(create_mount, patient, MOUNT, FULL_MOUTH, date.fromisoformat(taken))
                key = places[tuple(int(tooth) for tooth in teeth.split())]
                group.run(put_in_mount, mount, key, instance)


def _all_of(report: ImportReport, wanted: int) -> None:
    if report.imported != wanted:
        raise IntegrityFailure(N_("The demonstration’s images could not be imported."))


def _copy(folder: Path, whose: PatientBanner, source: str, sitting: Sitting, today: date) -> None:
    """The file with the patient’s own name, unique identifiers and the day of the sitting."""
    import pydicom

    image = pydicom.dcmread(IMAGES / source)
    on = (today - timedelta(days=sitting.days_ago)).strftime("%Y%m%d")
    image.SpecificCharacterSet = "ISO_IR 192"
    patient = str(whose.id)
    image.PatientName = f"{whose.family_name}^{whose.given_name}"
    image.PatientBirthDate = f"{whose.born_on:%Y%m%d}" if whose.born_on else ""
    image.PatientSex = ""
    image.PatientID = whose.file_number
    image.StudyDescription = sitting.description
    image.StudyDate = image.SeriesDate = image.ContentDate = image.AcquisitionDate = on
    image.StudyInstanceUID = _uid(patient, on)
    image.SeriesInstanceUID = _uid(patient, on, image.Modality, image.get("SeriesDescription", ""))
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = _uid(patient, on, source)
    image.save_as(folder / f"{whose.file_number}-{sitting.days_ago}-{Path(source).name}")


def _uid(*parts: str) -> UID:
    """A UID of the UUID form (PS3.5 §B.2) that follows from the parts."""
    from pydicom.uid import UID

    return UID(f"2.25.{uuid5(NAMESPACE_OID, '|'.join(parts)).int}")
