"""The worklist and performed steps, with DCMTK and pynetdicom as units."""

from __future__ import annotations

import re
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pynetdicom import build_context

from app.core.ids import PatientId
from app.gateway.queries import imaging_steps
from app.gateway.vocabulary import CharacterSet, StepState
from app.gateway.worklist import step_number, study_uid, worklist
from app.journal.workplace import Workplace
from app.patients.commands import create_patient
from app.practice.queries import equipment
from app.scheduling.commands import book_appointment, cancel_appointment
from sync.dicom.calling import Target, associate
from sync.dicom.characters import in_characters
from sync.dicom.contexts import EXPLICIT_LITTLE, PERFORMED_STEP
from tests.app.clinic_world import World, local
from tests.sync.dicom.peers import gateway, let_in, run

STEP_CLASS = PERFORMED_STEP


@pytest.fixture
def visits(world: World) -> list[str]:
    """Three visits of today, one of tomorrow, one that was cancelled."""
    names = (("Gagné", "Zoé"), ("Côté-L’Œuvre", "Noël"), ("Tremblay", "Élodie"))
    made = []
    for number, (family, given) in enumerate(names):
        patient: PatientId = world.run(create_patient, family, given, file_number=f"90{number}")
        made.append(world.run(book_appointment, patient, "ADJ", world.chairs[0], local(2026, 11, 24, 10 + number)))
    world.run(book_appointment, world.patients[0], "ADJ", world.chairs[0], local(2026, 11, 25, 10))
    gone = world.run(book_appointment, world.patients[1], "ADJ", world.chairs[1], local(2026, 11, 24, 14))
    world.run(cancel_appointment, gone)
    return made


def find(port: int, out: Path, *keys: str) -> list[Dataset]:
    """The answers of findscu."""
    out.mkdir(exist_ok=True)
    words = [word for key in keys for word in ("-k", key)]
    said = run("findscu", "-v", "-W", "-X", "-od", out, "-aet", "PANO", "-aec", "ARCHWIRE", *words, "127.0.0.1", port)
    assert said.returncode == 0, said.stderr
    return [pydicom.dcmread(path, force=True) for path in sorted(out.glob("*.dcm"))]


@pytest.mark.parametrize("characters", list(CharacterSet))
def test_the_patients_of_today_with_their_accents(
    workplace: Workplace, visits: list[str], tmp_path: Path, characters: CharacterSet
) -> None:
    let_in(workplace, character_set=characters)
    wanted = (
        "PatientName", "PatientID", "AccessionNumber", "StudyInstanceUID",
        "ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate=20261124",
        "ScheduledProcedureStepSequence[0].Modality", "ScheduledProcedureStepSequence[0].ScheduledProcedureStepID",
    )  # fmt: skip
    with gateway(workplace) as served:
        found = find(served.doors[0].port, tmp_path / "out", *wanted)
    told = {str(ds.PatientID): str(ds.PatientName) for ds in found}
    assert {ds.SpecificCharacterSet for ds in found} == {characters.value}
    assert told == {
        "900": "Gagné^Zoé",
        "901": in_characters("Côté-L’Œuvre^Noël", characters),
        "902": "Tremblay^Élodie",
    }
    (zoe,) = [ds for ds in found if ds.PatientID == "900"]
    assert zoe.AccessionNumber == step_number(visits[0])
    assert zoe.StudyInstanceUID == study_uid(visits[0])
    assert zoe.ScheduledProcedureStepSequence[0].Modality == "PX"


def test_keys_narrow_it_by_wildcard_and_without_accents(
    workplace: Workplace, visits: list[str], tmp_path: Path
) -> None:
    let_in(workplace)
    with gateway(workplace) as served:
        port = served.doors[0].port
        assert len(find(port, tmp_path / "a", "PatientName=TREMBLAY^ELODIE")) == 1
        assert len(find(port, tmp_path / "b", "PatientName=*gagne*")) == 1
        assert len(find(port, tmp_path / "c", "PatientName=nobody*")) == 0
        assert len(find(port, tmp_path / "d", f"AccessionNumber={step_number(visits[1])}")) == 1
        days = "ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate=20261124-20261125"
        assert len(find(port, tmp_path / "e", "PatientName", days)) == 4


def test_a_unit_reports_that_images_are_being_taken(workplace: Workplace, world: World, visits: list[str]) -> None:
    (pano,) = world.ask(equipment)
    let_in(workplace, equipment_id=pano.id)
    uid = "1.2.3.4.5"
    with gateway(workplace) as served:
        target = Target("127.0.0.1", served.doors[0].port, "ARCHWIRE", "PANO")
        assoc = associate(target, [build_context(STEP_CLASS, [EXPLICIT_LITTLE])])
        status, _made = assoc.send_n_create(begun(visits[0]), STEP_CLASS, uid)
        assert status.Status == 0x0000
        (step,) = world.ask(imaging_steps)
        assert (step.appointment_id, step.state) == (visits[0], StepState.IN_PROGRESS)
        assert step.equipment_id == pano.id
        assert assoc.send_n_create(begun(visits[0]), STEP_CLASS, uid)[0].Status == 0x0111
        assert assoc.send_n_set(ended(2), STEP_CLASS, "1.2.9.9")[0].Status == 0x0112
        assert assoc.send_n_set(ended(2), STEP_CLASS, uid)[0].Status == 0x0000
        assert assoc.send_n_set(ended(2), STEP_CLASS, uid)[0].Status == 0x0110
        assoc.release()
    assert world.ask(imaging_steps) == []
    (step,) = world.ask(imaging_steps, [visits[0]])
    assert (step.state, step.images) == (StepState.COMPLETED, 2)


def begun(appointment_id: str) -> Dataset:
    item, ds = Dataset(), Dataset()
    item.AccessionNumber, item.StudyInstanceUID = step_number(appointment_id), study_uid(appointment_id)
    ds.ScheduledStepAttributesSequence = [item]
    ds.PerformedProcedureStepStatus, ds.Modality = "IN PROGRESS", "PX"
    ds.PerformedProcedureStepID, ds.PerformedStationAETitle = "1", "PANO"
    return ds


def ended(images: int) -> Dataset:
    series, ds = Dataset(), Dataset()
    series.ReferencedImageSequence = [Dataset() for _ in range(images)]
    ds.PerformedSeriesSequence = [series]
    ds.PerformedProcedureStepStatus = "COMPLETED"
    return ds


def test_step_numbers_are_short_and_differ(world: World, visits: list[str]) -> None:
    numbers = {entry.number for entry in world.ask(worklist)}
    assert len(numbers) == 3
    assert all(re.fullmatch(r"A[0-9A-Z]{14}", number) for number in numbers)
