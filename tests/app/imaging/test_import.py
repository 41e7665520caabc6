"""Importing: every kind of file, once and twice, damaged, in archives, cancelled, undone, withdrawn, erased."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pydicom
import pytest

from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.core.ids import PatientId, derived_id
from app.imaging import importing, workers
from app.imaging.commands import discard_old_quarantined, discard_quarantined, restore_image, withdraw_image
from app.imaging.found import Limits
from app.imaging.importing import ImportReport, import_paths
from app.imaging.indexing import Outcome
from app.imaging.queries import images_of, instance_detail, original_of, quarantined_images, study_list
from app.imaging.sweeping import named_files, sweep
from app.imaging.vocabulary import InstanceId, Match, Reason, StudyId
from app.journal.changes import ChangeSet
from app.journal.erasure import erase_subject
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Runner, Step
from app.journal.workplace import Workplace
from app.patients.commands.patients import withdraw_patient
from tests.app.imaging import faulty, samples

DATA = Path(__file__).parents[2] / "data"
DERIVED = DATA / "dicom" / "derived"
Take = Callable[..., ImportReport]
CLEAR = (b"DICM", b"JFIF", b"Exif", b"IHDR", b"%PDF", b"ftypheic", b"SIM-0001", "Noémie".encode(), b"facet normal")


def reasons(report: ImportReport) -> dict[str, Reason]:
    """Why each refused file was refused."""
    return {item.name: item.reason for item in report.files if item.reason is not None}


def files_of(workplace: Workplace) -> set[str]:
    """The sealed files that are there."""
    return set(workplace.files.names())


def test_every_transfer_syntax_is_taken_in_and_given_back_byte_for_byte(
    workplace: Workplace, boss: Actor, take: Take
) -> None:
    folders = [DATA / "dicom" / name for name in ("dicomparser", "highdicom", "pydicom-data")]
    report = take(*folders)
    paths = [path for folder in folders for path in folder.iterdir()]
    assert report.total == len(paths) == report.imported + report.already + report.refused
    assert set(reasons(report).values()) <= {Reason.OTHER_BYTES}, "one CT in several compressions has one UID"
    by_name = {item.name: item for item in report.files}
    for path in paths:
        item = by_name[path.name]
        if item.outcome is Outcome.IMPORTED:
            found = workplace.runner.ask(boss, original_of, item.sop_instance_uid)
            assert found is not None
            assert workplace.files.read(found.sha256) == path.read_bytes()
            assert found.name == path.name
    assert workplace.verify().sound


def test_each_kind_of_file_is_taken_in_for_a_patient(
    workplace: Workplace, boss: Actor, take: Take, noemie: PatientId, given: Path
) -> None:
    (given / "rapport.pdf").write_bytes(samples.PDF)
    (given / "scan.obj").write_bytes(samples.OBJ)
    (given / "profile.png").write_bytes(samples.encoded(samples.corner_picture(), "PNG"))
    (given / "profile.tif").write_bytes(samples.encoded(samples.corner_picture("L"), "TIFF"))
    (given / "note.txt").write_text("not an image")
    paths = [DATA / "photos" / "front.jpg", DATA / "photos" / "small.heif", DATA / "mesh" / "fuze.ply", given]
    paths += [DATA / "mesh" / "unit_cube.stl", DERIVED / "vl_photo_front.dcm"]
    report = take(*paths, patient_id=noemie)
    assert reasons(report) == {"note.txt": Reason.NOT_SUPPORTED}
    assert (report.imported, report.refused) == (9, 1)
    studies = workplace.runner.ask(boss, images_of, noemie)
    kinds = {image.original_kind for study in studies for series in study.series for image in series.images}
    assert kinds == {"jpeg", "heic", "ply", "pdf", "obj", "png", "tiff", "stl", "dicom"}
    assert {series.modality for study in studies for series in study.series} == {"XC", "DOC", "M3D"}
    assert {study.match for study in studies} == {Match.ASSIGNED}
    for item in report.files:
        if item.outcome is Outcome.IMPORTED:
            found = workplace.runner.ask(boss, original_of, item.sop_instance_uid)
            path = next(path for path in (*paths, *given.iterdir()) if path.name == item.name)
            assert found is not None
            assert workplace.files.read(found.sha256) == path.read_bytes()
    assert workplace.verify().sound


def test_nothing_lies_in_clear_under_the_folder(workplace: Workplace, take: Take, noemie: PatientId) -> None:
    take(DATA / "photos", DATA / "mesh", DERIVED / "vl_photo_front.dcm", patient_id=noemie)
    workplace.runner.flush()
    for path in workplace.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not content.startswith((b"\xff\xd8\xff", b"\x89PNG")), path
            assert content[128:132] != b"DICM", path
            assert not [word for word in CLEAR if len(word) > 4 and word in content], path


def test_the_same_files_again_add_nothing(workplace: Workplace, take: Take, noemie: PatientId) -> None:
    paths = (DATA / "photos", DATA / "mesh", DERIVED)
    first = take(*paths, patient_id=noemie)
    before = files_of(workplace)
    again = take(*paths, patient_id=noemie)
    assert (again.imported, again.already) == (0, first.imported)
    assert again.refused == first.refused
    assert files_of(workplace) == before
    aside = workplace.runner.ask(SYSTEM, quarantined_images)
    assert len(aside) == first.refused, "a file that is refused twice is listed once"


def test_photographs_of_nobody_are_known_again(take: Take) -> None:
    assert take(DATA / "photos").imported == 2
    assert take(DATA / "photos").already == 2


def test_an_unmatched_photograph_goes_into_the_chart_that_is_named_later(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, jerome: PatientId
) -> None:
    take(DATA / "photos" / "front.jpg")
    assert take(DATA / "photos" / "front.jpg", patient_id=noemie).already == 1
    assert len(runner.ask(boss, images_of, noemie)) == 1
    refused = take(DATA / "photos" / "front.jpg", patient_id=jerome)
    assert reasons(refused) == {"front.jpg": Reason.OTHER_CHART}
    assert runner.ask(boss, images_of, jerome) == ()


def test_damaged_files_are_named_and_stop_nothing(workplace: Workplace, boss: Actor, take: Take, given: Path) -> None:
    good = samples.dicom_file(given / "good.dcm", "1.2.3.4.5")
    (given / "cut.dcm").write_bytes(good.read_bytes()[:-200])
    (given / "empty.dcm").write_bytes(b"")
    (given / "photo.jpg").write_bytes((DATA / "photos" / "front.jpg").read_bytes()[:9000])
    (given / "archive.zip").write_bytes(b"PK\x03\x04 rubbish")
    samples.report_without_uid(given / "nameless.dcm")
    report = take(given, given / "gone.dcm")
    assert reasons(report) == {
        "cut.dcm": Reason.DAMAGED_PIXELS,
        "empty.dcm": Reason.EMPTY,
        "photo.jpg": Reason.DAMAGED_PIXELS,
        "archive.zip": Reason.ARCHIVE_DAMAGED,
        "nameless.dcm": Reason.NO_IDENTIFIER,
        "gone.dcm": Reason.UNREADABLE,
    }
    assert all(item.sentence for item in report.files if item.reason)
    assert report.imported == 1
    listed = workplace.runner.ask(boss, quarantined_images)
    assert {(line.received_file, line.reason) for line in listed} == set(reasons(report).items())
    assert not any(line.kept for line in listed), "nobody's bytes are kept without need"
    assert workplace.verify().sound


@pytest.mark.parametrize("name", ["malformed", "pydicom"])
def test_malformed_files_are_each_accounted_for(workplace: Workplace, take: Take, name: str) -> None:
    report = take(DATA / "dicom" / name)
    count = len(list((DATA / "dicom" / name).iterdir()))
    assert report.total == count == len(report.files)
    assert report.imported + report.already + report.refused == count
    assert workplace.verify().sound


def test_another_image_under_the_same_uid_is_kept_aside(
    workplace: Workplace, boss: Actor, take: Take, given: Path
) -> None:
    first = samples.dicom_file(given / "a.dcm", "1.2.3.4.5")
    other = samples.dicom_file(given / "b.dcm", "1.2.3.4.5", shade=7)
    report = take(first, other)
    assert reasons(report) == {"b.dcm": Reason.OTHER_BYTES}
    found = workplace.runner.ask(boss, original_of, "1.2.3.4.5")
    assert found is not None
    assert workplace.files.read(found.sha256) == first.read_bytes()
    (line,) = workplace.runner.ask(boss, quarantined_images)
    assert line.kept
    sealed = hashlib.sha256(other.read_bytes()).hexdigest()
    assert workplace.files.read(sealed) == other.read_bytes()
    workplace.runner.run(boss, discard_quarantined, line.quarantine_id)
    with workplace.runner.read(SYSTEM) as read:
        workplace.files.sweep(named_files(read), older_than=timedelta(seconds=-1))
    assert not workplace.files.exists(sealed)
    assert workplace.verify().sound


def test_a_study_of_two_patients_and_a_series_of_two_studies_are_refused(take: Take, given: Path) -> None:
    samples.dicom_file(given / "1.dcm", "1.1", PatientID="A1", PatientBirthDate="20110214")
    samples.dicom_file(given / "2.dcm", "1.2", PatientID="A2", PatientBirthDate="20110214")
    samples.dicom_file(given / "3.dcm", "1.3", PatientID="A1", PatientBirthDate="20120101")
    samples.dicom_file(given / "4.dcm", "1.4", PatientID="A1", study="9.9")
    samples.dicom_file(given / "5.dcm", "1.5", PatientID="A1")
    report = take(given)
    assert reasons(report) == {
        "2.dcm": Reason.OTHER_IDENTITY,
        "3.dcm": Reason.OTHER_IDENTITY,
        "4.dcm": Reason.OTHER_STUDY,
    }
    assert report.imported == 2


def test_a_zip_file_is_read_without_unpacking(workplace: Workplace, boss: Actor, take: Take, given: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as nested:
        nested.writestr("x.dcm", b"x")
    with zipfile.ZipFile(given / "cd.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(DERIVED / "vl_photo_front.dcm", "STUDY/IM1")
        archive.write(DATA / "photos" / "front.jpg", "../../front.jpg")
        archive.writestr("again.zip", inner.getvalue())
        archive.writestr("bomb.dcm", bytes(50 << 20))
        archive.writestr("__MACOSX/._IM1", b"x")
    report = take(given / "cd.zip")
    assert report.total == 4
    assert reasons(report) == {"cd.zip/again.zip": Reason.ARCHIVE_NESTED, "cd.zip/bomb.dcm": Reason.ARCHIVE_RATIO}
    assert report.imported == 2
    photo = next(item for item in report.files if item.name.endswith("front.jpg"))
    found = workplace.runner.ask(boss, original_of, photo.sop_instance_uid)
    assert found is not None
    assert workplace.files.read(found.sha256) == (DATA / "photos" / "front.jpg").read_bytes()


def test_a_locked_and_an_overfull_zip_file_are_refused(
    take: Take, given: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(given / "many.zip", "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.dcm", b"x")
    locked = bytearray((given / "many.zip").read_bytes())
    for place in range(len(locked) - 4):
        if locked[place : place + 4] == b"PK\x01\x02":
            locked[place + 8] |= 1
        elif locked[place : place + 4] == b"PK\x03\x04":
            locked[place + 6] |= 1
    (given / "locked.zip").write_bytes(locked)
    assert set(reasons(take(given / "locked.zip")).values()) == {Reason.ARCHIVE_LOCKED}
    monkeypatch.setattr(importing, "_limits", lambda read: Limits(archive_members=3))
    assert reasons(take(given / "many.zip")) == {"many.zip": Reason.ARCHIVE_MEMBERS}
    monkeypatch.setattr(importing, "_limits", lambda read: Limits(archive_gb=0))
    assert reasons(take(given / "many.zip")) == {"many.zip": Reason.ARCHIVE_SIZE}
    monkeypatch.setattr(importing, "_limits", lambda read: Limits(file_mb=0))
    assert set(reasons(take(DATA / "photos")).values()) == {Reason.TOO_LARGE}


def test_a_dicomdir_brings_its_files_and_reports_those_that_are_missing(take: Take, given: Path) -> None:
    media = given / "cd"
    shutil.copytree(DATA / "dicom" / "media", media)
    (media / "77654033").rename(media / "77654033x")
    (media / "77654033x").rename(media / "77654033")
    alone = take(media / "DICOMDIR")
    whole = take(media)
    assert (alone.directories, alone.imported + alone.refused) == (1, 7)
    assert alone.missing == 24
    assert (whole.total, whole.already + whole.refused, whole.missing) == (8, 7, 24)


def test_a_dicomdir_leads_to_nothing_outside_its_medium(take: Take, given: Path) -> None:
    samples.dicom_file(given / "SECRET", "1.2.3.9")
    media = given / "cd"
    media.mkdir()
    ds = pydicom.dcmread(DATA / "dicom" / "media" / "DICOMDIR")
    for record in ds.DirectoryRecordSequence:
        if "ReferencedFileID" in record:
            record.ReferencedFileID = ["..", "SECRET"]
    ds.save_as(media / "DICOMDIR", enforce_file_format=True)
    report = take(media / "DICOMDIR")
    assert report.imported == 0
    assert report.missing > 0


def test_a_cancelled_import_keeps_what_was_read_and_can_be_undone(
    workplace: Workplace, boss: Actor, take: Take, given: Path
) -> None:
    files = 60  # more than the workers have read ahead when the third is told
    for number in range(files):
        samples.dicom_file(given / f"{number:02}.dcm", f"1.2.3.{number}", shade=number)
    seen: list[tuple[int, int]] = []

    def cancel_after_three(done: int, total: int, name: str) -> bool:
        seen.append((done, total))
        return done < 3

    report = take(given, progress=cancel_after_three)
    assert report.cancelled
    assert 3 <= report.imported < files
    assert seen[:3] == [(1, files), (2, files), (3, files)]
    workplace.runner.undo_group(boss, report.group_id)
    assert workplace.runner.ask(boss, study_list).total == 0
    again = take(given)
    assert (again.restored, again.imported) == (report.imported, files - report.imported)
    assert workplace.verify().sound


def test_undo_withdraws_every_operation_of_the_import_and_undoing_that_brings_it_back(
    workplace: Workplace, boss: Actor, take: Take, noemie: PatientId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    report = take(DATA / "photos", DATA / "mesh", patient_id=noemie)
    runner = workplace.runner
    with runner.read(SYSTEM) as read:
        operations = read.sql("SELECT count(*) FROM operation WHERE grp = :grp", grp=report.group_id)[0][0]
    assert operations > 1
    done = runner.undo_group(boss, report.group_id)
    assert runner.ask(boss, images_of, noemie) == ()
    assert done.group_id is not None
    runner.undo_group(boss, done.group_id)
    images = [
        image for study in runner.ask(boss, images_of, noemie) for series in study.series for image in series.images
    ]
    assert len(images) == report.imported
    assert workplace.verify().sound


def test_undo_also_takes_back_what_the_import_met_again(
    workplace: Workplace, boss: Actor, take: Take, noemie: PatientId, given: Path
) -> None:
    """Imported into the wrong chart, with images among them that were waiting, or that somebody had withdrawn."""
    runner = workplace.runner
    samples.dicom_file(given / "waiting.dcm", "1.1")
    samples.dicom_file(given / "withdrawn.dcm", "2.1", study="2", series="2.2")
    earlier = {item.name: item.instance_id for item in take(given).files}
    withdrawn = earlier["withdrawn.dcm"]
    assert withdrawn is not None
    runner.run(boss, withdraw_image, withdrawn)
    samples.dicom_file(given / "new.dcm", "1.2")
    report = take(given, patient_id=noemie)
    assert (report.imported, report.already, report.restored) == (1, 1, 1)
    assert len(runner.ask(boss, images_of, noemie)) == 2
    runner.undo_group(boss, report.group_id)
    assert runner.ask(boss, images_of, noemie) == ()
    (line,) = runner.ask(boss, study_list).lines
    assert (line.patient_id, line.images) == (None, 1)
    assert workplace.verify().sound


def test_a_withdrawn_image_is_in_no_list_and_comes_back(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId
) -> None:
    report = take(DATA / "photos" / "front.jpg", patient_id=noemie)
    instance_id = report.files[0].instance_id
    assert instance_id is not None
    runner.run(boss, withdraw_image, instance_id)
    assert runner.ask(boss, images_of, noemie) == ()
    assert runner.ask(boss, instance_detail, instance_id).withdrawn_at is not None
    runner.run(boss, restore_image, instance_id)
    assert len(runner.ask(boss, images_of, noemie)) == 1


def test_erasing_the_patient_reaches_the_pixels_of_images_matched_later(
    workplace: Workplace, boss: Actor, take: Take, noemie: PatientId, jerome: PatientId, given: Path
) -> None:
    runner = workplace.runner
    take(DATA / "photos" / "front.jpg", patient_id=jerome)
    kept = files_of(workplace)
    samples.dicom_file(given / "waiting.dcm", "1.2.3.4", PatientName="Côté-Lévesque^Noémie", PatientID="X")
    take(given / "waiting.dcm")  # nobody's yet: the values are captured without a patient
    take(given / "waiting.dcm", DATA / "photos" / "small.heif", patient_id=noemie)
    samples.dicom_file(given / "other.dcm", "1.2.3.4", shade=3)
    assert reasons(take(given / "other.dcm")) == {"other.dcm": Reason.OTHER_BYTES}
    erase_subject(runner, boss, noemie)
    assert files_of(workplace) == kept
    assert runner.ask(boss, images_of, noemie) == ()
    assert runner.ask(boss, original_of, "1.2.3.4") is None
    assert runner.ask(boss, quarantined_images) == ()
    with runner.read(SYSTEM) as read:
        texts = read.sql("SELECT coalesce(delta, '') || coalesce(arguments, '') FROM change LEFT JOIN operation o ON 0")
    assert not [row for row in texts if "Noémie" in row[0] or "waiting.dcm" in row[0]]
    again = take(given / "waiting.dcm")
    assert reasons(again) == {"waiting.dcm": Reason.ERASED}
    assert files_of(workplace) == kept, "what was erased is not sealed again"
    assert workplace.verify().sound


def test_a_worker_that_dies_costs_one_file_only(take: Take, given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "read_source", faulty.read_or_die)
    for name in ("a.dcm", "die.dcm", "z.dcm"):
        samples.dicom_file(given / name, f"1.2.3.{len(name)}{ord(name[0])}", shade=ord(name[0]))
    report = take(given)
    assert reasons(report) == {"die.dcm": Reason.DECODER_FAILED}
    assert report.imported == 2


def test_a_file_that_takes_too_long_is_left_out(take: Take, given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    class Endless(Future[Any]):
        def result(self, timeout: float | None = None) -> Any:
            raise TimeoutError

    def submit(function: Any, task: Any) -> Future[Any]:
        return Endless() if task.source.name == "slow.dcm" else workers.submit(function, task)

    own = SimpleNamespace(submit=submit, restart=lambda: ended.append("all"), worker_count=workers.worker_count)
    monkeypatch.setattr(importing, "workers", own)
    for name in ("a.dcm", "slow.dcm", "z.dcm"):
        samples.dicom_file(given / name, f"1.2.3.{ord(name[0])}", shade=ord(name[0]))
    report = take(given)
    assert reasons(report) == {"slow.dcm": Reason.TOO_LONG}
    assert report.imported == 2
    assert ended == ["all"]


def test_workers_that_hang_are_ended_and_new_ones_work() -> None:
    hanging = workers.submit(time.sleep, 600)
    while not hanging.running():
        time.sleep(0.01)
    workers.restart()
    with pytest.raises((BrokenProcessPool, CancelledError)):
        hanging.result(60)
    assert workers.submit(abs, -3).result(60) == 3


def test_a_full_disk_stops_the_import_with_one_sentence(
    workplace: Workplace, take: Take, given: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "COMMIT_SECONDS", 600.0)
    for number in range(3):
        samples.dicom_file(given / f"{number}.dcm", f"1.2.3.{number}", shade=number)
    with workplace.runner.read(SYSTEM) as read:
        pages = read.sql("PRAGMA page_count")[0][0]

    def no_room(step: Step) -> ChangeSet:
        step.raw.execute(f"PRAGMA max_page_count = {pages}")
        return ChangeSet()

    workplace.runner.transact(no_room)
    report = take(given)
    assert set(reasons(report).values()) == {Reason.DISK_FULL}
    assert (report.cancelled, report.imported, len(report.files)) == (True, 0, 3)
    assert workplace.verify().sound


def test_an_unwritable_store_is_reported_file_by_file(take: Take, given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples.dicom_file(given / "a.dcm", "1.2.3.1")
    monkeypatch.setattr(importing, "read_source", faulty.read_on_a_full_disk)
    assert reasons(take(given)) == {"a.dcm": Reason.DISK_FULL}


def test_who_may_not_import_and_for_whom_nothing_is_imported(runner: Runner, boss: Actor, noemie: PatientId) -> None:
    with pytest.raises(PermissionDenied):
        import_paths(runner, Actor("x", "X"), [DATA / "photos"])
    with pytest.raises(NotFound):
        import_paths(runner, boss, [DATA / "photos"], patient_id=PatientId("nobody"))
    runner.run(boss, withdraw_patient, noemie)
    with pytest.raises(RuleViolation):
        import_paths(runner, boss, [DATA / "photos"], patient_id=noemie)


def test_names_of_files_set_aside_are_forgotten_in_time(
    workplace: Workplace, boss: Actor, take: Take, given: Path
) -> None:
    samples.dicom_file(given / "a.dcm", "1.2.3.4.5")
    samples.dicom_file(given / "b.dcm", "1.2.3.4.5", shade=7)
    (given / "Tremblay Zoé.txt").write_text("x")
    take(given)
    assert workplace.runner.run(boss, discard_old_quarantined) == 0
    workplace.clock.offset = timedelta(days=91)
    assert workplace.runner.run(boss, discard_old_quarantined) == 1
    (line,) = workplace.runner.ask(boss, quarantined_images)
    assert line.reason is Reason.OTHER_BYTES, "what waits for a decision stays"


def test_an_orphan_is_swept_after_a_day_and_not_before(workplace: Workplace, take: Take) -> None:
    take(DATA / "photos" / "front.jpg")
    before = files_of(workplace)
    orphan = workplace.files.put(b"sealed, and then the power went")
    assert sweep(workplace.runner) == 0
    os.utime(workplace.files.path(orphan), (1, 1))
    assert sweep(workplace.runner) == 1
    assert files_of(workplace) == before


def test_a_picture_without_an_identifier_is_known_again_by_its_bytes(take: Take) -> None:
    nameless = DATA / "dicom" / "pydicom-data" / "JLSL_RGB_ILV0.dcm"
    first, again = take(nameless), take(nameless)
    assert (first.imported, again.already) == (1, 1)
    assert first.files[0].sop_instance_uid == again.files[0].sop_instance_uid
    assert first.files[0].shown


def test_ids_follow_from_the_dicom_uid(runner: Runner, boss: Actor, take: Take, given: Path) -> None:
    samples.dicom_file(given / "a.dcm", "1.2.3.4", StudyTime="091502", AccessionNumber="ACC-1")
    report = take(given / "a.dcm")
    assert report.studies == (StudyId(derived_id("1.2.3")),)
    detail = runner.ask(boss, instance_detail, InstanceId(derived_id("1.2.3.4")))
    assert detail.study_instance_uid == "1.2.3"
    assert (detail.image.rows, detail.image.columns, detail.bits_stored) == (16, 24, 12)
    assert runner.ask(boss, study_list, since=date(2026, 3, 1), until=date(2026, 3, 1)).total == 1


def test_workers_are_as_many_as_the_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors, expected in ((1, 1), (2, 2), (8, 8), (None, 1)):
        monkeypatch.setattr("os.cpu_count", lambda count=processors: count)
        assert workers.worker_count() == expected


def test_a_disk_that_fills_up_at_the_last_moment_leaves_nothing_half_written(
    workplace: Workplace, take: Take, given: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples.dicom_file(given / "a.dcm", "1.2.3.1")

    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("app.core.sealed._sync_file", full)
    report = take(given)
    assert (reasons(report), report.cancelled) == ({"a.dcm": Reason.DISK_FULL}, True)
    assert [path for path in workplace.files.folder.rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    assert take(given).imported == 1
    assert workplace.verify().sound


def test_what_would_never_end_and_what_may_not_be_read_are_refused(
    take: Take, given: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples.dicom_file(given / "a.dcm", "1.2.3.1")
    (given / "closed").mkdir()
    expected = {"closed": Reason.UNREADABLE}
    if hasattr(os, "mkfifo"):
        os.mkfifo(given / "pipe.dcm")
        expected["pipe.dcm"] = Reason.NOT_SUPPORTED
    scan = os.scandir

    def scandir(path: str | Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = take(given)
    assert (reasons(report), report.imported, report.total) == (expected, 1, len(expected) + 1)


def test_a_path_that_nobody_may_look_at_stops_nothing(
    workplace: Workplace, boss: Actor, given: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples.dicom_file(given / "a.dcm", "1.2.3.1")
    stat = os.stat

    def closed(path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
        if Path(os.fsdecode(path)).name == "closed" if isinstance(path, str | bytes | os.PathLike) else False:
            raise PermissionError(errno.EACCES, "denied", str(path))
        return stat(path, *args, **kwargs)

    monkeypatch.setattr(os, "stat", closed)
    report = import_paths(workplace.runner, boss, [given / "closed", given / "a.dcm", given / "gone.dcm"])
    assert (report.imported, report.total) == (1, 3)
    assert reasons(report) == {"closed": Reason.UNREADABLE, "gone.dcm": Reason.UNREADABLE}
