"""Starting the window: the application, the folder, and the concrete classes behind the names.

Nothing heavy is imported here: what a screen needs is imported when it is first opened.
"""

from __future__ import annotations

import importlib
import importlib.util
import locale
import os
import platform
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from app.core.fault_log import note_fault
from app.core.i18n import _, set_language
from app.journal.discovery import load_slices
from ui.shell.bench import Bench
from ui.shell.preferences import LOOKS, apply_looks
from ui.shell.screens import discover, discover_panels, packages, patient_tabs, start_subjects

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.journal.jobs import JobHost
    from app.journal.runner import Runner
    from app.journal.workplace import Workplace
    from ui.shell.ahead import ScreensAhead
    from ui.shell.window import Window

SIZE = (1440, 900)
JOBS_AFTER_SECONDS = 2.0
SERVER_AFTER_SECONDS = 0.5
READ_AHEAD_AFTER_SECONDS = 0.8
SWITCH_SECONDS = 0.001
"""A thread that computes in Python lets the screen's thread in after so long (Python's own 5 ms, at each of the many
calls into Qt of one painting, stand the screen still for a second)."""
CONNECTION_FILE = "connection.json"
"""`sync.client.connection` reads it; that it is there can be seen without importing what speaks to a server."""


def has_display() -> bool:
    """Whether a window can be seen: on Linux, a display server that the environment names."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def application() -> QApplication:
    """The one QApplication, styled with the looks that belong to nobody yet."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    QCoreApplication.setApplicationName("Archwire")
    QCoreApplication.setOrganizationName("Archwire")
    made = QApplication(sys.argv[:1])
    sys.setswitchinterval(SWITCH_SECONDS)
    apply_looks(made, {setting.name: setting.default for setting in LOOKS})
    return made


def system_language() -> str:
    """`en` on a computer that speaks English, else French."""
    named = os.environ.get("LC_ALL") or os.environ.get("LANG") or (locale.getlocale()[0] or "")
    return "en" if named.casefold().startswith("en") else "fr"


@contextmanager
def open_window(
    folder: Path, *, clock: Clock | None = None, language: str | None = None
) -> Iterator[tuple[Window, Workplace]]:
    """The window on a folder; closing the context ends its threads and gives the database back."""
    from app.access.authority import StaffAuthority
    from app.journal.workplace import open_workplace

    set_language(language or system_language())
    load_slices()
    application()
    with open_workplace(folder, clock=clock, authority=StaffAuthority()) as workplace:
        window = make_window(workplace)
        try:
            yield window, workplace
        finally:
            window.group.close_all()
            window.deleteLater()
            QCoreApplication.sendPostedEvents()
            end_workers()


def load_jobs() -> None:
    """Declare the jobs that paint and those that transfer: `jobs` of a package, as in the slices of `app`."""
    importlib.import_module("sync.objects.jobs")
    for package in packages():
        if importlib.util.find_spec(f"{package}.jobs") is not None:
            importlib.import_module(f"{package}.jobs")


@contextmanager
def jobs_at_work(runner: Runner) -> Iterator[JobHost]:
    """Run the jobs of the folder while the window is open, in the process that holds the lease.

    They start in a thread of their own and after the first paint: nobody waits for the scheduler to be imported.
    """
    from app.journal.jobs import JobHost

    load_jobs()
    host = JobHost(runner, own_only=has_server(runner.place.folder))
    stopped = threading.Event()

    def start() -> None:
        if not stopped.wait(JOBS_AFTER_SECONDS):
            try:
                host.start()
            except Exception as error:  # a clinic works on without its automatic work; the log says why
                note_fault(runner.place.folder, error, "jobs")

    thread = threading.Thread(target=start, name="jobs", daemon=True)
    thread.start()
    try:
        yield host
    finally:
        stopped.set()
        thread.join()
        host.stop()


