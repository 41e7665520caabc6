"""The DICOM network beside Orthanc and DCMTK: receiving, sending, searching, the worklist, decisions.

`python main.py bench dicom [--small N] [--large N] [--repeats N] [--studies N] [--json]`.
All peers run here, over the loopback address, with TCP_NODELAY and fsync on both sides; they take turns, so that other
work on the machine meets them alike. The gateway goes on taking in what it received while it is measured.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from _report import Measure, load, show
from pydicom.dataset import Dataset
from pynetdicom import build_context
from pynetdicom.dimse_primitives import C_FIND
from pynetdicom.dsutils import encode

from app.archives.commands import add_archive
from app.archives.queries import archives
from app.archives.routing import Condition, Router, Rule
from app.archives.vocabulary import ArchiveId, ArchiveKind, Comparison, Fact, RoutingRuleId, Verification
from app.core.ids import derived_id, new_id
from app.gateway.worklist import worklist as visits_of_the_day
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import Workplace, open_workplace
from sync.dicom.calling import Target, associate
from sync.dicom.contexts import EXPLICIT_LITTLE, STUDY_ROOT_FIND, WORKLIST
from tests.sync.dicom.orthanc import Orthanc, free_port
from tests.sync.dicom.peers import Served, films, gateway, let_in, start

BOSS: Final = Actor("boss", "Claire Brunet", everything=True)
SMALL, LARGE = 512, 2290
"""Sides of the films: 0.52 MB and 10.5 MB."""


def new_folder(place: Path, name: str) -> Path:
    """A folder of kind `test` with one device that may do everything."""
    folder = place / name
    with open_workplace(folder, create=True, kind="test") as opened:
        let_in(opened)
    return folder


def send(title: str, port: int, paths: Sequence[Path], associations: int) -> float:
    """Seconds that storescu takes for all files over so many associations."""
    parts = [paths[number::associations] for number in range(associations)]
    begun = time.perf_counter()
    senders = [start("storescu", "-R", "-aet", "PANO", "-aec", title, "127.0.0.1", port, *part) for part in parts]
    for sender in senders:
        said = sender.communicate(timeout=600)[0]
        if sender.returncode:  # which may have said nothing at all
            raise SystemExit(f"storescu to {title} ended with {sender.returncode}: {said[-800:]}")
    return time.perf_counter() - begun


@contextlib.contextmanager
def storescp(place: Path) -> Iterator[int]:
    """DCMTK's receiver, which keeps files as they come and syncs none of them."""
    port = free_port()
    place.mkdir(exist_ok=True)
    server = start("storescp", "--fork", "+B", "-aet", "STORESCP", "-od", place, port)
    time.sleep(0.5)
    try:
        yield port
    finally:
        server.kill()
        server.wait()


def receiving(place: Path, kinds: dict[str, list[Path]], repeats: int) -> list[Measure]:
    """MB/s of each receiver, and ours as a share of Orthanc's."""
    made = []
    for kind, paths in kinds.items():
        size = sum(path.stat().st_size for path in paths) / 1e6
        for associations in (1, 4):
            rates: dict[str, list[float]] = {"archwire": [], "orthanc": [], "dcmtk": []}
            for turn in range(repeats):
                for name, rate in _turn(place, f"{kind}{associations}{turn}", paths, associations).items():
                    rates[name].append(size / rate)
            medians = {name: statistics.median(values) for name, values in rates.items()}
            for name, values in rates.items():
                label = f"receive {kind} x{associations}, {name}"
                made.append(Measure(label, medians[name], "MB/s", repeats=values))
            share = medians["archwire"] / medians["orthanc"]
            target = 1.2 if kind == "10 MB" else 0.8
            made.append(Measure(f"receive {kind} x{associations}, of Orthanc", share, "", target, at_least=True))
    return made


