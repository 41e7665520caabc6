"""Two windows on two folders, a real server between them: what one desk does, the other shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.access.authority import StaffAuthority
from app.core.clock import Clock
from app.devices.commands import invite_device
from app.imaging import workers
from app.imaging.importing import import_paths
from app.journal.queries import SYSTEM
from app.journal.workplace import Workplace, open_workplace
from app.scheduling.queries import Stage
from sync.client.connection import Connection, device_key, read_connection
from sync.client.files_service import FilesService
from sync.client.joining import join_practice
from sync.client.service import SyncService
from sync.server.certificates import fingerprint
from sync.server.enrolment import note_whereabouts
from sync.server.founding import found_server
from sync.server.http.routes import enrolment
from sync.server.practices import Practice, PracticeStores
from sync.server.serving import Serving
from sync.server.settings import ServerSettings
from tests.conftest import NOW
from tests.ui.scheduling.conftest import Desk, fill, staff_folder
from ui.imaging.reading_view import ReadingView
from ui.scheduling.today_steps import ARRIVED
from ui.scheduling.today_view import TodayView
from ui.shell.bootstrap import make_window
from ui.shell.offscreen import enter, settle
from ui.shell.window import Window
from ui.theme.style import theme
from viewer.widgets import TileState

XRAY = Path(__file__).parents[2] / "data" / "dicom" / "derived" / "px_mono1_no_spacing_jpegll.dcm"


@dataclass
class Seat:
    """A window with what keeps it in step."""

    place: Workplace
    window: Window
    service: SyncService
    files: FilesService
    unfollow: Callable[[], None]

    def close(self) -> None:
        self.unfollow()
        self.window.session.gatekeeper.elsewhere = None
        self.files.stop()
        self.service.stop()
        self.window.group.close_all()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self.place.close()


@dataclass
class Clinic:
    """The front desk, the doctor's desk, and the day that both work on."""

    front: Seat
    doctor: Seat
    desk: Desk

    def until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        while not done():
            assert time.monotonic() < end, "it does not happen"
            settle(self.front.window)
            settle(self.doctor.window)
            time.sleep(0.01)


def sit(folder: Path, port: int) -> Seat:
    """Open a window, signed in, in step with the server on this port."""
    place = open_workplace(folder, clock=Clock.fixed(NOW), authority=StaffAuthority())
    known, key = read_connection(folder), device_key(folder)
    assert known is not None
    connection = Connection(f"https://127.0.0.1:{port}", known.practice, known.device, known.authority)
    window = make_window(place)
    window.show()
    service, files = SyncService(place.runner, connection, key), FilesService(place.runner, connection, key)
    unfollow = window.bench.server.follow(service.board, service.retry_now)
    service.start()
    files.start()
    window.session.gatekeeper.elsewhere = files.passwords
    enter(window, "claire")  # at the second desk by the password that the first has handed on
    return Seat(place, window, service, files, unfollow)


def join(folder: Path, practice: Practice, serving: Serving) -> None:
    """The second computer joins by a code."""
    practice.workplace.clock.source = lambda: NOW
    note_whereabouts(practice.workplace.runner, f"127.0.0.1:{serving.port}", fingerprint(serving.authority))
    enrolment._tries._buckets.clear()
    code = practice.workplace.runner.run(SYSTEM, invite_device, "Dre Gagnon")
    join_practice(folder, code, "", lambda message, **values: None)


@pytest.fixture
def clinic(qapp: QApplication, tmp_path: Path) -> Iterator[Clinic]:
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True)
    staff_folder(tmp_path / "A")
    with open_workplace(tmp_path / "A", clock=Clock.fixed(NOW), authority=StaffAuthority()) as first:
        desk = fill(first.runner, first.runner.actor("claire"))
        found_server(first, "Réception", tmp_path / "server")
    practices = PracticeStores(tmp_path / "server").open_all()
    (practice,) = practices
    practice.workplace.clock.source = lambda: NOW
    serving = Serving(tmp_path / "server", practices, ServerSettings(host="127.0.0.1", port=0, announced=False))
    serving.start()
    front = sit(tmp_path / "A", serving.port)
    assert front.service.board.wait(lambda status: status.is_done, 60)
    end = time.monotonic() + 60
    while not practice.passwords.known():
        assert time.monotonic() < end, "no password is handed on"
        time.sleep(0.02)
    join(tmp_path / "B", practice, serving)
    doctor = sit(tmp_path / "B", serving.port)
    yield Clinic(front, doctor, desk)
    for seat in (front, doctor):
        seat.close()
    serving.stop()
    practices.close()
    workers.close()


def stage_shown(view: TodayView, visit: str) -> Stage | None:
    """What the list on the screen says of a visit."""
    rows = [view._model.item(place) for place in range(view._model.rowCount())]
    return next((row.stage for row in rows if row is not None and row.visit.id == visit), None)


def test_an_arrival_at_the_front_desk_shows_at_the_doctors(clinic: Clinic) -> None:
    views = []
    for seat in (clinic.front, clinic.doctor):
        seat.window.open("today")
        settle(seat.window)
        shown = seat.window.stack.currentWidget()
        assert isinstance(shown, TodayView)
        views.append(shown)
    visit = clinic.desk.visits[0]
    clinic.until(lambda: all(stage_shown(it, visit) is not None for it in views))
    before = stage_shown(views[1], visit)
    clinic.front.window.bench.run(ARRIVED.command, visit)
    clinic.until(lambda: stage_shown(views[1], visit) is Stage.WAITING)
    assert before is not Stage.WAITING
    clinic.until(lambda: clinic.front.service.board.status.is_done)


def test_an_xray_taken_in_at_a_chair_opens_at_the_doctors_desk(clinic: Clinic) -> None:
    patient = clinic.desk.patients[0]
    front, doctor = clinic.front, clinic.doctor
    report = import_paths(front.place.runner, front.window.bench.actor, [XRAY], None, patient)
    assert report.imported == 1, report
    clinic.until(lambda: bool(images(doctor.place)))
    (sha256,) = images(front.place)
    assert not doctor.place.files.exists(sha256), "its row is here, its bytes are not"
    doctor.window.resize(1440, 900)
    doctor.window.open("reading", patient_id=patient)
    settle(doctor.window)
    view = doctor.window.screens["reading"]
    assert isinstance(view, ReadingView)
    clinic.until(lambda: view.workspace is not None and view.workspace.active is not None)
    clinic.until(lambda: view.workspace.active.state is TileState.SHOWN)
    clinic.until(lambda: view.workspace.active.picture is not None and not view.workspace.active.picture.is_preview)
    assert doctor.place.files.exists(sha256), "fetched when somebody looked"


def images(place: Workplace) -> set[str]:
    with place.runner.read(SYSTEM) as read:
        return {row[0] for row in read.sql("SELECT coalesce(dicom_sha256, sha256) FROM instance")}
