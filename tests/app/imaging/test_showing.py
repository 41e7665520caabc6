"""What screens are given: lists, thumbnails, previews, opened images and exports, with the access noted."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from app.core.errors import NotFound, PermissionDenied
from app.core.ids import PatientId
from app.imaging.commands import turn_image, withdraw_image, withdraw_study
from app.imaging.found import Upright
from app.imaging.importing import ImportReport
from app.imaging.model import Rendition
from app.imaging.permissions import VIEW_IMAGES
from app.imaging.pictures import _full
from app.imaging.queries import (
    export_original,
    full_rendition,
    images_of,
    instance_detail,
    open_image,
    original_of,
    preview,
    study_list,
    thumbnail,
)
from app.imaging.vocabulary import InstanceId
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace
from tests.app.imaging import samples
from viewer.pixels import open_image as decode

DATA = Path(__file__).parents[2] / "data"
Take = Callable[..., ImportReport]


def only(report: ImportReport) -> InstanceId:
    """The one image of an import."""
    (item,) = report.files
    assert item.instance_id is not None
    return item.instance_id


def picture(content: bytes | None) -> Image.Image:
    """A rendition, opened."""
    assert content is not None
    return Image.open(io.BytesIO(content))


def accesses(runner: Runner) -> list[tuple[str, str | None]]:
    """Kind and subject of what the access log holds."""
    runner.flush()
    with runner.read(SYSTEM) as read:
        return [tuple(row) for row in read.sql("SELECT kind, subject FROM access_log ORDER BY n")]


@pytest.mark.parametrize("name", ["photos/front.jpg", "dicom/derived/px_mono1_no_spacing_jpegll.dcm"])
def test_thumbnail_and_preview_are_small_and_sealed(workplace: Workplace, boss: Actor, take: Take, name: str) -> None:
    instance_id = only(take(DATA / name))
    small, large = (make(workplace.runner, boss, instance_id) for make in (thumbnail, preview))
    assert max(picture(small).size) == 200
    assert max(picture(large).size) == 800
    assert len(small or b"") <= 50 * 1024
    assert len(large or b"") <= 200 * 1024


REAL = (
    "photos/front.jpg", "photos/small.heif", "dicom/derived/px_mono1_no_spacing_jpegll.dcm",
    "dicom/derived/vl_photo_front.dcm", "dicom/derived/ct_enhanced_multiframe_j2k.dcm", "dicom/highdicom/dx_image.dcm",
    "dicom/pydicom/CT_small.dcm",
)  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_the_three_renditions_of_real_files_keep_their_limits(
    runner: Runner, boss: Actor, take: Take, name: str
) -> None:
    instance_id = only(take(DATA / name))
    detail = runner.ask(boss, instance_detail, instance_id)
    made = [picture(make(runner, boss, instance_id)) for make in (thumbnail, preview, full_rendition)]
    limits = ((200, 50 << 10), (800, 200 << 10), (1 << 16, 2 << 20))
    for image, (side, cap) in zip(made, limits, strict=True):
        assert max(image.size) <= side
        assert image.fp is not None
        assert image.fp.seek(0, io.SEEK_END) <= cap
        assert image.format == ("PNG" if image.mode == "L" else "JPEG")
        if image.format == "PNG":
            assert image.info["transparency"] == 0
    assert sorted(made[2].size) == sorted((detail.image.columns, detail.image.rows)), "with every pixel"


def test_what_is_no_picture_is_transparent_and_what_is_black_is_not(
    runner: Runner, boss: Actor, take: Take, given: Path
) -> None:
    path = samples.dicom_file(
        given / "a.dcm", "1.1", ShutterShape="RECTANGULAR", ShutterLeftVerticalEdge=5, ShutterRightVerticalEdge=24,
        ShutterUpperHorizontalEdge=1, ShutterLowerHorizontalEdge=16,
    )  # fmt: skip
    shown = picture(full_rendition(runner, boss, only(take(path)))).convert("RGBA")
    alpha = np.asarray(shown)[..., 3]
    assert (alpha[:, :3] == 0).all()
    assert (alpha[:, 6:] == 255).all()


def test_a_full_rendition_is_made_smaller_rather_than_coarser(tmp_path: Path) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (1800, 2400, 3), np.uint8)
    for values in (noise, noise[..., 0]):
        made = _full(Image.fromarray(np.ascontiguousarray(values)))
        assert 1 << 20 < len(made.content) <= 2 << 20
        assert made.media_type == "image/jpeg"
        opened = picture(made.content)
        assert opened.size == made.size
        assert opened.size[0] < 2400
        tables = opened.quantization
        best = picture(samples.encoded(Image.new("L", (8, 8)), "JPEG", quality=85))
        assert tables[0] == best.quantization[0]


def test_a_grey_thumbnail_is_a_png(runner: Runner, boss: Actor, take: Take, given: Path) -> None:
    instance_id = only(take(samples.dicom_file(given / "a.dcm", "1.1")))
    assert picture(thumbnail(runner, boss, instance_id)).format == "PNG"
    assert picture(thumbnail(runner, boss, instance_id)).size == (24, 16), "an image is never enlarged"


def test_an_x_ray_is_shown_bright_where_it_is_dense(runner: Runner, boss: Actor, take: Take, given: Path) -> None:
    instance_id = only(take(samples.dicom_file(given / "a.dcm", "1.1")))
    shown = np.asarray(picture(preview(runner, boss, instance_id)), int)
    assert shown[-1, -1] > shown[0, 0] + 100


def test_what_has_no_picture_has_no_thumbnail(runner: Runner, boss: Actor, take: Take) -> None:
    assert thumbnail(runner, boss, only(take(DATA / "mesh" / "unit_cube.stl"))) is None


def test_a_lost_rendition_is_made_again(workplace: Workplace, boss: Actor, take: Take) -> None:
    runner = workplace.runner
    instance_id = only(take(DATA / "photos" / "front.jpg"))
    first = preview(runner, boss, instance_id)
    with runner.read(SYSTEM) as read:
        names = [row[0] for row in read.sql(f"SELECT sha256 FROM {Rendition.__tablename__}")]
    for name in names:
        workplace.files.remove(name)
    assert preview(runner, boss, instance_id) == first
    assert workplace.verify().sound


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photograph_is_shown_upright(runner: Runner, boss: Actor, take: Take, given: Path, orientation: int) -> None:
    (given / "a.jpg").write_bytes(samples.turned_jpeg(orientation))
    instance_id = only(take(given / "a.jpg"))
    shown = picture(thumbnail(runner, boss, instance_id)).convert("L")
    bright = {1: (2, 2), 3: (37, 21), 6: (21, 2), 8: (2, 37)}[orientation]
    assert shown.getpixel(bright) > 200
    assert shown.size == ((40, 24) if orientation in {1, 3} else (24, 40))


def test_turning_and_mirroring_add_to_what_is_shown(runner: Runner, boss: Actor, take: Take, given: Path) -> None:
    (given / "a.jpg").write_bytes(samples.turned_jpeg(6))
    instance_id = only(take(given / "a.jpg"))
    before = np.asarray(picture(thumbnail(runner, boss, instance_id)).convert("L"), int)
    runner.run(boss, turn_image, instance_id)
    turned = np.asarray(picture(thumbnail(runner, boss, instance_id)).convert("L"), int)
    assert np.abs(turned - np.rot90(before, -1)).mean() < 6
    runner.run(boss, turn_image, instance_id, 0, mirror=True)
    mirrored = np.asarray(picture(thumbnail(runner, boss, instance_id)).convert("L"), int)
    assert np.abs(mirrored - turned[:, ::-1]).mean() < 6
    done = runner.submit(boss, turn_image, instance_id, 2).result()
    runner.undo(boss, done.operation_id)
    undone = np.asarray(picture(thumbnail(runner, boss, instance_id)).convert("L"), int)
    assert (undone == mirrored).all()
    image = runner.ask(boss, instance_detail, instance_id).image
    opened = open_image(runner, boss, instance_id)
    assert opened.upright == Upright(image.quarter_turns, image.mirrored)


@pytest.mark.parametrize("name", ["photos/front.jpg", "photos/small.heif", "dicom/pydicom/CT_small.dcm"])
def test_an_image_opens_as_dicom_and_the_opening_is_noted(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, name: str
) -> None:
    instance_id = only(take(DATA / name, patient_id=noemie))
    opened = open_image(runner, boss, instance_id)
    assert opened.patient_id == noemie
    ds = pydicom.dcmread(io.BytesIO(opened.dicom))
    assert ds.SOPInstanceUID == opened.sop_instance_uid
    with decode(opened.dicom) as source:
        assert source.frame(0).values.size > 0
    assert ("open", noemie) in accesses(runner)


@pytest.mark.parametrize("name", ["mesh/fuze.ply", "mesh/unit_cube.stl"])
def test_a_model_opens_as_an_encapsulated_document(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, name: str
) -> None:
    instance_id = only(take(DATA / name, patient_id=noemie))
    ds = pydicom.dcmread(io.BytesIO(open_image(runner, boss, instance_id).dicom))
    assert ds.MIMETypeOfEncapsulatedDocument == "model/stl"
    assert ds.PatientName == "Côté-Lévesque^Noémie"
    exported = export_original(runner, boss, instance_id)
    assert (exported.name, exported.content) == (Path(name).name, (DATA / name).read_bytes())
    assert ("export", noemie) in accesses(runner)


def test_who_may_not_see_sees_nothing_and_what_is_withdrawn_does_not_open(
    runner: Runner, boss: Actor, take: Take
) -> None:
    report = take(DATA / "photos" / "front.jpg")
    instance_id = only(report)
    stranger, viewer = Actor("x", "X"), Actor("y", "Y", frozenset({VIEW_IMAGES.name}))
    for door in (open_image, thumbnail, preview, export_original):
        with pytest.raises(PermissionDenied):
            door(runner, stranger, instance_id)
    assert open_image(runner, viewer, instance_id).dicom
    with pytest.raises(PermissionDenied):
        export_original(runner, viewer, instance_id)
    runner.run(boss, withdraw_image, instance_id)
    for door in (open_image, thumbnail):
        with pytest.raises(NotFound):
            door(runner, boss, instance_id)
    with pytest.raises(NotFound):
        runner.ask(boss, instance_detail, InstanceId("nothing"))
    assert runner.ask(boss, original_of, "1.2.3.404") is None


def test_series_and_images_stand_in_their_order(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, given: Path
) -> None:
    for number in (3, 1, 2):
        samples.dicom_file(
            given / f"a{number}.dcm", f"1.1.{number}", series="1.2.3.1", SeriesNumber=2, InstanceNumber=number
        )
    samples.dicom_file(given / "b.dcm", "1.2.1", series="1.2.3.2", SeriesNumber=1, Modality="PX")
    samples.dicom_file(given / "c.dcm", "1.3.1", study="1.2.4", series="1.2.4.1", StudyDate="20270101")
    take(given, patient_id=noemie)
    newest, older = runner.ask(boss, images_of, noemie)
    assert newest.study_instance_uid == "1.2.4"
    assert [series.modality for series in older.series] == ["PX", "DX"]
    assert [image.number for image in older.series[1].images] == [1, 2, 3]


def test_studies_are_listed_by_page_and_filter(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, given: Path
) -> None:
    for number in range(5):
        uid = f"1.2.{number}"
        more = {"StudyDate": f"2026010{number + 1}", "StudyDescription": f"Bilan {number}"}
        modality = "PX" if number == 4 else "DX"
        path = given / f"{number}.dcm"
        samples.dicom_file(path, f"{uid}.1.1", study=uid, series=f"{uid}.1", Modality=modality, **more)
    take(given / "4.dcm", patient_id=noemie)
    take(given)
    page = runner.ask(boss, study_list, limit=2)
    assert (page.total, [line.description for line in page.lines]) == (5, ["Bilan 4", "Bilan 3"])
    rest = runner.ask(boss, study_list, offset=2, limit=2)
    assert [line.description for line in rest.lines] == ["Bilan 2", "Bilan 1"]
    (mine,) = runner.ask(boss, study_list, text="noemie Bilan").lines
    assert (mine.patient_name, mine.modalities, mine.images) == ("Côté-Lévesque Noémie", ("PX",), 1)
    assert mine.first_image is not None
    assert runner.ask(boss, study_list, modality="DX").total == 4
    assert runner.ask(boss, study_list, text="100%").total == 0
    assert runner.run(boss, withdraw_study, mine.study_id) == 0
    assert runner.ask(boss, study_list).total == 4