def _turn(place: Path, name: str, paths: Sequence[Path], associations: int) -> dict[str, float]:
    """Each receiver once, on an empty folder."""
    work = place / f"turn-{name.replace(' ', '')}"
    work.mkdir()
    took = {}
    served = Served(new_folder(work, "clinic"))
    took["archwire"] = send("ARCHWIRE", served.port, paths, associations)
    served.kill()
    orthanc = Orthanc(work / "orthanc", "ORTHANC")
    orthanc.start()
    took["orthanc"] = send("ORTHANC", orthanc.dicom, paths, associations)
    orthanc.kill()
    with storescp(work / "dcmtk") as port:
        took["dcmtk"] = send("STORESCP", port, paths, associations)
    shutil.rmtree(work)
    return took


def sending(place: Path, paths: list[Path], repeats: int) -> list[Measure]:
    """MB/s from our queue into Orthanc, as a share of what storescu reaches."""
    from app.imaging.importing import import_paths

    size = sum(path.stat().st_size for path in paths) / 1e6
    shares: dict[int, list[float]] = {1: [], 4: []}
    for turn in range(repeats):
        for associations, reached in shares.items():
            work = place / f"send{turn}{associations}"
            work.mkdir()
            theirs, ours = Orthanc(work / "a", "VNAA"), Orthanc(work / "b", "VNAB")
            theirs.start()
            ours.start()
            bare = size / send("VNAA", theirs.dicom, paths, 1)
            with open_workplace(new_folder(work, "clinic")) as opened:
                opened.runner.run(
                    BOSS, add_archive, "b", ArchiveKind.ORTHANC, "127.0.0.1", ours.dicom, "VNAB",
                    verification=Verification.NONE, is_default=True, associations=associations,
                )  # fmt: skip
                import_paths(opened.runner, BOSS, paths)
                with opened.runner.read(SYSTEM) as read:
                    ids = [row[0] for row in read.sql("SELECT id FROM instance")]
                with gateway(opened) as running:
                    begun = time.perf_counter()
                    assert running.senders is not None
                    running.senders.route(ids)
                    while opened.runner.ask(BOSS, archives)[0].verified < len(paths):
                        time.sleep(0.01)
                    reached.append(size / (time.perf_counter() - begun) / bare)
            theirs.kill()
            ours.kill()
            shutil.rmtree(work)
    return [
        Measure(
            f"send x{number}, of storescu x1", statistics.median(values), "", 0.6 if number == 1 else 0.8,
            at_least=True, repeats=values,
        )
        for number, values in shares.items()
    ]  # fmt: skip


def fill(workplace: Workplace, studies: int) -> None:
    """So many studies of as many days, with a series, an image and a chart of their own for each hundred."""
    from app.patients.commands import create_patient

    do = workplace.runner.run
    charts = [do(BOSS, create_patient, f"Famille{number:04d}", "Zoé") for number in range(100)]
    day = workplace.clock.today()

    def work(bulk: Any) -> None:
        for number in range(studies):
            uid = f"1.2.826.{number}"
            study = derived_id(uid)
            on = (day - timedelta(days=number % 3650)).isoformat()
            bulk.execute(
                "INSERT INTO study(id, study_instance_uid, patient_id, match, studied_on)"
                " VALUES(?, ?, ?, 'assigned', ?)",
                (study, uid, charts[number % 100], on),
            )
            series = derived_id(f"{uid}.1")
            bulk.execute(
                "INSERT INTO series(id, study_id, series_instance_uid, modality) VALUES(?, ?, ?, 'PX')",
                (series, study, f"{uid}.1"),
            )
            image = derived_id(f"{uid}.1.1")
            bulk.execute(
                "INSERT INTO image_state(id, study_id, received_at, quarter_turns, mirrored) VALUES(?, ?, 0, 0, 0)",
                (image, study),
            )

    connection = workplace.database.raw()
    try:
        connection.execute("BEGIN IMMEDIATE")
        work(connection)
        connection.execute("COMMIT")
    finally:
        connection.close()


