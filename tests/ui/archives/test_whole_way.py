"""The whole way of an X-ray: worklist, unit, chart, rule, archive, bucket, and the doctor’s screen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydicom.dataset import Dataset
from pynetdicom import build_context
from PySide6.QtTest import QTest

from app.archives.commands import add_archive, add_routing_rule
from app.archives.queries import ArchiveKind, Comparison, Condition, Fact, archives, route_explanations
from app.gateway.queries import imaging_steps
from app.imaging import workers
from app.imaging.originals import open_image
from app.imaging.vocabulary import InstanceId
from app.journal.queries import SYSTEM
from app.orchestration.queries import VisitFlag, day_snapshot
from app.patients.commands import create_patient
from app.practice.queries import clinics, equipment, operatories
from app.scheduling.commands import book_appointment
from app.storage.commands import add_storage_target, use_storage_target
from app.storage.credentials import store_credentials
from app.storage.vocabulary import Place, StorageProvider
from sync.dicom.calling import Target, associate
from sync.dicom.contexts import EXPLICIT_LITTLE, PERFORMED_STEP
from sync.objects.jobs import ready_targets
from sync.objects.opening import open_bucket
from sync.objects.transfers import plan, send_waiting
from tests.app.clinic_world import local
from tests.sync.dicom.orthanc import Orthanc
from tests.sync.dicom.peers import data_of, film, gateway, let_in, run
from tests.sync.dicom.test_storing import until
from tests.sync.dicom.test_worklist import begun, ended, find
from tests.sync.objects.services import BUCKET, REGION, S3_KEY, moto, s3
from tests.ui.set_up_window import BOSS
from ui.imaging.thumbnail import Thumbnail
from ui.shell.offscreen import settle
from ui.shell.window import Window


def test_a_panoramic_goes_from_the_worklist_to_the_doctors_screen(window: Window, tmp_path: Path) -> None:
    place = window.session.workplace
    do, ask = place.runner.run, place.runner.ask
    (device,), clinic = ask(BOSS, equipment), ask(BOSS, clinics)[0].id
    patient = do(BOSS, create_patient, "Gagné", "Zoé", date(2011, 2, 14), file_number="9001")
    visit = do(BOSS, book_appointment, patient, "ADJ", ask(BOSS, operatories)[0].id, local(2026, 11, 24, 10))
    let_in(place, equipment_id=device.id)
    vault = Orthanc(tmp_path / "vault", "VAULT")
    vault.start()
    archive = do(BOSS, add_archive, "Vault", ArchiveKind.ORTHANC, "127.0.0.1", vault.dicom, "VAULT")
    do(BOSS, add_routing_rule, "Panoramics", [archive], [Condition(Fact.MODALITY, Comparison.IS, ["PX"])])
    with gateway(place) as served:
        port = served.doors[0].port
        (entry,) = find(port, tmp_path / "found", *KEYS, "PatientID=9001")
        unit = associate(
            Target("127.0.0.1", port, "ARCHWIRE", "PANO"), [build_context(PERFORMED_STEP, [EXPLICIT_LITTLE])]
        )
        assert unit.send_n_create(begun(visit), PERFORMED_STEP, "1.2.3.9")[0].Status == 0x0000
        assert flags(window, clinic, visit) >= {VisitFlag.IMAGING}, "the board knows that images are being taken"
        sent = taken(tmp_path, entry)
        assert run("storescu", "-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1", port, sent).returncode == 0
        assert unit.send_n_set(ended(1), PERFORMED_STEP, "1.2.3.9")[0].Status == 0x0000
        unit.release()
        until(lambda: ask(BOSS, archives)[0].verified == 1)
    workers.close()
    (step,) = ask(BOSS, imaging_steps, [visit])
    assert (step.images, VisitFlag.IMAGED in flags(window, clinic, visit)) == (1, True)
    (why,) = ask(BOSS, route_explanations)
    assert (why.destinations, vault.instances()) == (("Vault",), {why.sop_instance_uid})
    vault.kill()
    with place.runner.read(SYSTEM) as read:
        ((owner, match),) = read.sql("SELECT patient_id, match FROM study")
    assert (owner, match) == (patient, "automatic"), "number and birth date of the worklist"
    in_the_bucket(window)
    opened = open_image(place.runner, BOSS, InstanceId(why.instance_id))
    assert opened.dicom.endswith(data_of(sent)), "the doctor sees the bytes that the unit sent"
    window.open("patient", patient_id=patient, tab="images")
    for _turn in range(100):
        settle(window)
        if why.instance_id in shown(window):
            break
        QTest.qWait(20)
    assert why.instance_id in shown(window)


KEYS = ("PatientName", "PatientBirthDate", "PatientSex", "AccessionNumber", "StudyInstanceUID", "SpecificCharacterSet")


def taken(tmp_path: Path, entry: Dataset) -> Path:
    """A panoramic with what the unit took from the worklist."""
    told = {name: getattr(entry, name) for name in (*KEYS, "PatientID")}
    path = tmp_path / "pano.dcm"
    film(7, Modality="PX", StudyDescription="Panoramique", **told).save_as(path, enforce_file_format=True)
    return path


def flags(window: Window, clinic: str, visit: str) -> set[VisitFlag]:
    shot = window.bench.runner.ask(BOSS, day_snapshot, clinic)
    return {flag for line in shot.visits if line.id == visit for flag in line.flags}


def in_the_bucket(window: Window) -> None:
    """What the job of the bucket does: everything is there, by its own hash."""
    runner = window.bench.runner
    with moto() as address:
        bucket = s3(address)
        key = runner.run(
            SYSTEM, add_storage_target, "Montréal", StorageProvider.COMPATIBLE, BUCKET, REGION, endpoint=address,
            place=Place.QUEBEC,
        )  # fmt: skip
        runner.run(SYSTEM, use_storage_target, key)
        store_credentials(runner.place.folder, key, S3_KEY)
        (target,) = ready_targets(runner)
        assert plan(runner, target) > 0
        done = send_waiting(runner, open_bucket(runner, target), target, 60)
        assert (done.failed, done.trouble) == (0, None)
        with runner.read(SYSTEM) as read:
            ((sha256,),) = read.sql("SELECT sha256 FROM instance")
        assert any(head.sha256 == sha256 for head in bucket.list())


def shown(window: Window) -> set[str]:
    """The images that stand on the page of the patient."""
    page = window.stack.currentWidget()
    return {tile.image.instance_id for tile in page.findChildren(Thumbnail)} if page is not None else set()
