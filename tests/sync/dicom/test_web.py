"""Archives by DICOMweb, with Orthanc’s own plugin: sending, asking again, searching, moving, and who may not."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pydicom
import pytest

from app.archives.across import Came, Copy, Ended, Question, Way
from app.archives.commands import add_archive, enter_archive_credentials
from app.archives.queries import ArchiveId, ArchiveLine, archives
from app.archives.settings import FIRST_RETRY_SECONDS
from app.archives.vocabulary import ArchiveKind, Failure
from app.core.errors import RuleViolation
from app.core.secret import Secret
from app.journal.queries import Actor
from app.journal.settings_store import change_setting
from app.journal.workplace import Workplace
from sync.dicom.asking import Unanswered
from sync.dicom.reaching import bring_over, look_across, try_archive
from sync.dicom.web import WebArchive
from tests.sync.dicom.orthanc import Orthanc
from tests.sync.dicom.peers import film, films, gateway, let_in, run
from tests.sync.dicom.test_storing import until

CALL = ("-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1")
USER = "clinique:lilas"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Orthanc]:
    made = Orthanc(tmp_path / "web", "WEB", web=USER)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Callable[[str], Orthanc]]:
    """Starts classic archives, and ends them with the test."""
    made: list[Orthanc] = []

    def start_one(title: str) -> Orthanc:
        made.append(Orthanc(tmp_path / title.lower(), title))
        made[-1].start()
        return made[-1]

    yield start_one
    for one in made:
        one.kill()


def add_web(workplace: Workplace, boss: Actor, web: Orthanc, secret: str = "lilas", **more: Any) -> ArchiveId:
    url = f"http://127.0.0.1:{web.http}/dicom-web"
    run_ = workplace.runner.run
    made = run_(boss, add_archive, "Web", ArchiveKind.DICOMWEB, base_url=url, **more)
    run_(boss, enter_archive_credentials, made, Secret(secret), "clinique")
    return made


def line(workplace: Workplace, boss: Actor, name: str = "Web") -> ArchiveLine:
    return next(one for one in workplace.runner.ask(boss, archives) if one.name == name)


def test_images_go_by_stow_and_are_asked_for_by_qido(
    workplace: Workplace, boss: Actor, tmp_path: Path, web: Orthanc
) -> None:
    let_in(workplace)
    key = add_web(workplace, boss, web, is_default=True)
    sent = films(tmp_path / "given", 3)
    with gateway(workplace) as served:
        assert run("storescu", "-R", *CALL, served.doors[0].port, *sent).returncode == 0
        until(lambda: line(workplace, boss).verified == 3)
    assert web.instances() == {str(pydicom.dcmread(path).SOPInstanceUID) for path in sent}
    probes = {one.capability: one.works for one in try_archive(workplace.runner, boss, key)}
    assert probes == {"qido": True, "stow": True, "wado": True}


def test_a_study_goes_from_web_to_classic_and_back(
    workplace: Workplace, boss: Actor, tmp_path: Path, web: Orthanc, another: Callable[[str], Orthanc]
) -> None:
    classic = another("CLASSIC")
    key = add_web(workplace, boss, web)
    other = workplace.runner.run(
        boss, add_archive, "Classic", ArchiveKind.ORTHANC, "127.0.0.1", classic.dicom, "CLASSIC"
    )  # fmt: skip
    paths = films(tmp_path / "given", 4)
    study = str(pydicom.dcmread(paths[0]).StudyInstanceUID)
    assert run("storescu", "-R", "-aec", "CLASSIC", "127.0.0.1", classic.dicom, *paths).returncode == 0
    moved = bring_over(workplace.runner, boss, other, key, study)
    assert (moved.way, moved.wanted, moved.arrived, moved.missing) == (Way.THROUGH_US, 4, 4, ())
    assert web.instances() == classic.instances()
    found = list(look_across(workplace.runner, boss, Question("sim*")))
    assert {one.archive_id for one in found if isinstance(one, Copy)} == {key, other}, found
    assert {one.came for one in found if isinstance(one, Ended)} == {Came.OK}
    assert bring_over(workplace.runner, boss, key, other, study).way is Way.NOTHING
    third = another("THIRD")
    empty = workplace.runner.run(boss, add_archive, "Third", ArchiveKind.ORTHANC, "127.0.0.1", third.dicom, "THIRD")
    moved = bring_over(workplace.runner, boss, key, empty, study)
    assert (moved.arrived, moved.missing, third.instances()) == (4, (), classic.instances())


def test_who_is_not_known_is_turned_away_and_the_queue_rests(
    workplace: Workplace, boss: Actor, tmp_path: Path, web: Orthanc
) -> None:
    let_in(workplace)
    workplace.runner.run(boss, change_setting, FIRST_RETRY_SECONDS.name, "1")
    key = add_web(workplace, boss, web, secret="wrong", is_default=True)
    with gateway(workplace) as served:
        run("storescu", *CALL, served.doors[0].port, *films(tmp_path / "given", 1))
        until(lambda: line(workplace, boss).failure is Failure.REJECTED)
        assert (line(workplace, boss).waiting, line(workplace, boss).dead) == (1, 0)
        assert not any(one.works for one in try_archive(workplace.runner, boss, key))
        workplace.runner.run(boss, enter_archive_credentials, key, Secret("lilas"), "clinique")
        assert all(one.works for one in try_archive(workplace.runner, boss, key)), "which ends the rest of its queue"
        until(lambda: line(workplace, boss).verified == 1)


def test_credentials_are_in_no_database(workplace: Workplace, boss: Actor, web: Orthanc) -> None:
    add_web(workplace, boss, web, secret="tres-secret")
    with workplace.runner.read(boss) as read:
        told = str(read.sql("SELECT * FROM operation")) + str(read.sql("SELECT * FROM change"))
    assert "tres-secret" not in told
    classic = workplace.runner.run(boss, add_archive, "C", ArchiveKind.CLASSIC, "127.0.0.1", 104, "C")
    with pytest.raises(RuleViolation, match="AE title and certificate"):
        workplace.runner.run(boss, enter_archive_credentials, classic, Secret("x"))


@contextmanager
def service(status: int, body: bytes) -> Iterator[str]:
    """A service that answers everything alike."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_given: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/dicom-web"
    finally:
        server.shutdown()
        server.server_close()


FAILED = b'{"00081198":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[%d]}}]}}'


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (409, FAILED % 0xA700, Failure.RESOURCES), (202, FAILED % 0x0122, Failure.NOT_SUPPORTED),
        (409, FAILED % 0xC000, Failure.NOT_UNDERSTOOD), (202, b"no json", Failure.NOT_UNDERSTOOD),
        (503, b"", Failure.RESOURCES), (429, b"", Failure.RESOURCES), (415, b"", Failure.NOT_SUPPORTED),
        (401, b"", Failure.REJECTED), (404, b"", Failure.NOT_SUPPORTED), (400, b"", Failure.NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_what_a_service_says_is_sorted_by_what_helps(status: int, body: bytes, failure: Failure) -> None:
    with service(status, body) as url:
        archive = WebArchive(url)
        assert archive.store("1.2.3", b"x")[0] is failure
        archive.close()


@pytest.mark.parametrize(("status", "body"), [(200, b"no json"), (500, b""), (403, b"")])
def test_a_search_that_is_no_answer_is_no_empty_answer(status: int, body: bytes) -> None:
    with service(status, body) as url, pytest.raises(Unanswered):
        list(WebArchive(url).find(film()))