def searching(place: Path, studies: int, repeats: int) -> list[Measure]:
    """Milliseconds to the first and to the 500th answer over a clinic of so many studies."""
    folder = new_folder(place, "found")
    first, all_of_them = [], []
    with open_workplace(folder) as opened:
        fill(opened, studies)
    served = Served(folder)
    for _turn_number in range(max(3, repeats) + 1):  # the first one finds nothing in memory
        times = _answers("ARCHWIRE", served.port, STUDY_ROOT_FIND, study_keys(), 500)
        first.append(times[0])
        all_of_them.append(times[-1])
    served.kill()
    name = f"find over {studies} studies"
    return [
        Measure(f"{name}, first answer", statistics.median(first), "ms", 100, repeats=first),
        Measure(f"{name}, 500 answers", statistics.median(all_of_them), "ms", 1000, repeats=all_of_them),
    ]


def study_keys() -> Dataset:
    """Any study, with who, when and what."""
    keys = Dataset()
    keys.QueryRetrieveLevel, keys.StudyInstanceUID, keys.PatientName = "STUDY", "", ""
    keys.StudyDate, keys.ModalitiesInStudy = "", ""
    return keys


def beside_orthanc(place: Path, studies: int, repeats: int) -> list[Measure]:
    """Milliseconds for 500 answers over as many studies as Orthanc can be filled with in a while, both alike."""
    work = place / "beside"
    paths = films(work / "given", studies * 10, size=16)[::10]  # ten films are one study
    orthanc = Orthanc(work / "orthanc", "ORTHANC")
    orthanc.start()
    send("ORTHANC", orthanc.dicom, paths, 2)
    folder = new_folder(work, "clinic")
    with open_workplace(folder) as opened:
        fill(opened, studies)
    served = Served(folder)
    took: dict[str, list[float]] = {"ARCHWIRE": [], "ORTHANC": []}
    for _turn_number in range(max(3, repeats)):
        for title, port in (("ARCHWIRE", served.port), ("ORTHANC", orthanc.dicom)):
            took[title].append(_answers(title, port, STUDY_ROOT_FIND, study_keys(), 500)[-1])
    served.kill()
    orthanc.kill()
    medians = {title: statistics.median(values) for title, values in took.items()}
    name = f"500 answers over {studies} studies"
    return [
        *(Measure(f"{name}, {title.lower()}", medians[title], "ms", repeats=took[title]) for title in took),
        Measure(f"{name}, of Orthanc", medians["ORTHANC"] / medians["ARCHWIRE"], "", 1.0, at_least=True),
    ]  # fmt: skip


def _answers(title: str, port: int, model: str, keys: Dataset, most: int) -> list[float]:
    """When each answer came, in milliseconds after the question. They are counted, not taken apart."""
    target = Target("127.0.0.1", port, title, "PANO")
    assoc: Any = associate(target, [build_context(model, [EXPLICIT_LITTLE])])
    request = C_FIND()
    request.MessageID, request.AffectedSOPClassUID, request.Priority = 1, model, 2
    request.Identifier = BytesIO(encode(keys, is_implicit_vr=False, is_little_endian=True) or b"")
    assoc._reactor_checkpoint.clear()
    times: list[float] = []
    begun = time.perf_counter()
    assoc.dimse.send_msg(request, assoc.accepted_contexts[0].context_id)
    while len(times) < most:
        _context, answer = assoc.dimse.get_msg(block=True)
        if answer is None or answer.Status not in (0xFF00, 0xFF01):
            break
        times.append((time.perf_counter() - begun) * 1000)
    assoc._reactor_checkpoint.set()
    assoc.abort() if len(times) == most else assoc.release()
    return times or [0.0]


