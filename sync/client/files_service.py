"""The thread for what is in no operation: files and hashes of passwords. Nothing ever waits for it.

In turn: what was taken in here goes out; in the evening tomorrow's images come; what is too much is given up.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.fault_log import note_fault
from app.devices.settings import FETCH_TOMORROW, IMAGE_BUDGET_GB
from app.journal.changes import ChangeSet
from app.journal.copies import file_columns
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from sync.client.channel import Unanswered
from sync.client.connection import Connection
from sync.client.fetching_files import Fetcher
from sync.client.making_room import fetch_ahead, is_evening, make_room
from sync.client.passwords import ServerPasswords
from sync.client.sending_files import Refusal, Sender

AGAIN_SECONDS: Final = 5.0
LONGEST_WAIT: Final = 60.0
ROOM_SECONDS: Final = 600.0
STOP_SECONDS: Final = 10.0
GIB: Final = 1 << 30


class FilesService:
    """Start it once the folder is open; from then on its sealed files are fetched when they are elsewhere."""

    def __init__(self, runner: Runner, connection: Connection, key: Ed25519PrivateKey) -> None:
        self._runner = runner
        self.fetcher = Fetcher(runner, connection, key)
        self._sender = Sender(runner, connection.practice)
        self._channel = self.fetcher.channel()
        self._happened: queue.SimpleQueue[ChangeSet | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="archwire-files", daemon=True)
        self._unsubscribe: Callable[[], None] = lambda: None
        self.passwords = ServerPasswords(runner, connection, key)
        self._handed_on = False
        self._fetched_on: date | None = None
        self._room_at = 0.0

    def start(self) -> FilesService:
        """Begin; returns at once."""
        self._runner.files.elsewhere = self.fetcher
        self._unsubscribe = self._runner.subscribe(self._committed)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the thread; an upload goes on from where it was, next time."""
        self._unsubscribe()
        self._runner.files.elsewhere = None
        self._stopping.set()
        self._happened.put(None)
        deadline = time.monotonic() + STOP_SECONDS
        while self._thread.is_alive() and time.monotonic() < deadline:
            self._channel.interrupt()
            self._thread.join(0.05)
        self._channel.close()

    def send_all(self) -> int:
        """Send what waits, once, in the caller's thread (the command line); returns how many files still wait."""
        waiting = self._sender.waiting()
        self._sender.note(waiting)
        try:
            self.passwords.hand_on(self._channel)
            return len(self._sent(waiting))
        except Unanswered:
            return len(waiting)
        finally:
            self._channel.close()

    # -- inside -----------------------------------------------------------------------------------------------------
    def _committed(self, changes: ChangeSet) -> None:
        if changes.touches({"staff", "credential"}):
            self._handed_on = False
            self._happened.put(None)
        if changes.touches({table for table, _column in file_columns()} | {"rendition", "sealed_copy"}):
            self._happened.put(changes)

    def _run(self) -> None:
        waiting, wait, begun = list[str](), AGAIN_SECONDS, False
        while not self._stopping.is_set():
            try:
                if not begun:
                    waiting = self._sender.waiting()
                    self._sender.note(waiting)
                    begun = True
                waiting = self._sent(waiting)
                self._look_after()
                wait = AGAIN_SECONDS
            except (Unanswered, Refusal):
                self._channel = self.fetcher.channel()  # where the server is now
                wait = min(2 * wait, LONGEST_WAIT)
            except Exception as error:
                if self._stopping.is_set():
                    return
                note_fault(self._runner.place.folder, error, "files")
                wait = LONGEST_WAIT
            waiting = self._more(waiting, wait if waiting or not self._handed_on else LONGEST_WAIT)

    def _more(self, waiting: list[str], seconds: float) -> list[str]:
        """Wait for something to happen, then take in what waits newly."""
        try:
            happened = [self._happened.get(timeout=seconds)]
        except queue.Empty:
            return waiting
        while not self._happened.empty():
            happened.append(self._happened.get())
        fresh = [name for changes in happened if changes is not None for name in self._sender.among(changes)]
        fresh += self._sender.unconfirmed(frozenset().union(*(it.ids("sealed_copy") for it in happened if it)))
        fresh = [name for name in dict.fromkeys(fresh) if name not in waiting]
        self._sender.note(fresh)
        return [*waiting, *fresh]

    def _sent(self, waiting: list[str]) -> list[str]:
        """Send; returns what still waits, because its row has not arrived there yet."""
        if waiting:
            self._sender.send_small(self._channel, waiting)
        left = []
        for name in waiting:
            if self._stopping.is_set():
                return waiting
            try:
                self._sender.send(self._channel, name, self._stopping.is_set)
            except Refusal:
                left.append(name)
        return left

    def _look_after(self) -> None:
        """Passwords that were set here; tomorrow's images, once an evening; then room for what comes."""
        if not self._handed_on:
            self._handed_on = self.passwords.hand_on(self._channel)
        now = self._runner.clock.now()
        today = self._runner.clock.today()
        if self._fetched_on != today and is_evening(now, self._runner):
            if self._runner.setting(SYSTEM, FETCH_TOMORROW):
                fetch_ahead(self._runner, self._stopping.is_set)
            self._fetched_on = today
        if time.monotonic() >= self._room_at:
            self._room_at = time.monotonic() + ROOM_SECONDS
            budget = self._runner.setting(SYSTEM, IMAGE_BUDGET_GB) * GIB
            make_room(self._runner, self._sender, self._channel, budget)
