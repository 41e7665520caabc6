"""Sealed files between chairs: sent in pieces, confirmed by the server, fetched on demand, given up only when held."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import IntegrityFailure, NotFound, Unreachable
from app.core.ids import PatientId
from app.imaging.importing import import_paths
from app.imaging.originals import open_image
from app.imaging.renditions import thumbnail
from app.imaging.vocabulary import InstanceId
from app.journal.workplace import Workplace
from app.patients.commands import add_document, create_patient
from app.patients.vocabulary import DocumentKind
from sync.client import making_room
from sync.client.channel import Channel, Unanswered
from sync.client.fetching_files import Fetcher
from sync.client.files_service import FilesService
from sync.client.making_room import bytes_here, fetch_ahead, make_room, next_day
from sync.client.sending_files import KEPT_DAYS, Refusal, Sender
from sync.server.files import PracticeFiles
from tests.sync.proxy import Fault
from tests.sync.served import Chairs

SMALL_PIECE = 10_000
XRAY = Path(__file__).parents[1] / "data" / "dicom" / "derived" / "vl_photo_front.dcm"


pytestmark = pytest.mark.usefixtures("import_workers")


@pytest.fixture
def chairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chairs]:
    """Two workstations and the server; pieces are small, so that a file has several."""
    for module in ("sync.client.sending_files", "sync.client.fetching_files", "sync.server.http.routes.files"):
        monkeypatch.setattr(f"{module}.PIECE", SMALL_PIECE)
    monkeypatch.setattr("sync.client.fetching_files.LOOK_AGAIN_SECONDS", 0.02)
    made = Chairs(tmp_path)
    for name in ("A", "B"):
        made.sync(name)
    yield made
    made.close()


def sender(chairs: Chairs, name: str) -> tuple[Sender, Channel]:
    service = FilesService(chairs.places[name].runner, chairs.connection(name), chairs.keys[name])
    return service._sender, service.fetcher.channel()


def fetcher(chairs: Chairs, name: str) -> Fetcher:
    made = Fetcher(chairs.places[name].runner, chairs.connection(name), chairs.keys[name])
    made.patience = 1.0
    chairs.places[name].files.elsewhere = made
    return made


def letter(chairs: Chairs, size: int = 35_000) -> tuple[str, bytes]:
    """A document of random bytes in a chart on A; its name and its bytes. The rows are everywhere."""
    content = b"%PDF-1.7\n" + secrets.token_bytes(size)
    path = chairs.folder / "letter.pdf"
    path.write_bytes(content)
    patient = chairs.run("A", create_patient, "Lavoie", "Olivia")
    chairs.run("A", add_document, patient, DocumentKind.LETTER, str(path))
    for name in ("A", "B"):
        assert chairs.sync(name).done
    return hashlib.sha256(content).hexdigest(), content


def send(chairs: Chairs, name: str, sha256: str) -> bool:
    sending, channel = sender(chairs, name)
    with closing(channel):
        return sending.send(channel, sha256)


def server_files(chairs: Chairs) -> PracticeFiles:
    return chairs.practice.files


def test_a_file_goes_to_the_server_and_opens_at_another_chair(chairs: Chairs) -> None:
    name, content = letter(chairs)
    sending, channel = sender(chairs, "A")
    assert name in sending.waiting()
    assert sending.send(channel, name)
    assert name not in sending.waiting()
    channel.close()
    assert chairs.practice.workplace.files.read(name) == content
    assert chairs.rows("S", "SELECT count(*) FROM server_piece") == [(0,)]
    parts: list[float] = []
    files = chairs.places["B"].files
    fetcher(chairs, "B")
    files.fetch(name, parts.append)
    assert files.read(name) == content
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    assert len(parts) > 2, "told on the way"


def test_nothing_lies_in_clear_on_either_side(chairs: Chairs) -> None:
    name, content = letter(chairs)
    assert send(chairs, "A", name)
    fetcher(chairs, "B").bring(name, lambda part: None)
    for path in chairs.folder.rglob("*"):
        if path.is_file() and path.name != "letter.pdf":
            assert content[:64] not in path.read_bytes(), path.name


def test_an_upload_goes_on_where_it_was_cut(chairs: Chairs, monkeypatch: pytest.MonkeyPatch) -> None:
    name, content = letter(chairs)
    places: list[int] = []
    take = PracticeFiles.take

    def noting(files: PracticeFiles, name: str, offset: int, size: int, piece: bytes) -> Any:
        if len(places) == 2:
            places.append(-1)
            raise OSError("the server's disk is pulled")
        places.append(offset)
        return take(files, name, offset, size, piece)

    monkeypatch.setattr(PracticeFiles, "take", noting)
    sending, channel = sender(chairs, "A")
    with pytest.raises(Refusal):
        sending.send(channel, name)
    channel.close()
    chairs.restart()
    assert server_files(chairs).standings([name])[0].received == 2 * SMALL_PIECE
    assert chairs.practice.workplace.verify().sound
    assert send(chairs, "A", name)
    assert places == [0, SMALL_PIECE, -1, 2 * SMALL_PIECE, 3 * SMALL_PIECE]
    assert chairs.practice.workplace.files.read(name) == content


def test_a_piece_that_comes_twice_or_from_the_wrong_place_changes_nothing(chairs: Chairs) -> None:
    name, content = letter(chairs)
    files = server_files(chairs)
    size = len(content)
    first = files.take(name, 0, size, content[:SMALL_PIECE])
    assert files.take(name, 0, size, content[:SMALL_PIECE]) == first
    assert files.take(name, 30_000, size, content[30_000:]) == first
    assert (first.received, first.is_held) == (SMALL_PIECE, False)


def test_other_bytes_are_never_held(chairs: Chairs) -> None:
    name, content = letter(chairs)
    files = server_files(chairs)
    size = len(content)
    files.take(name, 0, size, content[:SMALL_PIECE])
    with pytest.raises(IntegrityFailure):
        files.take(name, SMALL_PIECE, size, bytes(size - SMALL_PIECE))
    known = files.standings([name])[0]
    assert (known.is_held, known.received) == (False, 0), "it begins anew"
    assert not chairs.practice.workplace.files.exists(name)


def test_only_what_a_row_names_is_taken(chairs: Chairs) -> None:
    content = b"nobody's"
    name = chairs.places["A"].files.put(content)
    with pytest.raises(Refusal, match="no_row"):
        send(chairs, "A", name)
    assert not chairs.practice.workplace.files.exists(name)


def test_a_wire_that_breaks_only_delays(chairs: Chairs) -> None:
    name, content = letter(chairs, 90_000)
    assert send(chairs, "A", name)
    bringing = fetcher(chairs, "B")
    bringing.patience = 10.0
    broken = threading.Event()

    def shake(part: float) -> None:
        if part > 0.6 and not broken.is_set():
            broken.set()
            chairs.proxies["B"].break_all()

    bringing.bring(name, shake)
    assert broken.is_set()
    assert chairs.places["B"].files.read(name) == content


def test_what_is_still_on_its_way_is_waited_for_and_told(chairs: Chairs) -> None:
    name, content = letter(chairs)
    files, size = server_files(chairs), len(content)
    files.take(name, 0, size, content[:SMALL_PIECE])
    parts: list[float] = []

    def rest(part: float) -> None:
        parts.append(part)
        if len(parts) == 1:
            for start in range(SMALL_PIECE, size, SMALL_PIECE):
                files.take(name, start, size, content[start : start + SMALL_PIECE])

    bringing = fetcher(chairs, "B")
    bringing.bring(name, rest)
    assert 0 < parts[0] < 0.5, "the part that has left the other workstation"
    assert chairs.places["B"].files.read(name) == content


def test_what_nobody_has_sent_is_not_found_and_a_silent_server_is_said(chairs: Chairs) -> None:
    name, _content = letter(chairs)
    bringing = fetcher(chairs, "B")
    with pytest.raises(NotFound):
        bringing.bring(name, lambda part: None)
    chairs.proxies["B"].fault = Fault.CUT
    with pytest.raises(Unreachable):
        bringing.bring(name, lambda part: None)


def test_verification_misses_only_what_must_be_here(chairs: Chairs) -> None:
    name, _content = letter(chairs)
    place = chairs.places["A"]
    sender(chairs, "A")[0].note([name])
    assert chairs.places["B"].verify().sound, "it may rightly be elsewhere"
    kept = place.files.path(name).read_bytes()
    place.files.path(name).unlink()
    assert [problem.kind for problem in place.verify().problems] == ["file"], "nobody else has it"
    place.files.path(name).write_bytes(kept)
    assert send(chairs, "A", name)
    place.files.remove(name)
    assert place.verify().sound
    chairs.practice.workplace.files.remove(name)
    assert [problem.kind for problem in chairs.practice.workplace.verify().problems] == ["file"]


# -- giving up --------------------------------------------------------------------------------------------------------


def room(chairs: Chairs, budget: int) -> int:
    sending, channel = sender(chairs, "A")
    with closing(channel):
        return make_room(chairs.places["A"].runner, sending, channel, budget)


def test_only_confirmed_files_are_given_up_and_no_more_than_needed(chairs: Chairs) -> None:
    files = chairs.places["A"].files
    unsent, _bytes = letter(chairs)
    old, _bytes = letter(chairs)
    fresh, _bytes = letter(chairs)
    for name, age in ((old, 3), (fresh, 1)):
        assert send(chairs, "A", name)
        moment = datetime.now().timestamp() - age * 86_400
        os.utime(files.path(name), (moment, moment))
    assert room(chairs, 0) == 0, "a server that is put back to an older day gets them from here"
    chairs.places["A"].clock.offset += timedelta(days=KEPT_DAYS + 1)
    all_of_it = bytes_here(chairs.places["A"].runner)
    assert room(chairs, all_of_it) == 0
    assert room(chairs, all_of_it - 1) > 0
    assert not files.exists(old), "the longest unused goes first"
    assert files.exists(fresh)
    room(chairs, 0)
    assert not files.exists(fresh)
    assert files.exists(unsent), "never what the server does not hold"
    fetcher(chairs, "A").bring(old, lambda part: None)
    assert files.exists(old)


def test_a_file_that_the_server_has_lost_meanwhile_is_kept(chairs: Chairs) -> None:
    name, _bytes = letter(chairs)
    assert send(chairs, "A", name)
    chairs.places["A"].clock.offset += timedelta(days=KEPT_DAYS + 1)
    chairs.practice.workplace.files.remove(name)
    assert room(chairs, 0) == 0
    assert chairs.places["A"].files.exists(name)
    chairs.proxies["A"].fault = Fault.CUT
    with pytest.raises(Unanswered):
        room(chairs, 0)
    assert chairs.places["A"].files.exists(name)


# -- images -----------------------------------------------------------------------------------------------------------


def xray(chairs: Chairs, name: str) -> tuple[PatientId, InstanceId]:
    """An image imported at a chair."""
    patient = chairs.run(name, create_patient, "Côté-Lévesque", "Noémie", date(2011, 2, 14), file_number="SIM-0001")
    report = import_paths(chairs.places[name].runner, chairs.boss, [XRAY], patient_id=patient)
    assert report.imported == 1, report
    return patient, InstanceId(chairs.rows(name, "SELECT id FROM instance")[0][0])


def begin(chairs: Chairs, name: str) -> FilesService:
    place: Workplace = chairs.places[name]
    return FilesService(place.runner, chairs.connection(name), chairs.keys[name]).start()


def test_an_xray_of_one_chair_opens_at_another_small_copy_first(chairs: Chairs) -> None:
    _patient, image = xray(chairs, "A")
    for name in ("A", "B"):
        assert chairs.sync(name).done
    sending, channel = sender(chairs, "A")
    waiting = sending.waiting()
    assert waiting
    sending.send_small(channel, waiting)
    fetcher(chairs, "B")
    runner = chairs.places["B"].runner
    assert thumbnail(runner, chairs.boss, image) == thumbnail(chairs.places["A"].runner, chairs.boss, image)
    with pytest.raises(NotFound):
        open_image(runner, chairs.boss, image)
    for name in waiting:
        assert sending.send(channel, name)
    channel.close()
    parts: list[float] = []
    opened = open_image(runner, chairs.boss, image, parts.append)
    assert opened.dicom == open_image(chairs.places["A"].runner, chairs.boss, image).dicom
    assert parts[-1] == 1.0


def test_the_service_sends_by_itself_and_fetches_tomorrow_s_images(
    chairs: Chairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, image = xray(chairs, "A")
    assert chairs.sync("A").done
    service = begin(chairs, "A")
    service._thread.join(0.1)
    end = datetime.now() + timedelta(seconds=20)
    while chairs.rows("A", "SELECT count(*) FROM sealed_copy WHERE confirmed_at IS NULL") != [(0,)] or not chairs.rows(
        "A", "SELECT 1 FROM sealed_copy"
    ):
        assert datetime.now() < end
    service.stop()
    assert chairs.sync("B").done
    fetcher(chairs, "B")
    runner = chairs.places["B"].runner
    monkeypatch.setattr(making_room, "next_day", lambda runner, today: (today + timedelta(days=1), [patient]))
    assert fetch_ahead(runner) == 1
    chairs.stop()
    try:
        assert open_image(runner, chairs.boss, image).dicom, "tomorrow, without the server"
        assert thumbnail(runner, chairs.boss, image)
    finally:
        chairs.start()
    sending, channel = sender(chairs, "B")
    chairs.proxies["B"].target = chairs.serving.port
    with closing(channel):
        assert make_room(runner, sending, channel, 0) == 0, "not before the patient was here"


def test_nobody_tomorrow_is_no_fault(chairs: Chairs) -> None:
    runner = chairs.places["A"].runner
    assert next_day(runner, date(2026, 11, 24)) == (date(2026, 11, 25), [])
    assert fetch_ahead(runner) == 0
