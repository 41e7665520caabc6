"""What two workstations did apart and only people can decide, beyond the double booking: merges, and images."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pydicom
import pytest

from app.core.ids import PatientId
from app.imaging.importing import import_paths
from app.imaging.sweeping import named_files
from app.journal.queries import SYSTEM
from app.patients.commands import create_patient, merge_patients
from tests.sync.served import Chairs

XRAY = Path(__file__).parents[1] / "data" / "dicom" / "derived" / "vl_photo_front.dcm"


pytestmark = pytest.mark.usefixtures("import_workers")


def meet(chairs: Chairs) -> None:
    for name in ("A", "B", "A", "B"):
        assert chairs.sync(name).done
    assert len(chairs.digests()) == 1


def conflicts(chairs: Chairs) -> list[tuple[str, str]]:
    found = [sorted(chairs.rows(name, "SELECT kind, row_id FROM conflict WHERE state = 'open'")) for name in "AB"]
    assert found[0] == found[1]
    return [(str(kind), str(row)) for kind, row in found[0]]


def charts(chairs: Chairs) -> list[PatientId]:
    made = [chairs.run("A", create_patient, "Lavoie", name) for name in ("Olivia", "Olivia B.", "O.")]
    meet(chairs)
    return made


def test_a_chart_merged_into_two_others_is_told(chairs: Chairs) -> None:
    one, two, three = charts(chairs)
    chairs.run("A", merge_patients, one, three)
    chairs.run("B", merge_patients, two, three)
    meet(chairs)
    assert conflicts(chairs) == [("merged_twice", three)]


def test_charts_merged_crosswise_are_told(chairs: Chairs) -> None:
    one, two, _three = charts(chairs)
    chairs.run("A", merge_patients, one, two)
    chairs.run("B", merge_patients, two, one)
    meet(chairs)
    assert [kind for kind, _row in conflicts(chairs)] == ["merged_twice"]


def test_one_merge_made_twice_is_no_conflict(chairs: Chairs) -> None:
    one, two, _three = charts(chairs)
    for name in "AB":
        chairs.run(name, merge_patients, one, two)
    meet(chairs)
    assert conflicts(chairs) == []


def test_other_pixels_under_one_uid_are_told_and_both_kept(chairs: Chairs, tmp_path: Path) -> None:
    patient = chairs.run("A", create_patient, "Côté-Lévesque", "Noémie", date(2011, 2, 14), file_number="SIM-0001")
    meet(chairs)
    other = tmp_path / "other.dcm"
    changed = pydicom.dcmread(XRAY)
    changed.PatientComments = "another exposure"
    changed.save_as(other)
    for name, path in (("A", XRAY), ("B", other)):
        report = import_paths(chairs.places[name].runner, chairs.boss, [path], patient_id=patient)
        assert report.imported == 1, report
    ((kept,),) = chairs.rows("B", "SELECT sha256 FROM instance")
    assert chairs.rows("A", "SELECT sha256 FROM instance") != [(kept,)]
    meet(chairs)
    assert [kind for kind, _row in conflicts(chairs)] == ["other_pixels"]
    assert chairs.rows("B", "SELECT sha256 FROM instance") == chairs.rows("S", "SELECT sha256 FROM instance")
    place = chairs.places["B"]
    with place.runner.read(SYSTEM) as read:
        assert kept in named_files(read), "the second image is not swept away"
    place.files.sweep(frozenset({kept}), older_than=timedelta(0))
    assert place.files.exists(str(kept))