@contextmanager
def screens_read_ahead() -> Iterator[threading.Thread]:
    """Import the modules of every screen in a thread, after the first paint: who opens one waits for its widgets."""
    stopped = threading.Event()

    def read() -> None:
        if stopped.wait(READ_AHEAD_AFTER_SECONDS):
            return
        loads = [spec.load for specs in (discover(), discover_panels(), patient_tabs()) for spec in specs]
        for load in loads:
            if not stopped.is_set():
                load()

    thread = threading.Thread(target=read, name="screens", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        stopped.set()
        thread.join()


@contextmanager
def screens_made_ahead(window: Window, read: threading.Thread) -> Iterator[ScreensAhead]:
    """Make the screens that are not open yet while nobody touches the workstation, once their modules are read."""
    from ui.shell.ahead import ScreensAhead

    ahead = ScreensAhead(window.group, lambda: not read.is_alive())
    try:
        yield ahead
    finally:
        ahead.stop()


def has_server(folder: Path) -> bool:
    """Whether this folder belongs to a practice with a server, which then does the practice's automatic work."""
    return (folder / CONNECTION_FILE).exists()


@contextmanager
def server_at_work(window: Window, workplace: Workplace) -> Iterator[None]:
    """Keep in step with the server while the window is open, and run it here if it is this computer's.

    Everything is done in threads, after the first paint: nobody waits for the network, nor for what speaks to it.
    """
    stopped = threading.Event()
    held = ExitStack()

    def start() -> None:
        if stopped.wait(SERVER_AFTER_SECONDS):
            return
        try:
            held.enter_context(_in_step(window, workplace))
        except Exception as error:  # a clinic works on without its server; the log says why
            note_fault(workplace.folder, error, "sync")

    thread = threading.Thread(target=start, name="sync-start", daemon=True)
    if has_server(workplace.folder):
        thread.start()
    else:
        window.bench.server.set_up = lambda: _found_server(workplace)
    try:
        yield
    finally:
        stopped.set()
        if thread.ident is not None:
            thread.join()
        held.close()


def _found_server(workplace: Workplace) -> None:
    """From the next start on, this computer runs the practice's server."""
    from sync.server.founding import found_server

    found_server(workplace, platform.node().split(".")[0] or "1")


@contextmanager
def _in_step(window: Window, workplace: Workplace) -> Iterator[None]:
    from sync.client.connection import device_key, read_connection
    from sync.client.files_service import FilesService
    from sync.client.hosting import hosted
    from sync.client.service import SyncService

    connection = read_connection(workplace.folder)
    assert connection is not None
    with hosted(workplace.folder, connection):
        key = device_key(workplace.folder)
        service, files = SyncService(workplace.runner, connection, key), FilesService(workplace.runner, connection, key)
        unfollow = window.bench.server.follow(service.board, service.retry_now)
        service.start()
        files.start()
        window.session.gatekeeper.elsewhere = files.passwords
        try:
            yield
        finally:
            unfollow()
            window.session.gatekeeper.elsewhere = None
            files.stop()
            service.stop()


def show_window(window: Window) -> None:
    """Show the window; on a screen that its first size would not leave free, it takes the whole screen."""
    free = window.screen().availableGeometry()
    if free.width() > SIZE[0] and free.height() > SIZE[1]:
        window.show()
    else:
        window.showMaximized()


def end_workers() -> None:
    """End the processes that read images, when some were started."""
    workers = sys.modules.get("app.imaging.workers")
    if workers is not None:
        workers.close()


def make_window(workplace: Workplace) -> Window:
    """The window on an open folder."""
    from ui.shell.session import Session
    from ui.shell.window import Window

    bench = Bench(workplace.runner)
    session = Session(bench, workplace)
    start_subjects(bench)
    if workplace.kind == "demo":
        from app.cli.demo_people import PASSWORD, PIN

        session.demo_secrets = (PASSWORD, PIN)
    session.gatekeeper.lock_all()
    notices = [_(message, **values) for message, values in workplace.notices]
    window = Window(bench, session, discover(), notices)
    bench.setParent(window)  # ends with it: a QObject that the garbage collector ends in a reader thread is a crash
    window.resize(*SIZE)
    return window
