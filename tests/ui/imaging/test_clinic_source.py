"""What the reading room is told of the clinic’s images: the sex of norms, the places of films, mirrors."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.ids import PatientId
from app.imaging.commands import create_mount, mirror_in_mount, put_in_mount, turn_in_mount
from app.imaging.importing import import_paths
from app.imaging.queries import InstanceId
from app.journal.queries import SYSTEM
from tests.app.imaging import samples
from ui.imaging.clinic_source import ClinicSource
from ui.imaging.film_places import FilmPlace
from ui.shell.window import Window
from viewer.model.hanging.choosing import choose, hang
from viewer.widgets import ViewKind


@pytest.fixture
def films(window: Window, rosalie: PatientId, tmp_path: Path) -> list[InstanceId]:
    """Four intraoral films of one study, which state nothing of their teeth, and one that states them."""
    for number in range(4):
        path = tmp_path / f"{number}.dcm"
        samples.dicom_file(
            path, f"2.25.77{number}", study="2.25.7", series="2.25.78", Modality="IO", shade=number, PatientSex="F"
        )
    report = import_paths(window.bench.runner, SYSTEM, [tmp_path], None, rosalie)
    return [item.instance_id for item in sorted(report.files, key=lambda one: one.name) if item.instance_id]


def source(window: Window, patient_id: PatientId) -> ClinicSource:
    return ClinicSource(window.bench.runner, SYSTEM, patient_id, "", lambda _value: None)


def test_films_hang_by_the_teeth_of_their_place_in_the_mount(
    window: Window, rosalie: PatientId, films: list[InstanceId]
) -> None:
    run = window.bench.runner.run
    mount = run(SYSTEM, create_mount, rosalie, "bitewings_4")
    for place, film in zip(("BW3", "BW1", "BW4", "BW2"), films, strict=True):
        run(SYSTEM, put_in_mount, mount, place, film)
    run(SYSTEM, turn_in_mount, mount, "BW1", 1)
    run(SYSTEM, mirror_in_mount, mount, "BW1", True)
    found = source(window, rosalie)
    catalogue = found.catalogue()
    items = {item.key: item for _study, item in catalogue.images()}
    assert {items[film].view for film in films} == {ViewKind.BITEWING}
    assert items[films[1]].teeth == (18, 17, 16, 48, 47, 46)
    assert (items[films[1]].quarter_turns, items[films[1]].mirrored) == (3, True)
    assert found.rendition(films[1], 800) is None, "the copies that are kept are not turned that way"
    assert found.rendition(films[0], 800) is not None
    protocol = choose(catalogue, "2.25.7")
    assert protocol.name == "bitewings4"
    assert [place.key for place in hang(protocol, catalogue, "2.25.7")] == [films[1], films[3], films[0], films[2]]


def test_the_sex_that_is_recorded_chooses_the_norms(
    window: Window, rosalie: PatientId, films: list[InstanceId]
) -> None:
    assert source(window, rosalie).catalogue().whose.sex == "F"


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        (FilmPlace((11,), ViewKind.PERIAPICAL, 1), (1, False), (2, False)),
        (FilmPlace((11,), ViewKind.PERIAPICAL, 0, True), (1, False), (3, True)),
        (FilmPlace((11,), ViewKind.PERIAPICAL, 1, True), (1, True), (0, False)),
    ],
)
def test_the_turn_of_the_mount_comes_after_that_of_the_image(
    place: FilmPlace, before: tuple[int, bool], after: tuple[int, bool]
) -> None:
    assert place.upright(*before) == after