def worklist(place: Path, visits: int, repeats: int) -> Measure:
    """Milliseconds for the whole worklist of a day with so many visits."""
    from app.patients.commands import create_patient
    from app.practice.commands import add_clinic
    from app.scheduling.commands import seed_appointment_types

    folder = new_folder(place, "day")
    took = []
    with open_workplace(folder) as opened:
        do = opened.runner.run
        clinic = do(BOSS, add_clinic, "Clinique")
        do(BOSS, seed_appointment_types)
        patient = do(BOSS, create_patient, "Gagné", "Zoé")
        with opened.runner.read(SYSTEM) as read:
            kind = read.sql("SELECT id FROM appointment_type LIMIT 1")[0][0]
        connection = opened.database.raw()
        connection.execute("BEGIN IMMEDIATE")
        at = int(opened.clock.now().timestamp() * 1000)
        for _number in range(visits):
            key = new_id()
            connection.execute(
                "INSERT INTO appointment(id, patient_id, type_id, clinic_id, starts_at, minutes, segments, lab_state,"
                " prep_done, allowed, booked_at) VALUES(?, ?, ?, ?, ?, 20, '[]', 'none', 0, '[]', ?)",
                (key, patient, kind, clinic, at, at),
            )
            connection.execute(
                "INSERT INTO appointment_event(id, appointment_id, patient_id, kind, at, recorded_at, by, detail)"
                " VALUES(?, ?, ?, 'made', ?, ?, 'bench', '{}')",
                (new_id(), key, patient, at - 1000, at - 1000),
            )
        connection.execute("COMMIT")
        connection.close()
        while len(opened.runner.ask(BOSS, visits_of_the_day)) < visits:  # what was written outside is taken in first
            time.sleep(0.05)
    served = Served(folder)
    for _turn_number in range(max(5, repeats)):
        keys, step = Dataset(), Dataset()
        keys.PatientName, keys.PatientID, keys.AccessionNumber, keys.StudyInstanceUID = "", "", "", ""
        step.ScheduledProcedureStepStartDate, step.Modality = "", ""
        keys.ScheduledProcedureStepSequence = [step]
        times = _answers("ARCHWIRE", served.port, WORKLIST, keys, visits + 1)
        if len(times) != visits:
            raise SystemExit(f"{len(times)} answers of {visits}")
        took.append(times[-1])
    served.kill()
    return Measure(f"worklist of {visits}", statistics.median(took), "ms", 100, repeats=took)


def deciding(rules: int = 200, images: int = 500) -> Measure:
    """Milliseconds of one decision by so many rules, none of which stops."""
    condition = [
        Condition(Fact.MODALITY, Comparison.ONE_OF, ["CT", "PX"]),
        Condition(Fact.STUDY_DESCRIPTION, Comparison.MATCHES, ["^pano.*gauche$"]),
        Condition(Fact.SIZE_KB, Comparison.BETWEEN, ["100", "20000"]),
    ]
    archive = ArchiveId("a")
    router = Router([Rule(RoutingRuleId(str(number)), "", condition, [archive]) for number in range(rules)])
    facts: dict[Fact, str | int] = {
        Fact.MODALITY: "PX", Fact.STUDY_DESCRIPTION: "Panoramique", Fact.SIZE_KB: 9000,
    }  # fmt: skip
    begun = time.perf_counter()
    for _image in range(images):
        router.decide(facts)
    return Measure(f"decision by {rules} rules", (time.perf_counter() - begun) * 1000 / images, "ms", 1.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 0: a figure is told, never judged by an exit code."""
    parser = argparse.ArgumentParser(prog="bench dicom")
    parser.add_argument("--small", type=int, default=200)
    parser.add_argument("--large", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--studies", type=int, default=100_000)
    parser.add_argument("--orthanc-studies", type=int, default=1000)
    parser.add_argument("--visits", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    before = load()
    with tempfile.TemporaryDirectory(prefix="archwire-dicom-") as temporary:
        place = Path(temporary)
        kinds = {
            "0.5 MB": films(place / "small", given.small, size=SMALL),
            "10 MB": films(place / "large", given.large, size=LARGE),
        }
        work: list[Callable[[], list[Measure]]] = [
            lambda: [deciding()],
            lambda: receiving(place, kinds, given.repeats),
            lambda: sending(place, kinds["10 MB"], given.repeats),
            lambda: [worklist(place, given.visits, given.repeats)],
            lambda: searching(place, given.studies, given.repeats),
            lambda: beside_orthanc(place, given.orthanc_studies, given.repeats),
        ]
        measures = [measure for part in work for measure in part()]
    show(measures, before, as_json=given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
